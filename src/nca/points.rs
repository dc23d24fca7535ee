//! The samples made ready: checked, counted from the dose, with what stands in for those below the limit.

use multiversion::multiversion;
use smallvec::SmallVec;

use super::missing::Missing;
use super::rules::{AtDose, BelowAs, BelowLimit, LARGEST, NOTHING, Rules};
use crate::error::{Error, Result};
use crate::regimen::{Dose, Route};

/// Numbers of one profile; up to so many need no allocation.
pub(super) type Row = SmallVec<[f64; 32]>;

/// The way of a dose, as far as it decides on metrics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Way {
    Extravascular,
    Bolus,
    Infusion,
}

impl Way {
    pub(super) fn of(dose: Option<Dose>) -> Self {
        match dose {
            Some(Dose { route: Route::Intravenous, duration, .. }) if duration > 0.0 => Self::Infusion,
            Some(Dose { route: Route::Intravenous, .. }) => Self::Bolus,
            _ => Self::Extravascular,
        }
    }
}

/// Samples from the dose on; times in h after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Points {
    pub(super) times: Row,
    /// What areas are made of.
    pub(super) conc: Row,
    /// What was measured, zero below the limit, where that is something else.
    measured: Option<Vec<f64>>,
    /// How many samples at the front were put in.
    pub(super) put_in: usize,
    /// `None` if all are below the limit.
    pub(super) span: Option<Span>,
    pub(super) tlag: f64,
    /// The concentration at the time of a bolus.
    pub(super) c0: Option<f64>,
}

/// The measured samples: where they begin and end and where the highest is, the first of equals, with what they say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) peak: usize,
    /// Whether one below the limit lies between measured ones.
    pub(super) gaps: bool,
    pub(super) cmax: f64,
    pub(super) tmax: f64,
    pub(super) clast: f64,
    pub(super) tlast: f64,
}

impl Points {
    pub(super) fn none() -> Self {
        Self { times: Row::new(), conc: Row::new(), measured: None, put_in: 0, span: None, tlag: 0.0, c0: None }
    }

    /// Takes samples in, once; in place, since what is large is expensive to move.
    pub(super) fn take(&mut self, [times, conc]: [&[f64]; 2], rules: &Rules) -> Result<()> {
        if times.len() != conc.len() || !sound(times, conc) {
            return Err(refusal(times, conc));
        }
        let from = if rules.dosed_at <= times[0] { 0 } else { times.partition_point(|time| *time < rules.dosed_at) };
        if from == times.len() {
            return Err(Error::value(format!(
                "no sample comes after the dose at {} h: the last is at {} h",
                rules.dosed_at,
                times[times.len() - 1]
            )));
        }
        let carried = rules.at_dose == AtDose::Carried && Way::of(rules.dose) != Way::Bolus;
        if carried && from > 0 && times[from] > rules.dosed_at {
            self.times.push(rules.dosed_at);
            self.conc.push(conc[from - 1]);
        }
        self.times.extend_from_slice(&times[from..]);
        self.conc.extend_from_slice(&conc[from..]);
        if rules.dosed_at != 0.0 {
            self.count_from_the_dose(rules)?;
        }
        self.replace_below(rules.below)?;
        self.begin(rules);
        Ok(())
    }

    /// Counts times from the dose. Where this is a time of the rules but for its last digits (17.1 - 5.1 is not 12), it is that
    /// time, so that the sample at the end of a dosing interval lies in it.
    fn count_from_the_dose(&mut self, rules: &Rules) -> Result<()> {
        let dosed_at = rules.dosed_at;
        for time in &mut self.times {
            let (after, rounding) = (*time - dosed_at, 2.0 * f64::EPSILON * (time.abs() + dosed_at.abs()));
            *time = rules.named_times().find(|named| (named - after).abs() <= rounding).unwrap_or(after);
        }
        match self.times.windows(2).find(|pair| pair[0] >= pair[1]) {
            None => Ok(()),
            Some(pair) => Err(Error::value(format!(
                "two samples are both {} h after the dose at {dosed_at} h, as far as numbers tell: count times from nearer to the samples",
                pair[1]
            ))),
        }
    }

    /// What is known of the measured samples, if there are any.
    #[inline]
    pub(super) fn span(&self) -> std::result::Result<&Span, Missing> {
        self.span.as_ref().ok_or(Missing::AllBelow)
    }

