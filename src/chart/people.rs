//! Sheets of a fit of people: goodness of fit, prediction distribution errors, visual predictive checks.

use super::colour::Colour;
use super::description::Chart;
use super::sheet::Sheet;
use super::smooth::{quantile_band, smooth};
use crate::error::{Error, Result};
use crate::fit::{Npde, Report, ResidualRow, Residuals, VpcBands, VpcBin, VpcStratum};

/// Residuals within so many standard deviations are 95 in 100.
const TWO: f64 = 1.96;
/// Levels that span more than this many times are shown on logarithms.
const WIDE: f64 = 50.0;

type Points = Vec<(f64, f64)>;

impl Sheet {
    /// The goodness of a fit in four panels: levels measured over those of the typical person and of each person at the mode, with the line of
    /// equality; and `CWRES` over time and over the prediction, with lines at 0 and within which 95 in 100 should lie, and a smooth line through them
    /// (local regression). Samples outside a limit are left out. The caption says how it was fitted.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, chart::Sheet, fit::{Method, People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,2.9".parse()?;
    /// let (cl, v) = (fixed(1.0).varying(0.3), fixed(10.0).varying(0.2));
    /// let theory = Theory::new(FirstOrder { ka: 1.5 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let residuals = theory.residuals(&People::of_table(&table)?, Method::Focei)?;
    /// let svg = Sheet::goodness("Two people", &residuals)?.to_svg()?;
    /// assert!(svg.contains("FOCEI, proportional error, at given numbers"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No sample with a residual.
    pub fn goodness(title: impl Into<String>, residuals: &Residuals) -> Result<Self> {
        let rows = residuals.rows();
        let all: Vec<(f64, &ResidualRow)> = rows.iter().filter_map(|row| Some((level(row.report)?, row))).collect();
        if all.is_empty() {
            return Err(Error::value("no sample has a residual: all lie outside a limit, so there is nothing to show"));
        }
        let observed = |predicted: fn(&ResidualRow) -> f64| -> Points {
            all.iter().map(|(level, row)| (predicted(row), *level)).collect()
        };
        let weighted = |x: fn(&ResidualRow) -> f64| -> Points {
            all.iter().filter_map(|(_, row)| Some((x(row), row.cwres?))).collect()
        };
        let (typical, own) = (observed(|row| row.pred), observed(|row| row.ipred));
        let ends = ends(&typical, &own);
        let unit = residuals.unit();
        let measured = |title: &str, label: &str, points: Points| {
            let chart = Chart::xy(title).x_label(format!("{label} ({unit})")).y_label(format!("Measured ({unit})"));
            equality(chart, ends).points("", points).colour(Colour::Blue)
        };
        let cwres = |chart: Chart, points: Points| zero_and_two(chart.y_label("CWRES"), points);
        let people = residuals.etas().count();
        Ok(Self::new(title)
            .subtitle(format!("{} levels of {people} people", all.len()))
            .caption(format!("{}. {}", sentence(residuals.how()), left_out(rows.len() - all.len())))
            .row([measured("Population prediction", "PRED", typical), measured("Individual prediction", "IPRED", own)])
            .row([
                cwres(Chart::new("CWRES over time"), weighted(|row| row.time)),
                cwres(
                    over_level("CWRES over the prediction", format!("PRED ({unit})"), rows.iter().map(|row| row.pred)),
                    weighted(|row| row.pred),
                ),
            ])
            .size(1200, 980))
    }

