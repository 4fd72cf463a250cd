//! The nearest miss: of all that happened, what came closest to what was looked for, and what kept it from being it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::seen::{has_outcome, has_parting};
use crate::engine::{Filter, Parting, Pattern, Range, When};
use crate::expect::Happens;
use crate::expect::words::{alternatives, range, size, times, together};
use crate::journal::{Record, Success};

/// Values named in a sentence.
const MOST_NAMED: usize = 3;
/// Words of what happened instead.
const MOST_WORDS: usize = 8;

/// What was looked for.
pub(super) enum Sought<'a> {
    /// By the filters of a rule.
    Rule(&'a Pattern),
    /// By those of an expectation.
    Happens(&'a Happens),
}

/// What came nearest.
#[derive(Default)]
pub(super) struct Nearest {
    pub(super) sentence: Option<String>,
    pub(super) records: Vec<Arc<Record>>,
}

/// What an event has to be, besides coming when it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    Filter(Filter),
    Outcome,
    Parting,
}

pub(super) fn nearest<'r>(
    sought: &Sought<'_>,
    records: impl Iterator<Item = &'r Arc<Record>>,
) -> Nearest {
    let records: Vec<&Arc<Record>> =
        records.filter(|record| !record.is_end() && record.connection > 0).collect();
    let asked = sought.conditions();
    let mut misses: BTreeMap<Vec<Condition>, Vec<&Arc<Record>>> = BTreeMap::new();
    for record in &records {
        let failed = asked.iter().copied().filter(|condition| !sought.holds(*condition, record));
        misses.entry(failed.collect()).or_default().push(record);
    }
    // What meets every condition came too early, and there is nothing nearer.
    let near = misses.into_iter().filter(|(failed, _)| is_near(&asked, failed));
    let best = near.min_by_key(|(failed, of)| (failed.len(), usize::MAX - of.len()));
    match best {
        Some((failed, of)) => Nearest {
            sentence: Some(sought.sentence(&asked, &failed, &of)),
            records: of.into_iter().cloned().collect(),
        },
        None => Nearest { sentence: what_happened(&records), records: Vec::new() },
    }
}

/// Whether something has enough in common with what was looked for. An event of another kind has it only if it is
/// about the same thing.
fn is_near(asked: &[Condition], failed: &[Condition]) -> bool {
    let when = Condition::Filter(Filter::When);
    let holds = |filter| {
        let condition = Condition::Filter(filter);
        asked.contains(&condition) && !failed.contains(&condition)
    };
    !failed.contains(&when) || holds(Filter::Path) || holds(Filter::Argument)
}

