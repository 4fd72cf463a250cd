//! What a client needs to know of a server.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Server, StartError};
use crate::engine::Protocol;
use crate::fault::blackhole::reachable;
use crate::run::{Advertised, Host};
use crate::ssh::{CLIENT_KEY, HOST_KEYS};
use crate::tls::{CA_PEM, CLIENT_PEM};

impl Server {
    /// Where each listener is bound; a protocol may have one for each address family.
    pub fn addresses(&self) -> impl Iterator<Item = (Protocol, SocketAddr)> {
        self.listeners.iter().map(|listener| (listener.protocol(), listener.address()))
    }

    /// Where a protocol is spoken, if it is: of several listeners, the one that was asked for.
    #[must_use]
    pub fn address(&self, protocol: Protocol) -> Option<SocketAddr> {
        let found = self.addresses().filter(|(other, _)| *other == protocol);
        found.last().map(|(_, address)| address)
    }

    /// Where FTP is spoken.
    ///
    /// # Panics
    /// The server was started without it; [`address`](Self::address) tells.
    #[must_use]
    pub fn ftp(&self) -> SocketAddr {
        self.address(Protocol::Ftp).expect("the server was started without FTP")
    }

    /// Where FTP with implicit TLS is spoken.
    ///
    /// # Panics
    /// The server was started without it; [`address`](Self::address) tells.
    #[must_use]
    pub fn ftps(&self) -> SocketAddr {
        self.address(Protocol::Ftps).expect("the server was started without FTPS")
    }

    /// Where SFTP is spoken.
    ///
    /// # Panics
    /// The server was started without it; [`address`](Self::address) tells.
    #[must_use]
    pub fn sftp(&self) -> SocketAddr {
        self.address(Protocol::Sftp).expect("the server was started without SFTP")
    }

    /// A user who may log in: the scenario's first, or one of any name.
    #[must_use]
    pub fn user(&self) -> String {
        self.run().accounts.sample().0
    }

    /// That user's password.
    #[must_use]
    pub fn password(&self) -> String {
        self.run().accounts.sample().1
    }

    /// A URL with that user and password in it: `ftp://badftp:badftp@127.0.0.1:40001`.
    #[must_use]
    pub fn url(&self, protocol: Protocol) -> Option<String> {
        let address = self.address(protocol)?;
        let (user, password) = self.run().accounts.sample();
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        Some(format!("{protocol}://{}:{}@{address}", encode(&user), encode(&password)))
    }

    /// The lines of a `known_hosts` file for the listeners of SFTP, as clients reach them; `None` without one.
    #[must_use]
    pub fn known_hosts(&self) -> Option<String> {
        let advertised = self.advertised();
        let sftp = self.addresses().filter(|(protocol, _)| *protocol == Protocol::Sftp);
        let lines = sftp.flat_map(|(_, address)| {
            let address = advertised.of(reachable(address));
            let (ip, port) = (address.ip(), address.port());
            let mut hosts = format!("[{ip}]:{port},[localhost]:{port}");
            if let Some(host) = advertised.host.as_ref().filter(|host| host.is_a_name()) {
                hosts = format!("[{}]:{port},{hosts}", host.name);
            }
            HOST_KEYS.map(|key| format!("{hosts} {key}"))
        });
        Some(lines.collect::<String>()).filter(|lines| !lines.is_empty())
    }

    /// What clients are told in place of our own addresses and ports.
    #[must_use]
    pub fn advertised(&self) -> Advertised {
        self.bounds.outside.advertised()
    }

    /// Tells clients that they reach the server at this host, a name or an address, and some of its ports by other
    /// numbers; see [`Builder::advertise`](super::Builder::advertise). It is in place of what was advertised before, and
    /// goes on with other scenarios.
    ///
    /// # Errors
    /// Nobody knows the address of the host.
    pub async fn advertise(
        &self,
        host: Option<&str>,
        ports: BTreeMap<NonZeroU16, NonZeroU16>,
    ) -> Result<(), StartError> {
        let host = match host {
            None => None,
            Some(name) => Some(
                Host::find(name)
                    .await
                    .map_err(|source| StartError::Advertise { host: name.to_owned(), source })?,
            ),
        };
        self.bounds.outside.advertise(Advertised { host, ports });
        Ok(())
    }

    /// A private key, in OpenSSH's format, by which any user without a password and without keys of his own may log
    /// in, and any name where a scenario has no users. It comes with badftp, and is anybody's.
    #[must_use]
    pub fn identity() -> &'static str {
        CLIENT_KEY[0]
    }

    /// The public half of [`identity`](Self::identity), for a user's `keys:`.
    #[must_use]
    pub fn identity_public() -> &'static str {
        CLIENT_KEY[1]
    }

    /// A certificate, in PEM, that a client may show where `client-certificate` asks for one; signed by the CA.
    #[must_use]
    pub fn client_certificate() -> &'static str {
        CLIENT_PEM[0]
    }

    /// Its private key, in PEM.
    #[must_use]
    pub fn client_key() -> &'static str {
        CLIENT_PEM[1]
    }

    /// The CA, in PEM, that a client has to trust.
    #[must_use]
    pub fn ca_pem() -> &'static str {
        CA_PEM
    }
}
