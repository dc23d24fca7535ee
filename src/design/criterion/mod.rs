//! What a design is to be best at.
//!
//! Each criterion is a function of the information that grows in proportion to the people and is concave, so that the slopes at a design bound
//! what any other may reach (Pukelsheim, Optimal Design of Experiments, 1993). It is one file and one row of [`ROWS`].

mod a;
mod c;
mod d;
mod ds;
mod over;

use std::fmt;
use std::sync::Arc;

use nalgebra::DMatrix;

use super::view::View;
use crate::error::Result;
use crate::fit::Theory;
use crate::model::Model;

pub(super) use over::{Goal, Over};

/// A criterion at one matrix: greater is better.
pub(super) trait Score: fmt::Debug + Send + Sync {
    /// The value; none where the matrix does not tell what is asked.
    fn value(&self, information: &DMatrix<f64>) -> Option<f64>;

    /// The slope of the value by the matrix.
    fn slope(&self, information: &DMatrix<f64>) -> Option<DMatrix<f64>>;
}

/// A criterion before it knows of which numbers.
pub(super) trait Measure: fmt::Debug + Send + Sync {
    /// Which row it is.
    fn row(&self) -> &'static Row;

    /// The criterion of the numbers of a view.
    fn on(&self, view: &View) -> Result<Box<dyn Score>>;

    /// What a value says, in words.
    fn says(&self, value: f64) -> String;
}

/// A criterion as a table lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The letter.
    pub symbol: &'static str,
    /// What it makes best.
    pub meaning: &'static str,
    /// Its value as a formula: `M` the information, `C` its inverse.
    pub formula: &'static str,
}

/// The criteria there are.
pub const ROWS: [Row; 4] = [d::ROW, ds::ROW, a::ROW, c::ROW];

/// What a design is to be best at.
///
/// ```
/// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design}, fit::{Theory, free}};
/// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
///     .with_error(ResidualError::Additive { sd: 0.5 })?;
/// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0]))?;
/// let other = design.at(&[[0.0, 20.0]])?;
/// // How many people of the one design are worth one of the other?
/// assert!(Criterion::d().of(&other)? < Criterion::d().of(&design)?);
/// let se = Criterion::c(|model| model.half_life().ln()).of(&design)?.sqrt().recip();
/// assert!((se - design.information()?.variance_of(|model| model.half_life().ln())?.sqrt()).abs() < 1e-12);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Criterion {
    pub(super) measure: Arc<dyn Measure>,
    pub(super) over: Over,
}

impl Criterion {
    /// The volume of the confidence region of all numbers: `det(M)^(1/n)`.
    pub fn d() -> Self {
        Self::of_measure(d::D)
    }

    /// The volume of the confidence region of some numbers, by their names, whatever the others are: `det((C_ss)^-1)^(1/s)`.
    pub fn ds<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::of_measure(ds::Ds { names: names.into_iter().map(Into::into).collect() })
    }

    /// The mean of the squared relative standard errors of all numbers: one over it.
    pub fn a() -> Self {
        Self::of_measure(a::A)
    }

    /// The variance of a function of the model, such as the logarithm of a half-life: one over it.
    pub fn c(of: impl Fn(&Model) -> f64 + Send + Sync + 'static) -> Self {
        Self::of_measure(c::C { of: Arc::new(of) })
    }

    fn of_measure(measure: impl Measure + 'static) -> Self {
        Self { measure: Arc::new(measure), over: Over::Start }
    }

    /// This criterion on the mean over several theories, such as draws of what is believed beforehand ([`draws`](super::draws)): the
    /// geometric mean, which for D is known as ELD.
    #[must_use]
    pub fn on_average(self, theories: impl IntoIterator<Item = Theory>) -> Self {
        Self { over: Over::Mean(theories.into_iter().collect()), ..self }
    }

    /// This criterion at the worst of several theories, such as the two ends of a range of half-lives.
    #[must_use]
    pub fn at_worst(self, theories: impl IntoIterator<Item = Theory>) -> Self {
        Self { over: Over::Worst(theories.into_iter().collect()), ..self }
    }

    /// The row of the table of criteria that this is.
    pub fn row(&self) -> &'static Row {
        self.measure.row()
    }

    /// The value of a design: greater is better, in proportion to the people.
    ///
    /// # Errors
    /// A design that does not tell what is asked, an arm without samples, a name that no number has.
    pub fn of(&self, design: &super::Design) -> Result<f64> {
        Goal::new(self, design)?.of(design)
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.row().symbol, self.over)
    }
}
