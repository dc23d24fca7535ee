//! The words in and beside a plot, placed so that they collide with nothing.

use super::artist::{Artist, Drawn};
use super::canvas::{Canvas, Pen, backend};
use super::colour::{Colour, Ink, SLATE, STONE};
use super::element::Element;
use super::font::Type;
use super::labels::{Crowd, Rect, spread};
use super::layer::{Layer, Mark};
use super::panel::SideLabel;
use super::style::{LABEL_GAP, MOMENT};
use super::text::Block;

/// A curve that ends further left than this part of the axis is labelled where it ends, not in the margin.
const AT_THE_END: f64 = 0.97;
/// A label moved further than this from what it names, in logical pixels, is led back to it by a line.
const FAR: f64 = 6.0;
/// A label in the plot whose edge is further than this from its point is led back to it by a line, logical pixels.
const AWAY: f64 = 16.0;
/// What a marker needs around its centre, logical pixels.
const CLEAR: f64 = 6.0;
/// How far labels in the margin may reach above and below the plot, logical pixels.
const OVERHANG: f64 = 8.0;

type Point = (f64, f64);

impl Artist<'_, '_> {
    pub(super) fn labels(&self) -> Drawn {
        let edge = self.plot.left + AT_THE_END * self.plot.width();
        let (margin, inside): (Vec<_>, Vec<_>) = self.side_labels().into_iter().partition(|(_, at)| at.0 >= edge);
        self.margin_labels(margin)?;
        let mut crowd = self.crowd();
        for moment in &self.moments {
            self.text(&moment.text, (moment.spot.left, moment.spot.top), true)?;
        }
        for (label, at) in inside {
            let style = (label.block.kind, label.block.ink);
            self.label_beside((&self.panel.chart.layers[label.layer].label, style), at, &mut crowd)?;
        }
        self.notes(&mut crowd)
    }

    /// The side labels of all layers that show anything, each with the place it names, in logical pixels.
    fn side_labels(&self) -> Vec<(SideLabel, Point)> {
        let named = |label: SideLabel| self.named(&label).map(|at| (label, at));
        self.panel.side_labels().into_iter().filter_map(named).collect()
    }

    fn named(&self, label: &SideLabel) -> Option<Point> {
        match &self.panel.chart.layers[label.layer].mark {
            Mark::Line(trace) | Mark::Dashes(trace) => self.end(&trace.0),
            Mark::Points(trace) => {
                trace.0.iter().rfind(|point| self.window.contains(**point)).map(|at| self.place(*at))
            }
            // A band's label hangs from its upper edge, so that it stands clear of the curve within.
            Mark::Band(_, high) => self.end(&high.0).map(|(x, y)| (x, y + 0.5 * label.block.height())),
            Mark::Level(level) if self.window.y.contains(*level) => Some(self.place((self.window.x.high, *level))),
            mark @ Mark::Doses(_) => Some((self.plot.right, self.plot.bottom - 5.0 - self.panel.height_of_doses(mark))),
            _ => None,
        }
    }

    /// Where the visible part of a line ends.
    fn end(&self, trace: &[Point]) -> Option<Point> {
        let pieces = self.window.line(trace);
        let last = pieces.last().and_then(|piece| piece.last());
        last.or(trace.last().filter(|point| self.window.contains(**point))).map(|at| self.place(*at))
    }

    /// From data to logical pixels.
    fn place(&self, (x, y): Point) -> Point {
        let (x, y) = (self.window.x.unit(x), self.window.y.unit(y));
        (self.plot.left + x * self.plot.width(), self.plot.bottom - y * self.plot.height())
    }

    fn margin_labels(&self, mut labels: Vec<(SideLabel, Point)>) -> Drawn {
        let span = (self.plot.top - OVERHANG, self.plot.bottom + OVERHANG);
        let hidden = leave_out(&mut labels, span.1 - span.0);
        let wanted: Vec<(f64, f64)> = labels.iter().map(|(label, at)| (at.1, label.block.height())).collect();
        for ((label, at), top) in labels.iter().zip(spread(&wanted, span)) {
            self.margin_label(label, at.1, top)?;
        }
        let more = if hidden > 0 { format!("and {hidden} more") } else { String::new() };
        let more = Block::wrapped(self.panel.fonts, &more, (Type::regular(11.0), STONE), f64::INFINITY);
        self.text(&more, (self.plot.right + LABEL_GAP, span.1 + 2.0), false)
    }

    fn margin_label(&self, label: &SideLabel, wanted: f64, top: f64) -> Drawn {
        let left = self.plot.right + LABEL_GAP;
        let middle = top + 0.5 * label.block.height();
        if label.indent > 0.0 {
            self.dose_mark((left + 4.0, middle + 3.4), 4.0, label.block.ink)?;
        } else if (middle - wanted).abs() > FAR {
            self.leader((self.plot.right + 1.5, wanted), (left - 2.5, middle), label.block.ink)?;
        }
        self.text(&label.block, (left + label.indent, top), false)
    }

