//! Times of day and dates, as hours.

use std::str::FromStr;

use jiff::civil::Date;

use super::cell::{Read, text};
use crate::units::{DAY, HOUR, MINUTE};

const CLOCK: &str = "it must be a number of hours or a time of day such as 8:30";
const DATE: &str = "it must be a date such as 2026-11-22 or the whole number of a day";
const SECOND: f64 = MINUTE / 60.0;

/// The hours of `8:30` or `8:30:15`.
pub(super) fn time_of_day(cell: &[u8]) -> Read<f64> {
    let text = std::str::from_utf8(cell).map_err(|_| CLOCK)?;
    let parts: Option<Vec<u32>> = text.trim().split(':').map(number).collect();
    match parts.as_deref() {
        Some(&[hours, minutes]) if hours <= 24 && minutes < 60 => Ok(clock([hours, minutes, 0])),
        Some(&[hours, minutes, seconds]) if hours <= 24 && minutes < 60 && seconds < 60 => {
            Ok(clock([hours, minutes, seconds]))
        }
        _ => Err(CLOCK),
    }
}

/// A number without a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn clock([hours, minutes, seconds]: [u32; 3]) -> f64 {
    f64::from(hours) * HOUR + f64::from(minutes) / 60.0 * HOUR + f64::from(seconds) * SECOND
}

/// The hours from a far day to the beginning of a date.
pub(super) fn date(cell: &[u8]) -> Read<Option<f64>> {
    let Some(text) = text(cell) else { return Ok(None) };
    let text = std::str::from_utf8(text).map_err(|_| DATE)?;
    if let Ok(day) = text.parse::<i32>() {
        return Ok(Some(f64::from(day) * DAY));
    }
    let looks_right = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = looks_right.then(|| Date::from_str(text).ok()).flatten().ok_or(DATE)?;
    let days = Date::constant(2000, 1, 1).until(date).map_err(|_| DATE)?.get_days();
    Ok(Some(f64::from(days) * DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_dates() {
        assert_eq!(time_of_day(b" 8:30 "), Ok(8.5));
        assert_eq!(time_of_day(b"23:59:30"), Ok(23.0 + 59.0 / 60.0 + 30.0 / 3600.0));
        for bad in ["8:60", "25:00", "8:", ":30", "8:+3", "8:30:00:1", "8h30"] {
            assert!(time_of_day(bad.as_bytes()).is_err(), "{bad}");
        }
        let day = |text: &str| date(text.as_bytes()).unwrap().unwrap();
        assert_eq!(day("2024-03-01") - day("2024-02-28"), 48.0);
        assert_eq!(day("7") - day("-1"), 192.0);
        assert_eq!(date(b"."), Ok(None));
        for bad in ["2024-02-30", "01/02/2024", "1.5", "2024-2-3"] {
            assert!(date(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
