//! What the columns of other programs mean.

use super::column::{Broken, Column};
use super::names::DUR;
use super::record::Record;

/// The program whose tables are read, where its columns mean something else than in NONMEM.
///
/// ```
/// use menaquinone::records::{Dialect, Reader};
/// let text = "POPDATA DEC_11\n#ID,EVID,TIME,DUR,DOSE,ADDL,II,INPUT,OUT,OUTEQ,C0,C1,C2,C3\n\
///     1,1,0,0,100,-1,12,1,.,.,.,.,.,.\n1,0,4,.,.,.,.,.,-99,1,.,.,.,.\n";
/// let table = Reader::new().dialect(Dialect::Pmetrics).parse(text)?;
/// let dose = &table.records()[0];
/// assert_eq!((dose.amt, dose.ss, dose.ii, dose.addl), (100.0, 1, 12.0, 0));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// The convention of NONMEM, with the names and codes of other programs where they leave no doubt; those of `RxODE` among them.
    #[default]
    Nonmem,
    /// Monolix: `Y`, `YTYPE`, `TINF`, its long names such as `ADMINISTRATION ID`, and `ADM` as the number of the compartment.
    Monolix,
    /// Pmetrics: `-99` is missing, `ADDL` -1 is a steady state, and what stands beside an observation is not read.
    Pmetrics,
}

const ERROR: &str = "a coefficient of the error of the assay, and left out";

const MONOLIX: [(&str, Column, &str); 16] = [
    ("ADM", Column::Cmt, ADM),
    ("ADMID", Column::Cmt, ADM),
    ("ADMINISTRATIONID", Column::Cmt, ADM),
    ("Y", Column::Dv, "DV"),
    ("OBSERVATION", Column::Dv, "DV"),
    ("YTYPE", Column::Dvid, "DVID"),
    ("OBSID", Column::Dvid, "DVID"),
    ("OBSERVATIONID", Column::Dvid, "DVID"),
    ("TINF", Column::Dur, DUR),
    ("INFUSIONDURATION", Column::Dur, DUR),
    ("INFUSIONRATE", Column::Rate, "RATE"),
    ("ADDITIONALDOSES", Column::Addl, "ADDL"),
    ("INTERDOSEINTERVAL", Column::Ii, "II"),
    ("STEADYSTATE", Column::Ss, "SS"),
    ("EVENTID", Column::Evid, "EVID"),
    ("CENSORING", Column::Cens, "CENS"),
];
const ADM: &str = "CMT, so that the number of an administration is that of its compartment";

const PMETRICS: [(&str, Column, &str); 8] = [
    ("DOSE", Column::Amt, "AMT"),
    ("DUR", Column::Dur, DUR),
    ("OUT", Column::Out, "DV"),
    ("OUTEQ", Column::Dvid, "DVID"),
    ("C0", Column::Ignored, ERROR),
    ("C1", Column::Ignored, ERROR),
    ("C2", Column::Ignored, ERROR),
    ("C3", Column::Ignored, ERROR),
];

/// A row as far as it is read.
pub(super) struct Said<'d> {
    pub(super) record: &'d mut Record,
    pub(super) dur: &'d mut Option<f64>,
    pub(super) evid: Option<u8>,
    /// The records before.
    pub(super) before: &'d [Record],
}

/// What was found and how it is read.
pub(super) type Meaning = (&'static str, &'static str);

const LOST: Meaning = ("-99", "missing");
const STEADY: Meaning = ("ADDL -1", "SS 1, the steady state of such doses");

impl Dialect {
    /// The column that a name in capitals without signs stands for, how early it is asked, and how it is read.
    pub(super) fn column(self, name: &str) -> Option<(usize, Column, &'static str)> {
        let names: &[(&str, Column, &'static str)] = match self {
            Self::Nonmem => &[],
            Self::Monolix => &MONOLIX,
            Self::Pmetrics => &PMETRICS,
        };
        let place = names.iter().position(|(known, ..)| *known == name)?;
        Some((place, names[place].1, names[place].2))
    }

    /// How a number is read that means something of its own in a column, and what is said of it.
    pub(super) fn number(self, column: Column, number: f64) -> Option<(Option<f64>, Meaning)> {
        match (self, column) {
            (Self::Pmetrics, Column::Time | Column::Id | Column::Date) => None,
            (Self::Pmetrics, _) if number == -99.0 => Some((None, LOST)),
            (Self::Monolix, Column::Mdv) if number == 2.0 => Some((Some(1.0), ("MDV 2", "MDV 1"))),
            _ => None,
        }
    }

    /// Gives a record what its dialect means by it.
    pub(super) fn translate(self, said: &mut Said<'_>) -> Result<Option<Meaning>, Broken> {
        match self {
            Self::Nonmem => Ok(None),
            Self::Monolix => monolix(said).map(|()| None),
            Self::Pmetrics => pmetrics(said),
        }
    }
}

fn monolix(said: &Said<'_>) -> Result<(), Broken> {
    let Said { record, evid, before, .. } = said;
    let (is_dose, is_seen) = (record.amt != 0.0 && evid.is_none(), record.dv.is_some() && record.mdv != Some(1));
    if is_dose && is_seen {
        let rule = "this row is a dose and an observation too: give each a row of its own, or write `.` or MDV 1 where nothing was observed";
        return Err((Column::Dv, format!("{} with AMT {}", record.dv.unwrap_or_default(), record.amt), rule));
    }
    let is_later = || before.iter().rev().take_while(|other| other.id == record.id).any(Record::is_dose);
    if record.ss > 0 && is_later() {
        let rule = "Monolix gives a number of doses before a steady state and keeps earlier ones, which this table cannot say: write the doses, or EVID 4 as another table";
        return Err((Column::Ss, format!("{} after a dose", record.ss), rule));
    }
    Ok(())
}

/// Beside an observation Pmetrics reads nothing of doses.
fn pmetrics(said: &mut Said<'_>) -> Result<Option<Meaning>, Broken> {
    let record = &mut *said.record;
    let mut seen = None;
    if record.amt == -99.0 {
        (record.amt, seen) = (0.0, Some(LOST));
    }
    for value in record.covariates.iter_mut().filter(|value| **value == Some(-99.0)) {
        (*value, seen) = (None, Some(LOST));
    }
    match said.evid {
        None => {
            let rule = "Pmetrics tells doses from observations by EVID: write 1, 0 or 4";
            Err((Column::Evid, String::from("nothing"), rule))
        }
        Some(0) => {
            (record.amt, record.ii, record.addl, record.ss, *said.dur) = (0.0, 0.0, 0, 0, None);
            Ok(seen)
        }
        Some(_) if record.ss == 1 => Ok(seen.or(Some(STEADY))),
        Some(_) => {
            record.ii = if record.addl == 0 { 0.0 } else { record.ii };
            Ok(seen)
        }
    }
}
