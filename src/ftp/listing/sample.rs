//! Entries for the tests of the styles.

use std::sync::Arc;

use crate::files::{Entry, Kind, Stat};

pub(super) fn file(name: &str, size: u64, modified: &str) -> Entry {
    entry(name, Kind::File, size, 0o644, modified)
}

pub(super) fn directory(name: &str, modified: &str) -> Entry {
    entry(name, Kind::Directory, 4096, 0o755, modified)
}

fn entry(name: &str, kind: Kind, size: u64, permissions: u16, modified: &str) -> Entry {
    let modified = modified.parse().unwrap();
    let stat = Stat {
        kind,
        size,
        permissions,
        owner: "ann".into(),
        modified,
        accessed: modified,
        links: 1,
        id: 7,
    };
    Entry { name: Arc::from(name.as_bytes()), stat, link_target: None }
}

pub(super) fn owned(owner: &str, entry: Entry) -> Entry {
    Entry { stat: Stat { owner: owner.into(), ..entry.stat }, ..entry }
}

pub(super) fn text(line: Vec<u8>) -> String {
    String::from_utf8(line).unwrap()
}
