//! A criterion of the information as a search asks it.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::certificate::certificate;
use super::criterion::Goal;
use super::engine::{Certificate, Certified, Engine};
use super::exchange::Slots;
use super::ground::Ground;
use super::row::Row;
use super::spot::Spot;
use super::view::{Rows, View};
use crate::error::Result;

impl Engine for Goal {
    fn tally(&self, arms: &[Arm], spots: &[Vec<Spot>]) -> Result<Box<dyn Certified + '_>> {
        Ok(Box::new(Ground::new(self, arms, spots)?))
    }

    fn in_time(&self, arms: &[Arm], spots: &[Vec<Spot>], sharp: f64) -> Option<(f64, Vec<Vec<f64>>)> {
        let of_view = |view: &View| -> Option<Vec<Rows>> {
            arms.iter().zip(spots).map(|(arm, spots)| view.rows(arm, spots, true).ok()).collect()
        };
        let rows: Vec<Vec<Rows>> = self.views.iter().map(of_view).collect::<Option<_>>()?;
        let matrices: Vec<DMatrix<f64>> =
            self.views.iter().zip(&rows).map(|(view, rows)| view.matrix_of(arms, rows)).collect();
        let (value, weights) = (self.value_by(&matrices, sharp)?, self.slopes_by(&matrices, sharp)?);
        let mut slopes: Vec<Vec<f64>> = spots.iter().map(|own| vec![0.0; own.len()]).collect();
        for ((view, rows), weight) in self.views.iter().zip(&rows).zip(&weights) {
            for (arm, rows) in rows.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
                let share = arms[arm].count() / rows.of.len() as f64;
                for own in &rows.of {
                    let own: Vec<&Row> = own.iter().collect();
                    let found = rows.frame(view).slopes(&own, weight);
                    slopes[arm].iter_mut().zip(found).for_each(|(sum, slope)| *sum += share * slope);
                }
            }
        }
        Some((value, slopes))
    }

    fn stages(&self) -> &'static [f64] {
        Self::stages(self)
    }
}

impl Certified for Ground<'_> {
    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
        certificate(self, slots, value)
    }
}
