//! How much of a normal distribution lies below a value, as a logarithm: for what an assay could not quantify.

/// `ln sqrt(2 pi)`.
pub(crate) const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_8;

/// Below this the complementary error function leaves the range of numbers, and the series has its digits.
const FAR: f64 = -37.0;

/// `ln Phi(z)`, the logarithm of the probability that a standard normal variable lies below `z`.
pub(crate) fn ln_ndtr(z: f64) -> f64 {
    if z > 0.0 {
        return (-0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)).ln_1p();
    }
    if z > FAR {
        return (0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)).ln();
    }
    // Abramowitz and Stegun 26.2.12; the next term is below 1e-16.
    let w = 1.0 / (z * z);
    let rest = w * (-1.0 + w * (3.0 + w * (-15.0 + w * (105.0 - w * 945.0))));
    -0.5 * z * z - LN_SQRT_TAU - (-z).ln() + rest.ln_1p()
}

/// The slope of [`ln_ndtr`]: the density over the probability.
pub(crate) fn ln_ndtr_slope(z: f64) -> f64 {
    if z > FAR {
        return (-0.5 * z * z - LN_SQRT_TAU - ln_ndtr(z)).exp();
    }
    let w = 1.0 / (z * z);
    // 1 / (1 - w + 3 w² - ..) as a series of its own.
    -z * (1.0 + w * (1.0 + w * (-2.0 + w * (10.0 - w * 74.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// z, ln Phi(z), phi(z)/Phi(z), with 40 digits (mpmath).
    const EXACT: [(f64, f64, f64); 9] = [
        (8.0, -6.220_960_574_271_786e-16, 5.052_271_083_536_895e-15),
        (2.5, -0.006_229_025_485_860_002_4, 0.017_637_825_486_916_735),
        (0.0, -std::f64::consts::LN_2, 0.797_884_560_802_865_36),
        (-0.3, -0.962_102_818_168_850_66, 0.998_165_968_858_483_32),
        (-3.0, -6.607_726_221_510_349_5, 3.283_098_654_930_436_5),
        (-12.25, -78.462_270_827_375_929, 12.330_579_239_953_756),
        (-36.5, -670.642_000_000_313_7, 36.527_356_284_475_012),
        (-40.0, -804.608_442_013_753_79, 40.024_968_847_207_264),
        (-250.0, -31_256.440_415_450_427, 250.003_999_872_010_24),
    ];

    #[test]
    fn logarithms_of_probabilities_hold_their_digits() {
        for (z, value, slope) in EXACT {
            // Above 0 a rounding of z shifts the little that is missing to 1 by z² roundings.
            let most = 2e-15 + 1.2e-16 * z.max(0.0) * z;
            assert!((ln_ndtr(z) / value - 1.0).abs() < most, "{z} {} {value}", ln_ndtr(z));
            assert!((ln_ndtr_slope(z) / slope - 1.0).abs() < 2e-13, "{z} {} {slope}", ln_ndtr_slope(z));
        }
    }
}
