//! What stands in a cell.

/// What becomes of a cell, or the rule that it breaks.
pub(crate) type Read<T> = Result<T, &'static str>;

pub(crate) const NUMBER: &str = "it must be a finite number; write `.` or nothing where there is none";
pub(crate) const UTF8: &str = "it must be text in UTF-8: save the file as UTF-8";
/// What stands for nothing.
const MISSING: [&str; 5] = ["NA", "NaN", "NULL", "N/A", "#N/A"];
/// What a spreadsheet shows where a formula fails.
const FAILURES: [&str; 8] = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"];

fn is_one_of(cell: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| cell.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a cell says nothing: it is empty, `.` or one of the words for what is missing.
#[inline]
pub(crate) fn is_missing(cell: &[u8]) -> bool {
    text(cell).is_none()
}

/// Whether a cell is what a spreadsheet shows where a formula fails.
pub(super) fn is_failed(cell: &[u8]) -> bool {
    is_one_of(cell.trim_ascii(), &FAILURES)
}

/// The text of a cell, or nothing where it is missing.
#[inline]
pub(crate) fn text(cell: &[u8]) -> Option<&[u8]> {
    let cell = cell.trim_ascii();
    let is_nothing = match cell {
        b"" | b"." => true,
        [b'N' | b'n' | b'#', ..] if cell.len() < 5 => is_one_of(cell, &MISSING),
        _ => false,
    };
    if is_nothing { None } else { Some(cell) }
}

/// A finite number, or nothing.
#[inline]
pub(crate) fn number(cell: &[u8]) -> Read<Option<f64>> {
    // Most cells are a point or one digit.
    match cell {
        b"." => Ok(None),
        [digit @ b'0'..=b'9'] => Ok(Some(f64::from(digit - b'0'))),
        _ => short(cell).map_or_else(|| long(cell), |number| Ok(Some(number))),
    }
}

/// A number of up to 15 digits with a point somewhere among them or none, as most numbers are. The digits as a whole number
/// and the power of ten below them are exact, so that their ratio is the nearest number to what is written.
fn short(cell: &[u8]) -> Option<f64> {
    const POWERS: [f64; 15] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];
    let (sign, unsigned) = cell.strip_prefix(b"-").map_or((1.0, cell), |rest| (-1.0, rest));
    if unsigned.len() > POWERS.len() || matches!(unsigned, b"" | b".") {
        return None;
    }
    let (mut all, mut point) = (0, None);
    for (at, byte) in unsigned.iter().enumerate() {
        match byte {
            b'0'..=b'9' => all = 10 * all + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let below = point.map_or(0, |at| unsigned.len() - 1 - at);
    #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
    Some(sign * all as f64 / POWERS[below])
}

/// A number in any notation, with blanks around it, or nothing.
fn long(cell: &[u8]) -> Read<Option<f64>> {
    let Some(text) = text(cell) else { return Ok(None) };
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    number.filter(|number| number.is_finite()).map(Some).ok_or(NUMBER)
}

/// A whole number from 0 to `most` out of a number, or nothing.
#[inline]
pub(crate) fn count(number: Option<f64>, (most, rule): (u32, &'static str)) -> Read<Option<u32>> {
    let Some(number) = number else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what changes is refused")]
    let whole = number as u32;
    if f64::from(whole) == number && whole <= most { Ok(Some(whole)) } else { Err(rule) }
}

/// What a cell says of a concentration that was too low to be measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Below<'c> {
    /// The limit, where it is written.
    pub(crate) limit: Option<&'c [u8]>,
}

/// Whether a cell says that a concentration lies below the limit of its assay: `BLQ`, `BQL`, `<LLOQ`, `<0.5`, `BLQ(<0.5)`.
pub(crate) fn below(cell: &[u8]) -> Option<Below<'_>> {
    const WORDS: [&str; 28] = [
        "BELOW LLOQ",
        "BELOW LOQ",
        "BELOW LOD",
        "BELOW LIMIT",
        "BELOW LIMIT OF QUANTIFICATION",
        "BELOW LIMIT OF DETECTION",
        "BELOW DETECTION LIMIT",
        "NOT DETECTED",
        "NOT DETECTABLE",
        "NOT QUANTIFIABLE",
        "UNDETECTED",
        "UNDETECTABLE",
        "BLLOQ",
        "BLOQ",
        "LLOQ",
        "BLQ",
        "BQL",
        "BLD",
        "BDL",
        "LLQ",
        "LOQ",
        "LOD",
        "LLOD",
        "NQ",
        "ND",
        "N.D.",
        "N.Q.",
        "BLLQ",
    ];
    const SIGNS: &[u8] = b" <=()[]";
    let bare = |cell: &mut &[u8]| {
        let start = cell.iter().position(|byte| !SIGNS.contains(byte)).unwrap_or(cell.len());
        let end = cell.iter().rposition(|byte| !SIGNS.contains(byte)).map_or(start, |last| last + 1);
        *cell = &cell[start..end];
    };
    let (mut rest, is_less) = (cell.trim_ascii(), cell.contains(&b'<'));
    bare(&mut rest);
    let starts = |word: &&&str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    let word = WORDS.iter().filter(starts).max_by_key(|word| word.len());
    if let Some(word) = word {
        rest = &rest[word.len()..];
        bare(&mut rest);
    }
    let is_limit = rest.first().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    match (word, rest) {
        (Some(_), b"") => Some(Below { limit: None }),
        (Some(_), limit) if is_limit => Some(Below { limit: Some(limit) }),
        (None, limit) if is_limit && is_less => Some(Below { limit: Some(limit) }),
        _ => None,
    }
}

/// A cell as a sentence shows it: between marks, not too long, and without what is not text.
pub(crate) fn found(cell: &[u8]) -> String {
    const MOST: usize = 40;
    let cell = cell.trim_ascii();
    if cell.is_empty() || cell == b"." {
        return String::from("nothing");
    }
    let text = String::from_utf8_lossy(cell);
    let start: String = text.chars().take(MOST).collect();
    let end = if start.len() < text.len() { "..." } else { "" };
    let shown = start.chars().flat_map(|c| {
        let (plain, escaped) = if c.is_control() { (None, Some(c.escape_debug())) } else { (Some(c), None) };
        plain.into_iter().chain(escaped.into_iter().flatten())
    });
    format!("`{}{end}`", shown.collect::<String>())
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// As `[ ]?-?[0-9]{0,9}[.]?[0-9]{0,9}(e-?[0-9]{1,2})?[ ]?` has it.
    fn any_number(random: &mut ChaCha8Rng) -> String {
        let mut cell = String::new();
        let maybe =
            |random: &mut ChaCha8Rng, cell: &mut String, c: char| cell.extend(random.random::<bool>().then_some(c));
        let digits = |random: &mut ChaCha8Rng, cell: &mut String, count: std::ops::RangeInclusive<u32>| {
            let count = random.random_range(count);
            cell.extend((0..count).map(|_| char::from(random.random_range(b'0'..=b'9'))));
        };
        maybe(random, &mut cell, ' ');
        maybe(random, &mut cell, '-');
        digits(random, &mut cell, 0..=9);
        maybe(random, &mut cell, '.');
        digits(random, &mut cell, 0..=9);
        if random.random::<bool>() {
            cell.push('e');
            maybe(random, &mut cell, '-');
            digits(random, &mut cell, 1..=2);
        }
        maybe(random, &mut cell, ' ');
        cell
    }

    #[test]
    fn a_number_is_the_nearest_one_however_it_is_written() {
        let mut random = ChaCha8Rng::seed_from_u64(2026);
        for _ in 0..4_096 {
            let cell = any_number(&mut random);
            let right = cell.trim().parse::<f64>().ok().map(f64::to_bits);
            assert_eq!(number(cell.as_bytes()).ok().flatten().map(f64::to_bits), right, "{cell}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for nothing in [&b""[..], b".", b" ", b" . ", b"NA", b"nan", b"NULL", b"n/a", b" #N/A "] {
            assert_eq!(number(nothing), Ok(None));
        }
        for bad in [&b"1.2.3"[..], b"..", b"1,5", b"1e", b"-", b"0x1", b"inf", b"1 2", b"1e999", b"\xff"] {
            assert_eq!(number(bad), Err(NUMBER), "{}", found(bad));
        }
    }

    #[test]
    fn below_the_limit() {
        for (cell, limit) in [
            ("BLQ", None),
            (" bql ", None),
            ("LLOQ", None),
            ("<LLOQ", None),
            ("< LOQ", None),
            ("NQ", None),
            ("nd", None),
            ("<0.5", Some("0.5")),
            ("< 0,5", Some("0,5")),
            ("BLQ(<0.5)", Some("0.5")),
            ("BQL<(.100)", Some(".100")),
            ("Below LLOQ", None),
            ("below limit of quantification", None),
            ("not detected", None),
            ("BLQ (<0.5 ng/mL)", Some("0.5 ng/mL")),
            ("<LLOQ (0.5)", Some("0.5")),
        ] {
            let limit = limit.map(str::as_bytes);
            assert_eq!(below(cell.as_bytes()), Some(Below { limit }), "{cell}");
        }
        for other in ["0.5", ">0.5", "<x", "<", "<-1", "BLQX", "NDA", "", "ALQ", "5 BLQ"] {
            assert_eq!(below(other.as_bytes()), None, "{other}");
        }
    }
}
