//! `server:`, the static shape.

use super::answers::greeting;
use super::field::Field;
use super::keys::Holds::{Form, Forms, Map, Word, Words};
use super::keys::{Key, Reading, read};
use super::problem::Problem;
use super::secure::{SFTP, SSH};
use super::similar::did_you_mean;
use super::tls::read_tls;
use super::values::{Mistake, delay, duration, one_of, port_range, rate, size};
use crate::ftp::{
    self, Charset, Crlf, Dots, Fact, Interrupting, Listing, Login, Mdtm, Restart, TrailingSlash,
};
use crate::listener::{Family, ProxyHeader};
use crate::run::Network;
use crate::ssh;

/// How errors call the form of a greeting.
pub(super) const GREETING: &str = "`code text`, or a list of lines";

/// What is under `server:`.
#[derive(Debug, Default)]
pub(super) struct Server {
    pub(super) family: Option<Family>,
    pub(super) proxy_header: ProxyHeader,
    pub(super) network: Network,
    pub(super) ftp: ftp::Settings,
    pub(super) ssh: ssh::Settings,
    pub(super) tls: crate::tls::Settings,
}

const FAMILIES: [(Family, &str); 3] =
    [(Family::Ipv4, "ipv4"), (Family::Ipv6, "ipv6"), (Family::Both, "both")];
const HEADERS: [(ProxyHeader, &str); 2] =
    [(ProxyHeader::None, "none"), (ProxyHeader::Required, "required")];
const CHARSETS: [(Charset, &str); 2] = [(Charset::Utf8, "utf-8"), (Charset::Latin1, "latin-1")];
const LISTINGS: [(Listing, &str); 7] = [
    (Listing::Unix, "unix"),
    (Listing::Dos, "dos"),
    (Listing::Eplf, "eplf"),
    (Listing::Mvs, "mvs"),
    (Listing::Os400, "os400"),
    (Listing::Vms, "vms"),
    (Listing::NonStop, "nonstop"),
];
const DOTS: [(Dots, &str); 2] = [(Dots::Shown, "shown"), (Dots::Hidden, "none")];
const RESTARTS: [(Restart, &str); 3] =
    [(Restart::Exact, "exact"), (Restart::Cut, "cut"), (Restart::ZeroFill, "zero-fill")];
const CRLFS: [(Crlf, &str); 2] = [(Crlf::Kept, "kept"), (Crlf::Doubled, "doubled")];
const MDTMS: [(Mdtm, &str); 2] = [(Mdtm::Sets, "sets"), (Mdtm::Tells, "tells")];
const SLASHES: [(TrailingSlash, &str); 2] =
    [(TrailingSlash::Refused, "refused"), (TrailingSlash::Ignored, "ignored")];
const LOGINS: [(Login, &str); 2] = [(Login::None, "none"), (Login::Password, "password")];

