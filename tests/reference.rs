//! The crate against numbers that are not its own: high-precision tables and other people's engines.
//!
//! `tests/reference/README.md` says where each file comes from. A file has one relative tolerance per column that is
//! compared, stated at the top of its test with the reason; a value that should be zero must be zero. What the public
//! interface cannot express is named and the names are asserted, so that nothing is left out in silence.

mod common;

use common::{Row, table};
use std::collections::BTreeSet;

use menaquinone::{
    Absorb, Absorption, Bolus, Dose, FirstOrder, Model, OneCompartment, Parameters, Regimen, Repeating, Result, Route,
    SteadyState, ThreeCompartment, Transit, TwoCompartment, ZeroOrder,
    ode::{Entry, System, Tolerance},
    records::{Body, Inlet, Record, Table},
};

/// A clearance or exchange that stands for none at all: these must be above zero.
const HARDLY_ANY: f64 = 1e-300;

// ------------------------------------------------------------------------------------------------- own tables

#[test]
fn one_compartment_analytic() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form, near-equal rates included
    for row in table("analytic/one_compartment_precision.csv") {
        // The table gives ke, the crate takes cl and v: v = 16 makes ke = cl/v exact, and 80 in 16 L is 100 in 20 L.
        let (v, dose, infusion) = (16.0, 80.0, Dose::iv(80.0).over(10.0));
        let (cl, time) = (row.number("ke") * v, row.number("time"));
        let oral = || Parameters { cl, v, ka: row.number("ka"), tlag: 0.0, f: 1.0 }.model();
        let intravenous = || Model::new(Bolus, OneCompartment { cl, v });
        let got = match row.text("kind") {
            "oral_single" => conc(&oral()?, Dose::of(dose).into(), time)?,
            "oral_ss" => cycle_conc(&oral()?, Dose::of(dose).every(row.number("II")), time)?,
            "infusion_10h_rate10" => conc(&intravenous()?, infusion.into(), time)?,
            "bolus_ss" => cycle_conc(&intravenous()?, Dose::iv(dose).every(row.number("II")), time)?,
            other => panic!("{row}: no such kind: {other}"),
        };
        agreement.cell(&row, "conc", got);
    }
    agreement.holds(190);
    Ok(())
}

#[test]
fn two_compartments_analytic() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form, near-equal rates included
    for row in table("analytic/two_compartment_precision.csv") {
        let disposition = TwoCompartment {
            cl: row.number("CL").max(HARDLY_ANY),
            v1: row.number("V1"),
            q: row.number("Q").max(HARDLY_ANY),
            v2: row.number("V2"),
        };
        let model = Model::new(FirstOrder { ka: row.number("ka") }, disposition)?;
        let (dose, time) = (Dose::of(100.0), row.number("time"));
        let got = match row.optional("II") {
            Some(tau) => cycle_conc(&model, dose.every(tau), time)?,
            None => conc(&model, dose.into(), time)?,
        };
        agreement.cell(&row, "conc", got);
    }
    agreement.holds(55);
    Ok(())
}

#[test]
fn ninety_daily_doses_hour_by_hour() -> Result<()> {
    let mut agreement = Agreement::within(2e-15); // nine roundings: a hundred days must not add up an error
    let model = Parameters { cl: 1.334_308_322_577_894_7, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0 }.model()?;
    let rows = table("daily_2401.csv");
    let times: Vec<f64> = rows.iter().map(|row| row.number("time")).collect();
    let profile = model.profile(Dose::of(180.0).every(24.0).times(90), &times)?;
    for (row, got) in rows.iter().zip(profile.conc()) {
        agreement.cell(row, "conc_ke_rounded", *got);
    }
    agreement.holds(2401);
    Ok(())
}

