//! What is left over of each sample of people: population, individual and conditional residuals, and the table of them.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::data::People;
use super::evaluate::{Asked, Wanted};
use super::fitted::PeopleFit;
use super::inner::Person;
use super::layout::{Layout, Place};
use super::method::Method;
use super::objective::no_place;
use super::said;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::fit::name::Name;
use crate::fit::samples::{Reading, Report};
use crate::fit::theory::{Off, Theory};
use crate::sensitivity::at_second;

/// The residuals of people at the numbers of a theory or of a fit, one row a sample, with the deviations of each person.
///
/// `f` is a level, `a` its slopes by the deviations, `R` the residual variance, `omega` the covariance of the deviations, `eta^` the mode of a person:
///
/// | | prediction | residual over the root of |
/// |---|---|---|
/// | `PRED`, `RES`, `WRES` | `f(0)` | `a omega a' + R(f(0))`, `a` at 0 |
/// | `WRESI` | the same | the same with the expected `R(f(0)) + R'' a omega a'/2` |
/// | `IPRED`, `IRES`, `IWRES` | `f(eta^)` | `R(f(eta^))` |
/// | `CPRED`, `CRES`, `CWRES` | `f(eta^) - a eta^` | `a omega a' + R(f(eta^))`, `a` at `eta^` (Hooker et al. 2007) |
/// | `CWRESI` | the same | the same with the expected `R(CPRED) + R'' a omega a'/2` |
///
/// The root of a covariance is its symmetric one, as NONMEM takes it, so the residuals of a person do not depend on the order of samples. With a
/// log-normal error predictions are levels and residuals are those of the logarithms. A sample outside a limit has predictions and no residual. The
/// mode is that of the method (of `Fo`: what the line about 0 explains best).
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Method, People, Theory, fixed}};
/// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,2.9".parse()?;
/// let (cl, v) = (fixed(1.0).varying(0.3), fixed(10.0).varying(0.2));
/// let theory = Theory::new(FirstOrder { ka: 1.5 }, OneCompartment { cl, v })?
///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
/// let residuals = theory.residuals(&People::of_table(&table)?, Method::Focei)?;
/// let row = &residuals.rows()[3];
/// assert_eq!((row.id.as_str(), row.time), ("2", 9.0));
/// assert_eq!(row.res, Some(2.9 - row.pred));
/// assert!(row.iwres.unwrap().abs() < row.wres.unwrap().abs()); // the person's own curve is nearer
/// assert!(residuals.to_csv().starts_with("ID,TIME,DV,CENS,PRED,RES,WRES,WRESI,IPRED,IRES,IWRES,CPRED,CRES,CWRES,CWRESI,ETA1,ETA2\n1,2,7.5,0,"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Residuals {
    pub(super) how: String,
    pub(super) unit: String,
    pub(super) method: Method,
    pub(super) names: Vec<Name>,
    pub(super) rows: Vec<ResidualRow>,
    pub(super) etas: Vec<(String, Vec<f64>)>,
}

/// What is left over of a sample; none where it has no residual, or where a variance is not above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualRow {
    /// The id of the person.
    pub id: String,
    /// The time of the sample, h.
    pub time: f64,
    /// What was reported.
    pub report: Report,
    /// The level without deviations, µg/L.
    pub pred: f64,
    /// The level reported less the level without deviations.
    pub res: Option<f64>,
    /// That residual over its standard deviation, of first order about no deviation.
    pub wres: Option<f64>,
    /// WRES with the expected residual variance.
    pub wresi: Option<f64>,
    /// The level at the mode of the person, µg/L.
    pub ipred: f64,
    /// The level reported less that at the mode.
    pub ires: Option<f64>,
    /// That residual over the standard deviation of the residual error.
    pub iwres: Option<f64>,
    /// The level without deviations by the line about the mode, µg/L.
    pub cpred: f64,
    /// The level reported less that one.
    pub cres: Option<f64>,
    /// That residual over its standard deviation, of first order about the mode.
    pub cwres: Option<f64>,
    /// CWRES with the expected residual variance.
    pub cwresi: Option<f64>,
    /// What was drawn, once it is joined ([`Residuals::with_npde`](super::Residuals::with_npde)).
    pub drawn: Option<Drawn>,
    /// The residual variance at the mode.
    pub(super) variance: f64,
}

