//! Faults that were found once, each tried as the kind that it is, against closed forms and numbers of many digits.

mod common;

use common::{Row, table};
use menaquinone::{
    Absorb, Bolus, Disposition, Dose, FirstOrder, Model, OneCompartment, Phases, Regimen, Result, ThreeCompartment,
    TwoCompartment, ZeroOrder,
    random::{Draw, Stream},
    records::{Between, Body, Convention, DoseRule, Inlet, Predicted, Record, Simulation, Table},
};

const BODY: OneCompartment = OneCompartment { cl: 2.0, v: 20.0 };
const TWO: TwoCompartment = TwoCompartment { cl: 4.0, v1: 12.0, q: 3.0, v2: 9.0 };
const THREE: ThreeCompartment = ThreeCompartment { cl: 4.0, v1: 12.0, q2: 3.0, v2: 9.0, q3: 0.8, v3: 25.0 };

/// First-order absorption with ka 1 into a body.
fn oral(body: impl Into<Disposition>) -> Model {
    Model::new(FirstOrder { ka: 1.0 }, body).expect("good numbers")
}

fn rows(text: &str, body: impl Into<Body>) -> Vec<Predicted> {
    let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
    table.simulate(body).unwrap_or_else(|error| panic!("{text}: {error}")).rows().to_vec()
}

fn assert_close(name: &str, got: f64, right: f64, allowed: f64) {
    let off = (got / right - 1.0).abs();
    assert!(off <= allowed, "{name}: {got:e}, not {right:e} (off by {off:.1e}, allowed {allowed:.0e})");
}

fn under(doses: DoseRule) -> Convention {
    Convention { between: Between::Backward, doses }
}

struct Luck(Draw);

impl Luck {
    fn new(seed: u64) -> Self {
        Self(Stream { seed, ..Stream::default() }.draw())
    }

    /// Evenly spread on a logarithmic scale.
    fn about(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.0.uniform())
    }
}

// ------------------------------------------------------------------ a slow infusion beside a much faster one

/// The slow one keeps all its digits while and after a faster one runs beside it, whichever began first.
#[test]
fn a_slow_infusion_keeps_its_digits_beside_a_fast_one() -> Result<()> {
    const ALLOWED: f64 = 1e-15;
    for fast in [6e4, 2.7e6, 3.3e9, 1e12, 1e20] {
        let lines = [
            format!("TIME,AMT,RATE,CMT\n0,10,0.01,2\n0,{fast},{fast},2\n900,0,0,0"),
            format!("TIME,AMT,RATE,CMT\n0,{fast},{fast},2\n0.5,10,0.01,2\n900,0,0,0"),
            // The slow one in thirds, and two fast ones that overlap.
            format!(
                "TIME,AMT,RATE,CMT\n0,10,0.0025,2\n0,10,0.0025,2\n0.1,{fast},{fast},2\n0.2,10,0.005,2\n0.3,{fast},{fast},2\n900,0,0,0"
            ),
        ];
        for text in &lines {
            assert_close(text, rows(text, oral(BODY))[text.lines().count() - 2].conc, 0.005, ALLOWED);
        }
        // Into every compartment of every body, where 0.01 µg/h against a clearance of 4 L/h keeps 0.0025 µg/L.
        let well_mixed = ThreeCompartment { q3: 5.0, v3: 10.0, ..THREE };
        for (body, last) in [(oral(TWO), 3), (oral(well_mixed), 4)] {
            for cmt in 1..=last {
                let text = format!("TIME,AMT,RATE,CMT\n0,10,0.01,{cmt}\n0,{fast},{fast},{cmt}\n900,0,0,0");
                assert_close(&text, rows(&text, &body)[2].conc, 0.0025, 1e-14);
            }
        }
        let slow = Dose::iv(10.0).over(1000.0);
        for regimen in [slow.at(0.0).and(Dose::iv(fast).over(1.0)), Dose::iv(fast).over(1.0).at(0.0).and(slow.at(0.5))]
        {
            let profile = oral(BODY).profile(&regimen, &[900.0])?;
            assert_close("a regimen", profile.conc()[0], 0.005, ALLOWED);
            let other = Model::new(Bolus, OneCompartment { cl: 3.0, ..BODY })?;
            let phases = other.then_from(2.0, Model::new(Bolus, BODY)?)?;
            assert_close("phases", phases.concentrations(&regimen, &[900.0])?[0], 0.005, ALLOWED);
        }
        let swallowed = Dose::of(10.0).over(1000.0).at(0.0).and(Dose::of(fast).over(1.0));
        assert_close("swallowed", oral(BODY).profile(swallowed, &[900.0])?.conc()[0], 0.005, ALLOWED);
    }
    Ok(())
}

