//! Non-compartmental analysis against other people's numbers, against exact models, and against its own laws.

mod common;

use common::refused;
use std::collections::BTreeMap;
use std::f64::consts::LN_2;
use std::path::{Path, PathBuf};

use menaquinone::{
    Bolus, Dose, ErrorKind, Model, Parameters, Profile, Result, TwoCompartment, grid,
    nca::{
        Analysis, AreaRule, AtDose, BelowAs, BelowLimit, Column, Columns, METRICS, Metric, Missing, Nca, Rules,
        Subject, Subjects, Table, Terminal,
    },
    units::*,
};
use proptest::prelude::*;

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/nca").join(name)
}

fn subjects(name: &str) -> Subjects {
    let columns = Columns {
        id: "subject",
        time: Column { name: "time_h", unit: HOUR },
        conc: Column { name: "conc_mg_per_L", unit: MG / L },
        dose: None,
        ..Columns::default()
    };
    Subjects::open(reference(name), &columns).expect("a table of samples")
}

fn analysed(dataset: &str, area: AreaRule, dose: Dose) -> Table {
    let rules = Rules { dose: Some(dose), area, below: Some(BelowLimit::ZERO), ..Rules::default() };
    subjects(&format!("{dataset}_conc.csv")).analyse(&rules).expect("good samples")
}

/// A metric by its name here, in the units of the reference: mg where this crate has µg.
fn in_mg(symbol: &str, analysis: &Analysis) -> f64 {
    let metric = Metric::named(symbol).expect("a metric");
    let value = metric.value(analysis).unwrap_or_else(|missing| panic!("{symbol}: {missing}"));
    if metric.unit.starts_with("µg") { value / MG } else { value }
}

// ------------------------------------------------------------------------------------------------- against WinNonlin

/// The names of `WinNonlin` and ours.
const NAMES: [(&str, &str); 43] = [
    ("Rsq", "r2"),
    ("Rsq_adjusted", "r2_adj"),
    ("Corr_XY", "corr_xy"),
    ("No_points_lambda_z", "lambda_z_points"),
    ("Lambda_z", "lambda_z"),
    ("Lambda_z_lower", "lambda_z_start"),
    ("Lambda_z_upper", "lambda_z_end"),
    ("HL_Lambda_z", "half_life"),
    ("Tlag", "tlag"),
    ("Tmax", "tmax"),
    ("Cmax", "cmax"),
    ("Cmax_D", "cmax_dn"),
    ("C0", "c0"),
    ("Tlast", "tlast"),
    ("Clast", "clast"),
    ("AUClast", "auc_last"),
    ("AUCall", "auc_all"),
    ("AUCINF_obs", "auc_inf_obs"),
    ("AUCINF_D_obs", "auc_inf_obs_dn"),
    ("AUC_%Extrap_obs", "auc_extrap_obs"),
    ("AUC_%Back_Ext_obs", "auc_back_extrap_obs"),
    ("Vz_F_obs", "vz_obs"),
    ("Cl_F_obs", "cl_obs"),
    ("Vz_obs", "vz_obs"),
    ("Cl_obs", "cl_obs"),
    ("AUCINF_pred", "auc_inf_pred"),
    ("AUCINF_D_pred", "auc_inf_pred_dn"),
    ("AUC_%Extrap_pred", "auc_extrap_pred"),
    ("AUC_%Back_Ext_pred", "auc_back_extrap_pred"),
    ("Vz_F_pred", "vz_pred"),
    ("Cl_F_pred", "cl_pred"),
    ("Vz_pred", "vz_pred"),
    ("Cl_pred", "cl_pred"),
    ("AUMClast", "aumc_last"),
    ("AUMCINF_obs", "aumc_inf_obs"),
    ("AUMC_%Extrap_obs", "aumc_extrap_obs"),
    ("AUMCINF_pred", "aumc_inf_pred"),
    ("AUMC_%Extrap_pred", "aumc_extrap_pred"),
    ("MRTlast", "mrt_last"),
    ("MRTINF_obs", "mrt_obs"),
    ("MRTINF_pred", "mrt_pred"),
    ("Vss_obs", "vss_obs"),
    ("Vss_pred", "vss_pred"),
];

#[test]
fn agrees_with_winnonlin_to_the_digits_it_prints() {
    let text = std::fs::read_to_string(reference("winnonlin.csv")).expect("a table");
    let mut analyses: BTreeMap<String, Table> = BTreeMap::new();
    let (mut compared, mut worst) = (0, BTreeMap::<bool, f64>::new());
    for line in text.lines().filter(|line| !line.starts_with(['#', 'd'])) {
        let [dataset, rule, route, subject, name, value] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let table = analyses.entry(format!("{dataset} {rule} {route}")).or_insert_with(|| {
            let area = if rule == "log" { AreaRule::LinearUpLogDown } else { AreaRule::Linear };
            let dose = match (dataset, route) {
                ("theoph", _) => Dose::of(320.0 * MG),
                (_, "bolus") => Dose::iv(25.0 * MG),
                (_, "infusion") => Dose::iv(25.0 * MG).over(0.25 * HOUR),
                _ => Dose::of(25.0 * MG),
            };
            analysed(dataset, area, dose)
        });
        let analysis = table.analysis(subject).expect("a subject");
        let symbol = NAMES.iter().find(|(theirs, _)| *theirs == name).expect("a known name").1;
        let (found, printed) = (in_mg(symbol, analysis), value.parse::<f64>().expect("a number"));
        // Ten digits are printed for the oral route, at most nine decimals; fifteen for the others.
        let all_digits = route != "oral";
        let tolerance = if all_digits { 5e-14 * printed.abs() } else { 5e-9 * printed.abs() + 5e-10 };
        assert!((found - printed).abs() <= tolerance, "{line}: found {found}");
        let deviation = if printed == 0.0 { found.abs() } else { (found / printed - 1.0).abs() };
        let entry = worst.entry(all_digits).or_default();
        *entry = entry.max(deviation);
        compared += 1;
    }
    println!("{compared} values of WinNonlin, worst deviation by whether all digits are printed: {worst:?}");
    assert_eq!(compared, 2100);
}

// ----------------------------------------------------------------------------------------------------- against PKNCA

/// What the vignette of `PKNCA` on theophylline prints (github.com/humanpred/pknca), in mg and L.
#[test]
fn agrees_with_what_pknca_prints() -> Result<()> {
    let table = analysed("theoph", AreaRule::LinearUpLogDown, Dose::of(320.0 * MG));
    let first = table.analysis("1")?;
    assert_eq!(
        format!("{:.6} {:.2} {:.2}", first.lambda_z()?, first.tlast()?, first.clast()? / MG),
        "0.048457 24.37 3.28"
    );
    // Its area from 0 to 24 h ends at the sample of 12.12 h, where this crate would go on to 24 h.
    assert_eq!(format!("{:.6}", first.auc(0.0..=12.12)? / MG), "92.365442");
    let sixth = table.analysis("6")?;
    assert_eq!(format!("{:.7} {:.7}", sixth.auc_last()? / MG, sixth.lambda_z()?), "71.6970150 0.0877957");
    let of = |symbol: &str| Metric::named(symbol).map(|metric| table.summary(metric));
    let geometric = |symbol: &str| -> Result<(f64, f64)> { Ok((of(symbol)?.geo_mean? / MG, of(symbol)?.geo_cv?)) };
    let printed = |(mean, cv): (f64, f64), decimals: usize| format!("{mean:.decimals$} [{cv:.1}]");
    assert_eq!(printed(geometric("auc_last")?, 1), "98.7 [22.5]");
    assert_eq!(printed(geometric("cmax")?, 2), "8.65 [17.0]");
    assert_eq!(printed(geometric("auc_inf_obs")?, 0), "115 [28.4]");
    let (tmax, half_life) = (of("tmax")?, of("half_life")?);
    assert_eq!(format!("{:.2} [{:.3}, {:.2}]", tmax.median?, tmax.min?, tmax.max?), "1.14 [0.630, 3.55]");
    assert_eq!(format!("{:.2} [{:.2}]", half_life.mean?, half_life.sd?), "8.18 [2.12]");
    // Seven daily doses of subject 6 by superposition: area and peak of the first day and of the seventh. It prints subjects 7
    // and 8 too; they are left out, since they had some theophylline before the dose, which this crate superposes and does not
    // take away: its area of subject 7 is 1.5 % off.
    let course = Dose::of(320.0 * MG).every(DAY).times(7);
    for (start, printed) in [(0.0, "71.8 6.44"), (144.0, "82.2 7.37")] {
        let within = sixth.samples().map(|(time, _)| start + time).filter(|time| *time < start + DAY);
        let times: Vec<f64> = within.chain([start + 23.999_999]).collect();
        let day = sixth.superposed(&course, &times)?;
        let day = day.nca().dosed_at(start).tau(DAY).terminal(Terminal::Last(3)).analyse()?;
        assert_eq!(format!("{:.1} {:.2}", day.auc_tau()? / MG, day.cmax()? / MG), printed, "from {start} h");
    }
    Ok(())
}