    fn leader(&self, from: Point, to: Point, ink: Ink) -> Drawn {
        let pen = Pen::solid(ink, 1.0);
        let line = vec![backend(from.0, from.1), backend(to.0, to.1)];
        self.root.draw(&Element::new(line, |canvas: &mut Canvas, at: &[_]| canvas.stroke(at, pen)))
    }

    /// What is in the plot already.
    fn crowd(&self) -> Crowd {
        let mut crowd = Crowd::default();
        for layer in &self.panel.chart.layers {
            match &layer.mark {
                Mark::Line(trace) | Mark::Dashes(trace) => crowd.lines.extend(self.outline(&trace.0)),
                Mark::Level(y) => {
                    let level = [(self.window.x.low, *y), (self.window.x.high, *y)];
                    crowd.lines.extend(self.outline(&level));
                }
                Mark::Points(trace) => self.add_dots(&mut crowd, &trace.0),
                Mark::Note(point) => self.add_dots(&mut crowd, &[*point]),
                _ => {}
            }
        }
        for moment in &self.moments {
            crowd.lines.push(vec![(moment.x, moment.spot.bottom), (moment.x, self.plot.bottom)]);
            crowd.boxes.push(moment.spot);
        }
        crowd
    }

    fn outline(&self, trace: &[Point]) -> Vec<Vec<Point>> {
        let pieces = self.window.line(trace);
        pieces.into_iter().map(|piece| piece.into_iter().map(|at| self.place(at)).collect()).collect()
    }

    fn add_dots(&self, crowd: &mut Crowd, points: &[Point]) {
        let visible = points.iter().filter(|point| self.window.contains(**point));
        for at in visible.map(|point| self.place(*point)) {
            crowd.marks.push(at);
            crowd.boxes.push(Rect::at(at, (0.0, 0.0)).grown(2.0));
        }
    }

    fn notes(&self, crowd: &mut Crowd) -> Drawn {
        for layer in &self.panel.chart.layers {
            let Mark::Note(point) = layer.mark else { continue };
            if !self.window.contains(point) || !self.window.has_place(point) {
                continue;
            }
            self.ring(point, layer.colour.map_or_else(|| self.nearest_ink(point), Colour::ink))?;
            self.label_beside((&layer.label, MOMENT), self.place(point), crowd)?;
        }
        Ok(())
    }

    /// The colour of whatever passes closest to a point: what a note there is about.
    fn nearest_ink(&self, point: Point) -> Ink {
        let at = self.place(point);
        let apart = |other: &Point| {
            let (x, y) = self.place(*other);
            (x - at.0).hypot(y - at.1)
        };
        let nearest = |layer: &Layer| layer.traces().into_iter().flatten().map(apart).fold(f64::INFINITY, f64::min);
        let layers = self.panel.chart.layers.iter().zip(&self.panel.colours);
        let closest = layers.min_by(|a, b| nearest(a.0).total_cmp(&nearest(b.0)));
        closest.map_or(SLATE, |(_, colour)| colour.ink())
    }

    /// Writes a label near a point, broken into more lines if that keeps it clear, and takes its place from then on.
    fn label_beside(&self, (label, style): (&str, (Type, Ink)), at: Point, crowd: &mut Crowd) -> Drawn {
        let tried = [0.4, 0.22, 0.14].map(|part| {
            let block = Block::balanced(self.panel.fonts, label, style, (part * self.plot.width()).max(60.0));
            let (spot, cost) = crowd.place(at, (block.width, block.height()), &self.plot);
            (block, spot, cost)
        });
        let Some((block, spot, _)) = tried.into_iter().min_by_key(|(.., cost)| *cost) else { return Ok(()) };
        crowd.boxes.push(spot);
        let edge = (at.0.clamp(spot.left, spot.right), at.1.clamp(spot.top, spot.bottom));
        let away = (edge.0 - at.0).hypot(edge.1 - at.1);
        if away > AWAY {
            let from = (at.0 + CLEAR / away * (edge.0 - at.0), at.1 + CLEAR / away * (edge.1 - at.1));
            self.leader(from, edge, block.ink)?;
        }
        self.text(&block, (spot.left, spot.top), true)
    }
}

/// Takes away the last labels until the rest have room; says how many went.
fn leave_out(labels: &mut Vec<(SideLabel, Point)>, room: f64) -> usize {
    let all = labels.len();
    let mut used = 0.0;
    let fits = |(label, _): &&(SideLabel, Point)| {
        used += label.block.height();
        used <= room
    };
    let fitting = labels.iter().take_while(fits).count();
    labels.truncate(fitting);
    all - fitting
}
