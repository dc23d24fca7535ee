//! Sheets of the people of a fit: their curves, their deviations, the estimates, and how a search went.

use std::ops::Range;

use super::colour::Colour;
use super::description::Chart;
use super::fitted::{limits, short};
use super::people::{histogram, sentence};
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::fit::PeopleFit;
use crate::profile::grid;

/// An axis whose ends lie further apart than this many times is logarithmic.
const WIDE: f64 = 4.0;
/// How many pieces make a smooth curve.
const SMOOTH: f64 = 240.0;

type Points = Vec<(f64, f64)>;

impl Sheet {
    /// The curves of some people of a fit as small multiples on the same axes: what was measured, the person's own curve at the mode, and dashed the curve
    /// of the typical person with the same doses. A sample outside a limit is an upright line over all that it may be.
    ///
    /// # Errors
    /// A range without people, or beyond them.
    pub fn individuals(title: impl Into<String>, fit: &PeopleFit, which: Range<usize>) -> Result<Self> {
        let people: Vec<_> = fit.people().iter().collect();
        let all = people.get(which.clone()).filter(|all| !all.is_empty()).ok_or_else(|| {
            Error::value(format!("there are no people {which:?} of {}: give a range of numbers from 0", people.len()))
        })?;
        let count = all.len();
        let columns = [4, 5, 3, 6].into_iter().find(|columns| count.is_multiple_of(*columns)).unwrap_or(4.min(count));
        let rows = count.div_ceil(columns);
        let hours = all.iter().map(|(_, sampled)| hours(sampled.samples().times()));
        let (first, last) = hours.fold((0.0, 0.0), |(first, last), own| (own.0.min(first), own.1.max(last)));
        let chart = |(i, (id, _)): (usize, &(&str, _))| {
            let chart = individual(fit, id)?.x_range(first..=last + 0.02 * (last - first).max(1e-6));
            // One label is enough for a row whose charts share their axis.
            Ok(if i % columns == 0 { chart.y_label(format!("Level ({})", fit.people().unit())) } else { chart })
        };
        let charts: Vec<Chart> = all.iter().enumerate().map(chart).collect::<Result<_>>()?;
        let sheet = Self::new(title)
            .subtitle("Points: measured; line: the person; dashes: the typical person with the same doses")
            .caption(format!("{}.", sentence(&fit.how())))
            .shared_y()
            .size(1200, (170 + 230 * rows) as u32);
        Ok(charts.chunks(columns).fold(sheet, |sheet, row| sheet.row(row.to_vec())))
    }

    /// The deviations of the people at their modes: how many lie where beside the density of the people that was fitted, with the shrinkage; and, of
    /// up to three deviations, each over each other.
    ///
    /// A deviation whose variance has gone to zero is not drawn, and the caption says so.
    ///
    /// # Errors
    /// A fit in which all variances have gone to zero.
    pub fn etas(title: impl Into<String>, fit: &PeopleFit) -> Result<Self> {
        let (names, omega, shrinkage) = (fit.objective().names(), fit.omega(), fit.shrinkage());
        let of = |i: usize| -> Vec<f64> { fit.objective().people().iter().map(|person| person.eta[i]).collect() };
        let one = |i: usize| {
            let mut sorted = of(i);
            sorted.sort_by(f64::total_cmp);
            let label = format!("eta of {}", names[i]);
            let sd = omega[(i, i)].sqrt();
            histogram(&names[i].to_string(), &label, &sorted, sd)
                .subtitle(format!("omega {}, shrinkage {:.0} %", short(sd), 100.0 * shrinkage[i]))
                .y_label("People")
        };
        let vanished = fit.vanished();
        let is_there = |i: &usize| !vanished.contains(&format!("omega2({})", names[*i]));
        let shown: Vec<usize> = (0..names.len()).filter(is_there).collect();
        if shown.is_empty() {
            return Err(Error::value(
                "all variances have gone to zero, so that nobody deviates: there is nothing to show",
            ));
        }
        let pairs: Vec<(usize, usize)> =
            shown.iter().flat_map(|j| shown.iter().filter(move |i| *i < j).map(move |i| (*i, *j))).collect();
        let pair = |(i, j): &(usize, usize)| {
            let points: Points = of(*i).into_iter().zip(of(*j)).collect();
            let reach =
                |k: usize| 1.1 * of(k).into_iter().fold(2.0 * omega[(k, k)].sqrt(), |most, own| most.max(own.abs()));
            let r = omega[(*i, *j)] / (omega[(*i, *i)] * omega[(*j, *j)]).sqrt();
            Chart::xy(format!("{} and {}", names[*i], names[*j]))
                .subtitle(if r == 0.0 {
                    "fitted without a correlation".to_owned()
                } else {
                    format!("fitted correlation {r:.2}")
                })
                .x_label(format!("eta of {}", names[*i]))
                .y_label(format!("eta of {}", names[*j]))
                .level("", 0.0)
                .colour(Colour::Grey)
                .points("", points)
                .colour(Colour::Blue)
                .x_range(-reach(*i)..=reach(*i))
                .y_range(-reach(*j)..=reach(*j))
        };
        let width = 400 * shown.len().clamp(2, 4) as u32;
        let sheet = Self::new(title)
            .subtitle(format!("{} people at their modes; dashes: the distribution that was fitted", fit.people().len()))
            .caption(format!("{}.{}", sentence(&fit.how()), gone(&vanished)));
        let mut sheet = shown.chunks(4).fold(sheet, |sheet, row| sheet.row(row.iter().map(|i| one(*i))));
        let mut height = shown.chunks(4).count();
        if (1..=3).contains(&pairs.len()) {
            sheet = sheet.row(pairs.iter().map(pair));
            height += 1;
        }
        Ok(sheet.size(width, (150 + 340 * height) as u32))
    }

