//! The static shape of TLS: a scenario's `server: {tls: …}`.

use std::time::Duration;

use rustls::crypto::aws_lc_rs::ALL_CIPHER_SUITES;
use rustls::{SupportedCipherSuite, SupportedProtocolVersion, version};

use crate::engine::Certificate;

/// How TLS looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the FTP port speaks.
    pub ftp: Mode,
    /// What the FTPS port speaks.
    pub ftps: Mode,
    /// What must not be in clear.
    pub require: Require,
    /// What is spoken.
    pub versions: Vec<Version>,
    /// The cipher suites; all of ours without.
    pub suites: Option<Vec<SupportedCipherSuite>>,
    /// Protocols of RFC 7301; whatever the client says without.
    pub alpn: Vec<Vec<u8>>,
    /// The certificate that is shown.
    pub certificate: Certificate,
    /// Whether the client is asked for one.
    pub client_certificate: ClientCertificate,
    /// Whether a data connection must resume the control connection's session.
    pub reuse: Reuse,
    /// How an upload's TLS has to end.
    pub close_notify: CloseNotify,
    /// How often a session can be resumed; for ever without.
    pub tickets: Option<usize>,
    /// For how long.
    pub ticket_lifetime: Option<Duration>,
    /// New keys after so many bytes.
    pub rekey: Option<u64>,
}

/// `ftp:` and `ftps:` of `tls`: when a port speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// When the client says `AUTH`.
    Explicit,
    /// From the first byte.
    Implicit,
    /// Never.
    None,
}

/// `require:`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Require {
    /// All may be in clear.
    None,
    /// Nobody logs in in clear.
    Login,
    /// Besides, no data goes in clear.
    Data,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// RFC 2246: only played.
    Tls10,
    /// RFC 4346: only played.
    Tls11,
    /// RFC 5246
    Tls12,
    /// RFC 8446
    Tls13,
}

/// `client-certificate:`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCertificate {
    /// Nobody asks for one.
    None,
    /// The client may show one; a wrong one is refused.
    Wanted,
    /// The client must show one that the test CA has signed.
    Required,
}

/// `session-reuse:`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// A data connection may resume a session or not.
    Any,
    /// It must.
    Required,
}

/// `close-notify:`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseNotify {
    /// An upload may end by FIN alone, as with vsftpd.
    Any,
    /// It is refused then, as with vsftpd's `strict_ssl_read_eof`, `ProFTPD` and `FileZilla` Server: what came need not be
    /// all there was.
    Required,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ftp: Mode::Explicit,
            ftps: Mode::Implicit,
            require: Require::None,
            versions: vec![Version::Tls12, Version::Tls13],
            suites: None,
            alpn: Vec::new(),
            certificate: Certificate::Valid,
            client_certificate: ClientCertificate::None,
            reuse: Reuse::Any,
            close_notify: CloseNotify::Any,
            tickets: None,
            ticket_lifetime: None,
            rekey: None,
        }
    }
}

impl Settings {
    /// Those that are really spoken.
    pub(super) fn protocol_versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let ours = |version: &Version| match version {
            Version::Tls10 | Version::Tls11 => None,
            Version::Tls12 => Some(&version::TLS12),
            Version::Tls13 => Some(&version::TLS13),
        };
        let versions: Vec<_> = self.versions.iter().filter_map(ours).collect();
        // An old server is played by hand, and never gets here.
        if versions.is_empty() { rustls::DEFAULT_VERSIONS.to_vec() } else { versions }
    }

    /// The newest version, where it is one that is only played.
    pub(super) fn old_version(&self) -> Option<Version> {
        let has = |version| self.versions.contains(&version);
        let is_new = has(Version::Tls12) || has(Version::Tls13);
        let newest = if has(Version::Tls11) { Version::Tls11 } else { Version::Tls10 };
        (!is_new).then_some(newest)
    }

    /// Whether one of the cipher suites can be used with one of the versions.
    #[must_use]
    pub fn can_agree(&self) -> bool {
        let versions = self.protocol_versions();
        let Some(suites) = &self.suites else { return true };
        let of = |suite: &SupportedCipherSuite| suite.version().version;
        suites.iter().any(|suite| versions.iter().any(|version| version.version == of(suite)))
    }
}

/// A cipher suite by its name in IANA's registry.
///
/// # Errors
/// The names that there are.
pub fn suite(name: &str) -> Result<SupportedCipherSuite, Vec<String>> {
    let name_of = |suite: &SupportedCipherSuite| {
        suite.suite().as_str().unwrap_or_default().replace("TLS13_", "TLS_")
    };
    let found = ALL_CIPHER_SUITES.iter().find(|suite| name_of(suite) == name);
    found.copied().ok_or_else(|| ALL_CIPHER_SUITES.iter().map(name_of).collect())
}
