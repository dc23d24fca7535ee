//! The forms of vitamin K that tables of food speak of: single vitamers and groups of them.

use std::fmt;

use serde::Serialize;

use super::Content;
use crate::vitamer::{VITAMERS, Vitamer};

/// A form of vitamin K as a table of food prints it: one vitamer, or a sum of several that were not told apart.
///
/// Three of them have kinetics in this crate. The others can be added up and reported, and no more.
///
/// ```
/// use menaquinone::{food::Form, vitamer::MK7};
/// assert_eq!(Form::MK7.vitamer(), Some(&MK7));
/// assert_eq!(Form::from(&MK7), Form::MK7);
/// assert_eq!(Form::MK9_4H.vitamer(), None); // what the bacteria of Emmental make
/// assert!(Form::TOTAL_K2.is_sum());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Form {
    /// The short name, such as `MK-7` or `total K2`.
    pub symbol: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
}

impl Form {
    /// Phylloquinone.
    pub const K1: Self = Self::new("K1", "phylloquinone");
    /// Menaquinone-4.
    pub const MK4: Self = Self::new("MK-4", "menaquinone-4");
    /// Menaquinone-7.
    pub const MK7: Self = Self::new("MK-7", "menaquinone-7");
    /// Menaquinone-8.
    pub const MK8: Self = Self::new("MK-8", "menaquinone-8");
    /// Menaquinone-8 and menaquinone-9 together.
    pub const MK8_9: Self = Self::new("MK-8+9", "menaquinone-8 and menaquinone-9 together");
    /// Tetrahydromenaquinone-9, which propionibacteria make.
    pub const MK9_4H: Self = Self::new("MK-9(4H)", "tetrahydromenaquinone-9");
    /// All menaquinones together.
    pub const TOTAL_K2: Self = Self::new("total K2", "all menaquinones together");
    /// MK-4 to MK-10 together.
    pub const TOTAL_MK4_10: Self = Self::new("total MK-4 to MK-10", "menaquinone-4 to menaquinone-10 together");
    /// K1 and MK-4 to MK-10 together.
    pub const TOTAL_K1_MK4_10: Self =
        Self::new("total K1 and MK-4 to MK-10", "phylloquinone and menaquinone-4 to menaquinone-10 together");
    /// K1 and MK-4 to MK-13 together.
    pub const TOTAL_K1_MK4_13: Self =
        Self::new("total K1 and MK-4 to MK-13", "phylloquinone and menaquinone-4 to menaquinone-13 together");
    /// Everything that was counted as vitamin K.
    pub const TOTAL_K: Self = Self::new("total K", "everything that was counted as vitamin K");

    /// Every form of the table, in the order in which reports print them.
    ///
    /// ```
    /// use menaquinone::food::Form;
    /// let with_kinetics = Form::ALL.iter().filter(|form| form.vitamer().is_some()).count();
    /// assert_eq!(with_kinetics, 3);
    /// ```
    pub const ALL: [Self; 11] = [
        Self::K1,
        Self::MK4,
        Self::MK7,
        Self::MK8,
        Self::MK8_9,
        Self::MK9_4H,
        Self::TOTAL_K2,
        Self::TOTAL_MK4_10,
        Self::TOTAL_K1_MK4_10,
        Self::TOTAL_K1_MK4_13,
        Self::TOTAL_K,
    ];

    /// A form of your own, such as `Form::new("MK-6", "menaquinone-6")`.
    pub const fn new(symbol: &'static str, meaning: &'static str) -> Self {
        Self { symbol, meaning }
    }

    /// The vitamer with kinetics in this crate, where there is one.
    pub fn vitamer(self) -> Option<&'static Vitamer> {
        VITAMERS.iter().copied().find(|vitamer| vitamer.symbol == self.symbol)
    }

    /// Whether it is a sum that overlaps with other forms, so that it must not be added to them.
    ///
    /// ```
    /// use menaquinone::food::Form;
    /// assert!(Form::MK8_9.is_sum() && Form::TOTAL_K.is_sum() && !Form::MK8.is_sum());
    /// ```
    pub fn is_sum(self) -> bool {
        self.symbol.contains('+') || self.symbol.starts_with("total")
    }

    /// A content of `value` µg in 100 g, the mean or the one number that is printed.
    ///
    /// ```
    /// use menaquinone::food::Form;
    /// assert_eq!(Form::MK7.at(939.0).typical(), 939.0);
    /// ```
    pub const fn at(self, value: f64) -> Content {
        Content::new(self, Some(value))
    }

    /// A content of which only the range is printed, µg in 100 g.
    ///
    /// ```
    /// use menaquinone::food::Form;
    /// let content = Form::TOTAL_K2.between(30.0, 60.0);
    /// assert!((content.typical() - 42.4).abs() < 0.05); // the geometric mean
    /// ```
    pub const fn between(self, low: f64, high: f64) -> Content {
        Content::new(self, None).range(low, high)
    }

    /// The place in reports.
    pub(super) fn rank(self) -> usize {
        Self::ALL.iter().position(|form| *form == self).unwrap_or(Self::ALL.len())
    }
}

/// The symbol.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol)
    }
}

impl From<&Vitamer> for Form {
    fn from(vitamer: &Vitamer) -> Self {
        Self::new(vitamer.symbol, vitamer.name)
    }
}