// --------------------------------------------------------------------------------------------- against exact models

/// What the areas of a profile may be off by: the difference to every second sample. Their error goes with the square of the step, so that
/// this is about three times as much.
fn own_error(profile: &Profile, of: impl Fn(&Profile) -> f64) -> f64 {
    let half = |column: &[f64]| column.iter().copied().step_by(2).collect::<Vec<f64>>();
    let coarse = Profile::new(half(profile.times()), half(profile.conc())).expect("half of a profile");
    (of(profile) - of(&coarse)).abs()
}

/// How far a least-squares line through logarithms, each of which is off by at most `each`, can be off in its slope, relative to
/// it, where they fall by `fall`: the line weighs them with `12 (t - mean)/length³`, whose size adds up to `3 / length`.
fn slope_error(each: f64, fall: f64) -> f64 {
    3.0 * each / fall
}

/// How far the highest sample of a smooth peak can be below the peak, relative to it: an eighth of the second difference, the
/// largest of the three about it.
fn peak_error(profile: &Profile) -> f64 {
    let conc = profile.conc();
    let peak = (0..conc.len()).fold(0, |best, i| if conc[i] > conc[best] { i } else { best });
    let bend = |i: usize| (conc[i - 1] - 2.0 * conc[i] + conc[i + 1]).abs();
    (peak - 1..=peak + 1).map(bend).fold(0.0, f64::max) / 8.0 / conc[peak]
}

#[test]
fn dense_profiles_give_exact_areas_half_lives_and_clearances() -> Result<()> {
    let one = Parameters { cl: 1.25, v: 30.0, ka: 0.9, tlag: 0.0, f: 1.0 }.model()?;
    let two = Model::new(Bolus, TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 })?;
    for (model, dose, vss) in [(one, Dose::of(100.0), None), (two, Dose::iv(100.0), Some(112.0))] {
        let times = grid(0.0..=40.0 * model.half_life(), model.half_life() / 2_000.0);
        let profile = model.profile(dose, &times)?;
        // Ten half-lives from the end on, only one exponential is left; the default rule would take more.
        let end = times[times.len() - 1];
        let tail = Terminal::Between { start: 0.75 * end, end };
        let nca = |profile: &Profile| profile.nca().dose(dose).terminal(tail.clone()).analyse().expect("an analysis");
        let found = nca(&profile);
        let close = |found: f64, exact: f64, error: f64| {
            // A sum of so many numbers may be off by half a unit in the last place for each.
            let rounding = 0.5 * f64::EPSILON * f64::from(u32::try_from(profile.times().len()).expect("few"));
            assert!((found - exact).abs() <= error + rounding * exact, "{found} is not {exact} within {error}");
        };
        let error =
            |read: fn(&Analysis) -> menaquinone::nca::Outcome| own_error(&profile, |p| read(&nca(p)).expect("a value"));
        close(found.auc_inf_obs()?, model.auc(dose, 0.0..=f64::INFINITY)?, error(Analysis::auc_inf_obs));
        close(found.aumc_inf_obs()?, model.aumc(dose, 0.0..=f64::INFINITY)?, error(Analysis::aumc_inf_obs));
        // Ten half-lives of logarithms, each within 1e-13; nothing of the other exponentials is left.
        let off = (found.half_life()? / model.half_life() - 1.0).abs();
        assert!(off <= slope_error(1e-13, 10.0 * LN_2), "the half-life is {off} off");
        close(found.cl_obs()?, model.disposition().cl(), error(Analysis::cl_obs));
        let window = model.auc(dose, 1.03..=17.9)?;
        close(found.auc(1.03..=17.9)?, window, own_error(&profile, |p| nca(p).auc(1.03..=17.9).expect("an area")));
        if let Some(vss) = vss {
            close(found.vss_obs()?, vss, error(Analysis::vss_obs));
            close(found.c0()?, 100.0 / 22.0, 0.0);
        }
        // The quadrature's error is small as well as known.
        assert!(error(Analysis::auc_inf_obs) < 1e-4 * found.auc_inf_obs()?);
    }
    Ok(())
}

/// Every tolerance follows from the step of the grid and from what is left of the absorption where the slope is taken.
#[test]
fn dense_cycles_give_exact_steady_states() -> Result<()> {
    let (ka, ke) = (0.9, 1.25 / 60.0);
    let model = Parameters { cl: 1.25, v: 60.0, ka, tlag: 0.5, f: 1.0 }.model()?;
    let dose = Dose::of(90.0);
    let exact = model.steady_state(dose.every(DAY))?;
    let profile = exact.profile(&grid(0.0..=23.99, 0.01))?; // the end is carried on by the slope
    let first_profile = model.profile(dose, &grid(0.0..=DAY, 0.01))?;
    let nca = |profile: &Profile| {
        let tail = Terminal::Between { start: 20.0, end: DAY };
        profile.nca().dose(dose).tau(DAY).terminal(tail).analyse().expect("an analysis")
    };
    let first = nca(&first_profile);
    let steady = nca(&profile).after(&first);

    let auc_tau = |profile: &Profile| nca(profile).auc_tau().expect("an area");
    let auc_inf = |profile: &Profile| nca(profile).auc_inf_obs().expect("an area");
    let area = own_error(&profile, auc_tau) / exact.auc_tau();
    let first_area = own_error(&first_profile, auc_tau) / first.auc_tau()?;
    let (peak, first_peak) = (peak_error(&profile), peak_error(&first_profile));
    // The absorption takes this part of the curve away from the terminal exponential at 20 h, 19.5 h after it began; twice
    // as much, since the logarithm is steeper than that.
    let rest = 2.0 * (-(ka - ke) * 19.5).exp();
    let slope = slope_error(rest, 4.0 * ke);
    let whole = own_error(&first_profile, auc_inf) / first.auc_inf_obs()? + slope * first.auc_extrap_obs()? / 100.0;
    let above = exact.cmax() / (exact.cmax() - exact.cmin()); // what a difference makes of an error
    let index = slope * ke * DAY / (ke * DAY).exp_m1();

    let close = |found: f64, exact: f64, error: f64| {
        assert!((found / exact - 1.0).abs() <= error + 1e-13, "{found} is not {exact} within {error}");
        assert!(error < 3e-6, "{error} is too much to allow");
    };
    close(steady.auc_tau()?, exact.auc_tau(), area);
    close(steady.cavg()?, exact.cavg(), area);
    close(steady.cl_tau()?, 1.25, area);
    close(steady.cmax()?, exact.cmax(), peak);
    close(steady.cmin()?, exact.cmin(), 0.0); // a sample stands where the dose arrives
    close(steady.ctrough()?, exact.ctrough(), rest);
    close(steady.fluctuation_pct()?, 100.0 * exact.fluctuation(), above * peak + area);
    close(steady.swing()?, exact.swing(), above * peak);
    close(steady.peak_trough_ratio()?, exact.peak_trough_ratio(), peak + rest);
    close(steady.half_life()?, model.half_life(), slope);
    close(steady.accumulation_index()?, exact.accumulation_index(), index);
    close(steady.accumulation_ratio()?, exact.accumulation_ratio(), area + first_area);
    close(steady.accumulation_ratio_cmax()?, exact.accumulation_ratio_cmax(), peak + first_peak);
    close(steady.accumulation_ratio_ctrough()?, exact.accumulation_ratio_ctrough(), rest);
    close(steady.linearity_index()?, 1.0, area + whole);
    Ok(())
}

