//! The vitamin K cycle and the factors as equations.

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::facts::{self, K1_HABIT, MK7_PER_DOSE};
use super::{Factor, NOTICE};
use crate::error::{self, Error, Result};
use crate::ode::{Solver, System, Tolerance};
use crate::profile::Profile;
use crate::regimen::Regimen;

/// How closely the equations are solved; levels are straight lines between samples.
const TOLERANCE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12, max_steps: 10_000_000, solver: Solver::Dop853 };

/// The vitamin K cycle under an antagonist: a research illustration, not for clinical use.
///
/// All states are shares of their habitual value without an antagonist, so all of them begin at 1. With the level `Ca` of
/// the antagonist, the rise `Cm` of MK-7 above its habitual level, and `I = imax Ca / (ic50 + Ca)`,
///
/// ```text
/// dK/dt  = kel (diet - K) - k12 (K - Kp) + a (1 - I) (O - K)       quinone, from K1
/// dKp/dt = k21 (K - Kp)                                            its peripheral store
/// dO/dt  = b (H1 - (1 - I) O)                                      epoxide
/// dH1/dt = b ((1 - I) K - H1)                                      hydroquinone from K1
/// dH2/dt = b ((1 - I) mk7 Cm - H2)                                 hydroquinone from MK-7
/// dFi/dt = kd_i (s(H1 + H2) - Fi),   s(H) = min(1, H (1 + saturation) / (H + saturation))
/// index  = (F_II F_VII F_X)^(-power / 3)
/// ```
///
/// The cycle is that of Wajima, Isbister, Duffull: Clin Pharmacol Ther 86 (2009) 290, in relative terms. There a factor is
/// made in proportion to `H` without limit, so that vitamin K would thicken the blood of healthy people; here no more than
/// all of a factor can be carboxylated, which it is where nothing inhibits, so that vitamin K alone changes nothing. MK-7 is
/// reduced at the same two places and does not exchange with K1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cycle {
    /// The level of the antagonist that inhibits half, µg/L.
    pub ic50: f64,
    /// The largest share that can be inhibited, above 0 and at most 1.
    pub imax: f64,
    /// The rate constant at which vitamin K1 leaves the cycle, 1/h.
    pub kel: f64,
    /// The rate constant into the peripheral store, 1/h.
    pub k12: f64,
    /// The rate constant out of the peripheral store, 1/h.
    pub k21: f64,
    /// The rate constant of the reduction of the quinone, as the quinone sees it, 1/h.
    pub a: f64,
    /// The rate constant of the turnover of hydroquinone and epoxide, 1/h.
    pub b: f64,
    /// The intake of K1 as a share of the habitual one.
    pub diet: f64,
    /// What one µg/L of MK-7 adds, as a share of the habitual K1, L/µg.
    pub mk7: f64,
    /// The share of the hydroquinone at which carboxylation would run at half of its largest rate.
    pub saturation: f64,
    /// The rate constants of elimination of the factors, in the order of [`Factor::ALL`], 1/h.
    pub kd: [f64; 6],
    /// The steepness of the index.
    pub power: f64,
}

/// What drives the cycle: two profiles at the same times.
#[derive(Debug, Clone, Copy)]
pub struct Levels<'a> {
    /// The antagonist, µg/L.
    pub antagonist: &'a Profile,
    /// MK-7 above its habitual level, µg/L: of a model without a baseline.
    pub vitamin: &'a Profile,
}

/// Where the cycle and the factors are, as shares of their habitual values: a research illustration, not for clinical use.
///
/// ```
/// use menaquinone::antagonist::{CYCLE, Factor, State};
/// assert_eq!(CYCLE.index(&State::HABITUAL), 1.0);
/// let inhibited = CYCLE.steady(CYCLE.level_for(2.5)?)?;
/// assert!((CYCLE.index(&inhibited) - 2.5).abs() < 1e-12);
/// assert!(inhibited.factor(Factor::X) < 0.2);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct State(pub(super) [f64; 11]);

