//! Rules behind others: the first that matches acts, so that one without a count leaves nothing to those
//! behind it.

use super::super::draft::Draft;
use crate::engine::{Glob, Protocol, Target};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::yaml::Spanned;

/// Rules that are looked at as covering others. A generated scenario of ten thousand rules is not compared
/// pair by pair.
const MOST: usize = 500;

pub(in crate::scenario::rules) fn check(rules: &[Draft], reading: &mut Reading) {
    let lasting: Vec<(usize, &Draft)> =
        rules.iter().enumerate().filter(|(_, rule)| always_acts(rule)).take(MOST).collect();
    for (index, rule) in rules.iter().enumerate() {
        let earlier = lasting.iter().take_while(|(at, _)| *at < index);
        let Some((_, first)) = earlier.into_iter().find(|(_, earlier)| covers(earlier, rule))
        else {
            continue;
        };
        reading.add(
            Problem::warning(rule.value("when"), "this rule can never act")
                .label("the first rule that matches wins")
                .also(first.value("when"), "this one always does")
                .help("put the narrower rule first, or give the first one its `times`"),
        );
    }
    nothing_at_the_end(rules, reading);
}

/// Whether it acts on every event that its filters let pass.
fn always_acts(rule: &Draft) -> bool {
    !["skip", "times", "for", "chance", "limit"].iter().any(|key| rule.has(key))
}

fn covers(earlier: &Draft, rule: &Draft) -> bool {
    let words =
        rule.when.iter().all(|word| earlier.when.iter().any(|wide| wide.value.covers(word.value)));
    // The silences of two `idle` rules differ; the shorter is asked first, whatever the order.
    let idle = earlier.has("delay") && rule.when.iter().any(|word| word.value.text() == "idle");
    words
        && !idle
        && all_in(&rule.holds_in(), &earlier.holds_in(), &Protocol::ALL)
        && globs(&rule.users, &earlier.users)
        && globs(&rule.paths, &earlier.paths)
        && globs(&rule.arguments, &earlier.arguments)
        && all_in(&rule.targets, &earlier.targets, TARGETS)
        && requests(rule, earlier)
        && states(rule, earlier)
}

/// Whether what one carries is also let pass by the other; what ranges have in common is not computed.
fn requests(rule: &Draft, earlier: &Draft) -> bool {
    (earlier.flags.is_empty() || earlier.flags == rule.flags)
        && (earlier.offset.is_none() || earlier.offset == rule.offset)
        && (earlier.length.is_none() || earlier.length == rule.length)
        && (earlier.orders.is_empty() || earlier.orders == rule.orders)
        && globs(&rule.attributes, &earlier.attributes)
}

const TARGETS: &[Target] =
    &[Target::Missing, Target::EmptyDirectory, Target::File, Target::Directory];

/// Whether an empty list, which is all, or each of `narrow` is in `wide`.
fn all_in<T: PartialEq>(narrow: &[T], wide: &[T], all: &[T]) -> bool {
    let narrow = if narrow.is_empty() { all } else { narrow };
    wide.is_empty() || narrow.iter().all(|item| wide.contains(item))
}

/// Whether each pattern is also one of the wide ones; what patterns have in common is not computed.
fn globs(narrow: &[Glob], wide: &[Glob]) -> bool {
    let literal = |glob: &Glob| !glob.source().contains(['*', '?', '[', '{', '\\']);
    let within = |glob: &Glob| {
        wide.iter().any(|wide| {
            wide.source() == glob.source()
                || (literal(glob) && wide.matches(glob.source().as_bytes()))
        })
    };
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(within))
}

fn states(rule: &Draft, earlier: &Draft) -> bool {
    let contains =
        |state: &Spanned<String>| earlier.states.iter().any(|wide| wide.value == state.value);
    earlier.states.is_empty()
        || (rule.per() == earlier.per()
            && !rule.states.is_empty()
            && rule.states.iter().all(contains))
}

/// A rule that does nothing keeps those behind it from acting; behind the last one there are none.
fn nothing_at_the_end(rules: &[Draft], reading: &mut Reading) {
    const DOES: [&str; 15] = [
        "delay",
        "rate",
        "chunk",
        "reply",
        "status",
        "send",
        "claim",
        "data",
        "keep",
        "then",
        "goto",
        "damage",
        "repeat",
        "certificate",
        "host-key",
    ];
    let Some(last) = rules.last().filter(|last| !DOES.iter().any(|key| last.has(key))) else {
        return;
    };
    reading.add(
        Problem::warning(last.value("when"), "this rule does nothing")
            .label("what happens then?")
            .help("an answer is written `reply`, an end of the session `then`, one of the data connection `data`"),
    );
}
