//! What an expectation may not say: what nobody could ever see, and what says nothing.

use super::draft::Draft;
use crate::engine::{Operation, Per, Protocol};
use crate::expect::StoredKind;
use crate::scenario::filters;
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;
use crate::scenario::yaml::Spanned;

/// What is asked of a file.
const OF_FILES: [&str; 4] = ["stored", "size", "sha256", "times"];

pub(super) fn check(expectation: &Draft, reading: &mut Reading) {
    if expectation.has("exit") {
        only_the_exit(expectation, reading);
        return;
    }
    if expectation.has("stored") {
        only_of_files(expectation, reading);
        of_a_folder(expectation, reading);
        return;
    }
    for key in OF_FILES.iter().filter(|key| **key != "times" && expectation.has(key)) {
        reading.add(
            Problem::error(expectation.key(key), format!("`{key}` without `stored`"))
                .label("the size and the content of which files?")
                .help("write `stored: /in/*.csv` in place of `when`"),
        );
    }
    if !expectation.has("when") {
        if !expectation.written.unknown {
            reading.add(
                Problem::error(expectation.span, "an expectation without `when`")
                    .label("what is to happen?")
                    .help("write `when: upload`, or another event; what is to be there in the end is `stored: /in/*.csv`, and how the command is to end `exit: nonzero`"),
            );
        }
        return;
    }
    filters::check(expectation, reading);
    told_by_the_journal(expectation, reading);
    secret(expectation, reading);
    offset(expectation, reading);
    parting(expectation, reading);
    after(expectation, reading);
    gap(expectation, reading);
}

/// Two could never both be met, or one would say nothing.
pub(super) fn one_exit(expectations: &[Draft], reading: &mut Reading) {
    let mut exits = expectations.iter().filter(|expectation| expectation.has("exit"));
    let Some(first) = exits.next() else { return };
    for again in exits {
        reading.add(
            Problem::error(again.key("exit"), "two expectations of `exit`")
                .label("the command ends once")
                .also(first.key("exit"), "first given here")
                .help("keep one of the two; several codes are a range, `exit: 1-5`"),
        );
    }
}

/// The command is one, ends once, and is no event of a client.
fn only_the_exit(expectation: &Draft, reading: &mut Reading) {
    for (key, span) in expectation.written.iter().filter(|(key, _)| *key != "exit") {
        let (label, help) = match key {
            "times" | "gap" | "per" => ("it ends once", format!("leave `{key}` out")),
            "stored" | "size" | "sha256" => {
                ("this is about what is stored", "write two expectations".to_owned())
            }
            _ => ("this is about an event", "write two expectations".to_owned()),
        };
        reading.add(
            Problem::error(span, format!("`{key}` beside `exit`"))
                .label(label)
                .also(expectation.key("exit"), "this is about the command that `badftp run` starts")
                .help(help),
        );
    }
}

/// A file that is there has no user, no verb and no outcome.
fn only_of_files(expectation: &Draft, reading: &mut Reading) {
    for (key, span) in expectation.written.iter().filter(|(key, _)| !OF_FILES.contains(key)) {
        reading.add(
            Problem::error(span, format!("`{key}` beside `stored`"))
                .label("this is about an event")
                .also(expectation.key("stored"), "this about files that are there in the end")
                .help("write two expectations"),
        );
    }
}

/// A folder has neither a size nor a content.
fn of_a_folder(expectation: &Draft, reading: &mut Reading) {
    if !matches!(expectation.stored, Some((StoredKind::Folders, _))) {
        return;
    }
    for key in ["size", "sha256"].into_iter().filter(|key| expectation.has(key)) {
        reading.add(
            Problem::error(expectation.key(key), format!("`{key}` of a folder"))
                .label("only files have it")
                .also(expectation.value("stored"), "a path that ends in `/` is a folder's")
                .help("leave the `/` out for a file"),
        );
    }
}

