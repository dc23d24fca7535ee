//! Doses that are infusions, by the columns RATE and DUR of event tables.

use crate::error::Result;
use crate::sheet::{Row, Sheet, is_duration, is_rate, of_rate, of_time, united};

const MODEL: &str = "its rate or duration is that of a model: write the duration in hours in a column DUR";
const AMOUNT: &str =
    "the duration of an infusion follows from its amount: write that in AMT, or the duration in a column DUR";
const NUMBER: &str = "it must be a finite number, zero or above";

/// Where rates or durations of infusions stand, and what one of their unit is, if the name says so.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Infusions {
    rate: Option<(usize, Option<f64>)>,
    duration: Option<(usize, Option<f64>)>,
}

impl Infusions {
    pub(super) fn of(sheet: &Sheet<'_>) -> Self {
        let find = |is: fn(&str) -> bool, known: fn(&str) -> Option<f64>| {
            sheet.names().iter().enumerate().find_map(|(place, name)| match united(name) {
                Some((bare, unit)) if is(bare) => Some((place, Some(known(&unit)?))),
                _ => is(name).then_some((place, None)),
            })
        };
        Self { rate: find(is_rate, of_rate), duration: find(is_duration, of_time) }
    }

    pub(super) fn places(self) -> [Option<usize>; 2] {
        [self.rate, self.duration].map(|found| found.map(|(place, _)| place))
    }

    /// How long the dose in a row takes, h, and the column that says so; `amount` gives the number of its amount and what one of
    /// its unit is.
    pub(super) fn duration(
        self,
        (sheet, row): (&Sheet<'_>, Row<'_>),
        amount: impl FnOnce() -> Result<Option<(f64, f64)>>,
    ) -> Result<Option<(usize, f64)>> {
        let refuse = |place: usize, rule| row.refuse(&sheet.names()[place], row.cell(place), rule);
        if let Some((place, unit)) = self.duration
            && let Some(duration) = row.number(place)?
        {
            let hours = duration * unit.unwrap_or(1.0);
            return if hours >= 0.0 { Ok(Some((place, hours))) } else { Err(refuse(place, NUMBER)) };
        }
        let Some((place, unit)) = self.rate else { return Ok(None) };
        match row.number(place)?.unwrap_or(0.0) {
            0.0 => Ok(Some((place, 0.0))),
            -1.0 | -2.0 => Err(refuse(place, MODEL)),
            rate if rate < 0.0 => Err(refuse(place, NUMBER)),
            rate => {
                let (amount, of_amounts) = amount()?.ok_or_else(|| refuse(place, AMOUNT))?;
                // Without a unit of its own a rate is in that of the amount by h.
                Ok(Some((place, amount * of_amounts / (rate * unit.unwrap_or(of_amounts)))))
            }
        }
    }
}
