//! What a client does, told by a protocol in the scenario language's own words.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// The word of a value in a table that has them all.
#[must_use]
pub fn word_of<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

/// The number of a control connection, counted from 1 in the order they were accepted.
pub type ConnectionId = u64;

/// The protocols of the scenario language's `protocol:` filter. Here they are only labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// FTP, also with explicit TLS.
    Ftp,
    /// FTP over implicit TLS.
    Ftps,
    /// SFTP over SSH.
    Sftp,
}

impl Protocol {
    /// Every protocol, in the order of the command line's flags.
    pub const ALL: [Self; 3] = [Self::Ftp, Self::Ftps, Self::Sftp];

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ftp => "ftp",
            Self::Ftps => "ftps",
            Self::Sftp => "sftp",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The lower-case words of `when:`: moments of a session and operations on files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The TCP connection was accepted.
    Connect,
    /// The control connection's TLS handshake, or the SSH key exchange.
    Handshake,
    /// One attempt to log in that can be judged.
    Login,
    /// A login was refused, by whatever cause.
    Denied,
    /// The data connection was made, or an SSH channel is asked for.
    Channel,
    /// The session has been silent.
    Idle,
    /// A directory is listed.
    List,
    /// A file's or directory's facts are asked for.
    Stat,
    /// A file is read.
    Download,
    /// A file is written from its beginning, or from where a resume begins.
    Upload,
    /// A file is written from its end.
    Append,
    /// A file or directory gets another name.
    Rename,
    /// A file is removed.
    Delete,
    /// A directory is made.
    Mkdir,
    /// A directory is removed.
    Rmdir,
    /// Times, permissions or size are set.
    Setstat,
    /// The server is asked to listen for the data connection.
    Passive,
    /// The server is told where to connect for data.
    Active,
}

impl Operation {
    /// Every operation with its word, in the order of the language's page.
    pub const ALL: [(Self, &'static str); 18] = [
        (Self::Connect, "connect"),
        (Self::Handshake, "handshake"),
        (Self::Login, "login"),
        (Self::Denied, "denied"),
        (Self::Channel, "channel"),
        (Self::Idle, "idle"),
        (Self::List, "list"),
        (Self::Stat, "stat"),
        (Self::Upload, "upload"),
        (Self::Download, "download"),
        (Self::Append, "append"),
        (Self::Rename, "rename"),
        (Self::Delete, "delete"),
        (Self::Mkdir, "mkdir"),
        (Self::Rmdir, "rmdir"),
        (Self::Setstat, "setstat"),
        (Self::Passive, "passive"),
        (Self::Active, "active"),
    ];

    /// The operation a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let (operation, _) = Self::ALL.into_iter().find(|(_, name)| *name == word)?;
        Some(operation)
    }

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }

    /// Whether the word `any` includes it: it acts on a file or directory.
    #[must_use]
    pub fn is_on_files(self) -> bool {
        !matches!(
            self,
            Self::Connect
                | Self::Handshake
                | Self::Login
                | Self::Denied
                | Self::Channel
                | Self::Idle
                | Self::Passive
                | Self::Active
        )
    }

    /// Whether it opens something that `limit` can count until it is closed.
    #[must_use]
    pub fn opens(self) -> bool {
        matches!(
            self,
            Self::Connect
                | Self::Login
                | Self::Channel
                | Self::List
                | Self::Download
                | Self::Upload
                | Self::Append
        )
    }

    /// Whether bytes of a file or of a listing move.
    #[must_use]
    pub fn moves_data(self) -> bool {
        matches!(self, Self::List | Self::Download | Self::Upload | Self::Append)
    }

    /// Whether it brings bytes that a `limit` as a size weighs.
    #[must_use]
    pub fn stores(self) -> bool {
        matches!(self, Self::Upload | Self::Append)
    }
}

/// What stands at an event's path (for a rename: at the new one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// Nothing.
    Missing,
    /// A directory with nothing in it.
    EmptyDirectory,
    /// A file, or a link to one.
    File,
    /// A directory with something in it.
    Directory,
}

