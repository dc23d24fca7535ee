//! People simulated in place of those measured: their designs, other deviations, other errors.

use super::data::{People, key};
use super::evaluate::Asked;
use super::fitted::PeopleFit;
use super::inner::Person;
use super::layout::{Layout, Place};
use super::method::Method;
use super::objective::no_place;
use super::residuals::is_log;
use super::said;
use crate::assay::ResidualError;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::fit::kinds::Errors;
use crate::fit::samples::{Reading, Report};
use crate::fit::theory::{Off, Theory};
use crate::numeric::{exp, normal_quantiles};
use crate::random::{Draw, Purpose, Stream};

/// The numbers that people are simulated by, and the people whose designs they have.
pub(super) struct Simulator<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) place: Place,
    pub(super) spread: Spread,
    /// How the numbers came about, in a line.
    pub(super) how: String,
    /// The unit of the levels.
    pub(super) unit: String,
}

/// Which draws are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draws {
    /// How many times each person is drawn.
    pub(super) n: usize,
    pub(super) seed: u64,
}

impl Draws {
    pub(super) fn new(n: u32, seed: u64, (least, what): (u32, &str)) -> Result<Self> {
        if n < least || n > 1_000_000 {
            return Err(Error::value(format!("{n} {what} cannot be: ask for {least} to 1000000")));
        }
        Ok(Self { n: n as usize, seed })
    }

    /// A stream of a person, by the id: so a person has the same draws alone, in any order and in any slice.
    pub(super) fn stream(self, id: &str, purpose: Purpose) -> Stream {
        Stream { seed: self.seed, subject: key(id), purpose }
    }
}

impl<'a> Simulator<'a> {
    /// At the numbers that a theory starts from.
    pub(super) fn of_theory(theory: &Theory, people: &'a People) -> Result<Self> {
        let asked = Asked::new(theory, people, Method::Fo)?;
        let place = asked.layout.place(&asked.layout.start()?).ok_or_else(no_place)?;
        Ok(Self::new(asked, place, (said::of_theory(theory, None), people.unit())))
    }

    /// At the estimates of a fit.
    pub(super) fn of_fit(fit: &'a PeopleFit) -> Result<Self> {
        Self::of_people(fit, &fit.people)
    }

    /// At the estimates of a fit, of other people.
    pub(super) fn of_people(fit: &PeopleFit, people: &'a People) -> Result<Self> {
        let asked = Asked::new(&fit.layout.theory, people, Method::Fo)?;
        let place = asked.layout.place(&fit.found.x).ok_or_else(no_place)?;
        Ok(Self::new(asked, place, (fit.how(), fit.people.unit())))
    }

    fn new(asked: Asked<'a>, place: Place, (how, unit): (String, &str)) -> Self {
        let spread = Spread::of(&asked.layout, &place);
        Self { asked, place, spread, how, unit: unit.to_owned() }
    }

    /// The levels of a person without deviations.
    pub(super) fn typical(&self, person: &Person<'_>) -> Result<Vec<f64>> {
        let seat = person.seat(&self.asked.layout, &self.place);
        person.plain(&seat.place.z).ok_or_else(|| without_levels(person.id, ""))
    }

    /// Calls `each` with the levels of every draw of a person and what would be measured of them.
    pub(super) fn draw(
        &self,
        person: &Person<'_>,
        draws: Draws,
        mut each: impl FnMut(usize, &[f64], &[f64]),
    ) -> Result<()> {
        let seat = person.seat(&self.asked.layout, &self.place);
        let (layout, place) = (seat.layout, &*seat.place);
        let samples = &person.sampled.samples;
        let (k, m) = (layout.eta.len(), samples.len());
        let mut course = person.regimen().map(|regimen| Course::new(regimen, samples.times())).transpose()?;
        let mut people = draws.stream(person.id, Purpose::Person).draw();
        let mut errors = draws.stream(person.id, Purpose::Residual).draw();
        let (mut normal, mut error, mut z) = (vec![0.0; k], vec![0.0; m], place.z.clone());
        let (mut levels, mut measured) = (vec![0.0; m], vec![0.0; m]);
        for draw in 0..draws.n {
            normals(&mut people, &mut normal);
            normals(&mut errors, &mut error);
            for (i, at) in layout.eta.iter().enumerate() {
                let eta: f64 = (0..=i).map(|j| place.omega.root[(i, j)] * normal[j]).sum();
                z[*at] = place.z[*at] + eta;
            }
            match &mut course {
                Some(course) => {
                    let model = person.model(&z).map_err(|error| without_levels(person.id, &error.to_string()))?;
                    course.concentrations_into(&model, &mut levels)?;
                }
                None => levels = person.plain(&z).ok_or_else(|| without_levels(person.id, ""))?,
            }
            let readings = samples.readings().zip(&error);
            for ((measured, level), (reading, error)) in measured.iter_mut().zip(&levels).zip(readings) {
                *measured = self.spread.measured(*level, reading, *error);
            }
            if !measured.iter().all(|value| value.is_finite()) {
                return Err(without_levels(person.id, "a level is no number"));
            }
            each(draw, &levels, &measured);
        }
        Ok(())
    }
}

