//! Filters on what an event never carries.

use super::Filters;
use crate::engine::{Per, Protocol};
use crate::scenario::keys::Reading;
use crate::scenario::problem::{Problem, alternatives};
use crate::scenario::word::Word;
use crate::scenario::yaml::Spanned;

/// A filter, and the events that it can be asked of.
struct Filter {
    key: &'static str,
    carries: fn(Word) -> bool,
    /// What to say of an event that does not carry it.
    why: &'static str,
}

const FILTERS: [Filter; 8] = [
    Filter { key: "user", carries: Word::carries_user, why: NOBODY },
    Filter { key: "path", carries: Word::carries_path, why: NOWHERE },
    Filter { key: "target", carries: Word::carries_target, why: NOWHERE },
    Filter { key: "method", carries: Word::carries_method, why: "it is no attempt to log in" },
    Filter { key: "of", carries: Word::is_silence, why: "it is no silence" },
    Filter { key: "argument", carries: Word::carries_argument, why: "it has no argument" },
    Filter { key: "flags", carries: Word::carries_flags, why: "no request of it opens a file" },
    Filter { key: "attributes", carries: Word::carries_attributes, why: "it sets none" },
];

const NOBODY: &str = "nobody has given a name yet";
const NOWHERE: &str = "it is about no path";

pub(in crate::scenario) fn check(rule: &Filters, reading: &mut Reading) {
    for Filter { key, carries, why } in FILTERS {
        if rule.has(key) {
            for word in never(rule, carries) {
                reading.add(refusal(rule, key, word, why));
            }
        }
    }
    per(rule, reading);
    protocol(rule, reading);
    regular_expressions(rule, reading);
    of_requests(rule, reading);
}

/// A glob that reads like a regular expression matches nothing that was meant.
fn regular_expressions(rule: &Filters, reading: &mut Reading) {
    let keys = [("user", &rule.users), ("path", &rule.paths), ("argument", &rule.arguments)];
    for (key, globs) in keys {
        for glob in globs {
            let text = glob.source();
            // `.*` alone are the names that begin with a dot, or any ending.
            let looks_like_one = text.contains("\\.")
                || text.contains("\\d")
                || text.starts_with('^')
                || text.ends_with('$');
            if looks_like_one {
                let plain = text.replace(".*", "*").replace("\\.", ".").replace("\\d", "[0-9]");
                let plain = plain.trim_start_matches('^').trim_end_matches('$');
                reading.add(
                    Problem::warning(rule.value(key), "this looks like a regular expression")
                        .label("it is a glob, in which `.`, `^` and `$` stand for themselves")
                        .help(format!("did you mean `{plain}`?")),
                );
            }
        }
    }
}

/// A filter on what only SFTP has, where another protocol is spoken.
fn of_requests(rule: &Filters, reading: &mut Reading) {
    let Some(key) = rule.of_requests() else { return };
    let elsewhere = rule.named_protocols().is_some_and(|named| !named.contains(&Protocol::Sftp));
    let replies = rule.has("reply") && !rule.has("status");
    let other = [(elsewhere, "protocol"), (replies, "reply")];
    for (_, other) in other.into_iter().filter(|(is_other, _)| *is_other) {
        reading.add(
            Problem::error(rule.key(key), format!("`{key}` is known of SFTP's requests alone"))
                .label("this can never match")
                .also(rule.key(other), "this is about FTP"),
        );
    }
}

/// Filters on a part of a file, and the events that they can be asked of where a rule decides.
const OF_PARTS: [Filter; 3] = [
    Filter { key: "offset", carries: Word::carries_an_offset, why: LATER },
    Filter { key: "order", carries: Word::carries_a_part, why: LATER },
    Filter { key: "length", carries: Word::carries_a_length, why: LATER },
];

const LATER: &str = "when it begins, nothing is read or written yet";

/// What a rule cannot know of a transfer when it begins.
pub(in crate::scenario) fn check_parts(rule: &Filters, reading: &mut Reading) {
    for Filter { key, carries, why } in OF_PARTS {
        if rule.has(key) {
            for word in never(rule, carries) {
                reading.add(
                    refusal(rule, key, word, why).help(
                        "a rule on `SSH_FXP_READ` or `SSH_FXP_WRITE` is asked at each of them",
                    ),
                );
            }
        }
    }
}

/// The words of the rule whose events never carry something.
fn never(rule: &Filters, carries: fn(Word) -> bool) -> impl Iterator<Item = &Spanned<Word>> {
    rule.when.iter().filter(move |word| !carries(word.value))
}

fn refusal(rule: &Filters, key: &str, word: &Spanned<Word>, why: &str) -> Problem {
    let event = word.value.text();
    Problem::error(rule.key(key), format!("`{key}` filters what `{event}` never carries"))
        .label("this can never match")
        .also(word.span, why)
}

fn per(rule: &Filters, reading: &mut Reading) {
    let (carries, why): (fn(Word) -> bool, _) = match rule.per() {
        Per::User => (Word::carries_user, NOBODY),
        Per::Path => (Word::carries_path, NOWHERE),
        Per::Server | Per::Address | Per::Connection => return,
    };
    for word in never(rule, carries) {
        let kept = if rule.per() == Per::User { "user" } else { "path" };
        let event = word.value.text();
        reading.add(
            Problem::error(rule.value("per"), format!("`{event}` cannot be counted per {kept}"))
                .label(format!("`{event}` has no {kept}"))
                .also(word.span, why)
                .help(
                    "`per: connection`, `per: address` and `per: server` are known to every event",
                ),
        );
    }
}

/// `protocol` beside a word that only exists in another one.
fn protocol(rule: &Filters, reading: &mut Reading) {
    let asked =
        |known: &[Protocol]| rule.protocols.iter().any(|protocol| known.contains(&protocol.value));
    if rule.protocols.is_empty() {
        return;
    }
    let elsewhere = |word: &Word| !word.protocols().is_empty() && !asked(word.protocols());
    for word in rule.when.iter().filter(|word| elsewhere(&word.value)) {
        let event = word.value.text();
        let written = rule.protocols.iter().map(|protocol| protocol.value.word());
        reading.add(
            Problem::error(
                rule.value("protocol"),
                format!("`{event}` never happens in {}", alternatives(written)),
            )
            .label("this can never match")
            .also(
                word.span,
                format!(
                    "only in {}",
                    alternatives(word.value.protocols().iter().map(|known| known.word()))
                ),
            ),
        );
    }
}
