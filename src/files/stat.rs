use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::{Kind, Target};
use crate::files::Account;
use crate::files::node::{Body, Node, NodeId};

/// What a directory shows as its size, as most file systems have it.
const DIRECTORY_SIZE: u64 = 4096;

/// What is known of a file, directory or link (POSIX `struct stat`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Bytes; of a link, the length of its target; of a directory always 4096.
    pub size: u64,
    /// The lower 12 bits of the mode.
    pub permissions: u16,
    /// The owner's name; what belongs to nobody belongs to the account that asks.
    pub owner: Arc<str>,
    /// When the content, of a directory its entries, last changed.
    pub modified: Timestamp,
    /// When it was last read: when it was made, unless somebody has said otherwise.
    pub accessed: Timestamp,
    /// The names that it has; of a directory always 2.
    pub links: u32,
    /// The same for all names of a file, and never used again until a reset.
    pub id: u64,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name: any bytes but `/` and NUL.
    pub name: Arc<[u8]>,
    /// The entry itself, also if it is a link.
    pub stat: Stat,
    /// Where a link leads to.
    pub link_target: Option<Arc<[u8]>>,
}

impl Node {
    pub(super) fn stat(&self, id: NodeId, account: &Account) -> Stat {
        let (kind, size, links) = match &self.body {
            Body::File(file) => (Kind::File, file.content.size(), self.links),
            Body::Directory(_) => (Kind::Directory, DIRECTORY_SIZE, 2),
            Body::Link(target) => (Kind::Link, target.len() as u64, self.links),
        };
        Stat {
            kind,
            size,
            permissions: self.permissions,
            owner: Arc::clone(self.owner.as_ref().unwrap_or(account.name())),
            modified: self.modified,
            accessed: self.accessed,
            links,
            id: id.0,
        }
    }

    pub(super) fn target(&self) -> Target {
        match &self.body {
            Body::File(_) => Target::File,
            Body::Directory(entries) if entries.is_empty() => Target::EmptyDirectory,
            Body::Directory(_) => Target::Directory,
            Body::Link(_) => Target::Missing,
        }
    }
}