impl Sought<'_> {
    fn pattern(&self) -> &Pattern {
        match self {
            Self::Rule(pattern) => pattern,
            Self::Happens(happens) => &happens.pattern,
        }
    }

    /// What is asked for.
    fn conditions(&self) -> Vec<Condition> {
        let pattern = self.pattern();
        let filters = Filter::ALL.into_iter().filter(|filter| asks(pattern, *filter));
        let mut conditions: Vec<Condition> = filters.map(Condition::Filter).collect();
        if let Self::Happens(happens) = self {
            conditions.extend(happens.outcome.map(|_| Condition::Outcome));
            conditions.extend(happens.parting.map(|_| Condition::Parting));
        }
        conditions
    }

    fn holds(&self, condition: Condition, record: &Record) -> bool {
        match (condition, self) {
            (Condition::Filter(filter), _) => self.pattern().passes(filter, &record.event()),
            (Condition::Outcome, Self::Happens(happens)) => has_outcome(happens, record),
            (Condition::Parting, Self::Happens(happens)) => has_parting(happens, record),
            (_, Self::Rule(_)) => true,
        }
    }

    /// `the path matched 4 times, but the verb was APPE, not STOR`
    fn sentence(
        &self,
        asked: &[Condition],
        failed: &[Condition],
        records: &[&Arc<Record>],
    ) -> String {
        let count = times(records.len() as u64);
        if let (true, Self::Happens(happens)) = (failed.is_empty(), self) {
            let words = alternatives(happens.after.iter().map(quoted));
            return format!("everything matched {count}, but not after {words}");
        }
        // Whoever speaks at all speaks some protocol: that it is the right one says little.
        let protocol = Condition::Filter(Filter::Protocol);
        let held = asked.iter().filter(|at| !failed.contains(at) && **at != protocol);
        let held: Vec<&str> = held.map(|condition| self.noun(*condition)).collect();
        let why = failed.iter().map(|condition| self.miss(*condition, records));
        let why: Vec<String> = why.collect();
        format!("{} matched {count}, but {}", together(held), why.join(", and "))
    }

    /// `the verb was APPE, not STOR`
    fn miss(&self, condition: Condition, records: &[&Arc<Record>]) -> String {
        let mut values: BTreeMap<String, usize> = BTreeMap::new();
        for record in records {
            *values.entry(self.value(condition, record)).or_default() += 1;
        }
        let noun = self.noun(condition);
        format!("{noun} was {}, not {}", most_frequent(values), self.wanted(condition))
    }

    fn noun(&self, condition: Condition) -> &'static str {
        match condition {
            Condition::Filter(Filter::When) if self.asks_the_wire() => "the verb",
            Condition::Filter(Filter::When) => "the event",
            Condition::Filter(Filter::Protocol) => "the protocol",
            Condition::Filter(Filter::Target) => "the target",
            Condition::Filter(Filter::Tls) => "TLS",
            Condition::Filter(Filter::Silence) => "the silence",
            Condition::Filter(Filter::User) => "the user",
            Condition::Filter(Filter::Path) => "the path",
            Condition::Filter(Filter::Argument) => "the argument",
            Condition::Filter(Filter::Method) => "the method",
            Condition::Filter(Filter::Flags) => "the set of flags",
            Condition::Filter(Filter::Offset) => "the offset",
            Condition::Filter(Filter::Length) => "the length",
            Condition::Filter(Filter::Order) => "the order",
            Condition::Filter(Filter::Attributes) => "what was set",
            Condition::Outcome => "the outcome",
            Condition::Parting => "the parting",
        }
    }

    fn asks_the_wire(&self) -> bool {
        self.pattern().when.iter().any(|when| matches!(when, When::Wire(_)))
    }

    /// What it was.
    fn value(&self, condition: Condition, record: &Record) -> String {
        let (wire, event) = (record.wire.as_deref(), record.event);
        let text = |text: &Option<crate::journal::Text>| {
            text.as_ref().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"))
        };
        match condition {
            Condition::Filter(Filter::When) if self.asks_the_wire() => {
                wire.or(event).unwrap_or("none").to_owned()
            }
            Condition::Filter(Filter::When) => match event.or(wire) {
                Some(word) => format!("`{word}`"),
                None => "none".to_owned(),
            },
            Condition::Filter(Filter::Protocol) => record.protocol.to_string(),
            Condition::Filter(Filter::Target) => {
                record.target.map_or("unknown", |target| target.word()).to_owned()
            }
            Condition::Filter(Filter::Tls) => {
                record.tls.map_or("none", |tls| tls.word()).to_owned()
            }
            Condition::Filter(Filter::Silence) => {
                record.silence.map_or("none", |silence| silence.word()).to_owned()
            }
            Condition::Filter(Filter::User) => text(&record.user),
            Condition::Filter(Filter::Path) => text(&record.path),
            Condition::Filter(Filter::Argument) => text(&record.argument),
            Condition::Filter(Filter::Method) => {
                record.method.clone().unwrap_or_else(|| "none".to_owned())
            }
            Condition::Filter(Filter::Flags) => joined(&record.flags, "+"),
            Condition::Filter(Filter::Offset) => size_if_known(record.offset),
            Condition::Filter(Filter::Length) => size_if_known(record.length),
            Condition::Filter(Filter::Order) => {
                record.order.map_or("not known", |order| order.word()).to_owned()
            }
            Condition::Filter(Filter::Attributes) => joined(&record.attributes, ", "),
            Condition::Outcome => record.outcome.success.word().to_owned(),
            Condition::Parting => record.outcome.parting.map_or("none", Parting::word).to_owned(),
        }
    }

    /// What it should have been.
    fn wanted(&self, condition: Condition) -> String {
        let pattern = self.pattern();
        match condition {
            Condition::Filter(Filter::When) if self.asks_the_wire() => alternatives(&pattern.when),
            Condition::Filter(Filter::When) => alternatives(pattern.when.iter().map(quoted)),
            Condition::Filter(Filter::Protocol) => alternatives(&pattern.protocols),
            Condition::Filter(Filter::Target) => {
                alternatives(pattern.targets.iter().map(|target| target.word()))
            }
            Condition::Filter(Filter::Tls) => {
                alternatives(pattern.tls.iter().map(|tls| tls.word()))
            }
            Condition::Filter(Filter::Silence) => {
                alternatives(pattern.silences.iter().map(|silence| silence.word()))
            }
            Condition::Filter(Filter::User) => globs(&pattern.users),
            Condition::Filter(Filter::Path) => globs(&pattern.paths),
            Condition::Filter(Filter::Argument) => globs(&pattern.arguments),
            Condition::Filter(Filter::Method) => alternatives(&pattern.methods),
            Condition::Filter(Filter::Flags) => {
                alternatives(pattern.flags.iter().map(|flags| flags.join("+")))
            }
            Condition::Filter(Filter::Offset) => sizes(pattern.offset),
            Condition::Filter(Filter::Length) => sizes(pattern.length),
            Condition::Filter(Filter::Order) => {
                alternatives(pattern.orders.iter().map(|order| order.word()))
            }
            Condition::Filter(Filter::Attributes) => globs(&pattern.attributes),
            Condition::Outcome => match self {
                Self::Happens(happens) => happens.outcome.map_or("", Success::word).to_owned(),
                Self::Rule(_) => String::new(),
            },
            Condition::Parting => match self {
                Self::Happens(happens) => happens.parting.map_or("", Parting::word).to_owned(),
                Self::Rule(_) => String::new(),
            },
        }
    }
}

