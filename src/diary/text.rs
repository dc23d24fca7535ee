//! The plain text form: a line for each meal.

use super::date::Order;
use super::day::{self, DAYS, Day};
use super::gather::Gathered;
use super::item;
use super::piece::{Piece, Problem};
use crate::food::Shelf;

/// Reads a whole text; the sentence of a problem names its line and column.
pub(super) fn read(text: &str, shelf: &Shelf) -> Result<Gathered, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut order = Order::default();
    (1..).zip(text.lines()).for_each(|(number, line)| order.see(number, written(line)));
    let mut gathered = Gathered::default();
    gathered.notes.extend(order.note());
    let mut reader = Reader { shelf, order, day: None, gathered };
    for (i, line) in text.lines().enumerate() {
        reader.line(line).map_err(|problem| {
            let column = line[..problem.start].chars().count() + 1;
            format!("line {}, column {column}: {}", i + 1, problem.sentence)
        })?;
    }
    Ok(reader.gathered)
}

/// A line without its comment.
fn written(line: &str) -> Piece<'_> {
    Piece::new(line.split('#').next().unwrap_or_default()).trim()
}

struct Reader<'s> {
    shelf: &'s Shelf,
    order: Order,
    /// The day that holds until another is named.
    day: Option<Day>,
    gathered: Gathered,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) -> Result<(), Problem> {
        let line = written(line);
        if line.is_empty() {
            return Ok(());
        }
        let mut rest = line;
        if let Some((day, after)) = Day::leading(line, &self.order)? {
            self.gathered.check(day).map_err(|why| line.first_word().0.wrong(&why))?;
            self.day = Some(day);
            rest = after;
        }
        if rest.is_empty() {
            return Ok(()); // a day as a heading
        }
        let (time, items) = time_of(rest);
        let is_line = rest.start == line.start && rest.text.starts_with(char::is_alphabetic);
        let clock = day::clock(time).map_err(|problem| {
            let nothing = format!("is no day and no time of day: {DAYS}, or hours and minutes, such as 08:00");
            if is_line { time.wrong(&nothing) } else { problem }
        })?;
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
                        without_comma(number.text)
                    )));
                }
                if item.is_err()
                    && let Some(problem) = after_amount(piece)
                {
                    return Err(problem);
                }
                self.gathered.push(day, clock, item?);
                left = items.cut((end + 1).min(items.text.len())).1;
            }
        }
        let left = left.trim();
        if left.is_empty() {
            return Ok(());
        }
        let no_amount = || left.wrong("has no amount: write it last, such as `natto 50 g`");
        Err(after_amount(left).unwrap_or_else(no_amount))
    }
}

/// The time of day that a line begins with, with its AM or PM, and what follows.
fn time_of(rest: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    let (time, after) = rest.first_word();
    let (half, items) = after.first_word();
    let is_half = ["am", "pm", "a.m.", "p.m."].iter().any(|known| known.eq_ignore_ascii_case(half.text));
    if is_half { (rest.cut(half.start + half.text.len() - rest.start).0, items) } else { (time, after) }
}

/// What is wrong with a piece in which something follows an amount.
fn after_amount(piece: Piece) -> Option<Problem> {
    let blanks = piece.text.match_indices(char::is_whitespace).map(|(at, _)| at);
    let rest = blanks.into_iter().find_map(|at| {
        let (before, after) = piece.cut(at);
        let bare = before.text.trim_end_matches([';', '+', '.', '&', '/']).trim_end();
        let (name, amount) = item::split(before.cut(bare.len()).0)?;
        (!name.is_empty() && item::quantity(amount).is_ok()).then_some(after.trim())
    })?;
    let rest = rest.cut(rest.text.len() - rest.text.trim_start_matches([';', '+', '&', '/', ' ']).len()).1;
    // `each` is of the amount, and what is wrong with it says who reads the product.
    (!rest.is_empty() && !rest.text.eq_ignore_ascii_case("each")).then(|| {
        rest.wrong("stands after an amount, which ends what was taken: part two things with a comma, such as `natto 50 g, gouda 30 g`, and leave the rest out")
    })
}

/// A number with a point for its comma, or without it where it may part thousands.
fn without_comma(number: &str) -> String {
    let is_thousand = number.split_once(',').is_some_and(|(_, part)| part.len() == 3);
    let point = number.replace(',', ".");
    if is_thousand { format!("{point} or {}", number.replace(',', "")) } else { point }
}

/// The number whose decimal comma stands at a byte, if that is one.
fn decimal_comma(items: Piece, comma: usize) -> Option<Piece> {
    let (before, after) = (&items.text[..comma], items.text.get(comma + 1..)?);
    let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_number = start < comma && digits > 0;
    is_number.then(|| items.cut(comma + 1 + digits).0.cut(start).1)
}
