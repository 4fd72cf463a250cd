//! What a rule does at a moment of a connection, or at a message of it: the waits, the blame, the session's end. What is
//! said in between, each of them knows itself.
//!
//! An event whose answer has still to go through russh waits in its connection, and is over when the socket has the answer.

use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::connection::{Connection, Counted, PATIENCE};
use crate::engine::{Course, Ending, Event, HostKey, Natural, Own, Say, Task};
use crate::fault::Held;
use crate::journal::{Cause, Secrecy};
use crate::run::{Filling, Pending, Wait};

/// The connection has ended: nothing more is said.
#[derive(Debug)]
pub(super) struct Ended;

impl From<Ended> for russh::Error {
    fn from(_: Ended) -> Self {
        Self::Disconnect
    }
}

/// What an event waits for that nobody ends now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The socket has its answer. What it opened is counted then, unless it was closed again.
    Said(Option<Counted>),
    /// The key with these bytes, which was offered, has signed.
    Signed(Vec<u8>),
    /// Our first `SSH_MSG_KEXINIT` goes out, and then the rule acts.
    Begun,
    /// The host's key is shown.
    KeyShown,
    /// Nothing: a rule acts on the key exchange now.
    Now,
}

/// What came of an event by nature, which its rule may have prevented.
pub(super) fn by_nature(event: &Pending, succeeds: bool) -> Natural {
    match event.verdict().plan(Task::Answer).perform {
        false => Natural::NotDone,
        true if succeeds => Natural::Done(0),
        true => Natural::Failed,
    }
}

/// What stands for the true answer.
pub(super) const ANSWER: &[u8] = b"<answer>";

/// The texts that a rule says to this client, in which [`ANSWER`] stands for the true answer.
pub(super) fn texts(say: &Say<'_>, client: IpAddr) -> Vec<Vec<u8>> {
    let Say::Own(Own::Exactly(answer)) = say else { return Vec::new() };
    let filling = Filling::answering(client, ANSWER);
    answer.texts().map(|text| filling.render(text)).collect()
}

impl Connection {
    /// Asks about an event that is written down in any case.
    pub(super) fn decide(&self, event: &Event<'_>) -> Pending {
        self.run.decide(event, self.peer, Secrecy::Open)
    }

    /// Waits as the rule wants, which begins to act then. What came of the event by nature is known, and nothing is said
    /// yet.
    pub(super) async fn meet(&self, event: Pending, natural: Natural) -> Result<Pending, Ended> {
        let met = match self.before(&event).await {
            Ok(()) => self.point(&event, natural).await,
            ended => ended,
        };
        match met {
            Ok(()) => Ok(event),
            Err(ended) => {
                self.over(event, None);
                Err(ended)
            }
        }
    }

    /// The wait before anything is done.
    pub(super) async fn before(&self, event: &Pending) -> Result<(), Ended> {
        self.hold(event, Wait::For(event.verdict().plan(Task::Answer).delay)).await
    }

    /// The rule's point, before the answer.
    pub(super) async fn point(&self, event: &Pending, natural: Natural) -> Result<(), Ended> {
        let course = event.verdict().course(Task::Answer, natural);
        Self::begin(event, &course);
        self.hold(event, Wait::For(course.delay)).await
    }

    /// The rule begins to act, if it does.
    pub(super) fn begin(event: &Pending, course: &Course<'_>) {
        if course.acts {
            event.act();
        }
        if course.fails {
            event.fail(Cause::Rule, "");
        }
    }

    /// Holds an event that is not answered yet. It has failed by its rule if its client does not wait so long. At the
    /// server's cap the connection ends, as after a stall.
    pub(super) async fn hold(&self, event: &Pending, wait: Wait) -> Result<(), Ended> {
        match self.held(event, wait).await {
            Held::Over => return Ok(()),
            Held::Left => {}
            Held::Capped => self.run_out(Ending::Cut).await,
        }
        event.fail(Cause::Rule, "");
        if self.leash.is_over() { Err(Ended) } else { Ok(()) }
    }

    /// Holds an event until its time is over, the connection has ended, or the cap is reached.
    pub(super) async fn held(&self, event: &Pending, wait: Wait) -> Held {
        self.held_unless(event, wait, pending()).await
    }

    /// The same, or until this has happened.
    pub(super) async fn held_unless(
        &self,
        event: &Pending,
        wait: Wait,
        over: impl Future<Output = ()>,
    ) -> Held {
        let gone = async {
            tokio::select! {
                () = over => {}
                () = self.gone(event) => {}
            }
        };
        event.hold(wait, gone).await
    }

    /// Holds what of an ending is a hold. Tells how it ends then.
    pub(super) async fn hold_ending(&self, event: &Pending, ending: Ending) -> Ending {
        event.hold_ending(ending, self.gone(event)).await
    }

