//! The shape of the journal, version 2: one JSON object a line, in the order in which events end.
//!
//! | field | what it holds |
//! |---|---|
//! | `version` | 2; fields that are added later do not raise it |
//! | `sequence` | counted from 1 without gaps, since the start or a reset; none while the event is under way |
//! | `run` | 1 at the start; each scenario that is loaded begins the next |
//! | `time` | when it ended, or now while it is under way: UTC, RFC 3339, to the millisecond |
//! | `began` | when it began, in seconds since the run did; so are the three that follow |
//! | `acted` | when its rule began to act: its hold, the first slowed or spoilt byte, or its answer |
//! | `answered` | when the last of its answer had left for the client |
//! | `ended` | when it was over; none while it is under way |
//! | `held` | for how many seconds a rule or the scenario's network has held it |
//! | `connection` | number of the control connection, counted from 1 |
//! | `protocol` | `ftp`, `ftps` or `sftp` |
//! | `client` | the client's address and port |
//! | `event` | what the client meant, in the language's lower-case words; `end` when the connection is over |
//! | `wire` | the same in the wire's own words: `RETR` |
//! | `argument` | as it was sent; `***` for a secret; where it is nothing but blanks, with the one before it: `LIST ` has `" "` |
//! | `user`, `path` | who, and the absolute path it was about |
//! | `target` | what was at the path when it began: `missing`, `empty` (a directory), `file` or `directory` |
//! | `method` | of a login in SFTP: `none`, `password`, `publickey` or `keyboard-interactive` |
//! | `of` | of an `idle` event, what was silent: `commands`, `transfers` or `bytes` |
//! | `tls` | of a transfer or a listing in FTP, the data connection's; else the control connection's: `none`, `new` or `resumed` |
//! | `rule` | `{"file": …, "line": …}` of the rule that matched |
//! | `fired` | whether that rule acted: one that waits for a byte never reached did not |
//! | `answer` | the lines that were said, without line ends |
//! | `flags` | of a file that SFTP opens: `["WRITE","CREAT","TRUNC"]` |
//! | `offset` | the byte of the file that a transfer began at: `REST`'s, for `APPE` the file's size, in SFTP what the client said in its first read or write; of a read or write itself, its own |
//! | `length` | the bytes that a read of SFTP asked for or a write brought, of a transfer the most of them; the size that was to be set |
//! | `order` | of the reads or writes of a transfer in SFTP: `sequential`, or `random` as soon as one began elsewhere than where the last had ended; of one of them, its own |
//! | `attributes` | what a request of SFTP sets: `["permissions rw-r-----"]` |
//! | `bytes` | bytes moved on the data connection |
//! | `parting` | how the client ended the TLS of an upload's data connection, and at `end` that of the control connection: `notified` by `close_notify`, or `torn` by FIN without it |
//! | `outcome` | `ok`, `failed`, or `open` while it is not known |
//! | `cause` | of a failure: `rule`, `client` or `badftp` |
//! | `detail` | a sentence for people |
//!
//! Fields without a value are left out. Bytes that are no printable UTF-8 are written `<xE9>`, as in a scenario.
//!
//! # What `outcome` means
//!
//! `ok` is *done in full, and told so*: all bytes have moved as they are, what was to be stored is stored and stays, and
//! the answer that says so has been given. All else is `failed`. So an upload that is acknowledged and not kept is
//! `failed`; so is one that is kept and never acknowledged; so is a transfer of which one request was refused, left
//! unanswered or falsified, unless the client asked again and got it whole. What is only slow, or comes in small pieces,
//! is `ok`, and so is a transfer whose connection ends badly after all of this.
//!
//! `cause` is who made it fail first: the rule; the client, which asked for what cannot be, or left; or badftp itself.

use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::text::{self, Text};
use crate::engine::{
    ConnectionId, Details, Event, Operation, Order, Parting, Protocol, Silence, Target, Tls,
    Verdict,
};

/// The version of the shape.
pub const VERSION: u32 = 2;

/// One thing that happened, or that is happening.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// Counted from 1 without gaps; 0 while it is under way.
    #[serde(skip_serializing_if = "is_zero")]
    pub sequence: u64,
    /// The run it belongs to, counted from 1.
    pub run: u64,
    /// When it ended, or now.
    #[serde(serialize_with = "to_millisecond")]
    pub time: Timestamp,
    /// What the client did, and which rule matched it.
    #[serde(flatten)]
    pub what: Happening,
    /// When it was over, since the run began.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_seconds_if_any")]
    pub ended: Option<Duration>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A record is what happened, and what came of it.
impl Deref for Record {
    type Target = Happening;

    fn deref(&self) -> &Happening {
        &self.what
    }
}

impl Record {
    /// Of an event that is under way at this time.
    #[must_use]
    pub fn new(run: u64, mut what: Happening, outcome: Outcome, time: Timestamp) -> Self {
        what.tls = outcome.tls.or(what.tls);
        what.offset = outcome.offset.or(what.offset);
        what.length = outcome.length.or(what.length);
        what.order = outcome.order.or(what.order);
        Self { version: VERSION, sequence: 0, run, time, what, ended: None, outcome }
    }

