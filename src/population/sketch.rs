//! Summaries whose memory does not grow with the number of people, and which join.

use serde::{Deserialize, Serialize};

use super::select::{check_probability, rank};
use crate::error::{self, Error, Result};

/// A summary of numbers at or above zero: count, extremes, mean and standard deviation, and quantiles within 0.2 %.
///
/// Two sketches of different people join into the sketch of all. Count, extremes and quantiles are then exactly those of
/// one sketch of all, in any order; mean and standard deviation are the same but for rounding.
///
/// - Mean and variance are joined after Chan and others, Am. Stat. 37 (1983) 242,
///   doi:10.1080/00031305.1983.10483115.
/// - Quantiles come of a histogram whose bins are 1/256 wide in relation to their place. A quantile is the middle of its
///   bin, so it is off by less than 1/512 = 0.2 % of itself (below 9e-13, by less than that). They are of type 7.
///
/// ```
/// use menaquinone::population::Sketch;
/// let mut troughs = Sketch::default();
/// for trough in [1.2, 2.4, 3.1, 1.9, 2.2] {
///     troughs.add(trough)?;
/// }
/// assert!((troughs.mean()? - 2.16).abs() < 1e-15);
/// assert!((troughs.quantile(0.5)? / 2.2 - 1.0).abs() < 1.0 / 512.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// It is read and written by serde, so that it can travel from one process to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Sketch {
    count: u64,
    mean: f64,
    /// The sum of the squares of the distances from the mean.
    squares: f64,
    least: f64,
    most: f64,
    /// How many are so small that they have no bin.
    tiny: u64,
    /// The first bin that is counted, and how many are in it and those after it.
    first: usize,
    bins: Vec<u64>,
}

/// A sketch as it is written down; the count is that of its bins.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    mean: f64,
    squares: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<f64>,
    tiny: u64,
    first: usize,
    bins: Vec<u64>,
}

impl Default for Sketch {
    fn default() -> Self {
        let (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { count: 0, mean: 0.0, squares: 0.0, least, most, tiny: 0, first: 0, bins: Vec::new() }
    }
}

/// Smaller numbers, 2^-40, have no bin.
const TINY: f64 = 1.0 / 1_099_511_627_776.0;
/// What is left of a double of sign, exponent and the first eight bits of its fraction.
const SHIFT: u32 = 52 - 8;

fn bin_of(value: f64) -> usize {
    usize::try_from(value.to_bits() >> SHIFT).unwrap_or(usize::MAX)
}

/// The middle of a bin.
fn middle(bin: usize) -> f64 {
    let half = 1 << (SHIFT - 1);
    f64::from_bits(((bin as u64) << SHIFT) + half)
}

impl Sketch {
    /// Sees one more number.
    ///
    /// # Errors
    /// A number that is negative or not finite.
    pub fn add(&mut self, value: f64) -> Result<()> {
        error::non_negative("a number of a sketch", value, "")?;
        self.add_all(&[value]);
        Ok(())
    }

    /// Sees numbers that are known to be good.
    #[expect(clippy::cast_precision_loss, reason = "few")]
    pub(super) fn add_all(&mut self, values: &[f64]) {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        self.join(values.len() as u64, (mean, squares));
        for &value in values {
            self.least = self.least.min(value);
            self.most = self.most.max(value);
            if value < TINY {
                self.tiny += 1;
            } else {
                *self.bin(bin_of(value)) += 1;
            }
        }
    }

    /// Joins the moments of other numbers.
    #[expect(clippy::cast_precision_loss, reason = "a mean has fewer digits than a count")]
    fn join(&mut self, count: u64, (mean, squares): (f64, f64)) {
        let (before, total) = (self.count as f64, (self.count + count) as f64);
        if count == 0 {
            return;
        }
        let (apart, part) = (mean - self.mean, count as f64 / total);
        self.mean += apart * part;
        self.squares += squares + apart * apart * before * part;
        self.count += count;
    }

