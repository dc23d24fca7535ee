//! The markers: their equation against other routes to it, their tables against docs/PARAMETERS.md, and what they predict
//! against what trials printed.

mod common;

use common::near_abs;
use std::fmt::Write;

use menaquinone::marker::*;
use menaquinone::vitamer::{Basis, MK4, MK7, Row};
use menaquinone::{
    Dose, Model, Profile, Regimen, Result, grid,
    ode::{System, Tolerance},
    units::*,
};
use proptest::prelude::*;

const DOCUMENT: &str = include_str!("../docs/PARAMETERS.md");
const VALIDATION: &str = include_str!("../docs/VALIDATION.md");

fn constant(level: f64, times: Vec<f64>) -> Profile {
    let conc = vec![level; times.len()];
    Profile::new(times, conc).unwrap()
}

// ---------------------------------------------------------------- the equation

/// The same equation as a user would write it, in the unit of the marker, with a level by a formula.
struct Direct<F> {
    marker: Turnover,
    level: F,
}

impl<F: Fn(f64) -> f64> System<1> for Direct<F> {
    fn derivative(&self, t: f64, &[m]: &[f64; 1]) -> [f64; 1] {
        let Turnover { baseline, c0, ic50, imax, kout, elimination } = self.marker;
        let kin = kout * baseline / (1.0 - imax * c0 / (ic50 + c0));
        let c = (self.level)(t);
        [kin * (1.0 - imax * c / (ic50 + c)) - kout * elimination * m]
    }
    fn concentration(&self, &[m]: &[f64; 1]) -> f64 {
        m
    }
    fn initial(&self) -> [f64; 1] {
        [self.marker.baseline]
    }
}

/// A level that rises and swings.
fn swinging(t: f64) -> f64 {
    0.28 + 5.0 * (1.0 - (-t / 100.0).exp()) + (t / 24.0).sin().powi(2)
}

const MARKER: Turnover = Turnover { baseline: 400.0, c0: 0.28, ic50: 12.2, imax: 0.9, kout: 0.01, elimination: 0.8 };

/// The largest difference from the ODE path, relative to the baseline, with samples `step` h apart.
fn error_of(step: f64) -> f64 {
    let times = grid(0.0..=480.0, step);
    let profile = Profile::new(times.clone(), times.iter().map(|t| swinging(*t)).collect()).unwrap();
    let found = MARKER.response(&profile).unwrap();
    let tolerance = Tolerance { rtol: 1e-12, atol: 1e-12, ..Tolerance::default() };
    let solved = Direct { marker: MARKER, level: swinging }.profile(Regimen::default(), &times, tolerance).unwrap();
    let pairs = found.values().iter().zip(solved.conc());
    pairs.map(|(a, b)| (a - b).abs() / MARKER.baseline).fold(0.0, f64::max)
}

#[test]
fn the_response_agrees_with_the_ode_path_and_converges_with_the_square_of_the_step() {
    let errors = [4.0, 2.0, 1.0, 0.5].map(error_of);
    assert!(errors[2] < 1e-5, "samples an hour apart: {errors:?}");
    for pair in errors.windows(2) {
        near_abs((pair[0] / pair[1]).log2(), 2.0, 0.05);
    }
}

#[test]
fn a_constant_level_has_a_closed_form() {
    let marker = DP_UCMGP.parameters;
    for level in [0.0, 0.28, 5.0, 1e6] {
        let steady = marker.steady(level).unwrap();
        let response = marker.response(&constant(level, vec![0.0, 1.0, 100.0, 101.0, 5000.0])).unwrap();
        for (t, found) in response.iter() {
            let expected = steady + (marker.baseline - steady) * (-marker.kout * t).exp();
            near_abs(found / marker.baseline, expected / marker.baseline, 1e-15);
        }
        // E = imax c / (ic50 + c), against the same at the habitual level.
        let left = |c: f64| 1.0 - c / (12.2 + c);
        near_abs(steady / 376.0, left(level) / left(0.28), 1e-10);
    }
}

