//! A theory at values of its unknowns: the model, and its numbers with derivatives.

use super::derived::{DERIVED, Derived, volume};
use super::known::{Known, occasion};
use super::name::Name;
use super::theory::{Off, Theory};
use super::unknown::Unknown;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::sensitivity::{Jet, Number, Space, add_scaled};

/// No derivatives.
const PLAIN: Space = Space { unknowns: 0, second: false };

/// What is to be found, as values with derivatives and as coordinates.
struct At<'a> {
    space: Space,
    free: Vec<(Name, Unknown)>,
    /// The values where nobody asks for derivatives, else the coordinates.
    values: Option<&'a [f64]>,
    x: &'a [f64],
}

impl At<'_> {
    fn place(&self, name: Name) -> Option<usize> {
        self.free.iter().position(|(own, _)| *own == name)
    }

    fn value(&self, i: usize) -> Jet {
        let space = self.space;
        match self.values {
            Some(values) => space.constant(values[i]),
            None => space.of(self.free[i].1.value(self.x[i]), &space.unknown(self.x[i], i)),
        }
    }

    fn coordinate(&self, i: usize) -> Jet {
        match self.values {
            Some(values) => self.space.constant(self.free[i].1.coordinate(values[i])),
            None => self.space.unknown(self.x[i], i),
        }
    }
}

impl Theory {
    /// The model at values of what is to be found, in the order of [`free`](Self::free), of somebody whose covariates are all at their
    /// references.
    ///
    /// # Errors
    /// Another number of values, or values that no model can have.
    pub fn model(&self, values: &[f64]) -> Result<Model> {
        self.model_known(values, None)
    }

    /// This theory, which starts from other values of what is to be found, in the order of [`free`](Self::free).
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// assert_eq!(theory.starting_at(&[2.0, 30.0])?.start().half_life(), 30.0 / 2.0 * 2.0_f64.ln());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`model`](Self::model); a value outside the ends of its number.
    pub fn starting_at(&self, values: &[f64]) -> Result<Self> {
        let (mut own, template) = (self.clone(), self.model(values)?);
        let mut left = values.iter().copied();
        let mut next =
            |unknown: Unknown| if unknown.is_free() { unknown.at(left.next().unwrap_or_default()) } else { unknown };
        for (_, unknown) in &mut own.unknowns {
            *unknown = next(*unknown);
        }
        for effect in &mut own.effects {
            effect.unknown = next(effect.unknown);
        }
        if let Off::Error(error) = own.off {
            own.off = Off::Error(error.try_map(|unknown| Ok(next(unknown)))?);
        }
        for (_, error) in &mut own.kinds {
            *error = error.try_map(|unknown| Ok(next(unknown)))?;
        }
        Self { template, ..own }.checked()
    }

    /// The model at values of what is to be found, of somebody with these covariates.
    ///
    /// # Errors
    /// As for [`model`](Self::model); a covariate that the theory needs and that is not among them.
    pub fn model_at(&self, values: &[f64], covariates: &[(&str, f64)]) -> Result<Model> {
        self.model_known(
            values,
            Some(&|name| {
                let found = covariates.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
                found.map(|(_, value)| *value).ok_or_else(|| Error::value(format!("the covariate {name} is not given")))
            }),
        )
    }

    pub(super) fn model_known(&self, values: &[f64], known: Option<Known<'_>>) -> Result<Model> {
        let free = self.free();
        if values.len() != free.len() {
            return Err(Error::value(format!(
                "{} values were given for the {} unknowns of the theory",
                values.len(),
                free.len()
            )));
        }
        let at = At { space: PLAIN, free, values: Some(values), x: &[] };
        let numbers = self.numbers(&at, known)?;
        self.template.with_numbers(numbers.into_iter().map(|(number, jet)| (number, jet[0])))
    }

    /// The numbers of the model that the unknowns set at coordinates, with derivatives.
    pub(super) fn numbers_at(&self, space: Space, x: &[f64], known: Option<Known<'_>>) -> Result<Vec<(Number, Jet)>> {
        self.numbers(&At { space, free: self.free(), values: None, x }, known)
    }

