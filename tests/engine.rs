//! What the engine promises, whatever way a simulation takes: a body that changes, a compiled course, a table in any order, on any
//! number of threads.

use std::collections::BTreeSet;

use menaquinone::{
    Absorb, Absorption, Bolus, Course, Disposition, Dose, FirstOrder, Meal, MealEffect, Model, OneCompartment,
    Parameters, Phases, Population, Regimen, Result, ThreeCompartment, Transit, TwoCompartment, ZeroOrder, grid,
    population::Window,
    random::{Draw, Stream},
    records::{Between, Body, Convention, DoseRule, Inlet, Record, Simulation, Table},
    units::*,
};

// ------------------------------------------------------------------------------------------------- the battery

/// The numbers that a model of any kind is made of.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    cl: f64,
    v: f64,
    q: f64,
    ka: f64,
    tlag: f64,
    f: f64,
    duration: f64,
}

const USUAL: Numbers = Numbers { cl: 1.2, v: 22.0, q: 3.0, ka: 0.7, tlag: 2.5, f: 0.6, duration: 5.0 };

type AbsorptionOf = fn(Numbers) -> Absorption;
type DispositionOf = fn(Numbers) -> Disposition;

/// Every absorption there is, and the ways to combine them, each lagged and partial.
const ABSORPTIONS: [(&str, AbsorptionOf); 6] = [
    ("bolus", |n| Bolus.lagged(n.tlag).with_f(n.f)),
    ("first order", |n| FirstOrder { ka: n.ka }.lagged(n.tlag).with_f(n.f)),
    ("zero order", |n| ZeroOrder { duration: n.duration }.lagged(n.tlag).with_f(n.f)),
    ("transit", |n| Transit { steps: 3, mtt: 2.0, ka: n.ka }.lagged(n.tlag).with_f(n.f)),
    ("two paths", |n| {
        let slow = ZeroOrder { duration: n.duration }.lagged(n.tlag + 1.0).with_f(0.5 * n.f);
        FirstOrder { ka: n.ka }.with_f(0.4 * n.f).plus(slow)
    }),
    ("three paths", |n| {
        let chain = Transit { steps: 1, mtt: 3.0, ka: n.ka }.with_f(0.3 * n.f);
        FirstOrder { ka: n.ka }.lagged(n.tlag).with_f(0.3 * n.f).plus(Bolus.with_f(0.2)).plus(chain)
    }),
];

/// Every disposition there is, and two peripheral compartments that empty at the same rate.
const DISPOSITIONS: [(&str, DispositionOf); 4] = [
    ("one compartment", |n| OneCompartment { cl: n.cl, v: n.v }.into()),
    ("two compartments", |n| TwoCompartment { cl: n.cl, v1: n.v, q: n.q, v2: 90.0 }.into()),
    ("three compartments", |n| ThreeCompartment { cl: n.cl, v1: n.v, q2: n.q, v2: 90.0, q3: 0.7, v3: 300.0 }.into()),
    ("twins", |n| ThreeCompartment { cl: n.cl, v1: n.v, q2: n.q, v2: 40.0, q3: 2.0 * n.q, v3: 80.0 }.into()),
];

fn model(absorption: AbsorptionOf, disposition: DispositionOf, numbers: Numbers) -> Model {
    Model::new(absorption(numbers), disposition(numbers)).expect("good numbers")
}

fn kinds() -> impl Iterator<Item = (String, AbsorptionOf, DispositionOf)> {
    ABSORPTIONS.into_iter().flat_map(|(absorption, a)| {
        DISPOSITIONS.into_iter().map(move |(disposition, d)| (format!("{absorption}, {disposition}"), a, d))
    })
}

/// A model of every kind, with meals and a baseline.
fn models() -> Vec<(String, Model)> {
    let points = [(Meal::FASTED, 0.07), (BREAKFAST, 0.47), (Meal::with_fat(35.0 * GRAM), 1.3)];
    let effect = MealEffect::what_if("the battery's", points).expect("a sound table");
    let with_meals = |model: Model| model.with_meal_effect(effect.clone()).with_baseline(0.3).expect("a baseline");
    kinds().map(|(name, a, d)| (name, with_meals(model(a, d, USUAL)))).collect()
}

const BREAKFAST: Meal = Meal::with_fat(20.0 * GRAM);

/// Unequal days: swallowed, injected, infused and eaten.
fn mixed_days() -> Regimen {
    let doses = Dose::of(90.0).every(DAY).times(5).and(Dose::of(45.0).at(60.5)).and(Dose::iv(30.0).over(7.0).at(20.0));
    doses.and(Dose::of(80.0).with(BREAKFAST).at(30.0)).and(Dose::iv(12.0).at(30.0))
}

/// The lags and durations of random bodies.
const LAGS: [f64; 6] = [0.0, 0.25, 0.37, 1.0 / 3.0, 2.5, 31.0];
const DURATIONS: [f64; 3] = [0.5, 5.0, 30.0];

struct Luck(Draw);

impl Luck {
    fn new(seed: u64) -> Self {
        Self(Stream { seed, ..Stream::default() }.draw())
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
    fn below(&mut self, n: usize) -> usize {
        (self.0.uniform() * n as f64) as usize
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.uniform()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        (1..all.len()).for_each(|i| all.swap(i, self.below(i + 1)));
    }

    fn numbers(&mut self) -> Numbers {
        Numbers {
            cl: self.within(0.3, 4.0),
            v: self.within(5.0, 60.0),
            q: self.within(0.5, 12.0),
            ka: self.within(0.1, 2.0),
            tlag: self.of(&LAGS),
            f: self.within(0.2, 1.0),
            duration: self.of(&DURATIONS),
        }
    }
}

/// The largest distance of two curves, of the highest point of either.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let peak = a.iter().chain(b).fold(f64::MIN_POSITIVE, |peak: f64, c| peak.max(c.abs()));
    a.iter().zip(b).fold(0.0, |worst: f64, (a, b)| worst.max((a - b).abs() / peak))
}

fn conc_of(found: &Simulation) -> Vec<f64> {
    found.rows().iter().map(|row| row.conc).collect()
}

// --------------------------------------------------------------------------------------- a change that is none

#[test]
fn a_change_to_the_same_model_is_the_unchanged_course_bit_for_bit() -> Result<()> {
    let (regimen, times) = (mixed_days(), grid(-5.0..=200.0, 1.3));
    for (name, model) in models() {
        let once = model.clone().then_from(50.0, model.clone())?.then_from(60.5, model.clone())?;
        let by_occasion = Phases::by_occasion(&[0.0, 24.0, 150.0], |_| Ok(model.clone()))?;
        for phases in [Phases::from(model.clone()), once, by_occasion] {
            assert_eq!(phases.concentrations(&regimen, &times)?, model.concentrations(&regimen, &times)?, "{name}");
            assert_eq!(phases.auc(&regimen, 3.0..=150.0)?, model.auc(&regimen, 3.0..=150.0)?, "{name}");
            assert_eq!(phases.aumc(&regimen, 3.0..=150.0)?, model.aumc(&regimen, 3.0..=150.0)?, "{name}");
            assert_eq!(phases.balance(&regimen, &times)?, model.balance(&regimen, &times)?, "{name}");
        }
    }
    Ok(())
}

