//! One chart measured out: how much room its texts take, and what is left for the plot.

use super::axis::Axis;
use super::colour::{Colour, SLATE, STONE};
use super::description::Chart;
use super::doses::Doses;
use super::font::{Fonts, Type};
use super::labels::Rect;
use super::layer::{self, Layer, Mark};
use super::moments::{self, Moment};
use super::ranges;
use super::scale::Scale;
use super::style::{
    AXIS_LABEL, AXIS_LABEL_GAP, CAPTION, CAPTION_GAP, LABEL_GAP, SUBTITLE, TEXT_INSET, TICK, TICK_GAP, TICK_LENGTH,
    TITLE,
};
use super::text::Block;
use crate::error::{Error, Result};
use crate::regimen::Regimen;

/// The least a plot can be, logical pixels.
const LEAST: (f64, f64) = (60.0, 40.0);

/// Whether a chart is the whole picture or one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Whole,
    Part,
}

/// A label for the right margin, not yet placed: wanted at the height of a value of its layer.
pub(super) struct SideLabel {
    pub(super) layer: usize,
    pub(super) block: Block,
    /// Room before the text, for the mark that doses have.
    pub(super) indent: f64,
}

/// A chart and the room it has.
pub(super) struct Panel<'a> {
    pub(super) chart: &'a Chart,
    pub(super) fonts: &'a Fonts,
    pub(super) outer: Rect,
    pub(super) colours: Vec<Colour>,
    pub(super) head: [Block; 2],
    pub(super) caption: Block,
    pub(super) y_label: Block,
    pub(super) x_label: Block,
    pub(super) x: Scale,
    pub(super) y: Axis,
    /// Room left and right of the plot, which a sheet may enlarge to align its panels.
    pub(super) left: f64,
    pub(super) right: f64,
    head_gap: f64,
}

impl<'a> Panel<'a> {
    /// The chart measured in the room it is given.
    pub(super) fn measure(chart: &'a Chart, fonts: &'a Fonts, (outer, role): (Rect, Role)) -> Result<Self> {
        chart.layers.iter().try_for_each(Layer::check)?;
        let x = ranges::x_scale(chart)?;
        check_doses(chart, x)?;
        let mut panel = Self::bare((chart, x), fonts, (outer, role));
        panel.right = panel.right_margin();
        panel.lay_out_y()?;
        panel.check_room()?;
        Ok(panel)
    }

    /// Everything that does not depend on the y axis.
    fn bare((chart, x): (&'a Chart, Scale), fonts: &'a Fonts, (outer, role): (Rect, Role)) -> Self {
        let (head, head_gap) = head(chart, fonts, (outer.width() - TEXT_INSET, role));
        let x_label = ranges::x_axis(chart, x, 2.0).label;
        Self {
            chart,
            fonts,
            outer,
            colours: layer::colours(&chart.layers),
            head,
            caption: Block::wrapped(fonts, &chart.caption, CAPTION, outer.width() - TEXT_INSET),
            y_label: Block::wrapped(fonts, "", AXIS_LABEL, 0.0),
            x_label: Block::wrapped(fonts, &x_label, AXIS_LABEL, outer.width() - 1.5 * TEXT_INSET),
            x,
            y: ranges::y_axis(chart, Scale::linear(0.0, 1.0), 0.0),
            left: 0.0,
            right: 0.0,
            head_gap,
        }
    }

    /// Chooses the y axis: once to learn how wide its labels are, then with room for the texts of moments.
    fn lay_out_y(&mut self) -> Result<()> {
        let height = self.plot().height();
        let label = self.chart.y.label.as_deref().unwrap_or_default();
        self.y_label = Block::wrapped(self.fonts, label, AXIS_LABEL, height.max(40.0));
        self.set_y(ranges::y_scale(self.chart, self.x, 0.0)?);
        let rows = moments::height(&self.moments(), &self.plot()) / height.max(1.0);
        if rows > 0.0 {
            self.set_y(ranges::y_scale(self.chart, self.x, rows.min(0.5))?);
        }
        Ok(())
    }

    /// Takes `scale` for the y axis, and the room its labels need.
    pub(super) fn set_y(&mut self, scale: Scale) {
        self.y = ranges::y_axis(self.chart, scale, self.plot().height());
        let widths = self.y.ticks.iter().map(|tick| self.fonts.width(&tick.label, TICK.0));
        let label = if self.y_label.is_empty() { 0.0 } else { self.y_label.height() + AXIS_LABEL_GAP };
        self.left = widths.fold(0.0, f64::max) + TICK_LENGTH + TICK_GAP + label;
    }

    /// Where the data are drawn.
    pub(super) fn plot(&self) -> Rect {
        Rect {
            left: self.outer.left + self.left,
            top: self.outer.top + self.head_height(),
            right: self.outer.right - self.right,
            bottom: self.outer.bottom - self.foot_height(),
        }
    }

    fn head_height(&self) -> f64 {
        let text: f64 = self.head.iter().map(Block::height).sum();
        // Without a title, half a tick label still reaches above the plot.
        if text > 0.0 { text + self.head_gap } else { 8.0 }
    }

    fn foot_height(&self) -> f64 {
        let axis = TICK_LENGTH + TICK_GAP + TICK.0.size + AXIS_LABEL_GAP + self.x_label.height();
        axis + if self.caption.is_empty() { 0.0 } else { CAPTION_GAP + self.caption.height() }
    }

    /// The x axis with as many ticks as have room for their labels.
    pub(super) fn x_axis(&self) -> Axis {
        let width = self.plot().width();
        let axis = ranges::x_axis(self.chart, self.x, (width / 50.0).max(1.0));
        let labels = || axis.ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty());
        let widest = labels().map(|label| self.fonts.width(label, TICK.0)).fold(0.0, f64::max);
        if labels().count() as f64 * (widest + 12.0) <= width + widest {
            return axis;
        }
        ranges::x_axis(self.chart, self.x, (width / (widest + 14.0)).max(1.0))
    }