    /// When the concentration is highest: at the peak, or at a bolus whose `c0` nothing measured exceeds.
    pub(super) fn top(&self) -> f64 {
        match (self.span, self.c0) {
            (Some(span), Some(c0)) if self.times[0] == 0.0 && c0 >= span.cmax => 0.0,
            (Some(span), _) => span.tmax,
            (None, _) => 0.0,
        }
    }

    /// The sample at an index that is known to be there.
    pub(super) fn sample(&self, i: usize) -> (f64, f64) {
        (self.times[i], self.conc[i])
    }

    /// The samples as they were measured: (h after the dose, µg/L), 0 below the limit.
    pub(super) fn samples(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let pairs = self.times.iter().copied().zip(self.measured().iter().copied());
        pairs.skip(self.put_in)
    }

    /// What was measured, zero below the limit.
    pub(super) fn measured(&self) -> &[f64] {
        self.measured.as_deref().unwrap_or(&self.conc)
    }

    /// Lets the rule decide on samples below the limit, and finds the span of the others.
    fn replace_below(&mut self, rule: Option<BelowLimit>) -> Result<()> {
        let survey = survey(&mut self.conc);
        self.span = span(&self.times, &self.conc, survey);
        let Some(Span { first, last, peak, gaps, .. }) = self.span else { return Ok(()) };
        self.tlag = if first > 0 { self.times[first - 1] } else { 0.0 };
        let Some(rule) = rule else {
            return if gaps { Err(unsaid(&self.times, &self.conc)) } else { Ok(()) };
        };
        if rule == BelowLimit::ZERO || survey.empty == 0 {
            return Ok(());
        }
        self.apply(|i| match rule {
            BelowLimit::ByPlace { first: before, .. } if i < first => before,
            BelowLimit::ByPlace { last: after, .. } if i > last => after,
            BelowLimit::ByPlace { middle, .. } => middle,
            BelowLimit::ByTmax { before, .. } if i < peak => before,
            BelowLimit::ByTmax { after, .. } => after,
        });
        Ok(())
    }

    fn apply(&mut self, counts_as: impl Fn(usize) -> BelowAs) {
        let (times, conc) = (std::mem::take(&mut self.times), std::mem::take(&mut self.conc));
        let mut measured = Vec::new();
        for (i, (time, conc)) in times.into_iter().zip(conc).enumerate() {
            let counts = if conc > 0.0 { BelowAs::Value(conc) } else { counts_as(i) };
            let value = match counts {
                BelowAs::Dropped => continue,
                BelowAs::Zero => 0.0,
                BelowAs::Value(value) => value,
            };
            self.times.push(time);
            self.conc.push(value);
            measured.push(conc);
        }
        let survey = survey(&mut measured);
        self.span = span(&self.times, &measured, survey);
        self.measured = Some(measured);
    }

    /// Sees to a sample at the time of the dose.
    fn begin(&mut self, rules: &Rules) {
        if self.span.is_none() {
            return;
        }
        let bolus = Way::of(rules.dose) == Way::Bolus;
        let empty_start = bolus && self.times[0] == 0.0 && self.conc[0] == 0.0;
        if bolus {
            self.c0 = Some(self.back_to_zero(usize::from(empty_start)));
        }
        if empty_start {
            // Taken just before the bolus, or it could not be empty.
            self.measured.get_or_insert_with(|| self.conc.to_vec());
            self.conc[0] = self.c0.unwrap_or_default();
        }
        let value = match rules.at_dose {
            AtDose::Refused => None,
            _ if self.c0.is_some() => self.c0,
            AtDose::Zero => Some(0.0),
            AtDose::Lowest => Some(self.lowest(rules)),
            AtDose::Carried => None,
        };
        if let Some(value) = value.filter(|_| self.times[0] > 0.0) {
            self.put_in(value);
        }
    }

    /// The first two samples of a bolus carried back along their exponential, or the first positive one (Phoenix).
    fn back_to_zero(&self, from: usize) -> f64 {
        let (times, conc) = (&self.times[from..], &self.conc[from..]);
        if times.len() > 1 && times[0] > 0.0 && conc[0] > conc[1] && conc[1] > 0.0 {
            let k = (conc[0] / conc[1]).ln() / (times[1] - times[0]);
            return (conc[0] * (k * times[0]).exp()).min(LARGEST);
        }
        conc.iter().copied().find(|conc| *conc > 0.0).unwrap_or_default()
    }

