//! What was seen of an expectation under each of its keys.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::Evidence;
use crate::engine::{ConnectionId, Filter, Key, Per, When};
use crate::expect::Happens;
use crate::journal::{Cause, Record, shown};

/// What was seen under one key, in the order in which it began.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The events that count.
    pub(super) counted: Vec<Arc<Record>>,
    /// A rule has ended it, so that it owes nothing more.
    pub(super) is_cut_off: bool,
}

/// Every key, with what was seen under it.
pub(super) fn by_key(happens: &Happens, evidence: &Evidence<'_>) -> BTreeMap<Key, Seen> {
    let mut after = After::of(happens);
    evidence.told.records.iter().for_each(|record| after.see(record));
    let cut_off = connections_cut_off(evidence);
    let mut keys: BTreeMap<Key, Seen> = BTreeMap::new();
    if happens.per == Per::Server {
        keys.insert(Key::Server, Seen::default());
    }
    for record in &evidence.told.records {
        let Some(key) = key_of(happens.per, record).filter(|_| makes_a_key(happens, record)) else {
            continue;
        };
        let is_late = after.comes_before(record);
        let seen = keys.entry(key).or_default();
        seen.is_cut_off = happens.per == Per::Connection && cut_off.contains(&record.connection);
        if is_late && counts(happens, record) {
            seen.counted.push(Arc::clone(record));
        }
    }
    for seen in keys.values_mut() {
        seen.counted.sort_by_key(|record| record.began);
    }
    keys
}

/// All the events that count, under whatever key, told one after the other.
#[derive(Debug, Clone)]
pub struct Count<'a> {
    happens: &'a Happens,
    after: After<'a>,
    /// Those that count if they came late enough.
    found: Vec<Arc<Record>>,
}

impl<'a> Count<'a> {
    /// Nothing has happened yet.
    #[must_use]
    pub fn of(happens: &'a Happens) -> Self {
        Self { happens, after: After::of(happens), found: Vec::new() }
    }

    /// This has happened.
    pub fn see(&mut self, record: &Arc<Record>) {
        self.after.see(record);
        if counts(self.happens, record) {
            self.found.push(Arc::clone(record));
        }
    }

    /// Those that count, in the order in which they were told.
    pub fn counted(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.found.iter().filter(|record| self.after.comes_before(record))
    }
}

/// Whether a record counts, whatever it is to come after.
fn counts(happens: &Happens, record: &Record) -> bool {
    happens.pattern.matches(&record.event())
        && has_outcome(happens, record)
        && has_parting(happens, record)
}

pub(super) fn has_outcome(happens: &Happens, record: &Record) -> bool {
    happens.outcome.is_none_or(|outcome| record.outcome.success == outcome)
}

pub(super) fn has_parting(happens: &Happens, record: &Record) -> bool {
    happens.parting.is_none_or(|parting| record.outcome.parting == Some(parting))
}

/// Whether there is a key because of this record.
fn makes_a_key(happens: &Happens, record: &Record) -> bool {
    let event = record.event();
    let passes = |filter| happens.pattern.passes(filter, &event);
    match happens.per {
        // Whatever is done there.
        Per::Server | Per::Address | Per::Connection | Per::User => {
            passes(Filter::Protocol) && passes(Filter::User)
        }
        Per::Path => happens.pattern.matches(&event),
    }
}

/// The key of what a client did. That a connection has ended is nothing it did, and our own complaints are nobody's.
pub(super) fn key_of(per: Per, record: &Record) -> Option<Key> {
    if record.is_end() || record.connection == 0 {
        return None;
    }
    match Key::of(per, &record.event()) {
        Key::Server if per != Per::Server => None,
        key => Some(key),
    }
}

/// When the first of the events that others are to come after was over, by key.
#[derive(Debug, Clone)]
struct After<'a> {
    happens: &'a Happens,
    over: BTreeMap<Key, Duration>,
}

impl<'a> After<'a> {
    fn of(happens: &'a Happens) -> Self {
        Self { happens, over: BTreeMap::new() }
    }

    fn see(&mut self, record: &Record) {
        if is_one_of(&self.happens.after, record)
            && let (Some(key), Some(over)) = (key_of(self.happens.per, record), record.over())
        {
            let first = self.over.entry(key).or_insert(over);
            *first = over.min(*first);
        }
    }

    /// Whether one of them was over before this began, or none has to be.
    fn comes_before(&self, record: &Record) -> bool {
        let over = || self.over.get(&key_of(self.happens.per, record)?);
        self.happens.after.is_empty() || over().is_some_and(|over| record.began >= *over)
    }
}

fn is_one_of(words: &[When], record: &Record) -> bool {
    words.iter().any(|when| when.matches(&record.event()))
}

/// The connections that a rule has ended, alone or by taking the whole server down.
fn connections_cut_off(evidence: &Evidence<'_>) -> HashSet<ConnectionId> {
    let ended_by = |record: &Record| {
        let place = record.rule.as_ref().filter(|_| record.outcome.fired)?.place;
        evidence.rules.get(place).filter(|rule| rule.ends_the_session())
    };
    let is_over = |record: &Record| {
        ended_by(record).is_some() || (record.is_end() && record.outcome.cause == Some(Cause::Rule))
    };
    let records = evidence.told.records.iter();
    records.filter(|record| is_over(record)).map(|record| record.connection).collect()
}

/// A key in a sentence.
pub(super) fn name(key: &Key) -> String {
    match key {
        Key::Server | Key::Overflow => "all".to_owned(),
        Key::Address(address) => client(*address),
        Key::Connection(number) => format!("connection {number}"),
        Key::User(user) => format!("user {user}"),
        Key::Path(path) => shown(path),
    }
}

fn client(address: IpAddr) -> String {
    format!("client {address}")
}
