//! Where repeated dosing leads in the long run: exact, without simulating the months before it.

mod batch;
mod columns;
mod dose_for;
mod exposure;
mod oral;
mod rise;
mod round;

pub use columns::{ExposureColumns, ParameterColumns};
pub use exposure::Exposure;

use serde::{Deserialize, Serialize};

use self::round::Round;
use crate::error::{self, Error, Result};
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::numeric;
use crate::phases::Phases;
use crate::profile::{Profile, check_times};
use crate::regimen::{Dose, Repeating};

/// One cycle of a repeated dosing, long after the first dose.
///
/// The state before a cycle is the fixed point of the cycle: `x = A x + b` with `A` triangular, solved by division
/// through `1 - e^{-k tau}`. Concentrations in µg/L include the baseline; times in h count from the start of the cycle,
/// which is when its first dose is taken.
///
/// ```
/// use menaquinone::{Dose, Parameters, units::*};
/// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
/// let ss = model.steady_state(Dose::of(90.0 * UG).every(DAY))?;
/// assert!((ss.cavg() - 90.0 / (1.27 * 24.0)).abs() < 1e-14);
/// assert!(ss.cmin() <= ss.ctrough() && ss.ctrough() < ss.cavg() && ss.cavg() < ss.cmax());
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Cause", into = "Cause")]
pub struct SteadyState {
    model: Model,
    dosing: Repeating,
    round: Round,
    exposure: Exposure,
}

/// What a steady state follows from, which is how it is written down: the same bits come out again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cause {
    model: Model,
    dosing: Repeating,
}

impl Model {
    /// The steady state of a dosing that repeats without end.
    ///
    /// Infusions longer than the interval and lags beyond it are part of it.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, Regimen, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let unequal = model.steady_state("90 ug on Mon,Wed,Fri".parse::<Regimen>()?)?;
    /// let daily = model.steady_state(Dose::of(90.0 * UG * 3.0 / 7.0).every(DAY))?;
    /// assert!((unequal.cavg() / daily.cavg() - 1.0).abs() < 1e-12); // as much a week
    /// assert!(unequal.fluctuation() > daily.fluctuation());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Dosing that ends, an interval or a dose that cannot be, and what has no steady state.
    pub fn steady_state<R>(&self, dosing: R) -> Result<SteadyState>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        let dosing = dosing.try_into()?;
        dosing.check()?;
        let round = Round::settled(self, &dosing)?;
        let exposure = self.closed_form(&dosing).unwrap_or_else(|| round.exposure());
        let good = exposure.cmax.is_finite() && exposure.cavg.is_finite();
        if !good {
            return Err(Error::value(format!(
                "the steady state of `{dosing}` is not a finite number: the doses or the parameters are too extreme"
            )));
        }
        Ok(SteadyState { model: self.clone(), dosing, round, exposure })
    }
}

impl Phases {
    /// A steady state is that of one body for ever, so it is refused where there is more than one model.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, units::*};
    /// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let phases = usual.model()?.then_from(WEEK, Parameters { cl: 2.0, ..usual }.model()?)?;
    /// assert_eq!(
    ///     phases.steady_state(Dose::of(90.0 * UG).every(DAY)).unwrap_err().to_string(),
    ///     "a body whose numbers change at 168 h has no steady state: ask one model for its own (Phases::at), or follow the course for long"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// More than one model, and as for [`Model::steady_state`].
    pub fn steady_state<R>(&self, dosing: R) -> Result<SteadyState>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        match self.iter().nth(1) {
            None => self.at(f64::NEG_INFINITY).steady_state(dosing),
            Some((from, _)) => Err(Error::value(format!(
                "a body whose numbers change at {from} h has no steady state: ask one model for its own (Phases::at), or follow the course for long"
            ))),
        }
    }
}

impl Model {
    /// The numbers of the common case, one compartment and one oral dose a cycle, which have a formula; that keeps the
    /// digits of `tmax` where the curve is almost flat.
    fn closed_form(&self, dosing: &Repeating) -> Option<Exposure> {
        let mut exposure = [batch::NOTHING];
        let parameters = self.flat()?;
        let [(_, dose)] = dosing.doses() else { return None };
        let fed = dose.meal.map(|_| {
            let amount = MealEffect::amount(self.meal_effect(), dose);
            Dose { amount, ..*dose }.every(dosing.tau())
        });
        let known = fed.as_ref().unwrap_or(dosing).by_formula(&[parameters], &mut exposure);
        known.then(|| exposure[0].above(self.baseline()))
    }
}

