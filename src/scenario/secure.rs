//! `server: {ssh: …}` and `server: {sftp: …}`.

use super::field::Field;
use super::keys::Holds::{Form, Forms, Text, Word, Words};
use super::keys::{Key, Reading};
use super::problem::{Problem, quote};
use super::similar::nearest;
use super::values::{Mistake, count, flag, literal, one_of, size};
use crate::sftp::{self, Dots, Rename, Requests, Symlink, Writes, extensions};
use crate::ssh::{self, Method};

const DOTS: [(Dots, &str); 2] = [(Dots::Shown, "shown"), (Dots::Hidden, "none")];
const WRITES: [(Writes, &str); 2] = [(Writes::Any, "any"), (Writes::Sequential, "sequential")];
const REQUESTS: [(Requests, &str); 2] =
    [(Requests::InTurn, "in-turn"), (Requests::AtOnce, "at-once")];
const RENAMES: [(Rename, &str); 2] =
    [(Rename::Refuses, "refuses"), (Rename::Overwrites, "overwrites")];
const SYMLINKS: [(Symlink, &str); 3] = [
    (Symlink::Openssh, "openssh"),
    (Symlink::Draft, "draft"),
    // To a client of OpenSSH's order the draft's is reversed.
    (Symlink::Draft, "reversed"),
];

/// The keys of `server: {ssh: …}`.
pub(super) static SSH: &[Key<ssh::Settings>] = &[
    Key {
        name: "identification",
        holds: Text,
        doc: "The identification, without its line end.",
        read: |ssh, field, reading| set(&mut ssh.identification, field.text(reading)),
    },
    Key {
        name: "banner",
        holds: Text,
        doc: "Shown before the login.",
        read: |ssh, field, reading| ssh.banner = field.one(utf8, reading),
    },
    Key {
        name: "host-keys",
        holds: Forms("an algorithm"),
        doc: "What the host signs with, most wanted first.",
        read: |ssh, field, reading| {
            ssh.algorithms.host_keys = Some(algorithms(field, reading));
        },
    },
    Key {
        name: "kex",
        holds: Forms("an algorithm"),
        doc: "Key exchanges, most wanted first.",
        read: |ssh, field, reading| ssh.algorithms.kex = Some(algorithms(field, reading)),
    },
    Key {
        name: "ciphers",
        holds: Forms("an algorithm"),
        doc: "Ciphers, most wanted first.",
        read: |ssh, field, reading| {
            ssh.algorithms.ciphers = Some(algorithms(field, reading));
        },
    },
    Key {
        name: "macs",
        holds: Forms("an algorithm"),
        doc: "MACs, most wanted first.",
        read: |ssh, field, reading| ssh.algorithms.macs = Some(algorithms(field, reading)),
    },
    Key {
        name: "signatures",
        holds: Forms("an algorithm"),
        doc: "What a client's key may sign with.",
        read: |ssh, field, reading| {
            let names = field.any_number(algorithm, reading);
            ssh.algorithms.signatures = Some(names.into_iter().map(|name| name.value).collect());
        },
    },
    Key {
        name: "methods",
        holds: Forms(
            "`publickey`, `password`, `keyboard-interactive`, `none`, or several with `+`",
        ),
        doc: "What a client may log in by; `publickey+password` is both in turn.",
        read: |ssh, field, reading| {
            let methods = field.any_number(methods, reading);
            ssh.methods = methods.into_iter().map(|method| method.value).collect();
        },
    },
    Key {
        name: "prompts",
        holds: Forms("a text"),
        doc: "Questions of `keyboard-interactive`; the first answer is the password.",
        read: |ssh, field, reading| {
            let prompts = field.any_number(utf8, reading);
            ssh.prompts = prompts.into_iter().map(|prompt| prompt.value).collect();
        },
    },
    Key {
        name: "window",
        holds: Form("a size"),
        doc: "How much a client may send on a channel before it must wait.",
        read: |ssh, field, reading| set(&mut ssh.window, field.one(short, reading)),
    },
    Key {
        name: "packet",
        holds: Form("a size"),
        doc: "The longest piece that a client may send on a channel.",
        read: |ssh, field, reading| set(&mut ssh.packet, field.one(short, reading)),
    },
    Key {
        name: "rekey",
        holds: Form("a size"),
        doc: "Keys are exchanged again after so much.",
        read: |ssh, field, reading| ssh.rekey = field.one(rekey, reading),
    },
];