/// An exponential, measured at odd times: the log rule, its windows and its crossings are exact.
#[test]
fn exponentials_are_exact_under_the_log_rule() -> Result<()> {
    let (c0, k) = (8.0, 0.173);
    let times = [0.0, 0.4, 1.1, 3.0, 3.000_001, 7.5, 24.0];
    let conc = times.map(|t| c0 * f64::exp(-k * t));
    let nca = Nca::observed(&times, &conc).dose(Dose::iv(100.0)).tau(12.0).threshold(2.0).analyse()?;
    let close = |found: f64, exact: f64| assert!((found / exact - 1.0).abs() < 4e-15, "{found} is not {exact}");
    let area = |from: f64, to: f64| c0 * ((-k * from).exp() - (-k * to).exp()) / k;
    close(nca.auc_inf_obs()?, c0 / k);
    close(nca.aumc_inf_obs()?, c0 / k / k);
    close(nca.auc(0.7..=0.9)?, area(0.7, 0.9));
    close(nca.auc(0.7..=11.0)?, area(0.7, 11.0));
    close(nca.auc(3.0..=30.0)?, area(3.0, 30.0));
    close(nca.auc(30.0..=f64::INFINITY)?, c0 * (-k * 30.0_f64).exp() / k);
    close(nca.auc_tau()?, area(0.0, 12.0));
    close(nca.ctrough()?, c0 * (-k * 12.0_f64).exp());
    close(nca.time_above()?, 4.0_f64.ln() / k);
    close(nca.mrt_obs()?, 1.0 / k);
    close(nca.vss_obs()?, 100.0 / c0);
    assert_eq!(nca.auc(5.0..=5.0)?, 0.0);
    let steady = nca.superposed_for_ever(12.0, &[0.0, 6.0, 18.0])?;
    close(steady.conc()[0], c0 / (1.0 - (-12.0 * k).exp()));
    close(steady.conc()[1], c0 * (-6.0 * k).exp() / (1.0 - (-12.0 * k).exp()));
    assert_eq!(steady.conc()[1], steady.conc()[2]);
    Ok(())
}

// ------------------------------------------------------------------------------------------------------------- rules

/// Worked by hand.
#[test]
fn rules_for_areas() -> Result<()> {
    let (times, conc) = ([0.0, 1.0, 2.0, 4.0, 6.0], [0.0, 4.0, 8.0, 2.0, 0.0]);
    let auc = |rule| Nca::observed(&times, &conc).area(rule).analyse().and_then(|nca| Ok(nca.auc_last()?));
    let (up, down) = (4.0 / 2.0_f64.ln(), 12.0 / 4.0_f64.ln());
    assert_eq!(auc(AreaRule::Linear)?, 2.0 + 6.0 + 10.0);
    assert!((auc(AreaRule::LinearUpLogDown)? - (2.0 + 6.0 + down)).abs() < 1e-14);
    assert!((auc(AreaRule::Log)? - (2.0 + up + down)).abs() < 1e-14);
    let nca = Nca::observed(&times, &conc).area(AreaRule::Linear).analyse()?;
    assert_eq!((nca.auc_all()?, nca.aumc_last()?), (20.0, 2.0 + 10.0 + 24.0));
    assert_eq!((nca.tlag()?, nca.tlast()?), (0.0, 4.0));
    Ok(())
}

#[test]
fn rules_for_samples_below_the_limit() -> Result<()> {
    let times = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0];
    let conc = [None, None, Some(4.0), None, Some(2.0), Some(1.0), None, None];
    let nca = Nca::with_blq(&times, &conc).area(AreaRule::Linear);
    let error = nca.analyse().expect_err("nothing was said about the gap");
    assert_eq!(
        error.to_string(),
        "the sample 3 h after the dose is below the limit of quantification and lies between measured ones: say what \
         it counts as with `below`, such as BelowLimit::ZERO or BelowLimit::DROP_MIDDLE"
    );
    let areas = |rule| -> Result<(f64, f64)> {
        let nca = nca.clone().below(rule).analyse()?;
        assert_eq!((nca.tlag()?, nca.tlast()?, nca.cmax()?), (1.0, 6.0, 4.0));
        Ok((nca.auc_last()?, nca.auc_all()?))
    };
    assert_eq!(areas(BelowLimit::ZERO)?, (2.0 + 2.0 + 1.0 + 3.0, 9.0));
    assert_eq!(areas(BelowLimit::DROP_MIDDLE)?, (2.0 + 6.0 + 3.0, 12.0));
    let halves =
        BelowLimit::ByPlace { first: BelowAs::Value(0.5), middle: BelowAs::Value(0.5), last: BelowAs::Value(0.5) };
    assert_eq!(areas(halves)?, (0.5 + 2.25 + 2.25 + 1.25 + 3.0, 8.75 + 1.5 + 0.5));
    let by_tmax = BelowLimit::ByTmax { before: BelowAs::Dropped, after: BelowAs::Zero };
    // The samples at 0 and 1 h are dropped, and zero stands in at the dose.
    assert_eq!(areas(by_tmax)?, (4.0 + 2.0 + 1.0 + 3.0, 11.0));
    let no_tail = BelowLimit::ByPlace { first: BelowAs::Zero, middle: BelowAs::Dropped, last: BelowAs::Dropped };
    assert_eq!(areas(no_tail)?, (11.0, 11.0));
    Ok(())
}

/// `tests/reference/nca/predose.csv`: an oral dose at steady state, of which Phoenix prints 1316, 1325 and 1315 µg·h/L by the three rules
/// (a report on the BEBA forum, 19896); the digits are the trapezoids, worked apart.
#[test]
fn a_sample_before_the_dose_can_be_carried_to_it() -> Result<()> {
    let times = [-0.017, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 14.0, 18.0, 24.5];
    let conc = [1.0, 60.0, 80.0, 100.0, 130.0, 160.0, 130.0, 100.0, 90.0, 70.0, 40.0, 30.0, 20.0, 2.0];
    let by = |rule| Nca::observed(&times, &conc).area(AreaRule::Linear).tau(24.0).at_dose(rule).analyse();
    for (rule, auc) in [
        (AtDose::Carried, 1_315.653_846_153_846_2),
        (AtDose::Lowest, 1_325.153_846_153_846_2),
        (AtDose::Zero, 1_315.153_846_153_846_2),
    ] {
        let found = by(rule)?.auc_tau()?;
        assert!((found / auc - 1.0).abs() < 1e-14, "{rule:?} {found}");
    }
    // It counts as a sample, at the dose.
    assert_eq!((by(AtDose::Carried)?.cmin()?, by(AtDose::Carried)?.tmin()?), (1.0, 0.0));
    assert_eq!(by(AtDose::Carried)?.samples().next(), Some((0.0, 1.0)));
    // A sample at the dose needs none before it, and without one before it there is nothing to carry.
    let (at_dose, conc) = ([-1.0, 0.0, 1.0, 2.0], [5.0, 2.0, 4.0, 2.0]);
    let carried = |from: usize| {
        Nca::observed(&at_dose[from..], &conc[from..]).area(AreaRule::Linear).at_dose(AtDose::Carried).analyse()
    };
    assert_eq!(carried(0)?.auc_last()?, 3.0 + 3.0);
    assert_eq!(carried(2)?.auc_last(), Err(Missing::NoStart));
    // On a clock of its own, after a bolus, and below the limit.
    let late = Nca::observed(&[9.5, 11.0, 12.0], &[2.0, 4.0, 2.0]).dosed_at(10.0).area(AreaRule::Linear);
    assert_eq!(late.clone().at_dose(AtDose::Carried).analyse()?.auc_last()?, 3.0 + 3.0);
    let bolus = late.at_dose(AtDose::Carried).dose(Dose::iv(1.0)).analyse()?;
    assert_eq!(bolus.c0()?, 8.0);
    let below = Nca::observed(&[-1.0, 1.0, 2.0], &[0.0, 4.0, 2.0]).area(AreaRule::Linear).at_dose(AtDose::Carried);
    assert_eq!(below.analyse()?.auc_last()?, 2.0 + 3.0);
    Ok(())
}

