//! What the server offers: algorithms, keys, limits.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::server::Config;
use russh::{Limits, MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};

use super::host_keys;
use super::message::Offer;
use super::settings::{Algorithms, Method, Settings};
use crate::engine::HostKey;
use crate::sftp;

/// A server ready to serve: its settings, and what russh makes of them.
pub struct Shape {
    pub(super) settings: Settings,
    pub(super) sftp: Arc<sftp::Settings>,
    pub(super) config: Arc<Config>,
    /// What is offered in the place of what russh can do. The key exchange ends there.
    pub(super) offer: Option<Offer>,
}

impl Shape {
    /// Makes a server of its settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let sftp = Arc::new(settings.sftp.clone());
        let config = Arc::new(config(&settings, &host_keys::PRIVATE));
        let offer = offer(&settings.algorithms);
        Self { settings, sftp, config, offer }
    }

    /// The same for one connection that sees another key, or an identification that a rule has said.
    pub(super) fn config_of(&self, key: HostKey, said: Option<String>) -> Arc<Config> {
        if key != HostKey::Changed && said.is_none() {
            return Arc::clone(&self.config);
        }
        let changed = key == HostKey::Changed;
        let keys = if changed { &host_keys::ANOTHERS } else { &host_keys::PRIVATE };
        let mut config = config(&self.settings, keys);
        if let Some(said) = said {
            config.server_id = SshId::Standard(Cow::Owned(said));
        }
        Arc::new(config)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shape").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn config(settings: &Settings, keys: &[&str]) -> Config {
    // A key that cannot be read is left out; a test reads them all.
    let keys = keys.iter().filter_map(|key| PrivateKey::from_openssh(key).ok());
    let Algorithms { kex, host_keys, ciphers, macs, signatures } = &settings.algorithms;
    let keys = keys.filter(|key| {
        host_keys.as_ref().is_none_or(|wanted| wanted.iter().any(|name| is_of(key, name)))
    });
    let preferred = Preferred {
        kex: kex.as_ref().map_or(PREFERRED.kex, |names| known(names)),
        key: match (host_keys, signatures) {
            (None, None) => PREFERRED.key,
            (Some(names), None) => known(names),
            // What a client's key may sign with is told in the same list as what the host signs with.
            (names, Some(signatures)) => {
                let host = names.clone().unwrap_or_else(|| vec!["ssh-ed25519".to_owned()]);
                known(&[host, signatures.clone()].concat())
            }
        },
        cipher: ciphers.as_ref().map_or(PREFERRED.cipher, |names| known(names)),
        mac: macs.as_ref().map_or(PREFERRED.mac, |names| known(names)),
        ..PREFERRED
    };
    let rekey = settings.rekey.and_then(|rekey| usize::try_from(rekey).ok());
    let limits = rekey.map_or_else(Limits::default, |rekey| Limits {
        rekey_write_limit: rekey,
        rekey_read_limit: rekey,
        ..Limits::default()
    });
    Config {
        server_id: SshId::Standard(Cow::Owned(settings.identification.clone())),
        methods: methods(settings.methods.iter().filter_map(|chain| chain.first())),
        keys: keys.collect(),
        preferred,
        limits,
        window_size: settings.window,
        maximum_packet_size: settings.packet,
        // We count them ourselves, and leave as OpenSSH does.
        max_auth_attempts: usize::MAX,
        // Rules say how long anything takes; nothing else waits.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        inactivity_timeout: None,
        ..Config::default()
    }
}

/// Those of the names that russh knows.
fn known<T: Clone + for<'n> Named<'n>>(names: &[String]) -> Cow<'static, [T]> {
    names.iter().filter_map(|name| T::named(name)).collect::<Vec<T>>().into()
}

/// What has a name of RFC 4250, section 4.11.
trait Named<'n>: Sized {
    fn named(name: &'n str) -> Option<Self>;
}

impl<'n> Named<'n> for kex::Name {
    fn named(name: &'n str) -> Option<Self> {
        // Two names are signals, which a list may have or not.
        let signals =
            [kex::EXTENSION_SUPPORT_AS_SERVER, kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER];
        let signal = signals.into_iter().find(|signal| signal.as_ref() == name);
        signal.or_else(|| Self::try_from(name).ok()).filter(|_| name != "none")
    }
}

impl<'n> Named<'n> for cipher::Name {
    fn named(name: &'n str) -> Option<Self> {
        Self::try_from(name).ok().filter(|_| name != "clear" && name != "none")
    }
}

impl<'n> Named<'n> for mac::Name {
    fn named(name: &'n str) -> Option<Self> {
        Self::try_from(name).ok().filter(|_| name != "none")
    }
}

impl<'n> Named<'n> for Algorithm {
    fn named(name: &'n str) -> Option<Self> {
        PREFERRED.key.iter().find(|algorithm| algorithm.as_str() == name).cloned()
    }
}

/// Whether a key can sign so.
fn is_of(key: &PrivateKey, algorithm: &str) -> bool {
    match key.algorithm() {
        Algorithm::Rsa { .. } => algorithm == "ssh-rsa" || algorithm.starts_with("rsa-sha2-"),
        other => other.as_str() == algorithm,
    }
}

/// Whether russh can do all that is offered; what else is offered, nobody can agree on with it.
fn offer(algorithms: &Algorithms) -> Option<Offer> {
    let Algorithms { kex, host_keys, ciphers, macs, .. } = algorithms;
    let unknown = [kex, host_keys, ciphers, macs];
    let unknown = unknown.into_iter().flatten().flatten().any(|name| !can_do(name));
    unknown.then(|| Offer {
        kex: joined(kex.as_deref(), &PREFERRED.kex),
        host_keys: joined(host_keys.as_deref(), &PREFERRED.key),
        ciphers: joined(ciphers.as_deref(), &PREFERRED.cipher),
        macs: joined(macs.as_deref(), &PREFERRED.mac),
    })
}

/// Whether an algorithm of this name, of whatever kind, is more than a name here.
#[must_use]
pub fn can_do(name: &str) -> bool {
    kex::Name::named(name).is_some()
        || cipher::Name::named(name).is_some()
        || mac::Name::named(name).is_some()
        || Algorithm::named(name).is_some()
}

fn joined<T: AsRef<str>>(names: Option<&[String]>, usual: &[T]) -> String {
    let usual = || usual.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",");
    names.map_or_else(usual, |names| names.join(","))
}

/// The methods as russh knows them.
pub(super) fn methods<'m>(methods: impl Iterator<Item = &'m Method>) -> MethodSet {
    let offered = methods.filter_map(|method| match method {
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
