//! The kernel of event tables: a depot and the pools that it empties into, led through a script line by line in registers.
//!
//! The times of a table come again from dose to dose and from subject to subject, so what a distance does is recalled where it
//! was found lately. Every number has the bits of the walk.

use smallvec::SmallVec;

use super::entries::State;
use super::event::{Entry, Event, What};
use super::exchange::{Exchange, MOST};
use super::network::{Network, Rest};
use super::outputs::not_below_zero;
use super::pair::{Pair, PairStep};
use crate::absorption::{FirstOrder, Process};
use crate::disposition::Mode;
use crate::model::Model;
use crate::numeric::exp;

/// What a look sees, the baseline included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// µg/L.
    pub(crate) conc: f64,
    /// What waits to be absorbed, µg.
    pub(crate) depot: f64,
    /// The amounts in the plasma and the peripheral compartments, µg.
    pub(crate) inside: [f64; 1 + MOST],
}

impl Network {
    /// What a state of a body with compartments shows.
    pub(crate) fn view(&self, state: &State) -> View {
        let (conc, depot) = (self.level(&state.amounts), self.depot(&state.amounts));
        View { conc, depot, inside: self.inside(state) }
    }
}

/// Leads models of a depot (or none) and one, two or three pools.
#[derive(Debug)]
pub(crate) enum Recaller {
    One(Box<Lead<1>>),
    Two(Box<Lead<2>>),
    Three(Box<Lead<3>>),
}

impl Recaller {
    /// One for bodies that hold one after another, which is the same as before where its memory serves; none where a body has
    /// something else, or where peripheral compartments go over from one body to the next.
    pub(crate) fn of<'a>(before: Option<Self>, models: impl ExactSizeIterator<Item = &'a Model>) -> Option<Self> {
        let mut models = models.peekable();
        let (pools, alone) = (models.peek()?.modes().len(), models.len() == 1);
        match (pools, before) {
            (1, Some(Self::One(lead))) => lead.with(models).map(Self::One),
            (1, _) => Box::<Lead<1>>::default().with(models).map(Self::One),
            (2, Some(Self::Two(lead))) if alone => lead.with(models).map(Self::Two),
            (2, _) if alone => Box::<Lead<2>>::default().with(models).map(Self::Two),
            (3, Some(Self::Three(lead))) if alone => lead.with(models).map(Self::Three),
            (3, _) if alone => Box::<Lead<3>>::default().with(models).map(Self::Three),
            _ => None,
        }
    }

    /// Performs a script in which amounts arrive at once at bare entries, and nothing is handed over; `least` is the least
    /// entry. False if it cannot.
    pub(crate) fn perform<E>(
        &mut self,
        (script, least): (&[Event], Entry),
        look: impl FnMut(usize, View) -> Result<(), E>,
    ) -> Result<bool, E> {
        match self {
            Self::One(lead) => lead.perform((script, least), look),
            Self::Two(lead) => lead.perform((script, least), look),
            Self::Three(lead) => lead.perform((script, least), look),
        }
    }
}

/// A depot, or none, and the pools that it empties into.
#[derive(Debug, Clone, Copy)]
struct Brief<const P: usize> {
    /// 1/h; 0 where there is no depot.
    ka: f64,
    modes: [Mode; P],
    /// What of a unit of each pool is in the plasma and in each peripheral compartment.
    parts: [[f64; 1 + MOST]; P],
    rest: Rest,
}

/// Bodies that hold one after another, and what was found lately.
#[derive(Debug)]
pub(crate) struct Lead<const P: usize> {
    bodies: SmallVec<[Brief<P>; 1]>,
    /// The number of the first body, of all that there have been.
    first: usize,
    known: [Known<P>; KNOWN],
}

/// What a distance does to a body.
#[derive(Debug, Clone, Copy)]
struct Known<const P: usize> {
    u: f64,
    body: usize,
    steps: [PairStep; P],
}

/// So many distances are known at a time.
const KNOWN: usize = 16;

/// What is in the depot and in the pools.
#[derive(Clone, Copy)]
struct Contents<const P: usize> {
    depot: f64,
    pools: [f64; P],
}

impl<const P: usize> Default for Lead<P> {
    fn default() -> Self {
        let known = Known { u: f64::NAN, body: 0, steps: [PairStep::default(); P] };
        Self { bodies: SmallVec::new(), first: 0, known: [known; KNOWN] }
    }
}

