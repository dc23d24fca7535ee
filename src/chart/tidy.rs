//! Whole charts laid out: no text may leave the canvas or lie on another.

use super::canvas::{Paint, Shape};
use super::description::Chart;
use super::labels::Rect;
use crate::regimen::Dose;

/// The box of every text in a chart, with the text.
fn texts(chart: &Chart) -> Vec<(String, Rect)> {
    let scene = chart.scene().expect("a chart that can be drawn");
    let text = |shape: &Shape| match &shape.paint {
        Paint::Text { text, .. } => {
            let bounds = shape.path.bounds();
            let corner = (f64::from(bounds.left()), f64::from(bounds.top()));
            Some((text.clone(), Rect::at(corner, (f64::from(bounds.width()), f64::from(bounds.height())))))
        }
        _ => None,
    };
    scene.shapes.iter().filter_map(text).collect()
}

fn assert_tidy(chart: &Chart) {
    let (width, height) = chart.page.size;
    let canvas = Rect::at((0.0, 0.0), (f64::from(width), f64::from(height)));
    let texts = texts(chart);
    for (i, (text, spot)) in texts.iter().enumerate() {
        assert!(canvas.holds(spot), "\"{text}\" leaves the canvas: {spot:?}");
        for (other, taken) in &texts[i + 1..] {
            assert!(!spot.touches(taken), "\"{text}\" lies on \"{other}\": {spot:?} {taken:?}");
        }
    }
}

fn decay(half_life: f64) -> Vec<(f64, f64)> {
    (0..=240).map(|t| (f64::from(t), 8.0 * (-f64::from(t) / half_life).exp2())).collect()
}

fn full() -> Chart {
    Chart::new("Menaquinone-7, 180 µg once a day, with a title that is so long that it needs another line or two")
        .subtitle("Nominal parameters")
        .caption("What is contested about them, and what is not, and why that matters to a reader. ".repeat(3))
        .band("72–96 h", decay(72.0), decay(96.0))
        .curve("84 h", decay(84.0))
        .curve("85 h", decay(85.0))
        .dashed("86 h", decay(86.0))
        .points("observed", [(24.0, 6.5), (48.0, 5.5), (72.0, 4.4)])
        .level("A level with a label that has to be wrapped, 1.1 µg/L", 1.1)
        .level("Another, 1.2 µg/L", 1.2)
        .moment("A day and a half", 36.0)
        .moment("Two days", 48.0)
        .moment("At the end", 239.0)
        .note("half is left", (84.0, 4.0))
        .doses(Dose::of(180.0).every(24.0))
}

#[test]
fn no_text_is_clipped_or_lies_on_another() {
    assert_tidy(&full());
    assert_tidy(&full().log_scale());
    assert_tidy(&full().size(700, 520));
    assert_tidy(&full().x_range(30.0..=60.0).y_range(1.0..=7.0));
}

#[test]
fn many_curves_that_end_together_keep_their_labels_apart() {
    for count in [2, 9, 20, 60] {
        let curve = |chart: Chart, i: i32| chart.curve(format!("curve {i}"), decay(84.0 + f64::from(i) / 10.0));
        assert_tidy(&(0..count).fold(Chart::new("Many"), curve));
    }
}

#[test]
fn a_profile_with_an_open_end_is_tidy() {
    let curve: Vec<(f64, f64)> =
        (1..=40).map(|i| (10.0 * f64::from(i), (f64::from(i) / 6.0).ln().abs() * 2.0)).collect();
    let open = crate::fit::Interval {
        estimate: 60.0,
        low: Some(25.0),
        high: None,
        level: 0.95,
        reason: "this quantity has no upper end: at 400 the best fit of the rest is worse by only 3.79".to_owned(),
        curve,
        allowed: 3.84,
        wald: Some((30.0, 120.0)),
    };
    let closed = crate::fit::Interval { high: Some(380.0), reason: String::new(), allowed: 3.7, ..open.clone() };
    for interval in [&open, &closed] {
        assert_tidy(&Chart::xy("Half-life").x_label("Half-life (h)").profile_likelihood(interval));
        assert_tidy(&Chart::xy("Half-life").x_label("Half-life (h)").profile_likelihood(interval).size(500, 400));
    }
}

#[test]
fn a_forest_of_which_nothing_is_told_is_tidy() {
    for value in [1.0, 0.0, -3.0] {
        assert_tidy(&Chart::forest("Estimates", [("cl", [value; 3]), ("v", [value; 3])], value));
    }
}
