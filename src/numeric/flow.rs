//! The flow through a row of compartments, which is all the kinetics there is.

use multiversion::multiversion;

use super::{exp, exp_and_expm1, exprel};

/// `∫_0^u e^{-a s} e^{-b (u - s)} ds`: the flow through two rates, whose difference may be anything, zero too.
///
/// `u e^{-m u} exprel(-|a - b| u)` with `m` the smaller rate: no branch, no cancellation.
#[inline(always)]
pub(crate) fn flow2(a: f64, b: f64, u: f64) -> f64 {
    u * exp(-a.min(b) * u) * exprel(-(a - b).abs() * u)
}

/// So many numbers at a time. A loop over a block is too long to be unrolled, so the compiler turns it into one of
/// vectors, and its length is known, so nothing is left over; that holds for one simple loop at a time.
pub(super) const BLOCK: usize = 16;
pub(super) type Block = [f64; BLOCK];

/// The numbers of a row a block at a time, the last block filled up with zeros.
#[inline(always)]
pub(super) fn block_of(u: &[f64]) -> Block {
    Block::try_from(u).unwrap_or_else(|_| {
        let mut block = [u[0]; BLOCK];
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
pub(super) struct Flows<const N: usize> {
    /// `e^{-a u}` and `e^{-b u}`.
    pub(super) decay: [[f64; N]; 2],
    /// `flow2(a, b, u)`.
    pub(super) flow: [f64; N],
}

/// The three flows of two rates at the price of two exponentials: the decay at the larger rate is that at the smaller
/// times `e^{-|a - b| u}`. Between them lies `∫_0^u e^{-|a - b| s} ds`, which is `u` where the rates are as good as equal.
#[inline(always)]
pub(super) fn flows<const N: usize>([a, b]: [f64; 2], u: &[f64; N]) -> Flows<N> {
    const NOTHING: f64 = f64::EPSILON / 4.0;
    let (smaller, apart) = (a.min(b), (a - b).abs());
    let over = (1.0 / apart).min(f64::MAX);
    let mut slow = *u;
    for slow in &mut slow {
        *slow = exp(-smaller * *slow);
    }
    let (mut fast, mut flow) = ([0.0; N], [0.0; N]);
    for i in 0..N {
        let x = apart * u[i];
        let (ratio, expm1) = exp_and_expm1(-x);
        fast[i] = slow[i] * ratio;
        flow[i] = slow[i] * if x < NOTHING { u[i] } else { -expm1 * over };
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
        put_block(&flows.flow, flow);
        put_block(&flows.decay[1], decay);
    }
}

/// The same unscaled, and `waiting[j] = e^{-a u[j]}`, which is left in the depot.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn pair_rows([a, b]: [f64; 2], u: &[f64], [flow, decay, waiting]: [&mut [f64]; 3]) {
    let rows = flow.chunks_mut(BLOCK).zip(decay.chunks_mut(BLOCK)).zip(waiting.chunks_mut(BLOCK));
    for (u, ((flow, decay), waiting)) in u.chunks(BLOCK).zip(rows) {
        let mut flows = flows([a, b], &block_of(u));
        for flow in &mut flows.flow {
            *flow *= a;
        }
        put_block(&flows.flow, flow);
        put_block(&flows.decay[1], decay);
        put_block(&flows.decay[0], waiting);
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
