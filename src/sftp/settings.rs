//! The static shape of an SFTP server: a scenario's `server: {sftp: …}`.

use super::frames::LONGEST_PACKET;
use super::request::EXTENSIONS;
use crate::files::Overwrite;

/// How SFTP looks when no rule acts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The version that is said, whatever the client's.
    pub version: u32,
    /// The language tag of every status; OpenSSH leaves it empty.
    pub language: String,
    /// The extensions that are announced and known.
    pub extensions: Vec<String>,
    /// The longest packet.
    pub packet: usize,
    /// Where in a file one may write.
    pub writes: Writes,
    /// What `SSH_FXP_RENAME` does onto an existing name.
    pub rename: Rename,
    /// The order of `SSH_FXP_SYMLINK`'s two paths.
    pub symlink: Symlink,
    /// Whether listings show `.` and `..`.
    pub dots: Dots,
    /// Whether a rule's delay of one request holds up those behind it.
    pub requests: Requests,
    /// The flags of `SSH_FXP_OPEN` that mean nothing here, by their words.
    pub ignored_flags: Vec<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: 3,
            language: String::new(),
            extensions: EXTENSIONS.iter().map(|extension| extension.name.to_owned()).collect(),
            packet: LONGEST_PACKET,
            writes: Writes::Any,
            rename: Rename::Refuses,
            symlink: Symlink::Openssh,
            dots: Dots::Shown,
            requests: Requests::InTurn,
            ignored_flags: Vec::new(),
        }
    }
}

impl Settings {
    /// Whether an extension was not taken away.
    pub(super) fn knows(&self, extension: &str) -> bool {
        self.extensions.iter().any(|known| known == extension)
    }

    /// The most bytes of one read: what is left of the longest packet, as OpenSSH has it.
    pub(super) fn longest_read(&self) -> usize {
        self.packet - 1024
    }
}

/// `writes:` of SFTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// Anywhere.
    Any,
    /// Only at its end, as on servers that pass uploads on.
    Sequential,
}

/// `rename:` of SFTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rename {
    /// An existing name stays, as version 3 and OpenSSH have it.
    Refuses,
    /// An existing file is replaced.
    Overwrites,
}

impl From<Rename> for Overwrite {
    fn from(rename: Rename) -> Self {
        match rename {
            Rename::Refuses => Self::No,
            Rename::Overwrites => Self::Yes,
        }
    }
}

/// `symlink:` of SFTP. The draft says link, then target; OpenSSH has it the other way round, and most follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symlink {
    /// Target, then link.
    Openssh,
    /// Link, then target.
    Draft,
}

/// `dots:` of SFTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dots {
    /// Listings show neither.
    Hidden,
    /// Listings begin with `.` and `..`, as OpenSSH's do.
    Shown,
}

/// `requests:` of SFTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    /// Each when the one before it is done, as OpenSSH's single process has it: what delays one holds up all behind it.
    InTurn,
    /// All that have come at the same time, though they are answered in their order.
    AtOnce,
}
