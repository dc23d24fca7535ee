//! Nodes and weights of Gauss and Hermite.

/// `n` nodes of the weight `e^(-x^2)` with `ln(weight) + x^2`, from the lowest node up.
///
/// The roots of the Hermite polynomial by Newton's method on the normalised recurrence, each from an eigenvalue of the Jacobi matrix (Golub and
/// Welsch 1969).
pub(super) fn hermite(n: usize) -> Vec<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "a count of nodes")]
    let root = |k: usize| (0.5 * k as f64).sqrt();
    let jacobi = nalgebra::DMatrix::from_fn(n, n, |i, j| if i.abs_diff(j) == 1 { root(i.max(j)) } else { 0.0 });
    let mut nodes: Vec<f64> = nalgebra::SymmetricEigen::new(jacobi).eigenvalues.iter().copied().collect();
    nodes.sort_by(f64::total_cmp);
    // The normalised polynomials of degree n - 1 and n at x.
    let last = |x: f64| {
        let (mut before, mut now) = (0.0, std::f64::consts::PI.powf(-0.25));
        for k in 0..n {
            (before, now) = (now, (x * now - root(k) * before) / root(k + 1));
        }
        (before, now)
    };
    #[expect(clippy::cast_precision_loss, reason = "a count of nodes")]
    let twice = 2.0 * n as f64;
    let of = |mut x: f64| {
        for _ in 0..3 {
            let (before, now) = last(x);
            x -= now / (twice.sqrt() * before);
        }
        // The weight is 1 / (n p^2) with the polynomial of degree n - 1.
        let (before, _) = last(x);
        (x, -(0.5 * twice * before * before).ln() + x * x)
    };
    nodes.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::hermite;

    #[test]
    fn polynomials_are_integrated_exactly() {
        // int x^(2k) e^(-x^2) = Gamma(k + 1/2).
        for n in 1..=40 {
            let mut gamma = std::f64::consts::PI.sqrt();
            for k in 0..n.min(12) {
                let power = i32::try_from(2 * k).expect("small");
                let sum: f64 = hermite(n).iter().map(|(x, ln)| x.powi(power) * (ln - x * x).exp()).sum();
                assert!((sum / gamma - 1.0).abs() < 1e-12, "{n} nodes, power {power}: {sum} and {gamma}");
                gamma *= f64::from(power) / 2.0 + 0.5;
            }
        }
    }
}
