//! The command line as its user meets it: a process in a folder of its own, what it prints, what it leaves behind and its code.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::folder::{Folder, text};
use menaquinone::{Dose, Regimen, grid, intake, units::*, vitamer::*, what_if};

impl Folder {
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_menaquinone-tested"));
        command.current_dir(&self.0);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("a process")
    }

    /// What stands on stdout and stderr when all goes well.
    fn done(&self, arguments: &[&str]) -> (String, String) {
        let output = self.run(arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
        assert!(stderr.lines().all(|line| line.starts_with("note: ")), "{arguments:?}: {stderr}");
        (text(&output.stdout), stderr)
    }

    fn stdout(&self, arguments: &[&str]) -> String {
        self.done(arguments).0
    }

    /// The sentence of a process that fails with this code, prints no result and leaves no file.
    fn refusal(&self, code: i32, arguments: &[&str]) -> String {
        let before = self.names();
        let output = self.run(arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} says {stderr}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert_eq!(self.names(), before, "{arguments:?} leaves a file");
        let errors: Vec<&str> = stderr.lines().filter_map(|line| line.strip_prefix("error: ")).collect();
        assert_eq!(errors.len(), 1, "{stderr}");
        assert!(stderr.lines().all(|line| line.starts_with("note: ") || line.starts_with("error: ")), "{stderr}");
        errors[0].to_owned()
    }
}

/// A file of `tests/data/shipped`.
fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shipped").join(name).display().to_string()
}

/// The column of a CSV table, as text.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = header.iter().position(|known| known == name);
    let place = place.unwrap_or_else(|| panic!("no column {name} in {header:?}"));
    reader.records().map(|row| row.expect("a row")[place].to_owned()).collect()
}

fn numbers(csv: &str, name: &str) -> Vec<f64> {
    column(csv, name).iter().map(|cell| cell.parse().unwrap_or_else(|_| panic!("{name}: {cell}"))).collect()
}

/// A regimen of MK-7 with a command before it, and more.
fn with<'a>(command: &'a str, regimen: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, regimen, "--set", "mk7"], more].concat()
}

// ------------------------------------------------------------------------------------------------------------ simulate

#[test]
fn simulate_prints_a_table_that_reads_back_to_the_bit() {
    let folder = Folder::new("table");
    let arguments = with("simulate", "180 ug q24h x60 then 45 ug q12h", &["--days", "90", "--step", "0.5"]);
    let (stdout, stderr) = folder.done(&arguments);
    assert!(stdout.starts_with("time_h,conc_ug_per_L\n"));
    let regimen = Dose::of(180.0 * UG).every(DAY).times(60).then(Dose::of(45.0 * UG).every(12.0 * HOUR));
    let profile = MK7.model().profile(regimen, &grid(0.0..=90.0 * DAY, 0.5 * HOUR)).expect("a profile");
    assert_eq!(
        (numbers(&stdout, "time_h"), numbers(&stdout, "conc_ug_per_L")),
        (profile.times().into(), profile.conc().into())
    );
    assert!(stderr.contains(MK7.nominal().contested) && stderr.contains("antagonists"), "{stderr}");
    assert!(folder.names().is_empty());
}

#[test]
fn simulate_writes_a_table_and_a_chart() {
    let folder = Folder::new("files");
    let more = ["--out", "levels.csv", "--chart", "levels.png", "--log", "--until", "48"];
    let (stdout, stderr) = folder.done(&with("simulate", "180 ug q24h", &more));
    assert_eq!(stdout, "");
    assert!(stderr.contains("note: wrote levels.png\n") && stderr.contains("note: wrote levels.csv\n"), "{stderr}");
    assert_eq!(folder.names(), ["levels.csv", "levels.png"]);
    assert_eq!(folder.read("levels.csv").lines().count(), 50);
    let picture = fs::read(folder.0.join("levels.png")).expect("a picture");
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 50_000);
    // A chart alone prints no table.
    assert_eq!(folder.stdout(&with("simulate", "90 ug on Mon,Wed,Fri", &["--chart", "a.svg"])), "");
    let picture = folder.read("a.svg");
    assert!(picture.starts_with("<svg") && picture.contains("90 µg on Mon,Wed,Fri"));
}

#[test]
fn json_has_the_rows_of_the_table() {
    let folder = Folder::new("json");
    let arguments = with("simulate", "180 ug", &["--until", "2"]);
    let table = folder.stdout(&arguments);
    let json = folder.stdout(&[&arguments[..], &["--json"]].concat());
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let levels: Vec<f64> = rows.iter().map(|row| row["conc_ug_per_L"].as_f64().expect("a number")).collect();
    assert_eq!(levels, numbers(&table, "conc_ug_per_L"));
    folder.stdout(&[&arguments[..], &["--out", "a.json"]].concat());
    assert_eq!(folder.read("a.json"), json);
    // What names somebody is text, what is missing is null.
    folder.write("t.csv", "ID,TIME,AMT,DV\n007,0,90,.\n007,4,0,0.5\n");
    let json = folder.stdout(&["table", "t.csv", "--set", "mk7", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&rows[0]["ID"], &rows[0]["DV"], &rows[1]["DV"]),
        (&"007".into(), &serde_json::Value::Null, &0.5.into())
    );
}

const TWO_COMPARTMENTS: &str = "\
baseline = 0.3

[[absorption]]
process.FirstOrder.ka = 1.0
tlag = 2.5

[disposition.TwoCompartment]
cl = 1.2
v1 = 22
q = 13
v2 = 90
";

#[test]
fn a_model_comes_by_name_by_file_or_by_parameters() {
    let folder = Folder::new("parameters");
    let nominal = MK7.nominal().parameters;
    folder.write("nominal.toml", toml::to_string(&nominal).expect("TOML"));
    folder.write("nominal.json", serde_json::to_string(&nominal).expect("JSON"));
    folder.write("model.json", serde_json::to_string(&MK7.model()).expect("JSON"));
    let span = ["simulate", "90 ug q24h", "--days", "2"];
    let expected = folder.stdout(&[&span[..], &["--set", "mk7"]].concat());
    for model in ["nominal.toml", "nominal.json", "model.json"] {
        assert_eq!(folder.stdout(&[&span[..], &["--model", model]].concat()), expected, "{model}");
    }
    let [cl, v, ka, tlag, f] = [nominal.cl, nominal.v, nominal.ka, nominal.tlag, nominal.f].map(|n| n.to_string());
    let by_hand = ["--cl", &cl, "--v", &v, "--ka", &ka, "--tlag", &tlag, "--f", &f];
    let close = |a: &str, b: &str| {
        let pairs = numbers(a, "conc_ug_per_L").into_iter().zip(numbers(b, "conc_ug_per_L"));
        pairs.into_iter().for_each(|(a, b)| assert!((a - b).abs() < 1e-12 * (1.0 + b), "{a} {b}"));
    };
    close(&folder.stdout(&[&span[..], &by_hand[..]].concat()), &expected);
    assert_eq!(folder.stdout(&[&span[..], &["--vitamer", "mk7"]].concat()), expected);
    folder.write("two.toml", TWO_COMPARTMENTS);
    let two = folder.stdout(&["simulate", "90 ug q24h", "--model", "two.toml", "--days", "1"]);
    assert!(two.starts_with("time_h,conc_ug_per_L\n0,0.3\n1,0.3\n"), "{two}");
    folder.write("bare.toml", TWO_COMPARTMENTS.replace("baseline = 0.3", ""));
    let by_hand = ["--cl", "1.2", "--v", "22", "--q", "13", "--v2", "90", "--ka", "1", "--tlag", "2.5"];
    close(
        &folder.stdout(&[&span[..], &by_hand[..]].concat()),
        &folder.stdout(&[&span[..], &["--model", "bare.toml"]].concat()),
    );
    let three = ["--cl", "1", "--v", "22", "--q", "13", "--v2", "90", "--q3", "1", "--v3", "300"];
    assert!(folder.stdout(&[&["simulate", "90 ug", "--until", "1"], &three[..]].concat()).contains("\n0,4.0"));
    let set = folder.stdout(&[&span[..], &["--set", "mk7/literature_2cpt"]].concat());
    let last = MK7.set("literature_2cpt").expect("a set").model().profile(Dose::of(90.0).every(DAY), &[48.0]);
    assert_eq!(numbers(&set, "conc_ug_per_L").last(), last.expect("a profile").conc().last());
}

