//! Where labels go: in the right margin without overlap, and beside a point where there is room.

use super::clip::overlap;

/// A rectangle in logical pixels, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    pub(super) fn at((left, top): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self { left, top, right: left + width, bottom: top + height }
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(super) fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    pub(super) fn touches(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether the segment between two points runs through.
    fn is_crossed(&self, (a, b): ((f64, f64), (f64, f64))) -> bool {
        let x = |point: (f64, f64)| (point.0 - self.left) / self.width();
        let y = |point: (f64, f64)| (point.1 - self.top) / self.height();
        let (enter, leave) = overlap((x(a), x(b)), overlap((y(a), y(b)), (0.0, 1.0)));
        enter <= leave
    }
}

/// Tops for labels of the given (wanted centre, height), in the given order, so that none overlap, all lie
/// within `span` as far as there is room, and each is as near as can be to where it wants to be.
pub(super) fn spread(labels: &[(f64, f64)], span: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels[a].0.total_cmp(&labels[b].0));
    let mut piles: Vec<Pile> = Vec::new();
    for &i in &order {
        let (centre, height) = labels[i];
        let mut pile = Pile { wanted: centre - 0.5 * height, count: 1.0, height };
        while let Some(above) = piles.pop_if(|above| above.top(span) + above.height > pile.top(span)) {
            pile = above.with(&pile);
        }
        piles.push(pile);
    }
    tops(labels, &order, &piles.iter().map(|pile| (pile.top(span), pile.count)).collect::<Vec<_>>())
}

/// Labels that touch and move as one: the pooling of adjacent violators known from isotonic regression.
struct Pile {
    /// Sum over the labels of the top the pile would have if that label lay where it wants to.
    wanted: f64,
    count: f64,
    height: f64,
}

impl Pile {
    fn top(&self, (top, bottom): (f64, f64)) -> f64 {
        (self.wanted / self.count).min(bottom - self.height).max(top)
    }

    fn with(&self, below: &Self) -> Self {
        Self {
            wanted: self.wanted + below.wanted - below.count * self.height,
            count: self.count + below.count,
            height: self.height + below.height,
        }
    }
}

/// Stacks the labels of every pile from its top.
fn tops(labels: &[(f64, f64)], order: &[usize], piles: &[(f64, f64)]) -> Vec<f64> {
    let mut tops = vec![0.0; labels.len()];
    let mut next = order.iter();
    for &(mut top, count) in piles {
        for &i in next.by_ref().take(count as usize) {
            tops[i] = top;
            top += labels[i].1;
        }
    }
    tops
}

/// What a label beside a point must stay clear of.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    pub(super) lines: Vec<Vec<(f64, f64)>>,
    pub(super) boxes: Vec<Rect>,
    /// Markers, near which a label would seem to be theirs.
    pub(super) marks: Vec<(f64, f64)>,
}

/// How near to a marker a label seems to belong to it, logical pixels.
const NEAR: f64 = 10.0;

impl Crowd {
    /// A place for a label of the given size near `point`, inside `bounds`, where it collides with least; and
    /// how bad it is there, zero being free.
    pub(super) fn place(&self, point: (f64, f64), size: (f64, f64), bounds: &Rect) -> (Rect, usize) {
        let outside = |spot: &Rect| if bounds.holds(spot) { 0 } else { 100_000 };
        let cost = |spot: &Rect| self.collisions(spot) + 2 * self.strangers(spot, point) + outside(spot);
        // `min_by_key` keeps the first of equals, so spots are listed from the best to the worst.
        let tried = spots(point, size).into_iter().map(|spot| (spot, cost(&spot)));
        tried.min_by_key(|(_, cost)| *cost).unwrap_or((Rect::at(point, size), 0))
    }

    fn collisions(&self, spot: &Rect) -> usize {
        let spot = spot.grown(3.0);
        let boxes = self.boxes.iter().filter(|taken| taken.touches(&spot)).count();
        let segments = self.lines.iter().flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1])));
        1_000 * boxes + segments.filter(|segment| spot.is_crossed(*segment)).count().min(999)
    }

    /// How many markers other than its own a label would stand next to.
    fn strangers(&self, spot: &Rect, own: (f64, f64)) -> usize {
        let near = spot.grown(NEAR);
        self.marks.iter().filter(|mark| **mark != own && near.touches(&Rect::at(**mark, (0.0, 0.0)))).count()
    }
}

/// Spots for a label around a point, from the best to the worst: above to the right, then further round and out.
fn spots((x, y): (f64, f64), (width, height): (f64, f64)) -> Vec<Rect> {
    let mut spots = Vec::new();
    for far in [5.0, 12.0, 24.0, 40.0, 64.0, 96.0] {
        let (right, left, middle) = (x + 4.0, x - width - 4.0, x - 0.5 * width);
        let (above, below, level) = (y - height - far, y + far, y - 0.5 * height);
        let around = [(right, above), (middle, above), (left, above), (x + far + 3.0, level)];
        let around = around.into_iter().chain([(right, below), (middle, below), (left, below), (left - far, level)]);
        spots.extend(around.map(|corner| Rect::at(corner, (width, height))));
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_far_apart_stay_where_they_want_to_be() {
        assert_eq!(spread(&[(100.0, 16.0), (50.0, 16.0)], (0.0, 200.0)), [92.0, 42.0]);
    }

    #[test]
    fn labels_close_together_are_pushed_apart_evenly() {
        assert_eq!(
            spread(&[(100.0, 16.0), (100.0, 16.0), (101.0, 16.0)], (0.0, 200.0)),
            [76.333_333_333_333_33, 92.333_333_333_333_33, 108.333_333_333_333_33]
        );
    }

    #[test]
    fn labels_never_overlap_and_stay_inside_while_there_is_room() {
        for seed in 0..200_u64 {
            let number = |i: u64| ((seed * 31 + i * 17) * 7919 % 1000) as f64 / 1000.0;
            let labels: Vec<(f64, f64)> =
                (0..9).map(|i| (number(i) * 300.0 - 20.0, 12.0 + 20.0 * number(i + 50))).collect();
            let tops = spread(&labels, (0.0, 300.0));
            let mut boxes: Vec<(f64, f64)> =
                tops.iter().zip(&labels).map(|(top, label)| (*top, top + label.1)).collect();
            boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(boxes.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 1e-9), "{boxes:?}");
            assert!(boxes[0].0 >= 0.0 && boxes[8].1 <= 300.0 + 1e-9, "{boxes:?}");
        }
    }

    #[test]
    fn a_note_avoids_lines_and_other_labels() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 400.0, bottom: 300.0 };
        let line = vec![(0.0, 80.0), (400.0, 80.0)];
        let crowd = Crowd { lines: vec![line], boxes: vec![Rect::at((0.0, 0.0), (400.0, 60.0))], ..Crowd::default() };
        let (spot, cost) = crowd.place((200.0, 80.0), (90.0, 16.0), &bounds);
        assert_eq!(cost, 0, "{spot:?}");
        assert!(bounds.holds(&spot));
    }

    #[test]
    fn a_label_stands_next_to_no_marker_but_its_own() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 400.0, bottom: 300.0 };
        let (own, other) = ((200.0, 150.0), (260.0, 130.0));
        let crowd = Crowd { marks: vec![own, other], ..Crowd::default() };
        let (spot, cost) = crowd.place(own, (90.0, 16.0), &bounds);
        assert_eq!(cost, 0, "{spot:?}");
        assert!(!spot.grown(9.0).touches(&Rect::at(other, (0.0, 0.0))), "{spot:?}");
    }
}
