//! The shape of the journal, version 1: one JSON object a line, in the order things happened.
//!
//! | field | what it holds |
//! |---|---|
//! | `version` | 1 |
//! | `sequence` | counted from 1 without gaps, since the run began |
//! | `time` | UTC, RFC 3339, to the millisecond |
//! | `elapsed` | seconds since the run began |
//! | `connection` | number of the control connection, counted from 1 |
//! | `protocol` | `ftp`, `ftps` or `sftp` |
//! | `client` | the client's address and port |
//! | `event` | what the client meant, in the language's lower-case words; `end` when the connection is over |
//! | `wire` | the same in the wire's own words: `RETR` |
//! | `argument` | as it was sent; `***` for a secret |
//! | `user`, `path` | who, and the absolute path it was about |
//! | `rule` | `{"file": …, "line": …}` of the rule that matched |
//! | `fired` | whether that rule acted: one that waits for a byte never reached did not |
//! | `answer` | the lines that were said, without line ends |
//! | `bytes` | bytes moved on the data connection |
//! | `tls` | of a handshake, the control connection's TLS; of a transfer, the data connection's: `new` or `resumed` |
//! | `outcome` | `ok` or `failed` |
//! | `cause` | of a failure: `rule`, `client` or `badftp` |
//! | `detail` | a sentence for people |
//!
//! Fields without a value are left out. Bytes that are no printable UTF-8 are written `<xE9>`, as in a scenario.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::text;
use crate::engine::{ConnectionId, Event, Origin, Protocol, Tls};

/// The version of the shape.
pub const VERSION: u32 = 1;

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// Counted from 1 without gaps.
    pub sequence: u64,
    /// When it ended.
    #[serde(serialize_with = "to_millisecond")]
    pub time: Timestamp,
    /// Since the run began.
    #[serde(serialize_with = "as_seconds")]
    pub elapsed: Duration,
    /// The control connection.
    pub connection: ConnectionId,
    /// The listener it came in by.
    #[serde(serialize_with = "as_word")]
    pub protocol: Protocol,
    /// The client's address.
    pub client: SocketAddr,
    /// What the client meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
    /// The wire's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// As it was sent, secrets apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
    /// Who is logged in, or says to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The path it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The rule that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleLine>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Where a rule stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// The scenario's file or shipped name.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

impl From<&Origin> for RuleLine {
    fn from(origin: &Origin) -> Self {
        Self { file: origin.file.to_string(), line: origin.line }
    }
}

/// Who caused a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// A rule of the scenario.
    Rule,
    /// The client: a wrong name, a missing file, a connection it dropped.
    Client,
    /// Us: a port that cannot be bound, a panic.
    Badftp,
}

/// Whether it worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Success {
    /// It did, as far as the server knows.
    #[default]
    Ok,
    /// It did not.
    Failed,
}

/// What came of an event.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    /// Whether the matching rule acted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fired: bool,
    /// The lines said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<String>,
    /// Bytes moved on the data connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The TLS of the connection whose hands were shaken.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_tls_word")]
    pub tls: Option<Tls>,
    /// Whether it worked.
    #[serde(rename = "outcome")]
    pub success: Success,
    /// Who caused it, if not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Outcome {
    /// Notes a failure, with a sentence or an empty one; the first cause and the first sentence stay.
    pub fn fail(&mut self, cause: Cause, detail: impl Into<String>) {
        self.success = Success::Failed;
        self.cause.get_or_insert(cause);
        self.note(detail);
    }

    /// Notes a sentence for people, whatever the outcome.
    pub fn note(&mut self, detail: impl Into<String>) {
        let detail = detail.into();
        if self.detail.is_none() && !detail.is_empty() {
            self.detail = Some(detail);
        }
    }

    /// Notes what was said, a line each.
    pub fn said(&mut self, bytes: &[u8]) {
        let lines = bytes.split(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let shown = lines.filter(|line| !line.is_empty()).map(text::shortened);
        self.answer.extend(shown.take(MAX_LINES.saturating_sub(self.answer.len())));
    }
}

/// Lines of one answer that are kept.
const MAX_LINES: usize = 100;

/// What a record says of an event, before it is known what came of it.
#[derive(Debug, Clone)]
pub struct Happening {
    pub(super) connection: ConnectionId,
    pub(super) protocol: Protocol,
    pub(super) client: SocketAddr,
    pub(super) event: Option<&'static str>,
    pub(super) wire: Option<String>,
    pub(super) argument: Option<String>,
    pub(super) user: Option<String>,
    pub(super) path: Option<String>,
    pub(super) rule: Option<RuleLine>,
}

/// Whether an argument may be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// It may.
    Open,
    /// It is a password or the like.
    Secret,
}

impl Happening {
    /// Of an event, and the rule that acts on it.
    #[must_use]
    pub fn of(
        event: &Event<'_>,
        client: SocketAddr,
        rule: Option<&Origin>,
        secrecy: Secrecy,
    ) -> Self {
        let argument = event.argument.map(|argument| match secrecy {
            Secrecy::Open => text::shortened(argument),
            Secrecy::Secret => "***".to_owned(),
        });
        Self {
            connection: event.connection,
            protocol: event.protocol,
            client,
            event: event.operation.map(crate::engine::Operation::word),
            wire: event.wire.map(str::to_owned),
            argument,
            user: event.user.map(|user| text::shortened(user.as_bytes())),
            path: event.path.map(text::shortened),
            rule: rule.map(RuleLine::from),
        }
    }

    /// That a connection is over.
    #[must_use]
    pub fn end(event: &Event<'_>, client: SocketAddr) -> Self {
        Self { event: Some("end"), ..Self::of(event, client, None, Secrecy::Open) }
    }
}

// Serde hands every field to these by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn as_word<S: serde::Serializer>(protocol: &Protocol, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(protocol.word())
}

#[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)]
fn as_tls_word<S: serde::Serializer>(tls: &Option<Tls>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(tls.map_or("", Tls::word))
}

fn as_seconds<S: serde::Serializer>(elapsed: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((elapsed.as_secs_f64() * 1e6).round() / 1e6)
}

fn to_millisecond<S: serde::Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("{time:.3}"))
}
