//! A design: who takes what, and is sampled when; and what that will tell.

use std::sync::Arc;

use nalgebra::DMatrix;

use super::approximation::Approximation;
use super::arm::Arm;
use super::frame::Room;
use super::information::Information;
use super::spot::Spot;
use super::untold::untold;
use super::view::{Rows, View};
use crate::error::{Error, Result};
use crate::fit::Theory;

/// A theory, and groups of people who are given and sampled alike.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, design::{Approximation, Arm, Design}, fit::{Theory, free}};
/// // The benchmark of design programs: 32 people, 70 mg of warfarin (Nyberg and others 2015, doi:10.1111/bcp.12352).
/// let root = f64::sqrt;
/// let cv = |omega2: f64| root(omega2.exp_m1()); // of a log-normal deviation of this variance
/// let body = OneCompartment { cl: free(0.15).varying(cv(0.07)), v: free(8.0).varying(cv(0.02)) };
/// let theory = Theory::new(FirstOrder { ka: free(1.0).varying(cv(0.6)) }, body)?
///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
/// let dose: menaquinone::Regimen = menaquinone::Dose::of(70.0).into();
/// let arm = Arm::of(dose).people(32.0).at(&[0.5, 1.0, 2.0, 6.0, 24.0, 36.0, 72.0, 120.0]);
/// let information = Design::of(&theory, arm)?.information()?;
/// let at = information.names().iter().position(|name| name == "cl").unwrap();
/// assert!((100.0 * information.rse()?[at] - 4.738266).abs() < 1e-6); // percent
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Design {
    pub(super) view: Arc<View>,
    pub(super) arms: Vec<Arm>,
}

impl Design {
    /// A design of one arm, judged at the numbers that the theory starts from: by [`Approximation::Reduced`] where something varies between
    /// people, else by [`Approximation::Person`].
    ///
    /// # Errors
    /// A theory without an error or without free numbers; an arm of nobody, times that are no numbers.
    pub fn of(theory: &Theory, arm: impl Into<Arm>) -> Result<Self> {
        let varies = !theory.varying().is_empty() || !theory.varying_within().is_empty();
        let approximation = if varies { Approximation::Reduced } else { Approximation::Person };
        let arm = arm.into();
        arm.check()?;
        Ok(Self { view: Arc::new(View::new(theory, approximation)?), arms: vec![arm] })
    }

    /// This design with one more arm.
    ///
    /// # Errors
    /// An arm of nobody, times that are no numbers.
    pub fn and(mut self, arm: impl Into<Arm>) -> Result<Self> {
        let arm = arm.into();
        arm.check()?;
        self.arms.push(arm);
        Ok(self)
    }

    /// This design with its information formed in another way.
    ///
    /// # Errors
    /// An approximation of people where nothing varies between them.
    pub fn by(self, approximation: Approximation) -> Result<Self> {
        let prior = self.view.prior.clone().filter(|_| self.view.approximation == approximation);
        let mut view = View::new(self.view.outlook.theory(), approximation)?;
        view.prior = view.prior.or(prior);
        Ok(Self { view: Arc::new(view), ..self })
    }

    /// This design of somebody, or of people, of whom something is known already: that information is added to what the samples tell.
    ///
    /// # Errors
    /// Information of other numbers.
    pub fn with_prior(mut self, known: &Information) -> Result<Self> {
        if known.names() != self.view.names {
            return Err(Error::value(format!(
                "what is known is of {}, and the design is of {}: both must be of the same numbers",
                known.names().join(", "),
                self.view.names.join(", ")
            )));
        }
        let n = known.names().len();
        let prior = Arc::make_mut(&mut self.view).prior.get_or_insert_with(|| DMatrix::zeros(n, n));
        *prior += known.matrix();
        Ok(self)
    }

