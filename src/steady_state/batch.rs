//! The steady states of many parameter sets at once: one oral dose a cycle, in closed form.
//!
//! With `m` the smaller and `M` the larger of `ka` and `ke`, `E(x) = (1 - e^{-x})/x` and `D = f dose`:
//!
//! - `cavg = D / (cl tau)`, and the trough at the arrival is `cavg e^{-m tau} E((M-m) tau) / (E(ka tau) E(ke tau))`;
//! - the peak comes `ln(1 + (M-m) q) / (M-m)` after the arrival, with `1 + (M-m) q = E(m tau) / E(M tau)`, whose
//!   logarithm would lose its digits for near-equal rates: [`Rise`] gives `q` itself;
//! - there `ke pool = ka depot`, so that one exponential gives its height.
//!
//! Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis (5th ed., 2016), chapter 2.

use multiversion::multiversion;

use super::Exposure;
use crate::error::{Error, Result};
use crate::model::Parameters;
use crate::numeric::{self, estrin, exp, exp_and_expm1, exp_and_exprel, ln_1p};
use crate::regimen::{Repeating, Route};

impl Repeating {
    /// The steady states of this dosing in many people: for each set of parameters what
    /// [`Model::steady_state`](crate::Model::steady_state) finds, and for one oral dose a cycle thousands of times faster.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, units::*};
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let people = [typical, Parameters { cl: 0.6, ..typical }];
    /// let daily = Dose::of(90.0 * UG).every(DAY);
    /// let found = daily.exposures(&people)?;
    /// assert!((found[1].cavg - 90.0 / (0.6 * 24.0)).abs() < 1e-14);
    /// let alone = people[0].model()?.steady_state(daily)?;
    /// assert!((found[0].cmax / alone.cmax() - 1.0).abs() < 1e-13);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::steady_state`](crate::Model::steady_state); the sentence names the set, counted from 1.
    pub fn exposures(&self, sets: &[Parameters]) -> Result<Vec<Exposure>> {
        let mut exposures = vec![NOTHING; sets.len()];
        self.exposures_into(sets, &mut exposures)?;
        Ok(exposures)
    }

    /// The same into memory of the caller's, which is faster where it is used again.
    ///
    /// # Errors
    /// As for [`exposures`](Self::exposures), and room for another number of them.
    pub fn exposures_into(&self, sets: &[Parameters], exposures: &mut [Exposure]) -> Result<()> {
        if sets.len() != exposures.len() {
            return Err(Error::value(format!(
                "there are {} parameter sets and room for {} exposures: give as much room as sets",
                sets.len(),
                exposures.len()
            )));
        }
        self.check()?;
        // What has no formula is done one by one, and what could not be done finds its sentence there.
        if self.by_formula(sets, exposures) { Ok(()) } else { self.one_by_one(sets, exposures) }
    }

    /// The steady states by their formula; false if the dosing has none, or if a set or a result is not good.
    pub(super) fn by_formula(&self, sets: &[Parameters], exposures: &mut [Exposure]) -> bool {
        match self.doses() {
            [(_, dose)] if dose.route == Route::Oral && dose.duration == 0.0 => {
                oral((dose.amount, self.tau()), sets, exposures)
            }
            _ => false,
        }
    }

    fn one_by_one(&self, sets: &[Parameters], exposures: &mut [Exposure]) -> Result<()> {
        for (i, (set, exposure)) in sets.iter().zip(exposures).enumerate() {
            let steady = set.model().and_then(|model| model.steady_state(self.clone()));
            let named = |error: Error| Error::new(error.kind(), format!("parameter set {}: {error}", i + 1));
            *exposure = steady.map_err(named)?.exposure();
        }
        Ok(())
    }
}

pub(super) const NOTHING: Exposure = Exposure { tau: 0.0, cmax: 0.0, tmax: 0.0, cmin: 0.0, ctrough: 0.0, cavg: 0.0 };

/// So many sets at a time: enough that the processor works on several vectors of a column at once, and few enough that
/// all columns stay near.
const BLOCK: usize = 16;
type Block = [f64; BLOCK];

