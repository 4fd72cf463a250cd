//! The static shape of an SSH server: a scenario's `server: {ssh: …}`.

use std::time::Duration;

use crate::engine::word_of;
use crate::sftp;

/// How SSH looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The identification (RFC 4253, section 4.2), without its line end.
    pub identification: String,
    /// Shown before the login (RFC 4252, section 5.4).
    pub banner: Option<String>,
    /// Algorithms, where they are not the usual ones.
    pub algorithms: Algorithms,
    /// What a client may log in by, in the order in which it is told: each a chain of methods, all of which are needed.
    pub methods: Vec<Vec<Method>>,
    /// What `keyboard-interactive` asks; the first answer is the password.
    pub prompts: Vec<String>,
    /// How many bytes a client may send on a channel before it must wait (RFC 4254, section 5.2).
    pub window: u32,
    /// The longest piece of data that a client may send on a channel.
    pub packet: u32,
    /// Keys are exchanged again after so many bytes.
    pub rekey: Option<u64>,
    /// How long a client may take to log in.
    pub grace: Option<Duration>,
    /// How SFTP looks.
    pub sftp: sftp::Settings,
}

/// The algorithms of a server, most wanted first. A list that is not there is the usual one.
#[derive(Debug, Clone, Default)]
pub struct Algorithms {
    /// Key exchanges.
    pub kex: Option<Vec<String>>,
    /// What the host signs with.
    pub host_keys: Option<Vec<String>>,
    /// Ciphers, of both directions.
    pub ciphers: Option<Vec<String>>,
    /// MACs, of both directions.
    pub macs: Option<Vec<String>>,
    /// What a client's key may sign with (RFC 8308, section 3.1).
    pub signatures: Option<Vec<String>>,
}

/// As an OpenSSH, whose SFTP ours is: libraries decide by this name in which order the paths of `SSH_FXP_SYMLINK` come, and
/// how long a packet may be. Who it really is says the comment behind.
const IDENTIFICATION: &str = concat!("SSH-2.0-OpenSSH_9.2p1 badftp_", env!("CARGO_PKG_VERSION"));

impl Default for Settings {
    fn default() -> Self {
        let methods = [Method::PublicKey, Method::Password, Method::KeyboardInteractive];
        Self {
            identification: IDENTIFICATION.to_owned(),
            banner: None,
            algorithms: Algorithms::default(),
            methods: methods.map(|method| vec![method]).to_vec(),
            prompts: vec!["Password: ".to_owned()],
            window: 2 << 20,
            packet: 32 << 10,
            rekey: None,
            grace: None,
            sftp: sftp::Settings::default(),
        }
    }
}

/// A way to log in (RFC 4252, section 5; RFC 4256).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A name is enough.
    None,
    /// A password.
    Password,
    /// A key.
    PublicKey,
    /// Answers to questions, of which the password is one.
    KeyboardInteractive,
}

impl Method {
    /// Every method with its word in a scenario, which is the wire's.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::None, "none"),
        (Self::Password, "password"),
        (Self::PublicKey, "publickey"),
        (Self::KeyboardInteractive, "keyboard-interactive"),
    ];

    /// The wire's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}
