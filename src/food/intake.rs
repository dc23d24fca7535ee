//! How much of every form is taken.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use serde::{Serialize, Serializer};

use super::{Amount, Form};
use crate::error::{Error, ErrorKind, Result};

/// The amounts of several forms, in the order of [`Form::ALL`].
///
/// Forms that are [sums](Form::is_sum) overlap with others, so nothing is added up across forms.
///
/// ```
/// use menaquinone::{food::{self, Plate}, units::*};
/// let plate = Plate::from(food::find("gouda")?.serving(40.0 * GRAM)?);
/// assert_eq!(
///     plate.intake().to_string(),
///     "K1        0.92 µg (range not known)\n\
///      total K2  30 µg (range not known)\n"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intake {
    amounts: Vec<(Form, Amount)>,
}

impl Intake {
    /// The amount of one form.
    ///
    /// ```
    /// use menaquinone::{food::{self, Plate}, units::*, vitamer::MK7};
    /// let plate = Plate::from(food::find("gouda")?.serving(40.0 * GRAM)?);
    /// assert_eq!(
    ///     plate.intake().amount(&MK7).unwrap_err().to_string(),
    ///     "nothing here has a known content of MK-7: there are K1, total K2"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A form that nothing had a row of, which is not the same as none of it.
    pub fn amount(&self, form: impl Into<Form>) -> Result<Amount> {
        let form = form.into();
        self.get(form).ok_or_else(|| {
            let known: Vec<_> = self.amounts.iter().map(|(form, _)| form.symbol).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let sentence = format!("nothing here has a known content of {form}: there are {known}");
            Error::new(ErrorKind::Value, sentence)
        })
    }

    /// Every form with its amount.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Form, Amount)> + '_ {
        self.amounts.iter().copied()
    }

    /// The amount of one form, where something had a row of it.
    pub(crate) fn get(&self, form: Form) -> Option<Amount> {
        self.amounts.iter().find(|(known, _)| *known == form).map(|(_, amount)| *amount)
    }

    fn put(&mut self, form: Form, amount: Amount) {
        let key = |form: Form| (form.rank(), form.symbol);
        match self.amounts.binary_search_by_key(&key(form), |(known, _)| key(*known)) {
            Ok(place) => self.amounts[place].1 = self.amounts[place].1 + amount,
            Err(place) => self.amounts.insert(place, (form, amount)),
        }
    }
}

impl FromIterator<(Form, Amount)> for Intake {
    fn from_iter<I: IntoIterator<Item = (Form, Amount)>>(amounts: I) -> Self {
        let mut intake = Self::default();
        amounts.into_iter().for_each(|(form, amount)| intake.put(form, amount));
        intake
    }
}

impl Add for Intake {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        other.amounts.into_iter().for_each(|(form, amount)| self.put(form, amount));
        self
    }
}

impl Sum for Intake {
    fn sum<I: Iterator<Item = Self>>(intakes: I) -> Self {
        intakes.fold(Self::default(), Add::add)
    }
}

/// A map from the symbol of each form to its amount.
impl Serialize for Intake {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(form, amount)| (form.symbol, amount)))
    }
}

/// A line for each form.
impl fmt::Display for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.amounts.iter().map(|(form, _)| form.symbol.len()).max().unwrap_or(0);
        self.amounts.iter().try_for_each(|(form, amount)| writeln!(f, "{form:<width$}  {amount}"))
    }
}