/// A number read off a steady state, and the column that holds it.
type Metric = (&'static str, fn(&SteadyState) -> f64);

#[test]
fn steady_state_levels() -> Result<()> {
    compare_steady_states(&[
        ("cmax", SteadyState::cmax),
        ("cmin", SteadyState::cmin),
        ("ctrough", SteadyState::ctrough),
        ("cavg", SteadyState::cavg),
        ("auc_tau", SteadyState::auc_tau),
    ])
}

#[test]
fn steady_state_accumulation() -> Result<()> {
    compare_steady_states(&[
        ("accumulation_index", SteadyState::accumulation_index),
        ("accumulation_ratio", SteadyState::accumulation_ratio),
        ("accumulation_ratio_cmax", SteadyState::accumulation_ratio_cmax),
        ("accumulation_ratio_ctrough", SteadyState::accumulation_ratio_ctrough),
    ])
}

#[test]
fn steady_state_tmax() -> Result<()> {
    compare_steady_states(&[("tmax", SteadyState::tmax)])
}

/// The shape of a cycle lives in the differences between its levels, which vanish where elimination is slow; so it is
/// the shape beside the level, `1 + fluctuation`, that can be had to 1e-13.
#[test]
fn steady_state_shape() -> Result<()> {
    let mut agreement = Agreement::within(1e-13);
    for row in table("steady_state.csv") {
        let ss = steady_state_of(&row)?;
        agreement.value(format!("{row} fluctuation"), 1.0 + ss.fluctuation(), 1.0 + row.number("fluctuation"));
        agreement.value(format!("{row} swing"), 1.0 + ss.swing(), 1.0 + row.number("swing"));
    }
    agreement.holds(246);
    Ok(())
}

fn steady_state_of(row: &Row) -> Result<SteadyState> {
    let [cl, v, ka, tlag, f] = ["cl", "v", "ka", "lag", "f"].map(|name| row.number(name));
    let model = Parameters { cl, v, ka, tlag, f }.model()?;
    model.steady_state(Dose::of(row.number("dose")).every(row.number("tau")))
}

fn compare_steady_states(metrics: &[Metric]) -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form
    for row in table("steady_state.csv") {
        let ss = steady_state_of(&row)?;
        for (name, metric) in metrics {
            agreement.cell(&row, name, metric(&ss));
        }
    }
    agreement.holds(metrics.len() * 123);
    Ok(())
}

#[test]
fn infusions() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form
    for row in table("infusions.csv") {
        let (amount, duration) = (row.number("amount"), row.number("duration"));
        let dose = match row.text("kind") {
            "iv" => Dose::iv(amount).over(duration),
            "zero" => Dose::of(amount),
            "depot" => Dose::of(amount).over(duration),
            other => panic!("{row}: no such kind: {other}"),
        };
        let model = infusion_model(&row)?;
        let time = row.number("time");
        let got = match row.optional("tau") {
            Some(tau) => cycle_conc(&model, dose.every(tau), time)?,
            None => conc(&model, dose.into(), time)?,
        };
        agreement.cell(&row, "conc", got);
    }
    agreement.holds(845);
    Ok(())
}

fn infusion_model(row: &Row) -> Result<Model> {
    let [cl, v1, lag, f] = ["cl", "v1", "lag", "f"].map(|name| row.number(name));
    let absorption = match row.text("kind") {
        "iv" => Bolus.with_f(1.0),
        "zero" => ZeroOrder { duration: row.number("duration") }.lagged(lag).with_f(f),
        _ => FirstOrder { ka: row.number("ka") }.lagged(lag).with_f(f),
    };
    match row.optional("q") {
        Some(q) => Model::new(absorption, TwoCompartment { cl, v1, q, v2: row.number("v2") }),
        None => Model::new(absorption, OneCompartment { cl, v: v1 }),
    }
}

#[test]
fn transit_chains() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form
    for row in table("transit.csv") {
        let [mtt, ka, cl, v] = ["mtt", "ka", "cl", "v"].map(|name| row.number(name));
        let steps = row.text("n").parse().expect("a count of compartments");
        let model = Model::new(Transit { steps, mtt, ka }, OneCompartment { cl, v })?;
        agreement.cell(&row, "conc", conc(&model, Dose::of(100.0).into(), row.number("time"))?);
    }
    agreement.holds(580);
    Ok(())
}