    /// Prediction distribution errors in four panels: their quantiles over those of the normal distribution, with the band of 95 % for each of so many
    /// numbers; how many lie where, beside the normal density; and over time and over the mean prediction.
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, chart::Sheet, fit::{People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,1.3".parse()?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let npde = theory.npde(&People::of_table(&table)?, 500, 42)?;
    /// assert!(Sheet::npde("Two people", &npde)?.to_svg()?.contains("500 draws"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fewer than two samples.
    pub fn npde(title: impl Into<String>, npde: &Npde) -> Result<Self> {
        let rows = npde.rows();
        if rows.len() < 2 {
            return Err(Error::value("one sample has no distribution: show at least two"));
        }
        let mut sorted: Vec<f64> = rows.iter().map(|row| row.npde).collect();
        sorted.sort_by(f64::total_cmp);
        let (mean, variance) = npde.mean_and_variance();
        let (draws, seed) = npde.draws();
        let (expected, low, high) = quantile_band(rows.len());
        let furthest = sorted.iter().chain(&expected).fold(3.0_f64, |most, own| most.max(own.abs())) * 1.05;
        let line = |y: &[f64]| -> Points { expected.iter().copied().zip(y.iter().copied()).collect() };
        let quantiles = Chart::xy("Quantiles")
            .x_label("Normal quantile")
            .y_label("NPDE")
            .band("", line(&low), line(&high))
            .colour(Colour::Grey)
            .dashed("", [(-furthest, -furthest), (furthest, furthest)])
            .colour(Colour::Grey)
            .points("", line(&sorted))
            .colour(Colour::Blue)
            .x_range(-furthest..=furthest)
            .y_range(-furthest..=furthest);
        let over = |chart: Chart, points: Points| zero_and_two(chart.y_label("NPDE"), points);
        Ok(Self::new(title)
            .subtitle(format!(
                "{} samples: mean {mean:.2}, variance {variance:.2} (0 and 1 under the theory)",
                rows.len()
            ))
            .caption(format!(
                "{}. {draws} draws of each person, seed {seed}, decorrelated by Cholesky.",
                sentence(npde.how())
            ))
            .row([quantiles, histogram("Distribution", "NPDE", &sorted, 1.0)])
            .row([
                over(Chart::new("Over time"), rows.iter().map(|row| (row.time, row.npde)).collect()),
                over(
                    over_level(
                        "Over the mean prediction",
                        format!("EPRED ({})", npde.unit()),
                        rows.iter().map(|row| row.epred),
                    ),
                    rows.iter().map(|row| (row.epred, row.npde)).collect(),
                ),
            ])
            .size(1200, 980))
    }

    /// A visual predictive check, a column for each stratum: the levels, the percentiles that were measured as lines, and the intervals of those of
    /// simulated trials as bands; beneath, if samples have a limit, the fraction below it.
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, chart::Sheet, fit::{People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,1.3".parse()?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let bands = theory.vpc(&People::of_table(&table)?, 200, 42)?.bands()?;
    /// assert!(Sheet::vpc("Two people", &bands)?.to_svg()?.contains("200 simulated trials"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// None for bands that have been made.
    pub fn vpc(title: impl Into<String>, bands: &VpcBands) -> Result<Self> {
        let (trials, seed) = bands.trials();
        let shares: Vec<String> =
            bands.probabilities().iter().map(|p| format!("{}", (1e4 * p).round() / 100.0)).collect();
        let kind = if bands.is_corrected() { "Prediction-corrected: levels" } else { "Levels" };
        let strata = bands.strata();
        let has_limit = strata.iter().any(|own| own.bins.iter().any(|bin| bin.below.is_some()));
        let mut sheet = Self::new(title)
            .subtitle(format!(
                "{kind}, and their percentiles ({}), beside those of {trials} simulated trials",
                shares.join(", ")
            ))
            .caption(format!(
                "{}. Lines: measured; bands: within which 95 % of {trials} simulated trials lie, seed {seed}.{}",
                sentence(bands.how()),
                if has_limit { " A percentile below the limit is not drawn." } else { "" }
            ))
            .shared_y_in_rows()
            .row(strata.iter().map(|stratum| levels(bands, stratum)))
            .size(1200, 700);
        if has_limit {
            sheet = sheet.row(strata.iter().map(|stratum| fractions(bands, stratum))).relative_height(0.45);
            sheet = sheet.size(1200, 900);
        }
        Ok(sheet)
    }
}

/// A line with a capital.
pub(super) fn sentence(how: &str) -> String {
    let mut letters = how.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn left_out(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "One sample outside a limit is not shown.".to_owned(),
        _ => format!("{count} samples outside a limit are not shown."),
    }
}

fn level(report: Report) -> Option<f64> {
    if let Report::Level(level) = report { Some(level) } else { None }
}

/// The ends of all numbers, and whether they are to be logarithmic.
fn ends(typical: &[(f64, f64)], own: &[(f64, f64)]) -> (f64, f64, bool) {
    let all = || typical.iter().chain(own).flat_map(|(x, y)| [*x, *y]);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    if low > 0.0 && high / low > WIDE { (0.8 * low, 1.25 * high, true) } else { (low.min(0.0), 1.05 * high, false) }
}

/// The line of equality between ends, on axes of these ends.
fn equality(chart: Chart, (low, high, log): (f64, f64, bool)) -> Chart {
    let chart =
        chart.dashed("", [(low, low), (high, high)]).colour(Colour::Grey).x_range(low..=high).y_range(low..=high);
    if log { chart.log_x_scale().log_scale() } else { chart }
}

/// A chart over predicted levels, with room for the highest.
fn over_level(title: &str, label: String, levels: impl Iterator<Item = f64>) -> Chart {
    let (low, high) = levels.fold((0.0_f64, 0.0_f64), |(low, high), level| (low.min(level), high.max(level)));
    let chart = Chart::xy(title).x_label(label);
    if high > low { chart.x_range(low..=high + 0.03 * (high - low)) } else { chart }
}

/// Residuals with lines at none and at two standard deviations, and a smooth line through them.
fn zero_and_two(chart: Chart, points: Points) -> Chart {
    let furthest = points.iter().map(|(_, y)| y.abs()).fold(2.6, f64::max) * 1.08;
    let lines = [0.0, TWO, -TWO].into_iter().fold(chart, |chart, at| chart.level("", at).colour(Colour::Grey));
    let line = smooth(&points);
    let chart = lines.y_range(-furthest..=furthest).points("", points).colour(Colour::Blue);
    if line.is_empty() { chart } else { chart.curve("", line).colour(Colour::Vermilion) }
}

/// How many numbers lie where, beside the normal density of mean 0 and a standard deviation.
pub(super) fn histogram(title: &str, label: &str, sorted: &[f64], sd: f64) -> Chart {
    let n = sorted.len() as f64;
    let count = n.sqrt().ceil().clamp(5.0, 24.0);
    let reach = sorted.iter().fold(3.0 * sd, |most, own| most.max(own.abs())) * (1.0 + 1e-9);
    let width = 2.0 * reach / count;
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for i in 0..count as usize {
        let (from, to) = (-reach + i as f64 * width, -reach + (i + 1) as f64 * width);
        let own = sorted.iter().filter(|own| (from..to).contains(*own)).count() as f64;
        low.extend([(from, 0.0), (to, 0.0)]);
        high.extend([(from, own), (to, own)]);
    }
    let density = |x: f64| n * width * (-0.5 * (x / sd).powi(2)).exp() / (sd * std::f64::consts::TAU.sqrt());
    let curve: Points = (0..=200).map(|i| -reach + f64::from(i) * 0.01 * reach).map(|x| (x, density(x))).collect();
    let top = high.iter().chain(&curve).map(|(_, y)| *y).fold(0.0, f64::max);
    let mut chart = Chart::xy(title);
    chart.y.whole = true;
    chart
        .x_label(label)
        .y_label("Count")
        .band("", low, high.clone())
        .colour(Colour::Blue)
        .curve("", high)
        .colour(Colour::Blue)
        .dashed("", curve)
        .colour(Colour::Vermilion)
        .x_range(-reach..=reach)
        .y_range(0.0..=1.08 * top)
}

/// What a check has at each bin, in pieces between bins where it has nothing.
fn pieces<T: Copy>(bins: &[VpcBin], of: impl Fn(&VpcBin) -> Option<T>) -> Vec<Vec<(f64, T)>> {
    let mut all: Vec<Vec<(f64, T)>> = vec![Vec::new()];
    for bin in bins {
        match (of(bin), all.last_mut()) {
            (Some(value), Some(piece)) => piece.push((bin.middle, value)),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|piece| !piece.is_empty());
    all
}

/// How what belongs together is drawn: its colour, whether it is the middle, and its name.
type Style = (Colour, bool, String);

/// The interval of simulated trials as a band, from the limit up where its low end is below it; and what was measured as a line.
fn interval(
    mut chart: Chart,
    bins: &[VpcBin],
    (colour, is_middle, name): Style,
    of: impl Fn(&VpcBin) -> Option<([Option<f64>; 3], Option<f64>)>,
) -> Chart {
    let band = |bin: &VpcBin| of(bin).and_then(|([low, _, high], _)| Some((low.or(bin.limit)?, high?)));
    let span = bins.last().map_or(1.0, |last| last.times.1) - bins.first().map_or(0.0, |first| first.times.0);
    for piece in pieces(bins, band) {
        let piece = seen(piece, span);
        let low: Points = piece.iter().map(|(x, (low, _))| (*x, *low)).collect();
        let high: Points = piece.iter().map(|(x, (_, high))| (*x, *high)).collect();
        chart = chart.band("", low, high).colour(colour);
    }
    let measured = pieces(bins, |bin| of(bin)?.1);
    let last = measured.len().saturating_sub(1);
    for (i, piece) in measured.into_iter().enumerate() {
        let (name, piece) = (if i == last { name.as_str() } else { "" }, seen(piece, span));
        chart = if is_middle { chart.curve(name, piece) } else { chart.dashed(name, piece) };
        chart = chart.colour(colour);
    }
    chart
}

/// A piece as it is, or that of one bin as wide as can be seen.
fn seen<T: Copy>(piece: Vec<(f64, T)>, span: f64) -> Vec<(f64, T)> {
    match piece[..] {
        [(x, own)] => {
            let half = if span > 0.0 { 0.008 * span } else { (0.05 * x.abs()).max(0.01) };
            vec![(x - half, own), (x + half, own)]
        }
        _ => piece,
    }
}

/// A chart over the time of a check.
fn over_time(bands: &VpcBands, title: &str) -> Chart {
    let chart = Chart::new(title);
    if bands.is_since_dose() { chart.x_label("Time since the last dose (h)") } else { chart }
}

fn levels(bands: &VpcBands, stratum: &VpcStratum) -> Chart {
    let what = if bands.is_corrected() { "Prediction-corrected concentration" } else { "Concentration" };
    let label = format!("{what} ({})", bands.unit());
    let mut chart = over_time(bands, &stratum.name).y_label(label);
    if !stratum.points.is_empty() {
        chart = chart.points("", stratum.points.clone()).colour(Colour::Grey);
    }
    for (i, p) in bands.probabilities().iter().enumerate() {
        let is_middle = (p - 0.5).abs() < 1e-9;
        let colour = if is_middle { Colour::Vermilion } else { Colour::Blue };
        let of = |bin: &VpcBin| {
            let own = bin.percentiles.get(i)?;
            // Corrected, a limit is another for each sample.
            let is_cut = bands.is_corrected() && own.simulated[0].is_none();
            Some((if is_cut { [None; 3] } else { own.simulated }, own.observed))
        };
        chart = interval(chart, &stratum.bins, (colour, is_middle, percent(*p)), of);
    }
    chart
}

fn percent(p: f64) -> String {
    format!("{} %", (1e4 * p).round() / 100.0)
}

fn fractions(bands: &VpcBands, stratum: &VpcStratum) -> Chart {
    let chart = over_time(bands, "").y_label("Below the limit");
    let of = |bin: &VpcBin| {
        // Where no sample has a limit none is below it.
        Some(bin.below.map_or(([Some(0.0); 3], Some(0.0)), |own| (own.simulated, own.observed)))
    };
    let chart = interval(chart, &stratum.bins, (Colour::Green, true, String::new()), of);
    let all = stratum.bins.iter().filter_map(|bin| bin.below);
    let top = all.flat_map(|own| own.observed.into_iter().chain(own.simulated[2]));
    let top = top.fold(0.1, f64::max);
    chart.y_range(0.0..=(1.1 * top).min(1.0))
}
