//! A fit as text.

use std::fmt;

use super::fitted::{Estimate, Fit};
use crate::error::Short;

impl fmt::Display for Fit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.settled() {
            writeln!(
                out,
                "the search ended after {} steps at {:.4} where more is promised ({:.1e}): this is no minimum",
                self.found.steps,
                self.ofv(),
                self.found.promised
            )?;
        }
        writeln!(out, "{:<8} {:>12} {:>12} {:>8}  95 % (Wald)", "", "estimate", "se", "rse")?;
        for Estimate { name, value, se, rse, wald } in self.estimates() {
            let number = |value: Option<f64>| value.map_or("-".to_owned(), short);
            let share = rse.map_or("-".to_owned(), percent);
            let ends = wald
                .map_or("not told by the data".to_owned(), |(low, high)| format!("{} to {}", short(low), short(high)));
            writeln!(out, "{:<8} {:>12} {:>12} {share:>8}  {ends}", name.to_string(), short(value), number(se))?;
        }
        write!(out, "-2LL {:.4}, AIC {:.4}, BIC {:.4}", self.minus2ll(), self.aic(), self.bic())?;
        if let Some(sigma) = self.sigma() {
            write!(out, ", sigma {sigma:.4} on {} degrees of freedom", self.degrees_of_freedom())?;
        }
        for untold in self.untold() {
            write!(out, "\n{}", untold.sentence)?;
        }
        if let Some(twin) = &self.twin {
            let all: Vec<String> = self
                .theory
                .free()
                .iter()
                .zip(twin)
                .map(|((name, _), value)| format!("{name} {}", short(*value)))
                .collect();
            write!(out, "\nthe data are met as well by {}: what is nearest to the start was taken", all.join(", "))?;
        }
        if let Some(other) = self.others.first() {
            write!(out, "\nanother start ended at {other:.4}: there is a second basin")?;
        }
        Ok(())
    }
}

/// A number with five digits, and a power of ten where it is far from 1.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if size > 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let whole = (1..6).filter(|power| size >= 10_f64.powi(*power)).count();
    let zeros = (1..4).filter(|power| size > 0.0 && size < 10_f64.powi(-*power)).count();
    format!("{value:.*}", 4 + zeros - whole.min(4))
}

/// A share in percent, with a power of ten where it is very large.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 1e6 { format!("{percent:.1} %") } else { format!("{percent:.1e} %") }
}

/// A number with so many digits that say something, and no zeros after them; with a power of ten where it is very large or very small.
pub(crate) fn rounded(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { value.to_string() };
    }
    let text = format!("{value:.*e}", (digits - 1).max(0).unsigned_abs() as usize);
    text.parse::<f64>().map_or(text, |value| Short(value).to_string())
}
