//! The slopes of the objective by every method, against differences of the sixth order of its value.

use super::data::People;
use super::evaluate::{Asked, Wanted};
use super::method::Method;
use super::outer::Search;
use crate::absorption::{FirstOrder, ZeroOrder};
use crate::assay::ResidualError;
use crate::disposition::OneCompartment;
use crate::fit::samples::{Report, Sampled, Samples};
use crate::fit::theory::Theory;
use crate::fit::{Effect, free};
use crate::regimen::Dose;
use crate::sensitivity::Number;

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

/// Three people on up to three occasions: something varies between and within, something within alone.
fn on_occasions() -> (Theory, People) {
    let text = "ID,TIME,AMT,EVID,DV,OCC\n\
        1,0,100,1,.,1\n1,1,0,0,5.1,1\n1,6,0,0,4.9,1\n1,24,100,1,.,2\n1,26,0,0,7.9,2\n1,36,0,0,4.1,2\n\
        2,0,100,1,.,1\n2,2,0,0,5.9,1\n2,48,100,1,.,2\n2,50,0,0,7.4,2\n2,60,0,0,3.0,2\n\
        2,96,100,1,.,3\n2,105,0,0,4.6,3\n3,0,100,1,.,1\n3,3,0,0,8.8,1\n3,9,0,0,6.6,1";
    let body = OneCompartment { cl: free(1.1).varying(0.3).varying_within(0.2), v: free(9.0).varying(0.25) };
    let theory = Theory::new(FirstOrder { ka: free(0.7).varying_within(0.4) }, body)
        .and_then(|theory| theory.with_omega(&[[0.09, 0.03], [0.03, 0.06]]))
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.2) }));
    (theory.expect("a theory"), People::of_table(&text.parse().expect("a table")).expect("people"))
}

/// Deviations of three laws, of numbers that depend on a covariate or have two ends.
fn with_effects() -> (Theory, People) {
    let body =
        OneCompartment { cl: free(1.0).varying_normally(0.2), v: free(9.0).within(4.0..=30.0).varying_by_logit(0.4) };
    let theory = Theory::new(FirstOrder { ka: free(0.8).within(0.1..=5.0).varying(0.4) }, body)
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::Power { at: 70.0, exponent: free(0.6) }))
        .and_then(|theory| theory.by(Number::V, "WT", Effect::Linear { at: 70.0, slope: free(0.01) }))
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.2) }));
    let weights = [66.0, 75.0, 81.0, 72.0];
    let own = people(false);
    let weighed = own.iter().zip(weights).map(|((id, own), wt)| (id, own.clone().with_covariates([("WT", wt)])));
    (theory.expect("a theory"), People::new(weighed).expect("people"))
}

#[test]
fn slopes_of_every_method_agree_with_differences() {
    let methods = [Method::Fo, Method::Foce, Method::Focei, Method::LaplaceAtZero, Method::Laplace];
    for method in methods {
        agrees((&theory(), &people(false)), (method, EXACT), 8);
        let (theory, people) = on_occasions();
        agrees((&theory, &people), (method, EXACT), 10);
        let (theory, people) = with_effects();
        agrees((&theory, &people), (method, EXACT), 10);
    }
    agrees((&theory(), &people(true)), (Method::Laplace, EXACT), 8);
}

/// People whose modes lie where a duration meets one of their samples, and stay there where the numbers move a little. A lag that meets a level above zero
/// has no mode: before it the level is zero, and any level beyond the edge is nearer.
fn on_edges(method: Method) -> (Theory, People) {
    let body = OneCompartment { cl: free(3.0).varying(0.3), v: free(30.0).varying(0.2) };
    let theory = Theory::new(ZeroOrder { duration: free(2.0).varying(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.05) }))
        .expect("a theory");
    let samples = Samples::new(&[0.7, 1.5, 1.8, 2.3, 3.0, 8.0, 24.0], &[0.0; 7]).expect("samples");
    let person = |id: u32| (id.to_string(), Sampled::new(Dose::of(300.0).at(0.0), samples.clone()));
    let truth = theory.clone().with_error(ResidualError::Proportional { cv: 0.2 }).expect("a theory");
    let people = truth.simulate(&People::new((1..=40).map(person)).expect("people"), 3).expect("people");
    // Of those who are there at all, those who stay.
    let here = edged((&theory, people), method, &[(0, 0.0)]);
    let moves: Vec<(usize, f64)> = (0..8).flat_map(|i| [(i, -3.0 * STEP), (i, 3.0 * STEP)]).collect();
    let people = edged((&theory, here), method, &moves);
    (theory, people)
}

/// Those whose modes lie on an edge after each of these moves of one number.
fn edged((theory, people): (&Theory, People), method: Method, moves: &[(usize, f64)]) -> People {
    let asked = Asked::new(theory, &people, method).expect("a good question");
    let x = asked.layout.start().expect("a start");
    let mut stays = vec![true; people.len()];
    for (i, step) in moves {
        let mut x = x.clone();
        x[*i] += step;
        let place = asked.layout.place(&x).expect("a place");
        let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true }).expect("a value");
        stays.iter_mut().zip(&parts).for_each(|(own, part)| *own &= part.on_edge);
    }
    let kept = people.iter().zip(stays).filter(|(_, stays)| *stays).map(|((id, own), _)| (id.to_owned(), own.clone()));
    People::new(kept.collect::<Vec<_>>()).expect("people on an edge")
}

/// A mode on an edge is known to some 1e-8, which differences divide by their step. No sample is at the typical duration: FOCE would bend there.
#[test]
fn slopes_on_an_edge_agree_with_differences() {
    for method in [Method::Focei, Method::Foce] {
        let (theory, people) = on_edges(method);
        agrees((&theory, &people), (method, 1e-4), 8);
    }
}

/// How close slopes and differences come, where no edge is.
const EXACT: f64 = 1e-7;
/// The step of the differences.
const STEP: f64 = 1e-3;

fn agrees((theory, people): (&Theory, &People), (method, close): (Method, f64), unknowns: usize) {
    let asked = Asked::new(theory, people, method).expect("a good question");
    let x = asked.layout.start().expect("a start");
    let place = asked.layout.place(&x).expect("a place");
    let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true }).expect("a value");
    let mut search = Search::new(&asked, &x, &parts);
    let (_, slopes) = search.slope(&x).expect("slopes");
    assert_eq!(slopes.len(), unknowns);
    for (i, slope) in slopes.iter().enumerate() {
        let mut at = |steps: f64| {
            let mut x = x.clone();
            x[i] += steps * STEP;
            search.value(&x).expect("a value")
        };
        let mut pair = |steps: f64| at(steps) - at(-steps);
        let found = (45.0 * pair(1.0) - 9.0 * pair(2.0) + pair(3.0)) / (60.0 * STEP);
        assert!((found - slope).abs() < close * (1.0 + slope.abs()), "{method} {i}: {slope} and {found}");
    }
}