/// After the last infusion nothing runs, whatever the rates were.
#[test]
fn nothing_runs_after_the_last_infusion() {
    for fast in [0.7, 6e4, 1e12] {
        let text = format!("TIME,AMT,RATE,CMT\n0,1,0.1,2\n0.2,{fast},{fast},2\n0.3,1,0.3,2\n30,.,.,.\n50,.,.,.");
        let found = rows(&text, oral(BODY));
        assert_close(&text, found[4].conc / found[3].conc, (-2.0_f64).exp(), 1e-15);
    }
}

// --------------------------------------------------------------------------- the most doses, of a subject

/// More doses than one subject may have are no matter where several share them.
#[test]
fn the_most_doses_are_those_of_a_subject() -> Result<()> {
    let model = Model::new(Bolus, BODY)?;
    let each = |doses: u32| Record { amt: 1.0, ii: 0.25, addl: doses - 1, ..Record::DOSE };
    let end = |doses: u32| Record { time: f64::from(doses) * 0.25, ..Record::OBSERVATION };
    let subject = |id: &str, doses: u32| [each(doses), end(doses)].map(|record| Record { id: id.into(), ..record });
    let shared = Table::new(subject("A", 5_100_000).into_iter().chain(subject("B", 5_100_000)))?;
    assert_eq!(shared.simulate(&model)?.given().len(), 10_200_000);
    let alone = Table::new(subject("A", 10_000_001))?.simulate(&model);
    assert_eq!(
        alone.unwrap_err().to_string(),
        "record 2: more than 10000000 doses of this subject are due, which is the most of one subject: check II and ADDL"
    );
    Ok(())
}

// ----------------------------------------------------------------------------- constant infusions, F and lag

/// F has no part in a constant infusion, zero and tiny ones too.
#[test]
fn a_constant_infusion_knows_no_f() -> Result<()> {
    let paths = FirstOrder { ka: 0.3 }.with_f(0.2).plus(FirstOrder { ka: 2.0 }.with_f(0.3));
    let bodies: [(Model, u32, f64); 4] =
        [(oral(BODY), 2, 5.0), (Model::new(paths, BODY)?, 2, 5.0), (oral(TWO), 3, 2.5), (oral(THREE), 4, 2.5)];
    for (model, last, right) in bodies {
        for cmt in 1..=last {
            for f in [0.0, 1e-300, 0.4, 1.0, 7.0] {
                for (ss, rate) in [(1, 10.0), (2, 10.0), (1, -1.0)] {
                    let inlet = Inlet { f, rate: Some(10.0), ..Inlet::default() };
                    let body = Body::from(&model).with_inlet(cmt, inlet)?;
                    for rule in [DoseRule::AtArrival, DoseRule::AtRecord] {
                        let table: Table = format!("TIME,AMT,RATE,SS,CMT\n0,0,{rate},{ss},{cmt}").parse()?;
                        let found = table.simulate_with(under(rule), |_| Ok(&body))?;
                        assert_close(&format!("F {f}, CMT {cmt}, SS {ss}"), found.rows()[0].conc, right, 1e-14);
                    }
                }
            }
        }
    }
    Ok(())
}

