//! Units as people write them, in those of the crate.

use menaquinone::units::{DAY, GRAM, HOUR, L, MG, MINUTE, ML, UG, WEEK};

/// A unit, and what one of it is in µg, L, h or their quotients.
type Unit = (&'static str, f64);

const AMOUNTS: [Unit; 7] =
    [("kg", 1e3 * GRAM), ("g", GRAM), ("mg", MG), ("ug", UG), ("mcg", UG), ("ng", 1e-3 * UG), ("pg", 1e-6 * UG)];
const VOLUMES: [Unit; 4] = [("l", L), ("dl", 0.1 * L), ("ml", ML), ("ul", 1e-3 * ML)];
const TIMES: [Unit; 10] = [
    ("h", HOUR),
    ("hr", HOUR),
    ("hour", HOUR),
    ("hours", HOUR),
    ("min", MINUTE),
    ("minutes", MINUTE),
    ("s", MINUTE / 60.0),
    ("d", DAY),
    ("days", DAY),
    ("weeks", WEEK),
];

fn find(units: &[Unit], text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase().replace(['µ', 'μ'], "u");
    units.iter().find(|(name, _)| *name == text).map(|(_, size)| *size)
}

/// A concentration, such as `mg/L` or `ng/mL`.
pub fn concentration(text: &str) -> Result<f64, &'static str> {
    let parts =
        text.split_once('/').and_then(|(amount, volume)| Some((find(&AMOUNTS, amount)?, find(&VOLUMES, volume)?)));
    parts.map(|(amount, volume)| amount / volume).ok_or("write an amount by a volume, such as ug/L, ng/mL or mg/L")
}

/// An amount, such as `mg`; with `/kg` too, of which clearances and volumes are then.
pub fn amount(text: &str) -> Result<f64, &'static str> {
    let of_a_body = text.trim().strip_suffix("/kg").unwrap_or(text);
    find(&AMOUNTS, of_a_body).ok_or("write g, mg, ug, mcg or ng, or one of them by kg such as mg/kg")
}

/// A time, such as `h` or `min`.
pub fn time(text: &str) -> Result<f64, &'static str> {
    find(&TIMES, text).ok_or("write h, min, s, days or weeks")
}
