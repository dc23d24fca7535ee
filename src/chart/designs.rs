//! Charts of a design: the curve that it samples, what a further sample would bring, and what hours, samples and people are worth.

use super::colour::Colour;
use super::description::{Chart, Time};
use crate::design::{Criterion, Design, Found};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::profile::grid;
use crate::units::DAY;

/// How many pieces make a smooth curve.
const SMOOTH: f64 = 240.0;
/// So many more lie closer within so many pieces after a dose, of so many doses at most. Nearer ones than the first nobody could see, but they
/// would stretch a logarithmic axis.
const CLOSE: u32 = 24;
const FIRST: u32 = 4;
const AFTER: f64 = 4.0;
const MOST_CLOSE: usize = 30;
/// An axis of times beyond so many hours is in days.
const HOURS: f64 = 72.0;
/// Samples nearer than this share of the picture are drawn as one mark with their number.
const ONE_MARK: f64 = 0.004;

type Points = Vec<(f64, f64)>;

impl Chart {
    /// The curve that an arm of a design (0 is the first) samples, to an hour: the level of the typical person, the band in which nine in ten people lie
    /// (where nothing varies between people, nine in ten samples), and the sampling times as marks. Several samples at one time are one mark with
    /// their number.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, chart::Chart, design::{Arm, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0, 10.0]))?;
    /// let svg = Chart::new("A bolus").sampled_by(&design, 0, 48.0)?.to_svg()?;
    /// assert!(svg.contains("nine in ten samples") && svg.contains("2 samples"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An arm that the design does not have; a course that cannot be.
    pub fn sampled_by(mut self, design: &Design, arm: usize, until: f64) -> Result<Self> {
        let own: Vec<f64> = design.arms().get(arm).map_or(Vec::new(), |arm| arm.times().to_vec());
        let times = times_of(design, arm, until);
        let seen = design.seen(arm, &times)?;
        let line = |levels: Vec<f64>| -> Points { times.iter().copied().zip(levels).collect() };
        let (low, high, typical) = (line(seen.low), line(seen.high), line(seen.typical));
        let marks = marked(&own, &typical, ONE_MARK * until);
        let whose = if seen.of_people { "people" } else { "samples of this person" };
        self.says(&format!("Line: the typical person; band: nine in ten {whose}; marks: the sampling times."));
        let regimen = design.arms()[arm].regimen().clone();
        let mut chart = self.band("", low, high).curve("", typical).colour(Colour::Blue).doses(regimen);
        if !marks.is_empty() {
            chart = chart.points("", marks.iter().map(|(at, _)| *at).collect::<Points>()).colour(Colour::Vermilion);
        }
        let several = marks.into_iter().filter(|(_, count)| *count > 1);
        Ok(several
            .fold(chart, |chart, (at, count)| chart.note(format!("{count} samples"), at).colour(Colour::Vermilion)))
    }

