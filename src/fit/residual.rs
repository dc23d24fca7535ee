//! What a sample adds to -2 ln likelihood, with derivatives.

use super::name::Name;
use super::samples::{Reading, Report};
use super::theory::{Off, Theory, Weights};
use super::unknown::Unknown;
use crate::assay::ResidualError;
use crate::numeric::{LN_SQRT_TAU, ln_ndtr, ln_ndtr_slope};
use crate::sensitivity::{Jet, Space, add_scaled};

/// The error of the samples at coordinates: its numbers as jets.
#[derive(Debug, Clone)]
pub(super) struct Residual {
    pub(super) space: Space,
    pub(super) kind: Off,
    pub(super) cv: Jet,
    pub(super) sd: Jet,
    pub(super) above_zero: bool,
}

/// The weight of a level in least squares.
pub(super) fn weight(weights: Weights, reading: Reading, predicted: f64) -> f64 {
    let level = if let Report::Level(level) = reading.report { level } else { f64::NAN };
    match weights {
        Weights::Equal => 1.0,
        Weights::OverLevel => 1.0 / level,
        Weights::OverSquare => 1.0 / (level * level),
        Weights::OverSd => reading.sd.map_or(f64::NAN, |sd| 1.0 / (sd * sd)),
        Weights::OverPrediction => 1.0 / (predicted * predicted),
    }
}

impl Residual {
    pub(super) fn at(theory: &Theory, space: Space, jets: &[(Name, Jet)]) -> Self {
        Self::named((theory.off, theory.above_zero), space, (jets, Name::Cv, Name::Sd))
    }

    /// An error whose numbers have these names.
    pub(super) fn named(
        (off, above_zero): (Off, bool),
        space: Space,
        (jets, its_cv, its_sd): (&[(Name, Jet)], Name, Name),
    ) -> Self {
        let find = |name: Name, unknown: Unknown| {
            let free = jets.iter().find(|(own, _)| *own == name).map(|(_, jet)| jet.clone());
            free.unwrap_or_else(|| space.constant(unknown.start()))
        };
        let zero = || space.zero();
        let (cv, sd) = match off {
            Off::Squares(_) | Off::Own | Off::Variance(_) => (zero(), space.constant(1.0)),
            Off::Error(error) => match error {
                ResidualError::Proportional { cv }
                | ResidualError::LogNormal { cv }
                | ResidualError::Power { cv, .. } => (find(its_cv, cv), zero()),
                ResidualError::Additive { sd } => (zero(), find(its_sd, sd)),
                ResidualError::Combined { cv, sd } | ResidualError::CombinedSd { cv, sd } => {
                    (find(its_cv, cv), find(its_sd, sd))
                }
            },
        };
        Self { space, kind: off, cv, sd, above_zero }
    }

    /// The space of its numbers.
    pub(super) fn space(&self) -> Space {
        self.space
    }

    /// Adds what a report adds to -2 ln likelihood without the constant `ln 2 pi` of each level (in least squares to the weighted sum of
    /// squares), where the model says `conc`. False where nothing has a density there.
    pub(super) fn add(&self, reading: Reading, conc: &Jet, sum: &mut Jet) -> bool {
        self.add_apart(reading, (conc, conc), sum)
    }

    /// The same where the variance goes by another level, `base`.
    pub(super) fn add_apart(&self, reading: Reading, (conc, base): (&Jet, &Jet), sum: &mut Jet) -> bool {
        match (self.kind, reading.report) {
            (Off::Squares(weights), Report::Level(level)) => self.add_square((weights, reading), level, conc, sum),
            (Off::Squares(_), _) => true, // refused when the fit began
            (Off::Error(ResidualError::LogNormal { .. }), report) => self.add_log(report, conc, sum),
            (_, report) => {
                let variance = self.variance(reading.sd, base);
                let good = variance[0] > 0.0 && variance[0] < f64::INFINITY;
                if good && self.above_zero {
                    self.add_above_zero(report, (conc, &variance), sum);
                } else if good {
                    self.add_normal(report, (conc, &variance), sum);
                }
                good
            }
        }
    }

