//! One connection: russh speaks on it, and we hold the leash.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parking_lot::Mutex;
use russh::server::run_stream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::handler::Handler;
use super::shape::Shape;
use crate::engine::{Answer, At, ConnectionId, Ending, Event, Operation, Protocol, Step, Verdict};
use crate::fault::pace::{self, pause};
use crate::fault::{Leash, Pace, Wire};
use crate::files::Account;
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{self, Arrival, Open, Run};

/// Who is on the other side.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    /// The name that was said last.
    pub(super) name: Option<String>,
    /// Who is logged in.
    pub(super) account: Option<Account>,
}

/// What belongs to a connection, for all that happens on it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) run: Arc<Run>,
    pub(super) shape: Arc<Shape>,
    pub(super) peer: SocketAddr,
    pub(super) protocol: Protocol,
    pub(super) number: ConnectionId,
    pub(super) leash: Leash,
    pub(super) who: Mutex<Who>,
    /// What `limit` counts as open: the connection, the login, each channel by its number.
    pub(super) open: Mutex<HashMap<Counted, Open>>,
    /// The sessions on its channels.
    pub(super) channels: Mutex<JoinSet<()>>,
    /// A rule says that no more window is granted.
    pub(super) grants_nothing: AtomicBool,
}

/// What a connection holds open for rules with a `limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    Connection,
    Login,
    Channel(u32),
}

/// Serves one connection until it ends.
pub async fn serve(arrival: Arrival, run: Arc<Run>, shape: Arc<Shape>) {
    let peer = run::canonical(arrival.peer);
    let nobody = Event::of(arrival.protocol, arrival.connection, peer.ip(), run.elapsed());
    let mut met = Meeting::default();
    let mut wire = Some(arrival.wire);
    for moment in [Operation::Connect, Operation::Handshake] {
        let Some(bare) = wire.take() else { break };
        wire = met.meet(&run, nobody.operation(moment), peer, bare).await;
    }
    let end = Happening::end(&nobody, peer);
    let mut outcome = Outcome::default();
    if let Some(wire) = wire {
        let (leash, leashed) = Leash::on(wire);
        let connection = Arc::new(Connection {
            run: Arc::clone(&run),
            shape,
            peer,
            protocol: arrival.protocol,
            number: arrival.connection,
            leash,
            who: Mutex::default(),
            open: Mutex::new(met.open.into_iter().collect()),
            channels: Mutex::default(),
            grants_nothing: AtomicBool::new(false),
        });
        let _held = Held(&connection);
        let mut plug = run.power.plug();
        let speaking = connection.speak(leashed);
        tokio::select! {
            spoken = speaking => connection.tell(spoken, &mut outcome),
            () = connection.watch() => outcome.note("ended by the server"),
            () = plug.failure() => outcome.fail(Cause::Rule, "the server went down"),
        }
        connection.finish().await;
        connection.who.lock().account = None;
        let end = Happening::end(&connection.event(connection.user().as_deref()), peer);
        connection.open.lock().clear();
        run.forget(arrival.connection, end, outcome);
        return;
    }
    outcome.note("ended by the server");
    run.forget(arrival.connection, end, outcome);
}

/// A connection that ends with its session, also when the whole server is stopped: russh and the channels have tasks of
/// their own, which would go on.
struct Held<'a>(&'a Connection);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.leash.let_go();
    }
}

/// The moments before SSH begins, on the bare socket.
#[derive(Default)]
struct Meeting {
    open: Option<(Counted, Open)>,
}

impl Meeting {
    /// Tells what is left of the connection.
    async fn meet(
        &mut self,
        run: &Arc<Run>,
        event: Event<'_>,
        peer: SocketAddr,
        mut wire: Wire,
    ) -> Option<Wire> {
        let (verdict, open) = run.decide(&event);
        let connects = event.operation == Some(Operation::Connect);
        let happening = Happening::of(&event, peer, verdict.origin.as_ref(), Secrecy::Open);
        let mut outcome = Outcome { fired: verdict.rule.is_some(), ..Outcome::default() };
        pause(verdict.delay).await;
        let action = Arc::clone(&verdict.action);
        let text = action.send.as_ref().map(said);
        let mut left = Some(open);
        if let Some(text) = &text {
            outcome.said(text);
            let _ =
                pace::write(&mut wire, text, Pace { rate: action.rate, chunk: action.chunk }).await;
        }
        let ending = action.then.or(text.map(|_| Ending::Close(Duration::ZERO)));
        if ending.is_some() {
            outcome.fail(Cause::Rule, verdict.description());
            left = None;
        }
        if connects {
            self.open = left.map(|open| (Counted::Connection, open));
        }
        if outcome.fired || connects {
            run.record(happening, outcome);
        }
        match ending {
            None => Some(wire),
            Some(ending) => {
                crate::fault::end(wire, ending, run.max_hold).await;
                None
            }
        }
    }
}

/// What is said in the place of an identification: bytes, which nothing fills in.
fn said(answer: &Answer) -> Vec<u8> {
    let Answer::Steps(steps) = answer else {
        return Vec::new();
    };
    let texts = steps.iter().filter_map(|step| match step {
        Step::Say(template) => Some(template.render(|_, _| {})),
        Step::Pause(_) => None,
    });
    texts.flatten().collect()
}

