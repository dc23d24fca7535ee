//! Exact quantiles of many numbers, a few at a time, without sorting them.

use multiversion::multiversion;

use crate::error::{Error, Result};
use crate::numeric::sort_ascending;
use crate::workers::{CHUNK, Work, for_each_row};

/// Refuses what is no probability.
pub(super) fn check_probabilities(probabilities: &[f64]) -> Result<()> {
    if probabilities.is_empty() {
        return Err(Error::value("there are no probabilities: give at least one, such as 0.5 for the median"));
    }
    probabilities.iter().try_for_each(|p| check_probability(*p))
}

/// Refuses what is no probability.
pub(super) fn check_probability(p: f64) -> Result<()> {
    if (0.0..=1.0).contains(&p) {
        return Ok(());
    }
    Err(Error::value(format!("the probability of a quantile is {p}, but it must be a number from 0 to 1")))
}

/// Where the quantiles of `n` numbers lie among them.
pub(super) struct Ranks {
    n: usize,
    /// For each probability the rank below, from 0, and how far it is to the next.
    at: Vec<(usize, f64)>,
    /// All the ranks that are needed, ascending.
    needed: Vec<usize>,
}

impl Ranks {
    /// The ranks of quantiles of type 7.
    pub(super) fn new(n: usize, probabilities: &[f64]) -> Self {
        let at: Vec<_> = probabilities.iter().map(|p| rank(n, *p)).collect();
        let mut needed: Vec<usize> = at.iter().flat_map(|(below, _)| [*below, (below + 1).min(n - 1)]).collect();
        needed.sort_unstable();
        needed.dedup();
        Self { n, at, needed }
    }

    /// The quantiles of each time, out of what [`Population::columns`](super::Population::columns) gives.
    pub(super) fn of_columns(&self, columns: &[f64], rows: &mut [f64]) -> Result<()> {
        let width = columns.len() / self.n;
        #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
        let work = Work { width: self.at.len(), nanoseconds: 4.0 * self.n as f64 };
        let tools = || Ok((vec![0.0; self.n], Sorter::default()));
        for_each_row(rows, work, tools, |(column, sorter): &mut (Vec<f64>, Sorter), time, quantiles| {
            let chunks = columns.chunks(CHUNK * width).zip(column.chunks_mut(CHUNK));
            for (chunk, column) in chunks {
                column.copy_from_slice(&chunk[time * column.len()..][..column.len()]);
            }
            self.of(column, sorter, quantiles);
            Ok(())
        })
    }

    /// The quantiles of numbers at or above zero.
    pub(super) fn of(&self, numbers: &[f64], sorter: &mut Sorter, quantiles: &mut [f64]) {
        let found = sorter.at(numbers, &self.needed);
        let value = |rank: usize| found[self.needed.partition_point(|needed| *needed < rank)];
        for ((below, part), quantile) in self.at.iter().zip(quantiles) {
            let (low, high) = (value(*below), value((below + 1).min(self.n - 1)));
            *quantile = low + part * (high - low);
        }
    }
}

/// The rank below the quantile of type 7, from 0, and how far it is to the next.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "p in [0, 1]")]
pub(super) fn rank(n: usize, p: f64) -> (usize, f64) {
    let h = (n - 1) as f64 * p;
    (h.floor() as usize, h.fract())
}

/// Finds the numbers of given ranks: counts how many fall into each of many buckets of one width, and sorts only those
/// in the buckets of the ranks. It reads the numbers three times, however many ranks there are.
///
/// Where most numbers fall into one bucket it sorts them, which is slower and as right.
#[derive(Default)]
pub(super) struct Sorter {
    /// In which bucket each number is.
    buckets: Vec<u16>,
    /// How many are in each bucket, in several columns.
    counts: Vec<[u32; BUCKETS]>,
    candidates: Vec<f64>,
    found: Vec<f64>,
}

const BUCKETS: usize = 2048;
/// So many counters of a bucket stand side by side, so that equal neighbours do not wait for each other.
const LANES: usize = 4;

