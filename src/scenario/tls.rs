//! `server: {tls: …}`.

use super::field::Field;
use super::keys::Holds::{Form, Forms, Word, Words};
use super::keys::{Key, Reading, read};
use super::problem::Problem;
use super::server::{set, some_bytes};
use super::similar::nearest;
use super::values::{Mistake, count, duration, one_of};
use crate::engine::Certificate;
use crate::tls::{ClientCertificate, CloseNotify, Mode, Require, Reuse, Settings, Version, suite};

const MODES: [(Mode, &str); 3] =
    [(Mode::Explicit, "explicit"), (Mode::Implicit, "implicit"), (Mode::None, "none")];
const REQUIRES: [(Require, &str); 3] =
    [(Require::None, "none"), (Require::Login, "login"), (Require::Data, "data")];
const VERSIONS: [(Version, &str); 4] = [
    (Version::Tls10, "TLS1.0"),
    (Version::Tls11, "TLS1.1"),
    (Version::Tls12, "TLS1.2"),
    (Version::Tls13, "TLS1.3"),
];
const CLIENT_CERTIFICATES: [(ClientCertificate, &str); 3] = [
    (ClientCertificate::None, "none"),
    (ClientCertificate::Wanted, "wanted"),
    (ClientCertificate::Required, "required"),
];
const REUSES: [(Reuse, &str); 2] = [(Reuse::Any, "any"), (Reuse::Required, "required")];
const CLOSE_NOTIFIES: [(CloseNotify, &str); 2] =
    [(CloseNotify::Any, "any"), (CloseNotify::Required, "required")];
/// The words of `certificate:`.
pub(super) const CERTIFICATES: &[&str] = &[
    "valid",
    "expired",
    "not-yet-valid",
    "self-signed",
    "wrong-host",
    "untrusted-root",
    "incomplete-chain",
    "reversed-chain",
    "no-name",
    "many-names",
];
/// The most tickets that are sent at once.
const MOST_TICKETS: u64 = 1000;

/// The keys of `server: {tls: …}`.
pub(super) static TLS: &[Key<Settings>] = &[
    Key {
        name: "ftp",
        holds: Word(&["explicit", "implicit", "none"]),
        doc: "When the FTP port speaks TLS.",
        read: |tls, field, reading| set(&mut tls.ftp, mode(field, reading)),
    },
    Key {
        name: "ftps",
        holds: Word(&["explicit", "implicit", "none"]),
        doc: "When the FTPS port speaks TLS.",
        read: |tls, field, reading| set(&mut tls.ftps, mode(field, reading)),
    },
    Key {
        name: "require",
        holds: Word(&["none", "login", "data"]),
        doc: "What must not be in clear.",
        read: |tls, field, reading| {
            set(&mut tls.require, field.one(|text| one_of(text, &REQUIRES), reading));
        },
    },
    Key {
        name: "versions",
        holds: Words(&["TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"]),
        doc: "The versions spoken; up to TLS1.1, only the server's first words are.",
        read: |tls, field, reading| {
            let versions = field.many(|text| one_of(text, &VERSIONS), reading);
            if !versions.is_empty() {
                tls.versions = versions.into_iter().map(|version| version.value).collect();
            }
        },
    },
    Key {
        name: "ciphers",
        holds: Forms("a cipher suite by its name in IANA's registry"),
        doc: "The only cipher suites.",
        read: |tls, field, reading| {
            let suites = field.many(cipher, reading).into_iter().map(|suite| suite.value);
            tls.suites = Some(suites.collect::<Vec<_>>()).filter(|suites| !suites.is_empty());
        },
    },
    Key {
        name: "alpn",
        holds: Forms("a protocol's name"),
        doc: "The only protocols that a client may ask for (ALPN).",
        read: |tls, field, reading| {
            let names = field.any_number(|text| Ok(text.as_bytes().to_vec()), reading);
            tls.alpn = names.into_iter().map(|name| name.value).collect();
        },
    },
    Key {
        name: "certificate",
        holds: Word(CERTIFICATES),
        doc: "The certificate that is shown.",
        read: |tls, field, reading| {
            set(&mut tls.certificate, field.one(certificate, reading));
        },
    },
    Key {
        name: "client-certificate",
        holds: Word(&["none", "wanted", "required"]),
        doc: "Whether the client has to show a certificate of the test CA.",
        read: |tls, field, reading| {
            let asked = field.one(|text| one_of(text, &CLIENT_CERTIFICATES), reading);
            set(&mut tls.client_certificate, asked);
        },
    },
    Key {
        name: "session-reuse",
        holds: Word(&["any", "required"]),
        doc: "Whether a data connection must resume the control connection's session.",
        read: |tls, field, reading| {
            set(&mut tls.reuse, field.one(|text| one_of(text, &REUSES), reading));
        },
    },
    Key {
        name: "close-notify",
        holds: Word(&["any", "required"]),
        doc: "Whether an upload whose TLS ends without `close_notify` is refused (426); vsftpd takes it unless `strict_ssl_read_eof` is set.",
        read: |tls, field, reading| {
            let how = field.one(|text| one_of(text, &CLOSE_NOTIFIES), reading);
            set(&mut tls.close_notify, how);
        },
    },
    Key {
        name: "tickets",
        holds: Form("a count"),
        doc: "How often a control connection's session can be resumed.",
        read: |tls, field, reading| tls.tickets = field.one(tickets, reading),
    },
    Key {
        name: "ticket-lifetime",
        holds: Form("a duration"),
        doc: "For how long it can be resumed.",
        read: |tls, field, reading| tls.ticket_lifetime = field.one(duration, reading),
    },
    Key {
        name: "rekey",
        holds: Form("a size"),
        doc: "New keys after so many bytes (TLS 1.3).",
        read: |tls, field, reading| tls.rekey = field.one(some_bytes, reading),
    },
];

/// Reads the section, and sees that it can be spoken at all.
pub(super) fn read_tls(tls: &mut Settings, field: &Field<'_>, reading: &mut Reading) {
    let before = reading.errors();
    let written = read("`server: tls`", TLS, field.node, tls, reading);
    if reading.errors() == before
        && !tls.can_agree()
        && let Some(ciphers) = written.value("ciphers")
    {
        reading.add(
            Problem::error(ciphers, "no cipher suite here is for the versions spoken")
                .label("for other versions")
                .help("the suites of TLS 1.3 are named `TLS_AES_…` and `TLS_CHACHA20_…`, those of TLS 1.2 `TLS_ECDHE_…`"),
        );
    }
}

/// A word of `certificate:`.
pub(super) fn certificate(text: &str) -> Result<Certificate, Mistake> {
    one_of(text, &Certificate::ALL)
}

fn mode(field: &Field<'_>, reading: &mut Reading) -> Option<Mode> {
    field.one(|text| one_of(text, &MODES), reading)
}

fn cipher(text: &str) -> Result<rustls::SupportedCipherSuite, Mistake> {
    suite(text).map_err(|names| {
        let near = nearest(text, names.iter().map(String::as_str));
        Mistake::new("not a cipher suite that badftp has")
            .help(format!("the suites are {}", names.join(", ")))
            .maybe_help(near.map(|name| format!("did you mean `{name}`?")))
    })
}

fn tickets(text: &str) -> Result<usize, Mistake> {
    let tickets = count(text)?;
    if tickets > MOST_TICKETS {
        return Err(Mistake::new("more tickets than a client can hold")
            .help(format!("at most {MOST_TICKETS}")));
    }
    Ok(usize::try_from(tickets).unwrap_or_default())
}
