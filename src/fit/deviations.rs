//! How people differ in a theory: what varies, and together with what.

use nalgebra::DMatrix;

use super::name::Name;
use super::samples::Sampled;
use super::theory::{Off, Theory};
use super::unknown::{Deviation, Unknown, fixed, free};
use crate::assay::ResidualError;
use crate::error::{Error, Result};

impl Theory {
    /// What varies between people: names and unknowns.
    pub fn varying(&self) -> Vec<(Name, Unknown)> {
        self.unknowns.iter().copied().filter(|(_, unknown)| unknown.cv() > 0.0).collect()
    }

    /// What varies from occasion to occasion of a person: names and unknowns.
    pub fn varying_within(&self) -> Vec<(Name, Unknown)> {
        self.unknowns.iter().copied().filter(|(_, unknown)| unknown.cv_within() > 0.0).collect()
    }

    /// This theory with the covariance (omega) of the deviations of what varies, row by row in the order of [`varying`](Self::varying), in place
    /// of the variances of its CVs. A covariance of 0 is none by structure. A [`Covariance`](crate::random::Covariance) gives its rows by
    /// `matrix()`.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Theory, fixed}, random::Covariance};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?.with_omega(&[[0.12, 0.06], [0.06, 0.12]])?;
    /// assert_eq!(theory.varying().len(), 2);
    /// let error = theory.clone().with_omega(&[[0.1, 0.2], [0.2, 0.1]]).unwrap_err();
    /// assert_eq!(error.to_string(), "the covariance of cl, v is not positive definite: no deviations can vary together like that");
    ///
    /// let known = Covariance::of_cvs([0.35, 0.35], &[(0, 1, 0.5)])?;
    /// assert!((theory.with_omega(known.matrix())?.correlation("cl".parse()?, "v".parse()?) - 0.5).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of rows or columns than numbers that vary, a matrix that is not symmetric or not positive definite.
    pub fn with_omega<R: AsRef<[f64]>>(mut self, rows: &[R]) -> Result<Self> {
        let names: Vec<String> = self.varying().iter().map(|(name, _)| name.to_string()).collect();
        let n = names.len();
        if rows.len() != n || rows.iter().any(|row| row.as_ref().len() != n) {
            return Err(Error::value(format!(
                "the covariance has {} rows, but {n} numbers vary ({}): give {n} rows of {n} numbers",
                rows.len(),
                names.join(", ")
            )));
        }
        let omega = DMatrix::from_fn(n, n, |i, j| rows[i].as_ref()[j]);
        if omega != omega.transpose() {
            return Err(Error::value(format!("the covariance of {} is not symmetric", names.join(", "))));
        }
        if omega.clone().cholesky().is_none() {
            return Err(Error::value(format!(
                "the covariance of {} is not positive definite: no deviations can vary together like that",
                names.join(", ")
            )));
        }
        self.omega = Some(omega);
        Ok(self)
    }

    /// This theory, in which two numbers that vary do so together: the correlation of their deviations, where a fit of people starts from.
    /// Without it their covariance is zero by structure. Declare it after all that varies.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Theory, fixed}, sensitivity::Number};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: fixed(1.0).varying(0.4) }, OneCompartment { cl, v })?
    ///     .together(Number::Cl, Number::V, 0.5)?;
    /// assert!((theory.correlation(Number::Cl.into(), Number::V.into()) - 0.5).abs() < 1e-12);
    /// assert_eq!(theory.covariances(), [(Number::Cl.into(), Number::V.into())]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A number that does not vary between people, one with itself, a correlation that is 0 or not between -1 and 1, correlations that cannot be
    /// true together.
    pub fn together(mut self, one: impl Into<Name>, other: impl Into<Name>, correlation: f64) -> Result<Self> {
        let (one, other) = (one.into(), other.into());
        let [i, j] = [self.place_of_varying(one)?, self.place_of_varying(other)?];
        if i == j || correlation == 0.0 || !(-1.0..=1.0).contains(&correlation) {
            return Err(Error::value(format!(
                "the correlation of {one} and {other} is {correlation}, but it must be of two numbers, between -1 and 1 and not 0"
            )));
        }
        let mut omega = self.omega();
        omega[(i, j)] = correlation * (omega[(i, i)] * omega[(j, j)]).sqrt();
        omega[(j, i)] = omega[(i, j)];
        if omega.clone().cholesky().is_none() {
            return Err(Error::value(format!(
                "the correlation of {one} and {other} cannot be {correlation} beside those that are known: no deviations can vary together like that"
            )));
        }
        self.omega = Some(omega);
        Ok(self)
    }

    fn place_of_varying(&self, name: Name) -> Result<usize> {
        let varying = self.varying();
        varying.iter().position(|(own, _)| *own == name).ok_or_else(|| {
            let names: Vec<String> = varying.iter().map(|(own, _)| own.to_string()).collect();
            let known = if names.is_empty() { "none does".to_owned() } else { names.join(", ") };
            Error::value(format!(
                "{name} does not vary between people, so that nothing varies with it; what varies: {known}"
            ))
        })
    }