    /// Waits until the connection has ended, which an event that is held meanwhile may owe to a rule.
    async fn gone(&self, event: &Pending) {
        if self.departed().await == Cause::Rule {
            event.note("the connection ended while it was held");
        }
    }

    /// Waits until the client has left, or a rule has ended the connection. Tells which.
    pub(super) async fn departed(&self) -> Cause {
        self.leash.departed().await;
        let cause = if self.leash.is_gone() { self.blame.cause() } else { Cause::Client };
        self.client_left.fetch_or(cause == Cause::Client, Ordering::Relaxed);
        cause
    }

    /// What follows where russh says the answer, or nobody does.
    pub(super) async fn follow(
        self: &Arc<Self>,
        event: Pending,
        natural: Natural,
        counted: Option<Counted>,
    ) -> Result<(), Ended> {
        let course = event.verdict().course(Task::Answer, natural);
        let then = course.then;
        if course.say != Say::Nothing {
            self.once_said(event, counted, then);
        } else if self.conclude(event, Some(then.unwrap_or(Ending::Stall))).await {
            return Err(Ended);
        }
        Ok(())
    }

    /// An event whose answer russh has still to say is over then, and the session ends as its rule says.
    pub(super) fn once_said(
        self: &Arc<Self>,
        event: Pending,
        counted: Option<Counted>,
        then: Option<Ending>,
    ) {
        let Some(ending) = then else { return self.wait(event, Until::Said(counted)) };
        let said = self.leash.written();
        let goes_on = matches!(ending, Ending::Close(later) if later > Duration::ZERO);
        if !goes_on {
            self.leash.deafen_from(said + 1);
        }
        let connection = Arc::clone(self);
        self.spawn(async move {
            connection.leash.wait_for(said + 1, PATIENCE).await;
            if connection.leash.written() > said {
                event.answered();
            }
            connection.conclude(event, then).await;
        });
    }

    /// Nothing more is said: the event is over, and the session ends as its rule says. Tells whether the connection has
    /// ended.
    pub(super) async fn conclude(&self, event: Pending, then: Option<Ending>) -> bool {
        let Some(ending) = then else {
            self.over(event, None);
            return self.leash.is_over();
        };
        if ending == Ending::Stall {
            self.run_out(ending).await;
        }
        let ending = self.hold_ending(&event, ending).await;
        let farewell = event.verdict().farewell().to_vec();
        self.over(event, None);
        self.end(ending, &farewell).await;
        self.leash.is_over()
    }

    /// An event is over. What it opened is counted from now on, as long as it is not closed.
    pub(super) fn over(&self, event: Pending, counted: Option<Counted>) {
        if event.has_acted() {
            event.note(event.verdict().description());
        }
        let opened = event.end_open();
        if let Some(counted) = counted
            && let Some(place) = self.open.lock().get_mut(&counted)
        {
            *place = opened;
        }
    }

    /// An event that nobody ends now is over later, at the connection's end if not before.
    pub(super) fn wait(&self, event: Pending, until: Until) {
        self.waiting.lock().push((until, event));
    }

    /// An event that has waited for this.
    pub(super) fn take(&self, until: &Until) -> Option<Pending> {
        let mut waiting = self.waiting.lock();
        let place = waiting.iter().position(|(waits_for, _)| waits_for == until)?;
        Some(waiting.remove(place).1)
    }

    /// A rule acts on the key exchange now.
    pub(super) fn acts_on(&self, event: Pending) {
        self.wait(event, Until::Now);
        self.acts.notify_one();
    }

    /// The host shows its key, which a rule on the handshake may have changed.
    pub(super) fn shows_its_key(&self) {
        let Some(event) = self.take(&Until::KeyShown) else { return };
        Self::begin(&event, &event.verdict().course(Task::Answer, by_nature(&event, true)));
        if event.verdict().host_key() != HostKey::Own {
            event.fail(Cause::Rule, "");
        }
        self.wait(event, Until::Said(None));
    }

    /// The socket has all that was said.
    pub(super) fn said(&self) {
        let is_said = |(until, _): &mut (Until, Pending)| matches!(until, Until::Said(_));
        let said: Vec<_> = self.waiting.lock().extract_if(.., is_said).collect();
        for (until, event) in said {
            event.answered();
            self.over(event, if let Until::Said(counted) = until { counted } else { None });
        }
    }

    /// The connection is over, and so is whatever still waits.
    pub(super) fn break_off(&self) {
        for (until, event) in std::mem::take(&mut *self.waiting.lock()) {
            let why = match until {
                Until::Signed(_) => "the key was offered, and did not sign",
                _ => "the connection ended before it was answered",
            };
            event.fail(self.blame.cause(), why);
            self.over(event, None);
        }
    }
}
