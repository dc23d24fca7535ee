//! MK-7 and MK-4 from the first dose to steady state, for the doses people take.
//!
//! Writes `charts/mk7_steady_state.png` and `charts/mk4_steady_state.png`, and prints what they come to:
//!
//! ```text
//! cargo run --release --example steady_state
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Profile, Repeating, Result, SteadyState,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::*,
};

fn main() -> Result<(), Box<dyn Error>> {
    let daily = |amount: f64| Dose::of(amount).every(DAY);
    let mk7 = [
        Course::new(&MK7, "180 µg", daily(180.0 * UG))?,
        Course::new(&MK7, "90 µg", daily(90.0 * UG))?,
        Course::new(&MK7, "45 µg", daily(45.0 * UG))?,
    ];
    let mk4 = [
        Course::new(&MK4, "1.5 mg", daily(1.5 * MG))?,
        Course::new(&MK4, "15 mg", Dose::of(15.0 * MG).every(8.0 * HOUR))?,
    ];
    let files = ["charts/mk7_steady_state.png", "charts/mk4_steady_state.png"];
    mk7_sheet(&mk7)?.save(files[0])?;
    mk4_sheet(&mk4)?.save(files[1])?;
    print_table(mk7.iter().rev().chain(&mk4))?;
    println!("Wrote {} and {}", files[0], files[1]);
    Ok(())
}

/// A vitamer taken without end.
struct Course {
    vitamer: &'static Vitamer,
    label: &'static str,
    steady: SteadyState,
}

impl Course {
    fn new(vitamer: &'static Vitamer, label: &'static str, dosing: Repeating) -> Result<Self> {
        Ok(Self { vitamer, label, steady: vitamer.model().steady_state(dosing)? })
    }

    /// The curve from the first dose on, and the average it leads to.
    fn draw_build_up(&self, chart: Chart, until: f64, colour: Colour) -> Result<Chart> {
        let average = self.steady.cavg();
        let times = grid(0.0..=until, 0.1 * HOUR);
        let profile = self.steady.model().profile(self.steady.dosing(), &times)?;
        let chart = chart.curve(self.label, &profile).colour(colour);
        Ok(chart.level(format!("average {} µg/L", digits(average, 2)), average).colour(colour))
    }
}

/// One interval, long after the first dose. Beyond its end a steady state repeats, so the last point is its trough.
fn interval(steady: &SteadyState) -> Result<Profile> {
    steady.profile(&grid(0.0..=steady.tau(), 0.02 * HOUR))
}

/// Three doses of one vitamer in one chart, an interval of theirs, and how their troughs come up.
fn mk7_sheet(courses: &[Course; 3]) -> Result<Sheet> {
    let days = 28.0 * DAY;
    let highest = &courses[0].steady;
    let top = 1.2 * highest.cmax();
    let reached = highest.time_to(0.9)?;
    let mut build_up = Chart::new("").moment(format!("90 % of steady state after {:.1} days", reached / DAY), reached);
    let mut day = Chart::new("One day at steady state").x_label("Time after dose (h)");
    for (course, colour) in courses.iter().zip([Colour::Blue, Colour::Vermilion, Colour::Purple]) {
        build_up = course.draw_build_up(build_up, days, colour)?;
        day = day.curve(course.label, &interval(&course.steady)?).colour(colour);
    }
    let peak = format!("Cmax {} µg/L at {:.1} h", digits(highest.cmax(), 2), highest.tmax());
    let set = MK7.nominal();
    let title = "Menaquinone-7: 45, 90 and 180 µg once a day";
    Ok(Sheet::new(title)
        .subtitle(format!("Plasma concentration above the habitual level, 28 days from the first dose · {}", set.title))
        .caption(caption(set))
        .row([build_up.doses(highest.dosing()).y_range(0.0..=top)])
        .relative_height(1.4)
        .row([day.note(peak, (highest.tmax(), highest.cmax())).y_range(0.0..=top), troughs(28)?]))
}

