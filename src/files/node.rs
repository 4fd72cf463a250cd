use std::sync::Arc;

use imbl::OrdMap;
use jiff::Timestamp;

use crate::files::{Account, Content, Error};

/// Names a node for as long as it lives; never used twice in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub(super) u64);

/// A file, directory or symbolic link, whatever its names.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) body: Body,
    /// The lower 12 bits of POSIX's `st_mode`.
    pub(super) permissions: u16,
    /// None: whoever is logged in.
    pub(super) owner: Option<Arc<str>>,
    pub(super) modified: Timestamp,
    /// When it was last read, as far as somebody has said so.
    pub(super) accessed: Timestamp,
    /// How many directory entries lead here.
    pub(super) links: u32,
    /// One of these entries; it may be gone if there were others.
    pub(super) place: Place,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) directory: NodeId,
    pub(super) name: Arc<[u8]>,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    File(File),
    Directory(OrdMap<Arc<[u8]>, NodeId>),
    Link(Arc<[u8]>),
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) content: Content,
    /// The login name whose bytes these are; none: the scenario's.
    pub(super) uploader: Option<Arc<str>>,
}

/// A bit of the permissions, in the place of the "other" bits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Permission {
    Read = 0o4,
    Write = 0o2,
    /// `x` of a directory.
    Traverse = 0o1,
}

const SET_USER: u16 = 0o4000;
const SET_GROUP: u16 = 0o2000;
const STICKY: u16 = 0o1000;
const GROUP_RUNS: u16 = 0o010;

impl File {
    /// An empty file that this login name uploads.
    pub(super) fn of(login: &Arc<str>) -> Self {
        Self { content: Content::default(), uploader: Some(Arc::clone(login)) }
    }
}

impl Place {
    pub(super) fn new(directory: NodeId, name: &[u8]) -> Self {
        let name = name.into();
        Self { directory, name }
    }
}

impl Node {
    /// A node with the usual permissions, which is nowhere yet and belongs to whoever is logged in.
    pub(super) fn new(body: Body, modified: Timestamp) -> Self {
        let permissions = match body {
            Body::File(_) => 0o644,
            Body::Directory(_) => 0o755,
            Body::Link(_) => 0o777,
        };
        Self {
            body,
            permissions,
            owner: None,
            modified,
            accessed: modified,
            links: 0,
            place: Place::new(NodeId(0), b""),
        }
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self.body, Body::Directory(_))
    }

    pub(super) fn file(&self) -> Result<&File, Error> {
        match &self.body {
            Body::File(file) => Ok(file),
            Body::Directory(_) => Err(Error::IsADirectory),
            Body::Link(_) => Err(Error::NotFound),
        }
    }

    pub(super) fn entries(&self) -> Result<&OrdMap<Arc<[u8]>, NodeId>, Error> {
        match &self.body {
            Body::Directory(entries) => Ok(entries),
            Body::File(_) | Body::Link(_) => Err(Error::NotADirectory),
        }
    }

    pub(super) fn is_owned_by(&self, account: &Account) -> bool {
        account.keeps() || self.owner.as_ref().is_none_or(|owner| owner == account.name())
    }

    /// Whoever writes a file takes the special bits of those who run it (POSIX `write`), as Linux does.
    pub(super) fn is_written(&mut self, now: Timestamp) {
        self.modified = now;
        self.permissions &= !SET_USER;
        if self.permissions & GROUP_RUNS != 0 {
            self.permissions &= !SET_GROUP;
        }
    }

    /// There are no groups: who is not the owner is one of the others.
    pub(super) fn allow(&self, account: &Account, permission: Permission) -> Result<(), Error> {
        let shift = if self.is_owned_by(account) { 6 } else { 0 };
        if self.permissions >> shift & permission as u16 == 0 && !account.keeps() {
            return Err(Error::Denied);
        }
        Ok(())
    }

    /// Whether `account` may remove or replace the entry of `node` in this directory.
    pub(super) fn allow_removal(&self, account: &Account, node: &Node) -> Result<(), Error> {
        self.allow_entry(account)?;
        let is_sticky = self.permissions & STICKY != 0;
        if is_sticky && !self.is_owned_by(account) && !node.is_owned_by(account) {
            return Err(Error::Denied);
        }
        Ok(())
    }

    /// Whether `account` may add an entry to this directory.
    pub(super) fn allow_entry(&self, account: &Account) -> Result<(), Error> {
        self.allow(account, Permission::Traverse)?;
        self.allow(account, Permission::Write)
    }
}
