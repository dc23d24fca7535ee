//! The units a text may name, and what each sentence about a mistake says.

use crate::units::{DAY, GRAM, HOUR, MG, MINUTE, UG, WEEK};

/// Every spelling of a unit, in lower case, and its size.
pub(super) type Units = &'static [(&'static [&'static str], f64)];

/// The micro sign, the Greek letter and the one sign for both letters are in use.
pub(super) const AMOUNTS: Units = &[
    (
        &[
            "ug",
            "\u{b5}g",
            "\u{3bc}g",
            "\u{338d}",
            "mcg",
            "mcgs",
            "microgram",
            "micrograms",
            "microgramme",
            "microgrammes",
        ],
        UG,
    ),
    (&["mg", "mgs", "\u{338e}", "milligram", "milligrams", "milligramme", "milligrammes"], MG),
    (&["g", "gram", "grams"], GRAM),
];
/// A month is 30 days.
pub(super) const MONTH: f64 = 30.0 * DAY;
pub(super) const TIMES: Units = &[
    (&["h", "hr", "hrs", "hour", "hours"], HOUR),
    (&["d", "day", "days"], DAY),
    (&["w", "wk", "wks", "week", "weeks"], WEEK),
    (&["mo", "mos", "month", "months"], MONTH),
    (&["min", "mins", "minute", "minutes"], MINUTE),
];

/// The size of a unit, in any case.
pub(super) fn size(units: Units, word: &str) -> Option<f64> {
    let word = word.to_lowercase();
    units.iter().find(|(names, _)| names.contains(&word.as_str())).map(|(_, size)| *size)
}

pub(super) fn is_amount(word: &str) -> bool {
    size(AMOUNTS, word).is_some()
}

/// What should have stood there, and what to write.
pub(super) type Expected = (&'static str, &'static str);
pub(super) const AMOUNT: Expected =
    ("an amount", "write a finite number above zero and a unit (ug, \u{b5}g, mcg, mg or g), such as 180 ug");
pub(super) const INTERVAL: Expected =
    ("an interval", "write a number and a unit (min, h, d or w) such as q24h, q12h or q1d");
pub(super) const TIME: Expected =
    ("a time", "write a number and a unit (min, h, d or w) such as `at 8h`, or `at 8:00`");
pub(super) const CLOCK: Expected = ("a time of day", "write one from 0:00 to 23:59, such as `at 8:00`, or `at 8 pm`");
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
pub(super) const SKIPPED_DAYS: Expected =
    ("a list of doses", "doses are skipped by their numbers, and days are left out with `except Sun`");
pub(super) const DAYS: Expected =
    ("a weekday", "write a list of Mon, Tue, Wed, Thu, Fri, Sat and Sun such as `on Mon,Wed,Fri`");
pub(super) const PERIOD: Expected = ("a day, a week or a month", "write `3x daily`, `q8h` or `weekly`");
pub(super) const OPEN_DAYS: Expected =
    ("one dosing, since it leaves the days open", "write them, such as `on Mon,Thu`, or an interval such as `q84h`");
pub(super) const REPEATABLE: Expected = (
    "allowed here",
    "an interval repeats one dose, or doses in parentheses such as `(90 ug at 8h and 45 ug at 20h) q24h`, and days one dose",
);
pub(super) const TIMES_OF_DAY: Expected =
    ("as many times of day as there are doses", "write `daily at 8:00 and 20:00`, or one start such as `q12h at 8h`");
pub(super) const PARTS: Expected =
    ("clear without a clock", "write the times, such as `daily at 8:00 and 20:00`, or `at 20h` for each dose");
pub(super) const HOW_OFTEN: Expected = ("clear about how often", "write `3x daily with meals` or `daily with food`");
pub(super) const BESIDE: Expected = (
    "clear about how often, beside a dose that says so",
    "write `90 ug daily and 45 ug daily`, or `90 ug once and 45 ug daily`",
);
/// Of a dose with a time of day, beside a course that repeats.
pub(super) const BESIDE_TIMES: &str = "clear about how often, beside a dose that says so";
/// Of a dose after a course that repeats.
pub(super) const AFTER: &str = "clear about how often, after doses that say so";
pub(super) const PAUSE: Expected = (
    "clear about the pause",
    "write each course, with the pause as the start of the next: `daily for 4w then 90 ug daily for 4w at 1w`",
);
pub(super) const RATE_OR_INTERVAL: Expected =
    ("clear after `iv`", "write `over 2h` for how long a dose is given, or `q8h` for how often");
pub(super) const ONCE_A_DAY: Expected = (
    "as often as the times that are named",
    "write `daily at 8:00 and 20:00` for a dose at each of them, or one time, such as `once daily at 8:00`",
);
pub(super) const EACH: Expected = (
    "clear about whether the amount is of one or of all",
    "write `2 x 90 ug` for two of 90 ug each, or the amount of all of them alone",
);
pub(super) const EXCEPTED: Expected =
    ("allowed with `except`", "write the days and how long, such as `daily except Sun for 4w`");
pub(super) const CLOSING: Expected = ("a closing parenthesis", "write `)` where the `(` before ends");
pub(super) const SHALLOW: Expected = ("allowed so deep", "at most 20 parentheses stand inside one another");
pub(super) const CLAUSE: Expected = (
    "allowed here",
    "after a dose come a meal (with 20 g fat), an interval (q24h) or `daily`, days (on Mon,Fri), a count (x60), a start (at 8h), or `then`, `and`, `skip`",
);
