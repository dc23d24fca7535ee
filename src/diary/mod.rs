//! What was eaten and swallowed, and when: as text, as a table, or as code; then the doses and the intake in it.

mod date;
mod day;
mod gather;
mod item;
mod piece;
mod product;
mod report;
mod table;
mod text;

pub use report::DailyIntake;

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use day::Day;

use crate::error::{self, Error, ErrorKind, Result};
use crate::food::{Estimate, Plate, Shelf};
use crate::numeric::sort_by_time;
use crate::regimen::Regimen;
use crate::sheet;
use crate::units::{DAY, HOUR, MINUTE};
use crate::vitamer::Vitamer;

/// Beyond this the days have no numbers.
const MOST_DAYS: f64 = 4e9;

/// What was eaten and swallowed, and when.
///
/// ```
/// use menaquinone::{grid, diary::Diary, units::*, vitamer::MK7};
/// let diary: Diary = "
///     Mon 08:00  natto 50 g, egg yolk 17 g       # one meal
///     Mon 20:00  MK-7 capsule 180 ug
///     Tue        # holds until the next day is named
///     08:00      cheese, gouda 40 g
/// "
/// .parse()?;
/// let doses = diary.regimen(&MK7);
/// assert_eq!(doses.to_string(), "(469.5 ug with 10.0118 g fat at 8h and 180 ug at 20h)");
/// let profile = MK7.model().profile(&doses, &grid(0.0..=WEEK, HOUR))?;
/// # assert!(profile.conc()[30] > 1.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// The text form is described at [`FromStr`](#impl-FromStr-for-Diary), the table at [`read`](Self::read). Both are
/// read whole or not at all, in any order of time, but a weekday that comes round again is refused: there is one week. What is taken
/// at the same time is one meal.
///
/// To a file it goes as its text, which reads back with the same foods: `std::fs::write("week.txt", diary.to_string())`. The
/// [intake](Self::intake) of its days implements serde.
///
/// Time 0 is 0:00 of the earliest date, of Monday, or of day 1. A day has 24 h: clocks that change are not heeded.
#[derive(Debug, Clone)]
pub struct Diary {
    /// Day 0.
    origin: Day,
    /// In order of time, each time once.
    plates: Vec<(f64, Plate)>,
    /// What was left out of a table, and how dates were read.
    notes: Vec<String>,
}

/// Equal if days and plates are, whatever was noted of their tables.
impl PartialEq for Diary {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin && self.plates == other.plates
    }
}

impl Diary {
    /// A diary from plates and their times (h), in any order; the days are counted from 1.
    ///
    /// ```
    /// use menaquinone::{food, diary::Diary, units::*, vitamer::MK7};
    /// let natto = food::find("natto")?.serving(50.0 * GRAM)?;
    /// let diary = Diary::new([8.0, 32.0].map(|time| (time, natto)))?;
    /// assert_eq!(diary, "day 1 08:00 natto 50 g \n day 2 08:00 natto 50 g".parse()?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A time that is negative or not finite, or over a million years away.
    pub fn new<P: Into<Plate>>(plates: impl IntoIterator<Item = (f64, P)>) -> Result<Self> {
        let checked = |(time, plate): (f64, P)| {
            error::non_negative("a time in a diary", time, "h")?;
            if time / DAY >= MOST_DAYS {
                return Err(Error::value(format!(
                    "a time in a diary is {time} h, but no diary goes beyond {MOST_DAYS} days: times are in h"
                )));
            }
            Ok((time + 0.0, plate.into()))
        };
        Ok(Self::sorted(Day::Number(1), plates.into_iter().map(checked).collect::<Result<_>>()?))
    }

    /// Sorts by time and makes one plate of what was taken at once.
    fn sorted(origin: Day, mut timed: Vec<(f64, Plate)>) -> Self {
        sort_by_time(&mut timed);
        let mut plates: Vec<(f64, Plate)> = Vec::with_capacity(timed.len());
        for (time, plate) in timed {
            match plates.last_mut() {
                Some((last, whole)) if *last == time => whole.extend(plate),
                _ => plates.push((time, plate)),
            }
        }
        Self { origin, plates, notes: Vec::new() }
    }

