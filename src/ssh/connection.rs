//! One connection: russh speaks on it, and we hold the leash.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use parking_lot::Mutex;
use russh::Disconnect;
use russh::server::{Handle, run_stream};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::gate::{Acted, Begun, Gate, Moment};
use super::handler::Handler;
use super::prelude::{Exchange, Met, meet};
use super::settings::Method;
use super::shape::Shape;
use crate::engine::{At, ConnectionId, Ending, Event, Operation, Protocol, Verdict};
use crate::fault::pace::pause;
use crate::fault::{Leash, Leashed};
use crate::files::Account;
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{self, Arrival, Blame, Open, Run};

/// An answer is on the socket in this time, or nobody takes it.
const PATIENCE: Duration = Duration::from_millis(500);
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
    /// What `limit` counts as open: the connection, the login, each channel by its number.
    pub(super) open: Mutex<HashMap<Counted, Open>>,
    /// Logins that were refused.
    pub(super) refused: AtomicUsize,
    /// The sessions on its channels.
    pub(super) channels: Mutex<JoinSet<()>>,
    /// A rule says that no more window is granted.
    pub(super) grants_nothing: AtomicBool,
    /// What russh can be told from outside.
    pub(super) handle: OnceLock<Handle>,
    /// A rule says that we disconnect.
    takes_leave: AtomicBool,
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
    let nobody = Event::of(arrival.protocol, arrival.connection, peer.ip(), run.elapsed());
    let met = meet(&run, &shape, nobody, peer, arrival.wire).await;
    let mut outcome = Outcome::default();
    let Some(Met { wire, open, said }) = met else {
        outcome.note("ended by the server");
        run.forget(arrival.connection, Happening::end(&nobody, peer), outcome);
        return;
    };
    let (leash, leashed) = Leash::on(wire);
    let caller = (peer, arrival.protocol, arrival.connection);
    let connection = Arc::new(Connection::of(Arc::clone(&run), shape, caller, leash));
    connection.open.lock().insert(Counted::Connection, open);
    let _held = Held(&connection);
    let mut plug = run.power.plug();
    let speaking = connection.speak(leashed, said);
    tokio::select! {
        spoken = speaking => connection.tell(spoken, &mut outcome),
        () = connection.watch() => outcome.note("ended by the server"),
        () = plug.failure() => {
            connection.blame.take();
            outcome.fail(Cause::Rule, "the server went down");
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
            refused: AtomicUsize::new(0),
            channels: Mutex::default(),
            grants_nothing: AtomicBool::new(false),
            handle: OnceLock::new(),
            takes_leave: AtomicBool::new(false),
            blame: Blame::default(),
        }
    }

    async fn speak(
        self: &Arc<Self>,
        mut leashed: Leashed,
        said: Option<String>,
    ) -> Result<(), russh::Error> {
        let mut heard = BytesMut::new();
        let exchange = self.shake_hands(&mut leashed, &mut heard).await?;
        let Exchange::Begins(key, kexinit) = exchange else {
            return Ok(());
        };
        let config = self.shape.config_of(key, said);
        let (acts, mut acted) = unbounded_channel();
        let gate = Gate::new(leashed, self, Begun { heard, key, kexinit }, acts);
        let running = run_stream(config, gate, Handler::new(self)).await?;
        let _ = self.handle.set(running.handle());
        tokio::select! {
            spoken = running => spoken,
            Some(acted) = acted.recv() => {
                self.act(acted).await;
                Ok(())
            }
        }
    }

    /// A rule acts on a message of a key exchange, which the gate has let out or not.
    async fn act(&self, acted: Acted) {
        let Acted { verdict, moment, _open } = acted;
        if moment != Moment::First {
            let event = self.event(None).wire(moment.wire());
            let happening = Happening::of(&event, self.peer, Some(&verdict), Secrecy::Open);
            let mut outcome = Outcome { fired: true, ..Outcome::default() };
            outcome.fail(Cause::Rule, verdict.description());
            self.run.record(happening, outcome);
        }
        // What is before it is still on its way.
        sleep(SETTLES).await;
        pause(verdict.delay).await;
        let ending = match verdict.action.then {
            None | Some(Ending::Stall) => {
                // What we say ourselves still goes out.
                sleep(self.run.max_hold).await;
                Ending::Cut
            }
            Some(ending) => ending,
        };
        self.run_out(ending).await;
    }

    /// How russh's part ended.
    fn tell(&self, spoken: Result<(), russh::Error>, outcome: &mut Outcome) {
        use russh::Error;
        match spoken {
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
                self.run_out(Ending::Close(Duration::ZERO)).await;
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

    /// Whether we have said that we leave.
    pub(super) fn takes_leave(&self) -> bool {
        self.takes_leave.load(Ordering::Relaxed)
    }

    /// Ends the connection as a rule says, after an answer that russh has still to say.
    pub(super) fn end_soon(self: &Arc<Self>, verdict: &Verdict) {
        if let Some(ending) = verdict.action.then {
            let (connection, action) = (Arc::clone(self), Arc::clone(&verdict.action));
            let said = self.leash.written();
            let goes_on = matches!(ending, Ending::Close(later) if later > Duration::ZERO);
            if !goes_on {
                self.leash.deafen_from(said + 1);
            }
            tokio::spawn(async move {
                connection.leash.wait_for(said + 1, PATIENCE).await;
                let ending = match ending {
                    // Until then the session goes on.
                    Ending::Close(later) => {
                        pause(later.min(connection.run.max_hold)).await;
                        Ending::Close(Duration::ZERO)
                    }
                    other => other,
                };
                connection.end(Some(ending), &action.farewell).await;
            });
        }
    }

    /// A moment, what a rule does then, and what becomes of the connection. Tells whether it has ended.
    pub(super) async fn obey(&self, verdict: &Verdict, event: &Event<'_>) -> bool {
        self.note(verdict, event).await;
        self.end(verdict.action.then, &verdict.action.farewell).await
    }

    /// Writes down a moment, after the delay of the rule that acts on it. Where none acts, only what clients are asked
    /// about later is worth a line.
    pub(super) async fn note(&self, verdict: &Verdict, event: &Event<'_>) {
        let told = matches!(event.operation, Some(Operation::Denied | Operation::Channel));
        if verdict.rule.is_none() && !told {
            return;
        }
        let happening = Happening::of(event, self.peer, Some(verdict), Secrecy::Open);
        let mut outcome = Outcome { fired: verdict.rule.is_some(), ..Outcome::default() };
        outcome.note(verdict.description());
        if event.operation != Some(Operation::Idle) {
            pause(verdict.delay).await;
        }
        if !verdict.action.lets_the_operation_go_on() {
            outcome.fail(Cause::Rule, "");
        }
        self.run.record(happening, outcome);
    }

    /// Ends the connection as a rule says. Tells whether it has ended.
    pub(super) async fn end(&self, ending: Option<Ending>, farewell: &[u8]) -> bool {
        match ending {
            None | Some(Ending::Flow) => {}
            Some(Ending::Disconnect(reason)) => self.disconnect(reason, farewell).await,
            Some(ending) => self.run_out(ending).await,
        }
        self.leash.is_over()
    }

    /// Ends the connection below SSH.
    pub(super) async fn run_out(&self, ending: Ending) {
        self.blame.take();
        self.open.lock().clear();
        if let Ending::Restart(time) = ending {
            self.run.go_down(time).await;
        }
        self.leash.end(ending, self.run.max_hold).await;
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

    /// The sessions on its channels hear that it is over, and write down what they had open.
    async fn finish(&self) {
        self.leash.end(Ending::Cut, Duration::ZERO).await;
        let mut channels = std::mem::take(&mut *self.channels.lock());
        while let Some(ended) = channels.join_next().await {
            self.note_panic(ended);
        }
    }

    /// What ran on a channel has ended, perhaps by a panic, which ends nothing else.
    pub(super) fn note_panic(&self, ended: Result<(), JoinError>) {
        if let Err(error) = ended
            && error.is_panic()
        {
            let user = self.user();
            let event = self.event(user.as_deref()).wire("SSH_MSG_CHANNEL_REQUEST");
            let mut outcome = Outcome::default();
            outcome.fail(Cause::Badftp, format!("a session panicked: {error}"));
            self.run.record(Happening::of(&event, self.peer, None, Secrecy::Open), outcome);
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

    /// Whether the rule acts in place of what was asked.
    pub(super) fn replaces(verdict: &Verdict) -> bool {
        verdict.rule.is_some()
            && verdict.at == At::Start
            && !verdict.action.lets_the_operation_go_on()
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::fault::Wire;
    use crate::files::{Files, Limits};
    use crate::journal::Journal;
    use crate::run::Parts;
    use crate::scenario::{Scenario, Source, read};

    fn run() -> Arc<Run> {
        let mut read = read(&Source::inline("test", "rules: []\n")).unwrap();
        let scenario: Scenario = read.scenarios.remove(0);
        Run::begin(Parts {
            title: String::new(),
            expectations: Vec::new(),
            rules: scenario.rules,
            seed: 0,
            files: Files::new(scenario.files, Limits::default(), run::now),
            accounts: scenario.accounts,
            network: scenario.network,
            journal: Arc::new(Journal::default()),
            max_hold: Duration::from_secs(1),
            outside: Arc::default(),
        })
    }

    #[tokio::test]
    async fn a_panic_on_a_channel_is_written_down_as_ours_and_ends_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (tcp, peer) = listener.accept().await.unwrap();
        let (leash, _leashed) = Leash::on(Wire::new(tcp));
        let shape = Arc::new(Shape::new(super::super::Settings::default()));
        let connection = Connection::of(run(), shape, (peer, Protocol::Sftp, 1), leash);
        connection.channels.lock().spawn(async { panic!("on purpose") });
        connection.channels.lock().spawn(async {});
        connection.finish().await;
        let records = connection.run.journal.records();
        let ours: Vec<_> =
            records.iter().filter(|record| record.outcome.cause == Some(Cause::Badftp)).collect();
        assert_eq!(ours.len(), 1, "{records:?}");
    }
}
