//! Event tables: what each of the conventions means, case by case, against numbers that are not the crate's own, and
//! against the same table solved by differential equations.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]

use std::path::Path;

use menaquinone::{
    Absorb, Bolus, FirstOrder, Model, OneCompartment, Parameters, Regimen, Result, ThreeCompartment, TwoCompartment,
    ZeroOrder, grid,
    random::Stream,
    records::{Between, Body, Convention, DoseRule, Inlet, Measured, Reader, Record, Simulation, Table},
    units::*,
};
use serde_json::Value;

// ------------------------------------------------------------------------------------------------- the worked cases

/// A record of `edge_cases.json` with the numbers it should give, and the way into compartment 2 that goes with it.
struct Worked {
    record: Record,
    inlet: Inlet,
    depot: f64,
    central: f64,
    /// CP, which the file has per mL of a volume in L.
    conc: f64,
}

fn worked(case: &Value) -> Vec<Worked> {
    let records = case["records"].as_array().expect("a list of records");
    records
        .iter()
        .map(|row| {
            let number = |name: &str| row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"));
            let code = |name: &str| number(name) as u32;
            let small = |name: &str| u8::try_from(code(name)).expect("a small code");
            let [time, amt, rate, ii] = ["time", "amt", "rate", "ii"].map(number);
            let (evid, ss, addl, cmt) = (small("evid"), small("ss"), code("addl"), code("cmt"));
            let record = Record { time, amt, rate, ii, evid, ss, addl, cmt, ..Record::OBSERVATION };
            let inlet = Inlet {
                tlag: number("lag_cmt2"),
                f: number("f_cmt2"),
                rate: row["rate2"].as_f64(),
                duration: row["dur2"].as_f64(),
            };
            Worked { record, inlet, depot: number("A1"), central: number("A2"), conc: number("CP") }
        })
        .collect()
}

/// Every number of a dose is that of the body at its record.
const AS_RECORDED: Convention = Convention { between: Between::Backward, doses: DoseRule::AtRecord };

/// CL=1.1, V=20, KA=1.5, depot 1, central 2; lag and F act on 2 only and come from the record.
#[test]
fn all_worked_cases() -> Result<()> {
    const ALLOWED: f64 = 1e-13;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/edge_cases/edge_cases.json");
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let cases = cases["cases"].as_array().expect("a list of cases");
    let model = Parameters { cl: 1.1, v: 20.0, ka: 1.5, tlag: 0.0, f: 1.0 }.model()?;
    let (mut compared, mut worst) = (0, 0.0_f64);
    for case in cases {
        let (name, rows) = (case["case"].as_str().expect("a name"), worked(case));
        let numbered = rows.iter().zip(0..);
        let records = numbered.map(|(row, i)| Record { covariates: vec![Some(f64::from(i))], ..row.record.clone() });
        let table = Table::with_covariates(["ROW"], records)?;
        // In these cases the lag and F of a dose stand in its own row, and other rows have plain ones.
        let found = table.simulate_with(AS_RECORDED, |now| {
            let row = now.get("ROW")? as usize;
            Body::from(&model).with_inlet(2, rows[row].inlet)
        })?;
        for ((row, found), i) in rows.iter().zip(found.rows()).zip(1..) {
            let pairs = [(found.depot, row.depot), (found.central, row.central), (found.conc, row.conc / 1000.0)];
            for (got, expected) in pairs {
                let deviation = if expected == 0.0 { got.abs() } else { (got / expected - 1.0).abs() };
                assert!(deviation <= ALLOWED, "{name}, row {i}: {got:e}, not {expected:e} (off by {deviation:.1e})");
                (compared, worst) = (compared + 1, worst.max(deviation));
            }
        }
    }
    println!("worst of {compared} values {worst:.1e} (allowed {ALLOWED:.1e})");
    assert_eq!((cases.len(), compared), (22, 3 * 148));
    Ok(())
}

// ----------------------------------------------------------------------------------- by differential equations

/// The numbers of a body of up to three compartments with a depot, and of the way into each compartment.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    ka: f64,
    cl: f64,
    v: [f64; 3],
    q: [f64; 2],
    inlets: [Inlet; 4],
}

impl Numbers {
    fn body(self) -> Result<Body> {
        let Self { ka, cl, v: [v1, v2, v3], q: [q2, q3], inlets } = self;
        let oral = FirstOrder { ka };
        let model = match (q2 > 0.0, q3 > 0.0) {
            (false, _) => Model::new(oral, OneCompartment { cl, v: v1 })?,
            (true, false) => Model::new(oral, TwoCompartment { cl, v1, q: q2, v2 })?,
            (true, true) => Model::new(oral, ThreeCompartment { cl, v1, q2, v2, q3, v3 })?,
        };
        let last = 2 + u32::from(q2 > 0.0) + u32::from(q3 > 0.0);
        (1..=last).zip(inlets).try_fold(Body::from(model), |body, (cmt, inlet)| body.with_inlet(cmt, inlet))
    }

    fn slope(&self, y: [f64; 4], rates: [f64; 4]) -> [f64; 4] {
        let c = [y[1] / self.v[0], y[2] / self.v[1], y[3] / self.v[2]];
        let (second, third) = (self.q[0] * (c[0] - c[1]), self.q[1] * (c[0] - c[2]));
        let absorbed = self.ka * y[0];
        let slope = [-absorbed, absorbed - self.cl * c[0] - second - third, second, third];
        std::array::from_fn(|i| slope[i] + rates[i])
    }
}

/// Equations over a span in which nothing happens.
struct Span {
    numbers: Numbers,
    rates: [f64; 4],
    start: [f64; 4],
}

impl menaquinone::ode::System<4> for Span {
    fn derivative(&self, _t: f64, y: &[f64; 4]) -> [f64; 4] {
        self.numbers.slope(*y, self.rates)
    }
    fn concentration(&self, y: &[f64; 4]) -> f64 {
        y[1] / self.numbers.v[0]
    }
    fn initial(&self) -> [f64; 4] {
        self.start
    }
}

/// One dose on its own: an amount at a time, or a rate from then to an end.
#[derive(Debug, Clone)]
struct Single {
    cmt: usize,
    start: f64,
    end: f64,
    amount: f64,
    /// The record of a dose that takes its F, rate and duration from the body in which it arrives, until it has.
    to_come: Option<Record>,
}

impl Single {
    fn new(record: &Record, (start, end): (f64, f64), amount: f64) -> Self {
        Self { cmt: record.cmt as usize, start, end, amount, to_come: None }
    }

    /// The dose of a record with the numbers of its body, `start` h on the clock.
    fn of(record: &Record, start: f64, inlet: Inlet) -> Self {
        let (amount, over) = portion(record, inlet);
        Self::new(record, (start, start + over), amount)
    }

