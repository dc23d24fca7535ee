//! Codes and names of `RxODE`: doses in EVID, and compartments by their names.

use super::column::{Broken, Column};
use super::record::Record;
use crate::sheet::{self, Read};

/// A dose in the code of `RxODE`.
#[derive(Clone, Copy)]
pub(super) struct Coded {
    cmt: u32,
    ss: u8,
    /// 0 a dose at once, 1 and 2 a rate, 8 a duration and 9 a rate of the model, 6 and 7 the ends of these.
    kind: u32,
}

const CMT: &str = "it must be the number of a compartment: 1 is where swallowed doses go, 2 the plasma, and docs/RECORDS.md has the others";
pub(super) const CODED: &str = "it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose), or a dose in the code of RxODE such as 101";

/// Names of no compartment of its own in tables of `RxODE`.
const USUAL: [&str; 2] = ["(default)", "(obs)"];

/// Names of compartments in the order of their numbers, the usual one first, and how they are read.
const COMPARTMENTS: [(&[&str], &str); 4] = [
    (&["depot", "absorption", "gut", "abs"], "1"),
    (
        &["central", "centr", "cent", "plasma"],
        "2, as where the absorption is before the plasma; where it is not, the plasma too",
    ),
    (
        &["peripheral", "periph", "peripheral1", "periph1", "per1"],
        "3, as where the absorption is before the plasma; where it is not, the first peripheral one too",
    ),
    (&["peripheral2", "periph2", "per2"], "4, or the second peripheral one of a model without absorption"),
];

/// The usual name of a compartment, by its number.
pub(super) fn compartment_name(cmt: u32) -> Option<&'static str> {
    let index = usize::try_from(cmt).ok()?.checked_sub(1)?;
    Some(COMPARTMENTS.get(index)?.0[0])
}

impl Coded {
    /// What an EVID of `RxODE` says, and how it is read: the compartment in hundreds, before it what kind of dose, and 1 for a dose,
    /// 10 and 20 for the two kinds of steady state.
    #[cold]
    pub(super) fn of(code: u32) -> Read<(Self, &'static str)> {
        const AT_ONCE: &str = "a dose into the compartment of its hundreds, as in RxODE";
        const RATE: &str = "a rate of AMT into the compartment of its hundreds, which ends where AMT is as much below zero, as in RxODE";
        const OF_MODEL: &str = "a dose whose rate or duration is that of the model, as in RxODE";
        let (cmt, kind) = (100 * (code / 100_000) + code / 100 % 100, code / 10_000 % 10);
        let ss = match code % 100 {
            1 => 0,
            10 => 1,
            20 => 2,
            _ => return Err(CODED),
        };
        let meaning = match kind {
            0 => AT_ONCE,
            1 | 2 => RATE,
            6..=9 => OF_MODEL,
            _ => return Err(CODED),
        };
        Ok((Self { cmt, ss, kind }, meaning))
    }

    /// Makes a record what its code says, and hands out whether it begins or ends a rate.
    #[cold]
    pub(super) fn decode(self, record: &mut Record) -> Result<bool, Broken> {
        let Self { cmt, ss, kind } = self;
        (record.cmt, record.ss) = (cmt, ss.max(record.ss));
        match kind {
            1 | 2 if record.amt == 0.0 || record.rate != 0.0 => {
                let rule = "AMT is the rate of an infusion in this code of RxODE: it must not be 0, and RATE must be";
                return Err((Column::Evid, format!("AMT {} with RATE {}", record.amt, record.rate), rule));
            }
            1 | 2 => record.evid = if record.amt > 0.0 { 1 } else { 2 },
            6 | 7 => (record.evid, record.amt, record.rate) = (2, 0.0, 0.0),
            8 => record.rate = -2.0,
            9 => record.rate = -1.0,
            _ => {}
        }
        Ok(matches!(kind, 1 | 2))
    }
}

/// A compartment by its name: its number, the usual one having none; a word for it and how it is read. Or the rule that the cell
/// breaks.
#[cold]
pub(super) fn named(cell: &[u8], rule: &'static str) -> Read<(Option<u32>, &'static str, &'static str)> {
    let is = |name: &&str| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
    if USUAL.iter().any(is) {
        return Ok((None, USUAL[0], "the usual compartment, as in RxODE"));
    }
    let known = COMPARTMENTS.iter().zip(1..).find(|((names, _), _)| names.iter().any(is));
    let ((names, meaning), number) = known.ok_or(if rule == sheet::NUMBER { CMT } else { rule })?;
    Ok((Some(number), names[0], meaning))
}
