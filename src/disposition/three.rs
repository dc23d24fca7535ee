//! Three compartments.

use nalgebra::Matrix3;
use serde::{Deserialize, Serialize};

use super::{Disposition, Mode, TwoCompartment};
use crate::error::{self, Result};
use crate::numeric;

/// The plasma and two peripheral compartments.
///
/// ```
/// use menaquinone::{Bolus, Model, ThreeCompartment};
/// let body = ThreeCompartment { cl: 5.0, v1: 50.0, q2: 3.0, v2: 80.0, q3: 1.0, v3: 120.0 };
/// let model = Model::new(Bolus, body)?;
/// let auc: f64 = model.modes().iter().map(|mode| mode.coef / mode.k).sum();
/// assert!((auc - 1.0 / 5.0).abs() < 1e-15); // the AUC of a unit dose is 1 / cl
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreeCompartment<T = f64> {
    /// The clearance from the plasma, L/h.
    pub cl: T,
    /// The volume of the plasma compartment, L.
    pub v1: T,
    /// The flow between the plasma and the first peripheral compartment, L/h.
    pub q2: T,
    /// The volume of the first peripheral compartment, L.
    pub v2: T,
    /// The flow between the plasma and the second peripheral compartment, L/h.
    pub q3: T,
    /// The volume of the second peripheral compartment, L.
    pub v3: T,
}

/// A peripheral compartment by its rate constants: out of the plasma into it, and back.
#[derive(Clone, Copy)]
struct Peripheral {
    out: f64,
    back: f64,
}

/// A rate `origin + mu`: written so, its distance to a `back` rate close by keeps all its digits.
#[derive(Clone, Copy)]
struct Shifted {
    origin: f64,
    mu: f64,
}

impl Shifted {
    fn value(self) -> f64 {
        self.origin + self.mu
    }

    fn below(self, rate: f64) -> f64 {
        (rate - self.origin) - self.mu
    }
}

impl ThreeCompartment {
    /// The exponentials: the eigenvalues of the mammillary system, made symmetric, and then each again as a root `k` of
    /// its secular equation `k10 - k (1 + sum k1j / (kj1 - k)) = 0`.
    ///
    /// The eigenvalues are good to the last digit of the fastest, which leaves few to one a million times slower. So
    /// they only say where to look: one root lies below, between and above the two `kj1`, and each is sought as a
    /// distance from the nearest of 0 and the `kj1`, where slow and nearly equal rates keep all their digits.
    pub(super) fn modes(&self) -> [Mode; 3] {
        let [first, second] = self.peripherals();
        if first.back == second.back {
            return self.modes_of_twins(first.back);
        }
        self.roots().map(|k| {
            let spread = |p: Peripheral| p.out / k.below(p.back) * (p.back / k.below(p.back));
            let [slow, fast] = if first.back < second.back { [first, second] } else { [second, first] };
            Mode { k: k.value(), coef: 1.0 / (self.v1 * (1.0 + (spread(slow) + spread(fast)))) }
        })
    }

    fn peripherals(&self) -> [Peripheral; 2] {
        [
            Peripheral { out: self.q2 / self.v1, back: self.q2 / self.v2 },
            Peripheral { out: self.q3 / self.v1, back: self.q3 / self.v3 },
        ]
    }

    /// The three rates, the fastest first, where the peripheral compartments empty at different ones.
    fn roots(&self) -> [Shifted; 3] {
        let k10 = self.cl / self.v1;
        let mut peripherals = self.peripherals();
        if peripherals[0].back > peripherals[1].back {
            peripherals.swap(0, 1);
        }
        let [slow, fast] = peripherals.map(|peripheral| peripheral.back);
        let most = fast + k10 + peripherals[0].out + peripherals[1].out;
        let near = eigenvalues(k10, &peripherals);
        [(near[0], fast, most), (near[1], slow, fast), (near[2], 0.0, slow)]
            .map(|(near, low, high)| secular_root(k10, &peripherals, (near, low, high)))
    }

