//! Words that no dosing can be read from, each with what to write instead, and the nearest words to one that is unknown.

use super::synonyms::SYNONYMS;
use super::token::Token;
use super::vocabulary::{AMOUNTS, PAUSE, TIMES, Units, size};
use super::weekday::Weekday;
use super::words::matched;
use crate::units::{DAY, HOUR};

const WHEN_NEEDED: &str = "a dose taken when needed has no time: write when it is taken, such as q24h";
const BY_WEIGHT: &str = "an amount by weight needs the weight: write the amount itself, such as 180 ug";
const NO_UNIT: &str = "vitamin K has no such unit: write ug or mg";
const NO_SUBSTANCE: &str = "a dosing names no substance, its model does: write the amount alone, such as 180 ug";
const WAYS: &str = "the ways are `oral` and `iv`";
const STOMACH: &str = "write `fasted`, `with food` or `with 20 g fat`";
const FAT: &str = "write how much fat it has, such as `with 30 g fat`";
const ONE_AMOUNT: &str = "a dose is one amount: write it, such as 180 ug";
const DAY_NUMBERS: &str =
    "day 1 begins at 0h: write `daily x7` for days 1 to 7, and `at 168h` for what begins on day 8";
const HOW_LONG: &str = "write how long, such as `for 4w`";
const CLOCK: &str = "write the clock, such as `at 8:00`, or `with food`";
const RATE: &str = "a rate is an amount and a time: write them, such as `10 mg iv over 2h`";
const DAYS_OPEN: &str = "it leaves the days open: write `on Mon,Thu`, `q84h` or `q2w`";

/// The beginning of what cannot be read, in the words that the reader knows, and what to write.
const REFUSED: &[(&str, &str)] = &[
    ("prn", WHEN_NEEDED),
    ("as needed", WHEN_NEEDED),
    ("as required", WHEN_NEEDED),
    ("if needed", WHEN_NEEDED),
    ("when needed", WHEN_NEEDED),
    ("/ kg", BY_WEIGHT),
    ("per kg", BY_WEIGHT),
    ("kg", BY_WEIGHT),
    ("iu", NO_UNIT),
    ("units", NO_UNIT),
    ("ml", NO_UNIT),
    ("mk", NO_SUBSTANCE),
    ("k", NO_SUBSTANCE),
    ("vitamin", NO_SUBSTANCE),
    ("menaquinone", NO_SUBSTANCE),
    ("menatetrenone", NO_SUBSTANCE),
    ("phylloquinone", NO_SUBSTANCE),
    ("phytonadione", NO_SUBSTANCE),
    ("warfarin", NO_SUBSTANCE),
    ("im", WAYS),
    ("sc", WAYS),
    ("subcutaneously", WAYS),
    ("intramuscularly", WAYS),
    ("sublingually", WAYS),
    ("spray", WAYS),
    ("ac", STOMACH),
    ("before meals", STOMACH),
    ("before a meal", STOMACH),
    ("before food", STOMACH),
    ("before breakfast", STOMACH),
    ("before dinner", STOMACH),
    ("between meals", STOMACH),
    ("high - fat", FAT),
    ("low - fat", FAT),
    ("fatty", FAT),
    ("fat", FAT),
    ("breakfast", CLOCK),
    ("lunch", CLOCK),
    ("noon", CLOCK),
    ("dinner", CLOCK),
    ("/ h", RATE),
    ("per hour", RATE),
    ("/ min", RATE),
    ("per minute", RATE),
    ("over", "write it before the interval, such as `10 mg iv over 2h q24h`, or `for 8w` for how long"),
    ("divided", "write each dose, such as `30 mg 3x daily`"),
    ("split", "write each dose, such as `30 mg 3x daily`"),
    ("half", ONE_AMOUNT),
    ("quarter", ONE_AMOUNT),
    ("~", ONE_AMOUNT),
    ("<", ONE_AMOUNT),
    (">", ONE_AMOUNT),
    ("about", ONE_AMOUNT),
    ("approximately", ONE_AMOUNT),
    ("up -", ONE_AMOUNT),
    ("maximum", ONE_AMOUNT),
    ("max", ONE_AMOUNT),
    ("at least", ONE_AMOUNT),
    ("at most", ONE_AMOUNT),
    ("or", "it is one dosing or the other: write one of them"),
    ("biweekly", DAYS_OPEN),
    ("semiweekly", DAYS_OPEN),
    ("bimonthly", "it is twice a month or every two months: write `q2w` or `q60d`"),
    ("biw", DAYS_OPEN),
    ("tiw", "it leaves the days open: write `on Mon,Wed,Fri` or `q56h`"),
    ("year", "a year has 365 or 366 days: write `365d`"),
    ("years", "a year has 365 or 366 days: write `365d`"),
    ("yearly", "a year has 365 or 366 days: write `q365d`"),
    ("on day", DAY_NUMBERS),
    ("on days", DAY_NUMBERS),
    ("from day", DAY_NUMBERS),
    ("alternating", "write the doses as a cycle, such as `(180 ug at 0h and 90 ug at 24h) q48h`"),
    ("until", HOW_LONG),
    ("till", HOW_LONG),
    ("capsule", "write how much is in one, such as `1 capsule (180 ug)`"),
    ("\u{b5}", "did you mean `ug`?"),
    ("\u{3bc}", "did you mean `ug`?"),
    ("u", "did you mean `ug`?"),
    ("m", "did you mean `min`, `month` or `Mon`?"),
];

