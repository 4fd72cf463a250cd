//! Accepts connections: a task each, a port that opens and shuts as a rule says, and a door for the server's
//! own probe. What stands before a connection is in `proxy`, what a port speaks in `family`.

mod family;
mod proxy;

use std::collections::HashSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::engine::{ConnectionId, Ending, Event, Operation, Protocol};
use crate::fault::blackhole::reachable;
use crate::fault::{OpenPort, RefusingPort, ShutPort, Stack, Wire, close, reset};
use crate::ftp;
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{Arrival, Run};
use crate::ssh;
use crate::tls;

/// Connections served at once, for each listener; more are reset. A test double must take a login beside
/// thousands of idle ones, and a hostile client must not take all memory.
const MAX_CONNECTIONS: usize = 20_000;
/// After a failed accept (mostly: no file descriptor is left) others get the time to end.
const AFTER_FAILURE: Duration = Duration::from_millis(50);
/// How often a port that a rule shuts for a time is looked at again, when nothing else happens.
const SHUT_CHECK: Duration = Duration::from_millis(20);

pub use family::Family;

/// What stands before a connection: a scenario's `server: {proxy-header: …}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyHeader {
    /// Nothing.
    #[default]
    None,
    /// A PROXY header; a connection without one is closed.
    Required,
}

/// A scenario in service: its run, and the settings of each protocol.
#[derive(Debug, Clone)]
pub struct Service {
    /// What the scenario is called in reports.
    pub name: Arc<str>,
    /// What stands before each connection.
    pub proxy_header: ProxyHeader,
    /// What the rules act on.
    pub run: Arc<Run>,
    /// The static shape of FTP.
    pub ftp: Arc<ftp::Settings>,
    /// Where its data connections come in, if not at any port.
    pub passive_ports: Option<Arc<ftp::SharedPorts>>,
    /// SSH, with the static shape of SFTP.
    pub ssh: Arc<ssh::Shape>,
    /// TLS, as FTP has it.
    pub tls: Arc<tls::Endpoint>,
}

/// One bound port.
#[derive(Debug)]
pub struct Listener {
    protocol: Protocol,
    address: SocketAddr,
    door: Arc<Door>,
    room: Arc<Semaphore>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// Where the server's own probes come from, and the healthy service they get: rules, counts and journal never
/// see one.
#[derive(Debug)]
struct Door {
    probes: Mutex<HashSet<SocketAddr>>,
    healthy: Service,
}

impl Listener {
    /// Binds the ports of a family at an address, or just the port at that address. The last one is that which
    /// was asked for.
    ///
    /// # Errors
    /// A port is taken, an address is not ours, or the family has none like it.
    pub fn start_family(
        protocol: Protocol,
        asked: SocketAddr,
        family: Option<Family>,
        services: &watch::Sender<Service>,
        healthy: &Service,
    ) -> io::Result<Vec<Self>> {
        let start = |address, stack| {
            Self::start(protocol, address, stack, services.subscribe(), healthy.clone())
        };
        let Some(family) = family else {
            return Ok(vec![start(asked, Stack::Any)?]);
        };
        let mut listeners: Vec<Self> = Vec::new();
        for ip in family.addresses(asked)? {
            // Where the system picks a port, it is the same for all.
            let port = listeners.first().map_or(asked.port(), |first| first.address.port());
            listeners.push(start(SocketAddr::new(ip, port), Stack::Own)?);
        }
        Ok(listeners)
    }

    /// Binds a port and serves what comes in, each connection with the service of its moment.
    fn start(
        protocol: Protocol,
        address: SocketAddr,
        stack: Stack,
        services: watch::Receiver<Service>,
        healthy: Service,
    ) -> io::Result<Self> {
        let port = Port::bind(protocol, address, stack, &services.borrow().run)?;
        let address = port.local_addr()?;
        let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let door = Arc::new(Door { probes: Mutex::default(), healthy });
        let accepting = Accepting {
            protocol,
            address,
            stack,
            services,
            door: Arc::clone(&door),
            room: Arc::clone(&room),
            sessions: JoinSet::new(),
        };
        let task = Mutex::new(Some(tokio::spawn(accepting.run(port))));
        Ok(Self { protocol, address, door, room, task })
    }

