//! What draws: a measured panel, plotters' mapping of it, and the strokes and words that everything in it is made of.

use std::convert::Infallible;

use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::{Color, ShapeStyle};

use super::axis::Axis;
use super::canvas::{Canvas, Pen, SUB, backend};
use super::clip::Window;
use super::colour::{AXIS, Ink, WHITE};
use super::element::Element;
use super::labels::Rect;
use super::moments::Moment;
use super::page::Root;
use super::panel::Panel;
use super::style::{HAIRLINE, TICK};
use super::text::Block;

pub(super) type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;

/// The radius of a marker, and the width of the line of a ring.
const MARKER: f64 = 3.5;
const RING: f64 = 1.75;
/// The radius of one of many dots.
const DOT: f64 = 2.4;
const DOT_OPACITY: f64 = 0.5;

/// Everything at hand while a panel is drawn.
pub(super) struct Artist<'a, 'c> {
    pub(super) panel: &'a Panel<'a>,
    pub(super) root: &'a Root<'c>,
    /// plotters' mapping from data to canvas.
    pub(super) area: DrawingArea<Canvas<'c>, Cartesian2d<Axis, Axis>>,
    pub(super) window: Window,
    pub(super) plot: Rect,
    pub(super) moments: Vec<Moment>,
    pub(super) x: Axis,
}

impl<'a, 'c> Artist<'a, 'c> {
    pub(super) fn new(panel: &'a Panel<'a>, root: &'a Root<'c>) -> Self {
        let (plot, x) = (panel.plot(), panel.x_axis());
        let ((left, top), (right, bottom)) = (backend(plot.left, plot.top), backend(plot.right, plot.bottom));
        let mapping = Cartesian2d::new(x.clone(), panel.y.clone(), (left..right, bottom..top));
        let window = Window { x: x.scale, y: panel.y.scale };
        Self { panel, root, area: root.apply_coord_spec(mapping), window, plot, moments: panel.moments(), x }
    }

    /// A line through points of the data.
    pub(super) fn stroke(&self, points: Vec<(f64, f64)>, pen: Pen) -> Drawn {
        self.area.draw(&Element::new(points, move |canvas: &mut Canvas, at: &[_]| canvas.stroke(at, pen)))
    }

    /// A dot with a white rim, which keeps it apart from its neighbours and from lines.
    pub(super) fn marker(&self, point: (f64, f64), ink: Ink) -> Drawn {
        if !self.window.contains(point) {
            return Ok(());
        }
        self.area.draw(&Circle::new(point, subpixels(MARKER + 1.0), WHITE.filled()))?;
        self.area.draw(&Circle::new(point, subpixels(MARKER), ink.filled()))
    }

    /// A small dot that lets others show through: one of many.
    pub(super) fn dot(&self, point: (f64, f64), ink: Ink) -> Drawn {
        if !self.window.contains(point) {
            return Ok(());
        }
        self.area.draw(&Circle::new(point, subpixels(DOT), ink.mix(DOT_OPACITY).filled()))
    }

    /// A ring, which shows what it is about.
    pub(super) fn ring(&self, point: (f64, f64), ink: Ink) -> Drawn {
        self.area.draw(&Circle::new(point, subpixels(MARKER + 0.5), WHITE.filled()))?;
        self.area.draw(&Circle::new(point, subpixels(MARKER + 0.5), style(ink, RING)))
    }

    /// A triangle that points down at (x, y).
    pub(super) fn dose_mark(&self, (x, y): (f64, f64), half: f64, ink: Ink) -> Drawn {
        let top = y - 1.7 * half;
        let corners = vec![backend(x - half, top), backend(x + half, top), backend(x, y)];
        self.root.draw(&Polygon::new(corners, ink.filled()))
    }

    /// A hairline of the axes, from one place on paper to another.
    pub(super) fn rule(&self, from: (f64, f64), to: (f64, f64)) -> Drawn {
        let line = vec![backend(from.0, from.1), backend(to.0, to.1)];
        self.root.draw(&PathElement::new(line, style(AXIS, HAIRLINE)))
    }

    /// A label of a tick.
    pub(super) fn line_of(&self, text: &str) -> Block {
        Block::wrapped(self.panel.fonts, text, TICK, f64::INFINITY)
    }

    /// Writes a block from its left upper corner; with a halo where it may cross a line.
    pub(super) fn text(&self, block: &Block, corner: (f64, f64), halo: bool) -> Drawn {
        text(self.root, block, (corner, halo))
    }

    /// Writes a block that reads upwards, its first line's edge at `left`, centred on `middle`.
    pub(super) fn upright(&self, block: &Block, (left, middle): (f64, f64)) -> Drawn {
        block.lines.iter().enumerate().try_for_each(|(i, line)| {
            let width = self.panel.fonts.width(line, block.kind);
            let at = vec![backend(left + block.baseline(i), middle + 0.5 * width)];
            self.root.draw(&Element::new(at, |canvas: &mut Canvas, at: &[(i32, i32)]| {
                let path = canvas.letters(line, block.kind, (at[0], -90.0));
                canvas.write(path, line, (block.ink, false));
            }))
        })
    }
}

/// Writes blocks below each other from a left upper corner.
pub(super) fn heading(root: &Root, blocks: &[Block], (left, mut top): (f64, f64)) -> Drawn {
    for block in blocks {
        text(root, block, ((left, top), false))?;
        top += block.height();
    }
    Ok(())
}

fn text(root: &Root, block: &Block, ((left, top), halo): ((f64, f64), bool)) -> Drawn {
    block.lines.iter().enumerate().try_for_each(|(i, line)| {
        let at = vec![backend(left, top + block.baseline(i))];
        root.draw(&Element::new(at, |canvas: &mut Canvas, at: &[(i32, i32)]| {
            let path = canvas.letters(line, block.kind, (at[0], 0.0));
            canvas.write(path, line, (block.ink, halo));
        }))
    })
}

fn subpixels(length: f64) -> i32 {
    (length * SUB).round() as i32
}

/// A line of `width` logical pixels.
pub(super) fn style(ink: Ink, width: f64) -> ShapeStyle {
    ink.stroke_width(subpixels(width) as u32)
}
