//! What a scenario expects.

use std::time::Duration;

use crate::engine::{Glob, Origin, Pattern, Per, Range, When};
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
    Happens(Happens),
    /// That something is there in the end.
    Stored(Stored),
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
    /// `offset:` only transfers that began there.
    pub offset: Option<Range<u64>>,
    /// `gap:` how long it has to be between two of them.
    pub gap: Option<Range<Duration>>,
}

/// Which files count.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Those at such a path, from the tree's own root.
    pub path: Glob,
    /// Those of such a size.
    pub size: Option<Range<u64>>,
    /// Those with this digest (FIPS 180-4).
    pub sha256: Option<[u8; 32]>,
}
