//! Where an axis has its ticks and what stands beside them.

use super::scale::Scale;

const HOURS_A_DAY: f64 = 24.0;

/// A mark on an axis; without a label it is a minor one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// Ticks at round numbers (1, 2 or 5 times a power of ten), at most about `most` of them.
pub(super) fn plain(scale: Scale, most: f64) -> Vec<Tick> {
    let step = round_step(scale.high - scale.low, most);
    every(scale, step, 1.0)
}

/// Ticks at round numbers of what is counted, which has no halves.
pub(super) fn counts(scale: Scale, most: f64) -> Vec<Tick> {
    every(scale, round_step(scale.high - scale.low, most).max(1.0), 1.0)
}

/// Ticks for a time axis in hours, at hours a clock knows.
pub(super) fn hours(scale: Scale, most: f64) -> Vec<Tick> {
    const STEPS: [f64; 10] = [0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0];
    match best_step(scale, &STEPS, most.min(7.0)) {
        Some(step) => every(scale, step, 1.0),
        None => plain(scale, most),
    }
}

/// Ticks for a time axis in days, its values still in hours.
pub(super) fn days(scale: Scale, most: f64) -> Vec<Tick> {
    const STEPS: [f64; 11] = [0.5, 1.0, 2.0, 5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 50.0, 100.0];
    let in_days = Scale::linear(scale.low / HOURS_A_DAY, scale.high / HOURS_A_DAY);
    let step = best_step(in_days, &STEPS, most.min(10.0));
    let step = step.unwrap_or_else(|| round_step(in_days.high - in_days.low, most));
    every(in_days, step, HOURS_A_DAY)
}

/// Ticks for a logarithmic axis: decades, thinned when there are many; 1, 2, 5 when there are few.
pub(super) fn decades(scale: Scale, most: f64) -> Vec<Tick> {
    let (first, last) = (scale.low.log10().floor() as i32, scale.high.log10().ceil() as i32);
    let stride = (f64::from(last - first) / most).ceil().max(1.0) as i32;
    let within = (first..=last).filter(|&exponent| scale.contains(power(exponent))).count();
    let labelled: &[i32] = if within < 3 { &[1, 2, 5] } else { &[1] };
    let minor = last - first <= 6;
    let plain = first >= -4 && last <= 6;
    let mut ticks = Vec::new();
    for exponent in (first..=last).filter(|exponent| exponent.rem_euclid(stride) == 0) {
        for digit in if minor { 1..=9 } else { 1..=1 } {
            let label = if labelled.contains(&digit) { power_label((digit, exponent), plain) } else { String::new() };
            ticks.push(Tick { value: f64::from(digit) * power(exponent), label });
        }
    }
    ticks.retain(|tick| scale.contains(tick.value));
    ticks
}

/// The greatest of 1, 2, 5 times a power of ten that is not above `value`.
pub(super) fn round_down(value: f64) -> f64 {
    let decade = power(value.log10().floor() as i32);
    let digit = [5.0, 2.0, 1.0].into_iter().find(|digit| digit * decade <= value * (1.0 + 1e-12));
    digit.unwrap_or(0.5) * decade
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `value`.
pub(super) fn round_up(value: f64) -> f64 {
    let decade = power(value.log10().floor() as i32);
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * decade >= value * (1.0 - 1e-12));
    digit.unwrap_or(10.0) * decade
}

/// The smallest round step that cuts `span` into at most `most` pieces.
pub(super) fn round_step(span: f64, most: f64) -> f64 {
    round_up(span / most.max(1.0))
}

/// The step that cuts the scale into whole pieces, as many as `most` allows; else the smallest that `most` allows.
fn best_step(scale: Scale, steps: &[f64], most: f64) -> Option<f64> {
    let allowed = || steps.iter().copied().filter(|step| (scale.high - scale.low) / step <= most);
    let exact = allowed().find(|step| is_whole(scale.high / step, 1e-9) && scale.high - scale.low >= 3.0 * step);
    let fair = allowed().find(|step| scale.high - scale.low >= 2.0 * step);
    exact.or(fair)
}

fn is_whole(value: f64, slack: f64) -> bool {
    value >= slack && (value - value.round()).abs() < slack
}

/// Ticks at every multiple of `step`; values are the multiples times `unit`.
fn every(scale: Scale, step: f64, unit: f64) -> Vec<Tick> {
    const MOST: usize = 100;
    let first = (scale.low / step - 1e-9).ceil();
    let count = ((scale.high / step + 1e-9).floor() - first) as usize;
    let multiples = (0..=count.min(MOST)).map(|i| (first + i as f64) * step);
    let largest = scale.low.abs().max(scale.high.abs());
    // Adding zero turns -0 into 0.
    multiples.map(|value| Tick { value: value * unit + 0.0, label: number(value + 0.0, step, largest) }).collect()
}

