//! One instant, written in two ways: `3 * 0.1` and `0.3` differ in the last digit, and a dose due then is there.

use menaquinone::ode::Tolerance;
use menaquinone::records::Table;
use menaquinone::{
    Absorb, Bolus, Course, Disposition, Dose, FirstOrder, Model, OneCompartment, Phases, Regimen, Result, Transit,
    TwoCompartment, ZeroOrder,
};

const BODY: OneCompartment = OneCompartment { cl: 2.0, v: 20.0 };

fn bolus() -> Model {
    Model::new(Bolus, BODY).unwrap()
}

/// `shared/reference/found/tie_addl.csv` and `tie_addl_2.csv`; the sums over the doses.
#[test]
fn additional_doses_at_the_instant_of_a_record_are_seen() -> Result<()> {
    for (text, conc) in [
        (include_str!("data/found/tie_addl.csv"), 19.703_470_203_022_157),
        (include_str!("data/found/tie_addl_2.csv"), 19.997_761_707_207_56),
    ] {
        let table: Table = text.parse()?;
        let found = table.simulate(bolus())?.rows().last().map_or(0.0, |row| row.conc);
        assert!((found / conc - 1.0).abs() < 1e-14, "{found} {conc}");
        let course = table.course(0, &bolus())?.concentrations(&bolus())?;
        assert_eq!(course.last(), Some(&found));
    }
    Ok(())
}

/// Starts, intervals and numbers of doses that are sums and products of tenths, as people write them.
fn schedules() -> impl Iterator<Item = (f64, f64, u32)> {
    let intervals = [0.1, 0.3, 0.7, 1.1, 1.6, 2.4, 4.8, 6.2, 12.6, 24.0];
    let starts = [0.0, 0.1, 0.2, 0.7, 1.3, 8.1, 100.1];
    starts.into_iter().flat_map(move |start| intervals.map(|ii| [3, 6, 7, 29].map(|n| (start, ii, n)))).flatten()
}

/// The instant of a dose as somebody writes it down: rounded to 12 decimals.
fn written(time: f64) -> f64 {
    format!("{time:.12}").parse().unwrap()
}

/// What is there just after the last dose: a sum over all of them.
fn sum_of_doses((start, ii, n): (f64, f64, u32), at: f64) -> f64 {
    (0..=n).map(|i| 100.0 / 20.0 * (-0.1 * (at - start - f64::from(i) * ii).max(0.0)).exp()).sum()
}

#[test]
fn every_way_to_a_curve_sees_the_dose_of_its_instant() -> Result<()> {
    let later = Model::new(Bolus, OneCompartment { cl: 3.0, v: 20.0 })?;
    let mut ties = 0;
    for (start, ii, n) in schedules() {
        let at = written(start + f64::from(n) * ii);
        ties += u32::from(start + f64::from(n) * ii > at);
        let exact = sum_of_doses((start, ii, n), at);
        let regimen = Dose::iv(100.0).every(ii).at(start).times(u64::from(n) + 1);
        let text = format!("TIME,AMT,II,ADDL\n{start},100,{ii},{n}\n{at},.,.,.");
        let table: Table = text.parse()?;
        let phases: Phases = bolus().then_from(1e6, later.clone())?;
        let ways = [
            table.simulate(bolus())?.rows()[1].conc,
            bolus().concentrations(&regimen, &[at])?[0],
            bolus().concentrations(&regimen, &[start, at, at + 7.0])?[1],
            Course::new(&regimen, &[start, at])?.concentrations(&bolus())?[1],
            phases.profile(&regimen, &[at])?.conc()[0],
            bolus().profile_by_ode(&regimen, &[start, at], Tolerance::default())?.conc()[1],
        ];
        for (way, found) in ways.iter().enumerate() {
            assert!((found / exact - 1.0).abs() < 1e-7, "way {way}: {found} {exact} ({start}, {ii}, {n})");
        }
    }
    assert!(ties > 20, "only {ties} instants were later than they are written");
    Ok(())
}

#[test]
fn lagged_doses_are_seen_at_the_instant_of_their_arrival() -> Result<()> {
    for (taken, tlag) in [(0.1, 0.2), (0.7, 0.1), (1.1, 2.2), (0.3, 0.6), (4.6, 2.3), (8.1, 0.2)] {
        let at = written(taken + tlag);
        let lagged = Model::new(Bolus.lagged(tlag), BODY)?;
        let table: Table = format!("TIME,AMT\n{taken},100\n{at},.").parse()?;
        let found = [
            table.simulate(&lagged)?.rows()[1].conc,
            table.course(0, &lagged)?.concentrations(&lagged)?[0],
            lagged.concentrations(Dose::of(100.0).at(taken), &[at])?[0],
            lagged.concentrations(Dose::of(100.0).at(taken), &[taken, at, 30.0])?[1],
        ];
        for found in found {
            assert!((found - 5.0).abs() < 1e-9, "{taken} {tlag} {found}");
        }
    }
    Ok(())
}

/// A diary of many doses at odd times: the kernel that takes them as they come.
#[test]
fn a_long_diary_sees_the_dose_of_its_instant() -> Result<()> {
    let times: Vec<f64> = (1..=200).map(|i| f64::from(i * i % 977) / 10.0 + f64::from(i)).collect();
    let mut taken = times.clone();
    taken.sort_by(f64::total_cmp);
    taken.dedup();
    let nudged: Regimen = taken.iter().map(|time| (time.next_up(), Dose::of(10.0))).collect();
    let exact: Regimen = taken.iter().map(|time| (*time, Dose::of(10.0))).collect();
    for model in [bolus(), Model::new(FirstOrder { ka: 1.0 }, BODY)?] {
        let (a, b) = (model.concentrations(&nudged, &taken)?, model.concentrations(&exact, &taken)?);
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() <= 1e-13 * b, "{a} {b}");
        }
    }
    Ok(())
}

/// What is later by more than the clock rounds is later.
#[test]
fn a_dose_that_is_truly_later_is_not_seen() -> Result<()> {
    for later in [1.0 + 1e-14, 1.0 + 1e-12, 1.001] {
        let regimen = Dose::iv(100.0).at(0.3 * later);
        assert_eq!(bolus().concentrations(regimen, &[0.3])?, [0.0]);
        let text = format!("TIME,AMT,II,ADDL\n0,100,{},1\n0.3,.,.,.", 0.3 * later);
        let found = text.parse::<Table>()?.simulate(bolus())?.rows()[1].conc;
        assert!((found / (5.0 * (-0.03_f64).exp()) - 1.0).abs() < 1e-13, "{found}");
    }
    Ok(())
}

/// Inputs that take time end where the clock says, so that they bring all they have.
#[test]
fn the_whole_of_an_infusion_arrives() -> Result<()> {
    let still = |disposition: Disposition| Model::new(ZeroOrder { duration: 0.3 }, disposition);
    for model in [
        still(OneCompartment { cl: 1e-9, v: 20.0 }.into())?,
        still(TwoCompartment { cl: 1e-9, v1: 20.0, q: 1e-12, v2: 10.0 }.into())?,
        Model::new(Transit { steps: 2, mtt: 0.1, ka: 30.0 }, OneCompartment { cl: 1e-9, v: 20.0 })?,
    ] {
        let regimen = Dose::of(100.0).every(0.1).times(11);
        let whole = model.concentrations(&regimen, &[0.1 * 3.0, 40.0])?[1];
        assert!((whole / 55.0 - 1.0).abs() < 1e-7, "{whole}");
    }
    Ok(())
}
