//! A theory as seen by an approximation: which numbers are told, and what samples of an arm are to them.

use nalgebra::{DMatrix, DVector};

use super::approximation::Approximation;
use super::arm::Arm;
use super::frame::Frame;
use super::row::{Row, Seen, Shape};
use crate::error::{Error, Result};
use crate::fit::{Curve, Outlook, Sampled, Theory, somebody};
use crate::model::Model;
use crate::random::{Purpose, Stream};
use crate::sensitivity::Jet;

/// A theory and an approximation, compiled.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) outlook: Outlook,
    pub(super) approximation: Approximation,
    pub(super) frame: Frame,
    pub(super) names: Vec<String>,
    pub(super) values: Vec<f64>,
    /// What is known beforehand.
    pub(super) prior: Option<DMatrix<f64>>,
    /// The deviations about which the levels are taken: none, or those of drawn people.
    about: Vec<Vec<f64>>,
}

/// The samples that an arm may give: for each of the drawn people one row a time.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) of: Vec<Vec<Row>>,
}

/// Into how many parts a window about a planned time is cut: a prime, so that the parts of two samples are met in all orders.
const KEPT: usize = 11;

/// The part of a window, from -1 to 1, in which a sample is taken in a draw: each sample meets every part once.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn kept(draw: usize, sample: usize) -> f64 {
    let part = (draw * (1 + sample % (KEPT - 1)) + sample) % KEPT;
    (2 * part + 1) as f64 / KEPT as f64 - 1.0
}

impl View {
    pub(super) fn new(theory: &Theory, approximation: Approximation) -> Result<Self> {
        let outlook = Outlook::of(theory)?;
        let of_people = !matches!(approximation, Approximation::Person);
        if of_people && outlook.varying.is_empty() {
            return Err(Error::value(
                "nothing varies between people in this theory, so that they are one person to it: write `cl: free(1.2).varying(0.3)`, or ask for Approximation::Person",
            ));
        }
        let (names, values, frame) = match approximation {
            Approximation::Posterior => of_one(&outlook),
            Approximation::Person => of_people_or_person(&outlook, false, false),
            Approximation::Full => of_people_or_person(&outlook, true, true),
            Approximation::Reduced | Approximation::Modes { .. } => of_people_or_person(&outlook, true, false),
        };
        if names.is_empty() {
            return Err(Error::value(
                "nothing is free in this theory, so that samples have nothing to tell: write `cl: free(1.2)`",
            ));
        }
        let prior = if approximation == Approximation::Posterior { Some(precision(&outlook)?) } else { None };
        let about = about(&outlook, approximation)?;
        Ok(Self { outlook, approximation, frame, names, values, prior, about })
    }

    /// The rows of an arm at times that never decrease.
    ///
    /// # Errors
    /// A course that cannot be; a level that no error has a density at.
    pub(super) fn rows(&self, arm: &Arm, times: &[f64], in_time: bool) -> Result<Rows> {
        let who = somebody(arm.regimen(), arm.covariates())?;
        self.rows_of(&who, (arm.limit(), arm.window()), times, in_time)
    }

    /// The rows of somebody, with a limit of quantification, at times that are kept within some hours.
    pub(super) fn rows_of(
        &self,
        who: &Sampled,
        (limit, window): (Option<f64>, f64),
        times: &[f64],
        in_time: bool,
    ) -> Result<Rows> {
        let mut of = Vec::new();
        if window == 0.0 {
            for eta in &self.about {
                let curve = self.outlook.curve(who, &self.outlook.moved(eta), times, in_time)?;
                of.push(self.rows_of_curve(&curve, (limit, times))?);
            }
            return Ok(Rows { of });
        }
        for eta in &self.about {
            for draw in 0..KEPT {
                let moved: Vec<f64> = (0..times.len()).map(|i| times[i] + window * kept(draw, i)).collect();
                let mut order: Vec<usize> = (0..times.len()).collect();
                order.sort_by(|a, b| moved[*a].total_cmp(&moved[*b]));
                let sorted: Vec<f64> = order.iter().map(|i| moved[*i]).collect();
                let curve = self.outlook.curve(who, &self.outlook.moved(eta), &sorted, in_time)?;
                let rows = self.rows_of_curve(&curve, (limit, &sorted))?;
                let mut back = rows.clone();
                order.iter().zip(rows).for_each(|(place, row)| back[*place] = row);
                of.push(back);
            }
        }
        Ok(Rows { of })
    }