    /// This design with other sampling times, arm by arm; of one list for all arms, give it once.
    ///
    /// # Errors
    /// Another number of lists than of arms.
    pub fn at<T: AsRef<[f64]>>(&self, times: &[T]) -> Result<Self> {
        if times.len() != self.arms.len() && times.len() != 1 {
            return Err(Error::value(format!(
                "there are {} lists of times and {} arms: give one for each, or one for all",
                times.len(),
                self.arms.len()
            )));
        }
        let mut own = self.clone();
        for (i, arm) in own.arms.iter_mut().enumerate() {
            *arm = arm.clone().at(times[i.min(times.len() - 1)].as_ref());
            arm.check()?;
        }
        Ok(own)
    }

    /// This design with these samples, arm by arm.
    pub(super) fn sampled(&self, samples: Vec<Vec<Spot>>) -> Result<Self> {
        let mut own = self.clone();
        for (arm, samples) in own.arms.iter_mut().zip(samples) {
            *arm = arm.clone().given_by(samples);
            arm.check()?;
        }
        Ok(own)
    }

    /// The arms.
    pub fn arms(&self) -> &[Arm] {
        &self.arms
    }

    /// The theory, at whose start the design is judged.
    pub fn theory(&self) -> &Theory {
        self.view.theory()
    }

    /// How the information is formed.
    pub fn approximation(&self) -> Approximation {
        self.view.approximation
    }

    /// This design with so many people in each arm; an arm of none is left out.
    pub(super) fn of_counts(&self, people: &[f64]) -> Self {
        let mut own = self.clone();
        let counted = own.arms.into_iter().zip(people).filter(|(_, n)| **n > 0.0);
        own.arms = counted.map(|(arm, n)| arm.people(*n)).collect();
        own
    }

    /// How many people there are in all arms.
    pub fn people(&self) -> f64 {
        self.arms.iter().map(Arm::count).sum()
    }

    /// What the samples of this design are expected to tell, with what is known beforehand.
    ///
    /// # Errors
    /// An arm without samples; a course that cannot be.
    pub fn information(&self) -> Result<Information> {
        let matrix = self.matrix()?;
        let untold = untold((&self.view, &self.arms), &matrix);
        Ok(Information::of(self.view.clone(), untold, matrix))
    }

    /// Why this design does not tell what is asked.
    pub(super) fn not_told(&self) -> Error {
        let sentence = self.information().map(|found| found.untold().first().map(|untold| untold.sentence.clone()));
        match sentence {
            Ok(Some(sentence)) => Error::value(sentence),
            Ok(None) => Error::value("this design does not tell what is asked: take more samples, or other times"),
            Err(error) => error,
        }
    }

    pub(super) fn matrix(&self) -> Result<DMatrix<f64>> {
        let rows = |arm: &Arm| {
            arm.check_sampled()?;
            self.view.rows(arm, &arm.spots(), false)
        };
        let rows: Vec<Rows> = self.arms.iter().map(rows).collect::<Result<_>>()?;
        Ok(self.view.matrix_of(&self.arms, &rows))
    }
}

impl View {
    /// The information of arms all of whose rows are samples, with what is known beforehand.
    pub(super) fn matrix_of(&self, arms: &[Arm], rows: &[Rows]) -> DMatrix<f64> {
        let n = self.frame.len();
        let (mut sum, mut room) = (vec![0.0; n * n], Room::default());
        for (arm, rows) in arms.iter().zip(rows) {
            let all: Vec<usize> = (0..rows.of[0].len()).collect();
            rows.add(self, &all, arm.count(), &mut room, &mut sum);
        }
        let matrix = DMatrix::from_vec(n, n, sum);
        self.prior.as_ref().map_or(matrix.clone(), |prior| matrix + prior)
    }
}

impl Rows {
    /// Adds what people with the samples of these numbers tell, averaged over whom the levels are about.
    pub(super) fn add(&self, view: &View, numbers: &[usize], people: f64, room: &mut Room, sum: &mut [f64]) {
        #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
        let share = people / self.of.len() as f64;
        for rows in &self.of {
            let chosen: smallvec::SmallVec<[&super::row::Row; 16]> = numbers.iter().map(|i| &rows[*i]).collect();
            self.frame(view).add(&chosen, share, room, sum);
        }
    }
}