    fn rate_at(&self, time: f64) -> f64 {
        let runs = self.start <= time && time < self.end;
        if runs { self.amount / (self.end - self.start) } else { 0.0 }
    }
}

/// What of the dose of a record enters, and over which time.
fn portion(record: &Record, inlet: Inlet) -> (f64, f64) {
    let amount = record.amt * inlet.f;
    let over = match record.rate {
        0.0 => 0.0,
        -1.0 => amount / inlet.rate.expect("a rate"),
        -2.0 => inlet.duration.expect("a duration"),
        rate => amount / rate,
    };
    (amount, over)
}

/// A subject whose doses are all written out one by one and whose amounts are found by an ODE solver: nothing of it is
/// shared with the tables but the records.
struct ByOde {
    rule: DoseRule,
    time: f64,
    y: [f64; 4],
    doses: Vec<Single>,
}

impl ByOde {
    fn advance(&mut self, numbers: Numbers, end: f64) -> Result<()> {
        let tolerance =
            menaquinone::ode::Tolerance { rtol: 1e-12, atol: 1e-10, ..menaquinone::ode::Tolerance::default() };
        loop {
            let all = self.doses.iter().flat_map(|dose| [dose.start, dose.end]).chain([end]);
            let later = all.filter(|stop| *stop > self.time && *stop <= end);
            let Some(stop) = later.min_by(f64::total_cmp) else { return Ok(()) };
            let mut rates = [0.0; 4];
            self.doses.iter().for_each(|dose| rates[dose.cmt - 1] += dose.rate_at(self.time));
            let span = Span { numbers, rates, start: self.y };
            let states = menaquinone::ode::System::states(&span, Regimen::default(), &[self.time, stop], tolerance)?;
            (self.y, self.time) = (states[1], stop);
            self.arrive(numbers);
        }
    }

    /// Lets the doses of this instant begin, in the body that holds now.
    fn arrive(&mut self, numbers: Numbers) {
        let now = self.time;
        for dose in self.doses.iter_mut().filter(|dose| dose.start == now) {
            if let Some(record) = dose.to_come.take() {
                *dose = Single::of(&record, now, numbers.inlets[dose.cmt - 1]);
            }
            if dose.end == now {
                self.y[dose.cmt - 1] += dose.amount;
            }
        }
    }

    fn wipe(&mut self, time: f64) {
        *self = Self { rule: self.rule, time, y: [0.0; 4], doses: Vec::new() };
    }

    fn take(&mut self, numbers: Numbers, record: &Record) -> Result<()> {
        if matches!(record.evid, 3 | 4) || record.ss == 1 {
            self.wipe(record.time);
        }
        if !matches!(record.evid, 1 | 4) {
            return Ok(());
        }
        let inlet = numbers.inlets[record.cmt as usize - 1];
        if record.amt == 0.0 {
            // A constant infusion, of which F is no part: it began long ago, and waits for no lag but as recorded.
            const LONG: f64 = 1500.0;
            let rate = if record.rate == -1.0 { inlet.rate.expect("a rate") } else { record.rate };
            let tlag = if self.rule == DoseRule::AtRecord { inlet.tlag } else { 0.0 };
            let (start, end) = (record.time - LONG, record.time + tlag);
            return self.add_past(numbers, record, vec![Single::new(record, (start, end), rate * (end - start))]);
        }
        let single = |copy: i32| Single::of(record, record.time + f64::from(copy) * record.ii + inlet.tlag, inlet);
        if record.ss > 0 {
            // So many doses lead to the steady state, to far below the tolerance.
            let doses = if numbers.q[0] > 0.0 { -100 } else { -40 };
            self.add_past(numbers, record, (doses..0).map(single).collect())?;
        }
        let copies = i32::try_from(record.addl).expect("few");
        self.doses.extend((0..=copies).map(single));
        let arrives = self.rule == DoseRule::AtArrival;
        for dose in self.doses.iter_mut().rev().take(record.addl as usize + 1) {
            dose.to_come = arrives.then(|| record.clone());
        }
        if inlet.tlag == 0.0 {
            let (amount, over) = portion(record, inlet);
            let first = self.doses.len() - 1 - record.addl as usize;
            self.doses[first].to_come = None;
            self.y[record.cmt as usize - 1] += if over == 0.0 { amount } else { 0.0 };
        }
        Ok(())
    }

    /// What doses of the past lead to at a record, and those of them that still come or run.
    fn add_past(&mut self, numbers: Numbers, record: &Record, doses: Vec<Single>) -> Result<()> {
        let mut past = Self { rule: self.rule, time: doses[0].start - 1.0, y: [0.0; 4], doses };
        past.advance(numbers, record.time)?;
        (0..4).for_each(|i| self.y[i] += past.y[i]);
        for mut dose in past.doses.into_iter().filter(|dose| dose.start > record.time || dose.end > record.time) {
            let is_late = self.rule == DoseRule::AtArrival && dose.start > record.time;
            dose.to_come = is_late.then(|| record.clone());
            self.doses.push(dose);
        }
        Ok(())
    }
}

/// A table of fourteen records with everything in it, and the numbers of the body at each.
fn mixed(seed: u64) -> (Vec<Record>, Vec<Numbers>) {
    let mut draw = Stream { seed, ..Stream::default() }.draw();
    let mut below = |most: f64| (draw.uniform() * most).floor();
    let kind = seed % 3;
    let q = [if kind > 0 { 3.0 } else { 0.0 }, if kind > 1 { 1.0 } else { 0.0 }];
    let (mut time, mut records, mut numbers) = (-5.0, Vec::new(), Vec::new());
    for i in 0..14 {
        let evid = if i == 0 { 1 } else { [0, 0, 0, 1, 1, 1, 2, 3, 4][below(9.0) as usize] };
        // A reset may turn back the clock.
        time += 0.5 * below(9.0) - if evid > 2 { 5.0 * below(3.0) } else { 0.0 };
        let mut record = Record { time, evid, cmt: 1, ..Record::OBSERVATION };
        if evid == 1 || evid == 4 {
            record.cmt = 1 + below(2.0 + f64::from(kind as u32)) as u32;
            record.amt = 20.0 + 10.0 * below(9.0);
            record.rate = [0.0, 0.0, 4.0, 25.0, -1.0, -2.0][below(6.0) as usize];
            record.ss = [0, 0, 1, 2][below(4.0) as usize];
            record.addl = below(4.0) as u32;
            record.ii = if record.ss > 0 || record.addl > 0 { 6.0 + below(5.0) } else { 0.0 };
            if record.ss > 0 && below(3.0) == 0.0 {
                let rate = [9.0, -1.0][below(2.0) as usize];
                record = Record { amt: 0.0, rate, ii: 0.0, addl: 0, ..record };
            }
        }
        let change = 1.0 + 0.5 * below(3.0);
        let v = [12.0, 8.0 * change, 12.0];
        let inlets = [(); 4].map(|()| Inlet {
            tlag: [0.0, 0.75, 2.5, 7.0][below(4.0) as usize],
            f: 0.4 + 0.2 * below(4.0),
            rate: Some(5.0 + 3.0 * below(4.0)),
            duration: Some([0.5, 3.0, 13.0][below(3.0) as usize]),
        });
        numbers.push(Numbers { ka: 0.6 * change, cl: 6.0 / change, v, q, inlets });
        records.push(record);
    }
    (records, numbers)
}

