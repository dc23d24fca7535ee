//! Areas between samples: straight lines and exponentials.

use multiversion::multiversion;

use super::AreaRule;
use super::points::Row;
use crate::numeric::{exprel2, ln_1p};

/// A sample: time (h) and concentration (µg/L).
pub(super) type Sample = (f64, f64);

/// The areas under `C` and `t C` between two samples on a straight line; that under `t C` is the trapezoid of the
/// products, as all programs of the field have it, and not the moment of the line.
#[inline(always)]
fn straight((t1, c1): Sample, (t2, c2): Sample) -> [f64; 2] {
    let half = 0.5 * (t2 - t1);
    [half * (c1 + c2), half * (t1 * c1 + t2 * c2)]
}

/// The areas under `C` and `t C` between two positive samples on an exponential.
///
/// With `u = ln(c1/c2)` and `h = t2 - t1` they are `h c2 (e^u - 1)/u` and `t1` times that plus `h² c2 (e^u - 1 - u)/u²`
/// (Gibaldi and Perrier 1982, *Pharmacokinetics*, appendix D, solved for `k = u/h`). `e^u - 1` is `(c1 - c2)/c2`, which
/// spares the exponential. Where `u` is small, `(c1 - c2)/u` and the differences behind it would lose their digits, so a series
/// takes over. `ln_1p` gives all of `u` where `c1` and `c2` are nearly equal.
#[inline(always)]
fn exponential((t1, c1): Sample, (t2, c2): Sample) -> [f64; 2] {
    const NEAR: f64 = 1.38; // below 2 ln 2
    let (h, fall) = (t2 - t1, c1 - c2);
    // By the lower of the two: a quotient that is almost -1 would have lost them.
    let low = if fall < 0.0 { c1 } else { c2 };
    let u = ln_1p(fall.abs() / low).copysign(fall);
    let near = u.abs() <= NEAR;
    let second = exprel2(u);
    let over = 1.0 / u;
    let far = fall * over;
    let area = if near { c2 + u * (c2 * second) } else { far };
    let moment = if near { c2 * second } else { (far - c2) * over };
    [h * area, t1 * (h * area) + h * (h * moment)]
}

/// The areas under `C` and `t C` of one piece, of which it is known what it looks like.
pub(super) fn piece(log: bool, from: Sample, to: Sample) -> [f64; 2] {
    if log { exponential(from, to) } else { straight(from, to) }
}

/// The areas under `C` and `t C` from the first sample to the last.
pub(super) fn areas(rule: AreaRule, times: &[f64], conc: &[f64]) -> [f64; 2] {
    let pieces = times.len().saturating_sub(1);
    let (mut zeroth, mut first) = (Row::from_elem(0.0, pieces), Row::from_elem(0.0, pieces));
    fill(rule, [times, conc], [&mut zeroth, &mut first]);
    [zeroth.iter().sum(), first.iter().sum()]
}

/// The areas of all pieces.
#[multiversion(targets("x86_64+avx2"))]
fn fill(rule: AreaRule, [times, conc]: [&[f64]; 2], [zeroth, first]: [&mut [f64]; 2]) {
    let pieces = zeroth.len();
    let (first, times, conc) = (&mut first[..pieces], &times[..=pieces], &conc[..=pieces]);
    if rule == AreaRule::Linear {
        for i in 0..pieces {
            [zeroth[i], first[i]] = straight((times[i], conc[i]), (times[i + 1], conc[i + 1]));
        }
        return;
    }
    let up = rule == AreaRule::Log;
    for i in 0..pieces {
        let (from, to) = ((times[i], conc[i]), (times[i + 1], conc[i + 1]));
        let log = (to.1 > 0.0) & ((to.1 < from.1) | (up & (from.1 > 0.0) & (to.1 > from.1)));
        let (straight, exponential) = (straight(from, to), exponential(from, to));
        zeroth[i] = if log { exponential[0] } else { straight[0] };
        first[i] = if log { exponential[1] } else { straight[1] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked with 60 digits (mpmath): t1, c1, t2, c2, area, moment.
    const EXACT: &str = include_str!("../../tests/reference/nca/log_segments.csv");

    #[test]
    fn exponentials_keep_their_digits() {
        let rows = EXACT.lines().filter(|line| !line.starts_with(['#', 't']));
        let mut worst = [0.0_f64; 2];
        for row in rows {
            let n: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
            let found = exponential((n[0], n[1]), (n[2], n[3]));
            for i in 0..2 {
                worst[i] = worst[i].max((found[i] / n[4 + i] - 1.0).abs());
            }
        }
        println!("worst deviation of the areas {:.1e} and of the moments {:.1e}", worst[0], worst[1]);
        assert!(worst[0] <= 5e-16 && worst[1] <= 5e-16, "{worst:?}");
    }

    #[test]
    fn rows_are_the_sum_of_their_pieces() {
        let times: Vec<f64> = (0..13).map(|i| 0.5 * f64::from(i * i)).collect();
        let conc = [0.0, 1.0, 4.0, 4.0, 3.0, 0.0, 2.0, 1.999_999_999, 1.0, 1.5, 1e-9, 0.0, 0.0];
        for rule in [AreaRule::Linear, AreaRule::LinearUpLogDown, AreaRule::Log] {
            let mut sum = [0.0; 2];
            for i in 0..12 {
                let (from, to) = ((times[i], conc[i]), (times[i + 1], conc[i + 1]));
                let piece = piece(rule.is_log(from.1, to.1), from, to);
                sum = [sum[0] + piece[0], sum[1] + piece[1]];
            }
            assert_eq!(areas(rule, &times, &conc), sum, "{rule:?}");
        }
    }
}
