//! Where a server is and who may log in there: all that a client must be told.

use std::net::{IpAddr, SocketAddr};

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

/// How a client is to speak TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tls {
    pub(crate) way: Way,
    /// Whether data is protected, too.
    pub(crate) data: Data,
    /// Whether data connections resume the control connection's session. ftplib does only where it is told to, and
    /// lftp always does.
    pub(crate) resumes: bool,
    /// Nothing but this version, where the client can be told: `1.2`.
    pub(crate) version: Option<&'static str>,
    /// The pair in `certs/` that the client shows.
    pub(crate) shows: Option<&'static str>,
}

/// Whether TLS begins by `AUTH` or at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Explicit,
    Implicit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Private,
    Clear,
}

impl Tls {
    pub(crate) const EXPLICIT: Self =
        Self { way: Way::Explicit, data: Data::Private, resumes: true, version: None, shows: None };
    pub(crate) const IMPLICIT: Self = Self { way: Way::Implicit, ..Self::EXPLICIT };
}

#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    /// The folder in which that user may write, with a slash at its end.
    pub(crate) folder: &'static str,
    /// In clear without.
    pub(crate) tls: Option<Tls>,
    /// Where the server finds the client in active mode, if addresses are translated between them.
    pub(crate) calls_back: Option<IpAddr>,
}

impl Site {
    /// The account that all our servers have; vsftpd has only the anonymous one.
    pub(crate) fn at(address: SocketAddr, folder: &'static str) -> Self {
        Self { address, user: "anonymous", password: "frog", folder, tls: None, calls_back: None }
    }

    pub(crate) fn login(&self, user: &'static str, password: &'static str) -> Self {
        Self { user, password, ..self.clone() }
    }

    /// The same for a client that speaks TLS, or for one that does not.
    pub(crate) fn over(self, tls: impl Into<Option<Tls>>) -> Self {
        Self { tls: tls.into(), ..self }
    }

    pub(crate) fn is_implicit(&self) -> bool {
        self.tls.is_some_and(|tls| tls.way == Way::Implicit)
    }

    /// `ftp://127.0.0.1:2121`
    pub(crate) fn origin(&self) -> String {
        let scheme = if self.is_implicit() { "ftps" } else { "ftp" };
        format!("{scheme}://{}", self.address)
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
        self.origin() + &path.bytes().map(escape).collect::<String>()
    }
}
