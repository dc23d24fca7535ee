//! Many analyses side by side, as tables.

use super::analysis::Analysis;
use super::registry::{METRICS, Metric};
use super::summary::Summary;
use super::terms::term;
use crate::error::{Error, Result};

/// The analyses of many subjects, by name.
///
/// ```
/// use menaquinone::{Dose, nca::{Columns, Metric, Rules, Subjects}};
/// let samples = "id,time,conc\na,0,0\na,1,8\na,2,4\na,4,1\na,6,0.25\nb,0,0\nb,1,4\nb,2,2\nb,4,0.5\nb,6,0.125\n";
/// let rules = Rules { dose: Some(Dose::of(100.0)), ..Rules::default() };
/// let table = Subjects::read(samples.as_bytes(), &Columns::default())?.analyse(&rules)?;
/// assert!(table.wide().starts_with("id,cmax (µg/L),tmax (h),"));
/// assert!(table.long().contains("\nb,cmax,CMAX,4,µg/L,\n"));
/// assert!(table.long().contains("\nb,cavg,CAVG,,µg/L,no dosing interval was given: name it with `tau`\n"));
/// let cmax = table.summary(Metric::named("cmax")?);
/// assert_eq!((cmax.n, cmax.mean), (2, Ok(6.0)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    rows: Vec<(String, Analysis)>,
    /// What stands behind each name and tells a profile from others of a person; nothing where nobody has several.
    profiles: Vec<String>,
}

impl FromIterator<(String, Analysis)> for Table {
    fn from_iter<I: IntoIterator<Item = (String, Analysis)>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect(), profiles: Vec::new() }
    }
}

impl Table {
    /// The table with what tells its profiles apart.
    pub(super) fn with_profiles(self, mut profiles: Vec<String>) -> Self {
        if profiles.iter().all(String::is_empty) {
            profiles = Vec::new();
        }
        Self { profiles, ..self }
    }

    /// The name of the person of a row, and what tells the profile from others.
    fn person(&self, row: usize) -> (&str, &str) {
        let (id, profile) = (self.rows[row].0.as_str(), self.profiles.get(row).map_or("", String::as_str));
        let person = id.strip_suffix(profile).and_then(|id| id.strip_suffix(", ")).filter(|_| !profile.is_empty());
        (person.unwrap_or(id), profile)
    }

