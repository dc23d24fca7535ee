//! What a sample adds to the joint density of a person, with derivatives by the prediction and by the numbers of the error.

use smallvec::SmallVec;

use crate::fit::kinds::Errors;
use crate::fit::residual::Residual;
use crate::fit::samples::{Reading, Report};
use crate::fit::scatter::Scatter;
use crate::sensitivity::{Jet, Space, at_second};

/// The coordinates of a sample: the level predicted for the person, that predicted without deviations, and the numbers of the error.
pub(super) const OWN: usize = 0;
pub(super) const TYPICAL: usize = 1;
pub(super) const ERROR: usize = 2;

/// A number for each number of the error.
pub(super) type ByError = SmallVec<[f64; 2]>;

/// A number for each number of the error, by its place.
fn by_error(count: usize, of: impl Fn(usize) -> f64) -> ByError {
    let mut all = ByError::from_elem(0.0, count);
    all.iter_mut().enumerate().for_each(|(i, own)| *own = of(i));
    all
}

/// What a sample adds.
#[derive(Debug, Clone)]
pub(super) struct Term {
    /// -2 ln of its density.
    pub(super) value: f64,
    /// Its first and second derivative by the level of the person.
    pub(super) own: [f64; 2],
    /// Its derivative by the level of the typical person, and that with the level of the person.
    pub(super) typical: [f64; 2],
    /// The same by the numbers of the error.
    pub(super) error: ByError,
    pub(super) own_error: ByError,
    /// What it tells on average of the level.
    pub(super) told: Told,
}

/// `m'^2/R + R'^2/(2 R^2)` of the mean `m` and the variance `R` of what is compared, with its derivatives; zero for a sample outside a limit.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) value: f64,
    pub(super) by_own: f64,
    pub(super) by_typical: f64,
    pub(super) by_error: ByError,
}

/// The space of a sample's coordinates with so many numbers of the error.
pub(super) fn local(error: usize) -> Space {
    Space { unknowns: ERROR + error, second: true }
}

/// The term of a report where the person is predicted `own` and the typical one `typical`; `interacts` says by which the variance goes.
pub(super) fn term(errors: &Errors, reading: Reading, (own, typical): (f64, f64), interacts: bool) -> Option<Term> {
    let residual = errors.of(reading);
    let scatter = residual.scatter(reading.sd, if interacts { own } else { typical });
    if let (Report::Level(level), Some(scatter)) = (reading.report, scatter) {
        return (scatter.value > 0.0 && scatter.value < f64::INFINITY)
            .then(|| normal(level - own, &scatter, interacts));
    }
    by_jets(residual, reading, (own, typical), interacts)
}

/// The value of a term and its first two derivatives by the level of the person.
pub(super) fn slim(errors: &Errors, reading: Reading, (own, typical): (f64, f64), interacts: bool) -> Option<[f64; 3]> {
    let spread = errors.of(reading).spread(reading.sd, if interacts { own } else { typical });
    let (Report::Level(level), Some([value, slope, bend])) = (reading.report, spread) else {
        let term = term(errors, reading, (own, typical), interacts)?;
        return Some([term.value, term.own[0], term.own[1]]);
    };
    let (off, over) = (level - own, 1.0 / value);
    let share = off * off * over;
    let good = value > 0.0 && value < f64::INFINITY;
    let first = -2.0 * off * over;
    if !interacts {
        return good.then(|| [share + value.ln(), first, 2.0 * over]);
    }
    let (once, twice) = ((1.0 - share) * over, (2.0 * share - 1.0) * over * over);
    let cross = 2.0 * off * over * over;
    let second = 2.0 * over + 2.0 * cross * slope + once * bend + twice * slope * slope;
    good.then(|| [share + value.ln(), first + once * slope, second])
}

/// A level with a normal error: `e^2/R + ln R`.
fn normal(off: f64, scatter: &Scatter, interacts: bool) -> Term {
    let over = 1.0 / scatter.value;
    let share = off * off * over;
    // By the variance, and twice by it.
    let (once, twice) = ((1.0 - share) * over, (2.0 * share - 1.0) * over * over);
    let (slope, bend) = (scatter.first, scatter.second);
    let (pull, cross) = (-2.0 * off * over, 2.0 * off * over * over);
    let (by, with, count) = (&scatter.by_error, &scatter.first_by_error, scatter.by_error.len());
    let error = by_error(count, |i| once * by[i]);
    let told = over + 0.5 * slope * slope * over * over;
    // By the variance, at a slope that is held.
    let told_once = -over * over - slope * slope * over * over * over;
    if interacts {
        return Term {
            value: share + scatter.value.ln(),
            own: [pull + once * slope, 2.0 * over + 2.0 * cross * slope + once * bend + twice * slope * slope],
            typical: [0.0; 2],
            own_error: by_error(count, |i| cross * by[i] + once * with[i] + twice * slope * by[i]),
            error,
            told: Told {
                value: told,
                by_own: told_once * slope + slope * bend * over * over,
                by_typical: 0.0,
                by_error: by_error(count, |i| told_once * by[i] + slope * with[i] * over * over),
            },
        };
    }
    Term {
        value: share + scatter.value.ln(),
        own: [pull, 2.0 * over],
        typical: [once * slope, cross * slope],
        own_error: by_error(count, |i| cross * by[i]),
        error,
        told: Told {
            value: over,
            by_own: 0.0,
            by_typical: -over * over * slope,
            by_error: by_error(count, |i| -over * over * by[i]),
        },
    }
}

