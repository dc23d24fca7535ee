//! The plain text form: a line for each meal.

use super::day::{self, DAYS, Day};
use super::gather::Gathered;
use super::item;
use super::piece::{Piece, Problem};
use crate::food::Shelf;

/// Reads a whole text; the sentence of a problem names its line and column.
pub(super) fn read(text: &str, shelf: &Shelf) -> Result<Gathered, String> {
    let mut reader = Reader { shelf, day: None, gathered: Gathered::default() };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (i, line) in text.lines().enumerate() {
        reader.line(line).map_err(|problem| {
            let column = line[..problem.start].chars().count() + 1;
            format!("line {}, column {column}: {}", i + 1, problem.sentence)
        })?;
    }
    Ok(reader.gathered)
}

struct Reader<'s> {
    shelf: &'s Shelf,
    /// The day that holds until another is named.
    day: Option<Day>,
    gathered: Gathered,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) -> Result<(), Problem> {
        let line = Piece::new(line.split('#').next().unwrap_or_default()).trim();
        if line.is_empty() {
            return Ok(());
        }
        let mut rest = line;
        if let Some((day, after)) = Day::leading(line)? {
            self.gathered.check(day).map_err(|why| line.first_word().0.wrong(&why))?;
            self.day = Some(day);
            rest = after;
        }
        if rest.is_empty() {
            return Ok(()); // a day as a heading
        }
        let (time, items) = rest.first_word();
        let clock = day::clock(time)?;
        let day = self.day.ok_or_else(|| line.problem(format!("no day is named for this line: {DAYS}")))?;
        if items.is_empty() {
            return Err(time.wrong("is followed by nothing: write what was taken, such as `natto 50 g`"));
        }
        self.items(day, clock, items)
    }

    /// Commas part the items. They also stand in names, so an item ends at the first comma after its amount.
    fn items(&mut self, day: Day, clock: f64, items: Piece) -> Result<(), Problem> {
        let mut left = items;
        let ends: Vec<_> = items.text.match_indices(',').map(|(at, _)| at).chain([items.text.len()]).collect();
        for end in ends {
            let at = items.start + end;
            let Some(length) = at.checked_sub(left.start) else { continue };
            let piece = left.cut(length).0.trim();
            if piece.text.matches('"').count() % 2 == 1 {
                continue; // a comma in a name
            }
            let found = item::fasted(piece, self.shelf).or_else(|| {
                item::split(piece).map(|(name, amount)| item::item(name, item::quantity(amount)?, self.shelf))
            });
            if let Some(item) = found {
                if item.is_err()
                    && let Some(number) = decimal_comma(items, end)
                {
                    return Err(number.wrong(&format!(
                        "has a decimal comma, and commas part what was taken: write {}",
                        number.text.replace(',', ".")
                    )));
                }
                self.gathered.push(day, clock, item?);
                left = items.cut((end + 1).min(items.text.len())).1;
            }
        }
        let left = left.trim();
        if left.is_empty() { Ok(()) } else { Err(left.wrong("has no amount: write it last, such as `natto 50 g`")) }
    }
}

/// The number whose decimal comma stands at a byte, if that is one.
fn decimal_comma(items: Piece, comma: usize) -> Option<Piece> {
    let (before, after) = (&items.text[..comma], items.text.get(comma + 1..)?);
    let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_number = start < comma && digits > 0;
    is_number.then(|| items.cut(comma + 1 + digits).0.cut(start).1)
}
