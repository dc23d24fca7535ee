//! One food: its names, its fat, and the rows of its contents.

use serde::Serialize;

use super::{Content, Form};
use crate::error::{self, Error, ErrorKind, Result};

/// A food and what 100 g of it hold.
///
/// Where sources disagree, each has its row. The first row of a form is the one that servings use, and the others stand
/// beside it; nothing is averaged.
///
/// A food of your own is written like those of the table:
///
/// ```
/// use menaquinone::{food::{Food, Form, Group, Source}, units::*, vitamer::Basis};
/// const LABEL: Source = Source::new(Basis::Printed, "Japan", "label of the pack");
/// static MINE: Food =
///     Food::new("natto of the corner shop", Group::Soy).fat(10.0).holding(&[Form::MK7.at(775.0).by(LABEL)]);
/// assert_eq!(MINE.serving(40.0 * GRAM)?.amount(Form::MK7)?.typical, 310.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Food {
    /// The name, such as `cheese, gouda`.
    pub name: &'static str,
    /// Other names that are read. A name that several foods have is answered with the question which is meant.
    pub aliases: &'static [&'static str],
    /// The kind of food.
    pub group: Group,
    /// Fat, g in 100 g, where it is known.
    pub fat: Option<f64>,
    /// How much is absorbed of what is in it, relative to the same amount in the form for which a model was made: 1
    /// unless you say otherwise, since hardly anything is known.
    pub f: f64,
    /// The contents, the first of each form being the one that is used.
    pub contents: &'static [Content],
    /// What else one has to know.
    pub note: &'static str,
}

/// The kinds of food, for tables.
///
/// ```
/// use menaquinone::food::{self, Group};
/// assert_eq!(food::find("natto")?.group, Group::Soy);
/// assert_eq!(Group::EggMeatFish.to_string(), "egg, meat and fish");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Group {
    /// Soya beans and what is fermented of them, and other ferments of plants.
    Soy,
    /// Cheese.
    Cheese,
    /// Milk, cream, yogurt, butter.
    Dairy,
    /// Eggs, meat, liver, fish.
    EggMeatFish,
    /// Vegetables and oils.
    Plant,
}

impl Group {
    /// Every group, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Soy, Self::Cheese, Self::Dairy, Self::EggMeatFish, Self::Plant];
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Soy => "soya and ferments",
            Self::Cheese => "cheese",
            Self::Dairy => "milk, yogurt and butter",
            Self::EggMeatFish => "egg, meat and fish",
            Self::Plant => "vegetables and oils",
        })
    }
}

impl Food {
    /// A food of which nothing is known yet.
    pub const fn new(name: &'static str, group: Group) -> Self {
        Self { name, aliases: &[], group, fat: None, f: 1.0, contents: &[], note: "" }
    }

    /// This food with other names that are read.
    #[must_use]
    pub const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// This food with its fat, g in 100 g.
    #[must_use]
    pub const fn fat(self, fat: f64) -> Self {
        Self { fat: Some(fat), ..self }
    }

    /// This food with its contents.
    #[must_use]
    pub const fn holding(self, contents: &'static [Content]) -> Self {
        Self { contents, ..self }
    }

    /// This food with a note.
    #[must_use]
    pub const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// This food with another fraction absorbed, relative to the form for which a model was made.
    ///
    /// The literature has hardly a number: in a tube 6 to 80 % of the vitamin K of Danish cheese could be absorbed, and
    /// K1 of spinach gave 17 % of the area of a tablet. So this is your choice.
    ///
    /// ```
    /// use menaquinone::{food::{self, Estimate, Plate}, units::*, vitamer::K1};
    /// let spinach = food::find("spinach")?.with_f(0.17);
    /// let plate = Plate::from(spinach.serving(100.0 * GRAM)?);
    /// assert!((plate.dose(&K1, Estimate::Typical).unwrap().amount - 0.17 * 482.9).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub const fn with_f(self, f: f64) -> Self {
        Self { f, ..self }
    }

    /// The row that servings use for this form.
    ///
    /// ```
    /// use menaquinone::{food, vitamer::MK7};
    /// assert_eq!(
    ///     food::find("gouda")?.content(&MK7).unwrap_err().to_string(),
    ///     "the table has no MK-7 for `cheese, gouda`: it has K1 and total K2"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A form that the food has no row of; the sentence names those there are. No row is not the same as none in it.
    pub fn content(&self, form: impl Into<Form>) -> Result<&'static Content> {
        let form = form.into();
        self.find_content(form).ok_or_else(|| self.lacks(form))
    }

    /// The rows that servings use: the first of each form.
    ///
    /// ```
    /// use menaquinone::food;
    /// let natto = food::find("natto")?;
    /// assert_eq!(natto.contents.len(), 8);
    /// assert_eq!(natto.used().count(), 4); // MK-7, MK-8, MK-4 and K1
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn used(&self) -> impl Iterator<Item = &'static Content> {
        let contents = self.contents;
        let is_first =
            move |(i, content): &(usize, &Content)| contents[..*i].iter().all(|row| row.form != content.form);
        contents.iter().enumerate().filter(is_first).map(|(_, content)| content)
    }

    pub(super) fn find_content(&self, form: Form) -> Option<&'static Content> {
        self.contents.iter().find(|content| content.form == form)
    }

    fn lacks(&self, form: Form) -> Error {
        let known: Vec<_> = self.used().map(|content| content.form.symbol).collect();
        let known = match known.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            Some((last, _)) => (*last).to_owned(),
            None => "no contents at all".to_owned(),
        };
        Error::new(ErrorKind::Value, format!("the table has no {form} for `{}`: it has {known}", self.name))
    }

    /// Refuses numbers that cannot be. The foods of the table are known to be good; those of your own are asked here.
    ///
    /// ```
    /// use menaquinone::food::{Food, Group};
    /// assert_eq!(
    ///     Food::new("cream", Group::Dairy).fat(350.0).check().unwrap_err().to_string(),
    ///     "the fat of `cream` is 350 g in 100 g, but it must be 0 to 100"
    /// );
    /// ```
    ///
    /// # Errors
    /// Fat outside 0 to 100 g, an `f` that is not positive, or a content that cannot be.
    pub fn check(&self) -> Result<()> {
        let name = self.name;
        if let Some(fat) = self.fat.filter(|fat| !(0.0..=100.0).contains(fat)) {
            return Err(Error::value(format!("the fat of `{name}` is {fat} g in 100 g, but it must be 0 to 100")));
        }
        error::positive(format!("the relative f of `{name}`"), self.f, "")?;
        self.contents.iter().try_for_each(|content| content.check(name))
    }
}
