//! One profile analysed: what all metrics are read from.

use super::AreaRule;
use super::curve::Curve;
use super::interval::Interval;
use super::missing::{Missing, Outcome};
use super::points::{Points, Span, Way};
use super::rules::{Rules, Terminal};
use super::slope::{self, TerminalFit};
use crate::error;
use crate::regimen::Dose;

/// The numbers of one profile. Every metric is a method, and [`METRICS`](crate::nca::METRICS) lists them all.
///
/// A metric is a number or the [reason](Missing) why there is none: never NaN. Concentrations in µg/L, times in h after the dose.
///
/// ```
/// use menaquinone::{Dose, nca::{Analysis, METRICS, Nca}};
/// let times = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0];
/// let conc = [0.0, 6.0, 8.0, 4.0, 1.0, 0.25];
/// let nca: Analysis = Nca::observed(&times, &conc).dose(Dose::of(100.0)).analyse()?;
/// for metric in &METRICS {
///     match metric.value(&nca) {
///         Ok(value) => println!("{} = {value} {}", metric.symbol, metric.unit),
///         Err(missing) => println!("{}: {missing}", metric.symbol),
///     }
/// }
/// assert!((nca.half_life()? - 2.0).abs() < 1e-12);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    pub(super) points: Points,
    pub(super) way: Way,
    pub(super) area: AreaRule,
    pub(super) dose: Option<Dose>,
    pub(super) threshold: Option<f64>,
    pub(super) window: Option<(f64, f64)>,
    /// The areas under `C` and `t C` to the last quantified sample.
    pub(super) last: Result<[f64; 2], Missing>,
    pub(super) terminal: Result<TerminalFit, Missing>,
    /// What the line of the terminal slope says for the time of the last quantified sample.
    pub(super) clast_pred: f64,
    pub(super) whole: Result<Whole, Missing>,
    pub(super) interval: Result<Interval, Missing>,
    /// The interval and the whole area of the first dose.
    pub(super) first: Option<Box<(Interval, Outcome)>>,
}

/// The whole areas, by the last areas and the terminal slope: obs with the last concentration as it was measured, pred with
/// that of the line. Overflow is checked where a metric is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Whole {
    pub(super) auc: [f64; 2],
    pub(super) aumc: [f64; 2],
}

impl Analysis {
    /// An analysis of nothing, to be filled.
    pub(super) fn none() -> Self {
        Self {
            points: Points::none(),
            way: Way::Extravascular,
            area: AreaRule::default(),
            dose: None,
            threshold: None,
            window: None,
            last: Err(Missing::AllBelow),
            terminal: Err(Missing::AllBelow),
            clast_pred: 0.0,
            whole: Err(Missing::AllBelow),
            interval: Err(Missing::NoTau),
            first: None,
        }
    }

    /// Takes samples into an analysis of nothing; in place, since what is large is expensive to move.
    pub(super) fn take(&mut self, samples: [&[f64]; 2], rules: &Rules) -> error::Result<()> {
        rules.check()?;
        (self.way, self.area, self.dose) = (Way::of(rules.dose), rules.area, rules.dose);
        (self.threshold, self.window) = (rules.threshold, rules.window);
        self.points.take(samples, rules)?;
        if let Some(span) = self.points.span {
            self.last = self.to_the_last();
            self.terminal = terminal(&self.points, (self.way, rules));
            self.clast_pred = self.terminal.map_or(0.0, |fit| fit.conc_at(span.tlast));
            self.whole = self.to_infinity();
        }
        if let Some(tau) = rules.tau {
            self.interval = Interval::of(self.curve(), self.last, tau);
        }
        Ok(())
    }

    fn to_the_last(&self) -> Result<[f64; 2], Missing> {
        let last = self.span()?.last;
        if self.points.times[0] > 0.0 {
            return Err(Missing::NoStart);
        }
        Ok(self.curve().areas_between(0, last))
    }

    fn to_infinity(&self) -> Result<Whole, Missing> {
        let (&Span { clast, tlast, .. }, [auc, aumc], fit) = (self.span()?, self.last?, self.terminal()?);
        let over = 1.0 / fit.lambda_z;
        let beyond = [clast, self.clast_pred].map(|clast| clast * over);
        Ok(Whole { auc: beyond.map(|area| auc + area), aumc: beyond.map(|area| aumc + area * (tlast + over)) })
    }

