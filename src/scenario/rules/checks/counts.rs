//! How often: limits on what cannot be counted or weighed, and counts that keep a rule from ever acting.

use std::time::Duration;

use super::super::draft::Draft;
use crate::engine::{Limit, Operation, Per};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    match rule.limit {
        Some(Limit::Count(_)) => limit_of_things(rule, reading),
        Some(Limit::Size(_)) => limit_of_bytes(rule, reading),
        None => {}
    }
    never_acts(rule, reading);
    idle(rule, reading);
}

fn limit_of_things(rule: &Draft, reading: &mut Reading) {
    for word in rule.when.iter().filter(|word| !word.value.opens()) {
        let event = word.value.text();
        let problem = Problem::error(
            rule.value("limit"),
            format!("`{event}` opens nothing that could be counted"),
        )
        .label("a limit counts what is open at once")
        .also(word.span, "this is over at once");
        reading.add(if word.value.stores() {
            problem.help("a limit of bytes has a unit: `limit: 10MiB`")
        } else {
            problem.help("to let the first n pass, write `skip`; to act n times, `times`")
        });
    }
}

fn limit_of_bytes(rule: &Draft, reading: &mut Reading) {
    for word in rule.when.iter().filter(|word| !word.value.stores()) {
        let event = word.value.text();
        reading.add(
            Problem::error(
                rule.value("limit"),
                format!("`{event}` stores nothing that could be weighed"),
            )
            .label("a limit with a unit weighs the bytes stored")
            .also(word.span, "this brings no bytes")
            .help("`upload`, `append` and their verbs store bytes, and `ALLO` announces them"),
        );
    }
    if rule.has("at") {
        reading.add(
            Problem::error(rule.key("at"), "`at` beside a limit of bytes")
                .label("the rule acts at the byte that exceeds the limit")
                .also(rule.key("limit"), "this already says where")
                .help("leave `at` out, or replace `limit` by it"),
        );
    }
    if matches!(rule.per, Some(Per::Address | Per::Connection)) {
        reading.add(
            Problem::error(rule.value("per"), "stored bytes are known per server, user and path")
                .label("who stored them from where is not")
                .also(rule.key("limit"), "this weighs bytes"),
        );
    }
}

fn never_acts(rule: &Draft, reading: &mut Reading) {
    if rule.times == Some(0) {
        reading.add(
            Problem::warning(rule.value("times"), "this rule can never act")
                .label("no times at all")
                .help("leave the rule out, or give it at least `times: 1`"),
        );
    }
    if rule.chance == Some(0) {
        reading.add(
            Problem::warning(rule.value("chance"), "this rule can never act")
                .label("no chance at all"),
        );
    }
    if rule.lasting == Some(Duration::ZERO) {
        reading.add(
            Problem::warning(rule.value("for"), "this rule acts at most once")
                .label("it is over as soon as it has begun")
                .help("write `times: 1`"),
        );
    } else if rule.lasting.is_some() && rule.times == Some(1) && !rule.has("per") {
        reading.add(
            Problem::warning(rule.key("for"), "`for` has no effect")
                .label("it runs from the first act")
                .also(rule.key("times"), "which is the only one"),
        );
    }
}

/// `idle` is a silence of some length.
fn idle(rule: &Draft, reading: &mut Reading) {
    let idle = rule.when.iter().find(|word| word.value == Word::Operation(Operation::Idle));
    if let Some(word) = idle.filter(|_| !rule.has("delay")) {
        reading.add(
            Problem::error(word.span, "`idle` needs a `delay`")
                .label("how long a silence?")
                .help("write `delay: 30s` beside it"),
        );
    }
}
