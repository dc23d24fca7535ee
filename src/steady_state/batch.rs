//! The steady states of many parameter sets at once: one oral dose a cycle, in closed form.
//!
//! With `m` the smaller and `M` the larger of `ka` and `ke`, `E(x) = (1 - e^{-x})/x` and `D = f dose`:
//!
//! - `cavg = D / (cl tau)`, and the trough at the arrival is `cavg e^{-m tau} E((M-m) tau) / (E(ka tau) E(ke tau))`;
//! - the peak comes `ln(E(m tau) / E(M tau)) / (M-m)` after the arrival; for near-equal rates, where that logarithm
//!   loses its digits, [`near_peak`] has another form;
//! - there `ke pool = ka depot`, so that one exponential gives its height.
//!
//! Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis (5th ed., 2016), chapter 2.

use multiversion::multiversion;

use super::Exposure;
use super::rise::{NEAR, Rise, in_range, near_peak};
use crate::error::{Error, Result};
use crate::model::Parameters;
use crate::numeric::{self, exp, exp_and_exprel, ln};
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
    let mut good = true;
    let (blocks, last) = sets.as_chunks::<BLOCK>();
    let (filled, last_filled) = exposures.as_chunks_mut::<BLOCK>();
    for (sets, exposures) in blocks.iter().zip(filled) {
        good &= fill((amount, tau), sets, exposures);
    }
    if let Some(first) = last.first() {
        let (mut sets, mut exposures) = ([*first; BLOCK], [NOTHING; BLOCK]);
        sets[..last.len()].copy_from_slice(last);
        good &= fill((amount, tau), &sets, &mut exposures);
        last_filled.copy_from_slice(&exposures[..last.len()]);
    }
    good
}

/// The same for a block.
#[inline(always)]
fn fill((amount, tau): (f64, f64), sets: &[Parameters; BLOCK], exposures: &mut [Exposure; BLOCK]) -> bool {
    let columns = Columns::of(sets, tau);
    let found = columns.found((amount, tau));
    for i in 0..BLOCK {
        exposures[i] = Exposure {
            tau,
            cmax: found.cmax[i],
            tmax: found.tmax[i],
            cmin: found.cmin[i],
            ctrough: found.ctrough[i],
            cavg: found.cavg[i],
        };
    }
    found.good
}

/// A block of parameter sets, number by number.
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
    /// Whether every set and every result is good.
    good: bool,
}

impl Columns {
    #[inline(always)]
    fn of(sets: &[Parameters; BLOCK], tau: f64) -> Self {
        let column = |of: fn(&Parameters) -> f64| -> Block { std::array::from_fn(|i| of(&sets[i])) };
        let mut lag = column(|set| set.tlag);
        let lagged = lag.iter().any(|lag| *lag != 0.0);
        if lagged {
            lag = lag.map(|lag| if lag < tau { lag } else { lag.rem_euclid(tau) });
        }
        Self {
            cl: column(|set| set.cl),
            v: column(|set| set.v),
            ka: column(|set| set.ka),
            f: column(|set| set.f),
            lag,
            lagged,
        }
    }

    /// What [`Parameters::model`] accepts; a lag that is infinite or not a number has no place in the cycle.
    #[inline(always)]
    fn is_good(&self, i: usize) -> bool {
        let (cl, v, ka, f) = (self.cl[i], self.v[i], self.ka[i], self.f[i]);
        (cl > 0.0) & (v > 0.0) & (ka > 0.0) & (f > 0.0) & (f <= 1.0) & (self.lag[i] >= 0.0) & in_range(cl * v)
    }

    #[inline(always)]
    fn found(&self, (amount, tau): (f64, f64)) -> Found {
        let nothing = [0.0; BLOCK];
        let mut found =
            Found { cmax: nothing, tmax: nothing, cmin: nothing, ctrough: nothing, cavg: nothing, good: true };
        let (mut slow, mut ratios, mut per_apart, mut products) = (nothing, nothing, nothing, nothing);
        for i in 0..BLOCK {
            let (cl, v, ka, dose) = (self.cl[i], self.v[i], self.ka[i], self.f[i] * amount);
            let per_body = 1.0 / (cl * v);
            let (per_v, per_cl) = (cl * per_body, v * per_body);
            let ke = cl * per_v;
            let rise = Rise::of([ka, ke], tau);
            let depot = dose * rise.per_slow_loss;
            found.cmin[i] = depot * per_v * (ka * rise.flow * rise.per_fast_loss);
            found.cmax[i] = depot * if ka < ke { ka * per_cl } else { per_v };
            found.cavg[i] = dose * per_cl * (1.0 / tau);
            (slow[i], ratios[i], per_apart[i]) = (ka.min(ke), rise.ratio, rise.per_apart);
            products[i] = rise.product;
        }
        for i in 0..BLOCK {
            found.tmax[i] = ln(ratios[i]) * per_apart[i];
        }
        if ratios.iter().any(|ratio| *ratio < NEAR) {
            self.mend_times(&ratios, tau, &mut found.tmax);
        }
        for i in 0..BLOCK {
            found.cmax[i] *= exp(-slow[i] * found.tmax[i]);
            let t = found.tmax[i] + self.lag[i];
            found.tmax[i] = if t < tau { t } else { t - tau };
        }
        found.ctrough = found.cmin;
        let mut bad = 0;
        for i in 0..BLOCK {
            let good = self.is_good(i) & in_range(products[i]) & in_range(found.cmax[i]);
            bad |= u64::from(!good);
        }
        found.good = bad == 0;
        if self.lagged {
            self.wait(&mut found, (amount, tau));
        }
        found
    }

    /// The times of peaks whose ratio is too near to 1 for its logarithm to keep its digits.
    #[cold]
    fn mend_times(&self, ratios: &Block, tau: f64, times: &mut Block) {
        for i in (0..BLOCK).filter(|i| ratios[*i] < NEAR) {
            times[i] = near_peak([self.ka[i], self.cl[i] / self.v[i]], tau);
        }
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

    /// Where a product of parameters leaves the numbers, the set is done alone, and its neighbours with it.
    #[test]
    fn parameters_at_the_ends_of_the_numbers_keep_their_digits() {
        let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
        let ends = [(1e-170, 1e-150), (1e150, 1e160), (1e-150, 1e140), (1.27, 154.0)];
        let sets = ends.map(|(cl, v)| Parameters { cl, v, ..typical });
        let daily = Dose::of(90.0).every(24.0);
        for (set, found) in sets.iter().zip(daily.exposures(&sets).expect("good sets")) {
            assert!((found.cavg * set.cl * 24.0 / 90.0 - 1.0).abs() < 1e-13, "{set:?} {found:?}");
        }
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