impl Connection {
    async fn speak(self: &Arc<Self>, leashed: crate::fault::Leashed) -> Result<(), russh::Error> {
        let config = Arc::clone(&self.shape.config);
        run_stream(config, leashed, Handler::new(self)).await?.await
    }

    /// How russh's part ended.
    fn tell(&self, spoken: Result<(), russh::Error>, outcome: &mut Outcome) {
        use russh::Error;
        match spoken {
            _ if self.leash.is_over() => outcome.note("ended by the server"),
            Ok(()) | Err(Error::Disconnect | Error::HUP) => outcome.note("the client left"),
            Err(Error::Join(error)) => outcome.fail(Cause::Badftp, format!("a panic: {error}")),
            Err(Error::IO(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                outcome.note("the client left");
            }
            Err(error) => outcome.fail(Cause::Client, error.to_string()),
        }
    }

    /// Waits for what no client does: that it is silent, or takes too long to log in.
    async fn watch(&self) {
        let began = Instant::now();
        // When it was last found idle.
        let mut found = began;
        let mut changes = self.run.changes();
        loop {
            let user = self.user();
            let event = self.event(user.as_deref()).operation(Operation::Idle);
            let idle = self.run.engine.peek(&event).and_then(|rule| rule.action.delay);
            let silent_since = self.leash.heard().max(found);
            let silence = idle.map(|delay| silent_since + delay.shortest());
            let logged_in = self.who.lock().account.is_some();
            let grace = self.shape.settings.grace.filter(|_| !logged_in).map(|grace| began + grace);
            let never = Instant::now() + Duration::from_secs(24 * 3600);
            let next = [silence, grace].into_iter().flatten().min().unwrap_or(never);
            tokio::select! {
                () = sleep_until(next) => {}
                _ = changes.changed() => continue,
            }
            if grace.is_some_and(|grace| grace <= Instant::now())
                && self.who.lock().account.is_none()
            {
                self.leash.end(Ending::Close(Duration::ZERO), self.run.max_hold).await;
                return;
            }
            let is_silent = silence.is_some() && self.leash.heard() <= silent_since;
            if is_silent && silence.is_some_and(|silence| silence <= Instant::now()) {
                found = Instant::now();
                let (verdict, _open) = self.run.decide(&event);
                if self.obey(&verdict, &event).await {
                    return;
                }
            }
        }
    }

    /// A moment that a rule acts on, and what becomes of the connection. Tells whether it has ended.
    pub(super) async fn obey(&self, verdict: &Verdict, event: &Event<'_>) -> bool {
        if verdict.rule.is_none() {
            return false;
        }
        let happening = Happening::of(event, self.peer, verdict.origin.as_ref(), Secrecy::Open);
        let mut outcome = Outcome { fired: true, ..Outcome::default() };
        outcome.note(verdict.description());
        if event.operation != Some(Operation::Idle) {
            pause(verdict.delay).await;
        }
        if verdict.action.spoils() {
            outcome.fail(Cause::Rule, "");
        }
        self.run.record(happening, outcome);
        self.end(verdict.action.then).await
    }

    /// Ends the connection as a rule says. Tells whether it has ended.
    pub(super) async fn end(&self, ending: Option<Ending>) -> bool {
        if let Some(ending) = ending.filter(|ending| *ending != Ending::Flow) {
            self.open.lock().clear();
            if let Ending::Restart(time) = ending {
                self.run.go_down(time).await;
            }
            self.leash.end(ending, self.run.max_hold).await;
        }
        self.leash.is_over()
    }

    /// The sessions on its channels hear that it is over, and write down what they had open.
    async fn finish(&self) {
        self.leash.end(Ending::Cut, Duration::ZERO).await;
        let mut channels = std::mem::take(&mut *self.channels.lock());
        while channels.join_next().await.is_some() {}
    }

    /// How many channels are open.
    pub(super) fn channels_open(&self) -> usize {
        let open = self.open.lock();
        open.keys().filter(|counted| matches!(counted, Counted::Channel(_))).count()
    }

    /// A channel is no longer open.
    pub(super) fn close(&self, channel: u32) {
        let open = self.open.lock().remove(&Counted::Channel(channel));
        // It tells the engine, and not under our lock.
        drop(open);
    }

    /// Who the client says to be.
    pub(super) fn user(&self) -> Option<String> {
        let who = self.who.lock();
        who.account.as_ref().map(|account| account.login().to_string()).or_else(|| who.name.clone())
    }

    /// What every event of this connection says.
    pub(super) fn event<'a>(&self, user: Option<&'a str>) -> Event<'a> {
        let event = Event::of(self.protocol, self.number, self.peer.ip(), self.run.elapsed());
        Event { user, ..event }
    }

    /// Whether the rule acts in place of what was asked.
    pub(super) fn replaces(verdict: &Verdict) -> bool {
        verdict.rule.is_some()
            && verdict.at == At::Start
            && !verdict.action.lets_the_operation_go_on()
    }
}
