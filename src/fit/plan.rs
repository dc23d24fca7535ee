//! How the coordinates of a search become the numbers of a model: compiled once, asked often.

use smallvec::SmallVec;

use super::derived::{DERIVED, Derived, volume};
use super::effect::Shape;
use super::name::{Basis, Name};
use super::samples::Sampled;
use super::theory::Theory;
use super::unknown::{Deviation, Unknown};
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
    /// By what each coordinate multiplies its number.
    factors: Vec<Factor>,
    rules: Vec<Rule>,
}

/// By what a coordinate multiplies its number.
#[derive(Debug, Clone, Copy)]
enum Factor {
    /// By the value of the unknown.
    Value,
    /// By `e` to the value, which is a deviation.
    Deviation,
    /// By the factor of an effect, whose number is the value: of a covariate that does not change.
    Effect { shape: Shape, covariate: f64, at: f64 },
}

/// A number of the model: what is known, times powers of what is free.
#[derive(Debug, Clone)]
struct Rule {
    number: Number,
    known: f64,
    free: SmallVec<[(usize, i8); 3]>,
}

/// An unknown as a product: what is known of it, and the coordinates whose factors are the rest.
struct Product {
    name: Name,
    known: f64,
    places: SmallVec<[usize; 3]>,
}

/// The factors that the coordinates give, each with its first and second derivative by its coordinate.
pub(super) type Values = SmallVec<[[f64; 3]; 6]>;

/// First and second derivatives of numbers, each by the coordinate of its own place.
pub(super) type Slopes = SmallVec<[[f64; 2]; 6]>;

impl Plan {
    /// Of somebody whose covariates are at their references.
    pub(super) fn new(theory: &Theory) -> Self {
        let mut plan = Self::empty(theory);
        let products: Vec<Product> = theory.unknowns.iter().map(|own| plan.product(own)).collect();
        plan.push_all(&products);
        plan.rules.retain(|rule| !rule.free.is_empty());
        plan
    }

    /// Of somebody whose covariates stay the same; none where a number is no product of what its coordinates give, or a
    /// covariate is not known.
    pub(super) fn of_person(theory: &Theory, sampled: &Sampled) -> Option<Self> {
        if theory.is_plain() {
            return Some(Self::new(theory));
        }
        let now = theory.occasions_of(sampled).ok().filter(|all| all.len() <= 1)?.first().copied();
        Self::of_known(theory, &|name| sampled.known(name).ok(), now)
    }

    /// Of what holds while covariates are what is known of them, on an occasion.
    pub(super) fn of_known(theory: &Theory, known: &dyn Fn(&str) -> Option<f64>, now: Option<u32>) -> Option<Self> {
        if theory.rest.is_some() {
            return None;
        }
        let mut plan = Self::empty(theory);
        let mut products = Vec::new();
        for (name, unknown) in &theory.unknowns {
            let Some(basis) = name.basis() else { continue };
            let mut product = plan.product(&(*name, *unknown));
            let effects = || theory.effects.iter().filter(|effect| effect.dependence.on == basis);
            let deviations = plan.deviations(basis, now);
            let deviates = unknown.is_own() || !deviations.is_empty();
            let more = !deviations.is_empty() || effects().next().is_some();
            if deviates && more && unknown.deviation() != Deviation::LogNormal {
                return None;
            }
            for place in deviations {
                product.places.push(place);
                plan.factors[place] = Factor::Deviation;
            }
            for effect in effects() {
                let covariate = known(effect.dependence.covariate.as_str())?;
                let (shape, at) = (effect.shape, effect.at);
                let factor = Factor::Effect { shape, covariate, at };
                match plan.free.iter().position(|(own, _)| *own == effect.name()) {
                    _ if shape.positive && covariate <= 0.0 => return None,
                    Some(place) => {
                        product.places.push(place);
                        plan.factors[place] = factor;
                    }
                    None => product.known *= factor.of([effect.unknown.start(), 0.0, 0.0])[0],
                }
            }
            products.push(product);
        }
        plan.push_all(&products);
        let still = plan.rules.iter().filter(|rule| rule.free.is_empty());
        plan.template = plan.template.with_numbers(still.map(|rule| (rule.number, rule.known))).ok()?;
        plan.rules.retain(|rule| !rule.free.is_empty());
        Some(plan)
    }

