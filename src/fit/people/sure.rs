//! How far a number of a population can go before the data object: profiles of the likelihood, whose ends may be open.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

use super::evaluate::Asked;
use super::fitted::PeopleFit;
use super::objective::no_place;
use super::outer::Search;
use crate::error::{Error, Result};
use crate::fit::profile::Interval;
use crate::fit::report::short;
use crate::model::Model;
use crate::numeric::{Ends, descend, normal_quantile};

/// A function of the coordinates; `None` where it has no value.
type Function<'a> = &'a dyn Fn(&[f64]) -> Option<f64>;

/// How far a logarithm is followed: to some ten thousand times the estimate.
const FAR: f64 = 9.5;
/// How near the objective comes to what is allowed.
const CLOSE: f64 = 1e-6;
/// The most points of one side.
const MOST: u32 = 40;

/// What is profiled: a function of all coordinates, and how it becomes a value.
struct Asked1<'q> {
    of: Function<'q>,
    back: &'q dyn Fn(f64) -> f64,
    name: &'q str,
    /// A coordinate that is held at its end and must move.
    held: Option<usize>,
}

impl PeopleFit {
    /// The profile interval (95 %) of a number by the name that it has among the [`estimates`](Self::estimates): all values for which the best
    /// fit of the others is not significantly worse. The modes are found anew at each point. An end that the data do not set is `None`, with
    /// a reason; so is the lower end of a variance that has gone to zero.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, fixed, free}};
    /// let design = People::new((1..=12).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
    /// }))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let fit = theory.fit_people(&theory.simulate(&design, 5)?, Method::Focei)?;
    /// let cl = fit.profile("cl")?;
    /// assert!(cl.low.unwrap() < cl.estimate && cl.estimate < cl.high.unwrap());
    /// // The elimination half-life goes by the clearance alone here.
    /// let t_half = fit.profile_of(|model| model.half_life())?;
    /// assert!((t_half.low.unwrap() / (std::f64::consts::LN_2 * 10.0 / cl.high.unwrap()) - 1.0).abs() < 1e-4);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that nothing sought has.
    pub fn profile(&self, name: &str) -> Result<Interval> {
        self.profile_at(name, 0.95)
    }

    /// The profile at another level of confidence.
    ///
    /// # Errors
    /// A name that nothing sought has, a level outside (0, 1).
    pub fn profile_at(&self, name: &str, level: f64) -> Result<Interval> {
        let names = Self::names_of(&self.layout);
        let Some(i) = names.iter().position(|own| own == name) else {
            return Err(Error::value(format!(
                "`{name}` is not sought in this fit: what is sought is {}",
                names.join(", ")
            )));
        };
        let numbers = self.layout.names();
        if let Some((_, unknown)) = numbers.get(i) {
            let back = |t: f64| unknown.value(t)[0];
            let held = Some(i).filter(|i| self.held[*i].is_some());
            return self.interval(&Asked1 { of: &|x| Some(x[i]), back: &back, name, held }, level);
        }
        let (a, b) = self.layout.blocks.places()[i - numbers.len()];
        let element = |x: &[f64]| {
            let omega = self.layout.blocks.omega(self.layout.deviations(), &x[self.layout.omega_at()..])?;
            Some(omega.matrix[(a, b)])
        };
        if a == b {
            let of = |x: &[f64]| element(x).map(f64::ln);
            return self.interval(
                &Asked1 { of: &of, back: &f64::exp, name, held: Some(i).filter(|i| self.held[*i].is_some()) },
                level,
            );
        }
        self.interval(&Asked1 { of: &element, back: &|t| t, name, held: None }, level)
    }

    /// The profile interval (95 %) of a function of the typical person's model that is above zero: a half-life, an area, a steady state.
    ///
    /// # Errors
    /// A function that is not above zero at the estimates.
    pub fn profile_of(&self, function: impl Fn(&Model) -> f64) -> Result<Interval> {
        self.profile_of_at(function, 0.95)
    }