    /// The counter of a bin; it is made if it is missing.
    #[inline]
    fn bin(&mut self, bin: usize) -> &mut u64 {
        if bin.wrapping_sub(self.first) >= self.bins.len() {
            self.widen(bin);
        }
        &mut self.bins[bin - self.first]
    }

    #[cold]
    fn widen(&mut self, bin: usize) {
        if self.bins.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let more = self.first - bin;
            self.bins.splice(..0, std::iter::repeat_n(0, more));
            self.first = bin;
        }
        self.bins.resize(self.bins.len().max(bin - self.first + 1), 0);
    }

    /// Joins what was seen of other people.
    pub fn merge(&mut self, other: &Self) {
        self.join(other.count, (other.mean, other.squares));
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.tiny += other.tiny;
        for (i, count) in other.bins.iter().enumerate().filter(|(_, count)| **count > 0) {
            *self.bin(other.first + i) += count;
        }
    }

    /// How many numbers were seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean of the numbers.
    ///
    /// # Errors
    /// None was seen.
    pub fn mean(&self) -> Result<f64> {
        self.check().map(|()| self.mean)
    }

    /// The standard deviation of the numbers, that of a sample (with `n - 1`); 0 of one number.
    ///
    /// # Errors
    /// None was seen.
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    pub fn sd(&self) -> Result<f64> {
        self.check().map(|()| (self.squares / (self.count.max(2) - 1) as f64).sqrt())
    }

    /// The least of them, exactly.
    ///
    /// # Errors
    /// None was seen.
    pub fn min(&self) -> Result<f64> {
        self.check().map(|()| self.least)
    }

    /// The largest of them, exactly.
    ///
    /// # Errors
    /// None was seen.
    pub fn max(&self) -> Result<f64> {
        self.check().map(|()| self.most)
    }

    /// The quantile of the numbers for a probability, within 0.2 % of itself.
    ///
    /// # Errors
    /// A probability outside [0, 1]; none was seen.
    pub fn quantile(&self, probability: f64) -> Result<f64> {
        check_probability(probability)?;
        self.check()?;
        let (below, part) = rank(usize::try_from(self.count).unwrap_or(usize::MAX), probability);
        let low = self.at(below as u64);
        let high = if part > 0.0 { self.at(below as u64 + 1) } else { low };
        Ok(low + part * (high - low))
    }

    /// About the number of that rank, from 0.
    fn at(&self, rank: u64) -> f64 {
        let mut left = rank + 1;
        if left <= self.tiny {
            return self.least;
        }
        left -= self.tiny;
        for (i, count) in self.bins.iter().enumerate() {
            if left <= *count {
                return middle(self.first + i).clamp(self.least, self.most);
            }
            left -= count;
        }
        self.most
    }

    fn check(&self) -> Result<()> {
        if self.count > 0 {
            return Ok(());
        }
        Err(Error::value("nothing was seen, so there is nothing to say: add at least one number"))
    }
}

impl From<Sketch> for Written {
    fn from(sketch: Sketch) -> Self {
        let Sketch { count, mean, squares, least, most, tiny, first, bins } = sketch;
        let seen = |end: f64| (count > 0).then_some(end);
        Self { mean, squares, least: seen(least), most: seen(most), tiny, first, bins }
    }
}

impl TryFrom<Written> for Sketch {
    type Error = Error;
    fn try_from(written: Written) -> Result<Self> {
        let Written { mean, squares, least, most, tiny, first, bins } = written;
        let count = bins.iter().try_fold(tiny, |count, bin| count.checked_add(*bin));
        let count = count.ok_or_else(|| Error::value("a sketch counts more numbers than there can be"))?;
        let (least, most) = match (least, most) {
            (None, None) if count == 0 => return Ok(Self::default()),
            (Some(least), Some(most)) if count > 0 => (least, most),
            _ => {
                return Err(Error::value(
                    "a sketch has a least and a most number if it has seen any, and else neither",
                ));
            }
        };
        error::non_negative("the least number of a sketch", least, "")?;
        error::non_negative("the largest number of a sketch", most, "")?;
        error::non_negative("the mean of a sketch", mean, "")?;
        error::non_negative("the sum of squares of a sketch", squares, "")?;
        let sketch = Self { count, mean, squares, least, most, tiny, first, bins };
        sketch.check_bins().map(|()| sketch)
    }
}