#[test]
fn people_who_do_not_change_keep_their_bits_beside_those_who_do() -> Result<()> {
    let (regimen, times) = (mixed_days(), grid(-5.0..=200.0, 1.3));
    let window = Window::new(20.0..=150.0)?.above(1.0)?;
    let (names, models): (Vec<_>, Vec<_>) = models().into_iter().unzip();
    let people = Population::of(models, 1)?;
    let same = people.clone().then_from(50.0, people.clone())?.then_from(70.0, people.clone())?;
    assert_eq!(same.simulate(&regimen, &times)?, people.simulate(&regimen, &times)?);
    assert_eq!(same.exposures(&regimen, &window)?, people.exposures(&regimen, &window)?);
    // Every third person clears twice as much from then on.
    let slower = people.by_occasion(&[50.0, 70.0], |person, occasion| {
        let body = person.model.disposition();
        let OneCompartment { cl, v } = OneCompartment { cl: 2.0 * body.cl(), v: body.v1() };
        let changes = person.id % 3 == 0 && occasion == 1 && body.peripherals().is_empty();
        Ok(if changes {
            Model::new(person.model.absorption().clone(), OneCompartment { cl, v })?
        } else {
            person.model.clone()
        })
    })?;
    let (found, before) = (slower.simulate(&regimen, &times)?, people.simulate(&regimen, &times)?);
    let (reached, reached_before) = (slower.exposures(&regimen, &window)?, people.exposures(&regimen, &window)?);
    let mut changed = 0;
    for (i, name) in names.iter().enumerate() {
        let person = people.iter().nth(i).expect("a person");
        if person.id % 3 == 0 && person.model.disposition().peripherals().is_empty() {
            let then = OneCompartment { cl: 2.0 * person.model.disposition().cl(), v: person.model.disposition().v1() };
            let then = Model::new(person.model.absorption().clone(), then)?;
            let phases = person.model.clone().then_from(50.0, then)?.then_from(70.0, person.model.clone())?;
            assert_eq!(found.row(i), phases.concentrations(&regimen, &times)?, "{name}");
            assert!(apart(found.row(i), before.row(i)) > 1e-3);
            changed += 1;
        } else {
            assert_eq!(found.row(i), before.row(i), "{name}");
            assert_eq!(reached[i], reached_before[i], "{name}");
        }
    }
    assert!(changed > 0 && changed < names.len());
    Ok(())
}

#[test]
fn a_table_whose_covariates_stand_still_keeps_its_bits() -> Result<()> {
    let mut luck = Luck::new(3);
    for (name, a, d) in kinds() {
        let model = model(a, d, Numbers { tlag: 0.5, ..luck.numbers() }).with_baseline(0.2)?;
        let mut records = random_records(&mut luck, 12);
        let plain = Table::new(records.clone())?.simulate(&model)?;
        for record in &mut records {
            record.covariates = vec![Some(1.0)];
        }
        let constant = Table::with_covariates(["ONE"], records.clone())?;
        // A covariate that changes without an effect on the body.
        records.iter_mut().zip(0..).for_each(|(record, i)| record.covariates = vec![Some(f64::from(i))]);
        let idle = Table::with_covariates(["ONE"], records)?;
        for between in [Between::Backward, Between::Forward, Between::Linear(3)] {
            for doses in [DoseRule::AtArrival, DoseRule::AtRecord] {
                for table in [&constant, &idle] {
                    let found = table
                        .simulate_with(Convention { between, doses }, |now| now.get("ONE").map(|_| model.clone()))?;
                    assert_eq!(found, plain, "{name}, {between:?}, {doses:?}");
                }
            }
        }
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------- a change that is one

/// A number of the body, or of the way in, changes.
type ChangeOf = fn(Numbers) -> Numbers;
const CHANGES: [(&str, ChangeOf); 8] = [
    ("cl", |n| Numbers { cl: 2.9, ..n }),
    ("v", |n| Numbers { v: 13.0, ..n }),
    ("q", |n| Numbers { q: 7.7, ..n }),
    ("ka", |n| Numbers { ka: 0.21, ..n }),
    ("f", |n| Numbers { f: 0.9, ..n }),
    ("tlag", |n| Numbers { tlag: 0.75, ..n }),
    ("duration", |n| Numbers { duration: 9.0, ..n }),
    ("all", |_| Numbers { cl: 0.6, v: 31.0, q: 1.1, ka: 1.4, f: 0.35, tlag: 4.0, duration: 2.0 }),
];

/// When the body changes.
const AT: f64 = 30.0;

/// Doses around the change: one that waits across it, one that runs across it, two that wait and then run, and some at its very
/// instant.
fn doses_around() -> Vec<(f64, Dose)> {
    vec![
        (0.0, Dose::of(90.0)),
        (24.0, Dose::of(60.0).over(3.0)),
        (26.0, Dose::iv(40.0).over(7.0)),
        (28.0, Dose::of(90.0)),
        (28.5, Dose::iv(11.0)),
        (29.0, Dose::of(70.0).over(3.0)),
        (AT, Dose::of(90.0)),
        (AT, Dose::iv(25.0)),
        (AT, Dose::iv(15.0).over(4.0)),
        (48.0, Dose::of(90.0)),
        (50.0, Dose::iv(40.0).over(2.0)),
    ]
}

/// The same doses, the change and observations at `times` as records with a covariate that counts the changes.
fn records_around(doses: &[(f64, Dose)], times: &[f64], between: Between) -> Vec<Record> {
    let dose = |(time, dose): &(f64, Dose)| {
        let swallowed = Dose { route: dose.route, ..Dose::of(1.0) } == Dose::of(1.0);
        let (cmt, rate) = match (swallowed, dose.duration > 0.0) {
            (true, true) => (1, -2.0), // 3 h, by the inlet
            (false, true) => (2, dose.amount / dose.duration),
            (swallowed, false) => (if swallowed { 1 } else { 2 }, 0.0),
        };
        Record { time: *time, amt: dose.amount, rate, cmt, ..Record::DOSE }
    };
    let change = Record { time: AT, evid: 2, ..Record::OBSERVATION };
    let mut records = vec![change];
    records.extend(doses.iter().map(dose));
    records.extend(times.iter().map(|time| Record { time: *time, ..Record::OBSERVATION }));
    records.sort_by(|a, b| a.time.total_cmp(&b.time));
    for record in &mut records {
        // Backward, the numbers of a record hold up to it: the record of the change closes the first interval.
        let closes = record.evid == 2 && between == Between::Backward;
        record.covariates = vec![Some(f64::from(u8::from(record.time >= AT && !closes)))];
    }
    records
}

#[test]
fn a_change_in_a_regimen_is_the_change_in_an_event_table() -> Result<()> {
    const ALLOWED: f64 = 2e-15; // of the peak: the same stretches, but for the rounding of a rate
    let mut times = grid(0.0..=80.0, 1.25);
    times.push(AT);
    times.sort_by(f64::total_cmp);
    let (mut worst, mut exact, mut all) = (0.0_f64, 0, 0);
    for (name, a, d) in kinds() {
        for (what, change) in CHANGES {
            let [first, later] = [USUAL, change(USUAL)].map(|numbers| model(a, d, numbers));
            let fits = |dose: &Dose| first.profile(*dose, &[0.0]).is_ok();
            let doses: Vec<_> = doses_around().into_iter().filter(|(_, dose)| fits(dose)).collect();
            let phases = first.clone().then_from(AT, later.clone())?;
            let by_regimen = phases.concentrations(doses.iter().copied().collect::<Regimen>(), &times)?;
            for between in [Between::Backward, Between::Forward] {
                let records = records_around(&doses, &times, between);
                let seen: Vec<bool> = records.iter().map(|record| record.evid == 0).collect();
                let table = Table::with_covariates(["PHASE"], records)?;
                let found = table.simulate_with(between, |now| {
                    let model = if now.get("PHASE")? == 0.0 { &first } else { &later };
                    Body::from(model).with_inlet(1, Inlet { duration: Some(3.0), ..Inlet::default() })
                })?;
                let by_table = conc_of(&found).into_iter().zip(seen).filter_map(|(conc, seen)| seen.then_some(conc));
                let by_table: Vec<f64> = by_table.collect();
                let off = apart(&by_regimen, &by_table);
                assert!(off <= ALLOWED, "{name}, {what}, {between:?}: off by {off:.1e}");
                worst = worst.max(off);
                exact += usize::from(off == 0.0);
                all += 1;
            }
        }
    }
    println!("worst {worst:.1e} (allowed {ALLOWED:.0e}); {exact} of {all} bit for bit");
    Ok(())
}

/// One compartment by hand: the dose before the change decays at one rate and then at the other, and what waits goes on waiting.
#[test]
fn a_change_by_hand() -> Result<()> {
    let (first, later) = (OneCompartment { cl: 2.0, v: 20.0 }, OneCompartment { cl: 1.0, v: 40.0 });
    let phases = Model::new(Bolus, first)?.then_from(10.0, Model::new(Bolus, later)?)?;
    let conc = phases.concentrations(Dose::iv(100.0), &[5.0, 10.0_f64.next_down(), 10.0, 30.0])?;
    let left = 100.0 * (-1.0_f64).exp();
    for (conc, right) in
        conc.iter().zip([5.0 * (-0.5_f64).exp(), left / 20.0, left / 40.0, left / 40.0 * (-0.5_f64).exp()])
    {
        assert!((conc / right - 1.0).abs() < 1e-14, "{conc} {right}");
    }
    let half = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 2.0, f: 0.5 };
    let phases = half.model()?.then_from(10.0, Parameters { tlag: 0.0, f: 1.0, ..half }.model()?)?;
    // Taken before the change with a lag of 2 h, arrived after it, whole; taken at the change, arrived at once.
    let now = phases.balance(Dose::of(100.0).at(9.0).and(Dose::of(30.0).at(10.0)), &[10.5, 11.0])?;
    assert_eq!(now.iter().map(|now| now.entered).collect::<Vec<_>>(), [30.0, 130.0]);
    Ok(())
}

// ----------------------------------------------------------------------------------------- areas and balances

/// Points and weights of Gauss and Legendre's rule with 10 points, from 0 to 1 (Abramowitz and Stegun, table 25.4).
const GAUSS: [(f64, f64); 5] = [
    (0.148_874_338_981_631_2, 0.295_524_224_714_752_9),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_4),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_0),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_1),
];

