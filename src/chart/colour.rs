//! The colours of a chart: told apart by a colour-blind eye, and dark enough for text on white.

use plotters::style::RGBAColor;

/// A colour with its opacity, as plotters holds it.
pub(super) type Ink = RGBAColor;

pub(super) const WHITE: Ink = RGBAColor(255, 255, 255, 1.0);
/// Titles and axis labels.
pub(super) const SLATE: Ink = RGBAColor(27, 36, 48, 1.0);
/// Subtitles, tick labels and captions.
pub(super) const STONE: Ink = RGBAColor(91, 101, 115, 1.0);
/// Axis lines and ticks.
pub(super) const AXIS: Ink = RGBAColor(152, 160, 171, 1.0);
/// Grid lines.
pub(super) const GRID: Ink = RGBAColor(228, 231, 235, 1.0);

/// A colour for a curve, band, level or mark: see [`Chart::colour`](super::Chart::colour).
///
/// After the palette of Okabe and Ito (2008), *Color Universal Design*, darkened until a label in the colour
/// has a contrast of at least 4.5 to 1 on white (WCAG 2.1, level AA). Without being told, a chart takes them
/// in this order.
///
/// ```
/// use menaquinone::{Profile, chart::{Chart, Colour}};
/// let profile = Profile::new(vec![0.0, 24.0], vec![1.0, 0.5])?;
/// let chart = Chart::new("Two vitamers").curve("MK-4", &profile).colour(Colour::Vermilion);
/// assert!(chart.to_svg()?.contains("#bc4510"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Colour {
    /// A deep blue, the first a chart takes.
    Blue,
    /// Okabe and Ito's red-orange.
    Vermilion,
    /// A bluish green; also the colour of dose marks unless a curve has it.
    Green,
    /// A reddish purple.
    Purple,
    /// A dark yellow.
    Ochre,
    /// A lighter blue.
    Sky,
    /// A quiet grey, for what stands in the background.
    Grey,
}

impl Colour {
    /// The order in which a chart takes colours; grey is only taken when asked for.
    pub(super) const ORDER: [Self; 6] =
        [Self::Blue, Self::Vermilion, Self::Green, Self::Purple, Self::Ochre, Self::Sky];

    pub(super) const fn ink(self) -> Ink {
        match self {
            Self::Blue => RGBAColor(20, 78, 140, 1.0),
            Self::Vermilion => RGBAColor(188, 69, 16, 1.0),
            Self::Green => RGBAColor(0, 117, 98, 1.0),
            Self::Purple => RGBAColor(160, 62, 128, 1.0),
            Self::Ochre => RGBAColor(138, 98, 0, 1.0),
            Self::Sky => RGBAColor(0, 120, 176, 1.0),
            Self::Grey => STONE,
        }
    }

    /// The first colour in order that is not among `taken`; from the start again when all are.
    pub(super) fn next(taken: &[Self]) -> Self {
        let times = |colour: &Self| taken.iter().filter(|t| *t == colour).count();
        // `min_by_key` keeps the first of equals, so colours are reused in order and evenly.
        Self::ORDER.into_iter().min_by_key(times).unwrap_or(Self::Blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.1.
    fn luminance(ink: Ink) -> f64 {
        let linear = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(ink.0) + 0.7152 * linear(ink.1) + 0.0722 * linear(ink.2)
    }

    #[test]
    fn every_colour_carries_text_on_white() {
        for colour in Colour::ORDER.into_iter().chain([Colour::Grey]) {
            let contrast = 1.05 / (luminance(colour.ink()) + 0.05);
            assert!(contrast >= 4.5, "{colour:?} has a contrast of {contrast:.2}");
        }
    }

    #[test]
    fn colours_are_taken_in_order_and_then_again() {
        assert_eq!(Colour::next(&[]), Colour::Blue);
        assert_eq!(Colour::next(&[Colour::Blue, Colour::Green]), Colour::Vermilion);
        assert_eq!(Colour::next(&Colour::ORDER), Colour::Blue);
    }
}
