//! How far the law of a sample under a rival lies from that under the theory of a design: twice the divergence of Kullback and Leibler.
//!
//! Of a normal sample that is always seen it is `(m - n)^2 / r`. Of one that may lie below a limit it is that of a censored one (López-Fidalgo, Tommasi and
//! Trandafir 2007, doi:10.1111/j.1467-9868.2007.00586.x), which is convex in the rival's mean too.

use crate::numeric::{LN_SQRT_TAU, exp, ln_ndtr, ln_ndtr_slope};

/// A sample under the theory of the design: mean and variance on the scale of comparison, and a limit there, below which no more is known than that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) limit: Option<f64>,
}

/// How far a rival's sample lies from it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Distance {
    pub(super) value: f64,
    /// The first two derivatives by the rival's mean.
    pub(super) by_rival: [f64; 2],
    /// The derivatives by the mean and the variance.
    pub(super) by_own: [f64; 2],
}

impl Seen {
    /// How far a rival of this mean, and of the same variance, lies from it.
    pub(super) fn from(&self, rival: f64) -> Distance {
        let (off, r) = (self.mean - rival, self.variance);
        let Some(limit) = self.limit else {
            let square = off * off / r;
            return Distance {
                value: square,
                by_rival: [-2.0 * off / r, 2.0 / r],
                by_own: [2.0 * off / r, -square / r],
            };
        };
        let s = r.sqrt();
        let (z, w) = ((limit - self.mean) / s, (limit - rival) / s);
        let (density, below, above) = (exp(-0.5 * z * z - LN_SQRT_TAU), exp(ln_ndtr(z)), exp(ln_ndtr(-z)));
        let (apart, hazard) = (ln_ndtr(z) - ln_ndtr(w), ln_ndtr_slope(w));
        // What those below the limit give, and those above it.
        let (low, high) = (2.0 * below * apart, 2.0 * s * density * off + off * off * above);
        let by_rival = 2.0 * below * hazard / s - 2.0 * (s * density + off * above) / r;
        let bend = 2.0 * (below * hazard * (w + hazard) + above) / r;
        let by_mean = -2.0 * density * apart / s + (2.0 * off * (z * density + above) + off * off * density / s) / r;
        let low_by_variance = (-density * z * apart - density * z + below * hazard * w) / r;
        let high_by_variance = off * density * (1.0 + z * z) / s + 0.5 * off * off * density * z / r;
        let by_variance = low_by_variance + high_by_variance / r - high / (r * r);
        Distance { value: low + high / r, by_rival: [by_rival, bend], by_own: [by_mean, by_variance] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::fourth;

    /// The distance of a censored sample as an integral by a fine rule of Simpson, and its derivatives as differences.
    #[test]
    fn the_formula_is_the_integral() {
        for (mean, variance, limit, rival) in [(1.0, 0.4, 0.7, 1.3), (0.5, 0.2, 1.5, 0.1), (3.0, 0.5, 0.2, 2.0)] {
            let seen = |mean: f64, variance: f64| Seen { mean, variance, limit: Some(limit) };
            let found = seen(mean, variance).from(rival);
            let s = f64::sqrt(variance);
            let (n, end) = (20_000, mean + 12.0 * s);
            let h = (end - limit) / f64::from(n);
            let square = |y: f64, m: f64| (y - m) * (y - m) / variance;
            let f = |y: f64| exp(-0.5 * square(y, mean) - LN_SQRT_TAU) / s * (square(y, rival) - square(y, mean));
            let weight = |i: i32| if i == 0 || i == n { 1.0 } else { 2.0 + 2.0 * f64::from(i % 2) };
            let above: f64 = (0..=n).map(|i| weight(i) * h / 3.0 * f(limit + f64::from(i) * h)).sum();
            let [own, other] = [mean, rival].map(|m| ln_ndtr((limit - m) / s));
            let expected = above + 2.0 * exp(own) * (own - other);
            assert!((found.value - expected).abs() < 1e-11, "{} {expected}", found.value);
            let slopes = [
                (found.by_rival[0], fourth(1e-3, |step| Some(seen(mean, variance).from(rival + step).value))),
                (found.by_rival[1], fourth(1e-3, |step| Some(seen(mean, variance).from(rival + step).by_rival[0]))),
                (found.by_own[0], fourth(1e-3, |step| Some(seen(mean + step, variance).from(rival).value))),
                (found.by_own[1], fourth(1e-3, |step| Some(seen(mean, variance + step).from(rival).value))),
            ];
            for (own, difference) in slopes {
                let difference = difference.expect("a value");
                assert!((own - difference).abs() < 1e-8 * (1.0 + difference.abs()), "{own} {difference}");
            }
        }
    }
}
