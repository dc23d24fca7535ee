//! The percentiles of a visual predictive check, bin by bin.

use std::ops::Range;

use super::vpc::{Seen, Vpc};
use crate::error::{Result, Short};
use crate::fit::samples::Report;
use crate::numeric::quantile;
use crate::workers::{Work, for_each_chunk};

/// The percentiles of a [`Vpc`], measured and simulated, in bins of time.
#[derive(Debug, Clone, PartialEq)]
pub struct VpcBands {
    how: String,
    unit: String,
    pub(super) trials: usize,
    pub(super) seed: u64,
    pub(super) is_corrected: bool,
    pub(super) is_since_dose: bool,
    pub(super) probabilities: Vec<f64>,
    pub(super) strata: Vec<VpcStratum>,
}

/// A group of people of a [`Vpc`].
#[derive(Debug, Clone, PartialEq)]
pub struct VpcStratum {
    /// The name that the people were given; empty where they are not apart.
    pub name: String,
    /// The bins in which there are samples, in order of time.
    pub bins: Vec<VpcBin>,
    /// The levels that were measured, over time, corrected if the check is.
    pub points: Vec<(f64, f64)>,
}

/// Samples of about one time.
#[derive(Debug, Clone, PartialEq)]
pub struct VpcBin {
    /// The times of the first and the last sample, h.
    pub times: (f64, f64),
    /// The middle of the times of the samples, h.
    pub middle: f64,
    /// How many samples were measured.
    pub count: usize,
    /// The percentiles, in the order of [`VpcBands::probabilities`].
    pub percentiles: Vec<VpcPercentile>,
    /// The lowest limit of the samples, µg/L.
    pub limit: Option<f64>,
    /// The fraction of samples below their limit; none where no sample has a limit.
    pub below: Option<VpcPercentile>,
}

/// A percentile, or a fraction, as it was measured and as simulated trials have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VpcPercentile {
    /// What was measured; none where it lies below the limit.
    pub observed: Option<f64>,
    /// What simulated trials have: the 2.5th percentile, the median and the 97.5th; none where one lies below the limit.
    pub simulated: [Option<f64>; 3],
}

/// The probabilities of the interval of simulated trials.
const INTERVAL: [f64; 3] = [0.025, 0.5, 0.975];

/// A sample of a bin with what it is multiplied with.
struct Member {
    seen: Seen,
    factor: f64,
}

impl Vpc {
    /// The percentiles of each bin.
    ///
    /// # Errors
    /// Bins that cannot be, or a sample outside the breaks.
    pub fn bands(&self) -> Result<VpcBands> {
        VpcBands::of(self)
    }
}

impl VpcBands {
    fn of(vpc: &Vpc) -> Result<Self> {
        let mut names = vpc.groups.clone();
        names.sort();
        names.dedup();
        let stratum = |name: String| {
            let own: Vec<Seen> = vpc.samples.iter().filter(|seen| vpc.groups[seen.person] == name).copied().collect();
            let times: Vec<f64> = own.iter().map(|seen| vpc.x(seen)).collect();
            let dealt = vpc.bins.deal(&times)?;
            let last = dealt.iter().copied().max().unwrap_or(0);
            let of = |bin| own.iter().zip(&dealt).filter(move |(_, own)| **own == bin).map(|(seen, _)| *seen);
            let bin = |number| of(number).collect::<Vec<_>>();
            let bins: Vec<Vec<Member>> =
                (0..=last).map(bin).filter(|seen| !seen.is_empty()).map(|seen| members(vpc, seen)).collect();
            let point = |member: &Member| match member.seen.report {
                Report::Level(level) => Some((vpc.x(&member.seen), level * member.factor)),
                _ => None,
            };
            let points = bins.iter().flatten().filter_map(point).collect();
            Ok(VpcStratum { name, points, bins: summarised(vpc, &bins)? })
        };
        Ok(Self {
            how: vpc.how.clone(),
            unit: vpc.unit.clone(),
            trials: vpc.trials,
            seed: vpc.seed,
            is_corrected: vpc.is_corrected,
            is_since_dose: vpc.is_since_dose,
            probabilities: vpc.probabilities.clone(),
            strata: names.into_iter().map(stratum).collect::<Result<_>>()?,
        })
    }

    /// The groups of people, in the order of their names.
    pub fn strata(&self) -> &[VpcStratum] {
        &self.strata
    }

    /// The probabilities of the percentiles.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// How the numbers came about, in a line: the error, and by which method a fit settled.
    pub fn how(&self) -> &str {
        &self.how
    }

    /// The unit of the levels.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// How many trials were simulated, and the seed.
    pub fn trials(&self) -> (usize, u64) {
        (self.trials, self.seed)
    }

    /// Whether samples were corrected by their predictions.
    pub fn is_corrected(&self) -> bool {
        self.is_corrected
    }

    /// Whether time is that since the last dose.
    pub fn is_since_dose(&self) -> bool {
        self.is_since_dose
    }