/// Words of the text form that stand too early.
const HOW_OFTEN_FIRST: &[(&str, &str)] = &[
    ("for", "write how often first, such as `daily for 8w`"),
    ("x", "write how often first, such as `daily x3`, or `3x daily`"),
    ("day", DAY_NUMBERS),
    ("days", DAY_NUMBERS),
];

/// What to write where the reader cannot go on at `at`, and how many tokens from there that is about.
pub(super) fn advice(tokens: &[Token], at: usize, is_duration: bool) -> Option<(usize, String)> {
    let rest = tokens.get(at..)?;
    // A duration begins with its own word, and is followed by a number.
    let first = refused(rest, if is_duration { 2 } else { 0 });
    let near = || nearest(rest).filter(|_| !is_duration);
    initials(rest)
        .or_else(|| not_a_meal(rest))
        .or(first)
        .or_else(|| without_unit(tokens, at))
        .or_else(|| unclear_number(rest))
        .or_else(|| second_dose(rest))
        .or_else(near)
        .or_else(|| refused(rest, 1))
        .or_else(|| refused(rest, 2))
}

/// What to write for the words so many tokens on, where they are known not to be readable.
fn refused(rest: &[Token], skipped: usize) -> Option<(usize, String)> {
    let found = rest.get(skipped..)?;
    let early = if skipped == 0 { HOW_OFTEN_FIRST } else { &[] };
    let fitting = REFUSED.iter().chain(early).filter_map(|(row, how)| Some((skipped + matched(found, row)?, *how)));
    fitting.max_by_key(|(length, _)| *length).map(|(length, how)| (length, how.to_owned()))
}

/// What is taken with a dose and is no meal: water and what else has no fat.
fn not_a_meal(rest: &[Token]) -> Option<(usize, String)> {
    const DRINKS: [&str; 5] = ["water", "juice", "coffee", "tea", "liquid"];
    const MOST: usize = 8;
    let is = |token: &Token, words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(token.text));
    rest.first().filter(|first| is(first, &["with"]))?;
    let at = rest.iter().take(MOST).position(|token| is(token, &DRINKS))?;
    let words = rest[1..at].iter().all(|token| token.text.chars().all(char::is_alphanumeric));
    words.then(|| (at + 1, "leave out a drink without fat, or write `with food` or `with 20 g fat`".to_owned()))
}