    fn rows_of_curve(&self, curve: &Curve, (limit, times): (Option<f64>, &[f64])) -> Result<Vec<Row>> {
        let (coordinates, law) = (self.outlook.coordinates(), self.outlook.laws());
        let row = |(i, level): (usize, &Jet)| {
            let Some(law) = law(level[0]) else { return Ok(self.frame.shape.nothing()) };
            // What is compared on the logarithm has its limit there.
            let is_log = law.mean[2] != 0.0;
            let limit = limit.map(|limit| if is_log { limit.ln() } else { limit });
            let seen = Seen { level, slope: curve.slopes.get(i).map(|slope| &slope[..]), coordinates };
            let row = self.frame.shape.row(seen, &law, limit);
            if row.numbers.iter().any(|value| !value.is_finite()) {
                return Err(Error::value(format!(
                    "a sample at {} h has no information that is a number: check the regimen and the theory",
                    times[i]
                )));
            }
            Ok(row)
        };
        curve.levels.iter().enumerate().map(row).collect()
    }

    /// This view about deviations of a person, of whom so much is known.
    pub(super) fn about(self, eta: &[f64], known: DMatrix<f64>) -> Self {
        Self { about: vec![eta.to_vec()], prior: Some(known), ..self }
    }

    /// The information that is known beforehand, nothing where there is none.
    pub(super) fn beforehand(&self) -> DMatrix<f64> {
        let n = self.frame.len();
        self.prior.clone().unwrap_or_else(|| DMatrix::zeros(n, n))
    }

    /// This view of whom nothing is known beforehand.
    pub(super) fn without_prior(self) -> Self {
        Self { prior: None, ..self }
    }

    /// The theory.
    pub(super) fn theory(&self) -> &Theory {
        self.outlook.theory()
    }

    /// The slopes of a function of the model by the numbers, by differences of the fourth order of the function alone.
    ///
    /// # Errors
    /// A function that has no value near the start, or whose value does not depend on any number.
    pub(super) fn slopes_of(&self, of: &dyn Fn(&Model) -> f64) -> Result<DVector<f64>> {
        const STEP: f64 = 1e-3;
        let values: Vec<f64> = self.outlook.sought().iter().map(|(_, value)| *value).collect();
        let mut slopes = DVector::zeros(self.names.len());
        for (i, own) in self.moving().into_iter().enumerate() {
            let Some((at, scale, is_log)) = own else { continue };
            let f = |step: f64| {
                let mut values = values.clone();
                values[at] = if is_log { values[at] * step.exp() } else { values[at] + step * scale };
                let value = of(&self.theory().model_for(&values)?);
                value.is_finite().then_some(value)
            };
            let slope = crate::numeric::fourth(STEP, f).ok_or_else(|| {
                Error::value(format!("the function of the model has no value near {} = {}", self.names[i], values[at]))
            })?;
            slopes[i] = if is_log { slope } else { slope / scale };
        }
        if slopes.amax() == 0.0 {
            return Err(Error::value(
                "the function of the model does not depend on any number that is told: there is nothing to design for",
            ));
        }
        Ok(slopes)
    }

