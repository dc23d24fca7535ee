//! A scene as a PNG.

use std::io::Write;

use tiny_skia::{FillRule, LineCap, LineJoin, Paint as Brush, Path, Pixmap, Stroke, StrokeDash, Transform};

use super::canvas::{Paint, Pen, Scene, Shape};
use super::colour::{Ink, WHITE};
use super::snap::snapped;
use super::style::HALO;
use crate::error::{Error, ErrorKind, Result};

/// CSS pixels in a metre: a logical pixel is 1/96 inch.
const LOGICAL_PER_METRE: f64 = 96.0 / 0.0254;

/// The scene as a PNG with `density` pixels to the logical pixel; the same scene gives the same bytes.
pub(super) fn png(scene: &Scene, density: f64) -> Result<Vec<u8>> {
    let side = |logical: u32| (f64::from(logical) * density).round() as u32;
    let mut pixmap = Pixmap::new(side(scene.size.0), side(scene.size.1)).ok_or_else(too_large)?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let mut easel = Easel { pixmap, density };
    for shape in &scene.shapes {
        easel.paint(shape);
    }
    encode(&easel.pixmap, density)
        .map_err(|why| Error::new(ErrorKind::File, format!("the picture could not be encoded as PNG: {why}")))
}

fn too_large() -> Error {
    Error::value("the picture does not fit in memory: choose a smaller size or density")
}

/// Pixels to paint on.
struct Easel {
    pixmap: Pixmap,
    density: f64,
}

impl Easel {
    fn paint(&mut self, shape: &Shape) {
        match &shape.paint {
            Paint::Fill(ink) => self.fill(&shape.path, *ink),
            Paint::Stroke(pen) => self.stroke(&snapped(&shape.path, pen.width, self.density), *pen),
            Paint::Text { ink, halo, .. } => {
                if *halo {
                    self.stroke(&shape.path, Pen::solid(WHITE, 2.0 * HALO));
                }
                self.fill(&shape.path, *ink);
            }
        }
    }

    fn fill(&mut self, path: &Path, ink: Ink) {
        self.pixmap.fill_path(path, &brush(ink), FillRule::Winding, self.transform(), None);
    }

    fn stroke(&mut self, path: &Path, pen: Pen) {
        let dash = pen.dash.and_then(|(dash, gap)| StrokeDash::new(vec![dash as f32, gap as f32], 0.0));
        let line_cap = if pen.dash.is_some() { LineCap::Butt } else { LineCap::Round };
        let stroke = Stroke { width: pen.width as f32, line_cap, line_join: LineJoin::Round, dash, miter_limit: 4.0 };
        self.pixmap.stroke_path(path, &brush(pen.ink), &stroke, self.transform(), None);
    }

    fn transform(&self) -> Transform {
        Transform::from_scale(self.density as f32, self.density as f32)
    }
}

fn brush(ink: Ink) -> Brush<'static> {
    let mut brush = Brush { anti_alias: true, ..Brush::default() };
    brush.set_color_rgba8(ink.0, ink.1, ink.2, (ink.3 * 255.0).round() as u8);
    brush
}

fn encode(pixmap: &Pixmap, density: f64) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    // The paper is white and opaque, so an alpha channel would only make the file larger.
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (density * LOGICAL_PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    // Flat colour repeats exactly, which a filter would hide; and what repeats is found at a low level too, in half the time.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_deflate_compression(png::DeflateCompression::Level(2));
    let mut writer = encoder.write_header()?;
    write_rows(pixmap, writer.stream_writer()?)?;
    writer.finish()?;
    Ok(bytes)
}

/// Row by row, so that the picture never stands in memory twice.
fn write_rows(
    pixmap: &Pixmap,
    mut stream: png::StreamWriter<&mut Vec<u8>>,
) -> std::result::Result<(), png::EncodingError> {
    let width = pixmap.width() as usize;
    let mut row = vec![[0; 3]; width];
    for pixels in pixmap.pixels().chunks_exact(width) {
        for (rgb, pixel) in row.iter_mut().zip(pixels) {
            *rgb = [pixel.red(), pixel.green(), pixel.blue()];
        }
        stream.write_all(row.as_flattened())?;
    }
    stream.finish()
}
