//! Ports with nobody who speaks behind them.

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::Vsftpd;
use super::daemon::wait_for_a_connection;
use crate::run::run;
use crate::site::{Family, Site};

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

/// A listener whose queue is full: the kernel drops every further SYN without a word, as a firewall does.
pub(crate) struct BlackHole {
    listener: Socket,
    _queue: Vec<Socket>,
}

impl BlackHole {
    pub(crate) fn open() -> Self {
        let socket = || Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket can be had");
        let listener = socket();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        listener.bind(&any.into()).expect("a loopback port can be bound");
        listener.listen(0).expect("a bound socket can listen");
        let address = listener.local_addr().expect("a bound socket has an address");
        let queue = (0..3).map(|_| socket()).collect::<Vec<_>>();
        for client in &queue {
            // Those that find no room go on trying, and fill the hole should one become free.
            let _ = client.connect_timeout(&address, Duration::from_millis(20));
        }
        Self { listener, _queue: queue }
    }

    pub(crate) fn port(&self) -> u16 {
        let address = self.listener.local_addr().expect("a bound socket has an address");
        address.as_socket().expect("it is an internet address").port()
    }
}
