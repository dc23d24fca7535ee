//! Foods by name, and the nearest names where there is none.

use std::collections::HashMap;

use super::{Food, table};
use crate::error::{Error, ErrorKind, Result, excerpt};

/// Foods that can be asked for by name: those of the table, and yours.
///
/// ```
/// use menaquinone::{food::{Food, Form, Group, Shelf, Source}, vitamer::Basis};
/// const LABEL: Source = Source::new(Basis::Printed, "Japan", "label of the pack");
/// static MINE: Food = Food::new("natto", Group::Soy).fat(10.0).holding(&[Form::MK7.at(775.0).by(LABEL)]);
///
/// let shelf = Shelf::default().and(MINE)?; // in place of the natto of the table
/// assert_eq!(shelf.find("Natto")?.content(Form::MK7)?.typical(), 775.0);
/// assert_eq!(shelf.find("cheese, gouda")?, shelf.find("gouda cheese")?); // the order of the words is free
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Shelf {
    foods: Vec<Food>,
    /// Where the foods of a name stand, by the words of the name.
    by_name: HashMap<String, Vec<usize>>,
    by_alias: HashMap<String, Vec<usize>>,
}

/// The foods of the table.
impl Default for Shelf {
    fn default() -> Self {
        let mut shelf = Self { foods: Vec::new(), by_name: HashMap::new(), by_alias: HashMap::new() };
        table::TABLE.iter().copied().flatten().for_each(|food| shelf.put(*food));
        shelf
    }
}

impl Shelf {
    /// This shelf with one more food, which takes the place of one with the same name.
    ///
    /// # Errors
    /// Whatever [`Food::check`] refuses.
    pub fn and(mut self, food: Food) -> Result<Self> {
        food.check()?;
        match self.by_name.get(&words(food.name)).map(|places| places[0]) {
            Some(place) => self.foods[place] = food,
            None => self.put(food),
        }
        Ok(self)
    }

    /// The food of this name, in any case and with its words in any order.
    ///
    /// ```
    /// use menaquinone::food::Shelf;
    /// let shelf = Shelf::default();
    /// let sentence = |name: &str| shelf.find(name).unwrap_err().to_string();
    /// assert_eq!(sentence("nato"), "`nato` is not a food of the table: did you mean `natto`?");
    /// assert_eq!(
    ///     sentence("hard cheese"),
    ///     "`hard cheese` may be several foods: write `hard cheese (Netherlands)` or `hard cheese (US)`"
    /// );
    /// ```
    ///
    /// # Errors
    /// A name that no food has, with the nearest there are, or one that several foods have.
    pub fn find(&self, name: &str) -> Result<&Food> {
        let words = words(name);
        let places = self.by_name.get(&words).or_else(|| self.by_alias.get(&words)).map_or(&[][..], Vec::as_slice);
        match places {
            [place] => Ok(&self.foods[*place]),
            [] => Err(self.unknown(name)),
            several => {
                let names = either(several.iter().map(|place| self.foods[*place].name));
                let name = excerpt(name);
                Err(Error::new(ErrorKind::Text, format!("`{name}` may be several foods: write {names}")))
            }
        }
    }

    /// Every food, in the order of the table.
    pub fn foods(&self) -> &[Food] {
        &self.foods
    }

    fn put(&mut self, food: Food) {
        let place = self.foods.len();
        self.by_name.entry(words(food.name)).or_default().push(place);
        for alias in food.aliases {
            self.by_alias.entry(words(alias)).or_default().push(place);
        }
        self.foods.push(food);
    }

    #[cold]
    fn unknown(&self, name: &str) -> Error {
        let nearest = self.nearest(name);
        let advice = if nearest.is_empty() {
            "docs/FOODS.md lists the foods, and a product states its vitamer, such as `MK-7 capsule 180 ug`".to_owned()
        } else {
            format!("did you mean {}?", either(nearest.into_iter()))
        };
        let name = excerpt(name);
        Error::new(ErrorKind::Text, format!("`{name}` is not a food of the table: {advice}"))
    }

    /// The names of the foods that sound like this one, the nearest first.
    fn nearest(&self, name: &str) -> Vec<&'static str> {
        let asked = words(&name.chars().take(MOST_LETTERS).collect::<String>());
        let score = |food: &Food| {
            let names = std::iter::once(&food.name).chain(food.aliases);
            names.map(|known| likeness(&asked, &words(known))).fold(0.0, f64::max)
        };
        let mut scored: Vec<_> = self.foods.iter().map(|food| (score(food), food.name)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = scored.first().map_or(0.0, |(score, _)| *score);
        let near = |score: f64| score >= LEAST_LIKENESS && score >= 0.9 * best;
        scored.into_iter().filter(|(score, _)| near(*score)).map(|(_, name)| name).take(3).collect()
    }
}

/// More of a name is neither compared nor repeated in a sentence.
const MOST_LETTERS: usize = 60;

/// From here on a name is worth asking about.
const LEAST_LIKENESS: f64 = 0.6;

/// How alike two names are, 1 being the same: by their letters, or by the words that they share.
fn likeness(asked: &str, known: &str) -> f64 {
    let letters = strsim::normalized_damerau_levenshtein(asked, known);
    let (of_asked, of_known) = (asked.split(' ').count(), known.split(' ').count());
    let shared = known.split(' ').filter(|word| word.len() > 2 && asked.split(' ').any(|other| other == *word)).count();
    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    let words = 1.8 * shared as f64 / (of_asked + of_known) as f64;
    letters.max(words)
}

/// The words of a name in order of the alphabet, in lower case and in the singular: `gouda cheese` is `cheese, gouda`.
fn words(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for word in &mut words {
        *word = word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word);
    }
    words.sort_unstable();
    words.join(" ")
}

/// `a`, `b` or `c`, each in backticks.
fn either<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
