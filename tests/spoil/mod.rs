//! Texts of a corpus with something done to them: what the readers of files are tried with.

use std::path::Path;

use menaquinone::random::{Draw, Stream};

/// How many texts to try: `usual`, or what the environment variable `MENAQUINONE_FUZZ_CASES` says, for a longer run. The texts
/// of a short run are the first of a long one.
pub fn cases(usual: u32) -> u32 {
    let Ok(said) = std::env::var("MENAQUINONE_FUZZ_CASES") else { return usual };
    said.parse().unwrap_or_else(|_| panic!("MENAQUINONE_FUZZ_CASES is `{said}`, but it must be a whole number"))
}

/// The texts of `tests/corpus/<name>` and what is put into them, with random choices that are the same in every run.
pub struct Spoiler {
    corpus: Vec<Vec<u8>>,
    pieces: &'static [&'static [u8]],
    draw: Draw,
}

impl Spoiler {
    pub fn new(name: &str, pieces: &'static [&'static [u8]]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<_> = files.map(|file| file.expect("a readable folder").path()).collect();
        paths.sort();
        let corpus = paths.iter().map(|path| std::fs::read(path).expect("a readable file")).collect();
        Self { corpus, pieces, draw: Stream::default().draw() }
    }

    /// A whole number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u32::try_from(bound.max(1)).expect("a small number");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the bound")]
        let number = (self.draw.uniform() * f64::from(bound)) as usize;
        number
    }

    fn any_text(&mut self) -> Vec<u8> {
        let i = self.below(self.corpus.len());
        self.corpus[i].clone()
    }

    /// A text with one to three things done to it: more, and hardly any is still read.
    pub fn text(&mut self) -> Vec<u8> {
        let mut text = self.any_text();
        for _ in 0..=self.below(3) {
            self.spoil(&mut text);
        }
        text
    }

    fn spoil(&mut self, text: &mut Vec<u8>) {
        let at = self.below(text.len() + 1);
        let end = (at + self.below(12)).min(text.len());
        match self.below(20) {
            0 => text.truncate(at),
            1..=5 => {
                let piece = self.pieces[self.below(self.pieces.len())];
                text.splice(at..at, piece.iter().copied());
            }
            6..=8 => drop(text.drain(at..end)),
            9 | 10 => {
                let copy = text[at..end].to_vec();
                text.splice(end..end, copy);
            }
            11 => {
                let other = self.any_text();
                text.extend_from_slice(&other[self.below(other.len())..]);
            }
            12 => text[at..end].fill(u8::try_from(self.below(256)).expect("a byte")),
            13 => text[at..(at + 1).min(end)].fill(u8::try_from(self.below(256)).expect("a byte")),
            _ => text[at..(at + 1).min(end)].fill(b"0123456789"[self.below(10)]),
        }
    }
}
