//! What a theory knows of a person: covariates and occasions.

use super::dosing::Dosing;
use super::effect::{Effect, Entry, SHAPES, Shape};
use super::name::{Basis, Dependence, Label, Name};
use super::samples::Sampled;
use super::theory::Theory;
use super::unknown::{Unknown, fixed};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::records::{Body, Inlet};

/// Covariates of a person at a record, by name.
pub(super) type Known<'a> = &'a dyn Fn(&str) -> Result<f64>;

/// The number of an occasion.
pub(super) fn occasion(value: f64) -> Result<u32> {
    let whole = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    let number = value as u32;
    whole.then_some(number).ok_or_else(|| {
        Error::value(format!("the occasion is {value}, but occasions are numbered by whole numbers from 0 on"))
    })
}

impl Theory {
    /// This theory, in which a number depends on a covariate. A number that is not among the unknowns is known as the model has it. Several
    /// effects on one number multiply.
    ///
    /// # Errors
    /// What no number can depend on (the error), a covariate that the number depends on already, a reference that is no number or of a power not
    /// above zero, a category given twice.
    pub fn by(mut self, number: impl Into<Name>, covariate: &str, effect: Effect) -> Result<Self> {
        let number = number.into();
        let Some(on) = number.basis() else {
            return Err(Error::value(format!("{number} cannot depend on a covariate: name a number of the body")));
        };
        self.know(number, on)?;
        let covariate = Label::new(covariate)?;
        let same = |own: Dependence| own.on == on && own.covariate.as_str().eq_ignore_ascii_case(covariate.as_str());
        if self.effects.iter().any(|own| same(own.dependence)) {
            return Err(Error::value(format!("{on} depends on {} already: keep one effect", covariate.as_str())));
        }
        let [power, exponential, linear, factor] = SHAPES;
        let reference = if let Effect::Categorical { at, .. } = &effect { f64::from(*at) } else { f64::NAN };
        let entry = |shape: Shape, at: f64, unknown: Unknown, category: Option<i32>| {
            // A slope is for each unit of the covariate, whatever that is: it is sought for a change by the reference.
            let unit = if shape.positive || at == 0.0 { 1.0 } else { 1.0 / at.abs() };
            let unknown = if shape.is_factor { unknown } else { unknown.of_any_sign(unit) };
            Entry { dependence: Dependence { on, covariate, category }, shape, at, reference, unknown }
        };
        let entries = match effect {
            Effect::Power { at, exponent } => vec![entry(power, at, exponent, None)],
            Effect::Exponential { at, slope } => vec![entry(exponential, at, slope, None)],
            Effect::Linear { at, slope } => vec![entry(linear, at, slope, None)],
            Effect::Categorical { at, factors } => {
                let twice = |i: usize| factors[i].0 == at || factors[..i].iter().any(|(own, _)| *own == factors[i].0);
                if let Some(i) = (0..factors.len()).find(|i| twice(*i)) {
                    return Err(Error::value(format!(
                        "the category {} of {} is given twice: the reference has the factor 1, each other one factor",
                        factors[i].0,
                        covariate.as_str()
                    )));
                }
                factors.into_iter().map(|(of, factor_)| entry(factor, f64::from(of), factor_, Some(of))).collect()
            }
        };
        if let Some(bad) = entries.iter().find(|own| !own.at.is_finite() || own.shape.positive && own.at <= 0.0) {
            return Err(Error::value(format!(
                "the reference of {} is {}, but it must be a finite number, and of a power above zero",
                bad.name(),
                bad.at
            )));
        }
        self.effects.extend(entries);
        self.checked()
    }

    /// The covariates on which its numbers depend, by their names.
    pub fn covariates(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.effects.iter().map(|own| own.dependence.covariate.as_str()).collect();
        names.dedup();
        names
    }

    /// This theory, whose occasions are told by another column than `OCC`.
    ///
    /// # Errors
    /// A name that no covariate can have.
    pub fn with_occasions(self, column: &str) -> Result<Self> {
        Ok(Self { occasions: Label::new(column)?, ..self })
    }