    /// The texts of moments, placed as the axes lie now.
    pub(super) fn moments(&self) -> Vec<Moment> {
        moments::moments(&self.chart.layers, self.fonts, self.x, &self.plot())
    }

    /// Which of the doses of a layer are marked.
    pub(super) fn doses(&self, regimen: &Regimen) -> Doses {
        Doses::of(regimen, self.x, self.outer.width())
    }

    /// How far above the axis the row of a dosing lies.
    pub(super) fn height_of_doses(&self, mark: &Mark) -> f64 {
        const ROW: f64 = 11.0;
        let layers = &self.chart.layers;
        let place = layers.iter().position(|layer| std::ptr::eq(&raw const layer.mark, mark));
        place.and_then(|place| layer::dose_row(layers, place)).map_or(0.0, |row| ROW * row as f64)
    }

    /// The labels that may stand in the right margin, wrapped.
    pub(super) fn side_labels(&self) -> Vec<SideLabel> {
        let room = (0.2 * self.outer.width()).clamp(70.0, 160.0);
        let labelled = |(i, layer): (usize, &Layer)| {
            let kind = side_type(&layer.mark)?;
            let ink = self.colours[i].ink();
            let block = Block::balanced(self.fonts, &self.side_text(i, layer), (kind, ink), room);
            let indent = if matches!(layer.mark, Mark::Doses(_)) { 13.0 } else { 0.0 };
            (!block.is_empty()).then_some(SideLabel { layer: i, block, indent })
        };
        self.chart.layers.iter().enumerate().filter_map(labelled).collect()
    }

    fn side_text(&self, place: usize, layer: &Layer) -> String {
        let Mark::Doses(regimen) = &layer.mark else { return layer.label.clone() };
        let layers = &self.chart.layers;
        let curve = layer::dose_row(layers, place).and_then(|_| layer::curve_of(layers, place));
        let label = match curve.map(|curve| layers[curve].label.as_str()) {
            Some(curve) if !curve.is_empty() => format!("{}, {curve}", layer.label),
            _ => layer.label.clone(),
        };
        match self.doses(regimen).stride {
            1 => label,
            stride => format!("{label} (1 in {stride} drawn)"),
        }
    }

    fn right_margin(&self) -> f64 {
        let labels = self.side_labels();
        let widest = labels.iter().map(|label| label.indent + label.block.width).fold(0.0, f64::max);
        // Half of the last label of the time axis reaches beyond the plot.
        if labels.is_empty() { 16.0 } else { widest + LABEL_GAP + 2.0 }
    }

    fn check_room(&self) -> Result<()> {
        let plot = self.plot();
        if plot.width() >= LEAST.0 && plot.height() >= LEAST.1 {
            return Ok(());
        }
        Err(Error::value(format!(
            "the chart \"{}\" has no room: {:.0} × {:.0} logical pixels are left for the plot, and it takes at least {} × {}; choose a larger size or shorter texts",
            self.chart.title,
            plot.width().max(0.0),
            plot.height().max(0.0),
            LEAST.0,
            LEAST.1
        )))
    }
}

fn head(chart: &Chart, fonts: &Fonts, (room, role): (f64, Role)) -> ([Block; 2], f64) {
    let (title, subtitle, gap) = match role {
        Role::Whole => (TITLE, SUBTITLE, 18.0),
        Role::Part => ((Type::semi_bold(14.0), SLATE), (Type::regular(12.0), STONE), 10.0),
    };
    let text = |text: &str, style| Block::wrapped(fonts, text, style, room);
    ([text(&chart.title, title), text(&chart.subtitle, subtitle)], gap)
}

/// The type of a layer's label at the right, if that is where its label goes.
fn side_type(mark: &Mark) -> Option<Type> {
    match mark {
        Mark::Line(_) | Mark::Dashes(_) | Mark::Points(_) => Some(Type::semi_bold(12.0)),
        Mark::Band(..) | Mark::Level(_) | Mark::Doses(_) => Some(Type::regular(12.0)),
        Mark::Whiskers(..) | Mark::Moment(_) | Mark::Zone(..) | Mark::Note(_) => None,
    }
}

fn check_doses(chart: &Chart, x: Scale) -> Result<()> {
    chart.layers.iter().try_for_each(|layer| match &layer.mark {
        Mark::Doses(regimen) => regimen.check(x.high),
        _ => Ok(()),
    })
}
