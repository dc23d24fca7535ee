//! Every parameter set against what was measured in people: a table, and small multiples with the misfits left in.
//!
//! Writes `charts/validation.png` and prints every comparison, set by set:
//!
//! ```text
//! cargo run --release --example validation
//! ```

use std::error::Error;
use std::io::{self, Write};

use menaquinone::observed::{self, Comparison, Observation, Role};
use menaquinone::{
    Dose, Meal, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::*,
};

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/validation.png";
    sheet()?.save(file)?;
    let tables = VITAMERS.into_iter().flat_map(of).map(|(vitamer, set)| table(vitamer, set));
    print(&format!("{}Wrote {file}\n", tables.collect::<String>()))?;
    Ok(())
}

/// Prints, and ends in peace where a reader such as `head` has had enough.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(why),
        _ => Ok(()),
    }
}

// ---------------------------------------------------------------- the table

fn table(vitamer: &Vitamer, set: &'static ParameterSet) -> String {
    let [observed, predicted, ratio] = ["observed", "predicted", "ratio"];
    let mut lines = vec![
        format!("{vitamer}, {} ({})\n", set.name, set.title),
        format!("  {:<24}  {observed:>20}  {predicted:>9}  {ratio:>6}  {:<11}  verdict", "observation", "role"),
    ];
    for row in vitamer.observations() {
        let observed = format!("{} {}", row.value_text(), row.metric.unit());
        let rest = row.compare(set).map_or_else(|why| why.to_string(), |both| cells(&both));
        lines.push(format!("  {:<24}  {:>20}  {rest}", row.name, observed.trim_end()));
    }
    lines.push(format!("\n  {}\n\n", set.contested));
    lines.join("\n")
}

fn cells(both: &Comparison) -> String {
    format!("{:>9.3}  {:>6.2}  {:<11}  {}", both.predicted, both.ratio(), both.role, both.verdict())
}

// ---------------------------------------------------------------- the chart

const CAPTION: &str = "Lines are parameter sets, circles what was printed, with ± where there was one. Calibrated: \
    the literature set of MK-4 by the syrup, its nominal set by the average at 15 mg three times a day, the meal table by the \
    areas after fat, all sets of MK-7 by the yogurt, the two compartments by natto, the one-compartment sets of K1 by the tablet. \
    Contested: the half-life of 12 h of MK-4 has the area and the average, not the peak and not the swing. One compartment of MK-7, \
    72 to 96 h, has the tail of natto and not its peak, and the absolute scale of MK-7 is uncertain by 1.5 to 3.5 times. MK-9 has a shape \
    and no scale. In the last row each circle is one observation; MK-4 was not detected after 420 µg, where the sets predict \
    24 and 112 times the limit of an assay. Not medical advice.";

fn sheet() -> Result<Sheet> {
    Ok(Sheet::new("What the parameter sets predict, and what was measured")
        .subtitle("Levels above those before the dose · ratios predicted / observed, calibrated and independent apart")
        .caption(CAPTION)
        .size(1500, 1560)
        .row([syrup()?, fat()?, three_a_day()?])
        .row([natto()?, yogurt()?, tablet()?])
        .row([ratios_of_mk4(), ratios_of_mk7(), ratios_of_k1()])
        .relative_height(1.15))
}

/// The sets of MK-4 and their colours.
const OF_MK4: [(&str, &str, Colour); 2] =
    [("nominal", "t½ 12 h", Colour::Vermilion), ("literature_1cpt", "t½ 2.1 h", Colour::Blue)];

/// The sets of MK-7 that a chart can tell apart.
const OF_MK7: [(&str, &str, Colour); 2] =
    [("nominal", "t½ 84 h", Colour::Vermilion), ("literature_2cpt", "two phases", Colour::Blue)];

const OF_K1: [(&str, &str, Colour); 3] = [
    ("nominal", "t½ 1.5 h", Colour::Vermilion),
    ("literature_1cpt", "t½ 2.7 h", Colour::Blue),
    ("literature_2cpt", "two phases", Colour::Purple),
];

/// An observation as a circle with its ±.
fn circle(chart: Chart, row: &Observation, label: &str, (x, scale): (f64, f64)) -> Chart {
    let chart = match row.sd {
        Some(sd) => {
            chart.whiskers([(x, scale * (row.value - sd))], [(x, scale * (row.value + sd))]).colour(Colour::Green)
        }
        None => chart,
    };
    chart.points(label, [(x, scale * row.value)]).colour(Colour::Green)
}

