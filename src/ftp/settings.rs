//! The static shape of an FTP server: a scenario's `server: {ftp: …}`.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::engine::Template;

/// How FTP looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The greeting, with its code: `220 ready`.
    pub greeting: Template,
    /// What a login needs.
    pub login: Login,
    /// The style of `LIST`.
    pub listing: Listing,
    /// The facts `MLSD` and `MLST` tell, in this order (RFC 3659, section 7.5).
    pub facts: Vec<Fact>,
    /// Whether listings show `.` and `..`.
    pub dots: Dots,
    /// Verbs this server does not know, in capitals.
    pub without: Vec<String>,
    /// What `REST` does to an upload.
    pub restart: Restart,
    /// Ports to listen on for data; any free one without.
    pub passive_ports: Option<RangeInclusive<u16>>,
    /// How names and texts are written on the wire.
    pub charset: Charset,
    /// How long a client may take to log in.
    pub grace: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            greeting: Template::text("220 badftp ready"),
            login: Login::Password,
            listing: Listing::Unix,
            facts: Fact::ALL.map(|(fact, _)| fact).to_vec(),
            dots: Dots::Hidden,
            without: Vec::new(),
            restart: Restart::Exact,
            passive_ports: None,
            charset: Charset::Utf8,
            grace: None,
        }
    }
}

impl Settings {
    /// Whether a verb or feature was taken away.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.without.iter().any(|taken| taken.eq_ignore_ascii_case(name))
    }

    /// Whether names are said to be UTF-8.
    pub(super) fn has_utf8(&self) -> bool {
        self.charset == Charset::Utf8 && !self.lacks("UTF8")
    }
}

/// `methods:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// `none`: USER is enough.
    None,
    /// `password`: USER, then PASS.
    Password,
}

/// `listing:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// As `ls -l` prints it.
    Unix,
    /// As IIS prints it by default, MS-DOS style.
    Dos,
    /// Easily Parsed LIST Format.
    Eplf,
    /// Data sets of z/OS.
    Mvs,
    /// The integrated file system of IBM i.
    Os400,
    /// `OpenVMS`, by `MultiNet`.
    Vms,
    /// A subvolume of HPE `NonStop`.
    NonStop,
}

/// A fact of RFC 3659, section 7.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// `file`, `dir`, `cdir`, `pdir` or a link.
    Type,
    /// Size in octets.
    Size,
    /// Last modification, in UTC.
    Modify,
    /// What the user may do with it.
    Perm,
    /// The same for two names of one file.
    Unique,
    /// Unix permissions, in octal.
    UnixMode,
    /// Unix owner, by name.
    UnixOwner,
}

impl Fact {
    /// Every fact with its name in a scenario, which is the wire's in lower case.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Type, "type"),
        (Self::Size, "size"),
        (Self::Modify, "modify"),
        (Self::Perm, "perm"),
        (Self::Unique, "unique"),
        (Self::UnixMode, "unix.mode"),
        (Self::UnixOwner, "unix.owner"),
    ];
}

/// `dots:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dots {
    /// Listings show neither.
    Hidden,
    /// `LIST -a` and `MLSD` show `.` and `..`.
    Shown,
}

/// `restart:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// An upload goes on where `REST` says.
    Exact,
    /// What was there before that place is filled with zeros.
    ZeroFill,
}

/// `charset:` of FTP texts and names. The file tree itself is UTF-8 or whatever bytes a scenario gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// RFC 2640.
    Utf8,
    /// ISO 8859-1.
    Latin1,
}