    /// The protocol it speaks.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Where it is bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connects to it as the server's own probe.
    ///
    /// # Errors
    /// The port does not answer.
    pub async fn knock(&self) -> io::Result<TcpStream> {
        let target = reachable(self.address);
        let socket =
            if self.address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(SocketAddr::new(target.ip(), 0))?;
        let announced = Announced::at(&self.door, socket.local_addr()?);
        let tcp = socket.connect(target).await?;
        tcp.set_nodelay(true)?;
        announced.arrived();
        Ok(tcp)
    }

    /// How many sessions are open, those included whose client has gone and which have not noticed yet.
    #[must_use]
    pub fn sessions(&self) -> usize {
        MAX_CONNECTIONS - self.room.available_permits()
    }

    /// Whether a rule shuts it now.
    #[must_use]
    pub fn is_shut(&self, run: &Run) -> bool {
        shutting(self.protocol, run).is_some()
    }

    /// Stops accepting and drops every session.
    pub async fn stop(&self) {
        let task = self.task.lock().take();
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }
}

/// A listener that nobody holds serves nobody.
impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().take() {
            task.abort();
        }
    }
}

/// A probe on its way. One that never arrives is forgotten, so that no client is taken for it who comes from
/// the same port later.
struct Announced<'d> {
    door: &'d Door,
    from: Option<SocketAddr>,
}

impl<'d> Announced<'d> {
    fn at(door: &'d Door, from: SocketAddr) -> Self {
        door.probes.lock().insert(from);
        Self { door, from: Some(from) }
    }

    fn arrived(mut self) {
        self.from = None;
    }
}

impl Drop for Announced<'_> {
    fn drop(&mut self) {
        if let Some(from) = self.from {
            self.door.probes.lock().remove(&from);
        }
    }
}

/// A listener that is shut.
#[derive(Debug, Clone, Copy)]
struct Shut {
    ending: Ending,
    until: Until,
    /// The rule that shuts it, unless the whole server is down.
    rule: Option<usize>,
}

/// How the listener of a protocol is shut now, by a rule or by a restart, if it is.
fn shutting(protocol: Protocol, run: &Run) -> Option<Shut> {
    if run.power.is_off() {
        return Some(Shut { ending: Ending::Refuse, until: Until::Time, rule: None });
    }
    let nobody = Ipv4Addr::UNSPECIFIED.into();
    let event = Event::of(protocol, 0, nobody, run.elapsed()).operation(Operation::Connect);
    let place = run.engine.place(&event)?;
    let rule = &run.engine.rules()[place];
    let ending = rule.shuts_the_listener()?;
    let until = if rule.count.lasting.is_some() { Until::Time } else { Until::Change };
    Some(Shut { ending, until, rule: Some(place) })
}

/// What opens a shut listener again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A count or a state that changes.
    Change,
    /// Time.
    Time,
}

#[derive(Debug)]
enum Port {
    Open { listener: TcpListener, _counted: OpenPort },
    Shut(ShutPort),
}

impl Port {
    /// A port that is bound as the rules want it now.
    fn bind(protocol: Protocol, address: SocketAddr, stack: Stack, run: &Run) -> io::Result<Self> {
        let port = RefusingPort::bind_as(address, stack)?;
        match shutting(protocol, run) {
            Some(shut) => ShutPort::shut(port, shut.ending).map(Self::Shut),
            None => Ok(Self::Open { listener: port.open()?, _counted: run.power.port() }),
        }
    }

    /// The same port of another run.
    fn counted_by(self, run: &Run) -> Self {
        match self {
            Self::Open { listener, .. } => Self::Open { listener, _counted: run.power.port() },
            Self::Shut(port) => Self::Shut(port),
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Open { listener, .. } => listener.local_addr(),
            Self::Shut(port) => port.local_addr(),
        }
    }
}

struct Accepting {
    protocol: Protocol,
    address: SocketAddr,
    stack: Stack,
    services: watch::Receiver<Service>,
    door: Arc<Door>,
    room: Arc<Semaphore>,
    sessions: JoinSet<()>,
}

impl Accepting {
    #[allow(clippy::disallowed_methods, reason = "a look at the rules, and no rule's wait")]
    async fn run(mut self, mut port: Port) {
        let mut changes = self.service().run.changes();
        loop {
            port = match self.open_or_shut(port) {
                Ok(port) => port,
                Err(error) => {
                    self.complain(&format!("the port could not be opened or shut: {error}"));
                    return;
                }
            };
            tokio::select! {
                accepted = accept(&port) => self.accepted(accepted).await,
                _ = changes.changed() => {}
                Ok(()) = self.services.changed() => {
                    let run = self.service().run;
                    changes = run.changes();
                    port = port.counted_by(&run);
                }
                Some(ended) = self.sessions.join_next() => self.ended(ended),
                () = sleep(SHUT_CHECK), if self.is_shut_for_a_time() => {}
            }
        }
    }