impl State {
    /// Without an antagonist, on the habitual diet.
    pub const HABITUAL: Self = Self([1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    const FACTORS: usize = 5;

    /// The hydroquinone, from K1 and from MK-7.
    pub fn hydroquinone(&self) -> f64 {
        self.0[3] + self.0[4]
    }

    /// A factor.
    pub fn factor(&self, factor: Factor) -> f64 {
        self.0[Self::FACTORS + factor as usize]
    }
}

impl Cycle {
    /// The course from a state, at the times of the two profiles.
    ///
    /// Levels are straight lines between samples, and the equations are solved by ODE at `rtol` 1e-9.
    ///
    /// # Errors
    /// A parameter that cannot be; profiles at different times, at times that repeat, or with a negative level; or what the
    /// solver refuses.
    pub fn course(&self, start: &State, levels: Levels<'_>) -> Result<Course> {
        levels.check()?;
        let driven = Driven { cycle: self, start: *start, levels };
        let times = levels.antagonist.times();
        let states = driven.states(Regimen::default(), times, TOLERANCE)?;
        Ok(Course::new(*self, times.to_vec(), states.into_iter().map(State).collect()))
    }

    /// Where a constant level of the antagonist (µg/L) leads, without MK-7: in closed form.
    ///
    /// # Errors
    /// A parameter that cannot be, or a negative level.
    pub fn steady(&self, antagonist: f64) -> Result<State> {
        self.check()?;
        let level = error::non_negative("the level of the antagonist", antagonist, "µg/L")?;
        let k = self.diet;
        let h = (1.0 - self.inhibition(level)) * k;
        let f = self.synthesis(h);
        Ok(State([k, k, k, h, 0.0, f, f, f, f, f, f]))
    }

    /// The constant level of the antagonist (µg/L) that holds the index at a value above 1, without MK-7: in closed form.
    ///
    /// # Errors
    /// A parameter that cannot be, or an index that no level leads to.
    pub fn level_for(&self, index: f64) -> Result<f64> {
        self.check()?;
        let share = index.powf(-1.0 / self.power);
        let h = share * self.saturation / (1.0 + self.saturation - share);
        let inhibition = 1.0 - h / self.diet;
        let level = self.ic50 * inhibition / (self.imax - inhibition);
        if index > 1.0 && level > 0.0 && level.is_finite() {
            return Ok(level);
        }
        Err(Error::value(format!(
            "no level of the antagonist holds the index at {index}: ask for a number above 1 that its imax of {} can reach \
             ({NOTICE})",
            self.imax
        )))
    }

    /// The same with more K1 in the diet, in µg a day beyond the habitual 212.
    ///
    /// # Errors
    /// An intake that is negative or not finite.
    pub fn with_k1(self, extra: f64) -> Result<Self> {
        let extra = error::non_negative("the extra K1", extra, "µg a day")?;
        Ok(Self { diet: self.diet + extra / K1_HABIT.value, ..self })
    }

    /// The same for a model of MK-7 in which a daily dose raises the level by `per_dose` (µg/L per µg a day): the effect of
    /// the dose is the anchor.
    ///
    /// # Errors
    /// A `per_dose` that is not positive.
    pub fn anchored(self, per_dose: f64) -> Result<Self> {
        let per_dose = error::positive("the level per dose", per_dose, "µg/L per µg a day")?;
        Ok(Self { mk7: MK7_PER_DOSE.value / per_dose, ..self })
    }

    /// The INR-like index of a state: a power of the mean of the factors that the prothrombin time measures, 1 where they
    /// are at their habitual values. A research illustration, not for clinical use.
    pub fn index(&self, state: &State) -> f64 {
        let product: f64 = Factor::IN_INDEX.iter().map(|factor| state.factor(*factor)).product();
        product.powf(-self.power / 3.0)
    }

    /// The share of the reduction that a level of the antagonist takes away.
    fn inhibition(&self, level: f64) -> f64 {
        self.imax * (1.0 - 1.0 / (1.0 + level / self.ic50))
    }

    /// The share of a factor that is carboxylated at a share of the hydroquinone.
    fn synthesis(&self, h: f64) -> f64 {
        (h * (1.0 + self.saturation) / (h + self.saturation)).min(1.0)
    }

    fn check(&self) -> Result<()> {
        let rates = [self.kel, self.k12, self.k21, self.a, self.b].into_iter().chain(self.kd);
        for (name, rate) in facts::RATES.into_iter().zip(rates) {
            error::positive(name, rate, "1/h")?;
        }
        error::positive("ic50", self.ic50, "µg/L")?;
        error::fraction("imax", self.imax)?;
        error::positive("diet", self.diet, "times the habitual")?;
        error::non_negative("mk7", self.mk7, "L/µg")?;
        error::positive("saturation", self.saturation, "")?;
        error::positive("power", self.power, "").map(drop)
    }
}

impl Levels<'_> {
    fn check(&self) -> Result<()> {
        let (times, others) = (self.antagonist.times(), self.vitamin.times());
        if times != others {
            return Err(Error::value(format!(
                "the antagonist has {} times and the vitamin {}, or other ones: simulate both at the same times",
                times.len(),
                others.len()
            )));
        }
        if let Some([time, ..]) = times.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::value(format!("the time {time} h stands twice: the times must rise")));
        }
        let named = [("antagonist", self.antagonist), ("vitamin", self.vitamin)];
        for (name, profile) in named {
            if let Some((time, level)) = profile.iter().find(|(_, level)| *level < 0.0) {
                return Err(Error::value(format!(
                    "the level of the {name} at {time} h is {level} µg/L, but it must be zero or above"
                )));
            }
        }
        Ok(())
    }

    /// Both levels at a time within the profiles.
    fn at(&self, time: f64) -> [f64; 2] {
        let times = self.antagonist.times();
        let after = times.partition_point(|t| *t <= time).clamp(1, (times.len() - 1).max(1));
        [self.antagonist, self.vitamin].map(|profile| {
            let conc = profile.conc();
            let Some(end) = conc.get(after) else { return conc[0] };
            let share = (time - times[after - 1]) / (times[after] - times[after - 1]);
            conc[after - 1] + share * (end - conc[after - 1])
        })
    }
}

/// A cycle on its way.
struct Driven<'a> {
    cycle: &'a Cycle,
    start: State,
    levels: Levels<'a>,
}

impl System<11> for Driven<'_> {
    fn derivative(&self, t: f64, y: &[f64; 11]) -> [f64; 11] {
        let Cycle { kel, k12, k21, a, b, diet, mk7, kd, .. } = *self.cycle;
        let [antagonist, vitamin] = self.levels.at(t);
        let free = 1.0 - self.cycle.inhibition(antagonist);
        let [k, kp, o, h1, h2, ..] = *y;
        let made = self.cycle.synthesis(h1 + h2);
        let factor = |i: usize| kd[i] * (made - y[State::FACTORS + i]);
        [
            kel * (diet - k) - k12 * (k - kp) + a * free * (o - k),
            k21 * (k - kp),
            b * (h1 - free * o),
            b * (free * k - h1),
            b * (free * mk7 * vitamin - h2),
            factor(0),
            factor(1),
            factor(2),
            factor(3),
            factor(4),
            factor(5),
        ]
    }

    fn concentration(&self, y: &[f64; 11]) -> f64 {
        State(*y).hydroquinone()
    }

    fn initial(&self) -> [f64; 11] {
        self.start.0
    }

    fn check(&self) -> Result<()> {
        self.cycle.check()
    }
}
