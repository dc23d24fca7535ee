//! The concentrations of many people as a file that other programs read: CSV, or Parquet with that feature.
//!
//! The columns are `id` (whole number), `time` (h) and `conc` (µg/L), a row for each person and time, person after person.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use super::Profiles;
use crate::error::{Error, ErrorKind, Result};
use crate::file::Draft;

/// A file of profiles that is being written: people are appended, and the file takes its place when it is finished.
///
/// The name says the format: `.csv`, or `.parquet` with the feature `parquet`. The columns are `id`, `time` (h) and `conc`
/// (µg/L); both formats keep every bit. What is written goes to a hidden file beside the name until
/// [`finish`](Self::finish), so that half a file can never be taken for a whole one. A file that is dropped before leaves
/// nothing; that of a process that was killed keeps its hidden name, which ends in `.part`.
///
/// ```
/// use menaquinone::{Dose, Population, population::ProfileFile, vitamer::MK7};
/// let people = Population::of(vec![MK7.model(); 4], 1)?;
/// let path = std::env::temp_dir().join("menaquinone-four-people.csv");
/// let mut file = ProfileFile::create(&path)?;
/// for slice in [0..2, 2..4] {
///     file.append(&people.slice(slice)?.simulate(Dose::of(90.0), &[0.0, 24.0])?)?;
/// }
/// file.finish()?;
/// let text = std::fs::read_to_string(&path).expect("the file");
/// assert!(text.starts_with("id,time,conc\n0,0.0,0.0\n0,24.0,"));
/// assert_eq!(text.lines().count(), 9);
/// # std::fs::remove_file(path).expect("the file");
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub struct ProfileFile {
    draft: Draft,
    writer: Writer,
}

enum Writer {
    Csv(csv::Writer<BufWriter<File>>),
    #[cfg(feature = "parquet")]
    Parquet(super::parquet::Writer),
}

impl ProfileFile {
    /// A file that will stand at `path`.
    ///
    /// # Errors
    /// A name that ends in no known format; a folder in which nothing can be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let format = Format::of(path)?;
        let (draft, file) = Draft::create(path)?;
        let writer = match format {
            Format::Csv => csv_writer(file),
            #[cfg(feature = "parquet")]
            Format::Parquet => super::parquet::Writer::new(file).map(Writer::Parquet),
        };
        let writer = writer.map_err(|why| draft.failed(&why))?;
        Ok(Self { draft, writer })
    }

    /// Adds people.
    ///
    /// # Errors
    /// What the system says when it cannot write.
    pub fn append(&mut self, profiles: &Profiles) -> Result<()> {
        let written = match &mut self.writer {
            Writer::Csv(writer) => append_csv(writer, profiles),
            #[cfg(feature = "parquet")]
            Writer::Parquet(writer) => writer.append(profiles),
        };
        written.map_err(|why| self.draft.failed(&why))
    }

    /// Writes the rest and puts the file in its place.
    ///
    /// # Errors
    /// As for [`append`](Self::append); the file is then not there, and what was there before is.
    pub fn finish(self) -> Result<()> {
        let file = match self.writer {
            Writer::Csv(writer) => writer.into_inner().map_err(csv::IntoInnerError::into_error).and_then(whole),
            #[cfg(feature = "parquet")]
            Writer::Parquet(writer) => writer.finish().and_then(whole),
        };
        // On the disk before it has its name: the order that a loss of power must not turn round.
        file.and_then(|file| file.sync_all()).map_err(|why| self.draft.failed(&why))?;
        self.draft.finish()
    }
}

fn whole(buffer: BufWriter<File>) -> io::Result<File> {
    buffer.into_inner().map_err(io::IntoInnerError::into_error)
}

impl Profiles {
    /// Writes all to a `.csv` or, with the feature `parquet`, a `.parquet`: see [`ProfileFile`].
    ///
    /// # Errors
    /// As for [`ProfileFile`]; nothing is then left behind.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut file = ProfileFile::create(path)?;
        file.append(self)?;
        file.finish()
    }

    /// The rows: number of the person, time and concentration.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, f64, f64)> + '_ {
        let people = self.ids.clone().zip(self.conc.chunks_exact(self.times.len()));
        people.flat_map(|(id, conc)| self.times.iter().zip(conc).map(move |(time, conc)| (id, *time, *conc)))
    }
}

enum Format {
    Csv,
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// What the extension of `path` asks for.
    fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Ok(Self::Csv),
            #[cfg(feature = "parquet")]
            Some("parquet") => Ok(Self::Parquet),
            #[cfg(not(feature = "parquet"))]
            Some("parquet") => Err(Error::new(
                ErrorKind::File,
                format!(
                    "the profiles cannot be saved as {}: this program was built without Parquet, so use the feature `parquet` of menaquinone, or a .csv",
                    path.display()
                ),
            )),
            other => {
                let found = other.map_or("has no extension".to_owned(), |other| format!("ends in .{other}"));
                let path = path.display();
                let message = format!(
                    "the profiles cannot be saved as {path}: the name {found}, and profiles are a .csv or a .parquet, so end it in one of these"
                );
                Err(Error::new(ErrorKind::File, message))
            }
        }
    }
}

fn csv_writer(file: File) -> io::Result<Writer> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(BufWriter::new(file));
    writer.write_record(["id", "time", "conc"])?;
    Ok(Writer::Csv(writer))
}

fn append_csv(writer: &mut csv::Writer<BufWriter<File>>, profiles: &Profiles) -> io::Result<()> {
    profiles.rows().try_for_each(|row| writer.serialize(row).map_err(io::Error::from))
}