/// Whether a filter was written.
fn asks(pattern: &Pattern, filter: Filter) -> bool {
    match filter {
        Filter::When => true,
        Filter::Protocol => !pattern.protocols.is_empty(),
        Filter::Target => !pattern.targets.is_empty(),
        Filter::Tls => !pattern.tls.is_empty(),
        Filter::Silence => !pattern.silences.is_empty(),
        Filter::User => !pattern.users.is_empty(),
        Filter::Path => !pattern.paths.is_empty(),
        Filter::Argument => !pattern.arguments.is_empty(),
        Filter::Method => !pattern.methods.is_empty(),
        Filter::Flags => !pattern.flags.is_empty(),
        Filter::Offset => pattern.offset.is_some(),
        Filter::Length => pattern.length.is_some(),
        Filter::Order => !pattern.orders.is_empty(),
        Filter::Attributes => !pattern.attributes.is_empty(),
    }
}

fn globs(globs: &[crate::engine::Glob]) -> String {
    alternatives(globs.iter().map(|glob| format!("`{}`", glob.source())))
}

/// `READ+WRITE`
fn joined(words: &[impl AsRef<str>], between: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(between) }
}

fn size_if_known(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "not known".to_owned(), size)
}

fn sizes(asked: Option<Range<u64>>) -> String {
    asked.map_or_else(String::new, |asked| range(&asked, |bytes| size(*bytes)))
}

fn quoted(when: &When) -> String {
    format!("`{when}`")
}

/// `APPE`, `SIZE (4) or APPE (2)`
fn most_frequent(values: BTreeMap<String, usize>) -> String {
    let mut values: Vec<(String, usize)> = values.into_iter().collect();
    values.sort_by_key(|(_, count)| usize::MAX - count);
    if let [(value, _)] = values.as_slice() {
        return value.clone();
    }
    let rest = values.len().saturating_sub(MOST_NAMED);
    let named = values.iter().take(MOST_NAMED).map(|(value, count)| format!("{value} ({count})"));
    let others = (rest > 0).then(|| format!("{rest} others"));
    alternatives(named.chain(others))
}

/// What did happen, in a few words.
fn what_happened(records: &[&Arc<Record>]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        if let Some(word) = record.wire.as_deref().or(record.event) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<(&str, usize)> = counts.into_iter().collect();
    words.sort_by_key(|(_, count)| usize::MAX - count);
    if words.is_empty() {
        return Some("nothing happened at all".to_owned());
    }
    let rest = words.len().saturating_sub(MOST_WORDS);
    let named = words.iter().take(MOST_WORDS).map(|(word, count)| match count {
        1 => (*word).to_owned(),
        count => format!("{word} ({count})"),
    });
    let others = (rest > 0).then(|| format!("{rest} others"));
    Some(format!("what happened was {}", together(named.chain(others))))
}
