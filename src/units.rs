//! The coherent system of units: microgram, litre, hour.
//!
//! Every `f64` in this crate is in µg, L, h or their products (µg/L = ng/mL, L/h, 1/h, µg·h/L), so no
//! conversion factor stands in the mathematics. These constants multiply on the way in and divide on the
//! way out:
//!
//! ```
//! use menaquinone::units::*;
//! assert_eq!(15.0 * MG, 15_000.0 * UG);
//! assert_eq!(84.0 * HOUR / DAY, 3.5);
//! ```

/// One microgram, the unit of amount.
pub const UG: f64 = 1.0;
/// One milligram.
pub const MG: f64 = 1_000.0 * UG;
/// One gram: of food, of fat, of anything, so that the system stays coherent.
pub const GRAM: f64 = 1_000.0 * MG;
/// One litre, the unit of volume.
pub const L: f64 = 1.0;
/// One millilitre.
pub const ML: f64 = 1.0e-3 * L;
/// One hour, the unit of time.
pub const HOUR: f64 = 1.0;
/// One minute.
pub const MINUTE: f64 = HOUR / 60.0;
/// One day.
pub const DAY: f64 = 24.0 * HOUR;
/// One week.
pub const WEEK: f64 = 7.0 * DAY;