#[test]
fn three_compartments() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form
    for row in table("three_compartment.csv") {
        let [cl, v1, q2, v2, q3, v3] = ["cl", "v1", "q2", "v2", "q3", "v3"].map(|name| row.number(name));
        let disposition = ThreeCompartment { cl, v1, q2, v2, q3, v3 };
        let time = row.number("time");
        let got = match row.optional("ka") {
            Some(ka) => conc(&Model::new(FirstOrder { ka }, disposition)?, Dose::of(100.0).into(), time)?,
            None => conc(&Model::new(Bolus, disposition)?, Dose::iv(100.0).into(), time)?,
        };
        agreement.cell(&row, "conc", got);
    }
    agreement.holds(462);
    Ok(())
}

#[test]
fn areas() -> Result<()> {
    let mut agreement = Agreement::within(1e-13); // the target for every closed form
    for row in table("auc.csv") {
        let [cl, v1, ka, lag, f] = ["cl", "v1", "ka", "lag", "f"].map(|name| row.number(name));
        let absorption = FirstOrder { ka }.lagged(lag).with_f(f);
        let model = match row.optional("q") {
            Some(q) => Model::new(absorption, TwoCompartment { cl, v1, q, v2: row.number("v2") })?,
            None => Model::new(absorption, OneCompartment { cl, v: v1 })?,
        };
        let count = row.text("count").parse().expect("a count of doses");
        let tau = row.optional("tau").unwrap_or(24.0);
        let regimen = Dose::of(row.number("dose")).every(tau).times(count);
        let end = row.number("t");
        agreement.cell(&row, "auc", model.auc(&regimen, 0.0..=end)?);
        agreement.cell(&row, "aumc", model.aumc(&regimen, 0.0..=end)?);
    }
    agreement.holds(2 * 95);
    Ok(())
}

// ----------------------------------------------------------------------------------------------------- NONMEM

#[test]
fn nonmem_single_dose() -> Result<()> {
    // 11 digits are printed, but for three compartments NONMEM's own are good to 5e-10 only.
    let mut printed = Agreement::within(1e-9);
    let mut exact = Agreement::within(1e-13); // a matrix exponential in double precision
    // A regimen has no route into a peripheral compartment; the next two tests take these rows.
    let not_covered = [
        "ADVAN11_bolus_cmt3",
        "ADVAN11_infusion_cmt2",
        "ADVAN11_infusion_cmt3",
        "ADVAN12_infusion_cmt3",
        "ADVAN12_infusion_cmt4",
        "ADVAN3_bolus_cmt2",
        "ADVAN3_infusion_cmt2",
        "ADVAN4_bolus_cmt3",
        "ADVAN4_infusion_cmt3",
    ];
    let mut left_out = BTreeSet::new();
    for row in table("nonmem_fullprecision/multi_compartment_single_dose.csv") {
        let central = row.number("depot") + 1.0;
        if row.number("dose_cmt") > central {
            left_out.insert(row.text("case").to_owned());
            continue;
        }
        // With a fixed rate F shortens the infusion: the amount that arrives is given over amount/rate.
        let amount = row.number("F") * row.number("amt");
        let rate = row.number("rate");
        let dose = if rate > 0.0 { Dose::iv(amount).over(amount / rate) } else { Dose::iv(amount) };
        let (cl, v1, q2, v2) = (5.0, 50.0, 3.0, 80.0);
        let oral = FirstOrder { ka: 1.0 };
        let model = match row.text("ncmt") {
            "1" => Model::new(oral, OneCompartment { cl, v: v1 })?,
            "2" => Model::new(oral, TwoCompartment { cl, v1, q: q2, v2 })?,
            _ => Model::new(oral, ThreeCompartment { cl, v1, q2, v2, q3: 1.0, v3: 120.0 })?,
        };
        let got = conc(&model, dose.into(), row.number("time"))?;
        printed.cell(&row, "pred_nonmem", got);
        exact.cell(&row, "cp_exact", got);
    }
    assert_eq!(left_out, not_covered.map(String::from).into());
    printed.holds(26);
    exact.holds(26);
    Ok(())
}

