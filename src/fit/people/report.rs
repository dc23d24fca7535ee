//! A fit of people as text.

use std::fmt;

use super::fitted::{PeopleEstimate, PeopleFit};
use super::method::Method;
use crate::fit::report::{percent, short};

impl fmt::Display for PeopleFit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell_unsettled(out)?;
        self.tell_data(out)?;
        self.tell_estimates(out)?;
        self.tell_shrinkage(out)?;
        self.tell_people(out)?;
        let (slope, promised) = self.slope_and_promise();
        if self.history().is_some() {
            return write!(out, "it ended with a slope of {slope:.1e}, and {}", bends(promised));
        }
        write!(
            out,
            "it ended after {} steps from {:.4}, with a slope of {slope:.1e} and {promised:.1e} still promised",
            self.found.steps, self.start.value
        )
    }
}

impl PeopleFit {
    /// How a search by SAEM went, or that another has not settled.
    fn tell_unsettled(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (slope, promised) = self.slope_and_promise();
        if let Some(history) = self.history() {
            let drift = history.drift;
            if self.settled() {
                writeln!(out, "SAEM: {} iterations, drift {drift:.1} Monte Carlo standard errors", self.found.steps)?;
            } else {
                writeln!(
                    out,
                    "SAEM has not settled after {} iterations: its averages drift by {drift:.1} Monte Carlo standard errors (3 is the limit), and {}; let it explore longer or start nearer",
                    self.found.steps,
                    bends(promised)
                )?;
            }
        } else if !self.settled() {
            writeln!(
                out,
                "the search ended after {} steps at {:.4} with a slope of {slope:.1e}: this is no minimum",
                self.found.steps,
                self.ofv()
            )?;
        }
        Ok(())
    }

    /// Of whom and of what it is a fit, and how good.
    fn tell_data(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} of {} people, {} samples: OFV {:.4}, -2LL {:.4}, AIC {:.4}, BIC {:.4}",
            self.method(),
            self.people().len(),
            self.people().count(),
            self.ofv(),
            self.minus2ll(),
            self.aic(),
            self.bic()
        )?;
        let censored = self.people().count() - self.objective().levels();
        if censored > 0 {
            let also = if matches!(self.method(), Method::Laplace) && self.history().is_none() {
                ", for which FO, FOCE and FOCEI have no place: the likelihood is Laplace's"
            } else {
                ""
            };
            writeln!(out, "{censored} samples lie below or above a limit{also}")?;
        }
        if let Some(error) = self.objective().monte_carlo_error() {
            writeln!(out, "the OFV is drawn, with a standard error of {}", short(error))?;
        }
        let left = self.people().left_out();
        if !left.is_empty() {
            writeln!(out, "left out on request: {}", left.join(", "))?;
        }
        Ok(())
    }

    fn tell_estimates(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<14} {:>12} {:>12} {:>8}  95 % (Wald)", "", "estimate", "se", "rse")?;
        for PeopleEstimate { name, value, se, rse, wald } in self.estimates() {
            let number = |value: Option<f64>| value.map_or("-".to_owned(), short);
            let share = rse.map_or("-".to_owned(), percent);
            let ends = wald
                .map_or("not told by the data".to_owned(), |(low, high)| format!("{} to {}", short(low), short(high)));
            writeln!(out, "{name:<14} {:>12} {:>12} {share:>8}  {ends}", short(value), number(se))?;
        }
        writeln!(out, "{}", units(self.people().unit()))
    }

    fn tell_shrinkage(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.objective().names();
        for (name, shrinkage) in names.iter().zip(self.shrinkage()) {
            writeln!(out, "shrinkage of {name}: {:.1} %", 100.0 * shrinkage)?;
        }
        for (name, shrinkage) in self.shrinkage_within() {
            writeln!(out, "shrinkage of {name} from occasion to occasion: {:.1} %", 100.0 * shrinkage)?;
        }
        if let Ok(shrinkage) = self.epsilon_shrinkage() {
            writeln!(out, "shrinkage of the error: {:.1} %", 100.0 * shrinkage)?;
        }
        if let Some(condition) = self.condition() {
            writeln!(out, "condition number of the correlations: {}", short(condition))?;
        }
        for name in self.vanished() {
            let what = if name.contains('(') {
                "these people do not tell that they vary in it"
            } else {
                "these samples tell no such part of their error"
            };
            writeln!(out, "{name} has gone to zero: {what}")?;
        }
        Ok(())
    }

    /// Who was hard.
    fn tell_people(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hard: Vec<&str> =
            self.objective().people().iter().filter(|own| !own.settled).map(|own| own.id.as_str()).collect();
        if !hard.is_empty() {
            writeln!(out, "the mode of these people did not settle: {}", hard.join(", "))?;
        }
        let far = self.far();
        if !far.is_empty() {
            writeln!(out, "far from the typical person, as one in a thousand is: {}", far.join(", "))?;
        }
        let edged: Vec<&str> =
            self.objective().people().iter().filter(|own| own.on_edge).map(|own| own.id.as_str()).collect();
        if !edged.is_empty() {
            writeln!(
                out,
                "the modes of these people lie on an edge, where a lag or a duration meets one of their samples: {}",
                edged.join(", ")
            )?;
        }
        if !self.settled() && self.history().is_none() && self.layout.has_edges() {
            writeln!(
                out,
                "the objective has edges where a lag or a duration meets a sample, at which its slope jumps and no search settles: fit by SAEM, whose likelihood has none, or let that number not vary"
            )?;
        }
        Ok(())
    }
}

/// What a step from the end of SAEM would bring.
fn bends(promised: f64) -> String {
    if promised.is_finite() {
        format!("a step would lower the objective by {promised:.2e} (0.1 is the limit)")
    } else {
        "the objective has no bottom there: these data do not tell all numbers".to_owned()
    }
}

/// What the numbers are in, by the unit of the levels: an amount over a volume, where it is written as such.
fn units(levels: &str) -> String {
    match levels.split_once('/') {
        Some((amount, volume)) => format!(
            "levels in {levels}, times in h, rates in 1/h; where doses are in {amount}, volumes are in {volume} and clearances in {volume}/h"
        ),
        None => format!("levels in {levels}, times in h, rates in 1/h"),
    }
}
