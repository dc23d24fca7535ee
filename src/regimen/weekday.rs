//! The days of the week.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// A day of the week; time 0 is Monday, 0:00.
///
/// ```
/// use menaquinone::{Dose, Weekday::*, units::*};
/// let dosing = Dose::of(90.0 * UG).on([Mon, Wed, Fri]);
/// assert_eq!(dosing.to_string(), "90 ug on Mon,Wed,Fri");
/// assert_eq!("friday".parse(), Ok(Fri));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Weekday {
    /// Monday, the first day.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    pub(super) const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// Days since Monday.
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// The days from this one to another, round the end of the week where that comes first.
    pub(super) fn up_to(self, last: Self) -> impl Iterator<Item = Self> {
        let days = (last.number() + 7 - self.number()) % 7;
        (0..=days).map(move |day| Self::ALL[usize::from((self.number() + day) % 7)])
    }

    /// The days that are not among these.
    pub(super) fn others(days: &[Self]) -> Vec<Self> {
        Self::ALL.into_iter().filter(|day| !days.contains(day)).collect()
    }

    /// The three letters of the text form.
    pub(super) fn name(self) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][self as usize]
    }

    /// The full names.
    pub(super) const FULL: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// The day of a full English name, one or several of it, or its first letters in use, in any case.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        const LONGER: [(&str, usize); 4] = [("Tues", 1), ("Weds", 2), ("Thur", 3), ("Thurs", 3)];
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        let one = |full: &&str| {
            is(full)
                || is(&full[..3])
                || name.strip_suffix(['s', 'S']).is_some_and(|one| one.eq_ignore_ascii_case(full))
        };
        let longer = || LONGER.iter().find(|(known, _)| is(known)).map(|(_, number)| *number);
        Self::FULL.iter().position(one).or_else(longer).map(|number| Self::ALL[number])
    }
}

/// Reads a short or full English name, in any case: `Mon`, `Monday`, `Mondays`.
impl FromStr for Weekday {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::from_name(text.trim()).ok_or_else(|| {
            let sentence = format!("`{text}` is not a weekday: write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
            Error::new(ErrorKind::Text, sentence)
        })
    }
}
