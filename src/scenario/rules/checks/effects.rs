//! What becomes of the data connection, of what is stored, and of the session.

use super::super::draft::Draft;
use crate::engine::Operation;
use crate::scenario::keys::Reading;
use crate::scenario::later::Later;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    data(rule, reading);
    keep(rule, reading);
    refusing(rule, reading);
    chunk(rule, reading);
}

fn data(rule: &Draft, reading: &mut Reading) {
    let Some(data) = rule.data else { return };
    for word in &rule.when {
        let event = word.value.text();
        let span = rule.value("data");
        match (word.value.arranges_data(), data) {
            (Some(Operation::Passive), shut) if shut.shuts_a_port() => {}
            (Some(Operation::Active), shut) if shut.shuts_a_port() => {
                reading.add(Later::ActiveEndings.problem(span, &format!("data: {}", shut.word())));
            }
            (Some(_), _) => reading.add(
                Problem::error(span, format!("at `{event}`, there is no data connection yet"))
                    .label("nothing to end")
                    .also(word.span, "this only arranges it")
                    .help("the data connection being made is `when: channel`; its port is shut by `data: refuse` at `passive`"),
            ),
            (None, shut) if shut.shuts_a_port() => {
                let shut = format!("data: {}", shut.word());
                reading.add(if word.value == Word::Operation(Operation::Channel) {
                    Later::ActiveEndings.problem(span, &shut)
                } else {
                    Problem::error(span, format!("`{shut}` shuts a port that is announced"))
                        .label("no port is announced here")
                        .also(word.span, "write `passive`")
                });
            }
            (None, _) if word.value.has_data() => {}
            (None, _) => reading.add(
                Problem::error(rule.key("data"), format!("`{event}` has no data connection"))
                    .label("nothing to end")
                    .also(word.span, "this is answered on the control connection")
                    .help("how the session ends is written `then`"),
            ),
        }
    }
}

fn keep(rule: &Draft, reading: &mut Reading) {
    if !rule.has("keep") {
        return;
    }
    for word in rule.when.iter().filter(|word| !word.value.uploads()) {
        let event = word.value.text();
        reading.add(if word.value.leaves_something() {
            Later::OtherKeeping.problem(rule.key("keep"), &format!("keep at {event}"))
        } else {
            Problem::error(rule.key("keep"), format!("`{event}` leaves nothing on the server"))
                .label("nothing to keep")
                .also(word.span, "this changes no file")
        });
    }
}

/// Only a port can refuse: the listener's at `connect`, which `listener` checks, or the data connection's.
fn refusing(rule: &Draft, reading: &mut Reading) {
    let Some(shut) = rule.then.filter(|then| then.shuts_a_port()) else { return };
    let title = format!("`then: {}` shuts the listener", shut.word());
    let problem = Problem::error(rule.value("then"), title).label("only for `connect`, alone");
    let word = rule.when.iter().find(|word| word.value != Word::Operation(Operation::Connect));
    let problem = match word {
        Some(word) => problem.also(word.span, "this comes after the connection was made"),
        None => problem,
    };
    reading.add(problem.help("to end a session write `then: close`, or `then: reset`"));
}

fn chunk(rule: &Draft, reading: &mut Reading) {
    if rule.chunk == Some(0) {
        reading.add(
            Problem::error(rule.value("chunk"), "`chunk: 0B` would never send anything")
                .label("at least one byte")
                .help("write `data: stall`, or `then: stall`"),
        );
    }
}
