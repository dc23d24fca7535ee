//! What is taken at one time: servings of food, and products that state their vitamer.

use super::plain::is_plain;
use super::serving::write_exactly;
use super::{Amount, Estimate, Form, Intake, Serving};
use crate::error::{self, Error, Result};
use crate::regimen::{Dose, Meal};
use crate::units::{MG, UG};
use crate::vitamer::Vitamer;

/// What is eaten and swallowed at one time.
///
/// A plate adds up: its [intake](Self::intake) by form, its [fat](Self::fat), and with both of them the
/// [dose](Self::dose) of one vitamer with the meal that it came in.
///
/// ```
/// use menaquinone::{Meal, food::{self, Estimate, Plate, Product}, units::*, vitamer::MK7};
/// let breakfast = Plate::from(food::find("natto")?.serving(50.0 * GRAM)?)
///     .and(food::find("egg yolk")?.serving(17.0 * GRAM)?)
///     .and(Product::new("capsule", &MK7, 90.0 * UG)?);
/// assert_eq!(breakfast.amount(&MK7)?.to_string(), "560 µg (478-965)");
/// assert!((breakfast.fat()? / GRAM - 10.01).abs() < 0.01);
///
/// let dose = breakfast.dose(&MK7, Estimate::Typical).unwrap();
/// assert_eq!((dose.amount, dose.meal), (559.5, Some(breakfast.meal()?)));
/// assert_eq!(breakfast.to_string(), "natto 50 g, egg yolk 17 g, MK-7 capsule 90 ug");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plate {
    items: Vec<Item>,
}

/// One thing on a [`Plate`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// A food.
    Serving(Serving),
    /// A product with a stated amount of one form.
    Product(Product),
}

/// A product with a stated amount of one form: a capsule, a tablet, drops.
///
/// The amount counts as exact and its fat as nothing.
///
/// ```
/// use menaquinone::{food::Product, units::*, vitamer::MK7};
/// assert_eq!(Product::new("capsule", &MK7, 180.0 * UG)?.to_string(), "MK-7 capsule 180 ug");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    name: String,
    form: Form,
    amount: f64,
}

impl Product {
    /// `amount` µg of a form, in a product of this name, which may be empty. Commas, `#` and line breaks in it become spaces, since
    /// in a diary they end an item, begin a comment and end a line; and a quote becomes an apostrophe, since a name of other words
    /// than `capsule` and the like is written in quotes.
    ///
    /// # Errors
    /// An amount that is negative or not finite.
    pub fn new(name: impl Into<String>, form: impl Into<Form>, amount: f64) -> Result<Self> {
        let form = form.into();
        error::non_negative(format_args!("the amount of {form} in a product"), amount, "µg")?;
        let name = Self::words(&name.into()).collect::<Vec<_>>().join(" ").replace('"', "'");
        Ok(Self { name, form, amount })
    }

    /// The words of a name, without what parts a diary.
    pub(crate) fn words(name: &str) -> impl Iterator<Item = &str> {
        let parts = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '#');
        name.split(parts).filter(|word| !word.is_empty())
    }

    /// What it is beside its form, such as `capsule`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which form it holds.
    pub fn form(&self) -> Form {
        self.form
    }

    /// How much of it, µg.
    pub fn amount(&self) -> f64 {
        self.amount
    }
}

