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

    /// The three letters of the text form.
    pub(super) fn name(self) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][self as usize]
    }

    /// The day of a short or full English name, in any case.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        const FULL: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let is = |full: &str| [full, &full[..3]].iter().any(|known| known.eq_ignore_ascii_case(name));
        FULL.iter().position(|full| is(full)).map(|i| Self::ALL[i])
    }
}

/// Reads a short or full English name, in any case.
impl FromStr for Weekday {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::from_name(text.trim()).ok_or_else(|| {
            let sentence = format!("`{text}` is not a weekday: write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
            Error::new(ErrorKind::Text, sentence)
        })
    }
}
