//! Fits of people: what data cannot tell is refused before a search, and what a reader should know is said after it.

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Effect, Method, People, Saem, Sampled, Samples, Theory, fixed, free};
use menaquinone::sensitivity::Number;
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment};

const TIMES: [f64; 7] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0];

fn oral(ka: f64, cl: f64, v: f64) -> Theory {
    let body = OneCompartment { cl: free(cl).varying(0.3), v: free(v).varying(0.2) };
    Theory::new(FirstOrder { ka: free(ka).varying(0.3) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory")
}

fn people(n: u32, covariates: impl Fn(u32) -> Vec<(&'static str, f64)>) -> People {
    let samples = Samples::new(&TIMES, &[0.0; 7]).expect("samples");
    let one = |id: u32| {
        let sampled = Sampled::new(Dose::of(100.0).at(0.0), samples.clone()).with_covariates(covariates(id));
        (id.to_string(), sampled)
    };
    let design = People::new((1..=n).map(one)).expect("people");
    oral(1.2, 2.5, 25.0).simulate(&design, 7).expect("people")
}

fn refused(theory: &Theory, people: &People) -> String {
    let by_focei = theory.fit_people(people, Method::Focei).expect_err("must be refused").to_string();
    let by_saem = theory.fit_people_by_saem(people, Saem::of_seed(1)).expect_err("must be refused").to_string();
    assert_eq!(by_focei, by_saem);
    by_focei
}

/// From starts ten times off either way a search ends where it ends from the truth, and not where absorption and elimination are exchanged.
#[test]
fn a_start_on_the_other_side_leads_to_the_better_of_two_twins() {
    let people = people(12, |_| Vec::new());
    let ofv = |theory: &Theory| {
        let fit = theory.fit_people(&people, Method::Focei).expect("a fit");
        assert!(fit.settled(), "{fit}");
        fit.ofv()
    };
    let best = ofv(&oral(1.2, 2.5, 25.0));
    for (ka, cl, v) in [
        (1.2, 2.5, 0.25),
        (0.12, 2.5, 2.5),
        (1e-4, 2.5, 25.0),
        (0.36, 2.5, 2.5),
        (12.0, 0.25, 250.0),
        (12.0, 25.0, 2.5),
    ] {
        let found = ofv(&oral(ka, cl, v));
        assert!((found - best).abs() < 1e-4, "ka {ka}, cl {cl}, v {v}: {found} is not {best}");
    }
}

#[test]
fn an_effect_of_what_is_alike_in_everybody_is_refused() {
    let by = |effect: Effect| oral(1.2, 2.5, 25.0).by(Number::Cl, "X", effect).expect("a theory");
    let power = |exponent| Effect::Power { at: 70.0, exponent };
    for value in [70.0, 80.0, 12.5] {
        let all = people(6, |_| vec![("X", value)]);
        let expected =
            format!("X is {value} in everybody, so that cl~X cannot be told: leave the effect out, or fix it");
        assert_eq!(refused(&by(power(free(0.75))), &all), expected);
        assert_eq!(refused(&by(Effect::Linear { at: 70.0, slope: free(0.01) }), &all), expected);
        // What is known needs nobody to tell it.
        assert!(by(power(fixed(0.75))).fit_people(&all, Method::Focei).is_ok());
    }
    let sex = by(Effect::Categorical { at: 1, factors: vec![(2, free(0.8))] });
    let expected = "nobody has X 2, so that cl~X=2 cannot be told: leave it out, or fix it";
    assert_eq!(refused(&sex, &people(6, |_| vec![("X", 1.0)])), expected);
    assert!(sex.fit_people(&people(6, |id| vec![("X", f64::from(1 + id % 2))]), Method::Focei).is_ok());
}

#[test]
fn somebody_who_takes_nothing_is_refused_with_the_line() {
    let rows =
        "ID,TIME,AMT,DV\n1,0,100,.\n1,1,.,6.1\n1,4,.,6.6\n1,12,.,3.1\n2,0,100,.\n2,1,.,4.9\n2,4,.,5.6\n2,12,.,3.9\n";
    let with = |more: &str| People::of_table(&format!("{rows}{more}").parse().expect("a table")).expect("people");
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) };
    for error in [
        ResidualError::Proportional { cv: free(0.1) },
        ResidualError::Combined { cv: free(0.1), sd: free(0.1) },
        ResidualError::LogNormal { cv: free(0.1) },
    ] {
        let theory =
            Theory::new(FirstOrder { ka: free(1.0) }, body).and_then(|own| own.with_error(error)).expect("a theory");
        let expected = "person `3`, the table, line 10: nothing was taken before the last sample, so that no level is explained: give the doses, a habitual level (baseline), or leave the person out";
        assert_eq!(refused(&theory, &with("3,1,.,0.4\n3,4,.,0.5\n")), expected);
        assert_eq!(refused(&theory, &with("3,1,.,0.4\n3,4,.,0.5\n3,24,100,.\n")), expected);
        let habitual = theory.with(Number::Baseline, free(0.5)).expect("a theory");
        assert!(habitual.fit_people(&with("3,1,.,0.4\n3,4,.,0.5\n"), Method::Focei).is_ok());
    }
}

#[test]
fn what_only_a_second_occasion_tells_is_refused() {
    let body = OneCompartment { cl: free(1.0).varying(0.3).varying_within(0.2), v: free(10.0) };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let rows = |second: u32| {
        let one = |id: u32| {
            let level = |hour: f64| 10.0 * (-0.1 * hour * f64::from(id)).exp();
            format!("{id},0,100,.,1,1\n{id},2,.,{},1,1\n{id},30,.,{},1,{second}\n", level(2.0), level(9.0))
        };
        format!("ID,TIME,AMT,DV,CMT,OCC\n{}", (1..=4).map(one).collect::<String>())
    };
    let of = |second: u32| People::of_table(&rows(second).parse().expect("a table")).expect("people");
    let expected = "cl varies between people and from occasion to occasion, but nobody has a second occasion (column OCC), so that the two cannot be told apart: leave one of them out";
    assert_eq!(refused(&theory, &of(1)), expected);
    let sentence = theory.fit_people(&of(2), Method::Focei).map_or_else(|why| why.to_string(), |fit| fit.to_string());
    assert!(!sentence.contains("nobody has a second occasion"), "{sentence}");
}

/// A report says in what its numbers are, how many samples are censored and by whose likelihood, who lies far off, and what is drawn.
#[test]
fn a_report_says_what_a_reader_should_know() {
    let all = people(12, |_| Vec::new());
    let theory = oral(1.2, 2.5, 25.0);
    let text = theory.fit_people(&all.clone().measured_in("mg/L"), Method::Focei).expect("a fit").to_string();
    assert!(text.contains("levels in mg/L, times in h, rates in 1/h; where doses are in mg, volumes are in L and"));
    assert!(text.contains("shrinkage of the error: ") && text.contains("condition number of the correlations: "));
    assert!(!text.contains("far from the typical person") && !text.contains("lie below"), "{text}");
    let changed = |change: &dyn Fn(&str, Samples) -> Samples| {
        let one = |(id, own): (&str, &Sampled)| {
            let samples = change(id, own.samples().clone());
            (id.to_owned(), Sampled::new(Dose::of(100.0).at(0.0), samples))
        };
        theory.fit_people(&People::new(all.iter().map(one)).expect("people"), Method::Focei).expect("a fit")
    };
    let below = changed(&|_, samples| samples.below(1.0).expect("samples"));
    let count = all.iter().flat_map(|(_, own)| own.samples().levels()).filter(|(_, level)| *level < 1.0).count();
    assert!(count > 3);
    let expected = format!(
        "{count} samples lie below or above a limit, for which FO, FOCE and FOCEI have no place: the likelihood is Laplace's"
    );
    assert!(below.to_string().contains(&expected), "{below}");
    let outlier = changed(&|id, samples| {
        let factor = if id == "6" { 50.0 } else { 1.0 };
        let levels: Vec<f64> = samples.levels().map(|(_, level)| factor * level).collect();
        Samples::new(&TIMES, &levels).expect("samples")
    });
    assert_eq!(outlier.far(), ["6"]);
    assert!(outlier.to_string().contains("far from the typical person, as one in a thousand is: 6"), "{outlier}");
    let drawn = theory.fit_people(&all, Method::Importance { draws: 50, seed: 1 }).expect("a fit").to_string();
    assert!(drawn.contains("the OFV is drawn, with a standard error of "), "{drawn}");
}