    /// The bins as CSV, a row each: for every percentile `p`, and for the fraction below the limit, what was measured and the 2.5th percentile, the
    /// median and the 97.5th of simulated trials; nothing where a percentile lies below the limit.
    ///
    /// ```
    /// # use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{People, Theory, fixed}};
    /// # let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n2,0,200,.\n2,2,.,15".parse()?;
    /// # let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    /// #     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let text = theory.vpc(&People::of_table(&table)?, 50, 42)?.percentiles(&[0.5])?.bands()?.to_csv();
    /// assert!(text.starts_with("stratum,from_h,to_h,middle_h,samples,p0.5,p0.5_low,p0.5_median,p0.5_high,below,below_low,below_median,below_high\n,2,2,2,2,11.25,"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let mut names: Vec<String> = ["stratum", "from_h", "to_h", "middle_h", "samples"].map(String::from).to_vec();
        let all = self.probabilities.iter().map(|p| format!("p{p}")).chain(["below".to_owned()]);
        names.extend(all.flat_map(|name| ["", "_low", "_median", "_high"].map(|end| format!("{name}{end}"))));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut good = writer.write_record(&names).is_ok();
        let text = |value: Option<f64>| value.map_or(String::new(), |value| Short(value).to_string());
        let cells = |own: Option<VpcPercentile>| {
            let simulated = |i: usize| own.and_then(|own| own.simulated[i]);
            [own.and_then(|own| own.observed), simulated(0), simulated(1), simulated(2)].map(text)
        };
        for stratum in &self.strata {
            for bin in &stratum.bins {
                let mut row = vec![stratum.name.clone()];
                row.extend([bin.times.0, bin.times.1, bin.middle].map(|time| Short(time).to_string()));
                row.push(bin.count.to_string());
                row.extend(bin.percentiles.iter().flat_map(|own| cells(Some(*own))));
                row.extend(cells(bin.below));
                good &= writer.write_record(&row).is_ok();
            }
        }
        debug_assert!(good, "a writer into memory does not fail");
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// The samples of a bin, with the factors that correct them.
fn members(vpc: &Vpc, seen: Vec<Seen>) -> Vec<Member> {
    let middle = quantile(&mut seen.iter().map(|seen| seen.pred).collect::<Vec<_>>(), 0.5);
    let factor = |seen: &Seen| {
        let factor = middle / seen.pred;
        if vpc.is_corrected && factor.is_finite() && factor > 0.0 { factor } else { 1.0 }
    };
    seen.into_iter().map(|seen| Member { factor: factor(&seen), seen }).collect()
}

/// The bins with what was measured and what is simulated.
fn summarised(vpc: &Vpc, bins: &[Vec<Member>]) -> Result<Vec<VpcBin>> {
    // Of each trial and bin: the percentiles, and the fraction below.
    let width = vpc.probabilities.len() + 1;
    let size = width * bins.len();
    let mut rows = vec![0.0; vpc.trials * size];
    let samples: usize = bins.iter().map(Vec::len).sum();
    #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
    let work = Work { width: size, nanoseconds: 15.0 * samples as f64 };
    for_each_chunk(
        &mut rows,
        work,
        || Ok(Vec::new()),
        |values: &mut Vec<f64>, first, rows| {
            for (i, row) in rows.chunks_exact_mut(size).enumerate() {
                for (bin, row) in bins.iter().zip(row.chunks_exact_mut(width)) {
                    gather(vpc, bin, first + i, values);
                    statistics(values, &vpc.probabilities, row);
                }
            }
            Ok(())
        },
    )?;
    let columns = |place: usize| -> Vec<f64> { rows.iter().skip(place).step_by(size).copied().collect() };
    let bin = |(number, members): (usize, &Vec<Member>)| {
        let mut observed = vec![0.0; width];
        statistics(&mut measured(members), &vpc.probabilities, &mut observed);
        let own = |i: usize| percentile(observed[i], columns(number * width + i));
        let mut times: Vec<f64> = members.iter().map(|member| vpc.x(&member.seen)).collect();
        let ends = times.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), time| (a.min(*time), b.max(*time)));
        VpcBin {
            times: ends,
            middle: quantile(&mut times, 0.5),
            count: members.len(),
            percentiles: percentiles(0..width - 1, own),
            limit: members.iter().filter_map(|member| member.seen.limit).reduce(f64::min),
            below: members.iter().any(|member| member.seen.limit.is_some()).then(|| own(width - 1)),
        }
    };
    Ok(bins.iter().enumerate().map(bin).collect())
}

fn percentiles(range: Range<usize>, own: impl Fn(usize) -> VpcPercentile) -> Vec<VpcPercentile> {
    range.map(own).collect()
}

fn percentile(observed: f64, mut simulated: Vec<f64>) -> VpcPercentile {
    let interval = INTERVAL.map(|p| lowest_first(&mut simulated, p));
    VpcPercentile {
        observed: observed.is_finite().then_some(observed),
        simulated: interval.map(|value| value.is_finite().then_some(value)),
    }
}

/// What a trial has in a bin; minus infinity for what is below its limit.
fn gather(vpc: &Vpc, bin: &[Member], trial: usize, values: &mut Vec<f64>) {
    values.clear();
    values.extend(bin.iter().map(|Member { seen, factor }| {
        let (place, count) = seen.place;
        let value = vpc.simulated[seen.person][trial * count + place];
        let is_below = seen.limit.is_some_and(|limit| value < limit);
        if is_below { f64::NEG_INFINITY } else { value * factor }
    }));
}

fn measured(bin: &[Member]) -> Vec<f64> {
    let of = |Member { seen, factor }: &Member| match seen.report {
        Report::Level(level) => level * factor,
        _ => f64::NEG_INFINITY,
    };
    bin.iter().map(of).collect()
}

/// The percentiles of values, and the fraction that is below the limit.
#[expect(clippy::cast_precision_loss, reason = "counts of samples")]
fn statistics(values: &mut [f64], probabilities: &[f64], row: &mut [f64]) {
    for (p, own) in probabilities.iter().zip(row.iter_mut()) {
        *own = lowest_first(values, *p);
    }
    let below = values.iter().filter(|value| **value == f64::NEG_INFINITY).count();
    row[probabilities.len()] = below as f64 / values.len() as f64;
}

/// A quantile where some values are below all numbers: so is what lies between one of them and a number.
fn lowest_first(values: &mut [f64], p: f64) -> f64 {
    let found = quantile(values, p);
    if found.is_nan() { f64::NEG_INFINITY } else { found }
}
