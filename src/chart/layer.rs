//! What a chart is made of: one layer for every curve, band, level or mark.

use crate::error::{self, Error, Result};
use crate::marker::Response;
use crate::profile::Profile;
use crate::regimen::Regimen;

use super::colour::Colour;

/// The pairs (x, y) that a chart draws: a [`Profile`], a [`Response`], or any pairs for a chart whose x is not time.
///
/// Nothing is checked here: a chart that is drawn refuses pairs that are not finite.
///
/// ```
/// use menaquinone::{Profile, chart::Trace};
/// let profile = Profile::new(vec![0.0, 24.0], vec![1.0, 0.5])?;
/// assert_eq!(Trace::from(&profile), Trace::from([(0.0, 1.0), (24.0, 0.5)]));
/// let response = menaquinone::marker::DP_UCMGP.response(&profile)?;
/// assert_eq!(Trace::from(&response), Trace::from(response.iter().collect::<Vec<_>>()));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Trace(pub(super) Vec<(f64, f64)>);

impl From<&Profile> for Trace {
    fn from(profile: &Profile) -> Self {
        Self(profile.iter().collect())
    }
}

/// The values of a marker, in its unit.
impl From<&Response> for Trace {
    fn from(response: &Response) -> Self {
        Self(response.iter().collect())
    }
}

impl From<Vec<(f64, f64)>> for Trace {
    fn from(pairs: Vec<(f64, f64)>) -> Self {
        Self(pairs)
    }
}

impl From<&[(f64, f64)]> for Trace {
    fn from(pairs: &[(f64, f64)]) -> Self {
        Self(pairs.to_vec())
    }
}

impl<const N: usize> From<[(f64, f64); N]> for Trace {
    fn from(pairs: [(f64, f64); N]) -> Self {
        Self(pairs.to_vec())
    }
}

/// One thing drawn, with its label.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) label: String,
    pub(super) mark: Mark,
    pub(super) colour: Option<Colour>,
}

/// What is drawn and from what.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    Line(Trace),
    Dashes(Trace),
    Points(Trace),
    /// Filled between a low and a high trace.
    Band(Trace, Trace),
    /// Upright lines from low to high, one at every x.
    Whiskers(Trace, Trace),
    Level(f64),
    Moment(f64),
    /// From one x to another, the second perhaps infinite.
    Zone(f64, f64),
    Note((f64, f64)),
    Doses(Regimen),
}

impl Layer {
    /// The traces of this layer: one, two for what lies between a low and a high one, or none.
    pub(super) fn traces(&self) -> Vec<&[(f64, f64)]> {
        match &self.mark {
            Mark::Line(trace) | Mark::Dashes(trace) | Mark::Points(trace) => vec![&trace.0],
            Mark::Band(low, high) | Mark::Whiskers(low, high) => vec![&low.0, &high.0],
            Mark::Level(_) | Mark::Moment(_) | Mark::Zone(..) | Mark::Note(_) | Mark::Doses(_) => Vec::new(),
        }
    }

    /// Multiplies every y.
    pub(super) fn scale(&mut self, unit: f64) {
        if unit == 1.0 {
            return;
        }
        let scale = |trace: &mut Trace| trace.0.iter_mut().for_each(|(_, y)| *y *= unit);
        match &mut self.mark {
            Mark::Line(trace) | Mark::Dashes(trace) | Mark::Points(trace) => scale(trace),
            Mark::Band(low, high) | Mark::Whiskers(low, high) => [low, high].into_iter().for_each(scale),
            Mark::Level(y) | Mark::Note((_, y)) => *y *= unit,
            Mark::Moment(_) | Mark::Zone(..) | Mark::Doses(_) => {}
        }
    }

    /// Refuses numbers that have no place on paper.
    pub(super) fn check(&self) -> Result<()> {
        let name = self.name();
        match &self.mark {
            Mark::Level(level) => error::finite(name, *level, "").map(drop),
            Mark::Moment(time) => error::finite(name, *time, "").map(drop),
            Mark::Zone(low, high) if !(low.is_finite() && low < high) => Err(Error::value(format!(
                "{name} reaches from {low} to {high}, but it must begin at a finite number and end beyond it"
            ))),
            Mark::Note((x, y)) => error::finite(&name, *x, "").and_then(|_| error::finite(name, *y, "")).map(drop),
            Mark::Whiskers(low, high) if low.0.len() != high.0.len() => Err(Error::value(format!(
                "{name} has {} low ends and {} high ends: give as many of one as of the other",
                low.0.len(),
                high.0.len()
            ))),
            _ => self.traces().into_iter().try_for_each(|trace| check_trace(&name, trace)),
        }
    }

