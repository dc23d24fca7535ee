//! Charts of a fit: the profile of a quantity, a curve beside its samples, and what is left over.

use super::colour::Colour;
use super::description::{Chart, Time};
use crate::error::Result;
use crate::fit::{Fit, Interval, Report};
use crate::profile::grid;

/// How far above what is allowed the picture of a profile reaches.
const ABOVE: f64 = 1.5;
/// How many times the estimate the axis reaches where an end is open.
const OPEN: f64 = 12.0;
/// An axis whose ends lie further apart than this many times is logarithmic.
const WIDE: f64 = 4.0;
/// How many points make a smooth curve.
const SMOOTH: u32 = 400;

impl Chart {
    /// The profile of a quantity: how much worse the objective is at best where the quantity has another value, with the allowed height as a
    /// line, the estimate and both ends marked, and Wald's parabola dashed beside it where the fit has one. An end that is open has no mark,
    /// and the caption says why; a caption of your own is to be given before, and stands first.
    ///
    /// Between the points that were found the square root of the height is interpolated, which is nearly straight.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, HalfLife, Model, chart::Chart, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0, 12.0], &[9.1, 8.0, 6.8, 4.4, 3.2])?;
    /// let theory = Theory::new(Bolus, HalfLife { t_half: free(5.0), v: free(10.0) })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0).into(), samples))?;
    /// let interval = fit.profile_of(Model::half_life)?;
    /// let chart = Chart::xy("Half-life").x_label("Half-life (h)").profile_likelihood(&interval);
    /// assert!(chart.to_svg()?.contains("95 %"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn profile_likelihood(mut self, interval: &Interval) -> Self {
        let view = View::of(interval);
        self.time = Time::No;
        self.y.label = Some("How much worse the best fit is".to_owned());
        self.log_x = view.log;
        self.x.range = self.x.range.or(Some(view.ends));
        self.y.range = self.y.range.or(Some((0.0, ABOVE * interval.allowed)));
        let both = [self.caption.clone(), caption(interval)].join(" ");
        both.trim().clone_into(&mut self.caption);
        let mut chart = self;
        if let Some(parabola) = view.parabola(interval) {
            chart = chart.dashed("Wald", parabola).colour(Colour::Grey);
        }
        chart = chart.curve("profile", view.profile(interval)).colour(Colour::Blue);
        let percent = 100.0 * interval.level;
        chart = chart.level(format!("{percent:.0} %: {:.2}", interval.allowed), interval.allowed);
        chart = chart.colour(Colour::Vermilion);
        let ends = interval.low.into_iter().chain(interval.high);
        ends.chain([interval.estimate]).fold(chart, |chart, value| chart.moment(short(value), value))
    }

    /// One of the curves of a fit (0 is the first): its samples as points and the fitted levels as a line. A sample below or above a limit, or
    /// between two, is an upright line over all that it may be, with a grey point at each limit.
    ///
    /// # Errors
    /// A curve that the fit does not have.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, chart::Chart, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 4.0, 8.0, 24.0], &[9.1, 6.8, 4.4, 0.4])?.below(1.0)?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0).into(), samples))?;
    /// let chart = Chart::new("A bolus").fitted(&fit, 0)?;
    /// assert!(chart.to_svg()?.contains("outside a limit"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn fitted(self, fit: &Fit, curve: usize) -> Result<Self> {
        let samples = fit.sampled(curve)?.samples();
        let (first, last) = (samples.times()[0].min(0.0), samples.times()[samples.len() - 1]);
        let mut times = grid(first..=last, ((last - first) / f64::from(SMOOTH)).max(1e-6));
        times.extend(samples.times());
        times.sort_by(f64::total_cmp);
        times.dedup();
        let levels = fit.levels(curve, &times)?;
        let highest = samples.levels().map(|(_, level)| level).chain(levels.iter().copied()).fold(0.0, f64::max);
        let line: Vec<(f64, f64)> = times.into_iter().zip(levels).collect();
        let measured: Vec<(f64, f64)> = samples.levels().collect();
        let mut chart = self.curve("", line).colour(Colour::Blue);
        let reports = samples.times().iter().zip(samples.reports());
        let limited: Vec<(f64, f64, f64)> =
            reports.filter_map(|(time, report)| limits(*time, *report, highest)).collect();
        if !limited.is_empty() {
            let low: Vec<(f64, f64)> = limited.iter().map(|(time, low, _)| (*time, *low)).collect();
            let high: Vec<(f64, f64)> = limited.iter().map(|(time, _, high)| (*time, *high)).collect();
            let marks: Vec<(f64, f64)> =
                low.iter().chain(&high).copied().filter(|(_, y)| *y > 0.0 && *y < highest).collect();
            chart = chart.whiskers(low, high.clone()).colour(Colour::Grey);
            chart = chart.points("outside a limit", if marks.is_empty() { high } else { marks }).colour(Colour::Grey);
        }
        Ok(if measured.is_empty() { chart } else { chart.points("", measured).colour(Colour::Vermilion) })
    }

    /// The residuals of a fit over time, each over its standard deviation ([`Fit::residuals`]), with lines at 0 and at 2 above and below. Samples
    /// outside a limit have none.
    ///
    /// # Errors
    /// A fit none of whose samples has a residual.
    pub fn residuals(self, fit: &Fit) -> Result<Self> {
        let all = fit.residuals()?;
        let furthest = all.iter().flatten().map(|(_, residual)| residual.abs()).fold(2.5, f64::max);
        let mut chart = self.y_label("Residual over its standard deviation");
        chart.y.range = chart.y.range.or(Some((-1.1 * furthest, 1.1 * furthest)));
        for level in [0.0, 2.0, -2.0] {
            chart = chart.level("", level).colour(Colour::Grey);
        }
        let points: Vec<(f64, f64)> = all.into_iter().flatten().collect();
        Ok(chart.points("", points).colour(Colour::Vermilion))
    }
}

