//! The model that numbers make by their names.

use std::collections::BTreeMap;

use super::rates::{Rates, TwoRates};
use super::unknown::Unknown;
use crate::absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
use crate::disposition::{Disposition, HalfLife, OneCompartment, ThreeCompartment, TwoCompartment};
use crate::error::{Error, Result};
use crate::model::Model;

/// Numbers by name that have not been used yet.
struct Left<'a>(BTreeMap<&'a str, f64>);

impl Left<'_> {
    /// Some numbers, if all are there.
    fn take<const N: usize>(&mut self, names: [&str; N]) -> Option<[f64; N]> {
        let found = names.map(|name| self.0.get(name).copied());
        if found.iter().any(Option::is_none) {
            return None;
        }
        for name in names {
            self.0.remove(name);
        }
        Some(found.map(Option::unwrap_or_default))
    }

    fn disposition(&mut self) -> Option<Disposition> {
        if let Some([cl, v1, q2, v2, q3, v3]) = self.take(["cl", "v1", "q2", "v2", "q3", "v3"]) {
            return Some(ThreeCompartment { cl, v1, q2, v2, q3, v3 }.into());
        }
        if let Some([cl, v1, q, v2]) = self.take(["cl", "v1", "q", "v2"]) {
            return Some(TwoCompartment { cl, v1, q, v2 }.into());
        }
        if let Some([ke, v1, k12, k21]) = self.take(["ke", "v1", "k12", "k21"]) {
            return Some(TwoRates { ke, v1, k12, k21 }.into());
        }
        if let Some([t_half, v]) = self.take(["t_half", "v"]) {
            return Some(HalfLife { t_half, v }.into());
        }
        if let Some([ke, v]) = self.take(["ke", "v"]) {
            return Some(Rates { ke, v }.into());
        }
        self.take(["cl", "v"]).map(|[cl, v]| OneCompartment { cl, v }.into())
    }

    /// The absorption of a path; none where no number is of it.
    fn path(&mut self, path: usize) -> Result<Option<Absorption>> {
        let mut get = |name: &str| self.0.remove(prefixed(path, name).as_str());
        let [ka, duration, mtt, steps, tlag, f] = ["ka", "duration", "mtt", "steps", "tlag", "f"].map(&mut get);
        if [ka, duration, mtt, steps, tlag, f].iter().all(Option::is_none) {
            return Ok(None);
        }
        let process: Absorption = match (ka, duration, mtt, steps) {
            (None, None, None, None) => Bolus.into(),
            (Some(ka), None, None, None) => FirstOrder { ka }.into(),
            (None, Some(duration), None, None) => ZeroOrder { duration }.into(),
            (Some(ka), None, Some(mtt), Some(steps)) if steps.fract() == 0.0 && (0.0..=1e3).contains(&steps) => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
                let steps = steps as u32;
                Transit { steps, mtt, ka }.into()
            }
            _ => {
                return Err(Error::value(format!(
                    "the numbers make no absorption (path {}): give ka, duration, or ka mtt steps, and no others of these",
                    path + 1
                )));
            }
        };
        Ok(Some(process.lagged(tlag.unwrap_or(0.0)).with_f(f.unwrap_or(1.0))))
    }
}

/// The name of a number of a path.
pub(super) fn prefixed(path: usize, name: &str) -> String {
    if path == 0 { name.to_owned() } else { format!("{}.{name}", path + 1) }
}

/// The model that numbers of these names make.
pub(super) fn model_of(all: &BTreeMap<String, Unknown>) -> Result<Model> {
    let mut left = Left(all.iter().map(|(name, unknown)| (name.as_str(), unknown.start())).collect());
    let disposition = left.disposition().ok_or_else(|| {
        Error::value(
            "the numbers make no body: give cl and v, t_half and v, ke and v, cl v1 q v2, ke v1 k12 k21, or cl v1 q2 v2 q3 v3",
        )
    })?;
    let baseline = left.take(["baseline"]).map_or(0.0, |[baseline]| baseline);
    let mut absorption = left.path(0)?.unwrap_or_else(|| Bolus.into());
    for path in 1..usize::from(u8::MAX) {
        let Some(next) = left.path(path)? else { break };
        absorption = absorption.plus(next);
    }
    if let Some(name) = left.0.keys().next() {
        return Err(Error::value(format!(
            "`{name}` is no number of this theory: its body and its absorption have none of that name"
        )));
    }
    Model::new(absorption, disposition)?.with_baseline(baseline)
}
