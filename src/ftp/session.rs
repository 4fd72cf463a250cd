//! One session: its state, and the loop of its commands.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::command::{self, Access, Algorithm, Argument, Command};
use super::control::{Control, Line};
use super::data::DataPort;
use super::passive::SharedPorts;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::security::Security;
use super::settings::{Fact, Settings, TrailingSlash};
use crate::engine::{
    ConnectionId, Details, Ending, Event, Natural, Operation, Protocol, Rule, Silence, Stored, Task,
};
use crate::fault::{Pace, Wire, hold};
use crate::files::{Account, Path, Scope};
use crate::journal::{Cause, Happening, Outcome, Secrecy, shown};
use crate::run::{self, Arrival, EventHandle, Filling, Open, Pending, Run, Wait};
use crate::tls::{Endpoint, Mode};

/// Who is logged in without having given a name.
const ANONYMOUS: &str = "anonymous";
/// Data connections a session may leave hanging.
const MAX_HELD: usize = 256;
/// What is written down of a client that took too long.
pub(super) const GRACE_OVER: &str = "no login within the scenario's grace";

/// How a file's bytes are written on the data connection (RFC 959, section 3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Ascii,
    Image,
}

/// Who is on the other side.
#[derive(Debug, Clone)]
pub(super) enum Who {
    Nobody,
    /// Has said a name.
    Named(String),
    /// Is logged in.
    In(Account),
}

/// What a session holds open for rules with a `limit`.
#[derive(Debug, Default)]
pub(super) struct OpenThings {
    connection: Option<Open>,
    pub(super) login: Option<Open>,
    channel: Option<Open>,
}

/// The state of one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) run: Arc<Run>,
    pub(super) settings: Arc<Settings>,
    pub(super) control: Control,
    pub(super) peer: SocketAddr,
    via: IpAddr,
    pub(super) local: SocketAddr,
    pub(super) protocol: Protocol,
    pub(super) connection: ConnectionId,
    pub(super) who: Who,
    pub(super) cwd: Path,
    pub(super) kind: Type,
    /// Where the next transfer begins: `REST`.
    pub(super) restart: u64,
    pub(super) rename_from: Option<Path>,
    pub(super) facts: Vec<Fact>,
    /// The client has promised to use no other command than `EPSV` for its data connections (RFC 2428, section 4).
    pub(super) only_epsv: bool,
    /// What `HASH` digests by.
    pub(super) hash: Algorithm,
    pub(super) port: DataPort,
    /// Where data connections come in when not every port can be reached.
    pub(super) shared_ports: Option<Arc<SharedPorts>>,
    /// TLS, on the control connection and on data connections.
    pub(super) security: Security,
    /// The command that keeps the server busy, for `STAT`.
    pub(super) under_way: Option<String>,
    /// The client has said `QUIT`.
    pub(super) leaving: bool,
    /// An answer that lets the next one pass.
    pub(super) passed: Option<Said>,
    /// What `limit` counts as open.
    pub(super) open: OpenThings,
    /// Answers that the network has delayed so far.
    answers: u64,
    held: JoinSet<()>,
    /// Tells when the data connection that was left open last is gone.
    pub(super) hanging: Option<oneshot::Receiver<()>>,
    began: Instant,
    /// When the last transfer or listing ended, or the session began; none after a silence since.
    last_transfer: Option<Instant>,
}

