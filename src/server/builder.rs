//! Where a server listens, and how much it bears.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::bounds::Bounds;
use super::replaced::Verdicts;
use super::{Care, Server, StartError};
use crate::engine::Protocol;
use crate::ftp;
use crate::journal::{Journal, Writer};
use crate::listener::Listener;
use crate::run::{Outside, Run};
use crate::scenario::Scenario;
use crate::tls::Certificates;

/// The cap on every stall where nobody sets one.
const MAX_HOLD: Duration = Duration::from_secs(60);
/// Bytes that clients may store where nobody says.
const CAPACITY: u64 = 4 << 30;

/// A server before it starts; begun by [`Server::builder`].
#[derive(Debug)]
#[must_use = "it serves nobody until it is started"]
pub struct Builder {
    listen: Vec<(Protocol, SocketAddr)>,
    max_hold: Duration,
    capacity: u64,
    writers: Vec<Writer>,
    hostnames: Vec<String>,
    seed: Option<u64>,
    unverified: bool,
    passive_ports: Option<RangeInclusive<u16>>,
    advertised_host: Option<String>,
    advertised_ports: Vec<(NonZeroU16, NonZeroU16)>,
}

impl Default for Builder {
    fn default() -> Self {
        let anywhere = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
        Self {
            listen: Protocol::ALL.map(|protocol| (protocol, anywhere)).to_vec(),
            max_hold: MAX_HOLD,
            capacity: CAPACITY,
            writers: Vec::new(),
            hostnames: Vec::new(),
            seed: None,
            unverified: false,
            passive_ports: None,
            advertised_host: None,
            advertised_ports: Vec::new(),
        }
    }
}

impl Builder {
    /// Speaks a protocol at this address, instead of a free port of 127.0.0.1; port 0 is any free one.
    pub fn listen(mut self, protocol: Protocol, address: SocketAddr) -> Self {
        self = self.without(protocol);
        self.listen.push((protocol, address));
        self.listen.sort_by_key(|(protocol, _)| *protocol);
        self
    }

    /// Does not speak this protocol.
    pub fn without(mut self, protocol: Protocol) -> Self {
        self.listen.retain(|(other, _)| *other != protocol);
        self
    }

    /// The longest a rule may hold a connection still; 60 s without.
    pub fn max_hold(self, max_hold: Duration) -> Self {
        Self { max_hold, ..self }
    }

    /// The most bytes that clients may store; 4 GiB without.
    pub fn capacity(self, capacity: u64) -> Self {
        Self { capacity, ..self }
    }

    /// Draws chances and delays from this seed instead of that of each scenario.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Does not verify when it is dropped: whoever holds it asks for the verdict.
    pub fn unverified(self) -> Self {
        Self { unverified: true, ..self }
    }

    /// Hands each record of the journal to this writer, too.
    pub fn journal_to(mut self, writer: Writer) -> Self {
        self.writers.push(writer);
        self
    }

    /// A name that the valid certificate is for, besides those of this machine and the one a client asks for.
    pub fn hostname(mut self, name: &str) -> Self {
        self.hostnames.push(name.to_owned());
        self
    }

    /// Ports for FTP's data connections, which all sessions share; any free ones without. One is enough: it is told to
    /// one session of each client address at a time, and the next waits until that client has connected. A scenario's
    /// own `passive-ports` go before them.
    ///
    /// For a server whose ports are published one by one, as those of a container are.
    pub fn passive_ports(self, ports: RangeInclusive<u16>) -> Self {
        Self { passive_ports: Some(ports), ..self }
    }

    /// The host that clients reach the server at, a name or an address: `PASV` tells its address, the valid certificate is
    /// for it, and [`Server::known_hosts`] names it. Without one it is what the control connection has come to.
    ///
    /// Addresses are taken to be translated on the way, then: with `PORT` and `EPRT` the client is reached where its
    /// control connection comes from, at the port it announces.
    pub fn advertise(mut self, host: &str) -> Self {
        self.advertised_host = Some(host.to_owned());
        self
    }

    /// What a port of ours is to clients: the port that it is published as. Without, it is the same.
    pub fn advertise_port(mut self, inside: NonZeroU16, outside: NonZeroU16) -> Self {
        self.advertised_ports.push((inside, outside));
        self
    }

    /// Binds every listener, and probes each that no rule shuts.
    ///
    /// # Errors
    /// A port cannot be had, or does not answer; nobody knows the host that is to be advertised.
    pub async fn start(self, scenario: Scenario) -> Result<Server, StartError> {
        let hostnames = [self.hostnames, self.advertised_host.iter().cloned().collect()].concat();
        let certificates = Arc::new(Certificates::for_hosts(hostnames));
        let bounds = Bounds {
            max_hold: self.max_hold,
            capacity: self.capacity,
            seed: self.seed,
            outside: Arc::new(Outside::default()),
            passive_ports: self.passive_ports.map(ftp::SharedPorts::new),
        };
        let family = scenario.family;
        let journal = Arc::new(Journal::new(self.writers));
        let service = bounds.service(scenario, journal, &certificates, Run::begin);
        let service = watch::Sender::new(service);
        let healthy = bounds.healthy(&certificates);
        let mut listeners = Vec::new();
        for (protocol, address) in self.listen {
            let started = Listener::start_family(protocol, address, family, &service, &healthy)
                .map_err(|source| StartError::Bind { protocol, address, source })?;
            listeners.extend(started);
        }
        for listener in listeners.iter().filter(|listener| listener.protocol() != Protocol::Sftp) {
            let tried =
                bounds.passive_ports.iter().map(|ports| ports.try_bind(listener.address().ip()));
            tried
                .collect::<Result<(), _>>()
                .map_err(|(address, source)| StartError::PassivePort { address, source })?;
        }
        let verdicts = Verdicts::new(!self.unverified);
        let loading = Mutex::default();
        let server = Server { listeners, service, bounds, loading, verdicts, certificates };
        let ports = self.advertised_ports.into_iter().collect();
        server.advertise(self.advertised_host.as_deref(), ports).await?;
        server.look(Care::AtStart).await?;
        Ok(server)
    }
}
