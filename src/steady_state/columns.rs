//! The steady states of many parameter sets at once, with each parameter and each result in a column of its own.

use multiversion::multiversion;

use super::Exposure;
use super::oral::{BLOCK, Block, Found, Sets, within};
use crate::error::{Error, Result};
use crate::model::Parameters;
use crate::regimen::Repeating;

/// Many sets of [`Parameters`], parameter by parameter: set `i` is what stands at place `i` of each column.
///
/// ```
/// use menaquinone::population::ParameterColumns;
/// let (cl, v, ka) = ([1.27, 0.6], [154.0, 120.0], [1.0, 0.7]);
/// let sets = ParameterColumns { cl: &cl, v: &v, ka: &ka, ..ParameterColumns::default() };
/// assert_eq!(sets.len(), 2);
/// assert_eq!((sets.tlag, sets.f), (None, None)); // no lag, and all is absorbed
/// let lagged = ParameterColumns { tlag: Some(&[2.0, 1.5]), ..sets };
/// assert!(lagged.tlag.is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ParameterColumns<'a> {
    /// The clearances, L/h.
    pub cl: &'a [f64],
    /// The volumes, L.
    pub v: &'a [f64],
    /// The absorption rate constants, 1/h.
    pub ka: &'a [f64],
    /// The times between the dose and the start of absorption, h; `None` if absorption starts at once in all sets.
    pub tlag: Option<&'a [f64]>,
    /// The fractions of the dose that are absorbed; `None` if they are 1 in all sets, as apparent values ask.
    pub f: Option<&'a [f64]>,
}

impl<'a> ParameterColumns<'a> {
    /// The number of sets.
    pub fn len(&self) -> usize {
        self.cl.len()
    }

    /// Whether there is no set.
    pub fn is_empty(&self) -> bool {
        self.cl.is_empty()
    }

    fn check(&self) -> Result<()> {
        let (tlag, f) = (self.tlag.unwrap_or(self.cl), self.f.unwrap_or(self.cl));
        let columns = [("v", self.v), ("ka", self.ka), ("tlag", tlag), ("f", f)];
        match columns.into_iter().find(|(_, column)| column.len() != self.len()) {
            None => Ok(()),
            Some((name, column)) => Err(Error::value(format!(
                "there are {} numbers in the column cl and {} in {name}: give one of each for every parameter set",
                self.len(),
                column.len()
            ))),
        }
    }

    fn rows(self) -> impl Iterator<Item = Parameters> + 'a {
        let part = |column: Option<&[f64]>, i: usize, all: f64| column.map_or(all, |column| column[i]);
        (0..self.len()).map(move |i| Parameters {
            cl: self.cl[i],
            v: self.v[i],
            ka: self.ka[i],
            tlag: part(self.tlag, i, 0.0),
            f: part(self.f, i, 1.0),
        })
    }
}

/// The steady states of many parameter sets, number by number: what [`Exposure`] says of one, as columns.
///
/// [`Repeating::exposure_columns`] makes it, and [`Repeating::exposure_columns_into`] fills it again.
#[derive(Debug, Clone, Default)]
pub struct ExposureColumns {
    tau: f64,
    cmax: Vec<f64>,
    tmax: Vec<f64>,
    cmin: Vec<f64>,
    /// Left empty where no set has a lag and the trough is the lowest concentration.
    ctrough: Vec<f64>,
    cavg: Vec<f64>,
}

impl ExposureColumns {
    /// The number of sets.
    pub fn len(&self) -> usize {
        self.cmax.len()
    }

    /// Whether there is no set.
    pub fn is_empty(&self) -> bool {
        self.cmax.is_empty()
    }

    /// The length of the cycle, h.
    pub fn tau(&self) -> f64 {
        self.tau
    }

    /// The highest concentrations, µg/L.
    pub fn cmax(&self) -> &[f64] {
        &self.cmax
    }

    /// When they are reached, h after the start of the cycle.
    pub fn tmax(&self) -> &[f64] {
        &self.tmax
    }

    /// The lowest concentrations, µg/L.
    pub fn cmin(&self) -> &[f64] {
        &self.cmin
    }

    /// The concentrations just before the first dose of the cycle, µg/L.
    pub fn ctrough(&self) -> &[f64] {
        if self.ctrough.is_empty() { &self.cmin } else { &self.ctrough }
    }

    /// The average concentrations, µg/L.
    pub fn cavg(&self) -> &[f64] {
        &self.cavg
    }