    /// The profile at another level of confidence.
    ///
    /// # Errors
    /// A function that is not above zero at the estimates, a level outside (0, 1).
    pub fn profile_of_at(&self, function: impl Fn(&Model) -> f64, level: f64) -> Result<Interval> {
        let of = |x: &[f64]| {
            let joint = &self.layout.joint;
            let value = function(&joint.model(&joint.values(&self.layout.place(x)?.z)).ok()?);
            (value > 0.0 && value.is_finite()).then(|| value.ln())
        };
        if of(&self.found.x).is_none() {
            return Err(Error::value(
                "the function is not a finite number above zero at the estimates: profile one that is",
            ));
        }
        self.interval(&Asked1 { of: &of, back: &f64::exp, name: "this quantity", held: None }, level)
    }

    fn interval(&self, asked: &Asked1<'_>, level: f64) -> Result<Interval> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::value(format!(
                "the level of an interval is {level}, but it must lie between 0 and 1 (0.95 is 95 %)"
            )));
        }
        let allowed = normal_quantile(0.5 + 0.5 * level).powi(2);
        let people = Asked::new(&self.layout.theory, &self.people, self.method())?;
        let Some(hessian) = &self.hessian else {
            return Err(Error::value(
                "some direction of these estimates is not told by the data at all: fix a number, or let less vary, before a profile is sought",
            ));
        };
        let mut search = Search::at(&people, &self.found.x, self.objective.modes());
        search.held.clone_from(&self.held);
        let mut hessian = hessian.clone();
        if let Some(k) = asked.held {
            // A variance at zero: it moves again, and nothing is known of how the objective bends there.
            let at = self.held[..k].iter().filter(|held| held.is_none()).count();
            search.held[k] = None;
            hessian = hessian.insert_row(at, 0.0).insert_column(at, 0.0);
        }
        let x = search.moving(&self.found.x);
        let value = search.value(&x).ok_or_else(no_place)?;
        let mut course = Course {
            search: RefCell::new(search),
            asked,
            hessian,
            best: Stand { t: 0.0, x, worse: 0.0 },
            value,
            allowed,
        };
        course.begin(self.history.is_some()).ok_or_else(no_place)?;
        Ok(course.interval(level))
    }
}

/// A point of a profile: the quantity, the coordinates that move, how much worse the objective is.
#[derive(Debug, Clone)]
struct Stand {
    t: f64,
    x: Vec<f64>,
    worse: f64,
}

/// A profile on its way.
struct Course<'c, 's, 'a> {
    search: RefCell<Search<'s, 'a>>,
    asked: &'c Asked1<'c>,
    hessian: DMatrix<f64>,
    best: Stand,
    value: f64,
    allowed: f64,
}

