//! Several charts on one page, in rows.

use std::path::Path;

use super::artist::heading;
use super::canvas::Scene;
use super::description::Chart;
use super::draw::draw;
use super::font::Fonts;
use super::labels::Rect;
use super::page::{self, Page, Root};
use super::panel::{Panel, Role};
use super::pixels::png;
use super::scale::Scale;
use super::style::{CAPTION, SUBTITLE, TEXT_INSET, TITLE};
use super::svg::svg;
use super::text::Block;
use crate::error::{Error, Result};

/// Between the panels, and between them and the texts, logical pixels.
const GUTTER: f64 = 26.0;

/// Small multiples: rows of charts under one title, their plots aligned.
///
/// ```
/// use menaquinone::{chart::{Chart, Sheet}};
/// let chart = |title| Chart::xy(title).curve("", [(0.0, 1.0), (1.0, 2.0)]);
/// let svg = Sheet::new("Three views")
///     .row([chart("A"), chart("B")])
///     .row([chart("C")])
///     .relative_height(1.5)
///     .to_svg()?;
/// assert!(svg.starts_with("<svg"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a sheet is only a description until it is saved"]
pub struct Sheet {
    title: String,
    subtitle: String,
    caption: String,
    rows: Vec<Row>,
    shared_y: bool,
    /// Whether the charts of each row share their y axis.
    shared_in_rows: bool,
    page: Page,
}

#[derive(Debug, Clone)]
struct Row {
    charts: Vec<Chart>,
    height: f64,
}

/// The size in logical pixels of a sheet that was given none.
const SIZE: (u32, u32) = (1200, 900);

