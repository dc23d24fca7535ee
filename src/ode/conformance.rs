//! The law of the walk: a script means the same over the exact body and over its differential equations.
//!
//! The two share the script and the walk. What a body does between two events, where what arrives goes, and what stays at a
//! change of the numbers is said twice: by tables of flows between sources, pools and peripheral compartments, and by
//! the slopes of the physical compartments.

use std::convert::Infallible;
use std::ops::Range;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::fold::Equations;
use super::linear::{Compartments, Linear};
use super::system::System;
use super::tolerance::Tolerance;
use crate::absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
use crate::disposition::{Disposition, OneCompartment, ThreeCompartment, TwoCompartment};
use crate::engine::{Entries, Entry, Event, Gate, How, Network, Parts, Seen, State, What, walk};
use crate::error::Error;
use crate::model::Model;

/// Room for every model here; states that it does not need stay zero.
const STATES: usize = 12;

const ABSORPTIONS: [&str; 7] =
    ["bolus", "first order", "transit", "zero order", "two paths", "three paths", "two depots as fast as each other"];
const DISPOSITIONS: [&str; 6] = ["one", "two", "three", "twins", "near twins", "twins no longer"];

/// How far the two may be apart, of the largest in a script: some steps of the solver, each good to 1e-13.
const ALLOWED: f64 = 1e-12;

#[test]
fn every_script_means_the_same_by_formula_and_by_differential_equations() {
    let (mut worst, mut told, mut scripts) = (0.0_f64, Told::default(), 0);
    for (a, absorption) in ABSORPTIONS.iter().enumerate() {
        for (d, disposition) in DISPOSITIONS.iter().enumerate() {
            for seed in 0..3 {
                let case = Case::new((a, d), seed);
                let off = case.deviation();
                assert!(off <= ALLOWED, "{absorption}, {disposition}, script {seed}: off by {off:.1e}\n{case:?}");
                worst = worst.max(off);
                told.count(&case);
                scripts += 1;
            }
        }
    }
    println!("{scripts} scripts, worst {worst:.1e} of the largest (allowed {ALLOWED:.0e}); {told:?}");
    assert!(told.are_many(), "{told:?}");
}

/// What is seen of a body at a look.
#[derive(Debug, PartialEq)]
struct Reading {
    conc: f64,
    /// In the plasma, the peripheral compartments and all that wait, µg; then the rate of what runs, µg/h.
    amounts: Vec<f64>,
}

/// A script and the bodies that it changes between.
#[derive(Debug)]
struct Case {
    models: Vec<Model>,
    script: Vec<Event>,
}

/// How often what may go wrong was tried.
#[derive(Debug, Default)]
struct Told {
    amounts: usize,
    infusions: usize,
    cut_short: usize,
    changes: usize,
    emptied: usize,
    back: usize,
    looks: usize,
    ties: usize,
}

impl Told {
    fn count(&mut self, case: &Case) {
        let many = |is: fn(&What) -> bool| case.script.iter().filter(|event| is(&event.what)).count();
        let pairs =
            |is: fn(&Event, &Event) -> bool| case.script.windows(2).filter(|pair| is(&pair[0], &pair[1])).count();
        let infusions = many(|what| matches!(what, What::Arrive { how: How::Start, .. }));
        self.amounts += many(|what| matches!(what, What::Arrive { how: How::Add, .. }));
        self.infusions += infusions;
        self.cut_short += infusions - many(|what| matches!(what, What::Arrive { how: How::Stop, .. }));
        self.changes += many(|what| matches!(what, What::Change(_)));
        self.emptied += many(|what| *what == What::Empty);
        self.back += pairs(|a, b| b.time < a.time);
        self.looks += many(|what| matches!(what, What::Look(_)));
        self.ties += pairs(|a, b| a.time == b.time && a.what != b.what);
    }

    fn are_many(&self) -> bool {
        let Self { amounts, infusions, cut_short, changes, emptied, back, looks, ties } = *self;
        amounts > 1000
            && infusions > 1000
            && cut_short > 50
            && changes > 300
            && emptied > 50
            && back > 20
            && looks > 2000
            && ties > 1000
    }
}

/// Random choices.
struct Luck(ChaCha8Rng);

