//! Where in an operation a rule acts: at a point that it has.

use super::super::draft::Draft;
use crate::engine::{At, Operation};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

/// No answer of one event, without the bytes of a file or a listing, is longer, in bytes.
const LONGEST_ANSWER: u64 = 16 * 1024;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    match rule.at {
        Some(At::Failure) => failure(rule, reading),
        Some(At::Bytes(size)) if size >= LONGEST_ANSWER => in_an_answer(rule, reading),
        _ => {}
    }
}

/// Only what is asked for can fail; and what has failed leaves nothing.
fn failure(rule: &Draft, reading: &mut Reading) {
    for word in rule.when.iter().filter(|word| is_a_moment(word.value)) {
        let event = word.value.text();
        let help = match word.value {
            Word::Operation(Operation::Login) => "a refused login is `when: denied`",
            _ => "what a client asks for can fail: `upload`, `RETR`, `passive`",
        };
        reading.add(
            Problem::error(rule.value("at"), format!("`{event}` does not fail by nature"))
                .label("this point is never reached")
                .also(word.span, "a moment of the session")
                .help(help),
        );
    }
    if let Some(key) = ["keep", "claim", "damage"].into_iter().find(|key| rule.has(key)) {
        reading.add(
            Problem::error(rule.key(key), format!("`{key}` of what has failed"))
                .label("nothing was done, and nothing true is told")
                .also(rule.value("at"), "because of this"),
        );
    }
}

/// A size counts the bytes of the answer where no others move, and no answer has so many.
fn in_an_answer(rule: &Draft, reading: &mut Reading) {
    let only_answered = |word: Word| match word {
        Word::Operation(operation) => !moves_bytes(operation),
        Word::Verb(verb) => verb.operation.is_some_and(|operation| !moves_bytes(operation)),
        Word::Any | Word::Other(_) | Word::Request(_) | Word::Message(_) => false,
    };
    if let Some(word) = rule.when.iter().find(|word| only_answered(word.value)) {
        let event = word.value.text();
        reading.add(
            Problem::warning(rule.value("at"), format!("`{event}` moves no bytes of a file"))
                .label("its answer never has so many, so that nothing happens")
                .also(word.span, "this is only answered")
                .help("write `at: end` for after it is done, or `at: start` for in its place"),
        );
    }
}

fn moves_bytes(operation: Operation) -> bool {
    operation.moves_data() || operation == Operation::Channel
}

fn is_a_moment(word: Word) -> bool {
    match word {
        Word::Operation(operation) => {
            !operation.is_on_files() && !matches!(operation, Operation::Passive | Operation::Active)
        }
        Word::Message(_) => true,
        Word::Any | Word::Verb(_) | Word::Other(_) | Word::Request(_) => false,
    }
}
