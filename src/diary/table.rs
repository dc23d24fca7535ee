//! The table form: a header, and a row for each item.

use super::date::Order;
use super::day::{self, Day};
use super::gather::Gathered;
use super::item;
use super::piece::{Piece, Problem};
use crate::error::{Error, Result, excerpt};
use crate::food::{Item, Shelf};
use crate::sheet::{Row, Sheet, united};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Day,
    Time,
    What,
    Amount,
    Unit,
    Note,
    /// How many there were, of which the amount does not say whether it is that of one.
    Count,
    /// Whether it was taken, and whether it was not.
    Taken,
    Missed,
}

impl Column {
    const NEEDED: [(Self, &str); 4] =
        [(Self::Day, "date"), (Self::Time, "time"), (Self::What, "food"), (Self::Amount, "amount")];

    fn named(name: &str) -> Option<Self> {
        Self::known(name).or_else(|| {
            let (bare, _) = united(name)?;
            Self::known(bare).filter(|column| *column == Self::Amount)
        })
    }

    fn known(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "date" | "day" | "weekday" => Some(Self::Day),
            "time" => Some(Self::Time),
            "food" | "product" | "item" | "food or product" => Some(Self::What),
            "amount" | "dose" => Some(Self::Amount),
            "unit" | "units" => Some(Self::Unit),
            "note" | "notes" | "comment" => Some(Self::Note),
            "taken" | "status" | "eaten" | "consumed" | "swallowed" | "compliance" | "adherence" => Some(Self::Taken),
            "missed" | "skipped" | "forgotten" | "not taken" | "not eaten" => Some(Self::Missed),
            name => is_count(name).then_some(Self::Count),
        }
    }
}

/// Whether a name in lower case says how many: `capsules`, `number of pills`, `no. of servings`, `# tablets`.
fn is_count(name: &str) -> bool {
    const COUNTS: [&str; 6] = ["count", "quantity", "qty", "number", "no.", "how many"];
    const COUNTED: [&str; 13] = [
        "pieces", "servings", "portions", "capsules", "caps", "tablets", "tabs", "pills", "softgels", "drops",
        "gummies", "doses", "units",
    ];
    const BEFORE: [&str; 8] = ["number of ", "no. of ", "no of ", "count of ", "# of ", "#", "no. ", "how many "];
    let bare = BEFORE.into_iter().find_map(|before| name.strip_prefix(before)).unwrap_or(name).trim();
    COUNTS.contains(&name) || COUNTED.contains(&bare) || bare != name && COUNTED.contains(&format!("{bare}s").as_str())
}

/// What errors call the table; whoever reads it gives it its name.
const NAME: &str = "table";

/// Reads a whole table; the sentence of a problem names its line and the column.
pub(super) fn read(bytes: &[u8], shelf: &Shelf) -> std::result::Result<Gathered, String> {
    read_sheet(bytes, shelf).map_err(|error| {
        let sentence = error.to_string();
        sentence.strip_prefix("table, ").map_or_else(|| sentence.clone(), String::from)
    })
}

fn read_sheet(bytes: &[u8], shelf: &Shelf) -> Result<Gathered> {
    let has = |names: &[String], column| names.iter().any(|name| Column::named(name) == Some(column));
    let sheet = Sheet::of(NAME, bytes, |names| Column::NEEDED.iter().all(|(needed, _)| has(names, *needed)))?;
    let columns = columns(&sheet)?;
    let unit =
        sheet.names().iter().filter(|name| Column::named(name) == Some(Column::Amount)).find_map(|name| united(name));
    let unit = unit.map(|(_, unit)| unit.into_owned()).unwrap_or_default();
    let (gathered, order) = (Gathered::default(), Order::default());
    let mut table = Table { shelf, names: sheet.names(), columns, unit, order, gathered };
    let others = table.columns.iter().zip(sheet.names()).filter(|(column, name)| column.is_none() && !name.is_empty());
    let notes = others.map(|(_, name)| format!("the column {name} is not one of a diary and is left out"));
    let above = sheet.notes().iter().map(|note| note.trim_start_matches("table, ").to_owned());
    table.gathered.notes = above.chain(notes).collect();
    table.look_over(&sheet);
    let mut rows = sheet.rows();
    while let Some(row) = rows.read()? {
        table.row(row)?;
    }
    Ok(table.gathered)
}

fn columns(sheet: &Sheet<'_>) -> Result<Vec<Option<Column>>> {
    const COLUMNS: &str =
        "the columns are date (or day), time, food (or product), amount, and where you like unit and note";
    let columns: Vec<_> = sheet.names().iter().map(|name| Column::named(name)).collect();
    for (needed, name) in Column::NEEDED {
        if !columns.contains(&Some(needed)) {
            return Err(sheet.error_of_header(&format!("there is no column `{name}`: {COLUMNS}")));
        }
    }
    for (i, name) in sheet.names().iter().enumerate() {
        let is_named = sheet.names()[..i].iter().any(|before| before.eq_ignore_ascii_case(name));
        let may_repeat = match columns[i] {
            None | Some(Column::Note) => true,
            Some(Column::What) => !is_named,
            _ => false,
        };
        if columns[..i].contains(&columns[i]) && !may_repeat {
            let why = "another column says the same: leave one of them out";
            return Err(sheet.error_at((sheet.line(), &quoted(name)), why));
        }
    }
    Ok(columns)
}

/// A name as it stands in sentences.
fn quoted(name: &str) -> String {
    format!("`{}`", excerpt(name))
}

struct Table<'s> {
    shelf: &'s Shelf,
    names: &'s [String],
    columns: Vec<Option<Column>>,
    /// The unit of amounts that the header names, or nothing.
    unit: String,
    order: Order,
    gathered: Gathered,
}