impl Plate {
    /// This plate with something more on it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.extend(more.into());
        self
    }

    /// Puts everything of another plate on this one.
    pub(crate) fn extend(&mut self, more: Self) {
        self.items.extend(more.items);
    }

    /// Everything on it, in the order in which it was put there.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The foods on it.
    pub fn servings(&self) -> impl Iterator<Item = &Serving> {
        self.items.iter().filter_map(|item| match item {
            Item::Serving(serving) => Some(serving),
            Item::Product(_) => None,
        })
    }

    /// How much of every form it holds, as far as the table goes.
    pub fn intake(&self) -> Intake {
        self.items.iter().flat_map(Item::amounts).collect()
    }

    /// How much of one form it holds, as far as the table goes.
    ///
    /// # Errors
    /// A form that nothing on the plate has a row of.
    pub fn amount(&self, form: impl Into<Form>) -> Result<Amount> {
        self.intake().amount(form)
    }

    /// The fat in it, µg.
    ///
    /// ```
    /// use menaquinone::{food::{Plate, Product}, units::*, vitamer::MK7};
    /// let capsule = Plate::from(Product::new("capsule", &MK7, 90.0 * UG)?);
    /// assert_eq!(
    ///     capsule.fat().unwrap_err().to_string(),
    ///     "nothing says what was eaten with `MK-7 capsule 90 ug`: add the food, or `fat 0 g` for an empty stomach"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A food whose fat is not known, or no food at all.
    pub fn fat(&self) -> Result<f64> {
        if self.servings().next().is_none() {
            return Err(Error::value(format!(
                "nothing says what was eaten with `{self}`: add the food, or `fat 0 g` for an empty stomach"
            )));
        }
        self.servings().map(Serving::fat).sum()
    }

    /// The meal that a dose eaten with it is taken with.
    ///
    /// # Errors
    /// As for [`fat`](Self::fat).
    pub fn meal(&self) -> Result<Meal> {
        self.fat().map(Meal::with_fat)
    }

    /// The dose of one vitamer in it, with its [meal](Self::meal) where the fat is known; none where there is nothing to
    /// take. The [`f`](super::Food::f) of each food is in the amount.
    pub fn dose(&self, vitamer: &Vitamer, estimate: Estimate) -> Option<Dose> {
        let form = Form::from(vitamer);
        let amount: f64 = self.items.iter().map(|item| item.effective(form).at(estimate)).sum();
        let dose = Dose::of(amount);
        let fed = || self.meal().map_or(dose, |meal| dose.with(meal));
        (amount > 0.0).then(fed)
    }
}

impl Item {
    fn amounts(&self) -> Vec<(Form, Amount)> {
        match self {
            Self::Serving(serving) => serving.amounts().collect(),
            Self::Product(product) => vec![(product.form, Amount::exactly(product.amount))],
        }
    }

    /// The amount of a form that counts as a dose.
    fn effective(&self, form: Form) -> Amount {
        match self {
            Self::Serving(serving) => serving.amount(form).unwrap_or_default() * serving.food().f,
            Self::Product(product) if product.form == form => Amount::exactly(product.amount),
            Self::Product(_) => Amount::default(),
        }
    }
}

impl From<Item> for Plate {
    fn from(item: Item) -> Self {
        Self { items: vec![item] }
    }
}

impl From<Serving> for Plate {
    fn from(serving: Serving) -> Self {
        Item::Serving(serving).into()
    }
}

impl From<Product> for Plate {
    fn from(product: Product) -> Self {
        Item::Product(product).into()
    }
}

/// Several plates as one.
impl<P: Into<Self>> FromIterator<P> for Plate {
    fn from_iter<I: IntoIterator<Item = P>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), Self::and)
    }
}

/// As a diary is written: `natto 50 g, MK-7 capsule 90 ug`.
impl std::fmt::Display for Plate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, item) in self.items.iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            match item {
                Item::Serving(serving) => write!(f, "{comma}{serving}")?,
                Item::Product(product) => write!(f, "{comma}{product}")?,
            }
        }
        Ok(())
    }
}

/// `MK-7 capsule 180 ug`
impl std::fmt::Display for Product {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = Self::words(&self.name).all(is_plain);
        match self.name.as_str() {
            "" => write!(f, "{} ", self.form)?,
            name if plain => write!(f, "{} {name} ", self.form)?,
            name => write!(f, "{} \"{name}\" ", self.form)?,
        }
        write_exactly(f, self.amount, if self.amount >= MG { &[("mg", MG), ("ug", UG)] } else { &[("ug", UG)] })
    }
}