#[test]
fn the_habitual_level_changes_nothing_to_the_last_bit() {
    for marker in MARKERS {
        let response = marker.response(&constant(marker.parameters.c0, grid(0.0..=52.0 * WEEK, DAY))).unwrap();
        assert!(response.values().iter().all(|value| *value == marker.parameters.baseline), "{}", marker.symbol);
    }
}

/// However slow or fast the marker, no digit is lost.
#[test]
fn tiny_and_huge_rates_keep_their_digits() {
    let level = Profile::new(vec![0.0, 1.0], vec![0.28, 12.48]).unwrap();
    let fall = |kout: f64| {
        let response = Turnover { kout, ..MARKER }.response(&level).unwrap();
        1.0 - response.last() / MARKER.baseline
    };
    let end = 1.0 - MARKER.steady(12.48).unwrap() / MARKER.baseline;
    // A fast marker has arrived.
    for kout in [1e8, 1e150, 1e300] {
        near_abs(fall(kout) / end, 1.0, 1e-7);
    }
    // A slow one has the area under the straight line: here with elimination 0.8 the target begins at 1 / 0.8.
    let begin = 1.0 - 1.0 / 0.8;
    for kout in [1e-3, 1e-6, 1e-9] {
        near_abs(fall(kout) / (0.8 * kout), 0.5 * (begin + end), 2e-3 * (kout / 1e-3).max(1e-4));
    }
    assert_eq!(fall(1e-300), 0.0);
}

#[test]
fn equal_times_are_a_jump_of_the_level() {
    let smooth = DP_UCMGP.response(&Profile::new(vec![0.0, 10.0, 20.0], vec![1.0, 1.0, 1.0]).unwrap()).unwrap();
    let double = Profile::new(vec![0.0, 10.0, 10.0, 20.0], vec![1.0, 1.0, 1.0, 1.0]).unwrap();
    let double = DP_UCMGP.response(&double).unwrap();
    assert_eq!(smooth.last(), double.last());
    let one = DP_UCMGP.response(&constant(3.0, vec![7.0])).unwrap();
    assert_eq!((one.values(), one.change(), one.lowest()), (&[376.0][..], 0.0, (7.0, 376.0)));
}

#[test]
fn osteocalcin_keeps_its_total_and_its_ratio_follows_the_equation() {
    let bone = OSTEOCALCIN.parameters;
    let times = grid(0.0..=480.0, 1.0);
    let profile = Profile::new(times.clone(), times.iter().map(|t| swinging(*t)).collect()).unwrap();
    let response = bone.response(&profile).unwrap();
    for (uc, c) in response.uc().values().iter().zip(response.c().values()) {
        near_abs((uc + c) / 18.8, 1.0, 1e-14);
    }
    // At a constant level: the ratio falls as 1 / (1 + C / ic50), and the total is known.
    let level = constant(5.0, vec![0.0, 1000.0]);
    let ratio = (3.9 / 14.9) * (1.0 + 0.28 / 3.6) / (1.0 + 5.0 / 3.6);
    let steady = bone.response(&level).unwrap();
    near_abs(steady.ratio().last() / ratio, 1.0, 1e-13);
    near_abs(steady.fraction().last() / (ratio / (1.0 + ratio)), 1.0, 1e-13);
    near_abs(bone.steady_ratio(5.0).unwrap() / ratio, 1.0, 1e-14);
}

/// With little uncarboxylated protein this is phi = phi0 (1 + c0/ic50) / (1 + C/ic50); with much of it that would exceed 1.
#[test]
fn the_fraction_never_leaves_zero_to_one() {
    let fraction =
        |bone: Osteocalcin, level: f64| bone.response(&constant(level, vec![0.0, 2000.0])).unwrap().fraction().last();
    let simple = |bone: Osteocalcin, level: f64| {
        bone.uc / (bone.uc + bone.c) * (1.0 + bone.c0 / bone.ic50) / (1.0 + level / bone.ic50)
    };
    let little = Osteocalcin { uc: 0.01, c: 10.0, ..OSTEOCALCIN.parameters };
    near_abs(fraction(little, 5.0) / simple(little, 5.0), 1.0, 1e-3);
    let much = Osteocalcin { uc: 5.0, c: 5.0, c0: 5.3, ..OSTEOCALCIN.parameters };
    assert!(simple(much, 0.0) > 1.2 && fraction(much, 0.0) < 0.72);
}

