//! The keys of a rule, in the order of the language's page.

use super::draft::Draft;
use crate::engine::{Ending, HostKey, Per, Protocol, Target, Tls};
use crate::scenario::answers;
use crate::scenario::keys::Holds::{Form, Forms, Word, Words};
use crate::scenario::keys::Key;
use crate::scenario::keys::Read::Built;
use crate::scenario::later::Later;
use crate::scenario::tls::{CERTIFICATES, certificate};
use crate::scenario::values::{
    Axis, Mistake, at, chance, claim, count, damage, delay, duration, ending, farewell, keep,
    limit, name, one_of, path_glob, rate, repeat, size, text_glob,
};
use crate::scenario::word::word;
use crate::ssh::Method;

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

/// The key that is shown. Host certificates, which can be revoked or expire, are not served.
fn host_key(text: &str) -> Result<HostKey, Mistake> {
    const KEYS: [(HostKey, &str); 3] = [
        (HostKey::Own, "own"),
        (HostKey::Changed, "changed"),
        (HostKey::BadSignature, "bad-signature"),
    ];
    if ["revoked", "expired"].contains(&text) {
        return Err(Mistake::later(Later::Ssh, &format!("host-key: {text}")));
    }
    one_of(text, &KEYS)
}

const ANSWER: &str = "`code text`, a list of lines and pauses, or `none`";

