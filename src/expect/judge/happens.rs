//! Whether something happened as often, and as far apart, as was expected.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::nearest::{Sought, nearest};
use super::seen::{self, Seen};
use super::{Evidence, Found};
use crate::engine::{Key, Per, Range};
use crate::expect::words::{grouped, seconds, times, together};
use crate::expect::{Expectation, Grade, Happens};
use crate::journal::Record;

/// Keys named in a sentence.
const MOST_NAMED: usize = 3;

/// What is wrong under one key.
enum Wrong {
    TooFew,
    TooMany,
    /// Between these two.
    Gap(Duration, Arc<Record>, Arc<Record>),
}

pub(super) fn judge(
    expectation: &Expectation,
    happens: &Happens,
    evidence: &Evidence<'_>,
) -> Found {
    let keys = seen::by_key(happens, evidence);
    let wrong: Vec<(&Key, &Seen, Wrong)> = keys
        .iter()
        .filter_map(|(key, seen)| Some((key, seen, wrong(expectation.times, happens, seen)?)))
        .collect();
    if let Some(grade) = grade_of_a_part(expectation, happens, &wrong, evidence) {
        return Found::new(grade, forgotten(evidence));
    }
    let nobody = keys.is_empty() && expectation.times.least > 0;
    if nobody {
        return missing(Found::new(Grade::Unmet, "it never happened"), happens, None, evidence);
    }
    let Some((key, seen, kind)) = wrong.first() else {
        return Found::new(Grade::Met, counted(&keys));
    };
    let found = Found::new(Grade::Unmet, sentence(happens.per, &wrong));
    match kind {
        Wrong::TooFew => missing(found, happens, Some((key, seen)), evidence),
        Wrong::TooMany => Found { records: surplus(expectation.times, &wrong), ..found },
        Wrong::Gap(..) => Found { records: around_the_gaps(&wrong), ..found },
    }
}

fn wrong(times: Range<u64>, happens: &Happens, seen: &Seen) -> Option<Wrong> {
    let count = seen.counted.len() as u64;
    if times.is_exceeded_by(count) {
        return Some(Wrong::TooMany);
    }
    if let Some(range) = happens.gap {
        let pairs = seen.counted.windows(2);
        let gaps = pairs.map(|pair| (gap(&pair[0], &pair[1]), &pair[0], &pair[1]));
        let bad = gaps.into_iter().find(|(gap, ..)| !range.contains(*gap));
        if let Some((gap, one, next)) = bad {
            return Some(Wrong::Gap(gap, Arc::clone(one), Arc::clone(next)));
        }
    }
    (count < times.least && !seen.is_cut_off).then_some(Wrong::TooFew)
}

/// From when the client had the answer to one to the beginning of the next; none where they overlap.
fn gap(one: &Record, next: &Record) -> Duration {
    one.over().map_or(Duration::ZERO, |over| next.began.saturating_sub(over))
}

/// What is left to say for sure when some records have given way; nothing when all are kept, or when those that
/// are kept are enough to see that it is unmet.
fn grade_of_a_part(
    expectation: &Expectation,
    happens: &Happens,
    wrong: &[(&Key, &Seen, Wrong)],
    evidence: &Evidence<'_>,
) -> Option<Grade> {
    if evidence.told.dropped == 0 {
        return None;
    }
    let surely_unmet =
        wrong.iter().any(|(.., kind)| matches!(kind, Wrong::TooMany)) && happens.after.is_empty();
    // More of the same can do no harm.
    let surely_met = wrong.is_empty()
        && happens.per == Per::Server
        && happens.gap.is_none()
        && expectation.times.most.is_none();
    (!surely_unmet && !surely_met).then_some(Grade::Inconclusive)
}

fn forgotten(evidence: &Evidence<'_>) -> String {
    let dropped = grouped(evidence.told.dropped);
    format!("the journal is full, and its oldest {dropped} records are gone: this cannot be told")
}