/// The keys of `server:`.
pub(super) static SERVER: &[Key<Server>] = &[
    Key {
        name: "family",
        holds: Word(&["ipv4", "ipv6", "both"]),
        doc: "What the listeners speak; without it, what their addresses are of.",
        read: |server, field, reading| {
            server.family = field.one(|text| one_of(text, &FAMILIES), reading);
        },
    },
    Key {
        name: "proxy-header",
        holds: Word(&["none", "required"]),
        doc: "Whether connections begin with a PROXY header.",
        read: |server, field, reading| {
            set(&mut server.proxy_header, field.one(|text| one_of(text, &HEADERS), reading));
        },
    },
    Key {
        name: "charset",
        holds: Word(&["utf-8", "latin-1"]),
        doc: "The charset of all FTP texts and names.",
        read: |server, field, reading| {
            set(&mut server.ftp.charset, field.one(|text| one_of(text, &CHARSETS), reading));
        },
    },
    Key {
        name: "grace",
        holds: Form("a duration"),
        doc: "How long until logged in.",
        read: |server, field, reading| {
            server.ftp.grace = field.one(duration, reading);
            server.ssh.grace = server.ftp.grace;
        },
    },
    Key {
        name: "delay",
        holds: Form("a duration or a range of durations"),
        doc: "Before each answer.",
        read: |server, field, reading| server.network.delay = field.one(delay, reading),
    },
    Key {
        name: "rate",
        holds: Form("a size per second"),
        doc: "Move bytes no faster.",
        read: |server, field, reading| server.network.rate = field.one(rate, reading),
    },
    Key {
        name: "chunk",
        holds: Form("a size"),
        doc: "Send at most so much at once.",
        read: |server, field, reading| server.network.chunk = field.one(some_bytes, reading),
    },
    Key {
        name: "ftp",
        holds: Map,
        doc: "What FTP looks like.",
        read: |server, field, reading| {
            read("`server: ftp`", FTP, field.node, &mut server.ftp, reading);
        },
    },
    Key {
        name: "tls",
        holds: Map,
        doc: "What TLS looks like.",
        read: |server, field, reading| read_tls(&mut server.tls, field, reading),
    },
    Key {
        name: "ssh",
        holds: Map,
        doc: "What SSH looks like.",
        read: |server, field, reading| {
            read("`server: ssh`", SSH, field.node, &mut server.ssh, reading);
        },
    },
    Key {
        name: "sftp",
        holds: Map,
        doc: "What SFTP looks like.",
        read: |server, field, reading| {
            read("`server: sftp`", SFTP, field.node, &mut server.ssh.sftp, reading);
        },
    },
];

