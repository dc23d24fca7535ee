//! Every example as its reader meets it: a process in an empty folder, what it prints and what it leaves behind.
//!
//! `cargo test` builds the examples before it runs this; after `cargo test --test examples` alone they may be missing.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::folder::{Folder, text};
use menaquinone::antagonist::NOTICE;
use menaquinone::marker::{DP_UCMGP, DP_UCMGP_HD, OSTEOCALCIN};
use menaquinone::{
    Dose, Model, Repeating, SteadyState,
    population::{Share, Window},
    units::*,
    vitamer::*,
};

impl Folder {
    fn command(&self, example: &str) -> Command {
        let test = std::env::current_exe().expect("the path of this test");
        let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
        let path = profile.join("examples").join(format!("{example}{}", std::env::consts::EXE_SUFFIX));
        assert!(path.exists(), "{} is missing: `cargo build --examples` makes it", path.display());
        let mut command = Command::new(path);
        command.current_dir(&self.0);
        command
    }

    fn run(&self, example: &str, arguments: &[&str]) -> Output {
        self.command(example).args(arguments).output().expect("a process")
    }

    /// What the example prints when all goes well.
    fn stdout(&self, example: &str, arguments: &[&str]) -> String {
        let output = self.run(example, arguments);
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{example} {arguments:?}");
        let stdout = text(&output.stdout);
        for file in files_in(&stdout) {
            assert!(self.0.join(&file).exists(), "{example} names {file}, which is not there");
        }
        stdout
    }
}

/// The files that a text says were written.
fn files_in(text: &str) -> Vec<String> {
    let words = text.lines().filter_map(|line| line.strip_prefix("Wrote ")).flat_map(str::split_whitespace);
    let words = words.map(|word| word.trim_matches([',', '.', ':']));
    words
        .filter(|word| [".png", ".svg", ".csv", ".parquet"].iter().any(|end| word.ends_with(end)))
        .map(String::from)
        .collect()
}

