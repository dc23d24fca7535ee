//! The flow through a row of compartments, which is all the kinetics there is.

use multiversion::multiversion;

use super::block::{BLOCK, Block, add_block, block_of, exp_and_expm1_of_each, exp_of_each, put_block};
use super::row;
use super::{exp, exprel};

/// `∫_0^u e^{-a s} e^{-b (u - s)} ds`: the flow through two rates, whose difference may be anything, zero too.
///
/// `u e^{-m u} exprel(-|a - b| u)` with `m` the smaller rate: no branch, no cancellation.
#[inline(always)]
pub(crate) fn flow2(a: f64, b: f64, u: f64) -> f64 {
    u * exp(-a.min(b) * u) * exprel(-(a - b).abs() * u)
}

/// `e^{-rate u}`.
#[inline(always)]
pub(super) fn decay<const N: usize>(rate: f64, u: &[f64; N]) -> [f64; N] {
    let mut x = *u;
    for x in &mut x {
        *x *= -rate;
    }
    exp_of_each(&x)
}

/// `out[j] += scale * e^{-rate u[j]}`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_decay(scale: f64, rate: f64, u: &[f64], out: &mut [f64]) {
    for (u, out) in u.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let mut decay = decay(rate, &block_of(u));
        for decay in &mut decay {
            *decay *= scale;
        }
        add_block(&decay, out);
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
    let slow = decay(smaller, u);
    let mut x = *u;
    for x in &mut x {
        *x *= -apart;
    }
    let [mut fast, mut flow] = exp_and_expm1_of_each(&x);
    for i in 0..N {
        fast[i] *= slow[i];
    }
    for i in 0..N {
        flow[i] = slow[i] * if -x[i] < NOTHING { u[i] } else { -flow[i] * over };
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
pub(crate) fn pair_rows(rates: [f64; 2], u: &[f64], rows: [&mut [f64]; 3]) {
    pair_tables((1.0, 0), rates, u, rows);
}

/// What [`pair_rows`] writes for one time, with the same bits.
#[cfg_attr(not(test), expect(dead_code, reason = "for the steps of the engine"))]
pub(crate) fn pair_at([a, b]: [f64; 2], u: f64) -> [f64; 3] {
    let Flows { flow: [flow], decay: [[waiting], [decay]] } = flows([a, b], &[u]);
    [flow * a, decay, waiting]
}

/// [`pool_rows`] at the first `offsets` of the times and [`pair_rows`] at those that follow, in one go: every row is worked
/// in whole blocks, and so the gaps of a regimen fill up the last block of its offsets. `waiting` is never scaled.
///
/// Rows that have room for whole blocks are filled faster; what stands there beyond the times means nothing.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn pair_tables(
    (scale, offsets): (f64, usize),
    [a, b]: [f64; 2],
    u: &[f64],
    [flow, decay, waiting]: [&mut [f64]; 3],
) {
    let rows = flow.chunks_mut(BLOCK).zip(decay.chunks_mut(BLOCK)).zip(waiting.chunks_mut(BLOCK));
    for (block, (u, ((flow, decay), waiting))) in u.chunks(BLOCK).zip(rows).enumerate() {
        let mut flows = flows([a, b], &block_of(u));
        let scales: Block = std::array::from_fn(|i| if block * BLOCK + i < offsets { scale } else { 1.0 });
        for i in 0..BLOCK {
            flows.flow[i] *= scales[i] * a;
            flows.decay[1][i] *= scales[i];
        }
        put_block(&flows.flow, flow);
        put_block(&flows.decay[1], decay);
        put_block(&flows.decay[0], waiting);
    }
}

/// `out[j] += scale * flow(rates, u[j])`.
pub(crate) fn add_flow(scale: f64, rates: &[f64], u: &[f64], out: &mut [f64]) {
    match *rates {
        [] => {}
        [rate] => add_decay(scale, rate, u, out),
        [a, b] => add_flow2(scale, [a, b], u, out),
        _ => row::add_end_of_row(scale, rates, u, out),
    }
}

/// The convolution of `e^{-r t}` over all `rates`, at `u`: what a unit in the first of a row of compartments
/// amounts to in the last after `u` hours, if every rate of transfer were 1.
///
/// It is `u^m` times the divided difference of `exp` at the points `-r u`; see [`row`] for three rates and more.
pub(crate) fn flow(rates: &[f64], u: f64) -> f64 {
    match *rates {
        [] => 0.0,
        _ if u == f64::INFINITY => flow_in_the_end(rates),
        [rate] => exp(-rate * u),
        [a, b] => flow2(a, b, u),
        _ => row::end_of_row(rates, u),
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
