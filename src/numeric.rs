//! The few numerical pieces everything rests on: exponentials that lose no digit, in scalar and in bulk, the
//! flow through a chain of rates, and a bracketed root.
//!
//! The exponentials are our own for two reasons. They run over slices, several lanes at a time, which the
//! standard library's do not; and they are made of additions and multiplications alone, with no fused
//! multiply-add, so that every machine and every vector width gives the same bits.
#![allow(
    clippy::inline_always,
    clippy::needless_range_loop,
    clippy::many_single_char_names,
    clippy::float_cmp,
    clippy::doc_markdown,
    clippy::excessive_precision,
    reason = "the hot path must keep the vector instructions of the function it stands in"
)]

use multiversion::multiversion;

#[cfg(test)]
mod tests;

const MAGIC: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52: adding it rounds to a whole number
const LN2_HI: f64 = 0.693_147_180_369_123_8; // 33 bits of ln 2, so that n * LN2_HI is exact
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;
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

/// The same for eleven coefficients in pairs of pairs: a third of the waiting, which counts in short rows.
#[inline(always)]
pub(crate) fn estrin(x: f64, c: &[f64; 11]) -> f64 {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let four = |i: usize| (c[i] + c[i + 1] * x) + (c[i + 2] + c[i + 3] * x) * x2;
    (four(0) + four(4) * x4) + ((c[8] + c[9] * x) + c[10] * x2) * (x4 * x4)
}

/// `(2^n, e^r - 1)` with `x = n ln 2 + r`, for `x` in [-708, 709].
#[inline(always)]
fn exp_parts(x: f64) -> (f64, f64) {
    let shifted = x * std::f64::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    let r = (x - n * LN2_HI) - n * LN2_LO;
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    (power, r + r * r * estrin(r, &EXPM1))
}

/// `(e^x, e^x - 1)` for `x <= 709`: both come of the same parts.
#[inline(always)]
pub(crate) fn exp_and_expm1(x: f64) -> (f64, f64) {
    let (lifted, factor) = if x < DEEP { (x.max(NOTHING) + 42.0, E_MINUS_42) } else { (x, 1.0) };
    let (power, q) = exp_parts(lifted);
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

/// `1 - e^{-x}` for `x >= 0`.
#[inline(always)]
pub(crate) fn one_minus_exp(x: f64) -> f64 {
    x * exprel(-x)
}

/// `ln(1 + y)` for `y > -1`.
#[inline(always)]
pub(crate) fn ln_1p(y: f64) -> f64 {
    const HIGH: u64 = 0x3fe6_a09e_0000_0000; // the bits of 1/sqrt 2, cut
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let z = 1.0 + y;
    let rest = (y - (z - 1.0)) / z; // what rounding 1 + y lost
    let bits = z.to_bits().wrapping_add((1023 << 52) - HIGH);
    let e = f64::from_bits((bits >> 52) | TWO_52) - (4_503_599_627_370_496.0 + 1023.0);
    let f = f64::from_bits((bits & ((1 << 52) - 1)).wrapping_add(HIGH)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let half = 0.5 * f * f;
    e * LN2_HI - ((half - (s * (half + z * horner(z, &LN1P)) + (e * LN2_LO + rest))) - f)
}

/// `∫_0^u e^{-a s} e^{-b (u - s)} ds`: the flow through two rates, whose difference may be anything, zero too.
///
/// `u e^{-m u} exprel(-|a - b| u)` with `m` the smaller rate: no branch, no cancellation.
#[inline(always)]
pub(crate) fn flow2(a: f64, b: f64, u: f64) -> f64 {
    u * exp(-a.min(b) * u) * exprel(-(a - b).abs() * u)
}

/// So many numbers at a time. A loop over a block is too long to be unrolled, so the compiler turns it into one of
/// vectors, and its length is known, so nothing is left over; that holds for one simple loop at a time.
pub(crate) const BLOCK: usize = 16;
pub(crate) type Block = [f64; BLOCK];

/// The numbers of a row a block at a time, the last block filled up with zeros.
#[inline(always)]
pub(crate) fn block_of(u: &[f64]) -> Block {
    Block::try_from(u).unwrap_or_else(|_| {
        let mut block = [0.0; BLOCK];
        block[..u.len()].copy_from_slice(u);
        block
    })
}

/// `out[j] += values[j]`.
#[inline(always)]
fn add_block(values: &Block, out: &mut [f64]) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
}

/// `out[j] += scale * e^{-rate u[j]}`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_decay(scale: f64, rate: f64, u: &[f64], out: &mut [f64]) {
    for (u, out) in u.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let mut block = block_of(u);
        for u in &mut block {
            *u = scale * exp(-rate * *u);
        }
        add_block(&block, out);
    }
}