/// Files of parameters as people save them: behind a mark of the order of bytes, or with a decimal comma.
#[test]
fn parameters_as_people_save_them() {
    let folder = Folder::new("saved");
    let found = |name: &str| format!("{}/data/found/{name}", env!("CARGO_MANIFEST_DIR"));
    let levels = |path: &str| folder.stdout(&["simulate", "180 ug q24h", "--model", path, "--until", "4"]);
    folder.write("plain.json", r#"{"cl": 1.27, "v": 154, "ka": 1.0}"#);
    folder.write("marked.toml", "\u{feff}cl = 1.27\nv = 154\nka = 1.0\n");
    folder.write("marked.json", "\u{feff}{\n\"ka\": 1.0, \"cl\": 1.27, \"v\": 154}\n");
    folder.write("quoted.toml", "\u{feff}# cl = 1,5 of old\ncl = 1.27\nv = 154 # v = 1,5\nka = 1.0\n");
    let right = levels("plain.json");
    for path in [&*found("parameters_bom.json"), "marked.toml", "marked.json", "quoted.toml"] {
        assert_eq!(levels(path), right, "{path}");
    }
    folder.write("comma.json", r#"{"cl": 1,27, "v": 154}"#);
    folder.write("lines.json", "{\n  \"v\": 154,\n  \"cl\": 1,27\n}");
    folder.write("inner.toml", "name = \"a = 2,5\"\nv = 154\ncl = -0,5 # of old\n");
    for (path, number, place) in [
        (&*found("parameters_comma.toml"), "1,27", "line 1 column 6"),
        ("comma.json", "1,27", "line 1 column 8"),
        ("lines.json", "1,27", "line 3 column 9"),
        ("inner.toml", "-0,5", "line 3 column 6"),
    ] {
        let refused = folder.refusal(1, &["simulate", "180 ug q24h", "--model", path]);
        let point = number.replace(',', ".");
        let right = format!(
            "{path}: found `{number}`, a number with a decimal comma: write a decimal point, `{point}`, at {place}"
        );
        assert_eq!(refused, right);
    }
}

/// A refusal names the dialect with which the same command goes through.
#[test]
fn a_dialect_that_reads_the_table_is_named() {
    let folder = Folder::new("dialects");
    folder.write("m.csv", "ID,TIME,AMT,ADM,Y\n1,0,100,2,.\n1,1,.,.,3\n");
    folder.write("p.csv", "id,evid,time,dose,addl,ii,input,out\n1,1,0,60,-1,24,1,.\n1,0,1,.,.,.,.,4\n");
    let body = ["--cl", "2", "--v", "20", "--ka", "1"];
    for (name, dialect) in [("m.csv", "monolix"), ("p.csv", "pmetrics")] {
        let refused = folder.refusal(1, &[&["table", name], &body[..]].concat());
        assert!(refused.contains(&format!("with --dialect {dialect}")), "{refused}");
        folder.done(&[&["table", name, "--dialect", dialect], &body[..]].concat());
    }
}

#[test]
fn simulate_marks_everything_that_is_a_what_if() {
    let folder = Folder::new("what_if");
    for preset in what_if::PRESETS.iter().filter(|preset| preset.change != what_if::Change::Nothing) {
        let whom = ["--set", preset.vitamers[0].symbol, "--what-if", preset.name, "--until", "24"];
        let files = ["simulate", "180 ug q24h", "--out", "a.csv", "--chart", "a.svg"];
        let (_, stderr) = folder.done(&[&files[..], &whom[..]].concat());
        assert!(stderr.contains(&format!("note: {}\n", preset.label())), "{stderr}");
        assert!(stderr.contains(&format!("{} · in place of {}", preset.title, preset.vitamers[0])), "{stderr}");
        let table = folder.read("a.csv");
        assert!(table.starts_with(&format!("# {}\ntime_h,conc_ug_per_L\n", preset.label())), "{table}");
        assert!(folder.read("a.svg").contains(preset.title), "{}", preset.name);
        let steady = folder.stdout(&[&["steady-state", "180 ug q24h"], &whom[..]].concat());
        assert!(steady.starts_with(&format!("# {}\nmetric,", preset.label())), "{steady}");
    }
    let later = folder.stdout(&with("simulate", "180 ug", &["--what-if", "four_hours_apart", "--until", "4"]));
    assert!(later.ends_with("\n4,0\n"), "{later}");
    let refused = |code, name| folder.refusal(code, &with("simulate", "180 ug", &["--what-if", name]));
    assert!(refused(1, "cheese_30_50").starts_with("what-if cheese_30_50 changes nothing"));
    assert!(refused(2, "none").starts_with("there is no what-if `none`: ask for mk4_half"));
    assert!(refused(1, "mk4_half_life_12h").contains("is about MK-4, and the set nominal"));
}

#[test]
fn simulate_takes_formulations_and_baselines_by_name() {
    let folder = Folder::new("by_name");
    let more = ["--formulation", "tablet", "--baseline", "tokyo", "--until", "6", "--step", "6"];
    let stdout = folder.stdout(&with("simulate", "180 ug with 20 g fat", &more));
    let tablet = MK7.nominal().in_form(MK7.formulation("tablet").expect("a form")).expect("a model");
    let level = tablet.with_baseline(5.26).expect("a level").profile(Dose::of(180.0), &[6.0]).expect("a profile");
    assert_eq!(stdout.lines().last().expect("a row"), format!("6,{}", level.conc()[0]));
    let more = [&more[..], &["--chart", "a.svg"]].concat();
    let (_, stderr) = folder.done(&with("simulate", "180 ug with 20 g fat", &more));
    assert!(stderr.contains("note: Meals: no effect of them is in this model"), "{stderr}");
    let picture = folder.read("a.svg");
    for words in ["tablet with powder", "much natto, 5.26 µg/L", "Meals: no effect"] {
        assert!(picture.contains(words), "{words}");
    }
    let (_, fed) = folder.done(&["simulate", "15 mg with 20 g fat q8h", "--set", "mk4", "--days", "1"]);
    assert!(fed.contains("note: Meals: areas by the fat of the breakfast (Uematsu 1996)"), "{fed}");
    let refused = |set, option, name| folder.refusal(2, &["simulate", "1 ug", "--set", set, option, name]);
    assert_eq!(
        refused("mk7", "--formulation", "spray"),
        "MK-7 has no formulation `spray`: ask for oil_capsule, tablet, food or emulsion"
    );
    assert!(refused("mk7", "--baseline", "mars").starts_with("the list of habitual levels of MK-7 has no row `mars`"));
    assert_eq!(refused("mk9", "--formulation", "tablet"), "MK-9 has no formulation `tablet`: there is none");
}

#[test]
fn a_shape_has_no_scale() {
    let folder = Folder::new("shape");
    let mk9 = ["100 ug q24h", "--set", "mk9", "--until", "2", "--chart", "a.svg", "--out", "a.csv"];
    folder.stdout(&[&["simulate"], &mk9[..]].concat());
    assert!(folder.read("a.csv").starts_with("time_h,relative_level\n"));
    assert!(folder.read("a.svg").contains("shape-only set"));
    folder.stdout(&[&["steady-state"], &mk9[..]].concat());
    let steady = folder.read("a.csv");
    assert!(steady.contains(",relative\n") && !steady.contains("µg/L"), "{steady}");
}

// ---------------------------------------------------------------------------------------- steady state, sets and check

#[test]
fn a_steady_state_is_a_row_for_each_number() {
    let folder = Folder::new("steady");
    let (stdout, stderr) = folder.done(&with("steady-state", "180 ug q24h", &["--chart", "a.svg", "--until", "48"]));
    let steady = MK7.model().steady_state(Dose::of(180.0 * UG).every(DAY)).expect("a steady state");
    let (names, values) = (column(&stdout, "metric"), column(&stdout, "value"));
    for (name, exact) in [
        ("cmax", steady.cmax()),
        ("tmax", steady.tmax()),
        ("ctrough", steady.ctrough()),
        ("auc_tau", steady.auc_tau()),
        ("fluctuation", 100.0 * steady.fluctuation()),
        ("half_life", steady.model().half_life()),
        ("time_to_90_pct", steady.time_to(0.9).expect("a time") / DAY),
    ] {
        let place = names.iter().position(|known| known == name).expect(name);
        assert_eq!(values[place], exact.to_string(), "{name}");
    }
    assert!(stderr.contains(MK7.nominal().contested), "{stderr}");
    assert!(folder.read("a.svg").contains("average at steady state"));
    assert_eq!(
        folder.refusal(1, &with("steady-state", "180 ug q24h x60", &["--out", "a.csv", "--chart", "b.png"])),
        "`180 ug q24h x60` ends after 60 doses, and a steady state needs dosing without an end: leave out `x60`"
    );
}

#[test]
fn sets_are_listed_for_people_and_for_programs() {
    let folder = Folder::new("list");
    let (list, table) = (folder.stdout(&["sets"]), folder.stdout(&["sets", "--json"]));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&table).expect("JSON");
    for (vitamer, set) in VITAMERS.iter().flat_map(|vitamer| vitamer.sets().iter().map(move |set| (vitamer, set))) {
        assert!(list.contains(set.name) && list.contains(set.contested), "{}", set.name);
        // What the list says can be asked for.
        let asked = format!("{}/{}", vitamer.symbol.replace('-', "").to_lowercase(), set.name);
        assert!(list.contains(&asked) && rows.iter().any(|row| row["name"] == *asked), "{asked}");
        folder.stdout(&["simulate", "1 ug", "--set", &asked, "--until", "1"]);
    }
    for vitamer in VITAMERS {
        let forms = vitamer.formulations().iter().map(|form| form.name);
        let levels = vitamer.baselines().iter().map(|row| row.symbol);
        forms.chain(levels).for_each(|name| assert!(list.contains(name), "{vitamer} {name}"));
    }
}

#[test]
fn check_says_what_is_known_of_the_amount() {
    let folder = Folder::new("check");
    let regimen: Regimen = "180 ug q24h".parse().expect("a regimen");
    let findings = intake::check(&MK7, &regimen).expect("findings");
    let heading = ["What is known of such amounts; not medical advice:".to_owned()];
    let lines: Vec<_> = heading.into_iter().chain(findings.iter().map(|finding| format!("- {finding}"))).collect();
    assert_eq!(folder.stdout(&with("check", "180 ug q24h", &[])), lines.join("\n") + "\n");
    let json = folder.stdout(&with("check", "180 ug q24h", &["--json"]));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.len(), findings.len());
}

// --------------------------------------------------------------------------------------------- help and what is refused

