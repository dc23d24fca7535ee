//! The columns of an event table, by the names they go by.

use crate::sheet::{of_an_id, plain};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    // Numbers that most tables have stand first, so that one comparison tells them.
    Time,
    Amt,
    Evid,
    Cmt,
    Dv,
    Covariate,
    Id,
    Date,
    Rate,
    /// How long an infusion takes.
    Dur,
    Ii,
    Addl,
    Ss,
    Mdv,
    /// Observations of Pmetrics, in which -99 is missing.
    Out,
    Cens,
    Limit,
    Dvid,
    /// The number of an input, which may say no more than that it is the first.
    Input,
    /// How doses are given, which may say one thing only.
    Route,
    /// A mark here leaves the row out.
    Comment,
    Ignored,
}

impl Column {
    /// Whether it is a column of numbers that most tables have.
    #[inline]
    pub(super) fn is_often(self) -> bool {
        matches!(self, Self::Time | Self::Amt | Self::Evid | Self::Cmt | Self::Dv | Self::Covariate)
    }
}

/// The column of a record, what it holds and the rule that it breaks.
pub(super) type Broken = (Column, String, &'static str);

const RESERVED: [(&str, Column); 16] = [
    ("ID", Column::Id),
    ("TIME", Column::Time),
    ("DATE", Column::Date),
    ("AMT", Column::Amt),
    ("RATE", Column::Rate),
    ("II", Column::Ii),
    ("ADDL", Column::Addl),
    ("SS", Column::Ss),
    ("EVID", Column::Evid),
    ("CMT", Column::Cmt),
    ("MDV", Column::Mdv),
    ("DV", Column::Dv),
    ("CENS", Column::Cens),
    ("LIMIT", Column::Limit),
    ("DVID", Column::Dvid),
    ("C", Column::Comment),
];

/// The column that a name stands for in every table, and the usual spelling of that name.
pub(super) fn reserved(name: &str) -> Option<(&'static str, Column)> {
    RESERVED.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
}

/// Names of other programs without blanks and signs, the column that each is here and how it is read. Each counts where the
/// column of that kind is not there, the first before the others.
const OTHERS: [(&str, Column, &str); 45] = [
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
    ("DUR", Column::Dur, DUR),
    ("DURATION", Column::Dur, DUR),
    ("TINF", Column::Dur, DUR),
    ("TINFDUR", Column::Dur, DUR),
    ("INFDUR", Column::Dur, DUR),
    ("INFUSIONDURATION", Column::Dur, DUR),
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
    ("ADM", Column::Input, INPUT),
    ("ADMID", Column::Input, INPUT),
    ("ADMINISTRATION", Column::Input, INPUT),
    ("ADMINISTRATIONID", Column::Input, INPUT),
    ("INTERDOSE", Column::Ii, "II"),
    ("INTERDOSEINTERVAL", Column::Ii, "II"),
    ("DOSINGINTERVAL", Column::Ii, "II"),
    ("TAU", Column::Ii, "II"),
    ("ADDITIONALDOSES", Column::Addl, "ADDL"),
    ("ROUTE", Column::Route, ROUTE),
    ("EXROUTE", Column::Route, ROUTE),
    ("ADMINISTRATIONROUTE", Column::Route, ROUTE),
];

pub(super) const DUR: &str = "the duration of an infusion in hours, which keeps where F is not 1, as with RATE -2";
const INPUT: &str = "the number of an input, which is 1 in every row: the compartment is what CMT says";
const ROUTE: &str = "the one way in which all doses are given, and left out: where they go is what CMT says";

/// Names under which other programs keep what a dose does, and for which there is no column here: what they say, and the column
/// beside which it is said already.
const FOREIGN: [(&str, &str, Option<Column>); 27] = [
    ("F1", PART, None),
    ("F2", PART, None),
    ("F3", PART, None),
    ("FBIO", PART, None),
    ("BIO", PART, None),
    ("BIOAV", PART, None),
    ("BIOAVAILABILITY", PART, None),
    ("LAG", WAIT, None),
    ("LAGTIME", WAIT, None),
    ("TLAG", WAIT, None),
    ("ALAG", WAIT, None),
    ("ALAG1", WAIT, None),
    ("ALAG2", WAIT, None),
    ("D1", "how long an infusion takes", None),
    ("D2", "how long an infusion takes", None),
    ("R1", "the rate of an infusion", None),
    ("R2", "the rate of an infusion", None),
    ("NDOSES", MANY, Some(Column::Addl)),
    ("NDOSE", MANY, Some(Column::Addl)),
    ("NUMDOSES", MANY, Some(Column::Addl)),
    ("NUMBEROFDOSES", MANY, Some(Column::Addl)),
    ("INTERVAL", OFTEN, Some(Column::Ii)),
    ("FREQ", OFTEN, Some(Column::Ii)),
    ("FREQUENCY", OFTEN, Some(Column::Ii)),
    ("DOSEFREQ", OFTEN, Some(Column::Ii)),
    ("DOSEFREQUENCY", OFTEN, Some(Column::Ii)),
    ("EXDOSFRQ", OFTEN, Some(Column::Ii)),
];
const PART: &str = "which part of a dose gets in";
const WAIT: &str = "how long a dose waits";
const MANY: &str = "how many doses there are";
const OFTEN: &str = "how often a dose is given";

/// Names that say something of observations or doses elsewhere and are covariates here: what they may say, and how that is said.
const DOUBTFUL: [(&str, &str); 9] = [
    ("F", "which part of a dose gets in, which is a number of the model"),
    ("BLQ", CENSORED),
    ("BLQFL", CENSORED),
    ("BLOQ", CENSORED),
    ("BQL", CENSORED),
    ("LLOQ", LIMIT),
    ("LOQ", LIMIT),
    ("LNDV", "the logarithm of an observation, which DV holds as it was measured"),
    ("LOGDV", "the logarithm of an observation, which DV holds as it was measured"),
];
const CENSORED: &str = "which observations lie below a limit, which is CENS 1 here with the limit in DV";
const LIMIT: &str = "the limit of an assay, which stands in DV here beside CENS 1";

/// The column of a kind that a name of another program stands for, how early it is asked, and how it is read.
pub(super) fn other(name: &str) -> Option<(usize, Column, &'static str)> {
    if let Some(place) = of_an_id(name) {
        return Some((place, Column::Id, "ID"));
    }
    let name = plain(name);
    let place = OTHERS.iter().position(|(known, ..)| *known == name)?;
    Some((place, OTHERS[place].1, OTHERS[place].2))
}

/// What a name of another program says of a dose, for which there is no column here, among the names of a table.
pub(super) fn foreign(name: &str, names: &[String]) -> Option<&'static str> {
    let (_, what, said) = FOREIGN.iter().find(|(known, ..)| *known == plain(name))?;
    let is_said = |said: Column| names.iter().any(|name| reserved(name).is_some_and(|(_, kind)| kind == said));
    said.is_none_or(|said| !is_said(said)).then_some(*what)
}