/// A number with as many decimals as `step` needs; with a power of ten when the largest on the axis is unwieldy.
fn number(value: f64, step: f64, largest: f64) -> String {
    if (1e-4..1e6).contains(&largest) {
        return decimal(value, step);
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let exponent = largest.log10().floor() as i32;
    let decade = power(exponent);
    format!("{}×10{}", decimal(value / decade, step / decade), superscript(exponent))
}

/// A number with as many decimals as `step` needs, a proper minus, and commas from 10,000 on.
fn decimal(value: f64, step: f64) -> String {
    let whole = |places: &i32| is_whole(step * power(*places), 1e-6);
    let places = (0..12).find(whole).unwrap_or(12) as usize;
    let digits = format!("{:.places$}", value.abs());
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{}", with_commas(&digits))
}

fn with_commas(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    if whole < 5 {
        return digits.to_owned();
    }
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i < whole && (whole - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A digit times a power of ten, written out where all of the axis can be.
fn power_label((digit, exponent): (i32, i32), plain: bool) -> String {
    if plain {
        return decimal(f64::from(digit) * power(exponent), power(exponent));
    }
    let factor = if digit == 1 { String::new() } else { format!("{digit}×") };
    format!("{factor}10{}", superscript(exponent))
}

fn superscript(number: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |d| DIGITS[d as usize]);
    number.to_string().chars().map(digit).collect()
}

fn power(exponent: i32) -> f64 {
    // Parsing rounds correctly, where repeated multiplication does not: 10^-3 must be the same as 0.001.
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn plain_ticks_are_round() {
        assert_eq!(labels(&plain(Scale::linear(0.0, 10.4), 6.0)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(&plain(Scale::linear(-0.2, 0.25), 5.0)), ["−0.2", "−0.1", "0.0", "0.1", "0.2"]);
        assert_eq!(labels(&plain(Scale::linear(0.0, 40_000.0), 4.0)), ["0", "10,000", "20,000", "30,000", "40,000"]);
        assert_eq!(
            labels(&plain(Scale::linear(0.0, 2e300), 4.0)),
            ["0", "0.5×10³⁰⁰", "1.0×10³⁰⁰", "1.5×10³⁰⁰", "2.0×10³⁰⁰"]
        );
        assert_eq!(labels(&plain(Scale::linear(0.0, 2e-300), 2.0)), ["0", "1×10⁻³⁰⁰", "2×10⁻³⁰⁰"]);
    }

    #[test]
    fn counts_have_no_halves() {
        assert_eq!(labels(&counts(Scale::linear(0.0, 2.2), 6.0)), ["0", "1", "2"]);
        assert_eq!(labels(&counts(Scale::linear(0.0, 10.0), 20.0)).len(), 11);
        assert_eq!(labels(&counts(Scale::linear(0.0, 10.4), 6.0)), ["0", "2", "4", "6", "8", "10"]);
    }

    #[test]
    fn time_ticks_are_those_of_clocks_and_calendars() {
        let of_days = |n: f64| labels(&days(Scale::linear(0.0, n * 24.0), 12.0)).join(" ");
        assert_eq!(of_days(30.0), "0 5 10 15 20 25 30");
        assert_eq!(of_days(28.0), "0 7 14 21 28");
        assert_eq!(of_days(10.0), "0 1 2 3 4 5 6 7 8 9 10");
        assert_eq!(of_days(84.0), "0 14 28 42 56 70 84");
        assert_eq!(of_days(365.0), "0 50 100 150 200 250 300 350");
        let of_hours = |n: f64| labels(&hours(Scale::linear(0.0, n), 12.0)).join(" ");
        assert_eq!(of_hours(24.0), "0 6 12 18 24");
        assert_eq!(of_hours(72.0), "0 12 24 36 48 60 72");
        assert_eq!(of_hours(1.0), "0.00 0.25 0.50 0.75 1.00");
    }

    #[test]
    fn logarithmic_ticks_are_decades_or_their_parts() {
        assert_eq!(labels(&decades(Scale::log(0.01, 100.0), 7.0)), ["0.01", "0.1", "1", "10", "100"]);
        assert_eq!(labels(&decades(Scale::log(0.5, 20.0), 7.0)), ["0.5", "1", "2", "5", "10", "20"]);
        assert_eq!(labels(&decades(Scale::log(1e-300, 1e300), 4.0)), ["10⁻³⁰⁰", "10⁻¹⁵⁰", "10⁰", "10¹⁵⁰", "10³⁰⁰"]);
    }

    #[test]
    fn rounding_keeps_what_is_round() {
        for value in [1e-3, 0.02, 5.0, 1.0, 2e5] {
            assert_eq!((round_down(value), round_up(value)), (value, value));
        }
        assert_eq!((round_down(0.3), round_up(0.3)), (0.2, 0.5));
        assert_eq!((round_down(9.9), round_up(9.9)), (5.0, 10.0));
    }
}
