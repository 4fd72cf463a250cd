//! What the tests of this folder begin with.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::files::{Account, Attributes, Content, Files, Limits, Path, Tree, Write};

/// A tree with these files and a clock that goes on by a second each time it is read.
pub(super) fn files(given: &[(&str, &str)]) -> Files {
    limited(given, Limits::default())
}

pub(super) fn limited(given: &[(&str, &str)], limits: Limits) -> Files {
    let mut tree = Tree::new();
    for (at, text) in given {
        let content = Content::from_bytes(text.as_bytes().to_vec());
        tree.file(&path(at), content, Attributes::default()).unwrap();
    }
    let clock = AtomicI64::new(2_000_000_000);
    Files::new(tree, limits, move || {
        Timestamp::from_second(clock.fetch_add(1, Ordering::Relaxed)).unwrap()
    })
}

pub(super) fn alice() -> Account {
    Account::new("alice")
}

pub(super) fn bob() -> Account {
    Account::new("bob")
}

pub(super) fn path(text: &str) -> Path {
    Path::root().resolve(text.as_bytes())
}

/// Uploads a file as alice.
pub(super) fn put(files: &Files, at: &str, text: &str) {
    let handle = files.open_write(&alice(), &path(at), Write::Truncate).unwrap();
    files.append(&handle, text.to_owned().into()).unwrap();
}

/// Downloads a file as alice.
pub(super) fn text(files: &Files, at: &str) -> String {
    let handle = files.open_read(&alice(), &path(at)).unwrap();
    let bytes = files.read(&handle, 0, usize::MAX).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The names in a directory, as alice sees them.
pub(super) fn names(files: &Files, at: &str) -> Vec<String> {
    let entries = files.list(&alice(), &path(at)).unwrap();
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    entries.iter().map(|entry| name(&entry.name)).collect()
}