fn syrup() -> Result<Chart> {
    let (cmax, tmax) = (observed::named("mk4_syrup_cmax")?, observed::named("mk4_syrup_tmax")?);
    let mut chart =
        Chart::new("MK-4: 30 mg of syrup").subtitle("Morishita 1981, six men").x_label("Time after dose (h)");
    for (set, label, colour) in OF_MK4 {
        let profile = MK4.set(set)?.model().profile(&cmax.regimen()?, &grid(0.0..=DAY, 0.02))?;
        chart = chart.curve(label, &profile).colour(colour);
    }
    Ok(circle(chart, cmax, "", (tmax.value, 1.0)).note("325 µg/L at 3.7 h", (tmax.value, cmax.value)))
}

fn fat() -> Result<Chart> {
    let mut chart = Chart::xy("MK-4: 15 mg by the fat of the meal")
        .subtitle("Uematsu 1996, 18 men (12 at 53.8 g)")
        .x_label("Fat (g)")
        .y_label("AUC0-24 (µg·h/L)")
        .x_range(0.0..=60.0);
    for (set, label, colour) in OF_MK4 {
        let model = MK4.set(set)?.model();
        let area = |grams: f64| model.auc(Dose::of(15.0 * MG).with(Meal::with_fat(grams * GRAM)), 0.0..=DAY);
        let curve: Result<Vec<_>> = grid(0.0..=60.0, 0.1).into_iter().map(|grams| Ok((grams, area(grams)?))).collect();
        chart = chart.curve(label, curve?).colour(colour);
    }
    for (name, grams) in [("mk4_fat_8_8g", 8.8), ("mk4_fat_20g", 20.0), ("mk4_fat_35g", 34.9), ("mk4_fat_54g", 53.8)] {
        chart = circle(chart, observed::named(name)?, "", (grams, 1.0));
    }
    Ok(chart)
}

fn three_a_day() -> Result<Chart> {
    let average = observed::named("mk4_tid_cavg")?;
    let steady_dosing = Dose::of(15.0 * MG).every(8.0 * HOUR);
    let mut chart = Chart::new("MK-4: 15 mg three times a day")
        .subtitle("At steady state; average 87.3 ± 23.4 µg/L, fluctuation 1.1 ± 0.5")
        .x_label("Time (h)")
        .band("", [(0.0, average.low), (DAY, average.low)], [(0.0, average.high), (DAY, average.high)])
        .colour(Colour::Grey);
    for (set, label, colour) in OF_MK4 {
        let steady = MK4.set(set)?.model().steady_state(steady_dosing.clone())?;
        chart = chart.curve(label, &steady.profile(&grid(0.0..=DAY, 0.02))?).colour(colour);
    }
    Ok(chart.level("printed average", average.value).colour(Colour::Green))
}

fn natto() -> Result<Chart> {
    let mut chart = Chart::xy("MK-7: the shape after natto")
        .subtitle("Homma 2006 (attribution from memory), level at 5 h = 1")
        .x_label("Time after the meal (h)")
        .y_label("Level against that at 5 h")
        .x_range(0.0..=52.0);
    for (set, label, colour) in OF_MK7 {
        let profile = MK7.set(set)?.model().profile(Dose::of(1.0 * MG), &grid(0.0..=52.0, 0.05))?;
        let reference = profile.conc()[100];
        let curve: Vec<_> = profile.iter().map(|(time, level)| (time, level / reference)).collect();
        chart = chart.curve(label, curve).colour(colour);
    }
    let seen = |prefix: &str| -> Result<Vec<(f64, f64)>> {
        let later =
            [8.0, 24.0, 48.0].into_iter().map(|time| Ok((time, observed::named(&format!("{prefix}_c{time}"))?.value)));
        [Ok((5.0, 1.0))].into_iter().chain(later).collect()
    };
    Ok(chart
        .points("boiled", seen("mk7_boiled")?)
        .colour(Colour::Grey)
        .points("natto", seen("mk7_natto")?)
        .colour(Colour::Green))
}

/// The level before every morning dose: two doses a day for months would be a block of ink.
fn yogurt() -> Result<Chart> {
    let rise = observed::named("mk7_yogurt_rise")?;
    let (regimen, mornings) = (rise.regimen()?, grid(0.0..=84.0 * DAY, DAY));
    let mut chart = Chart::new("MK-7: 28 µg twice a day for 12 weeks")
        .subtitle("Knapen 2015, yogurt; level before the morning dose")
        .x_range(0.0..=84.0 * DAY)
        .y_range(0.0..=2.2);
    for (set, label, colour) in OF_MK7 {
        chart = chart.curve(label, &MK7.set(set)?.model().profile(&regimen, &mornings)?).colour(colour);
    }
    Ok(circle(chart, rise, "", (84.0 * DAY, 1.0)).note("+1.66 µg/L", (84.0 * DAY, rise.value)))
}