/// What simulated people say of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// The mean level of people with this design, µg/L.
    pub epred: f64,
    /// The level reported less that mean.
    pub eres: Option<f64>,
    /// That residual over its standard deviation among simulated people.
    pub ewres: Option<f64>,
    /// The residual over the standard deviation with the residual variance at the mode.
    pub ecwres: Option<f64>,
    /// The normalised prediction distribution error.
    pub npde: f64,
    /// The normalised prediction discrepancy, which is not decorrelated.
    pub npd: f64,
}

impl Theory {
    /// The residuals of people at the numbers that this theory starts from, about the modes of a method.
    ///
    /// # Errors
    /// As for [`objective`](Self::objective).
    pub fn residuals(&self, people: &People, method: Method) -> Result<Residuals> {
        let asked = Asked::new(self, people, method)?;
        let place = asked.layout.place(&asked.layout.start()?).ok_or_else(no_place)?;
        let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true })?;
        let etas: Vec<Vec<f64>> = parts.into_iter().map(|part| part.eta).collect();
        let how = said::of_theory(self, Some(asked.method));
        Residuals::of(&asked, &place, (etas, how, people.unit()))
    }
}

impl PeopleFit {
    /// The residuals at the estimates, about the modes that were found.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, free}};
    /// let person = |(id, cl): (usize, f64)| {
    ///     let conc = [1.0, 4.0, 12.0].map(|t: f64| 10.0 * (-cl / 10.0 * t).exp() + if t == 4.0 { 0.3 } else { -0.2 });
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[1.0, 4.0, 12.0], &conc).unwrap()))
    /// };
    /// let people = People::new([0.6, 0.9, 1.1, 1.6].into_iter().enumerate().map(person))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.4), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: free(0.3) })?;
    /// let residuals = theory.fit_people(&people, Method::Focei)?.residuals()?;
    /// assert_eq!(residuals.rows().len(), 12);
    /// assert_eq!(residuals.etas().count(), 4);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn residuals(&self) -> Result<Residuals> {
        let asked = Asked::new(&self.layout.theory, &self.people, self.method())?;
        let place = asked.layout.place(&self.found.x).ok_or_else(no_place)?;
        let etas = self.objective.modes();
        Residuals::of(&asked, &place, (etas, self.how(), self.people.unit()))
    }
}

impl Residuals {
    fn of(asked: &Asked<'_>, place: &Place, (etas, how, unit): (Vec<Vec<f64>>, String, &str)) -> Result<Self> {
        let mut rows = Vec::new();
        for (person, eta) in asked.people.iter().zip(&etas) {
            let seat = person.seat(&asked.layout, place);
            let found = OfPerson { layout: seat.layout, place: &seat.place, person }.rows(eta).ok_or_else(|| {
                Error::value(format!(
                    "person `{}` has no residuals at these numbers: a level is no number there",
                    person.id
                ))
            })?;
            rows.extend(found);
        }
        let (names, etas) = in_columns(asked, &etas);
        let ids = asked.people.iter().map(|person| person.id.to_owned());
        Ok(Self { how, unit: unit.to_owned(), method: asked.method, names, rows, etas: ids.zip(etas).collect() })
    }

    /// The rows, one a sample, in the order of the data.
    pub fn rows(&self) -> &[ResidualRow] {
        &self.rows
    }

    /// How they were made, in a line: the method, the error, and whether a fit settled.
    pub fn how(&self) -> &str {
        &self.how
    }

