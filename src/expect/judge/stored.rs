//! Whether the files are there in the end that were expected, and no others.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use strsim::levenshtein;

use super::Found;
use crate::engine::Range;
use crate::expect::words::{range, size, together};
use crate::expect::{Expectation, Grade, Stored};
use crate::files::{Content, Files, Path};
use crate::journal::shown;

/// Files named in a sentence.
const MOST_NAMED: usize = 3;
/// Files whose names are compared with the one that is missing.
const MOST_COMPARED: usize = 1000;
/// Bytes digested at once.
const PIECE: usize = 1 << 20;

pub(super) fn judge(expectation: &Expectation, stored: &Stored, files: &Files) -> Found {
    let all = files.all();
    let mut right = Vec::new();
    let mut wrong = Vec::new();
    for (path, content) in all.iter().filter(|(path, _)| stored.path.matches(path.as_bytes())) {
        match difference(stored, content) {
            None => right.push(shown(path.as_bytes())),
            Some(difference) => wrong.push(format!("{} {difference}", shown(path.as_bytes()))),
        }
    }
    let count = right.len() as u64;
    if expectation.times.contains(count) {
        return Found::new(Grade::Met, got(&right));
    }
    let found = Found::new(Grade::Unmet, got(&right));
    if expectation.times.is_exceeded_by(count) {
        return found;
    }
    let nearest = if wrong.is_empty() {
        elsewhere(stored, &all)
    } else {
        together(wrong.iter().take(MOST_NAMED))
    };
    Found { nearest: Some(nearest), ..found }
}

/// What tells a file from one that was expected.
fn difference(stored: &Stored, content: &Content) -> Option<String> {
    if let Some(wanted) = stored.size.filter(|wanted| !wanted.contains(content.size())) {
        return Some(format!("has {}, not {}", size(content.size()), sizes(wanted)));
    }
    let wanted = stored.sha256?;
    let digest = digest(content);
    (digest != wanted).then(|| format!("has the SHA-256 {}", hexadecimal(&digest)))
}

fn sizes(wanted: Range<u64>) -> String {
    range(&wanted, |bytes| size(*bytes))
}

fn digest(content: &Content) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut offset = 0;
    while offset < content.size() {
        let piece = content.read_piece(offset, PIECE);
        digest.update(&piece);
        offset += piece.len() as u64;
    }
    digest.finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn got(right: &[String]) -> String {
    match right.len() {
        0 => "there is no such file".to_owned(),
        count if count <= MOST_NAMED => format!("there is {}", together(right)),
        count => {
            let more = format!("{} more", count - MOST_NAMED);
            format!("there are {}", together(right[..MOST_NAMED].iter().chain([&more])))
        }
    }
}

/// What is there at other paths, the most similar ones first.
fn elsewhere(stored: &Stored, all: &[(Path, Content)]) -> String {
    let wanted = stored.path.source();
    let mut paths: Vec<String> =
        all.iter().take(MOST_COMPARED).map(|(path, _)| shown(path.as_bytes())).collect();
    if paths.is_empty() {
        return "there is no file at all".to_owned();
    }
    paths.sort_by_cached_key(|path| levenshtein(path, wanted));
    let rest = all.len().saturating_sub(MOST_NAMED);
    let others = (rest > 0).then(|| format!("{rest} others"));
    format!("what is there is {}", together(paths.into_iter().take(MOST_NAMED).chain(others)))
}
