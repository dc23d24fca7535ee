//! The slopes of the objective by every method, against differences of the sixth order of its value.

use super::data::People;
use super::evaluate::{Asked, Wanted};
use super::method::Method;
use super::outer::Search;
use crate::absorption::FirstOrder;
use crate::assay::ResidualError;
use crate::disposition::OneCompartment;
use crate::fit::free;
use crate::fit::samples::{Report, Sampled, Samples};
use crate::fit::theory::Theory;
use crate::regimen::Dose;

/// Four people with three levels each; one is below a limit where that is wanted.
fn people(censored: bool) -> People {
    let times = [1.0, 5.0, 14.0];
    let rows = [[6.1, 7.0, 2.9], [4.2, 5.1, 1.2], [8.8, 6.2, 3.9], [5.0, 6.9, 2.0]];
    let person = |(id, row): (usize, [f64; 3])| {
        let mut reports = row.map(Report::Level);
        if censored && id == 1 {
            reports[2] = Report::Below(1.5);
        }
        let samples = Samples::of_reports(&times, &reports).expect("samples");
        (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples))
    };
    People::new(rows.into_iter().enumerate().map(person)).expect("people")
}

/// A block of two, a third apart, a number that does not vary, and two numbers of the error.
fn theory() -> Theory {
    let body = OneCompartment { cl: free(1.1).varying(0.3), v: free(9.0).varying(0.25) };
    Theory::new(FirstOrder { ka: free(0.7).within(0.1..=5.0) }, body)
        .and_then(|theory| theory.with_omega(&[[0.09, 0.03], [0.03, 0.06]]))
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.2) }))
        .expect("a theory")
}

#[test]
fn slopes_of_every_method_agree_with_differences() {
    const STEP: f64 = 1e-2;
    let methods = [Method::Fo, Method::Foce, Method::Focei, Method::LaplaceAtZero, Method::Laplace];
    for (method, censored) in methods.into_iter().map(|method| (method, false)).chain([(Method::Laplace, true)]) {
        let people = people(censored);
        let asked = Asked::new(&theory(), &people, method).expect("a good question");
        let x = asked.layout.start().expect("a start");
        let place = asked.layout.place(&x).expect("a place");
        let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true }).expect("a value");
        let mut search = Search::new(&asked, &x, &parts);
        let (_, slopes) = search.slope(&x).expect("slopes");
        assert_eq!(slopes.len(), 8);
        for (i, slope) in slopes.iter().enumerate() {
            let mut at = |steps: f64| {
                let mut x = x.clone();
                x[i] += steps * STEP;
                search.value(&x).expect("a value")
            };
            let mut pair = |steps: f64| at(steps) - at(-steps);
            let found = (45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP);
            assert!((found - slope).abs() < 1e-7 * (1.0 + slope.abs()), "{method} {i}: {slope} and {found}");
        }
    }
}
