//! A measured chart drawn through plotters, from back to front.

use plotters::coord::cartesian::MeshLine;
use plotters::element::Polygon;
use plotters::series::LineSeries;
use plotters::style::Color;

use super::artist::{Artist, Drawn, heading, style};
use super::axis::Axis;
use super::canvas::{Canvas, Pen, backend};
use super::colour::{GRID, Ink, STONE};
use super::element::Element;
use super::labels::Rect;
use super::layer::Mark;
use super::page::{self, Root};
use super::panel::Panel;
use super::style::{CAPTION_GAP, HAIRLINE, TICK, TICK_GAP, TICK_LENGTH};
use crate::error::Result;

const CURVE: f64 = 2.0;
const GUIDE: f64 = 1.5;
const BAND_OPACITY: f64 = 0.16;
const ZONE_OPACITY: f64 = 0.10;
const WHISKER_OPACITY: f64 = 0.45;
/// More points than these are drawn as small dots.
const MANY: usize = 60;
const DASHES: (f64, f64) = (7.0, 4.5);
const DOTS: (f64, f64) = (1.5, 3.0);

/// Draws a measured chart.
pub(super) fn draw(panel: &Panel, root: &Root) -> Result<()> {
    Artist::new(panel, root).draw().map_err(page::undrawn)
}

impl Artist<'_, '_> {
    fn draw(&self) -> Drawn {
        self.head()?;
        self.grid()?;
        self.each(Self::bands)?;
        self.each(Self::levels)?;
        self.moment_lines()?;
        self.axes()?;
        self.each(Self::whiskers)?;
        self.each(Self::lines)?;
        self.each(Self::points)?;
        self.each(Self::dose_marks)?;
        self.labels()
    }

    /// Draws every layer's share of one depth.
    fn each(&self, draw: fn(&Self, &Mark, Ink) -> Drawn) -> Drawn {
        let inks = self.panel.colours.iter().map(|colour| colour.ink());
        self.panel.chart.layers.iter().zip(inks).try_for_each(|(layer, ink)| draw(self, &layer.mark, ink))
    }

    fn head(&self) -> Drawn {
        heading(self.root, &self.panel.head, (self.plot.left, self.panel.outer.top))?;
        let caption = &self.panel.caption;
        self.text(caption, (self.plot.left, self.panel.outer.bottom - caption.height()), false)
    }

    /// Level lines only: they carry the reading, upright ones would only fence the curves in.
    fn grid(&self) -> Drawn {
        let style = style(GRID, HAIRLINE);
        let level = |canvas: &mut Canvas, line: MeshLine<Axis, Axis>| match line {
            MeshLine::YMesh(..) => line.draw(canvas, &style),
            MeshLine::XMesh(..) => Ok(()),
        };
        self.area.draw_mesh(level, self.panel.y.ticks.len(), 0)
    }

    fn bands(&self, mark: &Mark, ink: Ink) -> Drawn {
        let (low, high) = match mark {
            Mark::Band(low, high) => (low, high),
            Mark::Zone(low, high) => return self.zone((*low, *high), ink),
            _ => return Ok(()),
        };
        // On a logarithmic axis a low edge at zero lies below everything, so the band reaches the bottom.
        let corners: Vec<(f64, f64)> = low.0.iter().chain(high.0.iter().rev()).copied().collect();
        self.area.draw(&Polygon::new(self.window.area(&corners), ink.mix(BAND_OPACITY).filled()))
    }

    /// What of a zone lies within the plot, from the bottom to the top.
    fn zone(&self, (low, high): (f64, f64), ink: Ink) -> Drawn {
        let (left, right) = (low.max(self.window.x.low), high.min(self.window.x.high));
        let (bottom, top) = (self.window.y.low, self.window.y.high);
        if left >= right {
            return Ok(());
        }
        let corners = vec![(left, bottom), (right, bottom), (right, top), (left, top)];
        self.area.draw(&Polygon::new(corners, ink.mix(ZONE_OPACITY).filled()))
    }

    fn levels(&self, mark: &Mark, ink: Ink) -> Drawn {
        let Mark::Level(level) = mark else { return Ok(()) };
        if !self.window.y.contains(*level) {
            return Ok(());
        }
        let dash = Some(fitted(DASHES, self.plot.width()));
        let ends = vec![(self.window.x.low, *level), (self.window.x.high, *level)];
        self.stroke(ends, Pen { ink, width: GUIDE, dash })
    }