impl Luck {
    fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    fn within(&mut self, range: Range<f64>) -> f64 {
        self.0.random_range(range)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// An absorption of a kind, with other numbers each time.
    fn absorption(&mut self, kind: usize) -> Absorption {
        let first_order = FirstOrder { ka: self.within(0.1..2.0) };
        let transit = Transit { steps: 2, mtt: self.within(1.0..4.0), ka: first_order.ka };
        let zero_order = ZeroOrder { duration: 3.0 };
        match ABSORPTIONS[kind] {
            "bolus" => Bolus.into(),
            "first order" => first_order.with_f(self.within(0.3..1.0)),
            "transit" => transit.with_f(self.within(0.3..1.0)),
            "zero order" => zero_order.with_f(self.within(0.3..1.0)),
            "two paths" => first_order.with_f(0.6).plus(zero_order.with_f(self.within(0.1..0.4))),
            "three paths" => transit.with_f(0.3).plus(zero_order.with_f(0.2)).plus(first_order.with_f(0.4)),
            _ => first_order.with_f(0.4).plus(first_order.with_f(0.5)),
        }
    }

    /// A disposition of a kind, with other numbers each time; the first of its bodies is always of the kind.
    fn disposition(&mut self, kind: usize, body: usize) -> Disposition {
        let (cl, v1) = (self.within(0.5..5.0), self.within(5.0..20.0));
        let (q2, v2) = (self.within(0.3..6.0), self.within(5.0..40.0));
        let apart = ThreeCompartment { cl, v1, q2, v2, q3: self.within(0.3..6.0), v3: self.within(5.0..40.0) };
        // A power of two, so that both rates have the same bits.
        let ratio = [0.5, 1.0, 4.0][self.below(3)];
        let twins = ThreeCompartment { q3: ratio * q2, v3: ratio * v2, ..apart };
        match DISPOSITIONS[kind] {
            "one" => OneCompartment { cl, v: v1 }.into(),
            "two" => TwoCompartment { cl, v1, q: q2, v2 }.into(),
            "three" => apart.into(),
            "near twins" => ThreeCompartment { v3: twins.v3 * (1.0 + 1e-12), ..twins }.into(),
            "twins no longer" if body % 2 == 1 => apart.into(),
            _ => twins.into(),
        }
    }

    /// A time on a coarse grid, where ties are many, or now and then anywhere.
    #[expect(clippy::cast_precision_loss, reason = "few")]
    fn time(&mut self) -> f64 {
        if self.one_in(5) { self.within(0.0..30.0) } else { 1.5 * self.below(20) as f64 }
    }
}

impl Case {
    fn new((absorption, disposition): (usize, usize), seed: u64) -> Self {
        let number = (absorption * DISPOSITIONS.len() + disposition) as u64;
        let mut luck = Luck(ChaCha8Rng::seed_from_u64(100 * number + seed));
        // A baseline outlives a reset, which the equations do not know of: those scripts have none.
        let has_baseline = seed == 0;
        let models = (0..3).map(|body| {
            let model = Model::new(luck.absorption(absorption), luck.disposition(disposition, body)).unwrap();
            model.with_baseline(if has_baseline { luck.within(0.1..3.0) } else { 0.0 }).unwrap()
        });
        let models: Vec<_> = models.collect();
        let mut script = vec![Event::new(-1.0, What::Pause)];
        let parts = if has_baseline { 1 } else { 3 };
        let mut start = 0.0;
        for part in 0..parts {
            if part > 0 {
                // The clock may go back.
                start += luck.within(-20.0..31.0);
                script.push(Event::new(start, What::Empty));
            }
            script.extend(luck.part(&models[0], start, 90 / parts));
        }
        let looks = script.iter_mut().filter(|event| matches!(event.what, What::Look(_)));
        looks.zip(0..).for_each(|(event, number)| event.what = What::Look(number));
        Self { models, script }
    }

    /// The largest distance of the two, of the largest concentration, amount and rate of the script.
    fn deviation(&self) -> f64 {
        let (exact, solved) = (self.exact(), self.solved());
        assert_eq!(exact.len(), solved.len());
        let largest = |of: fn(&Reading) -> f64| solved.iter().map(of).fold(1.0, f64::max);
        let most_conc = largest(|reading| reading.conc);
        let most = largest(|reading| reading.amounts.iter().copied().fold(0.0, f64::max));
        let pairs = exact.iter().zip(&solved);
        pairs.fold(0.0, |worst, (exact, solved)| {
            assert_eq!(exact.amounts.len(), solved.amounts.len());
            let amounts = exact.amounts.iter().zip(&solved.amounts);
            let amounts = amounts.map(|(exact, solved)| (exact - solved).abs() / most);
            amounts.fold(worst.max((exact.conc - solved.conc).abs() / most_conc), f64::max)
        })
    }

    fn exact(&self) -> Vec<Reading> {
        let parts = Parts { inputs: true, compartments: true };
        let bodies: Vec<_> = self.models.iter().map(|model| Network::new(model, parts)).collect();
        let (mut state, mut readings) = (bodies[0].empty(), Vec::new());
        let Ok(()) = walk(&self.script, &bodies, &mut state, |seen| {
            if let Seen::Look(network, state, _) = seen {
                readings.push(read(network, state));
            }
            Ok::<(), Infallible>(())
        });
        readings
    }

