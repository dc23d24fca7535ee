//! Times of day, alone or after a date, as hours.

use std::borrow::Cow;

use jiff::Span;

use super::cell::Read;
use super::date::{self, Day};
use crate::units::{DAY, HOUR, MINUTE};

const CLOCK: &str = "it must be a number of hours or a time of day such as 8:30";
const YEARLESS: &str = "it looks like a date without a year, into which a spreadsheet may have turned a number: format the column as numbers and save it again";
const SECOND: f64 = MINUTE / 60.0;

/// When something was, as a cell says it that is no number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stamp {
    /// The day, if the cell names one.
    pub(crate) day: Option<Day>,
    /// The hours since its beginning, if the cell names them.
    pub(crate) clock: Option<f64>,
    /// The hours by which its clock is before that of UTC, if the cell names them.
    pub(crate) offset: Option<f64>,
}

/// A date, a time of day, or one after the other.
pub(crate) fn stamp(cell: &[u8]) -> Read<Stamp> {
    let text = with_colon(std::str::from_utf8(cell).map_err(|_| CLOCK)?.trim());
    let (date, time) = parted(&text);
    let (time, offset) = if date.is_empty() { (time, None) } else { zoned(time)? };
    let day = if date.is_empty() { None } else { Some(date::named(date).map_err(|rule| of_time(date, rule))?) };
    let clock = if time.is_empty() { None } else { Some(time_of_day(time.as_bytes())?) };
    let is_beyond = day.is_some() && clock.is_some_and(|clock| clock > 24.0);
    if is_beyond || (day.is_none() && clock.is_none()) { Err(CLOCK) } else { Ok(Stamp { day, clock, offset }) }
}

/// What a TIME must be that is no date either.
fn of_time(date: &str, rule: &'static str) -> &'static str {
    match rule {
        date::DATE if date::is_day_of_a_month(date.as_bytes()) => YEARLESS,
        date::DATE => CLOCK,
        _ => rule,
    }
}

/// A date and the time of day after it, either of which may be nothing.
fn parted(text: &str) -> (&str, &str) {
    let Some(colon) = text.find(':') else {
        if let (bare, Some(_)) = half_of_day(text) {
            return text.split_at(bare.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        }
        // Without a colon ISO 8601 still parts them by a T.
        return text.split_once(['T', 't']).filter(|(_, time)| is_compact(time)).unwrap_or((text, ""));
    };
    let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    // SAS writes 31JAN2026:08:00 and 31JAN26:08:00; one letter before the hours is the T of ISO 8601.
    let is_month = before.len() > 1 && before.bytes().rev().take(2).all(|byte| byte.is_ascii_alphabetic());
    let is_year = match colon - before.len() {
        4 => !before.is_empty(),
        2 => is_month,
        _ => false,
    };
    let (date, time) = if is_year { (&text[..colon], &text[colon + 1..]) } else { text.split_at(before.len()) };
    let date = date.trim_end_matches(|c: char| matches!(c, 'T' | 't' | ',' | ':') || c.is_whitespace());
    (date, time)
}

/// A time of day without the zone after it, and the hours by which that is before UTC: `Z`, `+02:00`, `-0530` or `+02`.
fn zoned(text: &str) -> Read<(&str, Option<f64>)> {
    const MOST: f64 = 14.0;
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Ok((time, Some(0.0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, None)) };
    let (time, offset) = text.split_at(at);
    let sign = if offset.starts_with('-') { -1.0 } else { 1.0 };
    let hours = match &offset[1..] {
        short if short.len() == 2 => f64::from(number(short).ok_or(CLOCK)?),
        long => time_of_day(long.as_bytes())?,
    };
    if hours <= MOST { Ok((time, Some(sign * hours))) } else { Err(CLOCK) }
}

fn is_compact(time: &str) -> bool {
    time.len() == 4 && time.bytes().all(|byte| byte.is_ascii_digit())
}

/// The hours of `8:30`, `8:30:15`, `0830` or `8:30 PM`; hours that have been counted on may be above 24.
pub(crate) fn time_of_day(cell: &[u8]) -> Read<f64> {
    let text = std::str::from_utf8(cell).map_err(|_| CLOCK)?.trim();
    if is_compact(text) {
        return time_of_day(format!("{}:{}", &text[..2], &text[2..]).as_bytes());
    }
    let (text, half) = half_of_day(text);
    let mut parts = text.split(':');
    let whole = |part: Option<&str>, most: u32| part.and_then(number).filter(|number| *number <= most).ok_or(CLOCK);
    let (hours, minutes) = (whole(parts.next(), 9_999)?, parts.next());
    // `8 pm` needs no minutes.
    let minutes = if minutes.is_none() && half.is_some() { 0 } else { whole(minutes, 59)? };
    let seconds = parts.next().map_or(Some(0.0), seconds).ok_or(CLOCK)?;
    let hours = match half {
        _ if parts.next().is_some() => return Err(CLOCK),
        None => hours,
        Some(after) if (1..=12).contains(&hours) => hours % 12 + 12 * u32::from(after),
        Some(_) => return Err(CLOCK),
    };
    Ok(f64::from(60 * hours + minutes) / 60.0 * HOUR + seconds * SECOND)
}

/// A time with a colon for the letter of `8h30`.
fn with_colon(text: &str) -> Cow<'_, str> {
    let is_clock = |(hours, minutes): (&str, &str)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (1..=2).contains(&hours.len()) && minutes.len() == 2 && digits(hours) && digits(minutes)
    };
    match text.split_once(['h', 'H']).filter(|parts| is_clock(*parts)) {
        Some((hours, minutes)) => format!("{hours}:{minutes}").into(),
        None => Cow::Borrowed(text),
    }
}