/// The areas under a curve and under time times the curve between `ends`, in parts of at most a quarter of an hour.
fn areas(curve: impl Fn(&[f64]) -> Vec<f64>, ends: &BTreeSet<u64>) -> [f64; 2] {
    let ends: Vec<f64> = ends.iter().map(|bits| f64::from_bits(*bits)).collect();
    let (mut times, mut weights) = (Vec::new(), Vec::new());
    for pair in ends.windows(2) {
        let parts = ((pair[1] - pair[0]) / 0.25).ceil();
        let half = 0.5 * (pair[1] - pair[0]) / parts;
        let mut part = 0.0;
        while part < parts {
            let middle = pair[0] + (2.0 * part + 1.0) * half;
            let below = GAUSS.iter().rev().map(|(x, w)| (middle - half * x, half * w));
            for (time, weight) in below.chain(GAUSS.iter().map(|(x, w)| (middle + half * x, half * w))) {
                times.push(time);
                weights.push(weight);
            }
            part += 1.0;
        }
    }
    let conc = curve(&times);
    let sum = |of: fn(f64) -> f64| times.iter().zip(&weights).zip(&conc).map(|((t, w), c)| of(*t) * w * c).sum();
    [sum(|_| 1.0), sum(|t| t)]
}

/// Where a curve may have a corner or a jump: when a dose arrives or ends in any of the random bodies.
fn corners(regimen: &Regimen) -> Vec<f64> {
    let mut corners = Vec::new();
    for (time, dose) in regimen.doses(200.0) {
        for tlag in LAGS {
            for start in [time + tlag, time + (tlag + 1.0)] {
                corners.extend([start, start + dose.duration]);
                corners.extend(DURATIONS.map(|duration| start + duration));
            }
        }
    }
    corners
}

/// Three or four bodies one after another, of one kind.
fn random_phases(luck: &mut Luck, (a, d): (AbsorptionOf, DispositionOf)) -> (Phases, Vec<f64>) {
    let mut phases = Phases::from(model(a, d, luck.numbers()));
    let starts = [luck.within(-3.0, 20.0), 24.0, 24.0 + luck.within(1.0, 30.0), 72.0];
    for start in starts {
        phases = phases.then_from(start, model(a, d, luck.numbers())).expect("the same compartments");
    }
    (phases, starts.to_vec())
}

#[test]
fn whatever_enters_a_changing_body_waits_or_is_in_it_or_has_left() -> Result<()> {
    const ALLOWED: f64 = 1e-12; // of what has entered
    let (mut luck, mut worst) = (Luck::new(11), 0.0_f64);
    for (name, a, d) in kinds() {
        let (phases, starts) = random_phases(&mut luck, (a, d));
        let balances = phases.balance(mixed_days(), &grid(-5.0..=200.0, 2.5))?;
        for now in &balances {
            let off = (now.depot + now.body + now.eliminated - now.entered).abs();
            assert!(off <= ALLOWED * now.entered, "{name}: {now:?}");
            assert!(now.body >= 0.0 && now.depot >= 0.0 && now.eliminated >= 0.0, "{name}: {now:?}");
            worst = worst.max(off / now.entered.max(1.0));
        }
        // What is eliminated is the clearance of each time times the area of that time.
        let ends: Vec<f64> = [-40.0].into_iter().chain(starts).chain([200.0]).collect();
        let left = ends.windows(2).map(|span| {
            let cl = phases.at(span[0]).disposition().cl();
            phases.auc(mixed_days(), span[0]..=span[1]).expect("a window") * cl
        });
        let (left, eliminated) = (left.sum::<f64>(), balances.last().expect("a balance").eliminated);
        assert!((left / eliminated - 1.0).abs() < ALLOWED, "{name}: {left} {eliminated}");
    }
    println!("worst {worst:.1e} (allowed {ALLOWED:.0e})");
    Ok(())
}