/// Says what came nearest to what is missing: of what happened under a key and does not count, or else what does.
fn missing(
    found: Found,
    happens: &Happens,
    key: Option<(&Key, &Seen)>,
    evidence: &Evidence<'_>,
) -> Found {
    let counted = key.map_or(&[][..], |(_, seen)| &seen.counted);
    let known: HashSet<*const Record> = counted.iter().map(Arc::as_ptr).collect();
    let others = evidence.told.records.iter().filter(|record| {
        let same =
            |(key, _): (&Key, &Seen)| seen::key_of(happens.per, record).as_ref() == Some(key);
        key.is_none_or(same) && !known.contains(&Arc::as_ptr(record))
    });
    let near = nearest(&Sought::Happens(happens), others);
    if near.records.is_empty() && !counted.is_empty() {
        return Found { records: counted.to_vec(), ..found };
    }
    Found { nearest: near.sentence, records: near.records, ..found }
}

/// Those that are one too many.
fn surplus(times: Range<u64>, wrong: &[(&Key, &Seen, Wrong)]) -> Vec<Arc<Record>> {
    let most = times.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let over = wrong.iter().flat_map(|(_, seen, _)| seen.counted.iter().skip(most));
    over.cloned().collect()
}

fn around_the_gaps(wrong: &[(&Key, &Seen, Wrong)]) -> Vec<Arc<Record>> {
    let pairs = wrong.iter().filter_map(|(.., kind)| match kind {
        Wrong::Gap(_, one, next) => Some([Arc::clone(one), Arc::clone(next)]),
        _ => None,
    });
    pairs.flatten().collect()
}

/// `it happened 5 times for /in/a and /in/b, it never happened for /in/c`
fn sentence(per: Per, wrong: &[(&Key, &Seen, Wrong)]) -> String {
    let mut hows: Vec<(String, Vec<&Key>)> = Vec::new();
    for (key, seen, kind) in wrong {
        let how = how(seen, kind);
        match hows.iter_mut().find(|(known, _)| *known == how) {
            Some((_, keys)) => keys.push(key),
            None => hows.push((how, vec![key])),
        }
    }
    let more = hows.len().saturating_sub(MOST_NAMED);
    let rest = (more > 0).then(|| format!("{more} more are wrong in other ways"));
    let parts = hows.iter().take(MOST_NAMED).map(|(how, keys)| match per {
        Per::Server => how.clone(),
        _ => format!("{how} for {}", names(keys)),
    });
    parts.chain(rest).collect::<Vec<_>>().join(", ")
}

fn how(seen: &Seen, wrong: &Wrong) -> String {
    match wrong {
        Wrong::TooFew if seen.counted.is_empty() => "it never happened".to_owned(),
        Wrong::TooFew | Wrong::TooMany => {
            format!("it happened {}", times(seen.counted.len() as u64))
        }
        Wrong::Gap(gap, one, next) => {
            let (one, next) = (name(one), name(next));
            format!("there were {} between {one} and {next}", seconds(*gap))
        }
    }
}

/// `record 3`; what is under way has no number yet.
fn name(record: &Record) -> String {
    match record.sequence {
        0 => "what is under way".to_owned(),
        number => format!("record {number}"),
    }
}

fn names(keys: &[&Key]) -> String {
    let more = keys.len().saturating_sub(MOST_NAMED);
    let rest = (more > 0).then(|| format!("{more} more"));
    together(keys.iter().take(MOST_NAMED).map(|key| seen::name(key)).chain(rest))
}

/// What is said of what is met.
fn counted(keys: &BTreeMap<Key, Seen>) -> String {
    let all: usize = keys.values().map(|seen| seen.counted.len()).sum();
    match keys.len() {
        0 | 1 if all == 0 => "it never happened".to_owned(),
        0 | 1 => format!("it happened {}", times(all as u64)),
        many => format!("it happened {} for {} keys", times(all as u64), grouped(many as u64)),
    }
}
