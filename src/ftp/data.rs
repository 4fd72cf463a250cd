//! The data connection: how it is announced, and how it is made (RFC 959, section 3.2; RFC 2428).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::time::timeout;

use super::beside::{Beside, Ear};
use super::load::Moved;
use super::passive::{PassivePort, Taken};
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::session::{Moment, Session};
use crate::engine::{Ending, Event, Natural, Operation, Task, Tls};
use crate::fault::elsewhere::elsewhere;
use crate::fault::{RefusingPort, ShutPort, Wire};
use crate::journal::{Cause, Secrecy};
use crate::run::{Pending, Wait};

/// How long a client may take to make its side of the connection, as in vsftpd.
const CONNECT_WITHIN: Duration = Duration::from_secs(60);
/// How long a connection that a rule wants to end may be under way.
pub(super) const UNDER_WAY: Duration = Duration::from_secs(1);

/// How the next data connection will be made.
#[derive(Debug, Default)]
pub(super) enum DataPort {
    /// Nobody has said.
    #[default]
    None,
    /// The client connects to us.
    Passive(PassivePort),
    /// The client is told to, but a rule has shut the port.
    Shut { port: ShutPort, _taken: Option<Taken> },
    /// We connect to the client, from another address than ours if a rule says so.
    Active { to: SocketAddr, from: SocketAddr },
    /// We were told to, but a rule keeps us from it.
    Astray { to: SocketAddr, ending: Ending },
}

impl DataPort {
    /// Where we listen, or where we are to connect.
    fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::None => None,
            Self::Passive(port) => port.local_addr().ok(),
            Self::Shut { port, .. } => port.local_addr().ok(),
            Self::Active { to, .. } | Self::Astray { to, .. } => Some(*to),
        }
    }
}

impl Session {
    /// Opens a port for the client to connect to, and tells what to announce.
    ///
    /// # Errors
    /// No port is free.
    pub(super) async fn listen_for_data(&mut self, request: &Request) -> io::Result<SocketAddr> {
        self.port = DataPort::None;
        let shut = request.verdict().data().filter(|ending| ending.shuts_a_port());
        self.port = match shut {
            Some(ending) => self.shut_passive(ending).await?,
            None => DataPort::Passive(self.open_passive().await?),
        };
        let address = self.data_address().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(request.claimed_address(address))
    }

    /// Where the next data connection goes: our port as it is seen from outside, or the client's.
    pub(super) fn data_address(&self) -> Option<SocketAddr> {
        let address = self.port.address()?;
        match self.port {
            DataPort::Active { .. } | DataPort::Astray { .. } => Some(address),
            _ => Some(self.run.outside.of(address)),
        }
    }

    /// A port where the client can connect. The scenario's own are scarce if it says so; all others do.
    async fn open_passive(&self) -> io::Result<PassivePort> {
        let ip = self.local.ip();
        match (&self.settings.passive_ports, &self.shared_ports) {
            (Some(ports), _) => PassivePort::first_of(ports.clone(), ip),
            (None, Some(shared)) => {
                shared.expect(ip, self.clients()).await.map(PassivePort::Shared)
            }
            (None, None) => PassivePort::any(ip),
        }
    }

    /// A port where it cannot.
    async fn shut_passive(&self, ending: Ending) -> io::Result<DataPort> {
        let ip = self.local.ip();
        let taken = match &self.shared_ports {
            Some(shared) => Some(shared.take(ip).await?),
            None => None,
        };
        let address = taken.as_ref().map_or(SocketAddr::new(ip, 0), Taken::address);
        let port = ShutPort::shut(RefusingPort::bind(address)?, ending)?;
        Ok(DataPort::Shut { port, _taken: taken })
    }

    /// Makes the data connection that was announced.
    ///
    /// # Errors
    /// What is left to be said where there is none: 425, or what a rule on `channel` made of it.
    pub(super) async fn open_data(&mut self, request: &mut Request) -> Result<Wire, Done> {
        let clients = self.clients();
        let made = match std::mem::take(&mut self.port) {
            DataPort::None => return Err(no_port().into()),
            DataPort::Shut { .. } => {
                request.event.fail(Cause::Rule, "a rule has shut the passive port");
                return Err(Reply::new(425, "Failed to establish connection.").into());
            }
            DataPort::Passive(port) => {
                self.make(port.accept(clients, CONNECT_WITHIN), UNDER_WAY, request).await?
            }
            DataPort::Active { to, from } => {
                let within = CONNECT_WITHIN.min(self.run.max_hold);
                self.make(connect(to, from, within), UNDER_WAY, request).await?
            }
            DataPort::Astray { ending: Ending::Elsewhere, .. } => elsewhere().await,
            DataPort::Astray { ending, .. } => {
                request.event.fail(Cause::Rule, "a rule keeps us from connecting to the client");
                let event = request.event.handle();
                let nobody = async move {
                    if ending == Ending::Refuse {
                        return Err(io::ErrorKind::ConnectionRefused.into());
                    }
                    // The port never answers; who leaves is heard beside it.
                    event.hold(Wait::Other(CONNECT_WITHIN), std::future::pending()).await;
                    Err(io::ErrorKind::TimedOut.into())
                };
                self.make(nobody, Duration::ZERO, request).await?
            }
        };
        let wire = made.map_err(|error| {
            request.event.fail(Cause::Client, format!("no data connection: {error}"));
            Done::from(Reply::new(425, "Failed to establish connection."))
        })?;
        let wire = wire.plugged_into(&self.run.power);
        if self.security.protects {
            // Its rules are asked when the client begins TLS.
            return Ok(wire);
        }
        let event = Event { tls: Some(Tls::None), ..self.event().operation(Operation::Channel) };
        let event = self.run.decide(&event, self.peer, Secrecy::Open);
        self.channel(request, wire, event, None).await
    }