#[test]
fn tables_agree_with_differential_equations() -> Result<()> {
    const ALLOWED: f64 = 1e-10; // of the largest amount: the run-in and the solver together
    let (mut worst, mut constant, mut modelled, mut back) = (0.0_f64, 0, 0, 0);
    for (seed, rule) in (1..=30).flat_map(|seed| [(seed, DoseRule::AtArrival), (seed, DoseRule::AtRecord)]) {
        let (records, numbers) = mixed(seed);
        let between = if seed % 2 == 0 { Between::Forward } else { Between::Backward };
        let mut exact = records.clone();
        exact.iter_mut().zip(0..).for_each(|(record, i)| record.covariates.push(Some(f64::from(i))));
        let table = Table::with_covariates(["ROW"], exact)?;
        let convention = Convention { between, doses: rule };
        let found = table.simulate_with(convention, |now| numbers[now.get("ROW")? as usize].body())?;
        let mut ode = ByOde { rule, time: records[0].time, y: [0.0; 4], doses: Vec::new() };
        let mut rows = Vec::new();
        for (i, record) in records.iter().enumerate() {
            let held = if between == Between::Forward { i.saturating_sub(1) } else { i };
            ode.advance(numbers[held], record.time)?;
            ode.take(numbers[i], record)?;
            rows.push(ode.y);
        }
        let largest = rows.iter().flatten().fold(1.0, |most: f64, amount| most.max(*amount));
        for ((found, right), i) in found.rows().iter().zip(&rows).zip(1..) {
            let found = [found.depot, found.central, found.peripheral[0], found.peripheral[1]];
            for (got, right) in found.iter().zip(right) {
                let off = (got - right).abs() / largest;
                assert!(off <= ALLOWED, "table {seed}, {rule:?}, row {i}: {found:?}, not {rows:?}\n{table:?}");
                worst = worst.max(off);
            }
        }
        constant += records.iter().filter(|record| record.is_dose() && record.amt == 0.0).count();
        modelled += records.iter().filter(|record| record.rate < 0.0).count();
        back += records.windows(2).filter(|pair| pair[1].time < pair[0].time).count();
    }
    println!(
        "worst {worst:.1e} (allowed {ALLOWED:.1e}); {constant} constant infusions, {modelled} modelled, {back} times back"
    );
    assert!(constant > 10 && modelled > 20 && back > 10, "{constant} {modelled} {back}");
    Ok(())
}

// --------------------------------------------------------------------------------------------- one by one

fn model() -> Model {
    Parameters { cl: 1.1, v: 20.0, ka: 1.5, tlag: 0.0, f: 1.0 }.model().expect("good parameters")
}

fn run(text: &str) -> Result<Simulation> {
    text.parse::<Table>()?.simulate(model())
}

fn central(text: &str) -> Vec<f64> {
    run(text).unwrap_or_else(|error| panic!("{error}")).rows().iter().map(|row| row.central).collect()
}

#[test]
fn records_keep_their_order_at_ties_and_scheduled_doses_come_first() {
    let trough = central("TIME,AMT,CMT\n0,100,2\n24,.,2\n24,100,2\n24,.,2");
    assert!(trough[1] < 27.0 && trough[2] > 126.0 && trough[2] == trough[3]);
    let scheduled = central("TIME,AMT,CMT,II,ADDL\n0,100,2,24,1\n24,.,2,.,.");
    assert_eq!(scheduled[1], trough[2]);
}

#[test]
fn a_reset_wipes_what_is_there_and_what_is_on_its_way() {
    let found = central(
        "TIME,AMT,CMT,II,ADDL,RATE,EVID\n0,100,2,12,9,20,1\n30,.,.,.,.,.,3\n36,.,.,.,.,.,0\n5,50,2,.,.,.,4\n6,0,2,.,.,.,0",
    );
    assert_eq!((found[1], found[2], found[3]), (0.0, 0.0, 50.0)); // and the clock goes back
    assert!((found[4] - 50.0 * (-1.1_f64 / 20.0).exp()).abs() < 1e-13);
}

#[test]
fn a_rate_is_exactly_zero_after_the_last_infusion() {
    let found = central("TIME,AMT,CMT,RATE\n0,1,2,0.3\n0.1,1,2,0.7\n0.2,1,2,0.1\n20,.,.,.\n30,.,.,.");
    let kept = found[4] / found[3];
    assert!((kept - (-1.1 / 20.0 * 10.0_f64).exp()).abs() < 1e-15, "{kept}");
}

#[test]
fn doses_after_the_last_record_are_never_given() -> Result<()> {
    let found = run("TIME,AMT,II,ADDL\n0,100,24,4000000000\n30,.,.,.")?;
    assert_eq!(found.given().iter().map(|dose| (dose.copy, dose.time)).collect::<Vec<_>>(), [(0, 0.0), (1, 24.0)]);
    Ok(())
}

#[test]
fn rows_say_which_dose_acted() -> Result<()> {
    let body = Body::from(model()).with_inlet(1, Inlet { tlag: 5.0, f: 0.5, ..Inlet::default() })?;
    let table: Table = "TIME,AMT,II,ADDL,RATE\n0,100,24,2,10\n4,.,.,.,.\n30,.,.,.,.".parse()?;
    let found = table.simulate(&body)?;
    assert_eq!((found.rows()[0].acted, found.rows()[1].acted), (None, None));
    let acted = found.rows()[2].acted.expect("a dose");
    assert_eq!((acted.record, acted.copy, acted.cmt, acted.time), (0, 1, 1, 29.0));
    assert_eq!((acted.tlag, acted.amount, acted.duration), (5.0, 50.0, 5.0)); // F shortens
    let steady = run("TIME,AMT,II,SS\n0,100,24,1\n1,.,.,.")?;
    assert_eq!(steady.rows()[0].acted.map(|dose| dose.copy), Some(0));
    let lagged = "TIME,AMT,II,SS\n0,100,24,1\n1,.,.,.".parse::<Table>()?.simulate(&body)?;
    assert_eq!(lagged.rows()[0].acted.map(|dose| (dose.copy, dose.time)), Some((-1, -19.0)));
    Ok(())
}