/// The keys of `server: {ftp: …}`.
pub(super) static FTP: &[Key<ftp::Settings>] = &[
    Key {
        name: "greeting",
        holds: Forms(GREETING),
        doc: "The greeting, with its code. One of 230 says that the client is logged in, and so it is.",
        read: |ftp, field, reading| set(&mut ftp.greeting, greeting(field, reading)),
    },
    Key {
        name: "methods",
        holds: Words(&["none", "password"]),
        doc: "What a login needs.",
        read: |ftp, field, reading| set(&mut ftp.login, login(field, reading)),
    },
    Key {
        name: "listing",
        holds: Word(&["unix", "dos", "eplf", "mvs", "os400", "vms", "nonstop"]),
        doc: "The style of `LIST`.",
        read: |ftp, field, reading| {
            set(&mut ftp.listing, field.one(|text| one_of(text, &LISTINGS), reading));
        },
    },
    Key {
        name: "facts",
        holds: Words(&["type", "size", "modify", "perm", "unique", "unix.mode", "unix.owner"]),
        doc: "The facts of `MLSD` and `MLST`, in this order.",
        read: |ftp, field, reading| {
            ftp.facts = field
                .any_number(|text| one_of(text, &Fact::ALL), reading)
                .into_iter()
                .map(|fact| fact.value)
                .collect();
        },
    },
    Key {
        name: "dots",
        holds: Word(&["shown", "none"]),
        doc: "Whether listings show `.` and `..`.",
        read: |ftp, field, reading| {
            set(&mut ftp.dots, field.one(|text| one_of(text, &DOTS), reading));
        },
    },
    Key {
        name: "dot-files",
        holds: Word(&["shown", "none"]),
        doc: "Whether `LIST` and `NLST` without `-a` show names that begin with a dot; vsftpd and ProFTPD do not.",
        read: |ftp, field, reading| {
            set(&mut ftp.dot_files, field.one(|text| one_of(text, &DOTS), reading));
        },
    },
    Key {
        name: "features",
        holds: Forms("a line of `FEAT`"),
        doc: "Lines that `FEAT` tells besides its own, as `PRET`; `without` takes one away.",
        read: |ftp, field, reading| {
            let lines = field.any_number(feature, reading).into_iter();
            ftp.features = lines.map(|line| line.value).collect();
        },
    },
    Key {
        name: "without",
        holds: Forms("a verb of FTP"),
        doc: "Verbs that this server does not know.",
        read: |ftp, field, reading| {
            ftp.without =
                field.any_number(verb, reading).into_iter().map(|verb| verb.value).collect();
        },
    },
    Key {
        name: "restart",
        holds: Word(&["exact", "cut", "zero-fill"]),
        doc: "What `REST` does to an upload: it goes on there, and what is behind it stays (`exact`: vsftpd, ProFTPD, pyftpdlib); or the file is cut there first (`cut`: Pure-FTPd); or what is before it is filled with zeros.",
        read: |ftp, field, reading| {
            set(&mut ftp.restart, field.one(|text| one_of(text, &RESTARTS), reading));
        },
    },
    Key {
        name: "crlf",
        holds: Word(&["kept", "doubled"]),
        doc: "What `TYPE A` makes of a CRLF in a file: CRLF (`kept`: vsftpd, ProFTPD, pyftpdlib), or CR CR LF (`doubled`: Pure-FTPd).",
        read: |ftp, field, reading| {
            set(&mut ftp.crlf, field.one(|text| one_of(text, &CRLFS), reading));
        },
    },
    Key {
        name: "mdtm",
        holds: Word(&["sets", "tells"]),
        doc: "Whether `MDTM` with a time before the path sets it, as vsftpd does, or takes all of that for a path (RFC 3659).",
        read: |ftp, field, reading| {
            set(&mut ftp.mdtm, field.one(|text| one_of(text, &MDTMS), reading));
        },
    },
    Key {
        name: "trailing-slash",
        holds: Word(&["refused", "ignored"]),
        doc: "What a slash at the end of a file's name means: no such file (`refused`: vsftpd), or nothing (`ignored`: ProFTPD).",
        read: |ftp, field, reading| {
            set(&mut ftp.trailing_slash, field.one(|text| one_of(text, &SLASHES), reading));
        },
    },
    Key {
        name: "during-transfer",
        holds: Words(&["ABOR", "STAT", "NOOP", "QUIT"]),
        doc: "What is answered while a transfer is under way; all else waits for its end. vsftpd hears ABOR alone, and only with `async_abor_enable`; IIS, FileZilla Server and pyftpdlib hear all of these. After QUIT the transfer is done first.",
        read: |ftp, field, reading| {
            let commands = field.any_number(|text| one_of(text, &Interrupting::ALL), reading);
            ftp.during_transfer = commands.into_iter().map(|command| command.value).collect();
        },
    },
    Key {
        name: "passive-ports",
        holds: Form("a range of ports"),
        doc: "Ports to listen on for data, each for one session at a time: where they are scarce.",
        read: |ftp, field, reading| ftp.passive_ports = field.one(port_range, reading),
    },
];

/// Only a value that was right takes the place of the default.
pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

pub(super) fn some_bytes(text: &str) -> Result<u64, Mistake> {
    match size(text)? {
        0 => Err(Mistake::new("nothing would ever move").help("at least `1B`")),
        bytes => Ok(bytes),
    }
}

/// FTP has one way to log in, so that a list of more is a mistake.
fn login(field: &Field<'_>, reading: &mut Reading) -> Option<Login> {
    let mut methods = field.many(|text| one_of(text, &LOGINS), reading).into_iter();
    let first = methods.next()?;
    if let Some(second) = methods.next() {
        reading.add(
            Problem::error(second.span, "FTP has one way to log in")
                .label("a second one")
                .also(first.span, "the first"),
        );
    }
    Some(first.value)
}

/// What stands in a line of `FEAT` behind its blank.
fn feature(text: &str) -> Result<String, Mistake> {
    if text.trim() == text && !text.is_empty() && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Mistake::new("no line of `FEAT`").help("write a feature without blanks around it: `PRET`"))
}

fn verb(text: &str) -> Result<String, Mistake> {
    if ftp::verb(text).is_some() {
        return Ok(text.to_owned());
    }
    let help = did_you_mean(text, ftp::verbs().map(|verb| verb.name));
    Err(Mistake::new("no verb of FTP").maybe_help(help))
}