    /// Waits until the connection is made, and listens to the client meanwhile. A client that leaves has a moment for a
    /// connection that is under way.
    pub(super) async fn make<T>(
        &mut self,
        making: impl Future<Output = io::Result<T>>,
        under_way: Duration,
        request: &mut Request,
    ) -> Result<io::Result<T>, Done> {
        let mut making = Box::pin(making);
        let next = match self.beside(making.as_mut(), &mut Ear::for_the_client()).await {
            Beside::Done(made) | Beside::DoneAlone(made) => return Ok(made),
            Beside::Left => {
                let made = timeout(under_way, making).await;
                return Ok(made.unwrap_or_else(|_| Err(io::ErrorKind::ConnectionAborted.into())));
            }
            Beside::Over => Next::Over,
            Beside::Aborted(abort) => {
                drop(making);
                self.aborted(abort).await
            }
            Beside::Silenced(idle) => self.fall_idle(idle, None).await,
        };
        Err(Moved::Aborted(next).done(request))
    }

    /// The data connection is made: an event of its own. Where its TLS was begun, that has come to this by nature, and the
    /// rule's first delay was held.
    pub(super) async fn channel(
        &mut self,
        request: &mut Request,
        wire: Wire,
        event: Pending,
        natural: Option<Natural>,
    ) -> Result<Wire, Done> {
        let verdict = event.verdict();
        let origin = verdict.origin.as_ref().map(ToString::to_string);
        let ends = verdict.data().is_some_and(|ending| ending != Ending::Flow);
        let refused = (ends || !verdict.plan(Task::Answer).perform)
            .then(|| Reply::new(425, "Can't open data connection.").to_bytes());
        let task = request.task;
        let stake = Done { natural: refused, wire: Some(wire), task, ..Done::default() };
        let moment = Moment::Of(Operation::Channel);
        let (next, mut left) = match natural {
            Some(natural) => Box::pin(self.concluded(moment, event, natural, stake)).await,
            None => Box::pin(self.decided(moment, event, stake)).await,
        };
        match left.wire.take() {
            Some(wire) if next == Next::Continue => Ok(wire),
            _ => {
                if let Some(rule) = origin {
                    let why = format!("rule {rule} ended the data connection");
                    request.event.fail(Cause::Rule, why);
                }
                Err(Done::broken_off(next))
            }
        }
    }

    /// The connection that waits on the passive port, for a rule that acts in place of the command to end. Where
    /// the rule names its end, one that is still under way is waited for.
    pub(super) async fn take_waiting(&mut self, ending: Option<Ending>) -> Option<Wire> {
        if ending == Some(Ending::Flow) {
            return None;
        }
        if ending.is_none() {
            return self.waiting();
        }
        match std::mem::take(&mut self.port) {
            DataPort::Passive(port) => port.accept(self.clients(), UNDER_WAY).await.ok(),
            _ => None,
        }
    }

    /// The same, if it is there already. If not, a client that connects only now must find the port open, as with
    /// vsftpd.
    fn waiting(&mut self) -> Option<Wire> {
        let clients = self.clients();
        let waiting = match &mut self.port {
            DataPort::Passive(port) => port.accept_waiting(clients),
            _ => None,
        };
        if waiting.is_some() || !matches!(self.port, DataPort::Passive(_)) {
            self.port = DataPort::None;
        }
        waiting
    }
}

/// What a transfer is told that nobody has announced a port for.
pub(super) fn no_port() -> Reply {
    Reply::new(425, "Use PORT or PASV first.")
}

async fn connect(to: SocketAddr, from: SocketAddr, within: Duration) -> io::Result<Wire> {
    let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(from)?;
    let tcp = timeout(within, socket.connect(to)).await;
    let tcp = tcp.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    Ok(Wire::new(tcp))
}
