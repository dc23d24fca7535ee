//! The units a text may name, and what each sentence about a mistake says.

use crate::units::{DAY, GRAM, HOUR, MG, MINUTE, UG, WEEK};

/// Every spelling of a unit, in lower case, and its size.
pub(super) type Units = &'static [(&'static [&'static str], f64)];

/// Both the micro sign and the Greek letter are in use.
pub(super) const AMOUNTS: Units = &[(&["ug", "\u{b5}g", "\u{3bc}g", "mcg"], UG), (&["mg"], MG), (&["g"], GRAM)];
pub(super) const TIMES: Units = &[
    (&["h", "hour", "hours"], HOUR),
    (&["d", "day", "days"], DAY),
    (&["w", "week", "weeks"], WEEK),
    (&["min", "minute", "minutes"], MINUTE),
];

/// What should have stood there, and what to write.
pub(super) type Expected = (&'static str, &'static str);
pub(super) const AMOUNT: Expected =
    ("an amount", "write a finite number above zero and a unit (ug, \u{b5}g, mcg, mg or g), such as 180 ug");
pub(super) const INTERVAL: Expected =
    ("an interval", "write a number and a unit (min, h, d or w) such as q24h, q12h or q1d");
pub(super) const TIME: Expected = ("a time", "write a number and a unit (min, h, d or w) such as `at 8h`");
pub(super) const DURATION: Expected =
    ("a duration", "write a number and a unit (min, h, d or w) such as `over 2h` or `for 8w`");
pub(super) const MEAL: Expected =
    ("a meal", "write how much fat it has, a number and a unit (g or mg), such as `with 20 g fat`, or `fasted`");
pub(super) const FAT: Expected = ("the word `fat`", "a meal is known by its fat, such as `with 20 g fat`");
pub(super) const SWALLOWED: Expected =
    ("allowed after `iv`", "a meal acts on what is swallowed, so leave it out or write the dose without `iv`");
pub(super) const DOSE: Expected =
    ("part of a dose", "write an amount, then `iv`, `over 2h` and a meal (`with 20 g fat`, `fasted`) where they apply");
pub(super) const COUNT: Expected = ("a count", "write a whole number, 1 or above, such as x60");
pub(super) const NUMBERS: Expected = ("a list of doses", "write whole numbers and ranges such as `skip 5,6,10-14`");
pub(super) const DAYS: Expected =
    ("a weekday", "write a list of Mon, Tue, Wed, Thu, Fri, Sat and Sun such as `on Mon,Wed,Fri`");
pub(super) const REPEATABLE: Expected = (
    "allowed here",
    "an interval repeats one dose, or doses in parentheses such as `(90 ug at 8h and 45 ug at 20h) q24h`, and days one dose",
);
pub(super) const CLOSING: Expected = ("a closing parenthesis", "write `)` where the `(` before ends");
pub(super) const SHALLOW: Expected = ("allowed so deep", "at most 20 parentheses stand inside one another");
pub(super) const CLAUSE: Expected = (
    "allowed here",
    "after a dose come, in this order, a meal (with 20 g fat, fasted), an interval (q24h, on Mon,Thu), a count (x60, for 8w) and a start (at 8h), then `skip`, `then` or `and`",
);
