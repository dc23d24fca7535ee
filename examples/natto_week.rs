//! From a diary to markers: a week with natto on three mornings and a capsule on Sunday.
//!
//! Writes `charts/natto_week.png` and prints the intake of each day:
//!
//! ```text
//! cargo run --release --example natto_week
//! ```

use std::error::Error;

use menaquinone::food::{Amount, Estimate};
use menaquinone::marker::{DP_UCMGP, OSTEOCALCIN};
use menaquinone::vitamer::{MK7, ParameterSet};
use menaquinone::{
    Dose, Model, Profile, Result,
    chart::{Chart, Colour, Sheet},
    diary::Diary,
    grid, intake,
    units::*,
};

/// One meal a line. `Diary::open` reads the same from a file, as text or as CSV.
const DIARY: &str = "
Mon 07:30  natto 50 g
Mon 12:30  spinach 100 g, olive oil 10 g
Tue 07:30  egg yolk 34 g, butter, salted 10 g
Tue 19:00  cheese, gouda 40 g
Wed 07:30  natto 50 g
Wed 19:00  broccoli 150 g, olive oil 10 g
Thu 12:30  hard cheese (Netherlands) 40 g
Thu 19:00  chicken liver 100 g
Fri 07:30  natto 50 g
Fri 19:00  salmon 150 g, kale 100 g
Sat 09:00  egg yolk 34 g, cheese, gouda 40 g
Sun 09:00  MK-7 capsule 90 ug, yogurt, plain, whole milk 150 g
";

/// The set that has the shape of the curve after natto.
const SET: &str = "literature_2cpt";

fn main() -> Result<(), Box<dyn Error>> {
    let week = Week::new(DIARY.parse()?)?;
    let file = "charts/natto_week.png";
    week.sheet().save(file)?;

    println!("What the week brought, by day and form\n\n{}", week.diary.intake());
    println!(
        "Doses of MK-7, with the fat of their meals; no effect of fat on MK-7 was measured, so none is in the model"
    );
    for (time, dose) in week.diary.regimen(&MK7).doses(WEEK) {
        println!("after {time:>5.1} h  {dose}");
    }
    println!("\nMK-7, {}, above {} µg/L (range from that of natto)\n", week.set.title, week.habitual);
    println!("peak, µg/L             {}", range(week.levels.each(peak)));
    println!("peak, nominal set      {:.1}", peak(&week.nominal));
    println!("end of Sunday, µg/L    {}", range(week.levels.each(last)));
    println!("{:<22} {}", "ucOC/cOC, change, %", range(week.bone.each(last_change)));
    println!("{:<22} {}", "dp-ucMGP, change, %", range(week.vessel.each(last_change)));
    for (what, contested) in week.contested() {
        println!("\n{what}: {contested}");
    }
    println!("\nWhat is known of such amounts; not medical advice:");
    for finding in intake::check(&MK7, week.diary.regimen(&MK7))? {
        println!("- {finding}");
    }
    println!("\nWrote {file}");
    Ok(())
}

/// Whose habitual level the week begins with: that above which the markers are scaled.
const POPULATION: &str = "netherlands";

/// The same for food that is poor, typical and rich within its range.
struct Ends<T> {
    low: T,
    typical: T,
    high: T,
}

impl<T> Ends<T> {
    fn try_new(make: impl Fn(Estimate) -> Result<T>) -> Result<Self> {
        Ok(Self { low: make(Estimate::Low)?, typical: make(Estimate::Typical)?, high: make(Estimate::High)? })
    }

    fn of(&self, estimate: Estimate) -> &T {
        match estimate {
            Estimate::Low => &self.low,
            Estimate::Typical => &self.typical,
            Estimate::High => &self.high,
        }
    }

    fn each<U>(&self, read: impl Fn(&T) -> U) -> [U; 3] {
        [&self.low, &self.typical, &self.high].map(read)
    }
}

/// Change from the start in percent, over time.
type Changes = Vec<(f64, f64)>;

struct Week {
    diary: Diary,
    set: &'static ParameterSet,
    /// µg/L
    habitual: f64,
    levels: Ends<Profile>,
    nominal: Profile,
    bone: Ends<Changes>,
    vessel: Ends<Changes>,
}

impl Week {
    fn new(diary: Diary) -> Result<Self> {
        let set = MK7.set(SET)?;
        let habitual = MK7.baseline(POPULATION)?.value;
        let model = set.model().with_baseline(habitual)?;
        let times = grid(0.0..=WEEK, 0.1 * HOUR);
        let levels = Ends::try_new(|end| model.profile(diary.regimen_at(&MK7, end), &times))?;
        let nominal = MK7.model().with_baseline(habitual)?.profile(diary.regimen(&MK7), &times)?;

        let per_dose = per_dose(&model)?;
        let (bone, vessel) = (OSTEOCALCIN.anchored(per_dose)?, DP_UCMGP.anchored(per_dose)?);
        let bone = Ends::try_new(|end| Ok(bone.response(levels.of(end))?.ratio().changes().collect()))?;
        let vessel = Ends::try_new(|end| Ok(vessel.response(levels.of(end))?.changes().collect()))?;
        Ok(Self { diary, set, habitual, levels, nominal, bone, vessel })
    }

