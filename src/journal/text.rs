//! Bytes shown as text, in the scenario language's own notation.

use std::fmt::Write as _;

/// The longest text of one field, in bytes; a client chooses what it sends, not how much we keep.
const MAX_SHOWN: usize = 1024;

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
    if bytes.len() <= MAX_SHOWN {
        return shown(bytes);
    }
    let mut text = shown(&bytes[..MAX_SHOWN]);
    let _ = write!(text, "… ({} bytes)", bytes.len());
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
    }
}
