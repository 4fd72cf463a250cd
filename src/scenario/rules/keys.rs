//! The keys of a rule, in the order of the language's page.

use super::draft::Draft;
use crate::engine::{Ending, HostKey};
use crate::scenario::answers;
use crate::scenario::filters;
use crate::scenario::keys::Holds::{Form, Forms, Word};
use crate::scenario::keys::Key;
use crate::scenario::later::Later;
use crate::scenario::tls::{CERTIFICATES, certificate};
use crate::scenario::values::{
    Axis, COUNTS, Mistake, at, chance, claim, count, counts, damage, delay, duration, ending,
    farewell, keep, limit, name, one_of, rate, repeat, size,
};

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
    filters::when(),
    filters::protocol(),
    filters::user(),
    filters::path(),
    filters::argument(),
    filters::target(),
    filters::method(),
    filters::tls(),
    filters::of(),
    filters::flags(),
    filters::offset(),
    filters::length(),
    filters::order(),
    filters::attributes(),
    Key {
        name: "state",
        holds: Forms("a state"),
        doc: "Only in this state; all begin as `start`.",
        read: |rule, field, reading| rule.states = field.many(name, reading),
    },
    // How often.
    Key {
        name: "skip",
        holds: Form("a count"),
        doc: "Let the first n matches pass.",
        read: |rule, field, reading| rule.skip = field.one(count, reading),
    },
    Key {
        name: "times",
        holds: Form("a count"),
        doc: "Then act at most n times.",
        read: |rule, field, reading| rule.times = field.one(count, reading),
    },
    Key {
        name: "for",
        holds: Form("a duration"),
        doc: "Then act only so long after the first act.",
        read: |rule, field, reading| rule.lasting = field.one(duration, reading),
    },
    Key {
        name: "chance",
        holds: Form("a percentage"),
        doc: "Act on this share.",
        read: |rule, field, reading| rule.chance = field.one(chance, reading),
    },
    filters::per(),
    Key {
        name: "limit",
        holds: Form("a count or a size"),
        doc: "Match only what would exceed it.",
        read: |rule, field, reading| rule.limit = field.one(limit, reading),
    },
    Key {
        name: "fires",
        holds: Form(COUNTS),
        doc: "How often it has to fire: `0+` is whether or not.",
        read: |rule, field, reading| rule.fires = field.one(counts, reading),
    },
    // How.
    Key {
        name: "delay",
        holds: Form("a duration or a range of durations"),
        doc: "Wait first, there.",
        read: |rule, field, reading| rule.delay = field.one(delay, reading),
    },
    Key {
        name: "rate",
        holds: Form("a size per second"),
        doc: "Move bytes no faster.",
        read: |rule, field, reading| rule.rate = field.one(rate, reading),
    },
    Key {
        name: "chunk",
        holds: Form("a size"),
        doc: "Send at most so much at once.",
        read: |rule, field, reading| rule.chunk = field.one(size, reading),
    },
    Key {
        name: "repeat",
        holds: Form("a count or `endless`"),
        doc: "Send the answer, the listing, the content so often.",
        read: |rule, field, reading| rule.repeat = field.one(repeat, reading),
    },
    Key {
        name: "at",
        holds: Form("`start`, a size, `end` or `failure`"),
        doc: "Where in the operation the rest happens; `failure` is where it has failed by nature. Without it, a success \
              (2xx, 3xx, `status: 0`) is said at the end, everything else at the start.",
        read: |rule, field, reading| rule.at = field.one(at, reading),
    },
    // What is answered.
    Key {
        name: "reply",
        holds: Forms(ANSWER),
        doc: "The FTP reply.",
        read: |rule, field, reading| rule.reply = answers::reply(field, reading),
    },
    Key {
        name: "status",
        holds: Form("`code text` or `none`"),
        doc: "The SFTP status.",
        read: |rule, field, reading| rule.status = answers::status(field, reading),
    },
    Key {
        name: "send",
        holds: Forms("a text, or a list of them"),
        doc: "Exactly this instead of an answer, a listing, a content.",
        read: |rule, field, reading| rule.send = answers::send(field, reading),
    },
    Key {
        name: "claim",
        holds: Forms("`field value`"),
        doc: "A lie in a well-formed answer.",
        read: |rule, field, reading| rule.claims = field.many(claim, reading),
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
        read: |rule, field, reading| rule.damage = field.one(damage, reading),
    },
    Key {
        name: "certificate",
        holds: Word(CERTIFICATES),
        doc: "Shown in the TLS handshake.",
        read: |rule, field, reading| rule.certificate = field.one(certificate, reading),
    },
    Key {
        name: "host-key",
        holds: Word(&["own", "changed", "bad-signature", "revoked", "expired"]),
        doc: "Shown in the SSH handshake.",
        read: |rule, field, reading| {
            if let Some(key) = field.one(host_key, reading) {
                rule.host_key = key;
            }
        },
    },
    // The data connection, what is kept, the session.
    Key {
        name: "data",
        holds: Form("an ending of the data connection, or `flow`"),
        doc: "Fate of the data connection.",
        read: |rule, field, reading| {
            rule.data = field.one(|text| ending(text, Axis::Data), reading);
        },
    },
    Key {
        name: "keep",
        holds: Form("`all`, `none`, `lost`, a size, `after 5s` or `for 5s`"),
        doc: "What the operation leaves on the server.",
        read: |rule, field, reading| rule.keep = field.one(keep, reading),
    },
    Key {
        name: "then",
        holds: Form("an ending of the session"),
        doc: "How the session ends; without it, it goes on.",
        read: |rule, field, reading| {
            rule.then = field.one(|text| ending(text, Axis::Session), reading);
            if let Some(Ending::Disconnect(_)) = rule.then {
                rule.farewell = field.one(farewell, reading).unwrap_or_default();
            }
        },
    },
    Key {
        name: "goto",
        holds: Form("a state"),
        doc: "Enter this state.",
        read: |rule, field, reading| rule.goto = field.one(name, reading),
    },
];
