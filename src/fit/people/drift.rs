//! Whether an average still drifts: its last part against what was before, in Monte Carlo standard errors.

/// How many iterations make a batch, whose means are nearly independent.
const BATCH: usize = 10;
/// The last iterations, which are held against those before.
pub(super) const LAST: usize = 50;
/// How many standard errors count as a drift.
pub(super) const DRIFT: f64 = 3.0;

/// The largest drift of all coordinates, in standard errors: of the mean over the last 50 rows against that of the rows before. None of fewer
/// than 100 rows, or where nothing moves.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub(super) fn drift(rows: &[Vec<f64>]) -> Option<f64> {
    let batches: Vec<&[Vec<f64>]> = rows.rchunks_exact(BATCH).rev().collect();
    let last = LAST / BATCH;
    if batches.len() < 2 * last {
        return None;
    }
    let before = batches.len() - last;
    let of = |i: usize| {
        let means: Vec<f64> =
            batches.iter().map(|batch| batch.iter().map(|row| row[i]).sum::<f64>() / BATCH as f64).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (early, late) = (mean(&means[..before]), mean(&means[before..]));
        let squares = |part: &[f64], mean: f64| part.iter().map(|own| (own - mean).powi(2)).sum::<f64>();
        let variance = (squares(&means[..before], early) + squares(&means[before..], late)) / (means.len() - 2) as f64;
        let error = (variance * (1.0 / before as f64 + 1.0 / last as f64)).sqrt();
        if error > 0.0 { (late - early).abs() / error } else { 0.0 }
    };
    (0..rows[0].len()).map(of).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    #[test]
    fn noise_does_not_drift_and_a_trend_does() {
        let mut draw = Stream { seed: 3, subject: 0, purpose: Purpose::Person }.draw();
        let noise: Vec<f64> = (0..200).map(|_| draw.normal()).collect();
        let rows = |slope: f64| -> Vec<Vec<f64>> {
            noise
                .iter()
                .enumerate()
                .map(|(k, own)| vec![own + slope * f64::from(u16::try_from(k).unwrap_or(0))])
                .collect()
        };
        assert!(drift(&rows(0.0)).is_some_and(|drift| drift < DRIFT));
        assert!(drift(&rows(0.02)).is_some_and(|drift| drift > DRIFT));
        assert_eq!(drift(&rows(0.0)[..99]), None);
    }
}
