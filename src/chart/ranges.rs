//! From data to axes: what range each covers and where its ticks stand.

use super::axis::Axis;
use super::description::{Chart, Time};
use super::layer::{Layer, Mark};
use super::scale::Scale;
use super::ticks::{self, Tick};
use crate::error::{Error, Result};

/// Beyond this many hours a time axis is in days.
const MOST_HOURS: f64 = 72.0;

/// Space between the highest value and the top of the axis, of the axis.
const HEADROOM: f64 = 0.05;

/// The range of the x axis.
pub(super) fn x_scale(chart: &Chart) -> Result<Scale> {
    if let Some(range) = chart.x.range {
        let scale = given("x_range", range)?;
        return if chart.log_x { positive(("x_range", "log_x_scale()"), scale) } else { Ok(scale) };
    }
    let (low, high) = x_extent(chart).ok_or_else(|| nothing(chart))?;
    if chart.log_x {
        return log_x_scale(chart);
    }
    // An axis that would begin just above zero begins at zero, where the dose is.
    let low = if low > 0.0 && low <= 0.25 * high { 0.0 } else { low };
    Ok(widened(low, if only_points_reach(chart, high) { high + 0.02 * (high - low) } else { high }))
}

/// From the first to the last x above zero.
fn log_x_scale(chart: &Chart) -> Result<Scale> {
    let traces = chart.layers.iter().flat_map(Layer::traces);
    let (low, high) = extent(traces.flatten().map(|point| point.0).filter(|x| *x > 0.0))
        .ok_or_else(|| nothing_positive(chart, ("x axis", "x above zero", "log_x_scale()")))?;
    let low = low.max(f64::MIN_POSITIVE);
    if high / low < 1.0 + 1e-9 {
        return Ok(Scale::log(low / 3.0_f64.min(low / f64::MIN_POSITIVE), (3.0 * high).min(f64::MAX)));
    }
    let room = if only_points_reach(chart, high) { 0.02 * (high.ln() - low.ln()) } else { 0.0 };
    Ok(Scale::log(low, (high.ln() + room).min(f64::MAX.ln()).exp().max(high)))
}

/// Refuses a logarithmic axis without anything above zero.
fn nothing_positive(chart: &Chart, (axis, value, method): (&str, &str, &str)) -> Error {
    let title = &chart.title;
    Error::value(format!(
        "the chart \"{title}\" has a logarithmic {axis} but no {value} to show on it: leave out {method}"
    ))
}

/// Refuses a chart that shows no data at all.
fn nothing(chart: &Chart) -> Error {
    let title = &chart.title;
    Error::value(format!("the chart \"{title}\" has nothing to draw: add a curve, points or a band"))
}

fn x_extent(chart: &Chart) -> Option<(f64, f64)> {
    let traces = chart.layers.iter().flat_map(Layer::traces);
    extent(traces.flatten().map(|point| point.0))
}

/// Whether the data end in a marker rather than a line: it then needs a little room.
fn only_points_reach(chart: &Chart, high: f64) -> bool {
    let reaches = |layer: &&Layer| layer.traces().into_iter().flatten().any(|point| point.0 >= high);
    let mut reaching = chart.layers.iter().filter(reaches);
    reaching.all(|layer| matches!(layer.mark, Mark::Points(_) | Mark::Whiskers(..)))
}

/// The range of the y axis, with a fraction `reserved` of it left free at the top.
pub(super) fn y_scale(chart: &Chart, x: Scale, reserved: f64) -> Result<Scale> {
    if let Some(range) = chart.y.range {
        let scale = given("y_range", range)?;
        return if chart.log { positive(("y_range", "log_scale()"), scale) } else { Ok(scale) };
    }
    if chart.log {
        return log_scale(chart, x, reserved);
    }
    let (low, high) = extent(y_values(chart, x)).unwrap_or((0.0, 0.0));
    let scale = widened(low.min(0.0), high.max(0.0));
    let span = scale.high - scale.low;
    let bottom = if scale.low < 0.0 { scale.low - HEADROOM * span } else { 0.0 };
    let top = if scale.high > 0.0 { up_to_tick(scale.high + HEADROOM * span, span) } else { 0.0 };
    Ok(finite(Scale::linear(bottom, top + (top - bottom) * reserved / (1.0 - reserved))))
}

/// The top of an axis, raised to the next round number if that is near, so that the axis ends with a label.
fn up_to_tick(top: f64, span: f64) -> f64 {
    let step = ticks::round_step(span, 6.0);
    let next = (top / step).ceil() * step;
    if next - top <= 0.3 * step { next } else { top }
}