/// An infusion over half an hour, 168 h apart: a report on openNCA (tensfeldt/openNCA 268), which prints 1732.104.
#[test]
fn straight_lines_up_to_the_peak_and_exponentials_after_it() -> Result<()> {
    let times = [0.5, 2.0, 8.0, 24.0, 70.0, 93.25, 164.25];
    let conc = [347.0, 109.0, 39.5, 16.0, 2.91, 1.29, 1.85];
    let by =
        |area| Nca::observed(&times, &conc).dose(Dose::iv(1.0).over(0.5)).tau(168.0).at_dose(AtDose::Lowest).area(area);
    for (rule, auc) in [
        (AreaRule::LinearThenLog, 1_732.104_439_683_215_3),
        (AreaRule::LinearUpLogDown, 1_733.296_516_461_104),
        (AreaRule::Linear, 1_913.797_5),
    ] {
        let found = by(rule).analyse()?.auc_last()?;
        assert!((found / auc - 1.0).abs() < 1e-6, "{rule:?} {found}");
    }
    let exact = by(AreaRule::LinearThenLog).analyse()?.auc_last()?;
    assert!((exact / 1_732.104_439_683_215_3 - 1.0).abs() < 1e-14);
    // A fall before the peak is straight, a rise after it is not; windows and levels between samples follow.
    let (times, conc) = ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [4.0, 2.0, 8.0, 2.0, 4.0, 1.0]);
    let nca = Nca::observed(&times, &conc).area(AreaRule::LinearThenLog).threshold(3.0).analyse()?;
    let log = |a: f64, b: f64| (a - b) / (a / b).ln();
    let parts = [3.0, 5.0, log(8.0, 2.0), log(4.0, 2.0), log(4.0, 1.0)];
    assert!((nca.auc(0.0..=5.0)? - parts.iter().sum::<f64>()).abs() < 1e-14);
    assert!((nca.auc(0.5..=3.5)? - (1.25 + 5.0 + parts[2] + 0.5 * log(8.0_f64.sqrt(), 2.0))).abs() < 1e-14);
    assert_eq!((nca.conc_at(0.5)?, nca.conc_at(1.5)?), (3.0, 5.0));
    assert!((nca.conc_at(3.5)? - 8.0_f64.sqrt()).abs() < 1e-14);
    let part = |a: f64, b: f64, of: f64| (a / b).ln() / of.ln();
    let above = 0.5 + 5.0 / 6.0 + part(8.0, 3.0, 4.0) + (1.0 - part(3.0, 2.0, 2.0)) + part(4.0, 3.0, 4.0);
    assert!((nca.time_above()? - above).abs() < 1e-14);
    // After a bolus the peak is `c0`, where nothing is higher: all of it is Log.
    let bolus = |area| Nca::observed(&[1.0, 2.0, 3.0], &[8.0, 4.0, 5.0]).dose(Dose::iv(1.0)).area(area).analyse();
    assert_eq!(bolus(AreaRule::LinearThenLog)?.auc_last()?, bolus(AreaRule::Log)?.auc_last()?);
    Ok(())
}

#[test]
fn times_of_the_clock_are_refused_with_what_to_write() {
    for cell in ["0:30", "08:00", "25:00", "8:30 PM"] {
        let error = format!("id,time,conc\na,{cell},3\n").parse::<Subjects>().expect_err(cell).to_string();
        let rule = "it reads as a time of the clock, and a time of samples is a number of hours: write 1.5 for 1:30";
        assert_eq!(error, format!("the table, line 2, column time: found `{cell}`, but {rule}"));
    }
}

fn samples_of(rows: &[(u8, f64, f64)]) -> Result<Subjects> {
    let line = |(id, time, conc): &(u8, f64, f64)| format!("{id},{time},{conc}\n");
    let text: String = rows.iter().map(line).collect();
    Subjects::read(format!("id,time,conc\n{text}").as_bytes(), &Columns::default())
}

/// Table 4 of Holder, Hsuan, Dixit and Soper (1999, *J Biopharm Stat* 9:451): three batches of three animals. The numbers are those of the
/// R package PK, `auc(method = "t")` with the designs `batch` and `ssd`.
#[test]
fn sparse_samples_have_the_standard_error_of_their_design() -> Result<()> {
    let conc = [
        [(0.0, [0.0, 0.0, 0.0]), (1.0, [1.75, 2.2, 1.58]), (6.0, [4.63, 2.99, 1.52])].as_slice(),
        &[(2.0, [3.03, 1.98, 2.22]), (10.0, [3.34, 1.3, 1.22])],
        &[(4.0, [3.54, 2.84, 2.55]), (24.0, [0.3, 0.0421, 0.231])],
    ];
    let (mut batch, mut serial) = (Vec::new(), Vec::new());
    for (group, rows) in (0..).zip(conc) {
        for (time, values) in rows {
            for (animal, value) in (0..).zip(values) {
                batch.push((3 * group + animal, *time, *value));
                serial.push((u8::try_from(serial.len()).unwrap(), *time, *value));
            }
        }
    }
    for (rows, se, df) in
        [(batch, 7.309_977_870_387_54, 2.745_982_361_845_76), (serial, 6.865_848_350_835_22, 2.826_311_530_922_25)]
    {
        let pooled = samples_of(&rows)?.pooled()?;
        assert!((pooled.auc_last()? - 39.4689).abs() < 1e-12, "{pooled:?}");
        assert!((pooled.auc_last_se()? / se - 1.0).abs() < 1e-13, "{pooled:?}");
        assert!((pooled.auc_last_df()? / df - 1.0).abs() < 1e-13, "{pooled:?}");
    }
    Ok(())
}

#[test]
fn sparse_samples_say_why_there_is_no_number() -> Result<()> {
    // Subject 1 was at both times, 2 only at the first, 3 only at the second.
    let rows = [(1, 1.0, 4.0), (2, 1.0, 6.0), (1, 3.0, 1.0), (3, 3.0, 3.0)];
    let pooled = samples_of(&rows)?.pooled()?;
    assert_eq!((pooled.auc_last()?, &pooled.counts[..]), (5.0 + 2.0, &[2, 2][..]));
    // n_ij = 1: (4 - 5)(1 - 2) / (0 + 1/4) = 4, held to sqrt(2 · 2); each variance is 2, each weight 1.
    assert_eq!(pooled.auc_last_se()?, (1.0_f64 + 1.0 + 2.0 * 2.0 / 4.0).sqrt());
    assert_eq!(pooled.auc_last_df(), Err(Missing::OverlappingGroups));
    let single = samples_of(&[(1, 1.0, 4.0), (2, 1.0, 6.0), (1, 3.0, 1.0)])?.pooled()?;
    assert_eq!((single.auc_last()?, single.auc_last_se()), (6.0, Err(Missing::OneValue)));
    assert_eq!(single.sds, [Some(2.0_f64.sqrt()), None]);
    let equal = samples_of(&[(1, 1.0, 4.0), (2, 1.0, 4.0), (3, 2.0, 0.0), (4, 2.0, 0.0)])?.pooled()?;
    assert_eq!((equal.auc_last()?, equal.auc_last_se()?, equal.auc_last_df()), (0.0, 0.0, Err(Missing::ByZero)));
    let nothing = samples_of(&[(1, 1.0, 0.0)])?.pooled()?;
    assert_eq!((nothing.auc_last(), nothing.auc_last_se()), (Err(Missing::AllBelow), Err(Missing::AllBelow)));
    Ok(())
}

#[test]
fn rules_for_the_start() -> Result<()> {
    let (times, conc) = ([1.0, 2.0, 4.0, 8.0], [4.0, 8.0, 4.0, 1.0]);
    let oral = |rule| Nca::observed(&times, &conc).area(AreaRule::Linear).tau(8.0).at_dose(rule).analyse();
    assert_eq!(oral(AtDose::Zero)?.auc_last()?, 2.0 + 6.0 + 12.0 + 10.0);
    assert_eq!(oral(AtDose::Lowest)?.auc_last()?, 2.5 + 6.0 + 12.0 + 10.0);
    assert_eq!(oral(AtDose::Lowest)?.cmin()?, 1.0);
    let refused = oral(AtDose::Refused)?;
    assert_eq!(refused.auc_last(), Err(Missing::NoStart));
    assert_eq!(refused.auc_tau(), Err(Missing::NoStart));
    assert_eq!(refused.cl_obs(), Err(Missing::NoDose));
    assert_eq!((refused.cmax()?, refused.auc(2.0..=4.0)?), (8.0, 12.0));
    // A sample taken just before a bolus is empty; the next two give the start.
    let bolus = Nca::observed(&[0.0, 1.0, 2.0, 3.0], &[0.0, 8.0, 4.0, 2.0]).dose(Dose::iv(1.0)).analyse()?;
    assert!((bolus.c0()? - 16.0).abs() < 1e-13 && (bolus.auc_last()? - 14.0 / 2.0_f64.ln()).abs() < 1e-13);
    assert_eq!((bolus.cmax()?, bolus.tmax()?), (8.0, 1.0));
    // A bolus whose second sample is higher: the first positive one stands.
    let rising = Nca::observed(&[1.0, 2.0, 3.0], &[4.0, 8.0, 2.0]).dose(Dose::iv(1.0)).analyse()?;
    assert_eq!(rising.c0()?, 4.0);
    // Samples before the dose do not count, and times are counted from it.
    let later = Nca::observed(&[0.0, 10.0, 11.0, 12.0], &[9.0, 1.0, 4.0, 2.0]).dosed_at(10.0).analyse()?;
    assert_eq!((later.cmax()?, later.tmax()?), (4.0, 1.0));
    Ok(())
}

