//! What a daily dose of MK-7 does: to the level in the long run, and to two markers after twelve weeks, beside what trials
//! printed.
//!
//! Writes `charts/dose_response.png` and prints the same as a table:
//!
//! ```text
//! cargo run --release --example dose_response
//! ```

use std::error::Error;

use menaquinone::intake::{self, BANDS, Kind};
use menaquinone::marker::{Anchor, DP_UCMGP, DP_UCMGP_HD, ED50_DP_UCMGP, OSTEOCALCIN, TRIALS, Trial, Turnover, Use};
use menaquinone::{
    Dose, Model, Profile, Result, SteadyState,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::MK7,
};

fn main() -> Result<(), Box<dyn Error>> {
    let answer = Answer::new()?;
    let file = "charts/dose_response.png";
    answer.sheet()?.save(file)?;
    println!("MK-7 once a day: the level in the long run, and markers after 12 weeks (change from baseline, %)\n");
    println!("µg/d   average µg/L   ucOC/cOC   dp-ucMGP   dp-ucMGP in haemodialysis");
    for dose in [10.0, 45.0, 90.0, 180.0, 360.0, 720.0, 1000.0] {
        let level = answer.model.steady_state(Dose::of(dose * UG).every(DAY))?.cavg();
        let weeks = answer.twelve_weeks(dose)?;
        let ratio = answer.ratio(&weeks)?;
        let [healthy, dialysis] = [answer.healthy, answer.dialysis].map(|marker| change(&marker, &weeks));
        println!("{dose:>4}   {level:>12.2}   {ratio:>8.1}   {:>8.1}   {:>8.1}", healthy?, dialysis?);
    }
    println!("\nMK-7, {}. {}", MK7.nominal().title, MK7.nominal().contested);
    for (symbol, contested) in contested() {
        println!("\n{symbol}: {contested}");
    }
    println!("\nWrote {file}");
    Ok(())
}

/// What is contested about each marker.
fn contested() -> [(&'static str, &'static str); 3] {
    let (healthy, dialysis) = (&DP_UCMGP, &DP_UCMGP_HD);
    let vessels = [healthy, dialysis].map(|marker| (marker.symbol, marker.contested));
    [(OSTEOCALCIN.symbol, OSTEOCALCIN.contested), vessels[0], vessels[1]]
}

/// Whose habitual level the doses come on top of: that above which the markers are scaled.
const POPULATION: &str = "netherlands";

/// The model of MK-7 above the habitual level, and the markers anchored on it.
struct Answer {
    model: Model,
    per_dose: f64,
    healthy: Turnover,
    dialysis: Turnover,
}

impl Answer {
    fn new() -> Result<Self> {
        let model = MK7.model().with_baseline(MK7.baseline(POPULATION)?.value)?;
        let per_dose = model.steady_state(Dose::of(1.0 * UG).every(DAY))?.cavg() - model.baseline();
        let (healthy, dialysis) = (DP_UCMGP.anchored(per_dose)?, DP_UCMGP_HD.anchored(per_dose)?);
        Ok(Self { model, per_dose, healthy, dialysis })
    }

    fn twelve_weeks(&self, dose: f64) -> Result<Profile> {
        self.model.profile(Dose::of(dose * UG).every(DAY).times(84), &grid(0.0..=12.0 * WEEK, HOUR))
    }

    fn ratio(&self, weeks: &Profile) -> Result<f64> {
        Ok(OSTEOCALCIN.anchored(self.per_dose)?.response(weeks)?.ratio().change())
    }

    /// Each dose with what `read` makes of twelve weeks of it.
    fn over_doses(&self, read: impl Fn(&Profile) -> Result<f64>) -> Result<Vec<(f64, f64)>> {
        doses().map(|dose| Ok((dose, read(&self.twelve_weeks(dose)?)?))).collect()
    }

    fn sheet(&self) -> Result<Sheet> {
        let study = MK7.nominal().contested;
        let [bone, vessel, dialysis] = contested().map(|(symbol, contested)| format!("{symbol}: {contested}"));
        Ok(Sheet::new("What a daily dose of MK-7 does to its level and to two markers")
            .subtitle(format!(
                "MK-7, {}, above a habitual {} µg/L · filled points set the dose-response, rings took no part in it",
                MK7.nominal().title,
                self.model.baseline()
            ))
            .caption(format!(
                "MK-7: {study} {bone} {vessel} {dialysis} Band: the ED50 between studies, 363 µg/d, one standard \
                 deviation of its logarithm (0.51) either way. Rings are at the average dose of the trial and its own duration, \
                 4 to 12 weeks where none is named; Knapen 2015 of the level is a fasting value at 56 µg a day, from which this \
                 set has its scale. The popular ranges are those of articles, without a source; no harm was found at the two cautions, \
                 and MK-7 works against vitamin K antagonists from 10 µg a day. Markers are not outcomes."
            ))
            .size(1200, 1000)
            .row([self.levels()?, self.osteocalcin()?])
            .row([self.matrix_gla(&self.healthy, DP_UCMGP.symbol)?, self.matrix_gla(&self.dialysis, DP_UCMGP_HD.symbol)?]))
    }

