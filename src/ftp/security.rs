//! TLS on the control connection and on data connections (RFC 4217): who shakes hands when, and what the rules say
//! of it. A rule is asked once the client's first message is in, so that it can know whether a session is resumed.

use std::io;
use std::sync::Arc;

use tokio::time::{Instant, timeout, timeout_at};

use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::session::{GRACE_OVER, Moment, Session};
use crate::engine::{At, Event, Operation, Protocol, Tls, Verdict};
use crate::fault::pace::pause;
use crate::fault::{Handshake, Pace, Shaken, Wire};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::tls::{self, Channel, Mode, Require, Reuse};

/// How the control connection and the data connections are secured.
#[derive(Debug)]
pub(super) struct Security {
    /// What can be offered, and resumed.
    pub(super) tls: tls::Session,
    /// The control connection's own TLS.
    pub(super) control: Tls,
    /// What happens to it once the reply is said.
    pub(super) change: Option<Change>,
    /// `PBSZ` was said.
    pub(super) sized: bool,
    /// `PROT P` was said.
    pub(super) protects: bool,
}

/// What happens to the control connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// `AUTH`
    Secure,
    /// `CCC`
    Clear,
}

impl Security {
    pub(super) fn new(endpoint: Arc<tls::Endpoint>) -> Self {
        let tls = tls::Session::new(endpoint);
        Self { tls, control: Tls::None, change: None, sized: false, protects: false }
    }

    /// A rule grants a `PROT` and does not do it: data is the other way, whatever it was before.
    pub(super) fn lie(&mut self, level: &[u8]) {
        self.protects = level.eq_ignore_ascii_case(b"C");
    }

    /// The TLS of data connections as far as it is known before there is one.
    pub(super) fn data(&self) -> Tls {
        match self.control {
            _ if !self.protects => Tls::None,
            Tls::None => Tls::New,
            kind => kind,
        }
    }
}

const HANDSHAKE: Moment = Moment::Of(Operation::Handshake);
const CHANNEL: Moment = Moment::Of(Operation::Channel);

impl Session {
    /// When this port speaks TLS.
    pub(super) fn mode(&self) -> Mode {
        let settings = self.security.tls.settings();
        if self.protocol == Protocol::Ftps { settings.ftps } else { settings.ftp }
    }

    /// What is said of a command that must not be in clear.
    pub(super) fn refuses_in_clear(&self, moves_data: bool, logs_in: bool) -> Option<Reply> {
        let require = self.security.tls.settings().require;
        let in_clear = self.security.control == Tls::None;
        if logs_in && in_clear && require != Require::None {
            return Some(Reply::new(530, "Please use AUTH TLS before you log in."));
        }
        let refused = moves_data && !self.security.protects && require == Require::Data;
        refused.then(|| Reply::new(521, "Data connection cannot be opened with this PROT setting."))
    }

    /// Does what the last command has announced, now that its reply is said.
    pub(super) async fn change_security(&mut self) -> Next {
        match self.security.change.take() {
            Some(_) if self.control.is_gone() => Next::Over,
            Some(Change::Secure) => self.secure_control().await,
            Some(Change::Clear) => {
                self.security.control = Tls::None;
                if self.control.lay_off_tls().await.is_ok() { Next::Continue } else { Next::Over }
            }
            None => Next::Continue,
        }
    }

    /// Shakes hands on the control connection, or does what a rule wants instead.
    pub(super) async fn secure_control(&mut self) -> Next {
        let grace = self.grace();
        let hello = match until(grace, self.control.client_hello()).await {
            Ok(hello) => hello,
            Err(error) => {
                self.failed_to_shake(HANDSHAKE, None, &error);
                return Next::Over;
            }
        };
        let tls = self.security.tls.kind_of(hello.as_deref());
        let event = Event { tls: Some(tls), ..HANDSHAKE.name(self.event()) };
        let (mut verdict, open) = self.run.decide(&event);
        if !verdict.replaces_the_operation() {
            let shaking = self.shake_control(hello.as_deref(), &mut verdict);
            match until(grace, shaking).await {
                Ok(Shaken::Reached) => verdict.at = At::End,
                Ok(Shaken::Done) => {}
                Err(error) => {
                    self.failed_to_shake(HANDSHAKE, Some(&verdict), &error);
                    return Next::Over;
                }
            }
        }
        self.decided(HANDSHAKE, verdict, open, Done::default()).await.0
    }

    async fn shake_control(
        &mut self,
        hello: Option<&[u8]>,
        verdict: &mut Verdict,
    ) -> io::Result<Shaken> {
        if let Some(answer) = self.security.tls.old_answer(hello) {
            self.control.say_bytes(&answer).await;
            let _ = timeout(self.run.max_hold, self.control.line()).await;
            return Err(io::Error::other("the scenario's TLS is too old for the client"));
        }
        let how = self.handshake(Channel::Control, verdict).await?;
        let shaken = self.control.shake_hands(how).await?;
        if let Some(wire) = self.control.secure() {
            self.security.control = kind(wire);
        }
        Ok(shaken)
    }

