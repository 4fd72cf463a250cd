//! What the server offers: algorithms, keys, limits.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};

use super::host_keys;
use super::settings::{Method, Settings};
use crate::sftp;

/// As many refused logins as OpenSSH takes.
const MOST_ATTEMPTS: usize = 6;

/// A server ready to serve: its settings, and what russh makes of them.
pub struct Shape {
    pub(super) settings: Settings,
    pub(super) sftp: Arc<sftp::Settings>,
    pub(super) config: Arc<Config>,
}

impl Shape {
    /// Makes a server of its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let sftp = Arc::new(settings.sftp.clone());
        let config = Arc::new(config(&settings));
        Self { settings, sftp, config }
    }

    /// The methods as russh knows them.
    pub(super) fn methods(&self) -> MethodSet {
        methods(&self.settings)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shape").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn config(settings: &Settings) -> Config {
    // A key that cannot be read is left out; a test reads them all.
    let keys = host_keys::PRIVATE.iter().filter_map(|key| PrivateKey::from_openssh(key).ok());
    Config {
        server_id: SshId::Standard(Cow::Owned(settings.identification.clone())),
        methods: methods(settings),
        keys: keys.collect(),
        preferred: PREFERRED,
        max_auth_attempts: MOST_ATTEMPTS,
        // Rules say how long anything takes; nothing else waits.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        inactivity_timeout: None,
        ..Config::default()
    }
}

fn methods(settings: &Settings) -> MethodSet {
    let offered = settings.methods.iter().filter_map(|method| match method {
        // Nobody is told that a name is enough.
        Method::None => None,
        Method::Password => Some(MethodKind::Password),
        Method::PublicKey => Some(MethodKind::PublicKey),
        Method::KeyboardInteractive => Some(MethodKind::KeyboardInteractive),
    });
    MethodSet::from(offered.collect::<Vec<_>>().as_slice())
}

/// What today's clients want, and what old ones need: libssh2 1.10 knows neither GCM nor `-etm` MACs, and much that is
/// older than that only SHA-1.
const PREFERRED: Preferred = Preferred {
    kex: Cow::Borrowed(&[
        kex::MLKEM768X25519_SHA256,
        kex::CURVE25519,
        kex::CURVE25519_PRE_RFC_8731,
        kex::ECDH_SHA2_NISTP256,
        kex::ECDH_SHA2_NISTP384,
        kex::ECDH_SHA2_NISTP521,
        kex::DH_GEX_SHA256,
        kex::DH_G16_SHA512,
        kex::DH_G18_SHA512,
        kex::DH_G14_SHA256,
        kex::DH_G14_SHA1,
        kex::EXTENSION_SUPPORT_AS_SERVER,
        kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
    ]),
    key: Cow::Borrowed(&[
        Algorithm::Ed25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        // These two no host key of ours has, but a client's may.
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
        Algorithm::Rsa { hash: None },
    ]),
    host_key_certificates: Cow::Borrowed(&[]),
    cipher: Cow::Borrowed(&[
        cipher::CHACHA20_POLY1305,
        cipher::AES_128_GCM,
        cipher::AES_256_GCM,
        cipher::AES_128_CTR,
        cipher::AES_192_CTR,
        cipher::AES_256_CTR,
        cipher::AES_128_CBC,
        cipher::AES_192_CBC,
        cipher::AES_256_CBC,
    ]),
    mac: Cow::Borrowed(&[
        mac::HMAC_SHA256_ETM,
        mac::HMAC_SHA512_ETM,
        mac::HMAC_SHA1_ETM,
        mac::HMAC_SHA256,
        mac::HMAC_SHA512,
        mac::HMAC_SHA1,
    ]),
    compression: Cow::Borrowed(&[compression::NONE, compression::ZLIB_LEGACY, compression::ZLIB]),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_key_can_be_read() {
        assert_eq!(Shape::new(Settings::default()).config.keys.len(), host_keys::PRIVATE.len());
    }
}