/// The keys of `server: {sftp: …}`.
pub(super) static SFTP: &[Key<sftp::Settings>] = &[
    Key {
        name: "version",
        holds: Form("a number"),
        doc: "The version that is said.",
        read: |sftp, field, reading| {
            let version = field.one(count, reading).and_then(|version| version.try_into().ok());
            set(&mut sftp.version, version);
        },
    },
    Key {
        name: "language",
        holds: Text,
        doc: "The language tag of every status.",
        read: |sftp, field, reading| set(&mut sftp.language, field.text(reading)),
    },
    Key {
        name: "extensions",
        holds: Forms("an extension"),
        doc: "The extensions that are announced and known.",
        read: |sftp, field, reading| {
            let extensions = field.any_number(extension, reading);
            sftp.extensions = extensions.into_iter().map(|extension| extension.value).collect();
        },
    },
    Key {
        name: "packet",
        holds: Form("a size"),
        doc: "The longest packet.",
        read: |sftp, field, reading| set(&mut sftp.packet, field.one(packet, reading)),
    },
    Key {
        name: "writes",
        holds: Word(&["any", "sequential"]),
        doc: "Whether a file may be written anywhere.",
        read: |sftp, field, reading| {
            set(&mut sftp.writes, field.one(|text| one_of(text, &WRITES), reading));
        },
    },
    Key {
        name: "rename",
        holds: Word(&["refuses", "overwrites"]),
        doc: "What a rename does to an existing file.",
        read: |sftp, field, reading| {
            set(&mut sftp.rename, field.one(|text| one_of(text, &RENAMES), reading));
        },
    },
    Key {
        name: "symlink",
        holds: Word(&["openssh", "draft", "reversed"]),
        doc: "The order of the two paths of a symbolic link.",
        read: |sftp, field, reading| {
            set(&mut sftp.symlink, field.one(|text| one_of(text, &SYMLINKS), reading));
        },
    },
    Key {
        name: "dots",
        holds: Word(&["shown", "none"]),
        doc: "Whether listings show `.` and `..`.",
        read: |sftp, field, reading| {
            set(&mut sftp.dots, field.one(|text| one_of(text, &DOTS), reading));
        },
    },
    Key {
        name: "requests",
        holds: Word(&["in-turn", "at-once"]),
        doc: "Whether a rule's delay of one request holds up those behind it, as on OpenSSH, or runs beside theirs.",
        read: |sftp, field, reading| {
            set(&mut sftp.requests, field.one(|text| one_of(text, &REQUESTS), reading));
        },
    },
    Key {
        name: "ignored-flags",
        holds: Words(&sftp::FLAGS),
        doc: "The flags of `SSH_FXP_OPEN` that have no effect.",
        read: |sftp, field, reading| {
            let flags = field.many(flag, reading);
            sftp.ignored_flags = flags.into_iter().map(|flag| flag.value).collect();
        },
    },
];

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

/// One method, or several in turn.
fn methods(text: &str) -> Result<Vec<Method>, Mistake> {
    text.split('+').map(|method| one_of(method, &Method::ALL)).collect()
}

/// The names of a list. One that is only a name among others leaves these without use, too; a list of nothing else is
/// meant to leave no match.
fn algorithms(field: &Field<'_>, reading: &mut Reading) -> Vec<String> {
    let names = field.any_number(algorithm, reading);
    let mixed = names.iter().any(|name| ssh::can_do(&name.value));
    for name in names.iter().filter(|name| mixed && !ssh::can_do(&name.value)) {
        let title = format!("{} is only offered", quote(&name.value));
        reading.add(
            Problem::warning(name.span, title)
                .label("the connection ends with the offer")
                .help("no client gets further while a list has a name that badftp cannot do"),
        );
    }
    names.into_iter().map(|name| name.value).collect()
}

/// A name of RFC 4251, section 6.
fn algorithm(text: &str) -> Result<String, Mistake> {
    let right = |byte: u8| byte.is_ascii_graphic() && byte != b',';
    if !text.is_empty() && text.len() <= 64 && text.bytes().all(right) {
        return Ok(text.to_owned());
    }
    Err(Mistake::new("no name of an algorithm").help("1 to 64 printable characters, and no comma"))
}

/// A text with `<x00>` and `<1KiB>` filled in.
fn utf8(text: &str) -> Result<String, Mistake> {
    String::from_utf8(literal(text)?)
        .map_err(|_| Mistake::new("no UTF-8").help("the library that speaks SSH says no other"))
}

/// A size that fits in 32 bits.
fn short(text: &str) -> Result<u32, Mistake> {
    u32::try_from(size(text)?).map_err(|_| Mistake::new("more than SSH can say"))
}

/// A size that the ciphers stand.
fn rekey(text: &str) -> Result<u64, Mistake> {
    match size(text)? {
        0 => Err(Mistake::new("nothing could ever be said").help("write `rekey: 1MiB`")),
        bytes if bytes > 1 << 30 => Err(Mistake::new("at most 1GiB").help("more is not safe")),
        bytes => Ok(bytes),
    }
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
