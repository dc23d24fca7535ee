//! The parts of a theory, whose fields are unknowns.

use super::name::Name;
use super::rates::{Rates, TwoRates};
use super::unknown::Unknown;
use crate::absorption::{Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
use crate::disposition::{Disposition, HalfLife, OneCompartment, ThreeCompartment, TwoCompartment};
use crate::sensitivity::Number;

/// A part of a model with its unknowns: what [`Theory::new`](super::Theory::new) is made of.
#[derive(Debug, Clone)]
pub struct Part<P> {
    pub(super) plain: P,
    pub(super) unknowns: Vec<(Name, Unknown)>,
}

fn part<P>(plain: P, unknowns: impl IntoIterator<Item = (Number, Unknown)>) -> Part<P> {
    Part { plain, unknowns: unknowns.into_iter().map(|(number, unknown)| (Name::Number(number), unknown)).collect() }
}

impl From<Bolus> for Part<Absorption> {
    fn from(bolus: Bolus) -> Self {
        part(bolus.into(), [])
    }
}

impl<T: Into<Unknown>> From<FirstOrder<T>> for Part<Absorption> {
    fn from(process: FirstOrder<T>) -> Self {
        let ka = process.ka.into();
        part(FirstOrder { ka: ka.start() }.into(), [(Number::Ka(0), ka)])
    }
}

impl<T: Into<Unknown>> From<ZeroOrder<T>> for Part<Absorption> {
    fn from(process: ZeroOrder<T>) -> Self {
        let duration = process.duration.into();
        part(ZeroOrder { duration: duration.start() }.into(), [(Number::Duration(0), duration)])
    }
}

impl<T: Into<Unknown>> From<Transit<T>> for Part<Absorption> {
    fn from(process: Transit<T>) -> Self {
        let (mtt, ka) = (process.mtt.into(), process.ka.into());
        let plain = Transit { steps: process.steps, mtt: mtt.start(), ka: ka.start() };
        part(plain.into(), [(Number::Mtt(0), mtt), (Number::Ka(0), ka)])
    }
}

impl<T: Into<Unknown>> From<OneCompartment<T>> for Part<Disposition> {
    fn from(body: OneCompartment<T>) -> Self {
        let (cl, v) = (body.cl.into(), body.v.into());
        part(OneCompartment { cl: cl.start(), v: v.start() }.into(), [(Number::Cl, cl), (Number::V, v)])
    }
}

impl<T: Into<Unknown>> From<HalfLife<T>> for Part<Disposition> {
    fn from(body: HalfLife<T>) -> Self {
        let (t_half, v) = (body.t_half.into(), body.v.into());
        let plain = HalfLife { t_half: t_half.start(), v: v.start() };
        let unknowns = vec![(Name::HalfLife, t_half), (Name::Number(Number::V), v)];
        Self { plain: plain.into(), unknowns }
    }
}

impl<T: Into<Unknown>> From<Rates<T>> for Part<Disposition> {
    fn from(body: Rates<T>) -> Self {
        let (ke, v) = (body.ke.into(), body.v.into());
        let plain = Rates { ke: ke.start(), v: v.start() };
        Self { plain: plain.into(), unknowns: vec![(Name::Ke, ke), (Number::V.into(), v)] }
    }
}

impl<T: Into<Unknown>> From<TwoRates<T>> for Part<Disposition> {
    fn from(body: TwoRates<T>) -> Self {
        let (ke, v1, k12, k21) = (body.ke.into(), body.v1.into(), body.k12.into(), body.k21.into());
        let plain = TwoRates { ke: ke.start(), v1: v1.start(), k12: k12.start(), k21: k21.start() };
        let unknowns = vec![(Name::Ke, ke), (Number::V1.into(), v1), (Name::K12, k12), (Name::K21, k21)];
        Self { plain: plain.into(), unknowns }
    }
}

impl<T: Into<Unknown>> From<TwoCompartment<T>> for Part<Disposition> {
    fn from(body: TwoCompartment<T>) -> Self {
        let (cl, v1, q, v2) = (body.cl.into(), body.v1.into(), body.q.into(), body.v2.into());
        let plain = TwoCompartment { cl: cl.start(), v1: v1.start(), q: q.start(), v2: v2.start() };
        part(plain.into(), [(Number::Cl, cl), (Number::V1, v1), (Number::Q, q), (Number::V2, v2)])
    }
}

impl<T: Into<Unknown>> From<ThreeCompartment<T>> for Part<Disposition> {
    fn from(body: ThreeCompartment<T>) -> Self {
        let (cl, v1) = (body.cl.into(), body.v1.into());
        let [(q2, v2), (q3, v3)] = [(body.q2.into(), body.v2.into()), (body.q3.into(), body.v3.into())];
        let plain = ThreeCompartment {
            cl: cl.start(),
            v1: v1.start(),
            q2: q2.start(),
            v2: v2.start(),
            q3: q3.start(),
            v3: v3.start(),
        };
        let numbers = [Number::Cl, Number::V1, Number::Q2, Number::V2, Number::Q3, Number::V3];
        part(plain.into(), numbers.into_iter().zip([cl, v1, q2, v2, q3, v3]))
    }
}