    /// The lowest concentration of the dosing interval.
    fn lowest(&self, rules: &Rules) -> f64 {
        let end = rules.tau.unwrap_or(f64::INFINITY);
        let within = self.times.iter().zip(&self.conc).take_while(|(time, _)| **time <= end);
        let lowest = within.map(|(_, conc)| *conc).fold(f64::INFINITY, f64::min);
        if lowest.is_finite() { lowest } else { 0.0 }
    }

    fn put_in(&mut self, value: f64) {
        self.times.insert(0, 0.0);
        if value > 0.0 {
            // It is no measurement, so it must not be taken for one.
            self.measured.get_or_insert_with(|| self.conc.to_vec());
        }
        if let Some(measured) = &mut self.measured {
            measured.insert(0, 0.0);
        }
        self.conc.insert(0, value);
        self.put_in = 1;
        let later = |span: Span| Span { first: span.first + 1, last: span.last + 1, peak: span.peak + 1, ..span };
        self.span = self.span.map(later);
    }
}

/// What one look at all concentrations tells.
#[derive(Clone, Copy)]
struct Survey {
    /// How many are below the limit.
    empty: usize,
    highest: f64,
}

/// Makes nothing of what counts as nothing, and looks for the highest. Numbers that are not negative stand in the order of
/// their bits, and whole numbers are compared side by side.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn survey(conc: &mut [f64]) -> Survey {
    let (mut empty, mut highest) = (0, 0);
    for conc in conc {
        *conc = if *conc < NOTHING { 0.0 } else { *conc };
        empty += usize::from(*conc == 0.0);
        highest = highest.max(conc.to_bits());
    }
    Survey { empty, highest: f64::from_bits(highest) }
}

fn span(times: &[f64], conc: &[f64], Survey { empty, highest }: Survey) -> Option<Span> {
    let first = conc.iter().position(|conc| *conc > 0.0)?;
    let last = conc.iter().rposition(|conc| *conc > 0.0)?;
    let peak = first + conc[first..].iter().position(|conc| *conc == highest)?;
    let gaps = empty > first + (conc.len() - 1 - last);
    Some(Span { first, last, peak, gaps, cmax: highest, tmax: times[peak], clast: conc[last], tlast: times[last] })
}

#[cold]
fn unsaid(times: &[f64], conc: &[f64]) -> Error {
    let first = conc.iter().position(|conc| *conc > 0.0).unwrap_or(0);
    let gap = conc[first..].iter().position(|conc| *conc == 0.0).unwrap_or(0);
    Error::value(format!(
        "the sample {} h after the dose is below the limit of quantification and lies between measured ones: say what it counts as with `below`, such as BelowLimit::ZERO or BelowLimit::DROP_MIDDLE",
        times[first + gap]
    ))
}

/// Whether there are samples, and all of them can be.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn sound(times: &[f64], conc: &[f64]) -> bool {
    let mut good = !times.is_empty();
    for (time, conc) in times.iter().zip(conc) {
        good &= (time.abs() <= LARGEST) & (*conc >= 0.0) & (*conc <= LARGEST);
    }
    for (time, next) in times.iter().zip(times.get(1..).unwrap_or_default()) {
        good &= time < next;
    }
    good
}

#[cold]
fn refusal(times: &[f64], conc: &[f64]) -> Error {
    let (t, c) = (times.len(), conc.len());
    if t != c {
        return Error::value(format!(
            "{t} times and {c} concentrations are not samples: give as many of one as of the other"
        ));
    }
    if t == 0 {
        return Error::value("there are no samples: give at least one time with its concentration");
    }
    if let Some(i) = times.iter().position(|time| !(-LARGEST..=LARGEST).contains(time)) {
        return Error::value(format!(
            "the time of sample {} is {} h, but it must be a finite number of at most 1e15",
            i + 1,
            times[i]
        ));
    }
    if let Some(i) = conc.iter().position(|conc| !(0.0..=LARGEST).contains(conc)) {
        return Error::value(format!(
            "the concentration of sample {} at {} h is {} µg/L, but it must be a number from 0 to 1e15; write one below the limit of quantification as 0",
            i + 1,
            times[i],
            conc[i]
        ));
    }
    let i = times.windows(2).position(|pair| pair[0] >= pair[1]).unwrap_or(0);
    let hint = if times[i] == times[i + 1] { "keep one of them" } else { "sort them by time" };
    Error::value(format!(
        "sample {} at {} h does not come after the one at {} h: times must ascend, so {hint}",
        i + 2,
        times[i + 1],
        times[i]
    ))
}
