//! What samples tell, as text.

use std::fmt;

use super::information::Information;
use super::plan::Design;
use crate::error::Short;

impl fmt::Display for Information {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let se = self.se();
        writeln!(out, "{:<14} {:>12} {:>12} {:>9}", "", "value", "expected se", "rse")?;
        for (i, (name, value)) in self.names().iter().zip(self.values()).enumerate() {
            let (own, share) = match &se {
                Ok(se) if *value != 0.0 => (digits(se[i]), format!("{:.1} %", 100.0 * se[i] / value.abs())),
                Ok(se) => (digits(se[i]), "-".to_owned()),
                Err(_) => ("-".to_owned(), "-".to_owned()),
            };
            writeln!(out, "{name:<14} {:>12} {own:>12} {share:>9}", digits(*value))?;
        }
        for untold in self.untold() {
            writeln!(out, "{}", untold.sentence)?;
        }
        write!(out, "det(M)^(1/n) {:.6}", self.d_criterion())
    }
}

fn digits(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { Short(rounded(value)).to_string() }
}

/// To five digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return value;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a power of ten of a double")]
    let power = 4 - value.abs().log10().floor() as i32;
    let scale = 10.0_f64.powi(power);
    if scale.is_finite() && scale > 0.0 { (value * scale).round() / scale } else { value }
}

impl fmt::Display for Design {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.approximation())?;
        for (i, arm) in self.arms().iter().enumerate() {
            let name = if arm.name().is_empty() { format!("arm {}", i + 1) } else { arm.name().to_owned() };
            let times: Vec<String> = arm.times().iter().map(|time| format!("{}", Short(rounded(*time)))).collect();
            write!(out, "\n{name}: {} people, {}, samples at {} h", arm.count(), arm.regimen(), times.join(", "))?;
        }
        Ok(())
    }
}
