//! The data sets of fits of people, in `tests/data/fit` and, where examples read them too, in `examples/data`.

use std::collections::BTreeMap;
use std::path::Path;

use menaquinone::Dose;
use menaquinone::fit::{People, Sampled, Samples};

/// A row of a file, by the names of its columns.
pub type Row = BTreeMap<String, String>;

/// The rows of a file of numbers, by the names of the columns.
pub fn rows(file: &str) -> Vec<Row> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = tests.join("data/fit").join(file);
    let path = if own.exists() { own } else { tests.join("../examples/data").join(file) };
    let all = std::fs::read_to_string(path).expect("a file").replace('"', "");
    let mut lines = all.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &str| names.iter().zip(line.split(',')).map(|(a, b)| ((*a).to_owned(), b.to_owned())).collect();
    lines.map(row).collect()
}

pub fn number(row: &Row, name: &str) -> f64 {
    row[name].trim().parse().unwrap_or_else(|_| panic!("{name} is `{}`", row[name]))
}

/// Ten people with a dose of 10 into a volume of 1, and a level at 0 and at 1.
pub fn wang() -> People {
    let mut people: BTreeMap<u32, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for row in rows("wang2007.csv") {
        let person = people.entry(row["ID"].parse().expect("an id")).or_default();
        person.0.push(number(&row, "Time"));
        person.1.push(number(&row, "Y"));
    }
    let one = |(id, (times, conc)): (u32, (Vec<f64>, Vec<f64>))| {
        (id.to_string(), Sampled::new(Dose::iv(10.0).at(0.0), Samples::new(&times, &conc).expect("samples")))
    };
    People::new(people.into_iter().map(one)).expect("people")
}

/// The twelve people of the data set Theoph, whose dose is some function of their rows.
pub fn theophylline(dose: impl Fn(&Row) -> f64) -> People {
    let mut people: Vec<(String, f64, Vec<f64>, Vec<f64>)> = Vec::new();
    for row in rows("theophylline.csv") {
        if people.last().is_none_or(|last| last.0 != row["Subject"]) {
            people.push((row["Subject"].clone(), dose(&row), Vec::new(), Vec::new()));
        }
        let last = people.last_mut().expect("a person");
        last.2.push(number(&row, "Time"));
        last.3.push(number(&row, "conc"));
    }
    let one = |(id, dose, times, conc): (String, f64, Vec<f64>, Vec<f64>)| {
        (id, Sampled::new(Dose::of(dose).at(0.0), Samples::new(&times, &conc).expect("samples")))
    };
    People::new(people.into_iter().map(one)).expect("people")
}

/// The same with doses per kg times weight, in mg.
pub fn theophylline_in_mg() -> People {
    theophylline(|row| number(row, "Wt") * number(row, "Dose"))
}
