//! Charts of one person: what the samples add to what is known of people, what is to come, and the doses that reach a target.

use super::colour::Colour;
use super::description::{Chart, Time};
use super::fitted::short;
use crate::error::{Error, Result};
use crate::fit::{DoseFound, Fit, Posterior, Target};
use crate::model::Model;
use crate::population::quantiles;
use crate::profile::grid;
use crate::regimen::Regimen;

/// How many points make a smooth curve.
const SMOOTH: u32 = 400;
/// The notice beneath what concerns one person.
const NOTICE: &str = "A calculation for research, not advice.";

impl Chart {
    /// What a number or a function of the model (a half-life) may be, of the people and of one person after the samples: the density of its logarithm over
    /// `n` draws each, with both medians marked. The caption says the ranges.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, Model, OneCompartment, assay::ResidualError, chart::Chart, fit::{Sampled, Samples, Theory, fixed}};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let levels = Samples::new(&[312.0, 317.0], &[1.1, 1.7])?;
    /// let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, levels))?;
    /// let chart = Chart::xy("Half-life").x_label("Half-life (h)").prior_and_posterior(&person, Model::half_life, (500, 42))?;
    /// assert!(chart.to_svg()?.contains("this person"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Posterior::people`]; a function that is not above zero, or the same for everybody.
    pub fn prior_and_posterior(
        mut self,
        person: &Posterior,
        function: impl Fn(&Model) -> f64,
        (n, seed): (u64, u64),
    ) -> Result<Self> {
        let logs = |models: &[Model]| -> Result<Vec<f64>> {
            let log = |model: &Model| {
                let value = function(model);
                let good = value > 0.0 && value.is_finite();
                good.then(|| value.ln()).ok_or_else(|| Error::value(format!("the function is {value} for one of the draws, but a density of its logarithm needs numbers above zero")))
            };
            models.iter().map(log).collect()
        };
        let prior = Draws::of(logs(person.prior(n, seed)?.models())?)?;
        let posterior = Draws::of(logs(person.people(n, seed)?.models())?)?;
        let ends = [&prior, &posterior].map(Draws::ends);
        let (low, high) = (ends[0].0.min(ends[1].0), ends[0].1.max(ends[1].1));
        let said = format!(
            "Median of the people {}, of this person {}; 90 % of them {} to {} and {} to {}. {n} draws each. {NOTICE}",
            short(prior.at[1]),
            short(posterior.at[1]),
            short(prior.at[0]),
            short(prior.at[2]),
            short(posterior.at[0]),
            short(posterior.at[2])
        );
        let both = [self.caption.clone(), said].join(" ");
        both.trim().clone_into(&mut self.caption);
        self.time = Time::No;
        self.log_x = true;
        self.y.label = self.y.label.or_else(|| Some("Density of the logarithm".to_owned()));
        let density = |draws: &Draws| -> Vec<(f64, f64)> {
            let u = (0..=SMOOTH).map(|i| low + (high - low) * f64::from(i) / f64::from(SMOOTH));
            u.map(|u| (u.exp(), draws.density(u))).collect()
        };
        Ok(self
            .dashed("people", density(&prior))
            .colour(Colour::Grey)
            .curve("this person", density(&posterior))
            .colour(Colour::Blue)
            .moment(short(posterior.at[1]), posterior.at[1])
            .moment(short(prior.at[1]), prior.at[1]))
    }

    /// What one person's levels are likely to be under a course that holds the past and what is to come: the measured levels, the curve of the mode, and
    /// the band in which 90 % of `n` draws lie.
    ///
    /// # Errors
    /// As for [`Posterior::people`] and [`Population::bands`](crate::Population::bands).
    pub fn forecast(
        mut self,
        person: &Posterior,
        (course, until): (&Regimen, f64),
        (n, seed): (u64, u64),
    ) -> Result<Self> {
        let times = grid(0.0..=until, until / f64::from(4 * SMOOTH));
        let bands = person.people(n, seed)?.bands(course, &times, &[0.05, 0.95])?;
        let curve = person.model().profile(course, &times)?;
        let said = format!("Line: the most likely body; band: 90 % of {n} draws of what this person may be. {NOTICE}");
        let both = [self.caption.clone(), said].join(" ");
        both.trim().clone_into(&mut self.caption);
        let measured: Vec<(f64, f64)> = person.sampled().samples().levels().collect();
        let chart = self
            .band("", &bands.curve(0.05)?, &bands.curve(0.95)?)
            .curve("", &curve)
            .colour(Colour::Blue)
            .doses(course);
        Ok(if measured.is_empty() { chart } else { chart.points("measured", measured).colour(Colour::Vermilion) })
    }

