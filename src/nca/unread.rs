//! Columns of samples that nobody reads, and what is said of them.

use super::places::{Measure, Places, Unit};
use crate::error::{Result, excerpt};
use crate::sheet::{Sheet, is_missing};

impl Places<'_> {
    /// A sentence about a column of marks that may say which samples are not to be used, where it has some and nobody reads it.
    pub(super) fn marks(&self, sheet: &Sheet<'_>) -> Result<Option<String>> {
        const NAMES: [&str; 10] =
            ["NCAXFL", "PKEXCL", "EXCLUDE", "EXCLUDED", "EXCL", "EXCLFL", "EXCLF", "OMIT", "OUTLIER", "PCSTAT"];
        let is_marks =
            |name: &String| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) && !self.uses(sheet, name);
        let Some(place) = sheet.names().iter().position(is_marks) else { return Ok(None) };
        let mut rows = sheet.rows();
        while let Some(row) = rows.read()? {
            let says_no = |text: &str| ["N", "NO", "0", "FALSE"].iter().any(|no| no.eq_ignore_ascii_case(text));
            let is_there = !is_missing(row.cell(self.conc.0));
            if let Some(text) = row.text(place)?.filter(|text| is_there && !says_no(text)) {
                let (file, line, name, text) = (sheet.file(), row.line(), &sheet.names()[place], excerpt(text));
                return Ok(Some(format!(
                    "{file}, line {line}: {name} is `{text}` and may say that a sample is not to be used, which is not read: take the others alone by Columns::only, with `{name}` and what stands in their rows, or leave the marked rows out"
                )));
            }
        }
        Ok(None)
    }

    /// A sentence about the columns that nobody reads, if there are any.
    pub(super) fn unread(&self, sheet: &Sheet<'_>) -> Option<String> {
        let is_unit = |name: &str| {
            let of = |measure: Option<Measure>| matches!(measure, Some((_, Unit::In(place))) if sheet.names()[place] == name);
            of(Some(self.time)) || of(Some(self.conc)) || of(self.dose)
        };
        let is_unread = |name: &&String| !name.is_empty() && !self.uses(sheet, name) && !is_unit(name);
        let names: Vec<String> = sheet.names().iter().filter(is_unread).map(|name| excerpt(name)).collect();
        (!names.is_empty()).then(|| format!("{}: not read: {}", sheet.file(), names.join(", ")))
    }
}
