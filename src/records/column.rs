//! The columns of an event table, by the names they go by.

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
    /// The number of an input of Pmetrics, which may say no more than that it is the first.
    Input,
    /// The number of an administration of Monolix, as far as that goes without its dialect.
    Adm,
    /// When a dose ends.
    End,
    /// The unit of the numbers of another column, row by row.
    Unit(Measure),
    /// How doses are given, which may say one thing only.
    Route,
    /// A mark here leaves the row out.
    Comment,
    Ignored,
}

/// What may have a unit in a column of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Time,
    Amt,
    Rate,
    Dur,
    Ii,
    Dv,
}

impl Measure {
    /// The column whose numbers it has.
    pub(super) fn column(self) -> Column {
        match self {
            Self::Time => Column::Time,
            Self::Amt => Column::Amt,
            Self::Rate => Column::Rate,
            Self::Dur => Column::Dur,
            Self::Ii => Column::Ii,
            Self::Dv => Column::Dv,
        }
    }
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

    /// Whether the name of a column, the row below it or a column beside it says in which unit it is.
    pub(super) fn says_unit(&self, kind: Column) -> bool {
        let beside = |known: &Column| matches!(known, Column::Unit(measure) if measure.column() == kind);
        self.units.iter().any(|(own, _)| *own == kind || kind == Column::Dv && *own == Column::Out)
            || self.kinds.iter().any(beside)
    }

    /// The names of the covariates.
    pub(super) fn covariates(&self) -> impl Iterator<Item = &String> {
        let all = self.names.iter().zip(&self.kinds);
        all.filter(|(_, kind)| **kind == Column::Covariate).map(|(name, _)| name)
    }
}
