//! Rows of numbers, a block at a time.

use super::{LN1P, expm1_near_zero, horner, lift, ln_parts, ln_sum, reduce};

/// So many numbers at a time. A loop over a block is too long to be unrolled, so the compiler turns it into one of
/// vectors, and its length is known, so nothing is left over; that holds for one simple loop at a time.
pub(super) const BLOCK: usize = 16;
pub(super) type Block = [f64; BLOCK];

/// The numbers of a row a block at a time, the last block filled up with its first number.
#[inline(always)]
pub(super) fn block_of(u: &[f64]) -> Block {
    Block::try_from(u).unwrap_or_else(|_| {
        let mut block = [u.first().copied().unwrap_or_default(); BLOCK];
        block[..u.len()].copy_from_slice(u);
        block
    })
}

/// Writes the numbers of a block, of the last one as many as there is room for.
#[inline(always)]
pub(super) fn put_block(values: &Block, out: &mut [f64]) {
    match <&mut Block>::try_from(&mut *out) {
        Ok(whole) => *whole = *values,
        Err(_) => out.copy_from_slice(&values[..out.len()]),
    }
}

/// `out[j] += values[j]`.
#[inline(always)]
pub(super) fn add_block(values: &Block, out: &mut [f64]) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
}

/// `(2^n, e^r - 1, factor)` of each number, of which `e^x` is made; one step for all numbers and then the next, because
/// the processor works on several vectors side by side where each has to wait for itself.
#[inline(always)]
fn parts_of_each<const N: usize>(x: &[f64; N]) -> [[f64; N]; 3] {
    let (mut power, mut r, mut factor) = ([0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        let (lifted, by) = lift(x[i]);
        (power[i], r[i]) = reduce(lifted);
        factor[i] = by;
    }
    for r in &mut r {
        *r = expm1_near_zero(*r);
    }
    [power, r, factor]
}

/// [`exp`](super::exp) of each number.
#[inline(always)]
pub(crate) fn exp_of_each<const N: usize>(x: &[f64; N]) -> [f64; N] {
    let [mut power, q, factor] = parts_of_each(x);
    for i in 0..N {
        power[i] = (power[i] + power[i] * q[i]) * factor[i];
    }
    power
}

/// [`exp_and_expm1`](super::exp_and_expm1) of each number.
#[inline(always)]
pub(crate) fn exp_and_expm1_of_each<const N: usize>(x: &[f64; N]) -> [[f64; N]; 2] {
    let [mut power, mut q, factor] = parts_of_each(x);
    for i in 0..N {
        let (power_i, q_i) = (power[i], q[i]);
        q[i] = power_i * q_i + (power_i - 1.0);
        power[i] = (power_i + power_i * q_i) * factor[i];
    }
    [power, q]
}

/// [`ln`](super::ln) of each number.
#[inline(always)]
pub(crate) fn ln_of_each<const N: usize>(z: &[f64; N]) -> [f64; N] {
    let (mut e, mut f, mut s, mut series) = ([0.0; N], [0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        (e[i], f[i]) = ln_parts(z[i]);
    }
    for i in 0..N {
        s[i] = f[i] / (2.0 + f[i]);
    }
    for i in 0..N {
        series[i] = horner(s[i] * s[i], &LN1P);
    }
    for i in 0..N {
        e[i] = ln_sum((e[i], f[i], s[i]), series[i], 0.0);
    }
    e
}
