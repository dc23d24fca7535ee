//! Pictures on disk: whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::file::Draft;

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
    let (draft, mut file) = Draft::create(path)?;
    file.write_all(bytes).map_err(|why| draft.failed(&why))?;
    draft.finish()
}
