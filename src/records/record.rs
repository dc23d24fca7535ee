//! One row of an event table.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A row of an event table: a dose, an observation, a reset or none of these, with the field's own names.
///
/// A record is plain data; [`Table`](crate::records::Table) checks it. Struct update says what differs from the usual:
///
/// ```
/// use menaquinone::{records::{Record, Table}, units::*};
/// let daily = Record { amt: 180.0 * UG, ii: 24.0, addl: 6, ..Record::DOSE };
/// let level = Record { time: 3.0 * DAY, ..Record::OBSERVATION };
/// assert_eq!(Table::new([daily, level])?.records().len(), 2);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Whose record it is; rows of one subject stand together.
    #[serde(default)]
    pub id: SmolStr,
    /// The time, h; it may be negative, and may go back only in a reset.
    pub time: f64,
    /// The amount of a dose, µg.
    #[serde(default)]
    pub amt: f64,
    /// The rate of an infusion, µg/h; 0 is a dose at once, -1 and -2 ask the [`Inlet`](crate::records::Inlet) for the rate or the
    /// duration.
    #[serde(default)]
    pub rate: f64,
    /// The duration of an infusion, h, which keeps where F scales its amount: with `rate` -2, in place of that of the
    /// [`Inlet`](crate::records::Inlet); 0 where there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub dur: f64,
    /// The interval of additional doses and of a steady state, h.
    #[serde(default)]
    pub ii: f64,
    /// How many more such doses follow, each `ii` after the one before.
    #[serde(default)]
    pub addl: u32,
    /// 1 begins at the steady state of this dosing, 2 adds that steady state to what is there, 0 does neither.
    #[serde(default)]
    pub ss: u8,
    /// 0 observation, 1 dose, 2 neither, 3 reset, 4 reset and dose.
    #[serde(default)]
    pub evid: u8,
    /// The number of the compartment; 0 is the usual one.
    #[serde(default)]
    pub cmt: u32,
    /// 1 where `dv` is missing; it is kept and has no part in a simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mdv: Option<u8>,
    /// What was observed; it is kept and has no part in a simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dv: Option<f64>,
    /// The covariates, in the order of the table's names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covariates: Vec<Option<f64>>,
}

/// Whether a record has no duration, so that none is written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

impl Record {
    /// An observation at time 0.
    pub const OBSERVATION: Self = Self::with_evid(0);
    /// A dose at time 0, of an amount still to be named.
    pub const DOSE: Self = Self::with_evid(1);
    /// A reset at time 0: nothing is left of the doses before it.
    pub const RESET: Self = Self::with_evid(3);

    const fn with_evid(evid: u8) -> Self {
        Self {
            id: SmolStr::new_static(""),
            time: 0.0,
            amt: 0.0,
            rate: 0.0,
            dur: 0.0,
            ii: 0.0,
            addl: 0,
            ss: 0,
            evid,
            cmt: 0,
            mdv: None,
            dv: None,
            covariates: Vec::new(),
        }
    }

    /// Whether it gives a dose.
    pub fn is_dose(&self) -> bool {
        matches!(self.evid, 1 | 4)
    }

    /// Whether it wipes what came before.
    pub fn is_reset(&self) -> bool {
        matches!(self.evid, 3 | 4)
    }

    /// A constant infusion that has run for ever and ends here: a steady state without an amount.
    pub(super) fn is_constant(&self) -> bool {
        self.ss > 0 && self.amt == 0.0 && self.rate != 0.0
    }
}
