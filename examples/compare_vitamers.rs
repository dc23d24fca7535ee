//! MK-4 against MK-7: the same daily dose, and what remains after a missed day.
//!
//! Writes `charts/compare_vitamers.png` and prints the troughs around the missed day:
//!
//! ```text
//! cargo run --release --example compare_vitamers
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Profile, Regimen, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::*,
};

/// The day without a dose, counted from 1.
const MISSED: u32 = 22;
const DAYS: u32 = 35;

fn main() -> Result<(), Box<dyn Error>> {
    let pairs = [Pair::new(&MK7)?, Pair::new(&MK4)?];
    let file = "charts/compare_vitamers.png";
    sheet(&pairs).save(file)?;
    println!("180 ug once a day, day {MISSED} missed\n");
    println!("             usual  after the miss  remains  days until 95 %");
    println!("vitamer      trough µg/L                  %          is back");
    for pair in &pairs {
        let [usual, missed] = pair.troughs(MISSED);
        let remains = 100.0 * missed / usual;
        println!("{:<7}  {usual:>8.3}  {missed:>14.3}  {remains:>7.0}  {:>15}", pair.vitamer, pair.days_to_recover());
    }
    for pair in &pairs {
        let set = pair.vitamer.nominal();
        println!("\n{}, {}. {}", pair.vitamer, set.title, set.contested);
    }
    println!("\n{NOT_DETECTED}");
    println!("\nWrote {file}");
    Ok(())
}

/// What the MK-4 curve is up against at doses this small.
const NOT_DETECTED: &str = "In a trial, MK-4 was not detected in plasma at any time after 420 µg \
    (Sato 2012, doi:10.1186/1475-2891-11-93): the MK-4 levels here are carried down from mg doses.";

/// A vitamer taken every day, and with one day missed.
struct Pair {
    vitamer: &'static Vitamer,
    usual: Profile,
    missed: Profile,
}

impl Pair {
    fn new(vitamer: &'static Vitamer) -> Result<Self> {
        let regimen = dosing();
        let times = grid(0.0..=f64::from(DAYS) * DAY, STEP);
        let usual = vitamer.model().profile(&regimen, &times)?;
        let missed = vitamer.model().profile(regimen.skip([MISSED.into()]), &times)?;
        Ok(Self { vitamer, usual, missed })
    }

    /// The level at the end of a day, usual and with the missed dose.
    fn troughs(&self, day: u32) -> [f64; 2] {
        let end = f64::from(day) * DAY;
        [&self.usual, &self.missed].map(|profile| {
            let index = profile.times().partition_point(|time| *time < end - 0.5 * STEP);
            profile.conc()[index]
        })
    }

    /// How many days after the missed one the trough is back to 95 % of the usual.
    fn days_to_recover(&self) -> u32 {
        let low = |day: &u32| {
            let [usual, missed] = self.troughs(*day);
            missed < 0.95 * usual
        };
        (MISSED..=DAYS).take_while(low).last().map_or(0, |day| day + 1 - MISSED)
    }
}

/// The time between points; a whole number of them is a day.
const STEP: f64 = 0.1 * HOUR;

fn dosing() -> Regimen {
    Dose::of(180.0 * UG).every(DAY).times(DAYS.into())
}

/// Both on one axis, and the days around the missed one as a share of the usual trough, which has no scale.
fn sheet(pairs: &[Pair]) -> Sheet {
    let regimen = dosing().skip([MISSED.into()]);
    let missed = f64::from(MISSED - 1) * DAY;
    let mut both = Chart::new("").moment("Missed dose", missed).x_range(0.0..=28.0 * DAY);
    let mut close = Vec::new();
    for (pair, colour) in pairs.iter().zip([Colour::Blue, Colour::Vermilion]) {
        both = both.curve(pair.vitamer.symbol, &pair.missed).colour(colour);
        close.push(around_the_miss(pair, colour).doses(&regimen));
    }
    let sets: Vec<String> =
        pairs.iter().map(|pair| format!("{} {}", pair.vitamer, pair.vitamer.nominal().title)).collect();
    let contested: Vec<String> =
        pairs.iter().map(|pair| format!("{}: {}", pair.vitamer, pair.vitamer.nominal().contested)).collect();
    Sheet::new(format!("180 µg a day of MK-7 or of MK-4, day {MISSED} missed"))
        .subtitle(format!("Plasma concentration above the habitual level · {}", sets.join(" · ")))
        .caption(format!("{} {NOT_DETECTED}", contested.join(" ")))
        .row([both])
        .relative_height(1.2)
        .row(close)
}

fn around_the_miss(pair: &Pair, colour: Colour) -> Chart {
    let [usual, missed] = pair.troughs(MISSED);
    let end = f64::from(MISSED) * DAY;
    Chart::new(format!("{}: {:.0} % of the usual trough remains", pair.vitamer, 100.0 * missed / usual))
        .x_range(end - 3.0 * DAY..=end + 4.0 * DAY)
        .dashed("usual", &pair.usual)
        .colour(Colour::Grey)
        .curve("missed", &pair.missed)
        .colour(colour)
        .note(format!("{missed:.2} µg/L"), (end, missed))
}
