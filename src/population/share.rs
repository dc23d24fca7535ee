//! The share of people above a target, and how sure it is.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};

/// How many of so many people meet a condition.
///
/// ```
/// use menaquinone::Share;
/// let troughs = [1.2, 2.4, 3.1, 1.9, 2.2];
/// let above: Share = troughs.iter().map(|trough| *trough >= 2.0).collect();
/// assert_eq!((above.count(), above.of(), above.share()), (3, 5, Some(0.6)));
/// let (low, high) = above.interval(0.95)?.into_inner(); // three of five says little
/// assert!((low - 0.2307).abs() < 1e-4 && (high - 0.8824).abs() < 1e-4);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    count: u64,
    of: u64,
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
    /// 209, doi:10.1080/01621459.1927.10502953; recommended by Brown, Cai and DasGupta, Stat. Sci. 16 (2001) 101,
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

/// The standard normal quantile for `p` from 0.5 to below 1, to 1e-15: Wichura's algorithm AS 241, PPND16, Appl. Stat. 37
/// (1988) 477, doi:10.2307/2347330.
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_6,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    const B: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let ratio = |above: &[f64; 8], below: &[f64; 8], r: f64| {
        let sum = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
        sum(above) / sum(below)
    };
    let q = p - 0.5;
    if q <= 0.425 {
        return q * ratio(&A, &B, 0.180_625 - q * q);
    }
    let r = (-(1.0 - p).ln()).sqrt();
    if r <= 5.0 { ratio(&C, &D, r - 1.6) } else { ratio(&E, &F, r - 5.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statistics.NormalDist().inv_cdf` of Python 3.11.
    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (p, right) in [
            (0.5, 0.0),
            (0.75, 0.674_489_750_196_081_7),
            (0.975, 1.959_963_984_540_054_2),
            (0.995, 2.575_829_303_548_900_4),
            (0.999_999, 4.753_424_308_817_088),
        ] {
            let found = normal_quantile(p);
            assert!((found - right).abs() <= 1e-13 * right, "{found} is not {right} at {p}");
        }
    }

    /// Table 1 of Newcombe, Stat. Med. 17 (1998) 857, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E:
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