#[test]
fn a_lag_as_long_as_the_interval_is_periodic_and_is_warned_of() -> Result<()> {
    let body = Body::from(model()).with_inlet(1, Inlet { tlag: 30.0, ..Inlet::default() })?;
    let table: Table = "TIME,AMT,II,SS\n0,100,24,1\n6,.,.,.\n30,.,.,.".parse()?;
    let found = table.simulate(body)?;
    assert_eq!(
        found.warnings(),
        [
            "the table, line 2: the lag of 30 h is not shorter than the interval of 24 h: the periodic solution is given, in which earlier doses are still on their way"
        ]
    );
    assert!((found.rows()[1].depot / found.rows()[2].depot - 1.0).abs() < 1e-14);
    Ok(())
}

/// An infusion whose rate would be infinite is one dose at once, in a record, in its steady state and in a regimen.
#[test]
fn an_infusion_too_short_for_a_rate_is_given_at_once() -> Result<()> {
    let body = |duration| {
        Body::from(model()).with_inlet(2, Inlet { duration: Some(duration), tlag: 12.0, ..Inlet::default() })
    };
    let table: Table = "TIME,AMT,CMT,RATE,II,SS\n0,1000,2,-2,12,1\n1,.,.,.,.,.\n13,.,.,.,.,.".parse()?;
    for (short, at_once) in table.simulate(body(1e-308)?)?.rows().iter().zip(table.simulate(body(0.0)?)?.rows()) {
        assert!((short.central / at_once.central - 1.0).abs() < 1e-15, "{short:?} {at_once:?}");
    }
    let times = [0.0, 1.0];
    let short: Regimen = "1 g iv over 1e-305h".parse()?;
    let (short, at_once) = (model().profile(short, &times)?, model().profile("1 g iv".parse::<Regimen>()?, &times)?);
    for (short, at_once) in short.conc().iter().zip(at_once.conc()) {
        assert!((short / at_once - 1.0).abs() < 1e-15, "{short} {at_once}");
    }
    Ok(())
}

#[test]
fn nothing_waits_where_there_is_no_depot() -> Result<()> {
    let table: Table = "TIME,AMT\n0,100".parse()?;
    let text = table.simulate(Model::new(Bolus, OneCompartment { cl: 1.0, v: 10.0 })?)?.to_csv(&table);
    assert_eq!(text.lines().nth(1), Some(",0,1,10,0,100,0,0,1,0,100,0,0"));
    Ok(())
}

#[test]
fn a_modelled_rate_and_duration() -> Result<()> {
    let inlet = Inlet { rate: Some(20.0), duration: Some(5.0), ..Inlet::default() };
    let body = Body::from(model()).with_inlet(2, inlet)?;
    let asked: Table = "ID,TIME,AMT,CMT,RATE\n1,0,100,2,-1\n1,7,.,.,.\n2,0,100,2,-2\n2,7,.,.,.".parse()?;
    let fixed: Table = "ID,TIME,AMT,CMT,RATE\n1,0,100,2,20\n1,7,.,.,.\n2,0,100,2,20\n2,7,.,.,.".parse()?;
    assert_eq!(asked.simulate(&body)?.rows(), fixed.simulate(&body)?.rows());
    Ok(())
}

#[test]
fn a_constant_infusion_ends_at_its_record_or_as_recorded_a_lag_after_it() -> Result<()> {
    let table: Table = "TIME,AMT,CMT,RATE,SS\n0,0,2,11,1\n3,.,.,.,.\n4,.,.,.,.".parse()?;
    let at_once = table.simulate(model())?;
    assert!((at_once.rows()[0].central - 200.0).abs() < 1e-11 && at_once.rows()[1].central < 171.0);
    let lagged = Body::from(model()).with_inlet(2, Inlet { tlag: 3.0, ..Inlet::default() })?;
    assert_eq!(table.simulate(&lagged)?.rows(), at_once.rows());
    let later = table.simulate_with(AS_RECORDED, |_| Ok(&lagged))?;
    assert!((later.rows()[1].central - 200.0).abs() < 1e-11 && later.rows()[2].central < 190.0);
    Ok(())
}

