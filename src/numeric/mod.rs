//! The few numerical pieces everything rests on: exponentials that lose no digit, in scalar and in bulk, the
//! flows through a row of compartments, and a bracketed root.
//!
//! The exponentials are our own for two reasons. They run over slices, several lanes at a time, which the
//! standard library's do not; and they are made of additions and multiplications alone, with no fused
//! multiply-add, so that every machine and every vector width gives the same bits.

mod block;
mod chain;
mod differences;
mod flow;
mod inverse;
mod normal;
mod order;
mod pair;
mod quantile;
mod quasi;
mod root;
mod row;
mod special;
mod terms;
#[cfg(test)]
mod tests;
mod trust;

pub(crate) use block::{exp_and_expm1_of_each, exp_of_each, ln_of_each};
pub(crate) use chain::ChainRows;
pub(crate) use differences::fourth;
pub(crate) use flow::{add_flow, flow, pair_rows, pool_rows};
pub(crate) use inverse::scaled_inverse;
pub(crate) use normal::{normal_quantile, normal_quantiles};
pub(crate) use order::{sort_ascending, sort_by_time, sort_descending};
pub(crate) use pair::{LANES, PairRows, PairTable, pair_table};
pub(crate) use quantile::quantile;
pub(crate) use quasi::{Descent, Ends, descend};
pub(crate) use root::root;
pub(crate) use special::{LN_SQRT_TAU, ln_ndtr, ln_ndtr_slope};
pub(crate) use trust::{Close, Least, Near, least, least_unless, least_until};

/// The bits of 2^52: a whole number among the last 52 of them is added to it.
const TWO_52: u64 = 0x4330_0000_0000_0000;
const MAGIC: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52: adding it rounds to a whole number
pub(crate) const LN2_HI: f64 = 0.693_147_180_369_123_8; // 33 bits of ln 2, so that n * LN2_HI is exact
pub(crate) const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;
/// Below this, `e^x` leaves the normal numbers.
const DEEP: f64 = -708.0;
/// Below this, `e^x` is zero.
const NOTHING: f64 = -750.0;
/// `e^-42`, which takes a deep exponent back among the normal numbers.
const E_MINUS_42: f64 = 5.749_522_264_293_56e-19;

/// `(e^r - 1 - r) / r^2` for |r| <= ln(2)/2: Chebyshev interpolation in 60 digits, error 1.4e-18.
const EXPM1: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_7,
    0.041_666_666_666_666_67,
    0.008_333_333_333_326_136,
    0.001_388_888_888_888_374_8,
    0.000_198_412_698_748_206_27,
    2.480_158_732_554_774_3e-5,
    2.755_725_540_020_642_2e-6,
    2.755_727_364_311_03e-7,
    2.510_521_700_472_074_5e-8,
    2.091_468_696_808_687_6e-9,
];

/// `(2 atanh(s) - 2 s) / s^3` in `s^2` for `1 + f` in `[1/sqrt 2, sqrt 2]`, `s = f / (2 + f)`: error 2.1e-18.
const LN1P: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_008_8,
    0.285_714_285_708_032_3,
    0.222_222_223_918_004_7,
    0.181_817_956_308_847_53,
    0.153_862_402_058_134_82,
    0.132_687_596_685_606_12,
    0.130_867_670_099_481_75,
];

#[inline(always)]
fn horner<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    for i in (0..N - 1).rev() {
        sum = sum * x + coefficients[i];
    }
    sum
}

/// The same for eight coefficients in pairs of pairs: half of the waiting.
#[inline(always)]
fn estrin8(x: f64, c: &[f64; 8]) -> f64 {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let four = |i: usize| (c[i] + c[i + 1] * x) + (c[i + 2] + c[i + 3] * x) * x2;
    four(0) + four(4) * x4
}

/// The same for eleven coefficients in pairs of pairs: a third of the waiting, which counts in short rows.
#[inline(always)]
pub(crate) fn estrin(x: f64, c: &[f64; 11]) -> f64 {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let four = |i: usize| (c[i] + c[i + 1] * x) + (c[i + 2] + c[i + 3] * x) * x2;
    (four(0) + four(4) * x4) + ((c[8] + c[9] * x) + c[10] * x2) * (x4 * x4)
}

/// `x` raised by 42 where it is deep, and what takes `e^x` back down.
#[inline(always)]
fn lift(x: f64) -> (f64, f64) {
    if x < DEEP { (x.max(NOTHING) + 42.0, E_MINUS_42) } else { (x, 1.0) }
}

/// `(2^n, r)` with `x = n ln 2 + r`, for `x` in [-708, 709].
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    let shifted = x * std::f64::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    let r = (x - n * LN2_HI) - n * LN2_LO;
    (f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52)), r)
}