impl<const P: usize> Lead<P> {
    /// The same with other bodies, if they are of the kind.
    fn with<'a>(mut self: Box<Self>, models: impl Iterator<Item = &'a Model>) -> Option<Box<Self>> {
        self.first += self.bodies.len();
        self.bodies.clear();
        for model in models {
            self.bodies.push(Brief::of(model)?);
        }
        Some(self)
    }

    fn perform<E>(
        &mut self,
        (script, least): (&[Event], Entry),
        mut look: impl FnMut(usize, View) -> Result<(), E>,
    ) -> Result<bool, E> {
        let Self { bodies, first, known } = self;
        // After the plasma, one path and the peripheral compartments come the same again, bare.
        let plasma = Network::bare_of(1, P - 1);
        if least < plasma {
            return Ok(false);
        }
        let mut number = 0;
        let mut body = &bodies[number];
        let mut begin = Contents { depot: 0.0, pools: [0.0; P] };
        let (mut now, mut start, mut passed) = (begin, script.first().map_or(0.0, |event| event.time), 0.0);
        for event in script {
            // From the beginning of the stretch, so that what a look sees does not depend on how many there are.
            let u = event.time - start;
            if u > passed {
                (now, passed) = (begin.after(body.recall(known, (*first + number, u))), u);
            }
            if let What::Look(row) = event.what {
                look(row, body.view(&now))?;
                continue;
            }
            match event.what {
                What::Arrive { amount, entry, .. } if body.ka > 0.0 && entry != plasma => now.depot += amount,
                What::Arrive { amount, .. } => now.pools.iter_mut().for_each(|pool| *pool += amount),
                What::Empty => now = Contents { depot: 0.0, pools: [0.0; P] },
                What::Change(next) => {
                    let old = std::mem::replace(&mut body, &bodies[next]);
                    now.pools = [now.pools[0] + (old.rest.amounts[0] - body.rest.amounts[0]); P];
                    number = next;
                }
                What::Pause | What::Look(_) | What::Hand(_) => {}
            }
            (begin, start, passed) = (now, event.time, 0.0);
        }
        Ok(true)
    }
}

impl<const P: usize> Contents<P> {
    #[inline(always)]
    fn after(&self, steps: &[PairStep; P]) -> Self {
        let mut later = *self;
        for p in 0..P {
            [later.depot, later.pools[p]] = steps[p].apply([self.depot, self.pools[p]]);
        }
        later
    }
}

impl<const P: usize> Brief<P> {
    fn of(model: &Model) -> Option<Self> {
        let [path] = model.absorption().paths() else { return None };
        let ka = match path.process {
            Process::FirstOrder(FirstOrder { ka }) => ka,
            Process::Bolus => 0.0,
            Process::ZeroOrder(_) | Process::Transit(_) => return None,
        };
        let modes: [Mode; P] = model.modes().try_into().ok()?;
        let mut parts = [[0.0; 1 + MOST]; P];
        if P > 1 {
            let exchange = Exchange::new(model);
            for (p, parts) in parts.iter_mut().enumerate() {
                parts[0] = exchange.v1 * modes[p].coef;
                for j in 0..P - 1 {
                    parts[1 + j] = exchange.part(p, j);
                }
            }
        }
        Some(Self { ka, modes, parts, rest: Rest::of(model) })
    }