    /// The event that it tells of, as rules and expectations match it.
    #[must_use]
    pub fn event(&self) -> Event<'_> {
        let client = self.client.ip();
        let event = Event::of(self.protocol, self.connection, client, self.began);
        Event {
            operation: self.event.and_then(Operation::from_word),
            wire: self.wire.as_deref(),
            user: self.user.as_ref().and_then(|user| str::from_utf8(user.as_bytes()).ok()),
            path: self.path.as_ref().map(Text::as_bytes),
            target: self.target,
            argument: self.argument.as_ref().map(Text::as_bytes),
            method: self.method.as_deref(),
            tls: self.tls,
            silence: self.silence,
            details: Details {
                flags: &self.flags,
                offset: self.offset,
                length: self.length,
                order: self.order,
                attributes: &self.attributes,
            },
            ..event
        }
    }

    /// When the client could go on: when it had its answer, or at the end where it got none. Nothing while it waits.
    #[must_use]
    pub fn over(&self) -> Option<Duration> {
        self.outcome.answered.filter(|_| self.ended.is_some()).or(self.ended)
    }

    /// Whether it only tells that a connection is over.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.event == Some(END)
    }
}

/// What stands in the place of an event when a connection is over.
const END: &str = "end";

/// A rule, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Its place in the scenario.
    #[serde(skip)]
    pub place: usize,
    /// The scenario's file or shipped name.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

impl RuleLine {
    fn of(verdict: &Verdict) -> Option<Self> {
        let (place, origin) = (verdict.rule?, verdict.origin.as_ref()?);
        Some(Self { place, file: origin.file.to_string(), line: origin.line })
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
    /// It is not known yet: the event is under way.
    Open,
}

impl Success {
    /// The word of the language and of the journal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Open => "open",
        }
    }
}

/// What came of an event.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    /// When the matching rule began to act, since the run began.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_seconds_if_any")]
    pub acted: Option<Duration>,
    /// When the last of the answer had left for the client, since the run began.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_seconds_if_any")]
    pub answered: Option<Duration>,
    /// For how long it was held.
    #[serde(skip_serializing_if = "Duration::is_zero", serialize_with = "as_seconds")]
    pub held: Duration,
    /// Whether the matching rule acted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fired: bool,
    /// The lines said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<String>,
    /// Bytes moved on the data connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The byte of the file that a transfer began at.
    #[serde(skip)]
    pub offset: Option<u64>,
    /// How the client has ended the TLS of an upload's data connection, or of the control connection.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_parting_word")]
    pub parting: Option<Parting>,
    /// The bytes of its longest request.
    #[serde(skip)]
    pub length: Option<u64>,
    /// Whether each of its requests went on where the one before it had ended.
    #[serde(skip)]
    pub order: Option<Order>,
    /// The TLS of the connection, where the event itself came too early to know it.
    #[serde(skip)]
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

    /// Notes one of the requests of a transfer: where the first one began, how many bytes the longest was about, and whether
    /// any was out of order.
    pub fn asked(&mut self, offset: u64, length: u64, order: Order) {
        self.offset.get_or_insert(offset);
        self.length = self.length.max(Some(length));
        self.order = self.order.max(Some(order));
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

/// What a record says of an event, whatever came of it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Happening {
    /// When it began, since the run did.
    #[serde(serialize_with = "as_seconds")]
    pub began: Duration,
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
    pub argument: Option<Text>,
    /// Who is logged in, or says to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Text>,
    /// The path it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text>,
    /// What was there when it began.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_target_word")]
    pub target: Option<Target>,
    /// How the client wanted to log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The TLS of its connection.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_tls_word")]
    pub tls: Option<Tls>,
    /// What was silent, of an `idle` event.
    #[serde(
        rename = "of",
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_silence_word"
    )]
    pub silence: Option<Silence>,
    /// How it opened a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'static str>,
    /// Where in a file it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// How many bytes it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Whether it went on where the one before it had ended.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_order_word")]
    pub order: Option<Order>,
    /// What it set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The rule that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleLine>,
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
    /// Of an event, and what was decided of it.
    #[must_use]
    pub fn of(
        event: &Event<'_>,
        client: SocketAddr,
        verdict: Option<&Verdict>,
        secrecy: Secrecy,
    ) -> Self {
        let argument = event.argument.map(|argument| match secrecy {
            Secrecy::Open => Text::of(argument),
            Secrecy::Secret => Text::secret(),
        });
        Self {
            began: event.time,
            connection: event.connection,
            protocol: event.protocol,
            client,
            event: event.operation.map(Operation::word),
            wire: event.wire.map(str::to_owned),
            argument,
            user: event.user.map(|user| Text::of(user.as_bytes())),
            path: event.path.map(Text::of),
            target: event.target,
            method: event.method.map(str::to_owned),
            tls: event.tls,
            silence: event.silence,
            flags: event.details.flags.to_vec(),
            offset: event.details.offset,
            length: event.details.length,
            order: event.details.order,
            attributes: event.details.attributes.to_vec(),
            rule: verdict.and_then(RuleLine::of),
        }
    }

    /// That a connection is over.
    #[must_use]
    pub fn end(event: &Event<'_>, client: SocketAddr) -> Self {
        Self { event: Some(END), ..Self::of(event, client, None, Secrecy::Open) }
    }
}

// Serde hands every field to these by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn as_word<S: serde::Serializer>(protocol: &Protocol, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(protocol.word())
}

/// What writes a value by its word.
macro_rules! words {
    ($($name:ident: $of:ty),*) => {$(
        #[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)]
        fn $name<S: serde::Serializer>(value: &Option<$of>, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(value.map_or("", <$of>::word))
        }
    )*};
}

words!(
    as_target_word: Target, as_tls_word: Tls, as_silence_word: Silence, as_order_word: Order,
    as_parting_word: Parting
);

fn as_seconds<S: serde::Serializer>(elapsed: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((elapsed.as_secs_f64() * 1e6).round() / 1e6)
}

#[allow(clippy::ref_option)]
fn as_seconds_if_any<S: serde::Serializer>(
    elapsed: &Option<Duration>,
    to: S,
) -> Result<S::Ok, S::Error> {
    as_seconds(&elapsed.unwrap_or_default(), to)
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn to_millisecond<S: serde::Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("{time:.3}"))
}
