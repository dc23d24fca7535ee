//! Names of columns in other programs, and what they are here.

use super::column::{Column, Measure, reserved};
use crate::sheet::{is_duration, is_rate, of_an_id, plain, united};

/// Names of other programs without blanks and signs, the column that each is here and how it is read. Each counts where the
/// column of that kind is not there, the first before the others.
const OTHERS: [(&str, Column, &str); 66] = [
    ("DATETIME", Column::Time, "TIME, with the date"),
    ("DTTM", Column::Time, "TIME, with the date"),
    ("TIMESTAMP", Column::Time, "TIME, with the date"),
    ("DATEANDTIME", Column::Time, "TIME, with the date"),
    ("DTM", Column::Time, "TIME, with the date"),
    ("EXSTDTC", Column::Time, "TIME, with the date"),
    ("CLOCKTIME", Column::Time, "TIME"),
    ("CLOCK", Column::Time, "TIME"),
    ("TIMEOFDAY", Column::Time, "TIME"),
    ("AFRLT", Column::Time, "TIME in hours"),
    ("TAFD", Column::Time, "TIME in hours"),
    ("DOSE", Column::Amt, "AMT"),
    ("AMOUNT", Column::Amt, "AMT"),
    ("DOSEAMT", Column::Amt, "AMT"),
    ("DOSEAMOUNT", Column::Amt, "AMT"),
    ("EXDOSE", Column::Amt, "AMT"),
    ("EXENDTC", Column::End, END),
    ("EXENDTM", Column::End, END),
    ("INFEND", Column::End, END),
    ("INFUSIONEND", Column::End, END),
    ("INFUSIONENDTIME", Column::End, END),
    ("ENDOFINFUSION", Column::End, END),
    ("COMPARTMENT", Column::Cmt, "CMT"),
    ("COMPARTMENTNUMBER", Column::Cmt, "CMT"),
    ("COMPARTMENTNO", Column::Cmt, "CMT"),
    ("CMPT", Column::Cmt, "CMT"),
    ("CMTN", Column::Cmt, "CMT"),
    ("CMTNO", Column::Cmt, "CMT"),
    ("DOSECMT", Column::Cmt, "CMT"),
    ("DOSINGCMT", Column::Cmt, "CMT"),
    ("STEADYSTATE", Column::Ss, "SS"),
    ("STEADYSTATEFLAG", Column::Ss, "SS"),
    ("SSFLAG", Column::Ss, "SS"),
    ("SSFL", Column::Ss, "SS"),
    ("EVENTID", Column::Evid, "EVID"),
    ("CENSORING", Column::Cens, "CENS"),
    ("OUT", Column::Out, "DV, in which -99 is missing"),
    ("CONC", Column::Dv, "DV"),
    ("CONCENTRATION", Column::Dv, "DV"),
    ("PLASMACONC", Column::Dv, "DV"),
    ("CP", Column::Dv, "DV"),
    ("OBS", Column::Dv, "DV"),
    ("OBSERVATION", Column::Dv, "DV"),
    ("Y", Column::Dv, "DV"),
    ("YTYPE", Column::Dvid, "DVID"),
    ("OUTEQ", Column::Dvid, "DVID"),
    ("INPUT", Column::Input, INPUT),
    ("ADM", Column::Adm, INPUT),
    ("ADMID", Column::Adm, INPUT),
    ("ADMINISTRATION", Column::Adm, INPUT),
    ("ADMINISTRATIONID", Column::Adm, INPUT),
    ("INTERDOSE", Column::Ii, "II"),
    ("INTERDOSEINTERVAL", Column::Ii, "II"),
    ("DOSINGINTERVAL", Column::Ii, "II"),
    ("DOSINGINT", Column::Ii, "II"),
    ("DOSEINTERVAL", Column::Ii, "II"),
    ("DOSEINT", Column::Ii, "II"),
    ("DOSINT", Column::Ii, "II"),
    ("TAU", Column::Ii, "II"),
    ("ADDITIONALDOSES", Column::Addl, "ADDL"),
    ("ADDITIONALDOSE", Column::Addl, "ADDL"),
    ("ADDLDOSES", Column::Addl, "ADDL"),
    ("ADDDOSES", Column::Addl, "ADDL"),
    ("ROUTE", Column::Route, ROUTE),
    ("EXROUTE", Column::Route, ROUTE),
    ("ADMINISTRATIONROUTE", Column::Route, ROUTE),
];

