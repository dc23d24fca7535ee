//! Vitamin K antagonists and vitamin K: a **research illustration, not for clinical use**.
//!
//! The vitamin K cycle of Wajima 2009 with a warfarin-like antagonist, six clotting factors and an INR-like index, and MK-7 as
//! a second substrate whose effect is scaled to one printed number: 45 µg a day lower the INR of people on a stable
//! antagonist by 40 % (Theuwissen 2013). It shows why the two work against each other, and why no time of day keeps them
//! apart. It is not fit to find a dose, for anybody. People on an antagonist are advised against MK-7 by those authors.
//!
//! ```
//! use menaquinone::antagonist::{CYCLE, Levels, NOTICE};
//! use menaquinone::{Dose, Profile, grid, units::*, vitamer::MK7};
//!
//! // Long on a constant level of the antagonist, at an index of 2; then 45 µg of MK-7 a day for four weeks.
//! let level = CYCLE.level_for(2.0)?; // µg/L
//! let times = grid(0.0..=4.0 * WEEK, HOUR);
//! let antagonist = Profile::new(times.clone(), vec![level; times.len()])?;
//! let vitamin = MK7.model().profile(Dose::of(45.0 * UG).every(DAY).times(28), &times)?;
//!
//! let course = CYCLE.course(&CYCLE.steady(level)?, Levels { antagonist: &antagonist, vitamin: &vitamin })?;
//! let index = course.index();
//! assert!((index.values()[0] - 2.0).abs() < 1e-9 && index.last() < 1.25);
//! assert!(course.to_string().contains(NOTICE) && index.label().contains(NOTICE));
//! # Ok::<(), menaquinone::Error>(())
//! ```

mod course;
mod cycle;
mod facts;

pub use course::{Course, Levels};
pub use cycle::{Cycle, State};
pub use facts::{CYCLE, ROWS, WARFARIN};

use std::fmt;

use serde::{Deserialize, Serialize};

/// What every output of this module says of itself.
pub const NOTICE: &str = "research illustration, not for clinical use";

/// A protein that vitamin K carboxylates in the liver.
///
/// ```
/// use menaquinone::antagonist::Factor;
/// assert_eq!(Factor::ALL.map(|factor| factor.to_string()), ["II", "VII", "IX", "X", "protein C", "protein S"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Factor {
    /// Clotting factor II, prothrombin.
    II,
    /// Clotting factor VII.
    VII,
    /// Clotting factor IX.
    IX,
    /// Clotting factor X.
    X,
    /// Protein C, which slows clotting.
    ProteinC,
    /// Protein S, which slows clotting.
    ProteinS,
}

impl Factor {
    /// All of them, in the order of the states.
    pub const ALL: [Self; 6] = [Self::II, Self::VII, Self::IX, Self::X, Self::ProteinC, Self::ProteinS];
    /// Those that the prothrombin time measures, which the index is made of.
    pub const IN_INDEX: [Self; 3] = [Self::II, Self::VII, Self::X];
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::II => "II",
            Self::VII => "VII",
            Self::IX => "IX",
            Self::X => "X",
            Self::ProteinC => "protein C",
            Self::ProteinS => "protein S",
        })
    }
}
