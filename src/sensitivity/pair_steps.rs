//! What some hours do to a depot and a pool, with the derivatives with respect to both rates, written out.
//!
//! In the domain of Laplace a unit in the depot becomes `g = a/((s+a)(s+k))` in the pool, and
//!
//! ```text
//! g_a = s/((s+a)^2(s+k))         g_k  = -a/((s+a)(s+k)^2)
//! g_aa = -2s/((s+a)^3(s+k))      g_ak = -s/((s+a)^2(s+k)^2)      g_kk = 2a/((s+a)(s+k)^3)
//! ```
//!
//! In time each list of rates below is a divided difference of exponentials: the slower one out, times a power of the hours, times a
//! mean of `e^{-x s}` over `s` in `[0, 1]`, with `x` the distance of the rates times the hours. A factor `s` goes out with the slower
//! rate, `s/(s+k) = 1 - k/(s+k)`, so that nothing cancels long after a dose.

use super::lanes::Lanes;
use crate::numeric::exp_and_expm1_of_each;

/// The rates of the depot and of the pool, 1/h.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairRates {
    pub(super) ka: f64,
    pub(super) k: f64,
}

/// What is in the depot, its first and second derivative by `ka`; and in the pool, its derivatives by `ka`, `k`, twice `ka`, both, twice
/// `k`.
pub(super) type State<const N: usize> = [Lanes<N>; 9];

/// What some hours `u` do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps<const N: usize> {
    pub(super) u: Lanes<N>,
    pub(super) waiting: Lanes<N>,
    pub(super) kept: Lanes<N>,
    /// What the pool gains from a unit in the depot, with its derivatives in the order of a state.
    pub(super) gained: [Lanes<N>; 6],
}

/// The means over two rates, each with how often the slower and the faster stand below.
struct Means<const N: usize> {
    /// `e^{-x}`.
    last: Lanes<N>,
    /// Of one each; of two and one; of one and two.
    first: [Lanes<N>; 3],
    /// Of three and one; of two each; of one and three.
    second: [Lanes<N>; 3],
}

/// The series of the mean over two each serves up to this `x`; beyond, differences lose less than a digit.
const NEAR: f64 = 2.0;

/// `sum 2n/(4 (2n + 1)!) z^(n-1)` with `z = x^2/4`: half of that mean over `e^{-x/2}`. The next term is below 1e-18 of it.
const SERIES: [f64; 9] = [
    0.083_333_333_333_333_33,
    0.008_333_333_333_333_333,
    0.000_297_619_047_619_047_65,
    5.511_463_844_797_178_5e-6,
    6.263_027_096_360_43e-8,
    4.817_713_151_046_484e-10,
    2.676_507_306_136_935_7e-12,
    1.124_582_901_738_208_2e-14,
    3.699_285_860_980_948_4e-17,
];

impl<const N: usize> Means<N> {
    /// At `x`, given `e^{-x}` and what it lacks to 1.
    #[inline(always)]
    fn new<const ORDER: usize>(x: Lanes<N>, [last, lost]: [Lanes<N>; 2]) -> Self {
        const NOTHING: f64 = f64::EPSILON / 4.0;
        let over = x.choose(f64::MIN_POSITIVE, Lanes([f64::MIN_POSITIVE; N]), x).each(|x| 1.0 / x);
        let one = x.choose(NOTHING, Lanes([1.0; N]), -(lost * over));
        let mut means = Self { last, first: [one, Lanes::ZERO, Lanes::ZERO], second: [Lanes::ZERO; 3] };
        if ORDER == 0 {
            return means;
        }
        let series = (0.25 * (x * x)).polynomial(&SERIES);
        let near_both = 2.0 * (last.each(f64::sqrt) * series);
        let (near_two, near_more) = (0.5 * (one + x * near_both), 0.5 * (one - x * near_both));
        let far_two = one.each(|one| 1.0 - one) * over;
        let far_more = (one - last) * over;
        means.first = [one, x.choose(NEAR, near_two, far_two), x.choose(NEAR, near_more, far_more)];
        if ORDER == 1 {
            return means;
        }
        let (two, more) = (means.first[1], means.first[2]);
        // The mean of both is alike on either side of e^{-x/2}: of three and one it differs by what is odd.
        let (even, odd) = (0.25 * one - 0.5 * near_both, 0.25 * (x * near_both));
        let far = [(two.each(|two| 0.5 - two)) * over, (two - more) * over, (more - 0.5 * last) * over];
        means.second =
            [x.choose(NEAR, even + odd, far[0]), x.choose(NEAR, near_both, far[1]), x.choose(NEAR, even - odd, far[2])];
        means
    }
}

