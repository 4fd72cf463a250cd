//! One connection: russh speaks on it, and we hold the leash.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use parking_lot::Mutex;
use russh::Disconnect;
use russh::server::{Handle, run_stream};
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::gate::Gate;
use super::handler::Handler;
use super::moment::{Until, by_nature};
use super::settings::Method;
use super::shape::Shape;
use crate::engine::{ConnectionId, Ending, Event, Operation, Protocol, Rule, Silence, Task};
use crate::fault::{Leash, Leashed};
use crate::files::Account;
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{self, Arrival, Blame, Open, Pending, Run, Wait};

/// An answer is on the socket in this time, or nobody takes it.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);
/// What was said before a rule acts is on its way in this time.
const SETTLES: Duration = Duration::from_millis(50);

/// Who is on the other side.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    /// The name that was said last.
    pub(super) name: Option<String>,
    /// Who is logged in.
    pub(super) account: Option<Account>,
    /// The methods that were passed already, where one is not enough.
    pub(super) passed: Vec<Method>,
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
    /// What `limit` counts as open: the connection, the login, each channel by its number. Its event has it until it is
    /// over.
    pub(super) open: Mutex<HashMap<Counted, Option<Open>>>,
    /// Events that are over when something else has happened.
    pub(super) waiting: Mutex<Vec<(Until, Pending)>>,
    /// One of them waits for nothing more.
    pub(super) acts: Notify,
    /// Logins that were refused.
    pub(super) refused: AtomicUsize,
    /// The sessions on its channels, and what goes on beside russh.
    tasks: Mutex<JoinSet<()>>,
    /// A rule says that no more window is granted.
    pub(super) grants_nothing: AtomicBool,
    /// What russh can be told from outside.
    pub(super) handle: OnceLock<Handle>,
    /// A rule says that we disconnect.
    takes_leave: AtomicBool,
    /// The client left while it was held.
    pub(super) client_left: AtomicBool,
    /// Who has ended it.
    pub(super) blame: Blame,
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
    let (leash, leashed) = Leash::on(arrival.wire);
    let caller = (peer, arrival.protocol, arrival.connection);
    let connection = Arc::new(Connection::of(Arc::clone(&run), shape, caller, leash));
    let _held = Held(&connection);
    let mut outcome = Outcome::default();
    let mut plug = run.power.plug();
    let mut speaking = pin!(connection.speak(leashed));
    tokio::select! {
        spoken = &mut speaking => connection.tell(spoken, &mut outcome),
        () = plug.failure() => {
            connection.blame.take();
            outcome.fail(Cause::Rule, "the server went down");
            connection.leash.end(Ending::Cut).await;
            // What is under way ends with the connection.
            let _ = speaking.await;
        }
    }
    connection.finish().await;
    connection.who.lock().account = None;
    let end = Happening::end(&connection.event(connection.user().as_deref()), peer);
    connection.open.lock().clear();
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

impl Connection {
    fn of(
        run: Arc<Run>,
        shape: Arc<Shape>,
        (peer, protocol, number): (SocketAddr, Protocol, ConnectionId),
        leash: Leash,
    ) -> Self {
        Self {
            run,
            shape,
            peer,
            protocol,
            number,
            leash,
            who: Mutex::default(),
            open: Mutex::default(),
            waiting: Mutex::default(),
            acts: Notify::new(),
            refused: AtomicUsize::new(0),
            tasks: Mutex::default(),
            grants_nothing: AtomicBool::new(false),
            handle: OnceLock::new(),
            takes_leave: AtomicBool::new(false),
            client_left: AtomicBool::new(false),
            blame: Blame::default(),
        }
    }

    async fn speak(self: &Arc<Self>, mut leashed: Leashed) -> Result<(), russh::Error> {
        let said = self.identify(&mut leashed).await?;
        tokio::select! {
            spoken = self.converse(leashed, said) => spoken,
            never = self.watch() => match never {},
        }
    }

