//! Ports with nobody behind them.

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::thread::{self, JoinHandle};

use super::Vsftpd;
use super::daemon::{free_address, wait_for_a_connection};
use crate::run::run;
use crate::site::{Family, Site};

/// A port on which nothing listens.
pub(crate) fn refused() -> Site {
    Site::at(free_address(Family::V4), "/")
}

/// A real server that has been stopped: the kernel completes connections for it, and nobody ever speaks.
pub(crate) struct Silent(Vsftpd);

impl Silent {
    pub(crate) fn server() -> Self {
        let server = Vsftpd::healthy(Family::V4);
        run(Command::new("kill").args(["-STOP", &server.id().to_string()])).ok();
        Self(server)
    }

    pub(crate) fn site(&self) -> Site {
        self.0.site()
    }
}

/// A port whose listener goes away once a client waits in its queue, which makes the kernel send that client an RST.
pub(crate) fn resetting() -> (Site, JoinHandle<()>) {
    let listener = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address: SocketAddr = listener.local_addr().expect("a bound socket has an address");
    let thread = thread::spawn(move || {
        wait_for_a_connection(address.port());
        drop(listener);
    });
    (Site::at(address, "/"), thread)
}
