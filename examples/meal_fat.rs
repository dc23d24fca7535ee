//! The same 15 mg capsule of MK-4 after four breakfasts, and in a week of mixed ones.
//!
//! Writes `charts/meal_fat.png` and prints the areas beside those that were measured:
//!
//! ```text
//! cargo run --release --example meal_fat
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Meal, MealEffect, Model, Profile, Regimen, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::*,
};

/// Breakfasts by their fat in g. Of the first no area was printed.
const BREAKFASTS: [(f64, Colour); 4] =
    [(0.0, Colour::Grey), (8.8, Colour::Sky), (20.0, Colour::Purple), (34.9, Colour::Vermilion)];

/// Fat in g, and AUC0-24 of 15 mg in µg h/L, mean and standard deviation: Uematsu 1996 J Pharm Sci 85:1012
/// (PMID 8877895), abstract, 18 men; the last, with more fat, 12 men.
const OBSERVED: [(f64, f64, f64); 4] =
    [(8.8, 371.0, 194.0), (20.0, 485.0, 150.0), (34.9, 1024.0, 341.0), (53.8, 1027.0, 389.0)];

const SETS: [(&str, Colour); 2] = [("literature_1cpt", Colour::Blue), ("nominal", Colour::Green)];

/// Fasted on two days, a light breakfast on four, a rich one on Sunday.
const WEEK_OF_MEALS: &str = "15 mg fasted on Mon,Thu at 8h and 15 mg with 8.8 g fat on Tue,Wed,Fri,Sat at 8h \
    and 15 mg with 34.9 g fat on Sun at 8h";

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/meal_fat.png";
    sheet()?.save(file)?;
    let models = [MK4.set(SETS[0].0)?.model(), MK4.set(SETS[1].0)?.model()];
    println!("15 mg of MK-4: AUC0-24 in µg h/L\n");
    println!("fat, g  factor  literature  nominal  observed (mean ± SD)");
    let effect = effect(&models[0])?;
    for fat in BREAKFASTS.map(|(fat, _)| fat).into_iter().chain([53.8]) {
        let factor = effect.factor(breakfast(fat));
        let [literature, nominal] = [area(&models[0], fat)?, area(&models[1], fat)?];
        let observed = OBSERVED.iter().find(|(grams, ..)| *grams == fat);
        let observed = observed.map_or("-".into(), |(_, mean, sd)| format!("{mean:.0} ± {sd:.0}"));
        println!("{fat:>6.1}  {factor:>6.2}  {literature:>10.0}  {nominal:>7.0}  {observed}");
    }
    let ss = models[0].steady_state(WEEK_OF_MEALS.parse::<Regimen>()?)?;
    println!("\nA mixed week, for ever: highest level {:.0} µg/L, average {:.1} µg/L", ss.cmax(), ss.cavg());
    for note in models[0].notes(&WEEK_OF_MEALS.parse::<Regimen>()?) {
        println!("{note}");
    }
    for (set, _) in SETS {
        let set = MK4.set(set)?;
        println!("\nMK-4, {}. {}", set.title, set.contested);
    }
    println!("\nNothing here is medical advice.\n\nWrote {file}");
    Ok(())
}

/// What meals do, which every set of MK-4 knows.
fn effect(model: &Model) -> Result<&MealEffect> {
    model.meal_effect().ok_or_else(|| menaquinone::Error::value("the model knows no meals"))
}

fn breakfast(fat: f64) -> Meal {
    Meal::with_fat(fat * GRAM)
}

fn capsule(fat: f64) -> Dose {
    Dose::of(15.0 * MG).with(breakfast(fat))
}

fn area(model: &Model, fat: f64) -> Result<f64> {
    model.auc(capsule(fat), 0.0..=DAY)
}

/// One capsule above, on the left its curves, on the right its areas; a mixed week below.
fn sheet() -> Result<Sheet> {
    let set = MK4.set(SETS[0].0)?;
    let table = MK4.meal_table("printed")?;
    Ok(Sheet::new("15 mg of MK-4 after four breakfasts")
        .subtitle(format!("Above the habitual level · MK-4 {} · meals: {}", set.title, table.title))
        .caption(format!(
            "Contested: {} The line of 12 h is the nominal set, a popular figure that data contradict. Meals: {} The \
             factors are ratios of the areas shown, so the shape of the lines on the right is no test; their height is, \
             and it is 0.7 (2.1 h) and 0.5 (12 h) of what was measured. A lunch 5 h after the capsule brings a second \
             peak, which is not drawn.",
            set.contested, table.contested
        ))
        .row([curves(&set.model())?, areas()?])
        .relative_height(0.8)
        .row([week(&set.model())?]))
}

fn curves(model: &Model) -> Result<Chart> {
    let times = grid(0.0..=10.0 * HOUR, 0.05 * HOUR);
    let mut chart = Chart::new("One capsule").x_label("Time after dose (h)");
    for (fat, colour) in BREAKFASTS {
        let label = if fat > 0.0 { format!("{fat} g fat") } else { "fasted".into() };
        chart = chart.curve(label, &model.profile(capsule(fat), &times)?).colour(colour);
    }
    Ok(chart)
}

/// Predicted areas against the fat, and those that were measured.
fn areas() -> Result<Chart> {
    let mut chart = Chart::xy("Area to 24 h: measured (points, mean ± SD) and predicted (lines)")
        .x_label("Fat in the breakfast (g)")
        .y_label("AUC0–24 (µg·h/L)")
        .x_range(0.0..=60.0)
        .y_range(0.0..=1500.0);
    for ((name, colour), label) in SETS.into_iter().zip(["t½ 2.1 h", "t½ 12 h"]) {
        let model = MK4.set(name)?.model();
        let predicted = grid(0.0..=60.0, 0.1).into_iter().map(|fat| Ok((fat, area(&model, fat)?)));
        chart = chart.curve(label, predicted.collect::<Result<Vec<_>>>()?).colour(colour);
    }
    for (fat, mean, sd) in OBSERVED {
        let colour =
            BREAKFASTS.iter().find(|(grams, _)| *grams >= fat).map_or(Colour::Vermilion, |(_, colour)| *colour);
        let (low, high) = (vec![(fat, mean - sd)], vec![(fat, mean + sd)]);
        chart = chart.whiskers(low, high).colour(colour).points("", vec![(fat, mean)]).colour(colour);
    }
    Ok(chart)
}

/// What a diary of meals makes of equal capsules, and what no meals would.
fn week(model: &Model) -> Result<Chart> {
    let mixed: Regimen = WEEK_OF_MEALS.parse()?;
    let plain = Dose::of(15.0 * MG).every(DAY).at(8.0 * HOUR);
    let times = grid(0.0..=WEEK, 0.1 * HOUR);
    let steady = |dosing: &Regimen| -> Result<Profile> {
        let shifted: Vec<f64> = times.iter().map(|time| time + 4.0 * WEEK).collect();
        Profile::new(times.clone(), model.profile(dosing, &shifted)?.conc().to_vec())
    };
    Ok(Chart::new("A week of it: fasted on Monday and Thursday, 34.9 g fat on Sunday, else 8.8 g")
        .dashed("35 g fat every day", &steady(&plain.into())?)
        .colour(Colour::Grey)
        .curve("mixed week", &steady(&mixed)?)
        .colour(Colour::Blue)
        .doses(&mixed))
}