    /// The key exchange, and all that russh does.
    async fn converse(
        self: &Arc<Self>,
        mut leashed: Leashed,
        said: Option<String>,
    ) -> Result<(), russh::Error> {
        let mut heard = BytesMut::new();
        let Some(key) = self.shake_hands(&mut leashed, &mut heard).await? else { return Ok(()) };
        let config = self.shape.config_of(key, said);
        let gate = Gate::new(leashed, self, heard, key);
        let running = run_stream(config, gate, Handler::new(self)).await?;
        let _ = self.handle.set(running.handle());
        let mut running = pin!(running);
        tokio::select! {
            spoken = &mut running => spoken,
            () = self.acts.notified() => {
                if let Some(event) = self.take(&Until::Now) {
                    self.act(event).await;
                }
                running.await
            }
        }
    }

    /// A rule acts on a message of a key exchange, which the gate has let out or not. It can only end the connection, or
    /// leave the exchange without an answer.
    async fn act(&self, event: Pending) {
        settle().await;
        let natural = by_nature(&event, true);
        let met = if event.has_acted() { Ok(event) } else { self.meet(event, natural).await };
        let Ok(event) = met else { return };
        let then = event.verdict().course(Task::Answer, natural).then;
        event.fail(Cause::Rule, "");
        let ending = match then {
            None | Some(Ending::Stall) => {
                // What we say ourselves still goes out.
                self.held(&event, Wait::Stall).await;
                Ending::Cut
            }
            // russh could not say it any more.
            Some(Ending::Disconnect(_)) => Ending::Close(Duration::ZERO),
            Some(ending) => ending,
        };
        self.conclude(event, Some(ending)).await;
    }