    /// The same of what cannot lie below zero: each probability is over that of lying above zero at all (M4 of Beal 2001).
    fn add_above_zero(&self, report: Report, (conc, variance): (&Jet, &Jet), sum: &mut Jet) {
        let report = if let Report::Below(limit) = report { Report::Between(0.0, limit) } else { report };
        self.add_normal(report, (conc, variance), sum);
        let mut whole = self.space.zero();
        self.add_normal(Report::Above(0.0), (conc, variance), &mut whole);
        add_scaled(sum, -1.0, &whole);
    }

    /// The mean and the variance of what a level is compared with (its logarithm where the error is log-normal); none for what is censored.
    pub(super) fn normal(&self, reading: Reading, conc: &Jet) -> Option<(Jet, Jet)> {
        self.normal_apart(reading, (conc, conc))
    }

    /// The same where the variance goes by another level, `base`.
    pub(super) fn normal_apart(&self, reading: Reading, (conc, base): (&Jet, &Jet)) -> Option<(Jet, Jet)> {
        if !matches!(reading.report, Report::Level(_)) {
            return None;
        }
        if matches!(self.kind, Off::Error(ResidualError::LogNormal { .. })) {
            return Some(self.logarithm(conc));
        }
        Some((conc.clone(), self.variance(reading.sd, base)))
    }

    /// What a measured level is compared on, itself or its logarithm where the error is log-normal, and what that scale adds to -2 ln of its
    /// density; none where it has no value.
    pub(super) fn compared(&self, level: f64) -> Option<(f64, f64)> {
        if matches!(self.kind, Off::Error(ResidualError::LogNormal { .. })) {
            return (level > 0.0).then(|| (level.ln(), 2.0 * level.ln()));
        }
        Some((level, 0.0))
    }

    /// The logarithm of a level, and the variance of that, ln(1 + cv^2).
    fn logarithm(&self, conc: &Jet) -> (Jet, Jet) {
        let (space, c, cv) = (self.space, conc[0], self.cv[0]);
        let w = 1.0 + cv * cv;
        let log = space.of([c.ln(), 1.0 / c, -1.0 / (c * c)], conc);
        (log, space.of([w.ln(), 2.0 * cv / w, 2.0 * (1.0 - cv * cv) / (w * w)], &self.cv))
    }

    fn add_square(&self, (weights, reading): (Weights, Reading), level: f64, conc: &Jet, sum: &mut Jet) -> bool {
        let space = self.space;
        let mut off = conc.clone();
        off[0] -= level;
        if weights == Weights::OverPrediction {
            if conc[0] <= 0.0 {
                return false;
            }
            let share = space.product(&off, &space.inverse(conc));
            space.add_product(sum, 1.0, &share, &share);
            return true;
        }
        let weight = weight(weights, reading, conc[0]);
        space.add_product(sum, weight, &off, &off);
        weight.is_finite()
    }

    /// The variance of a level, with derivatives.
    fn variance(&self, own: Option<f64>, conc: &Jet) -> Jet {
        let space = self.space;
        let error = match self.kind {
            Off::Error(error) => error,
            Off::Variance(variance) => return space.of(variance.at(conc[0]), conc),
            Off::Squares(_) | Off::Own => return space.constant(own.map_or(1.0, |sd| sd * sd)),
        };
        let mut share = space.product(&self.cv, conc);
        match error {
            ResidualError::CombinedSd { .. } => {
                add_scaled(&mut share, 1.0, &self.sd);
                space.product(&share, &share)
            }
            ResidualError::Power { exponent, .. } => {
                let level = space.of(power(conc[0], exponent), conc);
                space.product(&space.product(&self.cv, &self.cv), &level)
            }
            _ => {
                let mut variance = space.product(&share, &share);
                space.add_product(&mut variance, 1.0, &self.sd, &self.sd);
                variance
            }
        }
    }

