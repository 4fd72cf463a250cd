//! What holds for every scenario that a server is given.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::files::{Files, Limits, Tree};
use crate::ftp;
use crate::journal::Journal;
use crate::listener::Service;
use crate::run::{Outside, Parts, Run};
use crate::scenario::Scenario;
use crate::ssh;
use crate::tls::{Certificates, Endpoint};

/// Files, directories and links at most.
const MAX_FILES: usize = 1_000_000;

/// How much a server bears, and how it is reached, whatever its scenario says.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// The cap on every stall.
    pub(super) max_hold: Duration,
    /// Bytes that clients may store.
    pub(super) capacity: u64,
    /// The seed instead of the scenario's.
    pub(super) seed: Option<u64>,
    /// How it is seen from outside.
    pub(super) outside: Arc<Outside>,
    /// Where FTP's data connections come in, if not at any port.
    pub(super) passive_ports: Option<Arc<ftp::SharedPorts>>,
}

impl Bounds {
    /// A scenario in service, by a run that `begin` begins.
    pub(super) fn service(
        &self,
        scenario: Scenario,
        journal: Arc<Journal>,
        certificates: &Arc<Certificates>,
        begin: impl FnOnce(Parts) -> Arc<Run>,
    ) -> Service {
        let name = scenario.label().into();
        let parts = Parts {
            title: scenario.title(),
            rules: scenario.rules,
            expectations: scenario.expectations,
            seed: self.seed.unwrap_or(scenario.seed),
            files: self.files(scenario.files),
            accounts: scenario.accounts,
            network: scenario.network,
            journal,
            max_hold: self.max_hold,
            outside: Arc::clone(&self.outside),
        };
        Service {
            name,
            proxy_header: scenario.proxy_header,
            run: begin(parts),
            ftp: Arc::new(scenario.ftp),
            passive_ports: self.passive_ports.clone(),
            ssh: Arc::new(ssh::Shape::new(scenario.ssh)),
            tls: Endpoint::new(scenario.tls, Arc::clone(certificates)),
        }
    }

    /// What a probe gets: a server without rules, files or memory of it.
    pub(super) fn healthy(&self, certificates: &Arc<Certificates>) -> Service {
        let scenario = Scenario { files: Tree::new(), ..Scenario::healthy() };
        Self { capacity: 0, ..self.clone() }.service(
            scenario,
            Arc::default(),
            certificates,
            Run::begin,
        )
    }

    fn files(&self, tree: Tree) -> Files {
        // Whole seconds: no server of FTP tells more of what was stored, and SFTP cannot. A fraction is a scenario's own.
        let now = || Timestamp::from_second(crate::run::now().as_second()).unwrap_or_default();
        Files::new(tree, Limits { capacity: self.capacity, files: MAX_FILES }, now)
    }
}
