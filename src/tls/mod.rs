//! TLS as a scenario shapes it: what is offered, the certificates that are shown, and which sessions a client may
//! resume. The records themselves are moved in [`crate::fault`].
//!
//! - [`settings`] - a scenario's `server: {tls: …}`.
//! - [`certificates`] - one for each word of `certificate:`; the valid one is signed when it is first asked for.
//! - [`sessions`] - what may be resumed, apart for each control connection.
//! - [`client`] - what our own probe trusts.
//! - [`hello`] - what a client says first, read before anything is answered.
//! - [`old`] - how a server looks that knows nothing newer than TLS 1.1.
//!
//! No key is made and no random number drawn before the first client shakes hands.

mod certificates;
mod client;
mod hello;
mod old;
mod sessions;
mod settings;

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{KeyLogFile, RootCertStore, ServerConfig};

use crate::engine::{Certificate, Task, Tls};
use hello::ClientHello;
use sessions::Sessions;

pub use certificates::{CA_PEM, CLIENT_PEM, Certificates};
pub use client::trusting;
pub use settings::{
    ClientCertificate, CloseNotify, Mode, Require, Reuse, Settings, Version, suite,
};

/// A scenario's TLS in service.
#[derive(Debug)]
pub struct Endpoint {
    /// What it looks like.
    pub settings: Settings,
    certificates: Arc<Certificates>,
    base: OnceLock<Result<ServerConfig, String>>,
}

impl Endpoint {
    /// Nothing is made yet.
    #[must_use]
    pub fn new(settings: Settings, certificates: Arc<Certificates>) -> Arc<Self> {
        Arc::new(Self { settings, certificates, base: OnceLock::new() })
    }

    /// What is the same for all connections.
    fn base(&self) -> io::Result<&ServerConfig> {
        let base = self.base.get_or_init(|| self.make().map_err(|error| error.to_string()));
        base.as_ref().map_err(|error| io::Error::other(error.clone()))
    }

    fn make(&self) -> Result<ServerConfig, Box<dyn std::error::Error>> {
        let settings = &self.settings;
        let mut provider = default_provider();
        if let Some(suites) = &settings.suites {
            provider.cipher_suites.clone_from(suites);
        }
        let provider = Arc::new(provider);
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&settings.protocol_versions())?;
        let builder = match settings.client_certificate {
            ClientCertificate::None => builder.with_no_client_auth(),
            asked => {
                let mut roots = RootCertStore::empty();
                roots.add(Certificates::authority()?)?;
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = match asked {
                    ClientCertificate::Required => verifier,
                    _ => verifier.allow_unauthenticated(),
                };
                builder.with_client_cert_verifier(verifier.build()?)
            }
        };
        let mut config = builder.with_cert_resolver(self.certificates.shown(settings.certificate));
        config.alpn_protocols.clone_from(&settings.alpn);
        // For `SSLKEYLOGFILE`, and for alerts that rustls itself would never send.
        config.key_log = Arc::new(KeyLogFile::new());
        config.enable_secret_extraction = true;
        Ok(config)
    }
}

/// The TLS of one control connection and its data connections.
#[derive(Debug)]
pub struct Session {
    endpoint: Arc<Endpoint>,
    sessions: Arc<Sessions>,
}

/// Whose handshake it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The control connection's.
    Control,
    /// That of a data connection for such a task.
    Data(Task),
}

impl Session {
    /// For a connection that begins now.
    #[must_use]
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        let Settings { tickets, ticket_lifetime, .. } = endpoint.settings;
        Self { sessions: Arc::new(Sessions::new(tickets, ticket_lifetime)), endpoint }
    }

    /// What TLS looks like.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.endpoint.settings
    }

    /// What is offered in a handshake, and the certificate if a rule wants another one.
    ///
    /// # Errors
    /// The scenario's settings exclude each other.
    pub fn config(
        &self,
        channel: Channel,
        certificate: Option<Certificate>,
    ) -> io::Result<Arc<ServerConfig>> {
        let mut config = self.endpoint.base()?.clone();
        config.send_tls13_tickets = match (channel, self.settings().tickets) {
            (Channel::Control, Some(tickets)) => tickets,
            (Channel::Control, None) => config.send_tls13_tickets,
            // Clients use a ticket once (RFC 8446, appendix C.4), so that each data connection has to give the next one. Where
            // data comes up the control connection gives it: the client would close over what it does not read.
            (Channel::Data(Task::Up), _) | (Channel::Data(_), Some(0)) => 0,
            (Channel::Data(_), _) => 1,
        };
        if let Some(certificate) = certificate {
            // A session that is resumed shows no certificate.
            config.cert_resolver = self.endpoint.certificates.shown(certificate);
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        } else {
            config.session_storage = Arc::clone(&self.sessions) as _;
            config.ticketer = Arc::clone(&self.sessions) as _;
        }
        Ok(Arc::new(config))
    }

    /// What the handshake will be that begins with this message.
    #[must_use]
    pub fn kind_of(&self, hello: Option<&[u8]>) -> Tls {
        let hello = hello.and_then(ClientHello::read);
        let knows = |hello: ClientHello| hello.resumes().any(|id| self.sessions.knows(id));
        if hello.is_some_and(knows) { Tls::Resumed } else { Tls::New }
    }

    /// What a server that is older than ours answers, if the scenario plays one.
    #[must_use]
    pub fn old_answer(&self, hello: Option<&[u8]>) -> Option<Vec<u8>> {
        let version = self.settings().old_version()?;
        let hello = hello.and_then(ClientHello::read)?;
        let shown = self.endpoint.certificates.get(self.settings().certificate, None).ok()?;
        Some(old::answer(&hello, version, &shown.cert))
    }
}