pub(super) const DUR: &str = "the duration of an infusion in hours, which keeps where F is not 1, as with RATE -2";
const END: &str = "when a dose ends: later than it begins, it is an infusion";
const RATE: &str = "RATE, in the unit of AMT by h";
const INPUT: &str = "the number of an input, which is 1 in every row: the compartment is what CMT says";
const ROUTE: &str = "the one way in which all doses are given, and left out: where they go is what CMT says";

/// Names under which other programs keep what a dose does, and for which there is no column here: what they say, and the column
/// beside which it is said already.
const FOREIGN: [(&str, &str, Option<Column>); 44] = [
    ("F1", PART, None),
    ("F2", PART, None),
    ("F3", PART, None),
    ("FBIO", PART, None),
    ("BIO", PART, None),
    ("BIOAV", PART, None),
    ("BIOAVAILABILITY", PART, None),
    ("FABS", PART, None),
    ("FREL", PART, None),
    ("FORAL", PART, None),
    ("FRACTIONABSORBED", PART, None),
    ("LAG", WAIT, None),
    ("LAGTIME", WAIT, None),
    ("TLAG", WAIT, None),
    ("ALAG", WAIT, None),
    ("ALAG1", WAIT, None),
    ("ALAG2", WAIT, None),
    ("ALAG3", WAIT, None),
    ("LAG1", WAIT, None),
    ("LAG2", WAIT, None),
    ("TLAG1", WAIT, None),
    ("TLAG2", WAIT, None),
    ("LAGT", WAIT, None),
    ("ABSLAG", WAIT, None),
    ("ABSORPTIONLAG", WAIT, None),
    ("D1", LASTS, None),
    ("D2", LASTS, None),
    ("D3", LASTS, None),
    ("R1", AT_RATE, None),
    ("R2", AT_RATE, None),
    ("R3", AT_RATE, None),
    ("NDOSES", MANY, Some(Column::Addl)),
    ("NDOSE", MANY, Some(Column::Addl)),
    ("NUMDOSES", MANY, Some(Column::Addl)),
    ("NUMBEROFDOSES", MANY, Some(Column::Addl)),
    ("REPEAT", MANY, Some(Column::Addl)),
    ("REPEATS", MANY, Some(Column::Addl)),
    ("INTERVAL", OFTEN, Some(Column::Ii)),
    ("INTVL", OFTEN, Some(Column::Ii)),
    ("FREQ", OFTEN, Some(Column::Ii)),
    ("FREQUENCY", OFTEN, Some(Column::Ii)),
    ("DOSEFREQ", OFTEN, Some(Column::Ii)),
    ("DOSEFREQUENCY", OFTEN, Some(Column::Ii)),
    ("EXDOSFRQ", OFTEN, Some(Column::Ii)),
];
const LASTS: &str = "how long an infusion takes";
const AT_RATE: &str = "the rate of an infusion";
const PART: &str = "which part of a dose gets in";
const WAIT: &str = "how long a dose waits";
const MANY: &str = "how many doses there are";
const OFTEN: &str = "how often a dose is given";