impl Target {
    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::EmptyDirectory => "empty",
            Self::File => "file",
            Self::Directory => "directory",
        }
    }
}

/// What something in a tree of files is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
}

/// The TLS of the connection an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tls {
    /// In clear.
    None,
    /// A full handshake.
    New,
    /// An abbreviated handshake that resumed an earlier session.
    Resumed,
}

impl Tls {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::None, "none"), (Self::New, "new"), (Self::Resumed, "resumed")];

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// What is silent at an [`Operation::Idle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The client says nothing.
    Commands,
    /// It asks for no transfer and no listing, whatever else it says.
    Transfers,
    /// It has asked for one, and no byte of it moves.
    Bytes,
}

impl Silence {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Commands, "commands"), (Self::Transfers, "transfers"), (Self::Bytes, "bytes")];

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// How a client has ended its half of a TLS connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parting {
    /// By `close_notify`: what came is all there was (RFC 8446, section 6.1).
    Notified,
    /// By FIN without it, as when somebody in between has cut the connection.
    Torn,
}

impl Parting {
    /// Each with its word.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Notified, "notified"), (Self::Torn, "torn")];

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// Whether a request goes on in a file where the one before it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// It does, or nothing came before it.
    Sequential,
    /// It begins elsewhere.
    Random,
}

impl Order {
    /// Every order with its word.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::Sequential, "sequential"), (Self::Random, "random")];

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// What a request carries besides what it is about, where its protocol has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Details<'a> {
    /// How it opens a file, in the wire's words.
    pub flags: &'a [&'static str],
    /// The byte of the file at which it begins.
    pub offset: Option<u64>,
    /// The bytes that it asks for or brings, or the size that it sets.
    pub length: Option<u64>,
    /// Whether it goes on where the one before it has ended.
    pub order: Option<Order>,
    /// The attributes that it sets, each with its value: `permissions rw-r-----`.
    pub attributes: &'a [String],
}

/// Bytes stored so far, besides what the event itself would replace. A `limit` as a size weighs them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// By everybody.
    pub server: u64,
    /// By the event's user.
    pub user: u64,
    /// At the event's path.
    pub path: u64,
}

/// One thing a client does, or omits ([`Operation::Idle`]), with all its names.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Since the run began.
    pub time: Duration,
    /// The listener the connection came in by.
    pub protocol: Protocol,
    /// The connection it happens on.
    pub connection: ConnectionId,
    /// The client's address.
    pub address: IpAddr,
    /// What the client means by it.
    pub operation: Option<Operation>,
    /// The wire's own word, in capitals.
    pub wire: Option<&'a str>,
    /// Who is logged in, or says to be.
    pub user: Option<&'a str>,
    /// The absolute path it is about.
    pub path: Option<&'a [u8]>,
    /// What stands there now.
    pub target: Option<Target>,
    /// The argument as it was sent.
    pub argument: Option<&'a [u8]>,
    /// How the client wants to log in.
    pub method: Option<&'a str>,
    /// The TLS of its connection.
    pub tls: Option<Tls>,
    /// What is silent.
    pub silence: Option<Silence>,
    /// A size the client announces before it sends.
    pub announced: Option<u64>,
    /// What is stored already.
    pub stored: Stored,
    /// What else its request carries.
    pub details: Details<'a>,
}

impl<'a> Event<'a> {
    /// An event without a name yet; every event of a connection starts from one of these.
    #[must_use]
    pub fn of(
        protocol: Protocol,
        connection: ConnectionId,
        address: IpAddr,
        time: Duration,
    ) -> Self {
        Self {
            time,
            protocol,
            connection,
            address,
            operation: None,
            wire: None,
            user: None,
            path: None,
            target: None,
            argument: None,
            method: None,
            tls: None,
            silence: None,
            announced: None,
            stored: Stored::default(),
            details: Details::default(),
        }
    }

    /// The same, named for what the client means.
    #[must_use]
    pub fn operation(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// The same, named as on the wire.
    #[must_use]
    pub fn wire(self, wire: &'a str) -> Self {
        Self { wire: Some(wire), ..self }
    }
}