/// As NONMEM's guide VI has it, a lag applies to all doses at steady state but to infusions that have run for ever.
#[test]
fn a_lag_and_a_constant_infusion() -> Result<()> {
    let found = |cmt: u32, rule: DoseRule| -> Result<f64> {
        let body = Body::from(oral(BODY)).with_inlet(cmt, Inlet { tlag: 2.0, ..Inlet::default() })?;
        let table: Table = format!("TIME,AMT,RATE,SS,CMT\n0,0,10,1,{cmt}\n2,0,0,0,0").parse()?;
        Ok(table.simulate_with(under(rule), |_| Ok(&body))?.rows()[1].conc)
    };
    assert_close("plasma", found(2, DoseRule::AtArrival)?, 4.093_653_765_389_909, 1e-15);
    assert_close("plasma, as recorded", found(2, DoseRule::AtRecord)?, 5.0, 1e-15);
    // Of what waits at the record, 10 µg, some has been absorbed.
    let absorbed = 10.0 / 0.9 * ((-0.2_f64).exp() - (-2.0_f64).exp());
    let right = (100.0 * (-0.2_f64).exp() + absorbed) / 20.0;
    assert_close("depot", found(1, DoseRule::AtArrival)?, right, 1e-15);
    assert_close("depot, as recorded", found(1, DoseRule::AtRecord)?, 5.0, 1e-15);
    Ok(())
}

// ----------------------------------------------------------------- whose numbers hold for a dose that is late

/// A table with the way into the plasma in its covariates, under a rule.
fn late(text: &str, rule: DoseRule) -> Result<Simulation> {
    let table: Table = text.parse()?;
    let slow = OneCompartment { cl: 2.0, v: 20.0 };
    table.simulate_with(under(rule), |now| {
        let or = |name: &str, usual: f64| {
            if table.covariates().iter().any(|n| n == name) { now.get(name) } else { Ok(usual) }
        };
        let (tlag, f) = (or("WAIT", 0.0)?, or("F", 1.0)?);
        let inlet = Inlet { tlag, f, rate: Some(or("R", 1.0)?), duration: Some(or("D", 1.0)?) };
        Body::from(Model::new(FirstOrder { ka: 1.0 }, slow)?).with_inlet(2, inlet)
    })
}

const RULES: [DoseRule; 2] = [DoseRule::AtArrival, DoseRule::AtRecord];

#[test]
fn f_of_additional_and_lagged_doses() -> Result<()> {
    let central = |text: &str| -> Result<Vec<f64>> {
        RULES.iter().map(|rule| Ok(late(text, *rule)?.rows().last().expect("a row").central)).collect()
    };
    let kept = |hours: f64| (-0.1 * hours).exp();
    let check = |text: &str, right: [f64; 2]| -> Result<()> {
        for (got, right) in central(text)?.into_iter().zip(right) {
            assert_close(text, got, right, 1e-15);
        }
        Ok(())
    };
    // The numbers of a record hold on the interval that ends at it, and so for an additional dose at its time.
    check(
        "TIME,AMT,CMT,II,ADDL,F\n0,100,2,10,1,1\n10,.,.,.,.,0.5",
        [100.0 * kept(10.0) + 50.0, 100.0 * kept(10.0) + 100.0],
    )?;
    // Three additional doses meet three fractions, one of them zero.
    let by_arrival = 100.0 * kept(30.0) + 50.0 * kept(20.0) + 200.0;
    let by_record = 100.0 * (kept(30.0) + kept(20.0) + kept(10.0) + 1.0);
    check(
        "TIME,AMT,CMT,II,ADDL,F\n0,100,2,10,3,1\n12,.,.,.,.,0.5\n22,.,.,.,.,0\n30,.,.,.,.,2",
        [by_arrival, by_record],
    )?;
    // A lagged dose: recorded under 1, on its way under 0.5, arrived under 0.25. The lag is that of the record.
    check("TIME,AMT,CMT,WAIT,F\n0,100,2,5,1\n4,.,.,1,0.5\n6,.,.,9,0.25", [25.0 * kept(1.0), 100.0 * kept(1.0)])?;
    // A steady state with a lag of one interval: the dose of the interval before has just arrived, that of the record is on its way.
    let before = 100.0 / (1.0 - kept(10.0));
    let right = |f: f64| before * kept(15.0) + f * 100.0 * kept(5.0);
    check("TIME,AMT,CMT,II,SS,WAIT,F\n0,100,2,10,1,10,1\n15,.,.,.,.,10,0.5", [right(0.5), right(1.0)])
}