#[test]
fn areas_of_a_changing_body_are_those_under_its_curve() -> Result<()> {
    const ALLOWED: f64 = 1e-11; // Gauss and Legendre's rule in parts of a quarter of an hour
    let (mut luck, mut worst) = (Luck::new(12), 0.0_f64);
    let regimen = mixed_days();
    for (name, a, d) in kinds() {
        let mut phases = Phases::from(model(a, d, luck.numbers()).with_baseline(0.4)?);
        let mut ends = BTreeSet::from([7.0_f64.to_bits(), 150.0_f64.to_bits()]);
        for start in [luck.within(8.0, 20.0), 24.0, 47.25] {
            phases = phases.then_from(start, model(a, d, luck.numbers()).with_baseline(luck.within(0.0, 2.0))?)?;
            ends.insert(start.to_bits());
        }
        ends.extend(corners(&regimen).iter().filter(|t| **t > 7.0 && **t < 150.0).map(|t| t.to_bits()));
        let [auc, aumc] = areas(|times| phases.concentrations(&regimen, times).expect("a curve"), &ends);
        let (found_auc, found_aumc) = (phases.auc(&regimen, 7.0..=150.0)?, phases.aumc(&regimen, 7.0..=150.0)?);
        for (found, right) in [(found_auc, auc), (found_aumc, aumc)] {
            let off = (found / right - 1.0).abs();
            assert!(off < ALLOWED, "{name}: {found} {right}");
            worst = worst.max(off);
        }
    }
    println!("worst {worst:.1e} (allowed {ALLOWED:.0e})");
    Ok(())
}

#[test]
fn the_whole_area_of_a_changing_body() -> Result<()> {
    let body = |cl, conc| Model::new(Bolus, OneCompartment { cl, v: 20.0 })?.with_baseline(conc);
    // A baseline of 3 that ends at 10 h leaves 60 in the body, which clears 4 L/h.
    let phases = body(2.0, 3.0)?.then_from(10.0, body(4.0, 0.0)?)?;
    let auc = phases.auc(Regimen::default(), 0.0..=f64::INFINITY)?;
    assert!((auc - (3.0 * 10.0 + 60.0 / 4.0)).abs() < 1e-13, "{auc}");
    let aumc = phases.aumc(Regimen::default(), 0.0..=f64::INFINITY)?;
    assert!((aumc - (3.0 * 50.0 + 60.0 / 4.0 * (10.0 + 20.0 / 4.0))).abs() < 1e-12, "{aumc}");
    let endless = body(2.0, 0.0)?.then_from(10.0, body(4.0, 1.0)?)?.auc(Dose::iv(9.0), 0.0..=f64::INFINITY);
    assert_eq!(
        endless.unwrap_err().to_string(),
        "the area has no end: dosing without an end or a baseline has an infinite area, so give the window a finite end"
    );
    Ok(())
}

// ------------------------------------------------------------------------------------ exposures of a changing body

#[test]
fn exposures_with_occasions_are_those_of_the_curve() -> Result<()> {
    let (mut luck, regimen) = (Luck::new(21), mixed_days());
    let (from, to, threshold) = (13.0, 120.0, 1.5);
    let window = Window::new(from..=to)?.above(threshold)?;
    for (name, a, d) in kinds() {
        let baselines = [luck.within(0.0, 0.5), luck.within(0.0, 0.5), luck.within(0.0, 0.5)];
        let models: Vec<Model> =
            baselines.iter().map(|conc| model(a, d, luck.numbers()).with_baseline(*conc)).collect::<Result<_>>()?;
        let people = Population::of(vec![models[0].clone()], 1)?;
        let people = people.by_occasion(&[35.3, 61.0], |_, occasion| Ok(models[occasion as usize].clone()))?;
        let phases = models[0].clone().then_from(35.3, models[1].clone())?.then_from(61.0, models[2].clone())?;
        let reached = people.exposures(&regimen, &window)?[0];
        #[expect(clippy::items_after_statements, reason = "it stands where it is used")]
        const STEP: f64 = 1.0 / 32.0;
        let mut times = grid(from..=to, STEP);
        times.extend(corners(&regimen).into_iter().chain([35.3, 61.0]).filter(|time| *time > from && *time < to));
        // Just before each time too: a dose or a change may be there. The window ends before a dose at its end.
        times.extend(times.clone().iter().filter(|time| **time > from).map(|time| time * (1.0 - 1e-14)));
        times.retain(|time| *time < to);
        times.sort_by(f64::total_cmp);
        let conc = phases.concentrations(&regimen, &times)?;
        let (low, high) = conc.iter().fold((f64::INFINITY, 0.0), |(l, h): (f64, f64), c| (l.min(*c), h.max(*c)));
        assert!(
            reached.cmax >= high * (1.0 - 1e-12) && reached.cmax <= high * 1.01,
            "{name}: {reached:?}, cmax {high}"
        );
        assert!(reached.cmin <= low * (1.0 + 1e-12) && reached.cmin >= low * 0.99, "{name}: {reached:?}, cmin {low}");
        let last = conc.last().expect("samples");
        assert!((reached.ctrough / last - 1.0).abs() < 1e-11, "{name}: {reached:?}, ctrough {last}");
        let auc = phases.auc(&regimen, from..=to)?;
        assert!((reached.auc / auc - 1.0).abs() < 1e-12, "{name}: {reached:?}, auc {auc}");
        assert!((reached.cavg / (auc / (to - from)) - 1.0).abs() < 1e-12, "{name}");
        let at_tmax = [reached.tmax, reached.tmax.next_down()].map(|t| phases.concentrations(&regimen, &[t]));
        let [now, just_before] = at_tmax.map(|conc| conc.expect("a level")[0]);
        assert!(
            (now.max(just_before) / reached.cmax - 1.0).abs() < 1e-9,
            "{name}: tmax {now} {just_before} {reached:?}"
        );
        // Every crossing of the threshold is off by a step at most.
        let is_above = |i: usize| conc[i] >= threshold;
        let first = (0..times.len()).find(|i| is_above(*i)).map(|i| times[i]);
        let hours: f64 =
            (1..times.len()).filter(|i| is_above(i - 1) && is_above(*i)).map(|i| times[i] - times[i - 1]).sum();
        let crossings = (1..times.len()).filter(|i| is_above(i - 1) != is_above(*i)).count();
        let slack = f64::from(u32::try_from(crossings).expect("few")) * STEP + 1e-9;
        let time_above = reached.time_above.expect("a threshold");
        assert!((time_above - hours).abs() <= slack, "{name}: {time_above} {hours} {crossings}");
        match (reached.time_to, first) {
            (Some(found), Some(first)) => assert!((found - first).abs() <= STEP, "{name}: {found} {first}"),
            (found, first) => assert_eq!(found, first, "{name}"),
        }
    }
    Ok(())
}

// ------------------------------------------------------------------------------------------- compiled courses

/// Designs of every kind: regular, mixed, irregular as a diary, never dosed, dosed later.
fn designs() -> Vec<(&'static str, Regimen, Vec<f64>)> {
    let mut luck = Luck::new(31);
    let mut diary: Vec<f64> = (0..150).map(|_| luck.within(0.0, 400.0)).collect();
    diary.sort_by(f64::total_cmp);
    let diary: Regimen = diary.iter().map(|time| (*time, Dose::of(50.0 + time / 10.0))).collect();
    let mut often: Vec<f64> = (0..200).map(|_| luck.within(-10.0, 420.0)).collect();
    often.sort_by(f64::total_cmp);
    let few = vec![0.5, 2.0, 5.0, 24.0, 24.0, 30.0, 100.0];
    vec![
        ("daily", Dose::of(90.0).every(DAY).times(30), grid(-5.0..=800.0, 1.7)),
        ("daily, a few samples", Dose::of(90.0).every(DAY).times(5), few.clone()),
        ("daily for ever, hourly", Dose::of(90.0).every(DAY).into(), grid(0.0..=1000.0, 1.0)),
        ("every 0.1 h", Dose::of(9.0).every(0.1).times(300), grid(0.0..=60.0, 0.1)),
        ("skipped", Dose::of(90.0).every(DAY).times(40).skip([3, 4, 20]), grid(0.0..=900.0, 6.0)),
        ("mixed", mixed_days(), grid(-5.0..=200.0, 1.3)),
        ("slowly swallowed", Dose::of(90.0).over(3.0).every(DAY).times(4), grid(0.0..=150.0, 1.0)),
        ("a diary", diary.clone(), often),
        ("a diary, a few samples", diary, few.clone()),
        ("injected", Dose::iv(40.0).every(12.0).times(9).and(Dose::of(10.0).at(3.0)), grid(0.0..=130.0, 0.7)),
        ("later than anybody looks", Dose::of(90.0).at(1e3), few.clone()),
        ("nothing", Regimen::default(), few),
    ]
}

