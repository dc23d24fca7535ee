//! What of a curve or band lies inside the axes.
//!
//! plotters maps to whole numbers of a sixteenth of a pixel and cuts them off at the canvas, which would bend
//! a line that leaves the axes, so lines and areas are cut here, in units of the axes.

use super::scale::Scale;

/// Both axes of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) x: Scale,
    pub(super) y: Scale,
}

type Point = (f64, f64);

impl Window {
    /// Both coordinates in units of the axes; what lies absurdly far out is brought near enough to calculate with.
    fn unit(&self, (x, y): Point) -> Point {
        const FAR: f64 = 1e9;
        (self.x.unit(x).clamp(-FAR, FAR), self.y.unit(y).clamp(-FAR, FAR))
    }

    fn value(&self, (x, y): Point) -> Point {
        (self.x.value(x), self.y.value(y))
    }

    pub(super) fn contains(&self, (x, y): Point) -> bool {
        self.x.contains(x) && self.y.contains(y)
    }

    /// Whether a point can be drawn at all: zero and less have no place on a logarithmic axis.
    pub(super) fn has_place(&self, (x, y): Point) -> bool {
        (!self.x.log || x > 0.0) && (!self.y.log || y > 0.0)
    }

    /// The pieces of a line that lie inside.
    pub(super) fn line(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = self.segment(pair[0], pair[1]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// The part of a segment that lies inside, after Liang and Barsky (1984).
    fn segment(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        if !self.has_place(from) || !self.has_place(to) {
            return None;
        }
        if self.contains(from) && self.contains(to) {
            return Some((from, to));
        }
        let (a, b) = (self.unit(from), self.unit(to));
        let (enter, leave) = overlap((a.0, b.0), overlap((a.1, b.1), (0.0, 1.0)));
        let at = |s: f64| self.value((mix(a.0, b.0, s), mix(a.1, b.1, s)));
        let start = if self.contains(from) { from } else { at(enter) };
        let end = if self.contains(to) { to } else { at(leave) };
        (enter < leave).then_some((start, end))
    }

    /// The part of a closed area that lies inside, after Sutherland and Hodgman (1974).
    pub(super) fn area(&self, corners: &[Point]) -> Vec<Point> {
        if corners.iter().all(|&corner| self.contains(corner)) {
            return corners.to_vec();
        }
        let mut area: Vec<Point> = corners.iter().map(|&corner| self.unit(corner)).collect();
        area = cut(&area, |p| p.0, |p, q, s| (0.0, mix(p.1, q.1, s)));
        area = cut(&area, |p| 1.0 - p.0, |p, q, s| (1.0, mix(p.1, q.1, s)));
        area = cut(&area, |p| p.1, |p, q, s| (mix(p.0, q.0, s), 0.0));
        area = cut(&area, |p| 1.0 - p.1, |p, q, s| (mix(p.0, q.0, s), 1.0));
        area.into_iter().map(|corner| self.value(corner)).collect()
    }
}

fn mix(from: f64, to: f64, s: f64) -> f64 {
    from + s * (to - from)
}

/// The stretch of `within` over which a coordinate going from `from` to `to` lies in 0 to 1.
pub(super) fn overlap((from, to): Point, (enter, leave): Point) -> Point {
    let step = to - from;
    if step == 0.0 {
        return if (0.0..=1.0).contains(&from) { (enter, leave) } else { (1.0, 0.0) };
    }
    let (at0, at1) = (-from / step, (1.0 - from) / step);
    (enter.max(at0.min(at1)), leave.min(at0.max(at1)))
}

/// Cuts off the corners for which `inside` is negative; `crossing(p, q, s)` is the point a fraction `s` from p to q.
fn cut(area: &[Point], inside: impl Fn(Point) -> f64, crossing: impl Fn(Point, Point, f64) -> Point) -> Vec<Point> {
    let mut kept = Vec::with_capacity(area.len() + 4);
    for (i, &corner) in area.iter().enumerate() {
        let before = area[(i + area.len() - 1) % area.len()];
        let (a, b) = (inside(before), inside(corner));
        if (a < 0.0) != (b < 0.0) {
            kept.push(crossing(before, corner, a / (a - b)));
        }
        if b >= 0.0 {
            kept.push(corner);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { x: Scale::linear(0.0, 8.0), y: Scale::linear(0.0, 8.0) };

    #[test]
    fn a_line_is_cut_where_it_leaves_and_taken_up_where_it_returns() {
        let pieces = WINDOW.line(&[(0.0, 4.0), (2.0, 12.0), (4.0, 4.0), (20.0, 4.0)]);
        assert_eq!(pieces, [vec![(0.0, 4.0), (1.0, 8.0)], vec![(3.0, 8.0), (4.0, 4.0), (8.0, 4.0)]]);
        assert!(WINDOW.line(&[(0.0, 12.0), (8.0, 11.0)]).is_empty());
        assert!(WINDOW.line(&[(0.0, 5.0)]).is_empty());
    }

    #[test]
    fn an_area_is_cut_at_the_axes() {
        let area = WINDOW.area(&[(0.0, 4.0), (8.0, 4.0), (8.0, 1e300), (0.0, 1e300)]);
        assert_eq!(area.len(), 4);
        assert!(area.iter().all(|&corner| WINDOW.contains(corner)));
        assert!(WINDOW.area(&[(20.0, 0.0), (30.0, 0.0), (25.0, 5.0)]).is_empty());
    }

    #[test]
    fn zero_leaves_a_gap_on_a_logarithmic_x_axis() {
        let window = Window { x: Scale::log(1.0, 100.0), y: Scale::linear(0.0, 4.0) };
        let pieces = window.line(&[(0.0, 1.0), (1.0, 1.0), (10.0, 2.0), (1e3, 4.0)]);
        assert_eq!(pieces.len(), 1);
        let last = pieces[0][2];
        assert_eq!(pieces[0][..2], [(1.0, 1.0), (10.0, 2.0)]);
        // Halfway in the logarithm is halfway along the line.
        assert!((last.0 - 100.0).abs() < 1e-12 && (last.1 - 3.0).abs() < 1e-12, "{last:?}");
    }

    #[test]
    fn zero_leaves_a_gap_on_a_logarithmic_axis() {
        let window = Window { x: Scale::linear(0.0, 4.0), y: Scale::log(1.0, 100.0) };
        let pieces = window.line(&[(0.0, 0.0), (1.0, 10.0), (2.0, 20.0), (3.0, 0.0), (4.0, 5.0)]);
        assert_eq!(pieces, [vec![(1.0, 10.0), (2.0, 20.0)]]);
    }
}
