//! Bytes shown as text, in the scenario language's own notation.

use std::fmt::{self, Write as _};

use serde::Serialize;

/// The longest text of one field, in bytes; a client chooses what it sends, not how much we keep.
const MAX_SHOWN: usize = 1024;
/// The longest that is kept to be matched: no path of the tree is longer.
const MAX_KEPT: usize = 4096;

/// What a client sent: kept as it was, to be matched, and shown as a scenario would write it.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    kept: Box<[u8]>,
    length: usize,
}

impl Text {
    /// Of these bytes, the first 4,096.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { kept: bytes[..bytes.len().min(MAX_KEPT)].into(), length: bytes.len() }
    }

    /// In the place of a secret.
    #[must_use]
    pub fn secret() -> Self {
        Self::of(b"***")
    }

    /// The bytes, as many of them as are kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.kept
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&first(&self.kept, self.length))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Shows bytes: printable UTF-8 as it is, all else as `<xE9>`.
#[must_use]
pub fn shown(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                let mut buffer = [0; 4];
                escape(character.encode_utf8(&mut buffer).as_bytes(), &mut text);
            } else {
                text.push(character);
            }
        }
        escape(chunk.invalid(), &mut text);
    }
    text
}

/// The same, cut after 1,024 bytes.
#[must_use]
pub fn shortened(bytes: &[u8]) -> String {
    first(bytes, bytes.len())
}

/// What is shown of `length` bytes that begin with these.
fn first(bytes: &[u8], length: usize) -> String {
    if length <= MAX_SHOWN {
        return shown(bytes);
    }
    let mut text = shown(&bytes[..MAX_SHOWN]);
    let _ = write!(text, "… ({length} bytes)");
    text
}

fn escape(bytes: &[u8], text: &mut String) {
    if bytes.is_empty() {
        return;
    }
    text.push_str("<x");
    for byte in bytes {
        let _ = write!(text, "{byte:02X}");
    }
    text.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_text_is_shown_as_it_is() {
        assert_eq!(shown("räksmörgås.txt".as_bytes()), "räksmörgås.txt");
    }

    #[test]
    fn other_bytes_are_shown_as_a_scenario_would_write_them() {
        assert_eq!(shown(b"caf\xE9\r\n"), "caf<xE9><x0D><x0A>");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let text = shortened(&[b'a'; 5000]);
        assert!(text.ends_with("… (5000 bytes)"), "{text}");
        assert_eq!(Text::of(&[b'a'; 5000]).to_string(), text);
    }
}
