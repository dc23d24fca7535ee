//! What a diary says, line by line, until it is whole.

use super::Diary;
use super::day::Day;
use crate::food::{Item, Plate};
use crate::units::DAY;

/// Everything that was read so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: Vec<(Day, f64, Item)>,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

impl Gathered {
    /// Adds an item on a day at a time of day (h).
    pub(super) fn push(&mut self, day: Day, clock: f64, item: Item) {
        self.entries.push((day, clock, item));
    }

    /// Refuses a day that is named in another way than those before it.
    pub(super) fn check(&self, day: Day) -> Result<(), String> {
        match self.entries.first() {
            Some((first, ..)) if first.kind() != day.kind() => {
                Err(format!("is {}, but the diary began with {}: name all days in one way", day.kind(), first.kind()))
            }
            _ => Ok(()),
        }
    }

    /// The diary in order of time; what was taken at the same time is one plate.
    pub(super) fn diary(self) -> Diary {
        let origin = self.entries.iter().map(|(day, ..)| *day).min().map_or(Day::Number(1), Day::origin);
        let timed = self.entries.into_iter().map(|(day, clock, item)| {
            let time = f64::from(day.since(origin)) * DAY + clock;
            (time, Plate::from(item))
        });
        Diary { notes: self.notes, ..Diary::sorted(origin, timed.collect()) }
    }
}
