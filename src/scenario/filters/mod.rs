//! What rules and expectations have in common: the filters, and what is counted by. One vocabulary: the same keys,
//! the same checks, the same errors.

mod checks;

use std::sync::Arc;

use super::keys::Holds::{Form, Forms, Word, Words};
use super::keys::{Key, Written};
use super::source::Source;
use super::values::{
    ATTRIBUTES, FLAGS, SIZES, attribute, flags as flags_of, one_of, path_glob, sizes, text_glob,
};
use super::word::{self, word};
use super::yaml::{Span, Spanned};
use crate::engine::{Glob, Order, Origin, Pattern, Per, Protocol, Range, Silence, Target, Tls};
use crate::ssh::Method;

pub(super) use checks::{check, check_parts};

/// The first half of a sentence, and where it stands. A value that was wrong is missing here, though its key is
/// in `written`.
#[derive(Debug, Default)]
pub(super) struct Filters {
    pub(super) span: Span,
    /// All of the sentence in one line, for reports.
    pub(super) sentence: Arc<str>,
    pub(super) written: Written,
    pub(super) when: Vec<Spanned<word::Word>>,
    pub(super) protocols: Vec<Spanned<Protocol>>,
    pub(super) users: Vec<Glob>,
    pub(super) paths: Vec<Glob>,
    pub(super) arguments: Vec<Glob>,
    pub(super) targets: Vec<Target>,
    pub(super) methods: Vec<String>,
    pub(super) tls: Vec<Spanned<Tls>>,
    pub(super) silences: Vec<Spanned<Silence>>,
    pub(super) flags: Vec<Vec<&'static str>>,
    pub(super) offset: Option<Range<u64>>,
    pub(super) length: Option<Range<u64>>,
    pub(super) orders: Vec<Order>,
    pub(super) attributes: Vec<Glob>,
    pub(super) per: Option<Per>,
}

/// What has them.
pub(super) trait Filtered {
    /// Where they are read into.
    fn filters(&mut self) -> &mut Filters;
}

impl Filters {
    /// Whether a key was written, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.written.key(key).is_some()
    }

    /// Where a value was written, or the sentence itself.
    pub(super) fn value(&self, key: &str) -> Span {
        self.written.value(key).unwrap_or(self.span)
    }

    /// Where a key was written, or the sentence itself.
    pub(super) fn key(&self, key: &str) -> Span {
        self.written.key(key).unwrap_or(self.span)
    }

    pub(super) fn per(&self) -> Per {
        self.per.unwrap_or_default()
    }

    /// The protocols that are named; nothing if none is.
    pub(super) fn named_protocols(&self) -> Option<Vec<Protocol>> {
        let named: Vec<Protocol> = self.protocols.iter().map(|protocol| protocol.value).collect();
        (!named.is_empty()).then_some(named)
    }

    /// The filter on what only a request of SFTP carries, if one was written.
    pub(super) fn of_requests(&self) -> Option<&'static str> {
        OF_REQUESTS.into_iter().find(|key| self.has(key))
    }

    /// The protocols in which its events are heard; none are all.
    pub(super) fn heard_in(&self) -> Vec<Protocol> {
        let known = || self.when.iter().map(|word| word.value.protocols());
        if known().any(<[Protocol]>::is_empty) {
            return Vec::new();
        }
        let is_heard_in = |protocol: &Protocol| known().any(|known| known.contains(protocol));
        Protocol::ALL.into_iter().filter(is_heard_in).collect()
    }

    /// Where it was written, and in what words.
    pub(super) fn origin(&self, source: &Source) -> Origin {
        Origin {
            file: Arc::clone(source.name()),
            line: source.line(self.span.start),
            sentence: Arc::clone(&self.sentence),
        }
    }

    /// As the engine knows them.
    pub(super) fn into_pattern(self, protocols: Vec<Protocol>, states: Vec<String>) -> Pattern {
        Pattern {
            when: self.when.into_iter().map(|word| word.value.when()).collect(),
            protocols,
            users: self.users,
            paths: self.paths,
            arguments: self.arguments,
            targets: self.targets,
            methods: self.methods,
            tls: self.tls.into_iter().map(|tls| tls.value).collect(),
            silences: self.silences.into_iter().map(|silence| silence.value).collect(),
            flags: self.flags,
            offset: self.offset,
            length: self.length,
            orders: self.orders,
            attributes: self.attributes,
            states,
        }
    }
}

/// Filters on what only requests of SFTP carry.
const OF_REQUESTS: [&str; 4] = ["flags", "length", "order", "attributes"];

const PROTOCOLS: [(Protocol, &str); 3] =
    [(Protocol::Ftp, "ftp"), (Protocol::Ftps, "ftps"), (Protocol::Sftp, "sftp")];

const PERS: [(Per, &str); 5] = [
    (Per::Server, "server"),
    (Per::Address, "address"),
    (Per::Connection, "connection"),
    (Per::User, "user"),
    (Per::Path, "path"),
];

/// What stands at a path. `exists` is several of the engine's words.
const TARGETS: [(&[Target], &str); 5] = [
    (&[Target::Missing], "missing"),
    (&[Target::File, Target::EmptyDirectory, Target::Directory], "exists"),
    (&[Target::EmptyDirectory], "empty"),
    (&[Target::File], "file"),
    (&[Target::EmptyDirectory, Target::Directory], "directory"),
];

pub(in crate::scenario) const fn when<T: Filtered>() -> Key<T> {
    Key {
        name: "when",
        holds: Forms("an event"),
        doc: "What the client does: a moment, an operation, `any`, or a verb in capitals.",
        read: |into, field, reading| {
            let words = field.many(word, reading);
            word::slips(&words).for_each(|problem| reading.add(problem));
            into.filters().when = words;
        },
    }
}

