//! The state that a cycle reproduces, with its derivatives: `x = M x + b`.

use nalgebra::{DMatrix, DVector};

use super::jet::{Jet, at_second};
use super::moving::{Amounts, Moving};
use super::transfer::Place;

/// The state before a cycle of `tau` h, where a cycle begun with nothing but its constant inputs ends with `b`.
///
/// The compartments of a path are settled one after another in the order of flow, each by division through what it loses in a cycle; those of
/// the disposition together.
pub(super) fn fixed_point(body: &mut Moving, tau: f64, b: &Amounts) -> Amounts {
    let space = body.space;
    let u = space.constant(tau);
    let mut x = b.clone();
    let inside: Vec<usize> =
        (0..body.places.len()).filter(|place| matches!(body.places[*place], Place::Inside(_))).collect();
    for to in 0..body.places.len() {
        match body.places[to] {
            Place::Chain(..) => {
                for from in 0..to {
                    feed(body, &mut x, (from, to), &u);
                }
                let loss = loss(body, (to, to), &u);
                x[to] = space.product(&x[to], &space.inverse(&loss));
            }
            Place::Inside(0) => {
                for from in 0..to {
                    for to in &inside {
                        feed(body, &mut x, (from, *to), &u);
                    }
                }
                settle(body, &mut x, &inside, &u);
            }
            _ => {}
        }
    }
    let area = body.place(Place::Area);
    x[area] = space.zero();
    x
}

/// Adds what a settled compartment hands over in a cycle.
fn feed(body: &mut Moving, x: &mut Amounts, (from, to): (usize, usize), u: &Jet) {
    if !matches!(body.places[from], Place::Chain(..)) {
        return; // what constant inputs bring is in `b`
    }
    if let Some(transfer) = body.transfer(from, to, u) {
        let given = x[from].clone();
        body.space.add_product(&mut x[to], 1.0, &transfer, &given);
    }
}

/// An element of `1 - M`.
fn loss(body: &mut Moving, (from, to): (usize, usize), u: &Jet) -> Jet {
    let mut loss = body.transfer(from, to, u).unwrap_or_else(|| body.space.zero());
    loss.iter_mut().for_each(|value| *value = -*value);
    if from == to {
        let place = body.places[to];
        loss[0] = body.transfers.loss(place).map_or(1.0, |row| row.after(u[0]));
    }
    loss
}

/// Solves for the compartments of the disposition together: `(1 - M) x = b`, `(1 - M) x' = b' + M' x`, and so on.
fn settle(body: &mut Moving, x: &mut Amounts, inside: &[usize], u: &Jet) {
    let (space, n) = (body.space, inside.len());
    let mut matrix: Vec<Jet> = Vec::with_capacity(n * n);
    for to in inside {
        for from in inside {
            matrix.push(loss(body, (*from, *to), u));
        }
    }
    let part = |at: usize| DMatrix::from_fn(n, n, |row, column| matrix[row * n + column][at]);
    let right = |at: usize| DVector::from_fn(n, |row, _| x[inside[row]][at]);
    let whole = part(0).lu();
    let solve = |b: DVector<f64>| whole.solve(&b).unwrap_or_else(|| DVector::zeros(n));
    let mut found = vec![DVector::zeros(n); space.len()];
    found[0] = solve(right(0));
    for k in 1..=space.unknowns {
        found[k] = solve(right(k) - part(k) * &found[0]);
    }
    if space.second {
        for k in 0..space.unknowns {
            for l in 0..=k {
                let at = at_second(space.unknowns, k, l);
                let rest = part(at) * &found[0] + part(1 + k) * &found[1 + l] + part(1 + l) * &found[1 + k];
                found[at] = solve(right(at) - rest);
            }
        }
    }
    for (row, place) in inside.iter().enumerate() {
        x[*place] = (0..space.len()).map(|at| found[at][row]).collect();
    }
}