/// The three compartments of that table as equations, with doses into the one of that index.
struct Mammillary {
    flows: [(f64, f64); 2],
    dosed: usize,
}

impl System<3> for Mammillary {
    fn derivative(&self, _t: f64, y: &[f64; 3]) -> [f64; 3] {
        let (cl, v1, central) = (5.0, 50.0, y[0] / 50.0);
        let [to_second, to_third] = [0, 1].map(|i| self.flows[i].0 * (central - y[i + 1] / self.flows[i].1));
        [-cl * y[0] / v1 - to_second - to_third, to_second, to_third]
    }
    fn concentration(&self, y: &[f64; 3]) -> f64 {
        y[0] / 50.0
    }
    fn entries(&self, _route: Route) -> Vec<Entry> {
        vec![Entry { state: self.dosed, ..Entry::default() }]
    }
}

/// Doses into a peripheral compartment by equations of one's own.
#[test]
fn nonmem_peripheral_doses_by_ode() -> Result<()> {
    let mut printed = Agreement::within(2e-5); // NONMEM's own infusions into three compartments are good to 1.1e-5
    let mut exact = Agreement::within(1e-10); // the solver's tolerance is 1e-12 a step
    let tolerance = Tolerance { rtol: 1e-12, atol: 1e-12, ..Tolerance::default() };
    for row in table("nonmem_fullprecision/multi_compartment_single_dose.csv") {
        let [depot, dosed, amount, rate, time] =
            ["depot", "dose_cmt", "amt", "rate", "time"].map(|name| row.number(name));
        if dosed <= depot + 1.0 {
            continue;
        }
        let third = if row.text("ncmt") == "2" { 0.0 } else { 1.0 };
        let dosed = if dosed - depot > 2.0 { 2 } else { 1 };
        let system = Mammillary { flows: [(3.0, 80.0), (third, 120.0)], dosed };
        let dose = if rate > 0.0 { Dose::iv(amount).over(amount / rate) } else { Dose::iv(amount) };
        let got = system.profile(dose, &[time], tolerance)?.conc()[0];
        printed.cell(&row, "pred_nonmem", got);
        exact.cell(&row, "cp_exact", got);
    }
    printed.holds(27);
    exact.holds(27);
    Ok(())
}

#[test]
fn nonmem_infusion_into_depot() -> Result<()> {
    let mut printed = Agreement::within(5e-5); // five digits, 1.0071 for one
    let mut exact = Agreement::within(1e-13); // a closed form in double precision
    let model = Parameters { cl: 1.0, v: 20.0, ka: 0.6, tlag: 0.0, f: 1.0 }.model()?;
    for row in table("nonmem_fullprecision/infusion_into_depot.csv") {
        let got = conc(&model, Dose::of(100.0).over(4.0).into(), row.number("time"))?;
        printed.cell(&row, "pred_nonmem", got);
        exact.cell(&row, "cp_exact", got);
    }
    printed.holds(5);
    exact.holds(5);
    Ok(())
}

#[test]
fn nonmem_steady_state() -> Result<()> {
    let mut printed = Agreement::within(5e-5); // most cases print five digits, 12.231 for one
    let mut eleven = Agreement::within(5e-11); // the others print eleven
    let mut exact = Agreement::within(1e-13); // a closed form in double precision
    for row in table("nonmem_fullprecision/steady_state.csv") {
        let [cl, v, tlag, tau, amount, time] = ["CL", "V", "LAG", "II", "AMT", "time"].map(|name| row.number(name));
        let (model, dose) = match row.optional("KA") {
            Some(ka) => (Parameters { cl, v, ka, tlag, f: 1.0 }.model()?, Dose::of(amount)),
            None => (Model::new(Bolus, OneCompartment { cl, v })?, Dose::iv(amount)),
        };
        let got = last_dose_of_steady_state(&model, dose, tau, time)?;
        let digits = if row.text("pred_nonmem").len() > 8 { &mut eleven } else { &mut printed };
        digits.cell(&row, "pred_nonmem", got);
        exact.cell(&row, "cp_exact", got);
    }
    eleven.holds(10);
    printed.holds(16);
    exact.holds(26);
    Ok(())
}