/// A dose after nothing but a comma.
fn second_dose(rest: &[Token]) -> Option<(usize, String)> {
    let comma = rest.first().is_some_and(|first| matches!(first.text, "," | ";" | "+"));
    let number = rest.get(1).is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()));
    (comma && number).then(|| (2, "write `then` for a dose after it, and `and` for one beside it".to_owned()))
}

/// A number that lacks its unit, or an interval that lacks its `q`.
fn without_unit(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let is_number = |token: &&Token| token.text.starts_with(|c: char| c.is_ascii_digit());
    let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text);
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    let first = text(Some(at));
    let keyword = ["q", "every", "at", "for", "over"].into_iter().find(|known| is(first, known));
    let number = tokens.get(at + usize::from(keyword.is_some())).filter(is_number)?;
    let next = tokens.get(at + usize::from(keyword.is_some()) + 1);
    let unit = next.filter(|unit| size(TIMES, unit.text).is_some());
    let written_on = next.is_some_and(|next| next.start == number.end);
    let digits = number.text.trim_start_matches('.');
    let after = |ahead| text(Some(at + ahead));
    match (keyword, unit) {
        (None, Some(_)) if is(after(2), "weekly") => Some((3, days_of_week(digits))),
        (None, Some(unit)) if is(after(2), "on") || is(after(2), "off") => {
            let in_week = size(TIMES, unit.text) == Some(DAY) && digits.parse().is_ok_and(|days: u32| days < 7);
            Some((3, if in_week { DAYS_OPEN } else { PAUSE.1 }.to_owned()))
        }
        (None, Some(unit)) if size(TIMES, unit.text) == Some(HOUR) => Some((2, format!("did you mean `q{digits}h`?"))),
        (None, Some(unit)) => Some((2, format!("did you mean `for {digits} {0}` or `q{digits}{0}`?", unit.text))),
        (None, None) if is(after(1), "daily") && digits.parse().is_ok_and(|count: u32| count <= 6) => {
            Some((2, format!("did you mean `{digits}x daily`?")))
        }
        (None, None) if is(after(1), "daily") => Some((2, format!("did you mean `{digits} ug daily`?"))),
        (Some("q" | "every"), None) if is(after(2), "-") => {
            Some((3, "an interval is one number: write it, such as q8h".into()))
        }
        (Some("q" | "every"), None) if !written_on => Some((2, format!("did you mean `q{digits}h`?"))),
        (Some("at"), None) if !written_on => Some((2, hour(digits))),
        (Some("for"), None) if !written_on => Some((2, format!("did you mean `for {digits}d` or `x{digits}`?"))),
        _ => None,
    }
}

/// What to write for so many days of a week, where most of them are meant.
pub(super) fn open_days(count: u32) -> Option<&'static str> {
    match count {
        7 => Some("write `daily`"),
        6 => Some("write `daily except Sunday`, or except another day"),
        5 => Some("write `on Mon-Fri`, or other days"),
        _ => None,
    }
}

fn days_of_week(digits: &str) -> String {
    if digits == "7" {
        return "did you mean `daily`?".to_owned();
    }
    let days = digits.parse().ok().and_then(open_days);
    days.map_or_else(|| DAYS_OPEN.to_owned(), |days| format!("it leaves the days open: {days}"))
}

