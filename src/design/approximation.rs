//! How the information of a person is formed.

use std::fmt;

/// How the expected information of one person is formed, and of which numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approximation {
    /// One person's own numbers, as if nobody differed: `sum (f_a f_b / R + R_a R_b / (2 R^2))`, exact for a normal error. The numbers are those
    /// that are free.
    Person,
    /// Of people, by a line in the deviations about none (FO): the mean tells the typical numbers and the variance the spread and the error, each
    /// apart. This is the reduced, or block, form, which other programs start from.
    Reduced,
    /// Of people, by that line, where the variance tells of the typical numbers too. For curves that bend in the deviations it promises too much (Nyberg and
    /// others 2015, doi:10.1111/bcp.12352).
    Full,
    /// Of people, by a line about the deviations of drawn people, averaged over them, in the reduced form: what fits about the modes see. The slope by a
    /// typical number is that at the same deviations, which nobody knows: so a number that varies is never told better than the spread between people
    /// allows.
    Modes {
        /// How many people are drawn.
        draws: u32,
        /// The seed of the draws.
        seed: u64,
    },
    /// One person who is known to be of the people: the deviations, with what the people tell beforehand (`omega^-1`) added. The numbers are the
    /// deviations.
    Posterior,
}

impl fmt::Display for Approximation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person => out.write_str("one person's numbers"),
            Self::Reduced => out.write_str("people, first order, mean and variance apart"),
            Self::Full => out.write_str("people, first order, in full"),
            Self::Modes { draws, .. } => write!(out, "people, about the modes of {draws} drawn"),
            Self::Posterior => out.write_str("one person of the people"),
        }
    }
}