proptest! {
    /// Whatever the level does, more of it means less of the marker, and the marker stays between where its extremes lead.
    #[test]
    fn more_of_the_level_means_less_of_the_marker(
        gaps in prop::collection::vec((0.0..2000.0_f64, 0.0..50.0_f64, 0.0..20.0_f64), 1..40),
        imax in 0.0..=1.0_f64,
        kout in 1e-5..10.0_f64,
    ) {
        let marker = Turnover { imax, kout, ..MARKER };
        let times: Vec<f64> = gaps.iter().scan(0.0, |time, gap| { *time += gap.0; Some(*time) }).collect();
        let low: Vec<f64> = gaps.iter().map(|gap| gap.1).collect();
        let high: Vec<f64> = gaps.iter().map(|gap| gap.1 + gap.2).collect();
        let response = |conc: &[f64]| marker.response(&Profile::new(times.clone(), conc.to_vec()).unwrap()).unwrap();
        let (more, less) = (response(&low), response(&high));
        let slack = 1e-13 * marker.baseline;
        for (more, less) in more.values().iter().zip(less.values()) {
            prop_assert!(less <= &(more + slack));
        }
        let end = |conc: f64| marker.steady(conc).unwrap();
        let most = end(0.0).max(marker.baseline) + slack;
        let least = end(70.0).min(marker.baseline) - slack;
        prop_assert!(less.values().iter().all(|value| (least..=most).contains(value)));
    }
}

#[test]
fn kidney_function_moves_baseline_and_speed() -> Result<()> {
    let healthy = DP_UCMGP.parameters;
    for (egfr, factor) in [(90.0, 1.0), (60.0, 1.57), (30.0, 2.47), (10.0, 3.34)] {
        let person = healthy.at_egfr(egfr)?;
        near_abs(person.baseline / healthy.baseline, factor, 0.005);
        near_abs(person.baseline * person.kout, healthy.baseline * healthy.kout, 1e-12); // as much is made
    }
    // The same kidney function before and after is no change.
    let same = healthy.egfr_changes(Egfr { from: 40.0, to: 40.0 })?;
    assert_eq!(same, healthy);
    Ok(())
}

// ---------------------------------------------------------------- what cannot be

