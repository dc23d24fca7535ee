//! A model of your own: parameters, a formulation, an infusion, and equations that no formula solves.
//!
//! Writes `charts/own_model.png` and prints how far the equations, where they are linear, are from the exact model:
//!
//! ```text
//! cargo run --release --example own_model
//! ```

use std::error::Error;

use menaquinone::{
    Absorb, Dose, FirstOrder, Model, Parameters, Profile, Regimen, Result, Route, TwoCompartment, ZeroOrder,
    chart::{Chart, Colour, Sheet},
    grid,
    ode::{Entry, System, Tolerance},
    units::*,
    vitamer::MK7,
};

fn main() -> Result<(), Box<dyn Error>> {
    // Another person: a set of the crate with one number changed.
    let slow = Parameters { cl: SLOW, ..MK7.nominal().parameters }.model()?;
    println!("A clearance of {SLOW} L/h makes the half-life of MK-7 {:.0} h", slow.half_life());

    // Another formulation and body: 60 % absorbed at once, 30 % released evenly from the second to the sixth hour.
    let body = TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 };
    let slow_release = ZeroOrder { duration: 4.0 * HOUR }.lagged(2.0 * HOUR).with_f(0.3);
    let exact = Model::new(FirstOrder { ka: KA }.with_f(0.6).plus(slow_release), body)?;

    // The same in equations, solved step by step.
    let linear = Saturating { body, km: f64::INFINITY };
    let regimen = Dose::of(180.0 * UG).every(DAY).times(7).and(Dose::iv(400.0 * UG).over(6.0 * HOUR).at(4.5 * DAY));
    let times = grid(0.0..=10.0 * DAY, 0.1 * HOUR);
    let by_formula = exact.profile(&regimen, &times)?;
    let by_ode = linear.profile(&regimen, &times, Tolerance { rtol: 1e-10, atol: 1e-12, ..Tolerance::default() })?;
    println!("Equations against formula: largest relative difference {:.0e}", difference(&by_ode, &by_formula));

    // What no formula gives: the clearance halves at 5 µg/L.
    let saturating = Saturating { km: 5.0, ..linear }.profile(&regimen, &times, Tolerance::default())?;
    let last = |profile: &Profile| profile.conc().last().copied().unwrap_or(0.0);
    println!("After ten days: {:.2} µg/L, saturating {:.2} µg/L", last(&by_formula), last(&saturating));

    let file = "charts/own_model.png";
    sheet(&exact, [&by_formula, &by_ode, &saturating], &regimen)?.save(file)?;
    println!("Wrote {file}");
    Ok(())
}

/// The clearance of another person, L/h.
const SLOW: f64 = 0.6;

/// The absorption rate constant, 1/h.
const KA: f64 = 0.35;

/// The body of the exact model, but its clearance falls to a half where the concentration is `km` (µg/L).
struct Saturating {
    body: TwoCompartment,
    km: f64,
}

impl System<3> for Saturating {
    fn derivative(&self, _t: f64, &[depot, plasma, tissue]: &[f64; 3]) -> [f64; 3] {
        let TwoCompartment { cl, v1, q, v2 } = self.body;
        let absorbed = KA * depot;
        let conc = plasma / v1;
        let cleared = cl * conc / (1.0 + conc / self.km);
        let exchanged = q * (conc - tissue / v2);
        [-absorbed, absorbed - cleared - exchanged, exchanged]
    }

    fn concentration(&self, [_, plasma, _]: &[f64; 3]) -> f64 {
        plasma / self.body.v1
    }

    fn entries(&self, route: Route) -> Vec<Entry> {
        let plasma = Entry { state: 1, ..Entry::default() };
        match route {
            Route::Oral => vec![
                Entry { f: 0.6, ..Entry::default() },
                Entry { f: 0.3, tlag: 2.0 * HOUR, duration: 4.0 * HOUR, ..plasma },
            ],
            Route::Intravenous => vec![plasma],
        }
    }
}

/// The largest difference of two profiles, relative to the second wherever that is not zero.
fn difference(a: &Profile, b: &Profile) -> f64 {
    let pairs = a.conc().iter().zip(b.conc()).filter(|(_, b)| **b > 0.0);
    pairs.map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
}

fn sheet(exact: &Model, [by_formula, by_ode, saturating]: [&Profile; 3], regimen: &Regimen) -> Result<Sheet> {
    let now_and_then: Vec<_> = by_ode.iter().step_by(50).collect();
    let course = Chart::new("")
        .curve("formula", by_formula)
        .points("equations", now_and_then)
        .curve("saturating", saturating)
        .colour(Colour::Purple)
        .doses(regimen);
    Ok(Sheet::new("A model of your own: two absorption paths, two compartments, an infusion")
        .subtitle(format!("{} · invented parameters", regimen.to_string().replace("ug", "µg")))
        .caption(
            "Saturating: the clearance falls to a half at 5 µg/L, which has no formula and is solved step by step.",
        )
        .row([course])
        .relative_height(1.3)
        .row([formulations(exact)?, people()?]))
}

fn formulations(two_paths: &Model) -> Result<Chart> {
    let one_path = Model::new(FirstOrder { ka: KA }.with_f(0.9), *two_paths.disposition())?;
    let (dose, times) = (Dose::of(180.0 * UG), grid(0.0..=DAY, 0.02 * HOUR));
    Ok(Chart::new("One dose of 180 µg by two absorption paths, or one")
        .x_label("Time after dose (h)")
        .curve("two", &two_paths.profile(dose, &times)?)
        .dashed("one", &one_path.profile(dose, &times)?))
}

fn people() -> Result<Chart> {
    let (dose, times) = (Dose::of(180.0 * UG), grid(0.0..=14.0 * DAY, 0.1 * HOUR));
    let typical = MK7.nominal().parameters;
    let slow = Parameters { cl: SLOW, ..typical };
    Ok(Chart::new("The same dose in two people: MK-7, nominal set")
        .curve(format!("CL {SLOW} L/h"), &slow.model()?.profile(dose, &times)?)
        .curve(format!("CL {} L/h", typical.cl), &typical.model()?.profile(dose, &times)?))
}
