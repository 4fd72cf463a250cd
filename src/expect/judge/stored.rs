//! Whether the files, links and folders are there in the end that were expected, and no others.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use strsim::levenshtein;

use super::Found;
use crate::engine::Range;
use crate::expect::words::{range, size, together};
use crate::expect::{Expectation, Grade, Stored, StoredKind};
use crate::files::{Content, Files, Item, Path};
use crate::journal::shown;

/// Paths named in a sentence.
const MOST_NAMED: usize = 3;
/// Paths that are compared with the one that is missing.
const MOST_COMPARED: usize = 1000;
/// Bytes digested at once.
const PIECE: usize = 1 << 20;

pub(super) fn judge(expectation: &Expectation, stored: &Stored, files: &Files) -> Found {
    let items = files.items();
    let (mut right, mut wrong, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (path, item) in items.iter().filter(|(path, _)| stored.path.matches(path.as_bytes())) {
        let at = |sentence: String| format!("{} {sentence}", shown(path.as_bytes()));
        if let Some(other) = other_kind(stored, item) {
            others.push(at(other.to_owned()));
        } else if let Some(difference) = difference(stored, item) {
            wrong.push(at(difference));
        } else {
            right.push(named(path, item));
        }
    }
    // A file of another size is nearer than a folder.
    wrong.append(&mut others);
    let count = right.len() as u64;
    let got = got(stored.kind, &right);
    if expectation.times.contains(count) {
        return Found::new(Grade::Met, got);
    }
    let found = Found::new(Grade::Unmet, got);
    if expectation.times.is_exceeded_by(count) {
        return found;
    }
    let nearest = if wrong.is_empty() {
        elsewhere(stored, &items)
    } else {
        together(wrong.iter().take(MOST_NAMED))
    };
    Found { nearest: Some(nearest), ..found }
}

/// What is at the path, if it is not of the kind that was expected.
fn other_kind(stored: &Stored, item: &Item) -> Option<&'static str> {
    let only_files = stored.size.is_some() || stored.sha256.is_some();
    match (stored.kind, item) {
        (StoredKind::Folders, Item::Directory) | (StoredKind::FilesAndLinks, Item::File(_)) => None,
        (StoredKind::FilesAndLinks, Item::Link) => only_files.then_some("is a link, not a file"),
        (StoredKind::FilesAndLinks, Item::Directory) => {
            Some("is a folder, which is expected by a `/` at the end")
        }
        (StoredKind::Folders, Item::File(_)) => Some("is a file, not a folder"),
        (StoredKind::Folders, Item::Link) => Some("is a link, not a folder"),
    }
}

/// What tells a file from one that was expected.
fn difference(stored: &Stored, item: &Item) -> Option<String> {
    let Item::File(content) = item else { return None };
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

/// A path as an expectation names it: that of a folder ends in `/`.
fn named(path: &Path, item: &Item) -> String {
    let slash = if matches!(item, Item::Directory) { "/" } else { "" };
    format!("{}{slash}", shown(path.as_bytes()))
}

fn word(kind: StoredKind) -> &'static str {
    match kind {
        StoredKind::FilesAndLinks => "file",
        StoredKind::Folders => "folder",
    }
}

fn got(kind: StoredKind, right: &[String]) -> String {
    match right.len() {
        0 => format!("there is no such {}", word(kind)),
        count if count <= MOST_NAMED => format!("there is {}", together(right)),
        count => {
            let more = format!("{} more", count - MOST_NAMED);
            format!("there are {}", together(right[..MOST_NAMED].iter().chain([&more])))
        }
    }
}

/// What of the kind is there at other paths, the most similar ones first.
fn elsewhere(stored: &Stored, items: &[(Path, Item)]) -> String {
    let is_folder = |item: &Item| matches!(item, Item::Directory);
    let of_the_kind = |(_, item): &&(Path, Item)| match stored.kind {
        StoredKind::FilesAndLinks => !is_folder(item),
        StoredKind::Folders => is_folder(item),
    };
    let all = items.iter().filter(of_the_kind);
    let wanted = stored.path.source();
    let rest = all.clone().count().saturating_sub(MOST_NAMED);
    let mut paths: Vec<String> =
        all.take(MOST_COMPARED).map(|(path, item)| named(path, item)).collect();
    if paths.is_empty() {
        return format!("there is no {} at all", word(stored.kind));
    }
    paths.sort_by_cached_key(|path| levenshtein(path, wanted));
    let others = (rest > 0).then(|| format!("{rest} others"));
    format!("what is there is {}", together(paths.into_iter().take(MOST_NAMED).chain(others)))
}