    /// Reads a table: a header, and a row for each item.
    ///
    /// The columns stand in any order: `date` (or `day`), `time`, `food` (or `product`, or both) and `amount`, and where
    /// you like `unit` and `note`; others are left out, and [noted](Self::notes). Cells are separated by commas, semicolons, tabs
    /// or blanks, and where it is not by commas an amount may have a decimal comma. Days, times and amounts are written as in the
    /// text form; a date may also be written as spreadsheets do, if it can be read in one way. A column that says how many (`count`,
    /// `pills`) or whether it was taken (`taken`, `eaten`) is refused where it may change what was taken.
    ///
    /// ```
    /// use menaquinone::diary::Diary;
    /// let table = "time,date,amount,food\n08:00,2026-03-02,50 g,natto\n08:00,2026-03-02,40 g,\"cheese, gouda\"\n";
    /// let diary = Diary::read(table.as_bytes())?;
    /// assert_eq!(diary, "2026-03-02 08:00 natto 50 g, cheese, gouda 40 g".parse()?);
    /// assert_eq!(
    ///     Diary::read(&b"date,time,food,amount\n2026-03-02,25:00,natto,50 g"[..]).unwrap_err().to_string(),
    ///     "cannot read the diary: line 2, column `time`: `25:00` is not a time of day: write hours and minutes from \
    ///      00:00 to 23:59, such as 08:00"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A reader that fails, or the first thing that cannot be read, with its line and column.
    pub fn read(reader: impl Read) -> Result<Self> {
        Shelf::default().read_diary(reader)
    }

    /// Reads a file: a table if its name ends in `.csv` or `.tsv`, and the text form otherwise.
    ///
    /// ```
    /// use menaquinone::{ErrorKind, diary::Diary};
    /// let error = Diary::open("no such folder/week.txt").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::File);
    /// assert!(error.to_string().starts_with("cannot read no such folder/week.txt: "));
    /// ```
    ///
    /// # Errors
    /// A file that cannot be read, or the first thing in it that cannot, with the name of the file, line and column.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Shelf::default().open_diary(path)
    }

    /// What was left out of the table that was read, and the order of dates where another one shows it: a sentence for each, for people
    /// to read.
    ///
    /// ```
    /// use menaquinone::diary::Diary;
    /// let diary = Diary::read(&b"date,time,food,amount,mood\n2026-03-02,08:00,natto,50 g,fine\n"[..])?;
    /// assert_eq!(diary.notes(), ["the column mood is not one of a diary and is left out"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Every plate with its time (h), in order of time.
    pub fn plates(&self) -> &[(f64, Plate)] {
        &self.plates
    }

    /// The typical doses of one vitamer, each with the fat of its meal where that is known.
    ///
    /// Food without a row of this vitamer gives no dose; [`DailyIntake::without`] names it.
    pub fn regimen(&self, vitamer: &Vitamer) -> Regimen {
        self.regimen_at(vitamer, Estimate::Typical)
    }

    /// The doses of one vitamer with every content at one end of its range.
    ///
    /// ```
    /// use menaquinone::{diary::Diary, food::Estimate, vitamer::MK7};
    /// let diary: Diary = "Mon 08:00 natto 100 g".parse()?;
    /// assert_eq!(diary.regimen_at(&MK7, Estimate::High).to_string(), "1.75 mg with 11 g fat at 8h");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn regimen_at(&self, vitamer: &Vitamer, estimate: Estimate) -> Regimen {
        let dose = |(time, plate): &(f64, Plate)| Some((*time, plate.dose(vitamer, estimate)?));
        self.plates.iter().filter_map(dose).collect()
    }

    /// The day that a time (h) falls on, counted from 0, and its name.
    fn day_of(&self, time: f64) -> (u32, String) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast saturates, and no time is negative"
        )]
        let day = (time / DAY).floor() as u32;
        (day, self.origin.name(day))
    }
}

/// Diaries with foods of your own.
impl Shelf {
    /// Reads the text form with the foods of this shelf.
    ///
    /// ```
    /// use menaquinone::{food::{self, Shelf}, vitamer::K1};
    /// let shelf = Shelf::default().and(food::find("kale")?.with_f(0.05))?;
    /// let diary = shelf.diary("Mon 12:30 kale 100 g")?;
    /// assert_eq!(diary.regimen(&K1).to_string(), "19.5 ug with 1.49 g fat at 12.5h");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that cannot be read, with its line and column.
    pub fn diary(&self, text: &str) -> Result<Diary> {
        whole("the diary", text::read(text, self))
    }

