//! What samples tell, as text.

use std::fmt;

use super::arm::Arm;
use super::exchange::each_of;
use super::information::Information;
use super::plan::Design;
use crate::fit::{percent, rounded};

impl fmt::Display for Information {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let se = self.se();
        let width = self.names().iter().map(|name| name.chars().count()).fold(14, usize::max);
        writeln!(out, "{:<width$} {:>12} {:>12} {:>9}", "", "value", "expected se", "rse")?;
        for (i, (name, value)) in self.names().iter().zip(self.values()).enumerate() {
            let (own, share) = match &se {
                Ok(se) if *value != 0.0 => (rounded(se[i], 5), percent(se[i] / value.abs())),
                Ok(se) => (rounded(se[i], 5), "-".to_owned()),
                Err(_) => ("-".to_owned(), "-".to_owned()),
            };
            writeln!(out, "{name:<width$} {:>12} {own:>12} {share:>9}", rounded(*value, 5))?;
        }
        let hardly =
            |i: &usize| se.as_ref().is_ok_and(|se| self.values()[*i] != 0.0 && se[*i] > self.values()[*i].abs());
        let names: Vec<&str> = (0..self.names().len()).filter(hardly).map(|i| &*self.names()[i]).collect();
        if !names.is_empty() {
            writeln!(out, "hardly told, with an error larger than the number itself: {}", names.join(", "))?;
        }
        for untold in self.untold() {
            writeln!(out, "{}", untold.sentence)?;
        }
        write!(out, "det(M)^(1/n) {:.6}", self.d_criterion())
    }
}

impl fmt::Display for Design {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.approximation())?;
        for (i, arm) in self.arms().iter().enumerate() {
            write!(out, "\n{}: {}, {}, {}", arm.named(i), arm.crowd(), arm.regimen(), arm.sampled())?;
        }
        Ok(())
    }
}

impl Arm {
    /// The name, or the number of the arm, which counts from 0.
    pub(super) fn named(&self, i: usize) -> String {
        if self.name().is_empty() { format!("arm {}", i + 1) } else { self.name().to_owned() }
    }

    /// How many people, in words.
    pub(super) fn crowd(&self) -> String {
        if self.count() == 1.0 { "1 person".to_owned() } else { format!("{} people", rounded(self.count(), 5)) }
    }

    /// When samples are taken, kind by kind.
    pub(super) fn sampled(&self) -> String {
        let of_kind = |kind: &Option<u32>| {
            let own = self.spots().into_iter().filter(|spot| spot.kind == *kind);
            let times: Vec<String> = own.map(|spot| rounded(spot.time, 5)).collect();
            let what = kind.map_or(String::new(), |kind| format!("of kind {kind} "));
            format!("{what}at {} h", times.join(", "))
        };
        let kinds = each_of(self.kinds());
        let what = if self.times().len() == 1 { "a sample" } else { "samples" };
        if kinds.is_empty() {
            "no samples".to_owned()
        } else {
            format!("{what} {}", kinds.iter().map(of_kind).collect::<Vec<_>>().join(", "))
        }
    }
}
