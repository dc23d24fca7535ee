//! The residuals of people as a table in NONMEM's column names.

use super::residuals::{Drawn, ResidualRow, Residuals};
use crate::error::Short;
use crate::fit::samples::Report;

impl Residuals {
    /// The table as CSV in NONMEM's column names, so that what reads NONMEM's tables reads it: one row a sample, `.` where there is no number, and
    /// the deviations as `ETA1`, `ETA2` .. in the order of [`names`](Self::names). A sample below a limit has CENS 1 and the limit as DV, one
    /// above a limit CENS -1, one between two limits CENS 1 with the lower as LIMIT. What was drawn stands in `EPRED` to `NPD`, if it was joined.
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{Method, People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV,CENS\n1,0,100,.,0\n1,2,.,7.5,0\n1,40,.,0.5,1".parse()?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let text = theory.residuals(&People::of_table(&table)?, Method::Laplace)?.to_csv();
    /// assert!(text.lines().nth(2).unwrap().starts_with("1,40,0.5,1,0.18315638888734"), "{text}");
    /// assert!(text.lines().nth(2).unwrap().contains(",.,.,.,"), "{text}"); // no residuals
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let (has_drawn, has_limit) =
            (self.rows.iter().any(|row| row.drawn.is_some()), self.rows.iter().any(is_between));
        let mut names: Vec<String> = ["ID", "TIME", "DV", "CENS"].map(String::from).to_vec();
        names.extend(has_limit.then(|| "LIMIT".to_owned()));
        names.extend(COLUMNS.map(|(name, _)| name.to_owned()));
        if has_drawn {
            names.extend(DRAWN.map(|(name, _)| name.to_owned()));
        }
        names.extend((1..=self.names.len()).map(|i| format!("ETA{i}")));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut write = |cells: &[String]| writer.write_record(cells).is_ok();
        let mut all = write(&names);
        let mut people = self.etas.iter().peekable();
        for row in &self.rows {
            while people.peek().is_some_and(|(id, _)| *id != row.id) {
                people.next();
            }
            let [dv, cens, limit] = reported(row.report);
            let mut cells = vec![row.id.clone(), Short(row.time).to_string(), dv, cens];
            cells.extend(has_limit.then_some(limit));
            cells.extend(COLUMNS.map(|(_, of)| cell(of(row))));
            if has_drawn {
                cells.extend(DRAWN.map(|(_, of)| cell(row.drawn.as_ref().and_then(of))));
            }
            cells.extend(people.peek().into_iter().flat_map(|(_, eta)| eta).map(|eta| Short(*eta).to_string()));
            all &= write(&cells);
        }
        debug_assert!(all, "a writer into memory does not fail");
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The deviations of the people as CSV: `ID`, `ETA1`, `ETA2` .., one row a person.
    pub fn etas_to_csv(&self) -> String {
        let names: Vec<String> = (1..=self.names.len()).map(|i| format!("ETA{i}")).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = std::iter::once("ID".to_owned()).chain(names);
        let mut all = writer.write_record(head).is_ok();
        for (id, eta) in &self.etas {
            let cells = std::iter::once(id.clone()).chain(eta.iter().map(|eta| Short(*eta).to_string()));
            all &= writer.write_record(cells).is_ok();
        }
        debug_assert!(all, "a writer into memory does not fail");
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

type Column = (&'static str, fn(&ResidualRow) -> Option<f64>);

const COLUMNS: [Column; 11] = [
    ("PRED", |row| Some(row.pred)),
    ("RES", |row| row.res),
    ("WRES", |row| row.wres),
    ("WRESI", |row| row.wresi),
    ("IPRED", |row| Some(row.ipred)),
    ("IRES", |row| row.ires),
    ("IWRES", |row| row.iwres),
    ("CPRED", |row| Some(row.cpred)),
    ("CRES", |row| row.cres),
    ("CWRES", |row| row.cwres),
    ("CWRESI", |row| row.cwresi),
];

type OfDrawn = (&'static str, fn(&Drawn) -> Option<f64>);

const DRAWN: [OfDrawn; 6] = [
    ("EPRED", |row| Some(row.epred)),
    ("ERES", |row| row.eres),
    ("EWRES", |row| row.ewres),
    ("ECWRES", |row| row.ecwres),
    ("NPDE", |row| Some(row.npde)),
    ("NPD", |row| Some(row.npd)),
];

fn is_between(row: &ResidualRow) -> bool {
    matches!(row.report, Report::Between(..))
}

fn cell(value: Option<f64>) -> String {
    value.map_or(".".to_owned(), |value| Short(value).to_string())
}

/// DV, CENS and LIMIT of a report.
fn reported(report: Report) -> [String; 3] {
    let text = |value: f64| Short(value).to_string();
    let (none, is) = (".".to_owned(), |cens: &str| cens.to_owned());
    match report {
        Report::Level(level) => [text(level), is("0"), none],
        Report::Below(limit) => [text(limit), is("1"), none],
        Report::Above(limit) => [text(limit), is("-1"), none],
        Report::Between(low, high) => [text(high), is("1"), text(low)],
    }
}
