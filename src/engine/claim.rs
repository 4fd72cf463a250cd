//! Lies in an otherwise right answer.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::event::Kind;
use super::pattern::Glob;
use super::template::Template;

/// A lie in an otherwise right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The address announced for data, or where we connect from.
    Address(IpAddr),
    /// The port announced for data, or where we connect from.
    Port(u16),
    /// How big a file is.
    Size(Size),
    /// When it was modified.
    Modified(Time),
    /// Its permissions, the nine bits of a mode.
    Permissions(u16),
    /// Whose it is.
    Owner(Arc<str>),
    /// What it is.
    Type(Kind),
    /// What it is called.
    Name(Arc<[u8]>),
    /// How it stands in a listing meant for people.
    Longname(Template),
    /// Nothing is said of this.
    LeftOut(Fact),
    /// The number of the request that is answered.
    Id(u32),
    /// What kind of answer it is.
    Number(u8),
    /// How long the answer is.
    Length(u32),
    /// How many entries there are.
    Count(u32),
    /// What the server says of itself.
    Figure(Figure, u64),
    /// A listing has only entries of such names.
    Only(Glob),
    /// A listing has no entries of such names.
    Without(Glob),
    /// It is this directory that is listed, an absolute path.
    Directory(Arc<[u8]>),
}

/// A number that a server tells of itself: the room it has, and the most that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The bytes that could be stored in all.
    Capacity,
    /// The bytes that can still be stored.
    Free,
    /// The longest packet.
    Packet,
    /// The most bytes of one read.
    Read,
    /// The most bytes of one write.
    Write,
    /// The handles that may be open at once.
    Handles,
}

impl Claim {
    /// Whether a listing has an entry of this name, as far as these lies go. `.` and `..` are no entries.
    #[must_use]
    pub fn show(claims: &[Self], name: &[u8]) -> bool {
        claims.iter().all(|claim| match claim {
            Self::Only(names) => names.matches(name),
            Self::Without(names) => !names.matches(name),
            _ => true,
        }) || matches!(name, b"." | b"..")
    }

    /// The directory that is listed in the place of another.
    #[must_use]
    pub fn directory(claims: &[Self]) -> Option<&[u8]> {
        claims.iter().find_map(|claim| match claim {
            Self::Directory(path) => Some(&**path),
            _ => None,
        })
    }
}

/// What can be told of a file, or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// How big it is.
    Size,
    /// When it was modified.
    Modified,
    /// Who may do what with it.
    Permissions,
    /// Whose it is.
    Owner,
    /// What it is.
    Type,
}

/// A size claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// `10B`
    Exactly(u64),
    /// `+1B`
    More(u64),
    /// `-1B`
    Less(u64),
}

impl Size {
    /// What is told of a thing of this size.
    #[must_use]
    pub fn of(self, truth: u64) -> u64 {
        match self {
            Self::Exactly(size) => size,
            Self::More(bytes) => truth.saturating_add(bytes),
            Self::Less(bytes) => truth.saturating_sub(bytes),
        }
    }
}

/// A time claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// `2031-01-01T00:00:00Z`
    At(Timestamp),
    /// `+5h`, `-5h`
    Skewed(SignedDuration),
}

impl Time {
    /// What is told of a thing of this time.
    #[must_use]
    pub fn of(self, truth: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Skewed(skew) => truth.saturating_add(skew).unwrap_or(truth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_exact_or_relative_and_never_below_nothing() {
        assert_eq!(Size::Exactly(10).of(3), 10);
        assert_eq!(Size::More(1).of(u64::MAX), u64::MAX);
        assert_eq!(Size::Less(5).of(3), 0);
        let skewed = Time::Skewed(SignedDuration::from_hours(-5)).of(Timestamp::UNIX_EPOCH);
        assert_eq!(skewed.to_string(), "1969-12-31T19:00:00Z");
    }
}