/// `out[j] += scale * flow2(a, b, u[j])`, in the same steps as [`flow2`].
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_flow2(scale: f64, [a, b]: [f64; 2], u: &[f64], out: &mut [f64]) {
    for (u, out) in u.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let Flows { mut flow, .. } = flows([a, b], &block_of(u));
        for flow in &mut flow {
            *flow *= scale;
        }
        add_block(&flow, out);
    }
}

/// What two rates make of a unit in a block of times.
#[derive(Clone, Copy)]
pub(crate) struct Flows {
    /// `e^{-a u}` and `e^{-b u}`.
    pub(crate) decay: [Block; 2],
    /// `flow2(a, b, u)`.
    pub(crate) flow: Block,
}

/// The three flows of two rates at the price of two exponentials: the decay at the larger rate is that at the smaller
/// times `e^{-|a - b| u}`.
#[inline(always)]
pub(crate) fn flows([a, b]: [f64; 2], u: &Block) -> Flows {
    let (smaller, apart) = (a.min(b), (a - b).abs());
    let mut slow = *u;
    for slow in &mut slow {
        *slow = exp(-smaller * *slow);
    }
    let (mut fast, mut flow) = ([0.0; BLOCK], [0.0; BLOCK]);
    for i in 0..BLOCK {
        let (ratio, mean) = exp_and_exprel(-apart * u[i]);
        fast[i] = slow[i] * ratio;
        flow[i] = u[i] * slow[i] * mean;
    }
    Flows { decay: if a < b { [slow, fast] } else { [fast, slow] }, flow }
}

/// `decay[j] = scale * e^{-b u[j]}` and `flow[j] = scale * a * flow2(a, b, u[j])`: what a unit in a pool that empties at
/// rate `b`, and one in the depot that empties into it at rate `a`, amount to in the pool.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn pool_rows(scale: f64, [a, b]: [f64; 2], u: &[f64], [flow, decay]: [&mut [f64]; 2]) {
    for ((u, flow), decay) in u.chunks(BLOCK).zip(flow.chunks_mut(BLOCK)).zip(decay.chunks_mut(BLOCK)) {
        let mut flows = flows([a, b], &block_of(u));
        for i in 0..BLOCK {
            flows.flow[i] *= scale * a;
            flows.decay[1][i] *= scale;
        }
        flow.copy_from_slice(&flows.flow[..flow.len()]);
        decay.copy_from_slice(&flows.decay[1][..decay.len()]);
    }
}

/// `out[j] += scale * flow(rates, u[j])`.
pub(crate) fn add_flow(scale: f64, rates: &[f64], u: &[f64], out: &mut [f64]) {
    match *rates {
        [rate] => add_decay(scale, rate, u, out),
        [a, b] => add_flow2(scale, [a, b], u, out),
        _ => out.iter_mut().zip(u).for_each(|(out, &u)| *out += scale * flow(rates, u)),
    }
}

/// The convolution of `e^{-r t}` over all `rates`, at `u`: what a unit in the first of a row of compartments
/// amounts to in the last after `u` hours, if every rate of transfer were 1.
///
/// It is `u^m` times the divided difference of `exp` at the points `-r u`. All are positive, and so is every
/// number met on the way: points that lie close together are summed as a Taylor series with positive terms,
/// points that lie apart by the recursion, whose difference then loses less than one digit. After McCurdy, Ng and
/// Parlett, Math. Comp. 43 (1984) 501, doi:10.1090/S0025-5718-1984-0758198-0.
pub(crate) fn flow(rates: &[f64], u: f64) -> f64 {
    match *rates {
        [] => 0.0,
        _ if u == f64::INFINITY => flow_in_the_end(rates),
        [rate] => exp(-rate * u),
        [a, b] => flow2(a, b, u),
        _ => {
            let mut points: Vec<f64> = rates.iter().map(|rate| rate * u).collect();
            points.sort_by(f64::total_cmp);
            let mut known = vec![f64::NAN; points.len() * points.len()];
            let m = i32::try_from(points.len() - 1).unwrap_or(i32::MAX);
            u.powi(m) * divided_difference(&points, (0, points.len() - 1), &mut known)
        }
    }
}

