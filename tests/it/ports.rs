//! Ports that a test names before anybody listens there, and that nobody else gets.
//!
//! A port that was bound once and let go may be given to anybody before the server that is meant to have it starts: the
//! system hands out free ports to all who ask for any. It never hands out those below its own range, so those are ours,
//! ten at a time. Another test, or another run of the tests, sees by a UDP socket on the first of the ten that they are
//! taken: UDP has ports of its own, so the socket is in no server's way.

use std::fs;
use std::net::{Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};

use crate::site::{Family, Site};

/// Below this, services of the system may listen.
const LOWEST: u16 = 10_000;

/// Ten ports, whose numbers differ in their last digit alone; ours until this is dropped.
pub(crate) struct Ports {
    first: u16,
    _claim: UdpSocket,
}

impl Ports {
    pub(crate) fn claim() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let tens = (given_by_the_system() - LOWEST) / 10;
        // Runs at the same time begin at different places.
        let own = u16::try_from(std::process::id() % u32::from(tens)).expect("it is below a u16");
        let free = (0..tens).find_map(|_| {
            let number = (NEXT.fetch_add(1, Ordering::Relaxed) % tens + own) % tens;
            Self::of(LOWEST + number * 10)
        });
        free.expect("ten ports in a row are free")
    }

    fn of(first: u16) -> Option<Self> {
        let claim = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, first)).ok()?;
        let is_free = |port| TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).is_ok();
        (first..first + 10).all(is_free).then_some(Self { first, _claim: claim })
    }

    /// The number of each without its last digit.
    pub(crate) fn tens(&self) -> u16 {
        self.first / 10
    }

    pub(crate) fn first(&self) -> u16 {
        self.first
    }

    /// Nobody listens there until somebody is told to.
    pub(crate) fn site(&self) -> Site {
        Site::at(self.address(Family::V4), "/")
    }

    pub(crate) fn address(&self, family: Family) -> SocketAddr {
        SocketAddr::new(family.loopback().parse().expect("it is an address"), self.first)
    }
}

/// Where the range begins of which the system gives ports to those who ask for any.
fn given_by_the_system() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let first = range.split_whitespace().next().and_then(|first| first.parse().ok());
    // The kernel's own default.
    let first = first.unwrap_or(32_768);
    assert!(
        first > 2 * LOWEST,
        "the system gives away ports from {first} on: none are left to claim"
    );
    first
}
