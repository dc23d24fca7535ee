//! From a regimen to an event table, and back where a regimen can say the same.

use super::body::{Body, Compartment};
use super::record::Record;
use super::table::Table;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::profile::{check_times, last_of};
use crate::regimen::{Batch, Dose, Regimen, Route};

impl Table {
    /// The records of a regimen for `model`: its doses up to the last of `times`, and an observation at each of `times` (h,
    /// never decreasing). A course is one record with additional doses.
    ///
    /// At an instant doses stand before observations, so that the table gives what [`Model::profile`] gives.
    ///
    /// ```
    /// use menaquinone::{Dose, records::Table, units::*, vitamer::MK7};
    /// let (regimen, times) = (Dose::of(180.0 * UG).every(DAY).times(7), [0.0, 12.0, 100.0]);
    /// let table = Table::of(&regimen, &MK7.model(), &times)?;
    /// assert_eq!((table.records()[0].addl, table.records()[0].ii), (4, 24.0));
    /// let (rows, profile) = (table.simulate(MK7.model())?, MK7.model().profile(&regimen, &times)?);
    /// assert!((rows.rows()[3].conc / profile.conc()[2] - 1.0).abs() < 1e-14);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A regimen or times that cannot be, and a dose with a meal, for which a table has no column.
    pub fn of(regimen: &Regimen, model: &Model, times: &[f64]) -> Result<Self> {
        check_times(times)?;
        let until = last_of(times)?;
        regimen.check(until)?;
        if let Some((_, dose)) = regimen.kinds_of_dose().find(|(_, dose)| dose.meal.is_some()) {
            return Err(Error::value(format!(
                "the dose `{dose}` names a meal, for which an event table has no column: leave the meal out, or scale the dose"
            )));
        }
        let body = Body::from(model);
        let mut records: Vec<Record> = Vec::new();
        regimen.each_batch(until, |batch| match batch {
            Batch::Repeated(run, dose) => {
                let (start, tau, count) = run.parts();
                if count > 0 {
                    let addl = count - 1;
                    let ii = if addl > 0 { tau } else { 0.0 };
                    records.push(Record { ii, addl, ..record_of((start, dose), &body) });
                }
            }
            Batch::Listed(doses) => records.extend(doses.iter().map(|dose| record_of(*dose, &body))),
        });
        records.extend(times.iter().map(|time| Record { time: *time, ..Record::OBSERVATION }));
        records.sort_by(|a, b| a.time.total_cmp(&b.time));
        Self::new(records)
    }

    /// The doses of the table as a regimen that `model` takes the same way; the observations are left out.
    ///
    /// ```
    /// use menaquinone::{records::Table, vitamer::MK7};
    /// let table: Table = "TIME,AMT,II,ADDL\n8,90,24,29\n200,0,0,0".parse()?;
    /// assert_eq!(table.regimen(&MK7.model())?.to_string(), "90 ug q24h x30 at 8h");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// What a regimen cannot say, with its place: several subjects, a reset after a dose, a steady state, RATE -1 or -2, a
    /// dose into a peripheral compartment.
    pub fn regimen(&self, model: &Model) -> Result<Regimen> {
        let body = Body::from(model).numbered(self.is_by_name());
        let mut regimen = Regimen::default();
        if self.subjects().nth(1).is_some() {
            return Err(Error::value("a regimen is for one subject, and the table has several: split it"));
        }
        let mut dosed = false;
        for (i, record) in self.records().iter().enumerate().filter(|(_, record)| record.evid != 0) {
            let refuse = |why: &str| Error::value(format!("{}: {why}", self.place(i)));
            if record.is_reset() && dosed {
                return Err(refuse(
                    "a regimen cannot say that earlier doses are wiped (EVID 3 or 4): cut the table there",
                ));
            }
            if record.is_dose() && record.amt > 0.0 {
                dosed = true;
                let dose = dose_of(record, &body).map_err(|why| refuse(&why))?;
                let copies = u64::from(record.addl) + 1;
                let course = dose.every(record.ii).at(record.time).times(copies);
                regimen = regimen.and(if copies > 1 { course } else { dose.at(record.time) });
            }
            if record.is_constant() {
                return Err(refuse(STEADY));
            }
        }
        regimen.check(0.0).map(|()| regimen)
    }
}

const STEADY: &str = "a regimen has a beginning and cannot say SS: use Model::steady_state";

fn record_of((time, dose): (f64, Dose), body: &Body) -> Record {
    let (cmt, f) = match dose.route {
        Route::Oral => (1, body.model().absorption().f()),
        Route::Intravenous => (body.plasma(), 1.0),
    };
    // A dose keeps its duration, a record its rate: what F takes from the amount it must take from the rate as well.
    let rate = if dose.duration > 0.0 { f * dose.amount / dose.duration } else { 0.0 };
    Record { time, amt: dose.amount, rate, cmt, ..Record::DOSE }
}

pub(super) fn dose_of(record: &Record, body: &Body) -> std::result::Result<Dose, String> {
    let (dose, f) = match body.compartment(record.cmt) {
        Some(Compartment::Absorption) => (Dose::of(record.amt), body.model().absorption().f()),
        Some(Compartment::Plasma) => (Dose::iv(record.amt), 1.0),
        Some(Compartment::Peripheral(_)) => {
            return Err(format!("a regimen has no route into compartment {}", record.cmt));
        }
        None => return Err(body.unknown(record.cmt)),
    };
    if record.ss > 0 {
        return Err(String::from(STEADY));
    }
    if record.dur > 0.0 {
        return Ok(dose.over(record.dur));
    }
    if record.rate < 0.0 {
        return Err(format!("a regimen cannot ask the model for RATE {}: give the rate itself", record.rate));
    }
    // With a given rate F shortens the infusion, which a dose says by its duration.
    Ok(if record.rate > 0.0 { dose.over(f * record.amt / record.rate) } else { dose })
}
