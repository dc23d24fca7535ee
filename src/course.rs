//! A course compiled once: for whoever evaluates the same design again and again.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::engine::{Asked, Line, PairCourse, Performer, latest};
use crate::error::Result;
use crate::model::Model;
use crate::profile::{check_times, last_of};
use crate::propagate::check_room;
use crate::regimen::Regimen;

/// A regimen and output times compiled once, and performed for one model after another: the concentrations of
/// [`Model::concentrations_into`], to the last bit, without compiling; for a depot and one to three exponentials also without
/// allocation, unless something is infused or the doses are those of a diary.
///
/// A fit performs one person's course millions of times, each time with other numbers. What a course holds depends on when doses
/// arrive and on nothing else. So it serves every model with the same lags, durations of zero-order absorption and effect
/// of meals; clearance, volumes, rates, `f`, the baseline, the number of compartments and the kind of first-order or transit
/// absorption may differ freely. Where all doses are swallowed at once and take one path, another lag shifts the course, as long as no
/// dose passes an output time. For a model whose doses arrive otherwise (any other lag, another duration, another number of
/// paths, another [`MealEffect`](crate::MealEffect)) it is compiled again, in the memory that it has, and says the same as if it
/// had been made for that model.
///
/// ```
/// use menaquinone::{Course, Dose, Parameters, units::*};
/// let mut course = Course::new(Dose::of(90.0 * UG).every(DAY).times(14), &[2.0, 5.0, 24.0, 14.0 * DAY])?;
/// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let mut conc = [0.0; 4];
/// for cl in [1.0, 1.27, 1.5] {
///     let model = Parameters { cl, ..typical }.model()?;
///     course.concentrations_into(&model, &mut conc)?;
///     assert_eq!(conc[..], model.concentrations(course.regimen(), course.times())?);
/// }
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Course<'a> {
    regimen: Cow<'a, Regimen>,
    times: Vec<f64>,
    /// The doses and the looks of a subject of a table, whose order counts.
    lines: Vec<Line>,
    performer: Performer,
    /// The same for a depot and a pool alone, once somebody has asked for it; none if it does not serve.
    pair: OnceLock<Option<PairCourse>>,
}

impl<'a> Course<'a> {
    /// A regimen and output times (h, never decreasing).
    ///
    /// # Errors
    /// As for [`Model::profile`].
    pub fn new(regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Self> {
        let regimen = regimen.into();
        check_times(times)?;
        regimen.check(last_of(times)?)?;
        Ok(Self::with_lines(regimen, times.to_vec(), Vec::new()))
    }

    /// What a subject of an event table takes, and when it is looked at, in the order of the records.
    pub(crate) fn of_lines(regimen: Regimen, lines: Vec<Line>) -> Self {
        let times = lines.iter().filter_map(Line::look).collect();
        Self::with_lines(Cow::Owned(regimen), times, lines)
    }

    fn with_lines(regimen: Cow<'a, Regimen>, times: Vec<f64>, lines: Vec<Line>) -> Self {
        Self { regimen, times, lines, performer: Performer::default(), pair: OnceLock::new() }
    }

    /// What a depot and a pool go through, where doses are given at once and by one way.
    #[inline]
    pub(crate) fn pair(&self) -> Option<&PairCourse> {
        let compile = || match &self.lines[..] {
            [] => PairCourse::compile(&self.regimen, &self.times),
            lines => PairCourse::of_lines(lines),
        };
        self.pair.get_or_init(compile).as_ref()
    }

    /// The time of a look that comes before a dose of its instant, which a regimen cannot say.
    pub(crate) fn look_before_dose(&self) -> Option<f64> {
        let looks = self.lines.iter().enumerate().filter_map(|(number, line)| Some((number, line.look()?)));
        let is_dose_of = |line: &Line, look: f64| matches!(line, Line::Dose(time, _) if *time <= latest(look));
        let mut before =
            looks.filter(|(number, look)| self.lines[*number..].iter().any(|line| is_dose_of(line, *look)));
        before.next().map(|(_, look)| look)
    }

    /// What is taken.
    pub fn regimen(&self) -> &Regimen {
        &self.regimen
    }

    /// The output times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The concentrations of `model` at the output times, µg/L, written into `conc`.
    ///
    /// # Errors
    /// Room for another number of concentrations than there are times; an oral dose over a time that meets zero-order absorption.
    /// `conc` is then unchanged.
    #[inline]
    pub fn concentrations_into(&mut self, model: &Model, conc: &mut [f64]) -> Result<()> {
        check_room(&self.times, conc)?;
        let asked = Asked { lines: &self.lines, ..Asked::new(&self.regimen, &self.times) };
        self.performer.perform(&asked, model, conc)
    }

    /// The concentrations of `model` at the output times, µg/L.
    ///
    /// # Errors
    /// As for [`concentrations_into`](Self::concentrations_into).
    pub fn concentrations(&mut self, model: &Model) -> Result<Vec<f64>> {
        let mut conc = vec![0.0; self.times.len()];
        self.concentrations_into(model, &mut conc)?;
        Ok(conc)
    }
}
