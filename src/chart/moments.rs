//! The texts of moments, which stand in rows at the top of the plot, above all data.

use super::font::Fonts;
use super::labels::Rect;
use super::layer::{Layer, Mark};
use super::scale::Scale;
use super::style::MOMENT;
use super::text::Block;

/// Room between two texts, and between the lowest text and the data, logical pixels.
const GAP: f64 = 10.0;

/// An upright line with its text, or the text of a zone.
pub(super) struct Moment {
    /// Whether there is a line: a zone has none.
    pub(super) line: bool,
    /// Where the line stands, logical pixels.
    pub(super) x: f64,
    pub(super) text: Block,
    pub(super) spot: Rect,
}

/// The moments that lie within the x axis, their texts placed so that none overlap.
pub(super) fn moments(layers: &[Layer], fonts: &Fonts, x: Scale, plot: &Rect) -> Vec<Moment> {
    let mut found: Vec<(f64, bool, &str)> = layers.iter().filter_map(|layer| shown(layer, x)).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut placed: Vec<Moment> = Vec::new();
    for (time, line, label) in found {
        let x = plot.left + x.unit(time) * plot.width();
        let text = Block::balanced(fonts, label, MOMENT, 0.5 * plot.width());
        let spot = free_spot(&placed, first_spot(&text, x, plot));
        placed.push(Moment { line, x, text, spot });
    }
    placed
}

/// Where on the x axis a moment or a zone has its text, whether it has a line, and the text.
fn shown(layer: &Layer, x: Scale) -> Option<(f64, bool, &str)> {
    match layer.mark {
        Mark::Moment(time) if x.contains(time) => Some((time, true, &layer.label)),
        Mark::Zone(low, high) if low < x.high && high > x.low => Some((low.max(x.low), false, &layer.label)),
        _ => None,
    }
}

/// How much of the plot's height the texts need.
pub(super) fn height(moments: &[Moment], plot: &Rect) -> f64 {
    let lowest = moments.iter().filter(|moment| !moment.text.is_empty()).map(|moment| moment.spot.bottom);
    lowest.fold(0.0, |height, bottom| f64::max(height, bottom - plot.top + GAP))
}

/// At the top, beginning at the line; ending there if the text would leave the plot on the right.
fn first_spot(text: &Block, x: f64, plot: &Rect) -> Rect {
    let fits = x + text.width <= plot.right;
    let left = if fits { x - 1.0 } else { (x + 1.0 - text.width).max(plot.left + 3.0) };
    Rect::at((left, plot.top), (text.width, text.height()))
}

/// The same spot, moved down below whatever is there already.
fn free_spot(placed: &[Moment], spot: Rect) -> Rect {
    let wide = Rect { left: spot.left - GAP, right: spot.right + GAP, ..spot };
    match placed.iter().find(|moment| moment.spot.touches(&wide)) {
        Some(moment) => {
            free_spot(placed, Rect::at((spot.left, moment.spot.bottom + 2.0), (spot.width(), spot.height())))
        }
        None => spot,
    }
}