    /// The subjects' names and analyses, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, Analysis)> {
        self.rows.iter()
    }

    /// The analysis of one subject.
    ///
    /// # Errors
    /// There is no subject of this name.
    pub fn analysis(&self, id: &str) -> Result<&Analysis> {
        let found = self.rows.iter().find(|(name, _)| name == id);
        found
            .map(|(_, analysis)| analysis)
            .ok_or_else(|| Error::value(format!("there is no subject `{id}` in the table")))
    }

    /// The metrics that at least one subject has.
    pub fn metrics(&self) -> impl Iterator<Item = &'static Metric> + '_ {
        METRICS.iter().filter(|metric| self.rows.iter().any(|(_, analysis)| metric.value(analysis).is_ok()))
    }

    /// A CSV table with a row for each subject and a column for each [metric](Self::metrics); a cell is empty where there is
    /// no value. Numbers read back to the same bits.
    pub fn wide(&self) -> String {
        let metrics: Vec<_> = self.metrics().collect();
        let header = std::iter::once("id".to_owned()).chain(metrics.iter().map(|metric| metric.heading()));
        let row = |(id, analysis): &(String, Analysis)| -> Vec<String> {
            let cells =
                metrics.iter().map(|metric| metric.value(analysis).map_or(String::new(), |value| value.to_string()));
            std::iter::once(id.clone()).chain(cells).collect()
        };
        csv(header.collect(), self.rows.iter().map(row))
    }

    /// A CSV table with a row for each subject and metric: value, unit, CDISC code, or the reason why there is no value.
    pub fn long(&self) -> String {
        let header = ["id", "symbol", "PPTESTCD", "value", "unit", "reason"];
        let row = |id: &str, analysis: &Analysis, metric: &Metric| -> Vec<String> {
            let (value, reason) = match metric.value(analysis) {
                Ok(value) => (value.to_string(), String::new()),
                Err(missing) => (String::new(), missing.to_string()),
            };
            let code = metric.code(analysis.dose).unwrap_or_default();
            [id, metric.symbol, code, &value, metric.unit, &reason].map(String::from).to_vec()
        };
        let rows =
            self.rows.iter().flat_map(|(id, analysis)| METRICS.iter().map(move |metric| row(id, analysis, metric)));
        csv(header.map(String::from).to_vec(), rows)
    }

    /// A CSV table with the columns of a CDISC PP domain, a row for each subject and metric that has a value and a code: `USUBJID`,
    /// `PPTESTCD`, `PPTEST`, `PPORRES` and `PPORRESU`; where a person has several profiles, `PPGRPID` tells them apart. The terms of
    /// `PPTEST` are those of CDISC, and the units are the crate's as CDISC spells them: `ug/L`, `h*ug/L`.
    ///
    /// ```
    /// use menaquinone::{nca::{Rules, Subjects}};
    /// let subjects: Subjects = "id,time,conc\na,0,0\na,1,8\na,2,4\na,4,1\na,6,0.25".parse()?;
    /// let table = subjects.analyse(&Rules::default())?.cdisc();
    /// assert!(table.starts_with("USUBJID,PPTESTCD,PPTEST,PPORRES,PPORRESU\na,CMAX,Max Conc,8,ug/L\n"));
    /// assert!(table.contains("\na,LAMZHL,Half-Life Lambda z,1,h\n"), "{table}");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn cdisc(&self) -> String {
        let group = (!self.profiles.is_empty()).then_some("PPGRPID");
        let header = ["USUBJID"].into_iter().chain(group).chain(["PPTESTCD", "PPTEST", "PPORRES", "PPORRESU"]);
        let row = |i: usize, metric: &Metric| -> Option<Vec<String>> {
            let (analysis, (person, profile)) = (&self.rows[i].1, self.person(i));
            let (code, value) = (metric.code(analysis.dose)?, metric.value(analysis).ok()?.to_string());
            let (test, unit) = (term(code).unwrap_or(metric.meaning), unit_of_cdisc(metric.unit));
            let cells = [person].into_iter().chain(group.map(|_| profile)).chain([code, test, &value, &unit]);
            Some(cells.map(String::from).collect())
        };
        let rows = (0..self.rows.len()).flat_map(|i| METRICS.iter().filter_map(move |metric| row(i, metric)));
        csv(header.map(String::from).collect(), rows)
    }

    /// One metric over all subjects.
    pub fn summary(&self, metric: &'static Metric) -> Summary {
        Summary::of(metric, self.rows.iter().map(|(_, analysis)| metric.value(analysis)))
    }

    /// A CSV table with a row for each [metric](Self::metrics): how many values, mean, standard deviation, coefficient of
    /// variation, geometric mean and its coefficient, median, lowest and highest.
    pub fn summaries(&self) -> String {
        let header = Summary::HEADER.map(String::from).to_vec();
        csv(header, self.metrics().map(|metric| self.summary(metric).cells()))
    }
}

impl<'a> IntoIterator for &'a Table {
    type Item = &'a (String, Analysis);
    type IntoIter = std::slice::Iter<'a, (String, Analysis)>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A unit as the terminology of CDISC spells it: the time first, a star between, `u` for `µ`.
fn unit_of_cdisc(unit: &str) -> String {
    match unit {
        "µg·h/L" => "h*ug/L".to_owned(),
        "µg·h²/L" => "h2*ug/L".to_owned(),
        "1/h" => "/h".to_owned(),
        "1/L" => "/L".to_owned(),
        other => other.replace('µ', "u"),
    }
}

/// Lines of cells, quoted where they must be.
fn csv(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in std::iter::once(header).chain(rows) {
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            push(&mut text, cell);
        }
        text.push('\n');
    }
    text
}

fn push(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) || cell.starts_with('#') {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
