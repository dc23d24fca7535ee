//! The vitamin K cycle and the factors: the numbers of their equations, and where constant levels lead.

use serde::{Deserialize, Serialize};

use super::{Factor, NOTICE};
use crate::error::{self, Error, Result};

/// The names of the rate constants, in the order in which they are checked.
const RATES: [&str; 11] = [
    "kel",
    "k12",
    "k21",
    "a",
    "b",
    "kd of II",
    "kd of VII",
    "kd of IX",
    "kd of X",
    "kd of protein C",
    "kd of protein S",
];

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
    /// The cycle without an antagonist, on the habitual diet.
    pub const HABITUAL: Self = Self([1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    pub(super) const FACTORS: usize = 5;

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

    /// The INR-like index of a state: a power of the mean of the factors that the prothrombin time measures, 1 where they
    /// are at their habitual values. A research illustration, not for clinical use.
    pub fn index(&self, state: &State) -> f64 {
        let product: f64 = Factor::IN_INDEX.iter().map(|factor| state.factor(*factor)).product();
        product.powf(-self.power / 3.0)
    }

    /// The share of the reduction that a level of the antagonist takes away.
    pub(super) fn inhibition(&self, level: f64) -> f64 {
        self.imax * (1.0 - 1.0 / (1.0 + level / self.ic50))
    }

    /// The share of a factor that is carboxylated at a share of the hydroquinone.
    pub(super) fn synthesis(&self, h: f64) -> f64 {
        (h * (1.0 + self.saturation) / (h + self.saturation)).min(1.0)
    }

    pub(super) fn check(&self) -> Result<()> {
        let rates = [self.kel, self.k12, self.k21, self.a, self.b].into_iter().chain(self.kd);
        for (name, rate) in RATES.into_iter().zip(rates) {
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