#[test]
fn bad_input_gets_a_sentence() {
    let good = DP_UCMGP.parameters;
    let level = constant(1.0, vec![0.0, 1.0]);
    let says = |marker: Turnover| marker.response(&level).unwrap_err().to_string();
    assert_eq!(says(Turnover { kout: f64::NAN, ..good }), "kout is NaN 1/h, but it must be a positive, finite number");
    assert_eq!(says(Turnover { ic50: 0.0, ..good }), "ic50 is 0 µg/L, but it must be a positive, finite number");
    assert_eq!(says(Turnover { c0: -1.0, ..good }), "c0 is -1 µg/L, but it must be a finite number, zero or above");
    assert_eq!(
        says(Turnover { baseline: f64::INFINITY, ..good }),
        "baseline is inf, but it must be a positive, finite number"
    );
    assert_eq!(says(Turnover { imax: 1.5, ..good }), "imax is 1.5, but it must be a fraction from 0 to 1");
    assert_eq!(says(Turnover { imax: f64::NAN, ..good }), "imax is NaN, but it must be a fraction from 0 to 1");
    assert_eq!(
        says(Turnover { c0: 1e300, ic50: 1e-300, ..good }),
        "the parameters of the marker are too extreme for a number: check their units (µg/L and 1/h)"
    );
    let below = Profile::new(vec![0.0, 24.0], vec![0.1, -0.2]).unwrap();
    let sentence = "the level at 24 h is -0.2 µg/L, but a marker needs levels of zero or above: a marker takes whole \
                    levels, not differences from a baseline";
    assert_eq!(good.response(&below).unwrap_err().to_string(), sentence);
    assert_eq!(OSTEOCALCIN.response(&below).unwrap_err().to_string(), sentence);
    assert_eq!(
        good.steady(-1.0).unwrap_err().to_string(),
        "the level is -1 µg/L, but it must be a finite number, zero or above"
    );
    assert_eq!(
        good.at_egfr(f64::NAN).unwrap_err().to_string(),
        "the eGFR is NaN mL/min/1.73 m², but it must lie between 0 and 200: 90 is healthy, and 10 needs dialysis"
    );
    assert_eq!(
        DP_UCMGP.anchored(0.0).unwrap_err().to_string(),
        "the level per dose is 0 µg/L per µg a day, but it must be a positive, finite number"
    );
    assert_eq!(
        DP_CMGP.anchored(0.03).unwrap_err().to_string(),
        "dp-cMGP has no row `ed50`: ask for baseline, c0, ic50, imax, t_half"
    );
    assert_eq!(
        OSTEOCALCIN.parameters.steady_ratio(f64::NAN).unwrap_err().to_string(),
        "the level is NaN µg/L, but it must be a finite number, zero or above"
    );
    let bone = Osteocalcin { c: 0.0, ..OSTEOCALCIN.parameters };
    assert_eq!(bone.response(&level).unwrap_err().to_string(), "c is 0 µg/L, but it must be a positive, finite number");
}

/// A profile cannot be empty, so a marker needs no sentence for one.
#[test]
fn an_empty_profile_cannot_be() {
    assert!(Profile::new(vec![], vec![]).unwrap_err().to_string().starts_with("there are no output times"));
}

// ---------------------------------------------------------------- what trials printed

/// The model of the predictions: the nominal set of MK-7 above the habitual level of the marker.
fn model() -> Model {
    MK7.model().with_baseline(0.28).unwrap()
}

fn per_dose(model: &Model) -> f64 {
    model.steady_state(Dose::of(1.0 * UG).every(DAY)).unwrap().cavg() - model.baseline()
}

/// The change of a marker at the end of a trial, %.
fn predicted(trial: &Trial) -> f64 {
    let (model, end) = (model(), trial.weeks * WEEK);
    let regimen = match trial.dosing {
        "" => Regimen::default(),
        text => text.parse().unwrap(),
    };
    let profile = model.profile(regimen, &grid(0.0..=end, 0.5 * HOUR)).unwrap();
    let slope = per_dose(&model);
    if trial.marker == OSTEOCALCIN.symbol {
        return OSTEOCALCIN.anchored(slope).unwrap().response(&profile).unwrap().ratio().change();
    }
    let marker = MARKERS.into_iter().find(|marker| marker.symbol == trial.marker).unwrap();
    let turnover = marker.anchored(slope).unwrap_or(marker.parameters); // a control has no dose-response
    turnover.response(&profile).unwrap().change()
}

/// The line of a trial in docs/VALIDATION.md.
fn line(trial: &Trial) -> String {
    let Trial { study, people, marker, dosing, weeks, change, role, .. } = trial;
    let (role, found) = (format!("{role:?}").to_lowercase(), predicted(trial));
    let dosing = if dosing.is_empty() { "nothing" } else { dosing };
    let off = format!("{:+.1}", found - change).replace("-0.0", "0.0").replace("+0.0", "0.0");
    let found = format!("{found:.1}").replace("-0.0", "0.0");
    format!("| {study} | {people} | {marker} | {dosing} | {weeks} | {change} | {found} | {off} | {role} |")
}