/// The next normal numbers of a stream, eight at a time.
fn normals(draw: &mut Draw, all: &mut [f64]) {
    for some in all.chunks_mut(8) {
        let uniforms: [f64; 8] = std::array::from_fn(|i| if i < some.len() { draw.uniform() } else { 0.5 });
        some.copy_from_slice(&normal_quantiles(&uniforms)[..some.len()]);
    }
}

fn without_levels(id: &str, why: &str) -> Error {
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    Error::value(format!("person `{id}` cannot be simulated at these numbers{why}; let people vary less"))
}

/// The residual errors at their numbers.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    errors: Errors,
    /// Whether they are errors of logarithms.
    pub(super) is_log: bool,
}

impl Spread {
    pub(super) fn of(layout: &Layout, place: &Place) -> Self {
        Self { errors: place.residual.clone(), is_log: is_log(&layout.theory) }
    }

    /// The variance at a level of what is compared: the level or its logarithm.
    pub(super) fn variance(&self, level: f64, reading: Reading) -> f64 {
        let residual = self.errors.of(reading);
        let (cv, sd) = (residual.cv[0], residual.sd[0]);
        match residual.kind {
            Off::Variance(variance) => (variance.0)(level),
            Off::Error(ResidualError::LogNormal { .. }) => (cv * cv).ln_1p(),
            Off::Error(ResidualError::CombinedSd { .. }) => (cv * level + sd).powi(2),
            Off::Error(ResidualError::Power { exponent, .. }) => (cv * level.max(0.0).powf(exponent)).powi(2),
            Off::Own => reading.sd.map_or(f64::NAN, |sd| sd * sd),
            Off::Error(_) | Off::Squares(_) => (cv * level).powi(2) + sd * sd,
        }
    }

    /// What is compared of a level.
    pub(super) fn compared(&self, level: f64) -> f64 {
        if self.is_log { level.ln() } else { level }
    }

    /// What is measured of a level with an error of so many standard deviations.
    pub(super) fn measured(&self, level: f64, reading: Reading, normal: f64) -> f64 {
        let off = self.variance(level, reading).sqrt() * normal;
        if self.is_log { level * exp(off) } else { level + off }
    }
}

/// The limit below which each sample would be reported as below: its own; of a level, the lowest of the person, or else of all people, if the
/// level is not below it.
pub(super) fn limits(people: &[Person<'_>]) -> Vec<Vec<Option<f64>>> {
    let lowest = |reports: &[Report]| {
        let limits =
            reports.iter().filter_map(|report| if let Report::Below(limit) = report { Some(*limit) } else { None });
        limits.reduce(f64::min)
    };
    let of_all = people.iter().filter_map(|person| lowest(person.reports())).reduce(f64::min);
    let of_person = |person: &Person<'_>| {
        let other = lowest(person.reports()).or(of_all);
        let of = |report: &Report| match *report {
            Report::Below(limit) => Some(limit),
            Report::Level(level) => other.filter(|limit| level >= *limit),
            Report::Above(_) | Report::Between(..) => None,
        };
        person.reports().iter().map(of).collect()
    };
    people.iter().map(of_person).collect()
}

/// Refuses samples above a limit or between two.
pub(super) fn check_reports(people: &[Person<'_>], what: &str) -> Result<()> {
    for person in people {
        for (i, report) in person.reports().iter().enumerate() {
            if let Report::Above(_) | Report::Between(..) = report {
                return Err(Error::value(format!(
                    "{}: it lies above a limit or between two, and {what} have no place for it, only for samples below a limit",
                    person.sampled.whose_sample(i)
                )));
            }
        }
    }
    Ok(())
}
