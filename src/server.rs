//! Binds, starts, probes, changes its scenario and stops: a scenario in service on its listeners.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::engine::Protocol;
use crate::files::{Files, Limits, Tree};
use crate::ftp;
use crate::journal::{Journal, Writer};
use crate::listener::{Listener, ProxyHeader, Service};
use crate::run::{Accounts, Network, Parts, Run};
use crate::scenario::Scenario;
use crate::ssh;
use crate::tls::{self, Certificates, Endpoint};

/// How long the server's own probe of a listener may take.
const PROBE_WITHIN: Duration = Duration::from_secs(5);

/// Where to listen and how much to bear.
#[derive(Debug)]
pub struct Options {
    /// A listener each, with the flag that errors name.
    pub listen: Vec<(Protocol, SocketAddr)>,
    /// The cap on every stall.
    pub max_hold: Duration,
    /// Bytes that clients may store.
    pub capacity: u64,
    /// Where the journal goes besides memory.
    pub writers: Vec<Writer>,
    /// Names that the valid certificate is for, besides those of this machine.
    pub hostnames: Vec<String>,
}

/// A scenario in service.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<Listener>,
    service: watch::Sender<Service>,
    max_hold: Duration,
    capacity: u64,
    certificates: Arc<Certificates>,
}

/// Why a server did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// A port could not be had.
    Bind {
        /// The listener's protocol, which is also its flag.
        protocol: Protocol,
        /// Where it should have been.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// A listener did not answer the server's own probe as it should.
    Probe {
        /// The listener's protocol, which is also its flag.
        protocol: Protocol,
        /// Where it is.
        address: SocketAddr,
        /// What went wrong.
        source: io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { protocol, address, .. } => {
                write!(f, "cannot listen on `--{protocol} {address}`")
            }
            Self::Probe { protocol, address, .. } => {
                write!(f, "the {protocol} listener on {address} does not answer as it should")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Bind { source, .. } | Self::Probe { source, .. } => Some(source),
        }
    }
}

impl Server {
    /// Binds every listener, and probes each that no rule shuts.
    ///
    /// # Errors
    /// A port cannot be had, or does not answer.
    pub async fn start(scenario: Scenario, options: Options) -> Result<Self, StartError> {
        let Options { listen, max_hold, capacity, writers, hostnames } = options;
        let certificates = Arc::new(Certificates::for_hosts(hostnames));
        let journal = Arc::new(Journal::new(writers));
        let (family, proxy_header) = (scenario.family, scenario.proxy_header);
        let tls = Endpoint::new(scenario.tls.clone(), Arc::clone(&certificates));
        let (parts, ftp, ssh) = parts(scenario, capacity, max_hold, journal);
        let service =
            watch::Sender::new(Service { proxy_header, run: Run::begin(parts), ftp, ssh, tls });
        let healthy = healthy(max_hold, Arc::clone(&certificates));
        let mut listeners = Vec::new();
        for (protocol, address) in listen {
            let started = Listener::start_family(protocol, address, family, &service, &healthy)
                .map_err(|source| StartError::Bind { protocol, address, source })?;
            listeners.extend(started);
        }
        let server = Self { listeners, service, max_hold, capacity, certificates };
        server.probe().await?;
        Ok(server)
    }

    /// Speaks to each listener as a client would, without rules, counts or journal knowing of it.
    ///
    /// # Errors
    /// One did not answer as it should.
    pub async fn probe(&self) -> Result<(), StartError> {
        for listener in &self.listeners {
            if listener.is_shut(&self.run()) {
                continue;
            }
            let (protocol, address) = (listener.protocol(), listener.address());
            let talk = async {
                let tcp = listener.knock().await?;
                match protocol {
                    Protocol::Ftp => ftp::probe(tcp).await,
                    Protocol::Ftps => ftp::probe_tls(tcp).await,
                    Protocol::Sftp => ssh::probe(tcp).await,
                }
            };
            let talked = timeout(PROBE_WITHIN, talk).await;
            talked
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
                .map_err(|source| StartError::Probe { protocol, address, source })?;
        }
        Ok(())
    }

    /// Where each listener is bound.
    pub fn addresses(&self) -> impl Iterator<Item = (Protocol, SocketAddr)> {
        self.listeners.iter().map(|listener| (listener.protocol(), listener.address()))
    }

    /// The running scenario.
    #[must_use]
    pub fn run(&self) -> Arc<Run> {
        Arc::clone(&self.service.borrow().run)
    }

    /// Begins another scenario in place of the running one. Connections made from now on get it, with counts,
    /// states and files as at a start; those that are open keep what they have. The journal goes on, and the
    /// ports are those of the start, whatever its `family`.
    pub fn load(&self, scenario: Scenario) {
        self.service.send_modify(|service| {
            let journal = Arc::clone(&service.run.journal);
            let proxy_header = scenario.proxy_header;
            let tls = Endpoint::new(scenario.tls.clone(), Arc::clone(&self.certificates));
            let (parts, ftp, ssh) = parts(scenario, self.capacity, self.max_hold, journal);
            *service = Service { proxy_header, run: service.run.succeed(parts), ftp, ssh, tls };
        });
    }

    /// Stops at once: ports are free and sessions gone when it returns.
    pub async fn stop(&self) {
        for listener in &self.listeners {
            listener.stop().await;
        }
    }
}

/// Files, directories and links at most.
const MAX_FILES: usize = 1_000_000;

/// What a run, FTP and SSH have of a scenario.
fn parts(
    scenario: Scenario,
    capacity: u64,
    max_hold: Duration,
    journal: Arc<Journal>,
) -> (Parts, Arc<ftp::Settings>, Arc<ssh::Shape>) {
    let parts = Parts {
        rules: scenario.rules,
        seed: scenario.seed,
        files: files(scenario.files, capacity),
        accounts: scenario.accounts,
        network: scenario.network,
        journal,
        max_hold,
    };
    (parts, Arc::new(scenario.ftp), Arc::new(ssh::Shape::new(scenario.ssh)))
}

fn files(tree: Tree, capacity: u64) -> Files {
    Files::new(tree, Limits { capacity, files: MAX_FILES }, crate::run::now)
}

/// What a probe gets: a server without rules, files or memory of it.
fn healthy(max_hold: Duration, certificates: Arc<Certificates>) -> Service {
    let run = Run::begin(Parts {
        rules: Vec::new(),
        seed: 0,
        files: files(Tree::new(), 0),
        accounts: Accounts::default(),
        network: Network::default(),
        journal: Arc::default(),
        max_hold,
    });
    let ssh = Arc::new(ssh::Shape::new(ssh::Settings::default()));
    let tls = Endpoint::new(tls::Settings::default(), certificates);
    Service { proxy_header: ProxyHeader::None, run, ftp: Arc::default(), ssh, tls }
}
