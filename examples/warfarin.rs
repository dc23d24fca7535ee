//! Vitamin K under a vitamin K antagonist: a research illustration, not for clinical use.
//!
//! A stable antagonist, then 45 µg of MK-7 a day with it, and the same four hours later: taking them apart changes next to
//! nothing. Writes `charts/warfarin.png` and prints the numbers:
//!
//! ```text
//! cargo run --release --example warfarin
//! ```

use std::error::Error;

use menaquinone::antagonist::{CYCLE, Course, Factor, Levels, NOTICE, State, WARFARIN};
use menaquinone::{
    Dose, Profile, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::MK7,
};

/// The antagonist has been taken for so long before the chart begins.
const BEFORE: f64 = 8.0 * WEEK;
/// MK-7 from the first day to the last.
const FROM: f64 = 2.0 * WEEK;
const UNTIL: f64 = 8.0 * WEEK;
const END: f64 = 12.0 * WEEK;
/// The index at which the antagonist is stable.
const TARGET: f64 = 2.0;

fn main() -> Result<(), Box<dyn Error>> {
    let illustration = Illustration::new()?;
    let file = "charts/warfarin.png";
    illustration.sheet().save(file)?;
    println!("{NOTICE}\n");
    println!("INR-like index            before   after 6 weeks of 45 µg MK-7 a day");
    for (name, course) in [
        ("without MK-7", &illustration.alone),
        ("taken together", &illustration.together),
        ("four hours apart", &illustration.apart),
    ] {
        println!("{name:<22}  {:>8.2}   {:>8.2}", at(course, FROM), at(course, UNTIL));
    }
    println!("\nLargest difference between together and apart at any hour: {:.4}", illustration.difference());
    println!("{SCALED}");
    println!("\nWrote {file}");
    Ok(())
}

const SCALED: &str = "The effect of MK-7 is scaled to one printed number, -40 % at 45 µg a day (Theuwissen 2013, \
                      doi:10.1111/jth.12203); the index is a power of factors II, VII and X.";

/// Levels, and what follows from them without MK-7, with it, and with it four hours later.
struct Illustration {
    antagonist: Profile,
    mk7: Profile,
    alone: Course,
    together: Course,
    apart: Course,
}

impl Illustration {
    fn new() -> Result<Self> {
        let times = grid(-BEFORE..=END, 0.5 * HOUR);
        let daily = Dose::of(CYCLE.level_for(TARGET)? * WARFARIN.cl * DAY).every(DAY);
        let antagonist = WARFARIN.model()?.profile(daily.lasting(BEFORE + END).at(-BEFORE), &times)?;
        let mk7_at = |start: f64| {
            let regimen = Dose::of(45.0 * UG).every(DAY).lasting(UNTIL - FROM).at(start);
            MK7.model().profile(regimen, &times)
        };
        let course = |vitamin: &Profile| CYCLE.course(&State::HABITUAL, Levels { antagonist: &antagonist, vitamin });
        let none = Profile::new(times.clone(), vec![0.0; times.len()])?;
        let mk7 = mk7_at(FROM)?;
        let (alone, together, apart) = (course(&none)?, course(&mk7)?, course(&mk7_at(FROM + 4.0 * HOUR)?)?);
        Ok(Self { antagonist, mk7, alone, together, apart })
    }

    /// The largest distance between the index together and apart, from the sixth week of MK-7 on.
    fn difference(&self) -> f64 {
        let (together, apart) = (self.together.index(), self.apart.index());
        let pairs = together.iter().zip(apart.values());
        let late = pairs.filter(|((time, _), _)| (UNTIL - WEEK..UNTIL).contains(time));
        late.map(|((_, a), b)| (a - b).abs()).fold(0.0, f64::max)
    }

    fn sheet(&self) -> Sheet {
        Sheet::new(format!("MK-7 against a vitamin K antagonist: {NOTICE}"))
            .subtitle("A stable antagonist, then 45 µg MK-7 a day from day 14 to day 56 · four hours between them change next to nothing")
            .caption(format!(
                "{}. Vitamin K cycle of Wajima 2009, saturated so that vitamin K without an antagonist changes nothing. \
                 {SCALED} MK-7, {}. {} The dose of the antagonist is not shown, because none may be read from this.",
                capital(NOTICE),
                MK7.nominal().title,
                MK7.nominal().contested
            ))
            .size(1200, 1180)
            .row([self.levels()])
            .row([self.factors()])
            .row([self.index(), self.close()])
            .relative_height(1.2)
    }

    fn levels(&self) -> Chart {
        let last_day = self.antagonist.iter().filter(|(time, _)| *time >= END - DAY).map(|(_, level)| level / 1000.0);
        let (trough, peak) = last_day.fold((f64::INFINITY, 0.0_f64), |(low, high), c| (low.min(c), high.max(c)));
        let flat = |level: f64| [(0.0, level), (END, level)];
        Chart::new("Levels: the antagonist in mg/L, MK-7 in µg/L")
            .x_range(0.0..=END)
            .y_label("Level (mg/L and µg/L)")
            .band("Antagonist, trough to peak", flat(trough), flat(peak))
            .colour(Colour::Grey)
            .curve("MK-7", &self.mk7)
            .colour(Colour::Blue)
    }

    fn factors(&self) -> Chart {
        let percent = |response: menaquinone::marker::Response| -> Vec<(f64, f64)> {
            response.iter().map(|(time, share)| (time, 100.0 * share)).collect()
        };
        let chart = Chart::new("What is left of the hydroquinone and of clotting factors, taken together")
            .x_range(0.0..=END)
            .y_range(0.0..=100.0)
            .y_label("Share of the habitual (%)");
        let colours = [Colour::Vermilion, Colour::Green, Colour::Purple];
        let chart = Factor::IN_INDEX.into_iter().zip(colours).fold(chart, |chart, (factor, colour)| {
            chart.curve(format!("Factor {factor}"), percent(self.together.factor(factor))).colour(colour)
        });
        chart.curve("Hydroquinone", percent(self.together.hydroquinone())).colour(Colour::Blue)
    }

    fn index(&self) -> Chart {
        let alone = self.alone.index();
        let last_day: Vec<_> = alone.iter().filter(|(time, _)| *time > END - DAY).map(|(_, index)| index).collect();
        let average = last_day.iter().sum::<f64>() / f64::from(u32::try_from(last_day.len()).unwrap_or(1));
        self.both(Chart::new("INR-like index"), 0.0)
            .x_range(0.0..=END)
            .y_range(1.0..=2.2)
            .level("without MK-7", average)
            .colour(Colour::Grey)
    }

    /// Three days, on which together and apart can be told from each other.
    fn close(&self) -> Chart {
        let from = UNTIL - 3.0 * DAY;
        self.both(Chart::new("The same, days 53 to 56, close up"), from)
            .x_label("Hours from day 53")
            .x_range(0.0..=3.0 * DAY)
            .y_range(1.15..=1.19)
    }

    /// The index together and apart, its time counted from a moment.
    fn both(&self, chart: Chart, from: f64) -> Chart {
        let trace =
            |course: &Course| course.index().iter().map(|(time, index)| (time - from, index)).collect::<Vec<_>>();
        chart
            .y_label("INR-like index")
            .curve("together", trace(&self.together))
            .colour(Colour::Blue)
            .dashed("4 h apart", trace(&self.apart))
            .colour(Colour::Vermilion)
    }
}

/// The index at a time of the chart.
fn at(course: &Course, time: f64) -> f64 {
    let index = course.index();
    let i = course.times().partition_point(|t| *t < time);
    index.values()[i]
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}