    /// The coordinates of the start.
    pub(super) fn coordinates(&self) -> Vec<f64> {
        self.free().iter().map(|(_, unknown)| unknown.coordinate(unknown.start())).collect()
    }

    /// The values at coordinates.
    pub(super) fn values(&self, x: &[f64]) -> Vec<f64> {
        self.free().iter().zip(x).map(|((_, unknown), x)| unknown.value(*x)[0]).collect()
    }

    /// Whether each number goes by its own coordinate alone: by no covariate, no occasion and no other number.
    pub(super) fn is_plain(&self) -> bool {
        self.effects.is_empty() && self.rest.is_none() && self.unknowns.iter().all(|(name, _)| name.basis().is_some())
    }

    /// The numbers of the model that the unknowns set: those named, and those that rates and half-lives give.
    fn numbers(&self, at: &At<'_>, known: Option<Known<'_>>) -> Result<Vec<(Number, Jet)>> {
        let space = at.space;
        let all: Vec<(Name, Jet)> = self
            .unknowns
            .iter()
            .filter(|(name, _)| name.basis().is_some())
            .map(|(name, unknown)| Ok((*name, self.number(at, (*name, unknown), known)?)))
            .collect::<Result<_>>()?;
        let own = |name: Name| all.iter().find(|(own, _)| *own == name).map(|(_, jet)| jet.clone());
        let named = |(name, jet): &(Name, Jet)| {
            if let Name::Number(number) = name { Some((*number, jet.clone())) } else { None }
        };
        let mut numbers: Vec<(Number, Jet)> = all.iter().filter_map(named).collect();
        let volume = volume(|name| own(name).is_some());
        let v = volume.and_then(own).unwrap_or_else(|| space.constant(self.template.disposition().v1()));
        for Derived { number, factor, powers } in DERIVED {
            let jets: Option<Vec<Jet>> = powers.iter().map(|(name, _)| own(*name)).collect();
            let mut product = v.clone();
            for (jet, (_, power)) in jets.iter().flatten().zip(powers.iter()) {
                product = space.product(&product, &if *power < 0 { space.inverse(jet) } else { jet.clone() });
            }
            if jets.is_some() {
                product.iter_mut().for_each(|value| *value *= factor);
                numbers.push((*number, product));
            }
        }
        self.add_rest(space, &mut numbers)?;
        Ok(numbers)
    }

    /// One of them: the typical value, times the effects of covariates, with the deviation of the person and of the occasion.
    fn number(&self, at: &At<'_>, (name, unknown): (Name, &Unknown), known: Option<Known<'_>>) -> Result<Jet> {
        let (space, place) = (at.space, at.place(name));
        let mut typical = match place {
            Some(i) if !unknown.is_own() => at.value(i),
            _ => space.constant(unknown.start()),
        };
        let mut by: Option<Jet> = None;
        if let Some(i) = place.filter(|_| unknown.is_own()) {
            let mut apart = at.coordinate(i);
            apart[0] -= unknown.coordinate(unknown.start());
            by = Some(apart);
        }
        let deviate =
            |by: &mut Option<Jet>, i| add_scaled(by.get_or_insert_with(|| space.zero()), 1.0, &at.coordinate(i));
        if let Some(i) = name.basis().and_then(|basis| at.place(Name::Deviation(basis))) {
            deviate(&mut by, i);
        }
        if let (Some(known), Some(basis)) = (known, name.basis()) {
            for effect in self.effects.iter().filter(|effect| effect.dependence.on == basis) {
                let number =
                    at.place(effect.name()).map_or_else(|| space.constant(effect.unknown.start()), |i| at.value(i));
                let factor = effect.factor(space, known(effect.dependence.covariate.as_str())?, &number)?;
                typical = space.product(&typical, &factor);
            }
            if at.free.iter().any(|(own, _)| matches!(own, Name::Occasion(on, _) if *on == basis)) {
                let now = occasion(known(self.occasions.as_str())?)?;
                if let Some(i) = at.place(Name::Occasion(basis, now)) {
                    deviate(&mut by, i);
                }
            }
        }
        Ok(by.map_or_else(|| typical.clone(), |by| unknown.deviated(space, &typical, &by)))
    }
}