/// Models of every kind with random numbers, some with a baseline and some with meals.
fn random_models(luck: &mut Luck) -> Vec<Model> {
    let (meals, kinds) = (models()[0].1.meal_effect().cloned().expect("meals"), kinds().collect::<Vec<_>>());
    let plain = |n: Numbers| FirstOrder { ka: n.ka }.lagged(n.tlag);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.extend(kinds.iter().map(|(_, a, d)| model(*a, *d, luck.numbers())));
        // The common kind comes more often than the others.
        all.extend(DISPOSITIONS.iter().flat_map(|(_, d)| [(); 4].map(|()| model(plain, *d, luck.numbers()))));
    }
    let dressed = all.into_iter().map(|model| {
        let model = if luck.below(3) == 0 { model.with_meal_effect(meals.clone()) } else { model };
        model.with_baseline(luck.of(&[0.0, 0.7])).expect("a baseline")
    });
    let mut dressed: Vec<Model> = dressed.collect();
    luck.shuffle(&mut dressed);
    dressed
}

#[test]
fn a_course_gives_the_bits_of_the_model_whoever_came_before() -> Result<()> {
    let mut luck = Luck::new(32);
    let (mut refused, mut performed) = (0, 0);
    for (name, regimen, times) in designs() {
        let mut course = Course::new(&regimen, &times)?;
        assert_eq!((course.regimen(), course.times()), (&regimen, &times[..]));
        for model in random_models(&mut luck) {
            let mut conc = vec![-1.0; times.len()];
            match model.concentrations(&regimen, &times) {
                Ok(right) => {
                    course.concentrations_into(&model, &mut conc)?;
                    assert_eq!(conc, right, "{name}: {model:?}");
                    performed += 1;
                }
                Err(error) => {
                    assert_eq!(course.concentrations_into(&model, &mut conc), Err(error));
                    assert!(conc.iter().all(|conc| *conc == -1.0));
                    refused += 1;
                }
            }
        }
    }
    println!("{performed} performed, {refused} refused");
    assert!(performed > 1000 && refused > 10);
    Ok(())
}

/// Once a course has been compiled and performed, a depot and its pools are performed without allocation, unless something is
/// infused or the doses are those of a diary.
#[test]
fn a_course_performed_again_allocates_nothing() -> Result<()> {
    let mut luck = Luck::new(33);
    let mut counts = Vec::new();
    for (name, regimen, times) in designs() {
        for (kind, disposition) in DISPOSITIONS {
            let plain = |n: Numbers| FirstOrder { ka: n.ka }.lagged(n.tlag);
            let made = |luck: &mut Luck| model(plain, disposition, Numbers { tlag: 2.5, ..luck.numbers() });
            let (first, again, mut conc) = (made(&mut luck), made(&mut luck), vec![0.0; times.len()]);
            let mut course = Course::new(&regimen, &times)?;
            course.concentrations_into(&first, &mut conc)?;
            let info = allocation_counter::measure(|| course.concentrations_into(&again, &mut conc).expect("levels"));
            counts.push((name, kind, info.count_total));
        }
    }
    let some: Vec<_> = counts.iter().filter(|(.., count)| *count > 0).collect();
    println!("{some:?}");
    let allowed = |name: &str| ["mixed", "slowly swallowed", "a diary"].contains(&name);
    assert!(some.iter().all(|(name, ..)| allowed(name)), "{some:?}");
    Ok(())
}

// ------------------------------------------------------------------------------------------------ tables

/// Records of one subject on a grid of two hours, so that doses, additional doses and observations meet.
fn random_records(luck: &mut Luck, n: usize) -> Vec<Record> {
    let mut times: Vec<f64> = (0..n).map(|_| luck.of(&[2.0, 2.0, 2.0, 0.7]) * luck.within(0.0, 20.0).floor()).collect();
    times.sort_by(f64::total_cmp);
    let mut records: Vec<Record> = times.iter().map(|time| Record { time: *time, ..Record::OBSERVATION }).collect();
    for record in &mut records {
        if luck.below(2) == 0 {
            let rate = luck.of(&[0.0, 0.0, 0.0, 5.0, 20.0]);
            let cmt = if rate > 0.0 { 2 } else { luck.of(&[1, 1, 2]) };
            let (ii, addl) = luck.of(&[(0.0, 0), (0.0, 0), (4.0, 3), (2.0, 9), (24.0, 2), (0.7, 5)]);
            let amt = luck.within(10.0, 100.0);
            *record = Record { time: record.time, amt, rate, cmt, ii, addl, ..Record::DOSE };
        }
    }
    records.push(Record { time: times[n - 1] + 1.0, ..Record::OBSERVATION });
    records
}

#[test]
fn the_course_of_a_subject_agrees_with_its_rows() -> Result<()> {
    const ALLOWED: f64 = 1e-13; // of the peak
    let (mut luck, mut worst, mut ties) = (Luck::new(41), 0.0_f64, 0);
    for (name, a, d) in kinds() {
        for number in 0..12_u32 {
            let mut records = Vec::new();
            for subject in 0..3 {
                let own = random_records(&mut luck, 4 + 3 * subject);
                records.extend(own.into_iter().map(|record| Record { id: subject.to_string().into(), ..record }));
            }
            ties +=
                records.windows(2).filter(|pair| pair[0].time == pair[1].time && pair[0].evid != pair[1].evid).count();
            let table = Table::new(records)?;
            let models: Vec<Model> = (0..3)
                .map(|_| {
                    let tlag = luck.of(&[0.0, 0.0, 2.0, 0.37]);
                    model(a, d, Numbers { tlag, ..luck.numbers() }).with_baseline(luck.of(&[0.0, 0.5]))
                })
                .collect::<Result<_>>()?;
            for (subject, rows) in table.subjects().enumerate() {
                let mut course = table.course(subject, &models[0])?;
                for model in &models {
                    let found = table.simulate(model)?;
                    let observed = rows.clone().filter(|row| table.records()[*row].evid == 0);
                    let right: Vec<f64> = observed.map(|row| found.rows()[row].conc).collect();
                    let off = apart(&course.concentrations(model)?, &right);
                    assert!(off <= ALLOWED, "{name}, table {number}: off by {off:.1e}\n{}", table.to_csv());
                    worst = worst.max(off);
                }
            }
        }
    }
    println!("worst {worst:.1e} (allowed {ALLOWED:.0e}); {ties} ties");
    assert!(ties > 250);
    Ok(())
}

