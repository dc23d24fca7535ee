//! How every chart is set: the type of its texts, and the distances between its parts in logical pixels.

use super::colour::{Ink, SLATE, STONE};
use super::font::Type;

/// The type of every text.
pub(super) const TICK: (Type, Ink) = (Type::regular(12.0), STONE);
pub(super) const AXIS_LABEL: (Type, Ink) = (Type::regular(12.5), SLATE);
pub(super) const TITLE: (Type, Ink) = (Type::semi_bold(20.0), SLATE);
pub(super) const SUBTITLE: (Type, Ink) = (Type::regular(13.5), STONE);
pub(super) const CAPTION: (Type, Ink) = (Type::regular(11.0), STONE);
pub(super) const MOMENT: (Type, Ink) = (Type::regular(12.0), SLATE);

/// The width of axes, ticks and grid lines.
pub(super) const HAIRLINE: f64 = 1.0;
/// The length of a tick and the gap between it and its label.
pub(super) const TICK_LENGTH: f64 = 4.0;
pub(super) const TICK_GAP: f64 = 4.0;
/// Between the plot and the labels at its right.
pub(super) const LABEL_GAP: f64 = 12.0;
pub(super) const AXIS_LABEL_GAP: f64 = 8.0;
pub(super) const CAPTION_GAP: f64 = 12.0;
/// Titles and captions begin at the plot, about so far in.
pub(super) const TEXT_INSET: f64 = 90.0;
/// How far a halo reaches beyond the letters.
pub(super) const HALO: f64 = 2.0;