    /// The range of a target over the time of the chart, as a tint; of a target with one end a line. A target that is no level adds nothing.
    pub fn target(self, target: &Target, until: f64) -> Self {
        let Some((low, high)) = target.levels() else { return self };
        if low > 0.0 && high < f64::INFINITY {
            return self.band("target", [(0.0, low), (until, low)], [(0.0, high), (until, high)]).colour(Colour::Green);
        }
        let end = if high < f64::INFINITY { high } else { low };
        self.level("target", end).colour(Colour::Green)
    }

    /// The share of bodies who meet a target over the amount of a dose, with the band of chance (95 %, Wilson): the rows of
    /// [`attainment`](crate::Population::attainment).
    ///
    /// ```
    /// use menaquinone::{Dose, chart::Chart, fit::Target, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(200, 42)?;
    /// let amounts: Vec<f64> = (1..=20).map(|i| 25.0 * f64::from(i)).collect();
    /// let rows = people.attainment(Dose::of(90.0 * UG).every(DAY), Target::ctrough(2.0..=4.0)?, &amounts)?;
    /// let chart = Chart::xy("MK-7 once a day").attainment(&rows)?;
    /// assert!(chart.to_svg()?.contains("a trough of 2 to 4 µg/L"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No rows.
    pub fn attainment(mut self, rows: &[DoseFound]) -> Result<Self> {
        let Some(first) = rows.first() else {
            return Err(Error::value("there are no amounts to draw: ask for the attainment of at least one"));
        };
        self.time = Time::No;
        self.x.label = self.x.label.or_else(|| Some("Amount of a dose (µg)".to_owned()));
        self.y.label = self.y.label.or_else(|| Some("Share who meet the target (%)".to_owned()));
        self.y.range = self.y.range.or(Some((0.0, 100.0)));
        let said = format!(
            "Target: {}, of {} bodies. Band: 95 % interval of chance. {NOTICE}",
            first.target,
            first.share.of()
        );
        let both = [self.caption.clone(), said].join(" ");
        both.trim().clone_into(&mut self.caption);
        let amount = |row: &DoseFound| row.dosing.doses().first().map_or(0.0, |(_, dose)| dose.amount);
        let (mut low, mut high, mut line) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let ends = row.share.interval(0.95)?;
            low.push((amount(row), 100.0 * ends.start()));
            high.push((amount(row), 100.0 * ends.end()));
            line.push((amount(row), 100.0 * row.probability));
        }
        Ok(self.band("", low, high).curve("", line).colour(Colour::Blue))
    }

    /// One of the curves of a fit (0 is the first) as [`fitted`](Self::fitted), with the band in which the true curve lies at a level such as 0.95, by the
    /// delta method.
    ///
    /// # Errors
    /// As for [`fitted`](Self::fitted) and [`Fit::bands`].
    pub fn fitted_with_band(self, fit: &Fit, curve: usize, level: f64) -> Result<Self> {
        let samples = fit.sampled(curve)?.samples();
        let last = samples.times().last().copied().unwrap_or(24.0);
        let first = samples.times().first().copied().unwrap_or(0.0).min(0.0);
        let rows = fit.bands(curve, &grid(first..=last, (last - first).max(1e-3) / f64::from(SMOOTH)), level)?;
        let low: Vec<(f64, f64)> = rows.iter().map(|row| (row.time, row.curve.0)).collect();
        let high: Vec<(f64, f64)> = rows.iter().map(|row| (row.time, row.curve.1)).collect();
        self.band("", low, high).fitted(fit, curve)
    }
}

/// The logarithms of draws, and their quantiles as values: 5, 50 and 95 %.
struct Draws {
    logs: Vec<f64>,
    at: [f64; 3],
    width: f64,
}

impl Draws {
    fn of(logs: Vec<f64>) -> Result<Self> {
        let [low, first, middle, third, high] = quantiles(&logs, [0.05, 0.25, 0.5, 0.75, 0.95])?;
        #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
        let n = logs.len() as f64;
        let mean = logs.iter().sum::<f64>() / n;
        let sd = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        // Silverman's rule of thumb, Density Estimation (1986), equation 3.31.
        let width = 0.9 * sd.min((third - first) / 1.34) * n.powf(-0.2);
        if width <= 0.0 {
            return Err(Error::value("the function is the same for everybody, so that it has no density"));
        }
        Ok(Self { logs, at: [low, middle, high].map(f64::exp), width })
    }

    fn ends(&self) -> (f64, f64) {
        let low = self.logs.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (low - 3.0 * self.width, high + 3.0 * self.width)
    }

    fn density(&self, u: f64) -> f64 {
        let kernel = |x: &f64| (-0.5 * ((u - x) / self.width).powi(2)).exp();
        #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
        let n = self.logs.len() as f64;
        self.logs.iter().map(kernel).sum::<f64>() / (n * self.width * std::f64::consts::TAU.sqrt())
    }
}
