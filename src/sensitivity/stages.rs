//! The compartments of a path before the plasma: what passes them and what waits in them, with derivatives with respect to their rate.

use smallvec::smallvec;

use super::terms::{Sum, Term, add};

/// `(r / (s + r))^n` or a derivative of it with respect to `r`: what passes `n` compartments of rate `r`.
pub(super) fn passes((r, rate): (f64, usize), n: usize, order: usize) -> Sum {
    let Ok(count) = u8::try_from(n) else { return Sum::new() };
    let (n, power) = (f64::from(count), |power: i32| r.powi(power));
    let term = |coef: f64, zeros: u8, more: u8| Term { coef, ..Term::ONE }.by(2, zeros).over(rate, count + more);
    let n_int = i32::from(count);
    match (count, order) {
        (0, 0) => smallvec![Term::ONE],
        (0, _) => Sum::new(),
        (_, 0) => smallvec![term(power(n_int), 0, 0)],
        (_, 1) => smallvec![term(n * power(n_int - 1), 1, 1)],
        _ => {
            let mut sum: Sum = smallvec![term(-2.0 * n * power(n_int - 1), 1, 2)];
            if count > 1 {
                add(&mut sum, term(n * (n - 1.0) * power(n_int - 2), 2, 2));
            }
            sum
        }
    }
}

/// `r^n / (s + r)^(n + 1)` or a derivative of it with respect to `r`: what passes `n` compartments of rate `r` and waits in the next.
pub(super) fn ends_there((r, rate): (f64, usize), n: usize, order: usize) -> Sum {
    let Ok(count) = u8::try_from(n) else { return Sum::new() };
    let n = f64::from(count);
    let term = |coef: f64, power: i32, more: u8| {
        Term { coef: coef * r.powi(i32::from(count) - power), ..Term::ONE }.over(rate, count + 1 + more)
    };
    let mut sum = Sum::new();
    match order {
        0 => add(&mut sum, term(1.0, 0, 0)),
        1 => {
            add(&mut sum, term(-(n + 1.0), 0, 1));
            if count > 0 {
                add(&mut sum, term(n, 1, 0));
            }
        }
        _ => {
            add(&mut sum, term((n + 1.0) * (n + 2.0), 0, 2));
            if count > 0 {
                add(&mut sum, term(-2.0 * n * (n + 1.0), 1, 1));
            }
            if count > 1 {
                add(&mut sum, term(n * (n - 1.0), 2, 0));
            }
        }
    }
    sum
}
