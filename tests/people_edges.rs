//! Fits of people whose levels bend or vanish: modes on the edge of a lag or a duration, levels of zero, times since a dose.

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, People, Sampled, Samples, Theory, Unknown, fixed, free};
use menaquinone::sensitivity::Number;
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, ZeroOrder};

/// A level of zero under an error that is a share of it: a sentence, with the person and the sample, and none of a search without an end.
#[test]
fn a_level_of_zero_is_said_with_its_person_and_row() {
    let lagged = |tlag, error: ResidualError<Unknown>| {
        let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) };
        Theory::new(FirstOrder { ka: free(1.0) }, body)
            .and_then(|theory| theory.with(Number::Tlag(0), tlag))
            .and_then(|theory| theory.with_error(error))
            .expect("a theory")
    };
    let people = |rows: &str| {
        let table = format!("ID,TIME,AMT,DV,WT\n1,0,100,.,70\n1,1,.,6.1,70\n1,4,.,6.6,70\n{rows}");
        People::of_table(&table.parse().expect("a table")).expect("people")
    };
    let refused = |theory: &Theory, people: &People| theory.fit_people(people, Method::Focei).unwrap_err().to_string();
    let proportional = ResidualError::Proportional { cv: free(0.1) };
    let theory = lagged(free(0.4), proportional);
    let instead =
        "give the error an additive part (sd), say the limit that the level lies below, or leave the sample out";
    assert_eq!(
        refused(&theory, &people("2,0,100,.,70\n2,0.5,.,0,70\n2,4,.,5.2,70")),
        format!(
            "person `2`, the table, line 6: the level is 0 and the error is a share of the level, so that the likelihood grows without end as tlag comes to that sample: {instead}"
        )
    );
    // Where a covariate changes the row is known.
    let by_row = refused(&theory, &people("2,0,100,.,70\n2,0.5,.,0,71\n2,4,.,5.2,72"));
    assert!(by_row.starts_with("person `2`, the table, line 6: the level is 0 and"), "{by_row}");
    let zero = people("2,0,100,.,70\n2,0.5,.,0,70\n2,4,.,5.2,70\n2,9,.,3.2,70");
    let log_normal = refused(&lagged(free(0.4), ResidualError::LogNormal { cv: free(0.1) }), &zero);
    assert!(log_normal.contains("the level is 0, which has no logarithm"), "{log_normal}");
    assert!(
        lagged(free(0.4), ResidualError::Combined { cv: free(0.1), sd: free(0.1) })
            .objective(&zero, Method::Focei)
            .is_ok()
    );
    // A level before the dose, where every prediction is zero.
    let before =
        refused(&lagged(fixed(0.0), proportional), &people("2,0,.,0.3,70\n2,1,100,.,70\n2,4,.,5.2,70\n2,9,.,3.2,70"));
    assert_eq!(
        before,
        format!(
            "person `2`, the table, line 5: the level is 0.3, but the prediction is 0, and an error that is a share of it has no spread there: {instead}"
        )
    );
}

/// A duration that meets a sample at a person's mode: the mode is found on that edge, and the objective goes on without a jump as the edge is reached.
#[test]
fn a_mode_on_an_edge_is_found_and_the_objective_has_no_jump() {
    let theory = |duration: f64| {
        Theory::new(
            ZeroOrder { duration: fixed(duration).varying(0.4) },
            OneCompartment { cl: fixed(3.0), v: fixed(30.0) },
        )
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd: 1.0 }))
        .expect("a theory")
    };
    let samples = Samples::new(&[1.0, 2.0, 4.0], &[4.2, 9.9, 7.4]).expect("samples");
    let people = People::new([("1", Sampled::new(Dose::of(300.0).at(0.0), samples))]).expect("people");
    let at = |i: u32| theory((0.007 * f64::from(i)).exp()).objective(&people, Method::Focei).expect("an objective");
    let all: Vec<_> = (0..200).map(at).collect();
    let on_edge = all.iter().filter(|own| own.people()[0].on_edge).count();
    assert!(on_edge > 5 && on_edge < 200, "{on_edge}");
    assert!(all.iter().all(|own| own.people()[0].settled));
    let jump = all.windows(2).map(|pair| (pair[1].ofv() - pair[0].ofv()).abs()).fold(0.0, f64::max);
    assert!(jump < 0.6, "{jump}");
}

/// The time since the last dose, where covariates change so that the records stay a table: additional doses count.
#[test]
fn a_check_since_the_dose_knows_the_doses_of_a_table() {
    let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.1 }))
        .expect("a theory");
    let rows = |weight: u32| {
        format!(
            "ID,TIME,AMT,II,ADDL,EVID,DV,WT\n1,0,100,24,2,1,.,70\n1,2,0,0,0,0,8,70\n1,26,0,0,0,0,8,70\n1,60,0,0,0,0,4,{weight}"
        )
    };
    let times = |weight: u32| -> Vec<(f64, f64)> {
        let people = People::of_table(&rows(weight).parse().expect("a table")).expect("people");
        let bands = theory.vpc(&people, 20, 1).expect("a check").since_dose().bands().expect("bands");
        bands.strata()[0].bins.iter().map(|bin| bin.times).collect()
    };
    assert_eq!(times(70), [(2.0, 2.0), (12.0, 12.0)]);
    assert_eq!(times(71), times(70));
}