    fn add_normal(&self, report: Report, (conc, variance): (&Jet, &Jet), sum: &mut Jet) {
        let space = self.space;
        let v = variance[0];
        if let Report::Level(level) = report {
            let mut off = conc.clone();
            off[0] -= level;
            let square = space.product(&off, &off);
            space.add_product(sum, 1.0, &square, &space.inverse(variance));
            add_scaled(sum, 1.0, &space.of([v.ln(), 1.0 / v, -1.0 / (v * v)], variance));
            return;
        }
        let root = v.sqrt();
        let over = space.of([1.0 / root, -0.5 / (v * root), 0.75 / (v * v * root)], variance);
        // How many standard deviations a limit lies above the prediction.
        let z = |limit: f64| {
            let mut apart = space.constant(limit);
            add_scaled(&mut apart, -1.0, conc);
            space.product(&apart, &over)
        };
        self.add_limit(report, z, sum);
    }

    /// A log-normal error: normal on the logarithm, of the density of the level itself.
    fn add_log(&self, report: Report, conc: &Jet, sum: &mut Jet) -> bool {
        if conc[0] <= 0.0 || self.cv[0] <= 0.0 {
            return false;
        }
        let (log, variance) = self.logarithm(conc);
        match report {
            Report::Level(level) if level > 0.0 => {
                self.add_normal(Report::Level(level.ln()), (&log, &variance), sum);
                sum[0] += 2.0 * level.ln();
                true
            }
            Report::Level(_) => false,
            Report::Below(limit) => {
                self.add_normal(Report::Below(limit.ln()), (&log, &variance), sum);
                true
            }
            Report::Above(limit) => {
                self.add_normal(Report::Above(limit.ln()), (&log, &variance), sum);
                true
            }
            Report::Between(low, high) => {
                self.add_normal(Report::Between(low.ln(), high.ln()), (&log, &variance), sum);
                true
            }
        }
    }

    fn add_limit(&self, report: Report, z: impl Fn(f64) -> Jet, sum: &mut Jet) {
        let space = self.space;
        let below = |z: &Jet| {
            let slope = ln_ndtr_slope(z[0]);
            space.of([ln_ndtr(z[0]), slope, -slope * (z[0] + slope)], z)
        };
        match report {
            Report::Level(_) => {}
            Report::Below(limit) => add_scaled(sum, -2.0, &below(&z(limit))),
            Report::Above(limit) => {
                let mut up = space.zero();
                add_scaled(&mut up, -1.0, &z(limit));
                add_scaled(sum, -2.0, &below(&up));
            }
            Report::Between(low, high) => add_scaled(sum, -2.0, &between(space, &z(low), &z(high))),
        }
    }
}

/// A level to twice the power, with its first two derivatives.
pub(super) fn power(level: f64, exponent: f64) -> [f64; 3] {
    let (level, p) = (level.max(0.0), 2.0 * exponent);
    if p == 0.0 {
        return [1.0, 0.0, 0.0];
    }
    [level.powf(p), p * level.powf(p - 1.0), p * (p - 1.0) * level.powf(p - 2.0)]
}