    /// How numbers went over the iterations of a search, a panel each, with the last value as a line; `marks` are iterations with a text, such as where
    /// averaging began.
    ///
    /// ```
    /// use menaquinone::chart::Sheet;
    /// let cl: Vec<f64> = (0..100).map(|i| 2.0 + (-0.1 * f64::from(i)).exp()).collect();
    /// let sheet = Sheet::convergence("A search", &[("cl".to_owned(), cl)], &[("averaging", 60.0)])?;
    /// assert!(sheet.to_svg()?.contains("averaging"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No number, or one without a value.
    pub fn convergence(
        title: impl Into<String>,
        numbers: &[(String, Vec<f64>)],
        marks: &[(&str, f64)],
    ) -> Result<Self> {
        if numbers.is_empty() || numbers.iter().any(|(_, values)| values.is_empty()) {
            return Err(Error::value("the course of a search needs numbers with at least one value each"));
        }
        let chart = |(name, values): &(String, Vec<f64>)| {
            let points: Points = values.iter().enumerate().map(|(i, value)| (i as f64, *value)).collect();
            let last = values[values.len() - 1];
            let (low, high) = values.iter().fold((last, last), |(low, high), own| (low.min(*own), high.max(*own)));
            let room = if high > low { 0.08 * (high - low) } else { 0.1 * last.abs().max(1.0) };
            let chart = Chart::xy(name).x_label("Iteration").curve("", points).colour(Colour::Blue);
            let chart = chart.level(short(last), last).colour(Colour::Grey).y_range(low - room..=high + 2.5 * room);
            marks.iter().fold(chart, |chart, (text, at)| chart.moment(*text, *at))
        };
        let columns = if numbers.len() == 4 { 2 } else { numbers.len().min(3) };
        let rows = numbers.len().div_ceil(columns);
        let sheet = Self::new(title).size(1200, (110 + 250 * rows) as u32);
        Ok(numbers.chunks(columns).fold(sheet, |sheet, row| sheet.row(row.iter().map(chart))))
    }
}

