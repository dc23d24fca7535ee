//! What people yet to come may have: bands over how uncertain the estimates are, over how people differ, and over what the error of a sample adds.

use nalgebra::DVector;

use super::data::People;
use super::fitted::PeopleFit;
use super::simulated::{Draws, Simulator, Spread};
use crate::error::{Error, Result};
use crate::fit::samples::Sampled;
use crate::population::quantiles;
use crate::random::{Purpose, Stream};
use crate::workers::{Work, for_each_row};

/// Quantiles of the levels of people yet to come, along time.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictive {
    /// The times, h.
    pub times: Vec<f64>,
    /// Which quantiles they are, such as 0.05, 0.5 and 0.95.
    pub probabilities: Vec<f64>,
    /// The quantiles of the levels themselves at each time, a row for each probability.
    pub levels: Vec<Vec<f64>>,
    /// The quantiles of what would be measured, a row for each probability.
    pub measured: Vec<Vec<f64>>,
    /// How many people were drawn, and how many draws of the numbers made no such person and were left out.
    pub draws: (usize, usize),
}

/// The levels of a person, and what would be measured of them.
type Drawn = (Vec<f64>, Vec<f64>);

impl PeopleFit {
    /// Quantiles of the levels of people yet to come, with the dosing, the times and the covariates of a design: numbers are drawn from the covariance of the
    /// estimates (normal on the scale of the search), a person with each, and the error of each sample. So the bands hold how unsure the fit is, how
    /// people differ, and, where measured, how the assay errs. Each draw is keyed by its number.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, free}};
    /// let sampled = |times: &[f64]| Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(times, &vec![0.0; times.len()]).unwrap());
    /// let design = People::new((1..=12).map(|id| (id.to_string(), sampled(&[2.0, 12.0]))))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
    /// let fit = theory.fit_people(&theory.simulate(&design, 5)?, Method::Focei)?;
    /// let bands = fit.predictive(&sampled(&[1.0, 6.0, 24.0]), &[0.05, 0.5, 0.95], (1_000, 42))?;
    /// let at_24_h = [0, 1, 2].map(|row| bands.levels[row][2]);
    /// assert!(at_24_h[0] < at_24_h[1] && at_24_h[1] < at_24_h[2]);
    /// assert!(bands.measured[0][0] < bands.levels[0][0]); // an assay that errs makes a band wider
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A fit whose covariance the data do not tell, no probability or one outside [0, 1], fewer than 100 draws, a design without what the theory needs.
    pub fn predictive(&self, design: &Sampled, probabilities: &[f64], (draws, seed): (u32, u64)) -> Result<Predictive> {
        let root = self.coordinate_covariance().and_then(nalgebra::Matrix::cholesky).ok_or_else(|| {
            Error::value("the covariance of these estimates is not told by the data, so that nothing can be drawn about them: fix a number")
        })?;
        let root = root.l();
        let n = Draws::new(draws, seed, (100, "draws"))?.n;
        if probabilities.is_empty() {
            return Err(Error::value("no quantile was asked for: give at least one probability, such as 0.5"));
        }
        let one = People::new([("", design.clone())])?;
        let mut rows: Vec<Option<Drawn>> = vec![None; n];
        for_each_row(
            &mut rows,
            Work { width: 1, nanoseconds: 10_000.0 },
            || Simulator::of_people(self, &one),
            |simulator, first, rows| {
                for (k, row) in rows.iter_mut().enumerate() {
                    let mut draw = Stream { seed, subject: (first + k) as u64, purpose: Purpose::Typical }.draw();
                    let own = draw.uniform().to_bits();
                    let step = &root * DVector::from_fn(root.nrows(), |_, _| draw.normal());
                    *row = drawn(simulator, &self.stepped(&step), own);
                }
                Ok(())
            },
        )?;
        let made: Vec<Drawn> = rows.into_iter().flatten().collect();
        if 2 * made.len() < n {
            return Err(Error::value(format!(
                "of {n} draws {} make no person with levels at these times: the estimates are too uncertain to predict by",
                n - made.len()
            )));
        }
        let times = design.samples().times();
        let row = |of: fn(&Drawn) -> &Vec<f64>, p: f64| -> Result<Vec<f64>> {
            let at = |j: usize| {
                let all: Vec<f64> = made.iter().map(|own| of(own)[j]).collect();
                quantiles(&all, [p]).map(|[value]| value)
            };
            (0..times.len()).map(at).collect()
        };
        let table = |of: fn(&Drawn) -> &Vec<f64>| probabilities.iter().map(|p| row(of, *p)).collect::<Result<Vec<_>>>();
        Ok(Predictive {
            times: times.to_vec(),
            probabilities: probabilities.to_vec(),
            levels: table(|own| &own.0)?,
            measured: table(|own| &own.1)?,
            draws: (n, n - made.len()),
        })
    }

    /// The coordinates of the estimates with a step along those that are not at an end.
    fn stepped(&self, step: &DVector<f64>) -> Vec<f64> {
        let mut steps = step.iter();
        let moved = |(x, held): (&f64, &Option<f64>)| match held {
            Some(_) => *x,
            None => x + steps.next().copied().unwrap_or(0.0),
        };
        self.found.x.iter().zip(&self.held).map(moved).collect()
    }
}

/// A person at coordinates; none where there is none.
fn drawn(simulator: &mut Simulator<'_>, x: &[f64], seed: u64) -> Option<Drawn> {
    let layout = &simulator.asked.layout;
    let place = layout.place(x)?;
    simulator.spread = Spread::of(layout, &place);
    simulator.place = place;
    let mut found = None;
    let person = simulator.asked.people.first()?;
    let made = simulator.draw(person, Draws { n: 1, seed }, |_, levels, measured| {
        found = Some((levels.to_vec(), measured.to_vec()));
    });
    made.ok().and(found)
}