    /// This analysis, of a later dose, beside that of the first dose: adds the observed ratios of accumulation.
    ///
    /// ```
    /// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
    /// let (dose, model) = (Dose::of(90.0 * UG), MK7.model());
    /// let steady = model.steady_state(dose.every(DAY))?;
    /// let day = grid(0.0..=DAY, 0.1 * HOUR);
    /// let first = model.profile(dose, &day)?.nca().dose(dose).tau(DAY).analyse()?;
    /// let late = steady.profile(&day)?.nca().dose(dose).tau(DAY).analyse()?.after(&first);
    /// assert!((late.accumulation_ratio()? / steady.accumulation_ratio() - 1.0).abs() < 1e-4);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn after(mut self, first: &Self) -> Self {
        self.first = first.interval.ok().map(|interval| Box::new((interval, first.auc_inf_obs())));
        self
    }

    /// What the terminal slope is.
    ///
    /// # Errors
    /// Too few samples, or samples that do not fall.
    #[inline]
    pub fn terminal(&self) -> Result<&TerminalFit, Missing> {
        self.terminal.as_ref().map_err(|missing| *missing)
    }

    /// The samples from the dose on, as they were measured: (h after the dose, µg/L), 0 below the limit.
    pub fn samples(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.points.samples()
    }

    /// Doubts that the field's conventions raise about the terminal slope, as sentences; none if it is sound.
    ///
    /// They are those of `PKNCA`: R² below 0.9, a span below 2 half-lives, more than 20 % of the area extrapolated.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        let mut doubt = |value: Outcome, bad: fn(f64) -> bool, say: &dyn Fn(f64) -> String| {
            doubts.extend(value.ok().filter(|value| bad(*value)).map(say));
        };
        doubt(self.r2(), |r2| r2 < 0.9, &|r2| format!("the terminal slope has an R² of {r2:.3}, below 0.9"));
        doubt(self.lambda_z_span(), |span| span < 2.0, &|span| {
            format!("the terminal samples span {span:.2} half-lives, fewer than 2")
        });
        doubt(self.auc_extrap_obs(), |part| part > 20.0, &|part| {
            format!("{part:.1} % of the area is extrapolated, more than 20 %")
        });
        doubts
    }

    #[inline]
    pub(super) fn span(&self) -> Result<&Span, Missing> {
        self.points.span()
    }

    /// What lies between the samples and beyond them.
    pub(super) fn curve(&self) -> Curve<'_> {
        Curve { points: &self.points, area: self.area, lambda_z: self.terminal().map(|fit| fit.lambda_z) }
    }
}

fn terminal(points: &Points, (way, rules): (Way, &Rules)) -> Result<TerminalFit, Missing> {
    let Span { last, peak, gaps, .. } = *points.span()?;
    let measured = &points.measured()[..=last];
    let Terminal::BestFit { least } = rules.terminal else {
        return chosen(points, &rules.terminal);
    };
    let infused = rules.dose.map_or(0.0, |dose| dose.duration);
    let mut start = if way == Way::Bolus { peak } else { peak + 1 };
    while way == Way::Infusion && start <= last && points.times[start] < infused {
        start += 1;
    }
    if start > last {
        return Err(Missing::too_few(0, least));
    }
    if !gaps {
        return slope::best_fit(&points.times[start..=last], &measured[start..], least);
    }
    let [times, conc] = quantified(points, |time, _| time >= points.times[start]);
    slope::best_fit(&times, &conc, least)
}

fn chosen(points: &Points, rule: &Terminal) -> Result<TerminalFit, Missing> {
    let [times, conc] = quantified(points, |time, _| match rule {
        Terminal::Between { start, end } => *start <= time && time <= *end,
        Terminal::At(chosen) => chosen.contains(&time),
        _ => true,
    });
    let all = times.len();
    match rule {
        Terminal::Last(wanted) if all < *wanted => Err(Missing::too_few(all, *wanted)),
        Terminal::Last(wanted) => slope::chosen_fit(&times[all - wanted..], &conc[all - wanted..]),
        Terminal::At(chosen) if all < chosen.len() => Err(Missing::too_few(all, chosen.len())),
        _ => slope::chosen_fit(&times, &conc),
    }
}

/// The quantified samples that are wanted, as times and concentrations.
fn quantified(points: &Points, wanted: impl Fn(f64, f64) -> bool) -> [Vec<f64>; 2] {
    let pairs = points.times.iter().copied().zip(points.measured().iter().copied());
    let pairs = pairs.filter(|(time, conc)| *conc > 0.0 && wanted(*time, *conc));
    let (times, conc) = pairs.unzip();
    [times, conc]
}