impl Chart {
    /// Intervals below one another, each with its name, low end, value and high end, and a line at what makes no difference: the effects of covariates
    /// as ratios, or estimates over their own values. The axis is logarithmic where they are wide.
    ///
    /// ```
    /// use menaquinone::chart::Chart;
    /// let effects = [("weight 50 kg", [0.7, 0.78, 0.86]), ("weight 90 kg", [1.12, 1.2, 1.3])];
    /// let chart = Chart::forest("Clearance over that at 70 kg", effects, 1.0);
    /// assert!(chart.to_svg()?.contains("weight 90 kg"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn forest<N: Into<String>>(
        title: impl Into<String>,
        rows: impl IntoIterator<Item = (N, [f64; 3])>,
        reference: f64,
    ) -> Self {
        let rows: Vec<(String, [f64; 3])> = rows.into_iter().map(|(name, own)| (name.into(), own)).collect();
        let n = rows.len() as f64;
        // The first stands on top.
        let at = |i: usize| n - i as f64;
        let all = || rows.iter().flat_map(|(_, own)| own.iter().copied()).chain([reference]);
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        let log = low > 0.0 && high > WIDE * low;
        // Where no number has an interval all of them stand on one line.
        let span = if high - low > 1e-6 * high.abs().max(low.abs()) { high - low } else { high.abs().max(1.0) };
        let room = if log { (high / low).powf(0.04) } else { 0.04 * span };
        let mut chart = Self::xy(title).moment("", reference);
        for (i, (_, [low, _, high])) in rows.iter().enumerate() {
            if low < high {
                chart = chart.curve("", [(*low, at(i)), (*high, at(i))]).colour(Colour::Blue);
            }
        }
        let points: Points = rows.iter().enumerate().map(|(i, (_, own))| (own[1], at(i))).collect();
        let chart = chart.points("", points).colour(Colour::Blue).y_range(0.4..=n + 0.6);
        let chart = chart.y_names(rows.into_iter().enumerate().map(|(i, (name, _))| (at(i), name)));
        let chart = chart.size(900, (150.0 + 34.0 * n) as u32);
        if log {
            chart.log_x_scale().x_range(low / room..=high * room)
        } else {
            chart.x_range(low - room..=high + room)
        }
    }

    /// The estimates of a fit with their 95 % intervals (Wald), each over its own value, as a forest; one that the data do not tell has a point alone.
    /// A variance that has gone to zero is not drawn, and the caption says so.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn estimates(title: impl Into<String>, fit: &PeopleFit) -> Result<Self> {
        let all = fit.estimates();
        let row = |own: &crate::fit::PeopleEstimate| {
            let over = |value: f64| value / own.value;
            let ratios =
                own.wald.map_or([1.0; 3], |(low, high)| [over(low).min(over(high)), 1.0, over(low).max(over(high))]);
            (format!("{} = {}", own.name, short(own.value)), ratios)
        };
        let vanished = fit.vanished();
        let is_there = |own: &&crate::fit::PeopleEstimate| own.value != 0.0 && !vanished.contains(&own.name);
        let chart = Self::forest(title, all.iter().filter(is_there).map(row), 1.0);
        let caption = format!("{}.{}", sentence(&fit.how()), gone(&vanished));
        Ok(chart.x_label("95 % interval over the estimate").caption(caption))
    }
}

impl Chart {
    /// What covariates make of the numbers of a fit ([`PeopleFit::effects`]) as a forest: the factor of each effect at the 5th and the 95th percentile of its
    /// covariate, with its 95 % interval (Wald); one that is known beforehand is a point.
    ///
    /// # Errors
    /// A fit without effects.
    pub fn effects(title: impl Into<String>, fit: &PeopleFit) -> Result<Self> {
        let effects = fit.effects();
        if effects.is_empty() {
            return Err(Error::value("no number of this theory depends on a covariate: there is nothing to show"));
        }
        let row = |own: &crate::fit::EffectAt| {
            let (low, high) = own.interval.unwrap_or((own.factor, own.factor));
            (format!("{}: {}", own.name, short(own.factor)), [low, own.factor, high])
        };
        let chart = Self::forest(title, effects.iter().map(row), 1.0);
        let ends = "At the 5th and the 95th percentile of the people; of categories at each.";
        let caption = format!("{ends} {}.", sentence(&fit.how()));
        Ok(chart.x_label("Factor of the number, with its 95 % interval").caption(caption))
    }
}

/// What has gone to zero, as a sentence.
fn gone(vanished: &[String]) -> String {
    if vanished.is_empty() { String::new() } else { format!(" Gone to zero: {}.", vanished.join(", ")) }
}

/// The first and the last hour of a curve through samples, which begins at 0 at the latest.
fn hours(times: &[f64]) -> (f64, f64) {
    (times[0].min(0.0), times[times.len() - 1])
}

/// The curve of one person.
fn individual(fit: &PeopleFit, id: &str) -> Result<Chart> {
    let sampled = fit.people().person(id).ok_or_else(|| Error::value(format!("nobody has the id `{id}`")))?;
    let samples = sampled.samples();
    let (first, last) = hours(samples.times());
    let mut times = grid(first..=last, ((last - first) / SMOOTH).max(1e-6));
    times.extend(samples.times());
    times.sort_by(f64::total_cmp);
    times.dedup();
    let [typical, own] = fit.curves(id, &times)?;
    let highest = samples.levels().map(|(_, level)| level).chain(own.iter().copied()).fold(0.0, f64::max);
    let line = |levels: Vec<f64>| -> Points { times.iter().copied().zip(levels).collect() };
    let mut chart = Chart::new(id).y_label("").dashed("", line(typical)).colour(Colour::Grey);
    chart = chart.curve("", line(own)).colour(Colour::Blue);
    let reports = samples.times().iter().zip(samples.reports());
    let limited: Vec<_> = reports.filter_map(|(time, report)| limits(*time, *report, highest)).collect();
    if !limited.is_empty() {
        let low: Points = limited.iter().map(|(time, low, _)| (*time, *low)).collect();
        let high: Points = limited.iter().map(|(time, _, high)| (*time, *high)).collect();
        chart = chart.whiskers(low, high).colour(Colour::Vermilion);
    }
    let measured: Points = samples.levels().collect();
    Ok(if measured.is_empty() { chart } else { chart.points("", measured).colour(Colour::Vermilion) })
}