/// Doses into every compartment, the peripheral ones too, as event records.
#[test]
fn nonmem_single_dose_by_records() -> Result<()> {
    let mut printed = Agreement::within(2e-5); // NONMEM's own infusions into three compartments are good to 1.1e-5
    let mut exact = Agreement::within(1e-13); // a matrix exponential in double precision
    for row in table("nonmem_fullprecision/multi_compartment_single_dose.csv") {
        let (cl, v1, q2, v2) = (5.0, 50.0, 3.0, 80.0);
        let absorption: Absorption =
            if row.text("depot") == "1" { FirstOrder { ka: 1.0 }.into() } else { Bolus.into() };
        let model = match row.text("ncmt") {
            "1" => Model::new(absorption, OneCompartment { cl, v: v1 })?,
            "2" => Model::new(absorption, TwoCompartment { cl, v1, q: q2, v2 })?,
            _ => Model::new(absorption, ThreeCompartment { cl, v1, q2, v2, q3: 1.0, v3: 120.0 })?,
        };
        let cmt = row.text("dose_cmt").parse().expect("a number");
        let body = Body::from(model).with_inlet(cmt, Inlet { f: row.number("F"), ..Inlet::default() })?;
        let dose = Record { amt: row.number("amt"), rate: row.number("rate"), cmt, ..Record::DOSE };
        let observation = Record { time: row.number("time"), ..Record::OBSERVATION };
        let got = Table::new([dose, observation])?.simulate(body)?.rows()[1].conc;
        printed.cell(&row, "pred_nonmem", got);
        exact.cell(&row, "cp_exact", got);
    }
    printed.holds(53);
    exact.holds(53);
    Ok(())
}

#[test]
fn nonmem_steady_state_by_records() -> Result<()> {
    let mut exact = Agreement::within(1e-13); // a closed form in double precision
    for row in table("nonmem_fullprecision/steady_state.csv") {
        let [cl, v, tlag, ii, amt, time] = ["CL", "V", "LAG", "II", "AMT", "time"].map(|name| row.number(name));
        let model = match row.optional("KA") {
            Some(ka) => Parameters { cl, v, ka, tlag, f: 1.0 }.model()?,
            None => Model::new(Bolus, OneCompartment { cl, v })?,
        };
        let records = [Record { amt, ii, ss: 1, ..Record::DOSE }, Record { time, ..Record::OBSERVATION }];
        exact.cell(&row, "cp_exact", Table::new(records)?.simulate(model)?.rows()[1].conc);
    }
    exact.holds(26);
    Ok(())
}

#[test]
fn nonmem_resets_and_lags() -> Result<()> {
    let mut printed = Agreement::within(1e-13); // 16 digits are printed, of which NONMEM's last two are its own
    let mut exact = Agreement::within(1e-13); // a closed form in double precision
    // NONMEM's ADVAN2 runs backwards in time when a lag is longer than the interval (its ADVAN13 does not).
    let unphysical = ["22 at 10", "22 at 16", "22 at 22", "23 at 10", "23 at 16", "23 at 22"];
    let mut blank = BTreeSet::new();
    for rows in scenarios() {
        let model = Parameters { cl: 2.0, v: 20.0, ka: 0.15, tlag: rows[0].number("lag1"), f: 1.0 }.model()?;
        let found = Table::new(rows.iter().map(record_of))?.simulate(model)?;
        for (row, found) in rows.iter().zip(found.rows()).filter(|(row, _)| row.optional("pred_nonmem").is_some()) {
            if row.optional("cp_exact").is_none() {
                blank.insert(format!("{} at {}", row.text("scenario"), row.text("time")));
                continue;
            }
            printed.cell(row, "pred_nonmem", found.conc);
            exact.cell(row, "cp_exact", found.conc);
        }
    }
    assert_eq!(blank, unphysical.map(String::from).into());
    printed.holds(132);
    exact.holds(132);
    Ok(())
}

