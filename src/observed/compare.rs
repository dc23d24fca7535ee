//! An observation against what a set predicts.

use std::fmt;

use serde::Serialize;

use super::Observation;
use crate::error::{Error, Result};
use crate::vitamer::{ParameterSet, Vitamer};

/// Whether an observation can test a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The set was made from it: agreement proves nothing.
    Calibrated,
    /// The set was made with it in view, or from another feature of the same curve: agreement proves little.
    Partly,
    /// The set knows nothing of it.
    Independent,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Calibrated => "calibrated",
            Self::Partly => "partly",
            Self::Independent => "independent",
        })
    }
}

/// What a set predicts beside what was found.
///
/// It is written to a file as a flat row of names and numbers:
///
/// ```
/// use menaquinone::{observed, vitamer::MK4};
/// let mut writer = csv::Writer::from_writer(Vec::new());
/// writer.serialize(observed::named("mk4_tid_cavg")?.compare(MK4.nominal())?).unwrap();
/// let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
/// assert!(text.starts_with("observation,vitamer,set,predicted,observed,ratio,agrees,role\nmk4_tid_cavg,MK-4,nominal,87."));
/// assert!(text.ends_with(",true,calibrated\n"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(into = "Line")]
#[non_exhaustive]
pub struct Comparison {
    /// What was found.
    pub observation: &'static Observation,
    /// The set.
    pub set: &'static ParameterSet,
    /// What it predicts, in the unit of the metric.
    pub predicted: f64,
    /// Whether the observation can test the set.
    pub role: Role,
}

impl Observation {
    /// What a set of the same vitamer predicts, in the unit of the metric.
    ///
    /// ```
    /// use menaquinone::{observed, vitamer::{MK4, MK7}};
    /// let average = observed::named("mk4_tid_cavg")?;
    /// assert!((average.predicted(MK4.set("literature_1cpt")?)? - 91.5).abs() < 0.1); // 87.3 ± 23.4 was found
    /// assert_eq!(
    ///     average.predicted(MK7.set("half_life_72h")?).unwrap_err().to_string(),
    ///     "mk4_tid_cavg is about MK-4, which has no such set as half_life_72h (nominal set, lower end, t½ 72 h)"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A set of another vitamer; a set of a shape only where an absolute level was measured; one compartment where a
    /// second phase was.
    pub fn predicted(&self, set: &ParameterSet) -> Result<f64> {
        if !self.vitamer.sets().contains(set) {
            return Err(Error::value(format!(
                "{} is about {}, which has no such set as {} ({})",
                self.name, self.vitamer, set.name, set.title
            )));
        }
        if set.shape_only && self.metric.has_scale() {
            return Err(Error::value(format!(
                "the set {} of {} is a shape without a scale, so it predicts no {} in {}",
                set.name,
                self.vitamer,
                self.metric,
                self.metric.unit()
            )));
        }
        let model = set.model();
        if self.metric.is_of_the_body() {
            self.metric.of_body(&model)
        } else {
            self.metric.of(&model, &self.regimen()?)
        }
    }

    /// Whether this observation can test a set of its vitamer.
    pub fn role(&self, set: &ParameterSet) -> Role {
        if self.calibrated.contains(&set.name) {
            Role::Calibrated
        } else if self.partly.contains(&set.name) {
            Role::Partly
        } else {
            Role::Independent
        }
    }

    /// The prediction of a set beside the value.
    ///
    /// # Errors
    /// As for [`predicted`](Self::predicted).
    pub fn compare(&'static self, set: &'static ParameterSet) -> Result<Comparison> {
        Ok(Comparison { observation: self, set, predicted: self.predicted(set)?, role: self.role(set) })
    }
}

/// A comparison as it is written.
#[derive(Serialize)]
struct Line {
    observation: &'static str,
    vitamer: &'static Vitamer,
    set: &'static str,
    predicted: f64,
    observed: f64,
    ratio: f64,
    agrees: bool,
    role: Role,
}

impl From<Comparison> for Line {
    fn from(of: Comparison) -> Self {
        Self {
            observation: of.observation.name,
            vitamer: of.observation.vitamer,
            set: of.set.name,
            predicted: of.predicted,
            observed: of.observation.value,
            ratio: of.ratio(),
            agrees: of.agrees(),
            role: of.role,
        }
    }
}

impl Comparison {
    /// Predicted / observed.
    pub fn ratio(&self) -> f64 {
        self.predicted / self.observation.value
    }

    /// Whether the prediction lies in the band of the observation.
    pub fn agrees(&self) -> bool {
        (self.observation.low..=self.observation.high).contains(&self.predicted)
    }

    /// In words, whether it agrees and, if not, by how much it misses.
    ///
    /// ```
    /// use menaquinone::{observed, vitamer::MK7};
    /// let fall = observed::named("mk7_natto_c8")?;
    /// assert_eq!(fall.compare(MK7.nominal())?.verdict(), "2.3 times too high");
    /// assert_eq!(fall.compare(MK7.set("literature_2cpt")?)?.verdict(), "agrees, but the set was made from it");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn verdict(&self) -> String {
        let ratio = self.ratio();
        match (self.agrees(), self.role) {
            (true, Role::Calibrated) => "agrees, but the set was made from it".into(),
            (true, Role::Partly) => "agrees, though not quite independent".into(),
            (true, Role::Independent) => "agrees".into(),
            (false, _) if self.observation.at_most => format!("{ratio:.0} times above the limit"),
            (false, _) if ratio < 1.0 => format!("{:.1} times too low", 1.0 / ratio),
            (false, _) => format!("{ratio:.1} times too high"),
        }
    }
}