impl SteadyState {
    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The dosing.
    pub fn dosing(&self) -> &Repeating {
        &self.dosing
    }

    /// The numbers below as plain data.
    pub fn exposure(&self) -> Exposure {
        self.exposure
    }

    /// The length of the cycle, h.
    pub fn tau(&self) -> f64 {
        self.exposure.tau
    }

    /// The highest concentration of the cycle, µg/L.
    pub fn cmax(&self) -> f64 {
        self.exposure.cmax
    }

    /// When it is reached, h after the start of the cycle.
    pub fn tmax(&self) -> f64 {
        self.exposure.tmax
    }

    /// The lowest concentration of the cycle, µg/L: with a lag it comes after the dose has been taken.
    pub fn cmin(&self) -> f64 {
        self.exposure.cmin
    }

    /// The concentration just before the first dose of the cycle is taken, µg/L: the limit from the left.
    #[doc(alias = "ctau")]
    pub fn ctrough(&self) -> f64 {
        self.exposure.ctrough
    }

    /// The average concentration, `auc_tau / tau = sum f dose / (cl tau)` plus the baseline, µg/L.
    pub fn cavg(&self) -> f64 {
        self.exposure.cavg
    }

    /// The area under the concentration over one cycle, µg·h/L.
    pub fn auc_tau(&self) -> f64 {
        self.exposure.auc_tau()
    }

    /// `(cmax - cmin) / cavg`; a difference, so its digits are those of the level: about 1e-15 of the average.
    #[doc(alias = "ptf")]
    pub fn fluctuation(&self) -> f64 {
        self.exposure.fluctuation()
    }

    /// `(cmax - cmin) / cmin`; infinite where `cmin` is 0.
    pub fn swing(&self) -> f64 {
        self.exposure.swing()
    }

    /// `cmax / ctrough`; infinite where `ctrough` is 0.
    pub fn peak_trough_ratio(&self) -> f64 {
        self.exposure.peak_trough_ratio()
    }

    /// How much the doses add up: `auc_tau` over the area of the first cycle, both without the baseline.
    ///
    /// For a bolus into one compartment this is the [`accumulation_index`](Self::accumulation_index). Ratios of peaks and of troughs are other
    /// numbers: see [`accumulation_ratio_cmax`](Self::accumulation_ratio_cmax) and
    /// [`accumulation_ratio_ctrough`](Self::accumulation_ratio_ctrough). Infinite where a lag leaves the first cycle
    /// empty.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, Model, OneCompartment, units::*};
    /// let body = OneCompartment { cl: 1.27, v: 154.0 };
    /// let ss = Model::new(Bolus, body)?.steady_state(Dose::of(90.0).every(DAY))?;
    /// assert!((ss.accumulation_ratio() / ss.accumulation_index() - 1.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[doc(alias = "rac")]
    pub fn accumulation_ratio(&self) -> f64 {
        let over_baseline = self.cavg() - self.model.baseline();
        ratio(over_baseline * self.tau(), self.round.first().auc())
    }

    /// `1 / (1 - e^{-lambda tau})` with `lambda` the slowest rate of the disposition: what the ratios would be if that
    /// exponential were all there is.
    pub fn accumulation_index(&self) -> f64 {
        let slowest = self.model.modes()[self.model.modes().len() - 1].k;
        1.0 / numeric::one_minus_exp(slowest * self.tau())
    }

    /// `cmax` over the highest concentration of the first cycle, both without the baseline.
    pub fn accumulation_ratio_cmax(&self) -> f64 {
        let first = self.round.first().exposure();
        ratio(self.cmax() - self.model.baseline(), first.cmax)
    }

    /// `ctrough` over the concentration at the end of the first cycle, both without the baseline.
    pub fn accumulation_ratio_ctrough(&self) -> f64 {
        ratio(self.ctrough() - self.model.baseline(), self.round.first().ctrough())
    }