/// What a sample outside a limit may be: its time, from and to.
pub(super) fn limits(time: f64, report: Report, highest: f64) -> Option<(f64, f64, f64)> {
    match report {
        Report::Level(_) => None,
        Report::Below(limit) => Some((time, 0.0, limit)),
        Report::Above(limit) => Some((time, limit, highest.max(1.2 * limit))),
        Report::Between(low, high) => Some((time, low, high)),
    }
}

/// The sentence beneath a profile.
fn caption(interval: &Interval) -> String {
    let end = |end: Option<f64>| end.map_or("open".to_owned(), short);
    let ends = format!("{} to {}", end(interval.low), end(interval.high));
    let percent = 100.0 * interval.level;
    let found = format!("Estimate {}, {percent:.0} % profile interval {ends}.", short(interval.estimate));
    let mut reason = interval.reason.clone();
    if reason.is_empty() {
        return found;
    }
    // The reason begins with a name, which may be a symbol: only a word of prose gets its capital.
    if reason.starts_with("this ") {
        reason.replace_range(..1, "T");
    }
    format!("{found} {reason}.")
}

/// A number with three digits that say something.
pub(super) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let whole = value.abs().log10().floor() as i32;
    if (-4..6).contains(&whole) { format!("{value:.*}", (2 - whole).max(0) as usize) } else { format!("{value:.2e}") }
}

/// The part of a profile that is shown, and on which axis.
struct View {
    log: bool,
    ends: (f64, f64),
}

impl View {
    fn of(interval: &Interval) -> Self {
        let estimate = interval.estimate;
        let (first, last) = match (interval.curve.first(), interval.curve.last()) {
            (Some(first), Some(last)) => (first.0, last.0),
            _ => (estimate, estimate),
        };
        let positive = first > 0.0;
        let is_open = interval.low.is_none() || interval.high.is_none();
        let wide = interval.low.zip(interval.high).is_some_and(|(low, high)| high > WIDE * low);
        let mut view = Self { log: positive && (is_open || wide), ends: (first, last) };
        let far =
            |open: bool, end: f64, limit: f64, pick: fn(f64, f64) -> f64| if open { pick(end, limit) } else { end };
        if view.log {
            view.ends.0 = far(interval.low.is_none(), first, estimate / OPEN, f64::max);
            view.ends.1 = far(interval.high.is_none(), last, estimate * OPEN, f64::min);
        }
        // What is too high for the picture needs no room beside it.
        let visible: Vec<f64> =
            view.smooth(interval).into_iter().filter(|at| at.1 <= ABOVE * interval.allowed).map(|at| at.0).collect();
        if let (Some(low), Some(high)) = (visible.first(), visible.last())
            && low < high
        {
            let room = 0.02 * (view.u(*high) - view.u(*low));
            view.ends = (view.back(view.u(*low) - room), view.back(view.u(*high) + room));
        }
        view
    }

    /// Where a value lies on the axis.
    fn u(&self, value: f64) -> f64 {
        if self.log { value.ln() } else { value }
    }

    fn back(&self, u: f64) -> f64 {
        if self.log { u.exp() } else { u }
    }