fn log_scale(chart: &Chart, x: Scale, reserved: f64) -> Result<Scale> {
    let (low, high) = extent(y_values(chart, x).filter(|y| *y > 0.0))
        .ok_or_else(|| nothing_positive(chart, ("axis", "value above zero", "log_scale()")))?;
    let (low, high) = (ticks::round_down(low), ticks::round_up(high));
    let high = if low < high { high } else { 10.0 * low };
    let (from, to) = (low.max(f64::MIN_POSITIVE), high.min(f64::MAX));
    let top = to.ln() + (to.ln() - from.ln()) * reserved / (1.0 - reserved);
    Ok(Scale::log(from, top.min(f64::MAX.ln()).exp().max(to)))
}

/// Every y that must find a place: of the data within the x axis, and of levels and notes.
fn y_values(chart: &Chart, x: Scale) -> impl Iterator<Item = f64> + '_ {
    chart.layers.iter().flat_map(move |layer| {
        let marked = match layer.mark {
            Mark::Level(level) => Some(level),
            Mark::Note((_, y)) => Some(y),
            _ => None,
        };
        let points = layer.traces().into_iter().flatten().filter(move |point| x.contains(point.0));
        points.map(|point| point.1).chain(marked).collect::<Vec<_>>()
    })
}

fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |found, value| match found {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    })
}

/// A range with something in it, also for data that are all alike or differ by less than a number can tell.
fn widened(low: f64, high: f64) -> Scale {
    let least = f64::max(1e-9 * low.abs().max(high.abs()), 1e-303);
    if 0.5 * high - 0.5 * low >= least {
        return finite(Scale::linear(low, high));
    }
    let by = if low.abs() >= 1e-300 { 0.5 * low.abs() } else { 1.0 };
    let low = if low.abs() >= 1e-300 { low - by } else { low };
    finite(Scale::linear(low, high + by))
}

/// The scale within what a number can hold, and its span too.
fn finite(scale: Scale) -> Scale {
    const MOST: f64 = 8e307;
    Scale::linear(scale.low.max(-MOST), scale.high.min(MOST))
}

fn given(name: &str, (low, high): (f64, f64)) -> Result<Scale> {
    if low.is_finite() && high.is_finite() && (high - low).is_finite() && high - low > 1e-9 * low.abs().max(high.abs())
    {
        return Ok(Scale::linear(low, high));
    }
    Err(Error::value(format!("{name} is {low}..={high}, but it must run from a finite number to a greater one")))
}

fn positive((name, method): (&str, &str), scale: Scale) -> Result<Scale> {
    if scale.low > 0.0 {
        return Ok(Scale::log(scale.low, scale.high));
    }
    Err(Error::value(format!(
        "{name} begins at {}, but a logarithmic axis can only begin above zero: give a positive number or leave out {method}",
        scale.low
    )))
}

/// The y axis for a plot so many logical pixels high.
pub(super) fn y_axis(chart: &Chart, scale: Scale, height: f64) -> Axis {
    let most = (height / 45.0).clamp(2.0, 7.0);
    // Decades are whole steps that no one reads between, so they may stand closer.
    let named = || {
        let within = chart.y.names.iter().filter(|(at, _)| scale.contains(*at));
        within.map(|(value, name)| Tick { value: *value, label: name.clone() }).collect()
    };
    let ticks = match chart.y.names[..] {
        [] if scale.log => ticks::decades(scale, 1.6 * most),
        [] if chart.y.whole => ticks::counts(scale, most),
        [] => ticks::plain(scale, most),
        _ => named(),
    };
    Axis { scale, ticks, label: chart.y.label.clone().unwrap_or_default() }
}

/// The x axis with at most about `most` ticks.
pub(super) fn x_axis(chart: &Chart, scale: Scale, most: f64) -> Axis {
    let in_days = chart.time == Time::HoursOrDays && !scale.log && scale.high - scale.low > MOST_HOURS;
    let ticks = match chart.time {
        _ if scale.log => ticks::decades(scale, most),
        _ if in_days => ticks::days(scale, most),
        Time::No if chart.x.whole => ticks::counts(scale, most),
        Time::No => ticks::plain(scale, most),
        Time::Hours | Time::HoursOrDays => ticks::hours(scale, most),
    };
    let unit = match chart.time {
        Time::No => "",
        _ if in_days => "Time (days)",
        _ => "Time (h)",
    };
    Axis { scale, ticks, label: chart.x.label.clone().unwrap_or_else(|| unit.to_owned()) }
}
