//! How sure a fit is beyond standard errors: profiles of the likelihood, and whether the model fits at all.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use super::fitted::{Fit, spread};
use super::name::Name;
use super::objective::{Objective, value};
use super::plan::Plan;
use super::profile::{Course, Interval};
use super::quantity::Quantity;
use super::report::short;
use super::samples::Report;
use super::start::is_least_squares;
use super::unknown::Unknown;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::normal_quantile;

/// How far a profile is followed: to some ten thousand times the estimate.
const FAR: f64 = 9.5;
/// On a logarithm beyond this, whatever the standard error is: numbers end there.
const FARTHEST: f64 = 40.0;

impl Fit {
    /// By how much the objective may be worse within an interval: the quantile of chi-square with 1 degree of freedom, or in least squares
    /// that of F with 1 and `n - p` times the variance.
    pub(super) fn allowed(&self, level: f64) -> Result<f64> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::value(format!(
                "the level of an interval is {level}, but it must lie between 0 and 1 (0.95 is 95 %)"
            )));
        }
        // The square of Student's quantile is that of F, and the square of the normal quantile that of chi-square.
        let upper = 0.5 + 0.5 * level;
        let quantile = if is_least_squares(&self.theory) { self.student(upper) } else { normal_quantile(upper) };
        Ok(self.scale * quantile * quantile)
    }

    /// The profile interval (95 %) of one of the unknowns: all values for which the best fit of the others is not significantly worse. An end that
    /// the data do not set is `None`, with a reason.
    ///
    /// # Errors
    /// A name that is not free.
    pub fn profile(&self, name: impl Into<Name>) -> Result<Interval> {
        self.profile_at(name, 0.95)
    }

    /// The profile interval of one of the unknowns at another level.
    ///
    /// # Errors
    /// A name that is not free, a level outside (0, 1).
    pub fn profile_at(&self, name: impl Into<Name>, level: f64) -> Result<Interval> {
        let name = name.into();
        let (i, unknown) = self.free_number(name)?;
        let back = |t: f64| unknown.value(t)[0];
        self.interval(Quantity::Coordinate(i), &back, level, &name.to_string())
    }

    /// The profile interval (95 %) of a function of the model that is above zero: a half-life, an area, the dose for a target.
    ///
    /// The derivatives of the function are formed by differences of the function alone, never of the course.
    ///
    /// # Errors
    /// A function that is not above zero at the estimates.
    pub fn profile_of(&self, function: impl Fn(&Model) -> f64) -> Result<Interval> {
        self.profile_of_at(function, 0.95)
    }

    /// The profile interval of a function of the model at another level.
    ///
    /// # Errors
    /// A function that is not above zero at the estimates, a level outside (0, 1).
    pub fn profile_of_at(&self, function: impl Fn(&Model) -> f64, level: f64) -> Result<Interval> {
        let logarithm = self.logarithm_of(&function);
        let quantity = Quantity::Function(&logarithm);
        if quantity.at(&self.found.x).is_none() {
            return Err(Error::value(
                "the function is not a finite number above zero at the estimates: profile one that is",
            ));
        }
        self.interval(quantity, &f64::exp, level, "this quantity")
    }

    fn interval(&self, quantity: Quantity<'_>, back: &dyn Fn(f64) -> f64, level: f64, name: &str) -> Result<Interval> {
        let (x, allowed) = (&self.found.x, self.allowed(level)?);
        let best = (x.as_slice(), self.found.near.value);
        let ends = self.follow(quantity, allowed, |course| [-1.0, 1.0].map(|direction| course.end(best, direction)));
        let estimate = quantity.at(x).map_or(f64::NAN, back);
        let mut curve: Vec<(f64, f64)> =
            ends.iter().flat_map(|(_, seen)| seen.iter().map(|(t, worse)| (back(*t), *worse))).collect();
        curve.push((estimate, 0.0));
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        let [low, high] = [&ends[0], &ends[1]].map(|(end, _)| end.map(back));
        let start = quantity.at(x).unwrap_or(f64::NAN);
        let last_within = |seen: &[(f64, f64)]| seen.iter().rfind(|(_, worse)| *worse <= allowed).copied();
        let reason = |which: &str, seen: &[(f64, f64)]| match last_within(seen) {
            Some((t, worse)) if (t - start).abs() < FAR => format!(
                "{name} could not be followed beyond {}, where the best fit of the rest is worse by {:.2}, of {allowed:.2} allowed: whether that is its {which} end is not known; fix a number that the data do not tell",
                short(back(t)),
                worse.max(0.0)
            ),
            Some((t, worse)) => format!(
                "{name} has no {which} end: at {} the best fit of the rest is worse by only {:.2}, of {allowed:.2} allowed; fix it, or measure where it shows",
                short(back(t)),
                worse.max(0.0)
            ),
            None => format!("{name} has no {which} end: it could not be moved from its estimate"),
        };
        let mut reasons = Vec::new();
        if low.is_none() {
            reasons.push(reason("lower", &ends[0].1));
        }
        if high.is_none() {
            reasons.push(reason("upper", &ends[1].1));
        }
        let wald = self.wald_of(quantity, allowed).map(|(low, high)| (back(low), back(high)));
        Ok(Interval { estimate, low, high, level, reason: reasons.join("; "), curve, allowed, wald })
    }

    /// Where a parabola with the curvature at the estimates would end.
    fn wald_of(&self, quantity: Quantity<'_>, allowed: f64) -> Option<(f64, f64)> {
        let t = quantity.at(&self.found.x)?;
        let slopes = quantity.slopes(&self.found.x)?;
        let reach = (allowed / self.scale).sqrt() * spread(&slopes, self.covariance.as_ref()?);
        Some((t - reach, t + reach))
    }

    /// Calls `f` with the course of a profile from the estimates on.
    fn follow<T>(&self, quantity: Quantity<'_>, allowed: f64, f: impl FnOnce(&Course<'_>) -> T) -> T {
        let objective = Objective::new(&self.theory, &self.data);
        let evaluate = |x: &[f64]| objective.near(x);
        let mut course = Course { objective: &evaluate, quantity, allowed, step: 0.1, reach: FAR };
        let slopes = quantity.slopes(&self.found.x);
        let se = slopes.zip(self.covariance.as_ref()).map(|(slopes, covariance)| spread(&slopes, covariance));
        if let Some(se) = se.filter(|se| se.is_finite() && *se > 0.0) {
            course.step = se.min(0.5);
            course.reach = (12.0 * se).clamp(FAR, FARTHEST);
        }
        f(&course)
    }

    /// How much worse the objective is, at best, where one of the unknowns has this value: where a claimed figure stands on its profile. Above 3.84 a
    /// likelihood speaks against the value at the level of 95 %.
    ///
    /// # Errors
    /// A name that is not free, or a value that the search for the others does not come to.
    pub fn worse_at(&self, name: impl Into<Name>, value: f64) -> Result<f64> {
        let (i, unknown) = self.free_number(name.into())?;
        let t = unknown.coordinate(value);
        self.worse(Quantity::Coordinate(i), t, value)
    }

    /// How much worse the objective is, at best, where a function of the model that is above zero has this value.
    ///
    /// # Errors
    /// A function that is not above zero at the estimates, or a value that the search does not come to.
    pub fn worse_of_at(&self, function: impl Fn(&Model) -> f64, value: f64) -> Result<f64> {
        self.worse(Quantity::Function(&self.logarithm_of(&function)), value.ln(), value)
    }

    fn worse(&self, quantity: Quantity<'_>, t: f64, value: f64) -> Result<f64> {
        let best = (self.found.x.as_slice(), self.found.near.value);
        let worse = self.follow(quantity, f64::INFINITY, |course| course.worse_at(best, t));
        worse.ok_or_else(|| {
            Error::value(format!("the best fit with a value of {value} was not found: it is not one that this theory can have, or lies too far away"))
        })
    }

    fn free_number(&self, name: Name) -> Result<(usize, Unknown)> {
        let free = self.theory.free();
        let found = free.iter().position(|(own, _)| *own == name);
        found.map(|i| (i, free[i].1)).ok_or_else(|| {
            let names: Vec<String> = free.iter().map(|(own, _)| own.to_string()).collect();
            Error::value(format!("{name} is not free in this theory: what is free is {}", names.join(", ")))
        })
    }

    /// The logarithm of a function of the model at coordinates.
    fn logarithm_of<'a>(&'a self, function: &'a dyn Fn(&Model) -> f64) -> impl Fn(&[f64]) -> Option<f64> + 'a {
        let plan = Plan::new(&self.theory);
        move |x: &[f64]| {
            let theory = &self.theory;
            let model =
                if theory.rest.is_some() { theory.model(&theory.values(x)) } else { plan.model(&plan.values(x)) };
            let value = function(&model.ok()?);
            (value > 0.0 && value.is_finite()).then(|| value.ln())
        }
    }

    /// How well the model fits where the error of the samples is known: the sum of squares of the residuals over their variances, its degrees of
    /// freedom, and the probability of one as large if the model is right. None where the error is estimated, a sample is censored or none can lie
    /// below zero.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn chi_square(&self) -> Result<Option<(f64, f64, f64)>> {
        let known = !is_least_squares(&self.theory) && !self.theory.free().iter().any(|(name, _)| name.is_of_error());
        let levels = self.data.iter().flat_map(|sampled| sampled.samples.reports());
        #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
        let left = self.count() as f64 - self.found.x.len() as f64;
        if !known
            || self.theory.above_zero
            || left < 1.0
            || levels.clone().any(|report| !matches!(report, Report::Level(_)))
        {
            return Ok(None);
        }
        let squares = self.ofv() - self.log_variances()?;
        let p = ChiSquared::new(left).map_or(f64::NAN, |chi| chi.sf(squares));
        Ok(Some((squares, left, p)))
    }

    /// The part of the objective that is no square: the objective of data that the model meets exactly.
    fn log_variances(&self) -> Result<f64> {
        let mut met = self.data.clone();
        for (sampled, predicted) in met.iter_mut().zip(self.predicted()?) {
            let model = self.theory.model_of(sampled, &self.values())?;
            for summary in &mut sampled.summaries {
                *summary = summary.met(summary.figure().of(&model, &sampled.dosing)?);
            }
            if predicted.is_empty() {
                continue;
            }
            let reports: Vec<Report> = predicted.into_iter().map(Report::Level).collect();
            sampled.samples = sampled.samples.reporting(reports);
        }
        value(&self.theory, &met, &self.found.x)
            .ok_or_else(|| Error::value("the fit has no likelihood at its own predictions"))
    }

    /// Whether a wider theory, of which this one is a special case, fits the same data better than chance would: the test of the likelihood ratio, or of F
    /// in least squares.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Sampled, Samples, Theory, fixed, free}};
    /// let samples = Samples::new(&[0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0], &[3.1, 5.2, 6.9, 6.4, 4.4, 3.1, 1.0])?;
    /// let sampled = Sampled::new("100 ug once".parse()?, samples);
    /// let body = OneCompartment { cl: free(1.0), v: free(10.0) };
    /// let narrow = Theory::new(FirstOrder { ka: fixed(3.0) }, body)?.fit(&sampled)?;
    /// let wide = Theory::new(FirstOrder { ka: free(1.0) }, body)?.fit(&sampled)?;
    /// let test = narrow.against(&wide)?;
    /// assert!(test.p < 0.001 && test.more == 1);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fits of other data or other kinds, a wider theory with no more unknowns, or one that fits worse, so that it is not wider.
    pub fn against(&self, wider: &Self) -> Result<Comparison> {
        let (own, other) = (self.found.x.len(), wider.found.x.len());
        if self.data != wider.data || is_least_squares(&self.theory) != is_least_squares(&wider.theory) {
            return Err(Error::value(
                "the two fits are of different data or kinds: compare fits of the same samples with the same weights or error",
            ));
        }
        if other <= own {
            return Err(Error::value(format!(
                "the wider theory has {other} unknowns and this one {own}: name the theory with more unknowns second"
            )));
        }
        let more = other - own;
        let gained = self.ofv() - wider.ofv();
        if gained < -1e-6 * (1.0 + self.ofv().abs()) {
            return Err(Error::value(
                "the wider theory fits worse, so that this one is no special case of it, or its search has not come to the least",
            ));
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
        let freedom = more as f64;
        let (statistic, p) = if is_least_squares(&self.theory) {
            let f = gained.max(0.0) / freedom / wider.scale;
            let law = FisherSnedecor::new(freedom, wider.degrees_of_freedom());
            (f, law.map_or(f64::NAN, |law| law.sf(f)))
        } else {
            let statistic = gained.max(0.0);
            (statistic, ChiSquared::new(freedom).map_or(f64::NAN, |law| law.sf(statistic)))
        };
        Ok(Comparison { statistic, more, p })
    }
}

/// Two fits of the same data compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The statistic: the difference of -2 ln likelihood, or F in least squares.
    pub statistic: f64,
    /// How many unknowns more the wider theory has.
    pub more: usize,
    /// The probability of one as large if the narrower theory is right.
    pub p: f64,
}
