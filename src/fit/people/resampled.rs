//! Replicates as text: how far each estimate moves among them.

use std::fmt;

use super::bootstrap::Resampled;
use crate::fit::report::short;

impl fmt::Display for Resampled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (fits, unsettled) = self.fitted();
        let last = self.first + self.rows.len() as u64;
        write!(out, "replicates {} to {}: {fits} fitted", self.first, last.saturating_sub(1))?;
        if unsettled > 0 {
            write!(out, ", of which {unsettled} have not settled")?;
        }
        if fits < 2 {
            return write!(out, "; two are needed to tell anything");
        }
        let effective = self.effective();
        #[expect(clippy::cast_precision_loss, reason = "a count of replicates")]
        if effective < 0.999 * fits as f64 {
            write!(out, ", by their weights worth {effective:.0}")?;
        }
        write!(out, "\n{:<14} {:>12} {:>12} {:>12}  95 %", "", "estimate", "bias", "se")?;
        for (name, estimate) in self.names.iter().zip(&self.estimates) {
            let (Ok(bias), Ok(se), Ok((low, high))) = (self.bias(name), self.se(name), self.interval(name, 0.95))
            else {
                continue;
            };
            let [estimate, bias, se, low, high] = [*estimate, bias, se, low, high].map(short);
            write!(out, "\n{name:<14} {estimate:>12} {bias:>12} {se:>12}  {low} to {high}")?;
        }
        Ok(())
    }
}