/// Serves one connection until it ends.
pub async fn serve(
    arrival: Arrival,
    run: Arc<Run>,
    settings: Arc<Settings>,
    endpoint: Arc<Endpoint>,
    shared_ports: Option<Arc<SharedPorts>>,
) {
    let mut session = Session {
        control: Control::new(arrival.wire, settings.charset),
        peer: run::canonical(arrival.peer),
        via: arrival.via.to_canonical(),
        local: run::canonical(arrival.local),
        protocol: arrival.protocol,
        connection: arrival.connection,
        who: Who::Nobody,
        cwd: Path::root(),
        kind: Type::Ascii,
        restart: 0,
        rename_from: None,
        facts: settings.facts.clone(),
        only_epsv: false,
        hash: Algorithm::DEFAULT,
        port: DataPort::None,
        shared_ports,
        security: Security::new(endpoint),
        under_way: None,
        leaving: false,
        passed: None,
        open: OpenThings::default(),
        answers: 0,
        held: JoinSet::new(),
        hanging: None,
        began: Instant::now(),
        last_transfer: Some(Instant::now()),
        run,
        settings,
    };
    let run = Arc::clone(&session.run);
    let mut plug = run.power.plug();
    let (mut outcome, ending) = tokio::select! {
        biased;
        outcome = session.converse() => (outcome, Ending::Close(Duration::ZERO)),
        () = plug.failure() => (went_down(), Ending::Reset),
    };
    session.release();
    outcome.parting = session.control.parting();
    let end = Happening::end(&session.event(), session.peer);
    run.forget(session.connection, end, outcome);
    session.control.end(ending).await;
}

/// What is written down of a session that ends with all others.
fn went_down() -> Outcome {
    let mut outcome = Outcome::default();
    outcome.fail(Cause::Rule, "the server went down");
    outcome
}

impl Session {
    /// From the greeting to the last command; tells how it ended.
    async fn converse(&mut self) -> Outcome {
        let mut outcome = Outcome::default();
        let mut next = Box::pin(self.arrive()).await;
        while next == Next::Continue && !self.control.is_gone() {
            if self.leaving {
                outcome.note("the client said QUIT");
                return outcome;
            }
            next = match self.listen().await {
                Heard::Line(Line::Command(line)) => Box::pin(self.command(&line)).await,
                Heard::Line(Line::TooLong) => self.too_long().await,
                Heard::Line(Line::End) => {
                    outcome.note("the client left without QUIT");
                    return outcome;
                }
                Heard::Silence(silence) => Box::pin(self.falls_silent(silence)).await,
                Heard::GraceOver => {
                    self.say(Reply::new(421, "Login timeout.")).await;
                    outcome.fail(Cause::Client, GRACE_OVER);
                    return outcome;
                }
            };
        }
        outcome.note("ended by the server");
        outcome
    }

    /// The connection is made. With implicit TLS, its answer comes behind the handshake; a rule that needs none does not
    /// wait for it.
    async fn arrive(&mut self) -> Next {
        let event = self.event().operation(Operation::Connect);
        let event = self.run.decide(&event, self.peer, Secrecy::Open);
        let verdict = event.verdict();
        let needs_no_tls = !verdict.plan(Task::Answer).perform && !verdict.replies();
        if self.mode() == Mode::Implicit {
            self.control.expect_tls();
            if !needs_no_tls && self.secure_control().await == Next::Over {
                event.end();
                return Next::Over;
            }
        }
        let done = Done { natural: Some(self.greeting()), ..Done::default() };
        self.decided(Moment::Of(Operation::Connect), event, done).await.0
    }

    /// The next line, or what comes before it.
    async fn listen(&mut self) -> Heard {
        let of_commands =
            self.silence_of(Silence::Commands).map(|silence| Instant::now() + silence);
        let of_transfers = self
            .last_transfer
            .and_then(|last| self.silence_of(Silence::Transfers).map(|silence| last + silence));
        let clocks = [
            self.grace().map(|grace| (grace, Heard::GraceOver)),
            of_commands.map(|silence| (silence, Heard::Silence(Silence::Commands))),
            of_transfers.map(|silence| (silence, Heard::Silence(Silence::Transfers))),
        ];
        match clocks.into_iter().flatten().min_by_key(|(deadline, _)| *deadline) {
            None => Heard::Line(self.control.line().await),
            Some((deadline, heard)) => {
                timeout_at(deadline, self.control.line()).await.map_or(heard, Heard::Line)
            }
        }
    }

    /// How long a silence of this is one, by the first rule that looks for it.
    pub(super) fn silence_of(&self, silence: Silence) -> Option<Duration> {
        self.run.engine.peek(&self.silent(silence)).and_then(Rule::silence)
    }

