//! The columns of an event table, by the names they go by.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Time,
    Date,
    Amt,
    Rate,
    Ii,
    Addl,
    Ss,
    Evid,
    Cmt,
    Mdv,
    Dv,
    Cens,
    Limit,
    Dvid,
    /// A mark here leaves the row out.
    Comment,
    Ignored,
    Covariate,
}

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

    /// Where the column of a kind stands.
    pub(super) fn place(&self, kind: Column) -> Option<usize> {
        self.kinds.iter().position(|known| *known == kind)
    }

    /// Whether a column of that name is there and is read.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut all = self.names.iter().zip(&self.kinds);
        all.any(|(known, kind)| *kind != Column::Ignored && known.eq_ignore_ascii_case(name))
    }

    /// The names of the covariates.
    pub(super) fn covariates(&self) -> impl Iterator<Item = &String> {
        let all = self.names.iter().zip(&self.kinds);
        all.filter(|(_, kind)| **kind == Column::Covariate).map(|(name, _)| name)
    }
}
