//! One thing in a diary: a food with its mass, or a product with the amount of its vitamer.

use super::piece::{Piece, Problem};
use super::product::names_vitamer;
use crate::food::{Item, KILOGRAM, OUNCE, Shelf};
use crate::units::{GRAM, MG, UG};

/// Every spelling of a unit, in lower case, and its size.
type Units = &'static [(&'static [&'static str], f64)];
const OF_FOOD: Units = &[(&["g", "gram", "grams"], GRAM), (&["kg"], KILOGRAM), (&["oz", "ounce", "ounces"], OUNCE)];
const OF_VITAMERS: Units = &[(&["ug", "\u{b5}g", "\u{3bc}g", "mcg"], UG), (&["mg"], MG)];

/// An amount (µg), and whether its unit is one of food.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantity {
    amount: f64,
    is_food: bool,
    /// Whether it is said to be that of one of several.
    each: bool,
}

/// A text without `each` at its end, and whether it was there.
fn without_each(text: &str) -> (&str, bool) {
    let text = text.trim_end();
    let cut = text.len().checked_sub(5).filter(|at| text.is_char_boundary(*at));
    let each = cut.map(|at| text.split_at(at)).filter(|(_, end)| end.eq_ignore_ascii_case(" each"));
    each.map_or((text, false), |(before, _)| (before.trim_end(), true))
}

/// The name and the amount in a piece that ends in an amount.
pub(super) fn split(piece: Piece) -> Option<(Piece, Piece)> {
    let (text, _) = without_each(piece.text);
    let number = text.trim_end_matches(char::is_alphabetic).trim_end();
    let start = number
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + number[space..].chars().next().map_or(1, char::len_utf8));
    let (name, amount) = piece.cut(start);
    is_number(&number[start..]).then(|| (name.trim(), amount.trim()))
}

/// Rust would also read `inf` and `NaN` as numbers.
fn is_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

/// `50 g`, `180ug`.
pub(super) fn quantity(piece: Piece) -> Result<Quantity, Problem> {
    let (text, each) = without_each(piece.text);
    let number = text.trim_end_matches(char::is_alphabetic).trim_end();
    let unit = piece.cut(text.len()).0.cut(number.len()).1.trim();
    if !is_number(number) {
        return Err(
            piece.wrong("is not an amount: write a number and a unit, such as 50 g of a food or 180 ug of MK-7")
        );
    }
    if unit.is_empty() {
        return Err(piece.wrong(&format!("has no unit: {UNITS}")));
    }
    let spelling = unit.text.to_lowercase();
    let size = |units: Units| units.iter().find(|(names, _)| names.contains(&spelling.as_str())).map(|(_, size)| *size);
    let (size, is_food) = match (size(OF_FOOD), size(OF_VITAMERS)) {
        (Some(size), _) => (size, true),
        (_, Some(size)) => (size, false),
        _ => return Err(unit.wrong(&format!("is not a unit: {UNITS}"))),
    };
    let amount = number.parse().map_or(f64::NAN, |number: f64| number * size);
    if amount.is_finite() && amount >= 0.0 {
        Ok(Quantity { amount: amount + 0.0, is_food, each }) // adding zero turns -0 into 0
    } else {
        Err(piece.wrong("is not an amount: write a finite number, zero or above"))
    }
}

/// What to write for a unit.
const UNITS: &str = "write g, kg or oz for a food, and ug, mcg or mg for a vitamer";

/// A food with a mass, or a product with the amount of its vitamer.
pub(super) fn item(name: Piece, quantity: Quantity, shelf: &Shelf) -> Result<Item, Problem> {
    if name.is_empty() {
        return Err(name.problem("the amount stands alone: write what was taken before it, such as `natto 50 g`"));
    }
    if !quantity.is_food {
        return product(name, quantity, shelf);
    }
    if quantity.each {
        return Err(name.wrong("is a food, and its amount is of all that was eaten: leave out `each`"));
    }
    serving(name, quantity.amount, shelf)
}

/// An empty stomach: a meal without fat.
pub(super) fn fasted(word: Piece, shelf: &Shelf) -> Option<Result<Item, Problem>> {
    word.text.eq_ignore_ascii_case("fasted").then(|| serving(Piece { text: "fat", ..word }, 0.0, shelf))
}

fn serving(name: Piece, mass: f64, shelf: &Shelf) -> Result<Item, Problem> {
    let food = shelf.find(name.text).map_err(|unknown| not_food(name, shelf, &unknown.to_string()))?;
    food.serving(mass).map(Item::Serving).map_err(|error| name.problem(error.to_string()))
}

/// The nearest names, or what is more likely to be the matter.
#[cold]
fn not_food(name: Piece, shelf: &Shelf, unknown: &str) -> Problem {
    if names_vitamer(name) {
        return name.wrong("names a vitamer, so its amount is in ug, mcg or mg, such as `MK-7 180 ug`");
    }
    if let Some((first, _)) = name.text.split_once(',')
        && shelf.find(first).is_ok()
    {
        return name.cut(first.len()).0.wrong("has no amount: write it last, such as `natto 50 g`");
    }
    name.problem(unknown)
}

fn product(name: Piece, quantity: Quantity, shelf: &Shelf) -> Result<Item, Problem> {
    if !names_vitamer(name) && shelf.find(name.text).is_ok() {
        return Err(name.wrong("is a food, so its amount is in g, kg or oz"));
    }
    super::product::product(name, quantity.amount, quantity.each).map(Item::Product)
}