    /// Reads a table with the foods of this shelf; see [`Diary::read`].
    ///
    /// # Errors
    /// As for [`Diary::read`].
    pub fn read_diary(&self, reader: impl Read) -> Result<Diary> {
        const NAME: &str = "the diary";
        whole(NAME, table::read(&sheet::read(reader, NAME)?, self))
    }

    /// Reads a file with the foods of this shelf; see [`Diary::open`].
    ///
    /// # Errors
    /// As for [`Diary::open`].
    pub fn open_diary(&self, path: impl AsRef<Path>) -> Result<Diary> {
        let path = path.as_ref();
        let (name, bytes) = sheet::open(path)?;
        let is_table =
            |extension: &std::ffi::OsStr| ["csv", "tsv"].iter().any(|known| extension.eq_ignore_ascii_case(known));
        if path.extension().is_some_and(is_table) {
            return whole(&name, table::read(&bytes, self));
        }
        let text = sheet::text_of(&name, &bytes)?;
        whole(&name, text::read(&text, self))
    }
}

/// The diary, or the sentence about what could not be read, with the name of where it stands.
fn whole(source: &str, read: std::result::Result<gather::Gathered, String>) -> Result<Diary> {
    let gathered = read.map_err(|why| Error::new(ErrorKind::Text, format!("cannot read {source}: {why}")))?;
    Ok(gathered.diary())
}

/// Reads the text form, a line for each meal:
///
/// ```text
/// line    = [ day ] time item { "," item } [ "#" comment ]  |  day
/// day     = 2026-03-02  |  2 March 2026  |  Mon  |  "day" 3    (one kind in a diary; it holds until another is named)
/// time    = 08:00
/// item    = food number ( g | kg | oz )
///         | product number ( ug | µg | mcg | mg ) [ "each" ]
///         | "fasted"                                           (the same as `fat 0 g`)
/// product = MK-4, MK-7 or K1 once, and in any order words such as `capsule`, a count with `x`, a name in quotes
/// ```
///
/// - A date is read in any way that has one reading: `23/03/2026`, `Mar 2, 2026`, `2026-03-02T08:00`. `02/03/2026` has two, unless another
///   date shows the order, which [`notes`](Diary::notes) says.
/// - Names of food are those of `docs/FOODS.md`, in any case and order of words; commas in them do no harm.
/// - `fat 20 g` stands for the fat of whatever else is in the meal.
/// - The words of a product are few, so that none is passed over that changes what is meant: a name of your own stands in
///   quotes. A count multiplies where it says that the amount is of one (`2 x MK-7 capsule 90 ug`, `2 MK-7 capsules 90 ug each`),
///   and is refused where it leaves that open.
/// - Without any food the meal of a product is not stated, which is not the same as `fasted`.
///
/// ```
/// use menaquinone::{diary::Diary, vitamer::MK4};
/// let diary: Diary = "2026-03-02 08:00 MK-4 capsule 15 mg, fasted
///                     2026-03-03 08:00 MK-4 capsule 15 mg, fat 20 g".parse()?;
/// assert_eq!(diary.regimen(&MK4).to_string(), "(15 mg fasted at 8h and 15 mg with 20 g fat at 32h)");
///
/// let two: Diary = "Mon 08:00 2 x MK-7 capsule 90 ug, K1 \"my drops\" 50 ug".parse()?;
/// assert_eq!(two.to_string(), "Mon 08:00 MK-7 capsule 180 ug, K1 \"my drops\" 50 ug\n");
///
/// let sentence = |text: &str| text.parse::<Diary>().unwrap_err().to_string();
/// assert_eq!(
///     sentence("Mon 08:00 nato 50 g"),
///     "cannot read the diary: line 1, column 11: `nato` is not a food of the table: did you mean `natto`?"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
impl FromStr for Diary {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Shelf::default().diary(text)
    }
}

/// 23:59; what is later than that and not yet the next day is rounded to it.
const LAST_MINUTE: f64 = 1439.0;

/// The text form, to the minute.
impl fmt::Display for Diary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plates.iter().try_for_each(|(time, plate)| {
            let (day, name) = self.day_of(*time);
            let minutes = ((time - f64::from(day) * DAY) / MINUTE).round().min(LAST_MINUTE);
            let hours = (minutes * MINUTE / HOUR).floor();
            writeln!(f, "{name} {hours:02}:{:02} {plate}", minutes - hours * HOUR / MINUTE)
        })
    }
}
