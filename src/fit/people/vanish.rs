//! Ends of a search: variances and parts of the error that go to zero are held there.

use super::layout::Layout;
use super::outer::Search;
use crate::assay::ResidualError;
use crate::fit::name::Name;
use crate::fit::theory::Off;
use crate::fit::unknown::Unknown;

/// The logarithm of the standard deviation of a deviation below which it is taken as none.
const NONE: f64 = -6.0;
/// How far below, on the logarithm, a part of the error is held beside another, and one that stands alone.
const BESIDE: f64 = 20.0;
const ALONE: f64 = 4.0;
/// What the objective may change by where a part of the error counts for nothing.
const SAME: f64 = 1e-8;
/// By how much it may still fall where an error that stands alone goes to zero; beyond that it falls without an end.
const FALL: f64 = 1e-2;

/// Holds what has gone to zero; true where something is newly held.
pub(super) fn hold(search: &mut Search<'_, '_>, layout: &Layout, x: &mut Vec<f64>) -> bool {
    let full = search.full(x);
    let of_omega = hold_variances(search, layout, &full);
    *x = search.moving(&full);
    let of_error = hold_errors(search, layout, x);
    of_omega || of_error
}

fn hold_variances(search: &mut Search<'_, '_>, layout: &Layout, full: &[f64]) -> bool {
    let at = layout.omega_at();
    let places = layout.blocks.places();
    let gone: Vec<usize> = places
        .iter()
        .enumerate()
        .filter(|(k, (i, j))| i == j && search.held[at + k].is_none() && full[at + k] < NONE)
        .map(|(k, _)| at + k)
        .collect();
    for k in &gone {
        search.held[*k] = Some(2.0 * NONE);
    }
    !gone.is_empty()
}

/// Lets the variances go that are held, from where the theory has them; false where none is.
pub(super) fn release(search: &mut Search<'_, '_>, layout: &Layout, full: &mut [f64]) -> bool {
    let Ok(start) = layout.start() else { return false };
    let mut any = false;
    for k in layout.omega_at()..full.len() {
        if search.held[k].take().is_some() {
            full[k] = start[k];
            any = true;
        }
    }
    any
}

/// Holds the parts of the error without which the objective is no higher.
fn hold_errors(search: &mut Search<'_, '_>, layout: &Layout, x: &mut Vec<f64>) -> bool {
    let first = layout.typical.len();
    let names = layout.names();
    let mut any = false;
    for (k, (name, unknown)) in names.iter().enumerate().skip(first) {
        if search.held[k].is_some() || unknown.ends() != (0.0, f64::INFINITY) {
            continue;
        }
        let is_left = |other: Name| {
            let place = names.iter().position(|(own, _)| *own == other);
            place.is_none_or(|place| search.held[place].is_none())
        };
        let full = search.full(x);
        let other = other_part(layout, *name).filter(|(other, own)| own.start() > 0.0 && is_left(*other));
        let beside = other.is_some();
        let is_small = match other {
            Some((other, own)) => {
                let place = names.iter().position(|(known, _)| *known == other);
                let other = (other, place.map_or(own.start(), |place| own.value(full[place])[0]));
                is_small_beside((*name, unknown.value(full[k])[0]), other, search.middle())
            }
            None => full[k] < unknown.coordinate(unknown.start()) - ALONE,
        };
        if !is_small {
            continue;
        }
        let Some(now) = search.value(x) else { return any };
        let deep = full[k] - if beside { BESIDE } else { ALONE };
        search.held[k] = Some(deep);
        let there = search.moving(&full);
        let same = |value: &f64| *value <= now + SAME && (beside || *value > now - FALL);
        if search.value(&there).as_ref().is_some_and(same) {
            *x = there;
            any = true;
        } else {
            search.held[k] = None;
        }
    }
    any
}

/// Whether a part of an error is less than a third of the other at a middling level: where it is not it has not gone to zero.
fn is_small_beside((name, own): (Name, f64), (_, other): (Name, f64), middle: f64) -> bool {
    let is_cv = matches!(name, Name::Cv | Name::CvOf(_));
    if is_cv { own * middle < other / 3.0 } else { own < other * middle / 3.0 }
}

/// The other number of the same error.
fn other_part(layout: &Layout, name: Name) -> Option<(Name, Unknown)> {
    let of_kind = |kind: u32| layout.theory.kinds.iter().find(|(own, _)| *own == kind).map(|(_, error)| *error);
    let (error, other) = match name {
        Name::CvOf(kind) => (of_kind(kind)?, Name::SdOf(kind)),
        Name::SdOf(kind) => (of_kind(kind)?, Name::CvOf(kind)),
        own => {
            let Off::Error(error) = layout.theory.off else { return None };
            (error, if own == Name::Cv { Name::Sd } else { Name::Cv })
        }
    };
    let (ResidualError::Combined { cv, sd } | ResidualError::CombinedSd { cv, sd }) = error else { return None };
    Some((other, if matches!(other, Name::Cv | Name::CvOf(_)) { cv } else { sd }))
}
