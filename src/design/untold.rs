//! Which numbers a design does not tell, and what sample would tell them.

use nalgebra::{DMatrix, SymmetricEigen};

use super::arm::Arm;
use super::frame::Room;
use super::spot::Spot;
use super::view::View;
use crate::numeric::scaled_inverse;

/// A number, or a combination of some, that a design does not tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Untold {
    /// The numbers in it, the one that counts most first.
    pub names: Vec<String>,
    /// When a sample would tell it, h; none where none would.
    pub at: Option<f64>,
    /// What is not told, and what would tell.
    pub sentence: String,
}

/// How small an eigenvalue is, of the matrix scaled to a diagonal of ones, that is none.
const NOTHING: f64 = 1e-12;
/// How many times are looked at for a sample that would tell.
const LOOKS: u32 = 200;

pub(super) fn untold((view, arms): (&View, &[Arm]), matrix: &DMatrix<f64>) -> Vec<Untold> {
    let n = matrix.nrows();
    let most = (0..n).map(|i| matrix[(i, i)]).fold(0.0, f64::max);
    let scale: Vec<f64> = (0..n)
        .map(|i| if matrix[(i, i)] > 1e-30 * most && matrix[(i, i)] > 0.0 { matrix[(i, i)].sqrt() } else { 0.0 })
        .collect();
    let scaled = DMatrix::from_fn(n, n, |i, j| match scale[i] * scale[j] {
        product if product > 0.0 => matrix[(i, j)] / product,
        _ => 0.0,
    });
    // Nearly always all is told, which the root says at once.
    let is_told = scaled.clone().cholesky().is_some_and(|root| root.l_dirty().diagonal().min() > 1e-5);
    if is_told || matrix.iter().any(|value| !value.is_finite()) {
        return Vec::new();
    }
    let eigen = SymmetricEigen::new(scaled);
    let (most, least) = (eigen.eigenvalues.max(), eigen.eigenvalues.min());
    // What has no inverse tells at least one direction by rounding alone.
    let has_none = scaled_inverse(matrix).is_none();
    let mut found = Vec::new();
    for (i, value) in eigen.eigenvalues.iter().enumerate() {
        if *value > NOTHING * most && !(has_none && *value == least) {
            continue;
        }
        let direction: Vec<f64> = eigen.eigenvectors.column(i).iter().copied().collect();
        let mut order: Vec<usize> = (0..n).filter(|k| direction[*k].abs() > 0.1).collect();
        order.sort_by(|a, b| direction[*b].abs().total_cmp(&direction[*a].abs()).then(a.cmp(b)));
        let names: Vec<String> = order.iter().map(|k| view.names[*k].clone()).collect();
        let spot = would_tell((view, arms), &direction, &scale);
        let what = if names.len() == 1 { names[0].clone() } else { format!("{} apart", names.join(", ")) };
        let remedy = match spot {
            _ if is_of_one_occasion(&names, arms) => {
                "only a second occasion of the same people would tell them (Arm::occasions_from); or leave out what varies within".to_owned()
            }
            Some(Spot { time, kind: None }) => {
                format!("a sample at {} h would tell it best; or fix one of them", round(time))
            }
            Some(Spot { time, kind: Some(kind) }) => {
                format!("a sample of kind {kind} at {} h would tell it best; or fix one of them", round(time))
            }
            None => "no further sample of these doses would tell it: fix one of them, or change the doses".to_owned(),
        };
        let at = spot.map(|spot| spot.time);
        let sentence = format!("this design does not tell {what}: {remedy}");
        found.push(Untold { names, at, sentence });
    }
    found
}

/// Whether numbers are a variance between people and that of the same from occasion to occasion, where nobody has a second one.
fn is_of_one_occasion(names: &[String], arms: &[Arm]) -> bool {
    let has_within = |name: &String| {
        let own = name.trim_end_matches(')');
        names.iter().any(|other| other.strip_prefix(own).is_some_and(|rest| rest.starts_with('@')))
    };
    let is_in_one = |arm: &Arm| {
        let of = |time: f64| arm.occasions().partition_point(|start| *start <= time);
        arm.times().windows(2).all(|pair| of(pair[0]) == of(pair[1]))
    };
    arms.iter().all(is_in_one) && names.iter().any(has_within)
}

/// The sample of everybody that would tell most of a direction.
fn would_tell((view, arms): (&View, &[Arm]), direction: &[f64], scale: &[f64]) -> Option<Spot> {
    let last = arms.iter().flat_map(Arm::times).fold(0.0, |last: f64, time| last.max(*time));
    let end = if last > 0.0 { 2.0 * last } else { 24.0 };
    let evenly: Vec<f64> = (0..=LOOKS).map(|i| end * f64::from(i) / f64::from(LOOKS)).collect();
    // In a window that is far too long what would tell lies before the second of them.
    let nearer = || (1..=LOOKS).map(|i| end * 0.9_f64.powi(i.cast_signed())).rev().collect::<Vec<_>>();
    let best = |times: &[f64]| best_of((view, arms), (direction, scale), times);
    best(&evenly).or_else(|| best(&nearer()))
}

/// The one of these times at which a sample of everybody would tell most of a direction.
fn best_of((view, arms): (&View, &[Arm]), (direction, scale): (&[f64], &[f64]), times: &[f64]) -> Option<Spot> {
    let n = view.frame.len();
    let step = |i: usize| direction[i] / if scale[i] > 0.0 { scale[i] } else { 1.0 };
    let mut room = Room::default();
    let mut best: Option<(Spot, f64)> = None;
    let kinds: Vec<Option<u32>> = [None].into_iter().chain(view.outlook.kinds().into_iter().map(Some)).collect();
    let looks: Vec<Spot> =
        kinds.iter().flat_map(|kind| times.iter().map(|time| Spot { time: *time, kind: *kind })).collect();
    for arm in arms {
        let mut all = arm.spots();
        all.extend(&looks);
        all.sort_by(Spot::order);
        let Ok(rows) = view.rows(arm, &all, false) else { continue };
        let own: Vec<usize> =
            arm.spots().iter().filter_map(|spot| all.iter().position(|other| other == spot)).collect();
        let mut told = |numbers: &[usize]| {
            let mut sum = vec![0.0; n * n];
            rows.add(view, numbers, 1.0, &mut room, &mut sum);
            (0..n * n).map(|k| step(k / n) * sum[k] * step(k % n)).sum::<f64>()
        };
        let before = told(&own);
        for spot in &looks {
            let Some(place) = all.iter().position(|other| other == spot) else { continue };
            let with: Vec<usize> = own.iter().copied().chain([place]).collect();
            let gained = told(&with) - before;
            if gained > best.map_or(1e-9, |(_, most)| most * (1.0 + 1e-9)) {
                best = Some((*spot, gained));
            }
        }
    }
    best.map(|(spot, _)| spot)
}

fn round(time: f64) -> f64 {
    (time * 100.0).round() / 100.0
}
