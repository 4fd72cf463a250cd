//! How the server is seen from outside, where addresses and ports are translated on the way: the published ports of a
//! container.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU16;

use parking_lot::RwLock;
use tokio::net::lookup_host;

/// A host as clients call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// A name, or an address.
    pub name: String,
    /// The address of that name.
    pub address: IpAddr,
}

impl Host {
    /// Looks up a name, or reads an address. Of several addresses it is an IPv4 one, for `PASV` can tell no other.
    ///
    /// # Errors
    /// Nobody knows the name.
    pub async fn find(name: &str) -> io::Result<Self> {
        let found: Vec<IpAddr> = lookup_host((name, 0)).await?.map(|found| found.ip()).collect();
        let address = found.iter().find(|ip| ip.is_ipv4()).or(found.first()).copied();
        let address = address.ok_or_else(|| io::Error::other("the name has no address"))?;
        Ok(Self { name: name.to_owned(), address })
    }

    /// Whether it is called by a name, and not by its address.
    #[must_use]
    pub fn is_a_name(&self) -> bool {
        self.name.parse::<IpAddr>().is_err()
    }
}

/// What clients are told in place of our own addresses and ports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advertised {
    /// The host they reach us at; as they have reached us without.
    pub host: Option<Host>,
    /// Ports of ours, and what they are outside. The others are the same there.
    pub ports: BTreeMap<NonZeroU16, NonZeroU16>,
}

impl Advertised {
    /// Where clients outside reach what listens here.
    #[must_use]
    pub fn of(&self, inside: SocketAddr) -> SocketAddr {
        let ip = self.host.as_ref().map_or(inside.ip(), |host| host.address);
        let port = NonZeroU16::new(inside.port()).and_then(|port| self.ports.get(&port));
        SocketAddr::new(ip, port.map_or(inside.port(), |port| port.get()))
    }

    /// Whether addresses are others on the way: then the one that a client calls its own tells us nothing.
    #[must_use]
    pub fn translates(&self) -> bool {
        self.host.is_some()
    }
}

/// What is advertised now. It may be said only when the server runs: which ports are published for a container is known
/// when it has started. Other scenarios in the same server are seen in the same way.
#[derive(Debug, Default)]
pub struct Outside(RwLock<Advertised>);

impl Outside {
    /// Advertises this from now on.
    pub fn advertise(&self, advertised: Advertised) {
        *self.0.write() = advertised;
    }

    /// What is advertised now.
    #[must_use]
    pub fn advertised(&self) -> Advertised {
        self.0.read().clone()
    }

    /// Where clients outside reach what listens here.
    #[must_use]
    pub fn of(&self, inside: SocketAddr) -> SocketAddr {
        self.0.read().of(inside)
    }

    /// Whether addresses are others on the way.
    #[must_use]
    pub fn translates(&self) -> bool {
        self.0.read().translates()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(number: u16) -> NonZeroU16 {
        NonZeroU16::new(number).unwrap()
    }

    #[test]
    fn a_port_without_another_number_keeps_its_own() {
        let inside: SocketAddr = "10.88.0.2:30000".parse().unwrap();
        let mut advertised = Advertised::default();
        assert_eq!(advertised.of(inside), inside);
        advertised.ports.insert(port(2121), port(49_152));
        assert_eq!(advertised.of(inside), inside);
        advertised.ports.insert(port(30_000), port(49_153));
        assert_eq!(advertised.of(inside), "10.88.0.2:49153".parse().unwrap());
    }

    #[tokio::test]
    async fn a_host_may_be_a_name_or_an_address() {
        let host = Host::find("localhost").await.unwrap();
        assert_eq!((host.name.as_str(), host.address), ("localhost", [127, 0, 0, 1].into()));
        assert_eq!(Host::find("::1").await.unwrap().address, "::1".parse::<IpAddr>().unwrap());
        assert!(Host::find("no such host").await.is_err());
    }
}