/// A time without its AM or PM, and whether it is after noon.
fn half_of_day(text: &str) -> (&str, Option<bool>) {
    const HALVES: [(&str, bool); 6] =
        [("a.m.", false), ("p.m.", true), ("a.m", false), ("p.m", true), ("am", false), ("pm", true)];
    let before = |half: &str| {
        let cut = text.len().checked_sub(half.len()).filter(|cut| text.is_char_boundary(*cut))?;
        let (time, end) = text.split_at(cut);
        (end.eq_ignore_ascii_case(half) && time.trim_end().ends_with(|c: char| c.is_ascii_digit()))
            .then(|| time.trim_end())
    };
    let found = HALVES.into_iter().find_map(|(half, after)| Some((before(half)?, Some(after))));
    found.unwrap_or((text, None))
}

/// The hours of a duration of ISO 8601, such as `PT1H30M` or `-PT5M`; months and years have no length.
pub(crate) fn duration(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    let span: Span = text.trim_start_matches('-').starts_with(['P', 'p']).then(|| text.parse().ok()).flatten()?;
    let has_length = span.get_years() == 0 && span.get_months() == 0;
    let days = f64::from(7 * span.get_weeks() + span.get_days());
    #[expect(
        clippy::cast_precision_loss,
        reason = "a span has at most 10^18 nanoseconds, of which the last digits do not count"
    )]
    let small =
        span.get_seconds() as f64 + 1e-3 * span.get_milliseconds() as f64 + 1e-6 * span.get_microseconds() as f64;
    #[expect(clippy::cast_precision_loss, reason = "as above")]
    let hours = days * DAY + f64::from(span.get_hours()) * HOUR + span.get_minutes() as f64 / 60.0 * HOUR;
    has_length.then_some(hours + small * SECOND)
}

/// A number without a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn seconds(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_right = number(whole).is_some_and(|whole| whole < 60) && number(fraction).is_some();
    is_right.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        for (text, hours) in [
            (" 8:30 ", 8.5),
            ("23:59:30", 23.0 + 59.0 / 60.0 + 30.0 / 3600.0),
            ("30:15", 30.25),
            ("8:30 PM", 20.5),
            ("12:00am", 0.0),
            ("12:15 pm", 12.25),
            ("8:30:36.0", 8.51),
        ] {
            assert_eq!(time_of_day(text.as_bytes()), Ok(hours), "{text}");
        }
        for bad in
            ["8:60", "8:", ":30", "8:+3", "8:30:00:1", "8h30", "13:00 PM", "0:30 am", "8:30:60", "8:30:1e1", "\u{e9}"]
        {
            assert_eq!(time_of_day(bad.as_bytes()), Err(CLOCK), "{bad}");
        }
    }

    #[test]
    fn durations() {
        for (text, hours) in
            [("PT1H30M", 1.5), ("-PT5M", -5.0 / 60.0), ("P1D", 24.0), ("P1DT2H", 26.0), ("PT36S", 0.01), ("PT0H", 0.0)]
        {
            assert_eq!(duration(text.as_bytes()), Some(hours), "{text}");
        }
        for bad in ["P1M", "1.5", "PT", "P", "", "PREDOSE"] {
            assert_eq!(duration(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn dates_and_times_in_one_cell() {
        let right = stamp(b"2026-01-31T08:30").expect("a stamp");
        assert_eq!(right.clock, Some(8.5));
        for text in [
            "2026-01-31 08:30",
            "2026-01-31 8:30:00",
            "2026-01-31T08:30:00Z",
            "20260131T0830",
            "31JAN2026:08:30:00",
            "31-Jan-2026 8:30 AM",
            "Jan 31, 2026, 8:30",
            "2026/01/31 08:30:00.000",
        ] {
            let found = stamp(text.as_bytes()).map(|stamp| (stamp.day, stamp.clock));
            assert_eq!(found, Ok((right.day, right.clock)), "{text}");
        }
        assert_eq!(stamp(b"2026-01-31").map(|stamp| (stamp.day, stamp.clock)), Ok((right.day, None)));
        assert_eq!(stamp(b"8:30"), Ok(Stamp { day: None, clock: Some(8.5), offset: None }));
        assert!(matches!(stamp(b"02/03/2026 8:30"), Ok(Stamp { day: Some(Day::Either(..)), clock: Some(8.5), .. })));
        for (zone, offset) in
            [("Z", 0.0), ("+02:00", 2.0), ("-0530", -5.5), ("+02", 2.0), ("-03:30", -3.5), ("+14:00", 14.0)]
        {
            let found = stamp(format!("2026-01-31T08:30{zone}").as_bytes()).map(|stamp| (stamp.clock, stamp.offset));
            assert_eq!(found, Ok((Some(8.5), Some(offset))), "{zone}");
        }
        for bad in
            ["2026-01-31 25:00", "noon", "x 8:30", "2026-01-31T08:30+20:00", "2026-01-31T08:30+", "31/01/26 8:30"]
        {
            assert!(stamp(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