const COUNT: &str = "the amount may be that of one or of all: write the amount of all, and leave this column out";

impl Table<'_> {
    /// Looks at the dates of all rows for the order of day and month.
    fn look_over(&mut self, sheet: &Sheet<'_>) {
        let mut rows = sheet.rows();
        // What is wrong with a row is said when it is read.
        while let Ok(Some(row)) = rows.read() {
            if let Ok(cell) = self.cell(row, Column::Day) {
                self.order.see(row.line(), cell);
            }
        }
        self.gathered.notes.extend(self.order.note());
    }

    fn row(&mut self, row: Row<'_>) -> Result<()> {
        self.check_other(row)?;
        let (day_cell, time_cell) = (self.cell(row, Column::Day)?, self.cell(row, Column::Time)?);
        let day = Day::cell(day_cell, &self.order).map_err(|problem| self.problem(row, Column::Day, &problem))?;
        let named = self.gathered.check(day);
        let wrong = |column, problem: &Problem| self.problem(row, column, problem);
        named.map_err(|why| wrong(Column::Day, &day_cell.wrong(&why)))?;
        let clock = day::clock(time_cell).map_err(|problem| wrong(Column::Time, &problem))?;
        let item = self.item(row)?;
        self.gathered.push(day, clock, item);
        Ok(())
    }

    /// Refuses what a column beside the others says that would change what was taken.
    fn check_other(&self, row: Row<'_>) -> Result<()> {
        const TAKEN: &str = "a row is what was taken: leave out what was not, and this column";
        const RULES: [(Column, &[&str], &str); 3] = [
            (Column::Count, &["1"], COUNT),
            (Column::Taken, &["yes", "y", "true", "1", "x", "taken", "eaten", "full", "100%", "100 %"], TAKEN),
            (Column::Missed, &["no", "n", "false", "0"], TAKEN),
        ];
        for (column, allowed, rule) in RULES {
            let cell = self.cell(row, column)?;
            if !cell.is_empty() && !allowed.iter().any(|word| word.eq_ignore_ascii_case(cell.text.trim())) {
                return Err(self.problem(
                    row,
                    column,
                    &cell.problem(format!("found `{}`, but {rule}", excerpt(cell.text))),
                ));
            }
        }
        Ok(())
    }

    /// Refuses a row with two things, which has one amount.
    fn check_one(&self, row: Row<'_>) -> Result<()> {
        let mut first = None;
        for (place, _) in (0..).zip(&self.columns).filter(|(_, known)| **known == Some(Column::What)) {
            let Some(text) = row.text(place)? else { continue };
            if let Some((before, known)) = first.replace((place, text)) {
                let (before, known) = (quoted(&self.names[before]), excerpt(known));
                let why = format!(
                    "found `{}` beside `{known}` under {before}, and there is one amount: write each in a row of its own",
                    excerpt(text)
                );
                return Err(row.error_at(&quoted(&self.names[place]), &why));
            }
        }
        Ok(())
    }

    fn item(&self, row: Row<'_>) -> Result<Item> {
        self.check_one(row)?;
        let name = self.cell(row, Column::What)?;
        let of_name = |problem| self.problem(row, Column::What, &problem);
        if let Some(fasted) = item::fasted(name, self.shelf) {
            return fasted.map_err(of_name);
        }
        let of_amount = |problem| self.problem(row, Column::Amount, &problem);
        let amount = amount(row, self.cell(row, Column::Amount)?).map_err(of_amount)?;
        let unit = self.unit(row)?;
        let is_bare = unit.is_empty() && amount.ends_with(|c: char| c.is_ascii_digit());
        let amount = format!("{amount} {}", if is_bare { &self.unit } else { unit });
        let quantity = item::quantity(Piece::new(amount.trim())).map_err(of_amount)?;
        item::item(name, quantity, self.shelf).map_err(of_name)
    }

    /// The unit in a column of its own, which some call `units` and write the count there.
    fn unit<'r>(&self, row: Row<'r>) -> Result<&'r str> {
        let cell = self.cell(row, Column::Unit)?;
        match cell.text.parse::<f64>() {
            Ok(1.0) => Ok(""),
            Ok(_) => {
                let problem = cell.problem(format!("found `{}`, but {COUNT}", excerpt(cell.text)));
                Err(self.problem(row, Column::Unit, &problem))
            }
            Err(_) => Ok(cell.text),
        }
    }

    /// The first cell under such a header that says something.
    fn cell<'r>(&self, row: Row<'r>, column: Column) -> Result<Piece<'r>> {
        let places = (0..).zip(&self.columns).filter(|(_, known)| **known == Some(column));
        for (place, _) in places {
            if let Some(text) = row.text(place)? {
                return Ok(Piece::new(text));
            }
        }
        Ok(Piece::new(""))
    }

    #[cold]
    fn problem(&self, row: Row<'_>, column: Column, problem: &Problem) -> Error {
        let place = self.columns.iter().position(|known| *known == Some(column)).unwrap_or(0);
        row.error_at(&quoted(&self.names[place]), &problem.sentence)
    }
}

/// An amount with a decimal point where it has a comma.
fn amount(row: Row<'_>, cell: Piece) -> std::result::Result<String, Problem> {
    let end = cell.text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let (number, unit) = cell.cut(end);
    if !number.text.contains(',') {
        return Ok(cell.text.to_owned());
    }
    match row.value(number.text.as_bytes()) {
        Ok(Some(value)) => Ok(format!("{value}{}", unit.text)),
        Ok(None) => Ok(cell.text.to_owned()),
        Err(rule) => Err(number.wrong(&format!("is no number: {rule}"))),
    }
}
