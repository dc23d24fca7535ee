//! The amounts between two records: moved on exactly, and carried from one set of parameters to the next.
//!
//! The state is that of the [`Network`], whose pools belong to the exponentials of one set of parameters. What persists
//! when the parameters change is the amount in each physical compartment. With `b_pj = kj1 - k_p`, the distance of
//! exponential `p` below the rate of peripheral compartment `j`, left and right eigenvectors of the mammillary system give
//!
//! ```text
//! pool_p = x_1 + sum_j x_j kj1 / b_pj         x_1 = v1 sum_p coef_p pool_p         x_j = v1 sum_p coef_p pool_p k1j / b_pj
//! ```
//!
//! Two peripheral compartments that empty at exactly the same rate act as one, and how far they are from sharing what
//! it holds decays at that rate without the plasma knowing.

use smallvec::{SmallVec, smallvec};

use super::body::Body;
use crate::model::Model;
use crate::network::{Action, Event, Network, Pair, State};
use crate::numeric::{self, exp, exp_and_exprel};

/// The most peripheral compartments of a body.
const MOST: usize = 2;

/// A body with what its parameters come to.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) body: Body,
    pub(super) network: Network,
    /// How many numbers the state of the network has; after them come the rates into the peripheral compartments.
    pub(super) states: usize,
    pair: Option<Pair>,
    exchange: SmallVec<[Exchange; 3]>,
    peripherals: usize,
    twins: Option<Twins>,
    /// The volumes of the plasma and the peripheral compartments.
    volumes: [f64; 1 + MOST],
}

/// What an exponential has to do with the peripheral compartments.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    k: f64,
    /// The part of a unit of its pool that is in the plasma.
    plasma: f64,
    /// What a unit in a peripheral compartment is in its pool.
    into: [f64; MOST],
    /// The part of a unit of its pool that is in a peripheral compartment.
    out: [f64; MOST],
}

/// Two peripheral compartments that empty at the same rate.
#[derive(Debug, Clone, Copy)]
struct Twins {
    back: f64,
    /// The share of each in what they hold together.
    share: [f64; MOST],
}

impl Frame {
    /// The frame of a body; with `rates`, inputs can run into its compartments.
    pub(super) fn new(body: Body, rates: bool) -> Self {
        let model = body.model();
        let own = model.absorption().paths().iter().any(|path| path.process.duration() > 0.0);
        let network = Network::new(model, rates || own);
        let (states, peripherals) = (network.states(), model.modes().len().saturating_sub(1).min(MOST));
        let volumes = volumes(model);
        // The quick way knows nothing of peripheral compartments.
        let pair = network.pair().filter(|_| peripherals == 0 && states == 2);
        let (exchange, twins) = (exchanges(model), twins(model));
        Self { body, network, states, pair, exchange, peripherals, twins, volumes }
    }

    /// Whether amounts can go over from this frame to another: the same compartments before the plasma.
    pub(super) fn fits(&self, other: &Self) -> bool {
        let lengths = |frame: &Self| frame.network.sources.iter().map(|source| source.rates.len()).collect::<Vec<_>>();
        self.states == other.states && self.peripherals == other.peripherals && lengths(self) == lengths(other)
    }

    pub(super) fn empty(&self) -> State {
        State::empty(self.states + self.peripherals + usize::from(self.peripherals == MOST))
    }

    /// The place of the rate into peripheral compartment `j`.
    pub(super) fn peripheral(&self, j: u16) -> u16 {
        u16::try_from(self.states).unwrap_or(u16::MAX) + j
    }

    /// Where what the twins do not share stands.
    fn apart(&self) -> usize {
        self.states + self.peripherals
    }

    /// The state `u` hours later, with nothing happening in between.
    pub(super) fn advance(&self, state: &mut State, u: f64) {
        if let (Some(Pair { ka, ke, .. }), [depot, pool]) = (self.pair, &mut state.amounts[..]) {
            let slow = exp(-ka.min(ke) * u);
            let (ratio, mean) = exp_and_exprel(-(ka - ke).abs() * u);
            let (by_ka, by_ke) = if ka < ke { (slow, slow * ratio) } else { (slow * ratio, slow) };
            *pool = by_ke * *pool + ka * (u * slow * mean) * *depot;
            *depot *= by_ka;
            return;
        }
        let later = self.network.advance(&state.amounts[..self.states], u);
        let inputs: SmallVec<[f64; MOST]> = state.amounts[self.states..][..self.peripherals].into();
        state.amounts[..self.states].copy_from_slice(&later);
        if let Some(twins) = self.twins {
            state.amounts[self.apart()] *= exp(-twins.back * u);
        }
        for (j, rate) in inputs.iter().enumerate().filter(|(_, rate)| **rate != 0.0) {
            self.add_to_peripheral(state, j, |k| rate * numeric::flow(&[0.0, k], u));
        }
    }