#[test]
fn an_observation_sees_what_stands_before_it() -> Result<()> {
    let model = Model::new(Bolus.lagged(0.0), OneCompartment { cl: 1e-9, v: 1.0 })?;
    let levels = |text: &str| -> Result<Vec<f64>> {
        let table: Table = text.parse()?;
        let conc = table.course(0, &model)?.concentrations(&model)?;
        Ok(conc.iter().map(|conc| conc.round()).collect())
    };
    assert_eq!(levels("TIME,AMT\n0,.\n0,100\n0,.\n0,10\n0,1\n0,.")?, [0.0, 100.0, 111.0]);
    // An additional dose comes before every record of its instant.
    assert_eq!(levels("TIME,AMT,II,ADDL\n0,100,24,2\n24,.,.,.\n24,1,.,.\n24,.,.,.\n48,.,.,.")?, [200.0, 201.0, 301.0]);
    // Those after the last record never come, however many they are.
    assert_eq!(levels("TIME,AMT,II,ADDL\n0,100,24,4000000000\n25,.,.,.")?, [200.0]);
    let lagged = Model::new(Bolus.lagged(2.0), OneCompartment { cl: 1e-9, v: 1.0 })?;
    let table: Table = "TIME,AMT\n0,100\n2,.\n2,1\n2,.\n4,.".parse()?;
    let conc = table.course(0, &model)?.concentrations(&lagged)?;
    assert_eq!(conc.iter().map(|conc| conc.round()).collect::<Vec<_>>(), [100.0, 100.0, 101.0]);
    Ok(())
}

/// Many subjects with records of their own and covariates that change, in half of them.
fn study(subjects: usize) -> Vec<Vec<Record>> {
    const WEIGHTS: [f64; 3] = [50.0, 70.0, 90.0];
    let mut luck = Luck::new(51);
    let study = (0..subjects).map(|subject| {
        let mut records = random_records(&mut luck, 13);
        let still = (luck.below(2) == 0).then(|| luck.of(&WEIGHTS));
        for record in &mut records {
            record.id = subject.to_string().into();
            record.covariates = vec![still.or_else(|| Some(luck.of(&WEIGHTS)))];
        }
        records
    });
    study.collect()
}

fn weighed(table: &Table) -> Result<Simulation> {
    table.simulate_with(Between::Backward, |now| {
        let kinds = ABSORPTIONS.len() * DISPOSITIONS.len();
        let kind = now.id().parse::<usize>().expect("a number") % kinds;
        let (_, a) = ABSORPTIONS[kind % ABSORPTIONS.len()];
        let (_, d) = DISPOSITIONS[kind / ABSORPTIONS.len()];
        Ok(model(a, d, Numbers { cl: 1.2 * now.get("WT")? / 70.0, tlag: 0.37, ..USUAL }))
    })
}

#[test]
fn the_order_of_subjects_changes_no_bit() -> Result<()> {
    let mut study = study(400);
    let found = |study: &[Vec<Record>]| -> Result<Vec<(String, Vec<f64>)>> {
        let table = Table::with_covariates(["WT"], study.iter().flatten().cloned())?;
        let conc = conc_of(&weighed(&table)?);
        let subjects = table.subjects().map(|rows| (table.records()[rows.start].id.to_string(), conc[rows].to_vec()));
        let mut subjects: Vec<_> = subjects.collect();
        subjects.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(subjects)
    };
    let right = found(&study)?;
    let mut luck = Luck::new(52);
    for _ in 0..3 {
        luck.shuffle(&mut study);
        assert_eq!(found(&study)?, right);
    }
    // Alone, too.
    for records in study.iter().take(24) {
        let alone = found(std::slice::from_ref(records))?;
        assert!(right.contains(&alone[0]));
    }
    Ok(())
}

/// What was found for one subject is of use to the next only where the next is of the kind: here every other subject changes.
#[test]
fn a_subject_who_changes_is_as_alone_after_one_who_does_not() -> Result<()> {
    for (name, disposition) in DISPOSITIONS {
        let found = |text: &str| -> Result<Vec<f64>> {
            let table: Table = format!("ID,TIME,AMT,CL\n{text}").parse()?;
            Ok(conc_of(&table.simulate_with(Between::Backward, |now| {
                Ok(model(|n| FirstOrder { ka: n.ka }.into(), disposition, Numbers { cl: now.get("CL")?, ..USUAL }))
            })?))
        };
        let of = |id: u32, cl: f64| {
            format!("{id},0,90,1.2\n{id},7,.,1.2\n{id},24,90,{cl}\n{id},25,.,{cl}\n{id},40,.,{cl}\n")
        };
        let subjects: Vec<String> = (0..6).map(|id| of(id, if id % 2 == 0 { 1.2 } else { 3.1 })).collect();
        let mut alone = Vec::new();
        for subject in &subjects {
            alone.extend(found(subject)?);
        }
        assert_eq!(found(&subjects.concat())?, alone, "{name}");
        assert!(alone[9] < 0.9 * alone[4], "{name}: {alone:?}");
    }
    Ok(())
}

/// What a closure gives on 1, 2 and 4 threads.
fn on_threads<T: Send + PartialEq + std::fmt::Debug>(work: impl Fn() -> Result<T> + Sync) -> Result<()> {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(&work)
    };
    let one = on(1)?;
    assert!([2, 4].into_iter().all(|threads| on(threads).is_ok_and(|many| many == one)));
    Ok(())
}

#[test]
fn the_number_of_threads_changes_no_bit() -> Result<()> {
    // So many records are worth more than one thread.
    let table = Table::with_covariates(["WT"], study(3_000).into_iter().flatten())?;
    on_threads(|| weighed(&table))?;
    let mut luck = Luck::new(53);
    let models = (0..20_000).map(|i| {
        // One in ten has three compartments, which have no closed form.
        let (_, d) = DISPOSITIONS[if i % 10 == 0 { 2 } else { 0 }];
        model(ABSORPTIONS[1].1, d, Numbers { tlag: luck.of(&[0.0, 0.5]), ..luck.numbers() })
    });
    let people = Population::of(models.collect(), 7)?;
    let changing = people.by_occasion(&[5.0, 30.0], |person, occasion| {
        let changes = person.id % 16 == u64::from(occasion) && person.model.disposition().peripherals().is_empty();
        let body = OneCompartment { cl: 1.7, v: 33.0 };
        Ok(if changes { Model::new(person.model.absorption().clone(), body)? } else { person.model.clone() })
    })?;
    let (regimen, window) = (Dose::of(90.0).at(0.0).and(Dose::iv(30.0).at(26.0)), Window::new(1.0..=48.0)?.above(0.5)?);
    on_threads(|| changing.simulate(&regimen, &[2.0, 29.0, 48.0]))?;
    on_threads(|| changing.exposures(&regimen, &window))?;
    on_threads(|| people.exposures(&regimen, &window))
}

// --------------------------------------------------------------------------------------------- what is refused

