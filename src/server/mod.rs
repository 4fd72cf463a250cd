//! Binds, starts, probes, changes its scenario and stops: a scenario in service on its listeners.
//!
//! A Rust test has a server of its own:
//!
//! ```
//! use badftp::scenario::{Scenario, when};
//! use badftp::server::Server;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scenario = Scenario::builder()
//!     .rule(when("download").times(1).reply("425 Can't open data connection"))
//!     .build()?;
//! let server = Server::start(scenario).await?;
//! let ftp = server.ftp(); // where the client goes
//! # let _ = ftp;
//! assert!(!server.verify().await.passes(), "nobody has come yet");
//! # Ok(())
//! # }
//! ```
//!
//! One server may play many scenarios, one after the other. [`Server::load`] judges the one that it replaces, and
//! [`Server::replaced`] hands out these verdicts, each with the scenario's name. [`Server::reset`] begins the same one again
//! and judges nothing. A server that is dropped panics with every unmet verdict that nobody has asked for.

mod access;
mod bounds;
mod builder;
mod error;
mod files;
mod replaced;
mod verdict;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::engine::Protocol;
use crate::ftp;
use crate::listener::{Listener, Service};
use crate::run::Run;
use crate::scenario::Scenario;
use crate::ssh;
use crate::tls::{self, Certificates};

use bounds::Bounds;
use replaced::Verdicts;

pub use builder::Builder;
pub use error::StartError;
pub use replaced::Replaced;

/// How long the server's own probe of a listener may take.
const PROBE_WITHIN: Duration = Duration::from_secs(5);
/// The same at the start. It takes milliseconds, but a machine that builds something beside may give a server no turn for
/// seconds.
const FIRST_PROBE_WITHIN: Duration = Duration::from_secs(30);

/// A scenario in service.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<Listener>,
    service: watch::Sender<Service>,
    bounds: Bounds,
    /// Held while one scenario replaces another.
    loading: Mutex<()>,
    verdicts: Verdicts,
    certificates: Arc<Certificates>,
}

/// How closely a server looks at itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    AtStart,
    Thorough,
}

impl Server {
    /// Serves a scenario on free ports of 127.0.0.1, each protocol on one; ready when it returns.
    ///
    /// # Errors
    /// A port cannot be had, or does not answer.
    pub async fn start(scenario: Scenario) -> Result<Self, StartError> {
        Self::builder().start(scenario).await
    }

    /// A server on other ports, or with other bounds.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Speaks to each listener as a client would, without rules, counts or journal knowing of it.
    ///
    /// # Errors
    /// One did not answer as it should.
    pub async fn probe(&self) -> Result<(), StartError> {
        self.look(Care::Thorough).await
    }

    /// The same; not so thorough that a random number would be drawn before the first client comes.
    async fn look(&self, care: Care) -> Result<(), StartError> {
        for listener in &self.listeners {
            if listener.is_shut(&self.run()) {
                continue;
            }
            let (protocol, address) = (listener.protocol(), listener.address());
            let talk = async {
                let tcp = listener.knock().await?;
                match protocol {
                    Protocol::Ftp => ftp::probe(tcp).await,
                    Protocol::Ftps if care == Care::AtStart => ftp::knock_at_tls(tcp).await,
                    Protocol::Ftps => ftp::probe_over_tls(tcp, tls::trusting()?).await,
                    Protocol::Sftp => ssh::probe(tcp).await,
                }
            };
            let within = match care {
                Care::AtStart => FIRST_PROBE_WITHIN,
                Care::Thorough => PROBE_WITHIN,
            };
            let talked = timeout(within, talk).await;
            talked
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
                .map_err(|source| StartError::Probe { protocol, address, source })?;
        }
        Ok(())
    }

    /// The running scenario.
    #[must_use]
    pub fn run(&self) -> Arc<Run> {
        Arc::clone(&self.service.borrow().run)
    }

    /// Begins the running scenario again: counts, states, files and journal are as at its start. Connections that
    /// are open stay. What happened until now gets no verdict.
    pub fn reset(&self) {
        self.run().reset();
    }

    /// Stops at once: ports are free and sessions gone when it returns.
    pub async fn stop(&self) {
        for listener in &self.listeners {
            listener.stop().await;
        }
    }
}
