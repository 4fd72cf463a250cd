//! Texts with placeholders.

use super::{Mistake, size};
use crate::engine::{Part, Template};
use crate::scenario::similar::nearest;

/// Filler is made in memory, so there is an end to it.
const MAX_FILLER: u64 = 64 << 20;

/// The placeholders that the moment fills.
pub(in crate::scenario) const PLACEHOLDERS: [(Part, &str); 13] = [
    (Part::Answer, "answer"),
    (Part::Text, "text"),
    (Part::Verb, "verb"),
    (Part::Argument, "argument"),
    (Part::Path, "path"),
    (Part::Name, "name"),
    (Part::Size, "size"),
    (Part::Modified, "modified"),
    (Part::Id, "id"),
    (Part::Port, "port"),
    (Part::HostPort, "host-port"),
    (Part::Client, "client"),
    (Part::User, "user"),
];

/// A placeholder as it is written; none of bytes and filler, which stand for themselves.
pub(in crate::scenario) fn placeholder(part: &Part) -> Option<&'static str> {
    PLACEHOLDERS.iter().find(|(known, _)| known == part).map(|(_, word)| *word)
}

/// A text with all its placeholders: `<x00FF>`, `<17KiB>`, `<answer>`, `<path>`.
pub(in crate::scenario) fn template(text: &str) -> Result<Template, Mistake> {
    let mut parts = Vec::new();
    for piece in (Pieces { rest: text }) {
        match piece {
            Piece::Text(text) => push(&mut parts, text.as_bytes()),
            Piece::Placeholder(inner) => match fixed(inner)? {
                Some(Part::Bytes(bytes)) => push(&mut parts, &bytes),
                Some(part) => parts.push(part),
                None => match PLACEHOLDERS.iter().find(|(_, word)| *word == inner) {
                    Some((part, _)) => parts.push(part.clone()),
                    None => push(&mut parts, format!("<{inner}>").as_bytes()),
                },
            },
        }
    }
    Ok(Template(parts))
}

/// A text that no moment fills, such as a name: only `<x00FF>` and `<17KiB>` are placeholders.
pub(in crate::scenario) fn literal(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    for piece in (Pieces { rest: text }) {
        match piece {
            Piece::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            Piece::Placeholder(inner) => match fixed(inner)? {
                Some(part) => bytes.extend(Template(vec![part]).render(|_, _| ())),
                None => bytes.extend_from_slice(format!("<{inner}>").as_bytes()),
            },
        }
    }
    Ok(bytes)
}

/// Words in angle brackets that stand for themselves though they look like placeholders, each with what may
/// have been meant. Capitals, as in the `<DIR>` of a listing, do not look like one.
pub(in crate::scenario) fn unknown_words(text: &str) -> Vec<(String, Option<&'static str>)> {
    let pieces = Pieces { rest: text };
    let words = pieces.filter_map(|piece| match piece {
        Piece::Placeholder(word) if word.chars().all(|c| c.is_ascii_lowercase() || c == '-') => {
            Some(word)
        }
        _ => None,
    });
    words
        .filter(|word| {
            !PLACEHOLDERS.iter().any(|(_, known)| known == word)
                && !matches!(fixed(word), Ok(Some(_)))
        })
        .map(|word| (word.to_owned(), nearest(word, PLACEHOLDERS.iter().map(|(_, known)| *known))))
        .collect()
}

/// The placeholders that are always the same: bytes and filler. `None` is another word.
fn fixed(inner: &str) -> Result<Option<Part>, Mistake> {
    if let Some(digits) = inner.strip_prefix('x').filter(|digits| looks_like_bytes(digits)) {
        return bytes(digits).map(|bytes| Some(Part::Bytes(bytes)));
    }
    if !inner.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    match size(inner) {
        Ok(filler) if filler > MAX_FILLER => Err(Mistake::new("more than 64MiB of filler")),
        Ok(filler) => Ok(Some(Part::Filler(filler))),
        // `<1>` and `<2 files>` are texts; `<17kB>` and `<17K>` were meant to be filler.
        Err(mistake) if looks_like_size(inner) => {
            Err(mistake.title(format!("expected a size of filler, got `<{inner}>`")))
        }
        Err(_) => Ok(None),
    }
}

fn looks_like_bytes(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn looks_like_size(inner: &str) -> bool {
    let unit = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    ["k", "kb", "kib", "m", "mb", "mib", "b"].contains(&unit.to_ascii_lowercase().as_str())
}

fn bytes(digits: &str) -> Result<Vec<u8>, Mistake> {
    if digits.len() % 2 == 1 {
        return Err(Mistake::new("two digits a byte")
            .title(format!("expected whole bytes, got `<x{digits}>`"))
            .help(format!("write `<x0{digits}>`")));
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    Ok(pairs.map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect())
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10),
    }
}

fn push(parts: &mut Vec<Part>, more: &[u8]) {
    match parts.last_mut() {
        Some(Part::Bytes(bytes)) => bytes.extend_from_slice(more),
        _ => parts.push(Part::Bytes(more.to_vec())),
    }
}

enum Piece<'a> {
    Text(&'a str),
    /// What stands between `<` and `>`.
    Placeholder(&'a str),
}

/// A text, cut at its `<…>`.
struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(open) = self.rest.find('<') else {
            return Some(Piece::Text(std::mem::take(&mut self.rest)));
        };
        if open > 0 {
            let (text, rest) = self.rest.split_at(open);
            self.rest = rest;
            return Some(Piece::Text(text));
        }
        let inner = &self.rest[1..];
        let end = inner.find(['<', '>']).filter(|end| *end > 0 && inner[*end..].starts_with('>'));
        if let Some(end) = end {
            self.rest = &inner[end + 1..];
            return Some(Piece::Placeholder(&inner[..end]));
        }
        let (text, rest) = self.rest.split_at(1);
        self.rest = rest;
        Some(Piece::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &[u8]) -> Part {
        Part::Bytes(text.to_vec())
    }

    #[test]
    fn placeholders_are_found_wherever_they_stand() {
        let parts = template("257 \"<path>\" <x00fF><17KiB>!").unwrap().0;
        let expected = [
            bytes(b"257 \""),
            Part::Path,
            bytes(b"\" \x00\xff"),
            Part::Filler(17 << 10),
            bytes(b"!"),
        ];
        assert_eq!(parts, expected);
        assert_eq!(template("<host-port>").unwrap().0, [Part::HostPort]);
        assert_eq!(template("").unwrap().0, []);
    }

    #[test]
    fn another_word_stands_for_itself() {
        for text in ["<html>", "<DIR>", "a < b > c", "<", "<>", "<<", "<1>", "<a@b.c>", "<é>"] {
            assert_eq!(template(text).unwrap().0, [bytes(text.as_bytes())], "{text}");
        }
        assert_eq!(unknown_words("<html> <DIR> <x00> <1KiB> <path>"), [("html".to_owned(), None)]);
        assert_eq!(unknown_words("<pth>"), [("pth".to_owned(), Some("path"))]);
    }

    #[test]
    fn what_was_meant_as_bytes_or_filler_must_be_right() {
        assert!(template("<x0>").is_err());
        assert!(template("<17kB>").is_err());
        assert!(template("<100GiB>").is_err());
    }
}
