//! The words that may describe a product without saying anything about its amount, its form or whether it was taken.

/// In lower case; a name with other words stands in quotes.
const PLAIN: [&str; 46] = [
    "a",
    "all-trans",
    "an",
    "ampoule",
    "as",
    "cap",
    "caps",
    "capsule",
    "capsules",
    "drop",
    "drops",
    "emulsion",
    "gummies",
    "gummy",
    "k",
    "k2",
    "liquid",
    "lozenge",
    "lozenges",
    "natural",
    "of",
    "oil",
    "organic",
    "pill",
    "pills",
    "powder",
    "product",
    "sachet",
    "sachets",
    "softgel",
    "softgels",
    "solution",
    "supplement",
    "supplements",
    "syrup",
    "tab",
    "tablet",
    "tablets",
    "tabs",
    "the",
    "trans",
    "vegan",
    "vegetarian",
    "vit",
    "vitamin",
    "oral",
];

/// Whether a word of the name of a product may stand without quotes.
pub(crate) fn is_plain(word: &str) -> bool {
    let word = word.to_lowercase();
    PLAIN.contains(&word.as_str())
}