pub(in crate::scenario) const fn protocol<T: Filtered>() -> Key<T> {
    Key {
        name: "protocol",
        holds: Words(&["ftp", "ftps", "sftp"]),
        doc: "Only there.",
        read: |into, field, reading| {
            into.filters().protocols = field.many(|text| one_of(text, &PROTOCOLS), reading);
        },
    }
}

pub(in crate::scenario) const fn user<T: Filtered>() -> Key<T> {
    Key {
        name: "user",
        holds: Forms("a user's name or a glob of it"),
        doc: "Only for this user.",
        read: |into, field, reading| into.filters().users = field.globs(text_glob, reading),
    }
}

pub(in crate::scenario) const fn path<T: Filtered>() -> Key<T> {
    Key {
        name: "path",
        holds: Forms("a path or a glob of it"),
        doc: "Only there: a glob, from the root.",
        read: |into, field, reading| into.filters().paths = field.globs(path_glob, reading),
    }
}

pub(in crate::scenario) const fn argument<T: Filtered>() -> Key<T> {
    Key {
        name: "argument",
        holds: Forms("an argument or a glob of it"),
        doc: "Only with this argument, as sent; `\" \"` is a blank and nothing behind it.",
        read: |into, field, reading| {
            into.filters().arguments = field.globs(text_glob, reading);
        },
    }
}

pub(in crate::scenario) const fn target<T: Filtered>() -> Key<T> {
    Key {
        name: "target",
        holds: Words(&["missing", "exists", "empty", "file", "directory"]),
        doc: "Only if this is at the path now.",
        read: |into, field, reading| {
            let targets = field.many(|text| one_of(text, &TARGETS), reading);
            into.filters().targets =
                targets.iter().flat_map(|target| target.value.iter().copied()).collect();
        },
    }
}

pub(in crate::scenario) const fn method<T: Filtered>() -> Key<T> {
    Key {
        name: "method",
        holds: Words(&["none", "password", "publickey", "keyboard-interactive"]),
        doc: "Only logins by this method.",
        read: |into, field, reading| {
            let methods = field.many(|text| one_of(text, &Method::ALL), reading);
            into.filters().methods =
                methods.iter().map(|method| method.value.word().to_owned()).collect();
        },
    }
}

pub(in crate::scenario) const fn tls<T: Filtered>() -> Key<T> {
    Key {
        name: "tls",
        holds: Words(&["none", "new", "resumed"]),
        doc: "Only with this TLS.",
        read: |into, field, reading| {
            into.filters().tls = field.many(|text| one_of(text, &Tls::ALL), reading);
        },
    }
}

pub(in crate::scenario) const fn of<T: Filtered>() -> Key<T> {
    Key {
        name: "of",
        holds: Words(&["commands", "transfers", "bytes"]),
        doc: "Only a silence of these, of `idle`: commands, unless it says otherwise. The others are FTP's.",
        read: |into, field, reading| {
            into.filters().silences = field.many(|text| one_of(text, &Silence::ALL), reading);
        },
    }
}

pub(in crate::scenario) const fn flags<T: Filtered>() -> Key<T> {
    Key {
        name: "flags",
        holds: Forms(FLAGS),
        doc: "Only files opened with these flags of `SSH_FXP_OPEN`, whatever others there are: `READ+WRITE` is both.",
        read: |into, field, reading| {
            let flags = field.many(flags_of, reading);
            into.filters().flags = flags.into_iter().map(|flags| flags.value).collect();
        },
    }
}

pub(in crate::scenario) const fn offset<T: Filtered>() -> Key<T> {
    Key {
        name: "offset",
        holds: Form(SIZES),
        doc: "Only what begins at this byte of its file: `RETR` and `STOR` (where `REST` says), `SSH_FXP_READ` and `SSH_FXP_WRITE`, and in an expectation transfers; `1B+` is a resume.",
        read: |into, field, reading| into.filters().offset = field.one(sizes, reading),
    }
}

pub(in crate::scenario) const fn length<T: Filtered>() -> Key<T> {
    Key {
        name: "length",
        holds: Form(SIZES),
        doc: "Only requests of so many bytes: what `SSH_FXP_READ` asks for, `SSH_FXP_WRITE` brings, or the size that `setstat` sets; in an expectation a transfer's longest.",
        read: |into, field, reading| into.filters().length = field.one(sizes, reading),
    }
}

pub(in crate::scenario) const fn order<T: Filtered>() -> Key<T> {
    Key {
        name: "order",
        holds: Words(&["sequential", "random"]),
        doc: "Only `SSH_FXP_READ` and `SSH_FXP_WRITE` that begin where the last one of their handle has ended, or elsewhere; in an expectation transfers, `random` if one of theirs is.",
        read: |into, field, reading| {
            let orders = field.many(|text| one_of(text, &Order::ALL), reading);
            into.filters().orders = orders.into_iter().map(|order| order.value).collect();
        },
    }
}

pub(in crate::scenario) const fn attributes<T: Filtered>() -> Key<T> {
    Key {
        name: "attributes",
        holds: Forms(ATTRIBUTES),
        doc: "Only requests of SFTP that set such an attribute, as `permissions`, or to such a value, as `permissions rw-------`.",
        read: |into, field, reading| into.filters().attributes = field.globs(attribute, reading),
    }
}

pub(in crate::scenario) const fn per<T: Filtered>() -> Key<T> {
    Key {
        name: "per",
        holds: Word(&["server", "address", "connection", "user", "path"]),
        doc: "What counts, limits and states are kept by.",
        read: |into, field, reading| {
            into.filters().per = field.one(|text| one_of(text, &PERS), reading);
        },
    }
}