/// 17.1 - 5.1 is a little more than 12, but the sample is the end of the interval all the same.
#[test]
fn a_clock_that_rounds_does_not_move_a_sample() -> Result<()> {
    let conc = [1.0, 8.0, 7.0, 5.0, 4.0, 0.5];
    let after = [0.0, 1.0, 2.0, 4.0, 6.0, 12.0];
    let plain = Nca::observed(&after, &conc).tau(12.0).window(4.0..=12.0);
    for terminal in [Terminal::Between { start: 4.0, end: 12.0 }, Terminal::At(vec![4.0, 6.0, 12.0])] {
        let plain = plain.clone().terminal(terminal.clone()).analyse()?;
        assert_eq!((plain.cmin()?, plain.ctrough()?, plain.lambda_z_points()?), (0.5, 0.5, 3.0));
        for tenths in 1..2_000 {
            let dosed_at = f64::from(tenths) / 10.0;
            let clock = after.map(|time| (10.0 * time + f64::from(tenths)).round() / 10.0);
            let late = Nca::observed(&clock, &conc).dosed_at(dosed_at).tau(12.0).window(4.0..=12.0);
            let late = late.terminal(terminal.clone()).analyse()?;
            assert_eq!((late.cmin()?, late.ctrough()?, late.lambda_z_points()?), (0.5, 0.5, 3.0), "{dosed_at}");
            let areas = [late.auc_tau()? / plain.auc_tau()?, late.auc_window()? / plain.auc_window()?];
            assert!(areas.iter().all(|ratio| (ratio - 1.0).abs() < 1e-12), "{dosed_at}: {areas:?}");
        }
    }
    Ok(())
}

/// An area up to where the concentration is no longer a normal number is that to infinity, to the last digits.
#[test]
fn a_tail_that_ends_in_nothing_is_whole() -> Result<()> {
    let conc = [1.6e-278, 8e-279, 4e-279, 2e-279, 1e-279].map(|conc| conc * 1e-10);
    let nca = Nca::observed(&[0.0, 1.0, 2.0, 3.0, 4.0], &conc).terminal(Terminal::Last(5)).analyse()?;
    let (whole, moment) = (nca.auc(4.0..=f64::INFINITY)?, nca.aumc(4.0..=f64::INFINITY)?);
    for end in [60.0, 63.0, 66.0, 70.0, 90.0, 120.0, 1e4] {
        let (area, first) = (nca.auc(4.0..=end)?, nca.aumc(4.0..=end)?);
        assert!((area / whole - 1.0).abs() < 4e-15, "{end}: {area} of {whole}");
        assert!((first / moment - 1.0).abs() < 4e-15, "{end}: {first} of {moment}");
    }
    Ok(())
}

/// Metrics that are products of others are numbers too.
#[test]
fn what_is_out_of_range_is_no_number() -> Result<()> {
    let (times, conc) = ([0.0, 1.0, 2.0, 4.0, 6.0], [8e14, 4e14, 2e14, 5e13, 1.25e13]);
    let nca = Nca::observed(&times, &conc).tau(1.7e308).analyse()?;
    assert_eq!((nca.fluctuation_pct(), nca.fluctuation_tau_pct()), (Err(Missing::Beyond), Err(Missing::Beyond)));
    Ok(())
}

#[test]
fn rules_for_the_terminal_slope() -> Result<()> {
    let times = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let conc = [0.0, 64.0, 40.0, 16.0, 8.0, 4.0, 2.0];
    let nca = |rule| Nca::observed(&times, &conc).terminal(rule).analyse();
    let best = nca(Terminal::default())?;
    assert_eq!((best.lambda_z_start()?, best.lambda_z_points()?), (3.0, 4.0));
    assert!((best.half_life()? - 1.0).abs() < 1e-14);
    assert_eq!(nca(Terminal::Last(2))?.r2_adj(), Err(Missing::TwoPoints));
    assert_eq!(nca(Terminal::Between { start: 4.0, end: 5.0 })?.lambda_z_end()?, 5.0);
    let chosen = nca(Terminal::At(vec![1.0, 3.0, 6.0]))?;
    assert_eq!((chosen.lambda_z_start()?, chosen.lambda_z_points()?), (1.0, 3.0));
    assert_eq!(nca(Terminal::At(vec![1.0, 2.5]))?.lambda_z(), Err(Missing::TooFewPoints { found: 1, needed: 2 }));
    assert_eq!(nca(Terminal::Last(9))?.lambda_z(), Err(Missing::TooFewPoints { found: 6, needed: 9 }));
    // The peak belongs to a bolus, and the time of an infusion does not.
    assert_eq!(
        Nca::observed(&[1.0, 2.0, 3.0], &[4.0, 2.0, 1.0]).dose(Dose::iv(1.0)).analyse()?.lambda_z_points()?,
        3.0
    );
    let infused = Nca::observed(&times, &conc).dose(Dose::iv(1.0).over(4.0)).analyse()?;
    assert_eq!((infused.lambda_z_start()?, infused.lambda_z_points()?), (4.0, 3.0));
    let rising = Nca::observed(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 9.0, 1.0, 2.0, 4.0]).analyse()?;
    assert_eq!(rising.half_life(), Err(Missing::NotFalling));
    assert_eq!(Nca::observed(&times, &[3.0; 7]).analyse()?.half_life(), Err(Missing::NotFalling));
    assert_eq!(rising.doubts(), Vec::<String>::new());
    assert_eq!(best.doubts(), Vec::<String>::new());
    let doubtful = Nca::observed(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 9.0, 5.0, 6.0, 4.0]).analyse()?;
    assert_eq!(
        doubtful.doubts(),
        [
            "the terminal slope has an R² of 0.302, below 0.9",
            "the terminal samples span 0.32 half-lives, fewer than 2",
            "62.3 % of the area is extrapolated, more than 20 %"
        ]
    );
    Ok(())
}

/// The best fit compares with the best of all windows: a longer one within 1e-4 of it wins, however the scores step.
#[test]
fn the_best_fit_compares_with_the_best_of_all() -> Result<()> {
    let k = 0.1;
    let times: Vec<f64> = (0..12).map(|i| 4.0 * f64::from(i)).collect();
    let noise = [0.0, 0.0, 0.02, -0.015, 0.01, 0.008, -0.006, 0.004, -0.002, 0.001, -0.0005, 0.0];
    let conc: Vec<f64> = times.iter().zip(noise).map(|(t, noise)| 50.0 * (noise - k * t).exp()).collect();
    let best = Nca::observed(&times, &conc).dose(Dose::iv(1.0)).analyse()?;
    let scores: Vec<f64> = (3..=12)
        .map(|n| Nca::observed(&times, &conc).terminal(Terminal::Last(n)).analyse()?.r2_adj().map_err(Into::into))
        .collect::<Result<_>>()?;
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let longest = (3..=12).rev().find(|n| scores[n - 3] > top - 1e-4).expect("a window");
    assert_eq!(best.lambda_z_points()?, f64::from(u32::try_from(longest).expect("small")));
    Ok(())
}