#[test]
fn rate_and_duration_of_lagged_infusions() -> Result<()> {
    // 100 µg wait 5 h; the rate or duration of the model is another when they arrive.
    let modelled = [
        ("TIME,AMT,CMT,RATE,WAIT,R\n0,100,2,-1,5,20\n30,.,.,.,0,5", [20.0, 5.0]),
        ("TIME,AMT,CMT,RATE,WAIT,D\n0,100,2,-2,5,4\n30,.,.,.,0,16", [16.0, 4.0]),
        // A given rate: F at the arrival shortens the infusion.
        ("TIME,AMT,CMT,RATE,WAIT,F\n0,100,2,10,5,1\n30,.,.,.,0,0.4", [4.0, 10.0]),
    ];
    for (text, durations) in modelled {
        for (rule, duration) in RULES.into_iter().zip(durations) {
            let found = late(text, rule)?;
            let given = found.given()[0];
            assert_eq!((given.time, given.tlag, given.duration), (5.0, 5.0, duration), "{text}, {rule:?}");
            let left =
                given.amount / duration * 10.0 * (1.0 - (-0.1 * duration).exp()) * (-0.1 * (25.0 - duration)).exp();
            assert_close(text, found.rows()[1].central, left, 1e-14);
        }
    }
    Ok(())
}

// ---------------------------------------------------------------- what is given into the peripheral compartments

/// A body of any size, some with rates that are alike.
fn random_body(luck: &mut Luck) -> (Disposition, u32) {
    let (cl, v1) = (luck.about(1e-2, 1e2), luck.about(0.3, 300.0));
    let (q2, v2, q3, v3) = (luck.about(1e-4, 1e3), luck.about(1e-2, 1e4), luck.about(1e-4, 1e3), luck.about(1e-2, 1e4));
    let three = ThreeCompartment { cl, v1, q2, v2, q3, v3 };
    match luck.0.uniform() {
        ..0.4 => (TwoCompartment { cl, v1, q: q2, v2 }.into(), 2),
        ..0.7 => (three.into(), 3),
        ..0.8 => (ThreeCompartment { q3: 2.0 * q2, v3: 2.0 * v2, ..three }.into(), 3),
        ..0.9 => (ThreeCompartment { q3: q2, v3: v2 * (1.0 + 1e-13), ..three }.into(), 3),
        _ => (ThreeCompartment { q2: v2 * cl / v1, ..three }.into(), 3),
    }
}

const LATER: [f64; 9] = [0.0, 1e-9, 1e-6, 1e-3, 0.1, 1.0, 24.0, 1e3, 1e5];

/// A dose into a compartment, and observations at the same instant and later.
fn dosed(cmt: u32, start: f64) -> Vec<Record> {
    let dose = Record { time: start, amt: 100.0, cmt, ..Record::DOSE };
    let looks = LATER.iter().map(|later| Record { time: start + later, ..Record::OBSERVATION });
    std::iter::once(dose).chain(looks).collect()
}

fn levels(row: &Predicted) -> [f64; 5] {
    [row.conc, row.depot, row.central, row.peripheral[0], row.peripheral[1]]
}

/// Nothing is below zero at a dose or after it; and where nothing can be, there is exactly nothing.
#[test]
fn nothing_is_ever_below_zero() -> Result<()> {
    let (mut luck, mut looked) = (Luck::new(5), 0);
    for number in 0..1500 {
        let (body, last) = random_body(&mut luck);
        let model = Model::new(Bolus, body)?;
        for cmt in 1..=last {
            let found = Table::new(dosed(cmt, 0.0))?.simulate(&model)?;
            for row in found.rows() {
                assert!(levels(row).iter().all(|level| *level >= 0.0), "body {number}, CMT {cmt}: {body:?} {row:?}");
                looked += 1;
            }
            for row in &found.rows()[..2] {
                let mut right = [0.0; 3];
                right[cmt as usize - 1] = 100.0;
                let [central, first, second] = [row.central, row.peripheral[0], row.peripheral[1]];
                let others = [central, first, second].into_iter().zip(right).filter(|(_, right)| *right == 0.0);
                assert!(others.into_iter().all(|(got, _)| got == 0.0), "body {number}, CMT {cmt}: {body:?} {row:?}");
                assert!(cmt == 1 || row.conc == 0.0, "body {number}, CMT {cmt}: {body:?} {row:?}");
            }
        }
    }
    println!("{looked} rows");
    Ok(())
}

