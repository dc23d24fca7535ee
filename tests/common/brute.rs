//! What a person adds to an objective, by formulas with differences of predictions: slow, and kept apart from the library.

use nalgebra::{DMatrix, DVector};

/// The levels that deviations predict.
pub type Predict = Box<dyn Fn(&[f64]) -> Vec<f64>>;

/// The variance of the error of a sample at a level, with its slope.
pub type Variance = Box<dyn Fn(usize, f64) -> [f64; 2]>;

/// A person: levels, the covariance of the deviations, predictions and variances.
pub struct Joint {
    pub y: Vec<f64>,
    pub omega: DMatrix<f64>,
    pub predict: Predict,
    pub variance: Variance,
}

impl Joint {
    fn value(&self, eta: &[f64], over: &DMatrix<f64>) -> f64 {
        let eta_ = DVector::from_column_slice(eta);
        let each = |(j, (y, f)): (usize, (&f64, f64))| {
            let r = (self.variance)(j, f)[0];
            (y - f).powi(2) / r + r.ln()
        };
        self.y.iter().zip((self.predict)(eta)).enumerate().map(each).sum::<f64>() + eta_.dot(&(over * &eta_))
    }

    /// The predictions with their slopes by the deviations, by differences of the sixth order.
    fn slopes(&self, eta: &[f64]) -> DMatrix<f64> {
        const STEP: f64 = 5e-3;
        let (n, m) = (eta.len(), self.y.len());
        let mut slopes = DMatrix::zeros(m, n);
        for i in 0..n {
            let at = |steps: f64| {
                let mut eta = eta.to_vec();
                eta[i] += steps * STEP;
                DVector::from_vec((self.predict)(&eta))
            };
            let pair = |steps: f64| at(steps) - at(-steps);
            slopes.set_column(i, &((45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP)));
        }
        slopes
    }

    /// The slopes of -2 ln of the joint density, half of it expected curvature, and that.
    fn near(&self, eta: &[f64], over: &DMatrix<f64>) -> (DVector<f64>, DMatrix<f64>) {
        let (a, f) = (self.slopes(eta), (self.predict)(eta));
        let mut gradient = 2.0 * over * DVector::from_column_slice(eta);
        let mut curvature = over.clone();
        for (j, (y, f)) in self.y.iter().zip(&f).enumerate() {
            let [r, slope] = (self.variance)(j, *f);
            let (row, off) = (a.row(j).transpose(), y - f);
            gradient += (-2.0 * off / r + (1.0 / r - off * off / (r * r)) * slope) * &row;
            curvature += (1.0 / r + slope * slope / (2.0 * r * r)) * &row * row.transpose();
        }
        (gradient, curvature)
    }

    /// The mode, by steps with the expected curvature, halved where they do not go down.
    fn mode(&self, over: &DMatrix<f64>) -> Vec<f64> {
        let mut eta = vec![0.0; over.nrows()];
        for _ in 0..200 {
            let (gradient, curvature) = self.near(&eta, over);
            let step = curvature.cholesky().expect("a curvature").solve(&(0.5 * &gradient));
            let value = self.value(&eta, over);
            let mut share = 1.0;
            loop {
                let next: Vec<f64> = eta.iter().zip(step.iter()).map(|(eta, step)| eta - share * step).collect();
                if self.value(&next, over) <= value || share < 1e-3 {
                    eta = next;
                    break;
                }
                share *= 0.5;
            }
            if gradient.amax() < 1e-9 {
                break;
            }
        }
        eta
    }
}

fn ln_det(matrix: &DMatrix<f64>) -> f64 {
    matrix.clone().cholesky().map_or(f64::NAN, |root| 2.0 * root.l().diagonal().map(f64::ln).sum())
}

/// `l + ln |Omega| + ln |Omega^-1 + sum (a a'/R + c c'/(2 R^2))|` at the mode.
pub fn focei(joint: &Joint) -> f64 {
    let over = joint.omega.clone().try_inverse().expect("an inverse");
    let eta = joint.mode(&over);
    joint.value(&eta, &over) + ln_det(&joint.omega) + ln_det(&joint.near(&eta, &over).1)
}

/// The same with half the Hessian, by differences of the slopes.
pub fn laplace(joint: &Joint) -> f64 {
    const STEP: f64 = 5e-3;
    let over = joint.omega.clone().try_inverse().expect("an inverse");
    let eta = joint.mode(&over);
    let n = eta.len();
    let mut hessian = DMatrix::zeros(n, n);
    for i in 0..n {
        let at = |steps: f64| {
            let mut eta = eta.clone();
            eta[i] += steps * STEP;
            joint.near(&eta, &over).0
        };
        let pair = |steps: f64| at(steps) - at(-steps);
        hessian.set_column(i, &((45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP)));
    }
    let half = 0.25 * (&hessian + hessian.transpose());
    joint.value(&eta, &over) + ln_det(&joint.omega) + ln_det(&half)
}

/// Laplace's approximation of any -2 ln joint density, all by differences of its value.
pub fn laplace_of(joint: &dyn Fn(&[f64]) -> f64, omega: &DMatrix<f64>) -> f64 {
    const STEP: f64 = 1e-2;
    let n = omega.nrows();
    let shifted = |eta: &[f64], i: usize, by: f64| {
        let mut eta = eta.to_vec();
        eta[i] += by * STEP;
        eta
    };
    let slope = |eta: &[f64], i: usize| {
        let pair = |by: f64| joint(&shifted(eta, i, by)) - joint(&shifted(eta, i, -by));
        (45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP)
    };
    let bend = |eta: &[f64], i: usize, j: usize| {
        let pair = |by: f64| slope(&shifted(eta, j, by), i) - slope(&shifted(eta, j, -by), i);
        (45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP)
    };
    let hessian = |eta: &[f64]| DMatrix::from_fn(n, n, |i, j| bend(eta, i.min(j), i.max(j)));
    let mut eta = vec![0.0; n];
    for _ in 0..100 {
        let gradient = DVector::from_fn(n, |i, _| slope(&eta, i));
        let Some(root) = hessian(&eta).cholesky() else { panic!("no minimum near {eta:?}") };
        let step = root.solve(&gradient);
        let mut share = 1.0;
        while share > 1e-6 {
            let next: Vec<f64> = eta.iter().zip(step.iter()).map(|(eta, step)| eta - share * step).collect();
            if joint(&next) <= joint(&eta) {
                eta = next;
                break;
            }
            share *= 0.5;
        }
        if gradient.amax() < 1e-8 {
            break;
        }
    }
    joint(&eta) + ln_det(omega) + ln_det(&(0.5 * hessian(&eta)))
}

/// `ln Phi(z)`, by Simpson's rule.
pub fn ln_ndtr(z: f64) -> f64 {
    let (low, n) = (z - 12.0, 6_000);
    let step = 12.0 / f64::from(n);
    let density = |x: f64| (-0.5 * x * x).exp();
    let weight = |i: i32| {
        if i == 0 || i == n {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    let sum: f64 = (0..=n).map(|i| weight(i) * density(low + f64::from(i) * step)).sum();
    (sum * step / 3.0 / std::f64::consts::TAU.sqrt()).ln()
}
