//! Popular claims for which no source was found, as suppositions that a program can ask for by name and must label.

use super::meal_table::MealTable;
use super::row::{Basis, Row};
use super::set::row_of;
use crate::error::Result;
use crate::regimen::Meal;
use crate::units::GRAM;

/// Multipliers that popular articles name and for which no source was found. None is used unless it is asked for.
///
/// ```
/// use menaquinone::vitamer::{Basis, SUPPOSITIONS};
/// assert!(SUPPOSITIONS.iter().all(|row| row.basis == Basis::Popular && row.meaning.starts_with("what-if:")));
/// ```
pub static SUPPOSITIONS: &[Row] = &[
    Row::kind("gut_from_age_50", "gut × 0.7", "what-if: factor on the synthesis in the gut from the age of 50", "")
        .at(0.7)
        .by(
            Basis::Popular,
            "popular articles: 30 % less from 50; no primary source seen; the synthesis itself has no printed rate that \
             is absorbed",
        ),
    FAT_GAIN,
];

/// The supposition of this symbol, such as `gut_from_age_50`.
///
/// ```
/// use menaquinone::vitamer::supposition;
/// assert_eq!(supposition("gut_from_age_50")?.value, 0.7);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// A symbol that there is no row for; the sentence names those there are.
pub fn supposition(symbol: &str) -> Result<&'static Row> {
    row_of(SUPPOSITIONS, symbol, "the list of suppositions")
}

const FAT_GAIN: Row = Row::kind(
    "fat_gain",
    "fat + 40 %",
    "what-if: what fat adds to the absorption of a fasted dose",
    "",
)
.at(0.4)
.range(0.3, 0.5)
.by(
    Basis::Popular,
    "popular articles: fat raises absorption by 30-50 %; no primary source seen; too small for MK-4 (2.8 times from \
             8.8 to 34.9 g), unmeasured for MK-7 and K1",
);

/// The popular effect of fat for vitamers that have no measured one.
pub(super) const FAT_ADDS_40_PERCENT: MealTable = MealTable {
    name: "fat_adds_40_percent",
    title: "what-if: fat adds 40 % (popular 30-50 %)",
    contested: "A popular figure: no fasted or fed area of this vitamer was seen in print. Fed is the reference, 1, \
                because the trials gave it with meals; fasted is 1/1.4.",
    ..MealTable::of(&[
        (
            Meal::FASTED,
            REL.named("frel_fasted", "F fasted against F with fat").at(0.714).range(0.667, 0.769).by(
                Basis::Popular,
                "1 / 1.4, range 1 / 1.5 to 1 / 1.3: popular articles, fat raises absorption by 30-50 %; no primary source \
                 seen",
            ),
        ),
        (
            Meal::with_fat(20.0 * GRAM),
            REL.named("frel_fat_20g", "F after 20 g fat or more, the reference")
                .at(1.0)
                .by(Basis::Assumed, "the articles name no amount of fat; 20 g, an ordinary breakfast, is a guess"),
        ),
    ])
};

/// The fraction absorbed after a meal, relative to another.
pub(super) const REL: Row = Row::kind("frel", "Frel", "fraction absorbed, relative to another meal", "");
