//! A fit of people written down: its estimates and its people as CSV, and all of it for serde. What it rests on is not in them, so that a fit is not
//! read again; its theory is, and a search from there begins at the end of this one.

use std::collections::BTreeMap;

use nalgebra::DMatrix;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::fitted::{PeopleEstimate, PeopleFit};
use super::history::Saem;
use super::method::Method;
use super::objective::PersonAt;
use crate::error::Short;
use crate::fit::name::Name;
use crate::fit::theory::Theory;

impl PeopleFit {
    /// The estimates as CSV: `name`, `estimate`, `se`, `rse`, `wald_low`, `wald_high`, a row for each number that was sought. What the data do not tell is
    /// empty.
    ///
    /// ```
    /// # use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, fixed, free}};
    /// # let design = People::new((1..=8).map(|id| {
    /// #     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
    /// # }))?;
    /// # let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })?
    /// #     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let fit = theory.fit_people(&theory.simulate(&design, 5)?, Method::Focei)?;
    /// let csv = fit.estimates_to_csv();
    /// assert!(csv.starts_with("name,estimate,se,rse,wald_low,wald_high\ncl,") && csv.contains("\nomega2(cl),"));
    /// assert!(fit.people_to_csv().starts_with("ID,OFV,SETTLED,ETA1,SE1\n1,"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn estimates_to_csv(&self) -> String {
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| Short(value).to_string());
        let row = |own: PeopleEstimate| {
            let ends = [own.wald.map(|ends| ends.0), own.wald.map(|ends| ends.1)];
            let numbers = [Some(own.value), own.se, own.rse].into_iter().chain(ends);
            std::iter::once(own.name).chain(numbers.map(cell)).collect()
        };
        let names = ["name", "estimate", "se", "rse", "wald_low", "wald_high"].map(String::from).to_vec();
        csv(names, self.estimates().into_iter().map(row))
    }

    /// The people as CSV: `ID`, what each adds to the objective (`OFV`), whether its mode settled (`SETTLED`, 1 or 0), the deviations at the mode (`ETA1`,
    /// `ETA2` .. in the order of [`Objective::names`](super::Objective::names)) and their standard errors (`SE1` ..); where something varies from occasion to
    /// occasion, the deviations on each, by their names (`cl@2`), which are empty for people without that occasion.
    pub fn people_to_csv(&self) -> String {
        let n = self.objective.names().len();
        let numbered = |what: &str| (1..=n).map(|i| format!("{what}{i}")).collect::<Vec<_>>();
        let mut names = ["ID", "OFV", "SETTLED"].map(String::from).to_vec();
        names.extend(numbered("ETA").into_iter().chain(numbered("SE")));
        let mut within: Vec<Name> = Vec::new();
        for (name, _) in self.objective.people().iter().flat_map(|own| &own.kappa) {
            if !within.contains(name) {
                within.push(*name);
            }
        }
        names.extend(within.iter().map(ToString::to_string));
        let row = |own: &PersonAt| {
            let mut cells = vec![own.id.clone(), Short(own.ofv).to_string(), u8::from(own.settled).to_string()];
            cells.extend(own.eta.iter().map(|eta| Short(*eta).to_string()));
            cells.extend((0..n).map(|i| Short(own.covariance[(i, i)].max(0.0).sqrt()).to_string()));
            let of =
                |name: &Name| own.kappa.iter().find(|(own, _)| own == name).map(|(_, kappa)| Short(*kappa).to_string());
            cells.extend(within.iter().map(|name| of(name).unwrap_or_default()));
            cells
        };
        csv(names, self.objective.people().iter().map(row))
    }
}

pub(super) fn csv(names: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let all = std::iter::once(names).chain(rows).all(|cells| writer.write_record(&cells).is_ok());
    debug_assert!(all, "a writer into memory does not fail");
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A fit as it is written down.
#[derive(Serialize)]
struct Written<'a> {
    method: Method,
    #[serde(skip_serializing_if = "Option::is_none")]
    saem: Option<Saem>,
    settled: bool,
    slope: f64,
    promised: f64,
    people: usize,
    /// Who was left out on request.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    left_out: &'a [String],
    samples: usize,
    unit: &'a str,
    ofv: f64,
    minus2ll: f64,
    aic: f64,
    bic: f64,
    bic_mixed: f64,
    theory: Theory,
    estimates: Vec<PeopleEstimate>,
    /// What is held at zero.
    vanished: Vec<String>,
    varying: Vec<String>,
    omega: Vec<Vec<f64>>,
    /// The variances from occasion to occasion.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    omega_within: BTreeMap<String, f64>,
    shrinkage: Vec<f64>,
    condition: Option<f64>,
    /// Of the coordinates of the search that are not held: logarithms of numbers above zero, and the Cholesky factor of omega.
    coordinate_covariance: Option<Vec<Vec<f64>>>,
    persons: Vec<Person<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    id: &'a str,
    ofv: f64,
    settled: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    on_edge: bool,
    eta: &'a [f64],
    /// The deviations on each occasion.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kappa: BTreeMap<String, f64>,
    covariance: Vec<Vec<f64>>,
}

fn named(all: &[(Name, f64)]) -> BTreeMap<String, f64> {
    all.iter().map(|(name, value)| (name.to_string(), *value)).collect()
}

impl<'a> Person<'a> {
    fn of(own: &'a PersonAt) -> Self {
        let covariance = rows(&own.covariance);
        let (id, kappa) = (&own.id, named(&own.kappa));
        Self { id, ofv: own.ofv, settled: own.settled, on_edge: own.on_edge, eta: &own.eta, kappa, covariance }
    }
}

/// The estimates, how sure they are, how it ended and what each person adds; the theory at the estimates is what
/// [`Theory`] reads again.
impl Serialize for PeopleFit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (slope, promised) = self.slope_and_promise();
        let written = Written {
            method: self.method(),
            saem: self.history().map(|history| history.settings),
            settled: self.settled(),
            slope,
            promised,
            people: self.people.len(),
            left_out: self.people.left_out(),
            samples: self.people.count(),
            unit: self.people.unit(),
            ofv: self.ofv(),
            minus2ll: self.minus2ll(),
            aic: self.aic(),
            bic: self.bic(),
            bic_mixed: self.bic_mixed(),
            theory: self.theory().map_err(S::Error::custom)?,
            estimates: self.estimates(),
            vanished: self.vanished(),
            varying: self.objective.names().iter().map(ToString::to_string).collect(),
            omega: rows(&self.omega()),
            omega_within: named(&self.omega_within()),
            shrinkage: self.shrinkage(),
            condition: self.condition(),
            coordinate_covariance: self.coordinate_covariance().as_ref().map(rows),
            persons: self.objective.people().iter().map(Person::of).collect(),
        };
        written.serialize(serializer)
    }
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}
