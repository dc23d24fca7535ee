//! Sums of `coef s^m (s + z1)^a (s + z2)^b / prod (s + r)` in the domain of Laplace, and what they are after some hours.
//!
//! Every transfer of a linear body is such a sum, and so is each of its derivatives: with respect to a rate (`1/(s + r)` becomes
//! `-1/(s + r)^2`: the rate once more in the list), to a clearance or a volume (a product of two transfers), to the time (a factor
//! `s`). In time `prod 1/(s + r)` is [`numeric::flow`] over the rates, and a factor above goes out with a rate below:
//! `(s + z)/(s + r) = 1 + (z - r)/(s + r)`. The slowest rate is taken, so that the difference is above zero where `z` is faster, and
//! nothing cancels long after a dose.

use smallvec::SmallVec;

use crate::numeric;

/// The most rates of a table: a constant input, two of a path, three of the disposition.
pub(super) const RATES: usize = 6;
/// Where the rates of the disposition begin.
pub(super) const MODES: usize = 3;

/// How often each rate of a table stands below.
pub(super) type Below = [u8; RATES];

/// The rates of a path and of the disposition: 0 of a constant input, of the transit chain, of the depot, of each exponential. Those
/// that a body has not are `NaN`.
#[derive(Debug, Clone)]
pub(super) struct RateTable {
    pub(super) rates: [f64; RATES],
    /// How far each exponential lies below each zero.
    pub(super) below: [[f64; 2]; 3],
    pub(super) zeros: [f64; 2],
}

impl RateTable {
    /// `z - r`, with all its digits where the rate is an exponential; the zero of number 2 is `s` itself.
    fn apart(&self, zero: usize, rate: usize) -> f64 {
        match (zero, rate.checked_sub(MODES)) {
            (2, _) => -self.rates[rate],
            (_, Some(mode)) => self.below[mode][zero],
            (_, None) => self.zeros[zero] - self.rates[rate],
        }
    }

    fn slowest(&self, below: &Below) -> Option<usize> {
        (0..RATES).filter(|rate| below[*rate] > 0).min_by(|a, b| self.rates[*a].total_cmp(&self.rates[*b]))
    }
}

/// One of the terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub(super) coef: f64,
    /// How often `s + z1`, `s + z2` and `s` stand above.
    pub(super) above: [u8; 3],
    pub(super) below: Below,
}

/// A sum of them; few need no allocation.
pub(super) type Sum = SmallVec<[Term; 3]>;

impl Term {
    pub(super) const ONE: Self = Self { coef: 1.0, above: [0; 3], below: [0; RATES] };

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self { coef: self.coef * factor, ..self }
    }

    /// With a rate once more below.
    pub(super) fn over(mut self, rate: usize, times: u8) -> Self {
        self.below[rate] += times;
        self
    }

    /// With a zero once more above.
    pub(super) fn by(mut self, zero: usize, times: u8) -> Self {
        self.above[zero] += times;
        self
    }

    fn product(&self, other: &Self) -> Self {
        let mut product = *self;
        product.coef *= other.coef;
        product.above.iter_mut().zip(other.above).for_each(|(own, more)| *own += more);
        product.below.iter_mut().zip(other.below).for_each(|(own, more)| *own += more);
        product
    }
}

pub(super) fn product(a: &[Term], b: &[Term]) -> Sum {
    let mut sum = Sum::new();
    for one in a {
        for other in b {
            add(&mut sum, one.product(other));
        }
    }
    sum
}

/// Adds a term to a sum, to one of its kind if there is one.
pub(super) fn add(sum: &mut Sum, term: Term) {
    match sum.iter_mut().find(|known| (known.above, known.below) == (term.above, term.below)) {
        Some(known) => known.coef += term.coef,
        None if term.coef != 0.0 => sum.push(term),
        None => {}
    }
}

/// A sum of flows: each with its coefficient and how often each rate is in its list.
pub(super) type Flows = SmallVec<[(Below, f64); 4]>;

/// A sum of terms as flows, for times after 0: what acts at 0 alone is left out.
pub(super) fn flows(table: &RateTable, sum: &[Term]) -> Flows {
    let (mut found, mut rest) = (Flows::new(), Sum::from_slice(sum));
    while let Some(term) = rest.pop() {
        let Some(slowest) = table.slowest(&term.below) else { continue };
        // The zeros of the disposition first, while all rates stand there: those give positive parts.
        let Some(zero) = (0..3).find(|zero| term.above[*zero] > 0) else {
            match found.iter_mut().find(|(below, _)| *below == term.below) {
                Some((_, coef)) => *coef += term.coef,
                None => found.push((term.below, term.coef)),
            }
            continue;
        };
        let mut fewer = term;
        fewer.above[zero] -= 1;
        add(&mut rest, fewer.scaled(table.apart(zero, slowest)));
        fewer.below[slowest] -= 1;
        add(&mut rest, fewer);
    }
    found
}

/// The flow over a list of rates, given by how often each is in it, at `u`.
pub(super) fn flow(table: &RateTable, below: &Below, u: f64) -> f64 {
    let mut rates: SmallVec<[f64; 8]> = SmallVec::new();
    for (rate, times) in table.rates.iter().zip(below) {
        rates.extend(std::iter::repeat_n(*rate, usize::from(*times)));
    }
    numeric::flow(&rates, u)
}
