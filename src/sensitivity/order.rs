//! How many derivatives are wanted.

/// How far derivatives go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// The value alone.
    Value,
    /// With the first derivatives.
    First,
    /// With the first and the second derivatives.
    Second,
}

impl Order {
    /// How many numbers a value with its derivatives with respect to so many numbers is: the value, each first derivative, and the lower triangle
    /// of the second ones.
    ///
    /// ```
    /// use menaquinone::sensitivity::Order;
    /// assert_eq!([Order::Value, Order::First, Order::Second].map(|order| order.width(6)), [1, 7, 28]);
    /// ```
    pub const fn width(self, numbers: usize) -> usize {
        match self {
            Self::Value => 1,
            Self::First => 1 + numbers,
            Self::Second => 1 + numbers + numbers * (numbers + 1) / 2,
        }
    }
}
