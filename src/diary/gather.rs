//! What a diary says, line by line, until it is whole.

use super::Diary;
use super::day::Day;
use crate::food::{Item, Plate};
use crate::units::DAY;

/// Everything that was read so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: Vec<(Day, f64, Item)>,
    /// The weekdays that were named, and the last day.
    named: Vec<Day>,
    /// What was left out, and how dates were read.
    pub(super) notes: Vec<String>,
}

impl Gathered {
    /// Adds an item on a day at a time of day (h).
    pub(super) fn push(&mut self, day: Day, clock: f64, item: Item) {
        self.entries.push((day, clock, item));
    }

    /// Refuses a day that is named in another way than those before it, and a weekday that comes round again: there is one week.
    pub(super) fn check(&mut self, day: Day) -> Result<(), String> {
        if let Some((first, ..)) = self.entries.first()
            && first.kind() != day.kind()
        {
            return Err(format!(
                "is {}, but the diary began with {}: name all days in one way",
                day.kind(),
                first.kind()
            ));
        }
        if !matches!(day, Day::Weekday(_)) || self.named.last() == Some(&day) {
            return Ok(());
        }
        if self.named.contains(&day) {
            return Err("was named before another day, and a weekday is one day of one week: write dates such as \
                        2026-03-02 for a second week, or the lines of a day together"
                .into());
        }
        self.named.push(day);
        Ok(())
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
