//! A bracketed root.

/// A root of `f` between `a` and `b`, where it changes sign: Brent's method to the last bits.
/// Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
pub(crate) fn root(mut f: impl FnMut(f64) -> f64, (a, b): (f64, f64)) -> f64 {
    const MOST: usize = 200;
    let (mut a, mut b) = (a, b);
    let (mut fa, mut fb) = (f(a), f(b));
    let (mut c, mut fc) = (a, fa);
    let (mut step, mut before) = (b - a, b - a);
    for _ in 0..MOST {
        if fb.signum() == fc.signum() {
            (c, fc, step) = (a, fa, b - a);
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs();
        let half = 0.5 * (c - b);
        if half.abs() <= tolerance || fb == 0.0 {
            return b;
        }
        (step, before) = brent_step([a, b, c], [fa, fb, fc], [step, before, tolerance]);
        (a, fa) = (b, fb);
        b += if step.abs() > tolerance { step } else { tolerance.copysign(half) };
        fb = f(b);
    }
    b
}

/// The next step of Brent's method: interpolation where it can be trusted, else half the bracket.
fn brent_step([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3], [step, before, tolerance]: [f64; 3]) -> (f64, f64) {
    let half = 0.5 * (c - b);
    if before.abs() < tolerance || fa.abs() <= fb.abs() {
        return (half, half);
    }
    let s = fb / fa;
    let (p, q) = if a == c {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        (s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    let (p, q) = (p.abs(), if p > 0.0 { -q } else { q });
    if 2.0 * p < (3.0 * half * q - (tolerance * q).abs()).min((before * q).abs()) {
        (p / q, step)
    } else {
        (half, half)
    }
}