/// The trough after each dose as a share of that at steady state, which is the same for every size of dose.
fn troughs(doses: u32) -> Result<Chart> {
    let shares = |set: &str| -> Result<Vec<(f64, f64)>> {
        let steady = MK7.set(set)?.model().steady_state(Dose::of(90.0 * UG).every(DAY))?;
        let numbers: Vec<f64> = (1..=doses).map(f64::from).collect();
        let times: Vec<f64> = numbers.iter().map(|number| number * DAY).collect();
        let profile = steady.model().profile(steady.dosing(), &times)?; // a swallowed dose has not yet come in
        let percent = profile.conc().iter().map(|conc| 100.0 * conc / steady.ctrough());
        Ok(numbers.into_iter().zip(percent).collect())
    };
    Ok(Chart::xy("Trough after each dose, t½ 84 h (whiskers: 72 to 96 h)")
        .x_label("Dose number")
        .y_label("Trough, % of steady state")
        .whiskers(shares("half_life_96h")?, shares("half_life_72h")?)
        .points("any dose", shares("nominal")?)
        .level("90 %", 90.0)
        .colour(Colour::Grey)
        .y_range(0.0..=105.0))
}

/// Two doses thirty times apart need an axis each; below, what the contested half-life means for an interval.
fn mk4_sheet(courses: &[Course; 2]) -> Result<Sheet> {
    let (nominal, literature) = (MK4.nominal(), MK4.set("literature_1cpt")?);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for (course, how) in courses.iter().zip(["once a day", "three times a day"]) {
        let steady = &course.steady;
        let reached = steady.time_to(0.9)?;
        let build_up = Chart::new(format!("{} {how}", course.label))
            .moment(format!("90 % of steady state after {:.1} days", reached / DAY), reached);
        above.push(course.draw_build_up(build_up, 6.0 * DAY, Colour::Blue)?.doses(steady.dosing()));
        let other = literature.model().steady_state(steady.dosing().clone())?;
        let peaks = [steady.cmax(), other.cmax()].map(|cmax| digits(cmax, 2));
        let interval = Chart::new(format!("One interval of {:.0} h at steady state", steady.tau()))
            .subtitle(format!("Cmax {} µg/L; by the literature set {} µg/L", peaks[0], peaks[1]))
            .x_label("Time after dose (h)")
            .curve("t½ 12 h", &interval(steady)?)
            .dashed("t½ 2.1 h", &interval(&other)?);
        below.push(interval);
    }
    Ok(Sheet::new("Menaquinone-4: 1.5 mg once and 15 mg three times a day")
        .subtitle(format!(
            "Plasma concentration above the habitual level, 6 days from the first dose · {}",
            nominal.title
        ))
        .caption(format!("{} Dashed: {}. {}", caption(nominal), literature.title, literature.contested))
        .row(above)
        .row(below))
}

fn caption(set: &ParameterSet) -> String {
    format!("Contested: {}", set.contested)
}

/// So many significant digits of a level, which is never below 0.1 µg/L here.
fn digits(value: f64, digits: usize) -> String {
    let whole = if value < 10.0 {
        1
    } else if value < 100.0 {
        2
    } else {
        3
    };
    format!("{value:.*}", digits.saturating_sub(whole))
}

fn print_table<'a>(courses: impl Iterator<Item = &'a Course>) -> Result<()> {
    println!("                          Cmax  Ctrough     Cavg  fluctuation  accumulation  90 % after");
    println!("vitamer  dose             µg/L     µg/L     µg/L            %         ratio        days");
    for Course { vitamer, steady, .. } in courses {
        let dosing = steady.dosing().to_string();
        let [cmax, ctrough, cavg] = [steady.cmax(), steady.ctrough(), steady.cavg()].map(|level| digits(level, 3));
        let (fluctuation, ratio, days) =
            (100.0 * steady.fluctuation(), steady.accumulation_ratio(), steady.time_to(0.9)? / DAY);
        println!(
            "{vitamer:<7}  {dosing:<12}  {cmax:>7}  {ctrough:>7}  {cavg:>7}  {fluctuation:>11.0}  {ratio:>12.2}  {days:>10.1}"
        );
    }
    for vitamer in [&MK7, &MK4] {
        let set = vitamer.nominal();
        println!("\n{vitamer}, {}. {}", set.title, set.contested);
    }
    println!("\nLevels are what the doses add to the habitual level. Nothing here is medical advice.");
    Ok(())
}