    /// How far each exponential lies below the rates at which the peripheral compartments empty; for twins the second
    /// lies nowhere near: it is zero.
    pub(super) fn below(&self) -> [[f64; 2]; 3] {
        let backs = self.peripherals().map(|peripheral| peripheral.back);
        if backs[0] == backs[1] {
            let one = TwoCompartment { cl: self.cl, v1: self.v1, q: self.q2 + self.q3, v2: self.v2 + self.v3 };
            let [alpha, beta] = one.below().map(|below| [below[0]; 2]);
            return [alpha, [0.0; 2], beta];
        }
        self.roots().map(|k| backs.map(|back| k.below(back)))
    }

    /// Two peripheral compartments that empty at the same rate act as one; the third exponential carries nothing.
    fn modes_of_twins(&self, back: f64) -> [Mode; 3] {
        let one = TwoCompartment { cl: self.cl, v1: self.v1, q: self.q2 + self.q3, v2: self.v2 + self.v3 };
        let [alpha, beta] = one.modes();
        [alpha, Mode { k: back, coef: 0.0 }, beta]
    }

    pub(super) fn check(&self) -> Result<()> {
        error::positive("cl", self.cl, "L/h")?;
        error::positive("v1", self.v1, "L")?;
        error::positive("q2", self.q2, "L/h")?;
        error::positive("v2", self.v2, "L")?;
        error::positive("q3", self.q3, "L/h")?;
        error::positive("v3", self.v3, "L").map(drop)
    }
}

/// The eigenvalues of the mammillary system, made symmetric, the fastest first.
fn eigenvalues(k10: f64, [first, second]: &[Peripheral; 2]) -> [f64; 3] {
    let (to_first, to_second) = (first.out.sqrt() * first.back.sqrt(), second.out.sqrt() * second.back.sqrt());
    #[rustfmt::skip]
    let symmetric = Matrix3::new(
        k10 + first.out + second.out, to_first,   to_second,
        to_first,                     first.back, 0.0,
        to_second,                    0.0,        second.back,
    );
    let mut eigenvalues: [f64; 3] = symmetric.symmetric_eigenvalues().into();
    numeric::sort_descending(&mut eigenvalues);
    eigenvalues
}

/// The one root of the secular equation between two neighbours of 0 and the `back` rates, sought close by `near` first.
fn secular_root(k10: f64, peripherals: &[Peripheral; 2], (near, low, high): (f64, f64, f64)) -> Shifted {
    let middle = 0.5 * (high - low);
    let lower_half = secular(k10, peripherals, Shifted { origin: low, mu: middle }) <= 0.0;
    let at_top = !peripherals.iter().any(|p| p.back == high);
    let (origin, (least, most)) = match (lower_half, at_top) {
        (true, _) => (low, (0.0, middle)),
        (false, false) => (high, (-middle, -0.0)), // -0: reached from below
        (false, true) => (low, (middle, high - low)),
    };
    let sign_at = |mu: f64| secular(k10, peripherals, Shifted { origin, mu });
    let close = [1.0 - 1e-9, 1.0 + 1e-9].map(|factor| (near * factor - origin).clamp(least, most));
    let brackets = sign_at(close[0]) * sign_at(close[1]) < 0.0;
    let bracket = if brackets { (close[0], close[1]) } else { (least, most) };
    Shifted { origin, mu: numeric::root(sign_at, bracket) }
}

/// The secular function times its distance to the pole at the origin, if there is one, which keeps it finite there;
/// the sign is that of the plain function.
fn secular(k10: f64, peripherals: &[Peripheral; 2], k: Shifted) -> f64 {
    let pole = peripherals.iter().find(|p| p.back == k.origin);
    let distance = pole.map_or(1.0, |_| k.mu.abs());
    let sum: f64 = peripherals
        .iter()
        .map(|p| if p.back == k.origin { -p.out * k.mu.signum() } else { p.out * distance / k.below(p.back) })
        .sum();
    k10 * distance - k.value() * (distance + sum)
}

impl From<ThreeCompartment> for Disposition {
    fn from(body: ThreeCompartment) -> Self {
        Self::ThreeCompartment(body)
    }
}
