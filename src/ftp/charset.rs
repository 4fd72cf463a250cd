//! Names and texts on the wire: UTF-8 (RFC 2640) or ISO 8859-1. The tree's own bytes are UTF-8, or whatever a
//! scenario gave; those pass through untouched.

use super::settings::Charset;

impl Charset {
    /// What a client sent, as the tree has it.
    pub(super) fn decode(self, wire: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Utf8 => wire,
            Self::Latin1 => {
                wire.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
            }
        }
    }

    /// What goes out. A character that ISO 8859-1 lacks becomes `?`.
    pub(super) fn encode(self, text: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Utf8 => text,
            Self::Latin1 => to_latin1(&text),
        }
    }
}

fn to_latin1(text: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid().chars();
        wire.extend(valid.map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')));
        wire.extend_from_slice(chunk.invalid());
    }
    wire
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_1_names_come_and_go_as_single_bytes() {
        assert_eq!(Charset::Latin1.decode(b"caf\xE9".to_vec()), "café".as_bytes());
        assert_eq!(Charset::Latin1.encode("café ☕".as_bytes().to_vec()), b"caf\xE9 ?");
    }

    #[test]
    fn bytes_that_are_no_utf_8_pass_through() {
        assert_eq!(Charset::Latin1.encode(b"caf\xE9".to_vec()), b"caf\xE9");
        assert_eq!(Charset::Utf8.decode(b"caf\xE9".to_vec()), b"caf\xE9");
    }
}
