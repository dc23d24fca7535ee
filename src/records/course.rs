//! A subject of an event table as a compiled course.

use super::body::Body;
use super::convert::dose_of;
use super::table::Table;
use crate::course::Course;
use crate::engine::{Line, latest};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::sort_by_time;
use crate::regimen::Dose;

impl Table {
    /// The course of one subject, counted from 0 in the order of [`subjects`](Self::subjects): its doses, and a look at each of its
    /// observations (EVID 0), compiled once for any number of models.
    ///
    /// `model` says what the compartments are called and by how much F shortens an infusion into the first of them. As in
    /// the table, explicit records act in their order, and additional doses before a record of their instant.
    ///
    /// ```
    /// use menaquinone::{Parameters, records::Table};
    /// let table: Table = "ID,TIME,AMT,II,ADDL,EVID\n1,0,90,24,2,1\n1,4,.,.,.,0\n1,72,.,.,.,0\n1,72,180,.,.,1\n1,75,.,.,.,0".parse()?;
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let mut course = table.course(0, &typical.model()?)?;
    /// assert_eq!(course.times(), [4.0, 72.0, 75.0]);
    /// let other = Parameters { cl: 2.0, ..typical }.model()?;
    /// let (fast, rows) = (course.concentrations(&other)?, table.simulate(&other)?);
    /// for (conc, row) in fast.iter().zip([1, 2, 4]) {
    ///     assert!((conc / rows.rows()[row].conc - 1.0).abs() < 1e-14);
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A subject that is not there or is never observed; what a regimen cannot say, with its place: a reset after a dose, a steady
    /// state, RATE -1 or -2, a dose into a peripheral compartment.
    pub fn course(&self, subject: usize, model: &Model) -> Result<Course<'static>> {
        let Some(rows) = self.subjects().nth(subject) else {
            let many = self.subjects().count();
            return Err(Error::value(format!(
                "subject {subject} was asked for, counted from 0, but the table has {many}"
            )));
        };
        let own = self.part(rows.clone());
        let last = own.records().iter().fold(f64::NEG_INFINITY, |last, record| last.max(record.time));
        let regimen = own.regimen(model)?;
        regimen.check(last)?;
        let (body, mut lines) = (Body::from(model).numbered(own.is_by_name()), Vec::new());
        let mut additional: Vec<(f64, Dose)> = Vec::new();
        for record in &self.records()[rows] {
            // Doses that are due act before a record of that instant.
            let due = additional.partition_point(|(time, _)| *time <= latest(record.time));
            let due = additional.drain(..due).map(|(time, dose)| Line::Dose(time.min(record.time), dose));
            lines.extend(due);
            if record.is_dose() && record.amt > 0.0 {
                let dose = dose_of(record, &body).map_err(Error::value)?;
                lines.push(Line::Dose(record.time, dose));
                let times = (1..=record.addl).map(|copy| record.time + f64::from(copy) * record.ii);
                // Those after the last record never come.
                additional.extend(times.take_while(|time| *time <= latest(last)).map(|time| (time, dose)));
                sort_by_time(&mut additional);
            }
            if record.evid == 0 {
                lines.push(Line::Look(record.time));
            }
        }
        if lines.iter().all(|line| line.look().is_none()) {
            return Err(Error::value(format!(
                "subject {subject} has no observation (EVID 0), so there is nothing to look at"
            )));
        }
        Ok(Course::of_lines(regimen, lines))
    }
}