    fn contested(&self) -> [(String, &'static str); 4] {
        [
            (format!("MK-7, {}", self.set.title), self.set.contested),
            (format!("MK-7, {}", MK7.nominal().title), MK7.nominal().contested),
            (OSTEOCALCIN.symbol.to_owned(), OSTEOCALCIN.contested),
            (DP_UCMGP.symbol.to_owned(), DP_UCMGP.contested),
        ]
    }

    fn sheet(&self) -> Sheet {
        let contested = self.contested().map(|(what, contested)| format!("{what}: {contested}"));
        Sheet::new("A week with natto on three mornings and 90 µg of MK-7 on Sunday")
            .subtitle("From a diary to the plasma level of MK-7 and to two markers · bands: what 100 g of natto hold, 775 to 1750 µg")
            .caption(format!(
                "{} Natto 939 µg in 100 g (Kamao 2007); the table has no MK-7 for the other foods of this week. The doses carry the fat \
                 of their meals; none was measured to act on MK-7, so none does here. MK-7 works against vitamin K antagonists. \
                 Markers are not outcomes.",
                contested.join(" ")
            ))
            .size(1200, 1200)
            .row([self.intake()])
            .relative_height(0.8)
            .row([self.plasma()])
            .relative_height(1.2)
            .row([self.markers()])
    }

    /// A bar for each day, with the range of the food.
    fn intake(&self) -> Chart {
        let amounts: Vec<_> = self
            .diary
            .intake()
            .days()
            .zip(0_u32..)
            .filter_map(|((_, day), number)| Some((f64::from(number) * DAY, day.amount(&MK7).ok()?)))
            .collect();
        let bars: Vec<_> = amounts.iter().flat_map(|(day, amount)| bar(*day, amount.typical)).collect();
        let floor: Vec<_> = bars.iter().map(|(x, _)| (*x, 0.0)).collect();
        // Natto has a range, and a capsule is what its label says.
        let (natto, capsule): (Vec<_>, Vec<_>) = amounts.into_iter().partition(|(_, amount)| amount.low < amount.high);
        Chart::new("Intake of MK-7, by day")
            .y_label("Intake (µg a day)")
            .x_range(0.0..=WEEK)
            .y_range(0.0..=1000.0)
            .band("", floor, bars)
            .colour(Colour::Green)
            .whiskers(noons(&natto, Estimate::Low), noons(&natto, Estimate::High))
            .colour(Colour::Green)
            .points("50 g natto", noons(&natto, Estimate::Typical))
            .colour(Colour::Green)
            .points("Capsule", noons(&capsule, Estimate::Typical))
            .colour(Colour::Green)
    }

    fn plasma(&self) -> Chart {
        Chart::new("Plasma level of MK-7")
            .x_range(0.0..=WEEK)
            .band("", &self.levels.low, &self.levels.high)
            .curve("literature set, two compartments", &self.levels.typical)
            .colour(Colour::Blue)
            .dashed("nominal set, t½ 84 h", &self.nominal)
            .colour(Colour::Grey)
            .level(format!("Habitual, {} µg/L", self.habitual), self.habitual)
            .doses(self.diary.regimen(&MK7))
    }

    fn markers(&self) -> Chart {
        Chart::new("Two markers, change from the start")
            .y_label("Change (%)")
            .x_range(0.0..=WEEK)
            .band("", self.bone.low.clone(), self.bone.high.clone())
            .curve(OSTEOCALCIN.symbol, self.bone.typical.clone())
            .colour(Colour::Purple)
            .band("", self.vessel.low.clone(), self.vessel.high.clone())
            .curve(DP_UCMGP.symbol, self.vessel.typical.clone())
            .colour(Colour::Vermilion)
    }
}

/// What 1 µg a day adds to the level in the long run, µg/L: the step from a dose to a level in the ED50 of a marker.
fn per_dose(model: &Model) -> Result<f64> {
    Ok(model.steady_state(Dose::of(1.0 * UG).every(DAY))?.cavg() - model.baseline())
}

/// Amounts (µg) at noon of their days.
fn noons(amounts: &[(f64, Amount)], estimate: Estimate) -> Vec<(f64, f64)> {
    amounts.iter().map(|(day, amount)| (day + 0.5 * DAY, amount.at(estimate))).collect()
}

/// The outline of a bar from 8:00 to 16:00.
fn bar(day: f64, height: f64) -> [(f64, f64); 4] {
    let (left, right) = (day + 8.0 * HOUR, day + 16.0 * HOUR);
    [(left, 0.0), (left, height), (right, height), (right, 0.0)]
}

fn peak(profile: &Profile) -> f64 {
    profile.conc().iter().copied().fold(0.0, f64::max)
}

fn last(profile: &Profile) -> f64 {
    profile.conc().last().copied().unwrap_or_default()
}

fn last_change(changes: &Changes) -> f64 {
    changes.last().map_or(0.0, |(_, change)| *change)
}

/// `11.6 (9.6 to 21.1)`
fn range([low, typical, high]: [f64; 3]) -> String {
    format!("{typical:.1} ({low:.1} to {high:.1})")
}