/// What the journal does not write down one by one cannot be counted.
fn told_by_the_journal(expectation: &Draft, reading: &mut Reading) {
    for word in expectation.when.iter().chain(&expectation.after) {
        let event = word.value.text();
        let title = format!("`{event}` cannot be counted");
        if word.value == Word::Operation(Operation::Idle) {
            reading.add(
                Problem::error(word.span, title)
                    .label("how long a silence is one, only a rule says")
                    .help("write a rule `{when: idle, delay: 30s, fires: 0}`: that it never fires"),
            );
        } else if word.value == Word::Operation(Operation::Handshake)
            && expectation.protocols.iter().any(|protocol| protocol.value == Protocol::Sftp)
        {
            let problem = Problem::error(word.span, title);
            reading.add(problem.label("in SFTP it is written down only where a rule acts on it"));
        } else if !word.value.has_own_record() {
            let problem = Problem::error(word.span, title);
            reading.add(if event.starts_with("SSH_FXP_") {
                problem.label("the packets of a transfer have one record together").help(
                    "write `download`, `upload`, `append` or `list`; one that was never closed has `outcome: failed`",
                )
            } else {
                problem.label("it is written down only where a rule acts on it")
            });
        }
    }
}

/// What is not written down cannot be matched.
fn secret(expectation: &Draft, reading: &mut Reading) {
    if !expectation.has("argument") {
        return;
    }
    for word in expectation.when.iter().filter(|word| word.value.has_secret()) {
        let event = word.value.text();
        reading.add(
            Problem::error(
                expectation.key("argument"),
                format!("`argument` of `{event}` is a secret"),
            )
            .label("the journal does not keep it")
            .also(word.span, "its argument is written down as `***`"),
        );
    }
}

/// Only transfers begin somewhere.
fn offset(expectation: &Draft, reading: &mut Reading) {
    // FTP's verbs begin somewhere, too; their data comes in no requests.
    let is_known = |key, word: Word| match key {
        "offset" => word.moves_a_file(),
        "order" => word.carries_flags(),
        _ => word.carries_flags() || word.carries_attributes(),
    };
    for key in ["offset", "order", "length"].into_iter().filter(|key| expectation.has(key)) {
        for word in expectation.when.iter().filter(|word| !is_known(key, word.value)) {
            let event = word.value.text();
            reading.add(
                Problem::error(expectation.key(key), format!("`{event}` has no {key}"))
                    .label("this can never match")
                    .also(word.span, "it transfers no file")
                    .help(match key {
                        "offset" => {
                            "`download`, `upload`, `append` and their verbs begin at an offset"
                        }
                        _ => "transfers of SFTP have it: `download`, `upload`, `append`",
                    }),
            );
        }
    }
}

/// Only the data connection of an upload is ended by the client.
fn parting(expectation: &Draft, reading: &mut Reading) {
    if !expectation.has("parting") {
        return;
    }
    for word in expectation.when.iter().filter(|word| !word.value.uploads()) {
        let event = word.value.text();
        reading.add(
            Problem::error(expectation.key("parting"), format!("`{event}` has no parting"))
                .label("this can never match")
                .also(word.span, "the client does not end its data connection")
                .help("write `upload` or `append`, or one of their verbs"),
        );
    }
}

/// What comes before has to have the same key.
fn after(expectation: &Draft, reading: &mut Reading) {
    let carries: fn(Word) -> bool = match expectation.per() {
        Per::User => Word::carries_user,
        Per::Path => Word::carries_path,
        Per::Server | Per::Address | Per::Connection => return,
    };
    let key = if expectation.per() == Per::User { "user" } else { "path" };
    let never = |word: &&Spanned<Word>| !carries(word.value);
    for word in expectation.after.iter().filter(never) {
        let event = word.value.text();
        reading.add(
            Problem::error(word.span, format!("`{event}` has no {key}"))
                .label("nothing can come after it there")
                .also(expectation.value("per"), "each of these is looked at by itself"),
        );
    }
}

/// There is a gap between two.
fn gap(expectation: &Draft, reading: &mut Reading) {
    let most = expectation.times.and_then(|times| times.most);
    if expectation.has("gap") && most.is_some_and(|most| most < 2) {
        reading.add(
            Problem::warning(expectation.key("gap"), "`gap` has no effect")
                .label("it is between two of them")
                .also(expectation.value("times"), "and there may be no two"),
        );
    }
}
