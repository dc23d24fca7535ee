//! What a fit of people gives: a report, tables and charts, all of them made before the first is written.

use std::path::Path;

use menaquinone::chart::{Chart, Sheet};
use menaquinone::fit::{Estimation, Interval, Npde, PeopleFit, Resampled, Residuals, VpcBands};
use menaquinone::{Error, file};

use crate::files::say;
use crate::population::Population;
use crate::refusal::{Result, data, in_words};

/// So many people are drawn on a page, and so many pages at most.
const PAGE: usize = 20;
const PAGES: usize = 10;
/// So many times each person is drawn for the prediction distribution errors.
const DRAWS: u32 = 1000;

/// A fit of people and what was made of it.
pub struct Results {
    pub fit: PeopleFit,
    by: Estimation,
    pub profiles: Vec<(String, Interval)>,
    pub bootstrap: Option<Resampled>,
    residuals: Option<Residuals>,
    npde: Option<Npde>,
    vpc: Option<VpcBands>,
    charts: Vec<(String, Vec<u8>)>,
}

impl Results {
    pub fn of(fit: PeopleFit, by: Estimation) -> Self {
        let (profiles, charts) = (Vec::new(), Vec::new());
        Self { fit, by, profiles, bootstrap: None, residuals: None, npde: None, vpc: None, charts }
    }

    /// Residuals, prediction distribution errors and the visual predictive check. What the data have no place for is said, and the rest goes on.
    pub fn diagnose(&mut self, asked: &Population, seed: u64) -> Result<()> {
        let residuals = self.fit.residuals()?;
        self.npde = unless_refused("prediction distribution errors", self.fit.npde(DRAWS, seed));
        self.residuals = Some(match &self.npde {
            Some(npde) => residuals.with_npde(npde)?,
            None => residuals,
        });
        let vpc = self.fit.vpc(asked.trials, seed);
        let vpc = vpc.map(|vpc| if asked.corrected { vpc.prediction_corrected() } else { vpc });
        self.vpc = unless_refused("visual predictive check", vpc.and_then(|vpc| vpc.bands()));
        Ok(())
    }

    /// All charts, as PNG.
    pub fn draw(&mut self, title: &str) {
        let fit = &self.fit;
        let mut sheets: Vec<(String, menaquinone::Result<Sheet>)> = Vec::new();
        let mut add = |name: &str, sheet| sheets.push((format!("{name}.png"), sheet));
        if let Some(residuals) = &self.residuals {
            add("goodness", Sheet::goodness(format!("{title}: goodness of fit"), residuals));
        }
        if let Some(npde) = &self.npde {
            add("npde", Sheet::npde(format!("{title}: prediction distribution errors"), npde));
        }
        if let Some(vpc) = &self.vpc {
            add("vpc", Sheet::vpc(format!("{title}: visual predictive check"), vpc));
        }
        add("etas", Sheet::etas(format!("{title}: deviations of the people"), fit));
        let pages = fit.people().len().div_ceil(PAGE);
        if pages > PAGES {
            say("note", &format!("the charts have the first {} of {} people", PAGE * PAGES, fit.people().len()));
        }
        for page in 0..pages.min(PAGES) {
            let range = page * PAGE..((page + 1) * PAGE).min(fit.people().len());
            let name = if pages == 1 { "individuals".to_owned() } else { format!("individuals-{}", page + 1) };
            add(&name, Sheet::individuals(format!("{title}: people {} to {}", range.start + 1, range.end), fit, range));
        }
        if let Some(history) = fit.history() {
            let column = |i: usize| history.rows.iter().map(|row| row[i]).collect();
            let numbers: Vec<(String, Vec<f64>)> =
                history.names.iter().enumerate().map(|(i, name)| (name.clone(), column(i))).collect();
            #[expect(clippy::cast_precision_loss, reason = "a count of iterations")]
            let marks = [("averaging", history.exploring as f64)];
            add("convergence", Sheet::convergence(format!("{title}: the way of SAEM"), &numbers, &marks));
        }
        let pictures = sheets.into_iter().map(|(name, sheet)| (name, sheet.and_then(|sheet| sheet.to_png())));
        let estimates = Chart::estimates(format!("{title}: estimates"), fit).and_then(|chart| chart.to_png());
        let effects = (!fit.effects().is_empty()).then(|| {
            let chart = Chart::effects(format!("{title}: effects of covariates"), fit);
            ("effects.png".to_owned(), chart.and_then(|chart| chart.to_png()))
        });
        // A chart that cannot be drawn must not cost the fit.
        for (name, picture) in pictures.chain([("estimates.png".to_owned(), estimates)]).chain(effects) {
            self.charts.extend(unless_refused(&name, picture).map(|bytes| (name, bytes)));
        }
    }

    /// Writes all of it into a folder, each file whole.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let fit = &self.fit;
        let theory = toml::to_string(&fit.theory()?).map_err(data)?;
        let json = serde_json::to_string_pretty(fit).map_err(data)?;
        let mut files: Vec<(String, Vec<u8>)> = vec![
            ("report.txt".to_owned(), self.report().into_bytes()),
            ("estimates.csv".to_owned(), fit.estimates_to_csv().into_bytes()),
            ("people.csv".to_owned(), fit.people_to_csv().into_bytes()),
            ("theory.toml".to_owned(), theory.into_bytes()),
            ("fit.json".to_owned(), (json + "\n").into_bytes()),
        ];
        let residuals = self.residuals.iter().map(|own| ("residuals.csv".to_owned(), own.to_csv().into_bytes()));
        files.extend(residuals.chain(self.charts.iter().cloned()));
        for (name, bytes) in &files {
            file::write(folder.join(name), bytes)?;
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let before = left_over(folder, &names);
        if !before.is_empty() {
            say("note", &format!("of an earlier fit there still are {} in {}", before.join(", "), folder.display()));
        }
        say("note", &format!("wrote {} into {}", names.join(", "), folder.display()));
        Ok(())
    }

    /// The report, with profiles and replicates beneath.
    pub fn report(&self) -> String {
        let mut lines = vec![self.fit.to_string()];
        if let Estimation::Saem(saem) = self.by {
            lines.push(format!("the draws of the chains go by the seed {}", saem.seed));
        }
        for (name, interval) in &self.profiles {
            lines.push(format!("profile of {name}: {interval}"));
            lines.extend(Some(interval.reason.clone()).filter(|reason| !reason.is_empty()));
        }
        if let Some(bootstrap) = &self.bootstrap {
            lines.push(bootstrap.to_string());
        }
        lines.join("\n") + "\n"
    }
}

/// The results of an earlier fit that this one did not write anew.
fn left_over(folder: &Path, written: &[&str]) -> Vec<String> {
    let pages = (1..=PAGES).map(|page| format!("individuals-{page}.png"));
    let others =
        ["residuals.csv", "goodness.png", "npde.png", "vpc.png", "etas.png", "individuals.png", "convergence.png"];
    let all = others.into_iter().map(str::to_owned).chain(pages);
    all.filter(|name| !written.contains(&name.as_str()) && folder.join(name).exists()).collect()
}

/// What was made, or a note that says why there is none.
fn unless_refused<T>(what: &str, made: Result<T, Error>) -> Option<T> {
    made.map_err(|why| say("note", &format!("no {what}: {}", in_words(&why.to_string())))).ok()
}