#[test]
fn what_cannot_be_had_says_why() -> Result<()> {
    let nothing =
        Nca::observed(&[0.0, 1.0, 2.0], &[0.0; 3]).dose(Dose::of(1.0)).tau(2.0).threshold(1.0).window(0.0..=1.0);
    let nothing = nothing.analyse()?.after(&Nca::observed(&[0.0, 1.0], &[0.0; 2]).tau(1.0).analyse()?);
    for metric in &METRICS {
        let missing = metric.value(&nothing).expect_err(metric.symbol);
        let other = [Missing::NotBolus, Missing::NotIntravenous, Missing::NoFirstDose];
        assert!(missing == Missing::AllBelow || other.contains(&missing), "{}: {missing}", metric.symbol);
    }
    let one = Nca::observed(&[2.0], &[3.0]).analyse()?;
    assert_eq!((one.cmax()?, one.auc_last()?), (3.0, 3.0)); // with the zero at the dose
    assert_eq!(one.half_life(), Err(Missing::TooFewPoints { found: 0, needed: 3 }));
    let oral = Nca::observed(&[0.0, 1.0, 2.0], &[0.0, 2.0, 0.0]).dose(Dose::of(1.0)).tau(2.0).analyse()?;
    assert_eq!((oral.vss_obs(), oral.c0()), (Err(Missing::NotIntravenous), Err(Missing::NotBolus)));
    assert_eq!((oral.cmin()?, oral.swing()), (0.0, Err(Missing::ByZero)));
    assert_eq!(oral.auc(-1.0..=1.0), Err(Missing::BeforeDose));
    assert_eq!((oral.time_above(), oral.auc_window()), (Err(Missing::NoThreshold), Err(Missing::NoWindow)));
    assert_eq!(
        (oral.accumulation_ratio(), oral.lambda_z()),
        (Err(Missing::NoFirstDose), Err(Missing::TooFewPoints { found: 0, needed: 3 }))
    );
    let error: menaquinone::Error = Missing::NoTau.into();
    assert_eq!(error.to_string(), "the value cannot be had: no dosing interval was given: name it with `tau`");
    Ok(())
}

// --------------------------------------------------------------------------------------------------------- bad input

