//! TLS on the control connection and on data connections (RFC 4217): who shakes hands when, and what the rules say
//! of it. A rule is asked once the client's first message is in, so that it can know whether a session is resumed.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::data::UNDER_WAY;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::session::{GRACE_OVER, Moment, Session};
use crate::engine::{Event, Natural, Operation, Protocol, Task, Tls};
use crate::fault::{Handshake, Holds, Pace, Shaken, Tickets, Wire};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{EventHandle, Pending, Wait};
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
    /// A data connection could not give the client another ticket: the control connection does when all is said.
    owes_ticket: bool,
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
        Self {
            tls,
            control: Tls::None,
            change: None,
            sized: false,
            protects: false,
            owes_ticket: false,
        }
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

    /// Gives the ticket that is owed, now that the client has its answer.
    pub(super) async fn renew_ticket(&mut self) {
        if std::mem::take(&mut self.security.owes_ticket) {
            self.control.renew_ticket().await;
        }
    }

    /// Shakes hands on the control connection, or does what a rule wants instead.
    pub(super) async fn secure_control(&mut self) -> Next {
        let grace = self.grace();
        let hello = match until(grace, self.control.client_hello()).await {
            Ok(hello) => hello,
            Err(error) => {
                // No rule was asked: whether the client resumes is not known.
                let event = HANDSHAKE.name(self.event());
                let mut outcome = Outcome::default();
                outcome.fail(Cause::Client, format!("TLS: {error}"));
                self.run.tell(Happening::of(&event, self.peer, None, Secrecy::Open), outcome);
                return Next::Over;
            }
        };
        let tls = self.security.tls.kind_of(hello.as_deref());
        let event = Event { tls: Some(tls), ..HANDSHAKE.name(self.event()) };
        let event = self.run.decide(&event, self.peer, Secrecy::Open);
        let plan = event.verdict().plan(Task::Answer);
        if !plan.perform {
            return self.decided(HANDSHAKE, event, Done::default()).await.0;
        }
        if self.hold(&event, Wait::For(plan.delay)).await == Next::Over {
            event.end();
            return Next::Over;
        }
        match until(grace, self.shake_control(hello.as_deref(), &event)).await {
            Ok(shaken) => {
                self.concluded(HANDSHAKE, event, natural(shaken), Done::default()).await.0
            }
            Err(error) => {
                failed_to_shake(event, &error);
                Next::Over
            }
        }
    }

    async fn shake_control(&mut self, hello: Option<&[u8]>, event: &Pending) -> io::Result<Shaken> {
        if let Some(answer) = self.security.tls.old_answer(hello) {
            self.control.say_bytes(&answer).await;
            let _ = timeout(self.run.max_hold, self.control.line()).await;
            return Err(io::Error::other("the scenario's TLS is too old for the client"));
        }
        let how = self.handshake(Channel::Control, event)?;
        let shaken = self.control.shake_hands(how, &Slowed(event.handle())).await?;
        if let Some(wire) = self.control.secure() {
            self.security.control = kind(wire);
        }
        Ok(shaken)
    }

    /// What a handshake is to be like. A rule that shows a certificate, or slows it, acts from here on.
    fn handshake(&self, channel: Channel, event: &Pending) -> io::Result<Handshake> {
        let verdict = event.verdict();
        let slows = verdict.rate().is_some() || verdict.chunk().is_some();
        if verdict.certificate().is_some() || (slows && !verdict.acts_at_the_end()) {
            event.act();
        }
        let network = self.pace();
        Ok(Handshake {
            config: self.security.tls.config(channel, verdict.certificate())?,
            pace: Pace {
                rate: verdict.rate().or(network.rate),
                chunk: verdict.chunk().or(network.chunk),
            },
            stop: verdict.part_way(),
            rekey: self.security.tls.settings().rekey,
            tickets: if channel == Channel::Control { Tickets::Renewed } else { Tickets::AtOnce },
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
        let max_hold = self.run.max_hold;
        let heard = self.make(within(max_hold, hearing), UNDER_WAY, request).await?;
        let (wire, hello) = heard.map_err(|error| unsecured(&error, Cause::Client, request))?;
        let tls = self.security.tls.kind_of(hello.as_deref());
        let event = Event { tls: Some(tls), ..CHANNEL.name(self.event()) };
        let event = self.run.decide(&event, self.peer, Secrecy::Open);
        let plan = event.verdict().plan(Task::Answer);
        if !plan.perform {
            return self.channel(request, wire, event, None).await;
        }
        let mut stake = Done { wire: Some(wire), task: request.task, ..Done::default() };
        if self.hold_data(&event, Wait::For(plan.delay), &mut stake).await == Next::Over {
            event.end();
            return Err(Done::broken_off(Next::Over));
        }
        let Some(mut wire) = stake.wire else { return Err(Done::broken_off(Next::Over)) };
        let how = self.handshake(Channel::Data(request.task), &event);
        let how = how.map_err(|error| unsecured(&error, Cause::Badftp, request))?;
        let slowed = Slowed(event.handle());
        let shaking = async move {
            let shaken = wire.shake_hands(how, &slowed).await?;
            Ok((wire, shaken))
        };
        let shaken = self.make(within(max_hold, shaking), UNDER_WAY, request).await;
        let (wire, shaken) = match shaken {
            Ok(Ok(shaken)) => shaken,
            Ok(Err(error)) => {
                return Err(unsecured(&error, failed_to_shake(event, &error), request));
            }
            Err(done) => {
                event.end();
                return Err(done);
            }
        };
        if shaken == Shaken::Done {
            self.security.owes_ticket |= request.task == Task::Up;
            request.event.secured(kind(&wire));
            let reuse = self.security.tls.settings().reuse;
            if reuse == Reuse::Required && wire.has_resumed() == Some(false) {
                wire.finish().await;
                let error = io::Error::other("the TLS session was not resumed");
                let cause = failed_to_shake(event, &error);
                request.event.fail(cause, error.to_string());
                let reply = Reply::new(522, "SSL connection failed; session reuse required.");
                return Err(reply.into());
            }
        }
        self.channel(request, wire, event, Some(natural(shaken))).await
    }
}

/// A handshake that is held by the pace of its event's rule, or by the network's.
struct Slowed(EventHandle);

impl Holds for Slowed {
    async fn hold(&self, wait: Duration, gone: impl Future<Output = ()> + Send) {
        let by_rule = self.0.verdict().rate().is_some();
        self.0.hold(if by_rule { Wait::Pace(wait) } else { Wait::Other(wait) }, gone).await;
    }
}

/// What came of a handshake by nature.
fn natural(shaken: Shaken) -> Natural {
    match shaken {
        Shaken::Done => Natural::Done(0),
        Shaken::Reached => Natural::Reached,
    }
}

/// Hands were not shaken, or not as they had to be. Tells who is to blame: the rule whose certificate was shown, if one
/// was, or else the client.
fn failed_to_shake(event: Pending, error: &io::Error) -> Cause {
    let shown = event.verdict().certificate().is_some();
    let cause = if shown { Cause::Rule } else { Cause::Client };
    event.fail(cause, format!("TLS: {error}"));
    event.end();
    cause
}

fn kind(wire: &Wire) -> Tls {
    match wire.has_resumed() {
        None => Tls::None,
        Some(false) => Tls::New,
        Some(true) => Tls::Resumed,
    }
}

fn unsecured(error: &io::Error, cause: Cause, request: &mut Request) -> Done {
    request.event.fail(cause, format!("TLS of the data connection: {error}"));
    Reply::new(522, "TLS negotiation failed on the data connection.").into()
}

/// The login grace covers the TLS handshake, too.
async fn until<T>(
    grace: Option<Instant>,
    doing: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let Some(grace) = grace else { return doing.await };
    let over = |_| Err(io::Error::new(io::ErrorKind::TimedOut, GRACE_OVER));
    timeout_at(grace, doing).await.unwrap_or_else(over)
}

async fn within<T>(time: Duration, doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(time, doing).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
