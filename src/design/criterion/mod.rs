//! What a design is to be best at.
//!
//! Each criterion is a function of the information that grows in proportion to the people and is concave, so that the slopes at a design bound
//! what any other may reach (Pukelsheim, Optimal Design of Experiments, 1993). It is one file and one row of [`ROWS`].

mod a;
mod c;
mod d;
mod ds;
mod over;
mod root;

use std::fmt;
use std::sync::Arc;

use nalgebra::DMatrix;

use super::arm::Arm;
use super::engine::Engine;
use super::plan::Design;
use super::spot::Spot;
use super::tell::Rival;
use super::view::View;
use crate::error::{Error, Result};
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
    /// The value as a formula: `M` the information, `C` its inverse.
    pub formula: &'static str,
}

/// The criteria there are.
pub const ROWS: [Row; 5] = [d::ROW, ds::ROW, a::ROW, c::ROW, T];

/// Its value is no function of the information: see the file `tell`.
const T: Row = Row {
    symbol: "T",
    meaning: "how far the best curve of a rival theory lies from that of this one, in standard deviations of the error",
    formula: "min over the rival's numbers of sum (f - f_rival)^2 / R",
};

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
    pub(super) kind: Kind,
    pub(super) over: Over,
}

/// What it is a function of.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// The information.
    Of(Arc<dyn Measure>),
    /// The distance to a rival.
    Tell(Box<Theory>),
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

    /// How well a rival theory is told from that of the design, such as two compartments from one: the least sum of squares, in standard deviations of the error, that the rival's
    /// free numbers leave between both curves (Atkinson and Fedorov 1975, doi:10.1093/biomet/62.1.57). The numbers of the design's theory are
    /// at their start; with twice as many people it is twice as large.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, TwoCompartment, assay::ResidualError, design::{Arm, Criterion, Design}, fit::{Theory, free}};
    /// let two = TwoCompartment { cl: free(1.0), v1: free(10.0), q: free(1.0), v2: free(10.0) };
    /// let two = Theory::new(Bolus, two)?.with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let one = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(15.0) })?;
    /// let design = |times: &[f64]| Design::of(&two, Arm::of(Dose::iv(100.0)).at(times));
    /// let criterion = Criterion::tell_from(&one);
    /// assert!(criterion.of(&design(&[1.0, 5.0])?)? < 1e-12); // one compartment goes through any two points
    /// assert!(criterion.of(&design(&[1.0, 10.0, 60.0])?)? > 3.84);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn tell_from(rival: &Theory) -> Self {
        Self { kind: Kind::Tell(Box::new(rival.clone())), over: Over::Start }
    }

    fn of_measure(measure: impl Measure + 'static) -> Self {
        Self { kind: Kind::Of(Arc::new(measure)), over: Over::Start }
    }

    /// The value of a design in words: by which criterion, what that makes best, and what the value says.
    ///
    /// ```
    /// use menaquinone::design::Criterion;
    /// assert_eq!(Criterion::d().says(2.5), "D (the volume of the confidence region of all numbers): det(M)^(1/n) = 2.500000");
    /// ```
    pub fn says(&self, value: f64) -> String {
        let what = match &self.kind {
            Kind::Of(measure) => measure.says(value),
            Kind::Tell(_) => format!(
                "what the best curve of the rival misses, in standard deviations of the error, has squares that sum to {value:.4}"
            ),
        };
        format!("{self} ({}): {what}", self.row().meaning)
    }

    /// What a search asks.
    pub(super) fn engine(&self, design: &Design) -> Result<Box<dyn Engine>> {
        Ok(match &self.kind {
            Kind::Of(_) => Box::new(Goal::new(self, design)?),
            Kind::Tell(_) if !matches!(self.over, Over::Start) => {
                return Err(Error::value(
                    "a rival is told from the theory of the design alone: leave out the other theories",
                ));
            }
            Kind::Tell(rival) => Box::new(Rival::new(design.view.theory(), rival)?),
        })
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
        match &self.kind {
            Kind::Of(measure) => measure.row(),
            Kind::Tell(_) => &ROWS[4],
        }
    }

    /// The value of a design: greater is better, in proportion to the people.
    ///
    /// # Errors
    /// A design that does not tell what is asked, an arm without samples, a name that no number has.
    pub fn of(&self, design: &Design) -> Result<f64> {
        design.arms.iter().try_for_each(Arm::check_sampled)?;
        let spots: Vec<Vec<Spot>> = design.arms.iter().map(Arm::spots).collect();
        let choice = spots.iter().map(|own| (0..own.len()).collect()).collect();
        let engine = self.engine(design)?;
        engine.tally(&design.arms, &spots)?.begin(&choice).ok_or_else(|| design.not_told())
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.row().symbol, self.over)
    }
}