    fn name(&self) -> String {
        let what = match self.mark {
            Mark::Line(_) | Mark::Dashes(_) => "the curve",
            Mark::Points(_) => "the set of points",
            Mark::Band(..) => "the band",
            Mark::Whiskers(..) => "the set of whiskers",
            Mark::Level(_) => "the level",
            Mark::Moment(_) => "the moment",
            Mark::Zone(..) => "the zone",
            Mark::Note(_) => "the point of the note",
            Mark::Doses(_) => "the dosing",
        };
        if self.label.is_empty() { what.to_owned() } else { format!("{what} \"{}\"", self.label) }
    }
}

fn check_trace(name: &str, trace: &[(f64, f64)]) -> Result<()> {
    if trace.is_empty() {
        return Err(Error::value(format!("{name} has no points to draw: give it at least one")));
    }
    match trace.iter().find(|(x, y)| !(x.is_finite() && y.is_finite())) {
        None => Ok(()),
        Some((x, y)) => Err(Error::value(format!(
            "{name} holds the point ({x}, {y}), but only finite numbers can be drawn: leave the point out"
        ))),
    }
}

/// The colour of every layer: its own if it was given one, else the next that is free. A band or whiskers
/// belong to the curve or points that follow, or else to those before; a level comes after all curves.
pub(super) fn colours(layers: &[Layer]) -> Vec<Colour> {
    let mut found: Vec<Option<Colour>> = layers.iter().map(|layer| layer.colour).collect();
    take(layers, &mut found, is_series);
    adopt(layers, &mut found);
    take(layers, &mut found, |mark| matches!(mark, Mark::Band(..) | Mark::Whiskers(..) | Mark::Level(_)));
    for i in (0..layers.len()).filter(|i| layers[*i].colour.is_none() && dose_row(layers, *i).is_some()) {
        found[i] = curve_of(layers, i).and_then(|curve| found[curve]);
    }
    let taken: Vec<Colour> = found.iter().flatten().copied().collect();
    let doses = if taken.contains(&Colour::Green) { Colour::Grey } else { Colour::Green };
    layers.iter().zip(found).map(|(layer, colour)| colour.unwrap_or(rest(&layer.mark, doses))).collect()
}

/// The row, from the axis up, of a dosing that is one of several; the first stands on top.
pub(super) fn dose_row(layers: &[Layer], layer: usize) -> Option<usize> {
    let dosings: Vec<usize> = (0..layers.len()).filter(|i| matches!(layers[*i].mark, Mark::Doses(_))).collect();
    let place = dosings.iter().position(|dosing| *dosing == layer)?;
    (dosings.len() > 1).then(|| dosings.len() - 1 - place)
}

/// The curve that a dosing goes with: the one before it, or else after it.
pub(super) fn curve_of(layers: &[Layer], layer: usize) -> Option<usize> {
    let before = (0..layer).rfind(|i| is_series(&layers[*i].mark));
    before.or_else(|| (layer..layers.len()).find(|i| is_series(&layers[*i].mark)))
}

/// Gives every `wanted` layer that has no colour the next free one.
fn take(layers: &[Layer], found: &mut [Option<Colour>], wanted: fn(&Mark) -> bool) {
    for (i, layer) in layers.iter().enumerate() {
        if found[i].is_none() && wanted(&layer.mark) {
            let taken: Vec<Colour> = found.iter().flatten().copied().collect();
            found[i] = Some(Colour::next(&taken));
        }
    }
}

fn is_series(mark: &Mark) -> bool {
    matches!(mark, Mark::Line(_) | Mark::Dashes(_) | Mark::Points(_))
}

fn rest(mark: &Mark, doses: Colour) -> Colour {
    if matches!(mark, Mark::Doses(_)) { doses } else { Colour::Grey }
}

/// Gives bands and whiskers the colour of the curve they go with.
fn adopt(layers: &[Layer], found: &mut [Option<Colour>]) {
    let series: Vec<usize> = (0..layers.len()).filter(|&i| is_series(&layers[i].mark)).collect();
    for i in (0..layers.len()).filter(|&i| layers[i].colour.is_none()) {
        let (before, after) = (series.iter().rfind(|&&s| s < i), series.iter().find(|&&s| s > i));
        let parent = match layers[i].mark {
            Mark::Band(..) | Mark::Whiskers(..) => after.or(before),
            _ => continue,
        };
        found[i] = parent.and_then(|&s| found[s]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(mark: Mark) -> Layer {
        Layer { label: String::new(), mark, colour: None }
    }

    #[test]
    fn bands_go_with_their_curve_and_levels_come_last() {
        let trace = || Trace::from([(0.0, 1.0)]);
        let layers = [
            layer(Mark::Level(1.0)),
            layer(Mark::Band(trace(), trace())),
            layer(Mark::Line(trace())),
            layer(Mark::Line(trace())),
            layer(Mark::Band(trace(), trace())),
            layer(Mark::Doses(Regimen::default())),
        ];
        let expected = [Colour::Green, Colour::Blue, Colour::Blue, Colour::Vermilion, Colour::Vermilion, Colour::Grey];
        assert_eq!(colours(&layers), expected);
    }
}