/// `e^r - 1` for |r| <= ln(2)/2.
#[inline(always)]
fn expm1_near_zero(r: f64) -> f64 {
    r + r * r * estrin(r, &EXPM1)
}

/// `(e^x, e^x - 1)` for `x <= 709`: both come of the same parts.
#[inline(always)]
pub(crate) fn exp_and_expm1(x: f64) -> (f64, f64) {
    let (lifted, factor) = lift(x);
    let (power, r) = reduce(lifted);
    let q = expm1_near_zero(r);
    let expm1 = power * q + (power - 1.0); // -1 where x was lifted
    ((power + power * q) * factor, expm1)
}

/// `(e^x, (e^x - 1) / x)`, as [`exp`] and [`exprel`] give them.
#[inline(always)]
pub(crate) fn exp_and_exprel(x: f64) -> (f64, f64) {
    let (exp, expm1) = exp_and_expm1(x);
    (exp, if x == 0.0 { 1.0 } else { expm1 / x })
}

/// `e^x` for `x <= 709`, within one unit in the last place.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    exp_and_exprel(x).0
}

/// `(e^x - 1) / x`, 1 at `x = 0`, for `x <= 709`: the mean of `e^s` over `s` between 0 and `x`.
#[inline(always)]
pub(crate) fn exprel(x: f64) -> f64 {
    exp_and_exprel(x).1
}

/// `(e^x - 1 - x) / x^2`, 1/2 at `x = 0`, for `x <= 709`: the integral of `(1 - s) e^{s x}` over `s` between 0 and 1.
/// Near zero the series at a quarter of `x`, doubled twice: nothing is subtracted, so that it keeps its digits.
#[inline(always)]
pub(crate) fn exprel2(x: f64) -> f64 {
    const SERIES: f64 = 2.0 * std::f64::consts::LN_2;
    if x.abs() > SERIES {
        return (exp_and_expm1(x).1 - x) / x / x;
    }
    let mut x = 0.25 * x;
    let mut second = estrin(x, &EXPM1);
    let mut first = 1.0 + x * second;
    for _ in 0..2 {
        second = 0.25 * (first * first + 2.0 * second);
        first += 0.5 * x * first * first;
        x += x;
    }
    second
}

/// `1 - e^{-x}` for `x >= 0`.
#[inline(always)]
pub(crate) fn one_minus_exp(x: f64) -> f64 {
    x * exprel(-x)
}

/// `ln(1 + y)` for `y > -1`.
#[inline(always)]
pub(crate) fn ln_1p(y: f64) -> f64 {
    let z = 1.0 + y;
    ln_and(z, (y - (z - 1.0)) / z) // with what rounding 1 + y lost
}

/// `ln z` for a normal number `z`.
#[inline(always)]
pub(crate) fn ln(z: f64) -> f64 {
    ln_and(z, 0.0)
}

/// The exponent of two of a positive normal number, `n` of `2^n m` with `m` in [1, 2), raised by 1023.
#[inline(always)]
pub(crate) fn exponent(z: f64) -> f64 {
    f64::from_bits((z.to_bits() >> 52) | TWO_52) - 4_503_599_627_370_496.0
}

/// The `m` of it.
#[inline(always)]
pub(crate) fn mantissa(z: f64) -> f64 {
    f64::from_bits((z.to_bits() & ((1 << 52) - 1)) | (1023 << 52))
}

/// `ln z + rest`, where `rest` is far below the last digit of `z`.
#[inline(always)]
fn ln_and(z: f64, rest: f64) -> f64 {
    let (e, f) = ln_parts(z);
    let s = f / (2.0 + f);
    ln_sum((e, f, s), horner(s * s, &LN1P), rest)
}

/// `(e, f)` with `z = 2^e (1 + f)` and `1 + f` in `[1/sqrt 2, sqrt 2]`.
#[inline(always)]
fn ln_parts(z: f64) -> (f64, f64) {
    const HIGH: u64 = 0x3fe6_a09e_0000_0000; // the bits of 1/sqrt 2, cut
    let bits = z.to_bits().wrapping_add((1023 << 52) - HIGH);
    let e = f64::from_bits((bits >> 52) | TWO_52) - (4_503_599_627_370_496.0 + 1023.0);
    (e, f64::from_bits((bits & ((1 << 52) - 1)).wrapping_add(HIGH)) - 1.0)
}

/// `e ln 2 + ln(1 + f) + rest`, with `s = f / (2 + f)` and the value of [`LN1P`] at `s^2`.
#[inline(always)]
fn ln_sum((e, f, s): (f64, f64, f64), series: f64, rest: f64) -> f64 {
    let half = 0.5 * f * f;
    e * LN2_HI - ((half - (s * (half + s * s * series) + (e * LN2_LO + rest))) - f)
}
