//! The table form: CSV with a header, a row for each item.

use csv::{Position, ReaderBuilder, StringRecord, Trim};

use super::day::{self, Day};
use super::gather::Gathered;
use super::item;
use super::piece::{Piece, Problem};
use crate::error::excerpt;
use crate::food::{Item, Shelf};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Day,
    Time,
    What,
    Amount,
    Unit,
    Note,
}

impl Column {
    const NEEDED: [(Self, &str); 4] =
        [(Self::Day, "date"), (Self::Time, "time"), (Self::What, "food"), (Self::Amount, "amount")];

    fn named(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "date" | "day" => Some(Self::Day),
            "time" => Some(Self::Time),
            "food" | "product" | "item" | "food or product" => Some(Self::What),
            "amount" => Some(Self::Amount),
            "unit" => Some(Self::Unit),
            "note" | "notes" | "comment" => Some(Self::Note),
            _ => None,
        }
    }
}

/// Reads a whole table; the sentence of a problem names its line and the column.
pub(super) fn read(text: &str, shelf: &Shelf) -> Result<Gathered, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .trim(Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(text, &error))?.clone();
    let columns =
        columns(&header).map_err(|sentence| format!("line {}{sentence}", line_of(text, header.position())))?;
    let mut table = Table { shelf, header, columns, gathered: Gathered::default() };
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| unreadable(text, &error))? {
        let place = |sentence| format!("line {}, {sentence}", line_of(text, record.position()));
        table.record(&record).map_err(place)?;
    }
    Ok(table.gathered)
}

/// The header says what parts the cells: a comma, a semicolon or a tab.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

fn columns(header: &StringRecord) -> Result<Vec<Column>, String> {
    const COLUMNS: &str =
        "the columns are date (or day), time, food (or product), amount, and where you like unit and note";
    let read = |name: &str| {
        Column::named(name).ok_or_else(|| format!(", column `{}`: not a column of a diary: {COLUMNS}", excerpt(name)))
    };
    let columns: Vec<_> = header.iter().map(read).collect::<Result<_, _>>()?;
    for (needed, name) in Column::NEEDED {
        if !columns.contains(&needed) {
            return Err(format!(": there is no column `{name}`: {COLUMNS}"));
        }
    }
    for (i, name) in header.iter().enumerate() {
        if columns[..i].contains(&columns[i]) && columns[i] != Column::Note && columns[i] != Column::What {
            return Err(format!(", column `{name}`: another column says the same: leave one of them out"));
        }
    }
    Ok(columns)
}

struct Table<'s> {
    shelf: &'s Shelf,
    header: StringRecord,
    columns: Vec<Column>,
    gathered: Gathered,
}

impl Table<'_> {
    fn record(&mut self, record: &StringRecord) -> Result<(), String> {
        let at = |column| self.cell(record, column);
        let day = Day::cell(at(Column::Day)).map_err(|problem| self.problem(Column::Day, &problem))?;
        self.gathered.check(day).map_err(|why| self.problem(Column::Day, &at(Column::Day).wrong(&why)))?;
        let clock = day::clock(at(Column::Time)).map_err(|problem| self.problem(Column::Time, &problem))?;
        let item = self.item(at(Column::What), &format!("{} {}", at(Column::Amount).text, at(Column::Unit).text))?;
        self.gathered.push(day, clock, item);
        Ok(())
    }

    fn item(&self, name: Piece, amount: &str) -> Result<Item, String> {
        let of_name = |problem| self.problem(Column::What, &problem);
        if let Some(fasted) = item::fasted(name, self.shelf) {
            return fasted.map_err(of_name);
        }
        let quantity = item::quantity(Piece::new(amount.trim()));
        let quantity = quantity.map_err(|problem| self.problem(Column::Amount, &problem))?;
        item::item(name, quantity, self.shelf).map_err(of_name)
    }

    /// The first cell under such a header that is not empty.
    fn cell<'r>(&self, record: &'r StringRecord, column: Column) -> Piece<'r> {
        let cells = self.columns.iter().zip(record).filter(|(known, _)| **known == column).map(|(_, cell)| cell);
        Piece::new(cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default())
    }

    fn problem(&self, column: Column, problem: &Problem) -> String {
        let place = self.columns.iter().position(|known| *known == column).unwrap_or(0);
        format!("column `{}`: {}", excerpt(&self.header[place]), problem.sentence)
    }
}

/// The line on which a record begins. Its position is where the reader went on from, before empty lines and comments.
#[cold]
fn line_of(text: &str, position: Option<&Position>) -> u64 {
    let Some(position) = position else { return 1 };
    let from = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let is_skipped = |line: &&str| line.is_empty() || line.starts_with('#');
    position.line() + from.lines().take_while(is_skipped).map(|_| 1).sum::<u64>()
}

/// What the CSV itself lacks.
#[cold]
fn unreadable(text: &str, error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = line_of(text, pos.as_ref());
            format!(
                "line {line}: there are {len} cells, but the header has {expected_len}: put a name with a comma in quotes"
            )
        }
        _ => error.to_string(),
    }
}
