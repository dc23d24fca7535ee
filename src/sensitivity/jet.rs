//! Values with their derivatives with respect to the unknowns of whoever asks, to the first or second order.

use smallvec::{SmallVec, smallvec};

use super::order::Order;

/// How many unknowns there are, and whether second derivatives are wanted: what all jets of a calculation share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Space {
    pub(crate) unknowns: usize,
    pub(crate) second: bool,
}

/// A value, its first derivatives, and the lower triangle of its second derivatives, row by row.
pub(crate) type Jet = SmallVec<[f64; 10]>;

/// The place of a second derivative in a jet.
#[inline(always)]
pub(crate) const fn at_second(unknowns: usize, i: usize, j: usize) -> usize {
    let (high, low) = if i > j { (i, j) } else { (j, i) };
    1 + unknowns + high * (high + 1) / 2 + low
}

impl Space {
    /// How many numbers a jet has.
    pub(crate) fn len(self) -> usize {
        let n = self.unknowns;
        1 + n + if self.second { n * (n + 1) / 2 } else { 0 }
    }

    pub(crate) fn zero(self) -> Jet {
        smallvec![0.0; self.len()]
    }

    /// A number that depends on no unknown.
    pub(crate) fn constant(self, value: f64) -> Jet {
        let mut jet = self.zero();
        jet[0] = value;
        jet
    }

    /// An unknown itself.
    pub(crate) fn unknown(self, value: f64, i: usize) -> Jet {
        let mut jet = self.constant(value);
        jet[1 + i] = 1.0;
        jet
    }

    /// `sum += scale * a * b`.
    pub(crate) fn add_product(self, sum: &mut [f64], scale: f64, a: &[f64], b: &[f64]) {
        let n = self.unknowns;
        let (a0, b0) = (scale * a[0], scale * b[0]);
        sum[0] += a0 * b[0];
        for i in 1..=n {
            sum[i] += a0 * b[i] + b0 * a[i];
        }
        if !self.second {
            return;
        }
        let mut at = 1 + n;
        for i in 1..=n {
            for j in 1..=i {
                sum[at] += a0 * b[at] + b0 * a[at] + scale * (a[i] * b[j] + a[j] * b[i]);
                at += 1;
            }
        }
    }

    pub(crate) fn product(self, a: &[f64], b: &[f64]) -> Jet {
        let mut product = self.zero();
        self.add_product(&mut product, 1.0, a, b);
        product
    }

    /// A function of one jet, by its value and its first two derivatives.
    pub(crate) fn of(self, [value, first, second]: [f64; 3], x: &[f64]) -> Jet {
        let (n, mut jet) = (self.unknowns, self.zero());
        jet[0] = value;
        for i in 1..=n {
            jet[i] = first * x[i];
        }
        if self.second {
            let mut at = 1 + n;
            for i in 1..=n {
                for j in 1..=i {
                    jet[at] = first * x[at] + second * x[i] * x[j];
                    at += 1;
                }
            }
        }
        jet
    }

    /// `1 / x`.
    pub(crate) fn inverse(self, x: &[f64]) -> Jet {
        let y = 1.0 / x[0];
        self.of([y, -y * y, 2.0 * y * y * y], x)
    }
}

/// `sum += scale * jet`.
pub(crate) fn add_scaled(sum: &mut [f64], scale: f64, jet: &[f64]) {
    sum.iter_mut().zip(jet).for_each(|(sum, value)| *sum += scale * value);
}

impl Order {
    /// The space of so many unknowns; of none where the value alone is wanted.
    pub(crate) fn space(self, unknowns: usize) -> Space {
        let unknowns = if self == Self::Value { 0 } else { unknowns };
        Space { unknowns, second: self == Self::Second }
    }
}

/// Whether a jet has a derivative at all.
pub(crate) fn moves(jet: &[f64]) -> bool {
    jet[1..].iter().any(|value| *value != 0.0)
}