/// Names that may say what a column here does, and may say something else: what that is, and the usual name of that column,
/// beside which they are covariates.
const UNSURE: [(&str, &str, &str, Column); 22] = [
    ("INF", INFUSED, "RATE or DUR", Column::Rate),
    ("INFUSION", INFUSED, "RATE or DUR", Column::Rate),
    ("DOSERATE", "the rate of an infusion", "RATE", Column::Rate),
    ("DOSINGRATE", "the rate of an infusion", "RATE", Column::Rate),
    ("EXDUR", "how long a dose is given", "DUR", Column::Dur),
    ("ENDTIME", ENDS, "DUR, in hours", Column::Dur),
    ("STOPTIME", ENDS, "DUR, in hours", Column::Dur),
    ("DOSEENDTIME", ENDS, "DUR, in hours", Column::Dur),
    ("COMP", PLACE, "CMT", Column::Cmt),
    ("COMPNO", PLACE, "CMT", Column::Cmt),
    ("EVENT", KIND, "EVID", Column::Evid),
    ("EVENTTYPE", KIND, "EVID", Column::Evid),
    ("EVTYPE", KIND, "EVID", Column::Evid),
    ("EVT", KIND, "EVID", Column::Evid),
    ("RESET", "where nothing is left of earlier doses", "EVID, with 3 or 4", Column::Evid),
    ("CENSORED", CENSORED, "CENS", Column::Cens),
    ("CENSOR", CENSORED, "CENS", Column::Cens),
    ("CENSFL", CENSORED, "CENS", Column::Cens),
    ("UNIT", UNIT, OF_AMT, Column::Unit(Measure::Amt)),
    ("UNITS", UNIT, OF_AMT, Column::Unit(Measure::Amt)),
    ("ATSTEADYSTATE", STEADY, "SS", Column::Ss),
    ("ISSS", STEADY, "SS", Column::Ss),
];
const INFUSED: &str = "how fast or how long a dose is infused";
const ENDS: &str = "when an infusion ends";
const PLACE: &str = "where a dose goes";
const KIND: &str = "which rows are doses";
const STEADY: &str = "where doses are at steady state";
const UNIT: &str = "the unit of a dose";
const OF_AMT: &str = "AMTU";

/// Names that say something of observations or doses elsewhere and are covariates here: what they may say, and how that is said.
const DOUBTFUL: [(&str, &str); 9] = [
    ("F", "which part of a dose gets in, which is a number of the model"),
    ("BLQ", BELOW),
    ("BLQFL", BELOW),
    ("BLOQ", BELOW),
    ("BQL", BELOW),
    ("LLOQ", LIMIT),
    ("LOQ", LIMIT),
    ("LNDV", "the logarithm of an observation, which DV holds as it was measured"),
    ("LOGDV", "the logarithm of an observation, which DV holds as it was measured"),
];
const CENSORED: &str = "which observations are censored";
const BELOW: &str = "which observations lie below a limit, which is CENS 1 here with the limit in DV";
const LIMIT: &str = "the limit of an assay, which stands in DV here beside CENS 1";

/// The column of a kind that a name of another program stands for, how early it is asked, and how it is read.
pub(super) fn other(name: &str) -> Option<(usize, Column, &'static str)> {
    if let Some(place) = of_an_id(name) {
        return Some((place, Column::Id, "ID"));
    }
    let name = plain(name);
    if let Some(place) = OTHERS.iter().position(|(known, ..)| *known == name) {
        return Some((place, OTHERS[place].1, OTHERS[place].2));
    }
    let (column, meaning) = match () {
        () if is_duration(&name) => (Column::Dur, DUR),
        () if is_rate(&name) => (Column::Rate, RATE),
        () => unit_of(&name).map(|(measure, meaning)| (Column::Unit(measure), meaning))?,
    };
    Some((OTHERS.len(), column, meaning))
}

/// What a column has units of, by its name in capitals without signs, and how it is read.
fn unit_of(name: &str) -> Option<(Measure, &'static str)> {
    UNITS.iter().find(|(names, ..)| names.contains(&name)).map(|(_, measure, meaning)| (*measure, *meaning))
}

