//! The share of people above a target, and how sure it is.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::numeric::normal_quantile;

/// How many of so many people meet a condition.
///
/// ```
/// use menaquinone::population::Share;
/// let troughs = [1.2, 2.4, 3.1, 1.9, 2.2];
/// let above: Share = troughs.iter().map(|trough| *trough >= 2.0).collect();
/// assert_eq!((above.count(), above.of(), above.share()), (3, 5, Some(0.6)));
/// let (low, high) = above.interval(0.95)?.into_inner(); // three of five says little
/// assert!((low - 0.2307).abs() < 1e-4 && (high - 0.8824).abs() < 1e-4);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Share {
    count: u64,
    of: u64,
}

/// A share as it is read, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    count: u64,
    of: u64,
}

impl TryFrom<Written> for Share {
    type Error = Error;
    fn try_from(Written { count, of }: Written) -> Result<Self> {
        if count > of {
            return Err(Error::value(format!("{count} of {of} people is no share: there cannot be more than all")));
        }
        Ok(Self { count, of })
    }
}

impl Share {
    /// How many meet the condition.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many were looked at.
    pub fn of(&self) -> u64 {
        self.of
    }

    /// The part that meets it, from 0 to 1; `None` of nobody.
    #[expect(clippy::cast_precision_loss, reason = "a share has fewer digits than a count")]
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// Looks at one more.
    pub fn add(&mut self, meets: bool) {
        self.of += 1;
        self.count += u64::from(meets);
    }

    /// Joins what was seen of other people: exact, in any order.
    pub fn merge(&mut self, other: &Self) {
        self.of += other.of;
        self.count += other.count;
    }

    /// The interval that holds the share among all people like these, with this confidence: Wilson's score interval, which
    /// stays within [0, 1] and is right for few people and for shares near the ends (Wilson, J. Am. Stat. Assoc. 22 (1927)
    /// 209, doi:10.1080/01621459.1927.10502953; recommended by Brown and others, Stat. Sci. 16 (2001) 101,
    /// doi:10.1214/ss/1009213286).
    ///
    /// It speaks of chance in drawing people, not of how good the model is.
    ///
    /// # Errors
    /// A confidence outside (0, 1); nobody.
    #[expect(clippy::cast_precision_loss, reason = "a share has fewer digits than a count")]
    pub fn interval(&self, confidence: f64) -> Result<RangeInclusive<f64>> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(Error::value(format!(
                "the confidence is {confidence}, but it must be a number between 0 and 1, such as 0.95"
            )));
        }
        let Some(share) = self.share() else {
            return Err(Error::value("of nobody there is no share: look at one person at least"));
        };
        let n = self.of as f64;
        let z = normal_quantile(0.5 + 0.5 * confidence);
        let centre = share + z * z / (2.0 * n);
        let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        let low = if self.count == 0 { 0.0 } else { (centre - half) / scale };
        let high = if self.count == self.of { 1.0 } else { (centre + half) / scale };
        Ok(low..=high)
    }
}

impl FromIterator<bool> for Share {
    fn from_iter<T: IntoIterator<Item = bool>>(people: T) -> Self {
        let mut share = Self::default();
        people.into_iter().for_each(|meets| share.add(meets));
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 1 of Newcombe, Stat. Med. 17 (1998) 857, doi:`10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E`:
    /// the score method for 81/263, 15/148, 0/20 and 1/29 at 95 %.
    #[test]
    fn the_printed_intervals_of_newcombe() {
        for (count, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let (found_low, found_high) = Share { count, of }.interval(0.95).expect("an interval").into_inner();
            assert!((found_low - low).abs() <= 0.5e-4 && (found_high - high).abs() <= 0.5e-4, "{count}/{of}");
        }
    }
}