fn record_of(row: &Row) -> Record {
    let [time, amt, rate, ii] = ["time", "amt", "rate", "ii"].map(|name| row.number(name));
    let code = |name: &str| row.text(name).parse::<u8>().expect("a code");
    Record { time, amt, rate, ii, evid: code("evid"), ss: code("ss"), cmt: code("cmt").into(), ..Record::OBSERVATION }
}

/// The rows of `evid_reset_lag.csv`, one list for each scenario.
fn scenarios() -> Vec<Vec<Row>> {
    let mut scenarios: Vec<Vec<Row>> = Vec::new();
    for row in table("nonmem_fullprecision/evid_reset_lag.csv") {
        match scenarios.last_mut() {
            Some(records) if records[0].text("scenario") == row.text("scenario") => records.push(row),
            _ => scenarios.push(vec![row]),
        }
    }
    scenarios
}

// ---------------------------------------------------------------------------------------- Torsten and PKPDsim

#[test]
fn torsten_one_compartment() -> Result<()> {
    let mut printed = Agreement::within(1e-6); // seven digits; at steady state its own are good to 6e-7
    let mut exact = Agreement::within(1e-12); // a closed form in double precision with differences of exponentials
    // Torsten reports the state before a lagged dose that arrives at the very time of the record, NONMEM and this
    // crate the state after it.
    let mut other_side = Vec::new();
    for row in table("torsten/onecpt.csv") {
        let model = Parameters { cl: 10.0, v: 80.0, ka: 1.2, tlag: row.number("tlag1"), f: 1.0 }.model()?;
        let [depot, central, body] = torsten_amounts(&model, &row, 80.0)?;
        exact.cell(&row, "a1_exact", depot);
        exact.cell(&row, "a2_exact", central);
        exact.cell(&row, "a2_exact", body);
        if row.number("tlag1") > 0.0 && row.text("tlag1") == row.text("time") {
            other_side.push(row.text("case").to_owned());
        } else {
            printed.cell(&row, "a1_ref", depot);
            printed.cell(&row, "a2_ref", central);
        }
    }
    assert_eq!(other_side, ["multiple_bolus_with_tlag"]);
    printed.holds(2 * 79);
    exact.holds(3 * 80);
    Ok(())
}

#[test]
fn torsten_two_compartments() -> Result<()> {
    let mut printed = Agreement::within(1e-6); // seven digits, some fewer that happen to be zeros
    let mut exact = Agreement::within(1e-12); // a matrix exponential in double precision, small amounts among large
    for row in table("torsten/twocpt.csv") {
        let [cl, q, v1, v2, ka] = ["CL", "Q", "V2", "V3", "ka"].map(|name| row.number(name));
        let model = Model::new(FirstOrder { ka }, TwoCompartment { cl, v1, q, v2 })?;
        let [depot, central, body] = torsten_amounts(&model, &row, v1)?;
        for (agreement, names) in
            [(&mut printed, ["a1_ref", "a2_ref", "a3_ref"]), (&mut exact, ["a1_exact", "a2_exact", "a3_exact"])]
        {
            agreement.cell(&row, names[0], depot);
            agreement.cell(&row, names[1], central);
            agreement.value(format!("{row} body"), body, row.number(names[1]) + row.number(names[2]));
        }
    }
    printed.holds(3 * 50);
    exact.holds(3 * 50);
    Ok(())
}

/// The amounts in the depot, the central compartment and the body at a Torsten record.
fn torsten_amounts(model: &Model, row: &Row, v: f64) -> Result<[f64; 3]> {
    /// Cycles after which both bodies have settled: the slowest mode loses a factor e^0.47 in each.
    const RUN_IN: f64 = 100.0;
    let [amount, rate, tau, addl, time] = ["amt", "rate", "ii", "addl", "time"].map(|name| row.number(name));
    let given = if row.text("cmt") == "1" { Dose::of(amount) } else { Dose::iv(amount) };
    let dose = if rate > 0.0 { given.over(amount / rate) } else { given };
    if row.text("ss") == "1" {
        // The steady state gives concentrations; the amount in the depot comes from a run-in.
        let central = cycle_conc(model, dose.every(tau), time % tau)? * v;
        let balance = &model.balance(dose.every(tau), &[RUN_IN * tau + time])?[0];
        return Ok([balance.depot, central, balance.body]);
    }
    let regimen: Regimen = if addl > 0.0 { dose.every(tau).into() } else { dose.into() };
    let balance = &model.balance(&regimen, &[time])?[0];
    Ok([balance.depot, conc(model, regimen, time)? * v, balance.body])
}

