//! What the server hears while it is busy: the client's `ABOR` and what else `during-transfer` names (RFC 959, sections
//! 4.1.3 and 5.4), its leaving, and a silence that a rule on `idle` takes for too long. All other commands wait their turn.
//!
//! A transfer is not idle, but an `idle` rule with a `data` key says that the clock is the control connection's, as it is
//! to a firewall and to some servers.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::command;
use super::control::Interruption;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::session::{Moment, Session};
use super::settings::Interrupting;
use crate::engine::{Ending, Operation, Rule, Silence, Task};
use crate::fault::Wire;
use crate::journal::Secrecy;
use crate::run::{EventHandle, Pending};

const ABOR: Moment = Moment::Command("ABOR");
const IDLE: Moment = Moment::Of(Operation::Idle);

/// What is still listened for.
#[derive(Debug)]
pub(super) struct Ear {
    client: bool,
    /// When the session has been silent for too long.
    silence: Option<Instant>,
    /// For how long the bytes of this event may stand still.
    bytes: Option<(Duration, EventHandle)>,
}

/// What came of work beside which the client was heard.
#[derive(Debug)]
pub(super) enum Beside<T> {
    /// It came to its end.
    Done(T),
    /// It came to its end after the session had.
    DoneAlone(T),
    /// The client has left. The work may go on; the client is not listened for any more.
    Left,
    /// The session has ended, and the work is not wanted any more.
    Over,
    /// The client's `ABOR` ends it: [`Session::aborted`] tells the client, when it has ended.
    Aborted(Pending),
    /// A rule on `idle` ends it.
    Silenced(Pending),
}

/// What is heard.
#[derive(Debug, Clone, Copy)]
enum Heard {
    Word(Interruption),
    Silence(Silence),
}

impl Ear {
    /// Listens for the client alone.
    pub(super) fn for_the_client() -> Self {
        Self { client: true, silence: None, bytes: None }
    }
}

impl Session {
    /// Listens from now on for the client, for a silence of the session, and for one of this transfer's bytes.
    pub(super) fn ear(&self, transfer: EventHandle) -> Ear {
        let rule = self.run.engine.peek(&self.silent(Silence::Commands));
        let silence = rule.filter(|rule| rule.is_about_data()).and_then(Rule::silence);
        Ear {
            client: true,
            silence: silence.map(|silence| Instant::now() + silence),
            bytes: self.silence_of(Silence::Bytes).map(|silence| (silence, transfer)),
        }
    }

    /// Works, and heeds what is heard meanwhile.
    pub(super) async fn beside<W: Future>(
        &mut self,
        mut work: Pin<&mut W>,
        ear: &mut Ear,
    ) -> Beside<W::Output> {
        loop {
            let heard = tokio::select! {
                biased;
                done = &mut work => return Beside::Done(done),
                heard = self.hear(ear) => heard,
            };
            let next = match heard {
                Heard::Word(Interruption::End) => {
                    ear.client = false;
                    return Beside::Left;
                }
                Heard::Word(Interruption::Command(Interrupting::Abor)) => {
                    let event = self.decide(ABOR);
                    if event.verdict().plan(Task::Answer).perform {
                        return Beside::Aborted(event);
                    }
                    Box::pin(self.decided(ABOR, event, Done::default())).await.0
                }
                Heard::Word(Interruption::Command(command)) => self.answer_meanwhile(command).await,
                Heard::Silence(silence) => {
                    let event = self.silent(silence);
                    let Some(event) = self.run.decide_if_ruled(&event, self.peer) else { continue };
                    match event.verdict().data() {
                        None if silence == Silence::Commands => {
                            event.end();
                            continue;
                        }
                        Some(Ending::Flow) => {}
                        None | Some(_) => return Beside::Silenced(event),
                    }
                    // The rule acts on the session alone, and the work goes on.
                    let mut idle = Box::pin(self.fall_idle(event, None));
                    let (done, next) = tokio::select! {
                        next = &mut idle => (None, next),
                        done = &mut work => (Some(done), idle.await),
                    };
                    match (done, next) {
                        (None, Next::Continue) => continue,
                        (None, Next::Over) => return Beside::DoneAlone(work.await),
                        (Some(done), Next::Continue) => return Beside::Done(done),
                        (Some(done), Next::Over) => return Beside::DoneAlone(done),
                    }
                }
            };
            if next == Next::Over {
                return Beside::Over;
            }
        }
    }

    async fn hear(&mut self, ear: &mut Ear) -> Heard {
        // Who has said QUIT is not answered any more.
        let heard = if self.leaving { &[][..] } else { &self.settings.during_transfer };
        loop {
            let rest = ear
                .bytes
                .as_ref()
                .map(|(silence, event)| silence.saturating_sub(event.stands_still()));
            if rest == Some(Duration::ZERO) {
                ear.bytes = None;
                return Heard::Silence(Silence::Bytes);
            }
            tokio::select! {
                word = self.control.interrupted(heard), if ear.client => return Heard::Word(word),
                () = until(ear.silence) => {
                    ear.silence = None;
                    return Heard::Silence(Silence::Commands);
                }
                () = until(rest.map(|rest| Instant::now() + rest)) => {}
            }
        }
    }

    fn decide(&self, moment: Moment) -> Pending {
        self.run.decide(&moment.name(self.event()), self.peer, Secrecy::Open)
    }

    /// A command is answered, and what the server is busy with goes on.
    async fn answer_meanwhile(&mut self, command: Interrupting) -> Next {
        let moment = Moment::Command(command.verb());
        let (command, _) = command::parse(command.verb().as_bytes(), &self.settings);
        let mut request = Request::moment(self.decide(moment));
        let done = if request.verdict().plan(Task::Answer).perform {
            Box::pin(command.perform(self, &mut request)).await
        } else {
            Done::default()
        };
        Box::pin(self.decided(moment, request.event, done)).await.0
    }

    /// What `ABOR` was to end has ended: one reply for the transfer, one for `ABOR` itself.
    pub(super) async fn aborted(&mut self, event: Pending) -> Next {
        let mut natural = Reply::new(426, "Transfer aborted. Data connection closed.").to_bytes();
        natural.extend(Reply::new(226, "Abort successful.").to_bytes());
        let done = Done { natural: Some(natural), ..Done::default() };
        Box::pin(self.decided(ABOR, event, done)).await.0
    }

    /// A rule acts on a silence: on the session alone, or on the data connection, too.
    pub(super) async fn fall_idle(&mut self, event: Pending, wire: Option<Wire>) -> Next {
        let natural = wire
            .is_some()
            .then(|| Reply::new(426, "Connection closed; transfer aborted.").to_bytes());
        let done = Done { natural, wire, ..Done::default() };
        Box::pin(self.decided(IDLE, event, done)).await.0
    }
}

/// A clock, not a hold.
#[allow(clippy::disallowed_methods, reason = "the silence of `idle` is a clock")]
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
