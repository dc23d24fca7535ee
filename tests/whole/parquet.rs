//! Profiles of many people in Parquet, which the library writes with the feature `parquet`.

use std::fs;

use menaquinone_whole as menaquinone;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

#[path = "../common/folder.rs"]
#[expect(dead_code, reason = "what other tests need of it")]
mod folder;

use folder::Folder;
use menaquinone::{
    Dose, Population, Regimen, grid,
    population::{ProfileFile, Profiles},
    units::*,
    vitamer::MK7,
};

const SEED: u64 = 7;
const PEOPLE: u64 = 500;

fn course() -> Regimen {
    Dose::of(180.0 * UG).every(DAY).times(28)
}

/// The profiles of the people of these numbers.
fn profiles(people: std::ops::Range<u64>) -> Profiles {
    let variability = MK7.nominal().variability();
    let people = Population::sample_range(people, SEED, |draw| variability.person(draw)).expect("people");
    people.simulate(course(), &grid(0.0..=28.0 * DAY, 4.0)).expect("profiles")
}

/// A row: the number of the person, and the bits of time and concentration.
type Row = (u64, u64, u64);

fn rows_of(profiles: &Profiles) -> Vec<Row> {
    let row = |i: usize, id: u64| {
        let pairs = profiles.times().iter().zip(profiles.row(i));
        pairs.map(move |(time, conc)| (id, time.to_bits(), conc.to_bits())).collect::<Vec<_>>()
    };
    profiles.ids().enumerate().flat_map(|(i, id)| row(i, id)).collect()
}

fn reader(folder: &Folder, name: &str) -> SerializedFileReader<fs::File> {
    SerializedFileReader::new(fs::File::open(folder.0.join(name)).expect("a file")).expect("Parquet")
}

fn rows_in(folder: &Folder, name: &str) -> Vec<Row> {
    let reader = reader(folder, name);
    let rows = reader.get_row_iter(None).expect("rows").map(|row| {
        let row = row.expect("a row");
        let number = |i: usize| row.get_double(i).expect("a number").to_bits();
        (row.get_long(0).expect("a number").cast_unsigned(), number(1), number(2))
    });
    rows.collect()
}

#[test]
fn it_reads_back_to_the_bit_and_has_its_schema() {
    let folder = Folder::new("parquet");
    let mut file = ProfileFile::create(folder.0.join("a.parquet")).expect("a file");
    for range in [0..123, 123..124, 124..PEOPLE] {
        file.append(&profiles(range)).expect("room");
        assert!(!folder.0.join("a.parquet").exists(), "half a file has the name of a whole one");
    }
    file.finish().expect("a file");
    let reader = reader(&folder, "a.parquet");
    let columns = reader.metadata().file_metadata().schema_descr().columns().iter();
    let columns: Vec<_> = columns.map(|column| format!("{} {}", column.name(), column.physical_type())).collect();
    assert_eq!(columns, ["id INT64", "time DOUBLE", "conc DOUBLE"]);
    assert!(rows_in(&folder, "a.parquet") == rows_of(&profiles(0..PEOPLE)));
    assert_eq!(folder.names(), ["a.parquet"]);
}

/// As the tasks of `docs/SCALING.md` write them.
#[test]
fn parts_in_order_are_the_rows_of_one_run() {
    let folder = Folder::new("parts");
    let parts = [0..333, 333..334, 334..PEOPLE];
    let mut rows = Vec::new();
    for (i, part) in parts.into_iter().enumerate() {
        let name = format!("part-{i:03}.parquet");
        profiles(part).save(folder.0.join(&name)).expect("a file");
        rows.extend(rows_in(&folder, &name));
    }
    assert!(rows == rows_of(&profiles(0..PEOPLE)), "the rows of the parts differ from those of one run");
}

#[test]
fn what_is_not_finished_is_not_there() {
    let folder = Folder::new("unfinished");
    let mut file = ProfileFile::create(folder.0.join("new.parquet")).expect("a file");
    file.append(&profiles(0..5)).expect("room");
    drop(file);
    assert!(folder.names().is_empty());
    fs::create_dir(folder.0.join("b.parquet")).expect("a folder");
    let why = profiles(0..1).save(folder.0.join("b.parquet")).expect_err("a folder of that name").to_string();
    assert!(why.ends_with("a folder has that name already, so choose another name"), "{why}");
}