    /// Adds to the pools what enters peripheral compartment `j`: `amount` of it is left at a rate of emptying.
    fn add_to_peripheral(&self, state: &mut State, j: usize, amount: impl Fn(f64) -> f64) {
        let first = self.network.sources.len();
        for (pool, exchange) in state.amounts[first..self.states].iter_mut().zip(&self.exchange) {
            *pool += exchange.into[j] * amount(exchange.k);
        }
        if let Some(Twins { back, share }) = self.twins {
            let part = if j == 0 { share[1] } else { -share[0] };
            state.amounts[self.apart()] += part * amount(back);
        }
    }

    /// Lets an event happen.
    pub(super) fn apply(&self, state: &mut State, event: &Event) {
        match event.action {
            Action::Add(first, _) if usize::from(first) >= self.states => {
                self.add_to_peripheral(state, usize::from(first) - self.states, |_| event.amount);
            }
            _ => state.apply(event),
        }
    }

    /// The state before a cycle of `tau` h that is also the state after it; see [`Network::fixed_point`].
    pub(super) fn fixed_point(&self, tau: f64, b: &State) -> State {
        let mut x = self.empty();
        x.amounts[..self.states].copy_from_slice(&self.network.fixed_point(tau, &b.amounts[..self.states]));
        if let Some(twins) = self.twins {
            let apart = self.apart();
            x.amounts[apart] = b.amounts[apart] / numeric::one_minus_exp(twins.back * tau);
        }
        x
    }

    /// The concentration in the plasma, µg/L.
    pub(super) fn concentration(&self, state: &State) -> f64 {
        self.body.model().baseline() + self.network.concentration(&state.amounts[..self.states])
    }

    /// The amount that waits to be absorbed, µg.
    pub(super) fn depot(&self, state: &State) -> f64 {
        self.network.depot(&state.amounts[..self.states])
    }

    /// The amounts in the plasma and the peripheral compartments, those of the baseline among them, µg.
    pub(super) fn amounts(&self, state: &State) -> [f64; 1 + MOST] {
        let baseline = self.body.model().baseline();
        let mut amounts = self.volumes.map(|v| v * baseline);
        let pools = &state.amounts[self.network.sources.len()..self.states];
        for (exchange, pool) in self.exchange.iter().zip(pools) {
            amounts[0] += exchange.plasma * pool;
            amounts[1] += exchange.out[0] * pool;
            amounts[2] += exchange.out[1] * pool;
        }
        if self.twins.is_some() {
            amounts[1] += state.amounts[self.apart()];
            amounts[2] -= state.amounts[self.apart()];
        }
        amounts
    }

    /// Takes over a state of `old`: what waits and what runs stays as it is, and the amounts in the body are seen as the
    /// exponentials of this frame.
    pub(super) fn carry(&self, state: &mut State, old: &Self) {
        let mut amounts = old.amounts(state);
        let baseline = self.body.model().baseline();
        for (amount, v) in amounts.iter_mut().zip(self.volumes) {
            *amount -= v * baseline;
        }
        let first = self.network.sources.len();
        for (pool, exchange) in state.amounts[first..self.states].iter_mut().zip(&self.exchange) {
            *pool = amounts[0] + (amounts[1] * exchange.into[0] + amounts[2] * exchange.into[1]);
        }
        if self.peripherals == MOST {
            let apart = self.apart();
            state.amounts[apart] =
                self.twins.map_or(0.0, |Twins { share, .. }| share[1] * amounts[1] - share[0] * amounts[2]);
        }
    }
}

fn volumes(model: &Model) -> [f64; 1 + MOST] {
    let mut volumes = [model.disposition().v1(), 0.0, 0.0];
    volumes[1..].iter_mut().zip(model.disposition().peripherals()).for_each(|(volume, (_, v))| *volume = v);
    volumes
}

fn exchanges(model: &Model) -> SmallVec<[Exchange; 3]> {
    let body = model.disposition();
    let (v1, peripherals) = (body.v1(), body.peripherals());
    let mut exchanges: SmallVec<[Exchange; 3]> = smallvec![];
    for (mode, below) in model.modes().iter().zip(body.below()) {
        let plasma = v1 * mode.coef;
        let mut exchange = Exchange { k: mode.k, plasma, into: [0.0; MOST], out: [0.0; MOST] };
        for (j, (q, v)) in peripherals.iter().enumerate().filter(|(j, _)| below[*j] != 0.0) {
            exchange.into[j] = q / v / below[j];
            exchange.out[j] = plasma * (q / v1 / below[j]);
        }
        exchanges.push(exchange);
    }
    exchanges
}

fn twins(model: &Model) -> Option<Twins> {
    let [(q2, v2), (q3, v3)] = model.disposition().peripherals()[..] else { return None };
    (q2 / v2 == q3 / v3).then(|| Twins { back: q2 / v2, share: [q2 / (q2 + q3), q3 / (q2 + q3)] })
}
