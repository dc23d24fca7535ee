//! From the trough to the peak of a cycle with one oral dose into one compartment, in closed form: `m` is the smaller and
//! `M` the larger of `ka` and `ke`, and `E(x) = (1 - e^{-x})/x`.

use crate::numeric::{estrin, exp_and_expm1, ln_1p};

/// What is left of a cycle, with `x = m tau` and `y = (M-m) tau`.
pub(super) struct Fade {
    pub(super) x: f64,
    pub(super) y: f64,
    /// `e^{-x}`, and what it lacks to 1, below zero.
    pub(super) decay: f64,
    pub(super) slow_gain: f64,
    /// `e^{-y} - 1`.
    pub(super) gain: f64,
}

impl Fade {
    fn of([ka, ke]: [f64; 2], tau: f64) -> Self {
        let (x, y) = (ka.min(ke) * tau, (ka - ke).abs() * tau);
        let ((decay, slow_gain), (_, gain)) = (exp_and_expm1(-x), exp_and_expm1(-y));
        Self { x, y, decay, slow_gain, gain }
    }
}

/// The way from the trough to the peak.
pub(super) struct Rise {
    /// `E(m tau) / E(M tau)`: the peak comes after its logarithm over `M - m`.
    pub(super) ratio: f64,
    /// `flow2(ka, ke, tau)`.
    pub(super) flow: f64,
    /// One over `1 - e^{-m tau}` and `1 - e^{-M tau}`, what is lost in a cycle, and over `M - m`.
    pub(super) per_slow_loss: f64,
    pub(super) per_fast_loss: f64,
    pub(super) per_apart: f64,
    /// What was divided by: where it is not a good number, nothing here is.
    pub(super) product: f64,
}

impl Rise {
    /// A division is slow, so one over a product serves for all.
    #[inline(always)]
    pub(super) fn after(Fade { x, y, decay, slow_gain, gain }: Fade, tau: f64) -> Self {
        let slow_loss = -slow_gain;
        let fast_loss = slow_loss - decay * gain;
        let divisor = if y == 0.0 { 1.0 } else { y };
        let (slow_part, fast_part) = (x * slow_loss, divisor * fast_loss);
        let product = slow_part * fast_part;
        let per_product = 1.0 / product;
        let (per_slow_part, per_fast_part) = (per_product * fast_part, per_product * slow_part);
        let (per_fast_loss, per_y) = (per_fast_part * divisor, per_fast_part * fast_loss);
        let apart = if y == 0.0 { 1.0 } else { -gain * per_y };
        let ratio = slow_loss * (per_slow_part * slow_loss) * (x + y) * per_fast_loss;
        let (flow, per_slow_loss) = (tau * decay * apart, per_slow_part * x);
        Self { ratio, flow, per_slow_loss, per_fast_loss, per_apart: per_y * tau, product }
    }
}

/// Below this the logarithm of a ratio loses digits.
pub(super) const NEAR: f64 = 1.0625;

/// When the peak comes if its ratio is near 1: the ratio is `1 + (M-m) q`, and with `x = m tau` and `y = (M-m) tau`,
/// `q = (1 - e^{-x} - x e^{-x} E(y)) / (m (1 - e^{-M tau}))`. That difference loses its digits where `x` and `y` are
/// small, so it is written as a sum of two positive terms, `(1 - e^{-x} - x e^{-x}) + x e^{-x} (1 - E(y))`, each by its
/// series there.
pub(super) fn near_peak([ka, ke]: [f64; 2], tau: f64) -> f64 {
    let (slow, apart) = (ka.min(ke), (ka - ke).abs());
    let Fade { x, y, decay, slow_gain, gain } = Fade::of([ka, ke], tau);
    let first = if x < SMALL { decay * (x * x) * estrin(x, &PHI2) } else { -slow_gain - x * decay };
    let second = if y < SMALL { y * estrin(-y, &PHI2) } else { 1.0 + gain / y };
    let q = (first + x * decay * second) / (slow * (-slow_gain - decay * gain));
    if apart == 0.0 { q } else { ln_1p(apart * q) / apart }
}

/// What was divided by must be far from the ends of the numbers, where digits are lost; what is not is done one by one.
#[inline(always)]
pub(super) fn in_range(x: f64) -> bool {
    (x > 1e-280) & (x < 1e280)
}

/// Below this the series of [`PHI2`] is exact.
const SMALL: f64 = 0.25;

/// `(e^z - 1 - z) / z^2` by Taylor: `1 / (k + 2)!`; eleven terms leave 1e-16 at a quarter.
const PHI2: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_66,
    0.041_666_666_666_666_664,
    0.008_333_333_333_333_333,
    0.001_388_888_888_888_889,
    0.000_198_412_698_412_698_4,
    2.480_158_730_158_73e-5,
    2.755_731_922_398_589e-6,
    2.755_731_922_398_589_3e-7,
    2.505_210_838_544_172e-8,
    2.087_675_698_786_81e-9,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::ln;

    impl Rise {
        fn of(rates: [f64; 2], tau: f64) -> Self {
            Self::after(Fade::of(rates, tau), tau)
        }
    }

    #[test]
    fn both_forms_of_the_peak_agree_where_they_meet() {
        let mut compared = 0;
        for i in 0..400 {
            let (slow, apart) = (10_f64.powf(-4.0 + 0.01 * f64::from(i)), 10_f64.powf(-2.0 + 0.005 * f64::from(i)));
            let rates = [slow, slow + apart];
            let rise = Rise::of(rates, 24.0);
            if (NEAR..2.0 * NEAR).contains(&rise.ratio) {
                let (far, near) = (ln(rise.ratio) * rise.per_apart, near_peak(rates, 24.0));
                assert!((far / near - 1.0).abs() < 2e-14, "{far} is not {near} for {rates:?}");
                compared += 1;
            }
        }
        assert!(compared > 50, "{compared}");
    }
}
