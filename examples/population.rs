//! How wide is the band? 90 µg of MK-7 a day for eight weeks, in many people at once: the median, the middle half, nine of
//! ten, and the share whose trough stays above 2 µg/L.
//!
//! Writes `charts/population.png` and prints the shares:
//!
//! ```text
//! cargo run --release --example population
//! ```
//!
//! With `--out`, it writes the concentrations of a slice of the people instead, as one task of a cluster job would
//! (`docs/SCALING.md`):
//!
//! ```text
//! population --slice 0..5000 --out part-0.csv
//! ```
//!
//! Built with `--features parquet`, it writes a `.parquet` as well.

use std::error::Error;
use std::ops::Range;

use menaquinone::{
    Dose, Population, Regimen,
    chart::{Chart, Sheet},
    grid,
    population::{Bands, ProfileFile, Share, Window},
    units::*,
    vitamer::MK7,
};

/// One seed, so that every slice is of the same people.
const SEED: u64 = 2026;
const TARGET: f64 = 2.0 * UG / L;
const WEEKS: f64 = 8.0;
/// The people that are in memory at a time when a file is written.
const BATCH: u64 = 10_000;

const USAGE: &str = "population [--people 10000] [--slice 0..5000] [--out part.csv] [--days 28]";

struct Arguments {
    /// How many people there are.
    people: u64,
    /// The people to write.
    slice: Option<Range<u64>>,
    /// The file that gets the concentrations, hour by hour; a chart is then not drawn.
    out: Option<String>,
    /// Of how many days the concentrations are written.
    days: u32,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self { people: 10_000, slice: None, out: None, days: 28 };
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{name}` has no value behind it: {USAGE}"))?;
            let refused = |why: &dyn std::fmt::Display| format!("{name} {value}: {why}");
            match name.as_str() {
                "--people" => read.people = value.parse().map_err(|why| refused(&why))?,
                "--slice" => read.slice = Some(range(&value).ok_or_else(|| refused(&SLICE))?),
                "--out" => read.out = Some(value),
                "--days" => read.days = value.parse().map_err(|why| refused(&why))?,
                _ => return Err(format!("`{name}` is no option: {USAGE}")),
            }
        }
        Ok(read)
    }
}

const SLICE: &str = "write the first person and the one after the last, such as 0..5000";

fn range(text: &str) -> Option<Range<u64>> {
    let (from, to) = text.split_once("..")?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::read(std::env::args().skip(1)).unwrap_or_else(|why| {
        eprintln!("error: {why}");
        std::process::exit(2)
    });
    match &arguments.out {
        Some(out) => write(&arguments, out),
        None => draw(&arguments),
    }
}

/// The people of these numbers: the same whoever else is drawn.
fn people(range: Range<u64>) -> menaquinone::Result<Population> {
    let variability = MK7.nominal().variability();
    Population::sample_range(range, SEED, |draw| variability.person(draw))
}

fn regimen() -> Regimen {
    Dose::of(90.0 * UG).every(DAY).into()
}

// -------------------------------------------------------------------------------------------------------------- a file

fn write(arguments: &Arguments, out: &str) -> Result<(), Box<dyn Error>> {
    let slice = arguments.slice.clone().unwrap_or(0..arguments.people);
    let (times, regimen) = (grid(0.0..=f64::from(arguments.days) * DAY, HOUR), regimen());
    let mut file = ProfileFile::create(out)?;
    let mut first = slice.start;
    loop {
        let batch = first..slice.end.min(first + BATCH);
        file.append(&people(batch.clone())?.simulate(&regimen, &times)?)?;
        first = batch.end;
        if first == slice.end {
            break;
        }
    }
    file.finish()?;
    println!("Wrote {out}: people {} to {}, {} times each", slice.start, slice.end.saturating_sub(1), times.len());
    Ok(())
}

// ------------------------------------------------------------------------------------------------------------- a chart

/// What is kept of each person, day by day.
struct Days {
    days: Vec<f64>,
    shares: Vec<Share>,
}

fn draw(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let file = "charts/population.png";
    let people = people(0..arguments.people)?;
    let times = grid(0.0..=7.0 * WEEKS * DAY, HOUR);
    let bands = people.bands(regimen(), &times, &[0.05, 0.25, 0.5, 0.75, 0.95])?;
    let days = shares(&people)?;
    sheet(&people, &bands, &days)?.save(file)?;
    println!("90 µg of MK-7 a day, {} people: share with a trough of at least 2 µg/L\n", count(people.len()));
    println!("after    share  95 % interval");
    for week in [1_u8, 2, 3, 4, 6, 8] {
        let share = &days.shares[usize::from(7 * week) - 1];
        let interval = share.interval(0.95)?;
        let share = 100.0 * share.share().unwrap_or_default();
        println!("week {week}  {share:>5.1} %  {:.1}-{:.1} %", 100.0 * interval.start(), 100.0 * interval.end());
    }
    let last = times.len() - 1;
    let levels: Vec<String> = bands.iter().map(|(p, conc)| format!("{:.0} %: {:.2}", 100.0 * p, conc[last])).collect();
    println!("\nTroughs after eight weeks, µg/L: {}", levels.join(", "));
    println!("\nMK-7, {}. {}", MK7.nominal().title, MK7.nominal().contested);
    println!("\nThe interval is that of chance in drawing people, not of how good the model is.");
    println!("Nothing here is medical advice.\n\nWrote {file}");
    Ok(())
}

/// The share whose trough at the end of each day is at the target or above.
fn shares(people: &Population) -> menaquinone::Result<Days> {
    let days = grid(1.0..=7.0 * WEEKS, 1.0);
    let mut shares = Vec::new();
    for day in &days {
        let reached = people.exposures(regimen(), &Window::new((day - 1.0) * DAY..=day * DAY)?)?;
        shares.push(reached.iter().map(|person| person.ctrough >= TARGET).collect());
    }
    Ok(Days { days, shares })
}

fn sheet(people: &Population, bands: &Bands, days: &Days) -> menaquinone::Result<Sheet> {
    let set = MK7.nominal();
    let title = format!("Menaquinone-7, 90 µg a day, in {} people", count(people.len()));
    Ok(Sheet::new(title)
        .subtitle(format!(
            "Plasma concentration above the habitual level · {}, with its variability between people",
            set.title
        ))
        .caption(format!("{} The spread between people is assumed where docs/PARAMETERS.md says so.", set.contested))
        .row([levels(bands)?])
        .relative_height(1.3)
        .row([above(days)?]))
}

/// `10,000`, as people write it.
fn count(people: usize) -> String {
    let digits = people.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn levels(bands: &Bands) -> menaquinone::Result<Chart> {
    Ok(Chart::new("From the first dose on")
        .band("90 % of people", &bands.curve(0.05)?, &bands.curve(0.95)?)
        .band("50 % of people", &bands.curve(0.25)?, &bands.curve(0.75)?)
        .curve("median", &bands.curve(0.5)?)
        .level("2 µg/L", TARGET))
}

/// The share day by day; its interval is too narrow to be seen, so it stands as a note.
fn above(days: &Days) -> menaquinone::Result<Chart> {
    let percent = |share: &Share| 100.0 * share.share().unwrap_or_default();
    let share: Vec<_> = days.days.iter().zip(&days.shares).map(|(day, share)| (day * DAY, percent(share))).collect();
    let (last, end) = (&days.shares[days.shares.len() - 1], share[share.len() - 1]);
    let (low, high) = last.interval(0.95)?.into_inner();
    let note = format!("{:.1} %, 95 % interval {:.1}–{:.1} %", end.1, 100.0 * low, 100.0 * high);
    Ok(Chart::new("Share whose trough is at least 2 µg/L")
        .y_label("Share of people (%)")
        .curve("share", share)
        .note(note, (0.72 * end.0, end.1))
        .y_range(0.0..=100.0))
}
