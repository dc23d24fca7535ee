//! Areas between samples: straight lines and exponentials.

use multiversion::multiversion;

use super::rules::Piecewise;
use crate::numeric::{LN2_HI, LN2_LO, exponent, mantissa};

/// A sample: time (h) and concentration (µg/L).
pub(super) type Sample = (f64, f64);

/// The areas under `C` and `t C` between two samples on a straight line; that under `t C` is the trapezoid of the
/// products, as all programs of the field have it, and not the moment of the line.
#[inline(always)]
fn straight((t1, c1): Sample, (t2, c2): Sample) -> [f64; 2] {
    let half = 0.5 * (t2 - t1);
    [half * (c1 + c2), half * (t1 * c1 + t2 * c2)]
}

/// `(atanh(s)/s - 1)/s²` in `s²` for `|s| <= 0.6`: Chebyshev interpolation in 60 digits; times `s²` the error is 1.7e-17.
const ATANH: [f64; 16] = [
    0.333_333_333_333_333_3,
    0.200_000_000_000_038,
    0.142_857_142_848_222_04,
    0.111_111_111_936_275_85,
    0.090_909_050_953_008_94,
    0.076_924_242_660_582_5,
    0.066_644_435_524_779_24,
    0.059_114_972_924_375_39,
    0.049_921_697_889_008_35,
    0.065_806_722_756_293_96,
    -0.045_169_619_397_284_1,
    0.352_015_259_695_407_7,
    -0.740_006_521_250_389_2,
    1.345_124_223_608_947,
    -1.334_123_749_547_096_6,
    0.726_895_678_037_094_7,
];

/// The polynomial of [`ATANH`] at `s² = z`, four terms at a time.
#[inline(always)]
fn atanh_rest(z: f64) -> f64 {
    let (z2, z4) = (z * z, (z * z) * (z * z));
    let four = |i: usize| (ATANH[i] + ATANH[i + 1] * z) + (ATANH[i + 2] + ATANH[i + 3] * z) * z2;
    four(0) + z4 * (four(4) + z4 * (four(8) + z4 * four(12)))
}

/// The areas under `C` and `t C` between two positive samples on an exponential.
///
/// With `u = ln(c1/c2)` and `h = t2 - t1` they are `h` times the mean `(c1 - c2)/u`, and `t1` times that plus `h²` times
/// `(mean - c2)/u` (Gibaldi and Perrier 1982, *Pharmacokinetics*, appendix D, solved for `k = u/h`).
///
/// The logarithm is `2 atanh(s)` with `s = (c1 - c2)/(c1 + c2)`, which keeps all of its digits where `c1` and `c2` are nearly
/// equal, and so do the differences there: with `a = atanh(s)/s` and the `q` of `a = 1 + q s²`, the mean is
/// `(c1 + c2)/2a` and the other quotient `mean (1 - s q/a)/2`, free of cancellation. Where the two lie more than fourfold
/// apart, `s` is that of their mantissas, their exponents add to `u`, and nothing cancels in the differences as they stand.
#[inline(always)]
fn exponential((t1, c1): Sample, (t2, c2): Sample) -> [f64; 2] {
    let (h, fall, sum) = (t2 - t1, c1 - c2, c1 + c2);
    let near = fall.abs() <= 0.6 * sum;
    let part = if near { fall } else { mantissa(c1) - mantissa(c2) };
    let s = part / if near { sum } else { mantissa(c1) + mantissa(c2) };
    let z = s * s;
    let q = atanh_rest(z);
    let a = 1.0 + z * q;
    let e = exponent(c1) - exponent(c2);
    let u = e * LN2_HI + (2.0 * s * a + e * LN2_LO);
    let over = 1.0 / if near { a } else { u };
    let mean = if near { 0.5 * sum } else { fall } * over;
    let moment = if near { 0.5 * mean * (1.0 - s * q * over) } else { (mean - c2) * over };
    [h * mean, t1 * (h * mean) + h * (h * moment)]
}

/// The areas under `C` and `t C` of one piece, of which it is known what it looks like.
pub(super) fn piece(log: bool, from: Sample, to: Sample) -> [f64; 2] {
    if log { exponential(from, to) } else { straight(from, to) }
}

/// So many pieces are worked side by side, each in a lane of its own; the row is filled up to a whole number of lanes.
const LANES: usize = 8;
/// So many pieces are worked in one go.
const GO: usize = 4 * LANES;