    /// The unit of the levels.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The method whose modes were taken.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What varies between people, in the order of the deviations; then each occasion that anybody has.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The deviations of each person at the mode, by the ids; on an occasion that a person does not have it is 0.
    pub fn etas(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.etas.iter().map(|(id, eta)| (id.as_str(), &eta[..]))
    }
}

/// The names of all deviations, and those of each person in that order.
fn in_columns(asked: &Asked<'_>, etas: &[Vec<f64>]) -> (Vec<Name>, Vec<Vec<f64>>) {
    let n = asked.layout.eta.len();
    let named: Vec<Vec<Name>> =
        asked.people.iter().map(|own| own.own.iter().flat_map(|own| own.names()).collect()).collect();
    let occasion = |name: &Name| if let Name::Occasion(_, occasion) = name { *occasion } else { 0 };
    let mut within: Vec<Name> = Vec::new();
    named.iter().flatten().for_each(|name| {
        if !within.contains(name) {
            within.push(*name);
        }
    });
    within.sort_by_key(occasion);
    let row = |(eta, named): (&Vec<f64>, &Vec<Name>)| {
        let of = |name: &Name| named.iter().position(|own| own == name).map_or(0.0, |k| eta[n + k]);
        eta[..n].iter().copied().chain(within.iter().map(of)).collect()
    };
    let rows = etas.iter().zip(&named).map(row).collect();
    (asked.layout.varying().into_iter().chain(within).collect(), rows)
}

/// A person at a place.
struct OfPerson<'a> {
    layout: &'a Layout,
    place: &'a Place,
    person: &'a Person<'a>,
}

/// A sample as it is predicted: on the scale on which it is compared.
struct Seen {
    level: f64,
    mean: f64,
    /// Slopes of the mean and of the level by the deviations.
    slopes: DVector<f64>,
    by_level: DVector<f64>,
    /// The variance with its second derivative by the level.
    variance: f64,
    bent: f64,
}

