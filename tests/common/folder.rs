//! A folder of one test's own.

use std::fs;
use std::path::PathBuf;

/// A folder of one test's own, which goes when the test does.
pub struct Folder(pub PathBuf);

impl Folder {
    /// An empty folder under a name that no other test and no other process has.
    pub fn new(name: &str) -> Self {
        let test = env!("CARGO_CRATE_NAME");
        let path = std::env::temp_dir().join(format!("menaquinone-{test}-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path); // of an earlier process with the same number
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// Writes a file into it, and says where that is.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// The names of everything in it, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // a folder that stays is no failure of a test
    }
}

/// What a process printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
