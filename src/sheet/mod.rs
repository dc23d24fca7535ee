//! Delimited text: how a file falls into rows and cells, and what a cell may say. Every reader of tables stands on it.
//!
//! `source` makes one text of whatever a file holds, `line` parts its lines, and `head` finds its header. `page` is the sheet itself,
//! which `rows` walks, but for a row of units `below` the header. `cell` is what stands in a cell, and `odd` reads numbers with a comma, with `style` where that may mean two
//! things; `clock` and `date` read times, `infused` knows the names of infusions, and `unit` the
//! units of headers and cells.

mod below;
mod cell;
mod clock;
mod date;
mod head;
mod infused;
mod line;
mod odd;
mod page;
mod rows;
mod source;
mod style;
mod unit;

pub(crate) use cell::{NUMBER, Read, UTF8, below, count, found, is_missing, number, text};
pub(crate) use clock::{Stamp, duration, stamp, time_of_day};
pub(crate) use date::{CALENDAR, Day, day, month};
pub(crate) use infused::{is_duration, is_rate};
pub(crate) use page::{Sheet, of_an_id, plain};
pub(crate) use rows::Row;
pub(crate) use source::{open, read, text_of};
pub(crate) use unit::{headed, of_amount, of_conc, of_rate, of_time, united};