/// The same while the numbers of the body change at every record, with a reset on the way, and with baselines that come and go.
#[test]
fn nothing_is_ever_below_zero_while_the_body_changes() -> Result<()> {
    let mut luck = Luck::new(6);
    for number in 0..600 {
        let baseline = if number % 3 == 0 { luck.about(1e-3, 1e3) } else { 0.0 };
        let three = |luck: &mut Luck| loop {
            if let (body @ Disposition::ThreeCompartment(_), _) = random_body(luck) {
                break body;
            }
        };
        let bodies: Vec<Model> = (0..6)
            .map(|i| Model::new(Bolus, three(&mut luck))?.with_baseline(if i % 2 == 0 { 0.0 } else { baseline }))
            .collect::<Result<_>>()?;
        for cmt in 1..=3 {
            let mut records = dosed(cmt, 0.0);
            records.push(Record { time: 2e5, ..Record::RESET });
            records.extend(dosed(1 + cmt % 3, 2e5));
            records.iter_mut().zip(0..).for_each(|(record, i)| record.covariates = vec![Some(f64::from(i % 6))]);
            let table = Table::with_covariates(["BODY"], records)?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
            let found =
                table.simulate_with(Between::Backward, |now| Ok(Body::from(&bodies[now.get("BODY")? as usize])))?;
            for row in found.rows() {
                assert!(levels(row).iter().all(|level| *level >= 0.0), "bodies {number}, CMT {cmt}: {row:?}");
            }
        }
        // A baseline that comes with a change begins at nothing.
        let times: Vec<f64> = LATER.iter().map(|later| 10.0 + later).collect();
        let phases: Phases = bodies[0].clone().then_from(10.0, bodies[1].clone())?;
        let conc = phases.concentrations(Regimen::default(), &times)?;
        assert!(conc.iter().all(|conc| *conc >= 0.0), "bodies {number}: {conc:?}");
    }
    Ok(())
}

/// A row of `peripheral.csv`.
struct Reference {
    case: String,
    body: Disposition,
    into: usize,
    time: f64,
    amounts: Vec<f64>,
}

