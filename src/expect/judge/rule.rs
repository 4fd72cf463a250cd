//! The unused-rule guard: whether each rule has fired, and if not, why.

use std::sync::Arc;

use super::nearest::{Sought, nearest};
use super::{Evidence, Found};
use crate::engine::{At, Count, Limit, Rule, Tally};
use crate::expect::Grade;
use crate::expect::words::{bytes, grouped, size, times, together};
use crate::journal::Record;

pub(super) fn judge(place: usize, rule: &Rule, evidence: &Evidence<'_>) -> Found {
    let fired = evidence.fired.get(place).copied().unwrap_or_default();
    let expected = rule.count.fires;
    let got = match fired {
        0 => "it never fired".to_owned(),
        fired => format!("it fired {}", times(fired)),
    };
    if expected.contains(fired) {
        return Found::new(Grade::Met, got);
    }
    let found = Found::new(Grade::Unmet, got);
    let of_the_rule = || {
        let of = |record: &&Arc<Record>| record.rule.as_ref().is_some_and(|at| at.place == place);
        evidence.told.records.iter().filter(of)
    };
    if expected.is_exceeded_by(fired) {
        let fired = of_the_rule().filter(|record| record.outcome.fired).cloned();
        return Found { records: fired.collect(), ..found };
    }
    if rule.shuts_the_listener().is_some() {
        let why = "its listener was never shut".to_owned();
        return Found { nearest: Some(why), ..found };
    }
    let tally = evidence.tallies.get(place).copied().unwrap_or_default();
    if tally.matched == 0 {
        let near = nearest(&Sought::Rule(&rule.pattern), evidence.told.records.iter());
        return Found { nearest: near.sentence, records: near.records, ..found };
    }
    let missed: Vec<Arc<Record>> =
        of_the_rule().filter(|record| !record.outcome.fired).cloned().collect();
    let why = why(rule, &tally, fired, &missed, evidence.rules);
    Found { nearest: Some(why), records: missed, ..found }
}

/// What became of the events that its filters let pass.
fn why(rule: &Rule, tally: &Tally, fired: u64, missed: &[Arc<Record>], rules: &[Rule]) -> String {
    let count = &rule.count;
    let mut reasons = Vec::new();
    let mut say = |count: u64, how: String| {
        if count > 0 {
            reasons.push(if count == tally.matched {
                how
            } else {
                format!("for {} of them {how}", grouped(count))
            });
        }
    };
    let states = together(rule.pattern.states.iter().map(|state| format!("`{state}`")));
    say(tally.out_of_state, format!("the state was not {states}"));
    say(tally.within_limit, format!("its `limit: {}` was not exceeded", limit(count.limit)));
    say(tally.taken, taken_by(tally.taken_by, rules));
    say(tally.too_late, spent(count));
    say(tally.by_chance, "its `chance` let it pass".to_owned());
    say(tally.skipped, format!("its `skip: {}` let it pass", count.skip));
    let idle = tally.acted.saturating_sub(fired);
    say(idle, before_its_point(rule.at(), count.limit, missed));
    let matched = times(tally.matched);
    if reasons.is_empty() {
        return format!("it matched {matched}");
    }
    format!("it matched {matched}, but {}", together(reasons))
}

fn spent(count: &Count) -> String {
    match (count.times, count.lasting) {
        (Some(times), None) => format!("its `times: {times}` were spent"),
        (None, _) => "its `for` was over".to_owned(),
        (Some(_), Some(_)) => "its `times` were spent or its `for` was over".to_owned(),
    }
}

fn limit(limit: Option<Limit>) -> String {
    match limit {
        Some(Limit::Count(count)) => count.to_string(),
        Some(Limit::Size(bytes)) => size(bytes),
        None => String::new(),
    }
}

fn taken_by(place: Option<usize>, rules: &[Rule]) -> String {
    match place.and_then(|place| Some((place, rules.get(place)?))) {
        Some((place, rule)) => {
            format!("rule {} at {} acted first", place + 1, rule.origin)
        }
        None => "another rule acted first".to_owned(),
    }
}

/// Why a rule that was to act did nothing.
fn before_its_point(at: Option<At>, limit: Option<Limit>, missed: &[Arc<Record>]) -> String {
    let point = match (at, limit) {
        (_, Some(Limit::Size(size_limit))) => format!("`limit: {}`", size(size_limit)),
        (Some(At::Bytes(point)), _) => format!("`at: {}`", size(point)),
        (Some(At::End), _) => "`at: end`".to_owned(),
        (Some(At::Failure), _) => return "nothing failed by nature".to_owned(),
        _ => "its point".to_owned(),
    };
    let moved = missed.iter().filter_map(|record| record.outcome.bytes).max();
    let answer = missed.iter().rev().find_map(|record| record.outcome.answer.last());
    match (moved, answer) {
        (Some(moved), _) => format!("the transfer ended at {}, before {point}", bytes(moved)),
        (None, Some(answer)) => format!("it was answered `{answer}` before {point}"),
        (None, None) => format!("it was over before {point}"),
    }
}