    /// What a connection gets that comes now.
    fn service(&self) -> Service {
        self.services.borrow().clone()
    }

    fn is_shut_for_a_time(&self) -> bool {
        let shut = shutting(self.protocol, &self.service().run);
        shut.is_some_and(|shut| shut.until == Until::Time)
    }

    /// The port as the rules want it now.
    fn open_or_shut(&self, port: Port) -> io::Result<Port> {
        let run = self.service().run;
        let shut = shutting(self.protocol, &run);
        if let Some(rule) = shut.and_then(|shut| shut.rule) {
            run.is_shut_by(rule);
        }
        if shut.is_some() == matches!(port, Port::Shut(_)) {
            return Ok(port);
        }
        drop(port);
        Port::bind(self.protocol, self.address, self.stack, &run)
    }

    #[allow(clippy::disallowed_methods, reason = "others get the time to end")]
    async fn accepted(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        let (tcp, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                self.complain(&format!("a connection could not be accepted: {error}"));
                sleep(AFTER_FAILURE).await;
                return;
            }
        };
        let wire = Wire::new(tcp);
        let is_probe = self.door.probes.lock().remove(&peer);
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            reset::reset(wire);
            self.complain(&format!("{MAX_CONNECTIONS} connections are open: one more was reset"));
            return;
        };
        let service = if is_probe { self.door.healthy.clone() } else { self.service() };
        let wire = wire.plugged_into(&service.run.power);
        let connection = service.run.next_connection();
        let local = wire.local_addr().unwrap_or(self.address);
        let protocol = self.protocol;
        let arrival = Arrival { wire, peer, via: peer.ip(), local, protocol, connection };
        self.sessions.spawn(serve(arrival, service, room));
    }

    /// A session has ended, perhaps by a panic, which ends nothing else.
    fn ended(&self, ended: Result<(), JoinError>) {
        if let Err(error) = ended
            && error.is_panic()
        {
            self.complain(&format!("a session panicked: {error}"));
        }
    }

    /// Writes down what went wrong with ourselves.
    fn complain(&self, what: &str) {
        let run = self.service().run;
        let nobody: ConnectionId = 0;
        let event = Event::of(self.protocol, nobody, self.address.ip(), run.elapsed());
        let mut outcome = Outcome::default();
        outcome.fail(Cause::Badftp, what);
        run.tell(Happening::of(&event, self.address, None, Secrecy::Open), outcome);
    }
}

async fn accept(port: &Port) -> io::Result<(TcpStream, SocketAddr)> {
    match port {
        Port::Open { listener, .. } => listener.accept().await,
        Port::Shut(_) => std::future::pending().await,
    }
}

async fn serve(mut arrival: Arrival, service: Service, room: OwnedSemaphorePermit) {
    let named = match service.proxy_header {
        ProxyHeader::None => Ok(None),
        ProxyHeader::Required => proxy::client(&mut arrival.wire).await,
    };
    match named {
        Ok(client) => {
            arrival.peer = client.unwrap_or(arrival.peer);
            match arrival.protocol {
                Protocol::Ftp | Protocol::Ftps => {
                    let Service { run, ftp, tls, passive_ports, .. } = service;
                    ftp::serve(arrival, run, ftp, tls, passive_ports).await;
                }
                Protocol::Sftp => ssh::serve(arrival, service.run, service.ssh).await,
            }
        }
        Err(error) => turn_away(arrival, &service.run, &error).await,
    }
    drop(room);
}

/// Closes a connection without the header that is required, and writes it down.
async fn turn_away(arrival: Arrival, run: &Run, why: &io::Error) {
    let Arrival { wire, peer, protocol, connection, .. } = arrival;
    let event = Event::of(protocol, connection, peer.ip(), run.elapsed());
    let mut outcome = Outcome::default();
    outcome.fail(Cause::Client, why.to_string());
    let event = event.operation(Operation::Connect);
    run.tell(Happening::of(&event, peer, None, Secrecy::Open), outcome);
    close::close(wire).await;
}
