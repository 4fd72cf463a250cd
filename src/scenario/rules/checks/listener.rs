//! A rule that shuts the listener itself. It is looked at before anybody connects, so that there is nothing to
//! filter by, nothing to count and nothing to say.

use super::super::draft::Draft;
use crate::engine::{Ending, Operation, Per};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

/// All that a rule which shuts the listener may say.
const ALLOWED: [&str; 7] = ["when", "protocol", "state", "limit", "per", "for", "then"];

/// Whether a rule shuts the listener.
pub(super) fn shuts(rule: &Draft) -> bool {
    let connect = |word: &Word| *word == Word::Operation(Operation::Connect);
    rule.then.is_some_and(Ending::shuts_a_port)
        && !rule.when.is_empty()
        && rule.when.iter().all(|word| connect(&word.value))
}

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    let shut = rule.then.map_or("refuse", Ending::word);
    for (key, span) in rule.written.iter().filter(|(key, _)| !ALLOWED.contains(key)) {
        reading.add(
            Problem::error(span, format!("`{key}` beside `then: {shut}` at `connect`"))
                .label("nobody has connected yet")
                .also(rule.value("then"), "the port is shut")
                .help("only `protocol`, `state`, `limit` per server and `for`, from the start, are known there"),
        );
    }
    if rule.per() != Per::Server {
        reading.add(
            Problem::error(rule.value("per"), "a port is shut for everybody")
                .label("only `per: server` is known here")
                .also(rule.value("then"), "the port is shut"),
        );
    }
}
