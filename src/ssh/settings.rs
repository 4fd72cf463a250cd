//! The static shape of an SSH server: a scenario's `server: {ssh: …}`.

use std::time::Duration;

use crate::sftp;

/// How SSH looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The identification (RFC 4253, section 4.2), without its line end.
    pub identification: String,
    /// Shown before the login (RFC 4252, section 5.4).
    pub banner: Option<String>,
    /// What a client may log in by, in the order in which it is told.
    pub methods: Vec<Method>,
    /// How long a client may take to log in.
    pub grace: Option<Duration>,
    /// How SFTP looks.
    pub sftp: sftp::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            identification: concat!("SSH-2.0-badftp_", env!("CARGO_PKG_VERSION")).to_owned(),
            banner: None,
            methods: vec![Method::PublicKey, Method::Password, Method::KeyboardInteractive],
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
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }
}
