//! The text of a scenario file, and where it came from.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::Arc;

/// A scenario file is no bigger than this; what a server is to serve comes by `size:` or `from:`.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The text of a scenario file, with the name that errors and the journal call it by.
#[derive(Debug, Clone)]
pub struct Source {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: Arc<str>,
    text: String,
    folder: Option<PathBuf>,
    lines: Vec<usize>,
}

fn not_utf8(error: &FromUtf8Error) -> io::Error {
    let (before, behind) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
    let line = before.split(|byte| *byte == b'\n').count();
    let byte = behind.first().copied().unwrap_or_default();
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("line {line} is not UTF-8; a byte of a name or a text is written `<x{byte:02X}>`"),
    )
}

impl Source {
    /// A text that is no file; it cannot hold `from:`.
    #[must_use]
    pub fn inline(name: &str, text: &str) -> Self {
        Self::new(name, text.to_owned(), None)
    }

    /// A file; what it names by `from:` lies below its folder.
    ///
    /// # Errors
    /// The file cannot be read, is no UTF-8, or is bigger than 8 MiB.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
        if text.len() as u64 > MAX_BYTES {
            let sentence = "it is bigger than 8 MiB; serve big files by `size:` or `from:`";
            return Err(io::Error::other(sentence));
        }
        let folder = path.parent().map(|folder| Path::new(".").join(folder));
        Ok(Self::new(&path.display().to_string(), text, folder))
    }

    fn new(name: &str, text: String, folder: Option<PathBuf>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { inner: Arc::new(Inner { name: name.into(), text, folder, lines }) }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.inner.name
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// Where the files that it names by `from:` lie.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.inner.folder.as_deref()
    }

    /// The line, from 1, that a byte stands in.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.inner.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// The line and the column, both from 1; columns are characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        let before = self.text().get(self.start_of(line)..offset).unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// The byte a line begins at. Lines that do not exist begin at the end.
    pub(super) fn start_of(&self, line: usize) -> usize {
        let start = self.inner.lines.get(line.saturating_sub(1));
        start.copied().unwrap_or(self.text().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::inline("x", "ab\ncéd\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(2), (1, 3));
        assert_eq!(source.position(3), (2, 1));
        assert_eq!(source.position(6), (2, 3));
        assert_eq!(source.position(8), (3, 1));
        assert_eq!(source.position(800), (3, 1));
    }
}