    /// The lines of moments, from the axis up to their texts.
    fn moment_lines(&self) -> Drawn {
        let pen = Pen { ink: STONE, width: GUIDE, dash: Some(DOTS) };
        self.moments.iter().filter(|moment| moment.line).try_for_each(|moment| {
            let ends = vec![backend(moment.x, self.plot.bottom), backend(moment.x, moment.spot.bottom + 1.0)];
            self.root.draw(&Element::new(ends, |canvas: &mut Canvas, at: &[_]| canvas.stroke(at, pen)))
        })
    }

    fn lines(&self, mark: &Mark, ink: Ink) -> Drawn {
        let (trace, dash) = match mark {
            Mark::Line(trace) => (&trace.0, None),
            Mark::Dashes(trace) => (&trace.0, Some(DASHES)),
            _ => return Ok(()),
        };
        if let [point] = trace[..] {
            return self.marker(point, ink);
        }
        for piece in self.window.line(trace) {
            if dash.is_some() {
                self.stroke(piece, Pen { ink, width: CURVE, dash })?;
            } else {
                LineSeries::new(piece, style(ink, CURVE)).try_for_each(|element| self.area.draw(&element))?;
            }
        }
        Ok(())
    }

    fn whiskers(&self, mark: &Mark, ink: Ink) -> Drawn {
        let Mark::Whiskers(low, high) = mark else { return Ok(()) };
        let style = style(ink.mix(WHISKER_OPACITY), CURVE);
        for (from, to) in low.0.iter().zip(&high.0) {
            for piece in self.window.line(&[*from, *to]) {
                LineSeries::new(piece, style).try_for_each(|element| self.area.draw(&element))?;
            }
        }
        Ok(())
    }

    fn points(&self, mark: &Mark, ink: Ink) -> Drawn {
        let Mark::Points(trace) = mark else { return Ok(()) };
        let draw = if trace.0.len() > MANY { Self::dot } else { Self::marker };
        trace.0.iter().try_for_each(|point| draw(self, *point, ink))
    }

    fn dose_marks(&self, mark: &Mark, ink: Ink) -> Drawn {
        let Mark::Doses(regimen) = mark else { return Ok(()) };
        let doses = self.panel.doses(regimen);
        let bottom = self.plot.bottom - 2.0 - self.panel.height_of_doses(mark);
        doses.times.iter().try_for_each(|time| {
            let x = self.plot.left + self.window.x.unit(*time) * self.plot.width();
            self.dose_mark((x, bottom), doses.half_width, ink)
        })
    }

    fn axes(&self) -> Drawn {
        let Rect { left, bottom, right, top } = self.plot;
        self.rule((left, top), (left, bottom))?;
        self.rule((left, bottom), (right, bottom))?;
        self.x_ticks()?;
        self.y_ticks()?;
        self.axis_names()
    }

    fn x_ticks(&self) -> Drawn {
        for tick in &self.x.ticks {
            let x = self.plot.left + self.x.scale.unit(tick.value) * self.plot.width();
            self.rule((x, self.plot.bottom), (x, self.plot.bottom + TICK_LENGTH))?;
            let label = self.line_of(&tick.label);
            let top = self.plot.bottom + TICK_LENGTH + TICK_GAP - 0.5 * (label.leading() - TICK.0.size);
            self.text(&label, (x - 0.5 * label.width, top), false)?;
        }
        Ok(())
    }

    fn y_ticks(&self) -> Drawn {
        for tick in &self.panel.y.ticks {
            let y = self.plot.bottom - self.panel.y.scale.unit(tick.value) * self.plot.height();
            let length = if tick.label.is_empty() { 0.6 * TICK_LENGTH } else { TICK_LENGTH };
            self.rule((self.plot.left - length, y), (self.plot.left, y))?;
            let label = self.line_of(&tick.label);
            let right = self.plot.left - TICK_LENGTH - TICK_GAP;
            self.text(&label, (right - label.width, y - 0.5 * label.height()), false)?;
        }
        Ok(())
    }

    fn axis_names(&self) -> Drawn {
        let (x_label, y_label) = (&self.panel.x_label, &self.panel.y_label);
        let caption = self.panel.caption.height();
        let gap = if caption > 0.0 { CAPTION_GAP } else { 0.0 };
        let middle = 0.5 * (self.plot.left + self.plot.right);
        let top = self.panel.outer.bottom - caption - gap - x_label.height();
        self.text(x_label, (middle - 0.5 * x_label.width, top), false)?;
        self.upright(y_label, (self.panel.outer.left, 0.5 * (self.plot.top + self.plot.bottom)))
    }
}

/// Dashes stretched a little so that a line of `length` begins and ends with a whole one.
fn fitted((dash, gap): (f64, f64), length: f64) -> (f64, f64) {
    let count = ((length + gap) / (dash + gap)).round().max(1.0);
    let stretch = length / (count * (dash + gap) - gap);
    (dash * stretch, gap * stretch)
}