impl Sheet {
    /// A page without charts.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            caption: String::new(),
            rows: Vec::new(),
            shared_y: false,
            shared_in_rows: false,
            page: Page::new(SIZE),
        }
    }

    /// A line of grey text below the title.
    pub fn subtitle(mut self, text: impl Into<String>) -> Self {
        self.subtitle = text.into();
        self
    }

    /// Small grey text beneath all charts.
    pub fn caption(mut self, text: impl Into<String>) -> Self {
        self.caption = text.into();
        self
    }

    /// A row of charts of equal width, below the rows before it. Their titles become panel titles; their own
    /// size and density are not used.
    pub fn row(mut self, charts: impl IntoIterator<Item = Chart>) -> Self {
        self.rows.push(Row { charts: charts.into_iter().collect(), height: 1.0 });
        self
    }

    /// Makes the row added last so many times as high as a row of which nothing is said.
    pub fn relative_height(mut self, height: f64) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.height = height;
        }
        self
    }

    /// Gives all charts the same y axis, the smallest that suits every one, so that they can be compared.
    pub fn shared_y(mut self) -> Self {
        self.shared_y = true;
        self
    }

    /// Gives the charts of each row the same y axis.
    pub(super) fn shared_y_in_rows(mut self) -> Self {
        self.shared_in_rows = true;
        self
    }

    /// The size in logical pixels (1/96 inch), 1200 × 900 if nothing is said.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.page.size = (width, height);
        self
    }

    /// How many pixels of a PNG stand for one logical pixel in either direction; 2 if nothing is said.
    pub fn density(mut self, density: f64) -> Self {
        self.page.density = density;
        self
    }

    /// The sheet as a PNG; the same sheet always gives the same bytes.
    ///
    /// # Errors
    /// No charts, a relative height that is not positive, or anything [`Chart::to_png`] refuses.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        png(&self.scene()?, self.page.density)
    }

    /// The sheet as an SVG document.
    ///
    /// # Errors
    /// As [`to_png`](Self::to_png).
    pub fn to_svg(&self) -> Result<String> {
        Ok(svg(&self.scene()?))
    }

    /// Writes the sheet to a file that ends in `.png` or `.svg`, whole or not at all.
    ///
    /// # Errors
    /// Another extension, a place that cannot be written to, or anything [`to_png`](Self::to_png) refuses.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        page::save(path.as_ref(), || self.to_png(), || self.to_svg())
    }

    fn scene(&self) -> Result<Scene> {
        self.check()?;
        self.page.scene((&self.title, &self.description()), |root, fonts, inner| self.draw(root, fonts, inner))
    }

    fn description(&self) -> String {
        let charts = self.rows.iter().flat_map(|row| &row.charts);
        let charts = charts.map(|chart| format!("{}: {}", chart.title, chart.description()));
        let parts = std::iter::once(self.subtitle.clone()).chain(charts).chain([self.caption.clone()]);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
    }

    fn check(&self) -> Result<()> {
        let title = &self.title;
        if self.rows.is_empty() || self.rows.iter().any(|row| row.charts.is_empty()) {
            return Err(Error::value(format!(
                "the sheet \"{title}\" has no charts or a row without any: give every row at least one chart"
            )));
        }
        match self.rows.iter().find(|row| !(row.height.is_finite() && row.height > 0.0)) {
            Some(row) => Err(Error::value(format!(
                "a row of the sheet \"{title}\" has the relative height {}, but it must be a positive, finite number",
                row.height
            ))),
            None => Ok(()),
        }
    }

    fn draw(&self, root: &Root, fonts: &Fonts, inner: Rect) -> Result<()> {
        let block = |text: &str, style| Block::wrapped(fonts, text, style, inner.width() - TEXT_INSET);
        let head = [block(&self.title, TITLE), block(&self.subtitle, SUBTITLE)];
        let caption = block(&self.caption, CAPTION);
        let above: f64 = head.iter().map(Block::height).sum();
        let top = inner.top + if above > 0.0 { above + 0.8 * GUTTER } else { 0.0 };
        let bottom = inner.bottom - if caption.is_empty() { 0.0 } else { caption.height() + 0.6 * GUTTER };
        let mut panels = self.panels(fonts, Rect { top, bottom, ..inner })?;
        self.align(&mut panels);
        let left = inner.left + panels.iter().flatten().next().map_or(0.0, |panel| panel.left);
        heading(root, &head, (left, inner.top)).map_err(page::undrawn)?;
        let lowest = (left, inner.bottom - caption.height());
        heading(root, &[caption], lowest).map_err(page::undrawn)?;
        panels.iter().flatten().try_for_each(|panel| draw(panel, root))
    }

    /// Every chart measured in its cell.
    fn panels<'a>(&'a self, fonts: &'a Fonts, room: Rect) -> Result<Vec<Vec<Panel<'a>>>> {
        let total: f64 = self.rows.iter().map(|row| row.height).sum();
        let height = room.height() - GUTTER * (self.rows.len() - 1) as f64;
        let mut top = room.top;
        let mut panels = Vec::new();
        for row in &self.rows {
            let bottom = top + height * row.height / total;
            panels.push(row.panels(fonts, Rect { top, bottom, ..room })?);
            top = bottom + GUTTER;
        }
        Ok(panels)
    }

    /// Lets plots begin at one line, and end at one where rows have the same number of charts.
    fn align(&self, panels: &mut [Vec<Panel>]) {
        if self.shared_y {
            share_y(panels);
        } else if self.shared_in_rows {
            panels.chunks_mut(1).for_each(share_y);
        }
        let left = panels.iter().flatten().map(|panel| panel.left).fold(0.0, f64::max);
        let rights: Vec<Vec<f64>> = panels.iter().map(|row| row.iter().map(|panel| panel.right).collect()).collect();
        for row in panels.iter_mut() {
            let alike = || rights.iter().filter(|other| other.len() == row.len());
            let right: Vec<f64> = (0..row.len()).map(|i| alike().map(|other| other[i]).fold(0.0, f64::max)).collect();
            for (panel, right) in row.iter_mut().zip(right) {
                (panel.left, panel.right) = (left, right);
            }
        }
    }
}

impl Row {
    fn panels<'a>(&'a self, fonts: &'a Fonts, room: Rect) -> Result<Vec<Panel<'a>>> {
        let count = self.charts.len() as f64;
        let width = (room.width() - GUTTER * (count - 1.0)) / count;
        let cell = |i: usize| Rect::at((room.left + i as f64 * (width + GUTTER), room.top), (width, room.height()));
        let measure = |(i, chart)| Panel::measure(chart, fonts, (cell(i), Role::Part));
        self.charts.iter().enumerate().map(measure).collect()
    }
}

fn share_y(panels: &mut [Vec<Panel>]) {
    let scales: Vec<Scale> = panels.iter().flatten().map(|panel| panel.y.scale).collect();
    // A logarithmic axis among linear ones cannot share their zero.
    let low = |log| scales.iter().filter(|s| s.log == log).map(|s| s.low).fold(f64::INFINITY, f64::min);
    let high = |log| scales.iter().filter(|s| s.log == log).map(|s| s.high).fold(f64::NEG_INFINITY, f64::max);
    for panel in panels.iter_mut().flatten() {
        let log = panel.y.scale.log;
        panel.set_y(Scale { low: low(log), high: high(log), log });
    }
}