    #[expect(clippy::cast_precision_loss, reason = "few")]
    fn solved(&self) -> Vec<Reading> {
        let all: Vec<_> = self.models.iter().map(Compartments::new).collect();
        let systems: Vec<_> = all.iter().map(Linear::<STATES>::new).collect();
        let used = all[0].initial.len();
        let tolerance = Tolerance { rtol: 1e-13, atol: 1e-12, ..Tolerance::default() };
        // The solver's norm is a mean over all states, of which some stay zero.
        let tolerance = tolerance.scaled((used as f64 / STATES as f64).sqrt());
        let bodies = self.models.iter().zip(&all).zip(&systems);
        let bodies = bodies.map(|((model, all), system)| Equations::new(system, entries(model, all), tolerance));
        let bodies: Vec<_> = bodies.collect();
        let (mut state, mut readings) = (bodies[0].initial(), Vec::new());
        let mut now = 0;
        walk::<_, Error>(&self.script, &bodies, &mut state, |seen| {
            if let Seen::Stretch(body, ..) = seen {
                now = bodies.iter().position(|other| std::ptr::eq(other, body)).unwrap();
            }
            if let Seen::Look(_, state, _) = seen {
                let y: [f64; STATES] = std::array::from_fn(|i| state.amounts[i]);
                let rate = state.amounts[STATES..].iter().sum();
                let amounts = y[..used].iter().copied().chain([rate]).collect();
                readings.push(Reading { conc: systems[now].concentration(&y), amounts });
            }
            Ok(())
        })
        .unwrap();
        readings
    }
}

/// What is to be seen of a network, in the order of the equations.
fn read(network: &Network, state: &State) -> Reading {
    let peripherals = network.modes.len() - 1;
    let waiting = network.sources.iter().zip(&state.amounts).filter(|(source, _)| source.rates[0] > 0.0);
    let inside = network.inside(state).into_iter().take(1 + peripherals);
    let rate = network.input_rate(&state.amounts);
    let amounts = inside.chain(waiting.map(|(_, amount)| *amount)).chain([rate]).collect();
    Reading { conc: network.level(&state.amounts), amounts }
}

/// The ways in by their numbers: the plasma, each path, each peripheral compartment, and all of them bare.
fn entries(model: &Model, compartments: &Compartments) -> Entries {
    let peripherals = model.disposition().peripherals().len();
    let gate = |state: usize, f: f64| {
        let [first, input] = [state, STATES + state].map(|n| u16::try_from(n).unwrap());
        Gate { f, into: (first, first + 1), input }
    };
    let paths = compartments.oral.iter().map(|entry| gate(entry.state, entry.f));
    let own: Vec<_> = [gate(0, 1.0)].into_iter().chain(paths).chain((1..=peripherals).map(|j| gate(j, 1.0))).collect();
    Entries(own.iter().copied().chain(own.iter().map(|own| Gate { f: 1.0, ..*own })).collect())
}

impl Luck {
    /// About `lines` lines of a script from `start` on, until somebody empties the body.
    fn part(&mut self, model: &Model, start: f64, lines: usize) -> Vec<Event> {
        let ways = 1 + model.absorption().paths().len() + model.disposition().peripherals().len();
        let mut script = Vec::new();
        for _ in 0..lines {
            let time = start + self.time();
            match self.below(10) {
                0..=2 => script.push(Event::new(time, self.amount(ways))),
                3..=4 => script.extend(self.infusion(model, (ways, time))),
                5 => script.push(Event::new(time, What::Change(self.below(3)))),
                6 => script.push(Event::new(time, What::Pause)),
                // Several looks at one instant stand anywhere among what else happens there.
                _ => script.push(Event::new(time, What::Look(0))),
            }
        }
        script.sort_by(|a, b| a.time.total_cmp(&b.time));
        // The reset that ends this part cuts short what runs.
        let cut = script.len() - self.below(8);
        script.truncate(cut);
        script
    }

    /// An amount into any entry, bare ones too.
    fn amount(&mut self, ways: usize) -> What {
        let entry = Entry::try_from(self.below(2 * ways)).unwrap();
        What::Arrive { amount: self.within(5.0..100.0), entry, how: How::Add }
    }

    /// The beginning and the end of an infusion through a bare entry, since the fraction absorbed may change meanwhile.
    fn infusion(&mut self, model: &Model, (ways, time): (usize, f64)) -> [Event; 2] {
        let entry = Network::bare(model, Entry::try_from(self.below(ways)).unwrap());
        let amount = self.within(1.0..30.0);
        let end = if self.one_in(2) {
            time + 1.5 * (1.0 + self.within(0.0..8.0).floor())
        } else {
            time + self.within(0.1..25.0)
        };
        [(time, How::Start), (end, How::Stop)].map(|(time, how)| Event::new(time, What::Arrive { amount, entry, how }))
    }
}