/// The same as event records, with the peripheral compartment on its own, at steady state too.
#[test]
fn torsten_by_records() -> Result<()> {
    let mut exact = Agreement::within(1e-12); // small amounts among large
    for (file, three) in [("torsten/onecpt.csv", false), ("torsten/twocpt.csv", true)] {
        for row in table(file) {
            let model = if three {
                let [cl, q, v1, v2, ka] = ["CL", "Q", "V2", "V3", "ka"].map(|name| row.number(name));
                Model::new(FirstOrder { ka }, TwoCompartment { cl, v1, q, v2 })?
            } else {
                Parameters { cl: 10.0, v: 80.0, ka: 1.2, tlag: row.number("tlag1"), f: 1.0 }.model()?
            };
            let [amt, rate, ii] = ["amt", "rate", "ii"].map(|name| row.number(name));
            let (ss, cmt) = (row.text("ss").parse().expect("a code"), row.text("cmt").parse().expect("a number"));
            let addl = row.text("addl").parse().expect("a count");
            let dose = Record { amt, rate, ii, ss, cmt, addl, ..Record::DOSE };
            let records = [dose, Record { time: row.number("time"), ..Record::OBSERVATION }];
            let found = Table::new(records)?.simulate(model)?.rows()[1];
            exact.cell(&row, "a1_exact", found.depot);
            exact.cell(&row, "a2_exact", found.central);
            if three {
                exact.cell(&row, "a3_exact", found.peripheral[0]);
            }
        }
    }
    exact.holds(2 * 80 + 3 * 50);
    Ok(())
}

/// A clearance that changes from record to record.
#[test]
fn torsten_changing_clearance() -> Result<()> {
    let mut printed = Agreement::within(1e-6); // seven digits
    let mut exact = Agreement::within(1e-12); // a closed form in double precision with differences of exponentials
    let rows = table("torsten/onecpt_time_varying_cl.csv");
    let records = rows.iter().map(|row| {
        let covariates = vec![Some(row.number("CL"))];
        let observation = Record { time: row.number("time"), covariates, ..Record::OBSERVATION };
        let dose = Record { amt: 1000.0, ii: 12.0, addl: 1, cmt: 1, evid: 1, ..observation.clone() };
        if row.text("record") == "0" { dose } else { observation }
    });
    let records = Table::with_covariates(["CL"], records)?;
    let found = records.simulate_with(menaquinone::records::Between::Backward, |now| {
        Parameters { cl: now.get("CL")?, v: 80.0, ka: 1.2, tlag: 0.0, f: 1.0 }.model()
    })?;
    for (row, found) in rows.iter().zip(found.rows()) {
        for (agreement, names) in [(&mut printed, ["a1_ref", "a2_ref"]), (&mut exact, ["a1_exact", "a2_exact"])] {
            agreement.cell(row, names[0], found.depot);
            agreement.cell(row, names[1], found.central);
        }
    }
    printed.holds(2 * 11);
    exact.holds(2 * 11);
    Ok(())
}

#[test]
fn nonmem_saturable_steady_state_is_not_covered_here() {
    // Saturable elimination goes through the ODE step and is compared with the tests of that step.
    assert_eq!(table("nonmem_fullprecision/michaelis_menten_ss.csv").len(), 5);
}

