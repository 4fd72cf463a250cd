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
