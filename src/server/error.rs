//! Why a server did not start.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::engine::Protocol;

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
    /// A passive port could not be had.
    PassivePort {
        /// Where it should have been.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody knows the address of the host that is to be advertised.
    Advertise {
        /// The host.
        host: String,
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
            Self::PassivePort { address, .. } => {
                write!(f, "cannot listen on the passive port {address}")
            }
            Self::Advertise { host, .. } => write!(f, "cannot look up the host `{host}`"),
            Self::Probe { protocol, address, .. } => {
                write!(f, "the {protocol} listener on {address} does not answer as it should")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Bind { source, .. }
            | Self::PassivePort { source, .. }
            | Self::Advertise { source, .. }
            | Self::Probe { source, .. } => Some(source),
        }
    }
}