impl Course<'_, '_, '_> {
    fn quantity(&self, x: &[f64]) -> Option<f64> {
        (self.asked.of)(&self.search.borrow().full(x)).filter(|t| t.is_finite())
    }

    /// The best point; what SAEM found is first brought to where this objective is least.
    fn begin(&mut self, seek: bool) -> Option<()> {
        if seek {
            let ends = Ends { slope: 1e-3, promised: 1e-7, steps: 50 };
            let found = descend(|x| self.search.borrow_mut().slope(x), &self.best.x, &self.hessian, ends)?;
            (self.best.x, self.value) = (found.x, found.value);
        }
        self.best.t = self.quantity(&self.best.x)?;
        Some(())
    }

    fn slopes(&self, x: &[f64]) -> Option<DVector<f64>> {
        const STEP: f64 = 1e-3;
        let mut slopes = DVector::zeros(x.len());
        for i in 0..x.len() {
            let at = |step: f64| {
                let mut x = x.to_vec();
                x[i] += step * STEP;
                self.quantity(&x)
            };
            slopes[i] = (8.0 * (at(1.0)? - at(-1.0)?) - (at(2.0)? - at(-2.0)?)) / (12.0 * STEP);
        }
        Some(slopes)
    }

    /// By how much the coordinates move with the quantity where all is straight, and the standard error of the quantity; none of a variance at
    /// zero.
    fn way(&self) -> Option<(DVector<f64>, Option<f64>)> {
        let slopes = self.slopes(&self.best.x)?;
        if self.asked.held.is_some() {
            return Some((&slopes / slopes.norm_squared(), None));
        }
        let along = (0.5 * &self.hessian).cholesky()?.solve(&slopes);
        let variance = slopes.dot(&along);
        (variance > 0.0).then(|| (along / variance, Some(variance.sqrt())))
    }

    fn interval(&self, level: f64) -> Interval {
        let (back, t) = (self.asked.back, self.best.t);
        let way = self.way();
        let (mut reasons, mut curve) = (Vec::new(), vec![(back(t), 0.0)]);
        let mut ends = [None, None];
        for (side, (direction, which)) in [(-1.0, "lower"), (1.0, "upper")].into_iter().enumerate() {
            if direction < 0.0 && self.asked.held.is_some() {
                reasons.push(format!("{} has no lower end: the estimate itself has gone to zero", self.asked.name));
                continue;
            }
            let (end, seen) = way.as_ref().map_or((None, Vec::new()), |way| self.end(way, direction));
            if end.is_none() {
                reasons.push(self.reason(which, seen.last()));
            }
            curve.extend(seen.iter().map(|stand| (back(stand.t), stand.worse)));
            ends[side] = end.map(back);
        }
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        let se = way.and_then(|(_, se)| se);
        let wald = se.map(|se| self.allowed.sqrt() * se).map(|reach| (back(t - reach), back(t + reach)));
        let [low, high] = ends;
        Interval { estimate: back(t), low, high, level, reason: reasons.join("; "), curve, allowed: self.allowed, wald }
    }

    fn reason(&self, which: &str, last: Option<&Stand>) -> String {
        let name = self.asked.name;
        last.map_or_else(
            || format!("{name} has no {which} end: it could not be moved from its estimate"),
            |stand| {
                format!(
                    "{name} has no {which} end that was found: at {} the best fit of the rest is worse by {:.2}, of {:.2} allowed",
                    short((self.asked.back)(stand.t)),
                    stand.worse,
                    self.allowed
                )
            },
        )
    }

    /// The end in one direction, if there is one, and the points on the way.
    fn end(&self, (way, se): &(DVector<f64>, Option<f64>), direction: f64) -> (Option<f64>, Vec<Stand>) {
        let reach = se.map_or(40.0, |se| (12.0 * se).max(FAR));
        let mut step = direction * se.map_or(2.0, |se| self.allowed.sqrt() * se);
        let (mut inside, mut outside): (Stand, Option<Stand>) = (self.best.clone(), None);
        let mut seen = Vec::new();
        let height = |stand: &Stand| stand.worse.max(0.0).sqrt() - self.allowed.sqrt();
        for round in 0..MOST {
            let t = match &outside {
                None => inside.t + step,
                Some(outside) => {
                    let (a, b) = (height(&inside), height(outside));
                    let share = if round % 4 == 3 { 0.5 } else { (a / (a - b)).clamp(0.02, 0.98) };
                    inside.t + share * (outside.t - inside.t)
                }
            };
            if (t - self.best.t).abs() > reach {
                return (None, seen);
            }
            let near =
                outside.as_ref().filter(|outside| (outside.t - t).abs() < (inside.t - t).abs()).unwrap_or(&inside);
            let Some(stand) = self.best_at(t, near, way).or_else(|| self.best_at(t, &inside, way)) else {
                step *= 0.5;
                // Beyond a point without a likelihood nothing is looked for.
                if outside.is_some() || step.abs() < 1e-6 {
                    return (None, seen);
                }
                continue;
            };
            seen.push(stand.clone());
            if (stand.worse - self.allowed).abs() < CLOSE {
                return (Some(stand.t), seen);
            }
            if stand.worse > self.allowed {
                outside = Some(stand);
            } else {
                // Where the objective is a parabola the rest of the way is known; a little more, so that the end lies between.
                let left = self.allowed.sqrt() / stand.worse.max(0.01 * self.allowed).sqrt() - 1.0;
                step =
                    1.1 * (left * (stand.t - self.best.t)).abs().clamp(0.05 * step.abs(), 2.0 * step.abs()) * direction;
                inside = stand;
            }
        }
        let end = outside.map(|outside| {
            let (a, b) = (height(&inside), height(&outside));
            inside.t + a / (a - b) * (outside.t - inside.t)
        });
        (end, seen)
    }

    /// The least objective where the quantity is `t`: one coordinate follows from the others.
    fn best_at(&self, t: f64, near: &Stand, way: &DVector<f64>) -> Option<Stand> {
        let start: Vec<f64> = near.x.iter().zip(way.iter()).map(|(x, way)| x + (t - near.t) * way).collect();
        let slopes = self.slopes(&start).or_else(|| self.slopes(&near.x))?;
        let weight = |i: usize| slopes[i].abs() / self.hessian[(i, i)].max(1e-6).sqrt();
        let follows = (0..start.len()).max_by(|a, b| weight(*a).total_cmp(&weight(*b)))?;
        let others: Vec<usize> = (0..start.len()).filter(|i| *i != follows).collect();
        let whole = |z: &[f64]| {
            let mut x = start.clone();
            others.iter().zip(z).for_each(|(i, z)| x[*i] = *z);
            self.follow(&mut x, follows, t)?;
            Some(x)
        };
        let z: Vec<f64> = others.iter().map(|i| start[*i]).collect();
        if others.is_empty() {
            let x = whole(&z)?;
            let worse = self.search.borrow_mut().value(&x)? - self.value;
            return Some(Stand { t, x, worse });
        }
        let n = others.len();
        let guess = DMatrix::from_fn(n, n, |a, b| {
            let (i, j) = (others[a], others[b]);
            let [da, db] = [i, j].map(|k| -slopes[k] / slopes[follows]);
            let h = &self.hessian;
            h[(i, j)] + h[(i, follows)] * db + h[(j, follows)] * da + h[(follows, follows)] * da * db
        });
        let reduced = |z: &[f64]| -> Option<(f64, Vec<f64>)> {
            let x = whole(z)?;
            let (value, gradient) = self.search.borrow_mut().slope(&x)?;
            let slopes = self.slopes(&x)?;
            let down = gradient[follows] / slopes[follows];
            Some((value, others.iter().map(|i| gradient[*i] - down * slopes[*i]).collect()))
        };
        let ends = Ends { slope: 1e-3, promised: 0.01 * CLOSE, steps: 60 };
        let found = descend(reduced, &z, &guess, ends)?;
        if found.promised > 1e-4 {
            return None;
        }
        Some(Stand { t, x: whole(&found.x)?, worse: found.value - self.value })
    }

    /// Moves one coordinate until the quantity is `t`.
    fn follow(&self, x: &mut [f64], i: usize, t: f64) -> Option<()> {
        const STEP: f64 = 1e-4;
        for _ in 0..50 {
            let off = self.quantity(x)? - t;
            if off.abs() <= 1e-11 * (1.0 + t.abs()) {
                return Some(());
            }
            let at = |step: f64| {
                let mut x = x.to_vec();
                x[i] += step;
                self.quantity(&x)
            };
            let slope = (at(STEP)? - at(-STEP)?) / (2.0 * STEP);
            let step = (off / slope).clamp(-2.0, 2.0);
            if !step.is_finite() {
                return None;
            }
            x[i] -= step;
        }
        None
    }
}