impl Sketch {
    /// Refuses bins that do not begin with the least number and end with the largest.
    fn check_bins(&self) -> Result<()> {
        let mut filled =
            self.bins.iter().enumerate().filter(|(_, count)| **count > 0).map(|(i, _)| self.first.checked_add(i));
        let (lowest, highest) = (filled.next(), filled.next_back());
        let highest = highest.or(lowest);
        let place = |value: f64| (value >= TINY).then(|| Some(bin_of(value)));
        let begins = if self.tiny > 0 { self.least < TINY } else { lowest == place(self.least) };
        if begins && highest == place(self.most) && self.least <= self.most {
            return Ok(());
        }
        Err(Error::value(format!(
            "the bins of a sketch do not hold the numbers from {} to {} that it says it has seen: something changed it",
            self.least, self.most
        )))
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small ranks")]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_as_near_as_is_said() {
        let numbers: Vec<f64> = (1..=4_000).map(|i| 1e-5 * (0.004 * f64::from(i)).exp()).collect();
        let mut sketch = Sketch::default();
        for number in &numbers {
            sketch.add(*number).expect("a good number");
        }
        for i in 0..=1_000 {
            let p = f64::from(i) / 1_000.0;
            let h = 3_999.0 * p;
            let (low, high) = (numbers[h.floor() as usize], numbers[h.ceil() as usize]);
            let exact = low + h.fract() * (high - low);
            let found = sketch.quantile(p).expect("a quantile");
            assert!((found / exact - 1.0).abs() <= 1.0 / 512.0, "{found} is not {exact} at {p}");
        }
        assert_eq!((sketch.quantile(0.0), sketch.quantile(1.0)), (sketch.min(), sketch.max()));
    }

    /// Halves join into the whole; numbers at zero count, and mean and deviation are those of the definition.
    #[test]
    fn sketches_join() {
        let numbers: Vec<f64> = (0..999).map(|i| if i % 9 == 0 { 0.0 } else { f64::from(i * i % 1_013) }).collect();
        let (mut one, mut two, mut all) = (Sketch::default(), Sketch::default(), Sketch::default());
        one.add_all(&numbers[..300]);
        two.add_all(&numbers[300..]);
        all.add_all(&numbers);
        let (mut there, mut back) = (one.clone(), two.clone());
        there.merge(&two);
        back.merge(&one);
        for joined in [&there, &back] {
            for p in [0.0, 0.05, 0.3, 0.5, 0.95, 1.0] {
                assert_eq!(joined.quantile(p), all.quantile(p));
            }
            assert_eq!((joined.count(), joined.min(), joined.max()), (999, all.min(), all.max()));
            let mean = numbers.iter().sum::<f64>() / 999.0;
            let sd = (numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 998.0).sqrt();
            assert!((joined.mean().expect("numbers") / mean - 1.0).abs() < 1e-14);
            assert!((joined.sd().expect("numbers") / sd - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let sentence = |error: Error| error.to_string();
        let mut sketch = Sketch::default();
        assert_eq!(
            sentence(sketch.add(f64::NAN).unwrap_err()),
            "a number of a sketch is NaN, but it must be a finite number, zero or above"
        );
        assert_eq!(
            sentence(sketch.mean().unwrap_err()),
            "nothing was seen, so there is nothing to say: add at least one number"
        );
        assert_eq!(
            sentence(sketch.quantile(1.5).unwrap_err()),
            "the probability of a quantile is 1.5, but it must be a number from 0 to 1"
        );
    }
}