/// What a covariate of this name may say elsewhere, which is not read here.
pub(super) fn doubtful(name: &str) -> Option<&'static str> {
    let name = plain(name);
    DOUBTFUL.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
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

/// The columns of a table, in their order.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// As the header spells them, but for those that are known, which sentences spell as usual.
    names: Vec<String>,
    kinds: Vec<Column>,
    /// The name under which another program has the amounts, where it is one.
    pub(super) amounts: Option<String>,
    /// What one of the unit of a column is, where its name says so.
    pub(super) units: Vec<(Column, f64)>,
}

impl Columns {
    /// Appends a column.
    pub(super) fn push(&mut self, name: &str, kind: Column) {
        let usual = reserved(name).map_or(name, |(usual, _)| usual);
        self.names.push(usual.to_owned());
        self.kinds.push(kind);
    }

    pub(super) fn kinds(&self) -> &[Column] {
        &self.kinds
    }

    pub(super) fn name(&self, index: usize) -> &str {
        &self.names[index]
    }

    /// The name of the column of a kind, if it is there.
    pub(super) fn name_of(&self, kind: Column) -> Option<&str> {
        self.place(kind).map(|place| self.name(place))
    }

    /// Where the column of a kind stands.
    pub(super) fn place(&self, kind: Column) -> Option<usize> {
        self.kinds.iter().position(|known| *known == kind)
    }

    /// The names of the covariates.
    pub(super) fn covariates(&self) -> impl Iterator<Item = &String> {
        let all = self.names.iter().zip(&self.kinds);
        all.filter(|(_, kind)| **kind == Column::Covariate).map(|(name, _)| name)
    }
}
