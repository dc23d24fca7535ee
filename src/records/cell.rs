//! What stands in a cell.

/// A cell that cannot be read: what was found, and the rule.
pub(super) type Bad = (String, &'static str);

/// The text of a cell, or nothing where it is empty or `.`.
#[inline]
pub(super) fn text(cell: &[u8]) -> Option<&[u8]> {
    let cell = cell.trim_ascii();
    if cell.is_empty() || cell == b"." { None } else { Some(cell) }
}

/// A finite number, or nothing.
#[inline]
pub(super) fn number(cell: &[u8]) -> Result<Option<f64>, Bad> {
    let Some(text) = text(cell) else { return Ok(None) };
    if let [digit @ b'0'..=b'9'] = text {
        return Ok(Some(f64::from(digit - b'0')));
    }
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    match number {
        Some(number) if number.is_finite() => Ok(Some(number)),
        _ => Err((shown(text), "it must be a finite number; write `.` or nothing where there is none")),
    }
}

/// A whole number from 0 to `most`, or nothing.
#[inline]
pub(super) fn count(cell: &[u8], (most, rule): (u32, &'static str)) -> Result<Option<u32>, Bad> {
    let Some(number) = number(cell)? else { return Ok(None) };
    if number >= 0.0 && number <= f64::from(most) && number.fract() == 0.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be one")]
        return Ok(Some(number as u32));
    }
    Err((shown(cell.trim_ascii()), rule))
}

/// A cell as a sentence shows it: between marks, not too long, and without what is not text.
pub(super) fn shown(cell: &[u8]) -> String {
    const MOST: usize = 40;
    let text = String::from_utf8_lossy(cell);
    let start: String = text.chars().take(MOST).collect();
    let end = if start.len() < text.len() { "..." } else { "" };
    format!("`{}{end}`", start.escape_debug())
}
