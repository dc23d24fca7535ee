//! What a state of a depot and a pool shows: the concentration with its derivatives, by the chain rule from both rates.

use super::lanes::Lanes;
use super::pair_steps::{PairRates, State, Steps};

/// How many numbers the highest order has: the concentration, five first and fifteen second derivatives.
pub(super) const ALL: usize = 21;

/// What decides the concentrations of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairBody {
    pub(super) rates: PairRates,
    pub(super) v: f64,
    /// The fraction that takes the way, if there is one to speak of.
    pub(super) f: Option<f64>,
    /// The concentration at rest, and its two derivatives by the clearance.
    pub(super) rest: [f64; 3],
}

/// What is in the pool, and how it moves with the lag: the slope against time, and that against the slope.
struct Moved<const N: usize> {
    /// The derivative by the lag, and its own by `ka` and `k`.
    once: [Lanes<N>; 3],
    twice: Lanes<N>,
}

impl<const N: usize> Moved<N> {
    /// From the state at the beginning and at the end. Where the depot is slower, the pool keeps up with it, and what it gains and loses
    /// all but cancels: there the slope at the beginning is carried on.
    #[inline(always)]
    fn new(rates: PairRates, steps: &Steps<N>, [begin, end]: [&State<N>; 2]) -> Self {
        let PairRates { ka, k } = rates;
        let slope = |state: &State<N>| {
            let [depot, depot_a, _, pool, pool_a, pool_k, ..] = *state;
            [k * pool - ka * depot, k * pool_a - (depot + ka * depot_a), pool + k * pool_k]
        };
        if ka >= k {
            return Self { once: slope(end), twice: k * k * end[3] - ka * (ka + k) * end[0] };
        }
        let ([once, once_a, once_k], depot, depot_a) = (slope(begin), begin[0], begin[1]);
        let (kept, [gained, gained_a, gained_k, ..]) = (steps.kept, steps.gained);
        Self {
            once: [
                kept * once + ka * (gained * depot),
                kept * once_a + ((gained + ka * gained_a) * depot + ka * (gained * depot_a)),
                kept * (once_k - steps.u * once) + ka * (gained_k * depot),
            ],
            twice: kept * (k * once - ka * ka * depot) + ka * ka * (gained * depot),
        }
    }
}

impl PairBody {
    /// The concentration after some hours with its derivatives by (ka, cl, v, f, tlag), the second as a lower triangle.
    #[inline(always)]
    pub(super) fn sight<const N: usize, const ORDER: usize>(&self, u: Lanes<N>, begin: &State<N>) -> [Lanes<N>; ALL] {
        let mut out = [Lanes::ZERO; ALL];
        let steps = Steps::new::<ORDER>(self.rates, u);
        let end = steps.after::<ORDER>(begin);
        let per_v = 1.0 / self.v;
        out[0] = per_v * end[3];
        if ORDER > 0 {
            let moved = Moved::new(self.rates, &steps, [begin, &end]);
            let swallowed = if self.f.is_some() { 1.0 } else { 0.0 };
            let per_f = self.f.map_or(0.0, |f| 1.0 / f);
            self.first(per_v, &end, &mut out);
            out[4] = per_f * out[0];
            out[5] = (swallowed * per_v) * moved.once[0];
            if ORDER > 1 {
                self.second(per_v, &end, &mut out);
                self.second_of_dose([per_f, swallowed, per_v], &moved, &mut out);
                out[8] = out[8].each(|value| value + self.rest[2]);
            }
            out[2] = out[2].each(|value| value + self.rest[1]);
        }
        out[0] = out[0].each(|value| value + self.rest[0]);
        out
    }

    /// By `ka`, `cl` and `v`.
    #[inline(always)]
    fn first<const N: usize>(&self, per_v: f64, end: &State<N>, out: &mut [Lanes<N>; ALL]) {
        let [.., pool, pool_a, pool_k, _, _, _] = *end;
        out[1] = per_v * pool_a;
        out[2] = (per_v * per_v) * pool_k;
        out[3] = -(per_v * per_v) * (pool + self.rates.k * pool_k);
    }

    /// By two of `ka`, `cl` and `v`.
    #[inline(always)]
    fn second<const N: usize>(&self, per_v: f64, end: &State<N>, out: &mut [Lanes<N>; ALL]) {
        let [.., pool, pool_a, pool_k, pool_aa, pool_ak, pool_kk] = *end;
        let (k, square, cube) = (self.rates.k, per_v * per_v, per_v * per_v * per_v);
        out[6] = per_v * pool_aa;
        out[7] = square * pool_ak;
        out[8] = cube * pool_kk;
        out[9] = -square * (pool_a + k * pool_ak);
        out[10] = -cube * (2.0 * pool_k + k * pool_kk);
        out[11] = cube * (2.0 * pool + k * (4.0 * pool_k + k * pool_kk));
    }

    /// By `f` or `tlag` and another.
    #[inline(always)]
    fn second_of_dose<const N: usize>(
        &self,
        [per_f, swallowed, per_v]: [f64; 3],
        moved: &Moved<N>,
        out: &mut [Lanes<N>; ALL],
    ) {
        for by in 0..3 {
            out[12 + by] = per_f * out[1 + by];
        }
        out[15] = Lanes::ZERO;
        let ([once, once_a, once_k], per_v) = (moved.once, swallowed * per_v);
        let square = per_v * per_v;
        out[16] = per_v * once_a;
        out[17] = square * once_k;
        out[18] = -square * (once + self.rates.k * once_k);
        out[19] = per_f * out[5];
        out[20] = per_v * moved.twice;
    }
}