#[test]
fn the_document_prints_every_trial_beside_its_prediction() {
    let lines: Vec<_> = TRIALS.iter().map(line).collect();
    let all = lines.join("\n");
    assert!(VALIDATION.contains(&all), "docs/VALIDATION.md lacks this table:\n{all}");
}

#[test]
fn what_is_fitted_fits_within_three_points() {
    for trial in TRIALS.iter().filter(|trial| trial.role == Use::Fit) {
        near_abs(predicted(trial), trial.change, 3.0);
    }
}

/// The bands are stated, not earned: a check is allowed to miss, and by how much is known.
#[test]
fn what_is_not_fitted_misses_by_what_is_stated() {
    let misses: Vec<_> = TRIALS.iter().filter(|trial| trial.role == Use::Check).collect();
    let within = |low: f64, high: f64, study: &str| {
        for trial in misses.iter().filter(|trial| trial.study == study) {
            let miss = predicted(trial) - trial.change;
            assert!((low..=high).contains(&miss), "{study}: {miss}");
        }
    };
    within(18.0, 22.0, "Knapen 2015"); // too little: -30 against -50 %
    within(-20.0, -15.0, "Emaus 2010"); // too much: -73 against -56 %
    within(5.0, 12.0, "Mansour 2017");
    within(-10.0, -5.0, "Kurnatowska 2016");
    within(-12.0, -7.0, "pilot 2011");
    within(-24.0, -18.0, "Caluwe 2014");
    within(25.0, 35.0, "Aoun 2017");
    // Nothing at three months and much at twelve: no turnover with one half-life does both.
    within(-50.0, 3.0, "Oikonomaki 2019");
}

/// Healthy adults respond within two weeks of 90 µg (Bruge 2011: cOC up, ucOC down, without numbers).
#[test]
fn osteocalcin_responds_within_two_weeks() {
    let profile = model().profile(Dose::of(90.0 * UG).every(DAY), &grid(0.0..=2.0 * WEEK, HOUR)).unwrap();
    let response = OSTEOCALCIN.response(&profile).unwrap();
    assert!(response.uc().change() < -25.0 && response.c().change() > 5.0);
}

/// Kremer 2021: 1252 to 609 pmol/L three months after a transplant, without vitamin K. The eGFR before it, 10 mL/min, is
/// assumed; 49 after it is the mean of the cross-section.
#[test]
fn a_transplant_alone_lowers_dp_ucmgp() {
    let before = DP_UCMGP.parameters.at_egfr(10.0).unwrap();
    let person = Turnover { baseline: 1252.0, ..before }.egfr_changes(Egfr { from: 10.0, to: 49.0 }).unwrap();
    let response = person.response(&constant(0.28, grid(0.0..=13.0 * WEEK, DAY))).unwrap();
    near_abs(response.last(), 700.0, 0.5); // printed: 609
    let sentence = "1252 to 700 pmol/L";
    assert!(VALIDATION.contains(sentence), "docs/VALIDATION.md does not say `{sentence}`");
}

/// Theuwissen 2013: under acenocoumarol 45 µg a day moved neither ucOC nor dp-ucMGP. The equations do not know the
/// antagonist, and what they would say is in the document.
#[test]
fn under_an_antagonist_the_markers_do_not_hold() {
    let profile = model().profile(Dose::of(45.0 * UG).every(DAY), &grid(0.0..=2.0 * WEEK, HOUR)).unwrap();
    let slope = per_dose(&model());
    let mgp = DP_UCMGP.anchored(slope).unwrap().response(&profile).unwrap().change();
    let bone = OSTEOCALCIN.anchored(slope).unwrap().response(&profile).unwrap();
    let sentence = format!("ucOC {:.0} % and dp-ucMGP {mgp:.0} % after two weeks", bone.uc().change());
    assert!(VALIDATION.contains(&sentence), "docs/VALIDATION.md does not say `{sentence}`");
}

