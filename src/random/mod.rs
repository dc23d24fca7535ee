//! What varies, and by how much: distributions, their densities, and random numbers that follow from a name alone.

mod checked;
mod covariance;
mod density;
mod distribution;
mod draw;
mod law;

pub use covariance::Covariance;
pub use distribution::Distribution;
pub use draw::{Draw, Purpose, Stream};
pub use law::{Empirical, LogNormal, LogUniform, Normal, Triangular, Uniform};

pub(crate) use distribution::Law;
pub(crate) use law::omega_of;
