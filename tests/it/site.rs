//! Where a server is and who may log in there: all that a client must be told.

use std::net::SocketAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

impl Family {
    pub(crate) fn any_port(self) -> &'static str {
        match self {
            Family::V4 => "127.0.0.1:0",
            Family::V6 => "[::1]:0",
        }
    }

    pub(crate) fn loopback(self) -> &'static str {
        match self {
            Family::V4 => "127.0.0.1",
            Family::V6 => "::1",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    /// The folder in which that user may write, with a slash at its end.
    pub(crate) folder: &'static str,
}

impl Site {
    /// The account that all our servers have; vsftpd has only the anonymous one.
    pub(crate) fn at(address: SocketAddr, folder: &'static str) -> Self {
        Self { address, user: "anonymous", password: "frog", folder }
    }

    pub(crate) fn login(&self, user: &'static str, password: &'static str) -> Self {
        Self { user, password, ..self.clone() }
    }

    /// A name in the folder where one may write.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// The URL of a path, of which only the characters that mean something in URLs are escaped.
    pub(crate) fn url(&self, path: &str) -> String {
        let escape = |byte: u8| match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b';' | b'=' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        format!("ftp://{}{}", self.address, path.bytes().map(escape).collect::<String>())
    }
}
