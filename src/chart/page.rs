//! The sheet of paper: its size, and the way from drawing to file that charts and sheets share.

use std::fmt::Display;
use std::path::Path;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use super::canvas::{Canvas, Scene};
use super::font::Fonts;
use super::labels::Rect;
use super::save::{self, Format};
use crate::error::{Error, Result};

/// plotters' view of the whole canvas.
pub(super) type Root<'a> = DrawingArea<Canvas<'a>, Shift>;

/// Bare paper around everything, logical pixels.
const MARGIN: f64 = 26.0;

/// Size in logical pixels, and pixels to each of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) size: (u32, u32),
    pub(super) density: f64,
}

impl Page {
    pub(super) fn new(size: (u32, u32)) -> Self {
        Self { size, density: 2.0 }
    }

    /// The scene that `draw` makes on this page; it is given the canvas, the fonts and the room within the margin.
    pub(super) fn scene(
        self,
        (title, description): (&str, &str),
        draw: impl FnOnce(&Root, &Fonts, Rect) -> Result<()>,
    ) -> Result<Scene> {
        self.check()?;
        let (title, description) = (title.to_owned(), description.to_owned());
        let mut scene = Scene { size: self.size, shapes: Vec::new(), title, description };
        let fonts = Fonts::new();
        draw(&Canvas { scene: &mut scene, fonts: &fonts }.into_drawing_area(), &fonts, self.inner())?;
        Ok(scene)
    }

    fn inner(self) -> Rect {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        Rect { left: 0.0, top: 0.0, right: width, bottom: height }.grown(-MARGIN)
    }

    fn check(self) -> Result<()> {
        const SIDES: std::ops::RangeInclusive<u32> = 100..=10_000;
        const DENSITIES: std::ops::RangeInclusive<f64> = 0.5..=8.0;
        const MOST_PIXELS: f64 = 2e8;
        let ((width, height), density) = (self.size, self.density);
        if !(SIDES.contains(&width) && SIDES.contains(&height)) {
            return Err(Error::value(format!(
                "the size of the chart is {width} × {height} logical pixels, but both must lie between 100 and 10000"
            )));
        }
        if !DENSITIES.contains(&density) {
            return Err(Error::value(format!(
                "the density of the chart is {density}, but it must lie between 0.5 and 8"
            )));
        }
        let pixels = f64::from(width) * f64::from(height) * density * density;
        if pixels > MOST_PIXELS {
            return Err(Error::value(format!(
                "the chart would have {:.0} million pixels, but at most 200 million are drawn: choose a smaller size or density",
                pixels / 1e6
            )));
        }
        Ok(())
    }
}

/// Writes what the extension of `path` asks for.
pub(super) fn save(
    path: &Path,
    png: impl FnOnce() -> Result<Vec<u8>>,
    svg: impl FnOnce() -> Result<String>,
) -> Result<()> {
    let bytes = match Format::of(path)? {
        Format::Png => png()?,
        Format::Svg => svg()?.into_bytes(),
    };
    save::write(path, &bytes)
}

/// plotters can refuse to draw, though it has no reason to on a canvas in memory.
pub(super) fn undrawn(why: impl Display) -> Error {
    Error::value(format!("the chart could not be drawn: {why}"))
}
