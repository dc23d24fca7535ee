//! Where plotters draws: a backend of our own that keeps every shape as an outline in logical pixels.
//!
//! plotters gives whole numbers, so the canvas claims to be sixteen times larger than it is and divides: curves
//! then lie within a thirty-second of a pixel of where they belong. The shapes become pixels or SVG afterwards.

use std::convert::Infallible;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use tiny_skia::{Path, PathBuilder, Transform};

use super::colour::Ink;
use super::font::{Fonts, Type};

/// Backend units in a logical pixel.
pub(super) const SUB: f64 = 16.0;

/// Drawing in memory cannot fail.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A picture: its size in logical pixels, its shapes from back to front, and what it shows in words.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) size: (u32, u32),
    pub(super) shapes: Vec<Shape>,
    pub(super) title: String,
    pub(super) description: String,
}

/// An outline and how it is painted.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) path: Path,
    pub(super) paint: Paint,
}

#[derive(Debug)]
pub(super) enum Paint {
    Fill(Ink),
    Stroke(Pen),
    /// Letters, which a reader of the file may want as text, within a white halo if they may lie on a line.
    Text {
        ink: Ink,
        halo: bool,
        text: String,
    },
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) ink: Ink,
    /// Logical pixels.
    pub(super) width: f64,
    /// Lengths of dash and gap, logical pixels.
    pub(super) dash: Option<(f64, f64)>,
}

impl Pen {
    pub(super) const fn solid(ink: Ink, width: f64) -> Self {
        Self { ink, width, dash: None }
    }
}

/// The backend: writes into a scene.
pub(super) struct Canvas<'a> {
    pub(super) scene: &'a mut Scene,
    pub(super) fonts: &'a Fonts,
}

impl Canvas<'_> {
    pub(super) fn fill(&mut self, path: Option<Path>, ink: Ink) {
        self.push(path, Paint::Fill(ink));
    }

    pub(super) fn stroke(&mut self, points: &[BackendCoord], pen: Pen) {
        self.push(polyline(points, false), Paint::Stroke(pen));
    }

    fn push(&mut self, path: Option<Path>, paint: Paint) {
        self.scene.shapes.extend(path.map(|path| Shape { path, paint }));
    }

    fn ring(&mut self, centre: BackendCoord, radius: f64, pen: Pen) {
        self.push(circle(centre, radius), Paint::Stroke(pen));
    }

    /// A line of text whose baseline begins at `at`, turned by `degrees`.
    pub(super) fn letters(&mut self, text: &str, kind: Type, at: (BackendCoord, f32)) -> Option<Path> {
        let ((x, y), degrees) = at;
        let place = Transform::from_rotate(degrees).post_translate(logical(x), logical(y));
        self.fonts.outline(text, kind)?.transform(place)
    }

    pub(super) fn write(&mut self, path: Option<Path>, text: &str, (ink, halo): (Ink, bool)) {
        self.push(path, Paint::Text { ink, halo, text: text.to_owned() });
    }
}

fn logical(coordinate: i32) -> f32 {
    (f64::from(coordinate) / SUB) as f32
}

/// From logical pixels to what plotters counts in.
pub(super) fn backend(x: f64, y: f64) -> BackendCoord {
    ((x * SUB).round() as i32, (y * SUB).round() as i32)
}

fn polyline(points: &[BackendCoord], close: bool) -> Option<Path> {
    let mut path = PathBuilder::with_capacity(points.len() + 1, points.len());
    let (first, rest) = points.split_first()?;
    path.move_to(logical(first.0), logical(first.1));
    let mut last = first;
    for point in rest {
        // Points closer than a sixteenth of a pixel add nothing but work.
        if point != last {
            path.line_to(logical(point.0), logical(point.1));
        }
        last = point;
    }
    if close {
        path.close();
    }
    path.finish()
}

fn circle(centre: BackendCoord, radius: f64) -> Option<Path> {
    PathBuilder::from_circle(logical(centre.0), logical(centre.1), radius as f32)
}

fn ink(style: &impl BackendStyle) -> Ink {
    from_backend(style.color())
}

fn from_backend(BackendColor { alpha, rgb: (r, g, b) }: BackendColor) -> Ink {
    plotters::style::RGBAColor(r, g, b, alpha)
}

fn pen(style: &impl BackendStyle) -> Pen {
    Pen::solid(ink(style), f64::from(style.stroke_width()) / SUB)
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.scene.size;
        (width * SUB as u32, height * SUB as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.fill(polyline(&[(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)], true), from_backend(color));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.stroke(&[from, to], pen(style));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let corners = [from, (to.0, from.1), to, (from.0, to.1)];
        let paint = if fill { Paint::Fill(ink(style)) } else { Paint::Stroke(pen(style)) };
        self.push(polyline(&corners, true), paint);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        self.stroke(&points, pen(style));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let radius = f64::from(radius) / SUB;
        if fill {
            self.fill(circle(centre, radius), ink(style));
        } else {
            self.ring(centre, radius, pen(style));
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        let corners: Vec<BackendCoord> = corners.into_iter().collect();
        self.fill(polyline(&corners, true), ink(style));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let path = self.letters(text, kind(style), (at, 0.0));
        self.write(path, text, (from_backend(style.color()), false));
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let kind = kind(style);
        Ok(((self.fonts.width(text, kind) * SUB) as u32, (kind.size * SUB) as u32))
    }
}

fn kind(style: &impl BackendTextStyle) -> Type {
    let size = style.size() / SUB;
    match style.style() {
        FontStyle::Bold => Type::semi_bold(size),
        _ => Type::regular(size),
    }
}