#[test]
fn controls_stay_flat() {
    for trial in TRIALS.iter().filter(|trial| trial.role == Use::Control) {
        near_abs(predicted(trial), 0.0, 1e-9);
    }
    let profile = model().profile(Dose::of(360.0 * UG).every(DAY), &grid(0.0..=12.0 * WEEK, HOUR)).unwrap();
    for marker in [&DP_CMGP, &T_UCMGP] {
        let response = marker.response(&profile).unwrap();
        assert!(response.values().iter().all(|value| *value == 100.0), "{}", marker.symbol);
    }
}

/// 420 µg of MK-4 were not detected (Sato 2012; the assays see 0.04 µg/L), and both sets predict that they are. The sets are
/// kept and the misfit is said: in the row, with the figures that the sets give.
#[test]
fn mk4_in_small_doses_is_a_misfit_that_is_said() {
    let row = OTHER_VITAMERS.iter().find(|row| row.symbol == "mk4_not_detected").unwrap();
    assert_eq!((row.value, row.basis), (420.0, Basis::Printed));
    let peaks = MK4.sets().iter().map(|set| {
        let profile = set.model().profile(Dose::of(row.value), &grid(0.0..=DAY, 0.05 * HOUR)).unwrap();
        profile.conc().iter().copied().fold(0.0, f64::max)
    });
    let peaks: Vec<_> = peaks.map(|peak| format!("{peak:.1}")).collect();
    assert_eq!(peaks, ["1.0", "4.5"]);
    assert!(row.source.contains("a peak of 1.0 (nominal) and 4.5 µg/L (literature)"));
    assert!(row.source.contains("do not drive a marker with µg doses of MK-4"));
}

// ---------------------------------------------------------------- the distribution

#[test]
fn the_distribution_of_the_ed50_follows_from_its_rows() {
    let studies: Vec<f64> = ED50_STUDIES.iter().filter(|row| row.symbol != "aoun").map(|row| row.value.ln()).collect();
    assert_eq!((ED50_STUDIES.len(), studies.len()), (8, 7));
    let n = 7.0;
    let mean = studies.iter().sum::<f64>() / n;
    let variance = studies.iter().map(|ln| (ln - mean).powi(2)).sum::<f64>() / (n - 1.0);
    near_abs(ED50_DP_UCMGP.median, mean.exp(), 1.0);
    near_abs(ED50_DP_UCMGP.omega, variance.sqrt(), 0.005);
    near_abs(ED50_DP_UCMGP.at(0.0), 363.0, 1e-12);
}

/// The fits to two and three doses are least squares on the printed percentages with imax = 1.
#[test]
fn the_ed50s_are_the_least_squares_fits() {
    for (marker, ed50) in [("dp-ucMGP", 413.0), ("dp-ucMGP (HD)", 227.0), ("ucOC/cOC", 122.0)] {
        let data: Vec<_> = TRIALS.iter().filter(|trial| trial.role == Use::Fit && trial.marker == marker).collect();
        let squares = |ed50: f64| -> f64 {
            data.iter().map(|trial| (100.0 * trial.dose / (ed50 + trial.dose) + trial.change).powi(2)).sum()
        };
        let best = (10..2000).map(f64::from).min_by(|a, b| squares(*a).total_cmp(&squares(*b))).unwrap();
        near_abs(best, ed50, 2.0);
    }
}

// ---------------------------------------------------------------- the rows and the document

