//! Why nothing was done.

use std::fmt::Display;

/// A sentence, and the code with which the process leaves.
#[derive(Debug)]
pub struct Refusal {
    pub sentence: String,
    pub code: u8,
}

pub type Result<T, E = Refusal> = std::result::Result<T, E>;

/// The command line asks for what cannot be.
pub fn usage(why: impl Display) -> Refusal {
    Refusal { sentence: why.to_string(), code: 2 }
}

/// A file or a number is refused.
pub fn data(why: impl Display) -> Refusal {
    Refusal { sentence: why.to_string(), code: 1 }
}

/// What the library calls by the names of its own, in the words of the command line.
const WORDS: [(&str, &str); 22] = [
    ("Reader::ignoring", "--ignore"),
    ("Reader::using", "--use"),
    ("Reader::dialect(Dialect::Monolix)", "--dialect monolix"),
    ("Reader::dialect(Dialect::Pmetrics)", "--dialect pmetrics"),
    ("Columns::profile", "--profile"),
    ("Columns::only", "--only"),
    ("Columns::time", "--time"),
    ("Columns::dose", "--dose-column"),
    ("name the column with its unit in Columns", "give --time-unit, --conc-unit or --dose-unit"),
    ("Model::with_meal_effect", "--model"),
    (
        "with `below`, such as BelowLimit::ZERO or BelowLimit::DROP_MIDDLE",
        "with --below, such as --below zero or drop-middle",
    ),
    ("see `at_dose`", "see --at-dose"),
    (" (Theory::with_error), which", " (--cv or --sd), which"),
    ("(Theory::with_error)", "(--cv or --sd)"),
    (": make a number free, as in `cl: free(1.2)`", ": name what is sought by --free"),
    (": name it with `after`", ""),
    ("name it with `dose`", "give --dose or --dose-column"),
    ("name it with `tau`", "give --tau"),
    ("name it with `threshold`", "give --threshold"),
    ("name it with `window`", "give --window"),
    (
        "name their kind with Sampled::of_table_by, or read all kinds by of_table_with_kinds",
        "fit people by a --theory that has an error for each kind, such as [errors.2], or keep one kind in the table",
    ),
    (", or leave them out by Table::without", ", or leave them out of a fit of people by --without"),
];

/// A sentence of the library as a user of the command line can act on it.
pub fn in_words(sentence: &str) -> String {
    WORDS.iter().fold(sentence.to_owned(), |sentence, (own, here)| sentence.replace(own, here))
}

impl From<menaquinone::Error> for Refusal {
    fn from(error: menaquinone::Error) -> Self {
        data(in_words(&error.to_string()))
    }
}
