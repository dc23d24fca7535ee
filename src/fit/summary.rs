//! What papers print of a curve in place of its points: peak, time of the peak, areas, each with its standard deviation.

use super::dosing::Dosing;
use crate::error::{self, Error, Result};
use crate::model::Model;
use crate::population::{Population, Window};
use crate::regimen::{Regimen, Route};
use crate::sensitivity::{Jet, Moving, Number, Space, add_scaled, at_second, settled_sights, sights};

/// A figure of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// The highest level after the first dose, µg/L.
    Cmax,
    /// When it is reached, h after the time 0 of the regimen.
    Tmax,
    /// The area from the first dose (at steady state from the start of a cycle) to a time, µg·h/L.
    AucTo(f64),
    /// The area of all doses for ever, `sum f dose / cl`, without the baseline, µg·h/L.
    AucInf,
    /// The level at a time, µg/L: the mean of a group, with its own standard deviation.
    Level(f64),
}

/// A printed figure with its standard deviation: normal, and independent of the others.
///
/// ```
/// use menaquinone::fit::{Figure, Summary};
/// let peak = Summary::new(Figure::Cmax, 250.0, 40.0)?;
/// assert_eq!(peak.mean(), 250.0);
/// assert_eq!(
///     Summary::new(Figure::Cmax, 250.0, 0.0).unwrap_err().to_string(),
///     "the standard deviation of a summary is 0, but it must be a positive, finite number"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    figure: Figure,
    mean: f64,
    sd: f64,
}

impl Summary {
    /// A figure, its mean, and the standard deviation with which it is known: of the mean of a group that is its standard error.
    ///
    /// # Errors
    /// A mean that is no number, a standard deviation that is not above zero.
    pub fn new(figure: Figure, mean: f64, sd: f64) -> Result<Self> {
        error::finite("the mean of a summary", mean, "")?;
        error::positive("the standard deviation of a summary", sd, "")?;
        Ok(Self { figure, mean, sd })
    }

    /// The figure.
    pub fn figure(&self) -> Figure {
        self.figure
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// The same, met exactly.
    pub(super) fn met(self, value: f64) -> Self {
        Self { mean: value, ..self }
    }

    /// Adds what it adds to -2 ln likelihood without `ln 2 pi`, where the model says `value`.
    pub(super) fn add(&self, space: Space, value: &Jet, sum: &mut Jet) {
        let mut off = value.clone();
        off[0] -= self.mean;
        space.add_product(sum, 1.0 / (self.sd * self.sd), &off, &off);
        sum[0] += 2.0 * self.sd.ln();
    }
}

impl Figure {
    /// Its value with this model.
    pub(super) fn of(self, model: &Model, dosing: &Dosing) -> Result<f64> {
        const PLAIN: Space = Space { unknowns: 0, second: false };
        match (self, dosing) {
            (Self::Cmax, Dosing::Course(regimen)) => Ok(peak(model, regimen)?[1]),
            (Self::Tmax, Dosing::Course(regimen)) => Ok(peak(model, regimen)?[0]),
            (Self::Cmax, Dosing::Settled(dosing)) => Ok(model.steady_state(dosing.clone())?.cmax()),
            (Self::Cmax | Self::Tmax, Dosing::Table(_)) => Dosing::refuse_table(),
            (Self::Tmax, Dosing::Settled(dosing)) => Ok(model.steady_state(dosing.clone())?.tmax()),
            _ => Ok(self.jet(model, dosing, PLAIN, |_| None)?[0]),
        }
    }

    /// Its value with derivatives; `jet` gives those of each number of the model.
    pub(super) fn jet(
        self,
        model: &Model,
        dosing: &Dosing,
        space: Space,
        jet: impl Fn(Number) -> Option<Jet>,
    ) -> Result<Jet> {
        let body = || Moving::new(model, space, &jet);
        let seen = |times: &[f64]| match dosing {
            Dosing::Course(regimen) => sights(&model.clone().into(), &mut [body()], regimen, times),
            Dosing::Settled(dosing) => settled_sights(model, body(), dosing, times),
            Dosing::Table(_) => Dosing::refuse_table(),
        };
        match self {
            Self::Level(time) => Ok(seen(&[time])?.remove(0).conc),
            Self::AucTo(time) => Ok(seen(&[time])?.remove(0).auc),
            Self::AucInf => whole_area(model, dosing, space, jet),
            Self::Cmax | Self::Tmax => {
                let top = match dosing {
                    Dosing::Course(regimen) => peak(model, regimen)?[0],
                    Dosing::Settled(dosing) => model.steady_state(dosing.clone())?.tmax(),
                    Dosing::Table(_) => return Dosing::refuse_table(),
                };
                // Exact derivatives by the numbers at five times about the peak, whose differences are those by the time.
                let h = 4e-3 * (top.abs() + 0.05);
                let times = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|step| top + h * step);
                let conc: Vec<Jet> = seen(&times)?.into_iter().map(|sight| sight.conc).collect();
                Ok(Top { space, conc: &conc, time: top, h }.jet(self == Self::Cmax))
            }
        }
    }
}

