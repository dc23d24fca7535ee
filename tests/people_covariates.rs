//! Fits of people who differ by what is known of them: covariates.

mod common;

use common::people::{number, rows};
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Effect, Method, People, Sampled, Samples, Theory, fixed, free};
use menaquinone::sensitivity::Number;
use menaquinone::{Bolus, Dose, OneCompartment};

/// An infant: id, weight, doses, times and levels.
type Infant = (String, f64, Vec<(f64, Dose)>, Vec<f64>, Vec<f64>);

/// The 59 infants with their weights, kg, doses and levels.
fn phenobarbital() -> People {
    let mut people: Vec<Infant> = Vec::new();
    for row in rows("phenobarbital.csv") {
        if people.last().is_none_or(|last| last.0 != row["Subject"]) {
            people.push((row["Subject"].clone(), number(&row, "Wt"), Vec::new(), Vec::new(), Vec::new()));
        }
        let last = people.last_mut().expect("a person");
        let time = number(&row, "time");
        if row["dose"] == "NA" {
            last.3.push(time);
            last.4.push(number(&row, "conc"));
        } else {
            last.2.push((time, Dose::iv(number(&row, "dose"))));
        }
    }
    let one = |(id, weight, doses, times, conc): Infant| {
        let samples = Samples::new(&times, &conc).expect("samples");
        (id, Sampled::new(doses.into_iter().collect(), samples).with_covariates([("WT", weight)]))
    };
    People::new(people.into_iter().map(one)).expect("people")
}

/// Clearance and volume by weight: the spread between the infants falls by half.
#[test]
fn weight_explains_phenobarbital() {
    let people = phenobarbital();
    let plain = Theory::new(Bolus, OneCompartment { cl: free(0.006).varying(0.4), v: free(1.4).varying(0.4) })
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd: free(3.0) }))
        .expect("a theory");
    let by = |exponent: fn(f64) -> menaquinone::fit::Unknown| {
        plain
            .clone()
            .by(Number::Cl, "WT", Effect::Power { at: 1.4, exponent: exponent(1.0) })
            .and_then(|theory| theory.by(Number::V, "WT", Effect::Power { at: 1.4, exponent: exponent(1.0) }))
            .expect("a theory")
    };
    let fit = |theory: &Theory| {
        let start = std::time::Instant::now();
        let fit = theory.fit_people(&people, Method::Focei).expect("a fit");
        println!("{} in {:?}", fit.how(), start.elapsed());
        assert!(fit.settled(), "{fit}");
        fit
    };
    let (plain, known, sought) = (fit(&plain), fit(&by(fixed)), fit(&by(free)));
    println!("{sought}");
    assert!(known.ofv() < plain.ofv() - 50.0);
    // What weight makes of clearance and volume where it is sought: the light below 1, the heavy above, within their intervals.
    let effects = sought.effects();
    assert_eq!(effects.len(), 4);
    assert!(plain.effects().is_empty());
    for (name, pair) in ["cl~WT", "v~WT"].into_iter().zip(effects.chunks(2)) {
        let exponent = sought.estimates().iter().find(|own| own.name == name).expect("an exponent").value;
        for own in pair {
            assert!((own.factor - (own.covariate / 1.4).powf(exponent)).abs() < 1e-12, "{own:?}");
            let (low, high) = own.interval.expect("an interval");
            assert!(low < own.factor && own.factor < high, "{own:?}");
        }
        assert!(pair[0].factor < 1.0 && pair[1].factor > 1.0);
    }
    assert!(
        known.effects().iter().all(|own| own.interval.is_none() && (own.factor - own.covariate / 1.4).abs() < 1e-12)
    );
    assert!(plain.against(&sought).expect("a test").p < 1e-10);
    let of = |name: &str| {
        let own = sought.estimates().into_iter().find(|own| own.name == name).expect("an estimate");
        (own.value, own.se.expect("an error"))
    };
    for name in ["cl~WT", "v~WT"] {
        let (value, se) = of(name);
        assert!((value - 1.0).abs() < 2.5 * se, "{name}: {value} {se}");
    }
}
