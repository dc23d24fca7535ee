//! How the integral over what varies between people is done.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the likelihood of a person, an integral over all deviations that the person may have, is taken.
///
/// With `l(eta)` for -2 ln of the joint density of levels and deviations, and `R` for the residual variance:
///
/// | | mode sought with | curvature |
/// |---|---|---|
/// | `Fo` | none: at `eta = 0` | expected |
/// | `Foce` | `R` at `eta = 0` | expected |
/// | `Focei` | `R` at the person | expected, with the slope of `R` |
/// | `LaplaceAtZero` | `R` at `eta = 0` | exact Hessian |
/// | `Laplace` | `R` at the person | exact Hessian |
/// | `Quadrature` | as `Laplace` | Gauss-Hermite nodes about the mode: 1 is `Laplace`, many are the integral |
/// | `Importance` | as `Laplace` | draws of a t distribution about the mode, keyed by seed and person |
///
/// A sample below or above a limit has no expected curvature that programs agree on: with one, `Fo`, `Foce` and `Focei` do what `Laplace` does,
/// and [`Objective::method`](super::Objective::method) says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// First order about no deviation (Beal and Sheiner 1982).
    Fo,
    /// First order about the mode, without interaction of deviation and residual error (Lindstrom and Bates 1990).
    Foce,
    /// First order about the mode, with interaction.
    Focei,
    /// Laplace's approximation with the residual variance of the typical person.
    LaplaceAtZero,
    /// Laplace's approximation with interaction (Wolfinger 1993).
    Laplace,
    /// Adaptive Gauss-Hermite quadrature (Pinheiro and Bates 1995).
    Quadrature {
        /// How many nodes each deviation has.
        nodes: u32,
    },
    /// Importance sampling from a t distribution with 5 degrees of freedom about the mode.
    Importance {
        /// How many draws a person has.
        draws: u32,
        /// The seed of the draws.
        seed: u64,
    },
}

impl Method {
    /// Whether the residual variance is that at the person's own deviations.
    pub(super) fn interacts(self) -> bool {
        !matches!(self, Self::Fo | Self::Foce | Self::LaplaceAtZero)
    }

    /// Whether the curvature is the exact Hessian.
    pub(super) fn is_exact(self) -> bool {
        !matches!(self, Self::Fo | Self::Foce | Self::Focei)
    }

    /// The method that is used where a sample is censored.
    pub(super) fn for_censored(self) -> Self {
        if self.is_exact() { self } else { Self::Laplace }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fo => out.write_str("FO"),
            Self::Foce => out.write_str("FOCE"),
            Self::Focei => out.write_str("FOCEI"),
            Self::LaplaceAtZero => out.write_str("Laplace with the residual variance at eta = 0"),
            Self::Laplace => out.write_str("Laplace"),
            Self::Quadrature { nodes } => write!(out, "adaptive quadrature, {nodes} nodes"),
            Self::Importance { draws, .. } => write!(out, "importance sampling, {draws} draws"),
        }
    }
}