/// The keys of a rule.
pub(in crate::scenario) static RULE: &[Key<Draft>] = &[
    // When.
    Key {
        name: "when",
        holds: Forms("an event"),
        doc: "What the client does: a moment, an operation, `any`, or a verb in capitals.",
        read: Built(|rule, field, reading| rule.when = field.many(word, reading)),
    },
    Key {
        name: "protocol",
        holds: Words(&["ftp", "ftps", "sftp"]),
        doc: "Only there.",
        read: Built(|rule, field, reading| {
            rule.protocols = field.many(|text| one_of(text, &PROTOCOLS), reading);
        }),
    },
    Key {
        name: "user",
        holds: Forms("a user's name or a glob of it"),
        doc: "Only for this user.",
        read: Built(|rule, field, reading| rule.users = field.globs(text_glob, reading)),
    },
    Key {
        name: "path",
        holds: Forms("a path or a glob of it"),
        doc: "Only there: a glob, from the root.",
        read: Built(|rule, field, reading| rule.paths = field.globs(path_glob, reading)),
    },
    Key {
        name: "argument",
        holds: Forms("an argument or a glob of it"),
        doc: "Only with this argument, as sent.",
        read: Built(|rule, field, reading| rule.arguments = field.globs(text_glob, reading)),
    },
    Key {
        name: "target",
        holds: Words(&["missing", "exists", "empty", "file", "directory"]),
        doc: "Only if this is at the path now.",
        read: Built(|rule, field, reading| {
            let targets = field.many(|text| one_of(text, &TARGETS), reading);
            rule.targets = targets.iter().flat_map(|target| target.value.iter().copied()).collect();
        }),
    },
    Key {
        name: "method",
        holds: Words(&["none", "password", "publickey", "keyboard-interactive"]),
        doc: "Only logins by this method.",
        read: Built(|rule, field, reading| {
            let methods = field.many(|text| one_of(text, &Method::ALL), reading);
            rule.methods = methods.iter().map(|method| method.value.word().to_owned()).collect();
        }),
    },
    Key {
        name: "tls",
        holds: Words(&["none", "new", "resumed"]),
        doc: "Only with this TLS.",
        read: Built(|rule, field, reading| {
            rule.tls = field.many(|text| one_of(text, &Tls::ALL), reading);
        }),
    },
    Key {
        name: "state",
        holds: Forms("a state"),
        doc: "Only in this state; all begin as `start`.",
        read: Built(|rule, field, reading| rule.states = field.many(name, reading)),
    },
    // How often.
    Key {
        name: "skip",
        holds: Form("a count"),
        doc: "Let the first n matches pass.",
        read: Built(|rule, field, reading| rule.skip = field.one(count, reading)),
    },
    Key {
        name: "times",
        holds: Form("a count"),
        doc: "Then act at most n times.",
        read: Built(|rule, field, reading| rule.times = field.one(count, reading)),
    },
    Key {
        name: "for",
        holds: Form("a duration"),
        doc: "Then act only so long after the first act.",
        read: Built(|rule, field, reading| rule.lasting = field.one(duration, reading)),
    },
    Key {
        name: "chance",
        holds: Form("a percentage"),
        doc: "Act on this share.",
        read: Built(|rule, field, reading| rule.chance = field.one(chance, reading)),
    },
    Key {
        name: "per",
        holds: Word(&["server", "address", "connection", "user", "path"]),
        doc: "What counts, limits and states are kept by.",
        read: Built(|rule, field, reading| {
            rule.per = field.one(|text| one_of(text, &PERS), reading);
        }),
    },
    Key {
        name: "limit",
        holds: Form("a count or a size"),
        doc: "Match only what would exceed it.",
        read: Built(|rule, field, reading| rule.limit = field.one(limit, reading)),
    },
    // How.
    Key {
        name: "delay",
        holds: Form("a duration or a range of durations"),
        doc: "Wait first, there.",
        read: Built(|rule, field, reading| rule.delay = field.one(delay, reading)),
    },
    Key {
        name: "rate",
        holds: Form("a size per second"),
        doc: "Move bytes no faster.",
        read: Built(|rule, field, reading| rule.rate = field.one(rate, reading)),
    },
    Key {
        name: "chunk",
        holds: Form("a size"),
        doc: "Send at most so much at once.",
        read: Built(|rule, field, reading| rule.chunk = field.one(size, reading)),
    },
    Key {
        name: "repeat",
        holds: Form("a count or `endless`"),
        doc: "Send the answer, the listing, the content so often.",
        read: Built(|rule, field, reading| rule.repeat = field.one(repeat, reading)),
    },
    Key {
        name: "at",
        holds: Form("`start`, a size or `end`"),
        doc: "Where in the operation the rest happens.",
        read: Built(|rule, field, reading| rule.at = field.one(at, reading)),
    },
    // What is answered.
    Key {
        name: "reply",
        holds: Forms(ANSWER),
        doc: "The FTP reply.",
        read: Built(|rule, field, reading| rule.reply = answers::reply(field, reading)),
    },
    Key {
        name: "status",
        holds: Form("`code text` or `none`"),
        doc: "The SFTP status.",
        read: Built(|rule, field, reading| rule.status = answers::status(field, reading)),
    },
    Key {
        name: "send",
        holds: Forms("a text, or a list of them"),
        doc: "Exactly this instead of an answer, a listing, a content.",
        read: Built(|rule, field, reading| rule.send = answers::send(field, reading)),
    },
    Key {
        name: "claim",
        holds: Forms("`field value`"),
        doc: "A lie in a well-formed answer.",
        read: Built(|rule, field, reading| rule.claims = field.many(claim, reading)),
    },
    Key {
        name: "damage",
        holds: Word(&[
            "bit",
            "gap",
            "echo",
            "order",
            "short",
            "long",
            "mac",
            "compression",
            "ssh-length",
        ]),
        doc: "What is broken in the bytes, at `at`.",
        read: Built(|rule, field, reading| rule.damage = field.one(damage, reading)),
    },
    Key {
        name: "certificate",
        holds: Word(CERTIFICATES),
        doc: "Shown in the TLS handshake.",
        read: Built(|rule, field, reading| rule.certificate = field.one(certificate, reading)),
    },
    Key {
        name: "host-key",
        holds: Word(&["own", "changed", "bad-signature", "revoked", "expired"]),
        doc: "Shown in the SSH handshake.",
        read: Built(|rule, field, reading| {
            if let Some(key) = field.one(host_key, reading) {
                rule.host_key = key;
            }
        }),
    },
    // The data connection, what is kept, the session.
    Key {
        name: "data",
        holds: Form("an ending of the data connection, or `flow`"),
        doc: "Fate of the data connection.",
        read: Built(|rule, field, reading| {
            rule.data = field.one(|text| ending(text, Axis::Data), reading);
        }),
    },
    Key {
        name: "keep",
        holds: Form("`all`, `none`, `lost`, a size, `after 5s` or `for 5s`"),
        doc: "What the operation leaves on the server.",
        read: Built(|rule, field, reading| rule.keep = field.one(keep, reading)),
    },
    Key {
        name: "then",
        holds: Form("an ending of the session"),
        doc: "How the session ends; without it, it goes on.",
        read: Built(|rule, field, reading| {
            rule.then = field.one(|text| ending(text, Axis::Session), reading);
            if let Some(Ending::Disconnect(_)) = rule.then {
                rule.farewell = field.one(farewell, reading).unwrap_or_default();
            }
        }),
    },
    Key {
        name: "goto",
        holds: Form("a state"),
        doc: "Enter this state.",
        read: Built(|rule, field, reading| rule.goto = field.one(name, reading)),
    },
];