    /// What one more sample of everybody in an arm of a design (0 is the first) would bring, along time: by how many percent the value of the criterion
    /// would grow, as an area, with the sampling times of the design as marks on it ([`Design::along`]).
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, chart::Chart, design::{Arm, Criterion, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0]))?;
    /// let svg = Chart::new("A bolus").brought_to(&design, &Criterion::d(), (0, 48.0))?.to_svg()?;
    /// assert!(svg.contains("What one more sample brings (%)"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Design::along`].
    pub fn brought_to(mut self, design: &Design, criterion: &Criterion, (arm, until): (usize, f64)) -> Result<Self> {
        let own: Vec<f64> = design.arms().get(arm).map_or(Vec::new(), |arm| arm.times().to_vec());
        let times = times_of(design, arm, until);
        let brought: Vec<f64> = design.along(criterion, arm, &times)?.into_iter().map(|share| 100.0 * share).collect();
        let line: Points = times.into_iter().zip(brought).collect();
        let ground: Points = line.iter().map(|(time, _)| (*time, 0.0)).collect();
        let marks: Points = marked(&own, &line, ONE_MARK * until).into_iter().map(|(at, _)| at).collect();
        self.says(&format!(
            "How much more the design would be worth with one more sample of everybody at that time. Worth is by the criterion {criterion}: {}.",
            criterion.row().meaning
        ));
        self.y.label = Some("What one more sample brings (%)".to_owned());
        let chart = self.band("", ground, line.clone()).curve("", line).colour(Colour::Green);
        Ok(if marks.is_empty() { chart } else { chart.points("", marks).colour(Colour::Vermilion) })
    }

    /// The standard error that is expected against the last hour at which somebody is sampled: one point for each search, and a line at what is wanted.
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let svg = Chart::new("MK-7").error_by_last_hour(&[(72.0, 31.0), (168.0, 12.0)], Some(10.0)).to_svg()?;
    /// assert!(svg.contains("wanted"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn error_by_last_hour(mut self, rows: &[(f64, f64)], wanted: Option<f64>) -> Self {
        let last = rows.iter().map(|(hour, _)| *hour).fold(0.0, f64::max);
        let (unit, label) = if last > HOURS { (DAY, "Last sample (days)") } else { (1.0, "Last sample (h)") };
        let rows: Points = rows.iter().map(|(hour, error)| (hour / unit, *error)).collect();
        self.time = Time::No;
        self.x.label = self.x.label.or_else(|| Some(label.to_owned()));
        self.x.range = self.x.range.or(Some((0.0, last / unit)));
        self.y.label = Some("Expected standard error (%)".to_owned());
        let chart = self.curve("", rows.clone()).colour(Colour::Blue).points("", rows).colour(Colour::Blue);
        match wanted {
            Some(wanted) => chart.level("wanted", wanted).colour(Colour::Vermilion),
            None => chart,
        }
    }

    /// What each sample is worth against the number of samples, in percent of the number at which it is worth most: the designs of
    /// [`Search::by_count`](crate::design::Search::by_count).
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, chart::Chart, design::{Arm, Criterion, Design, Search, When}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)))?;
    /// let found = Search::of(&design, &Criterion::d(), When::between(0.0..=48.0)).by_count(2..=5)?;
    /// assert!(Chart::xy("Samples").worth_by_count(&found)?.to_svg()?.contains("Number of samples"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No designs.
    pub fn worth_by_count(mut self, found: &[Found]) -> Result<Self> {
        let most = found.iter().map(Found::per_sample).fold(0.0, f64::max);
        if most <= 0.0 {
            return Err(Error::value("there are no designs to compare: search for at least one number of samples"));
        }
        let sure = found.iter().map(Found::efficiency).fold(1.0, f64::min);
        self.time = Time::No;
        self.says(&format!(
            "Worth is by the criterion {}: {}. Each design is at least {:.1} % of the best there can be with so many samples.",
            found[0].criterion(),
            found[0].criterion().row().meaning,
            100.0 * sure
        ));
        self.x.whole = true;
        self.x.label = self.x.label.or_else(|| Some("Number of samples of each person".to_owned()));
        self.y.label = Some("Worth of a sample (% of the most)".to_owned());
        self.y.range = self.y.range.or(Some((0.0, 105.0)));
        let counts = found.iter().flat_map(Found::times).map(<[f64]>::len).max().unwrap_or(1);
        self.x.range = self.x.range.or(Some((0.0, counts.max(10) as f64)));
        let row = |found: &Found| {
            let samples = found.times().iter().map(|own| own.len()).max().unwrap_or(0);
            (samples as f64, 100.0 * found.per_sample() / most)
        };
        let rows: Points = found.iter().map(row).collect();
        Ok(self.curve("", rows.clone()).colour(Colour::Blue).points("", rows).colour(Colour::Blue))
    }

    /// The power with which a design tells two values of a function of the model apart, against the number of people, at a false alarm of 5 % (two-sided),
    /// with a line at 80 % ([`Design::power_to_tell`]).
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, Model, OneCompartment, assay::ResidualError, chart::Chart, design::{Arm, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(100.0).varying(0.2) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.15) })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[1.0, 24.0, 96.0, 168.0]))?;
    /// let chart = Chart::xy("Power").power_of(("these times", &design), Model::half_life, (72.0, 96.0), 60)?;
    /// assert!(chart.to_svg()?.contains("these times"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Design::power_to_tell`].
    pub fn power_of(
        mut self,
        (label, design): (&str, &Design),
        of: impl Fn(&Model) -> f64,
        (one, other): (f64, f64),
        most: u32,
    ) -> Result<Self> {
        let least = design.arms().len().max(1) as u32;
        let step = (most / 120).max(1) as usize;
        let power = |people: u32| -> Result<(f64, f64)> {
            let people = f64::from(people);
            Ok((people, 100.0 * design.with_people(people)?.power_to_tell(&of, one, other, 0.05)?))
        };
        let rows: Points = (least..=most).step_by(step).map(power).collect::<Result<_>>()?;
        self.time = Time::No;
        self.x.whole = true;
        self.x.label = self.x.label.or_else(|| Some("Number of people".to_owned()));
        self.y.label = Some("Power (%)".to_owned());
        self.y.range = self.y.range.or(Some((0.0, 100.0)));
        Ok(self.curve(label, rows))
    }

    /// Adds a sentence to the caption, once.
    fn says(&mut self, sentence: &str) {
        if !self.caption.contains(sentence) {
            let both = [self.caption.clone(), sentence.to_owned()].join(" ");
            both.trim().clone_into(&mut self.caption);
        }
    }
}

/// A grid with the times of an arm, and closer after its doses, where a level rises within minutes in a picture of weeks.
fn times_of(design: &Design, arm: usize, until: f64) -> Vec<f64> {
    let step = until / SMOOTH;
    let mut times = grid(0.0..=until, step);
    if let Some(arm) = design.arms().get(arm) {
        times.extend(arm.times());
        for (dose, _) in arm.regimen().doses(until).into_iter().take(MOST_CLOSE) {
            times.push(dose);
            // A bolus is upright.
            times.push((dose - 1e-6 * until).max(0.0));
            times.extend((FIRST..=CLOSE).map(|i| dose + AFTER * step * (f64::from(i) / f64::from(CLOSE)).powi(2)));
        }
    }
    times.retain(|time| *time <= until);
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// Where a line is at the sampling times, with the number of samples that lie nearer than `apart`.
fn marked(own: &[f64], line: &[(f64, f64)], apart: f64) -> Vec<((f64, f64), usize)> {
    let mut marks: Vec<((f64, f64), usize)> = Vec::new();
    for time in own {
        let Some(at) = line.iter().find(|(at, _)| at == time) else { continue };
        match marks.last_mut().filter(|(last, _)| at.0 - last.0 <= apart) {
            Some((_, count)) => *count += 1,
            None => marks.push((*at, 1)),
        }
    }
    marks
}
