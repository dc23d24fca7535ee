//! Matrices of how sure a fit of people is, what the samples tell of the error, and two theories compared.

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::fitted::PeopleFit;
use super::inner::Person;
use super::objective::{PersonAt, no_place};
use crate::error::{Error, Result};
use crate::fit::samples::Report;
use crate::fit::sure::Comparison;
use crate::numeric::scaled_inverse;

impl PeopleFit {
    /// The covariance of the coordinates by the slopes of the people alone, `S^-1`; none where there are too few people to tell it.
    pub fn score_covariance(&self) -> Option<DMatrix<f64>> {
        let n = self.scores.first()?.len();
        let mut s = DMatrix::zeros(n, n);
        self.people.order().into_iter().for_each(|i| s += 0.25 * &self.scores[i] * self.scores[i].transpose());
        scaled_inverse(&s)
    }

    /// The eigenvalues of the correlations of the coordinates, from the smallest on; one near zero is a direction that the data hardly tell.
    pub fn eigenvalues(&self) -> Option<Vec<f64>> {
        let c = self.coordinate_covariance()?;
        let n = c.nrows();
        let correlation = DMatrix::from_fn(n, n, |i, j| c[(i, j)] / (c[(i, i)] * c[(j, j)]).sqrt());
        let mut all = SymmetricEigen::new(correlation).eigenvalues.as_slice().to_vec();
        all.sort_by(f64::total_cmp);
        Some(all)
    }

    /// The ids of the people whose deviations between people are as far out as those of one in a thousand, by `eta' Omega^-1 eta` and the chi-square
    /// distribution. A variance that has gone to zero counts for nothing.
    pub fn far(&self) -> Vec<&str> {
        let held = self.vanished();
        let labels = self.layout.labels();
        let is_there = |i: &usize| !held.contains(&format!("omega2({})", labels[*i]));
        let own: Vec<usize> = (0..self.layout.eta.len()).filter(is_there).collect();
        let omega = self.omega();
        let block = DMatrix::from_fn(own.len(), own.len(), |i, j| omega[(own[i], own[j])]);
        let Some(root) = block.cholesky() else { return Vec::new() };
        #[expect(clippy::cast_precision_loss, reason = "a count of deviations")]
        let Ok(law) = ChiSquared::new(own.len() as f64) else { return Vec::new() };
        let most = law.inverse_cdf(0.999);
        let is_far = |person: &&PersonAt| {
            let eta = DVector::from_iterator(own.len(), own.iter().map(|i| person.eta[*i]));
            eta.dot(&root.solve(&eta)) > most
        };
        self.objective.people().iter().filter(is_far).map(|person| person.id.as_str()).collect()
    }

    /// The variances and parts of the error that have gone to zero, by their names among the estimates: they are held there, and have no standard error.
    pub fn vanished(&self) -> Vec<String> {
        let held = Self::names_of(&self.layout).into_iter().zip(&self.held);
        held.filter(|(_, held)| held.is_some()).map(|(name, _)| name).collect()
    }

    /// How much the residuals of the people's own courses shrink to none: `1 - sd` of the residuals in standard deviations of the error. Near
    /// zero the samples tell the error; near one they are too few a person, and such residuals look good whatever the theory.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn epsilon_shrinkage(&self) -> Result<f64> {
        let place = self.layout.place(&self.found.x).ok_or_else(no_place)?;
        let mut all = Vec::new();
        for ((id, sampled), at) in self.people.iter().zip(self.objective.people()) {
            let person = Person::new(&self.layout, id, sampled)?;
            let seat = person.seat(&self.layout, &place);
            let levels = person.plain(&seat.layout.moved(&seat.place.z, &at.all())).ok_or_else(no_place)?;
            let space = place.residual.space();
            for (reading, level) in person.readings().zip(levels) {
                let Report::Level(measured) = reading.report else { continue };
                let residual = place.residual.of(reading);
                let compared = residual.compared(measured);
                let predicted = residual.normal(reading, &space.constant(level));
                let (Some((own, _)), Some((mean, variance))) = (compared, predicted) else { continue };
                all.push((own - mean[0]) / variance[0].sqrt());
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Ok(1.0 - variance.sqrt())
    }

    /// Whether a wider theory, of which this one is a special case, fits the same people better than chance would: the test of the likelihood
    /// ratio. Where the wider one adds a variance, the probability is up to twice the right one, since no variance is below zero.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, fixed, free}};
    /// let design = People::new((1..=12).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
    /// }))?;
    /// let theory = |v| Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 });
    /// let people = theory(fixed(10.0))?.simulate(&design, 5)?;
    /// let narrow = theory(fixed(20.0))?.fit_people(&people, Method::Focei)?;
    /// let wide = theory(free(20.0))?.fit_people(&people, Method::Focei)?;
    /// let test = narrow.against(&wide)?;
    /// assert!(test.more == 1 && test.p < 1e-6);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fits of other people or by other methods, a wider theory with no more unknowns, or one that fits worse.
    pub fn against(&self, wider: &Self) -> Result<Comparison> {
        if self.people != wider.people || self.method() != wider.method() {
            return Err(Error::value(
                "the two fits are of different people or by different methods: compare fits of the same people by the same method",
            ));
        }
        let (own, other) = (self.unknowns(), wider.unknowns());
        if other <= own {
            return Err(Error::value(format!(
                "the wider theory has {other} unknowns and this one {own}: name the theory with more unknowns second"
            )));
        }
        let gained = self.ofv() - wider.ofv();
        let noise = [self, wider].map(|fit| fit.objective.monte_carlo_error().unwrap_or(0.0));
        if gained < -1e-4 - 3.0 * noise[0].hypot(noise[1]) {
            return Err(Error::value(
                "the wider theory fits worse, so that this one is no special case of it, or its search has not come to the least",
            ));
        }
        let (statistic, more) = (gained.max(0.0), other - own);
        Ok(Comparison { statistic, more, p: chance(statistic, more) })
    }
}

/// The probability of a likelihood ratio as large where the narrower theory is right.
#[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
pub(super) fn chance(statistic: f64, more: usize) -> f64 {
    ChiSquared::new(more as f64).map_or(1.0, |law| law.sf(statistic.max(0.0)))
}
