//! A path of the absorption that takes what the others leave of a dose.

use super::name::Name;
use super::theory::Theory;
use crate::error::{Error, Result};
use crate::sensitivity::{Jet, Number, Space, add_scaled};

impl Theory {
    /// This theory, in which a path of the absorption (counted from 0) takes what the other paths leave of a dose: its fraction is one less theirs, in
    /// everybody and on every occasion. So a dose that is shared between two ways in has one fraction to be found or to vary, by its logit.
    ///
    /// ```
    /// use menaquinone::{Absorb, Dose, FirstOrder, Model, OneCompartment, ZeroOrder, assay::ResidualError, fit::{Sampled, Samples, Theory, free}, sensitivity::Number};
    /// // 60 % at once from a depot, the rest over four hours.
    /// let absorption = FirstOrder { ka: 1.0 }.with_f(0.6).plus(ZeroOrder { duration: 4.0 }.with_f(0.4));
    /// let theory = Theory::of(Model::new(absorption, OneCompartment { cl: 1.0, v: 10.0 })?)
    ///     .with_rest_by(1)?
    ///     .with(Number::F(0), free(0.5).within(0.0..=1.0))?
    ///     .with(Number::V, free(12.0))?;
    /// assert_eq!(theory.start().number(Number::F(1))?, 0.5);
    /// let samples = Samples::new(&[0.5, 1.0, 2.0, 4.0, 6.0, 12.0], &[2.5, 4.3, 6.1, 7.3, 6.3, 3.5])?;
    /// let fit = theory.fit(&Sampled::new(Dose::of(100.0).at(0.0), samples))?;
    /// let model = fit.model()?;
    /// assert!((model.number(Number::F(0))? + model.number(Number::F(1))? - 1.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A path that the model does not have, one whose fraction is an unknown, a model with one path.
    pub fn with_rest_by(mut self, path: u8) -> Result<Self> {
        let paths = self.template.absorption().paths().len();
        if paths < 2 || usize::from(path) >= paths {
            return Err(Error::value(format!(
                "path {path} cannot take the rest of a dose: the absorption has {paths}, counted from 0, and there must be another beside it"
            )));
        }
        if self.unknowns.iter().any(|(name, _)| *name == Name::Number(Number::F(path))) {
            return Err(Error::value(format!(
                "{} is a number of its own in this theory, so that it cannot be the rest of a dose: leave one of the two out",
                Number::F(path)
            )));
        }
        self.rest = Some(path);
        let rest = self.rest(None)?;
        self.template = self.template.with_numbers(rest)?;
        Ok(self)
    }

    /// The fraction of the path that takes the rest, where another number of the model is changed.
    pub(super) fn rest(&self, changed: Option<(Number, f64)>) -> Result<Option<(Number, f64)>> {
        let of = |number: Number| match changed {
            Some((own, value)) if own == number => Ok(value),
            _ => self.template.number(number),
        };
        let Some(path) = self.rest else { return Ok(None) };
        let left = self.other_paths(path).map(of).sum::<Result<f64>>().map(|sum| 1.0 - sum)?;
        Ok(Some((Number::F(path), left)))
    }

    fn other_paths(&self, path: u8) -> impl Iterator<Item = Number> {
        (0..=u8::MAX).take(self.template.absorption().paths().len()).filter(move |own| *own != path).map(Number::F)
    }

    /// Adds that fraction to the numbers of the model.
    pub(super) fn add_rest(&self, space: Space, numbers: &mut Vec<(Number, Jet)>) -> Result<()> {
        let Some(path) = self.rest else { return Ok(()) };
        let mut left = space.constant(1.0);
        for number in self.other_paths(path) {
            match numbers.iter().find(|(own, _)| *own == number) {
                Some((_, jet)) => add_scaled(&mut left, -1.0, jet),
                None => left[0] -= self.template.number(number)?,
            }
        }
        numbers.push((Number::F(path), left));
        Ok(())
    }
}
