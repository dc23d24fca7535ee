//! Quantiles of samples.

/// The quantile `p` in [0, 1] of numbers in any order, which are reordered: type 7 of Hyndman & Fan, Am Stat 1996;50:361,
/// the default of R and numpy. With `h = (n - 1) p`, it is linear between the values of rank `floor(h)` and the next.
///
/// A selection, not a sort, so that its cost is linear in the numbers. There must be at least one, and none may be NaN.
pub(crate) fn quantile(values: &mut [f64], p: f64) -> f64 {
    let (rank, share) = place(values.len(), p);
    let (_, low, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let low = *low;
    if share == 0.0 {
        return low;
    }
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    low + (high - low) * share
}

/// The rank below the quantile, from 0, and how far it lies on the way to the next.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank of an array in memory"
)]
fn place(n: usize, p: f64) -> (usize, f64) {
    let h = (n - 1) as f64 * p;
    let rank = (h.floor() as usize).min(n - 1);
    (rank, if rank + 1 < n { h - h.floor() } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Type 7 of Hyndman and Fan by hand, for the numbers 3, 1, 4, 1, 5, 9, 2 and 6.
    #[test]
    fn quantiles_are_those_of_r() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (p, expected) in [(0.0, 1.0), (0.05, 1.0), (0.25, 1.75), (0.5, 3.5), (0.9, 6.9), (1.0, 9.0)] {
            let found = quantile(&mut values.clone(), p);
            assert!((found - expected).abs() < 1e-14, "{p}: {found}");
        }
        assert_eq!(quantile(&mut [2.5], 0.3), 2.5);
    }
}
