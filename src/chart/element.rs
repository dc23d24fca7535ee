//! Our own plotters element: points that plotters maps, and a way to draw them on our canvas.

use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use super::canvas::Canvas;

/// What plotters' own elements cannot do: dashes that turn corners, letters with a halo.
pub(super) struct Element<Point, Paint> {
    points: Vec<Point>,
    paint: Paint,
}

impl<Point, Paint: Fn(&mut Canvas, &[BackendCoord])> Element<Point, Paint> {
    pub(super) fn new(points: Vec<Point>, paint: Paint) -> Self {
        Self { points, paint }
    }
}

impl<'a, Point: 'a, Paint> PointCollection<'a, Point> for &'a Element<Point, Paint> {
    type Point = &'a Point;
    type IntoIter = &'a [Point];

    fn point_iter(self) -> &'a [Point] {
        &self.points
    }
}

impl<'c, Point, Paint: Fn(&mut Canvas, &[BackendCoord])> Drawable<Canvas<'c>> for Element<Point, Paint> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        canvas: &mut Canvas<'c>,
        _size: (u32, u32),
    ) -> Result<(), DrawingErrorKind<std::convert::Infallible>> {
        let points: Vec<BackendCoord> = points.collect();
        (self.paint)(canvas, &points);
        Ok(())
    }
}
