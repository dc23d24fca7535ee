//! What a search has found.

use std::fmt;

use super::criterion::Criterion;
use super::engine::Certificate;
use super::information::Information;
use super::plan::Design;
use crate::error::Result;

/// The best design that a search has found, and how far from the best there can be it is at most.
#[derive(Debug, Clone)]
pub struct Found {
    design: Design,
    criterion: Criterion,
    value: f64,
    certificate: Certificate,
}

impl Found {
    pub(super) fn new(design: Design, criterion: Criterion, value: f64, certificate: Certificate) -> Self {
        Self { design, criterion, value, certificate }
    }

    /// With a bound that other doses set.
    pub(super) fn bounded_by(mut self, bound: f64) -> Self {
        if bound > self.certificate.bound {
            self.certificate.bound = bound;
            self.certificate.efficiency = (self.value / bound).min(1.0);
        }
        self
    }

    /// The design, with its times.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The sampling times of each arm, h, in order.
    pub fn times(&self) -> Vec<&[f64]> {
        self.design.arms().iter().map(super::arm::Arm::times).collect()
    }

    /// The value of the criterion: greater is better, in proportion to the people.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// What it was best at.
    pub fn criterion(&self) -> &Criterion {
        &self.criterion
    }

    /// The bound that no design exceeds.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The least that the value is of the best there can be, 1 where nothing can be better.
    pub fn efficiency(&self) -> f64 {
        self.certificate.efficiency
    }

    /// What the samples are expected to tell, at the theory of the design.
    ///
    /// # Errors
    /// None for a design that was found.
    pub fn information(&self) -> Result<Information> {
        self.design.information()
    }

    /// The value for each sample that is taken of everybody, to compare designs of different numbers of samples at the same work.
    pub fn per_sample(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
        let samples: f64 = self.design.arms().iter().map(|arm| arm.count() * arm.times().len() as f64).sum();
        self.value / samples
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, arm) in self.design.arms().iter().enumerate() {
            writeln!(out, "{}: {}, {}", arm.named(i), arm.crowd(), arm.sampled())?;
        }
        writeln!(out, "{}", self.criterion.says(self.value))?;
        let Certificate { efficiency, exhaustive, .. } = self.certificate;
        let sure = if exhaustive { "" } else { " (the bound itself found by search)" };
        write!(out, "efficiency at least {:.2} % of the best there can be{sure}", 100.0 * efficiency)
    }
}