impl OfPerson<'_> {
    fn rows(&self, eta: &[f64]) -> Option<Vec<ResidualRow>> {
        let (typical, own) = (self.seen(&self.place.z)?, self.seen(&self.layout.moved(&self.place.z, eta))?);
        let eta = DVector::from_column_slice(eta);
        let times = self.person.sampled.samples.times();
        let readings: Vec<Reading> = self.person.readings().collect();
        let is_log = is_log(&self.layout.theory);
        let level_of = |mean: f64| if is_log { mean.exp() } else { mean };
        let line: Vec<f64> = own.iter().map(|seen| seen.mean - seen.slopes.dot(&eta)).collect();
        let mut rows: Vec<ResidualRow> = Vec::new();
        for (j, report) in self.person.reports().iter().enumerate() {
            let compared = match report {
                Report::Level(level) => Some(self.place.residual.of(readings[j]).compared(*level)?.0),
                _ => None,
            };
            let less = |mean: f64| compared.map(|own| own - mean);
            rows.push(ResidualRow {
                id: self.person.id.to_owned(),
                time: times[j],
                report: *report,
                pred: typical[j].level,
                res: less(typical[j].mean),
                wres: None,
                wresi: None,
                ipred: own[j].level,
                ires: less(own[j].mean),
                iwres: less(own[j].mean).map(|off| off / own[j].variance.sqrt()).filter(|value| value.is_finite()),
                cpred: level_of(line[j]),
                cres: less(line[j]),
                cwres: None,
                cwresi: None,
                drawn: None,
                variance: own[j].variance,
            });
        }
        self.weigh(&mut rows, &typical, &own, &line);
        Some(rows)
    }

    fn weigh(&self, rows: &mut [ResidualRow], typical: &[Seen], own: &[Seen], line: &[f64]) {
        let levels: Vec<usize> = (0..rows.len()).filter(|j| rows[*j].res.is_some()).collect();
        let off = |of: fn(&ResidualRow) -> Option<f64>| {
            DVector::from_iterator(levels.len(), levels.iter().filter_map(|j| of(&rows[*j])))
        };
        let (res, cres) = (off(|row| row.res), off(|row| row.cres));
        let of = |seen: &[Seen], variance: &dyn Fn(usize) -> f64| {
            let mut c = DMatrix::from_fn(levels.len(), levels.len(), |i, k| {
                self.joint(&seen[levels[i]].slopes, &seen[levels[k]].slopes)
            });
            levels.iter().enumerate().for_each(|(i, j)| c[(i, i)] += variance(*j));
            c
        };
        let expected = |seen: &Seen, [variance, bent]: [f64; 2]| {
            variance + 0.5 * bent * self.joint(&seen.by_level, &seen.by_level)
        };
        let wres = whitened(of(typical, &|j| typical[j].variance), &res);
        let wresi = whitened(of(typical, &|j| expected(&typical[j], [typical[j].variance, typical[j].bent])), &res);
        let cwres = whitened(of(own, &|j| own[j].variance), &cres);
        let readings: Vec<Reading> = self.person.readings().collect();
        let at_line = |j: usize| if is_log(&self.layout.theory) { line[j].exp() } else { line[j] };
        let cwresi = whitened(of(own, &|j| expected(&own[j], self.variance(at_line(j), readings[j]))), &cres);
        for (i, j) in levels.iter().enumerate() {
            let row = &mut rows[*j];
            [row.wres, row.wresi, row.cwres, row.cwresi] =
                [&wres, &wresi, &cwres, &cwresi].map(|all| all.as_ref().map(|all| all[i]));
        }
    }

    /// `a omega b'`.
    fn joint(&self, a: &DVector<f64>, b: &DVector<f64>) -> f64 {
        a.dot(&(&self.place.omega.matrix * b))
    }

    /// What is predicted at coordinates of the person.
    fn seen(&self, z: &[f64]) -> Option<Vec<Seen>> {
        let levels = self.person.levels(z, false)?;
        let space = self.place.residual.space();
        let of = |(level, reading): (&[f64], Reading)| {
            let (residual, conc) = (self.place.residual.of(reading), space.unknown(level[0], 0));
            let level_there = Reading { report: Report::Level(level[0]), ..reading };
            let (mean, variance) = residual.normal(level_there, &conc)?;
            let n = self.layout.eta.len();
            let by_level = DVector::from_fn(n, |i, _| level[1 + self.layout.eta[i]]);
            let bent = variance[at_second(space.unknowns, 0, 0)];
            let slopes = mean[1] * &by_level;
            Some(Seen { level: level[0], mean: mean[0], slopes, by_level, variance: variance[0], bent })
        };
        levels.rows().zip(self.person.readings()).map(of).collect()
    }

    /// The residual variance at a level, and its second derivative by it.
    fn variance(&self, level: f64, reading: Reading) -> [f64; 2] {
        let residual = self.place.residual.of(reading);
        let space = residual.space();
        let found = residual.normal(Reading { report: Report::Level(level), ..reading }, &space.unknown(level, 0));
        found.map_or([f64::NAN; 2], |(_, variance)| [variance[0], variance[at_second(space.unknowns, 0, 0)]])
    }
}

/// Whether samples are compared by their logarithms.
pub(super) fn is_log(theory: &Theory) -> bool {
    matches!(theory.off, Off::Error(ResidualError::LogNormal { .. }))
}

/// `C^(-1/2) r` by the symmetric root; none where the covariance is not positive definite.
pub(super) fn whitened(covariance: DMatrix<f64>, r: &DVector<f64>) -> Option<DVector<f64>> {
    if r.is_empty() || !covariance.iter().all(|value| value.is_finite()) {
        return None;
    }
    let eigen = SymmetricEigen::new(covariance);
    let (low, high) = (eigen.eigenvalues.min(), eigen.eigenvalues.max());
    if low <= 1e-14 * high {
        return None;
    }
    let along = eigen.eigenvectors.tr_mul(r).component_div(&eigen.eigenvalues.map(f64::sqrt));
    Some(&eigen.eigenvectors * along)
}
