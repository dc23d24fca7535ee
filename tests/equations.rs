//! Many people by ODE: the same as one by one, in any number of threads and slices, and the exact engine where both are right.

use menaquinone::{
    Dose, ErrorKind, Population, Regimen, Result, grid,
    ode::{Saturable, Solver, System, Tolerance},
    population::Person,
    random::{Purpose, Stream},
    units::*,
    vitamer::MK7,
};

const TOLERANCE: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-12, max_steps: 1_000_000, solver: Solver::Dop853 };

fn people(n: u64) -> Population {
    MK7.nominal().population(n, 42).expect("people")
}

fn course() -> Regimen {
    Dose::of(180.0 * UG).every(DAY).times(14)
}

/// Of the clearance of the person's model at low levels; how soon it saturates is drawn.
fn saturable(person: Person<'_>, km: f64) -> Saturable {
    let more = person.draw(Purpose::Other(3)).uniform();
    let (cl, v) = (person.model.disposition().cl(), person.model.disposition().v1());
    Saturable { vmax: cl * km, km, v, ka: 0.5 + more, tlag: 0.0, f: 1.0, cl: 0.0 }
}

#[test]
fn everybody_is_as_alone_on_any_number_of_threads_and_in_slices() {
    let (people, times) = (people(300), grid(0.0..=WEEK, 6.0));
    let solve = |people: &Population| {
        people.simulate_by_ode(course(), &times, TOLERANCE, |person| Ok(saturable(person, 2.0))).expect("profiles")
    };
    let whole = solve(&people);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(pool.install(|| solve(&people)), whole, "{threads} threads");
    }
    let part = solve(&people.slice(120..170).expect("a slice"));
    assert_eq!(part.ids(), 120..170);
    assert_eq!(part.conc(), &whole.conc()[120 * times.len()..170 * times.len()]);
    for (i, person) in people.iter().enumerate().step_by(37) {
        assert_eq!(Ok(whole.profile(i)), saturable(person, 2.0).profile(course(), &times, TOLERANCE));
    }
}

/// Far below `km` the equations are those of the exact engine.
#[test]
fn far_from_saturation_it_is_the_exact_engine() {
    let times = grid(0.0..=2.0 * WEEK, 8.0);
    let drawn = people(40);
    let models = drawn.iter().map(|person| {
        let ka = 0.5 + Stream { seed: 42, subject: person.id, purpose: Purpose::Other(3) }.draw().uniform();
        menaquinone::Model::new(menaquinone::FirstOrder { ka }, *person.model.disposition())
    });
    let people = Population::of(models.collect::<Result<_>>().expect("models"), 42).expect("people");
    let own: Vec<Regimen> = (0..40).map(|day| course().skip([1 + day % 14])).collect();
    let by_ode = people.simulate_by_ode(&own, &times, TOLERANCE, |person| Ok(saturable(person, 1e10)));
    let (by_ode, exact) = (by_ode.expect("profiles"), people.simulate(&own, &times).expect("profiles"));
    for (found, right) in by_ode.conc().iter().zip(exact.conc()) {
        assert!((found - right).abs() <= 2e-8 * right + 1e-12, "{found} is not {right}");
    }
}

#[test]
fn bands_of_profiles_are_those_of_the_people() {
    let probabilities = [0.0, 0.05, 0.5, 0.95, 1.0];
    for (n, times) in [(1, vec![5.0]), (300, grid(0.0..=WEEK, 5.0)), (128, grid(0.0..=WEEK, 10.5))] {
        let people = people(n);
        let profiles = people.simulate(course(), &times).expect("profiles");
        assert_eq!(profiles.bands(&probabilities), people.bands(course(), &times, &probabilities));
    }
    let refused = people(1).simulate(course(), &[5.0]).and_then(|profiles| profiles.bands(&[1.5]));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the probability of a quantile is 1.5, but it must be a number from 0 to 1"
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let people = people(300);
    let with = |times: &[f64], tolerance: Tolerance, bad: Option<u64>| {
        let system = |person: Person<'_>| {
            let vmax = if Some(person.id) <= bad { f64::NAN } else { 1.0 };
            Ok(Saturable { vmax, ..saturable(person, 2.0) })
        };
        people.simulate_by_ode(course(), times, tolerance, system).unwrap_err()
    };
    let sentence = |error: menaquinone::Error| error.to_string();
    assert_eq!(
        sentence(with(&[1.0], TOLERANCE, Some(7))),
        "person 0: vmax is NaN µg/h, but it must be a positive, finite number"
    );
    assert!(sentence(with(&[], TOLERANCE, None)).starts_with("there are no output times"));
    assert!(sentence(with(&[2.0, 1.0], TOLERANCE, None)).contains("output times must not decrease"));
    let loose = Tolerance { rtol: 1.0, ..TOLERANCE };
    assert!(sentence(with(&[1.0], loose, None)).starts_with("the relative tolerance rtol is 1, but"));
    let short = with(&grid(0.0..=WEEK, 1.0), Tolerance { max_steps: 20, ..TOLERANCE }, None);
    assert_eq!(short.kind(), ErrorKind::TooManySteps);
    assert!(sentence(short).starts_with("person 0: "));
    let one = people.simulate_by_ode(&[course()], &[1.0], TOLERANCE, |person| Ok(saturable(person, 2.0)));
    assert_eq!(
        sentence(one.unwrap_err()),
        "there are 300 people and 1 regimens: give one for each, in their order, or one for all"
    );
    let none = people.simulate_by_ode(Dose::of(-1.0), &[1.0], TOLERANCE, |person| Ok(saturable(person, 2.0)));
    assert!(!sentence(none.unwrap_err()).starts_with("person"));
}