    fn levels(&self) -> Result<Chart> {
        let steady = |read: fn(&SteadyState) -> f64| -> Result<Vec<(f64, f64)>> {
            doses().map(|d| Ok((d, read(&self.model.steady_state(Dose::of(d * UG).every(DAY))?)))).collect()
        };
        let trials = BANDS.iter().filter(|band| band.kind == Kind::Trial).map(|band| (band.low, 0.0));
        let chart = Chart::xy("Level in the long run").x_label("Dose (µg a day)").y_label("Concentration (µg/L)");
        Ok(with_bands(chart)?
            .band("Trough to peak", steady(SteadyState::ctrough)?, steady(SteadyState::cmax)?)
            .curve("Average", steady(SteadyState::cavg)?)
            .colour(Colour::Blue)
            .points("Trial doses", trials.collect::<Vec<_>>())
            .colour(Colour::Grey)
            .points("Knapen 2015", [(56.0, 1.94)])
            .colour(Colour::Blue))
    }

    fn osteocalcin(&self) -> Result<Chart> {
        let curve = self.over_doses(|weeks| self.ratio(weeks))?;
        let chart = marker_chart("Osteocalcin, ratio ucOC/cOC").curve("Predicted", curve);
        Ok(with_trials(chart.colour(Colour::Green), OSTEOCALCIN.symbol, Colour::Green))
    }

    fn matrix_gla(&self, marker: &Turnover, symbol: &str) -> Result<Chart> {
        let with_ed50 = |ed50: f64| -> Result<Vec<(f64, f64)>> {
            let other = Turnover { ic50: Anchor { ed50, per_dose: self.per_dose }.ic50()?, ..*marker };
            self.over_doses(|weeks| change(&other, weeks))
        };
        let [high, low] = [1.0, -1.0].map(|z| with_ed50(ED50_DP_UCMGP.at(z)));
        let people = if symbol == DP_UCMGP.symbol { "healthy adults" } else { "haemodialysis" };
        let chart = marker_chart(&format!("dp-ucMGP, {people}"))
            .band("Between studies", low?, high?)
            .curve("Predicted", self.over_doses(|weeks| change(marker, weeks))?);
        Ok(with_trials(chart.colour(Colour::Purple), symbol, Colour::Purple))
    }
}

/// The popular range and the popular cautions, named as such.
fn with_bands(chart: Chart) -> Result<Chart> {
    let range = intake::band("popular_90_180")?;
    let chart = chart.zone(format!("popular {}", range.range_text()), range.range()).colour(Colour::Ochre);
    ["caution_450", "caution_1000"].into_iter().try_fold(chart, |chart, name| {
        let from = intake::band(name)?.low;
        Ok(chart.moment(format!("popular caution {from}"), from))
    })
}

/// From 1 to 1200 µg a day; of the markers no trial gave more than half of that.
fn doses() -> impl Iterator<Item = f64> {
    [1.0, 5.0, 10.0].into_iter().chain((1..=60).map(|i| 20.0 * f64::from(i)))
}

fn change(marker: &Turnover, weeks: &Profile) -> Result<f64> {
    Ok(marker.response(weeks)?.change())
}

fn marker_chart(title: &str) -> Chart {
    Chart::xy(title)
        .x_label("Dose (µg a day)")
        .y_label("Change after 12 weeks (%)")
        .x_range(0.0..=600.0)
        .y_range(-100.0..=10.0)
}

/// The printed changes of a marker: filled where they set the curve, a ring and a name where they did not.
fn with_trials(chart: Chart, symbol: &str, colour: Colour) -> Chart {
    let of = |role: Use| TRIALS.iter().filter(move |trial| trial.marker == symbol && trial.role == role);
    let place = |trial: &Trial| (trial.dose, trial.change);
    let fitted: Vec<_> = of(Use::Fit).map(place).collect();
    let chart = chart.points("", fitted).colour(colour);
    of(Use::Check).fold(chart, |chart, trial| chart.note(named(trial), place(trial)))
}

/// The study, and its duration where that is longer than twelve weeks.
fn named(trial: &Trial) -> String {
    match trial.weeks {
        weeks if weeks <= 12.0 => trial.study.to_owned(),
        weeks if weeks < 52.0 => format!("{}, {weeks:.0} wk", trial.study),
        weeks => format!("{}, {:.0} y", trial.study, weeks / 52.0),
    }
}
