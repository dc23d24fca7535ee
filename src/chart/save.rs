//! Pictures on disk: whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// The kinds of file a chart can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Svg,
}

impl Format {
    /// What the extension of `path` asks for.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("png") => Ok(Self::Png),
            Some("svg") => Ok(Self::Svg),
            Some(other) => Err(unknown(path, &format!("ends in .{other}"))),
            None => Err(unknown(path, "has no extension")),
        }
    }
}

fn unknown(path: &Path, found: &str) -> Error {
    let name = path.display();
    let message = format!(
        "the chart cannot be saved as {name}: the name {found}, and a chart is a .png or a .svg, so end it in one of these"
    );
    Error::new(ErrorKind::File, message)
}

/// Writes `bytes` to `path` by way of a new file beside it, so that no one ever sees half a picture.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = draft_of(path);
    let written = write_new(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    written.map_err(|why| {
        // The draft may not exist; what matters is that it does not stay.
        let _ = fs::remove_file(&draft);
        let message = format!("cannot write {}: {why}: {}", path.display(), advice(path, &why));
        Error::new(ErrorKind::File, message)
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)
}

/// A hidden name beside `path` that no other thread or process has.
fn draft_of(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()))
}

fn advice(path: &Path, why: &io::Error) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| "the current folder".to_owned(), |folder| folder.display().to_string());
    match why.kind() {
        io::ErrorKind::NotFound => format!("create the folder {folder} first"),
        io::ErrorKind::NotADirectory => format!("{folder} is not a folder, so choose another place"),
        io::ErrorKind::IsADirectory => "a folder has that name already, so choose another name".to_owned(),
        io::ErrorKind::PermissionDenied => format!("choose a folder other than {folder}, one you may write to"),
        io::ErrorKind::StorageFull => "free some space or choose another disk".to_owned(),
        _ => "choose another name or folder".to_owned(),
    }
}
