//! The embedded typeface: Inter in two weights, its outlines and kerning.

use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/InterCharts-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/InterCharts-SemiBold.ttf");

/// The height of a capital and of a digit, in ems; Inter's own figure.
pub(super) const CAP_HEIGHT: f64 = 0.727;

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// A size in logical pixels to the em, and a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) weight: Weight,
}

impl Type {
    pub(super) const fn regular(size: f64) -> Self {
        Self { size, weight: Weight::Regular }
    }

    pub(super) const fn semi_bold(size: f64) -> Self {
        Self { size, weight: Weight::SemiBold }
    }
}

/// Both weights, parsed.
pub(super) struct Fonts {
    regular: Face<'static>,
    semi_bold: Face<'static>,
}

impl Fonts {
    pub(super) fn new() -> Self {
        let parse =
            |bytes| Face::parse(bytes, 0).expect("the embedded font is well formed, which a test makes sure of");
        Self { regular: parse(REGULAR), semi_bold: parse(SEMI_BOLD) }
    }

    /// The width of a line of text, in logical pixels.
    pub(super) fn width(&self, text: &str, kind: Type) -> f64 {
        let face = self.face(kind);
        let units: i32 = glyphs(face, text).map(|(glyph, kern)| kern + advance(face, glyph)).sum();
        f64::from(units) * kind.size / f64::from(face.units_per_em())
    }

    /// The outlines of a line of text that starts at the origin and stands on it; nothing for a blank line.
    pub(super) fn outline(&self, text: &str, kind: Type) -> Option<Path> {
        let face = self.face(kind);
        let mut pen = Pen { path: PathBuilder::new(), x: 0.0 };
        for (glyph, kern) in glyphs(face, text) {
            pen.x += kern as f32;
            face.outline_glyph(glyph, &mut pen);
            pen.x += advance(face, glyph) as f32;
        }
        let scale = (kind.size / f64::from(face.units_per_em())) as f32;
        pen.path.finish()?.transform(Transform::from_scale(scale, scale))
    }

    fn face(&self, kind: Type) -> &Face<'static> {
        match kind.weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        }
    }
}

/// The glyphs of a text, each with its kerning against the one before; a character the font lacks becomes
/// glyph 0, the box that says so.
fn glyphs<'a>(face: &'a Face<'static>, text: &'a str) -> impl Iterator<Item = (GlyphId, i32)> + 'a {
    let mut before = None;
    text.chars().map(move |c| {
        let c = if c.is_whitespace() || c.is_control() { same_width_space(c) } else { c };
        let glyph = face.glyph_index(c).unwrap_or(GlyphId(0));
        let kern = before.map_or(0, |left| kerning(face, left, glyph));
        before = Some(glyph);
        (glyph, kern)
    })
}

/// White space of any sort is set as a plain space, but a no-break space keeps its own glyph where there is one.
fn same_width_space(c: char) -> char {
    if c == '\u{a0}' { c } else { ' ' }
}

fn advance(face: &Face, glyph: GlyphId) -> i32 {
    face.glyph_hor_advance(glyph).map_or(0, i32::from)
}

fn kerning(face: &Face, left: GlyphId, right: GlyphId) -> i32 {
    let Some(kern) = face.tables().kern else { return 0 };
    let horizontal = kern.subtables.into_iter().filter(|table| table.horizontal && !table.variable);
    horizontal.filter_map(|table| table.glyphs_kerning(left, right)).map(i32::from).sum()
}

/// Writes glyph outlines side by side; font units, upside down as a font has them.
struct Pen {
    path: PathBuilder,
    x: f32,
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, -y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, -y1, self.x + x, -y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, -y1, self.x + x2, -y2, self.x + x, -y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_hold_every_character_a_chart_writes() {
        let fonts = Fonts::new();
        for face in [&fonts.regular, &fonts.semi_bold] {
            for c in "µ·–½τ±−×≤≥≈%/(),.:0123456789⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂∞→éüß…".chars()
            {
                assert!(face.glyph_index(c).is_some(), "the font lacks {c}");
            }
        }
    }

    #[test]
    fn digits_are_of_one_width_and_pairs_are_kerned() {
        let (fonts, kind) = (Fonts::new(), Type::regular(16.0));
        for digit in "123456789".chars() {
            let one = |c: char| fonts.width(&c.to_string(), kind);
            assert!((one(digit) - one('0')).abs() < 1e-9, "{digit}");
        }
        let apart = fonts.width("A", kind) + fonts.width("V", kind);
        assert!(fonts.width("AV", kind) < apart - 0.3);
    }

    #[test]
    fn an_unknown_character_shows_as_a_box_and_a_blank_as_nothing() {
        let (fonts, kind) = (Fonts::new(), Type::regular(16.0));
        assert!(fonts.outline("\u{4e00}", kind).is_some());
        assert!(fonts.outline(" \t\n", kind).is_none());
        assert!(fonts.outline("", kind).is_none());
    }
}