    /// The steady states set by set.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, population::ParameterColumns};
    /// let daily = Dose::of(90.0).every(24.0);
    /// let columns = ParameterColumns { cl: &[1.27], v: &[154.0], ka: &[1.0], tlag: None, f: None };
    /// let rows = [Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }];
    /// let found = daily.exposure_columns(columns)?;
    /// assert_eq!(found.rows().collect::<Vec<_>>(), daily.exposures(&rows)?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = Exposure> + '_ {
        (0..self.len()).map(|i| Exposure {
            tau: self.tau,
            cmax: self.cmax[i],
            tmax: self.tmax[i],
            cmin: self.cmin[i],
            ctrough: self.ctrough()[i],
            cavg: self.cavg[i],
        })
    }

    fn resize(&mut self, sets: usize, lagged: bool) {
        for column in [&mut self.cmax, &mut self.tmax, &mut self.cmin, &mut self.cavg] {
            column.resize(sets, 0.0);
        }
        self.ctrough.resize(if lagged { sets } else { 0 }, 0.0);
    }

    fn put(&mut self, i: usize, exposure: Exposure) {
        (self.cmax[i], self.tmax[i], self.cmin[i]) = (exposure.cmax, exposure.tmax, exposure.cmin);
        (self.ctrough[i], self.cavg[i]) = (exposure.ctrough, exposure.cavg);
    }

    #[inline(always)]
    fn put_block(&mut self, start: usize, found: &Found) {
        put(&found.cmax, &mut self.cmax[start..]);
        put(&found.tmax, &mut self.tmax[start..]);
        put(&found.cmin, &mut self.cmin[start..]);
        put(&found.cavg, &mut self.cavg[start..]);
        if !self.ctrough.is_empty() {
            put(&found.ctrough, &mut self.ctrough[start..]);
        }
    }
}

/// Two are the same if they say the same of every set.
impl PartialEq for ExposureColumns {
    fn eq(&self, other: &Self) -> bool {
        self.tau == other.tau && self.rows().eq(other.rows())
    }
}

impl Repeating {
    /// The steady states of this dosing in many people, from columns into columns: the numbers of
    /// [`exposures`](Self::exposures) with the same bits, and faster, because nothing is taken apart and put together.
    ///
    /// ```
    /// use menaquinone::{Dose, population::ParameterColumns, units::*};
    /// let (cl, v, ka) = ([1.27, 0.6], [154.0, 154.0], [1.0, 1.0]);
    /// let people = ParameterColumns { cl: &cl, v: &v, ka: &ka, tlag: None, f: None };
    /// let found = Dose::of(90.0 * UG).every(DAY).exposure_columns(people)?;
    /// assert!((found.cavg()[1] - 90.0 / (0.6 * 24.0)).abs() < 1e-14);
    /// assert!(found.ctrough()[0] < found.cavg()[0] && found.cavg()[0] < found.cmax()[0]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`exposures`](Self::exposures), and columns of different lengths.
    pub fn exposure_columns(&self, sets: ParameterColumns<'_>) -> Result<ExposureColumns> {
        let mut exposures = ExposureColumns::default();
        self.exposure_columns_into(sets, &mut exposures)?;
        Ok(exposures)
    }

    /// The steady states of [`exposure_columns`](Self::exposure_columns) in the place of those that were there before, which needs
    /// no new memory where there were as many.
    ///
    /// ```
    /// use menaquinone::{Dose, population::{ExposureColumns, ParameterColumns}};
    /// let people = ParameterColumns { cl: &[1.27, 0.6], v: &[154.0, 154.0], ka: &[1.0, 1.0], tlag: None, f: None };
    /// let mut found = ExposureColumns::default();
    /// for tau in [12.0, 24.0] {
    ///     Dose::of(45.0).every(tau).exposure_columns_into(people, &mut found)?;
    ///     assert!((found.cavg()[0] - 45.0 / (1.27 * tau)).abs() < 1e-14);
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`exposure_columns`](Self::exposure_columns); what then stands in `exposures` means nothing.
    pub fn exposure_columns_into(&self, sets: ParameterColumns<'_>, exposures: &mut ExposureColumns) -> Result<()> {
        sets.check()?;
        self.check()?;
        exposures.tau = self.tau();
        exposures.resize(sets.len(), sets.tlag.is_some());
        if self.one_oral_dose().is_some_and(|dose| oral(dose, &sets, exposures)) {
            return Ok(());
        }
        exposures.resize(sets.len(), true); // other dosing has a trough of its own
        self.one_by_one(sets.rows(), |i, exposure| exposures.put(i, exposure))
    }
}

