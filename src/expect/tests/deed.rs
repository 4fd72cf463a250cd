//! What a client does, in a test.

use std::time::Duration;

use jiff::Timestamp;

use crate::engine::{Engine, Event, Operation, Order, Protocol, Target, Tls};
use crate::journal::{Cause, Happening, Journal, Outcome, Secrecy};

/// One event, and what came of it. It takes no time unless it says so.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    operation: Option<Operation>,
    wire: Option<String>,
    pub(super) connection: u64,
    protocol: Protocol,
    user: Option<String>,
    path: Option<String>,
    argument: Option<String>,
    target: Option<Target>,
    tls: Option<Tls>,
    began: Duration,
    ended: Duration,
    outcome: Outcome,
}

/// A word of the language, or of the wire.
pub(super) fn deed(word: &str) -> Deed {
    let operation = Operation::from_word(word);
    Deed {
        wire: operation.is_none().then(|| word.to_owned()),
        operation,
        connection: 1,
        protocol: Protocol::Ftp,
        user: None,
        path: None,
        argument: None,
        target: None,
        tls: Some(Tls::None),
        began: Duration::ZERO,
        ended: Duration::ZERO,
        outcome: Outcome::default(),
    }
}

/// `STOR` of a file.
pub(super) fn stor(path: &str) -> Deed {
    deed("upload").wire("STOR").at_path(path).saying(path).beginning_at(0)
}

/// The same with `APPE`.
pub(super) fn appe(path: &str) -> Deed {
    deed("append").wire("APPE").at_path(path).saying(path)
}

impl Deed {
    pub(super) fn wire(self, wire: &str) -> Self {
        Self { wire: Some(wire.to_owned()), ..self }
    }

    pub(super) fn on(self, connection: u64) -> Self {
        Self { connection, ..self }
    }

    pub(super) fn by(self, user: &str) -> Self {
        Self { user: Some(user.to_owned()), ..self }
    }

    pub(super) fn over(self, protocol: Protocol) -> Self {
        Self { protocol, tls: None, ..self }
    }

    pub(super) fn over_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    pub(super) fn at_path(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    pub(super) fn has_path(&self, path: &str) -> bool {
        self.path.as_deref() == Some(path)
    }

    pub(super) fn saying(self, argument: &str) -> Self {
        Self { argument: Some(argument.to_owned()), ..self }
    }

    pub(super) fn meeting(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// From one millisecond to another.
    pub(super) fn lasting(self, began: u64, ended: u64) -> Self {
        Self { began: Duration::from_millis(began), ended: Duration::from_millis(ended), ..self }
    }

    pub(super) fn beginning_at(mut self, offset: u64) -> Self {
        self.outcome.offset = Some(offset);
        self
    }

    /// One of its requests moved so many bytes from there on.
    pub(super) fn asking(mut self, offset: u64, length: u64, order: Order) -> Self {
        self.outcome.asked(offset, length, order);
        self
    }

    pub(super) fn moving(mut self, bytes: u64) -> Self {
        self.outcome.bytes = Some(bytes);
        self
    }

    pub(super) fn answered(mut self, answer: &str) -> Self {
        self.outcome.answer.push(answer.to_owned());
        self
    }

    pub(super) fn refused(mut self, answer: &str) -> Self {
        self.outcome.fail(Cause::Client, "");
        self.answered(answer)
    }

    /// The rule that it meets does what it is there for.
    pub(super) fn hit(mut self) -> Self {
        self.outcome.fired = true;
        self.outcome.fail(Cause::Rule, "");
        self
    }

    /// Asks the rules and writes it down. Tells which rule has fired.
    pub(super) fn tell(self, engine: &Engine, journal: &Journal) -> Option<usize> {
        let client = ([127, 0, 0, 1], 9).into();
        let event = Event {
            operation: self.operation,
            wire: self.wire.as_deref(),
            user: self.user.as_deref(),
            path: self.path.as_deref().map(str::as_bytes),
            argument: self.argument.as_deref().map(str::as_bytes),
            target: self.target,
            tls: self.tls,
            ..Event::of(self.protocol, self.connection, [127, 0, 0, 1].into(), self.began)
        };
        let verdict = engine.decide(&event);
        let happening = Happening::of(&event, client, Some(&verdict), Secrecy::Open);
        let fired = verdict.rule.filter(|_| self.outcome.fired);
        journal.record(1, happening, self.outcome, Timestamp::UNIX_EPOCH, self.ended);
        fired
    }
}
