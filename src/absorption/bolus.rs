//! Absorption at once.

use serde::{Deserialize, Serialize};

use super::Process;

/// The whole dose is in the plasma at once, as if injected.
///
/// ```
/// use menaquinone::{Bolus, Dose, Model, OneCompartment};
/// let model = Model::new(Bolus, OneCompartment { cl: 1.0, v: 20.0 })?;
/// let profile = model.profile(Dose::of(100.0), &[0.0])?;
/// assert_eq!(profile.conc(), [5.0]); // dose / v
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Bolus;

impl From<Bolus> for Process {
    fn from(Bolus: Bolus) -> Self {
        Self::Bolus
    }
}