/// -2 ln of the density of a sample by all of its coordinates, to the second order.
fn jet(residual: &Residual, reading: Reading, pair: (&Jet, &Jet)) -> Option<Jet> {
    let mut sum = residual.space().zero();
    residual.add_apart(reading, pair, &mut sum).then_some(sum)
}

/// The same at a level, by which the variance goes too.
pub(super) fn jet_at(errors: &Errors, reading: Reading, level: f64) -> Option<Jet> {
    let residual = errors.of(reading);
    let conc = residual.space().unknown(level, OWN);
    jet(residual, reading, (&conc, &conc))
}

/// Any report, by jets.
fn by_jets(residual: &Residual, reading: Reading, (own, typical): (f64, f64), interacts: bool) -> Option<Term> {
    let space = residual.space();
    let n = space.unknowns;
    let conc = space.unknown(own, OWN);
    let base = if interacts { conc.clone() } else { space.unknown(typical, TYPICAL) };
    let sum = jet(residual, reading, (&conc, &base))?;
    let second = |i: usize| sum[at_second(n, OWN, i)];
    let told = residual.normal_apart(reading, (&conc, &base)).map_or_else(Told::default, |(mean, variance)| {
        let (m, r, rf) = (mean[1 + OWN], variance[0], variance[1 + OWN]);
        let by = |i: usize| {
            let second = at_second(n, OWN, i);
            let (dm, dr, drf) = (mean[second], variance[1 + i], variance[second]);
            2.0 * m * dm / r - m * m * dr / (r * r) + rf * drf / (r * r) - rf * rf * dr / (r * r * r)
        };
        Told {
            value: m * m / r + rf * rf / (2.0 * r * r),
            by_own: by(OWN),
            by_typical: by(TYPICAL),
            by_error: (ERROR..n).map(by).collect(),
        }
    });
    let told = if told.by_error.is_empty() && n > ERROR {
        Told { by_error: (ERROR..n).map(|_| 0.0).collect(), ..told }
    } else {
        told
    };
    Some(Term {
        value: sum[0],
        own: [sum[1 + OWN], second(OWN)],
        typical: [sum[1 + TYPICAL], second(TYPICAL)],
        error: (ERROR..n).map(|i| sum[1 + i]).collect(),
        own_error: (ERROR..n).map(second).collect(),
        told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::Bolus;
    use crate::assay::ResidualError;
    use crate::disposition::OneCompartment;
    use crate::fit::theory::Theory;
    use crate::fit::{Unknown, free};

    /// The formulas of a normal error are those that jets give.
    #[test]
    fn formulas_and_jets_agree() {
        let errors: [ResidualError<Unknown>; 5] = [
            ResidualError::Additive { sd: free(0.3) },
            ResidualError::Proportional { cv: free(0.2) },
            ResidualError::Combined { cv: free(0.2), sd: free(0.4) },
            ResidualError::CombinedSd { cv: free(0.2), sd: free(0.4) },
            ResidualError::Power { cv: free(0.2), exponent: 0.7 },
        ];
        for error in errors {
            let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) };
            let theory = Theory::new(Bolus, body).and_then(|theory| theory.with_error(error)).expect("a theory");
            let layout = super::super::layout::Layout::of(&theory).expect("a layout");
            let place = layout.place(&layout.start().expect("a start")).expect("a place");
            for interacts in [true, false] {
                let report = Reading { report: Report::Level(3.7), sd: None, kind: None };
                let quick = term(&place.residual, report, (2.9, 3.3), interacts).expect("a term");
                let lean = slim(&place.residual, report, (2.9, 3.3), interacts).expect("a term");
                assert_eq!(lean.map(f64::to_bits), [quick.value, quick.own[0], quick.own[1]].map(f64::to_bits));
                let slow = by_jets(place.residual.of(report), report, (2.9, 3.3), interacts).expect("a term");
                let all = |term: &Term| {
                    let told = &term.told;
                    let mut all = vec![term.value, told.value, told.by_own, told.by_typical];
                    all.extend(term.own.iter().chain(&term.typical).chain(&term.error));
                    all.extend(term.own_error.iter().chain(&told.by_error));
                    all
                };
                for (a, b) in all(&quick).iter().zip(all(&slow)) {
                    assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{error:?} {interacts}: {quick:?} and {slow:?}");
                }
            }
        }
    }
}
