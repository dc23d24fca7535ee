//! The intake of each day, as a table to print or to keep.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

use super::Diary;
use crate::error::Result;
use crate::food::{Amount, Form, Intake, rounded};

/// What each day of a [`Diary`] brought, by form of the vitamin.
///
/// ```
/// use menaquinone::{diary::Diary, vitamer::{MK4, MK7}};
/// let diary: Diary = "Mon 08:00 natto 50 g, egg yolk 17 g
///                     Tue 12:00 cheese, gouda 40 g".parse()?;
/// let intake = diary.intake();
/// assert_eq!(intake.day("Mon")?.amount(&MK7)?.to_string(), "470 µg (388-875)");
/// assert_eq!(intake.total().amount(&MK4)?.to_string(), "5.27 µg (range not known)");
/// assert_eq!(intake.without(&MK7), ["cheese, gouda", "egg yolk"]); // the table has no MK-7 for them
/// println!("{intake}");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DailyIntake {
    #[serde(serialize_with = "by_name")]
    days: Vec<(u32, String, Intake)>,
    /// Foods that were eaten and that have no row of a form.
    #[serde(serialize_with = "by_form")]
    without: Vec<Lacking>,
}

impl Diary {
    /// How much of every form each day brought, as far as the table of foods goes.
    ///
    /// Days on which nothing is written are left out. Ranges are added end to end, as if everything were poor or rich
    /// at once.
    pub fn intake(&self) -> DailyIntake {
        let mut days: Vec<(u32, String, Intake)> = Vec::new();
        for (time, plate) in &self.plates {
            let (day, name) = self.day_of(*time);
            match days.last_mut() {
                Some((last, _, intake)) if *last == day => *intake = std::mem::take(intake) + plate.intake(),
                _ => days.push((day, name, plate.intake())),
            }
        }
        DailyIntake { days, without: self.without() }
    }

    fn without(&self) -> Vec<Lacking> {
        let foods: Vec<_> = {
            let mut seen = BTreeSet::new();
            let servings = self.plates.iter().flat_map(|(_, plate)| plate.servings());
            servings.map(crate::food::Serving::food).filter(|food| seen.insert(food.name)).collect()
        };
        let lacking = |form: Form| {
            let lacking = foods.iter().filter(|food| !food.contents.is_empty() && food.content(form).is_err());
            lacking.map(|food| food.name).collect()
        };
        let forms = Form::ALL.into_iter().filter(|form| form.vitamer().is_some());
        forms.map(|form| (form, lacking(form))).collect()
    }
}

impl DailyIntake {
    /// The days with their names, in order of time.
    pub fn days(&self) -> impl ExactSizeIterator<Item = (&str, &Intake)> {
        self.days.iter().map(|(_, name, intake)| (name.as_str(), intake))
    }

    /// The intake of the day of this name, such as `Mon`, `day 3` or `2026-03-02`.
    ///
    /// # Errors
    /// A day of which the diary says nothing.
    pub fn day(&self, name: &str) -> Result<&Intake> {
        let found = self.days().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, intake)| intake).ok_or_else(|| {
            let known: Vec<_> = self.days().map(|(name, _)| name).take(10).collect();
            let sentence = format!("the diary says nothing of `{name}`: it begins with {}", known.join(", "));
            crate::error::Error::new(crate::error::ErrorKind::Text, sentence)
        })
    }

    /// Everything together.
    pub fn total(&self) -> Intake {
        self.days().map(|(_, intake)| intake.clone()).sum()
    }

    /// The foods that were eaten and that have no row of this form, in order of the alphabet.
    pub fn without(&self, form: impl Into<Form>) -> Vec<&'static str> {
        let form = form.into();
        let found = self.without.iter().find(|(known, _)| *known == form);
        found.map(|(_, foods)| foods.iter().copied().collect()).unwrap_or_default()
    }

    /// A table with a row for each day and form: `day,form,typical_ug,low_ug,high_ug,unranged_ug`. The ends are empty
    /// where no range is known; see [`Amount`] for the last column.
    ///
    /// ```
    /// use menaquinone::diary::Diary;
    /// let diary: Diary = "Mon 08:00 egg yolk 100 g, MK-7 90 ug".parse()?;
    /// assert_eq!(
    ///     diary.intake().to_csv(),
    ///     "day,form,typical_ug,low_ug,high_ug,unranged_ug\n\
    ///      Mon,K1,0.7,,,0.7\n\
    ///      Mon,MK-4,31,,,31\n\
    ///      Mon,MK-7,90,90,90,0\n"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let mut text = String::from("day,form,typical_ug,low_ug,high_ug,unranged_ug\n");
        let end = |end: Option<f64>| end.map_or_else(String::new, |end| end.to_string());
        for (day, intake) in self.days() {
            for (form, Amount { typical, low, high, unranged, .. }) in intake.iter() {
                let (low, high) = (end(low), end(high));
                writeln!(text, "{day},{form},{typical},{low},{high},{unranged}").expect("a String takes everything");
            }
        }
        text
    }
}

fn by_name<S: Serializer>(days: &[(u32, String, Intake)], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_map(days.iter().map(|(_, name, intake)| (name, intake)))
}

type Lacking = (Form, BTreeSet<&'static str>);

fn by_form<S: Serializer>(without: &[Lacking], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_map(without.iter().map(|(form, foods)| (form.symbol, foods)))
}

/// A line for each day and a column for each form, in µg, with the range in parentheses where one is known; below it, what
/// nobody has measured.
impl fmt::Display for DailyIntake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days.is_empty() {
            return writeln!(f, "The diary is empty.");
        }
        let forms: Vec<Form> = self.total().iter().map(|(form, _)| form).collect();
        let header = std::iter::once("day".to_owned()).chain(forms.iter().map(|form| format!("{form}, µg")));
        let row = |(day, intake): (&str, &Intake)| {
            let cells = forms.iter().map(|form| intake.get(*form).map_or_else(|| "-".to_owned(), |a| cell(&a)));
            std::iter::once(day.to_owned()).chain(cells).collect()
        };
        let mut lines: Vec<Vec<String>> = vec![header.collect()];
        lines.extend(self.days().map(row));
        write_columns(f, &lines)?;
        writeln!(f, "A number alone has no known range, and one with * is in part such a number. - is not known.")?;
        for (form, foods) in self.without.iter().filter(|(form, foods)| forms.contains(form) && !foods.is_empty()) {
            let foods: Vec<_> = foods.iter().copied().collect();
            writeln!(f, "The table has no {form} for: {}", foods.join("; "))?;
        }
        Ok(())
    }
}

/// `470 (388-875)`
fn cell(amount: &Amount) -> String {
    let text = amount.to_string();
    let typical = rounded(amount.typical);
    match amount.low.zip(amount.high) {
        Some((low, high)) if text.contains('(') => {
            let mark = if amount.unranged > 0.0 { "*" } else { "" };
            format!("{typical} ({}-{}){mark}", rounded(low), rounded(high))
        }
        _ => typical,
    }
}

/// Left-aligned columns two spaces apart.
fn write_columns(f: &mut fmt::Formatter<'_>, lines: &[Vec<String>]) -> fmt::Result {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..columns).map(width).collect();
    for line in lines {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(f, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}