    /// This theory, of whose compartments one has an inlet of its own for doses of event tables: what NONMEM calls ALAG, F, R and D. Its numbers are
    /// known; a lag, a fraction or a duration that is sought is one of the absorption.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Sampled, Theory, free}, records::{Inlet, Table}};
    /// let table: Table = "TIME,AMT,RATE,CMT,EVID,DV\n0,100,-2,2,1,.\n3,0,0,2,0,7.1\n9,0,0,2,0,4.4\n20,0,0,2,0,1.6".parse()?;
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let sampled = &Sampled::of_table(&table)?[0].1;
    /// assert!(theory.fit(sampled).is_err()); // for how long?
    /// assert!(theory.with_inlet(2, Inlet { duration: Some(1.5), ..Inlet::default() })?.fit(sampled)?.settled());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Body::with_inlet`].
    pub fn with_inlet(mut self, cmt: u32, inlet: Inlet) -> Result<Self> {
        Body::from(&self.template).with_inlet(cmt, inlet)?;
        self.inlets.retain(|(known, _)| *known != cmt);
        self.inlets.push((cmt, inlet));
        Ok(self)
    }

    /// A model with the inlets of this theory.
    pub(super) fn body(&self, model: Model) -> Result<Body> {
        self.inlets.iter().try_fold(Body::from(model), |body, (cmt, inlet)| body.with_inlet(*cmt, *inlet))
    }

    /// The covariates that it needs to know, that of the occasions among them if something varies from one to the next.
    pub(super) fn needs(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.effects.iter().map(|effect| effect.dependence.covariate.as_str()).collect();
        if self.unknowns.iter().any(|(_, unknown)| unknown.cv_within() > 0.0) {
            names.push(self.occasions.as_str());
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The occasions of a person, each once; none where nothing varies from one to the next.
    pub(super) fn occasions_of(&self, sampled: &Sampled) -> Result<Vec<u32>> {
        if self.varying_within().is_empty() {
            return Ok(Vec::new());
        }
        let column = self.occasions.as_str();
        let mut occasions = match &sampled.dosing {
            Dosing::Table(table) => {
                let of = |(row, value)| occasion(value).map_err(|error| error.of(table.whose_row(row)));
                table.rows_of(column).into_iter().map(of).collect::<Result<Vec<u32>>>()?
            }
            _ => vec![occasion(sampled.known(column)?).map_err(|error| error.of(sampled.whose()))?],
        };
        occasions.sort_unstable();
        occasions.dedup();
        Ok(occasions)
    }

    /// The model of a person, at the last record where covariates change.
    pub(super) fn model_of(&self, sampled: &Sampled, values: &[f64]) -> Result<Model> {
        self.model_known(values, Some(&|name| sampled.known(name)))
    }

    /// Refuses a person of whom a covariate is not known that this theory needs.
    pub(super) fn check_known(&self, sampled: &Sampled) -> Result<()> {
        for name in self.needs() {
            match &sampled.dosing {
                Dosing::Table(table) => table.check(name)?,
                _ => sampled.known(name).map(|_| ())?,
            }
        }
        // What no search can mend is said before it begins.
        let start: Vec<f64> = self.free().iter().map(|(_, unknown)| unknown.start()).collect();
        let found = match &sampled.dosing {
            Dosing::Table(table) => table.levels(self, &start).map(|_| ()),
            _ => self.model_of(sampled, &start).map(|_| ()),
        };
        found.map_err(|error| if sampled.id.is_empty() { error } else { error.of(sampled.whose()) })?;
        let is_changed = |(cmt, inlet): &(u32, Inlet)| *cmt == 1 && (inlet.tlag != 0.0 || inlet.f != 1.0);
        if self.inlets.iter().any(is_changed) && !matches!(sampled.dosing, Dosing::Table(_)) {
            return Err(Error::value(
                "compartment 1 of the theory has an inlet, and the doses are a regimen, which knows none: give lag and fraction to the absorption",
            ));
        }
        // Each category must have a factor.
        let of_category = |effect: &&Entry| effect.dependence.category.is_some();
        for effect in self.effects.iter().filter(of_category) {
            let Dependence { on, covariate, .. } = effect.dependence;
            for value in sampled.values_of(covariate.as_str()) {
                let same = |other: &&Entry| (other.dependence.on, other.dependence.covariate) == (on, covariate);
                let known = self.effects.iter().filter(same).any(|other| other.at == value || other.reference == value);
                if !known {
                    return Err(Error::value(format!(
                        "{} has {} {value}, for which the effect on {on} has no factor: give one",
                        sampled.whose(),
                        covariate.as_str()
                    )));
                }
            }
        }
        Ok(())
    }

    /// A number of the model that is not among the unknowns becomes one that is known.
    fn know(&mut self, name: Name, basis: Basis) -> Result<()> {
        if self.unknowns.iter().any(|(own, _)| *own == name) {
            return Ok(());
        }
        let Basis::Number(number) = basis else {
            return Err(Error::value(format!("the theory has no number `{name}`: name one that its body is given by")));
        };
        let value = self.template.number(number)?;
        self.unknowns.push((name, fixed(value)));
        Ok(())
    }
}
