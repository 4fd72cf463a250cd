//! The static shape of an FTP server: a scenario's `server: {ftp: …}`.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::engine::{Answer, Step, Template, word_of};

/// How FTP looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The greeting, with its code: `220 ready`. It may have several lines.
    pub greeting: Answer,
    /// What a login needs.
    pub login: Login,
    /// The style of `LIST`.
    pub listing: Listing,
    /// The facts `MLSD` and `MLST` tell, in this order (RFC 3659, section 7.5).
    pub facts: Vec<Fact>,
    /// Whether listings show `.` and `..`.
    pub dots: Dots,
    /// Whether `LIST` and `NLST` without `-a` show names that begin with a dot.
    pub dot_files: Dots,
    /// Lines that `FEAT` tells besides its own.
    pub features: Vec<String>,
    /// Verbs this server does not know, in capitals.
    pub without: Vec<String>,
    /// What `REST` does to an upload.
    pub restart: Restart,
    /// What `TYPE A` makes of a CRLF in a file.
    pub crlf: Crlf,
    /// Whether `MDTM` with a time sets it.
    pub mdtm: Mdtm,
    /// What a slash at the end of a file's name means.
    pub trailing_slash: TrailingSlash,
    /// What is answered while a transfer is under way; all else waits for its end.
    pub during_transfer: Vec<Interrupting>,
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
            greeting: Answer::Steps(vec![Step::Say(Template::text("220 badftp ready"))]),
            login: Login::Password,
            listing: Listing::Unix,
            facts: Fact::ALL.map(|(fact, _)| fact).to_vec(),
            dots: Dots::Hidden,
            dot_files: Dots::Hidden,
            features: Vec::new(),
            without: Vec::new(),
            restart: Restart::Exact,
            crlf: Crlf::Kept,
            mdtm: Mdtm::Sets,
            trailing_slash: TrailingSlash::Refused,
            during_transfer: vec![Interrupting::Abor],
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

/// `dots:` and `dot-files:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dots {
    /// Listings do not show them.
    Hidden,
    /// They do: `.` and `..` in `LIST -a` and `MLSD`, other names that begin with a dot everywhere.
    Shown,
}

/// `restart:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// An upload goes on where `REST` says; what the file has behind its last byte stays, as with vsftpd, `ProFTPD`
    /// and pyftpdlib.
    Exact,
    /// The file is cut there first, as with Pure-FTPd.
    Cut,
    /// What was there before that place is filled with zeros.
    ZeroFill,
}

/// `crlf:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crlf {
    /// It goes out as it is: a CR is only put before an LF that has none, as by vsftpd, `ProFTPD` and pyftpdlib.
    Kept,
    /// A CR is put before every LF, as by Pure-FTPd, so that CR CR LF goes out.
    Doubled,
}

/// `mdtm:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mdtm {
    /// `MDTM 20240229123456 path` sets the time, as with vsftpd.
    Sets,
    /// All of the argument is a path (RFC 3659, section 3).
    Tells,
}

/// `trailing-slash:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrailingSlash {
    /// What ends in a slash is a directory (POSIX, 4.13): a file of that name is not found, as with vsftpd.
    Refused,
    /// It means nothing, as with `ProFTPD`.
    Ignored,
}

/// A command that may be answered while a transfer is under way: `during-transfer:` of FTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupting {
    /// It ends the transfer.
    Abor,
    /// Without a path.
    Stat,
    /// It is answered, and the transfer goes on.
    Noop,
    /// It is answered at once, and the session ends after the transfer.
    Quit,
}

impl Interrupting {
    /// Each with its verb.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Abor, "ABOR"), (Self::Stat, "STAT"), (Self::Noop, "NOOP"), (Self::Quit, "QUIT")];

    /// The verb.
    #[must_use]
    pub fn verb(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// `charset:` of FTP texts and names. The file tree itself is UTF-8 or whatever bytes a scenario gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// RFC 2640.
    Utf8,
    /// ISO 8859-1.
    Latin1,
}
