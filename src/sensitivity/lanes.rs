//! Some numbers at a time, with the signs of arithmetic: what the compiler turns into vector instructions.

use std::ops::{Add, Mul, Neg, Sub};

#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes<const N: usize>(pub(super) [f64; N]);

impl<const N: usize> Lanes<N> {
    pub(super) const ZERO: Self = Self([0.0; N]);

    #[inline(always)]
    pub(super) fn each(self, of: impl Fn(f64) -> f64) -> Self {
        let mut each = self.0;
        for i in 0..N {
            each[i] = of(each[i]);
        }
        Self(each)
    }

    #[inline(always)]
    pub(super) fn with(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
        let mut each = self.0;
        for i in 0..N {
            each[i] = of(each[i], other.0[i]);
        }
        Self(each)
    }

    /// `near` where this is at most `edge`, `far` elsewhere.
    #[inline(always)]
    pub(super) fn choose(self, edge: f64, near: Self, far: Self) -> Self {
        let mut each = far.0;
        for i in 0..N {
            each[i] = if self.0[i] <= edge { near.0[i] } else { each[i] };
        }
        Self(each)
    }

    /// A polynomial, its coefficients those of rising powers.
    #[inline(always)]
    pub(super) fn polynomial<const M: usize>(self, coefficients: &[f64; M]) -> Self {
        let mut sum = Self([coefficients[M - 1]; N]);
        for i in (0..M - 1).rev() {
            sum = (sum * self).each(|sum| sum + coefficients[i]);
        }
        sum
    }
}

impl<const N: usize> Add for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
}

impl<const N: usize> Sub for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}

impl<const N: usize> Mul for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b)
    }
}

impl<const N: usize> Mul<Lanes<N>> for f64 {
    type Output = Lanes<N>;
    #[inline(always)]
    fn mul(self, other: Lanes<N>) -> Lanes<N> {
        other.each(|b| self * b)
    }
}

impl<const N: usize> Neg for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.each(|a| -a)
    }
}