/// `ln(Phi(b) - Phi(a))`, in the tail where both are small.
fn between(space: Space, a: &Jet, b: &Jet) -> Jet {
    // Above the middle the mirror image: what is left out must be small.
    let (low, high) = if a[0] > 0.0 {
        let mirrored = |z: &Jet| {
            let mut other = space.zero();
            add_scaled(&mut other, -1.0, z);
            other
        };
        (mirrored(b), mirrored(a))
    } else {
        (a.clone(), b.clone())
    };
    let (top, bottom) = (ln_ndtr(high[0]), ln_ndtr(low[0]));
    let value = top + (-(bottom - top).exp()).ln_1p();
    // The densities at both ends over the probability between them.
    let over = |z: f64| (-0.5 * z * z - LN_SQRT_TAU - value).exp();
    let (up, down) = (over(high[0]), if low[0].is_finite() { over(low[0]) } else { 0.0 });
    let mut jet = space.constant(value);
    let finite = |z: &Jet| if z[0].is_finite() { z.clone() } else { space.zero() };
    let (high, low) = (finite(&high), finite(&low));
    // First derivatives up z1' - down z0', second by the quotient rule.
    let n = space.unknowns;
    for i in 1..=n {
        jet[i] = up * high[i] - down * low[i];
    }
    if space.second {
        let mut at = 1 + n;
        for i in 1..=n {
            for j in 1..=i {
                jet[at] = up * (high[at] - high[0] * high[i] * high[j])
                    - down * (low[at] - low[0] * low[i] * low[j])
                    - jet[i] * jet[j];
                at += 1;
            }
        }
    }
    jet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::Bolus;
    use crate::disposition::OneCompartment;
    use crate::fit::{Theory, free};

    /// -2 ln likelihood of a normal error of 20 % and 0.4 cut off at zero, with its first and second derivative by the level, at levels of 0.02, 0.9 and
    /// 7.5: from mpmath with 40 digits (`ncdf`, `diff`).
    const CUT_OFF: [(Report, [[f64; 3]; 3]); 4] = [
        (
            Report::Level(0.3),
            [
                [-2.650_622_606_030_777_4, 0.336_525_481_869_426_89, 4.948_914_163_968_978_4],
                [0.182_327_064_162_017_47, 6.099_119_397_281_834_4, 4.893_819_039_716_331_4],
                [22.389_998_834_187_088, 0.868_786_986_028_248_34, -0.221_575_403_777_421_83],
            ],
        ),
        (
            Report::Below(0.5),
            [
                [0.500_353_104_086_809_72, 1.315_025_109_448_531_5, 3.471_444_817_085_52],
                [3.614_447_440_467_562_7, 5.946_791_425_766_601_8, 4.447_407_764_181_766_6],
                [25.738_103_837_500_348, 0.873_584_210_619_376_12, -0.226_283_991_210_356_9],
            ],
        ),
        (
            Report::Above(6.0),
            [
                [229.428_110_882_976_73, -73.487_459_634_802_575, -106.115_478_997_134_55],
                [141.905_581_216_872_28, -104.171_663_849_609_28, 30.531_349_552_846_865],
                [0.365_353_842_842_650_84, -0.314_611_949_274_076_77, 0.287_709_816_843_072_89],
            ],
        ),
        (
            Report::Between(0.5, 1.2),
            [
                [3.043_959_132_572_536, -4.516_732_135_464_697_4, 1.996_637_838_247_692_6],
                [1.076_326_010_962_941_6, 0.904_935_191_540_136_65, 7.519_231_549_680_637_6],
                [21.497_483_834_664_043, 1.252_053_370_808_382, -0.293_643_543_818_078_63],
            ],
        ),
    ];

    #[test]
    fn an_error_cut_off_at_zero_has_the_likelihood_of_mpmath() {
        let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })
            .and_then(|theory| theory.with_error(ResidualError::Combined { cv: 0.2, sd: 0.4 }))
            .expect("a theory")
            .with_levels_above_zero();
        let space = Space { unknowns: 1, second: true };
        let residual = Residual::at(&theory, space, &[]);
        for (report, expected) in CUT_OFF {
            for (level, expected) in [0.02, 0.9, 7.5].into_iter().zip(expected) {
                let mut found = space.zero();
                assert!(residual.add(Reading { report, sd: None, kind: None }, &space.unknown(level, 0), &mut found));
                for (found, expected) in found.iter().zip(expected) {
                    assert!(
                        (found - expected).abs() < 1e-11 * (1.0 + expected.abs()),
                        "{report:?} {level}: {found} {expected}"
                    );
                }
            }
        }
    }
}