/// Days by their first letters, some of which begin two days.
fn initials(rest: &[Token]) -> Option<(usize, String)> {
    const DAYS: [(&str, &str); 13] = [
        ("m", "Mon"),
        ("mo", "Mon"),
        ("t", ""),
        ("tu", "Tue"),
        ("w", "Wed"),
        ("we", "Wed"),
        ("th", "Thu"),
        ("f", "Fri"),
        ("fr", "Fri"),
        ("s", ""),
        ("sa", "Sat"),
        ("su", "Sun"),
        ("so", ""),
    ];
    let skipped = usize::from(rest.first().is_some_and(|first| first.text.eq_ignore_ascii_case("on")));
    let day = |token: &Token| {
        let known = DAYS.iter().find(|(letters, _)| letters.eq_ignore_ascii_case(token.text));
        known.map(|(_, day)| *day).or_else(|| Weekday::from_name(token.text).map(Weekday::name))
    };
    let mut written = rest.get(skipped).and_then(day)?.to_owned();
    let (mut length, mut is_open) = (skipped + 1, written.is_empty());
    while let Some(next) = rest.get(length) {
        let mark = if matches!(next.text, "-" | "/" | ",") { next.text } else { "" };
        let Some(day) = rest.get(length + usize::from(!mark.is_empty())).and_then(day) else { break };
        written += if mark.is_empty() { "," } else { mark };
        written += day;
        is_open |= day.is_empty();
        length += 1 + usize::from(!mark.is_empty());
    }
    let several = length > skipped + 1;
    let how = if is_open {
        "a letter begins two days: write three of each, such as `Tue/Thu`".to_owned()
    } else {
        format!("did you mean `{written}`?")
    };
    several.then_some((length, how))
}

/// The time of day that a number may be.
fn hour(digits: &str) -> String {
    match digits.split_once('.').or_else(|| digits.split_at_checked(2).filter(|_| digits.len() == 4)) {
        Some((hours, minutes)) => format!("did you mean `at {hours}:{minutes}`?"),
        None => format!("did you mean `at {digits}h` or `at {digits}:00`?"),
    }
}

/// A range, or a comma that may part thousands or be a decimal point.
fn unclear_number(rest: &[Token]) -> Option<(usize, String)> {
    let first = rest.first().filter(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))?;
    if rest.get(1).is_some_and(|next| next.text == "-") {
        return Some((2, ONE_AMOUNT.to_owned()));
    }
    let (whole, part) = first.text.split_once(',').filter(|(_, part)| part.len() == 3)?;
    Some((1, format!("its comma may be either: write {whole}{part}, or {whole}.{part} with a point")))
}

/// Words that are no beginning of a row.
const WORDS: [&str; 30] = [
    "daily", "weekly", "monthly", "hourly", "every", "once", "twice", "then", "and", "skip", "with", "food", "fasted",
    "fat", "over", "for", "oral", "except", "nothing", "morning", "evening", "night", "bedtime", "meals", "capsule",
    "hours", "weeks", "months", "days", "minutes",
];

/// Words of meals.
const MEALS: [&str; 6] = ["food", "meals", "fat", "breakfast", "lunch", "dinner"];

/// The known word that an unknown one is most like.
fn nearest(rest: &[Token]) -> Option<(usize, String)> {
    let (at, asked) = rest.iter().take(2).enumerate().find_map(|(at, token)| {
        let word = token.text.to_lowercase();
        (word.len() > 3 && word.chars().all(char::is_alphabetic) && !is_known(&word)).then_some((at, word))
    })?;
    let rows = SYNONYMS.iter().map(|(row, _)| *row).filter(|row| row.len() > 4 && !row.contains(' '));
    let units = |units: Units| units.iter().flat_map(|(names, _)| names.iter().copied());
    let known = WORDS.into_iter().chain(rows).chain(units(AMOUNTS)).chain(units(TIMES)).chain(Weekday::FULL);
    // What follows `with` is a meal.
    let is_meal = at == 1 && rest.first().is_some_and(|first| first.text.eq_ignore_ascii_case("with"));
    let known = known.chain(MEALS).filter(|word| !is_meal || MEALS.contains(word));
    let most = if asked.len() > 5 { 2 } else { 1 };
    let distance = |known: &str| strsim::damerau_levenshtein(&asked, &known.to_lowercase());
    let (distance, word) = known.map(|known| (distance(known), known)).min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then(|| (at + 1, format!("did you mean `{word}`?")))
}

fn is_known(word: &str) -> bool {
    WORDS.contains(&word)
        || Weekday::from_name(word).is_some()
        || size(AMOUNTS, word).is_some()
        || size(TIMES, word).is_some()
}