/// The exposures to an oral dose of `amount` every `tau`; false if a set or a result is not good.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn oral((amount, tau): (f64, f64), sets: &[Parameters], exposures: &mut [Exposure]) -> bool {
    let mut good = 1;
    for (sets, exposures) in sets.chunks(BLOCK).zip(exposures.chunks_mut(BLOCK)) {
        let columns = Columns::of(sets, tau);
        let Found { cmax, tmax, cmin, ctrough, cavg } = columns.found((amount, tau));
        for i in 0..BLOCK {
            good &= u64::from(columns.is_good(i) & (cmax[i] < f64::INFINITY));
        }
        for (i, exposure) in exposures.iter_mut().enumerate() {
            let [cmax, tmax, cmin, ctrough, cavg] = [cmax[i], tmax[i], cmin[i], ctrough[i], cavg[i]];
            *exposure = Exposure { tau, cmax, tmax, cmin, ctrough, cavg };
        }
    }
    good == 1
}

/// A block of parameter sets, number by number; sets that are missing at the end are ones.
struct Columns {
    cl: Block,
    v: Block,
    ka: Block,
    f: Block,
    /// The lag within the cycle in which the dose arrives.
    lag: Block,
    lagged: bool,
}

/// A block of results, number by number.
struct Found {
    cmax: Block,
    tmax: Block,
    cmin: Block,
    ctrough: Block,
    cavg: Block,
}

impl Columns {
    #[inline(always)]
    fn of(sets: &[Parameters], tau: f64) -> Self {
        let ones = [1.0; BLOCK];
        let mut columns = Self { cl: ones, v: ones, ka: ones, f: ones, lag: [0.0; BLOCK], lagged: false };
        for (i, set) in sets.iter().enumerate() {
            (columns.cl[i], columns.v[i], columns.ka[i], columns.f[i]) = (set.cl, set.v, set.ka, set.f);
            columns.lag[i] = if set.tlag < tau { set.tlag } else { set.tlag.rem_euclid(tau) };
            columns.lagged |= set.tlag > 0.0;
        }
        columns
    }

    /// What [`Parameters::model`] accepts; a lag that is infinite or not a number has no place in the cycle.
    #[inline(always)]
    fn is_good(&self, i: usize) -> bool {
        let positive = |x: f64| (x > 0.0) & (x < f64::INFINITY);
        let (f, lag) = (self.f[i], self.lag[i]);
        positive(self.cl[i]) & positive(self.v[i]) & positive(self.ka[i]) & (lag >= 0.0) & (f > 0.0) & (f <= 1.0)
    }

    #[inline(always)]
    fn found(&self, (amount, tau): (f64, f64)) -> Found {
        let nothing = [0.0; BLOCK];
        let mut found = Found { cmax: nothing, tmax: nothing, cmin: nothing, ctrough: nothing, cavg: nothing };
        let mut ke = [0.0; BLOCK];
        for i in 0..BLOCK {
            let (cl, v, ka, dose) = (self.cl[i], self.v[i], self.ka[i], self.f[i] * amount);
            ke[i] = cl / v;
            let rise = Rise::of([ka, ke[i]], tau);
            let (above, below) = if ka < ke[i] { (ka, ke[i]) } else { (1.0, 1.0) };
            found.tmax[i] = rise.q;
            found.cmin[i] = dose * ka * rise.flow / (v * rise.slow_loss * rise.fast_loss);
            found.cmax[i] = dose * above / (v * below * rise.slow_loss);
            found.cavg[i] = dose / (cl * tau);
        }
        for i in 0..BLOCK {
            let (slow, apart) = (self.ka[i].min(ke[i]), (self.ka[i] - ke[i]).abs());
            let q = found.tmax[i];
            let t = if apart == 0.0 { q } else { ln_1p(apart * q) / apart };
            found.cmax[i] *= exp(-slow * t);
            let t = t + self.lag[i];
            found.tmax[i] = if t < tau { t } else { t - tau };
        }
        found.ctrough = found.cmin;
        if self.lagged {
            self.wait(&mut found, (amount, tau));
        }
        found
    }

    /// With a lag, the next dose is taken while this one still acts: `tau - lag` after it arrived.
    #[inline(always)]
    fn wait(&self, found: &mut Found, (amount, tau): (f64, f64)) {
        for i in 0..BLOCK {
            let (v, ka, ke) = (self.v[i], self.ka[i], self.cl[i] / self.v[i]);
            let (slow, apart) = (ka.min(ke), (ka - ke).abs());
            let u = tau - self.lag[i];
            let (ratio, mean) = exp_and_exprel(-apart * u);
            let decay = exp(-slow * u);
            let by_ke = if ke > ka { decay * ratio } else { decay };
            let depot = self.f[i] * amount / numeric::one_minus_exp(ka * tau);
            let conc = found.cmin[i] * by_ke + depot / v * (ka * (u * decay * mean));
            found.ctrough[i] = if self.lag[i] > 0.0 { conc } else { found.cmin[i] };
        }
    }
}

