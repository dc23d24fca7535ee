//! What is known of the people of a set before a person is sampled: a theory whose numbers vary as the rows say.

use super::set::ParameterSet;
use super::variability::correlation;
use crate::error::Result;
use crate::fit::{Theory, fixed};
use crate::number::Number;

impl ParameterSet {
    /// The people of this set as the prior of one person: a theory in which the clearance, the volumes and the rate of absorption vary as the CVs of the rows
    /// say, with the correlation of clearance and volume that the CV of the half-life implies. It still needs the error of the samples.
    ///
    /// A fraction absorbed and a lag stay as they are: a few levels do not tell them from the rest.
    ///
    /// ```
    /// use menaquinone::{assay::ResidualError, fit::{Sampled, Samples}, vitamer::MK7};
    /// let theory = MK7.nominal().prior()?.with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let names: Vec<String> = theory.varying().iter().map(|(name, _)| name.to_string()).collect();
    /// assert_eq!(names, ["cl", "v", "ka"]);
    /// let levels = Samples::new(&[312.0, 317.0], &[1.1, 1.7])?;
    /// let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, levels))?;
    /// assert!(person.model().disposition().cl() > MK7.model().disposition().cl());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A set none of whose rows has a CV.
    pub fn prior(&self) -> Result<Theory> {
        let volume = if self.peripheral.is_some() { Number::V1 } else { Number::V };
        let all = [("cl", Number::Cl), ("v", volume), ("ka", Number::Ka(0)), ("q", Number::Q), ("v2", Number::V2)];
        let cv = |symbol: &str| {
            let symbol = if symbol == "v" && self.peripheral.is_some() { "v1" } else { symbol };
            self.rows.iter().find(|row| row.symbol == symbol).and_then(|row| row.cv).filter(|cv| *cv > 0.0)
        };
        let (model, mut omegas) = (self.model(), Vec::new());
        let mut theory = Theory::of(model.clone());
        for (symbol, number) in all {
            if let (Some(cv), Ok(value)) = (cv(symbol), model.number(number)) {
                theory = theory.with(number, fixed(value).varying(cv))?;
                omegas.push((symbol, (cv * cv).ln_1p().sqrt()));
            }
        }
        let wide = if self.peripheral.is_some() { "v2" } else { "v" };
        let place = |wanted: &str| omegas.iter().position(|(symbol, _)| *symbol == wanted);
        let (Some(first), Some(second)) = (place("cl"), place(wide)) else { return Ok(theory) };
        let t_half = self.half_life_row().and_then(|row| row.cv);
        let shared = t_half.zip(cv("cl")).zip(cv(wide));
        let Some(shared) = shared.and_then(|((t_half, cl), v)| correlation([cl, v, t_half])) else { return Ok(theory) };
        let mut rows: Vec<Vec<f64>> = vec![vec![0.0; omegas.len()]; omegas.len()];
        for (i, (_, omega)) in omegas.iter().enumerate() {
            rows[i][i] = omega * omega;
        }
        rows[first][second] = shared * omegas[first].1 * omegas[second].1;
        rows[second][first] = rows[first][second];
        theory.with_omega(&rows)
    }
}
