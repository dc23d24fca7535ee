//! Lines that guide the eye: local regression through points, and the band of normal quantiles.

use crate::numeric::normal_quantile;

/// The part of the points that a place of the line looks at.
const SPAN: f64 = 0.75;

/// A line through points by local regression of the first degree with tricube weights (Cleveland 1979); empty for fewer than ten points or four
/// places.
pub(super) fn smooth(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const PLACES: u32 = 60;
    const FEW: usize = 16;
    let mut xs: Vec<f64> = points.iter().map(|(x, _)| *x).collect();
    xs.sort_by(f64::total_cmp);
    let mut distinct = xs.clone();
    distinct.dedup();
    if points.len() < 10 || distinct.len() < 4 {
        return Vec::new();
    }
    let (first, last) = (xs[0], xs[xs.len() - 1]);
    let near = (SPAN * points.len() as f64).ceil() as usize;
    let at = |x: f64| {
        let mut far: Vec<f64> = points.iter().map(|(own, _)| (own - x).abs()).collect();
        far.sort_by(f64::total_cmp);
        // Where most points are of one time the line looks further.
        let width = (1.001 * far[near.min(far.len()) - 1]).max(0.1 * (last - first));
        let mut sums = [0.0; 5];
        for (own, y) in points {
            let u = (own - x) / width;
            let w = (1.0 - u.abs().powi(3)).max(0.0).powi(3);
            for (sum, term) in sums.iter_mut().zip([1.0, u, u * u, *y, u * y]) {
                *sum += w * term;
            }
        }
        let [w, u, uu, y, uy] = sums;
        let det = w * uu - u * u;
        if det > 1e-9 * w * w { (uu * y - u * uy) / det } else { y / w }
    };
    // Between a few times that all people share there is nothing to follow.
    if distinct.len() > FEW {
        distinct = (0..=PLACES).map(|i| first + (last - first) * f64::from(i) / f64::from(PLACES)).collect();
    }
    let line = distinct.into_iter().map(|x| (x, at(x)));
    line.filter(|(_, y)| y.is_finite()).collect()
}

/// The normal quantiles of so many sorted numbers, and the ends within which each lies in 95 of 100 cases, by the variance of an order statistic.
pub(super) fn quantile_band(count: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let n = count as f64;
    let shares = (0..count).map(|i| (i as f64 + 0.5) / n);
    let middle: Vec<f64> = shares.clone().map(normal_quantile).collect();
    let end = |direction: f64| -> Vec<f64> {
        let of = |p: f64| {
            let spread = 1.96 * (p * (1.0 - p) / n).sqrt();
            normal_quantile((p + direction * spread).clamp(0.05 / n, 1.0 - 0.05 / n))
        };
        shares.clone().map(of).collect()
    };
    (middle, end(-1.0), end(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_line_through_a_straight_one_is_straight() {
        let points: Vec<(f64, f64)> = (0..40).map(|i| (f64::from(i % 20), 2.0 - 0.5 * f64::from(i % 20))).collect();
        let line = smooth(&points);
        assert_eq!(line.len(), 61);
        assert!(line.iter().all(|(x, y)| (y - (2.0 - 0.5 * x)).abs() < 1e-9));
        assert!(smooth(&points[..9]).is_empty());
    }

    #[test]
    fn the_band_holds_the_quantiles() {
        let (middle, low, high) = quantile_band(100);
        assert!((0..100).all(|i| low[i] < middle[i] && middle[i] < high[i]));
        assert!((middle[49] + middle[50]).abs() < 1e-12);
    }
}