    /// The pairs of what varies whose covariance is not zero by structure.
    pub fn covariances(&self) -> Vec<(Name, Name)> {
        let (varying, omega) = (self.varying(), self.omega());
        let pairs = (0..varying.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
        pairs.filter(|at| omega[*at] != 0.0).map(|(i, j)| (varying[i].0, varying[j].0)).collect()
    }

    /// The correlation of the deviations of two numbers; 0 where one of them does not vary.
    pub fn correlation(&self, one: Name, other: Name) -> f64 {
        let omega = self.omega();
        match [one, other].map(|name| self.place_of_varying(name)) {
            [Ok(i), Ok(j)] => omega[(i, j)] / (omega[(i, i)] * omega[(j, j)]).sqrt(),
            _ => 0.0,
        }
    }

    /// The covariance of the deviations of what varies between people, in the order of [`varying`](Self::varying).
    pub fn omega(&self) -> DMatrix<f64> {
        let variances: Vec<f64> = self.varying().iter().map(|(_, unknown)| unknown.variances()[0]).collect();
        let n = variances.len();
        let diagonal = || DMatrix::from_fn(n, n, |i, j| if i == j { variances[i] } else { 0.0 });
        self.omega.clone().filter(|omega| omega.nrows() == n).unwrap_or_else(diagonal)
    }

    /// The theory of one person: what varies is to be found from its median on, between people and on each of the person's occasions, and all
    /// else is known; with the covariance of those deviations.
    pub(super) fn personal(&self, sampled: &Sampled) -> Result<(Self, DMatrix<f64>)> {
        self.check_medians()?;
        let mut own = self.clone();
        for (_, unknown) in &mut own.unknowns {
            let varies = unknown.cv() > 0.0 || unknown.cv_within() > 0.0;
            *unknown = if varies { unknown.of_person() } else { fixed(unknown.start()) };
        }
        for effect in &mut own.effects {
            effect.unknown = fixed(effect.unknown.start());
        }
        own.know_the_error();
        let occasions = self.occasions_of(sampled)?;
        let own = own.on_occasions(&occasions);
        let each: Vec<f64> = self.varying_within().iter().map(|(_, unknown)| unknown.variances()[1]).collect();
        let variances = each.repeat(occasions.len());
        let between = self.omega();
        let (n, all) = (between.nrows(), between.nrows() + variances.len());
        let omega = DMatrix::from_fn(all, all, |i, j| match (i.checked_sub(n), i == j) {
            (Some(i), true) => variances[i],
            (None, _) if j < n => between[(i, j)],
            _ => 0.0,
        });
        Ok((own, omega))
    }

    /// Refuses what varies log-normally about no median.
    pub(super) fn check_medians(&self) -> Result<()> {
        self.unknowns.iter().find(|(_, unknown)| unknown.is_without_median()).map_or(Ok(()), |(name, unknown)| {
            Err(Error::value(format!(
                "{name} varies log-normally about {}, but a median must be above zero",
                unknown.start()
            )))
        })
    }

    /// The theory of the numbers that one person has: all that is free or varies is to be found, each on the scale on which it varies, and the error
    /// is known. Where typical number and deviation are on two scales, or effects stand between them, the deviation is sought by itself.
    pub(super) fn joint(&self) -> Self {
        let mut joint = self.clone();
        let mut deviations = Vec::new();
        for (name, unknown) in joint.unknowns.iter_mut().filter(|(_, unknown)| unknown.cv() > 0.0) {
            match name.basis().filter(|_| self.is_apart(*name, unknown)) {
                Some(basis) => deviations.push((Name::Deviation(basis), no_deviation())),
                None => *unknown = unknown.of_person(),
            }
        }
        joint.unknowns.extend(deviations);
        joint.know_the_error();
        joint
    }

    /// Takes every number of the error as known.
    fn know_the_error(&mut self) {
        self.off = known_error(self.off);
        for (_, error) in &mut self.kinds {
            if let Off::Error(known) = known_error(Off::Error(*error)) {
                *error = known;
            }
        }
    }

    fn is_apart(&self, name: Name, unknown: &Unknown) -> bool {
        let depends = self.effects.iter().any(|effect| Some(effect.dependence.on) == name.basis());
        unknown.has_other_ends() || depends && unknown.deviation() != Deviation::LogNormal
    }

    /// This theory with a deviation to be found of each number that varies from occasion to occasion, for each of some occasions.
    pub(super) fn on_occasions(mut self, occasions: &[u32]) -> Self {
        let within: Vec<_> = self.varying_within().into_iter().filter_map(|(name, _)| name.basis()).collect();
        for occasion in occasions {
            self.unknowns.extend(within.iter().map(|basis| (Name::Occasion(*basis, *occasion), no_deviation())));
        }
        self
    }

    /// This theory with other variances from occasion to occasion, in the order of [`varying_within`](Self::varying_within).
    pub(super) fn differing_within_by(mut self, variances: &[f64]) -> Self {
        let within = self.unknowns.iter_mut().filter(|(_, unknown)| unknown.cv_within() > 0.0);
        within.zip(variances).for_each(|((_, own), variance)| *own = own.with_variance_within(*variance));
        self
    }

    /// This theory with another covariance of what varies between people.
    pub(super) fn differing_by(self, omega: DMatrix<f64>) -> Self {
        Self { omega: Some(omega), ..self }
    }
}

/// A deviation that is sought by itself, which starts from none.
fn no_deviation() -> Unknown {
    free(0.0)
}

/// An error none of whose numbers is to be found.
fn known_error(off: Off) -> Off {
    let known = |error: ResidualError<Unknown>| error.try_map(|unknown| Ok(fixed(unknown.start())));
    match off {
        Off::Error(error) => known(error).map_or(off, Off::Error),
        _ => off,
    }
}
