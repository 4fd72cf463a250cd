//! What a scenario expects.

use std::time::Duration;

use super::exit::ExpectedExit;
use crate::engine::{Glob, Origin, Parting, Pattern, Per, Range, When};
use crate::journal::Success;

/// One item of `expect:`.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Where it was written.
    pub origin: Origin,
    /// What is expected.
    pub what: What,
    /// How often, for each `per` key.
    pub times: Range<u64>,
}

/// What is expected.
#[derive(Debug, Clone)]
pub enum What {
    /// That something happens.
    Happens(Box<Happens>),
    /// That a file, a link or a folder is there in the end.
    Stored(Stored),
    /// That the command of `badftp run` ends so.
    Exit(ExpectedExit),
}

/// Which events count.
#[derive(Debug, Clone, Default)]
pub struct Happens {
    /// The filters.
    pub pattern: Pattern,
    /// What they are counted by.
    pub per: Per,
    /// `after:` only those that came after one of these.
    pub after: Vec<When>,
    /// `outcome:` only those of which this came.
    pub outcome: Option<Success>,
    /// `parting:` only uploads whose TLS the client ended so.
    pub parting: Option<Parting>,
    /// `gap:` how long it has to be between two of them.
    pub gap: Option<Range<Duration>>,
}

/// What is to be there in the end.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Files and links, or folders.
    pub kind: StoredKind,
    /// Those at such a path, from the tree's own root.
    pub path: Glob,
    /// Files of such a size.
    pub size: Option<Range<u64>>,
    /// Files with this digest (FIPS 180-4).
    pub sha256: Option<[u8; 32]>,
}

/// What an expectation of stored things is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredKind {
    /// `/in/a.csv`: files, and symbolic links whatever they lead to.
    FilesAndLinks,
    /// `/in/`: folders.
    Folders,
}