    /// The event of a silence.
    pub(super) fn silent(&self, silence: Silence) -> Event<'_> {
        Event { silence: Some(silence), ..self.event().operation(Operation::Idle) }
    }

    /// A rule may act on a silence.
    async fn falls_silent(&mut self, silence: Silence) -> Next {
        if silence == Silence::Transfers {
            // It is over, and the next one begins with the next transfer.
            self.last_transfer = None;
        }
        match self.run.decide_if_ruled(&self.silent(silence), self.peer) {
            Some(event) => self.fall_idle(event, None).await,
            None => Next::Continue,
        }
    }

    /// One command: it is an event, which is decided once, obeyed, and over when it has been answered.
    async fn command(&mut self, line: &[u8]) -> Next {
        let (command, argument) = command::parse(line, &self.settings);
        let sets = command.verb == "MDTM" && self.sets_mdtm(argument);
        let command = if sets { &command::MDTM_THAT_SETS } else { command };
        let path = match command.argument {
            Argument::Unique => Some(self.unused(argument)),
            _ => command.path(&self.cwd, argument),
        };
        let path = match self.settings.trailing_slash {
            TrailingSlash::Refused => path,
            TrailingSlash::Ignored => path.map(Path::without_slash),
        };
        let wire = command::verb_of(line);
        let event = self.event_of(command, &wire, line, path.as_ref());
        let event = self.run.decide(&event, self.peer, command.secrecy());
        let mut request = Request::new(argument.to_vec(), path, event, command.task());
        // RFC 959, section 4.1.3: RNTO follows RNFR at once, and only once.
        let from = self.rename_from.take().filter(|_| command.verb == "RNTO");
        self.rename_from = from;
        self.under_way = command.takes_time().then(|| shown(line));
        let next = self.obey(command, &mut request).await;
        self.under_way = None;
        self.renew_ticket().await;
        if command.moves_data() {
            self.last_transfer = Some(Instant::now());
        }
        if command.verb == "RNTO" {
            self.rename_from = None;
        }
        self.open.channel = None;
        if self.is_logged_in() && command.logs_in() {
            self.open.login = request.event.end_open();
        } else {
            request.event.end();
        }
        match next {
            Next::Continue => Box::pin(self.change_security()).await,
            Next::Over => next,
        }
    }

    /// A line longer than any command: nothing of it is known but that.
    async fn too_long(&mut self) -> Next {
        let happening = Happening::of(&self.event(), self.peer, None, Secrecy::Open);
        let mut outcome = Outcome::default();
        let reply = Reply::new(500, "Input line too long.");
        outcome.said(&reply.to_bytes());
        outcome.fail(Cause::Client, "the line is longer than any command");
        self.say(reply).await;
        self.run.tell(happening, outcome);
        Next::Continue
    }

    /// What is decided of a moment, done. Tells what was at stake and is still there.
    pub(super) async fn decided(
        &mut self,
        moment: Moment,
        event: Pending,
        done: Done,
    ) -> (Next, Done) {
        let mut request = Request::moment(event);
        let left = self.meet(moment, &mut request, done).await;
        self.over(moment, request.event);
        left
    }

    /// The same of a moment whose delay was held already, and which has come to this by nature.
    pub(super) async fn concluded(
        &mut self,
        moment: Moment,
        event: Pending,
        natural: Natural,
        done: Done,
    ) -> (Next, Done) {
        let mut request = Request::moment(event);
        let left = self.conclude(moment.operation(), &mut request, natural, done).await;
        self.over(moment, request.event);
        left
    }

    /// A moment is over. What it opened stays open.
    fn over(&mut self, moment: Moment, event: Pending) {
        match moment {
            Moment::Of(Operation::Connect) => self.open.connection = event.end_open(),
            Moment::Of(Operation::Channel) => self.open.channel = event.end_open(),
            Moment::Of(Operation::Handshake) => {
                if let Some(wire) = self.control.secure() {
                    event.secured(self.security.control);
                    event.note(wire.agreed().unwrap_or_default());
                }
                event.end();
            }
            _ => event.end(),
        }
    }

    /// What every event of this session says.
    pub(super) fn event(&self) -> Event<'_> {
        let event = Event::of(self.protocol, self.connection, self.peer.ip(), self.run.elapsed());
        let user = match &self.who {
            Who::Nobody => None,
            Who::Named(name) => Some(name.as_str()),
            Who::In(account) => Some(&**account.login()),
        };
        Event { user, tls: Some(self.security.control), ..event }
    }

    fn event_of<'a>(
        &'a self,
        command: &Command,
        wire: &'a str,
        line: &'a [u8],
        path: Option<&'a Path>,
    ) -> Event<'a> {
        let argument = command::argument_of(line);
        let operation = self.operation_of(command, argument);
        let stores = operation.is_some_and(Operation::stores);
        let announced = command.announced(argument);
        Event {
            operation,
            path: path.map(Path::as_bytes),
            target: path.map(|path| self.run.files.kind_at(&self.account(), path)),
            argument: Some(argument),
            user: command.user(argument).or(self.event().user),
            details: Details { offset: self.offset_of(operation, path), ..Details::default() },
            announced,
            tls: if command.moves_data() {
                Some(self.security.data())
            } else {
                Some(self.security.control)
            },
            stored: if stores || announced.is_some() {
                self.stored(path, operation)
            } else {
                Stored::default()
            },
            ..self.event().wire(wire)
        }
    }

    /// The scenario's greeting; its placeholders are those of any reply.
    fn greeting(&self) -> Vec<u8> {
        Said::reply(&self.settings.greeting, &Filling::of(self.peer.ip())).whole()
    }

    /// Who acts on the tree; nobody yet, for what a rule asks before the login.
    pub(super) fn account(&self) -> Account {
        match &self.who {
            Who::In(account) => account.clone(),
            Who::Nobody | Who::Named(_) => Account::new(""),
        }
    }

    /// What is stored, besides what an upload to `path` replaces.
    fn stored(&self, path: Option<&Path>, operation: Option<Operation>) -> Stored {
        let account = self.account();
        let files = &self.run.files;
        let at = path.map_or(0, |path| files.stored(Scope::At(&account, path)));
        let overwrites = operation == Some(Operation::Upload) && self.restart == 0;
        let gone = if overwrites { at } else { 0 };
        Stored {
            server: files.stored(Scope::Everything).saturating_sub(gone),
            user: files.stored(Scope::By(account.login())).saturating_sub(gone),
            path: at - gone,
        }
    }

    /// Where in the file a transfer is to begin.
    fn offset_of(&self, operation: Option<Operation>, path: Option<&Path>) -> Option<u64> {
        match operation? {
            Operation::Download | Operation::Upload => Some(self.restart),
            Operation::Append => {
                let account = self.account();
                path.map(|path| self.run.files.stored(Scope::At(&account, path)))
            }
            _ => None,
        }
    }

    /// What the client means by a command. A password without a name is no attempt to log in.
    pub(super) fn operation_of(&self, command: &Command, argument: &[u8]) -> Option<Operation> {
        let named = matches!(self.who, Who::Named(_));
        command
            .operation(self.settings.login, argument)
            .filter(|operation| *operation != Operation::Login || named || command.verb == "USER")
    }

    /// Says what answers no event, when the network lets it.
    async fn say(&mut self, reply: Reply) {
        let cap = self.run.max_hold;
        if let Some(delay) = self.drawn_delay() {
            hold(delay, cap, self.control.departed()).await;
        }
        let text = self.control.encoded(reply.to_bytes());
        self.control.write(&text).await;
    }

    /// Says what comes before the answer of an event, when and as fast as the network lets it.
    pub(super) async fn say_bytes(&mut self, event: &EventHandle, text: Vec<u8>) -> Next {
        if self.network_delay(event).await == Next::Over {
            return Next::Over;
        }
        let pace = self.pace();
        self.say_paced(event, text, pace).await
    }

    /// The network's own delay before an answer.
    pub(super) async fn network_delay(&mut self, event: &EventHandle) -> Next {
        match self.drawn_delay() {
            Some(delay) => self.hold(event, Wait::Other(delay)).await,
            None => Next::Continue,
        }
    }

    fn drawn_delay(&mut self) -> Option<Duration> {
        let delay = self.run.network.delay?;
        self.answers += 1;
        Some(self.run.engine.draw(delay, self.connection, self.answers))
    }

    /// The network's own pace.
    pub(super) fn pace(&self) -> Pace {
        Pace { rate: self.run.network.rate, chunk: self.run.network.chunk }
    }

    /// Whose data connections are the client's: a proxy need not forward them.
    pub(super) fn clients(&self) -> [IpAddr; 2] {
        [self.peer.ip(), self.via]
    }

    /// Leaves a data connection open until this session ends, its client has left, or the cap on holds is reached.
    pub(super) fn leave_open(&mut self, mut wire: Wire, task: Task, event: &EventHandle) {
        while self.held.try_join_next().is_some() {}
        if self.held.len() >= MAX_HELD {
            let many = format!("{MAX_HELD} data connections hang already: this one was closed");
            event.fail(Cause::Badftp, many);
            return;
        }
        let (gone, hanging) = oneshot::channel();
        let cap = self.run.max_hold;
        self.held.spawn(async move {
            hold(cap, cap, wire.left(task)).await;
            drop((wire, gone));
        });
        self.hanging = Some(hanging);
    }

    /// Closes the data connections left open.
    pub(super) fn let_go(&mut self) {
        self.held = JoinSet::new();
    }

    /// No longer counts as open: said before the client can know that the session is over.
    pub(super) fn release(&mut self) {
        self.open = OpenThings::default();
    }

    /// What is said of a command that the client may not use now.
    pub(super) fn refusal_of(&self, command: &Command) -> Option<Reply> {
        if command.access == Access::LoggedIn && !self.is_logged_in() {
            return Some(Reply::new(530, "Please login with USER and PASS."));
        }
        self.refuses_in_clear(command.moves_data(), command.logs_in())
    }

    pub(super) fn is_logged_in(&self) -> bool {
        matches!(self.who, Who::In(_))
    }

    /// An answer has said that the client is logged in: so it is, by the name that it gave.
    pub(super) fn let_in(&mut self) {
        let name = match &self.who {
            Who::In(_) => return,
            Who::Named(name) => name.clone(),
            Who::Nobody => ANONYMOUS.to_owned(),
        };
        let account = self.run.accounts.let_in(&name);
        self.cwd = account.home().clone();
        self.who = Who::In(account);
    }

    /// When its time is over: nobody has any who is not logged in by then.
    pub(super) fn grace(&self) -> Option<Instant> {
        self.settings.grace.filter(|_| !self.is_logged_in()).map(|grace| self.began + grace)
    }
}

/// What happens to a session besides the commands it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A connection, a silence, a refused login, a data connection.
    Of(Operation),
    /// A command in the middle of another: `ABOR`, `STAT`.
    Command(&'static str),
}

impl Moment {
    /// The event by its name.
    pub(super) fn name(self, event: Event<'_>) -> Event<'_> {
        match self {
            Self::Of(operation) => event.operation(operation),
            Self::Command(wire) => Event { argument: Some(b""), ..event.wire(wire) },
        }
    }

    /// What the client means by it.
    pub(super) fn operation(self) -> Option<Operation> {
        match self {
            Self::Of(operation) => Some(operation),
            Self::Command(_) => None,
        }
    }
}

/// What a session that listens may hear.
enum Heard {
    Line(Line),
    /// Nothing of this, for as long as an `idle` rule says.
    Silence(Silence),
    /// Nothing that logs in, for as long as `grace` says.
    GraceOver,
}