#[test]
fn pkpdsim_second_dose() -> Result<()> {
    let mut printed = Agreement::within(3e-3); // three decimals, 0.169 the smallest
    let mut exact = Agreement::within(1e-13); // a matrix exponential in double precision
    for row in table("pkpdsim/advan_t23.csv") {
        let (cl, v1, q2, v2, q3, v3) = (10.0, 50.0, 5.0, 100.0, 3.0, 150.0);
        let oral = FirstOrder { ka: 0.5 };
        let model = match row.text("ncmt") {
            "1" => Model::new(oral, OneCompartment { cl, v: v1 })?,
            "2" => Model::new(oral, TwoCompartment { cl, v1, q: q2, v2 })?,
            _ => Model::new(oral, ThreeCompartment { cl, v1, q2, v2, q3, v3 })?,
        };
        let dose = match row.text("route") {
            "iv_bolus" => Dose::iv(100.0),
            "iv_infusion" => Dose::iv(100.0).over(1.0),
            _ => Dose::of(100.0),
        };
        let got = conc(&model, dose.every(12.0).into(), row.number("time"))?;
        printed.cell(&row, "conc_ref", got);
        exact.cell(&row, "conc_exact", got);
    }
    printed.holds(9);
    exact.holds(9);
    Ok(())
}

// ---------------------------------------------------------------------------------------------------- helpers

/// The concentration at one time.
fn conc(model: &Model, regimen: Regimen, time: f64) -> Result<f64> {
    Ok(model.profile(regimen, &[time])?.conc()[0])
}

/// The concentration at one time of the cycle at steady state.
fn cycle_conc(model: &Model, repeating: Repeating, time: f64) -> Result<f64> {
    Ok(model.steady_state(repeating)?.profile(&[time])?.conc()[0])
}

/// The concentration `time` h after the last dose of a dosing every `tau` h that had reached its steady state: the
/// steady state that would have gone on, without the doses that were not taken.
fn last_dose_of_steady_state(model: &Model, dose: Dose, tau: f64, time: f64) -> Result<f64> {
    let going_on = cycle_conc(model, dose.every(tau), time % tau)?;
    if time < tau {
        return Ok(going_on);
    }
    Ok(going_on - conc(model, dose.every(tau).at(tau).into(), time)?)
}

/// The most values that one failure names.
const MOST_NAMED: usize = 20;

/// How far the crate is from a column: everything compared, the worst kept for the message.
struct Agreement {
    tolerance: f64,
    compared: usize,
    worst: (f64, String),
    beyond: Vec<String>,
}

impl Agreement {
    fn within(tolerance: f64) -> Self {
        Self { tolerance, compared: 0, worst: (0.0, String::from("nothing")), beyond: Vec::new() }
    }

    /// Compares with the cell of that name.
    fn cell(&mut self, row: &Row, name: &str, got: f64) {
        self.value(format!("{row} {name}"), got, row.number(name));
    }

    fn value(&mut self, what: String, got: f64, expected: f64) {
        let deviation = deviation(got, expected);
        self.compared += 1;
        if deviation > self.tolerance {
            self.beyond.push(format!("{what}: {got:e}, not {expected:e} (off by {deviation:.1e})"));
        }
        if deviation > self.worst.0 {
            self.worst = (deviation, what);
        }
    }

    /// That all is within the tolerance, and that as much was compared as the table holds.
    fn holds(self, compared: usize) {
        let Self { tolerance, worst: (worst, at), beyond, .. } = self;
        let report = format!("worst of {} values {worst:.1e} (allowed {tolerance:.1e}) at {at}", self.compared);
        println!("{report}");
        let (count, first) = (beyond.len(), beyond.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("\n"));
        assert!(beyond.is_empty(), "{count} values are off; {report}\nThe first of them:\n{first}");
        assert_eq!(self.compared, compared, "the number of values compared");
    }
}

/// The relative deviation. Where zero is expected only zero will do, and a NaN is as far off as can be; below the
/// smallest normal number, where a double has no relative precision, the deviation is relative to that number.
fn deviation(got: f64, expected: f64) -> f64 {
    if got.total_cmp(&expected).is_eq() || got == 0.0 && expected == 0.0 {
        return 0.0;
    }
    let relative = ((got - expected) / expected.abs().max(f64::MIN_POSITIVE)).abs();
    if expected == 0.0 || relative.is_nan() { f64::INFINITY } else { relative }
}
