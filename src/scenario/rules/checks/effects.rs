//! What becomes of the data connection, of what is stored, and of the session.

use std::time::Duration;

use super::super::draft::Draft;
use crate::engine::{Answer, At, Damage, Delay, Ending, Keep, Operation, Protocol, Silence, Step};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

/// The cap on holds (`--max-hold`) that a server has if nobody says otherwise.
const USUAL_CAP: Duration = Duration::from_secs(60);

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    data(rule, reading);
    keep(rule, reading);
    damage(rule, reading);
    refusing(rule, reading);
    chunk(rule, reading);
    holds(rule, reading);
    certificate(rule, reading);
    silences(rule, reading);
}

/// In SFTP only the whole session is ever silent.
fn silences(rule: &Draft, reading: &mut Reading) {
    let silence = rule.silences.iter().find(|silence| silence.value != Silence::Commands);
    let sftp = rule.protocols.iter().find(|protocol| protocol.value == Protocol::Sftp);
    if let (Some(silence), Some(sftp)) = (silence, sftp) {
        let word = silence.value.word();
        reading.add(
            Problem::error(silence.span, format!("a silence of {word} is FTP's"))
                .label("never seen in SFTP")
                .also(sftp.span, "but the rule is for this, too")
                .help("`of: commands` is a client that says nothing at all"),
        );
    }
}

/// Only a handshake shows one.
fn certificate(rule: &Draft, reading: &mut Reading) {
    let shakes = [Operation::Handshake, Operation::Channel].map(Word::Operation);
    let word = rule.when.iter().find(|word| !shakes.contains(&word.value));
    if let Some(word) = word.filter(|_| rule.has("certificate")) {
        let title = format!("`{}` shakes no hands", word.value.text());
        reading.add(
            Problem::error(rule.key("certificate"), title)
                .label("nothing to show it in")
                .also(word.span, "write `handshake`, or `channel` for data connections"),
        );
    }
}

fn data(rule: &Draft, reading: &mut Reading) {
    let Some(data) = rule.data else { return };
    for word in &rule.when {
        let event = word.value.text();
        let span = rule.value("data");
        match (word.value.arranges_data(), data) {
            (Some(_), shut) if shut.shuts_a_port() => {}
            (Some(Operation::Active), Ending::Elsewhere) => {}
            (_, Ending::Elsewhere) => reading.add(
                Problem::error(span, "`data: elsewhere` is for connections that we make")
                    .label("where the client connects to is its own choice")
                    .also(word.span, "write `active`")
                    .help("a wrong address or port is announced by `claim` at `passive`"),
            ),
            (Some(_), _) => reading.add(
                Problem::error(span, format!("at `{event}`, there is no data connection yet"))
                    .label("nothing to end")
                    .also(word.span, "this only arranges it")
                    .help("the data connection being made is `when: channel`; `data: refuse` here is about its port"),
            ),
            (None, shut) if shut.shuts_a_port() => {
                let shut = format!("data: {}", shut.word());
                reading.add(
                    Problem::error(span, format!("`{shut}` is about the port of a data connection"))
                        .label("no port is announced here")
                        .also(word.span, "write `passive` or `active`"),
                );
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
    for word in &rule.when {
        let event = word.value.text();
        let problem = if !word.value.leaves_something() {
            let title = format!("`{event}` leaves nothing on the server");
            Problem::error(rule.key("keep"), title)
                .label("nothing to keep")
                .also(word.span, "this changes no file")
        } else if let Some(why) = rule.keep.and_then(|keep| cannot_keep(word.value, keep)) {
            Problem::error(rule.value("keep"), format!("`{event}` {why}"))
                .label("not to be had here")
                .also(word.span, "of this")
        } else {
            continue;
        };
        reading.add(problem);
    }
}

/// Why an operation cannot be kept in this way, if it cannot.
fn cannot_keep(word: Word, keep: Keep) -> Option<&'static str> {
    let moves = word.has_data();
    let makes = moves || word.makes_something();
    match keep {
        Keep::Size(_) if moves => None,
        Keep::Size(_) => Some("moves no bytes that could be cut or filled"),
        Keep::Lost | Keep::For(_) if makes => None,
        Keep::Lost | Keep::For(_) => Some("leaves nothing that could be gone later"),
        Keep::After(_) if word.operation() == Some(Operation::Download) => {
            Some("brings nothing that could show later")
        }
        Keep::All | Keep::None | Keep::After(_) => None,
    }
}

/// What is damaged is a byte that is still to go, or the turn of an answer.
fn damage(rule: &Draft, reading: &mut Reading) {
    let bytes = matches!(rule.damage, Some(Damage::Bit | Damage::Gap | Damage::Echo));
    if bytes && rule.at == Some(At::End) {
        reading.add(
            Problem::error(rule.value("damage"), "at the end, no byte is left to be damaged")
                .label("nothing to break")
                .also(rule.key("at"), "all is done there")
                .help("leave `at` out for the first byte, or write `at: 64KiB`"),
        );
    }
    if let Some(Answer::Silence) = rule.reply
        && let Some(key) = ["damage", "repeat"].into_iter().find(|key| rule.has(key))
    {
        reading.add(
            Problem::error(rule.key(key), format!("`{key}` of an answer that is not given"))
                .label("nothing is said")
                .also(rule.key("reply"), "because of this"),
        );
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

/// A hold that is longer than the server's cap ends the session there.
fn holds(rule: &Draft, reading: &mut Reading) {
    let is_idle = |word: Word| word == Word::Operation(Operation::Idle);
    let is_clock = rule.when.iter().all(|word| is_idle(word.value));
    let of_delay = rule.delay.map(Delay::shortest).filter(|_| !is_clock);
    let of_ending = |ending: Option<Ending>| match ending {
        Some(Ending::Close(later)) => Some(later),
        _ => None,
    };
    let of_answer = |answer: Option<&Answer>| match answer {
        Some(Answer::Steps(steps)) => steps.iter().filter_map(Step::pause).max(),
        _ => None,
    };
    let lengths = [
        ("delay", of_delay),
        ("reply", of_answer(rule.reply.as_ref())),
        ("send", of_answer(rule.send.as_ref())),
        ("data", of_ending(rule.data)),
        ("then", of_ending(rule.then)),
    ];
    for (key, length) in lengths {
        if length.is_some_and(|length| length > USUAL_CAP) {
            reading.add(
                Problem::warning(rule.value(key), "this hold is longer than the server's cap")
                    .label("the session ends after 60 s")
                    .help(
                        "start the server with a longer `--max-hold`, or hold no longer than 60s",
                    ),
            );
        }
    }
}

fn chunk(rule: &Draft, reading: &mut Reading) {
    // A read is answered all the same.
    let only_reads = rule.when.iter().all(|word| word.value.text() == "SSH_FXP_READ");
    if rule.chunk == Some(0) && !only_reads {
        reading.add(
            Problem::error(rule.value("chunk"), "`chunk: 0B` would never send anything")
                .label("at least one byte")
                .help("write `data: stall`, or `then: stall`"),
        );
    }
}