    fn across(&self) -> impl Iterator<Item = f64> {
        let (low, high) = (self.u(self.ends.0), self.u(self.ends.1));
        (0..=SMOOTH).map(move |i| low + (high - low) * f64::from(i) / f64::from(SMOOTH))
    }

    /// The points of a profile within the ends.
    fn profile(&self, interval: &Interval) -> Vec<(f64, f64)> {
        let top = ABOVE * interval.allowed;
        let smooth: Vec<(f64, f64)> = self.smooth(interval).into_iter().filter(|(_, worse)| *worse <= top).collect();
        if smooth.is_empty() { vec![(interval.estimate, 0.0)] } else { smooth }
    }

    fn smooth(&self, interval: &Interval) -> Vec<(f64, f64)> {
        let side = |x: f64| if x < interval.estimate { -1.0 } else { 1.0 };
        let mut nodes: Vec<(f64, f64)> =
            interval.curve.iter().map(|(x, worse)| (self.u(*x), side(*x) * worse.max(0.0).sqrt())).collect();
        // Where an end was sought the points crowd, and their differences are rounding.
        let apart = 1e-3 * (self.u(self.ends.1) - self.u(self.ends.0));
        nodes.dedup_by(|a, b| a.0 - b.0 <= apart);
        let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else { return Vec::new() };
        let within = |u: &f64| (first.0..=last.0).contains(u);
        self.across().filter(within).map(|u| (self.back(u), between(&nodes, u).powi(2))).collect()
    }

    /// The parabola that has the curvature of the objective at its least, on the logarithm where both its ends are above zero.
    fn parabola(&self, interval: &Interval) -> Option<Vec<(f64, f64)>> {
        let (low, high) = interval.wald?;
        let log = low > 0.0;
        let of = |x: f64| if log { x.ln() } else { x };
        let (low, middle, high) = (of(low), of(interval.estimate), of(high));
        if !(low.is_finite() && high.is_finite() && low < middle && middle < high) {
            return None;
        }
        let height = |x: f64| {
            let width = if of(x) < middle { middle - low } else { high - middle };
            interval.allowed * ((of(x) - middle) / width).powi(2)
        };
        let points: Vec<(f64, f64)> = self.across().map(|u| self.back(u)).map(|x| (x, height(x))).collect();
        // Lower than the profile, so that its label stands clear of the marks at the top.
        let top = 1.25 * interval.allowed;
        let points: Vec<(f64, f64)> = points.into_iter().filter(|(_, y)| y.is_finite() && *y <= top).collect();
        (points.len() > 1).then_some(points)
    }
}

/// The value at `u` on a monotone cubic through the nodes (Fritsch and Carlson's condition by harmonic means of the slopes).
fn between(nodes: &[(f64, f64)], u: f64) -> f64 {
    let i = nodes.partition_point(|node| node.0 <= u).clamp(1, nodes.len().max(2) - 1);
    let (Some(a), Some(b)) = (nodes.get(i - 1), nodes.get(i)) else { return nodes.first().map_or(0.0, |node| node.1) };
    let (h, s) = (b.0 - a.0, (u - a.0) / (b.0 - a.0));
    let (from, to) = (slope(nodes, i - 1), slope(nodes, i));
    let (s2, s3) = (s * s, s * s * s);
    (2.0 * s3 - 3.0 * s2 + 1.0) * a.1
        + (s3 - 2.0 * s2 + s) * h * from
        + (3.0 * s2 - 2.0 * s3) * b.1
        + (s3 - s2) * h * to
}

fn slope(nodes: &[(f64, f64)], i: usize) -> f64 {
    let chord = |i: usize| (nodes[i + 1].1 - nodes[i].1) / (nodes[i + 1].0 - nodes[i].0);
    if i == 0 {
        return chord(0);
    }
    if i + 1 == nodes.len() {
        return chord(i - 1);
    }
    let (before, after) = (chord(i - 1), chord(i));
    if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_curve_goes_through_its_points_and_does_not_overshoot() {
        let nodes = [(0.0, -2.0), (1.0, 0.0), (2.0, 1.0), (5.0, 1.1)];
        for (u, z) in nodes {
            assert!((between(&nodes, u) - z).abs() < 1e-12);
        }
        let mut last = -2.0;
        for i in 1..=50 {
            let z = between(&nodes, f64::from(i) / 10.0);
            assert!(z >= last, "{i}: {z} after {last}");
            last = z;
        }
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([62.31, 0.012_34, 1234.0, 2.0, 4.2e9].map(short), ["62.3", "0.0123", "1234", "2.00", "4.20e9"]);
    }
}