/// A picture of at least so many pixels a side that is not a blank page: that would be a few kilobytes.
fn assert_png(path: &Path) {
    let bytes = fs::read(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{}", path.display());
    assert!(bytes.len() > 50_000, "{} has only {} bytes", path.display(), bytes.len());
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert!(side(16) >= 2000 && side(20) >= 1200, "{} is small", path.display());
}

/// Whether `printed` is `exact`, rounded to the digits that are printed.
fn assert_rounded(printed: &str, exact: f64) {
    let decimals = printed.split_once('.').map_or(0, |(_, digits)| digits.len());
    assert_eq!(printed, format!("{exact:.decimals$}"));
}

/// The cells of the line that begins with these words; two spaces or more part them.
fn cells(text: &str, first: &str) -> Vec<String> {
    let line = text.lines().find(|line| line.starts_with(first));
    let line = line.unwrap_or_else(|| panic!("no line begins with {first}:\n{text}"));
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(String::from).collect()
}

fn assert_steady_state(cells: &[String], steady: &SteadyState) {
    let days = steady.time_to(0.9).expect("a time") / DAY;
    let levels = [steady.cmax(), steady.ctrough(), steady.cavg()];
    let exact = levels.into_iter().chain([100.0 * steady.fluctuation(), steady.accumulation_ratio(), days]);
    assert_eq!(cells.len(), 6, "{cells:?}");
    cells.iter().zip(exact).for_each(|(cell, exact)| assert_rounded(cell, exact));
}

fn steady(model: &Model, dosing: Repeating) -> SteadyState {
    model.steady_state(dosing).expect("a steady state")
}

#[test]
fn steady_state_draws_both_vitamers_and_prints_their_numbers() {
    let folder = Folder::new("steady_state");
    let stdout = folder.stdout("steady_state", &[]);
    assert_eq!(files_in(&stdout), ["charts/mk7_steady_state.png", "charts/mk4_steady_state.png"]);
    for file in files_in(&stdout) {
        assert_png(&folder.0.join(file));
    }
    for ug in [45.0, 90.0, 180.0] {
        let cells = cells(&stdout, &format!("MK-7     {ug} ug q24h"));
        assert_steady_state(&cells[2..], &steady(&MK7.model(), Dose::of(ug * UG).every(DAY)));
    }
    let mk4 = MK4.model();
    assert_steady_state(&cells(&stdout, "MK-4     1.5 mg q24h")[2..], &steady(&mk4, Dose::of(1.5 * MG).every(DAY)));
    assert_steady_state(&cells(&stdout, "MK-4     15 mg q8h")[2..], &steady(&mk4, Dose::of(15.0 * MG).every(8.0)));
    for vitamer in [&MK4, &MK7] {
        assert!(stdout.contains(&format!("{vitamer}, {}. {}", vitamer.nominal().title, vitamer.nominal().contested)));
    }
}

#[test]
fn the_columns_of_a_table_are_aligned() {
    let folder = Folder::new("columns");
    let stdout = folder.stdout("steady_state", &[]);
    let widths = stdout.lines().take(7).map(|line| line.chars().count());
    assert!(widths.clone().all(|width| Some(width) == widths.clone().next()), "{stdout}");
}

#[test]
fn a_second_run_replaces_the_charts_with_the_same_ones() {
    let folder = Folder::new("again");
    let file = folder.0.join("charts/compare_vitamers.png");
    folder.stdout("compare_vitamers", &[]);
    let first = fs::read(&file).expect("a chart");
    folder.stdout("compare_vitamers", &[]);
    assert!(first == fs::read(&file).expect("a chart"), "the same chart has other bytes");
    assert_eq!(fs::read_dir(folder.0.join("charts")).expect("a folder").count(), 1);
}

#[test]
fn compare_vitamers_prints_what_a_missed_day_leaves() {
    let folder = Folder::new("compare_vitamers");
    let stdout = folder.stdout("compare_vitamers", &[]);
    assert_eq!(files_in(&stdout), ["charts/compare_vitamers.png"]);
    assert_png(&folder.0.join("charts/compare_vitamers.png"));
    for vitamer in [&MK7, &MK4] {
        let daily = Dose::of(180.0 * UG).every(DAY).times(22);
        let trough = |regimen| vitamer.model().profile(regimen, &[22.0 * DAY]).expect("a profile").conc()[0];
        let (usual, missed) = (trough(daily.clone()), trough(daily.skip([22])));
        let cells = cells(&stdout, vitamer.symbol);
        for (exact, cell) in [usual, missed, 100.0 * missed / usual].into_iter().zip(&cells[1..]) {
            assert_rounded(cell, exact);
        }
    }
    // What is missing halves with every half-life: 18 % of MK-7 in 6.5 days, 75 % of MK-4 in 1.9 days.
    assert_eq!((cells(&stdout, "MK-7")[4].as_str(), cells(&stdout, "MK-4")[4].as_str()), ("7", "2"));
}

#[test]
fn adherence_prints_what_people_keep() {
    let folder = Folder::new("adherence");
    let stdout = folder.stdout("adherence", &[]);
    assert_eq!(files_in(&stdout), ["charts/adherence.png"]);
    assert_png(&folder.0.join("charts/adherence.png"));
    // The people and their slips follow from the seed, on every machine. One by one, MK-7 keeps about four fifths, and runs are worse for
    // the worst days. MK-4 remembers no more than the last dose, so its bad days are the missed ones, a fifth, however these come.
    for (line, right) in [
        ("MK-7     one by one", ["56", "82", "2.5"]),
        ("MK-7     runs of three", ["34", "88", "11.6"]),
        ("MK-4     one by one", ["13", "102", "20.1"]),
        ("MK-4     runs of three", ["0", "103", "19.9"]),
    ] {
        assert_eq!(cells(&stdout, line)[2..], right, "{line}");
    }
    for vitamer in [&MK7, &MK4] {
        assert!(stdout.contains(vitamer.nominal().contested));
    }
}

#[test]
fn uncertainty_prints_bands_within_bands() {
    let folder = Folder::new("uncertainty");
    let stdout = folder.stdout("uncertainty", &[]);
    assert_eq!(files_in(&stdout), ["charts/uncertainty.png"]);
    assert_png(&folder.0.join("charts/uncertainty.png"));
    let cells = cells(&stdout, "42 days");
    let numbers = |cell: &String| -> Vec<f64> {
        let words = cell.split([' ', '(', ')']).filter_map(|word| word.parse().ok());
        words.collect()
    };
    let edges: Vec<Vec<f64>> = cells[1..].iter().map(numbers).collect();
    assert_eq!(edges.len(), 3);
    for edge in &edges {
        assert!(edge[1] < edge[0] && edge[0] < edge[2], "{edge:?}");
    }
    assert!(edges[0][0] < edges[1][0] && edges[1][0] < edges[2][0]);
    // The median of medians is near the typical person, 5.38: medians of many with skewed clearances are a little lower.
    assert_eq!(cells[2], "5.19 (4.16 to 6.64)");
    assert_rounded("5.38", steady(&MK7.model(), Dose::of(180.0 * UG).every(DAY)).ctrough());
    assert!(stdout.contains(MK7.nominal().contested));
}

#[test]
fn virtual_trial_writes_the_file_it_summarises() {
    let folder = Folder::new("virtual_trial");
    let stdout = folder.stdout("virtual_trial", &[]);
    assert_eq!(files_in(&stdout), ["virtual_trial.csv", "charts/virtual_trial.png", "charts/virtual_trial_fit.png"]);
    assert_eq!(folder.names(), ["charts", "virtual_trial.csv"]);
    assert_png(&folder.0.join("charts/virtual_trial.png"));
    let mut reader = csv::Reader::from_path(folder.0.join("virtual_trial.csv")).expect("a table");
    let header: Vec<String> = reader.headers().expect("names").iter().map(String::from).collect();
    assert_eq!(header, ["id", "dose_ug_per_day", "time_h", "conc_ug_per_l", "below_loq"]);
    let rows: Vec<Vec<f64>> = reader
        .records()
        .map(|row| row.expect("a row").iter().map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    assert_eq!(rows.len(), 4 * 50 * 6);
    assert!(rows.iter().all(|row| row[3] >= 0.03 && (row[4] == 0.0 || row[3] == 0.03)));
    // The summary is that of the file.
    let is_summary = |line: &&str| line.starts_with("   ") && !line.contains("truth");
    for line in stdout.lines().filter(is_summary) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [dose, week]: [f64; 2] = [0, 1].map(|i| words[i].parse().expect("a number"));
        let visit = rows.iter().filter(|row| row[1] == dose && row[2] == week * WEEK).map(|row| row[3]);
        let [median] = menaquinone::population::quantiles(&visit.collect::<Vec<_>>(), [0.5]).expect("a median");
        assert_rounded(words[4], median);
    }
    assert!(stdout.contains("No such trial was held"));
    // What the fit finds, beside what the trial was simulated by: a missed dose is taken for a higher clearance.
    assert_png(&folder.0.join("charts/virtual_trial_fit.png"));
    assert_eq!(cells(&stdout, "cl  ")[1..], ["1.2700", "1.3496 (1.2888 to 1.4132) *", "1.2924 (1.2336 to 1.3540)"]);
    assert!(stdout.contains("6 of 8 by what was prescribed, 8 of 8 by what was taken."), "{stdout}");
}

#[test]
fn fit_population_prints_its_estimates_beside_those_of_nlme() {
    let folder = Folder::new("fit_population");
    let stdout = folder.stdout("fit_population", &[]);
    let charts = ["goodness", "vpc", "individuals", "etas"].map(|name| format!("charts/fit_population_{name}.png"));
    assert_eq!(files_in(&stdout), [&["fit_population.csv".to_owned()], &charts[..]].concat());
    for file in &charts {
        assert_png(&folder.0.join(file));
    }
    // nlme, then FOCEI and Laplace of the same model.
    assert_eq!(cells(&stdout, "ln ka")[1..], ["0.4656 (0.196)", "0.4821 (0.198)", "0.4791 (0.198)"]);
    assert_eq!(cells(&stdout, "-2LL")[1..], ["354.0447", "353.9837", "355.7404"]);
    assert!(stdout.contains("FOCEI ends 0.06 lower"), "{stdout}");
    assert!(stdout.contains("FOCEI of 12 people, 132 samples: OFV 116.8034"), "{stdout}");
    assert_eq!(folder.read("fit_population.csv").lines().count(), 13);
}

#[test]
fn fit_phenobarbital_says_what_the_weight_explains() {
    let folder = Folder::new("fit_phenobarbital");
    let stdout = folder.stdout("fit_phenobarbital", &[]);
    let charts =
        ["goodness", "vpc", "individuals", "weight"].map(|name| format!("charts/fit_phenobarbital_{name}.png"));
    assert_eq!(files_in(&stdout), charts);
    for file in &charts {
        assert!(folder.0.join(file).metadata().expect("a chart").len() > 20_000, "{file}");
    }
    // Lower than nlme, whose modes still move a little.
    assert!(stdout.contains("-2LL 1010.4726") && stdout.contains("-2LL of nlme: 1010.8315"), "{stdout}");
    assert!(stdout.contains("The weight lowers the objective by 134.6 with 2 numbers more: p 6.0e-30."), "{stdout}");
    assert!(stdout.contains("Of the clearance 47 % varied between infants, and 21 % do at a weight."), "{stdout}");
    assert_eq!(cells(&stdout, "cl~WT")[1], "1.1125");
}

#[test]
fn power_counts_the_trials_that_tell() {
    let folder = Folder::new("power");
    let stdout = folder.stdout("power", &["2"]);
    assert_eq!(files_in(&stdout), ["charts/power.png"]);
    assert_png(&folder.0.join("charts/power.png"));
    assert_eq!(stdout.lines().filter(|line| line.contains(" %  ")).count(), 4, "{stdout}");
    assert!(stdout.contains("No such trial was held"), "{stdout}");
    if !cfg!(debug_assertions) {
        let stdout = folder.stdout("power", &[]);
        let row = cells(&stdout, "    12");
        assert_eq!(row[1..], ["81.0 %", "91.0 %", "82.0 %", "91.0 %"]);
        assert!(stdout.contains("To tell a half-life of 72 from 96 h in four trials of five, 12 people suffice."));
    }
    let refused = folder.run("power", &["many"]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
}

#[test]
fn half_life_range_prints_every_set() {
    let folder = Folder::new("half_life_range");
    let stdout = folder.stdout("half_life_range", &[]);
    assert_eq!(files_in(&stdout), ["charts/half_life_range.png"]);
    assert_png(&folder.0.join("charts/half_life_range.png"));
    for set in MK7.sets() {
        let cells = cells(&stdout, &format!("{} ", set.name));
        assert_rounded(&cells[1], set.model().half_life());
        assert_steady_state(&cells[2..], &steady(&set.model(), Dose::of(180.0 * UG).every(DAY)));
        assert!(stdout.contains(set.contested), "{}", set.name);
    }
}

#[test]
fn event_table_gives_a_row_for_each_record() {
    let folder = Folder::new("event_table");
    let stdout = folder.stdout("event_table", &[]);
    assert_png(&folder.0.join("event_table.png"));
    let rows = fs::read_to_string(folder.0.join("event_table_rows.csv")).expect("a file");
    let table = fs::read_to_string(folder.0.join("event_table.csv")).expect("a file");
    assert_eq!((rows.lines().count(), table.lines().count()), (15, 15));
    assert!(stdout.contains("360 ug at 264 h"));
    let week = Dose::of(180.0 * UG).every(DAY).times(7);
    let level = MK7.model().profile(week, &[100.0]).expect("a profile").conc()[0];
    assert_rounded(&cells(&stdout, "   A     100")[3], level);
    // What it has written it reads, and gives the same.
    assert_eq!(folder.stdout("event_table", &["event_table.csv"]), stdout);
    folder.write("bad.csv", "TIME,AMT\n0,x\n");
    let output = folder.run("event_table", &["bad.csv"]);
    assert_eq!(output.status.code(), Some(1));
    let sentence = "Error: bad.csv, line 2, column AMT: found `x`, but it must be a finite number; write `.` or nothing where there is none\n";
    assert_eq!(text(&output.stderr), sentence);
}

#[test]
fn meal_fat_prints_areas_beside_those_that_were_measured() {
    let folder = Folder::new("meal_fat");
    let stdout = folder.stdout("meal_fat", &[]);
    assert_eq!(files_in(&stdout), ["charts/meal_fat.png"]);
    assert_png(&folder.0.join("charts/meal_fat.png"));
    let models = ["literature_1cpt", "nominal"].map(|set| MK4.set(set).expect("a set").model());
    for (fat, factor, observed) in [
        ("   0.0 ", 0.07, "-"),
        ("   8.8 ", 0.36, "371 ± 194"),
        ("  20.0 ", 0.47, "485 ± 150"),
        ("  34.9 ", 1.0, "1024 ± 341"),
        ("  53.8 ", 1.0, "1027 ± 389"),
    ] {
        let cells = cells(&stdout, fat);
        assert_rounded(&cells[1], factor);
        for (cell, model) in cells[2..].iter().zip(&models) {
            assert_rounded(cell, model.auc(Dose::of(15.0 * MG * factor), 0.0..=DAY).expect("an area"));
        }
        assert_eq!(cells[4], observed);
    }
    let contested = MK4.sets().iter().map(|set| set.contested).chain([MK4.meal_tables()[0].contested]);
    contested.for_each(|sentence| assert!(stdout.contains(sentence), "{sentence}"));
}

#[test]
fn nca_theophylline_prints_what_other_programs_do() {
    let folder = Folder::new("nca_theophylline");
    let stdout = folder.stdout("nca_theophylline", &[]);
    assert_eq!(files_in(&stdout), ["charts/nca_theophylline.png"]);
    assert_png(&folder.0.join("charts/nca_theophylline.png"));
    // Phoenix WinNonlin, linear up and log down: tests/reference/nca/winnonlin.csv.
    let first = ["1", "10.50", "1.12", "14.30", "147.23", "214.92", "31.5", "1.49", "30.7", "3"];
    assert_eq!(cells(&stdout, "1  "), first);
    // PKNCA's vignette: geometric means of 8.65 and 115 with CVs of 17.0 and 28.4 %.
    assert_eq!(cells(&stdout, "geo. mean")[1], "8.65");
    assert_eq!(cells(&stdout, "geo. CV %")[1], "16.98");
    assert_eq!(cells(&stdout, "geo. mean")[5], "114.81");
    assert_eq!(cells(&stdout, "geo. CV %")[5], "28.43");
    assert!(stdout.contains("Subject 1: 31.5 % of the area is extrapolated, more than 20 %."), "{stdout}");
}

#[test]
fn half_life_fit_says_what_four_points_cannot_tell() {
    let folder = Folder::new("half_life_fit");
    let stdout = folder.stdout("half_life_fit", &[]);
    assert_eq!(files_in(&stdout), ["charts/half_life_fit.png"]);
    assert_png(&folder.0.join("charts/half_life_fit.png"));
    for (hours, worse) in [("68 h", "0.05"), ("72 h", "0.10"), ("84 h", "0.32"), ("96 h", "0.54")] {
        assert_eq!(cells(&stdout, &format!("     {hours}"))[1], worse, "{stdout}");
    }
    assert!(stdout.contains("Chi-square 12.2 on 1 degree of freedom, p 0.0005: the model is refused"), "{stdout}");
    assert!(stdout.contains("half-life 61 (95 %: 32 to no end) h"), "{stdout}");
    assert!(stdout.contains("These points cannot tell 68 from 96 h"), "{stdout}");
    // An independent program, with 15 % of the measured level: 42 h and 11.2.
    assert_eq!(cells(&stdout, "the measured level")[0], "the measured level");
    assert!(stdout.contains("42, chi² 11.2"), "{stdout}");
    // Of MK-4 no lag of an hour or less makes the peak of the syrup, and no half-life of 12 h.
    assert!(
        stdout.contains("is needed: no first-order absorption from 0 h") && stdout.contains("12 h is not among them"),
        "{stdout}"
    );
}

#[test]
fn individual_dose_names_the_capsule_and_the_next_dose() {
    let folder = Folder::new("individual_dose");
    let stdout = folder.stdout("individual_dose", &[]);
    assert_eq!(files_in(&stdout), ["charts/individual_dose.png"]);
    assert_png(&folder.0.join("charts/individual_dose.png"));
    assert!(stdout.contains("180 ug q24h: a trough of 2.64 µg/L, wanted 2 to 4 µg/L; met by 98 %"), "{stdout}");
    assert!(stdout.contains("If nothing more is taken, the level falls to 1 µg/L at 358 h"), "{stdout}");
}

#[test]
fn which_samples_says_when_and_of_how_many_people() {
    let folder = Folder::new("which_samples");
    let stdout = folder.stdout("which_samples", &[]);
    assert_eq!(files_in(&stdout), ["charts/which_samples.png"]);
    assert_png(&folder.0.join("charts/which_samples.png"));
    // The bound that is printed last may come nearer.
    let near = |cell: &str| cell.parse::<f64>().expect("a number");
    let (day, week) = (cells(&stdout, "       24"), cells(&stdout, "      168"));
    assert_eq!(day[1..5], ["0, 2, 6, 6, 24, 24", "35.4", "143", "242"]);
    assert_eq!(week[1..5], ["0, 2, 6, 6, 168, 168", "11.7", "16", "17"]);
    assert!((78.0..=100.0).contains(&near(&day[5])) && (94.0..=100.0).contains(&near(&week[5])), "{stdout}");
    assert_eq!(cells(&stdout, "  usually")[1..], ["1, 2, 4, 8, 12, 24", "83.8", "800", "1004"]);
    // An independent calculation by differences, in another place of the half-life: 31, 22, 12 and 9 %.
    assert!(stdout.contains("26 % to 72 h, 19 % to 96 h, 11 % to 168 h, 9 % to 336 h"), "{stdout}");
    assert_eq!(cells(&stdout, "      6   ")[1..], ["11.7", "83"]);
    assert!(stdout.contains("Supposed: people differ by 35 % in half-life"), "{stdout}");
}

#[test]
fn mk4_design_names_the_dose_the_meal_and_the_times() {
    let folder = Folder::new("mk4_design");
    let stdout = folder.stdout("mk4_design", &[]);
    assert_eq!(files_in(&stdout), ["charts/mk4_design.png"]);
    assert_png(&folder.0.join("charts/mk4_design.png"));
    assert!(stdout.contains("samples at 2.5, 4, 5.5, 6, 7.5, 20 h, at least "), "{stdout}");
    assert_eq!(cells(&stdout, "1.5 mg fasted")[1..], ["115", "20", "32", "20"]);
    assert_eq!(cells(&stdout, "15 mg with 35 g fat")[1..], ["15", "11", "16", "11"]);
    assert_eq!(cells(&stdout, "the same, usual day")[1..], ["19", "13", "65", "15"]);
    assert!(stdout.contains("22 if it is 2.1 h, 25 if it is 12 h; the lag: 12."), "{stdout}");
}

#[test]
fn next_sample_says_which_sample_tells_most_of_a_person() {
    let folder = Folder::new("next_sample");
    let stdout = folder.stdout("next_sample", &[]);
    assert_eq!(files_in(&stdout), ["charts/next_sample.png"]);
    assert_png(&folder.0.join("charts/next_sample.png"));
    let told: Vec<Vec<String>> = stdout
        .lines()
        .filter(|line| line.contains(" %  while ") || line.contains(" %  if it is stopped"))
        .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(String::from).collect())
        .collect();
    assert_eq!(told[0][1..], ["34.1 %", "while it is taken on", "day 36, 8 h", "30.2 %", "31.8 %"]);
    assert_eq!(told[1][1..], ["34.1 %", "if it is stopped after day 14", "day 22, 7 h", "10.7 %", "31.8 %"]);
    assert_eq!(told[2][1..], ["14.4 %", "while it is taken on", "day 36, 8 h", "10.3 %", "10.9 %"]);
    assert_eq!(told[3][1..], ["14.4 %", "if it is stopped after day 14", "day 17, 10 h", "8.8 %", "10.9 %"]);
}

#[test]
fn fit_curve_prints_what_least_squares_of_r_finds() {
    let folder = Folder::new("fit_curve");
    let stdout = folder.stdout("fit_curve", &[]);
    assert_eq!(files_in(&stdout), ["charts/fit_curve.png"]);
    assert_png(&folder.0.join("charts/fit_curve.png"));
    // R: exp(0.575159), and that times 0.172816; the ends of confint.
    assert_eq!(cells(&stdout, "      1  ka")[2..5], ["1.7774", "0.3072", "1.2584 to 2.5526"]);
    assert!(stdout.contains("Subject 9: ka has no upper end"), "{stdout}");
    assert!(stdout.contains("12 of 12 searches came to a minimum."), "{stdout}");
}

#[test]
fn own_model_finds_its_equations_in_agreement_with_the_formula() {
    let folder = Folder::new("own_model");
    let stdout = folder.stdout("own_model", &[]);
    assert_eq!(files_in(&stdout), ["charts/own_model.png"]);
    assert_png(&folder.0.join("charts/own_model.png"));
    let difference =
        stdout.lines().find_map(|line| line.strip_prefix("Equations against formula: largest relative difference "));
    let difference: f64 = difference.expect("the line").parse().expect("a number");
    assert!(difference < 1e-8, "{difference}");
    assert!(stdout.contains("After ten days: 2.77 µg/L, saturating 6.91 µg/L"), "{stdout}");
}

#[test]
fn population_prints_the_share_above_the_target() {
    let folder = Folder::new("population");
    let stdout = folder.stdout("population", &["--people", "500"]);
    assert_eq!(files_in(&stdout), ["charts/population.png"]);
    assert_png(&folder.0.join("charts/population.png"));
    let people = MK7.nominal().population(500, 2026).expect("people");
    let daily = Dose::of(90.0 * UG).every(DAY);
    for week in [1.0, 4.0, 8.0] {
        let window = Window::new((week * 7.0 - 1.0) * DAY..=week * WEEK).expect("a window");
        let reached = people.exposures(&daily, &window).expect("exposures");
        let share: Share = reached.iter().map(|person| person.ctrough >= 2.0).collect();
        let cells = cells(&stdout, &format!("week {week}"));
        assert_rounded(cells[1].trim_end_matches(" %"), 100.0 * share.share().expect("people"));
        let interval = share.interval(0.95).expect("an interval");
        assert_eq!(cells[2], format!("{:.1}-{:.1} %", 100.0 * interval.start(), 100.0 * interval.end()));
    }
    assert!(stdout.contains(MK7.nominal().contested));
}

/// As `docs/SCALING.md` has it: slices in processes of their own, with other numbers of threads, against one run.
#[test]
#[cfg(unix)]
fn population_in_slices_is_the_population_to_the_bit() {
    let folder = Folder::new("slices");
    folder.stdout("population", &["--people", "700", "--days", "3", "--out", "whole.csv"]);
    fs::create_dir(folder.0.join("parts")).expect("a folder");
    let parts = ["0..333", "333..334", "334..700"].iter().enumerate().map(|(i, slice)| {
        let part = format!("parts/part-{i:03}.csv");
        let mut command = folder.command("population");
        command.args(["--slice", slice, "--days", "3", "--out", &part]).env("RAYON_NUM_THREADS", (i + 1).to_string());
        command.stdout(Stdio::null()).spawn().expect("a process")
    });
    let parts: Vec<_> = parts.collect(); // all at once
    for mut part in parts {
        assert!(part.wait().expect("a process").success());
    }
    let scaling = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SCALING.md");
    let scaling = fs::read_to_string(scaling).expect("a paper");
    let line = scaling.lines().find(|line| line.starts_with("awk ")).expect("the line that merges");
    let merged = Command::new("sh").args(["-c", line]).current_dir(&folder.0).status().expect("a shell");
    assert!(merged.success());
    let read = |name: &str| fs::read(folder.0.join(name)).expect("a file");
    assert!(read("all.csv") == read("whole.csv"), "the merged table differs from that of one run");
}

#[test]
fn population_refuses_and_leaves_nothing_half_written() {
    let folder = Folder::new("half");
    let refused = |arguments: &[&str]| {
        let output = folder.run("population", arguments);
        assert!(!output.status.success());
        assert!(folder.names().is_empty(), "{arguments:?} leaves a file");
        text(&output.stderr)
    };
    assert_eq!(
        refused(&["--out", "a.txt"]),
        "Error: the profiles cannot be saved as a.txt: the name ends in .txt, and profiles are a .csv or a .parquet, so end it \
         in one of these\n"
    );
    assert_eq!(refused(&["--people", "0"]), "Error: a population of no people was asked for: ask for at least one\n");
    assert_eq!(
        refused(&["--slice", "5"]),
        "error: --slice 5: write the first person and the one after the last, such as 0..5000\n"
    );
    assert!(refused(&["--folks", "5"]).starts_with("error: `--folks` is no option: population [--people 10000] "));
    assert!(refused(&["--days"]).starts_with("error: `--days` has no value behind it: population "));
    assert_eq!(
        refused(&["--out", "a.parquet"]),
        "Error: the profiles cannot be saved as a.parquet: this program was built without Parquet, so use the feature `parquet` \
         of menaquinone, or a .csv\n"
    );
    assert_eq!(
        refused(&["--slice", "5..5", "--out", "a.csv"]),
        "Error: a population of no people was asked for: ask for at least one\n"
    );
    // A process that is killed on the way: what it wrote has no name that a reader takes for data.
    let mut writer = folder.command("population");
    writer.args(["--people", "10000000", "--out", "a.csv"]);
    let mut writer = writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process");
    while folder.names().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    writer.kill().expect("a process that runs");
    writer.wait().expect("a process");
    let names = folder.names();
    assert!(names.iter().all(|name| name.starts_with(".a.csv.")), "{names:?}");
}

#[test]
fn validation_prints_and_draws_every_comparison() {
    let folder = Folder::new("validation");
    let stdout = folder.stdout("validation", &[]);
    assert_eq!(files_in(&stdout), ["charts/validation.png"]);
    assert_png(&folder.0.join("charts/validation.png"));
    for (vitamer, set) in VITAMERS.into_iter().flat_map(|v| v.sets().iter().map(move |set| (v, set))) {
        let heading = format!("{vitamer}, {} ({})\n", set.name, set.title);
        let (_, table) = stdout.split_once(&heading).expect("a table of the set");
        for row in vitamer.observations() {
            match row.compare(set) {
                Ok(both) => {
                    let cells = cells(table, &format!("  {} ", row.name));
                    assert_rounded(&cells[2], both.predicted);
                    assert_rounded(&cells[3], both.ratio());
                    assert_eq!((&*cells[4], &*cells[5]), (&*both.role.to_string(), &*both.verdict()));
                }
                Err(why) => assert!(table.contains(&why.to_string())),
            }
        }
        assert!(table.contains(set.contested));
    }
}

#[test]
fn dose_response_prints_levels_and_markers() {
    let folder = Folder::new("dose_response");
    let stdout = folder.stdout("dose_response", &[]);
    assert_eq!(files_in(&stdout), ["charts/dose_response.png"]);
    assert_png(&folder.0.join("charts/dose_response.png"));
    let model = MK7.model().with_baseline(0.28).expect("a model");
    for dose in [10.0, 180.0, 1000.0] {
        let row = cells(&stdout, &format!("{dose:>4} "));
        let level = model.steady_state(Dose::of(dose * UG).every(DAY)).expect("a steady state").cavg();
        assert_rounded(&row[1], level);
    }
    // The fits: -60 % of the ratio and -31 % of dp-ucMGP at 180 µg a day.
    assert_eq!(cells(&stdout, " 180 ")[2..], ["-57.5", "-29.9", "-43.2"]);
    for contested in [MK7.nominal().contested, DP_UCMGP.contested, DP_UCMGP_HD.contested, OSTEOCALCIN.contested] {
        assert!(stdout.contains(contested), "{contested}");
    }
}

#[test]
fn warfarin_says_what_it_is_and_that_four_hours_change_nothing() {
    let folder = Folder::new("warfarin");
    let stdout = folder.stdout("warfarin", &[]);
    assert_eq!(files_in(&stdout), ["charts/warfarin.png"]);
    assert_png(&folder.0.join("charts/warfarin.png"));
    assert!(stdout.starts_with(NOTICE));
    assert_eq!(cells(&stdout, "without MK-7")[1..], ["1.98", "1.98"]);
    assert_eq!(cells(&stdout, "taken together")[1..], cells(&stdout, "four hours apart")[1..]);
    let difference = stdout
        .lines()
        .find_map(|line| line.strip_prefix("Largest difference between together and apart at any hour: "));
    let difference: f64 = difference.expect("the line").parse().expect("a number");
    assert!(difference < 0.005, "{difference}");
}

#[test]
fn natto_week_prints_the_intake_of_each_day_and_draws_what_follows() {
    let folder = Folder::new("natto_week");
    let stdout = folder.stdout("natto_week", &[]);
    assert_eq!(files_in(&stdout), ["charts/natto_week.png"]);
    assert_png(&folder.0.join("charts/natto_week.png"));
    // 50 g of natto with 939 µg MK-7 in 100 g, the range being 775 to 1750.
    for day in ["Mon  ", "Wed  ", "Fri  "] {
        assert_eq!(cells(&stdout, day)[3], "470 (388-875)");
    }
    assert_eq!(cells(&stdout, "Sun  ")[3], "90");
    assert_eq!(cells(&stdout, "Tue  ")[3], "-", "gouda has no MK-7 in the table");
    let week = Repeating::new(
        WEEK,
        [(7.5, 469.5), (55.5, 469.5), (103.5, 469.5), (153.0, 90.0)].map(|(time, ug)| (time, Dose::of(ug))),
    );
    let model = MK7.set("literature_2cpt").expect("a set").model().with_baseline(0.28).expect("a model");
    let end = model.profile(week, &[WEEK - 1e-9]).expect("a profile").conc()[0];
    let line = cells(&stdout, "end of Sunday, µg/L");
    assert_rounded(line[1].split_once(" (").expect("a range").0, end);
    assert!(stdout.contains("after   7.5 h  469.5 ug with 5.5 g fat\n"), "{stdout}");
    assert!(stdout.contains("- Vitamin K works against vitamin K antagonists"), "{stdout}");
    assert!(stdout.contains("The regimen amounts to 214.1 µg of MK-7 a day"), "{stdout}"); // (3 × 469.5 + 90) / 7
    let set = MK7.set("literature_2cpt").expect("a set");
    assert!(stdout.contains(&format!("MK-7, {}: {}", set.title, set.contested)));
}

#[test]
fn simulate_draws_and_writes_what_a_regimen_in_words_gives() {
    let folder = Folder::new("simulate");
    let stdout = folder.stdout("simulate", &[]);
    assert_eq!(files_in(&stdout), ["levels.csv", "levels.png"]);
    assert_png(&folder.0.join("levels.png"));
    let table = fs::read_to_string(folder.0.join("levels.csv")).expect("a table");
    assert_eq!(table.lines().count(), 1 + 90 * 24 + 1);
    let model = MK7.model();
    let trough = |time: f64| {
        let regimen: menaquinone::Regimen = "180 ug q24h x60 then 45 ug q12h".parse().expect("a regimen");
        model.profile(&regimen, &[time]).expect("a profile").conc()[0]
    };
    assert_rounded(cells(&stdout, "day 60")[1].trim_end_matches(" µg/L"), trough(60.0 * DAY));
    assert_rounded(cells(&stdout, "day 90")[1].trim_end_matches(" µg/L"), trough(90.0 * DAY));
    assert!(stdout.contains(MK7.nominal().contested));
    assert!(folder.stdout("simulate", &["90 ug on Mon,Wed,Fri at 8h"]).contains("90 ug on Mon,Wed,Fri at 8h"));
    let output = folder.run("simulate", &["180 xg"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("Error: cannot read `180 xg`: "), "{}", text(&output.stderr));
}

#[test]
fn an_example_whose_charts_cannot_be_written_says_why() {
    let folder = Folder::new("blocked");
    folder.write("charts", "not a folder");
    let charts = ["steady_state", "compare_vitamers", "half_life_range", "own_model", "meal_fat", "validation"];
    for example in charts.into_iter().chain([
        "dose_response",
        "warfarin",
        "natto_week",
        "nca_theophylline",
        "half_life_fit",
        "fit_curve",
        "next_sample",
    ]) {
        let output = folder.run(example, &[]);
        assert_eq!(output.status.code(), Some(1), "{example}");
        let stderr = text(&output.stderr);
        assert!(
            stderr.starts_with("Error: cannot write charts/") && stderr.lines().count() == 1,
            "{example}: {stderr}"
        );
        assert!(stderr.ends_with(": charts is not a folder, so choose another place\n"), "{example}: {stderr}");
        assert_eq!(folder.names(), ["charts"]);
    }
}