#[test]
fn samples_that_cannot_be_are_refused() {
    let analyse = |times: &[f64], conc: &[f64]| Nca::observed(times, conc).analyse();
    refused(analyse(&[], &[]), "there are no samples: give at least one time with its concentration");
    refused(
        analyse(&[0.0, 1.0], &[0.0]),
        "2 times and 1 concentrations are not samples: give as many of one as of the other",
    );
    refused(
        analyse(&[0.0, f64::NAN], &[0.0, 1.0]),
        "the time of sample 2 is NaN h, but it must be a finite number of at most 1e15",
    );
    for (bad, text) in [(-0.5, "-0.5"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let sentence = format!(
            "the concentration of sample 2 at 1 h is {text} µg/L, but it must be a number from 0 to 1e15; write one below the limit of quantification as 0"
        );
        refused(analyse(&[0.0, 1.0], &[0.0, bad]), &sentence);
    }
    refused(
        analyse(&[0.0, 2.0, 1.0], &[0.0, 1.0, 2.0]),
        "sample 3 at 1 h does not come after the one at 2 h: times must ascend, so sort them by time",
    );
    refused(
        analyse(&[0.0, 2.0, 2.0], &[0.0, 1.0, 2.0]),
        "sample 3 at 2 h does not come after the one at 2 h: times must ascend, so keep one of them",
    );
    refused(
        Nca::observed(&[0.0, 2.0], &[0.0, 1.0]).dosed_at(3.0).analyse(),
        "no sample comes after the dose at 3 h: the last is at 2 h",
    );
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let nca = || Nca::observed(&[0.0, 1.0, 2.0], &[0.0, 2.0, 1.0]);
    for bad in [0.0, -1.0, f64::NAN] {
        let positive = "but it must be a positive, finite number";
        refused(nca().dose(Dose::of(bad)).analyse(), &format!("the amount of a dose is {bad} µg, {positive}"));
        refused(nca().tau(bad).analyse(), &format!("the dosing interval tau is {bad} h, {positive}"));
        refused(nca().threshold(bad).analyse(), &format!("the threshold is {bad} µg/L, {positive}"));
    }
    for bad in [0.0, -1.0, f64::NAN, 1e-320, 1e300] {
        let below = BelowLimit::ByTmax { before: BelowAs::Zero, after: BelowAs::Value(bad) };
        let sentence = format!(
            "the concentration that stands for one below the limit is {bad} µg/L, but it must be a number from 1e-290 to 1e15"
        );
        refused(nca().below(below).analyse(), &sentence);
    }
    for bad in [f64::NAN, f64::NEG_INFINITY, -1e300] {
        let sentence = format!("the time of the dose is {bad} h, but it must be a finite number of at most 1e15");
        refused(nca().dosed_at(bad).analyse(), &sentence);
    }
    refused(
        Nca::observed(&[1e-6, 2e-6], &[2.0, 1.0]).dosed_at(-1e12).analyse(),
        "two samples are both 1000000000000 h after the dose at -1000000000000 h, as far as numbers tell: count times from nearer to the samples",
    );
    refused(
        nca().window(3.0..=2.0).analyse(),
        "the window from 3 h to 2 h is not one: both must be finite and its end must not come before its start",
    );
    refused(
        nca().terminal(Terminal::Last(1)).analyse(),
        "a terminal slope of 1 samples is not possible: take at least 2, and 3 for an adjusted R²",
    );
    refused(
        nca().terminal(Terminal::Between { start: 2.0, end: f64::NAN }).analyse(),
        "the terminal samples cannot lie between 2 h and NaN h: both must be finite and the first must be earlier",
    );
    refused(
        nca().terminal(Terminal::At(vec![2.0, 1.0])).analyse(),
        "the times of the terminal samples must be at least two and ascend: name each once, the earliest first",
    );
}

#[test]
fn tables_that_cannot_be_are_refused_with_line_and_column() {
    let read = |text: &str| {
        let columns =
            Columns { dose: text.contains("dose").then_some(Column { name: "dose", unit: MG }), ..Columns::default() };
        Subjects::read(text.as_bytes(), &columns)
    };
    refused(read(""), "the table, line 1: there is no header: the first line must name the columns");
    refused(read("id,time,conc\n"), "the table has no samples below its header");
    refused(read("id,time,level\na,0,1\n"), "the table, line 1: there is no column `conc`; it has id, time, level");
    let width = "found 2 cells, but the header names 3 columns: give each column its cell";
    refused(read("id,time,conc\na,0,1\na,1\n"), &format!("the table, line 3: {width}"));
    let time = "but a time must be a finite number of hours; a sample before the dose is at 0 or below, such as -0.25";
    refused(read("id,time,conc\n# no\na,.,1\n"), &format!("the table, line 3, column time: found nothing, {time}"));
    refused(read("id,time,conc\na,inf,1\n"), &format!("the table, line 2, column time: found `inf`, {time}"));
    let conc = "but a concentration must be a number, zero or above; write BLQ or `<0.5` for one below the limit, and `.` for none";
    for bad in ["-1", "inf", "<x", "<0", "high"] {
        refused(
            read(&format!("id,conc,time\na,{bad},0\n")),
            &format!("the table, line 2, column conc: found `{bad}`, {conc}"),
        );
    }
    refused(
        read("id,time,conc\na,1,1\nb,0,1\na,1,2\n"),
        "the table, line 4, column time: found 1 h after 1 h, but the times of a subject must ascend: sort the rows; if they are several profiles or hold doses, tell them apart with Columns::profile, Columns::only or a column EVID",
    );
    refused(
        read("id,time,conc\na,\"1,1\nb,0,1\n"),
        "the table, line 2, column 2: a quote is opened and not closed: close it, or leave it out",
    );
    refused(
        read("id,time,conc,dose\na,0,1,x\n"),
        "the table, line 2, column dose: found `x`, but a dose must be a finite number, zero or above",
    );
    refused(
        read("id,time,conc,dose\na,0,1,5\na,1,1,6\n"),
        "the table, line 3, column dose: found `6`, but an earlier row of the subject has another dose: tell the profiles apart with Columns::profile",
    );
    refused(
        read("id,time,conc\na,0,1\n,1,1\n"),
        "the table, line 3, column id: found nothing, but every row must say whose it is: if the cell was merged with others in a spreadsheet, fill it in on every row",
    );
    let kind = read("id,time,conc\na,x,1\n").map_err(|error| error.kind());
    assert_eq!(kind, Err(ErrorKind::Text));
    let bytes = Subjects::read(&b"id,time,conc\n\xff,1,1\n"[..], &Columns::default()).expect_err("no text");
    assert_eq!(
        bytes.to_string(),
        "the table, line 2, column id: found `\u{fffd}`, but it must be text in UTF-8: save the file as UTF-8"
    );
    let none = Subjects::open("nowhere.csv", &Columns::default()).expect_err("no file");
    assert!(none.to_string().starts_with("cannot read nowhere.csv: "), "{none}");
    let bad = read("id,time,conc\na,0,0\na,1,2\nb,1,1\nb,2,0\nb,3,1\n").expect("a table");
    assert!(bad.have_gaps());
    let sentence = bad.analyse(&Rules::default()).expect_err("a gap").to_string();
    assert!(sentence.starts_with("subject b: the sample 2 h after the dose is below the limit"), "{sentence}");
}

// ------------------------------------------------------------------------------------------------------------ tables

#[test]
fn tables_read_back() -> Result<()> {
    let text = "\u{feff}Dose, Conc ,other,ID,TIME\r\n.,BLQ,?,\"s,1\",0\n5,8,?,\"s,1\",1\n5,<0.5,?,\"s,1\",9\n10,NA,?,t,0\n10,3,?,t,1\n";
    let columns = Columns { dose: Some(Column { name: "dose", unit: MG }), ..Columns::default() };
    let subjects = Subjects::read(text.as_bytes(), &columns)?;
    let read: Vec<_> = subjects.iter().map(|s| (s.id.as_str(), s.times.clone(), s.conc.clone(), s.amount)).collect();
    assert_eq!(read[0], ("s,1", vec![0.0, 1.0, 9.0], vec![0.0, 8.0, 0.0], Some(5_000.0)));
    assert_eq!(read[1], ("t", vec![1.0], vec![3.0], Some(10_000.0)));
    let table = subjects.analyse(&Rules::default())?;
    let wide = table.wide();
    let mut reader = csv::Reader::from_reader(wide.as_bytes());
    let header = reader.headers().expect("a header").clone();
    for (row, (id, analysis)) in reader.records().map(|row| row.expect("a row")).zip(&table) {
        assert_eq!(&row[0], id);
        for (heading, cell) in header.iter().zip(&row).skip(1) {
            let metric = Metric::named(heading.split(' ').next().expect("a name"))?;
            assert_eq!(cell.parse::<f64>().ok(), metric.value(analysis).ok(), "{heading}");
        }
    }
    let long = table.long();
    assert_eq!(long.lines().count(), 1 + 2 * METRICS.len());
    assert!(long.contains("\"s,1\",cmax,CMAX,8,µg/L,\n"), "{long}");
    Ok(())
}

/// So many that they are worth a second thread.
fn crowd() -> Vec<Subject> {
    let times = [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 36.0, 48.0];
    let subject = |i: u32| {
        let (ka, k) = (0.5 + 0.001 * f64::from(i % 977), 0.02 + 0.0001 * f64::from(i % 613));
        let conc = times.map(|t: f64| 10.0 * ((-k * t).exp() - (-ka * t).exp()));
        Subject {
            id: i.to_string(),
            times: times.to_vec(),
            conc: conc.to_vec(),
            amount: i.is_multiple_of(3).then_some(90.0),
            ..Subject::default()
        }
    };
    (0..20_000).map(subject).collect()
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
}

#[test]
fn any_number_of_threads_gives_the_same_bits() -> Result<()> {
    let subjects: Subjects = crowd().into_iter().collect();
    let rules = Rules { dose: Some(Dose::of(180.0)), tau: Some(DAY), ..Rules::default() };
    let analyse = |threads| with_threads(threads, || subjects.analyse(&rules));
    let one = analyse(1)?;
    for threads in [2, 3, 8] {
        assert!(one == analyse(threads)?, "{threads} threads");
    }
    for ((id, analysis), subject) in one.iter().zip(&subjects).step_by(997) {
        assert_eq!((id, analysis), (&subject.id, &subject.nca(&rules).analyse()?));
    }
    assert_eq!((one.iter().len(), one.analysis("3")?.cl_obs()? < one.analysis("4")?.cl_obs()?), (20_000, true));
    Ok(())
}

#[test]
fn the_first_subject_that_cannot_be_is_named() {
    let mut crowd = crowd();
    for i in [19_999, 12_345, 700] {
        crowd[i].conc[3] = -1.0;
    }
    let subjects: Subjects = crowd.into_iter().collect();
    for threads in [1, 2, 8] {
        let error =
            with_threads(threads, || subjects.analyse(&Rules::default())).expect_err("a negative concentration");
        assert!(
            error.to_string().starts_with("subject 700: the concentration of sample 4 at 2 h is -1 µg/L"),
            "{error}"
        );
    }
}

#[test]
fn summaries_are_those_of_statistics() -> Result<()> {
    let text = "id,time,conc\na,1,2\nb,1,4\nc,1,8\nd,1,BLQ\n";
    let table = Subjects::read(text.as_bytes(), &Columns::default())?.analyse(&Rules::default())?;
    let cmax = table.summary(Metric::named("cmax")?);
    assert_eq!((cmax.n, cmax.missing, cmax.median, cmax.min, cmax.max), (3, 1, Ok(4.0), Ok(2.0), Ok(8.0)));
    let close = |found: f64, exact: f64| assert!((found / exact - 1.0).abs() < 1e-14, "{found} is not {exact}");
    close(cmax.mean?, 14.0 / 3.0);
    close(cmax.sd?, (28.0_f64 / 3.0).sqrt());
    close(cmax.cv?, 100.0 * (28.0_f64 / 3.0).sqrt() / (14.0 / 3.0));
    close(cmax.geo_mean?, 4.0);
    close(cmax.geo_cv?, 100.0 * ((2.0_f64.ln() * 2.0_f64.ln()).exp() - 1.0).sqrt());
    assert_eq!(table.summary(Metric::named("cavg")?).mean, Err(Missing::NoValues));
    let tlag = table.summary(Metric::named("tlag")?);
    assert_eq!((tlag.geo_mean, tlag.mean), (Err(Missing::NotPositive), Ok(0.0)));
    assert!(
        table
            .summaries()
            .starts_with("symbol,unit,n,missing,mean,sd,cv_pct,geo_mean,geo_cv_pct,median,min,max\ncmax,µg/L,3,1,4.66")
    );
    Ok(())
}

#[test]
fn superposition_refuses_what_the_samples_do_not_say() -> Result<()> {
    let (times, conc) = ([0.0, 1.0, 2.0, 4.0, 6.0], [0.0, 8.0, 4.0, 1.0, 0.25]);
    let nca = Nca::observed(&times, &conc).dose(Dose::of(100.0)).analyse()?;
    refused(
        nca.superposed(Dose::iv(100.0), &[1.0]),
        "the samples are those of `100 ug` and say nothing about `100 ug iv`: the route and the duration must be the same",
    );
    refused(
        nca.superposed_for_ever(0.0, &[1.0]),
        "the dosing interval tau is 0 h, but it must be a positive, finite number",
    );
    let unknown = Nca::observed(&times, &conc).analyse()?;
    refused(
        unknown.superposed(Dose::of(1.0), &[1.0]),
        "the value cannot be had: no dose was given: name it with `dose`",
    );
    let two = nca.superposed(Dose::of(50.0).every(2.0).times(2), &[1.0, 3.0])?;
    assert_eq!(two.conc()[0], 4.0);
    assert!((two.conc()[1] - (1.0 + 4.0)).abs() < 1e-14);
    Ok(())
}

// ----------------------------------------------------------------------------------------------------------- registry

/// `docs/NCA.md` holds the table of metrics as the registry has it.
#[test]
fn the_document_has_every_metric() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/NCA.md");
    let document = std::fs::read_to_string(path).expect("docs/NCA.md");
    let code = |metric: &Metric| match metric.codes {
        [] => "-".to_owned(),
        [one] => one.to_string(),
        all => all.iter().map(|code| if code.is_empty() { "-" } else { code }).collect::<Vec<_>>().join(" / "),
    };
    let row = |metric: &Metric| {
        let definition = if metric.definition.is_empty() { String::new() } else { format!(": {}", metric.definition) };
        format!("| `{}` | {} | {} | {}{definition} |", metric.symbol, code(metric), metric.unit, metric.meaning)
    };
    let table: Vec<String> = METRICS.iter().map(row).collect();
    let table = table.join("\n");
    assert!(document.contains(&table), "docs/NCA.md needs this table of metrics:\n\n{table}\n");
    let mut symbols: Vec<_> = METRICS.iter().map(|metric| metric.symbol).collect();
    symbols.sort_unstable();
    symbols.dedup();
    assert_eq!(symbols.len(), METRICS.len(), "a symbol twice");
}

// --------------------------------------------------------------------------------------------------------------- laws

/// Ascending times and positive concentrations.
fn samples() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((0.01..10.0_f64, -6.0..6.0_f64), 3..40).prop_map(|pairs| {
        let mut now = 0.0;
        let next = |(step, log): (f64, f64)| {
            now += step;
            (now, log.exp())
        };
        pairs.into_iter().map(next).unzip()
    })
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-11 * a.abs().max(b.abs())
}

