//! Files that are whole or not there: what charts, profiles and the command line write.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// Writes a file that is whole or not there: it gets its name, and takes the place of what had that name, when all is written. A
/// folder that is not there is made, but not the folder of that folder.
///
/// ```
/// use menaquinone::{Dose, file, vitamer::MK7};
/// let profile = MK7.model().profile(Dose::of(90.0), &[0.0, 4.0])?;
/// let path = std::env::temp_dir().join("menaquinone-file-write.csv");
/// file::write(&path, profile.to_csv())?;
/// assert!(std::fs::read_to_string(&path).expect("the file").starts_with("time_h,conc_ug_per_L\n0,0\n4,"));
/// # std::fs::remove_file(path).expect("the file");
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// What the system says when it cannot write, and what to do.
pub fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Result<()> {
    let (draft, mut file) = Draft::create(path.as_ref())?;
    file.write_all(contents.as_ref()).map_err(|why| draft.failed(&why))?;
    drop(file);
    draft.finish()
}

/// A new file beside the place where it shall be, under a hidden name that no other thread or process has. It takes its
/// place when it is whole; a draft that is dropped before goes.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    hidden: PathBuf,
    /// The folder that was made for it.
    made: Option<PathBuf>,
    finished: bool,
}

impl Draft {
    /// A draft of `path`, and the file to write to. A folder that is not there is made, but for one whose own folder is not
    /// there either: that is a slip.
    pub(crate) fn create(path: &Path) -> Result<(Self, File)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hidden = path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()));
        // A folder of that name is refused before hours of work and not after.
        if path.is_dir() {
            return Err(cannot_write(path, &io::ErrorKind::IsADirectory.into()));
        }
        let made = folder_of(path).filter(|folder| fs::create_dir(folder).is_ok()).map(Path::to_owned);
        let draft = Self { path: path.to_owned(), hidden, made, finished: false };
        let file = OpenOptions::new().write(true).create_new(true).open(&draft.hidden);
        let file = file.map_err(|why| cannot_write(path, &why))?;
        Ok((draft, file))
    }

    /// Puts the file in its place, over what was there.
    pub(crate) fn finish(mut self) -> Result<()> {
        fs::rename(&self.hidden, &self.path).map_err(|why| cannot_write(&self.path, &why))?;
        self.finished = true;
        Ok(())
    }

    /// The error of a failure to write it.
    pub(crate) fn failed(&self, why: &io::Error) -> Error {
        cannot_write(&self.path, why)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            // The draft may not exist; what matters is that it does not stay.
            let _ = fs::remove_file(&self.hidden);
            // It goes only if nobody has put anything else there.
            self.made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        }
    }
}

/// The folder of a file, if it is not the current one.
fn folder_of(path: &Path) -> Option<&Path> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty())
}

fn cannot_write(path: &Path, why: &io::Error) -> Error {
    let message = format!("cannot write {}: {why}: {}", path.display(), advice(path, why));
    Error::new(ErrorKind::File, message)
}

fn advice(path: &Path, why: &io::Error) -> String {
    let folder = folder_of(path).map_or_else(|| "the current folder".to_owned(), |folder| folder.display().to_string());
    match why.kind() {
        io::ErrorKind::NotFound => format!("create the folder {folder} first"),
        io::ErrorKind::NotADirectory => format!("{folder} is not a folder, so choose another place"),
        io::ErrorKind::IsADirectory => "a folder has that name already, so choose another name".to_owned(),
        io::ErrorKind::PermissionDenied => format!("choose a folder other than {folder}, one you may write to"),
        io::ErrorKind::StorageFull => "free some space or choose another disk".to_owned(),
        _ => "choose another name or folder".to_owned(),
    }
}
