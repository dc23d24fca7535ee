//! The steady states of many parameter sets at once: one oral dose a cycle, in closed form.

use multiversion::multiversion;

use super::Exposure;
use super::oral::{BLOCK, Block, Sets, within};
use crate::error::{Error, Result};
use crate::model::Parameters;
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
    /// Parameters know of no meals, so a dose that states its meal is taken as it is.
    ///
    /// # Errors
    /// As for [`Model::steady_state`](crate::Model::steady_state); the sentence names the set, counted from 1.
    pub fn exposures(&self, sets: &[Parameters]) -> Result<Vec<Exposure>> {
        let mut exposures = vec![NOTHING; sets.len()];
        self.exposures_into(sets, &mut exposures)?;
        Ok(exposures)
    }

    /// The steady states of [`exposures`](Self::exposures), written into memory of the caller's: faster where it is used again.
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
        if self.by_formula(sets, exposures) {
            return Ok(());
        }
        self.one_by_one(sets.iter().copied(), |i, exposure| exposures[i] = exposure)
    }

    /// The steady states by their formula; false if the dosing has none, or if a set or a result is not good.
    pub(super) fn by_formula(&self, sets: &[Parameters], exposures: &mut [Exposure]) -> bool {
        self.one_oral_dose().is_some_and(|dose| oral(dose, sets, exposures))
    }

    /// Calls `put` with the place and the steady state of each set, by simulation where there is no formula.
    pub(super) fn one_by_one(
        &self,
        sets: impl Iterator<Item = Parameters>,
        mut put: impl FnMut(usize, Exposure),
    ) -> Result<()> {
        for (i, set) in sets.enumerate() {
            let steady = set.model().and_then(|model| model.steady_state(self.clone()));
            put(i, steady.map_err(|error| error.of(format_args!("parameter set {}", i + 1)))?.exposure());
        }
        Ok(())
    }

    /// The amount of the dose and the interval, if the dosing is one that the formula knows.
    pub(super) fn one_oral_dose(&self) -> Option<(f64, f64)> {
        match self.doses() {
            [(_, dose)] if dose.route == Route::Oral && dose.duration == 0.0 => Some((dose.amount, self.tau())),
            _ => None,
        }
    }
}

pub(super) const NOTHING: Exposure = Exposure { tau: 0.0, cmax: 0.0, tmax: 0.0, cmin: 0.0, ctrough: 0.0, cavg: 0.0 };

/// The exposures to an oral dose of `amount` every `tau`; false if a set or a result is not good.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn oral((amount, tau): (f64, f64), sets: &[Parameters], exposures: &mut [Exposure]) -> bool {
    let mut good = true;
    // Whole blocks and the rest in one loop: what it inlines is long, and would be there twice.
    for (sets, exposures) in sets.chunks(BLOCK).zip(exposures.chunks_mut(BLOCK)) {
        let filled_up;
        let sets = if let Some(whole) = sets.first_chunk() {
            whole
        } else {
            filled_up = fill_up(sets);
            &filled_up
        };
        good &= fill((amount, tau), sets, exposures);
    }
    good
}

/// A short block, its last places filled with the first set.
fn fill_up(sets: &[Parameters]) -> [Parameters; BLOCK] {
    let mut block = [sets[0]; BLOCK];
    block[..sets.len()].copy_from_slice(sets);
    block
}

/// The exposures of a block, as many as there is room for.
#[inline(always)]
fn fill((amount, tau): (f64, f64), sets: &[Parameters; BLOCK], exposures: &mut [Exposure]) -> bool {
    let column = |of: fn(&Parameters) -> f64| -> Block { std::array::from_fn(|i| of(&sets[i])) };
    let [cl, v, ka, f] = [column(|set| set.cl), column(|set| set.v), column(|set| set.ka), column(|set| set.f)];
    let sets = Sets { cl: &cl, v: &v, ka: &ka, f: &f, lag: within(tau, &column(|set| set.tlag)) };
    let found = sets.found((amount, tau));
    let row = |i: usize| Exposure {
        tau,
        cmax: found.cmax[i],
        tmax: found.tmax[i],
        cmin: found.cmin[i],
        ctrough: found.ctrough[i],
        cavg: found.cavg[i],
    };
    match exposures.first_chunk_mut::<BLOCK>() {
        Some(whole) => {
            for i in 0..BLOCK {
                whole[i] = row(i);
            }
        }
        None => {
            for (i, exposure) in exposures.iter_mut().enumerate() {
                *exposure = row(i);
            }
        }
    }
    found.good
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
