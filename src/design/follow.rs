//! How the information of a person, weighed by a matrix, changes as a sample moves in time.

use nalgebra::{DMatrix, DVector};

use super::frame::Frame;
use super::row::{MEAN, Row};

impl Frame {
    /// For each sample of a person the slope in time of `tr(weight M)`, where `M` is the information of the person.
    pub(super) fn slopes(&self, rows: &[&Row], weight: &DMatrix<f64>) -> Vec<f64> {
        if self.is_additive() {
            return rows.iter().map(|row| self.slope_alone(row, weight)).collect();
        }
        self.slopes_together(rows, weight).unwrap_or_else(|| vec![0.0; rows.len()])
    }

    fn slope_alone(&self, row: &Row, weight: &DMatrix<f64>) -> f64 {
        let (n, p) = (self.len(), self.shape.by.len());
        let parts = |own: &[f64]| {
            let mean = DVector::from_fn(n, |i, _| if i < p { own[MEAN + i] } else { 0.0 });
            (mean, DVector::from_fn(n, |i, _| own[self.shape.variance() + i]))
        };
        let ((f, r), (df, dr)) = (parts(&row.numbers), parts(&row.in_time));
        let (own, moved) = (&row.numbers, &row.in_time);
        let form = |a: &DVector<f64>, b: &DVector<f64>| a.dot(&(weight * b));
        moved[0] * form(&f, &f)
            + 2.0 * moved[1] * form(&f, &r)
            + moved[2] * form(&r, &r)
            + 2.0 * (own[0] * form(&f, &df) + own[1] * (form(&df, &r) + form(&f, &dr)) + own[2] * form(&r, &dr))
    }

    /// By the derivatives of `F' K F` and `tr(K V_a K V_b)/2` with `K = V^-1`, gathered for `F`, each `V_a` and `V`.
    fn slopes_together(&self, rows: &[&Row], weight: &DMatrix<f64>) -> Option<Vec<f64>> {
        let (shape, n, q) = (&self.shape, rows.len(), self.shape.eta.len());
        let (p, e, all) = (shape.by.len(), shape.errors, self.len());
        let omega = DMatrix::from_row_slice(q, q, &self.omega);
        let part = |at: usize, width: usize, moved: bool| {
            DMatrix::from_fn(n, width, |i, k| if moved { rows[i].in_time[at + k] } else { rows[i].numbers[at + k] })
        };
        let (f, df) = (part(MEAN, p, false), part(MEAN, p, true));
        let (a, da) = (part(shape.deviations(), q, false), part(shape.deviations(), q, true));
        let bend = |k: usize, moved: bool| part(shape.bend() + k * q, q, moved);
        let noise: Vec<[f64; 2]> = rows.iter().map(|row| noise(row)).collect();
        let spread = |k: usize, j: usize| {
            let [_, _, share, moved] = wide(rows[j], noise[j]);
            let (own, own_moved) = (rows[j].numbers[shape.variance() + k], rows[j].in_time[shape.variance() + k]);
            [own * share, own_moved * share + own * moved]
        };
        let v = &a * &omega * a.transpose() + DMatrix::from_fn(n, n, |i, j| if i == j { noise[i][0] } else { 0.0 });
        let k = v.cholesky()?.inverse();
        let begin = if self.full { 0 } else { p };
        let slope = |number: usize| -> DMatrix<f64> {
            let mut slope = DMatrix::zeros(n, n);
            if let Some(pair) = number.checked_sub(p + e) {
                for (i, j) in &self.pairs[pair] {
                    let half = if i == j { 0.5 } else { 1.0 };
                    let one = a.column(*i) * a.column(*j).transpose();
                    slope += half * (&one + one.transpose());
                }
                return slope;
            }
            if number < p {
                let one = bend(number, false) * &omega * a.transpose();
                slope += &one + one.transpose();
            }
            (0..n).for_each(|j| slope[(j, j)] += spread(number, j)[0]);
            slope
        };
        let beside: Vec<DMatrix<f64>> = (begin..all).map(|number| &k * slope(number) * &k).collect();
        let gathered = |number: usize| {
            let mut sum = DMatrix::zeros(n, n);
            beside.iter().enumerate().for_each(|(other, own)| sum += weight[(number, begin + other)] * own);
            sum
        };
        let by_mean = &k * &f * weight.view((0, 0), (p, p));
        let mut by_variance = -(&by_mean * f.transpose() * &k);
        let mut found: Vec<f64> =
            (0..n).map(|j| 2.0 * (0..p).map(|l| by_mean[(j, l)] * df[(j, l)]).sum::<f64>()).collect();
        for number in begin..all {
            let h = gathered(number);
            let turned = &k * slope(number) * &h;
            by_variance -= 0.5 * (&turned + turned.transpose());
            if let Some(pair) = number.checked_sub(p + e) {
                for &(i, l) in &self.pairs[pair] {
                    let (one, other) = (&h * a.column(i), &h * a.column(l));
                    let half = if i == l { 0.5 } else { 1.0 };
                    for j in 0..n {
                        found[j] += 2.0 * half * (da[(j, i)] * other[j] + da[(j, l)] * one[j]);
                    }
                }
                continue;
            }
            (0..n).for_each(|j| found[j] += h[(j, j)] * spread(number, j)[1]);
            if number < p {
                let (straight, bent) = (&h * &a * &omega, &h * bend(number, false) * &omega);
                let moved = bend(number, true);
                for j in 0..n {
                    found[j] +=
                        2.0 * (0..q).map(|l| moved[(j, l)] * straight[(j, l)] + da[(j, l)] * bent[(j, l)]).sum::<f64>();
                }
            }
        }
        let straight = &by_variance * &a * &omega;
        for j in 0..n {
            found[j] += 2.0 * (0..q).map(|l| da[(j, l)] * straight[(j, l)]).sum::<f64>();
            found[j] += by_variance[(j, j)] * noise[j][1];
        }
        Some(found)
    }
}

/// The variance that a sample has for its mean, and how that changes in time.
fn noise(row: &Row) -> [f64; 2] {
    let told = row.numbers[0];
    [1.0 / told, -row.in_time[0] / (told * told)]
}

/// The same, with what a slope of the variance is multiplied by and how that changes.
fn wide(row: &Row, [own, moved]: [f64; 2]) -> [f64; 4] {
    let root = (2.0 * row.numbers[2]).sqrt();
    let root_moved = row.in_time[2] / root;
    [own, moved, root * own, root_moved * own + root * moved]
}
