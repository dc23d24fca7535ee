//! Straight lines brought onto the pixel grid, so that an axis is crisp and not a grey smear.

use tiny_skia::{Path, PathBuilder, PathSegment, Point};

/// The path itself, or, if it is one level or upright line, the same line with its edges between pixels.
pub(super) fn snapped(path: &Path, width: f64, density: f64) -> Path {
    let snap = |v: f32| snap(f64::from(v), width, density) as f32;
    let moved = match ends(path) {
        Some((from, to)) if from.y - to.y == 0.0 => line((from.x, snap(from.y)), (to.x, snap(to.y))),
        Some((from, to)) if from.x - to.x == 0.0 => line((snap(from.x), from.y), (snap(to.x), to.y)),
        _ => None,
    };
    moved.unwrap_or_else(|| path.clone())
}

/// The nearest coordinate about which a line of `width` fills whole pixels.
fn snap(coordinate: f64, width: f64, density: f64) -> f64 {
    let pixels = (width * density).round().max(1.0);
    let offset = if pixels % 2.0 == 0.0 { 0.0 } else { 0.5 };
    ((coordinate * density - offset).round() + offset) / density
}

fn ends(path: &Path) -> Option<(Point, Point)> {
    let mut segments = path.segments();
    match (segments.next(), segments.next(), segments.next()) {
        (Some(PathSegment::MoveTo(from)), Some(PathSegment::LineTo(to)), None) => Some((from, to)),
        _ => None,
    }
}

fn line(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fill_whole_pixels() {
        assert!((snap(10.3, 1.0, 1.0) - 10.5).abs() < 1e-12);
        assert!((snap(10.3, 1.0, 2.0) - 10.5).abs() < 1e-12);
        assert!((snap(10.3, 2.0, 1.0) - 10.0).abs() < 1e-12);
        assert!((snap(10.3, 1.5, 2.0) - 10.25).abs() < 1e-12);
    }
}