    /// Writes down that hands were not shaken, or not as they had to be, and tells who is to blame: the rule whose
    /// certificate was shown, if one was, or else the client.
    fn failed_to_shake(
        &self,
        moment: Moment,
        verdict: Option<&Verdict>,
        error: &io::Error,
    ) -> Cause {
        let event = moment.name(self.event());
        let happening = Happening::of(&event, self.peer, verdict, Secrecy::Open);
        let shown = verdict.is_some_and(|verdict| verdict.action.certificate.is_some());
        let begun =
            verdict.is_some_and(|verdict| verdict.rule.is_some() && verdict.at == At::Start);
        let mut outcome = Outcome { fired: shown || begun, ..Outcome::default() };
        let cause = if shown { Cause::Rule } else { Cause::Client };
        outcome.fail(cause, format!("TLS: {error}"));
        self.run.record(happening, outcome);
        cause
    }

    /// What a handshake is to be like, after the delay that a rule may have for it.
    async fn handshake(&self, channel: Channel, verdict: &mut Verdict) -> io::Result<Handshake> {
        if verdict.at == At::Start {
            pause(std::mem::take(&mut verdict.delay)).await;
        }
        let action = &verdict.action;
        let network = self.pace();
        Ok(Handshake {
            config: self.security.tls.config(channel, action.certificate)?,
            pace: Pace {
                rate: action.rate.or(network.rate),
                chunk: action.chunk.or(network.chunk),
            },
            stop: verdict.part_way(),
            rekey: self.security.tls.settings().rekey,
        })
    }

    /// Shakes hands on a data connection if it is to be protected, or does what a rule on `channel` wants instead.
    ///
    /// # Errors
    /// What is left to be said where there is none.
    pub(super) async fn secure_data(
        &mut self,
        request: &mut Request,
        mut wire: Wire,
    ) -> Result<Wire, Done> {
        if !self.security.protects {
            return Ok(wire);
        }
        let hearing = async move {
            let hello = wire.client_hello().await?;
            Ok((wire, hello))
        };
        let heard = self.make(within(self.run.max_hold, hearing), request).await?;
        let (mut wire, hello) = heard.map_err(|error| unsecured(&error, Cause::Client, request))?;
        let tls = self.security.tls.kind_of(hello.as_deref());
        let event = Event { tls: Some(tls), ..CHANNEL.name(self.event()) };
        let (mut verdict, open) = self.run.decide(&event);
        if verdict.replaces_the_operation() {
            return self.channel(request, wire, verdict, open).await;
        }
        let how = self.handshake(Channel::Data, &mut verdict).await;
        let how = how.map_err(|error| unsecured(&error, Cause::Client, request))?;
        let shaking = async move {
            let shaken = wire.shake_hands(how).await?;
            Ok((wire, shaken))
        };
        let shaken = self.make(within(self.run.max_hold, shaking), request).await?;
        let (wire, shaken) = shaken.map_err(|error| {
            let cause = self.failed_to_shake(CHANNEL, Some(&verdict), &error);
            unsecured(&error, cause, request)
        })?;
        if shaken == Shaken::Reached {
            verdict.at = At::End;
        } else {
            request.outcome.tls = Some(kind(&wire));
            let reuse = self.security.tls.settings().reuse;
            if reuse == Reuse::Required && wire.has_resumed() == Some(false) {
                wire.finish().await;
                let error = io::Error::other("the TLS session was not resumed");
                let cause = self.failed_to_shake(CHANNEL, Some(&verdict), &error);
                request.outcome.fail(cause, error.to_string());
                let reply = Reply::new(522, "SSL connection failed; session reuse required.");
                return Err(reply.into());
            }
        }
        self.channel(request, wire, verdict, open).await
    }
}

fn kind(wire: &Wire) -> Tls {
    match wire.has_resumed() {
        None => Tls::None,
        Some(false) => Tls::New,
        Some(true) => Tls::Resumed,
    }
}

fn unsecured(error: &io::Error, cause: Cause, request: &mut Request) -> Done {
    request.outcome.fail(cause, format!("TLS of the data connection: {error}"));
    Reply::new(522, "TLS negotiation failed on the data connection.").into()
}

/// Who has no time without end to log in has none to shake hands before it.
async fn until<T>(
    grace: Option<Instant>,
    doing: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let Some(grace) = grace else { return doing.await };
    let over = |_| Err(io::Error::new(io::ErrorKind::TimedOut, GRACE_OVER));
    timeout_at(grace, doing).await.unwrap_or_else(over)
}

async fn within<T>(
    time: std::time::Duration,
    doing: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    timeout(time, doing).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