#[test]
fn a_baseline_stays_when_doses_are_wiped_and_relaxes_when_clearance_changes() -> Result<()> {
    let table: Table = "TIME,AMT,CL,EVID\n0,0,2,0\n5,100,2,1\n9,.,2,3\n9,.,1,0\n29,.,1,0".parse()?;
    let found = table.simulate_with(Between::Backward, |now| {
        let cl = now.get("CL")?;
        Parameters { cl, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?.with_endogenous(3.0)
    })?;
    let conc: Vec<f64> = found.rows().iter().map(|row| row.conc).collect();
    assert_eq!((conc[0], conc[2]), (1.5, 1.5));
    assert!((conc[3] - 1.5).abs() < 1e-15); // the amount is as it was
    assert!((conc[4] - (3.0 - 1.5 * (-1.0_f64).exp())).abs() < 1e-13); // 3/cl + (1.5 - 3/cl) e^{-cl t / v}
    Ok(())
}

/// Two peripheral compartments that empty at the same rate act as one, until one of them is dosed or changes.
#[test]
fn twins_keep_apart_what_they_do_not_share() -> Result<()> {
    let body = |v3: f64| ThreeCompartment { cl: 1.0, v1: 10.0, q2: 2.0, v2: 20.0, q3: 3.0, v3 };
    let table: Table =
        "TIME,AMT,CMT,RATE,V3\n0,100,3,.,30\n2,40,2,8,30\n5,60,4,3,30\n9,.,.,.,30\n15,.,.,.,45\n20,.,.,.,30".parse()?;
    let run = |nudge: f64| {
        table.simulate_with(Between::Backward, |now| Model::new(FirstOrder { ka: 1.0 }, body(now.get("V3")? * nudge)))
    };
    for (twins, almost) in run(1.0)?.rows().iter().zip(run(1.0 + 1e-12)?.rows()) {
        let both = [twins.central, twins.peripheral[0], twins.peripheral[1]];
        for (a, b) in both.iter().zip([almost.central, almost.peripheral[0], almost.peripheral[1]]) {
            assert!((a - b).abs() < 1e-10, "{twins:?} {almost:?}");
        }
    }
    Ok(())
}

#[test]
fn each_subject_has_a_model_of_its_own() -> Result<()> {
    let table: Table = "ID,TIME,AMT,WT\nA,0,100,70\nA,0,.,70\nB,0,100,70\nB,0,.,70".parse()?;
    let found = table.simulate_with(Between::Backward, |now| {
        let v = if now.id() == "A" { 10.0 } else { 20.0 };
        Model::new(Bolus, OneCompartment { cl: 1.0, v })
    })?;
    assert_eq!(found.rows().iter().map(|row| row.conc).collect::<Vec<_>>(), [10.0, 10.0, 5.0, 5.0]);
    Ok(())
}

#[test]
fn covariates_between_records() -> Result<()> {
    let table: Table = "TIME,AMT,CL\n0,100,4\n10,.,2\n20,.,1".parse()?;
    let last = |between| -> Result<f64> {
        let found =
            table.simulate_with(between, |now| Model::new(Bolus, OneCompartment { cl: now.get("cl")?, v: 20.0 }))?;
        Ok(-(found.rows()[2].central / 100.0).ln() * 20.0) // the area under the clearance
    };
    assert!((last(Between::Backward)? - 30.0).abs() < 1e-12);
    assert!((last(Between::Forward)? - 60.0).abs() < 1e-12);
    assert!((last(Between::Linear(0))? - 45.0).abs() < 1e-12); // the middle of a straight line is its mean
    assert!((last(Between::Linear(7))? - 45.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn linear_covariates_converge_with_the_square_of_the_parts() -> Result<()> {
    let table: Table = "TIME,AMT,V\n0,100,10\n10,.,30".parse()?;
    let at = |parts| -> Result<f64> {
        let make = |now: &menaquinone::records::Covariates| {
            Model::new(FirstOrder { ka: 0.5 }, TwoCompartment { cl: 2.0, v1: now.get("V")?, q: 1.0, v2: 20.0 })
        };
        Ok(table.simulate_with(Between::Linear(parts), make)?.rows()[1].central)
    };
    let (limit, few, twice) = (at(8192)?, at(32)?, at(64)?);
    let gain = (few - limit) / (twice - limit);
    assert!((gain - 4.0).abs() < 0.1 && ((twice - limit) / limit).abs() < 2e-3, "{gain}");
    Ok(())
}

#[test]
fn regimens_become_tables_and_come_back() -> Result<()> {
    let regimens = [
        "90 ug q24h x30 at 8h",
        "180 ug q24h x7 then 45 ug q12h x20",
        "10 mg iv over 2h q24h x3 and 90 ug q24h x10",
        "(90 ug at 8h and 45 ug at 20.5h)",
        "90 ug q24h x9 skip 3,5",
        "90 ug over 3h q24h x9",
    ];
    let model = Parameters { cl: 1.1, v: 20.0, ka: 1.5, tlag: 0.5, f: 0.6 }.model()?;
    let times = grid(0.0..=10.0 * DAY, 7.0 * HOUR);
    for text in regimens {
        let regimen: Regimen = text.parse()?;
        let table = Table::of(&regimen, &model, &times)?;
        let observed = table.simulate(&model)?;
        let observed = table.records().iter().zip(observed.rows()).filter(|(record, _)| record.evid == 0);
        let (profile, back) = (model.profile(&regimen, &times)?, model.profile(table.regimen(&model)?, &times)?);
        let highest = profile.conc().iter().fold(0.0, |most: f64, conc| most.max(*conc));
        for (((_, row), right), back) in observed.zip(profile.conc()).zip(back.conc()) {
            assert!((row.conc - right).abs() <= 1e-13 * highest, "{text}: {} is not {right}", row.conc);
            assert!((back - right).abs() <= 1e-13 * highest, "{text}: {back} is not {right}");
        }
    }
    Ok(())
}

#[test]
fn what_a_regimen_or_a_table_cannot_say() -> Result<()> {
    let model = model();
    let refused = |text: &str, sentence: &str| {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(table.regimen(&model).expect_err(text).to_string(), sentence);
    };
    refused("ID,TIME,AMT\n1,0,9\n2,0,9", "a regimen is for one subject, and the table has several: split it");
    refused(
        "TIME,AMT,EVID\n0,9,1\n5,.,3",
        "the table, line 3: a regimen cannot say that earlier doses are wiped (EVID 3 or 4): cut the table there",
    );
    refused(
        "TIME,AMT,SS,II\n0,9,1,24",
        "the table, line 2: a regimen has a beginning and cannot say SS: use Model::steady_state",
    );
    refused(
        "TIME,AMT,RATE\n0,9,-2",
        "the table, line 2: a regimen cannot ask the model for RATE -2: give the rate itself",
    );
    refused(
        "TIME,AMT,CMT\n0,9,3",
        "the table, line 2: CMT 3 is not in the model, whose compartments are 1 where swallowed doses go, 2 the plasma",
    );
    let fed: Regimen = "15 mg with 20 g fat q8h".parse()?;
    assert_eq!(
        Table::of(&fed, &model, &[0.0]).unwrap_err().to_string(),
        "the dose `15 mg with 20 g fat` names a meal, for which an event table has no column: leave the meal out, or scale the dose"
    );
    Ok(())
}

// ---------------------------------------------------------------------------------------- reading and writing

#[test]
fn any_order_case_and_delimiter() -> Result<()> {
    let plain: Table = "ID,TIME,AMT,CMT,WT\n1,0,90,1,70\n1,24.5,0,2,.".parse()?;
    let others = [
        "wt;cmt;Time;amt;Id\n70;1;0;90;1\n\n.;2;24.5;;1\n",
        "\u{feff}# a comment\r\nWt\tCMT\tTIME\tAMT\tID\r\n70\t1\t0\t9e1\t1\r\n# another\r\n\t2\t24.5\t.\t1\r\n",
        "ID,TIME,AMT,CMT,WT,C\n1,0,90,1,70,.\n1,3,90,1,70,wrong day\n1,24.5,0,2,.,\n",
        "\"ID\",\"TIME\",\"AMT\",\"CMT\",\"WT\"\n\"1\",\"0\",\"90\",\"1\",\"70\"\n1,24.5,.,2,.",
    ];
    let blanks = "  ID TIME   AMT CMT WT \n# by hand\n  1    0    90   1 70\r\n\n  1 24.5   \"0\"   2  . \n";
    for text in others.into_iter().chain([blanks]) {
        let mut table: Table = text.parse()?;
        if !table.covariates().is_empty() {
            assert!(table.covariates()[0].eq_ignore_ascii_case("WT"));
            table = Table::with_covariates(["WT"], table.records().to_vec())?;
        }
        assert_eq!(table, plain, "{text}");
    }
    Ok(())
}

#[test]
fn clock_times_and_dates_count_from_the_first_record_of_a_subject() -> Result<()> {
    let table: Table =
        "ID,DATE,TIME,AMT\nA,2026-02-27,8:30,90\nA,2026-03-01,8:00,0\nB,2025-12-31,23:00,90\nB,2026-01-01,1:15:36,0"
            .parse()?;
    let times: Vec<f64> = table.records().iter().map(|record| record.time).collect();
    assert_eq!(times[..3], [0.0, 47.5, 0.0]);
    assert!((times[3] - 2.26).abs() < 1e-9);
    Ok(())
}

#[test]
fn a_table_reads_back_to_the_same_bits() -> Result<()> {
    let mut draw = Stream { seed: 7, ..Stream::default() }.draw();
    let records = (0..200).map(|i| Record {
        id: format!("S{}, \"{}\"", i / 20, i / 20).into(),
        time: f64::from(i) / 3.0 * 10_f64.powi(i / 20 - 5),
        amt: (draw.uniform() * 700.0 - 350.0).exp(),
        rate: [draw.uniform(), -1.0, -2.0][i as usize % 3],
        dur: if i % 3 == 2 { draw.uniform() } else { 0.0 },
        ii: draw.uniform() + 1e-300,
        addl: i as u32 * 20_000_000,
        ss: (i % 3) as u8,
        evid: 1,
        cmt: i as u32 % 4,
        mdv: (i % 2 == 0).then_some(1),
        dv: (i % 5 != 0).then(|| -draw.uniform()),
        covariates: vec![Some(draw.uniform()), None],
    });
    let table = Table::with_covariates(["WT", "AGE, in a \"year\"; #;;;;;;;;;;;;;;;"], records)?;
    let back: Table = table.to_csv().parse()?;
    assert_eq!(back, table);
    assert_eq!(back.to_csv(), table.to_csv());
    let json = serde_json::to_string(&table).expect("JSON");
    assert_eq!(serde_json::from_str::<Table>(&json).expect("a table"), table);
    Ok(())
}

/// What cannot be is refused with file, line, column, what was found and the rule.
#[test]
fn refusals_of_a_file() {
    let refused = |text: &[u8], rest: &str| {
        let error = Reader::new().named("s.csv").parse(text).expect_err(rest);
        assert_eq!(error.to_string(), format!("s.csv, line {rest}"), "{}", String::from_utf8_lossy(text));
    };
    let number = "but it must be a finite number; write `.` or nothing where there is none";
    for bad in ["x", "1,5,2", "inf", "-", "1e999", "0x1"] {
        let text = format!("TIME;AMT\n0;90\n# note\n1;{bad}\n");
        refused(text.as_bytes(), &format!("4, column AMT: found `{bad}`, {number}"));
    }
    refused(
        b"TIME,AMT,WT\n0,9,70\n1,0,7O\n2,0,71",
        "3, column WT: found `7O`, but it must be a finite number; write `.` or nothing where there is none; leave out a column of text with Reader::ignoring",
    );
    // An infusion without an amount is one, also where EVID does not say so.
    refused(
        b"TIME,AMT,RATE\n0,.,9",
        "2, column AMT: found 0 with RATE 9, but an infusion without an amount exists only at steady state: give AMT, or SS 1 with II 0",
    );
    refused(
        b"TIME,AMT,\n0,9,\n1,0,5",
        "3: found `5` under no name: give column 3 a name in the header, or leave it out",
    );
    refused(
        b"TIME,\"A\tB\"\n0,9",
        "1: a covariate cannot be called \"A\\tB\": a name has no blanks at its ends and no tab, line break or other control character",
    );
    refused(b"TIME,AMT\n0,9\n.,9", "3, column TIME: found nothing, but every record needs its time");
    refused(
        b"DATE,TIME,AMT\n.,8,9",
        "2, column DATE: found nothing, but every record of a table with dates needs its own",
    );
    refused(
        b"ID,TIME\n.,9",
        "2, column ID: found nothing, but every record must say whose it is: if the cell was merged with others in a spreadsheet, fill it in on every row",
    );
    refused(
        b"TIME,DATE\n1,26-1-1",
        "2, column DATE: found `26-1-1`, but its year must have four digits: write 2026-11-22",
    );
    refused(
        b"TIME\n8:77",
        "2, column TIME: found `8:77`, but it must be a number of hours or a time of day such as 8:30",
    );
    let whole = "but it must be a whole number, zero or above";
    refused(b"TIME,AMT,ADDL,II\n0,9,-1,24", &format!("2, column ADDL: found `-1`, {whole}"));
    refused(b"TIME,AMT,ADDL,II\n0,9,1.5,24", &format!("2, column ADDL: found `1.5`, {whole}"));
    refused(b"TIME,CMT\n0,-1", &format!("2, column CMT: found `-1`, {whole}"));
    let coded = "but it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose), or a dose in the code of RxODE such as 101";
    refused(b"TIME,EVID\n0,1e9", &format!("2, column EVID: found `1e9`, {coded}"));
    let cells = "cells, but the header names 3 columns: give each column its cell";
    refused(b"TIME,AMT,DV\n0,9,1\n0,9", &format!("3: found 2 {cells}"));
    refused(
        b"TIME,AMT,DV\n0,9,1,5",
        &format!(
            "2: found 4 {cells}; if a number such as 4,5 has a decimal comma, write a point, or part the cells with semicolons"
        ),
    );
    let quote = "a quote is opened and not closed: close it, or leave it out";
    refused(b"ID,TIME,AMT\n\"A,0,9\nA,1,9\n", &format!("2, column 1: {quote}"));
    refused(b"ID;TIME;AMT\n\"A;a\";0;\"9\nA;1;9\n", &format!("2, column 3: {quote}"));
    refused(b"ID,TIME\n\"a\"b\",\"1\nA,1", &format!("2, column 2: {quote}"));
    refused(b"", "1: there is no header: the first line must name the columns");
    refused(b"ID,AMT\nA,9", "1: there is no column TIME: every record needs its time, so add one");
    refused(b"\nTime,AMT,TIME\n0,9,0", "2: there are two columns TIME: name each once");
    refused(b"TIME,DAT1\n0,9", "1: DAT1 has dates in an order of its own: call the column DATE and write 2026-11-22");
    refused(b"TIME,\xff\n0,9", "1: column 2: its name is not text in UTF-8: save the file as UTF-8");
    refused(b"ID,TIME\n\xff,9", "2, column ID: found `\u{fffd}`, but it must be text in UTF-8: save the file as UTF-8");
}

/// The rules are the same for records made in code, which are counted from 1.
#[test]
fn refusals_of_records() {
    let dose = Record { amt: 90.0, ..Record::DOSE };
    let refused = |record: Record, sentence: &str| {
        let error = Table::new([Record::OBSERVATION, record]).expect_err(sentence);
        assert_eq!(error.to_string(), format!("record 2, column {sentence}"));
    };
    for bad in [f64::NAN, f64::INFINITY] {
        refused(
            Record { time: bad, ..dose.clone() },
            &format!("TIME: found {bad}, but it must be a finite number of hours"),
        );
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let rule = "but it must be a finite number, zero or above";
        refused(Record { amt: bad, ..dose.clone() }, &format!("AMT: found {bad}, {rule}"));
        refused(Record { ii: bad, ..dose.clone() }, &format!("II: found {bad}, {rule}"));
    }
    for bad in [f64::NAN, -0.5, -3.0] {
        refused(
            Record { rate: bad, ..dose.clone() },
            &format!(
                "RATE: found {bad}, but it must be a finite number, zero or above, or -1 (a rate of the model) or -2 (a duration of the model)"
            ),
        );
    }
    refused(
        Record { dv: Some(f64::NAN), ..dose.clone() },
        "DV: found NaN, but it must be a finite number; write `.` where there is none",
    );
    refused(
        Record { evid: 5, ..dose.clone() },
        "EVID: found 5, but it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose)",
    );
    refused(
        Record { ss: 3, ..dose.clone() },
        "SS: found 3, but it must be 0, 1 (begin at steady state) or 2 (add a steady state to what is there)",
    );
    refused(Record { mdv: Some(2), ..dose.clone() }, "MDV: found 2, but it must be 0 or 1");
    refused(
        Record { amt: 0.0, rate: 10.0, ..dose.clone() },
        "AMT: found 0 with RATE 10, but an infusion without an amount exists only at steady state: give AMT, or SS 1 with II 0",
    );
    refused(
        Record { addl: 3, ..dose.clone() },
        "ADDL: found 3 with II 0, but additional doses need their interval: give II",
    );
    refused(
        Record { ss: 1, ..dose.clone() },
        "SS: found 1 with II 0, but a steady state needs the interval of its doses: give II",
    );
    let constant = Record { amt: 0.0, rate: 10.0, ss: 1, ..dose.clone() };
    refused(
        Record { ii: 24.0, ..constant.clone() },
        "II: found 24, but a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no interval: II must be 0",
    );
    refused(
        Record { addl: 1, ..constant },
        "ADDL: found 1, but a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no additional doses: ADDL must be 0",
    );
    refused(
        Record { evid: 0, ..dose.clone() },
        "AMT: found 90 with EVID 0, but an amount belongs to a dose: EVID must be 1 or 4, or AMT 0",
    );
    for (other, found) in [
        (Record { rate: -1.0, ..Record::OBSERVATION }, "RATE: found -1 with EVID 0"),
        (Record { ii: 24.0, ..Record::OBSERVATION }, "II: found 24 with EVID 0"),
        (Record { addl: 2, evid: 2, ..Record::OBSERVATION }, "ADDL: found 2 with EVID 2"),
        (Record { ss: 1, ..Record::RESET }, "SS: found 1 with EVID 3"),
    ] {
        refused(other, &format!("{found}, but it belongs to a dose: EVID must be 1 or 4, or this 0"));
    }
    refused(
        Record { time: -1.0, ..dose },
        "TIME: found -1 after 0, but the time of a subject must not decrease, except in a reset (EVID 3 or 4): sort the rows, and give times of day a DATE",
    );
    assert!(Table::new([Record::OBSERVATION, Record { time: -1.0, ..Record::RESET }]).is_ok());
    let none = Table::new([]).unwrap_err().to_string();
    assert_eq!(none, "the table has no records: give it at least one row below the names of its columns");
}

#[test]
fn refusals_of_a_simulation() -> Result<()> {
    let refused = |text: &str, body: Body, sentence: &str| {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(table.simulate(body).expect_err(sentence).to_string(), format!("the table, line {sentence}"));
    };
    let one = || Body::from(model());
    refused(
        "TIME,AMT,CMT\n0,9,1\n1,9,3",
        one(),
        "3: CMT 3 is not in the model, whose compartments are 1 where swallowed doses go, 2 the plasma",
    );
    refused(
        "TIME,AMT,CMT\n0,9,1\n1,.,7",
        one(),
        "3: CMT 7 is not in the model, whose compartments are 1 where swallowed doses go, 2 the plasma",
    );
    refused(
        "TIME,AMT,RATE\n0,9,-1",
        one(),
        "2: RATE -1 asks the model for a rate, and compartment 1 has none: give its Inlet one",
    );
    refused(
        "TIME,AMT,RATE\n0,9,-2",
        one(),
        "2: RATE -2 asks the model for a duration, and compartment 1 has none: give its Inlet one",
    );
    let zero = Model::new(ZeroOrder { duration: 4.0 }, OneCompartment { cl: 1.0, v: 10.0 })?;
    refused(
        "TIME,AMT,RATE\n0,9,3",
        zero.into(),
        "2: an oral dose given over 3 h meets zero-order absorption, which takes 4 h itself: give the dose at once, or use another absorption",
    );
    let error = one().with_inlet(3, Inlet::default()).unwrap_err().to_string();
    assert!(error.starts_with("compartment 3 is not in the model"), "{error}");
    let error = one().with_inlet(2, Inlet { f: -1.0, ..Inlet::default() }).unwrap_err().to_string();
    assert_eq!(error, "f of compartment 2 is -1, but it must be a finite number, zero or above");
    let table: Table = "TIME,AMT,WT\n0,9,70\n1,0,.".parse()?;
    let weighed =
        |name: &'static str| table.simulate_with(Between::Backward, move |now| now.get(name).map(|_| model()));
    assert_eq!(
        weighed("WT").unwrap_err().to_string(),
        "the table, line 3: the covariate WT is missing: fill it in, in this record and in its neighbours"
    );
    assert_eq!(weighed("AGE").unwrap_err().to_string(), "the table, line 2: the table has no covariate AGE; it has WT");
    let grows = table.simulate_with(Between::Backward, |now| {
        let oral = FirstOrder { ka: 1.0 }.lagged(0.0);
        let both = if now.get("WT").is_err() { oral.clone().with_f(0.5).plus(oral.with_f(0.5)) } else { oral };
        Model::new(both, OneCompartment { cl: 1.0, v: 10.0 })
    });
    assert_eq!(
        grows.unwrap_err().to_string(),
        "the table, line 3: the model has other compartments than the one before: only the numbers of a model may change between the records of a subject"
    );
    Ok(())
}

// ----------------------------------------------------------------------------------------------- measurements

const CENSORED: &str = "\
ID,TIME,AMT,DV,cens,Limit,dvid,WT
1,0,180,.,.,.,.,70
1,4,.,0.9,0,.,1,70
1,99,.,0.05,1,-0.1,1,70
1,99,.,35,-1,.,2,70
";

#[test]
fn measurements_are_read_kept_and_written() -> Result<()> {
    let table: Table = CENSORED.parse()?;
    let none = Measured::default();
    let right = [
        none,
        Measured { cens: Some(0), dvid: Some(1), ..none },
        Measured { cens: Some(1), limit: Some(-0.1), dvid: Some(1) },
        Measured { cens: Some(-1), dvid: Some(2), ..none },
    ];
    assert_eq!((table.covariates(), table.measured()), (&[String::from("WT")][..], &right[..]));
    let text = table.to_csv();
    assert_eq!(text.lines().next(), Some("ID,TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV,CENS,LIMIT,DVID,WT"));
    assert_eq!(text.lines().nth(3), Some("1,99,0,0,0,0,0,0,0,.,0.05,1,-0.1,1,70"));
    assert_eq!(text.parse::<Table>()?, table);
    let json = serde_json::to_string(&table).expect("JSON");
    assert_eq!(serde_json::from_str::<Table>(&json).expect("a table"), table);

    // They say nothing about doses and times.
    let bare = Table::with_covariates(["WT"], table.records().to_vec())?;
    assert_ne!(bare, table);
    assert_eq!(bare.simulate(model())?, table.simulate(model())?);
    assert_eq!(bare.with_measured(right)?, table);
    Ok(())
}

/// Where no record says anything of its measurement, the table and its text are as if there were no such columns.
#[test]
fn measurements_are_there_only_where_some_record_has_them() -> Result<()> {
    let plain: Table = "TIME,AMT,DV\n0,90,.\n5,0,2".parse()?;
    let empty: Table = "TIME,AMT,DV,LIMIT,CENS\n0,90,.,.,\n5,0,2,,.".parse()?;
    assert_eq!((plain.measured().len(), empty.measured().len()), (0, 0));
    assert_eq!((&empty, empty.to_csv()), (&plain, plain.to_csv()));
    assert!(!serde_json::to_string(&empty).expect("JSON").contains("measured"));
    let named: Table = "TIME,AMT,DV,DVID\n0,90,.,cp\n5,0,2,cp\n5,0,60,pca".parse()?;
    assert_eq!(named.measured().iter().map(|measured| measured.dvid).collect::<Vec<_>>(), [Some(1), Some(1), Some(2)]);
    assert_eq!(
        named.notes()[1..],
        ["the table, line 2: `cp` is read as DVID 1", "the table, line 4: `pca` is read as DVID 2"]
    );
    let kinds: Table = "TIME,AMT,DV,CENS,DVID\n0,90,.,.,0\n5,0,2,.,4294967295".parse()?;
    assert_eq!(kinds.to_csv().lines().next(), Some("TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV,DVID"));
    assert_eq!(kinds.to_csv().parse::<Table>()?, kinds);
    assert_eq!(kinds.with_measured([])?, plain);
    Ok(())
}

/// In records that are no observations, and in those whose DV is missing, censoring is kept and means nothing.
#[test]
fn censoring_of_what_is_not_observed_is_kept() -> Result<()> {
    for text in [
        "TIME,AMT,EVID,DV,CENS,LIMIT\n0,90,1,.,1,5",
        "TIME,AMT,EVID,DV,CENS,LIMIT\n0,0,2,1,1,5",
        "TIME,AMT,MDV,DV,CENS,LIMIT\n0,0,1,.,-1,5",
        "TIME,AMT,MDV,DV,CENS,LIMIT\n0,0,1,3,-1,2",
        "TIME,AMT,DV,CENS,LIMIT\n0,0,3,0,5", // the limit of the assay, beside what was measured
        "TIME,AMT,DV,LIMIT\n0,0,3,5",
    ] {
        let table: Table = text.parse()?;
        assert!(table.measured()[0].limit.is_some());
        assert_eq!(table.to_csv().parse::<Table>()?, table);
    }
    Ok(())
}

#[test]
fn refusals_of_measurements() -> Result<()> {
    let refused = |text: &str, rest: &str| {
        let error = Reader::new().named("s.csv").parse(text).expect_err(text);
        assert_eq!(error.to_string(), format!("s.csv, line 3, column {rest}"));
    };
    let code = "but it must be 0 (measured), 1 (the value lies below DV) or -1 (it lies above DV)";
    for bad in ["2", "-2", "0.5", "BLQ"] {
        refused(&format!("TIME,DV,CENS\n0,1,0\n1,1,{bad}"), &format!("CENS: found `{bad}`, {code}"));
    }
    let number = "but it must be a finite number; write `.` or nothing where there is none";
    for bad in ["inf", "<0.05"] {
        refused(&format!("TIME,DV,LIMIT\n0,1,0\n1,1,{bad}"), &format!("LIMIT: found `{bad}`, {number}"));
    }
    let kind = "but it must be the number of a kind of observation, such as 1 or 2, or in every row a name such as cp; leave out the column with Reader::ignoring";
    for bad in ["-1", "1.5", "4294967296"] {
        refused(&format!("TIME,DV,DVID\n0,1,0\n1,1,{bad}"), &format!("DVID: found `{bad}`, {kind}"));
    }
    let mixed = "but other rows have numbers: write one or the other in all rows";
    refused("TIME,DV,DVID\n0,1,2\n1,1,cp", &format!("DVID: found `cp`, {mixed}"));
    let beyond = "but the value of a censored observation lies beyond its DV: give DV, or MDV 1";
    refused("TIME,DV,CENS\n0,1,0\n1,.,1", &format!("CENS: found 1 without DV, {beyond}"));
    refused("TIME,DV,MDV,CENS\n0,1,0,0\n1,.,0,-1", &format!("CENS: found -1 without DV, {beyond}"));
    let below = "but with CENS 1 the value lies between LIMIT and DV: LIMIT must be below DV";
    refused("TIME,DV,CENS,LIMIT\n0,1,1,0\n1,0.5,1,0.5", &format!("LIMIT: found 0.5 with DV 0.5, {below}"));
    let above = "but with CENS -1 the value lies between DV and LIMIT: LIMIT must be above DV";
    refused("TIME,DV,CENS,LIMIT\n0,1,-1,2\n1,5,-1,0", &format!("LIMIT: found 0 with DV 5, {above}"));

    let table = || Table::new([Record::OBSERVATION, Record { dv: Some(1.0), ..Record::OBSERVATION }]);
    let refused = |measured: Measured, sentence: &str| {
        let error = table().and_then(|table| table.with_measured([Measured::default(), measured])).expect_err(sentence);
        assert_eq!(error.to_string(), format!("record 2, column {sentence}"));
    };
    refused(Measured { cens: Some(3), ..Measured::default() }, &format!("CENS: found 3, {code}"));
    for bad in [f64::NAN, f64::NEG_INFINITY] {
        let rule = "but it must be a finite number; write `.` where there is none";
        refused(Measured { limit: Some(bad), ..Measured::default() }, &format!("LIMIT: found {bad}, {rule}"));
    }
    refused(
        Measured { cens: Some(1), limit: Some(1.0), ..Measured::default() },
        &format!("LIMIT: found 1 with DV 1, {below}"),
    );
    let error = table()?.with_measured([Measured::default()]).unwrap_err().to_string();
    assert_eq!(error, "1 measurements stand beside 2 records: give one for each");
    let error = Table::with_covariates(["Limit"], [Record::OBSERVATION]).unwrap_err().to_string();
    assert_eq!(error, "a covariate cannot be called Limit, which is a column of every record");
    Ok(())
}

/// A note is left out wherever it stands and however its line ends.
#[test]
fn notes_at_the_end_of_a_file() -> Result<()> {
    let plain: Table = "TIME,AMT\n0,90".parse()?;
    for text in ["TIME,AMT\n0,90\n# done", "# old\rTIME,AMT\r0,90\r#", "TIME,AMT\n\n0,90\r\n# done\r\n"] {
        assert_eq!(text.parse::<Table>()?, plain, "{text:?}");
    }
    Ok(())
}