fn tablet() -> Result<Chart> {
    let row = observed::named("k1_tablet_auc")?;
    let mut chart = Chart::xy("K1: area after a tablet of 500 µg")
        .subtitle("Garber 1999, eight people; spinach with 495 µg in grey")
        .x_label("Time after dose (h)")
        .y_label("AUC from 0 (µg·h/L)")
        .x_range(0.0..=12.0);
    for (set, label, colour) in OF_K1 {
        let model = K1.set(set)?.model();
        let area = |time: f64| Ok((time, model.auc(Dose::of(500.0 * UG), 0.0..=time)?));
        let curve: Result<Vec<_>> = grid(0.0..=12.0, 0.05).into_iter().map(area).collect();
        chart = chart.curve(label, curve?).colour(colour);
    }
    let spinach = observed::named("k1_spinach_auc")?;
    let ends = |sign: f64| [(9.0, spinach.value + sign * spinach.sd.unwrap_or(0.0))];
    let chart = chart.whiskers(ends(-1.0), ends(1.0)).colour(Colour::Grey);
    let chart = chart.points("", [(9.0, spinach.value)]).colour(Colour::Grey);
    Ok(circle(chart, row, "", (9.0, 1.0)))
}

/// Predicted / observed, one column for each set; independent in colour, calibrated in grey.
fn ratios(title: &str, columns: &[Column], sets: &str) -> Chart {
    let mut chart = Chart::xy(format!("{title}: predicted / observed"))
        .subtitle("Blue: independent; ochre: partly; grey: calibrated, no test")
        .x_label(sets)
        .y_label("Ratio (logarithmic)")
        .y_range(0.04..=300.0)
        .x_range(0.0..=number(columns.len()) + 1.0)
        .log_scale()
        .level("agreement", 1.0)
        .colour(Colour::Green);
    for (role, colour) in
        [(Role::Calibrated, Colour::Grey), (Role::Partly, Colour::Ochre), (Role::Independent, Colour::Blue)]
    {
        let points: Vec<_> =
            columns.iter().flatten().filter(|place| place.both.role == role).map(Place::point).collect();
        chart = if points.is_empty() { chart } else { chart.points("", points).colour(colour) };
    }
    chart
}

/// A comparison and where it stands.
struct Place {
    x: f64,
    both: Comparison,
}

impl Place {
    fn point(&self) -> (f64, f64) {
        (self.x, self.both.ratio())
    }
}

/// The comparisons of a set side by side.
type Column = Vec<Place>;

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// One column after another for these sets.
fn columns(sets: impl IntoIterator<Item = (&'static Vitamer, &'static ParameterSet)>) -> Vec<Column> {
    let column = |(i, (vitamer, set)): (usize, (&'static Vitamer, &'static ParameterSet))| {
        let all: Vec<_> = vitamer.observations().filter_map(|row| row.compare(set).ok()).collect();
        let step = (0.7 / number(all.len())).min(0.1);
        let left = number(i + 1) - step * (number(all.len()) - 1.0) / 2.0;
        all.into_iter().enumerate().map(|(k, both)| Place { x: left + step * number(k), both }).collect()
    };
    sets.into_iter().enumerate().map(column).collect()
}

fn of(vitamer: &'static Vitamer) -> impl Iterator<Item = (&'static Vitamer, &'static ParameterSet)> {
    vitamer.sets().iter().map(move |set| (vitamer, set))
}

/// A text at one observation of one column, counted from 0.
fn note(chart: Chart, columns: &[Column], (column, name): (usize, &str), text: &str) -> Chart {
    let place = columns[column].iter().find(|place| place.both.observation.name == name);
    place.map_or(chart.clone(), |place| chart.note(text, place.point()))
}

fn ratios_of_mk4() -> Chart {
    let columns = columns(of(&MK4).chain(of(&MK9)));
    let chart = ratios("MK-4 and MK-9", &columns, "1 t½ 12 h · 2 t½ 2.1 h · 3 MK-9, shape");
    let chart = note(chart, &columns, (0, "mk4_syrup_cmax"), "peak");
    let chart = note(chart, &columns, (0, "mk4_tid_fluctuation"), "swing");
    note(chart, &columns, (1, "mk4_420ug"), "420 µg: not detected")
}

fn ratios_of_mk7() -> Chart {
    let columns = columns(of(&MK7));
    let chart = ratios("MK-7", &columns, "1 t½ 84 h · 2 72 h · 3 96 h · 4 68 h · 5 two phases");
    let chart = note(chart, &columns, (1, "mk7_natto_peak"), "peak after natto");
    note(chart, &columns, (2, "mk7_capsule_c24"), "capsule, at 24 h")
}

fn ratios_of_k1() -> Chart {
    let columns = columns(of(&K1));
    let chart = ratios("K1", &columns, "1 t½ 1.5 h · 2 t½ 2.7 h · 3 two phases");
    let chart = note(chart, &columns, (0, "k1_half_life_olson"), "t½ 27.6 h");
    note(chart, &columns, (0, "k1_spinach_auc"), "spinach")
}
