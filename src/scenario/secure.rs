//! `server: {ssh: …}` and `server: {sftp: …}`.

use super::keys::Holds::{Form, Forms, Text, Word, Words};
use super::keys::Read::{Built, NotBuilt};
use super::keys::{Holds, Key};
use super::later::Later;
use super::similar::nearest;
use super::values::{Mistake, count, one_of, size};
use crate::sftp::{self, Dots, Rename, Symlink, Writes, extensions};
use crate::ssh::{self, Method};

const DOTS: [(Dots, &str); 2] = [(Dots::Shown, "shown"), (Dots::Hidden, "none")];
const WRITES: [(Writes, &str); 2] = [(Writes::Any, "any"), (Writes::Sequential, "sequential")];
const RENAMES: [(Rename, &str); 2] =
    [(Rename::Refuses, "refuses"), (Rename::Overwrites, "overwrites")];
const SYMLINKS: [(Symlink, &str); 3] = [
    (Symlink::Openssh, "openssh"),
    (Symlink::Draft, "draft"),
    // To a client of OpenSSH's order the draft's is reversed.
    (Symlink::Draft, "reversed"),
];

/// A key that waits for SSH's faults.
const fn later(name: &'static str, holds: Holds, doc: &'static str) -> Key<ssh::Settings> {
    Key { name, holds, doc, read: NotBuilt(Later::Ssh) }
}

/// The keys of `server: {ssh: …}`.
pub(super) static SSH: &[Key<ssh::Settings>] = &[
    Key {
        name: "identification",
        holds: Text,
        doc: "The identification, without its line end.",
        read: Built(|ssh, field, reading| set(&mut ssh.identification, field.text(reading))),
    },
    Key {
        name: "banner",
        holds: Text,
        doc: "Shown before the login.",
        read: Built(|ssh, field, reading| ssh.banner = field.text(reading)),
    },
    later("host-keys", Forms("an algorithm"), "The kinds of host keys."),
    later("kex", Forms("an algorithm"), "Key exchanges, most wanted first."),
    later("ciphers", Forms("an algorithm"), "Ciphers."),
    later("macs", Forms("an algorithm"), "MACs."),
    later("signatures", Forms("an algorithm"), "What a client's key may sign with."),
    Key {
        name: "methods",
        holds: Words(&["none", "password", "publickey", "keyboard-interactive"]),
        doc: "What a client may log in by.",
        read: Built(|ssh, field, reading| {
            let methods = field.any_number(method, reading);
            ssh.methods = methods.into_iter().map(|method| method.value).collect();
        }),
    },
    later("prompts", Forms("a text"), "Questions of `keyboard-interactive`."),
    later("window", Form("a size"), "The window of a channel."),
    later("packet", Form("a size"), "The longest packet of a channel."),
    later("rekey", Form("a size"), "Keys are exchanged again after so much."),
];

/// The keys of `server: {sftp: …}`.
pub(super) static SFTP: &[Key<sftp::Settings>] = &[
    Key {
        name: "version",
        holds: Form("a number"),
        doc: "The version that is said.",
        read: Built(|sftp, field, reading| {
            let version = field.one(count, reading).and_then(|version| version.try_into().ok());
            set(&mut sftp.version, version);
        }),
    },
    Key {
        name: "language",
        holds: Text,
        doc: "The language tag of every status.",
        read: Built(|sftp, field, reading| set(&mut sftp.language, field.text(reading))),
    },
    Key {
        name: "extensions",
        holds: Forms("an extension"),
        doc: "The extensions that are announced and known.",
        read: Built(|sftp, field, reading| {
            let extensions = field.any_number(extension, reading);
            sftp.extensions = extensions.into_iter().map(|extension| extension.value).collect();
        }),
    },
    Key {
        name: "packet",
        holds: Form("a size"),
        doc: "The longest packet.",
        read: Built(|sftp, field, reading| set(&mut sftp.packet, field.one(packet, reading))),
    },
    Key {
        name: "writes",
        holds: Word(&["any", "sequential"]),
        doc: "Whether a file may be written anywhere.",
        read: Built(|sftp, field, reading| {
            set(&mut sftp.writes, field.one(|text| one_of(text, &WRITES), reading));
        }),
    },
    Key {
        name: "rename",
        holds: Word(&["refuses", "overwrites"]),
        doc: "What a rename does to an existing file.",
        read: Built(|sftp, field, reading| {
            set(&mut sftp.rename, field.one(|text| one_of(text, &RENAMES), reading));
        }),
    },
    Key {
        name: "symlink",
        holds: Word(&["openssh", "draft", "reversed"]),
        doc: "The order of the two paths of a symbolic link.",
        read: Built(|sftp, field, reading| {
            set(&mut sftp.symlink, field.one(|text| one_of(text, &SYMLINKS), reading));
        }),
    },
    Key {
        name: "dots",
        holds: Word(&["shown", "none"]),
        doc: "Whether listings show `.` and `..`.",
        read: Built(|sftp, field, reading| {
            set(&mut sftp.dots, field.one(|text| one_of(text, &DOTS), reading));
        }),
    },
];

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

/// One method; both in turn are not built yet.
fn method(text: &str) -> Result<Method, Mistake> {
    if text.contains('+') {
        return Err(Mistake::later(Later::Ssh, &format!("methods: {text}")));
    }
    one_of(text, &Method::ALL)
}

/// The longest packet: a request must fit, and an answer be kept.
fn packet(text: &str) -> Result<usize, Mistake> {
    match usize::try_from(size(text)?) {
        Ok(size @ 4096..=16_777_216) => Ok(size),
        _ => Err(Mistake::new("a packet of SFTP is from `4KiB` to `16MiB` long")),
    }
}

/// One that nobody knows is announced, and refused when it is used; one that is nearly known is misspelt.
fn extension(text: &str) -> Result<String, Mistake> {
    if extensions().any(|known| known == text) {
        return Ok(text.to_owned());
    }
    match nearest(text, extensions()) {
        None => Ok(text.to_owned()),
        Some(near) => Err(Mistake::new("no extension that this version has")
            .help(format!("did you mean `{near}`?"))),
    }
}
