//! The chart as its caller writes and saves it.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::path::Path;

use super::canvas::Scene;
use super::colour::Colour;
use super::description::{Chart, Request, Time};
use super::draw::draw;
use super::layer::{Layer, Mark, Trace};
use super::page::{self, Page};
use super::panel::{Panel, Role};
use super::pixels::png;
use super::svg::svg;
use crate::error::Result;
use crate::regimen::Regimen;
use crate::vitamer::Vitamer;

/// The size in logical pixels of a chart that was given none.
const SIZE: (u32, u32) = (1000, 600);

impl Chart {
    /// An empty chart over time (h).
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            caption: String::new(),
            layers: Vec::new(),
            unit: 1.0,
            time: Time::HoursOrDays,
            x: Request::default(),
            log_x: false,
            log: false,
            y: Request { label: Some("Concentration (µg/L)".to_owned()), ..Request::default() },
            page: Page::new(SIZE),
        }
    }

    /// An empty chart over something that is not time, such as a dose; name the axes with
    /// [`x_label`](Self::x_label) and [`y_label`](Self::y_label).
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let svg = Chart::xy("Dose and level")
    ///     .x_label("Dose (µg/day)")
    ///     .curve("MK-7", [(0.0, 0.0), (90.0, 4.0), (180.0, 8.0)])
    ///     .to_svg()?;
    /// assert!(svg.contains("Dose (µg/day)"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn xy(title: impl Into<String>) -> Self {
        let mut chart = Self::new(title);
        chart.time = Time::No;
        chart.y.label = None;
        chart
    }

    /// A line of grey text below the title: what is shown, and for whom.
    pub fn subtitle(mut self, text: impl Into<String>) -> Self {
        self.subtitle = text.into();
        self
    }

    /// Small grey text beneath the chart: which parameters are drawn, and what is contested about them.
    pub fn caption(mut self, text: impl Into<String>) -> Self {
        self.caption = text.into();
        self
    }

    /// A line, labelled at its right end.
    pub fn curve(self, label: impl Into<String>, trace: impl Into<Trace>) -> Self {
        self.layer(label, Mark::Line(trace.into()))
    }

    /// A dashed line: what would be, beside what is.
    pub fn dashed(self, label: impl Into<String>, trace: impl Into<Trace>) -> Self {
        self.layer(label, Mark::Dashes(trace.into()))
    }

    /// Round markers, for data; of more than 60 points small dots that let others show through.
    pub fn points(self, label: impl Into<String>, trace: impl Into<Trace>) -> Self {
        self.layer(label, Mark::Points(trace.into()))
    }

    /// The area between a low and a high trace, in a light tint of the colour of the curve that follows (or, if
    /// none does, of the one before). Bands lie beneath all lines; one within another shows darker.
    ///
    /// ```
    /// use menaquinone::{Profile, chart::Chart};
    /// let trace = |conc: [f64; 2]| Profile::new(vec![0.0, 24.0], conc.to_vec());
    /// let chart = Chart::new("Half-life of 72 to 96 h")
    ///     .band("72–96 h", &trace([1.0, 0.70])?, &trace([1.0, 0.75])?)
    ///     .curve("84 h", &trace([1.0, 0.73])?);
    /// assert!(chart.to_svg()?.contains("72–96 h"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn band(self, label: impl Into<String>, low: impl Into<Trace>, high: impl Into<Trace>) -> Self {
        self.layer(label, Mark::Band(low.into(), high.into()))
    }

    /// Upright lines from low to high at every x, such as error bars, in the colour of the points or curve that
    /// follow (or, if none do, of those before).
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let chart = Chart::xy("Trough, % of steady state")
    ///     .whiskers([(1.0, 16.0), (2.0, 29.0)], [(1.0, 30.0), (2.0, 51.0)])
    ///     .points("median", [(1.0, 22.0), (2.0, 39.0)]);
    /// assert!(chart.to_png().is_ok());
    /// ```
    pub fn whiskers(self, low: impl Into<Trace>, high: impl Into<Trace>) -> Self {
        self.layer("", Mark::Whiskers(low.into(), high.into()))
    }

    /// A small triangle on the time axis at every dose; of very many, every so manieth is drawn and the label
    /// says so. Each of several dosings has a row of its own, in the colour and with the label of the curve before it.
    ///
    /// ```
    /// use menaquinone::{Dose, Profile, chart::Chart, units::*};
    /// let curve = |conc: [f64; 2]| Profile::new(vec![0.0, 48.0], conc.to_vec());
    /// let chart = Chart::new("Once or twice a day")
    ///     .curve("once", &curve([0.0, 2.0])?)
    ///     .doses(Dose::of(180.0 * UG).every(DAY))
    ///     .curve("twice", &curve([0.0, 2.1])?)
    ///     .doses(Dose::of(90.0 * UG).times_a_day(2));
    /// assert!(chart.to_svg()?.contains("Dose, twice"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn doses<'a>(self, regimen: impl Into<Cow<'a, Regimen>>) -> Self {
        self.layer("Dose", Mark::Doses(regimen.into().into_owned()))
    }

    /// A level dashed line at `value` (µg/L, or whatever y is), labelled at the right.
    pub fn level(self, label: impl Into<String>, value: f64) -> Self {
        self.layer(label, Mark::Level(value))
    }

    /// An upright dotted line at `time` (h, or whatever x is), labelled at the top.
    pub fn moment(self, label: impl Into<String>, time: f64) -> Self {
        self.layer(label, Mark::Moment(time))
    }

    /// A range of x (h over time) in a light tint from bottom to top, labelled at the top: a phase of a trial, or a range
    /// of doses. Its end may be infinite, and then it reaches to the end of the axis.
    ///
    /// ```
    /// use menaquinone::{intake, chart::Chart};
    /// let popular = intake::band("popular_90_180")?;
    /// let chart = Chart::xy("Dose and level")
    ///     .x_label("Dose (µg/day)")
    ///     .zone("popular 90-180", popular.range())
    ///     .curve("MK-7", [(0.0, 0.0), (360.0, 10.7)]);
    /// assert!(chart.to_svg()?.contains("popular 90-180"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn zone(self, label: impl Into<String>, range: RangeInclusive<f64>) -> Self {
        let (low, high) = range.into_inner();
        self.layer(label, Mark::Zone(low, high))
    }

    /// A ring around a point (x, y) with a text beside it.
    pub fn note(self, text: impl Into<String>, point: (f64, f64)) -> Self {
        self.layer(text, Mark::Note(point))
    }

    /// The colour of what was added last; without it, every curve takes the next of [`Colour`].
    pub fn colour(mut self, colour: Colour) -> Self {
        if let Some(layer) = self.layers.last_mut() {
            layer.colour = Some(colour);
        }
        self
    }

    /// What the x axis shows. A time axis under a label of yours is in hours, however long.
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x.label = Some(label.into());
        if self.time == Time::HoursOrDays {
            self.time = Time::Hours;
        }
        self
    }

    /// What the y axis shows; "Concentration (µg/L)" if the chart is over time.
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.y.label = Some(label.into());
        self
    }

    /// This chart in nmol/L of a vitamer: everything that is added to it, before and after, is in µg/L, is drawn in nmol/L, and the
    /// y axis says so. A [`y_range`](Self::y_range) is in nmol/L.
    ///
    /// ```
    /// use menaquinone::{Profile, chart::Chart, vitamer::MK7};
    /// let profile = Profile::new(vec![0.0, 24.0], vec![1.0, 0.5])?;
    /// let chart = Chart::new("MK-7").curve("measured", &profile).in_nmol(&MK7).level("fasting", 0.3);
    /// assert!(chart.to_svg()?.contains("Concentration (nmol/L)"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn in_nmol(mut self, vitamer: &Vitamer) -> Self {
        let unit = vitamer.nmol_from_ug(1.0);
        self.layers.iter_mut().for_each(|layer| layer.scale(unit / self.unit));
        self.unit = unit;
        self.y_label("Concentration (nmol/L)")
    }

    /// The x (h over time) at both ends of the axis; what lies beyond is not drawn.
    pub fn x_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.x.range = Some(range.into_inner());
        self
    }

    /// The y at both ends of the axis; what lies beyond is not drawn. Without it the axis begins at zero.
    pub fn y_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.y.range = Some(range.into_inner());
        self
    }

    /// Texts at places of the y axis, in place of numbers.
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let chart = Chart::xy("Clearance").points("", [(0.9, 1.0), (1.2, 2.0)]).y_names([(1.0, "women"), (2.0, "men")]);
    /// assert!(chart.y_range(0.5..=2.5).to_svg()?.contains("women"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn y_names<N: Into<String>>(mut self, names: impl IntoIterator<Item = (f64, N)>) -> Self {
        self.y.names = names.into_iter().map(|(at, name)| (at, name.into())).collect();
        self
    }

    /// A logarithmic y axis. Zero has no place on it, so a curve has a gap there.
    pub fn log_scale(mut self) -> Self {
        self.log = true;
        self
    }

    /// A logarithmic x axis, such as that of doses or sizes. Zero has no place on it either.
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let chart = Chart::xy("Cost").curve("ours", [(10.0, 0.02), (1e5, 79.0)]).log_x_scale().log_scale();
    /// assert!(chart.to_svg().is_ok());
    /// ```
    pub fn log_x_scale(mut self) -> Self {
        self.log_x = true;
        self
    }

    /// The size in logical pixels (1/96 inch), 1000 × 600 if nothing is said.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.page.size = (width, height);
        self
    }

    /// How many pixels of a PNG stand for one logical pixel in either direction; 2 if nothing is said.
    pub fn density(mut self, density: f64) -> Self {
        self.page.density = density;
        self
    }

    /// The chart as a PNG; the same chart always gives the same bytes.
    ///
    /// # Errors
    /// Nothing to draw, a number that is not finite, a range that ends before it starts, a logarithmic axis
    /// without a positive value, a dosing that cannot be, or a size that leaves no room.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        png(&self.scene()?, self.page.density)
    }

    /// The chart as an SVG document, with all text as outlines so that it looks the same everywhere.
    ///
    /// # Errors
    /// As [`to_png`](Self::to_png).
    pub fn to_svg(&self) -> Result<String> {
        Ok(svg(&self.scene()?))
    }

    /// Writes the chart to a file that ends in `.png` or `.svg`, whole or not at all.
    ///
    /// # Errors
    /// Another extension, a place that cannot be written to, or anything [`to_png`](Self::to_png) refuses.
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let chart = Chart::xy("A line").curve("rise", [(0.0, 0.0), (1.0, 1.0)]);
    /// let error = chart.save("rise.jpeg").unwrap_err();
    /// assert!(error.to_string().contains("a .png or a .svg"));
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        page::save(path.as_ref(), || self.to_png(), || self.to_svg())
    }

    fn layer(mut self, label: impl Into<String>, mark: Mark) -> Self {
        let mut layer = Layer { label: label.into(), mark, colour: None };
        layer.scale(self.unit);
        self.layers.push(layer);
        self
    }

    pub(super) fn scene(&self) -> Result<Scene> {
        self.page.scene((&self.title, &self.description()), |root, fonts, inner| {
            draw(&Panel::measure(self, fonts, (inner, Role::Whole))?, root)
        })
    }
}
