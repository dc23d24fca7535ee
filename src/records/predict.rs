//! What a model makes of an event table: one row for each record, and the rules that decide between two records.

use serde::{Deserialize, Serialize};

/// What a model predicts at a record.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicted {
    /// The concentration in the plasma, µg/L.
    pub conc: f64,
    /// The amount that waits to be absorbed, µg.
    pub depot: f64,
    /// The amount in the plasma, µg; that of the baseline is counted.
    pub central: f64,
    /// The amounts in the peripheral compartments, µg; zero where there is none.
    pub peripheral: [f64; 2],
    /// The dose that arrived last since the last reset, if any; of an infusion, its beginning. An infusion that has run for
    /// ever has none.
    pub acted: Option<Given>,
}

impl Predicted {
    /// Where nothing has been predicted yet.
    pub(super) const NOTHING: Self = Self { conc: 0.0, depot: 0.0, central: 0.0, peripheral: [0.0; 2], acted: None };
}

/// A dose as it arrived by one path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The index of its record in the table, counted from 0.
    pub record: usize,
    /// 0 is the dose of the record itself, 1 its first additional dose; below 0 are the doses before the record that its
    /// steady state implies.
    pub copy: i64,
    /// The number of the compartment.
    pub cmt: u32,
    /// When it arrived, h.
    pub time: f64,
    /// The lag in it, h.
    pub tlag: f64,
    /// The amount after F, µg.
    pub amount: f64,
    /// How long the giving takes, h; 0 is at once.
    pub duration: f64,
}

/// A simulated table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    pub(super) rows: Vec<Predicted>,
    pub(super) given: Vec<Given>,
    pub(super) warnings: Vec<String>,
}

impl Simulation {
    /// What is predicted at each record, in the order of the table: after what the record itself does.
    pub fn rows(&self) -> &[Predicted] {
        &self.rows
    }

    /// Every dose that arrived, in the order of arrival within a subject. Doses after the last record of a subject never do.
    pub fn given(&self) -> &[Given] {
        &self.given
    }

    /// What was done and may not be meant, each with its place.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Whose parameters hold between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Between {
    /// The parameters of the record at the end of the interval, as in NONMEM: the next observation is carried backward.
    #[default]
    #[doc(alias = "NOCB")]
    Backward,
    /// The parameters of the record at its beginning: the last observation is carried forward.
    #[doc(alias = "LOCF")]
    Forward,
    /// Covariates on the straight line between the two. The interval is cut into this many equal parts, each with the
    /// covariates of its middle, so that the error falls with the square of their number; 0 counts as 1.
    Linear(u16),
}

/// Whose numbers hold for a dose that arrives later than its record: an additional or a lagged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DoseRule {
    /// F, a rate of -1 and a duration of -2 are those of the body at the arrival, and a lag does not apply to an infusion that has run for
    /// ever: as the guides of NONMEM have it.
    #[default]
    AtArrival,
    /// All numbers are those of the body at the record, and an infusion that has run for ever ends a lag after it.
    AtRecord,
}

/// How the numbers of one record lead to those of the next.
///
/// ```
/// use menaquinone::{records::{Between, Convention, DoseRule}};
/// let nonmem = Convention::default();
/// assert_eq!((nonmem.between, nonmem.doses), (Between::Backward, DoseRule::AtArrival));
/// assert_eq!(Convention::from(Between::Forward).between, Between::Forward);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Convention {
    /// Whose numbers hold between two records.
    pub between: Between,
    /// Whose numbers hold for a dose that arrives later than its record.
    pub doses: DoseRule,
}

impl From<Between> for Convention {
    fn from(between: Between) -> Self {
        Self { between, ..Self::default() }
    }
}
