//! What `serve` and `run` start: a server, and the control listener beside it.

use std::net::SocketAddr;
use std::sync::Arc;

use super::flags::{Flags, Log, Ports};
use super::{Failure, ready};
use crate::control::{Access, Control};
use crate::scenario::Scenario;
use crate::server::Server;

/// A server and its control listener, both of them ready.
pub(super) struct Service {
    pub(super) server: Arc<Server>,
    control: Option<Control>,
}

impl Service {
    /// Starts both, and writes the ready file.
    pub(super) async fn start(
        scenario: Scenario,
        flags: &Flags,
        ports: Ports,
        log: Log,
    ) -> Result<Self, Failure> {
        let control = flags.control(ports);
        let control = match control {
            None => None,
            Some(address) => Some((address, flags.access(address)?)),
        };
        let builder = flags.builder(ports, log)?;
        ready::clear(flags.ready_file.as_deref())?;
        let server = builder.start(scenario).await.map_err(Failure::Start)?;
        let server = Arc::new(server);
        let control = match control {
            None => None,
            Some((address, access)) => {
                if matches!(access, Access::Nobody) {
                    tell_health_alone(address);
                }
                let started = Control::start(address, Arc::clone(&server), access).await;
                Some(started.map_err(|error| Failure::Control(address, error))?)
            }
        };
        let service = Self { server, control };
        if let Some(path) = &flags.ready_file {
            ready::write(path, service.addresses()).map_err(|error| {
                Failure::ours(format!("cannot write the ready file {}: {error}", path.display()))
            })?;
        }
        Ok(service)
    }

    /// Where a health check asks.
    pub(super) fn control_url(&self) -> Option<String> {
        self.control.as_ref().map(|control| format!("http://{}", control.address()))
    }

    /// Ends the control listener: from now on nobody loads another scenario.
    pub(super) async fn end_control(&mut self) {
        if let Some(control) = self.control.take() {
            control.stop().await;
        }
    }

    /// Stops at once: all ports are free when it returns.
    pub(super) async fn stop(mut self) {
        self.end_control().await;
        self.server.stop().await;
    }

    /// Every listener that is on, by its flag.
    fn addresses(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        let control = self.control.as_ref().map(|control| ("control", control.address()));
        let protocols = self.server.addresses();
        protocols.map(|(protocol, address)| (protocol.word(), address)).chain(control)
    }
}

fn tell_health_alone(address: SocketAddr) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    anstream::eprintln!(
        "{yellow}warning:{yellow:#} `--control {address}` can be reached from elsewhere and there is no token: it answers \
         /health alone\n\nhint: say who may ask by `--control-token TOKEN`, or `--control-token none` for everybody"
    );
}
