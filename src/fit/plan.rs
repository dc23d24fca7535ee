//! How the coordinates of a search become the numbers of a model: compiled once, asked often.

use smallvec::SmallVec;

use super::derived::{DERIVED, Derived, volume};
use super::name::Name;
use super::theory::Theory;
use super::unknown::Unknown;
use crate::error::Result;
use crate::model::Model;
use crate::number::Number;
use crate::sensitivity::{Jet, Space, at_second};

/// A theory compiled: what each coordinate is, and how the numbers of the model that move follow from them.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    template: Model,
    /// Those of the error last.
    free: Vec<(Name, Unknown)>,
    rules: Vec<Rule>,
}

/// A number of the model: what is known, times powers of what is free.
#[derive(Debug, Clone)]
struct Rule {
    number: Number,
    known: f64,
    free: SmallVec<[(usize, i8); 3]>,
}

/// The values of what is free, each with its first and second derivative by its coordinate.
pub(super) type Values = SmallVec<[[f64; 3]; 6]>;

impl Plan {
    pub(super) fn new(theory: &Theory) -> Self {
        let mut plan = Self { template: theory.start().clone(), free: theory.free(), rules: Vec::new() };
        let own = |name: Name| theory.unknowns.iter().find(|(own, _)| *own == name).map(|(_, unknown)| *unknown);
        for (name, _) in &theory.unknowns {
            if let Name::Number(number) = *name {
                plan.push(number, 1.0, &[(*name, 1)], own);
            }
        }
        let volume = volume(|name| own(name).is_some());
        for Derived { number, factor, powers } in DERIVED {
            if powers.iter().any(|(name, _)| own(*name).is_none()) {
                continue;
            }
            let mut factors: SmallVec<[(Name, i8); 3]> = SmallVec::from_slice(powers);
            factors.extend(volume.map(|name| (name, 1)));
            let known = if volume.is_some() { *factor } else { factor * plan.template.disposition().v1() };
            plan.push(*number, known, &factors, own);
        }
        plan
    }

    /// Adds a number if something of it is free; one that rates give comes in place of one that is named.
    fn push(&mut self, number: Number, mut known: f64, powers: &[(Name, i8)], own: impl Fn(Name) -> Option<Unknown>) {
        let mut free = SmallVec::new();
        for (name, power) in powers {
            match self.free.iter().position(|(own, _)| own == name) {
                Some(place) => free.push((place, *power)),
                None => known *= own(*name).map_or(1.0, |unknown| unknown.start().powi(i32::from(*power))),
            }
        }
        self.rules.retain(|rule| rule.number != number);
        if !free.is_empty() {
            self.rules.push(Rule { number, known, free });
        }
    }

    /// What each coordinate is, those of the error last.
    pub(super) fn free(&self) -> &[(Name, Unknown)] {
        &self.free
    }

    /// How many coordinates are of the model; the others are of the error.
    pub(super) fn of_model(&self) -> usize {
        self.free.iter().position(|(name, _)| matches!(name, Name::Cv | Name::Sd)).unwrap_or(self.free.len())
    }

    /// The numbers of the model that move.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Number> + '_ {
        self.rules.iter().map(|rule| rule.number)
    }

    /// For each number that moves, its slope and its second derivative by the coordinate of the same place, where every number goes by one coordinate
    /// and all stand in the same order.
    pub(super) fn straight(&self, values: &[[f64; 3]]) -> Option<SmallVec<[[f64; 2]; 6]>> {
        if self.rules.len() != self.free.len() {
            return None;
        }
        let of = |(i, rule): (usize, &Rule)| match rule.free[..] {
            [(place, 1)] if place == i => Some([rule.known * values[i][1], rule.known * values[i][2]]),
            _ => None,
        };
        self.rules.iter().enumerate().map(of).collect()
    }

    pub(super) fn values(&self, x: &[f64]) -> Values {
        self.free.iter().zip(x).map(|((_, unknown), x)| unknown.value(*x)).collect()
    }

    /// The model of the start.
    pub(super) fn template(&self) -> &Model {
        &self.template
    }

    /// The model at values.
    ///
    /// # Errors
    /// Values that no model can have.
    pub(super) fn model(&self, values: &[[f64; 3]]) -> Result<Model> {
        self.template.with_numbers(self.rules.iter().map(|rule| (rule.number, rule.value(values))))
    }

    /// The numbers that move, with their derivatives by the coordinates.
    pub(super) fn jets(&self, space: Space, values: &[[f64; 3]]) -> SmallVec<[Jet; 4]> {
        self.rules.iter().map(|rule| rule.jet(space, values)).collect()
    }
}

impl Rule {
    fn value(&self, values: &[[f64; 3]]) -> f64 {
        self.free.iter().fold(self.known, |product, (place, power)| product * raised(values[*place], *power)[0])
    }

    fn jet(&self, space: Space, values: &[[f64; 3]]) -> Jet {
        const NONE: (usize, usize) = (usize::MAX, 0);
        let factors: SmallVec<[[f64; 3]; 3]> =
            self.free.iter().map(|(place, power)| raised(values[*place], *power)).collect();
        // The product with some of the factors in place of their values.
        let with = |one: (usize, usize), other: (usize, usize)| {
            let part = |k: usize| {
                if k == one.0 {
                    one.1
                } else if k == other.0 {
                    other.1
                } else {
                    0
                }
            };
            factors.iter().enumerate().fold(self.known, |product, (k, factor)| product * factor[part(k)])
        };
        let mut jet = space.constant(with(NONE, NONE));
        for (i, (one, _)) in self.free.iter().enumerate() {
            jet[1 + one] = with((i, 1), NONE);
            if space.second {
                jet[at_second(space.unknowns, *one, *one)] = with((i, 2), NONE);
                for (j, (other, _)) in self.free[..i].iter().enumerate() {
                    jet[at_second(space.unknowns, *one, *other)] = with((i, 1), (j, 1));
                }
            }
        }
        jet
    }
}

/// A value to the power 1 or -1, with its derivatives.
fn raised([value, slope, bend]: [f64; 3], power: i8) -> [f64; 3] {
    if power > 0 {
        return [value, slope, bend];
    }
    let over = 1.0 / value;
    [over, -slope * over * over, over * over * (2.0 * slope * slope * over - bend)]
}