    /// How long of each cycle the concentration is at or above a level (µg/L), h: to the last digits, by the turns and crossings of the curve.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, Model, OneCompartment};
    /// let ss = Model::new(Bolus, OneCompartment { cl: 1.0, v: 10.0 })?.steady_state(Dose::iv(100.0).every(24.0))?;
    /// let level = ss.cmax() * f64::exp(-0.1 * 7.0); // where it is after 7 h of the fall
    /// assert!((ss.time_above(level) - 7.0).abs() < 1e-12);
    /// assert_eq!((ss.time_above(ss.cmin()), ss.time_above(2.0 * ss.cmax())), (24.0, 0.0));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn time_above(&self, level: f64) -> f64 {
        self.round.time_above(level)
    }

    /// The concentrations at `times` (h, never decreasing) counted from the start of the cycle; beyond its end they
    /// repeat. At the instant of a dose the value after it is given.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, grid, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let ss = model.steady_state(Dose::of(90.0 * UG).every(DAY))?;
    /// let day = ss.profile(&grid(0.0..=DAY, HOUR))?;
    /// assert!((day.conc()[0] - ss.ctrough()).abs() < 1e-14);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Times that are missing, not finite or decreasing.
    pub fn profile(&self, times: &[f64]) -> Result<Profile> {
        check_times(times)?;
        let conc = times.iter().map(|time| self.round.concentration_at(time.rem_euclid(self.tau()))).collect();
        Ok(Profile::trusted(times.to_vec(), conc))
    }

    /// How long after the first dose the trough reaches a fraction of its steady state and stays above it, h.
    ///
    /// What is missing from the steady state `t` hours after the first dose is, by superposition, what would be left
    /// `t` hours after the dosing was stopped. So this is the time at which the trough would have fallen to
    /// `1 - fraction`, solved for any time and not only for whole cycles; for one compartment and fast absorption it is
    /// `-ln(1 - fraction) / ke`, 3.3 half-lives for 90 %. The baseline does not count.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, HalfLife, Model, units::*};
    /// let model = Model::new(Bolus, HalfLife { t_half: 84.0 * HOUR, v: 154.0 * L })?;
    /// let days = model.steady_state(Dose::of(90.0 * UG).every(DAY))?.time_to(0.9)? / DAY;
    /// assert!((days - 84.0 / 24.0 * 10.0_f64.log2()).abs() < 1e-12); // 11.6 days
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or a trough of nothing.
    pub fn time_to(&self, fraction: f64) -> Result<f64> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(Error::value(format!(
                "the fraction of steady state is {fraction}, but it must lie between 0 and 1 (the steady state itself is never reached)"
            )));
        }
        let trough = self.ctrough() - self.model.baseline();
        if trough <= 0.0 {
            return Err(Error::value(
                "the trough is zero, so there is no time at which a fraction of it is reached: look at cmax or cavg",
            ));
        }
        Ok(self.round.time_to_fall_to((1.0 - fraction) * trough))
    }

    /// The dosing, of the same times and proportions, whose average concentration is `target` µg/L: exact, since
    /// concentrations are proportional to the doses.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, units::*};
    /// let model = Parameters { cl: 1.25, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let dosing = model.steady_state(Dose::of(90.0 * UG).every(DAY))?.dosing_for_cavg(2.0)?;
    /// assert!((dosing.doses()[0].1.amount - 2.0 * 1.25 * 24.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A target that is not above the baseline.
    pub fn dosing_for_cavg(&self, target: f64) -> Result<Repeating> {
        self.dosing_for(target, self.cavg())
    }

    /// The dosing, of the same times and proportions, whose trough is `target` µg/L.
    ///
    /// # Errors
    /// A target that is not above the baseline, or a trough that no dose can raise.
    pub fn dosing_for_ctrough(&self, target: f64) -> Result<Repeating> {
        self.dosing_for(target, self.ctrough())
    }

    fn dosing_for(&self, target: f64, now: f64) -> Result<Repeating> {
        error::finite("the target concentration", target, "µg/L")?;
        let baseline = self.model.baseline();
        if target <= baseline {
            return Err(Error::value(format!(
                "the target concentration is {target} µg/L, but doses can only reach what lies above the baseline of {baseline} µg/L"
            )));
        }
        let scaled = self.dosing.clone().scaled((target - baseline) / (now - baseline));
        scaled.check().map(|()| scaled)
    }
}

impl TryFrom<Cause> for SteadyState {
    type Error = Error;
    fn try_from(cause: Cause) -> Result<Self> {
        cause.model.steady_state(cause.dosing)
    }
}

impl From<SteadyState> for Cause {
    fn from(steady: SteadyState) -> Self {
        Self { model: steady.model, dosing: steady.dosing }
    }
}

/// How often `first` goes into `now`: where both have faded to nothing, nothing adds up and the ratio is 1.
fn ratio(now: f64, first: f64) -> f64 {
    match (now > 0.0, first > 0.0) {
        (_, true) => now / first,
        (true, false) => f64::INFINITY,
        (false, false) => 1.0,
    }
}

/// Two steady states are the same if they follow from the same.
impl PartialEq for SteadyState {
    fn eq(&self, other: &Self) -> bool {
        (&self.model, &self.dosing) == (&other.model, &other.dosing)
    }
}
