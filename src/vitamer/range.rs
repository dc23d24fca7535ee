//! The ends of a set: how low and how high its levels may lie, as far as the evidence on the typical person goes.

use std::borrow::Cow;

use super::row::Row;
use super::set::{ParameterSet, Peripheral};
use crate::error::Result;
use crate::model::{Model, Parameters};
use crate::profile::Profile;
use crate::regimen::Regimen;

/// All the numbers of a set that a model is made of.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    parameters: Parameters,
    peripheral: Option<Peripheral>,
}

impl Numbers {
    fn of(set: &ParameterSet) -> Self {
        Self { parameters: set.parameters, peripheral: set.peripheral }
    }

    /// These numbers with another value for the row of this symbol; rows that are no parameter, such as half-lives, change
    /// nothing.
    fn with(mut self, symbol: &str, value: f64) -> Self {
        let Self { parameters, peripheral } = &mut self;
        match (symbol, peripheral) {
            ("cl", _) => parameters.cl = value,
            ("v" | "v1", _) => parameters.v = value,
            ("ka", _) => parameters.ka = value,
            ("tlag", _) => parameters.tlag = value,
            ("f", _) => parameters.f = value,
            ("q", Some(second)) => second.q = value,
            ("v2", Some(second)) => second.v2 = value,
            _ => {}
        }
        self
    }

    /// The model of these numbers in a set, with its meals.
    fn model_in(self, set: &ParameterSet) -> Result<Model> {
        set.assemble(&self.parameters, self.peripheral)
    }
}

/// Ranges are about the typical person, as far as the evidence goes. They are not ranges of people.
impl ParameterSet {
    /// The set at its low end of exposure: the clearance at the high end of its range and, where the fraction absorbed
    /// has a range, that at its low end; all else typical.
    ///
    /// The average level at steady state is `f dose / (cl tau)`, so this is the lowest that the rows allow, and the
    /// whole curve lies below the typical one. A row without a range stays as it is.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let (set, daily) = (MK7.nominal(), Dose::of(180.0 * UG).every(DAY));
    /// assert_eq!(set.row("cl")?.range_text(), "0.9-1.8");
    /// let average = |model: menaquinone::Model| Ok::<_, menaquinone::Error>(model.steady_state(daily.clone())?.cavg());
    /// assert!((average(set.low())? - 180.0 / 24.0 / 1.8).abs() < 1e-12);
    /// assert!((average(set.high())? - 180.0 / 24.0 / 0.9).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Panics
    /// Never: the compiler has checked the numbers of every set.
    pub fn low(&self) -> Model {
        self.at_end(|cl| cl.high, |f| f.low)
    }

    /// The set at its high end of exposure: the clearance at the low end of its range, the fraction absorbed at its high
    /// end; see [`low`](Self::low).
    ///
    /// # Panics
    /// Never: the compiler has checked the numbers of every set.
    pub fn high(&self) -> Model {
        self.at_end(|cl| cl.low, |f| f.high)
    }

    fn at_end(&self, cl: fn(&Row) -> Option<f64>, f: fn(&Row) -> Option<f64>) -> Model {
        let end = |symbol: &str, end: fn(&Row) -> Option<f64>| self.row(symbol).ok().and_then(end);
        let moved = [("cl", end("cl", cl)), ("f", end("f", f))];
        let moved = moved.into_iter().filter_map(|(symbol, value)| Some((symbol, value?)));
        let numbers = moved.fold(Numbers::of(self), |numbers, (symbol, value)| numbers.with(symbol, value));
        numbers.model_in(self).expect("the compiler has checked the numbers of every set")
    }

    /// The lowest and the highest level at every time when one row after the other goes to the ends of its range and
    /// the others stay typical: what a chart shows as the band of a set.
    ///
    /// Rows of one set are tied to one another (a half-life by clearance and volume), so corners where several are at
    /// their ends at once are left out: they would be models that no data suggest. A set without ranges has a band of no
    /// width.
    ///
    /// ```
    /// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
    /// let set = MK7.set("literature_2cpt")?;
    /// let times = grid(0.0..=2.0 * DAY, HOUR);
    /// let [low, high] = set.band(Dose::of(180.0 * UG), &times)?;
    /// let typical = set.model().profile(Dose::of(180.0 * UG), &times)?;
    /// assert!(low.conc()[6] < typical.conc()[6] && typical.conc()[6] < high.conc()[6]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::profile`].
    pub fn band<'a>(&self, dosing: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<[Profile; 2]> {
        let dosing = dosing.into();
        let typical = self.model().profile(dosing.as_ref(), times)?;
        let (mut low, mut high) = (typical.conc().to_vec(), typical.conc().to_vec());
        for row in self.rows {
            for value in [row.low, row.high].into_iter().flatten() {
                let model = Numbers::of(self).with(row.symbol, value).model_in(self)?;
                let other = model.profile(dosing.as_ref(), times)?;
                for (i, level) in other.conc().iter().enumerate() {
                    low[i] = low[i].min(*level);
                    high[i] = high[i].max(*level);
                }
            }
        }
        Ok([Profile::new(times.to_vec(), low)?, Profile::new(times.to_vec(), high)?])
    }
}
