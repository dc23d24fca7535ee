//! One opaque error that speaks in full sentences, and the checks that make it.

use std::fmt::{self, Debug, Display, Formatter};

/// `std::result::Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as a sentence: what was asked, what was found, what is allowed, what to do.
///
/// ```
/// use menaquinone::{ErrorKind, Parameters};
/// let error = Parameters { cl: -1.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Value);
/// assert_eq!(error.to_string(), "cl is -1 L/h, but it must be a positive, finite number");
/// ```
#[derive(Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    time: Option<f64>,
}

/// The sentence, so that a `main` or a test that ends with an error says what went wrong.
///
/// ```
/// let error = menaquinone::Error::value("ka is -1 1/h, but it must be positive");
/// assert_eq!(format!("{error:?}"), "ka is -1 1/h, but it must be positive");
/// ```
impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The families of [`Error`], for a program that wants to react; the sentence is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A number that cannot be: not finite, negative, outside its range.
    Value,
    /// A text that cannot be read: a wrong word, unit or number.
    Text,
    /// Dosing that ends was given where only dosing without an end makes sense.
    NotRepeating,
    /// The ODE solver needed steps too small for the clock.
    StepSizeUnderflow,
    /// The ODE solver reached its limit of steps.
    TooManySteps,
    /// A state or derivative of the equations was NaN or infinite.
    NotFinite,
    /// The equations look stiff; an explicit method will not do.
    Stiff,
    /// A file could not be read or written.
    File,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), time: None }
    }

    /// A value that is not allowed, in a sentence of your own: for [`System::check`](crate::ode::System::check).
    ///
    /// ```
    /// use menaquinone::{Error, ErrorKind};
    /// let error = Error::value("ka is -1 1/h, but it must be positive");
    /// assert_eq!(error.kind(), ErrorKind::Value);
    /// ```
    pub fn value(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    /// Stamps the time in h at which a simulation failed.
    pub(crate) fn at_time(mut self, time: f64) -> Self {
        self.time = Some(time);
        self
    }

    /// This error with what it happened to in front, such as `person 7`.
    pub(crate) fn of(self, whom: impl Display) -> Self {
        Self { message: format!("{whom}: {}", self.message), ..self }
    }

    /// The family this error belongs to.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The time in h at which a simulation failed, where there is one.
    pub fn time(&self) -> Option<f64> {
        self.time
    }
}

/// Lets a dosing that is already [`Repeating`](crate::Repeating) stand where a conversion could fail.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// `value` if it is finite and above zero.
#[inline]
pub(crate) fn positive(name: impl Display, value: f64, unit: &str) -> Result<f64> {
    check(value.is_finite() && value > 0.0, name, value, unit, "a positive, finite number")
}

/// `value` if it is finite and not below zero.
#[inline]
pub(crate) fn non_negative(name: impl Display, value: f64, unit: &str) -> Result<f64> {
    check(value.is_finite() && value >= 0.0, name, value, unit, "a finite number, zero or above")
}

/// `value` if it is finite.
#[inline]
pub(crate) fn finite(name: impl Display, value: f64, unit: &str) -> Result<f64> {
    check(value.is_finite(), name, value, unit, "a finite number")
}

/// `value` if it lies in (0, 1].
#[inline]
pub(crate) fn fraction(name: impl Display, value: f64) -> Result<f64> {
    check(value > 0.0 && value <= 1.0, name, value, "", "a fraction above 0 and at most 1")
}

#[inline]
fn check(ok: bool, name: impl Display, value: f64, unit: &str, allowed: &str) -> Result<f64> {
    if ok { Ok(value) } else { Err(refusal(&name, value, unit, allowed)) }
}

/// Apart from the check, so that the check is short enough to be made ten thousand times.
#[cold]
fn refusal(name: &dyn Display, value: f64, unit: &str, allowed: &str) -> Error {
    let space = if unit.is_empty() { "" } else { " " };
    Error::value(format!("{name} is {}{space}{unit}, but it must be {allowed}", Short(value)))
}

/// A number as a sentence shows it: in a few digits where it is very large or very small.
pub(crate) struct Short(pub(crate) f64);

impl Display for Short {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size == 0.0 || (1e-5..1e15).contains(&size) || !size.is_finite() {
            return Display::fmt(&self.0, f);
        }
        std::fmt::LowerExp::fmt(&self.0, f)
    }
}

/// As much of a text as fits into a sentence, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    if text.chars().nth(MOST).is_none() {
        return line.collect();
    }
    line.take(MOST - 3).chain("...".chars()).collect()
}

/// The sentence for a name that is not among those that are known.
#[cold]
pub(crate) fn no_such(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Error {
    let known: Vec<_> = known.collect();
    Error::new(ErrorKind::Text, format!("there is no {what} `{name}`: ask for {}", known.join(", ")))
}
