//! Non-compartmental analysis of measured samples: theophylline in twelve people.
//!
//! Writes `charts/nca_theophylline.png` and prints the field's numbers with their summary:
//!
//! ```text
//! cargo run --release --example nca_theophylline
//! ```
//!
//! The samples are those of Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V, as R's data set `Theoph` has them.

use std::error::Error;

use menaquinone::{
    Dose, Result,
    chart::{Chart, Colour, Sheet},
    nca::{Analysis, Column, Columns, Metric, Outcome, Rules, Subjects, Table},
    units::*,
};

const SAMPLES: &str = include_str!("data/theophylline.csv");

/// Everybody was given about 320 mg; the published analyses take it as that.
const DOSE: Dose = Dose::of(320.0 * MG);

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/nca_theophylline.png";
    let table = analyse()?;
    sheet(&table)?.save(file)?;
    println!("Theophylline, 320 mg by mouth; linear up, log down; best fit of the terminal slope\n");
    println!("{}", cells("", |i| HEADINGS[i].0.to_owned()));
    println!("{}", cells("subject", |i| HEADINGS[i].1.to_owned()));
    for (id, analysis) in &table {
        println!("{}", row(id, |metric| metric.value(analysis)));
    }
    println!("{}", row("geo. mean", |metric| table.summary(metric).geo_mean));
    println!("{}", cells("geo. CV %", |i| percent(table.summary(metric(i)).geo_cv)));
    println!("{}\n", row("median", |metric| table.summary(metric).median));
    for (id, analysis) in &table {
        analysis.doubts().iter().for_each(|doubt| println!("Subject {id}: {doubt}."));
    }
    println!("\nWrote {file}");
    Ok(())
}

fn analyse() -> Result<Table> {
    let columns = Columns {
        id: "Subject",
        time: Column { name: "Time", unit: HOUR },
        conc: Column { name: "conc", unit: MG / L },
        dose: None,
        ..Columns::default()
    };
    let rules = Rules { dose: Some(DOSE), ..Rules::default() };
    Subjects::read(SAMPLES.as_bytes(), &columns)?.analyse(&rules)
}

/// The metrics of the table, with their widths and decimals.
const COLUMNS: [(&str, usize, usize); 9] = [
    ("cmax", 5, 2),
    ("tmax", 5, 2),
    ("half_life", 5, 2),
    ("auc_last", 9, 2),
    ("auc_inf_obs", 9, 2),
    ("auc_extrap_obs", 6, 1),
    ("cl_obs", 5, 2),
    ("vz_obs", 5, 1),
    ("lambda_z_points", 6, 0),
];

/// What stands above them.
const HEADINGS: [(&str, &str); 9] = [
    ("Cmax", "mg/L"),
    ("Tmax", "h"),
    ("t½", "h"),
    ("AUClast", "mg·h/L"),
    ("AUCinf", "mg·h/L"),
    ("beyond", "%"),
    ("CL/F", "L/h"),
    ("Vz/F", "L"),
    ("points", ""),
];

/// A line of the table.
fn cells(name: &str, cell: impl Fn(usize) -> String) -> String {
    let cells: Vec<String> =
        COLUMNS.iter().enumerate().map(|(i, (_, width, _))| format!("{:>width$}", cell(i))).collect();
    format!("{name:<9}  {}", cells.join("  ")).trim_end().to_owned()
}

fn metric(i: usize) -> &'static Metric {
    Metric::named(COLUMNS[i].0).expect("a metric of the list")
}

fn row(name: &str, value: impl Fn(&'static Metric) -> Outcome) -> String {
    cells(name, |i| {
        let (metric, decimals) = (metric(i), COLUMNS[i].2);
        let unit = if metric.unit.starts_with("µg") { MG } else { 1.0 };
        value(metric).map_or_else(|_| "-".to_owned(), |value| format!("{:.decimals$}", value / unit))
    })
}

fn percent(value: Outcome) -> String {
    value.map_or_else(|_| "-".to_owned(), |value| format!("{value:.2}"))
}

/// Everybody's samples on a logarithmic axis, from the shortest half-life to the longest.
fn sheet(table: &Table) -> Result<Sheet> {
    let mut people: Vec<(f64, &str, &Analysis)> =
        table.iter().map(|(id, analysis)| Ok((analysis.half_life()?, id.as_str(), analysis))).collect::<Result<_>>()?;
    people.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sheet = Sheet::new("Theophylline in twelve people: the terminal slope is each one's own")
        .subtitle("Plasma concentration after 320 mg by mouth · samples of the terminal slope and the line through them in orange, the others in blue")
        .caption(
            "Data: Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V. Terminal samples: as many of the last ones as give \
             the best adjusted R², the most of those within 0.0001 of it. Dashed: the line carried on to the left.",
        )
        .size(1200, 1240);
    for (i, line) in people.chunks(3).enumerate() {
        let charts: Vec<Chart> =
            line.iter().enumerate().map(|(j, person)| panel(person, (i == 3, j == 0))).collect::<Result<_>>()?;
        // The last row holds the names of the time axes too.
        sheet = sheet.row(charts).relative_height(if i == 3 { 1.1 } else { 1.0 });
    }
    Ok(sheet.shared_y())
}

/// One person; the axes are named at the edges of the sheet.
fn panel((half_life, id, analysis): &(f64, &str, &Analysis), (bottom, left): (bool, bool)) -> Result<Chart> {
    let fit = analysis.terminal()?;
    let measured = analysis.samples().map(|(time, conc)| (time, conc / (MG / L))).filter(|(_, conc)| *conc > 0.0);
    let (terminal, others): (Vec<_>, Vec<_>) = measured.partition(|(time, _)| *time >= fit.start);
    let line = |from: f64, to: f64| [from, to].map(|time| (time, fit.conc_at(time) / (MG / L)));
    Ok(Chart::new(format!("Subject {id}: t½ {half_life:.1} h"))
        .dashed("", line(0.0, fit.start))
        .colour(Colour::Grey)
        .curve("", line(fit.start, fit.end))
        .colour(Colour::Vermilion)
        .points("", others)
        .colour(Colour::Blue)
        .points("", terminal)
        .colour(Colour::Vermilion)
        .x_label(if bottom { "Time after dose (h)" } else { "" })
        .y_label(if left { "mg/L" } else { "" })
        .x_range(0.0..=25.0)
        .log_scale())
}