    /// The coordinates that are deviations of a number, of the person and of an occasion.
    fn deviations(&self, basis: Basis, occasion: Option<u32>) -> SmallVec<[usize; 2]> {
        let of = |name: &Name| match *name {
            Name::Deviation(on) => on == basis,
            Name::Occasion(on, now) => on == basis && Some(now) == occasion,
            _ => false,
        };
        let all = self.free.iter().enumerate();
        all.filter(|(_, (name, _))| of(name)).map(|(place, _)| place).collect()
    }

    fn empty(theory: &Theory) -> Self {
        let free = theory.free();
        Self { template: theory.start().clone(), factors: vec![Factor::Value; free.len()], free, rules: Vec::new() }
    }

    fn product(&self, (name, unknown): &(Name, Unknown)) -> Product {
        let place = self.free.iter().position(|(own, _)| own == name);
        let known = if place.is_none() { unknown.start() } else { 1.0 };
        Product { name: *name, known, places: place.into_iter().collect() }
    }

    fn push_all(&mut self, products: &[Product]) {
        for product in products {
            if let Name::Number(number) = product.name {
                self.push(number, 1.0, &[(product.name, 1)], products);
            }
        }
        let is_there = |name: Name| products.iter().any(|own| own.name == name);
        let volume = volume(is_there);
        for Derived { number, factor, powers } in DERIVED {
            if powers.iter().any(|(name, _)| !is_there(*name)) {
                continue;
            }
            let mut factors: SmallVec<[(Name, i8); 3]> = SmallVec::from_slice(powers);
            factors.extend(volume.map(|name| (name, 1)));
            let known = if volume.is_some() { *factor } else { factor * self.template.disposition().v1() };
            self.push(*number, known, &factors, products);
        }
    }

    /// Adds a number; one that rates give comes in place of one that is named.
    fn push(&mut self, number: Number, mut known: f64, powers: &[(Name, i8)], products: &[Product]) {
        let mut free = SmallVec::new();
        for (name, power) in powers {
            for product in products.iter().filter(|own| own.name == *name) {
                free.extend(product.places.iter().map(|place| (*place, *power)));
                known *= product.known.powi(i32::from(*power));
            }
        }
        self.rules.retain(|rule| rule.number != number);
        self.rules.push(Rule { number, known, free });
    }

    /// What each coordinate is, those of the error last.
    pub(super) fn free(&self) -> &[(Name, Unknown)] {
        &self.free
    }

    /// How many coordinates are of the model; the others are of the error.
    pub(super) fn of_model(&self) -> usize {
        self.free.iter().position(|(name, _)| name.is_of_error()).unwrap_or(self.free.len())
    }

    /// The numbers of the model that move.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Number> + '_ {
        self.rules.iter().map(|rule| rule.number)
    }

    /// For each number that moves, its slope and its second derivative by the coordinate of the same place, where every number goes by one coordinate
    /// and all stand in the same order.
    pub(super) fn straight(&self, values: &[[f64; 3]]) -> Option<Slopes> {
        if self.rules.len() != self.of_model() {
            return None;
        }
        let of = |(i, rule): (usize, &Rule)| match rule.free[..] {
            [(place, 1)] if place == i => Some([rule.known * values[i][1], rule.known * values[i][2]]),
            _ => None,
        };
        self.rules.iter().enumerate().map(of).collect()
    }

    pub(super) fn values(&self, x: &[f64]) -> Values {
        let mut values = Values::from_elem([0.0; 3], self.free.len().min(x.len()));
        let free = self.free.iter().zip(&self.factors).zip(x);
        values.iter_mut().zip(free).for_each(|(own, (((_, unknown), factor), x))| *own = factor.of(unknown.value(*x)));
        values
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
        self.template.with_numbers(self.moved(values))
    }

    /// The numbers that move, at values.
    pub(super) fn moved(&self, values: &[[f64; 3]]) -> impl Iterator<Item = (Number, f64)> {
        self.rules.iter().map(|rule| (rule.number, rule.value(values)))
    }

    /// The numbers that move, with their derivatives by the coordinates.
    pub(super) fn jets(&self, space: Space, values: &[[f64; 3]]) -> SmallVec<[Jet; 4]> {
        self.rules.iter().map(|rule| rule.jet(space, values)).collect()
    }
}

impl Factor {
    /// The factor where the value of the unknown is this, with derivatives by its coordinate.
    fn of(self, value: [f64; 3]) -> [f64; 3] {
        let [factor, slope, bend] = match self {
            Self::Value => return value,
            Self::Deviation => [value[0].exp(); 3],
            Self::Effect { shape, covariate, at } => shape.factor(value[0], covariate, at),
        };
        [factor, slope * value[1], slope * value[2] + bend * value[1] * value[1]]
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