/// The way from the trough to the peak.
struct Rise {
    /// The time of the peak is `ln(1 + (M-m) q) / (M-m)`.
    q: f64,
    /// `flow2(ka, ke, tau)`.
    flow: f64,
    /// `1 - e^{-m tau}` and `1 - e^{-M tau}`: what is lost in a cycle.
    slow_loss: f64,
    fast_loss: f64,
}

impl Rise {
    /// With `x = m tau` and `y = (M-m) tau`, `q = (1 - e^{-x} - x e^{-x} E(y)) / (m (1 - e^{-M tau}))`. That difference
    /// loses its digits where `x` and `y` are small, so it is written as a sum of two positive terms,
    /// `(1 - e^{-x} - x e^{-x}) + x e^{-x} (1 - E(y))`, each by its series there. The slow divisions are few.
    #[inline(always)]
    fn of([ka, ke]: [f64; 2], tau: f64) -> Self {
        let slow = ka.min(ke);
        let (x, y) = (slow * tau, (ka - ke).abs() * tau);
        let ((decay, slow_gain), (_, gain)) = (exp_and_expm1(-x), exp_and_expm1(-y));
        let slow_loss = -slow_gain;
        let fast_loss = slow_loss - decay * gain;
        let apart = if y == 0.0 { 1.0 } else { -gain / y };
        let first = if x < SMALL { decay * (x * x) * estrin(x, &PHI2) } else { slow_loss - x * decay };
        let second = if y < SMALL { y * estrin(-y, &PHI2) } else { 1.0 - apart };
        let q = (first + x * decay * second) / (slow * fast_loss);
        Self { q, flow: tau * decay * apart, slow_loss, fast_loss }
    }
}

/// Below this the series of [`PHI2`] is exact.
const SMALL: f64 = 0.25;

/// `(e^z - 1 - z) / z^2` by Taylor: `1 / (k + 2)!`; eleven terms leave 1e-16 at a quarter.
const PHI2: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_66,
    0.041_666_666_666_666_664,
    0.008_333_333_333_333_333,
    0.001_388_888_888_888_889,
    0.000_198_412_698_412_698_4,
    2.480_158_730_158_73e-5,
    2.755_731_922_398_589e-6,
    2.755_731_922_398_589_3e-7,
    2.505_210_838_544_172e-8,
    2.087_675_698_786_81e-9,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regimen::Dose;

    const TABLE: &str = include_str!("../../tests/reference/steady_state.csv");

    #[test]
    fn agrees_with_the_high_precision_table() {
        let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let mut rows = 0;
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |name: &str| -> f64 {
                let column = names.iter().position(|found| *found == name).expect("a column");
                cells[column].parse().expect("a number")
            };
            let [cl, v, ka, tlag, f] = ["cl", "v", "ka", "lag", "f"].map(number);
            let dosing = Dose::of(number("dose")).every(number("tau"));
            let found = dosing.exposures(&[Parameters { cl, v, ka, tlag, f }]).expect("good parameters")[0];
            let Exposure { cmax, tmax, cmin, ctrough, cavg, .. } = found;
            let pairs = [("cmax", cmax), ("tmax", tmax), ("cmin", cmin), ("ctrough", ctrough), ("cavg", cavg)];
            for (name, found) in pairs {
                let right = number(name);
                assert!((found - right).abs() <= 1e-13 * right, "{name} is {found} in {line}");
            }
            rows += 1;
        }
        assert_eq!(rows, 123);
    }

    #[test]
    fn a_bad_set_is_named() {
        let good = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
        let mut sets = vec![good; 20];
        sets[18].ka = -1.0;
        let error = Dose::of(90.0).every(24.0).exposures(&sets).unwrap_err();
        assert_eq!(error.to_string(), "parameter set 19: ka is -1 1/h, but it must be a positive, finite number");
    }

    #[test]
    fn every_set_finds_its_own_place_and_other_dosing_is_as_good() {
        let cl = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4];
        let sets = cl.map(|cl| Parameters { cl, v: 154.0, ka: 1.0, tlag: 2.0, f: 0.8 });
        for dosing in [Dose::of(90.0).every(24.0), Dose::iv(90.0).every(24.0)] {
            for (set, found) in sets.iter().zip(dosing.exposures(&sets).expect("good sets")) {
                let alone = set.model().and_then(|model| model.steady_state(dosing.clone())).expect("a good set");
                assert!((found.cmax / alone.cmax() - 1.0).abs() < 1e-13);
                assert!((found.ctrough / alone.ctrough() - 1.0).abs() < 1e-13);
            }
        }
    }
}
