//! What happens, and when; and the one rule of what comes first at the same instant.

use smallvec::SmallVec;

/// The number of a way in: 0 leads into the plasma, the next ones are the paths of absorption, and a body that is dosed by
/// event tables has more (see [`entries`](super::entries)).
pub(crate) type Entry = u16;

/// Something that arrives at an entry, as it was taken: after its meal, and before the fraction `f` of the entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arrival {
    pub(crate) time: f64,
    /// An amount (µg) or, of an input, its rate (µg/h).
    pub(crate) amount: f64,
    pub(crate) entry: Entry,
    pub(crate) how: How,
}

/// How something arrives. The order is that at the same instant: ends come before beginnings, so that back-to-back inputs
/// never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// An input ends that has begun at the same entry and rate.
    Stop,
    /// An input begins.
    Start,
    /// An amount arrives at once.
    Add,
}

/// The arrivals of a course; those of a few doses need no allocation.
pub(crate) type Arrivals = SmallVec<[Arrival; 16]>;

/// One line of a script.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Event {
    pub(crate) time: f64,
    pub(crate) what: What,
}

/// What a script can ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    Arrive {
        amount: f64,
        entry: Entry,
        how: How,
    },
    /// The body is empty, and no input runs.
    Empty,
    /// From now on the body of this number holds. What is in each compartment stays there.
    Change(usize),
    /// The state is handed to whoever follows the walk, to be changed.
    Hand(usize),
    /// Nothing happens, but whoever measures stretches of time begins a new one.
    Pause,
    /// Somebody looks at the state. Looks are numbered by whoever asks.
    Look(usize),
}

impl From<Arrival> for Event {
    fn from(Arrival { time, amount, entry, how }: Arrival) -> Self {
        Self { time, what: What::Arrive { amount, entry, how } }
    }
}

impl Event {
    pub(crate) fn new(time: f64, what: What) -> Self {
        Self { time, what }
    }
}

/// Puts arrivals in order of time, ends before beginnings. Those that are in order of time already stay as they are.
pub(crate) fn sort(arrivals: &mut [Arrival]) {
    // One pass without an early exit: they are in order but for few models.
    let in_order = arrivals.windows(2).fold(true, |yes, pair| yes & (pair[0].time <= pair[1].time));
    if !in_order {
        arrivals.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.how.cmp(&b.how)).then(a.entry.cmp(&b.entry)));
    }
}

/// Puts what happens in order of time; what happens at the same instant stays in its order.
pub(crate) fn sort_events(events: &mut [Event]) {
    events.sort_by(|a, b| a.time.total_cmp(&b.time));
}

/// Adds what arrives at an entry from `time` on: an amount at once, or the beginning and the end of an input.
///
/// An input so short that it vanishes in the rounding of the clock, or that its rate overflows, arrives at
/// once; any other runs as long as the clock says, so that it brings the whole amount.
#[inline(always)]
pub(crate) fn push_input(arrivals: &mut impl Extend<Arrival>, entry: Entry, Input { time, amount, duration }: Input) {
    let end = time + duration;
    let rate = amount / (end - time);
    if end > time && rate.is_finite() {
        arrivals.extend([
            Arrival { time, amount: rate, entry, how: How::Start },
            Arrival { time: end, amount: rate, entry, how: How::Stop },
        ]);
    } else {
        arrivals.extend([Arrival { time, amount, entry, how: How::Add }]);
    }
}

/// How far the distance of two times may be off because each of them is rounded, and was before (a lag is added to them).
#[inline(always)]
pub(super) fn rounding(from: f64, to: f64) -> f64 {
    2.0 * f64::EPSILON * from.abs().max(to.abs())
}

/// The earliest time that counts as the instant `time`: `3.0 * 0.1` is a little later than `0.3`, and is meant to be that.
#[inline(always)]
pub(crate) fn earliest(time: f64) -> f64 {
    time - rounding(time, 0.0)
}

/// The latest time that counts as the instant `time`.
#[inline(always)]
pub(crate) fn latest(time: f64) -> f64 {
    time + rounding(time, 0.0)
}

/// An amount (µg) that arrives from a time on, over a duration; 0 is at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input {
    pub(crate) time: f64,
    pub(crate) amount: f64,
    pub(crate) duration: f64,
}