fn tables() -> Vec<(String, String, &'static [Row])> {
    let lead = |name: &str, contested: &str| format!("{}.\n\n*Contested:* {contested}\n\n", capital(name));
    let marker = |m: &&'static Marker| (format!("Marker, `{}`", m.symbol), lead(m.name, m.contested), m.rows);
    let mut all: Vec<_> = MARKERS.iter().map(marker).collect();
    let bone = &OSTEOCALCIN;
    all.push((format!("Marker, `{}`", bone.symbol), lead(bone.name, bone.contested), bone.rows));
    all.push(("Marker, kidney function".into(), String::new(), std::slice::from_ref(&KIDNEY)));
    all.push(("Marker, ED50 of dp-ucMGP by study".into(), String::new(), ED50_STUDIES));
    all.push(("Marker, other vitamers".into(), String::new(), OTHER_VITAMERS));
    all
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

/// A table as the document prints it.
fn section((heading, lead, rows): (String, String, &[Row])) -> String {
    let mut text = format!("### {heading}\n\n{lead}");
    text += "| symbol | in print | meaning | value | unit | range | CV | basis | source |\n";
    text += "|---|---|---|---|---|---|---|---|---|\n";
    for row in rows {
        let Row { symbol, label, meaning, value, unit, basis, source, .. } = row;
        let (range, cv) = (row.range_text(), row.cv_text());
        let unit = if unit.is_empty() { "-" } else { unit };
        writeln!(text, "| `{symbol}` | {label} | {meaning} | {value} | {unit} | {range} | {cv} | {basis} | {source} |")
            .unwrap();
    }
    text
}

#[test]
fn the_document_prints_every_marker_and_every_row() {
    let sections: Vec<_> = tables().into_iter().map(section).collect();
    for section in &sections {
        assert!(DOCUMENT.contains(section), "docs/PARAMETERS.md lacks this:\n\n{}", sections.join("\n"));
    }
    assert_eq!(DOCUMENT.matches("\n### Marker, ").count(), sections.len(), "a marker is printed that is gone");
}

/// Whether a text has a year of print in it, by itself or in a doi.
fn names_a_year(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    numbers.into_iter().any(|year: u32| (1950..2030).contains(&year))
}

#[test]
fn every_row_is_whole() {
    for (place, _, rows) in tables() {
        for row in rows {
            for text in [row.symbol, row.label, row.meaning, row.source] {
                assert!(!text.trim().is_empty() && !text.contains(['|', '\n']), "{place}: {row:?}");
            }
            let is_read = matches!(row.basis, Basis::Printed | Basis::Secondary);
            assert!(!is_read || names_a_year(row.source), "{place}: what was read has a study with its year: {row:?}");
            assert!(row.value.is_finite() && row.value >= 0.0, "{place} {}", row.symbol);
            assert!(row.low.is_none_or(|low| (0.0..=row.value).contains(&low)), "{place} {}", row.symbol);
            assert!(row.high.is_none_or(|high| high >= row.value), "{place} {}", row.symbol);
        }
    }
}

#[test]
fn the_ic50_is_the_ed50_times_the_slope() {
    for (place, _, rows) in tables().into_iter().filter(|(.., rows)| rows.iter().any(|row| row.symbol == "per_dose")) {
        let value = |symbol: &str| rows.iter().find(|row| row.symbol == symbol).unwrap().value;
        near_abs(value("ic50"), value("ed50") * value("per_dose"), 0.05);
        assert!(rows.iter().any(|row| row.symbol == "t_half" && row.basis == Basis::Assumed), "{place}");
    }
}

#[test]
fn every_trial_is_whole() {
    for trial in TRIALS {
        assert!(names_a_year(trial.study) && trial.people.len() > 5, "{trial:?}");
        let place = ["doi:", "PMC", "PMID", "abstract"].iter().any(|mark| trial.source.contains(mark));
        assert!(place || trial.basis == Basis::Memory, "{trial:?}");
        let known = MARKERS.iter().any(|marker| marker.symbol == trial.marker) || trial.marker == OSTEOCALCIN.symbol;
        assert!(known && (-100.0..=0.0).contains(&trial.change) && trial.weeks > 0.0, "{trial:?}");
        if trial.dosing.is_empty() {
            assert_eq!(trial.dose, 0.0);
        } else {
            let regimen: Regimen = trial.dosing.parse().unwrap();
            let model = model();
            let average = model.steady_state(regimen).unwrap().cavg() - model.baseline();
            near_abs(average / per_dose(&model), trial.dose, 1e-9 * trial.dose);
        }
    }
}