proptest! {
    #[test]
    fn areas_add_up((times, conc) in samples(), cut in 0.0..1.0_f64, which in 0..4_usize) {
        let rule =
            [AreaRule::Linear, AreaRule::LinearUpLogDown, AreaRule::Log, AreaRule::LinearThenLog][which];
        let nca = Nca::observed(&times, &conc).area(rule).analyse().expect("good samples");
        let tlast = nca.tlast().expect("a time");
        let middle = cut * tlast;
        let (left, right) = (nca.auc(0.0..=middle).expect("an area"), nca.auc(middle..=tlast).expect("an area"));
        prop_assert!(same(left + right, nca.auc_last().expect("an area")));
    }

    #[test]
    fn a_metric_is_a_number_or_a_reason((times, conc) in samples(), tau in 0.1..200.0_f64) {
        let nca = Nca::observed(&times, &conc).dose(Dose::iv(90.0)).tau(tau).threshold(1.0).window(1.0..=30.0);
        let nca = nca.analyse().expect("good samples");
        let nca = nca.clone().after(&nca);
        for metric in &METRICS {
            let value = metric.value(&nca);
            prop_assert!(value.is_err() || value.is_ok_and(f64::is_finite), "{}", metric.symbol);
        }
        prop_assert_eq!(nca.accumulation_ratio().unwrap_or(1.0), 1.0);
        prop_assert!(nca.time_above().map_or(true, |time| (0.0..=tau).contains(&time)));
    }

    #[test]
    fn levels_scale_and_times_shift((times, conc) in samples(), dosed_at in -100.0..100.0_f64) {
        let nca = |times: &[f64], factor: f64, at: f64| {
            let conc: Vec<f64> = conc.iter().map(|conc| factor * conc).collect();
            Nca::observed(times, &conc).dosed_at(at).dose(Dose::of(90.0)).analyse().expect("good samples")
        };
        let (one, eight) = (nca(&times, 1.0, 0.0), nca(&times, 8.0, 0.0));
        prop_assert!(same(8.0 * one.auc_last().expect("an area"), eight.auc_last().expect("an area")));
        if let (Ok(one), Ok(eight)) = (one.terminal(), eight.terminal()) {
            prop_assert!(same(one.lambda_z, eight.lambda_z), "{one:?} {eight:?}");
        }
        let shifted: Vec<f64> = times.iter().map(|time| time + dosed_at).collect();
        let shifted = nca(&shifted, 1.0, dosed_at);
        let (a, b) = (one.auc_last().expect("an area"), shifted.auc_last().expect("an area"));
        prop_assert!((a - b).abs() <= 1e-9 * a, "{a} {b}");
    }

    #[test]
    fn the_mean_of_an_exponential_lies_between_two_others(c1 in 1e-6..1e6_f64, log in -1.0..1.0_f64, size in -17..3_i32, h in 1e-3..1e3_f64) {
        // Nearly equal concentrations as well as far ones: log u from 1e-17 to 1e2.
        let c2 = c1 * (log * 10.0_f64.powi(size)).exp();
        prop_assume!(c2 > 1e-280 && c2 < 1e15);
        let nca = Nca::observed(&[0.0, h], &[c1, c2]).area(AreaRule::Log).analyse().expect("good samples");
        let (mean, moment) = (nca.auc_last().expect("an area") / h, nca.aumc_last().expect("an area") / h / h);
        let (geometric, arithmetic) = (c1.sqrt() * c2.sqrt(), 0.5 * (c1 + c2));
        // Two areas, each within 5e-16 as `log_segments.csv` asks, and what is rounded here.
        let slack = 2.0 * 5e-16 + 2.0 * f64::EPSILON;
        prop_assert!(mean >= geometric * (1.0 - slack) && mean <= arithmetic * (1.0 + slack), "{geometric} {mean} {arithmetic}");
        // The centre of a piece lies in its later half where it rises, and in its earlier half where it falls.
        let (centre, rises) = (moment / mean, c2 >= c1);
        prop_assert!(if rises { centre >= 0.5 - slack } else { centre <= 0.5 + slack }, "{centre}");
        prop_assert!(centre > 0.0 && centre < 1.0);
        // Turned round, the piece has the same area, and its centre is as far from the other end.
        let turned = Nca::observed(&[0.0, h], &[c2, c1]).area(AreaRule::Log).analyse().expect("good samples");
        prop_assert!((turned.auc_last().expect("an area") / h / mean - 1.0).abs() <= slack);
        prop_assert!((turned.aumc_last().expect("an area") / h / h / mean + centre - 1.0).abs() <= 2.0 * slack);
    }

    #[test]
    fn powers_of_two_change_no_bit_of_an_area((times, conc) in samples(), power in -900..40_i32) {
        let factor = 2.0_f64.powi(power);
        let nca = |factor: f64| {
            let conc: Vec<f64> = conc.iter().map(|conc| factor * conc).collect();
            Nca::observed(&times, &conc).analyse().expect("good samples")
        };
        let (one, other) = (nca(1.0), nca(factor));
        prop_assert_eq!(one.auc_last().map(|area| area * factor), other.auc_last());
        prop_assert_eq!(one.aumc_last().map(|area| area * factor), other.aumc_last());
        prop_assert_eq!(one.tmax(), other.tmax());
    }

    #[test]
    fn whatever_is_measured_there_is_a_number_or_a_reason(
        samples in prop::collection::vec((-12.0..12.0_f64, -320.0..15.0_f64, 0..4_u8), 1..40),
        (tau, threshold, start) in (-12.0..14.0_f64, -300.0..15.0_f64, -1.0..1e3_f64),
        (way, below, at_dose, area, terminal) in (0..4_usize, 0..4_usize, 0..4_usize, 0..4_usize, 0..4_usize),
    ) {
        let mut now = 0.0;
        let next = |(step, size, kind): (f64, f64, u8)| {
            now += 10.0_f64.powf(step).max(1e-12 * now);
            (now, if kind == 0 { 0.0 } else { 10.0_f64.powf(size) })
        };
        let (times, conc): (Vec<f64>, Vec<f64>) = samples.into_iter().map(next).unzip();
        let tau = 10.0_f64.powf(tau);
        let half = BelowAs::Value(0.5);
        let rules = Rules {
            dose: [None, Some(Dose::of(1e-9)), Some(Dose::iv(1e12)), Some(Dose::iv(1.0).over(0.7 * tau))][way],
            dosed_at: 0.0,
            tau: Some(tau),
            area: [AreaRule::Linear, AreaRule::LinearUpLogDown, AreaRule::Log, AreaRule::LinearThenLog][area],
            below: [Some(BelowLimit::ZERO), Some(BelowLimit::DROP_MIDDLE), Some(BelowLimit::ByTmax { before: half, after: BelowAs::Dropped }), None][below],
            at_dose: [AtDose::Zero, AtDose::Lowest, AtDose::Refused, AtDose::Carried][at_dose],
            terminal: [Terminal::default(), Terminal::BestFit { least: 2 }, Terminal::Last(2), Terminal::Between { start: 0.0, end: tau }][terminal].clone(),
            threshold: Some(10.0_f64.powf(threshold)),
            window: Some((start, start + tau)),
        };
        let analysed = Nca::observed(&times, &conc).rules(rules).analyse();
        let Ok(nca) = analysed else {
            prop_assert!(below == 3, "{analysed:?}"); // a gap about which nothing was said
            return Ok(());
        };
        let nca = nca.clone().after(&nca);
        for (metric, value) in METRICS.iter().zip(nca.values()) {
            prop_assert!(value.is_err() || value.is_ok_and(f64::is_finite), "{} {value:?}", metric.symbol);
            prop_assert_eq!(value, metric.value(&nca));
        }
        let area = [nca.auc_last(), nca.auc_tau(), nca.auc_window(), nca.aumc_last(), nca.cmin(), nca.cavg(), nca.ctrough()];
        prop_assert!(area.iter().flatten().all(|value| *value >= 0.0), "{area:?}");
        if let (Ok(last), Ok(whole)) = (nca.auc_last(), nca.auc_inf_obs()) {
            prop_assert!(whole >= last, "{whole} {last}");
        }
        prop_assert!(nca.time_above().map_or(true, |time| (0.0..=tau).contains(&time)), "{:?}", nca.time_above());
    }
}