/// The areas under `C` and `t C` from the first sample to the last.
pub(super) fn areas(rule: Piecewise, times: &[f64], conc: &[f64]) -> [f64; 2] {
    let pieces = times.len().saturating_sub(1);
    let whole = pieces - pieces % LANES;
    let mut sums = [[0.0; LANES]; 2];
    add_pieces(rule, [&times[..=whole], &conc[..=whole]], &mut sums);
    if whole < pieces {
        add_pieces(rule, [&filled_up(&times[whole..]), &filled_up(&conc[whole..])], &mut sums);
    }
    sums.map(|sums| sums.iter().sum())
}

/// The ends of the last pieces, filled up with the last sample; what is added has no length.
fn filled_up(row: &[f64]) -> [f64; LANES + 1] {
    let mut ends = [row[row.len() - 1]; LANES + 1];
    ends[..row.len()].copy_from_slice(row);
    ends
}

/// Adds the areas of a whole number of lanes.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn add_pieces(rule: Piecewise, [times, conc]: [&[f64]; 2], sums: &mut [[f64; LANES]; 2]) {
    let pieces = times.len() - 1;
    for start in (0..pieces).step_by(GO) {
        let stop = (start + GO).min(pieces);
        let (mut zeroth, mut first) = ([0.0; GO], [0.0; GO]);
        let (zeroth, first) = (&mut zeroth[..stop - start], &mut first[..stop - start]);
        fill(rule, [&times[start..=stop], &conc[start..=stop]], [zeroth, first]);
        add(zeroth, &mut sums[0]);
        add(first, &mut sums[1]);
    }
}

#[inline(always)]
fn add(row: &[f64], sums: &mut [f64; LANES]) {
    for row in row.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            sums[i] += row[i];
        }
    }
}

/// The areas of all pieces.
#[inline(always)]
fn fill(rule: Piecewise, [times, conc]: [&[f64]; 2], [zeroth, first]: [&mut [f64]; 2]) {
    let pieces = zeroth.len();
    let (first, times, conc) = (&mut first[..pieces], &times[..=pieces], &conc[..=pieces]);
    if rule == Piecewise::Linear {
        for i in 0..pieces {
            [zeroth[i], first[i]] = straight((times[i], conc[i]), (times[i + 1], conc[i + 1]));
        }
        return;
    }
    let up = rule == Piecewise::Log;
    for i in 0..pieces {
        let (from, to) = ((times[i], conc[i]), (times[i + 1], conc[i + 1]));
        let log = (to.1 > 0.0) & ((to.1 < from.1) | (up & (from.1 > 0.0) & (to.1 > from.1)));
        let (straight, exponential) = (straight(from, to), exponential(from, to));
        zeroth[i] = if log { exponential[0] } else { straight[0] };
        first[i] = if log { exponential[1] } else { straight[1] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked with 60 digits (mpmath): t1, c1, t2, c2, area, moment.
    const EXACT: &str = include_str!("../../tests/reference/nca/log_segments.csv");

    #[test]
    fn exponentials_keep_their_digits() {
        let rows = EXACT.lines().filter(|line| !line.starts_with(['#', 't']));
        let mut worst = [0.0_f64; 2];
        for row in rows {
            let n: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
            let found = exponential((n[0], n[1]), (n[2], n[3]));
            for i in 0..2 {
                worst[i] = worst[i].max((found[i] / n[4 + i] - 1.0).abs());
            }
        }
        println!("worst deviation of the areas {:.1e} and of the moments {:.1e}", worst[0], worst[1]);
        assert!(worst[0] <= 5e-16 && worst[1] <= 5e-16, "{worst:?}");
    }

    #[test]
    fn rows_are_the_sum_of_their_pieces() {
        let times: Vec<f64> = (0..13).map(|i| 0.5 * f64::from(i * i)).collect();
        let conc = [0.0, 1.0, 4.0, 4.0, 3.0, 0.0, 2.0, 1.999_999_999, 1.0, 1.5, 1e-9, 0.0, 0.0];
        for rule in [Piecewise::Linear, Piecewise::LogDown, Piecewise::Log] {
            // In the order of the lanes, to the bit.
            let mut sums = [[0.0; LANES]; 2];
            for i in 0..12 {
                let (from, to) = ((times[i], conc[i]), (times[i + 1], conc[i + 1]));
                let piece = piece(rule.is_log(from.1, to.1), from, to);
                (sums[0][i % LANES], sums[1][i % LANES]) =
                    (sums[0][i % LANES] + piece[0], sums[1][i % LANES] + piece[1]);
            }
            assert_eq!(areas(rule, &times, &conc), sums.map(|sums| sums.iter().sum()), "{rule:?}");
        }
    }
}