impl Sorter {
    /// The numbers of `ranks`, which ascend from 0; the numbers are finite.
    fn at(&mut self, numbers: &[f64], ranks: &[usize]) -> &[f64] {
        self.buckets.resize(numbers.len(), 0);
        self.candidates.resize(numbers.len() + 1, 0.0);
        self.found.clear();
        sort_into(numbers, &mut self.buckets);
        self.count();
        let (mut wanted, mut places) = ([0_u8; BUCKETS], Vec::with_capacity(ranks.len()));
        let (mut before, mut chosen, mut rest) = (0, 0, ranks);
        for (i, wanted) in wanted.iter_mut().enumerate() {
            let count: usize = self.counts.iter().map(|counts| counts[i] as usize).sum();
            while let Some((rank, later)) = rest.split_first().filter(|(rank, _)| **rank < before + count) {
                *wanted = 1;
                places.push(chosen + rank - before);
                rest = later;
            }
            before += count;
            chosen += count * usize::from(*wanted);
        }
        let mut end = 0;
        for (number, bucket) in numbers.iter().zip(&self.buckets) {
            self.candidates[end] = *number;
            end += usize::from(wanted[usize::from(*bucket) % BUCKETS]);
        }
        let candidates = &mut self.candidates[..end];
        sort_ascending(candidates);
        self.found.extend(places.iter().map(|place| candidates[*place]));
        &self.found
    }

    fn count(&mut self) {
        self.counts.clear();
        self.counts.resize(LANES, [0; BUCKETS]);
        let (groups, rest) = self.buckets.as_chunks::<LANES>();
        for group in groups {
            for (counts, bucket) in self.counts.iter_mut().zip(group) {
                counts[usize::from(*bucket) % BUCKETS] += 1;
            }
        }
        for bucket in rest {
            self.counts[0][usize::from(*bucket) % BUCKETS] += 1;
        }
    }
}

/// The bucket of each number: the same straight line for all, so that a larger number is never in an earlier bucket.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn sort_into(numbers: &[f64], buckets: &mut [u16]) {
    const MAGIC: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52: adding it leaves a whole number in the last bits
    let (mut least, mut most) = ([f64::INFINITY; 16], [f64::NEG_INFINITY; 16]);
    let (groups, rest) = numbers.as_chunks::<16>();
    for group in groups {
        least = std::array::from_fn(|i| if group[i] < least[i] { group[i] } else { least[i] });
        most = std::array::from_fn(|i| if group[i] > most[i] { group[i] } else { most[i] });
    }
    let low = least.iter().chain(rest).copied().fold(f64::INFINITY, f64::min);
    let high = most.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let scale = (BUCKETS - 1) as f64 / (high - low);
    let scale = if scale.is_finite() { scale } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "the last bits are what is wanted")]
    let bucket = |number: f64| ((number - low) * scale + MAGIC).to_bits() as u16;
    let (filled, last) = buckets.as_chunks_mut::<16>();
    for (group, filled) in groups.iter().zip(filled) {
        *filled = std::array::from_fn(|i| bucket(group[i]));
    }
    for (number, filled) in rest.iter().zip(last) {
        *filled = bucket(*number);
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small ranks")]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// Against a full sort: skewed numbers, ties, one number only, all alike, and one far from the rest.
    #[test]
    fn the_same_as_by_sorting() {
        let mut draw = Stream::default().draw();
        let skewed: Vec<f64> = (0..5_000).map(|_| (3.0 * (draw.uniform() + draw.uniform() - 1.0)).exp()).collect();
        let ties: Vec<f64> = (0..3_001).map(|_| (draw.uniform() * 7.0).floor()).collect();
        let mut far = skewed.clone();
        far[17] = 1e300;
        let probabilities = [0.0, 0.025, 0.05, 0.25, 0.5, 0.5, 0.95, 1.0];
        let mut sorter = Sorter::default();
        for numbers in [skewed, ties, far, vec![2.5], vec![3.0; 100], vec![0.0; 17], vec![1.0, 2.0]] {
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let mut quantiles = [f64::NAN; 8];
            Ranks::new(numbers.len(), &probabilities).of(&numbers, &mut sorter, &mut quantiles);
            for (p, found) in probabilities.iter().zip(quantiles) {
                let h = (numbers.len() - 1) as f64 * p;
                let (low, high) = (sorted[h.floor() as usize], sorted[h.ceil() as usize]);
                assert_eq!(found, low + h.fract() * (high - low), "{p} of {} numbers", numbers.len());
            }
        }
    }

    /// Type 7 of Hyndman and Fan by hand, for the numbers 1, 2, 4, 8 and 16.
    #[test]
    fn the_definition_by_hand() {
        let mut quantiles = [0.0; 4];
        Ranks::new(5, &[0.1, 0.3, 0.5, 0.9]).of(&[16.0, 1.0, 8.0, 2.0, 4.0], &mut Sorter::default(), &mut quantiles);
        for (found, right) in quantiles.into_iter().zip([1.4, 2.4, 4.0, 12.8]) {
            assert!((found - right).abs() < 1e-14, "{found} is not {right}");
        }
    }
}