fn reference() -> Vec<Reference> {
    let reference = |row: Row| {
        let (cl, v1, q2, v2) = (row.number("cl"), row.number("v1"), row.number("q2"), row.number("v2"));
        let body = match (row.optional("q3"), row.optional("v3")) {
            (Some(q3), Some(v3)) => ThreeCompartment { cl, v1, q2, v2, q3, v3 }.into(),
            _ => TwoCompartment { cl, v1, q: q2, v2 }.into(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1, 2 or 3")]
        let into = row.number("into") as usize;
        let amounts = ["first", "second", "third"].iter().filter_map(|name| row.optional(name)).collect();
        Reference { case: row.text("case").into(), body, into, time: row.number("time"), amounts }
    };
    table("peripheral.csv").into_iter().map(reference).collect()
}

#[test]
fn what_is_given_into_any_compartment_against_many_digits() -> Result<()> {
    // Of a dose into the plasma, a peripheral compartment holds the difference of pools that were alike at first: so it
    // is good to the last digit of what has left the plasma by then, rather than of itself.
    let (mut worst, mut worst_soon, mut compared) = ((0.0_f64, String::new()), 0.0_f64, 0);
    for Reference { case, body, into, time, amounts } in reference() {
        let dose = Record { amt: 100.0, cmt: u32::try_from(into).expect("small"), ..Record::DOSE };
        let table = Table::new([dose, Record { time, ..Record::OBSERVATION }])?;
        let row = table.simulate(Model::new(Bolus, body)?)?.rows()[1];
        let found = [row.central, row.peripheral[0], row.peripheral[1]];
        for (i, (got, right)) in found.into_iter().zip(amounts).enumerate() {
            let off = (got / right - 1.0).abs();
            if into == 1 && i > 0 {
                worst_soon = worst_soon.max((got - right).abs() / 100.0);
            } else if off >= worst.0 {
                worst = (off, format!("{case}, into {into}, {time} h, in {}: {got:e}, not {right:e}", i + 1));
            }
            compared += 1;
        }
    }
    println!(
        "worst {:.1e} of {compared}: {}; after a dose into the plasma {worst_soon:.1e} of the dose",
        worst.0, worst.1
    );
    assert!(worst.0 <= 2e-14 && worst_soon <= 1e-15, "{worst:?} {worst_soon:.1e}");
    Ok(())
}

/// As the volume goes to nothing, what is given there passes at the rate `q/v2` and never comes back.
#[test]
fn a_compartment_of_next_to_no_volume_hands_on_what_it_gets() -> Result<()> {
    for (q, v2) in [(1e-20, 1e-19), (1e-30, 1e-29), (1e-100, 1e-99), (3e-200, 3e-199), (1e-290, 1e-289)] {
        let model = Model::new(Bolus, TwoCompartment { cl: 2.0, v1: 20.0, q, v2 })?;
        for time in [1e-3, 1.0, 10.0, 100.0_f64] {
            let table = format!("TIME,AMT,CMT\n0,100,2\n{time},0,2");
            let row = rows(&table, &model)[1];
            let (k, kept) = (q / v2, (-0.1 * time).exp());
            assert_close(&format!("v2 {v2:e}, {time} h"), row.conc, 100.0 * k * time * kept / 20.0, 1e-14);
            assert_close(&format!("v2 {v2:e}, {time} h"), row.peripheral[0], 100.0 * kept, 1e-14);
        }
    }
    Ok(())
}

// ----------------------------------------------------------------------------------- errors that grow

/// The worst relative error of `n` records over 1000 h after one dose into one compartment, where each is `5 e^{-0.01 t}`.
fn worst_of(n: u32, conc: impl Fn(&[f64]) -> Vec<f64>) -> f64 {
    let times: Vec<f64> = (0..n).map(|i| 1000.0 * f64::from(i) / f64::from(n)).collect();
    let right = times.iter().map(|time| 5.0 * (-0.01 * time).exp());
    conc(&times).iter().zip(right).fold(0.0, |worst: f64, (conc, right)| worst.max((conc / right - 1.0).abs()))
}

/// Records of a table are each found from the dose. The output times of a regimen are found from the last of every 64, so that up
/// to a rounding is lost there.
#[test]
fn errors_do_not_grow_with_the_number_of_records() -> Result<()> {
    const ALLOWED: f64 = 2e-15; // two exponentials of up to -10, each rounded once
    let model = Model::new(Bolus, OneCompartment { cl: 0.2, v: 20.0 })?;
    let by_regimen = |times: &[f64]| model.profile(Dose::iv(100.0), times).expect("a profile").conc().to_vec();
    let by_table = |times: &[f64]| -> Vec<f64> {
        let looks = times.iter().map(|time| Record { time: *time, ..Record::OBSERVATION });
        let table = Table::new(std::iter::once(Record { amt: 100.0, ..Record::DOSE }).chain(looks)).expect("a table");
        let found = table.simulate(&model).expect("a simulation");
        found.rows()[1..].iter().map(|row| row.conc).collect()
    };
    for n in [1_000, 10_000, 100_000] {
        let [regimen, table] = [worst_of(n, by_regimen), worst_of(n, by_table)];
        let of_cuts = ALLOWED + f64::from(n / 64) * f64::EPSILON / 2.0;
        println!(
            "{n} records: {regimen:.1e} of a regimen (allowed {of_cuts:.1e}), {table:.1e} of a table (allowed {ALLOWED:.0e})"
        );
        assert!(table <= ALLOWED, "{n} records of a table: off by {table:.1e}");
        assert!(regimen <= of_cuts, "{n} output times of a regimen: off by {regimen:.1e}");
    }
    Ok(())
}

/// Two compartments whose clearance changes to and fro: no more than a rounding is lost a change.
#[test]
fn errors_of_many_changes_are_their_roundings() -> Result<()> {
    // (e^{B/128} e^{A/128})^n with the matrices of clearances 0.25 and 0.5, in 60 digits (mpmath): plasma, peripheral.
    const RIGHT: [(u32, [f64; 2]); 4] = [
        (100, [70.927_997_000_001_829_634, 25.003_455_605_700_491_59]),
        (1_000, [41.495_698_737_697_284_393, 32.834_723_275_914_474_748]),
        (10_000, [3.569_370_411_352_069_5, 2.824_975_832_503_615_8]),
        (100_000, [7.923_178_789_368_358_219e-11, 6.270_794_570_769_253_278e-11]),
    ];
    let body = |cl: f64| Model::new(Bolus, TwoCompartment { cl, v1: 12.0, q: 3.0, v2: 9.0 });
    let bodies = [body(0.25)?, body(0.5)?];
    for (n, right) in RIGHT {
        let looks = (0..2 * n).map(|i| Record {
            time: f64::from(i + 1) / 128.0,
            covariates: vec![Some(f64::from(i % 2))],
            ..Record::OBSERVATION
        });
        let dose = Record { amt: 100.0, covariates: vec![Some(0.0)], ..Record::DOSE };
        let table = Table::with_covariates(["SECOND"], std::iter::once(dose).chain(looks))?;
        let found = table
            .simulate_with(Between::Backward, |now| Ok(Body::from(&bodies[usize::from(now.get("SECOND")? > 0.0)])))?;
        let row = found.rows().last().expect("a row");
        let allowed = f64::from(2 * n) * f64::EPSILON / 2.0;
        for (got, right) in [row.central, row.peripheral[0]].into_iter().zip(right) {
            println!("{} changes: off by {:.1e} (allowed {allowed:.1e})", 2 * n, (got / right - 1.0).abs());
            assert_close(&format!("{} changes", 2 * n), got, right, allowed);
        }
    }
    Ok(())
}

// ------------------------------------------------------------------------------------------- sentences

fn refusal(text: &str, body: impl Into<Body>) -> String {
    let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
    table.simulate(body).expect_err(text).to_string()
}

#[test]
fn what_overflows_is_named() {
    let beyond = |what: &str, unit: &str| {
        format!("the table, line 3: {what} overflows to inf {unit}: check the amounts and the times")
    };
    let twice = |cmt: u32| format!("TIME,AMT,EVID,CMT\n0,1e308,1,{cmt}\n0,1e308,1,{cmt}");
    assert_eq!(refusal(&twice(1), oral(BODY)), beyond("the amount that waits to be absorbed", "µg"));
    assert_eq!(refusal(&twice(2), oral(BODY)), beyond("the concentration", "µg/L"));
    assert_eq!(refusal(&twice(3), oral(THREE)), beyond("the amount in the first peripheral compartment", "µg"));
    assert_eq!(refusal(&twice(4), oral(THREE)), beyond("the amount in the second peripheral compartment", "µg"));
}

#[test]
fn sentences_show_few_digits_of_very_large_numbers() -> Result<()> {
    assert_eq!(
        refusal("TIME,AMT,RATE\n0,1e300,1e-300\n1,.,.", oral(BODY)),
        "the table, line 2: the dose of 1e300 at RATE 1e-300 overflows after F and lag: its amount is 1e300 µg, its duration inf h and its lag 0 h; check AMT, RATE and F"
    );
    let lagged = Body::from(oral(BODY)).with_inlet(1, Inlet { tlag: 1e300, ..Inlet::default() })?;
    assert_eq!(
        refusal("TIME,AMT,SS,II\n0,9,1,24", &lagged),
        "the table, line 2: the dosing every 24 h lasts 0 h with a lag of 1e300 h, so that more than 100000 overlap: check II"
    );
    assert_eq!(
        refusal("TIME,AMT,SS,II,RATE\n0,1e300,1,24,1", oral(BODY)),
        "the table, line 2: the dosing every 24 h lasts 1e300 h with a lag of 0 h, so that more than 100000 overlap: check II"
    );
    Ok(())
}

#[test]
fn a_constant_infusion_meets_zero_order_absorption() -> Result<()> {
    let zero = || Model::new(ZeroOrder { duration: 4.0 }, BODY);
    for text in ["TIME,AMT,RATE,SS,CMT\n0,0,10,1,1", "TIME,AMT,RATE,SS,CMT\n0,0,10,2,1"] {
        assert_eq!(
            refusal(text, zero()?),
            "the table, line 2: a constant infusion (AMT 0) meets zero-order absorption, which takes 4 h itself: give it into the plasma, or use another absorption"
        );
    }
    assert_close("plasma", rows("TIME,AMT,RATE,SS,CMT\n0,0,10,1,2", zero()?)[0].conc, 5.0, 1e-15);
    Ok(())
}
