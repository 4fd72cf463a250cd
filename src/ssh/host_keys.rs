//! The keys that come with badftp: the host's, the same at every start so that a client's `known_hosts` can name them,
//! and one for clients.
//!
//! Their private halves are public. They are for tests on a loopback port, and prove nothing to anybody.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD as STANDARD, BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD};
use sha2::{Digest, Sha256};

/// The private keys, most wanted first.
pub(super) const PRIVATE: [&str; 3] = [
    include_str!("../../certs/ssh_host_ed25519_key"),
    include_str!("../../certs/ssh_host_ecdsa_key"),
    include_str!("../../certs/ssh_host_rsa_key"),
];

/// Those of another host, which a client that knows the first has never seen.
pub(super) const ANOTHERS: [&str; 3] = [
    include_str!("../../certs/ssh_other_host_ed25519_key"),
    include_str!("../../certs/ssh_other_host_ecdsa_key"),
    include_str!("../../certs/ssh_other_host_rsa_key"),
];

/// The public keys, as a line of `known_hosts` has them behind the host's name.
pub const HOST_KEYS: [&str; 3] = [
    include_str!("../../certs/ssh_host_ed25519_key.pub"),
    include_str!("../../certs/ssh_host_ecdsa_key.pub"),
    include_str!("../../certs/ssh_host_rsa_key.pub"),
];

/// A client's private key and its public half.
pub const CLIENT_KEY: [&str; 2] = [
    include_str!("../../certs/ssh_client_ed25519_key"),
    include_str!("../../certs/ssh_client_ed25519_key.pub"),
];

/// The fingerprint of the host key that most clients choose, as OpenSSH shows it.
#[must_use]
pub fn fingerprint() -> String {
    let blob = HOST_KEYS[0].split(' ').nth(1).unwrap_or_default();
    let blob = STANDARD.decode(blob).unwrap_or_default();
    format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(blob)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fingerprint_is_what_ssh_keygen_says() {
        let expected = "SHA256:AeJnuvChVWwrZ5z1Enh7gmGkK06RlpSo/IX5R2GRZnc";
        assert_eq!(super::fingerprint(), expected);
    }
}
