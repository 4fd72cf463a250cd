//! What a rule does once it acts: how, where, and its four axes (answer, data, keep, then).

use std::time::Duration;

use super::claim::Claim;
use super::template::{Answer, Status};

/// How long to wait first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delay {
    /// `250ms`
    Fixed(Duration),
    /// `1s-3s`: drawn evenly.
    Between(Duration, Duration),
    /// `normal 1s 200ms`: drawn from a normal distribution, never below zero.
    Normal {
        /// Its mean.
        mean: Duration,
        /// Its standard deviation.
        deviation: Duration,
    },
}

impl Delay {
    /// The shortest it can be told to be: what silence is long enough.
    #[must_use]
    pub fn shortest(self) -> Duration {
        match self {
            Self::Fixed(delay) | Self::Between(delay, _) | Self::Normal { mean: delay, .. } => {
                delay
            }
        }
    }
}

/// Where in an operation the rest of a rule happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum At {
    /// In place of doing it.
    #[default]
    Start,
    /// When so many bytes have moved.
    Bytes(u64),
    /// At the first byte beyond so many: where a `limit` as a size is exceeded.
    Beyond(u64),
    /// All is done, nothing yet said.
    End,
    /// It has failed by nature, which nobody has been told yet.
    Failure,
}

/// How a connection ends, or what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In good order, so much later.
    Close(Duration),
    /// FIN, without the good manners of the layers above TCP.
    Cut,
    /// RST.
    Reset,
    /// Our half only.
    Eof,
    /// Neither send nor read, until the server's cap on stalls.
    Stall,
    /// The port answers the SYN with RST.
    Refuse,
    /// The port never answers the SYN.
    Blackhole,
    /// RST, for every connection of the server, which is back so much later (`then` only).
    Restart(Duration),
    /// It goes on as if nothing had happened (`data` only).
    Flow,
    /// Somebody else has got it (`data` only).
    Elsewhere,
    /// By a fatal alert of TLS, by its number.
    Alert(u8),
    /// What ran on an SSH channel has ended, and the channel with it (`then` only).
    Exit(Exit),
    /// `SSH_MSG_DISCONNECT` with this reason and the action's [farewell](Action::farewell) (`then` only).
    Disconnect(u32),
}

/// How what ran on a channel has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this exit status.
    Status(u32),
    /// By this signal, whose name has no `SIG` (RFC 4254, section 6.10).
    Signal(&'static str),
}

impl Ending {
    /// Whether it shuts a port, before there is a connection to end.
    #[must_use]
    pub fn shuts_a_port(self) -> bool {
        matches!(self, Self::Refuse | Self::Blackhole)
    }

    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Close(_) => "close",
            Self::Cut => "cut",
            Self::Reset => "reset",
            Self::Eof => "eof",
            Self::Stall => "stall",
            Self::Refuse => "refuse",
            Self::Blackhole => "blackhole",
            Self::Restart(_) => "restart",
            Self::Flow => "flow",
            Self::Elsewhere => "elsewhere",
            Self::Alert(_) => "alert",
            Self::Exit(_) => "exit",
            Self::Disconnect(_) => "disconnect",
        }
    }
}

/// What an operation leaves on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// All that was received.
    All,
    /// The tree as it was before.
    None,
    /// Neither the new nor the old.
    Lost,
    /// Exactly so many bytes, cut or filled.
    Size(u64),
    /// The tree as it was before; what was done shows so long after the answer.
    After(Duration),
    /// What was done stays so long after the answer, and is gone then.
    For(Duration),
}

/// How often an answer, a listing or a content is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// So often.
    Times(u64),
    /// Until the client goes, or up to the server's cap on stalls.
    Endless,
}

impl Repeat {
    /// Takes one from what is left to send; nothing is left after the last.
    pub fn take_one(&mut self) -> bool {
        match self {
            Self::Endless => true,
            Self::Times(left) => {
                let some = *left > 0;
                *left = left.saturating_sub(1);
                some
            }
        }
    }
}

impl Default for Repeat {
    fn default() -> Self {
        Self::Times(1)
    }
}

/// What is shown in a TLS handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certificate {
    /// Nothing is wrong with it.
    Valid,
    /// Its time is over.
    Expired,
    /// Its time is to come.
    NotYetValid,
    /// Signed by its own key.
    SelfSigned,
    /// For another host.
    WrongHost,
    /// Signed by a CA that nobody has.
    UntrustedRoot,
    /// An intermediate is not sent.
    IncompleteChain,
    /// All is sent, in the wrong order.
    ReversedChain,
    /// For no host at all.
    NoName,
    /// For more hosts than some clients read.
    ManyNames,
}

impl Certificate {
    /// Every certificate with its word, in the order of the language's page.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Valid, "valid"),
        (Self::Expired, "expired"),
        (Self::NotYetValid, "not-yet-valid"),
        (Self::SelfSigned, "self-signed"),
        (Self::WrongHost, "wrong-host"),
        (Self::UntrustedRoot, "untrusted-root"),
        (Self::IncompleteChain, "incomplete-chain"),
        (Self::ReversedChain, "reversed-chain"),
        (Self::NoName, "no-name"),
        (Self::ManyNames, "many-names"),
    ];
}

/// What is broken in the bytes of an answer, a listing or a content, or in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// A bit of one byte is flipped.
    Bit,
    /// One byte is missing.
    Gap,
    /// One byte comes twice.
    Echo,
    /// The next answer passes this one.
    Order,
    /// The last fields are left out.
    Short,
    /// More is said than was asked.
    Long,
    /// The TLS record around it fails its check.
    Mac,
}

/// The key that a host shows in its handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HostKey {
    /// Its own.
    #[default]
    Own,
    /// Another's.
    Changed,
    /// Its own, and a signature that is not of that key.
    BadSignature,
}

/// All that a rule does. Nothing is said here of when: that is the rule's pattern and count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Action {
    /// How long to wait first.
    pub delay: Option<Delay>,
    /// Bytes a second, at most.
    pub rate: Option<u64>,
    /// Bytes at once, at most.
    pub chunk: Option<u64>,
    /// Where in the operation; where nothing is written, it depends on what the rule says.
    pub at: Option<At>,
    /// The reply, where the protocol speaks in replies.
    pub reply: Option<Answer>,
    /// The status, where it speaks in statuses.
    pub status: Option<Status>,
    /// Exactly these bytes in the place of an answer, a listing or a content.
    pub send: Option<Answer>,
    /// Lies in a well-formed answer.
    pub claims: Vec<Claim>,
    /// How often the answer, the listing or the content is sent.
    pub repeat: Repeat,
    /// What is broken in the bytes.
    pub damage: Option<Damage>,
    /// What is shown in the TLS handshake.
    pub certificate: Option<Certificate>,
    /// What becomes of the data connection.
    pub data: Option<Ending>,
    /// What the operation leaves on the server.
    pub keep: Option<Keep>,
    /// How the session ends; it goes on where nothing is said.
    pub then: Option<Ending>,
    /// What is said at a [`Disconnect`](Ending::Disconnect).
    pub farewell: Vec<u8>,
    /// What is odd about the key that the host shows.
    pub host_key: HostKey,
    /// The state entered.
    pub goto: Option<String>,
}

impl Action {
    /// The answer it gives, if it gives one of its own.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.send.as_ref().or(self.reply.as_ref())
    }

    /// Whether its answer has a placeholder that only the operation itself can fill.
    #[must_use]
    pub fn quotes_the_operation(&self) -> bool {
        self.answer().is_some_and(Answer::quotes_the_operation)
    }
}