/// The levels about a peak.
struct Top<'a> {
    space: Space,
    conc: &'a [Jet],
    time: f64,
    h: f64,
}

impl Top<'_> {
    fn slope(&self, at: usize) -> f64 {
        let c = |i: usize| self.conc[i][at];
        (c(0) - 8.0 * c(1) + 8.0 * c(3) - c(4)) / (12.0 * self.h)
    }

    /// The jet of the level at the peak, or of its time. A peak at which the curve has a corner (a dose at once) does not move.
    fn jet(&self, is_level: bool) -> Jet {
        let c = |i: usize| self.conc[i][0];
        let bend = (-c(0) + 16.0 * c(1) - 30.0 * c(2) + 16.0 * c(3) - c(4)) / (12.0 * self.h * self.h);
        let is_smooth = bend < 0.0 && self.slope(0).abs() < 1e-3 * c(2) / (self.time.abs() + 0.05);
        let n = self.space.unknowns;
        let slopes: Vec<f64> = (1..=n).map(|i| if is_smooth { self.slope(i) } else { 0.0 }).collect();
        if !is_level {
            let mut time = self.space.constant(self.time);
            (0..n).for_each(|i| time[1 + i] = -slopes[i] / bend);
            return time;
        }
        let mut level = self.conc[2].clone();
        if self.space.second && is_smooth {
            for i in 0..n {
                for j in 0..=i {
                    level[at_second(n, i, j)] -= slopes[i] * slopes[j] / bend;
                }
            }
        }
        level
    }
}

/// When the level is highest after the first dose, and how high.
fn peak(model: &Model, regimen: &Regimen) -> Result<[f64; 2]> {
    let doses: Vec<f64> = regimen.kinds_of_dose().map(|(time, _)| *time).collect();
    let first = doses.iter().copied().fold(f64::INFINITY, f64::min);
    let mut last = first;
    regimen.each_batch(FAR, |batch| batch.each(|time, _| last = last.max(time)));
    if !first.is_finite() {
        return Err(Error::value("the regimen has no dose, so that there is no peak"));
    }
    // Long after the last dose has come in: ten times the mean time to the plasma and in the body.
    let numbers = model.numbers();
    let of =
        |wanted: fn(&Number) -> bool| numbers.iter().filter(move |(number, _)| wanted(number)).map(|(_, value)| *value);
    let lag = of(|number| matches!(number, Number::Tlag(_) | Number::Mtt(_) | Number::Duration(_))).fold(0.0, f64::max);
    let slow = of(|number| matches!(number, Number::Ka(_))).fold(f64::INFINITY, f64::min).recip();
    let window = Window::new(first..=last + lag + 10.0 * (slow + lag + model.mrt()))?;
    let reached = Population::of(vec![model.clone()], 0)?.exposures(regimen, &window)?;
    Ok([reached[0].tmax, reached[0].cmax])
}

/// The end of time for whoever counts the doses of a regimen, h: some thousand years.
const FAR: f64 = 1e7;

/// The area of all doses for ever.
fn whole_area(model: &Model, dosing: &Dosing, space: Space, jet: impl Fn(Number) -> Option<Jet>) -> Result<Jet> {
    let Dosing::Course(regimen) = dosing else {
        return Err(Error::value(
            "the area for ever of a dosing at steady state has no end: ask for that of a cycle (Figure::AucTo of its length)",
        ));
    };
    let (mut swallowed, mut given) = (0.0, 0.0);
    regimen.each_batch(FAR, |batch| {
        batch.each(|_, dose| {
            let amount = crate::meal_effect::MealEffect::amount(model.meal_effect(), &dose);
            if dose.route == Route::Oral { swallowed += amount } else { given += amount }
        });
    });
    let mut entered = space.constant(given);
    for (number, value) in model.numbers() {
        if matches!(number, Number::F(_)) {
            add_scaled(&mut entered, swallowed, &jet(number).unwrap_or_else(|| space.constant(value)));
        }
    }
    let cl = jet(Number::Cl).unwrap_or_else(|| space.constant(model.disposition().cl()));
    Ok(space.product(&entered, &space.inverse(&cl)))
}