impl<const N: usize> Steps<N> {
    /// In place of steps that nobody has asked for.
    pub(super) const NOTHING: Self =
        Self { u: Lanes::ZERO, waiting: Lanes::ZERO, kept: Lanes::ZERO, gained: [Lanes::ZERO; 6] };

    #[inline(always)]
    pub(super) fn new<const ORDER: usize>(rates: PairRates, u: Lanes<N>) -> Self {
        let PairRates { ka, k } = rates;
        let (slower, apart, is_depot_slower) = (ka.min(k), (ka - k).abs(), ka < k);
        let x = apart * u;
        let [slow, last, lost] = exponentials(slower * u, x);
        let means = Means::new::<ORDER>(x, [last, lost]);
        let fast = slow * means.last;
        let (waiting, kept) = if is_depot_slower { (slow, fast) } else { (fast, slow) };
        let once = slow * u;
        let flow = once * means.first[0];
        let mut gained = [Lanes::ZERO; 6];
        gained[0] = ka * flow;
        if ORDER == 0 {
            return Self { u, waiting, kept, gained };
        }
        let twice = once * u;
        let [more_slow, more_fast] = [twice * means.first[1], twice * means.first[2]];
        // Two of the depot and one of the pool, and the other way round.
        let (depots, pools) = if is_depot_slower { (more_slow, more_fast) } else { (more_fast, more_slow) };
        gained[1] = if is_depot_slower { flow - ka * depots } else { u * waiting - k * depots };
        gained[2] = -ka * pools;
        if ORDER == 1 {
            return Self { u, waiting, kept, gained };
        }
        let [three_slow, both, three_fast] = means.second.map(|mean| twice * u * mean);
        let (three_depots, three_pools) =
            if is_depot_slower { (three_slow, three_fast) } else { (three_fast, three_slow) };
        if is_depot_slower {
            gained[3] = -2.0 * (depots - ka * three_depots);
            gained[4] = ka * both - pools;
        } else {
            gained[3] = 2.0 * k * three_depots - u * u * waiting;
            gained[4] = k * both - depots;
        }
        gained[5] = 2.0 * ka * three_pools;
        Self { u, waiting, kept, gained }
    }

    /// One of several.
    #[inline(always)]
    pub(super) fn lane(&self, i: usize) -> Steps<1> {
        let of = |lanes: &Lanes<N>| Lanes([lanes.0[i]]);
        let gained = self.gained.each_ref().map(of);
        Steps { u: of(&self.u), waiting: of(&self.waiting), kept: of(&self.kept), gained }
    }

    /// A state after these hours.
    #[inline(always)]
    pub(super) fn after<const ORDER: usize>(&self, state: &State<N>) -> State<N> {
        let (u, [depot, depot_a, depot_aa, pool, pool_a, pool_k, pool_aa, pool_ak, pool_kk]) = (self.u, *state);
        let (waiting, kept, [gained, gained_a, gained_k, gained_aa, gained_ak, gained_kk]) =
            (self.waiting, self.kept, self.gained);
        let mut after = *state;
        after[0] = waiting * depot;
        after[3] = kept * pool + gained * depot;
        if ORDER > 0 {
            after[1] = waiting * (depot_a - u * depot);
            after[4] = kept * pool_a + (gained_a * depot + gained * depot_a);
            after[5] = kept * (pool_k - u * pool) + gained_k * depot;
        }
        if ORDER > 1 {
            after[2] = waiting * (depot_aa + u * (u * depot - 2.0 * depot_a));
            after[6] = kept * pool_aa + (gained_aa * depot + (2.0 * (gained_a * depot_a) + gained * depot_aa));
            after[7] = kept * (pool_ak - u * pool_a) + (gained_ak * depot + gained_k * depot_a);
            after[8] = kept * (pool_kk + u * (u * pool - 2.0 * pool_k)) + gained_kk * depot;
        }
        after
    }
}

/// `e^{-x}`, `e^{-y}` and `e^{-y} - 1`, both in one row: a row of sixteen becomes vectors, where the compiler takes shorter ones apart.
#[inline(always)]
fn exponentials<const N: usize>(x: Lanes<N>, y: Lanes<N>) -> [Lanes<N>; 3] {
    const HALF: usize = 8;
    const { assert!(N <= HALF) };
    let mut both = [0.0; 2 * HALF];
    for i in 0..N {
        (both[i], both[HALF + i]) = (-x.0[i], -y.0[i]);
    }
    let [exp, expm1] = exp_and_expm1_of_each(&both);
    let (mut slow, mut last, mut lost) = ([0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        (slow[i], last[i], lost[i]) = (exp[i], exp[HALF + i], expm1[HALF + i]);
    }
    [Lanes(slow), Lanes(last), Lanes(lost)]
}