#[test]
fn refused_changes() -> Result<()> {
    let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    let other = Parameters { cl: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    let order = "a change at 7 h comes after one at 10 h: give the changes in order of time";
    let twice = "a change at 10 h comes after one at 10 h: give the changes in order of time";
    let never = "the time of a change is NaN h, but it must be a finite number";
    let phases = usual.clone().then_from(10.0, other.clone())?;
    for (time, sentence) in [(7.0, order), (10.0, twice), (f64::NAN, never)] {
        assert_eq!(phases.clone().then_from(time, usual.clone()).unwrap_err().to_string(), sentence);
    }
    let compartments = "the model from 10 h on has other compartments than the one before: only the numbers of a model may change within a course";
    let (two, oral) = (TwoCompartment { cl: 1.0, v1: 9.0, q: 1.0, v2: 9.0 }, FirstOrder { ka: 1.0 });
    let one = OneCompartment { cl: 1.0, v: 9.0 };
    let chain = Transit { steps: 1, mtt: 1.0, ka: 1.0 };
    let both = oral.with_f(0.5).plus(chain.with_f(0.5));
    let swapped = chain.with_f(0.5).plus(oral.with_f(0.5));
    let pairs = [
        (Model::new(oral, one)?, Model::new(oral, two)?),
        (Model::new(oral, one)?, Model::new(Bolus, one)?),
        (Model::new(chain, one)?, Model::new(Transit { steps: 2, ..chain }, one)?),
        (Model::new(oral, one)?, Model::new(oral.with_f(0.5).plus(Bolus.with_f(0.5)), one)?),
        (Model::new(both, one)?, Model::new(swapped, one)?),
    ];
    for (first, later) in pairs {
        assert_eq!(first.clone().then_from(10.0, later.clone()).unwrap_err().to_string(), compartments);
        let [first, later] = [first, later].map(|model| Population::of(vec![usual.clone(), model], 1));
        let refused = first?.then_from(10.0, later?).unwrap_err().to_string();
        assert_eq!(refused, format!("person 1: {compartments}"));
    }
    // Of the same compartments, a path may take time or none.
    let all_at_once = Model::new(Bolus, one)?;
    assert!(all_at_once.then_from(10.0, Model::new(ZeroOrder { duration: 3.0 }, one)?).is_ok());
    let people = Population::of(vec![usual; 3], 1)?;
    let changed = people.clone().then_from(10.0, Population::of(vec![other.clone(); 3], 1)?)?;
    for (time, sentence) in [(7.0, order), (10.0, twice), (f64::NAN, never)] {
        assert_eq!(changed.clone().then_from(time, people.clone()).unwrap_err().to_string(), sentence);
    }
    assert_eq!(
        people.clone().then_from(1.0, people.slice(1..3)?).unwrap_err().to_string(),
        "people 0 to 2 can go over to the same people with one model each, and were given 1 to 2"
    );
    assert_eq!(
        people.clone().then_from(1.0, changed).unwrap_err().to_string(),
        "people 0 to 2 can go over to the same people with one model each, and were given 0 to 2"
    );
    let refuses = |person: menaquinone::population::Person<'_>, occasion| match (person.id, occasion) {
        (2, 1) => Parameters { cl: -1.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model(),
        _ => Ok(other.clone()),
    };
    assert_eq!(
        people.by_occasion(&[5.0], refuses).unwrap_err().to_string(),
        "person 2: cl is -1 L/h, but it must be a positive, finite number"
    );
    Ok(())
}

/// An oral dose that takes time meets a body that takes time itself, now or later.
#[test]
fn what_one_of_the_bodies_cannot_take_is_refused() -> Result<()> {
    let one = OneCompartment { cl: 1.0, v: 9.0 };
    let phases = Model::new(Bolus, one)?.then_from(10.0, Model::new(ZeroOrder { duration: 3.0 }, one)?)?;
    let slowly = Dose::of(9.0).over(2.0);
    let sentence = "an oral dose given over 2 h meets zero-order absorption, which takes 3 h itself: give the dose at once, or use another absorption";
    assert_eq!(phases.concentrations(slowly, &[1.0]).unwrap_err().to_string(), sentence);
    assert_eq!(phases.auc(slowly, 0.0..=5.0).unwrap_err().to_string(), sentence);
    assert_eq!(phases.balance(slowly, &[1.0]).unwrap_err().to_string(), sentence);
    assert_eq!(
        phases.concentrations(Dose::of(9.0), &[2.0, 1.0]).unwrap_err().to_string(),
        phases.at(0.0).concentrations(Dose::of(9.0), &[2.0, 1.0]).unwrap_err().to_string()
    );
    assert_eq!(
        phases.concentrations_into(Dose::of(9.0), &[1.0], &mut []).unwrap_err().to_string(),
        "there are 1 output times and room for 0 concentrations: give as much room as times"
    );
    Ok(())
}

#[test]
fn refused_courses() -> Result<()> {
    let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    let refused = |text: &str, subject: usize, sentence: &str| {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(table.course(subject, &model).expect_err(text).to_string(), sentence);
    };
    refused("TIME,AMT\n0,9\n1,.", 1, "subject 1 was asked for, counted from 0, but the table has 1");
    refused("TIME,AMT\n0,9\n1,8", 0, "subject 0 has no observation (EVID 0), so there is nothing to look at");
    refused(
        "ID,TIME,AMT,SS,II\n1,0,.,.,.\n2,0,9,1,24\n2,1,.,.,.",
        1,
        "the table, line 3: a regimen has a beginning and cannot say SS: use Model::steady_state",
    );
    refused(
        "TIME,AMT,EVID\n0,9,1\n5,.,3\n6,.,0",
        0,
        "the table, line 3: a regimen cannot say that earlier doses are wiped (EVID 3 or 4): cut the table there",
    );
    refused(
        "TIME,AMT,II,ADDL\n0,9,1e-9,4000000000\n1,.,.,.",
        0,
        "the regimen holds about 1000000000 doses up to 1 h, and at most 10000000 can be simulated: check the interval and the times",
    );
    let course = Course::new(Dose::of(9.0), &[0.0, 1.0])?.concentrations_into(&model, &mut [0.0]);
    assert_eq!(
        course.unwrap_err().to_string(),
        "there are 2 output times and room for 1 concentrations: give as much room as times"
    );
    assert!(Course::new(Dose::of(9.0), &[]).is_err() && Course::new(Dose::of(9.0), &[1.0, 0.0]).is_err());
    assert!(Course::new(Dose::of(-9.0), &[0.0]).is_err());
    Ok(())
}

/// A number means the same compartment as long as a dose may be on its way there.
#[test]
fn a_table_whose_compartments_change_their_numbers_is_refused() -> Result<()> {
    let table: Table = "TIME,AMT,CMT,WAIT\n0,100,2,0\n5,.,.,1".parse()?;
    let found = table.simulate_with(Between::Backward, |now| {
        let body = TwoCompartment { cl: 1.0, v1: 9.0, q: 1.0, v2: 9.0 };
        // Without a lag the plasma is compartment 1, with a lag it is 2.
        Model::new(Bolus.lagged(now.get("WAIT")?), body)
    });
    assert_eq!(
        found.unwrap_err().to_string(),
        "the table, line 3: the model has other compartments than the one before: only the numbers of a model may change between the records of a subject"
    );
    Ok(())
}

// ----------------------------------------------------------------------------- distances that the clock rounds

/// The sum over all doses, each by Bateman's formula at its distance as it is meant: whole intervals, and what is left of one.
fn superposed(p: Parameters, (tau, doses): (f64, u32), (interval, u): (u32, f64)) -> f64 {
    let (ka, ke) = (p.ka, p.ke());
    let taken = (0..doses).filter(|dose| *dose <= interval);
    let since = taken.map(|dose| f64::from(interval - dose) * tau + u).filter(|u| *u >= 0.0);
    since.map(|u| p.f * 90.0 * ka / (p.v * (ka - ke)) * ((-ke * u).exp() - (-ka * u).exp())).sum()
}

#[test]
fn distances_within_the_rounding_of_the_clock() -> Result<()> {
    const ALLOWED: f64 = 1e-13; // of the peak
    const OFFSETS: [f64; 4] = [0.0, 0.13, 0.4, 0.9];
    let mut worst = 0.0_f64;
    for tlag in [0.0, 0.1, 0.37, 1.0 / 3.0] {
        for (tau, doses, least) in [(24.0, 30, 1.0), (8.0, 60, 1.0), (0.1, 400, 0.1), (1.0 / 3.0, 200, 1.0 / 3.0)] {
            let p = Parameters { cl: 1.27, v: 15.4, ka: 0.6, tlag, f: 0.8 };
            let (mut times, mut right) = (Vec::new(), Vec::new());
            for interval in 0..doses + 5 {
                for offset in OFFSETS {
                    times.push(f64::from(interval) * tau + tlag + offset * least);
                    right.push(superposed(p, (tau, doses), (interval, offset * least)));
                }
            }
            let regimen = Dose::of(90.0).every(tau).times(u64::from(doses));
            let model = p.model()?;
            let phases = model.clone().then_from(3.7, Parameters { cl: 1.28, ..p }.model()?)?;
            let phases = phases.then_from(3.7_f64.next_up(), model.clone())?;
            let table = Table::of(&regimen, &model, &times)?;
            let observed = table.records().iter().zip(conc_of(&table.simulate(&model)?));
            let by_table: Vec<f64> = observed.filter(|(record, _)| record.evid == 0).map(|(_, conc)| conc).collect();
            let by_course = table.course(0, &model)?.concentrations(&model)?;
            let ways = [
                ("regimen", model.concentrations(&regimen, &times)?),
                ("table", by_table),
                ("course", by_course),
                ("phases", phases.concentrations(&regimen, &times)?),
            ];
            for (way, conc) in ways {
                let off = apart(&conc, &right);
                assert!(off <= ALLOWED, "{way}, lag {tlag}, every {tau}: off by {off:.1e}");
                worst = worst.max(off);
            }
        }
    }
    println!("worst {worst:.1e} (allowed {ALLOWED:.0e})");
    Ok(())
}

/// One look more on one of many like days: a day that is as the days before, but for that, is no repeat of them.
#[test]
fn a_look_more_on_one_day_changes_no_other() -> Result<()> {
    const DOSES: u32 = 9;
    let p = Parameters { cl: 1.27, v: 15.4, ka: 0.6, tlag: 0.0, f: 0.8 };
    let (model, regimen) = (p.model()?, Dose::of(90.0).every(DAY).times(u64::from(DOSES)));
    let more = (0..=DOSES).flat_map(|day| [(day, 0.5), (day, 13.0), (day, 23.0)]);
    for (more, every) in more.flat_map(|more| [1, 3, 20].map(|every| (more, every))) {
        for each_day in [&[0.0][..], &[0.0, 12.0], &[1.0, 2.0, 4.0, 20.0]] {
            let days = (0..=DOSES).step_by(every);
            let mut looks: Vec<(u32, f64)> = days.flat_map(|day| each_day.iter().map(move |u| (day, *u))).collect();
            looks.push(more);
            looks.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let times: Vec<f64> = looks.iter().map(|(day, u)| f64::from(*day) * DAY + u).collect();
            let right: Vec<f64> = looks.iter().map(|look| superposed(p, (DAY, DOSES), *look)).collect();
            let off = apart(&model.concentrations(&regimen, &times)?, &right);
            assert!(off <= 1e-14, "{each_day:?} every {every} days and {more:?}: off by {off:.1e}");
        }
    }
    Ok(())
}

/// What recurs is a distance, wherever the clock stands: days of unequal length before and after its zero.
#[test]
fn unequal_days_around_the_zero_of_the_clock() -> Result<()> {
    let Parameters { cl, v, .. } = Parameters { cl: 1.27, v: 15.4, ka: 0.6, tlag: 0.0, f: 0.8 };
    let model = Model::new(Bolus, OneCompartment { cl, v })?;
    for start in (-36..=4).map(|start| 3.0 * f64::from(start)) {
        let taken = [0.0, 24.0, 48.0, 78.0, 102.0, 114.0, 138.0].map(|time| time + start);
        let regimen: Regimen = taken.iter().map(|time| (*time, Dose::of(90.0))).collect();
        let times: Vec<f64> = taken.iter().flat_map(|time| [time + 1.0, time + 5.0]).collect();
        let there = |time: f64| {
            taken.iter().filter(|taken| **taken <= time).map(|taken| (cl / v * (taken - time)).exp()).sum::<f64>()
        };
        let right: Vec<f64> = times.iter().map(|time| 90.0 / v * there(*time)).collect();
        let off = apart(&model.concentrations(&regimen, &times)?, &right);
        assert!(off <= 1e-14, "from {start} h: off by {off:.1e}");
    }
    Ok(())
}

/// Times are looked over where they do not recur, and no other time may come too soon either.
#[test]
fn a_time_that_comes_too_soon_is_refused_wherever_it_stands() -> Result<()> {
    for model in [Parameters { cl: 1.2, v: 22.0, ka: 0.7, tlag: 0.37, f: 0.6 }.model()?, models()[2].1.clone()] {
        for (name, regimen, times) in designs() {
            for i in (1..times.len()).filter(|i| times[i - 1] < times[*i]) {
                let mut swapped = times.clone();
                swapped.swap(i - 1, i);
                let refused = model.concentrations(&regimen, &swapped).expect_err(name).to_string();
                let [later, sooner] = [times[i], times[i - 1]];
                let start = format!("output time {} is {sooner} h and comes after {later} h", i + 1);
                assert!(refused.starts_with(&start), "{name}: {refused}");
            }
        }
    }
    Ok(())
}

/// A dose that has waited is seen at the very instant of its arrival, as the clock rounds it, and an instant before it is not.
#[test]
fn a_lagged_dose_is_seen_at_its_own_arrival() -> Result<()> {
    for (taken, lag) in [(24.0, 0.2), (24.0, 0.1), (48.0, 0.37), (72.0, 1.0 / 3.0), (1_000.0, 0.7)] {
        let model = Model::new(Bolus.lagged(lag), OneCompartment { cl: 1.0, v: 20.0 })?;
        let arrival: f64 = taken + lag;
        let times = [arrival * (1.0 - 1e-14), arrival.next_down(), arrival.next_up()];
        let found = model.concentrations(Dose::of(100.0).at(taken), &times)?;
        assert_eq!(found[0], 0.0, "{taken} and {lag}");
        // The clock rounds the arrival by some 1e-14 h, in which as much is cleared.
        assert!((found[1] / 5.0 - 1.0).abs() < 1e-14, "{taken} and {lag}: {}", found[1]);
        let people =
            Population::of(vec![Model::new(Bolus.lagged(0.5), OneCompartment { cl: 1.0, v: 20.0 })?, model], 1)?;
        assert_eq!(people.simulate(Dose::of(100.0).at(taken), &times)?.row(1), found);
    }
    Ok(())
}
