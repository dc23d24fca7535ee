//! A subject of an event table seen at other times than its samples.

use super::tabled::Tabled;
use crate::error::{Error, Result};
use crate::records::{Between, Record, Table};

impl Tabled {
    /// The same records with looks at other times (h, never decreasing) in place of the samples, before whatever is done at the same time. Between two
    /// records a look has the covariates that hold there.
    pub(super) fn at(&self, times: &[f64]) -> Result<Self> {
        let own = self.table.records();
        if own.windows(2).any(|pair| pair[1].time < pair[0].time) {
            return Err(Error::value(
                "the clock of this subject goes back at a reset, so that a time does not say which course is meant: name the times of its samples",
            ));
        }
        let (mut records, mut looks): (Vec<Record>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut times = times.iter().copied().peekable();
        for (i, record) in own.iter().enumerate() {
            let before = &own[i.saturating_sub(1)];
            while let Some(time) = times.next_if(|time| *time <= record.time) {
                looks.push(records.len());
                records.push(match self.convention.between {
                    Between::Forward => look(before, time),
                    Between::Backward => look(record, time),
                    Between::Linear(_) => look_between((before, record), time),
                });
            }
            records.push(record.clone());
        }
        for time in times {
            looks.push(records.len());
            records.push(look(&own[own.len() - 1], time));
        }
        let table = Table::with_covariates(self.table.covariates().to_vec(), records)?;
        Ok(Self { table, looks, convention: self.convention, plain: self.plain.clone() })
    }
}

/// A look at the plasma at a time, with the covariates of a record.
fn look(whose: &Record, time: f64) -> Record {
    Record { id: whose.id.clone(), time, covariates: whose.covariates.clone(), ..Record::OBSERVATION }
}

/// The same with covariates on the straight line between two records.
fn look_between((before, after): (&Record, &Record), time: f64) -> Record {
    let span = after.time - before.time;
    let share = if span > 0.0 { ((time - before.time) / span).clamp(0.0, 1.0) } else { 1.0 };
    let covariates = before.covariates.iter().zip(&after.covariates);
    let covariates = covariates.map(|(from, to)| Some((*from)? + share * ((*to)? - (*from)?))).collect();
    Record { covariates, ..look(after, time) }
}
