//! A fit as text.

use std::fmt;

use super::fitted::{Estimate, Fit};

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
            let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.4}"));
            let share = rse.map_or("-".to_owned(), |rse| format!("{:.1} %", 100.0 * rse));
            let ends = wald.map_or("not told by the data".to_owned(), |(low, high)| format!("{low:.4} to {high:.4}"));
            writeln!(out, "{:<8} {value:>12.4} {:>12} {share:>8}  {ends}", name.to_string(), number(se))?;
        }
        write!(out, "-2LL {:.4}, AIC {:.4}, BIC {:.4}", self.minus2ll(), self.aic(), self.bic())?;
        if let Some(sigma) = self.sigma() {
            write!(out, ", sigma {sigma:.4} on {} degrees of freedom", self.degrees_of_freedom())?;
        }
        if let Some(twin) = &self.twin {
            let all: Vec<String> =
                self.theory.free().iter().zip(twin).map(|((name, _), value)| format!("{name} {value:.4}")).collect();
            write!(out, "\nthe data are met as well by {}: what is nearest to the start was taken", all.join(", "))?;
        }
        if let Some(other) = self.others.first() {
            write!(out, "\nanother start ended at {other:.4}: there is a second basin")?;
        }
        Ok(())
    }
}