    /// For each number told the place among the sought values that it moves, its size, and whether it is a deviation of the logarithm.
    fn moving(&self) -> Vec<Option<(usize, f64, bool)>> {
        let sought = self.outlook.sought();
        if self.approximation == Approximation::Posterior {
            let place = |name| sought.iter().position(|(own, _)| *own == name);
            return self.outlook.varying.iter().map(|(name, _)| place(*name).map(|at| (at, 1.0, true))).collect();
        }
        let typical = self.outlook.typical.len();
        (0..self.names.len())
            .map(|i| {
                (i < typical).then(|| {
                    let value = sought[i].1;
                    (i, if value == 0.0 { 1.0 } else { value.abs() }, false)
                })
            })
            .collect()
    }
}

impl Shape {
    /// A sample that tells nothing: where no level can have a density.
    fn nothing(&self) -> Row {
        let width = self.bend() + if self.bends { self.by.len() * self.eta.len() } else { 0 };
        let mut numbers = super::row::Numbers::from_elem(0.0, width);
        // Not quite nothing, so that it can stand among others.
        numbers[0] = 1e-300;
        Row { in_time: super::row::Numbers::from_elem(0.0, width), numbers }
    }
}

type Parts = (Vec<String>, Vec<f64>, Frame);

fn of_one(outlook: &Outlook) -> Parts {
    let by = outlook.varying.iter().map(|(_, at)| (*at, 1.0)).collect();
    let shape = Shape { by, errors: 0, eta: Vec::new(), bends: false };
    let names = outlook.varying.iter().map(|(name, _)| format!("eta({name})")).collect();
    let frame = Frame { shape, omega: Vec::new(), pairs: Vec::new(), full: false };
    (names, vec![0.0; outlook.varying.len()], frame)
}

fn of_people_or_person(outlook: &Outlook, of_people: bool, full: bool) -> Parts {
    let by = outlook.typical.iter().map(|own| (own.coordinate, own.slope)).collect();
    let (mut names, mut values): (Vec<String>, Vec<f64>) =
        outlook.sought().into_iter().map(|(name, value)| (name.to_string(), value)).unzip();
    let errors = outlook.error.len();
    if !of_people {
        let shape = Shape { by, errors, eta: Vec::new(), bends: false };
        return (names, values, Frame { shape, omega: Vec::new(), pairs: Vec::new(), full: true });
    }
    let q = outlook.varying.len();
    let mut pairs = Vec::new();
    for i in 0..q {
        for j in (0..=i).filter(|j| outlook.omega[(i, *j)] != 0.0) {
            let (one, other) = (outlook.varying[i].0, outlook.varying[j].0);
            names.push(if i == j { format!("omega2({one})") } else { format!("cov({other}, {one})") });
            values.push(outlook.omega[(i, j)]);
            pairs.push((i, j));
        }
    }
    let eta = outlook.varying.iter().map(|(_, at)| *at).collect();
    let omega = (0..q * q).map(|k| outlook.omega[(k / q, k % q)]).collect();
    let shape = Shape { by, errors, eta, bends: full };
    (names, values, Frame { shape, omega, pairs, full })
}

fn precision(outlook: &Outlook) -> Result<DMatrix<f64>> {
    outlook.omega.clone().cholesky().map(|root| root.inverse()).ok_or_else(|| {
        Error::value(
            "the covariance of the deviations is not positive definite: no deviations can vary together like that",
        )
    })
}

fn about(outlook: &Outlook, approximation: Approximation) -> Result<Vec<Vec<f64>>> {
    let Approximation::Modes { draws, seed } = approximation else { return Ok(vec![Vec::new()]) };
    if !(1..=100_000).contains(&draws) {
        return Err(Error::value(format!("{draws} people are to be drawn, but it must be 1 to 100000")));
    }
    let root = outlook.omega.clone().cholesky().ok_or_else(|| {
        Error::value(
            "the covariance of the deviations is not positive definite: no deviations can vary together like that",
        )
    })?;
    let root = root.l();
    let person = |subject: u32| {
        let mut draw = Stream { seed, subject: u64::from(subject), purpose: Purpose::Person }.draw();
        let z = DVector::from_fn(outlook.varying.len(), |_, _| draw.normal());
        (&root * z).as_slice().to_vec()
    };
    Ok((0..draws).map(person).collect())
}