/// The exposures to an oral dose of `amount` every `tau`; false if a set or a result is not good.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn oral((amount, tau): (f64, f64), sets: &ParameterColumns<'_>, exposures: &mut ExposureColumns) -> bool {
    const WHOLE: Block = [1.0; BLOCK];
    let mut good = true;
    let mut spare = [[0.0; BLOCK]; 5];
    for start in (0..sets.len()).step_by(BLOCK) {
        let [cl, v, ka, f, tlag] = &mut spare;
        let found = Sets {
            cl: block(&sets.cl[start..], cl),
            v: block(&sets.v[start..], v),
            ka: block(&sets.ka[start..], ka),
            f: sets.f.map_or(&WHOLE, |column| block(&column[start..], f)),
            lag: sets.tlag.and_then(|column| within(tau, block(&column[start..], tlag))),
        }
        .found((amount, tau));
        exposures.put_block(start, &found);
        good &= found.good;
    }
    good
}

/// The first block of a column, which has at least one number; a short one is copied and filled up with that.
#[inline(always)]
fn block<'a>(column: &'a [f64], spare: &'a mut Block) -> &'a Block {
    column.first_chunk().unwrap_or_else(|| {
        *spare = [column[0]; BLOCK];
        spare[..column.len()].copy_from_slice(column);
        spare
    })
}

/// Writes a block at the beginning of a column, as far as there is room.
#[inline(always)]
fn put(block: &Block, column: &mut [f64]) {
    match column.first_chunk_mut() {
        Some(whole) => *whole = *block,
        None => column.copy_from_slice(&block[..column.len()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regimen::Dose;

    /// Columns of 37 different sets: `cl`, `v`, `ka`, lags some of which are longer than a cycle, `f`.
    fn columns() -> [Vec<f64>; 5] {
        let column = |from: f64, step: f64| (0..37).map(|i| from + step * f64::from(i * 7 % 37)).collect();
        [column(0.5, 0.11), column(90.0, 3.0), column(0.01, 0.04), column(0.0, 1.3), column(0.1, 0.02)]
    }

    /// With and without lags and fractions, by the formula and one by one.
    #[test]
    fn columns_have_the_bits_of_rows() {
        let [cl, v, ka, tlag, f] = &columns();
        let mut found = ExposureColumns::default();
        for dosing in [Dose::of(90.0).every(24.0), Dose::iv(90.0).every(24.0)] {
            for (tlag, f) in [(None, None), (Some(&tlag[..]), None), (None, Some(&f[..])), (Some(tlag), Some(f))] {
                let sets = ParameterColumns { cl, v, ka, tlag, f };
                let rows: Vec<Parameters> = sets.rows().collect();
                dosing.exposure_columns_into(sets, &mut found).expect("good columns");
                assert_eq!(found.rows().collect::<Vec<_>>(), dosing.exposures(&rows).expect("good sets"));
                assert_eq!(found, dosing.exposure_columns(sets).expect("good columns"));
                assert_eq!((found.len(), found.ctrough().len()), (37, 37));
            }
        }
    }

    #[test]
    fn no_sets_have_no_exposures() {
        let found = Dose::of(90.0).every(24.0).exposure_columns(ParameterColumns::default()).expect("columns");
        assert!(found.is_empty() && found.ctrough().is_empty() && found.rows().next().is_none());
    }

    fn sentence(sets: ParameterColumns<'_>) -> String {
        Dose::of(90.0).every(24.0).exposure_columns(sets).unwrap_err().to_string()
    }

    #[test]
    fn a_short_column_is_named() {
        let [cl, v, ka, tlag, f] = &columns();
        let sets = ParameterColumns { cl, v, ka, tlag: Some(tlag), f: Some(f) };
        for (short, name) in [
            (ParameterColumns { v: &v[1..], ..sets }, "v"),
            (ParameterColumns { ka: &ka[1..], ..sets }, "ka"),
            (ParameterColumns { tlag: Some(&tlag[1..]), ..sets }, "tlag"),
            (ParameterColumns { f: Some(&f[1..]), ..sets }, "f"),
        ] {
            let rule = "give one of each for every parameter set";
            assert_eq!(sentence(short), format!("there are 37 numbers in the column cl and 36 in {name}: {rule}"));
        }
    }

    /// The same sentence as from rows, whatever is wrong and wherever the set stands.
    #[test]
    fn a_bad_set_is_named() {
        for (column, name) in ["cl", "v", "ka", "tlag", "f"].into_iter().enumerate() {
            for (place, bad) in [(18, -0.5), (36, f64::NAN), (0, f64::INFINITY), (20, f64::NEG_INFINITY)] {
                let mut columns = columns();
                columns[column][place] = bad;
                let [cl, v, ka, tlag, f] = &columns;
                let sets = ParameterColumns { cl, v, ka, tlag: Some(tlag), f: Some(f) };
                let found = sentence(sets);
                assert!(found.starts_with(&format!("parameter set {}: {name} is {bad}", place + 1)), "{found}");
                let rows: Vec<Parameters> = sets.rows().collect();
                assert_eq!(found, Dose::of(90.0).every(24.0).exposures(&rows).unwrap_err().to_string());
            }
        }
    }
}