/// The flow after an infinite time: all has arrived where a rate is 0, and nothing is left elsewhere.
fn flow_in_the_end(rates: &[f64]) -> f64 {
    match rates.iter().filter(|rate| **rate == 0.0).count() {
        0 => 0.0,
        1 => rates.iter().filter(|rate| **rate > 0.0).map(|rate| 1.0 / rate).product(),
        _ => f64::INFINITY,
    }
}

/// The divided difference of `exp` at the negatives of `points[i..=j]`, which ascend; `known` remembers.
fn divided_difference(points: &[f64], (i, j): (usize, usize), known: &mut [f64]) -> f64 {
    let slot = i * points.len() + j;
    if !known[slot].is_nan() {
        return known[slot];
    }
    let spread = points[j] - points[i];
    #[expect(clippy::cast_precision_loss, reason = "a count of compartments")]
    let wide = spread > (j - i) as f64;
    known[slot] = if i == j {
        exp(-points[i])
    } else if j == i + 1 {
        exp(-points[i]) * exprel(-spread)
    } else if wide {
        let without_last = divided_difference(points, (i, j - 1), known);
        let without_first = divided_difference(points, (i + 1, j), known);
        (without_last - without_first) / spread
    } else {
        close_divided_difference(&points[i..=j])
    };
    known[slot]
}

/// The same by its series: `e^{-x_n} sum_q h_q / (q + n)!` with `h_q` the complete symmetric polynomial of degree `q`
/// in the distances from the last point, all of them positive.
fn close_divided_difference(points: &[f64]) -> f64 {
    let last = points[points.len() - 1];
    let mut order = 0.0;
    let mut factor = 1.0; // 1 / (q + n)!
    for _ in 1..points.len() {
        order += 1.0;
        factor /= order;
    }
    let mut symmetric = vec![1.0; points.len()]; // h_q of the first 1, 2, ... distances, from q = 0 on
    let mut sum = factor;
    loop {
        order += 1.0;
        factor /= order;
        // h_q(z_1..z_l) = h_q(z_1..z_{l-1}) + z_l h_{q-1}(z_1..z_l)
        let mut next = 0.0;
        for (h, point) in symmetric.iter_mut().zip(points) {
            next += (last - point) * *h;
            *h = next;
        }
        let term = next * factor;
        sum += term;
        let matters = term > sum * (f64::EPSILON / 16.0);
        if !matters {
            return exp(-last) * sum;
        }
    }
}

/// A root of `f` between `a` and `b`, where it changes sign: Brent's method to the last bits.
/// Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
pub(crate) fn root(mut f: impl FnMut(f64) -> f64, (a, b): (f64, f64)) -> f64 {
    const MOST: usize = 200;
    let (mut a, mut b) = (a, b);
    let (mut fa, mut fb) = (f(a), f(b));
    let (mut c, mut fc) = (a, fa);
    let (mut step, mut before) = (b - a, b - a);
    for _ in 0..MOST {
        if fb.signum() == fc.signum() {
            (c, fc, step) = (a, fa, b - a);
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs();
        let half = 0.5 * (c - b);
        if half.abs() <= tolerance || fb == 0.0 {
            return b;
        }
        (step, before) = brent_step([a, b, c], [fa, fb, fc], [step, before, tolerance]);
        (a, fa) = (b, fb);
        b += if step.abs() > tolerance { step } else { tolerance.copysign(half) };
        fb = f(b);
    }
    b
}

/// The next step of Brent's method: interpolation where it can be trusted, else half the bracket.
fn brent_step([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3], [step, before, tolerance]: [f64; 3]) -> (f64, f64) {
    let half = 0.5 * (c - b);
    if before.abs() < tolerance || fa.abs() <= fb.abs() {
        return (half, half);
    }
    let s = fb / fa;
    let (p, q) = if a == c {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        (s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    let (p, q) = (p.abs(), if p > 0.0 { -q } else { q });
    if 2.0 * p < (3.0 * half * q - (tolerance * q).abs()).min((before * q).abs()) {
        (p / q, step)
    } else {
        (half, half)
    }
}