#[test]
fn every_command_helps() {
    let folder = Folder::new("help");
    let help = folder.stdout(&["--help"]);
    assert_eq!(folder.stdout(&[]), help, "without arguments it helps");
    for command in ["simulate", "steady-state", "table", "nca", "diary", "sets", "check"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let own = folder.stdout(&[command, "--help"]);
        assert!(own.contains(&format!("Usage: menaquinone {command}")), "{own}");
    }
    assert!(help.contains("leaves with 0 when all is done, 1 when") && help.contains("Nothing here is medical advice"));
    assert!(folder.stdout(&["simulate", "--help"]).contains("15 mg with 20 g fat q8h"));
    assert_eq!(folder.stdout(&["--version"]), format!("menaquinone {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_command_line_that_cannot_be_read_is_wrong_usage() {
    let folder = Folder::new("usage");
    let refused = |arguments: &[&str]| folder.refusal(2, arguments);
    assert_eq!(
        refused(&with("simulate", "180 xg q24h", &[])),
        "invalid value '180 xg q24h' for '<REGIMEN>': cannot read `180 xg q24h`: `180 xg` (column 1) is not an \
         amount: write a finite number above zero and a unit (ug, µg, mcg, mg or g), such as 180 ug"
    );
    assert_eq!(
        refused(&["simulate", "180 ug", "--set", "mk8"]),
        "invalid value 'mk8' for '--set <NAME>': `mk8` is not a vitamer with kinetics here: write MK-4 \
         (menaquinone-4), MK-7 (menaquinone-7), MK-9 (menaquinone-9) or K1 (phylloquinone)"
    );
    assert_eq!(
        refused(&["simulate", "180 ug", "--set", "mk7/best"]),
        "invalid value 'mk7/best' for '--set <NAME>': MK-7 has no parameter set `best`: ask for nominal, half_life_72h, \
         half_life_96h, literature_1cpt or literature_2cpt"
    );
    assert_eq!(
        refused(&["simulate", "180 ug"]),
        "there is nobody to simulate: give --set, such as mk7, --model or --cl and --v"
    );
    assert_eq!(refused(&["simulate"]), "the following required arguments were not provided: <REGIMEN>");
    assert_eq!(refused(&["simulat"]), "unrecognized subcommand 'simulat'; a similar subcommand exists: 'simulate'");
    assert_eq!(
        refused(&["simulate", "90 ug daily", "--cl", "abc", "--v", "1"]),
        "invalid value 'abc' for '--cl <CL>': write a number"
    );
    assert_eq!(
        refused(&with("simulate", "180 ug", &["--days", "-3"])),
        "invalid value '-3' for '--days <DAYS>': write a number above zero"
    );
    assert_eq!(
        refused(&with("simulate", "180 ug", &["--out", "levels.xls"])),
        "the result cannot be written to levels.xls: end its name in .csv or .json"
    );
    assert_eq!(refused(&with("simulate", "180 ug", &["--colour"])), "unexpected argument '--colour' found");
    for below_zero in ["-180 ug daily", "-.5mg q12h", "-90 ug Mon,Fri"] {
        let why = refused(&with("simulate", below_zero, &[]));
        assert!(why.starts_with(&format!("cannot read `{below_zero}`: ")), "{why}");
        assert!(why.contains("write a finite number above zero and a unit"), "{why}");
    }
    assert!(refused(&["nca", "a.csv", "--conc-unit", "mmol/L"]).ends_with("such as ug/L, ng/mL or mg/L"));
    assert!(refused(&["nca", "a.csv", "--area", "round"]).starts_with("invalid value 'round' for '--area <AREA>'"));
    assert!(refused(&["nca", "a.csv", "--summary", "--cdisc"]).contains("cannot be used with"));
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let folder = Folder::new("numbers");
    let refused = |arguments: &[&str]| folder.refusal(1, arguments);
    assert_eq!(
        refused(&["simulate", "180 ug", "--cl", "-1", "--v", "3"]),
        "cl is -1 L/h, but it must be a positive, finite number"
    );
    assert_eq!(
        refused(&with("simulate", "10 mg iv", &[])),
        "the set nominal of MK-7 rests on swallowed doses only, so an intravenous dose has no meaning in it: give \
         parameters of your own"
    );
    assert_eq!(
        refused(&with("simulate", "180 ug", &["--step", "1e-5"])),
        "672 h in steps of 0.00001 h are over a million rows: take a longer --step"
    );
    let file = |name: &str, text: &str| {
        folder.write(name, text);
        refused(&["simulate", "180 ug", "--model", name, "--out", "out.csv", "--chart", "out.png"])
    };
    assert_eq!(
        refused(&["simulate", "180 ug", "--model", "none.toml"]),
        "cannot read none.toml: there is no such file"
    );
    assert_eq!(file("a.toml", "cl = 1.27\nv = 154\n"), "a.toml: missing field `ka` at line 1 column 1");
    assert_eq!(
        file("a.toml", "cl = 1.27\nv = 154\nka = 1\nkel = 2\n"),
        "a.toml: unknown field `kel`, expected one of `cl`, `v`, `ka`, `tlag`, `f` at line 4 column 1"
    );
    assert_eq!(
        file("a.toml", "cl = nan\nv = 154\nka = 1\n"),
        "a.toml: cl is NaN L/h, but it must be a positive, finite number"
    );
    assert_eq!(file("a.json", "{\"cl\": 1.27,\n\"v\": 154}"), "a.json: missing field `ka` at line 2 column 9");
    assert_eq!(
        file("a.toml", &TWO_COMPARTMENTS.replace("v2 = 90", "v3 = 90")),
        "a.toml: unknown field `v3`, expected one of `cl`, `v1`, `q`, `v2` at line 11 column 1"
    );
    assert_eq!(
        file("a.txt", "cl = 1.27"),
        "a.txt: a model is read from a .toml or a .json file, so end its name in one of these"
    );
}

#[test]
fn places_that_cannot_be_written_to_are_refused() {
    let folder = Folder::new("places");
    let refused = |more: &[&str]| folder.refusal(1, &with("simulate", "180 ug", more));
    let chart = refused(&["--chart", "no/where/a.png"]);
    assert!(chart.starts_with("cannot write no/where/a.png: "), "{chart}");
    assert!(chart.ends_with(": create the folder no/where first"), "{chart}");
    let table = refused(&["--out", "no/where/a.csv"]);
    assert!(table.starts_with("cannot write no/where/a.csv: "), "{table}");
    assert!(refused(&["--chart", "a.jpeg"]).contains("a chart is a .png or a .svg"));
    // One folder that is not there is made.
    folder.stdout(&with("simulate", "180 ug", &["--until", "1", "--out", "made/a.csv", "--chart", "made/a.svg"]));
    assert!(folder.read("made/a.csv").lines().count() == 3 && folder.read("made/a.svg").starts_with("<svg"));
    fs::create_dir(folder.0.join("taken.csv")).expect("a folder");
    assert!(refused(&["--out", "taken.csv"]).starts_with("cannot write taken.csv: "));
}

#[test]
fn it_is_quiet_when_its_reader_has_had_enough() {
    let folder = Folder::new("pipe");
    let arguments = with("simulate", "180 ug q24h", &["--days", "3000"]);
    let mut child = folder.command();
    let mut child = child.args(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a process");
    drop(child.stdout.take()); // before it has written, or at the latest before it has written all
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

// ------------------------------------------------------------------------------------- files as other programs have them

/// Of theophylline, in mg and L.
const THEOPHYLLINE: [&str; 6] = ["--cl", "2.8", "--v", "32", "--ka", "1.5"];

#[test]
fn event_tables_of_other_programs_go_through() {
    let folder = Folder::new("tables");
    let table = |name: &str, more: &[&str]| {
        let path = shipped(name);
        folder.done(&[&["table", &path], &THEOPHYLLINE[..], more].concat())
    };
    let (sd, notes) = table("theo_sd.csv", &[]);
    assert!(notes.contains("`101` is read as a dose into the compartment of its hundreds, as in RxODE"), "{notes}");
    assert_eq!(column(&sd, "WT")[..2], ["79.6", "79.6"]);
    // 319.992 mg by mouth, 1.12 h after: F D ka/(V(ka - k)) (exp(-k t) - exp(-ka t)).
    let (ka, k, t) = (1.5_f64, 2.8 / 32.0, 1.12);
    let exact = 319.992 * ka / (32.0 * (ka - k)) * ((-k * t).exp() - (-ka * t).exp());
    let predicted = |csv: &str| {
        let rows = column(csv, "TIME").into_iter().zip(column(csv, "DV")).zip(numbers(csv, "PRED"));
        let found = rows.into_iter().find(|((time, dv), _)| time == "1.12" && dv == "10.5");
        found.expect("the row of the peak").1
    };
    assert!((predicted(&sd) / exact - 1.0).abs() < 1e-12);
    let (monolix, notes) = table("theophylline.txt", &[]);
    assert!((predicted(&monolix) / exact - 1.0).abs() < 1e-12);
    assert!(
        notes.contains("CONC is read as DV") && notes.contains("SEX is a column of text and is left out"),
        "{notes}"
    );
    // By kg: 4.02 mg/kg, once as a row of its own and once in every row.
    let names = ["--columns", "ID AMT TIME,DV WT"];
    for (name, more) in [("THEOPP", &[][..]), ("Theoph.csv", &["--dose-column", "Dose"]), ("THEO", &names)] {
        let (by_kg, _) = table(name, more);
        assert!((predicted(&by_kg) / (exact * 4.02 / 319.992) - 1.0).abs() < 1e-12, "{name}");
    }
    let refused = folder.refusal(1, &[&["table", &*shipped("THEO")], &THEOPHYLLINE[..]].concat());
    assert!(refused.ends_with("or name the columns of a file without a header by --columns"), "{refused}");
    assert!(folder.refusal(1, &["nca", &shipped("THEO")]).contains("with --columns"));
    let refused = folder.refusal(1, &[&["table", &*shipped("Theoph.csv")], &THEOPHYLLINE[..]].concat());
    assert!(refused.contains("give --dose-column with its name"), "{refused}");

    let phenobarbital = ["pheno.dta", "pheno_sd.csv", "Phenobarb.csv"].map(|name| table(name, &[]));
    for (csv, _) in &phenobarbital {
        assert_eq!(numbers(csv, "PRED"), numbers(&phenobarbital[0].0, "PRED"));
        assert_eq!(numbers(csv, "EVID"), numbers(&phenobarbital[0].0, "EVID"));
    }
    for (i, names) in [&["WGT", "APGR", "FA1", "FA2"][..], &["WT", "APGR"], &["Wt", "Apgar"]].into_iter().enumerate() {
        for name in names {
            assert_eq!(numbers(&phenobarbital[i].0, name).len(), 29, "{name}");
        }
    }
    assert!(phenobarbital[2].1.contains("ApgarInd is a column of text and is left out"));

    for name in ["warfarin.csv", "warfarin_data.txt", "warfarin_pk.csv"] {
        let (csv, notes) = table(name, &["--chart", "w.svg", "--out", "w.csv"]);
        assert!(csv.is_empty() && folder.read("w.svg").starts_with("<svg"));
        let csv = folder.read("w.csv");
        let of_kind = column(&csv, "DVID").into_iter().zip(column(&csv, "EVID"));
        assert_eq!(of_kind.filter(|(kind, evid)| kind == "2" && evid == "0").count(), 12, "{name}");
        assert_eq!(numbers(&csv, "age")[0], 50.0);
        let named = notes.contains("`pca` is read as DVID 2") && notes.contains("sex is a column of text");
        assert_eq!(named, name == "warfarin.csv", "{notes}");
    }
}

/// Every command of the README, as a shell has it, among the files that it names.
#[test]
#[cfg(unix)]
fn the_commands_of_the_readme_go_through() {
    let folder = Folder::new("readme");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shipped");
    for entry in fs::read_dir(&data).expect("a folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, folder.0.join(path.file_name().expect("a name"))).expect("a copy");
    }
    for name in ["events.csv", "samples.csv"] {
        fs::copy(data.join("theo_sd.csv"), folder.0.join(name)).expect("a copy");
    }
    folder.write("week.txt", "Mon 08:00 natto 50 g\n");
    folder.write("theory.toml", THEORY);
    let bin = folder.0.join("bin");
    fs::create_dir(&bin).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_menaquinone-tested"), bin.join("menaquinone")).expect("a link");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).expect("a paper");
    let commands: Vec<&str> =
        readme.lines().filter(|line| line.starts_with("menaquinone ") && !line.contains(" = ")).collect();
    assert!(commands.len() > 20, "{commands:?}");
    for command in commands {
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let output = Command::new("sh").args(["-c", command]).current_dir(&folder.0).env("PATH", path).output();
        let output = output.expect("a shell");
        assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty() || command.contains(" --chart "), "{command} prints nothing");
    }
}

#[test]
fn a_table_comes_back_with_what_is_predicted() {
    let folder = Folder::new("pred");
    folder.write("t.csv", "ID,TIME,AMT,II,ADDL,DV,PRED\n1,0,180,24,6,.,1\n1,4,.,.,.,1.1,2\n1,168,.,.,.,.,3\n");
    let (csv, notes) = folder.done(&["table", "t.csv", "--set", "mk7", "--amounts"]);
    assert!(notes.contains("the column PRED of the table gives way to what is predicted"), "{notes}");
    let profile = MK7.model().profile(Dose::of(180.0).every(DAY).times(7), &[0.0, 4.0, 168.0]).expect("a profile");
    let found = numbers(&csv, "PRED").into_iter().zip(profile.conc().to_vec());
    found.into_iter().for_each(|(found, exact)| assert!((found - exact).abs() < 1e-12));
    assert_eq!((column(&csv, "DOSE"), column(&csv, "COPY")[2].as_str()), (vec!["1".to_owned(); 3], "6"));
    folder.write("bad.csv", "TIME,AMT\n0,x\n");
    assert_eq!(
        folder.refusal(1, &["table", "bad.csv", "--set", "mk7", "--out", "o.csv"]),
        "bad.csv, line 2, column AMT: found `x`, but it must be a finite number; write `.` or nothing where there is none"
    );
    folder.write("f1.csv", "TIME,AMT,F1\n0,9,0.5\n");
    assert!(
        folder.refusal(1, &["table", "f1.csv", "--set", "mk7"]).contains("with --use, or leave it out with --ignore")
    );
    assert_eq!(column(&folder.stdout(&["table", "f1.csv", "--set", "mk7", "--use", "F1"]), "F1"), ["0.5"]);
    folder.write("two.csv", "ID,TIME,Dose\n1,0,9\n1,2,9\n2,0,9\n2,1,8\n");
    assert_eq!(
        folder.refusal(1, &["table", "two.csv", "--set", "mk7", "--dose-column", "dose"]),
        "two.csv, line 5: dose is 8 after 9, but it must be the same in every row of a subject: name the doses with AMT"
    );
}

#[test]
fn samples_of_other_programs_go_through() {
    let folder = Folder::new("samples");
    let nca = |name: &str, more: &[&str]| {
        let path = shipped(name);
        folder.done(&[&["nca", &path, "--conc-unit", "mg/L"], more].concat())
    };
    // Phoenix WinNonlin, linear up and log down: tests/reference/nca/winnonlin.csv.
    for (name, more) in [
        ("Theoph.csv", &["--dose-column", "Dose", "--dose-unit", "mg/kg"][..]),
        ("THEOPP", &["--dose-column", "DOSE", "--dose-unit", "mg/kg"]),
        ("THEO", &["--columns", "ID AMT TIME DV WT", "--dose-column", "AMT", "--dose-unit", "mg/kg"]),
        ("theo_sd.csv", &["--dose-column", "AMT", "--dose-unit", "mg"]),
        ("theophylline.txt", &["--dose-column", "AMT", "--dose-unit", "mg"]),
    ] {
        let (csv, notes) = nca(name, more);
        assert_eq!(column(&csv, "id"), ["1", "2", "3"]);
        assert!((numbers(&csv, "half_life (h)")[1] - 6.659_341_563).abs() < 1e-8, "{name}");
        assert_eq!(numbers(&csv, "cmax (µg/L)")[0], 10_500.0);
        let cl = numbers(&csv, "cl_obs (L/h)")[1];
        let by_kg = if name.starts_with("theo") { 1.0 } else { 72.4 };
        assert!((cl * by_kg / 3.286_165_405 - 318.56 / 320.0).abs() < 1e-6, "{name}: {cl}");
        assert!(notes.contains("not read: "), "{notes}");
    }
    let (wide, _) = nca("theo_sd.csv", &["--dose", "320 mg"]);
    assert!((numbers(&wide, "cl_obs (L/h)")[1] - 3.286_165_405).abs() < 1e-8);
    for name in ["pheno.dta", "pheno_sd.csv", "Phenobarb.csv"] {
        let (csv, notes) = nca(name, &[]);
        assert_eq!(numbers(&csv, "cmax (µg/L)"), [31_000.0, 33_900.0, 23_800.0], "{name}");
        assert!(notes.contains("no dose is known, so there are no clearances"), "{notes}");
    }
    for (name, kind) in [("warfarin.csv", "dvid=cp"), ("warfarin_data.txt", "dvid=1"), ("warfarin_pk.csv", "dvid=1")] {
        let (csv, _) = nca(name, &["--only", kind, "--dose-column", "amt", "--dose-unit", "mg"]);
        assert_eq!((numbers(&csv, "cmax (µg/L)"), numbers(&csv, "cl_obs (L/h)").len()), (vec![9200.0, 9500.0], 2));
        let refused = folder.refusal(1, &["nca", &shipped(name), "--conc-unit", "mg/L"]);
        assert!(refused.ends_with("take one kind of observation by its DVID with --only"), "{refused}");
    }
}

#[test]
fn nca_has_options_for_what_has_to_be_said() {
    let folder = Folder::new("nca");
    folder.write(
        "s.csv",
        "subject,hours,level,arm\na,0,0,x\na,60,8,x\na,120,4,x\na,180,BLQ,x\na,240,1,x\na,360,0.25,x\nb,0,1,y\n",
    );
    let named = [
        "nca",
        "s.csv",
        "--time",
        "hours",
        "--time-unit",
        "min",
        "--conc",
        "level",
        "--conc-unit",
        "ng/mL",
        "--only",
        "arm=x",
    ];
    let nca = |more: &[&str]| folder.stdout(&[&named[..], more].concat());
    let refused = folder.refusal(1, &named);
    assert!(refused.contains("--below") && !refused.contains("BelowLimit"), "{refused}");
    let area = |more: &[&str]| numbers(&nca(more), "auc_last (µg·h/L)")[0];
    // Straight lines, without the sample below the limit: 4 + 6 + 2.5 · 2 + 0.625 · 2.
    assert_eq!(area(&["--below", "drop", "--area", "linear"]), 16.25);
    assert_eq!(area(&["--below", "zero", "--area", "linear"]), 4.0 + 6.0 + 2.0 + 0.5 + 1.25);
    assert_eq!(area(&["--below", "2", "--area", "linear"]), 5.0 + 6.0 + 3.0 + 1.5 + 1.25); // the first is below it too
    let exact = 4.0 + 7.75 / std::f64::consts::LN_2;
    for rule in ["up-down", "linear-log"] {
        assert!((area(&["--below", "drop", "--area", rule]) - exact).abs() < 1e-12, "{rule}");
    }
    let tau = nca(&["--below", "drop", "--tau", "6", "--dose", "100 ug", "--threshold", "4", "--window", "0..2"]);
    for heading in ["cavg (µg/L)", "cl_tau (L/h)", "time_above (h)", "auc_window (µg·h/L)"] {
        assert_eq!(numbers(&tau, heading).len(), 1, "{heading}");
    }
    let long = nca(&["--below", "drop", "--long"]);
    assert!(
        long.contains("give --tau") && long.contains("give --dose or --dose-column") && !long.contains('`'),
        "{long}"
    );
    let summary = nca(&["--below", "drop", "--summary", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&summary).expect("JSON");
    assert_eq!((&rows[0]["symbol"], &rows[0]["mean"]), (&"cmax".into(), &8.into()));
    folder.stdout(
        &[&named[..], &["--below", "drop", "--cdisc", "--dose", "100 ug", "--out", "pp.csv", "--chart", "s.svg"]]
            .concat(),
    );
    let cdisc = folder.read("pp.csv");
    assert!(cdisc.starts_with("USUBJID,PPTESTCD,PPTEST,PPORRES,PPORRESU\n"), "{cdisc}");
    let (codes, units) = (column(&cdisc, "PPTESTCD"), column(&cdisc, "PPORRESU"));
    let unit = |code: &str| &units[codes.iter().position(|known| known == code).expect(code)];
    assert_eq!((unit("CMAX"), unit("AUCLST"), unit("CLFO")), (&"ug/L".into(), &"h*ug/L".into(), &"L/h".into()));
    assert!(folder.read("s.svg").starts_with("<svg"));
}

// --------------------------------------------------------------------------------------------------------------- diary

#[test]
fn a_diary_becomes_the_intake_of_its_days_and_levels() {
    let folder = Folder::new("diary");
    folder.write("week.txt", "Mon 08:00 natto 50 g\nTue 20:00 MK-7 capsule 180 ug\n");
    let csv = folder.stdout(&["diary", "week.txt"]);
    assert!(csv.starts_with("day,form,typical_ug,low_ug,high_ug,unranged_ug\nMon,"), "{csv}");
    assert!(folder.stdout(&["diary", "week.txt", "--text"]).contains("470 (388-875)"));
    let (levels, notes) = folder.done(&["diary", "week.txt", "--set", "mk7/literature_2cpt"]);
    assert_eq!(numbers(&levels, "time_h").len(), 49, "to the end of the last day");
    assert!(notes.contains("doses of MK-7: (469.5 ug with 5.5 g fat at 8h and 180 ug at 44h)"), "{notes}");
    assert_eq!(
        folder.refusal(2, &["diary", "week.txt", "--chart", "a.png"]),
        "a chart is one of levels: give --set, such as mk7"
    );
    folder.write("bad.txt", "Mon 08:00 nato 50 g\n");
    assert!(folder.refusal(1, &["diary", "bad.txt"]).contains("line 1, column 11: `nato` is not a food of the table"));
    for (name, text) in
        [("a.txt", ""), ("b.txt", "# none yet\n\n"), ("c.csv", "date,time,food,amount\n"), ("d.txt", "Mon\nTue\n")]
    {
        folder.write(name, text);
        let why = "holds nothing that was taken: write a line such as `Mon 08:00 natto 50 g`";
        assert_eq!(folder.refusal(1, &["diary", name]), format!("{name} {why}"));
    }
}

// ----------------------------------------------------------------------------------------------------------------- fit

/// A curve of ten samples after 320 µg, and what `fit` starts from.
const CURVE: &str = "time,conc\n0.25,2.84\n0.57,6.57\n1.12,10.5\n2.02,9.66\n3.82,8.58\n5.1,8.36\n7.03,7.47\n9.05,6.89\n12.12,5.94\n24.37,3.28\n";
const START: [&str; 8] = ["--taken", "320 ug once", "--cl", "3", "--v", "30", "--ka", "1"];

fn fit<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["fit", "curve.csv"], &START[..], more].concat()
}

#[test]
fn fit_prints_a_report_with_profiles_and_replicates() {
    let folder = Folder::new("fit");
    folder.write("curve.csv", CURVE);
    let more = ["--cv", "0.1", "--profile", "t_half,cl", "--bootstrap", "60", "--chart", "fit.svg"];
    let (report, notes) = folder.done(&fit(&more));
    assert!(report.starts_with("subject 1, 10 samples\n") && report.contains("half-life 13.3"), "{report}");
    for part in [
        "-2LL 19.03",
        "chi-square 9.17 on 7",
        "profile of t_half: 13.30",
        "profile of cl: 1.54",
        "60 of 60 replicates settled",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(notes.contains("note: wrote fit.svg") && notes.contains("starts from cl 3 L/h"), "{notes}");
    assert!(folder.read("fit.svg").contains("95 % band of the curve"));
    // The same by least squares, as a table and as JSON; what is held stays.
    let csv = folder.stdout(&fit(&["--csv", "--fix", "v", "--profile", "cl"]));
    assert_eq!(column(&csv, "name"), ["ka", "cl", "t_half"]);
    let cl = numbers(&csv, "estimate")[1];
    let (low, high) = (column(&csv, "profile_low")[1].clone(), column(&csv, "profile_high")[1].clone());
    assert!(low.parse::<f64>().expect("an end") < cl && cl < high.parse::<f64>().expect("an end"));
    assert!((numbers(&csv, "estimate")[2] - 30.0 * std::f64::consts::LN_2 / cl).abs() < 1e-9);
    let json = folder.stdout(&fit(&["--json", "--free", "cl"]));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!((rows.len(), &rows[0]["name"], &rows[0]["settled"]), (2, &"cl".into(), &"true".into()));
}

#[test]
fn fit_takes_tables_of_several_and_event_tables() {
    let folder = Folder::new("fits");
    let theoph = shipped("Theoph.csv");
    let named = ["--id", "Subject", "--dose-column", "Dose", "--dose-unit", "mg/kg", "--conc-unit", "mg/L"];
    let start = ["--cl", "0.04", "--v", "0.5", "--ka", "1", "--csv"];
    let csv = folder.stdout(&[&["fit", &theoph], &named[..], &start[..]].concat());
    assert_eq!(numbers(&csv, "estimate").len(), 12);
    // R's nls: exp(0.575159) and exp(-3.915856).
    assert!((numbers(&csv, "estimate")[0].ln() - 0.575_159).abs() < 1e-6);
    assert!((numbers(&csv, "estimate")[1].ln() + 3.915_856).abs() < 1e-6);
    let pooled = folder.stdout(&[&["fit", &theoph], &named[..], &start[..], &["--pooled"]].concat());
    assert_eq!(column(&pooled, "id"), ["all"; 4]);
    folder.write("events.csv", "ID,TIME,AMT,DV\n7,0,320,.\n7,1.12,.,10.5\n7,5.1,.,8.4\n7,12.1,.,5.9\n7,24.4,.,3.3\n");
    let csv = folder.stdout(&["fit", "events.csv", "--cl", "3", "--v", "30", "--ka", "1", "--csv"]);
    assert_eq!(column(&csv, "id"), ["7"; 4]);
    // One that cannot be fitted is named, and the rest goes on.
    folder.write("two.csv", "id,time,conc\na,1,5\na,2,4\nb,1,5\nb,2,4\nb,4,3\nb,8,1\n");
    let (csv, notes) = folder.done(&["fit", "two.csv", "--taken", "100 ug iv once", "--cl", "3", "--v", "20", "--csv"]);
    assert_eq!(column(&csv, "id"), ["b"; 3]);
    assert!(notes.contains("subject a: 2 samples cannot tell 2 unknowns"), "{notes}");
}

#[test]
fn fit_says_what_it_refuses() {
    let folder = Folder::new("unfit");
    folder.write("curve.csv", CURVE);
    folder.write("short.csv", "time,conc\n1,5\n2,4\n");
    let short = [&["fit", "short.csv"], &START[..]].concat();
    assert!(folder.refusal(1, &short).starts_with("subject 1: 2 samples cannot tell 3 unknowns"));
    assert!(
        folder
            .refusal(2, &["fit", "curve.csv", "--taken", "320 ug once"])
            .starts_with("there is no model to start from")
    );
    assert!(folder.refusal(2, &fit(&["--free", "q"])).starts_with("the model has no number `q`: its numbers are ka"));
    assert!(folder.refusal(2, &fit(&["--profile", "q"])).starts_with("there is no profile of `q`: ask for t_half or"));
    assert_eq!(
        folder.refusal(2, &fit(&["--estimate-error"])),
        "there is no error to estimate: give --cv or --sd to start from"
    );
    let no_dose = folder.refusal(2, &["fit", "curve.csv", "--cl", "3", "--v", "30"]);
    assert!(no_dose.contains("--taken"), "{no_dose}");
    assert!(folder.refusal(1, &fit(&["--limit", "20", "--cv", "0.1"])).contains("none of the 10 samples is a level"));
}

/// A theory of theophylline, for `theo_sd.csv`.
const THEORY: &str = "[numbers]\nka = { free = 1.5, varying = 0.6 }\ncl = { free = 3.0, varying = 0.3 }\nv = { free = 30.0, varying = 0.2 }\n\n\
    [error]\nadditive = { sd = { free = 0.7 } }\n";

/// Eight people after 100 mg, and a theory of them in which only the clearance varies.
const PEOPLE: &str = "ID,TIME,AMT,DV\n\
    1,0,100,.\n1,1,.,6.1\n1,4,.,6.6\n1,12,.,3.1\n2,0,100,.\n2,1,.,4.9\n2,4,.,5.6\n2,12,.,3.9\n3,0,100,.\n3,1,.,5.6\n3,4,.,5.5\n\
    3,12,.,2.2\n4,0,100,.\n4,1,.,5.1\n4,4,.,6.3\n4,12,.,3.4\n";
const OF_PEOPLE: &str = "[numbers]\nka = { free = 1.0 }\ncl = { free = 1.0, varying = 0.3 }\nv = { free = 10.0 }\n\n\
    [error]\nproportional = { cv = { free = 0.1 } }\n";

#[test]
fn fit_of_people_fills_a_folder() {
    let folder = Folder::new("people");
    folder.write("theory.toml", THEORY);
    let table = shipped("theo_sd.csv");
    let more = ["--unit", "mg/L", "--trials", "50", "--bootstrap", "3", "--profile", "cl", "--out", "fit"];
    let (stdout, notes) = folder.done(&[&["fit", &table, "--theory", "theory.toml"], &more[..]].concat());
    assert_eq!(stdout, "");
    assert!(notes.contains("note: wrote report.txt, estimates.csv, people.csv"), "{notes}");
    let report = folder.read("fit/report.txt");
    for part in ["FOCEI of 3 people, 33 samples: OFV 18.5258", "profile of cl: 2.43", "replicates 0 to 2: 3 fitted"] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let estimates = folder.read("fit/estimates.csv");
    assert_eq!(column(&estimates, "name")[..4], ["ka", "cl", "v", "sd"]);
    assert_eq!(column(&folder.read("fit/people.csv"), "ID"), ["1", "2", "3"]);
    assert!(folder.read("fit/residuals.csv").starts_with("ID,TIME,DV,CENS,PRED,RES,WRES"));
    assert_eq!(numbers(&folder.read("fit/residuals.csv"), "NPDE").len(), 33);
    let json: serde_json::Value = serde_json::from_str(&folder.read("fit/fit.json")).expect("JSON");
    assert_eq!((&json["method"], &json["unit"], &json["settled"]), (&"focei".into(), &"mg/L".into(), &true.into()));
    for name in ["goodness", "npde", "vpc", "etas", "individuals", "estimates"] {
        let bytes = fs::read(folder.0.join(format!("fit/{name}.png"))).expect("a chart");
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{name}");
    }
    assert!(
        folder.names() == ["fit", "theory.toml"] && fs::read_dir(folder.0.join("fit")).expect("a folder").count() == 12
    );
    // The theory that was written is the start of a further fit, which ends where this one did.
    let again = folder.stdout(&["fit", &table, "--theory", "fit/theory.toml", "--json"]);
    let again: serde_json::Value = serde_json::from_str(&again).expect("JSON");
    let ofv = |fit: &serde_json::Value| fit["ofv"].as_f64().expect("a number");
    assert!((ofv(&again) - ofv(&json)).abs() < 1e-6);
}

#[test]
fn fit_of_people_goes_by_any_method() {
    let folder = Folder::new("methods");
    folder.write("theory.toml", OF_PEOPLE);
    folder.write("people.csv", PEOPLE);
    let with =
        |method: &str| folder.stdout(&["fit", "people.csv", "--theory", "theory.toml", "--method", method, "--csv"]);
    let cl = |csv: &str| numbers(csv, "estimate")[1];
    let exact = cl(&with("quadrature:5"));
    for method in ["fo", "foce", "focei", "laplace", "laplace-at-zero"] {
        assert!((cl(&with(method)) / exact - 1.0).abs() < 0.02, "{method}");
    }
    assert!((cl(&with("importance:10")) / exact - 1.0).abs() < 0.1);
    let saem = [
        "--method",
        "saem",
        "--exploring",
        "60",
        "--averaging",
        "100",
        "--chains",
        "1",
        "--out",
        "saem",
        "--trials",
        "20",
    ];
    folder.done(&[&["fit", "people.csv", "--theory", "theory.toml"], &saem[..]].concat());
    assert!((cl(&folder.read("saem/estimates.csv")) / exact - 1.0).abs() < 0.1);
    assert!(folder.read("saem/report.txt").contains("SAEM") && folder.0.join("saem/convergence.png").exists());
}

#[test]
fn fit_of_people_leaves_out_who_is_named() {
    fn fit<'a>(table: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["fit", table, "--theory", "theory.toml"], more].concat()
    }

    let folder = Folder::new("left out");
    folder.write("theory.toml", OF_PEOPLE);
    // The fifth has taken something else.
    folder.write("people.csv", PEOPLE.to_owned() + "5,0,100,.\n5,1,.,900\n5,4,.,0.01\n5,12,.,700\n");
    folder.write("four.csv", PEOPLE);
    let report = folder.stdout(&fit("people.csv", &["--without", "5"]));
    assert!(
        report.contains("FOCEI of 4 people, 12 samples") && report.contains("left out on request: 5\n"),
        "{report}"
    );
    let plain = folder.stdout(&fit("four.csv", &[]));
    assert_eq!(report.replace("left out on request: 5\n", ""), plain);
    folder.done(&fit("people.csv", &["--without", "5, 2", "--trials", "20", "--out", "fit"]));
    let json: serde_json::Value = serde_json::from_str(&folder.read("fit/fit.json")).expect("JSON");
    assert_eq!(json["left_out"], serde_json::json!(["5", "2"]));
    assert!(folder.read("fit/report.txt").contains("left out on request: 5, 2"));
    assert_eq!(column(&folder.read("fit/people.csv"), "ID"), ["1", "3", "4"]);
    let refused = |who: &str| folder.refusal(1, &fit("people.csv", &["--without", who]));
    assert_eq!(refused("9"), "people.csv: subject `9` cannot be left out: nobody of 5 subjects has that id");
    assert_eq!(refused("1,2,3,4,5"), "people.csv: everybody was left out: keep at least one subject");
    // Who was never sampled is refused, and can be left out.
    folder.write("never.csv", PEOPLE.to_owned() + "never,0,100,.\n");
    let never = folder.refusal(1, &fit("never.csv", &[]));
    assert_eq!(
        never,
        "never.csv: subject `never` has no level: give one (EVID 0 with a DV), or leave them out of a fit of people by --without"
    );
    let report = folder.stdout(&fit("never.csv", &["--without", "never"]));
    assert_eq!(report.replace("left out on request: never\n", ""), plain);
    let alone = folder.refusal(2, &["fit", "people.csv", "--cl", "1", "--v", "10", "--without", "5"]);
    assert_eq!(alone, "--without is of a population: give a theory of one by --theory");
}

/// Two assays of the same levels, each with an error of its own.
#[test]
fn fit_of_people_knows_kinds_of_observation() {
    let folder = Folder::new("kinds");
    let rows = PEOPLE.lines().skip(1).map(|row| match row.split(',').nth(1) {
        Some("4") => format!("{row},2\n"),
        _ => format!("{row},1\n"),
    });
    folder.write("kinds.csv", "ID,TIME,AMT,DV,DVID\n".to_owned() + &rows.collect::<String>());
    folder.write("one.toml", OF_PEOPLE);
    folder.write("two.toml", OF_PEOPLE.to_owned() + "\n[errors.2]\nadditive = { sd = { free = 0.5 } }\n");
    let csv = folder.stdout(&["fit", "kinds.csv", "--theory", "two.toml", "--csv"]);
    assert_eq!(column(&csv, "name"), ["ka", "cl", "v", "cv", "sd#2", "omega2(cl)"]);
    let refused = folder.refusal(1, &["fit", "kinds.csv", "--theory", "one.toml"]);
    assert!(
        refused.contains("the observation has DVID 2, others have 1") && refused.contains("such as [errors.2]"),
        "{refused}"
    );
}

#[test]
fn fit_of_people_says_what_it_refuses() {
    let folder = Folder::new("refused people");
    folder.write("people.csv", PEOPLE);
    folder.write("good.toml", OF_PEOPLE);
    let refused = |theory: &str, more: &[&str]| {
        folder.write("theory.toml", theory);
        folder.refusal(1, &[&["fit", "people.csv", "--theory", "theory.toml"], more].concat())
    };
    let of = |from: &str, to: &str| OF_PEOPLE.replace(from, to);
    let expected = "theory.toml: expected a number, or one that is sought such as { free = 1.5, varying = 0.3 } at line 3 column 6";
    assert_eq!(refused(&of("varying", "varing"), &[]), expected);
    let expected = "theory.toml: cl is -1 L/h, but it must be a positive, finite number at line 3 column 1";
    assert_eq!(refused(&of("{ free = 1.0, v", "{ free = -1.0, v"), &[]), expected);
    assert!(refused(&of("v = {", "w = {"), &[]).starts_with("theory.toml: "));
    assert!(refused("[numbers\n", &[]).ends_with("at line 1 column 9"));
    let effect = OF_PEOPLE.to_owned() + "[effects]\n\"cl~WT\" = { at = 70.0, power = 0.75 }\n";
    let expected = "theory.toml at line 9 column 2 and people.csv: person `1` has no covariate WT (people.csv, line 3), which the theory needs: give it in a column of the table";
    assert_eq!(refused(&effect, &[]), expected);
    let constant = PEOPLE.lines().enumerate().map(|(i, row)| format!("{row},{}\n", if i == 0 { "WT" } else { "80" }));
    folder.write("constant.csv", constant.collect::<String>());
    folder
        .write("theory.toml", OF_PEOPLE.to_owned() + "[effects]\n\"cl~WT\" = { at = 70.0, power = { free = 0.75 } }\n");
    let constant = folder.refusal(1, &["fit", "constant.csv", "--theory", "theory.toml"]);
    assert!(constant.ends_with("WT is 80 in everybody, so that cl~WT cannot be told: leave the effect out, or fix it"));
    assert!(refused(&of(", varying = 0.3", ""), &[]).contains("write such as cl = { free = 1.2, varying = 0.3 }"));
    assert!(refused(OF_PEOPLE.split("[error]").next().expect("a part"), &[]).contains("give the theory an [error]"));
    assert!(folder.refusal(1, &["fit", "people.csv", "--theory", "none.toml"]).contains("there is no such file"));
    assert!(folder.refusal(1, &["fit", "people.csv", "--theory", "people.csv"]).contains(".toml or a .json"));
    let good =
        |more: &[&str], code| folder.refusal(code, &[&["fit", "people.csv", "--theory", "good.toml"], more].concat());
    // A table that says its units is not in another; where it says half of them, that is noted.
    for (names, said) in [
        ("TIME,AMT (mg),DV (mg/L)", true),
        ("TIME,AMT (mg),DV", true),
        ("TIME,AMT,DV (ng/mL)", true),
        ("TIME,AMT,DV", false),
    ] {
        folder.write("units.csv", PEOPLE.replace("TIME,AMT,DV", names));
        folder.write("theory.toml", OF_PEOPLE);
        let fit = ["fit", "units.csv", "--theory", "theory.toml"];
        if said {
            assert!(
                folder
                    .refusal(2, &[&fit[..], &["--unit", "mg/L"]].concat())
                    .starts_with("the table says its units itself")
            );
        }
        let (_, notes) = folder.done(&fit);
        let is_half = names == "TIME,AMT (mg),DV" || names == "TIME,AMT,DV (ng/mL)";
        assert_eq!(
            notes.contains("are taken in ug") || notes.contains("and are taken in ug/L"),
            is_half,
            "{names}: {notes}"
        );
    }
    // What would change nothing is refused.
    for (more, why) in [
        (&["--conc-unit", "mg/L"][..], "leave out --conc-unit"),
        (&["--time", "Hours"], "leave out --time"),
        (&["--chains", "2"], "--chains is of SAEM"),
        (&["--search", "good.toml", "--out", "x"], "cannot be used with"),
        (&["--log"], "cannot be used with"),
        (&["--corrected"], "were not provided: --out <FILE>"),
    ] {
        let said = good(more, 2);
        assert!(said.contains(why), "{more:?}: {said}");
    }
    assert!(good(&["--method", "bayes"], 2).contains("quadrature:5, importance:1000 or saem"));
    assert!(
        good(&["--profile", "q"], 2)
            .starts_with("`q` is not sought in this fit: what is sought is ka, cl, v, cv, omega2(cl); or")
    );
    assert!(good(&["--out", "people.csv"], 1).starts_with("people.csv is a file"));
    assert!(good(&["--out", "no/folder"], 1).ends_with("create the folder no first"));
    assert!(good(&["--cl", "1", "--v", "2"], 2).contains("cannot be used with"));
    folder.write("people.csv", PEOPLE.replace("2,12,.,3.9", "2,12,.,3x9"));
    assert!(good(&[], 1).starts_with("people.csv, line 9, column DV: found `3x9`"));
    folder.write("people.csv", PEOPLE.replace("2,12,.,3.9", "2,12,.,-3"));
    assert!(good(&[], 1).starts_with("people.csv, line 9: the level at 12 h is -3"));
}

/// A script of `docs/SCALING.md` that has these words, in a folder, with a variable for the number of the task.
#[cfg(unix)]
fn script_of_scaling(folder: &Folder, words: &str, change: (&str, &str), task: &str) -> String {
    let scaling =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SCALING.md")).expect("a paper");
    let script = scaling.split("```sh\n").skip(1).filter_map(|part| part.split("```").next());
    let script =
        script.into_iter().find(|script| script.contains(words)).expect("a script").replace(change.0, change.1);
    let bin = folder.0.join("bin");
    if !bin.exists() {
        fs::create_dir(&bin).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_menaquinone-tested"), bin.join("menaquinone")).expect("a link");
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    let command = command.args(["-c", &script]).current_dir(&folder.0).env("PATH", path);
    let output = command.env("SLURM_ARRAY_TASK_ID", task).output().expect("a shell");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Tasks of a cluster as processes: what they write is joined to what one process makes, byte for byte.
#[test]
#[cfg(unix)]
fn replicates_in_slices_are_the_replicates_to_the_bit() {
    let folder = Folder::new("slices");
    folder.write("theory.toml", OF_PEOPLE);
    folder.write("events.csv", PEOPLE);
    let fit = |more: &[&str]| folder.done(&[&["fit", "events.csv", "--theory", "theory.toml"], more].concat()).0;
    for task in ["2", "0", "1"] {
        script_of_scaling(&folder, "--bootstrap", ("replicates=50 ", "replicates=2 "), task);
    }
    let parts = ["001", "000", "002"].map(|number| format!("parts/bootstrap-{number}.json"));
    let join = |parts: &[String], out: &str| {
        let parts = parts.iter().map(String::as_str);
        let arguments: Vec<&str> = ["join"].into_iter().chain(parts).chain(["--out", out]).collect();
        folder.stdout(&arguments)
    };
    let joined = join(&parts, "joined.json");
    assert!(joined.starts_with("replicates 0 to 5: ") && joined.contains("omega2(cl)"), "{joined}");
    fit(&["--bootstrap", "6", "--seed", "1", "--part", "whole.json"]);
    assert_eq!(folder.read("joined.json"), folder.read("whole.json"));
    let missing = [parts[1].as_str(), parts[2].as_str()];
    let sentence = "the slices do not meet: after replicate 1 comes 4, but 2 is due";
    assert_eq!(folder.refusal(1, &[&["join"], &missing[..]].concat()), sentence);
    // Trials that are simulated and fitted.
    for (slice, file) in [("2..5", "a.json"), ("0..2", "b.json"), ("5", "all.json")] {
        fit(&["--recover", slice, "--part", file]);
    }
    let joined = join(&["a.json".to_owned(), "b.json".to_owned()], "both.json");
    assert_eq!(folder.read("both.json"), folder.read("all.json"));
    assert_eq!(joined, fit(&["--recover", "5"]));
    assert!(joined.starts_with("trials 0 to 4, simulated and fitted: 5 had a fit"), "{joined}");
    assert!(folder.refusal(2, &["join", "all.json", "whole.json"]).starts_with("these parts are of different kinds"));
    assert!(folder.refusal(1, &["join", "events.csv"]).starts_with("events.csv is no part of a series"));
    let no_part = folder.refusal(2, &["fit", "events.csv", "--theory", "theory.toml", "--part", "p.json"]);
    assert!(no_part.starts_with("--part is of replicates"), "{no_part}");
}

/// A search by rounds, each in slices, keeps what a search in one process does.
#[test]
#[cfg(unix)]
fn a_search_in_slices_keeps_what_a_search_does() {
    let folder = Folder::new("search");
    let weights = |line: &str| match line.split(',').next() {
        Some("ID") => format!("{line},WT,AGE"),
        Some("1") => format!("{line},62,30"),
        Some("2") => format!("{line},48,61"),
        Some("3") => format!("{line},85,44"),
        _ => format!("{line},55,38"),
    };
    folder.write("events.csv", PEOPLE.lines().map(weights).collect::<Vec<_>>().join("\n") + "\n");
    folder.write("theory.toml", OF_PEOPLE);
    folder.write("effects.toml", "[effects]\n\"cl~WT\" = { at = 70.0, power = { free = 0.5 } }\n\"cl~AGE\" = { at = 40.0, power = { free = 0.1 } }\n");
    let search = ["fit", "events.csv", "--theory", "theory.toml", "--search", "effects.toml"];
    let whole = folder.stdout(&search);
    let kept = whole.lines().last().expect("a line").to_owned();
    let by_rounds = script_of_scaling(&folder, "--search", ("", ""), "0");
    assert!(whole.contains("    1  add      cl~AGE") && kept.starts_with("kept: "), "{whole}");
    assert!(kept.starts_with(by_rounds.trim()), "{kept} and {by_rounds}");
    folder.write("effects.toml", "[effects]\n\"cl~SIZE\" = { at = 70.0, power = { free = 0.5 } }\n");
    assert!(folder.stdout(&search).contains("no covariate SIZE"));
    folder.write("effects.toml", "[numbers]\ncl = 1.0\n");
    assert!(folder.refusal(1, &search).starts_with("effects.toml: there are no [effects]"));
}

/// A run that is stopped says so in one sentence and leaves nothing.
#[test]
#[cfg(unix)]
fn fit_of_people_ends_in_peace_when_it_is_stopped() {
    use std::time::Duration;
    let folder = Folder::new("stopped");
    folder.write("theory.toml", OF_PEOPLE);
    folder.write("people.csv", PEOPLE);
    let arguments =
        ["fit", "people.csv", "--theory", "theory.toml", "--method", "saem", "--exploring", "900000", "--out", "fit"];
    let mut command = folder.command();
    let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    std::thread::sleep(Duration::from_secs(2));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    let output = child.wait_with_output().expect("its end");
    assert!(sent.success() && output.status.code() == Some(130), "{output:?}");
    assert!(text(&output.stderr).contains("the fit was stopped after"), "{output:?}");
    assert_eq!(folder.names(), ["people.csv", "theory.toml"]);
    // Trials are not watched step by step, and end at once.
    let arguments = ["fit", "people.csv", "--theory", "theory.toml", "--recover", "900000", "--part", "part.json"];
    let child = folder.command().args(arguments).stderr(Stdio::piped()).spawn().expect("a process");
    std::thread::sleep(Duration::from_secs(2));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal").success());
    let output = child.wait_with_output().expect("its end");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(text(&output.stderr), "error: stopped before the end; nothing was written\n");
    assert_eq!(folder.names(), ["people.csv", "theory.toml"]);
}

// ---------------------------------------------------------------------------------------------------------------- dose

#[test]
fn dose_ranks_capsules_for_people_and_for_a_person() {
    let folder = Folder::new("dose");
    folder.write("levels.csv", "time,conc\n312,1.1\n317,1.7\n");
    let products = ["--products", "45,90,180", "--draws", "300"];
    let (people, _) = folder.done(&[&["dose", "trough 2..4", "--set", "mk7"], &products[..]].concat());
    assert!(people.starts_with("90 ug q24h: a trough of 3.06") && people.contains(" of 300 bodies."), "{people}");
    let known = [
        "dose",
        "trough 2..4",
        "--set",
        "mk7",
        "--levels",
        "levels.csv",
        "--taken",
        "90 ug daily for 14 days",
        "--cv",
        "0.15",
    ];
    let (person, notes) = folder.done(&[&known[..], &products[..], &["--chart", "f.png"]].concat());
    assert!(person.starts_with("180 ug q24h: a trough of 2.6"), "{person}");
    assert!(notes.contains("cl is 1.95 times the median; 12 % of the spread between people is left"), "{notes}");
    assert!(folder.names().contains(&"f.png".to_owned()));
    let csv = folder.stdout(&[
        "dose",
        "average 5..",
        "--cl",
        "1.27",
        "--v",
        "154",
        "--ka",
        "1",
        "--dosing",
        "100 ug q12h",
        "--csv",
    ]);
    assert!((numbers(&csv, "reached")[0] - 5.0).abs() < 1e-12);
    let amount: f64 = column(&csv, "dosing")[0].split(' ').next().expect("an amount").parse().expect("a number");
    assert!((amount - 5.0 * 1.27 * 12.0).abs() < 1e-9);
    let json = folder.stdout(&["dose", "above 2 0.5..", "--cl", "1.27", "--v", "154", "--ka", "1", "--json"]);
    assert!(json.contains("\"probability\": 1"), "{json}");
}

#[test]
fn dose_says_what_it_refuses() {
    let folder = Folder::new("overdose");
    folder.write("levels.csv", "time,conc\n312,1.1\n317,1.7\n");
    assert!(folder.refusal(2, &["dose", "trough 2", "--set", "mk7"]).contains("such as 'trough 2..4'"));
    assert!(folder.refusal(2, &["dose", "valley 2..4", "--set", "mk7"]).contains("begin a target with trough"));
    assert!(folder.refusal(2, &["dose", "trough 4..2", "--set", "mk7"]).contains("the target range is 4 to 2"));
    assert!(folder.refusal(1, &["dose", "trough 2..4", "--set", "mk9"]).contains("are relative"));
    let tokyo = ["dose", "trough 2..4", "--set", "mk7", "--baseline", "tokyo"];
    assert!(folder.refusal(2, &tokyo).contains("leave out --formulation, --baseline and --what-if"));
    let levels =
        ["dose", "trough 2..4", "--set", "mk7", "--levels", "levels.csv", "--taken", "90 ug daily for 14 days"];
    assert!(folder.refusal(2, &levels).contains("give --cv, such as 0.15, or --sd"));
    let own =
        ["dose", "trough 2..4", "--cl", "1.27", "--v", "154", "--ka", "1", "--levels", "levels.csv", "--cv", "0.15"];
    assert!(folder.refusal(2, &own).contains("give --vary, such as cl=0.35,v=0.35"));
    assert!(
        folder
            .refusal(2, &["dose", "trough 2..4", "--cl", "1", "--v", "9", "--vary", "cl=0.3"])
            .contains("give --levels too")
    );
}

// -------------------------------------------------------------------------------------------------------------- design

/// One body of MK-7, whose numbers are sought.
const BODY: &str = "\
[numbers]
ka = { free = 1.0 }
cl = { free = 1.27 }
v = { free = 154.0 }
[error]
combined = { cv = 0.15, sd = 0.03 }
";

/// A search for this theory, with more.
fn search<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["design", "theory.toml", "--taken", "180 ug once", "--within", "0..168"], more].concat()
}

#[test]
fn design_finds_times_and_says_what_they_tell() {
    let folder = Folder::new("design");
    folder.write("theory.toml", BODY);
    let (report, notes) =
        folder.done(&search(&["--samples", "6", "--best", "t_half", "--against", "1,4,24", "--tell", "72..96"]));
    assert!(notes.contains("what is expected holds as far as the numbers of theory.toml do"), "{notes}");
    for part in [
        "one person's numbers",
        "efficiency at least",
        "half-life 84.1 h, expected error",
        "samples at 1, 4, 24 h tell",
        "are told apart",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let csv = folder.stdout(&search(&["--samples", "3", "--csv"]));
    let times: Vec<f64> = column(&csv, "what")
        .iter()
        .zip(column(&csv, "value"))
        .filter(|(what, _)| *what == "time")
        .map(|(_, value)| value.parse().expect("a time"))
        .collect();
    assert_eq!(times.len(), 3);
    assert!(times.iter().all(|time| (0.0..=168.0).contains(time)) && times.windows(2).all(|two| two[0] <= two[1]));
    // What is found at a shell is what the times given back are worth.
    let given: Vec<String> = times.iter().map(f64::to_string).collect();
    let judged =
        folder.stdout(&["design", "theory.toml", "--taken", "180 ug once", "--times", &given.join(","), "--csv"]);
    let of = |csv: &str, what: &str| -> Vec<f64> {
        column(csv, "what")
            .iter()
            .zip(column(csv, "value"))
            .filter(|(own, _)| *own == what)
            .map(|(_, value)| value.parse().expect("a number"))
            .collect()
    };
    assert_eq!(of(&judged, "criterion"), of(&csv, "criterion"));
    assert!((0.5..=1.0).contains(&of(&csv, "efficiency")[0]), "{csv}");
    // On full hours while a clinic is open.
    let hours = folder.stdout(&search(&["--samples", "4", "--every", "1", "--open", "7..19", "--apart", "2", "--csv"]));
    assert!(
        of(&hours, "time").iter().all(|time| time.fract() == 0.0 && (7.0..=19.0).contains(&((time + 8.0) % 24.0))),
        "{hours}"
    );
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&folder.stdout(&search(&["--samples", "3", "--json"]))).expect("JSON");
    assert_eq!((&json[0]["what"], json.len()), (&"time".into(), 3 + 4 + 2));
}

#[test]
fn design_compares_numbers_of_samples_and_draws_them() {
    let folder = Folder::new("designs");
    folder.write("theory.toml", BODY);
    let more = ["--samples", "3..5", "--best", "cl,v", "--chart", "design.png"];
    let report = folder.stdout(&search(&more));
    assert!(report.contains("worth of each") && report.contains("\n      4  "), "{report}");
    assert!(folder.names().contains(&"design.png".to_owned()));
    folder.write("slow.toml", BODY.replace("1.27", "0.9"));
    let paid = folder.stdout(&search(&["--samples", "3..5", "--every", "4", "--budget", "5000,300,50,100"]));
    assert!(paid.contains("it costs ") && paid.contains(" of 5000\n"), "{paid}");
    folder.write("rival.toml", BODY.replace("ka = { free = 1.0 }\n", ""));
    let told = folder.stdout(&search(&["--samples", "4", "--every", "24", "--rival", "rival.toml"]));
    assert!(told.contains("efficiency at least"), "{told}");
    let late = folder.stdout(&search(&["--samples", "4", "--every", "4", "--kept-within", "0.5"]));
    assert!(late.contains("efficiency at least"), "{late}");
    let both = folder.stdout(&search(&["--samples", "4", "--every", "12", "--best", "t_half", "--also", "slow.toml"]));
    assert!(both.contains("at the worst of 2 theories"), "{both}");
}

/// People on occasions, samples of two kinds, doses to choose from, and people who are moved between arms.
#[test]
fn design_serves_occasions_kinds_doses_and_arms() {
    const PEOPLE: &str = "\
[numbers]
ka = 1.0
cl = { free = 1.27, varying = 0.3, varying_within = 0.2 }
v = { free = 154.0, varying = 0.3 }
[error]
proportional = { cv = { free = 0.15 } }
[errors]
2 = { proportional = { cv = { free = 0.3 } } }
";
    let folder = Folder::new("designed");
    folder.write("theory.toml", PEOPLE);
    let two = ["design", "theory.toml", "--taken", "180 ug weekly for 2 weeks", "--within", "0..336", "--people", "20"];
    let grid = ["--samples", "4", "--samples-of", "2=2", "--every", "24"];
    let weeks = folder.stdout(&[&two[..], &grid, &["--occasions-from", "168"]].concat());
    assert!(weeks.contains("omega2(cl@OCC)") && weeks.contains("cv#2") && weeks.contains("of kind 2 at"), "{weeks}");
    let once = folder.refusal(1, &[&two[..], &grid].concat());
    assert!(once.contains("omega2(cl)") && once.contains("only a second occasion of the same people"), "{once}");
    assert!(once.contains("(--occasions-from)"), "{once}");
    let unknown = folder.refusal(1, &[&two[..], &["--samples", "4", "--samples-of", "3=2"]].concat());
    assert!(unknown.starts_with("samples of kind (DVID) 3 are asked for"), "{unknown}");
    let judged = ["--times", "4,168,172,336", "--times-of", "2=4,100,300", "--occasions-from", "168"];
    let judged = folder.stdout(&[&two[..4], &["--people", "20"], &judged].concat());
    assert!(judged.contains("samples at 4, 168, 172, 336 h, of kind 2 at 4, 100, 300 h"), "{judged}");
    let between = PEOPLE
        .replace(", varying_within = 0.2", "")
        .replace("proportional = { cv = { free = 0.15 } }", "combined = { cv = { free = 0.15 }, sd = 0.1 }");
    folder.write("theory.toml", between.split("[errors]").next().expect("a theory"));
    let arms = ["design", "theory.toml", "--taken", "90 ug once", "--taken", "45 ug once or 360 ug once"];
    let more = ["--people", "6,6", "--samples", "3", "--within", "0..336", "--every", "24", "--csv"];
    let csv = folder.stdout(&[&arms[..], &more, &["--move-people"]].concat());
    assert!(csv.contains("efficiency"), "{csv}");
    let report = folder.stdout(&[&arms[..], &more[..8], &["--move-people", "--form", "person"]].concat());
    assert!(report.contains("360 ug"), "{report}");
    // Half early and half late.
    let halves = ["--people", "6,6", "--samples", "2", "--within", "0..24", "--within", "48..336", "--every", "12"];
    let halves = folder.stdout(&[&arms[..4], &["--taken", "90 ug once"], &halves].concat());
    let times = |arm: &str| -> Vec<f64> {
        let line = halves.lines().find(|line| line.starts_with(arm)).expect("an arm");
        let list = line.split(" at ").nth(1).and_then(|list| list.strip_suffix(" h")).expect("times");
        list.split(", ").map(|time| time.parse().expect("a time")).collect()
    };
    assert!(
        times("arm 1").iter().all(|time| *time <= 24.0) && times("arm 2").iter().all(|time| *time >= 48.0),
        "{halves}"
    );
    let fixed = folder.refusal(2, &[&arms[..], &["--times", "4,24,168"]].concat());
    assert!(fixed.starts_with("--times judges one regimen of each arm"), "{fixed}");
    assert!(
        folder.refusal(2, &[&arms[..4], &["--samples-of", "2", "--samples", "3"]].concat()).contains("such as 2=4")
    );
    assert!(folder.refusal(2, &["design", "theory.toml", "--taken", "90 ug once or whenever"]).contains("whenever"));
    let backwards = [&two[..], &["--samples", "4", "--occasions-from", "200,168"]].concat();
    assert!(folder.refusal(1, &backwards).contains("give the starts in order of time"));
}

#[test]
fn design_says_what_it_refuses() {
    let folder = Folder::new("undesigned");
    folder.write("theory.toml", BODY);
    let refused = |code: i32, more: &[&str]| folder.refusal(code, &search(more));
    assert!(refused(2, &["--samples", "0"]).contains("a number of samples from 1 to 100"));
    assert!(refused(2, &["--samples", "5..3"]).contains("or a range such as 3..8"));
    assert!(
        refused(1, &["--samples", "2"])
            .starts_with("2 samples of a person do not tell what is asked of 3 numbers (ka, cl, v)")
    );
    assert!(
        refused(1, &["--samples", "3", "--best", "q"])
            .starts_with("there is no number `q` in this design: its numbers are ka, cl, v")
    );
    assert!(
        refused(1, &["--samples", "40", "--apart", "12"]).starts_with("so many samples do not fit into the window")
    );
    assert!(refused(2, &["--samples", "3", "--people", "3,4"]).starts_with("there are 2 numbers of people and 1 arms"));
    assert!(
        refused(1, &["--samples", "3", "--form", "reduced"])
            .ends_with("write such as cl = { free = 1.2, varying = 0.3 }, or --form person")
    );
    assert!(refused(2, &["--samples", "3", "--form", "whole"]).contains("write reduced, full, person or modes:200"));
    assert!(refused(2, &["--samples", "3", "--tell", "72"]).contains("such as 0..168"));
    assert!(refused(1, &["--samples", "3", "--tell", "72..72"]).starts_with("72 and 72 are to be told apart"));
    assert!(
        refused(1, &["--samples", "3", "--also", "none.toml"])
            .starts_with("cannot read none.toml: there is no such file")
    );
    assert!(refused(1, &["--samples", "3", "--budget", "100,300,50,100"]).starts_with("a budget of 100 allows nobody"));
    assert!(refused(2, &["--samples", "3", "--budget", "100"]).contains("write four numbers"));
    let bare = ["design", "theory.toml", "--taken", "180 ug once"];
    assert!(folder.refusal(2, &bare).contains("--samples"));
    let backwards = [&bare[..], &["--samples", "3", "--within", "168..0"]].concat();
    assert!(folder.refusal(1, &backwards).contains("a window needs two finite ends in order"));
    let two = [&bare[..], &["--times", "4,24"]].concat();
    assert!(folder.refusal(1, &two).starts_with("this design does not tell"));
    let early = [&bare[..], &["--times", "0.1,4,24", "--kept-within", "0.25"]].concat();
    assert!(folder.refusal(1, &early).starts_with(
        "the sample at 0.1 h is kept within 0.25 h, so that it may be taken before the first dose at 0 h"
    ));
    assert!(refused(2, &["--samples", "3", "--within", "0..24"]).starts_with("--within is given 2 times for 1 arms"));
    let twice = refused(2, &["--samples", "3", "--covariates", "WT=70", "--covariates", "WT=80"]);
    assert!(twice.starts_with("--covariates is given 2 times for 1 arms"), "{twice}");
    for (more, why) in [
        (&["--samples", "-2"][..], "a number of samples from 1 to 100"),
        (&["--samples", "3", "--apart", "-1"], "the least distance between samples is -1 h"),
        (&["--samples", "3", "--first-dose-at", "nan"], "write a number of hours"),
        (
            &["--samples", "3", "--budget", "20000,300,50,100", "--people", "40"],
            "--budget finds how many people there are",
        ),
    ] {
        let code = if more.contains(&"--apart") { 1 } else { 2 };
        let said = refused(code, more);
        assert!(said.contains(why), "{more:?}: {said}");
    }
    let nowhere = folder.refusal(2, &["design", "theory.toml", "--taken", "180 ug once", "--times", "nan,10"]);
    assert!(nowhere.contains("write a number of hours"), "{nowhere}");
    assert!(refused(2, &["--samples", "3", "--limit-of", "2"]).contains("such as 2=0.5"));
    // An error that vanishes with the level makes a sample at next to no level count fully, which a note says.
    folder.write("theory.toml", BODY.replace("combined = { cv = 0.15, sd = 0.03 }", "proportional = { cv = 0.15 }"));
    let (stdout, notes) = folder.done(&search(&["--samples", "5", "--apart", "1"]));
    assert!(notes.contains("note: arm 1: at ") && notes.contains("(--limit)"), "{notes}");
    assert!(!stdout.contains("samples at 0,"), "{stdout}");
    let (_, notes) = folder.done(&search(&["--samples", "5", "--apart", "1", "--limit", "0.05"]));
    assert!(!notes.contains("arm 1: at "), "{notes}");
    folder.write("theory.toml", BODY.split("[error]").next().expect("the numbers"));
    assert!(
        refused(1, &["--samples", "3"]).ends_with("give the theory an [error], such as proportional = { cv = 0.15 }")
    );
    folder.write("theory.toml", "[numbers]\ncl = fast\n");
    assert!(refused(1, &["--samples", "3"]).starts_with("theory.toml: "));
}