/// Columns of units, which stand beside the numbers.
const UNITS: [(&[&str], Measure, &str); 6] = [
    (&["TIMEU", "TIMEUNIT", "TIMEUNITS"], Measure::Time, "the unit of TIME"),
    (
        &[
            "AMTU",
            "AMTUNIT",
            "AMTUNITS",
            "DOSEU",
            "DOSU",
            "DOSEUNIT",
            "DOSEUNITS",
            "EXDOSU",
            "EXDOSEU",
            "AMOUNTU",
            "AMOUNTUNIT",
            "AMOUNTUNITS",
        ],
        Measure::Amt,
        "the unit of AMT",
    ),
    (
        &["RATEU", "RATEUNIT", "RATEUNITS", "EXINFRAU", "INFRATEU", "INFUSIONRATEUNIT"],
        Measure::Rate,
        "the unit of RATE",
    ),
    (&["DURU", "DURUNIT", "DURATIONU", "DURATIONUNIT", "EXDURU"], Measure::Dur, "the unit of DUR"),
    (&["IIU", "IIUNIT", "TAUU", "TAUUNIT"], Measure::Ii, "the unit of II"),
    (
        &[
            "DVU",
            "DVUNIT",
            "DVUNITS",
            "CONCU",
            "CONCUNIT",
            "CONCUNITS",
            "CONCENTRATIONUNIT",
            "CONCENTRATIONUNITS",
            "OBSU",
            "PCSTRESU",
            "AVALU",
        ],
        Measure::Dv,
        "the unit of DV",
    ),
];

/// Why a name of another program is not read, among the names of a table: there is no column here for what it says of a dose, or
/// it is not sure that it says it.
pub(super) fn foreign(name: &str, names: &[String]) -> Option<String> {
    let bare = united(name).map_or(name, |(bare, _)| bare);
    let kind_of = |name: &String| {
        let bare = united(name).map_or(&**name, |(bare, _)| bare);
        reserved(bare).map(|(_, kind)| kind).or_else(|| other(bare).map(|(_, kind, _)| kind))
    };
    let kinds: Vec<Column> = names.iter().filter_map(kind_of).collect();
    let is_said = |said: Column| kinds.contains(&said) || (said == Column::Rate && kinds.contains(&Column::Dur));
    let is_known = |known: &str| known == plain(name) || known == plain(bare);
    if let Some((_, what, said)) = FOREIGN.iter().find(|(known, ..)| is_known(known)) {
        let why = format!(
            "{name} says {what}, for which an event table has no column: read it as a covariate for your model with Reader::using, or leave it out with Reader::ignoring"
        );
        return said.is_none_or(|said| !is_said(said)).then_some(why);
    }
    let (_, what, usual, said) = UNSURE.iter().find(|(known, ..)| is_known(known))?;
    let why = format!(
        "{name} may say {what}: call it {usual} if it does, read it as a covariate with Reader::using, or leave it out with Reader::ignoring"
    );
    (!is_said(*said)).then_some(why)
}

/// What a covariate of this name may say elsewhere, which is not read here.
pub(super) fn doubtful(name: &str) -> Option<&'static str> {
    let (bare, name) = (united(name).map_or(name, |(bare, _)| bare), plain(name));
    DOUBTFUL.iter().find(|(known, _)| *known == name || *known == plain(bare)).map(|(_, what)| *what)
}

/// Whether a name is one of the day of a study, which belongs to a time of day.
pub(super) fn is_day(name: &str) -> bool {
    const DAYS: [&str; 7] = ["DAY", "STUDYDAY", "NDAY", "NOMDAY", "DAYNOM", "DAYS", "EXDY"];
    DAYS.contains(&&*plain(name))
}

/// Whether a name may be one of times.
pub(super) fn is_like_time(name: &str) -> bool {
    const NAMES: [&str; 9] = ["TAD", "T", "H", "HR", "HRS", "HOUR", "HOURS", "MIN", "MINUTES"];
    let name = plain(name);
    name.contains("TIME") || name.ends_with("DTC") || name.ends_with("DTM") || NAMES.contains(&&*name)
}
