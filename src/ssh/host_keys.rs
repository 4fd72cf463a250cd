//! The host keys that come with badftp: the same at every start, so that a client's `known_hosts` can name them.
//!
//! Their private halves are public. They are for tests on a loopback port, and prove nothing to anybody.

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
