//! The keys of an expectation: the filters of rules, and what has come of it.

use super::draft::Draft;
use crate::engine::Parting;
use crate::journal::Success;
use crate::scenario::filters;
use crate::scenario::keys::Holds::{Form, Forms, Word};
use crate::scenario::keys::Key;
use crate::scenario::values::{
    COUNTS, DURATIONS, EXITS, SIZES, counts, durations, exit, one_of, sha256, sizes, stored_glob,
};
use crate::scenario::word::{slips, word};

const OUTCOMES: [(Success, &str); 2] = [(Success::Ok, "ok"), (Success::Failed, "failed")];

/// The keys of an expectation.
pub(in crate::scenario) static EXPECTATION: &[Key<Draft>] = &[
    // Which events count.
    filters::when(),
    filters::protocol(),
    filters::user(),
    filters::path(),
    filters::argument(),
    filters::target(),
    filters::method(),
    filters::tls(),
    filters::flags(),
    filters::offset(),
    filters::length(),
    filters::order(),
    filters::attributes(),
    Key {
        name: "outcome",
        holds: Word(&["ok", "failed"]),
        doc: "Count only these.",
        read: |expectation, field, reading| {
            expectation.outcome = field.one(|text| one_of(text, &OUTCOMES), reading);
        },
    },
    Key {
        name: "parting",
        holds: Word(&["notified", "torn"]),
        doc: "Count only uploads whose TLS the client has ended so: by `close_notify`, or by FIN without it.",
        read: |expectation, field, reading| {
            expectation.parting = field.one(|text| one_of(text, &Parting::ALL), reading);
        },
    },
    Key {
        name: "after",
        holds: Forms("an event"),
        doc: "Count only what begins when such an event is over.",
        read: |expectation, field, reading| {
            let words = field.many(word, reading);
            slips(&words).for_each(|problem| reading.add(problem));
            expectation.after = words;
        },
    },
    // What counts of what is stored.
    Key {
        name: "stored",
        holds: Form("a path or a glob of it"),
        doc: "In place of `when`: files and links that are there in the end; with a `/` at the end of the path, folders.",
        read: |expectation, field, reading| {
            expectation.stored = field.one(stored_glob, reading);
        },
    },
    Key {
        name: "size",
        holds: Form(SIZES),
        doc: "Count only files of this size.",
        read: |expectation, field, reading| expectation.size = field.one(sizes, reading),
    },
    Key {
        name: "sha256",
        holds: Form("64 hexadecimal digits"),
        doc: "Count only files with this content.",
        read: |expectation, field, reading| expectation.sha256 = field.one(sha256, reading),
    },
    // How the command is to end.
    Key {
        name: "exit",
        holds: Form(EXITS),
        doc: "In place of `when`: how the command of `badftp run` is to end; `nonzero` is 1 to 119, and 255.",
        read: |expectation, field, reading| expectation.exit = field.one(exit, reading),
    },
    // How often, and how far apart.
    filters::per(),
    Key {
        name: "times",
        holds: Form(COUNTS),
        doc: "How often it must happen; `0` is never.",
        read: |expectation, field, reading| expectation.times = field.one(counts, reading),
    },
    Key {
        name: "gap",
        holds: Form(DURATIONS),
        doc: "From the end of one to the beginning of the next.",
        read: |expectation, field, reading| expectation.gap = field.one(durations, reading),
    },
];