    /// How russh's part ended.
    fn tell(&self, spoken: Result<(), russh::Error>, outcome: &mut Outcome) {
        use russh::Error;
        match spoken {
            _ if self.client_left.load(Ordering::Relaxed) => outcome.note("the client left"),
            _ if self.leash.is_over() || self.takes_leave() => {
                outcome.note("ended by the server");
            }
            Ok(()) | Err(Error::Disconnect | Error::HUP) => outcome.note("the client left"),
            Err(Error::Join(error)) => outcome.fail(Cause::Badftp, format!("a panic: {error}")),
            Err(Error::IO(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                outcome.note("the client left");
            }
            Err(error) => outcome.fail(Cause::Client, error.to_string()),
        }
    }

    /// Waits for what no client does: that it is silent, or takes too long to log in. Then the connection ends, and russh
    /// with it.
    #[allow(clippy::disallowed_methods, reason = "clocks of a session, and no waits for a rule")]
    async fn watch(self: &Arc<Self>) -> Infallible {
        let began = Instant::now();
        // When it was last found idle.
        let mut found = began;
        let mut changes = self.run.changes();
        loop {
            let user = self.user();
            let event = self.event(user.as_deref()).operation(Operation::Idle);
            let event = Event { silence: Some(Silence::Commands), ..event };
            let idle = self.run.engine.peek(&event).and_then(Rule::silence);
            let silent_since = self.leash.heard().max(found);
            let silence = idle.map(|silence| silent_since + silence);
            let logged_in = self.who.lock().account.is_some();
            let grace = self.shape.settings.grace.filter(|_| !logged_in).map(|grace| began + grace);
            let never = Instant::now() + Duration::from_secs(24 * 3600);
            let next = [silence, grace].into_iter().flatten().min().unwrap_or(never);
            tokio::select! {
                () = sleep_until(next) => {}
                _ = changes.changed() => continue,
            }
            if self.leash.is_over() {
                // A rule is ending it, or lets it stall.
                return pending().await;
            }
            if grace.is_some_and(|grace| grace <= Instant::now())
                && self.who.lock().account.is_none()
            {
                self.run_out(Ending::Close(Duration::ZERO)).await;
                return pending().await;
            }
            let is_silent = silence.is_some() && self.leash.heard() <= silent_since;
            if is_silent && silence.is_some_and(|silence| silence <= Instant::now()) {
                found = Instant::now();
                let event = self.run.decide_if_ruled(&event, self.peer);
                if event.is_some_and(|event| self.fall_idle(event)) {
                    return pending().await;
                }
            }
        }
    }

    /// A rule acts on a silence, whose delay is over. Tells whether it ends the session.
    fn fall_idle(self: &Arc<Self>, event: Pending) -> bool {
        let course = event.verdict().course(Task::Answer, by_nature(&event, true));
        Self::begin(&event, &course);
        let then = course.then;
        let connection = Arc::clone(self);
        self.spawn(async move {
            connection.conclude(event, then).await;
        });
        then.is_some()
    }

    /// Whether we have said that we leave.
    pub(super) fn takes_leave(&self) -> bool {
        self.takes_leave.load(Ordering::Relaxed)
    }

    /// Ends the connection as a rule says, whose waits are over.
    pub(super) async fn end(&self, ending: Ending, farewell: &[u8]) {
        match ending {
            Ending::Flow => {}
            // Before russh speaks, all is in clear, and was said.
            Ending::Disconnect(reason) if self.handle.get().is_some() => {
                self.disconnect(reason, farewell).await;
            }
            ending => self.run_out(ending).await,
        }
    }

    /// Ends the connection below SSH.
    pub(super) async fn run_out(&self, ending: Ending) {
        self.blame.take();
        if !matches!(ending, Ending::Stall | Ending::Eof) {
            self.open.lock().clear();
            self.break_off();
        }
        if let Ending::Restart(time) = ending {
            self.run.go_down(time).await;
        }
        self.leash.end(ending).await;
    }

    /// `SSH_MSG_DISCONNECT`, which russh says when it has said all that is due, and leaves.
    pub(super) async fn disconnect(&self, reason: u32, farewell: &[u8]) {
        self.blame.take();
        self.takes_leave.store(true, Ordering::Relaxed);
        let reason = Disconnect::try_from(reason).unwrap_or(Disconnect::ByApplication);
        let text = String::from_utf8_lossy(farewell).into_owned();
        if let Some(handle) = self.handle.get() {
            let _ = handle.disconnect(reason, text, String::new()).await;
        }
    }

    /// The sessions on its channels hear that it is over, and end what they had open.
    async fn finish(&self) {
        self.leash.end(Ending::Cut).await;
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        while let Some(ended) = tasks.join_next().await {
            self.note_panic(ended);
        }
        self.break_off();
    }

    /// Lets something go on beside russh, until the connection has ended at the latest.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        loop {
            let ended = self.tasks.lock().try_join_next();
            let Some(ended) = ended else { break };
            self.note_panic(ended);
        }
        self.tasks.lock().spawn(task);
    }

    /// What ran on a channel has ended, perhaps by a panic, which ends nothing else.
    fn note_panic(&self, ended: Result<(), JoinError>) {
        if let Err(error) = ended
            && error.is_panic()
        {
            let user = self.user();
            let event = self.event(user.as_deref()).wire("SSH_MSG_CHANNEL_REQUEST");
            let mut outcome = Outcome::default();
            outcome.fail(Cause::Badftp, format!("a session panicked: {error}"));
            self.run.tell(Happening::of(&event, self.peer, None, Secrecy::Open), outcome);
        }
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
}

/// Lets what was said before a rule acts get to the socket.
#[allow(clippy::disallowed_methods, reason = "russh's time, and not a rule's")]
async fn settle() {
    sleep(SETTLES).await;
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::fault::Wire;
    use crate::ssh::tests::run;

    #[tokio::test]
    async fn a_panic_on_a_channel_is_written_down_as_ours_and_ends_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (tcp, peer) = listener.accept().await.unwrap();
        let (leash, _leashed) = Leash::on(Wire::new(tcp));
        let shape = Arc::new(Shape::new(super::super::Settings::default()));
        let connection = Connection::of(run("", SETTLES), shape, (peer, Protocol::Sftp, 1), leash);
        connection.spawn(async { panic!("on purpose") });
        connection.spawn(async {});
        connection.finish().await;
        let records = connection.run.journal.records();
        let ours: Vec<_> =
            records.iter().filter(|record| record.outcome.cause == Some(Cause::Badftp)).collect();
        assert_eq!(ours.len(), 1, "{records:?}");
    }
}
