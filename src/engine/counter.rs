//! What has been counted so far, kept apart by each rule's `per`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::event::{ConnectionId, Event};
use super::rule::Per;

/// Keys a rule keeps apart at most; those that come later share one. A client that invents a path for
/// every request must not cost us memory without end.
const MAX_KEYS: usize = 100_000;

/// One value of `per`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The only one of `per: server`.
    Server,
    /// A client's address.
    Address(IpAddr),
    /// A connection.
    Connection(ConnectionId),
    /// A user's name.
    User(Arc<str>),
    /// A path.
    Path(Arc<[u8]>),
    /// All that a rule could not keep apart, because it had too many others.
    Overflow,
}

impl Key {
    /// The key an event counts under; an event that lacks the value counts with the server.
    #[must_use]
    pub fn of(per: Per, event: &Event<'_>) -> Self {
        match per {
            Per::Server => Self::Server,
            Per::Address => Self::Address(event.address),
            Per::Connection => Self::Connection(event.connection),
            Per::User => event.user.map_or(Self::Server, |user| Self::User(user.into())),
            Per::Path => event.path.map_or(Self::Server, |path| Self::Path(path.into())),
        }
    }
}

/// What one rule has counted under one key.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter {
    /// Matches before chance: the turn of the dice.
    pub(super) turns: u64,
    /// Matches after chance.
    pub(super) matches: u64,
    /// Times it acted.
    pub(super) acts: u64,
    /// When it first acted.
    pub(super) first: Option<Duration>,
    /// Things open now.
    pub(super) open: u64,
}

/// Counters of one rule.
#[derive(Debug, Default)]
pub(super) struct Counters(HashMap<Key, Counter>);

impl Counters {
    /// The key to count under from now on, which is `key` or what it shares.
    pub(super) fn admit(&self, key: Key) -> Key {
        if self.0.len() >= MAX_KEYS && !self.0.contains_key(&key) { Key::Overflow } else { key }
    }

    pub(super) fn at(&mut self, key: &Key) -> &mut Counter {
        if !self.0.contains_key(key) {
            self.0.insert(key.clone(), Counter::default());
        }
        self.0.entry(key.clone()).or_default()
    }

    pub(super) fn look(&self, key: &Key) -> Counter {
        self.0.get(key).cloned().unwrap_or_default()
    }

    pub(super) fn forget(&mut self, key: &Key) {
        self.0.remove(key);
    }
}
