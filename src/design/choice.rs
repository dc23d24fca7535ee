//! What is chosen among candidates, and what a choice is worth.

/// For each arm the numbers of the candidates that are taken.
pub(super) type Choice = Vec<Vec<usize>>;

/// What a choice is worth, and what it would be worth with another sample.
pub(super) trait Tally {
    /// The value of a choice, which further calls are about.
    fn begin(&mut self, choice: &Choice) -> Option<f64>;

    /// Its value if in these arms the sample of a slot were that of a candidate.
    fn trial(&mut self, arms: &[usize], slot: usize, candidate: usize) -> Option<f64>;
}