    /// What some hours do to this body, which has a number of its own.
    #[inline(always)]
    fn recall<'a>(&self, known: &'a mut [Known<P>; KNOWN], (body, u): (usize, f64)) -> &'a [PairStep; P] {
        // The first digits of a product depend on all digits of a factor.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let place = (u.to_bits().wrapping_mul(SPREAD) >> 60) as usize;
        let known = &mut known[place % KNOWN];
        if known.u != u || known.body != body {
            (known.u, known.body) = (u, body);
            for p in 0..P {
                known.steps[p] = self.step(self.modes[p], u);
            }
        }
        &known.steps
    }

    #[inline(always)]
    fn step(&self, mode: Mode, u: f64) -> PairStep {
        if self.ka > 0.0 {
            return Pair::new(self.ka, mode).step(u);
        }
        PairStep { kept: exp(-mode.k * u), gained: 0.0, waiting: 0.0 }
    }

    #[inline(always)]
    fn view(&self, now: &Contents<P>) -> View {
        let mut conc = 0.0;
        for p in 0..P {
            conc += self.modes[p].coef * now.pools[p];
        }
        let mut inside = [now.pools[0], 0.0, 0.0];
        if P > 1 {
            let slowest = now.pools[P - 1];
            inside[0] = 0.0;
            for p in 0..P {
                inside[0] += self.parts[p][0] * now.pools[p];
                for j in 1..P {
                    inside[j] += self.parts[p][j] * (now.pools[p] - slowest);
                }
            }
        }
        for (inside, rest) in inside.iter_mut().zip(self.rest.amounts) {
            *inside = not_below_zero(rest + *inside);
        }
        View { conc: not_below_zero(self.rest.conc + conc), depot: now.depot, inside }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::{Entry, Event, Network, Recaller, View, What};
    use crate::absorption::{Bolus, FirstOrder};
    use crate::disposition::{OneCompartment, ThreeCompartment, TwoCompartment};
    use crate::engine::{How, Parts, Seen, walk};
    use crate::model::Model;

    /// Doses, looks before and after them at the same instant, a reset, and a change if there is a second body.
    fn script(models: &[Model]) -> Vec<Event> {
        let bare = |entry: Entry| Network::bare(&models[0], entry);
        let arrive = |entry, amount| What::Arrive { amount, entry: bare(entry), how: How::Add };
        let mut lines = vec![(0.0, What::Pause), (0.0, arrive(1, 100.0))];
        lines.extend([0.0, 1.0, 1.0, 4.5].map(|time| (time, What::Look(0))));
        if models.len() > 1 {
            lines.push((4.75, What::Change(1)));
        }
        lines.extend([(5.5, What::Look(0)), (5.5, arrive(0, 30.0)), (5.5, What::Look(0)), (29.5, What::Look(0))]);
        lines.extend([(29.5, arrive(1, 70.0)), (34.0, What::Look(0)), (40.0, What::Empty), (40.0, What::Look(0))]);
        lines.extend([(41.0, arrive(1, 9.0)), (45.5, What::Look(0))]);
        lines.into_iter().map(|(time, what)| Event::new(time, what)).collect()
    }

    fn bits(View { conc, depot, inside: [central, first, second] }: View) -> [u64; 5] {
        [conc, depot, central, first, second].map(f64::to_bits)
    }

    #[test]
    fn every_number_has_the_bits_of_the_walk() {
        let one = |cl: f64, ka: f64| Model::new(FirstOrder { ka }, OneCompartment { cl, v: 30.0 });
        let two = TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 };
        let three = ThreeCompartment { cl: 1.2, v1: 22.0, q2: 13.0, v2: 90.0, q3: 1.0, v3: 60.0 };
        let twins = ThreeCompartment { q3: 6.5, v3: 45.0, ..three };
        let all = [
            vec![one(2.0, 0.7)],
            vec![one(2.0, 0.7), one(3.0, 0.1).and_then(|model| model.with_baseline(0.4))],
            vec![Model::new(Bolus, OneCompartment { cl: 2.0, v: 30.0 })],
            vec![Model::new(FirstOrder { ka: 0.7 }, two).and_then(|model| model.with_baseline(0.4))],
            vec![Model::new(Bolus, two)],
            vec![Model::new(FirstOrder { ka: 0.7 }, three)],
            vec![Model::new(FirstOrder { ka: 0.7 }, twins)],
        ];
        let mut recaller = None;
        for models in all {
            let models: Vec<Model> = models.into_iter().collect::<Result<_, _>>().expect("good models");
            let (script, parts) = (script(&models), Parts { inputs: false, compartments: true });
            let networks: Vec<Network> = models.iter().map(|model| Network::new(model, parts)).collect();
            let mut walked = Vec::new();
            let Ok(()) = walk(&script, &networks, &mut networks[0].empty(), |seen| {
                if let Seen::Look(network, state, _) = seen {
                    walked.push(bits(network.view(state)));
                }
                Ok::<(), Infallible>(())
            });
            recaller = Recaller::of(recaller, models.iter());
            let (mut led, kernel) = (Vec::new(), recaller.as_mut().expect("the kernel is for all of these"));
            let Ok(done) = kernel.perform((&script, Network::bare(&models[0], 0)), |_, view| {
                led.push(bits(view));
                Ok::<(), Infallible>(())
            });
            assert!(done && led == walked, "{models:?}");
        }
    }
}
