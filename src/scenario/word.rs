//! The words of `when`: what each means, and what its events carry. All that is checked of a rule's filters
//! against its events is answered here.

use super::problem::{Problem, quote};
use super::similar::{did_you_mean, is_one_slip, nearest};
use super::values::Mistake;
use super::yaml::Spanned;
use crate::engine::{Operation, Protocol, When};
use crate::ftp::{self, Verb};
use crate::sftp::{self, Subject};
use crate::ssh;

/// One word of `when`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// `any`
    Any,
    /// In lower case: what the client means.
    Operation(Operation),
    /// In capitals: what the wire says.
    Verb(Verb),
    /// A verb that only rules know.
    Other(Name),
    /// The same in SFTP.
    Request(sftp::Wire),
    /// The same in SSH, below SFTP.
    Message(&'static str),
}

/// A verb that the server does not know, as some other one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    letters: [u8; LONGEST_VERB],
    length: usize,
}

/// The longest verb that a rule can name besides those known: RFC 959, section 4, has four letters, and no server more
/// than twelve.
const LONGEST_VERB: usize = 24;

impl Name {
    /// Capitals, digits and hyphens, if it is one.
    fn new(text: &str) -> Option<Self> {
        let is_of_a_verb =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        let begins = text.starts_with(|first: char| first.is_ascii_uppercase());
        let mut letters = [0; LONGEST_VERB];
        letters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        (begins && text.bytes().all(is_of_a_verb)).then_some(Self { letters, length: text.len() })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..self.length]).unwrap_or_default()
    }
}

/// What has requests.
const SFTP: [Protocol; 1] = [Protocol::Sftp];

/// FTP, in clear and over TLS.
pub(super) const FTP: [Protocol; 2] = [Protocol::Ftp, Protocol::Ftps];

/// A word of `when`.
pub(super) fn word(text: &str) -> Result<Word, Mistake> {
    match text {
        "any" => return Ok(Word::Any),
        _ if text.starts_with("SSH_MSG_") => {
            let known = ssh::EVENTS.into_iter().find(|event| *event == text);
            return known.map(Word::Message).ok_or_else(|| unheard(text));
        }
        _ if text.starts_with("SSH_") => {
            return sftp::wire(text).map(Word::Request).ok_or_else(|| unknown_request(text));
        }
        _ => {}
    }
    let operation = Operation::from_word(text).map(Word::Operation);
    let known = operation.or_else(|| ftp::verb(text).map(Word::Verb));
    // No server has a verb that is called as an operation.
    let is_operation = lower_words().any(|word| word.eq_ignore_ascii_case(text));
    let other = || Name::new(text).filter(|_| !is_operation).map(Word::Other);
    known.or_else(other).ok_or_else(|| unknown(text))
}

/// What a verb that nobody knows may be a slip of.
pub(super) fn slips(words: &[Spanned<Word>]) -> impl Iterator<Item = Problem> {
    words.iter().filter_map(|word| {
        let Word::Other(name) = &word.value else { return None };
        let name = name.as_str();
        let meant = ftp::verbs().map(|verb| verb.name).find(|known| is_one_slip(name, known))?;
        let problem = Problem::warning(word.span, format!("badftp has no verb `{name}`"));
        let help = format!("did you mean `{meant}`?");
        Some(problem.label("matched where a client says it").maybe_help(Some(help)))
    })
}

fn unknown(text: &str) -> Mistake {
    let title = |kind: &str| format!("unknown {kind} {}", quote(text));
    let capitals = text.chars().all(|c| !c.is_lowercase()) && text.chars().any(char::is_uppercase);
    if let Some(verb) = ftp::verb(&text.to_uppercase()) {
        let meant =
            verb.operation.map(|operation| format!(", or `{}` in any protocol", operation.word()));
        let help = format!("did you mean `{}`{}?", verb.name, meant.unwrap_or_default());
        return Mistake::new("words of the wire are in capitals").title(title("event")).help(help);
    }
    if capitals {
        let lower = text.to_lowercase();
        let operation = lower_words().find(|word| *word == lower);
        let near = nearest(text, ftp::verbs().map(|verb| verb.name));
        return Mistake::new("no verb that a client could say")
            .title(title("verb"))
            .help("what the client means is in lower case, as `upload`; FTP verbs are in capitals, as `STOR`")
            .maybe_help(near.or(operation).map(|word| format!("did you mean `{word}`?")));
    }
    let words = lower_words().collect::<Vec<_>>().join(", ");
    Mistake::new("neither a moment, an operation nor a verb")
        .title(title("event"))
        .help(format!("the words are {words}, and FTP's verbs in capitals"))
        .maybe_help(did_you_mean(text, lower_words()))
}

/// A message of SSH that is no event.
fn unheard(text: &str) -> Mistake {
    let near = did_you_mean(text, ssh::EVENTS);
    let events = ssh::EVENTS.join(", ");
    Mistake::new("not an event here")
        .title(format!("{} is not told of", quote(text)))
        .help(format!("the library that speaks SSH answers it by itself; the events are {events}"))
        .maybe_help(near)
}

fn unknown_request(text: &str) -> Mistake {
    let near = did_you_mean(text, sftp::wires().map(|wire| wire.name));
    let title = format!("unknown request {}", quote(text));
    Mistake::new("no request of SFTP, version 3").title(title).maybe_help(near)
}

fn lower_words() -> impl Iterator<Item = &'static str> {
    Operation::ALL.into_iter().map(|(_, word)| word).chain(["any"])
}

impl Word {
    /// As it is written.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Any => "any",
            Self::Operation(operation) => operation.word(),
            Self::Verb(verb) => verb.name,
            Self::Other(name) => name.as_str(),
            Self::Request(request) => request.name,
            Self::Message(name) => name,
        }
    }

    /// As the engine knows it.
    pub(super) fn when(self) -> When {
        match self {
            Self::Any => When::Any,
            Self::Operation(operation) => When::Operation(operation),
            Self::Verb(_) | Self::Other(_) | Self::Request(_) | Self::Message(_) => {
                When::Wire(self.text().to_owned())
            }
        }
    }

    /// What the client means by it, where that is always the same.
    pub(super) fn operation(self) -> Option<Operation> {
        match self {
            Self::Operation(operation) => Some(operation),
            Self::Verb(verb) => verb.operation,
            Self::Request(request) => request.operation,
            Self::Message("SSH_MSG_KEXINIT") => Some(Operation::Handshake),
            Self::Message("SSH_MSG_CHANNEL_OPEN") => Some(Operation::Channel),
            Self::Any | Self::Other(_) | Self::Message(_) => None,
        }
    }

    /// Whether it is a verb of FTP.
    pub(super) fn is_verb(self) -> bool {
        matches!(self, Self::Verb(_) | Self::Other(_))
    }

    /// The protocols it happens in; none are all.
    pub(super) fn protocols(self) -> &'static [Protocol] {
        match self {
            Self::Verb(_)
            | Self::Other(_)
            | Self::Operation(Operation::Passive | Operation::Active) => &FTP,
            Self::Request(_) | Self::Message(_) => &SFTP,
            Self::Any | Self::Operation(_) => &[],
        }
    }

    /// Whether its events know who the client says to be.
    pub(super) fn carries_user(self) -> bool {
        !matches!(
            self,
            Self::Operation(Operation::Connect | Operation::Handshake)
                | Self::Message("SSH_MSG_KEXINIT" | "SSH_MSG_NEWKEYS")
        )
    }

    /// Whether its events are silences.
    pub(super) fn is_silence(self) -> bool {
        self == Self::Operation(Operation::Idle)
    }

    /// Whether its events are about a path.
    pub(super) fn carries_path(self) -> bool {
        match self {
            Self::Any => true,
            Self::Operation(operation) => operation.is_on_files(),
            Self::Verb(verb) => verb.has_path,
            Self::Request(request) => !matches!(request.subject, Subject::Nothing | Subject::Name),
            Self::Other(_) | Self::Message(_) => false,
        }
    }

    /// Whether its events know what stands at their path.
    pub(super) fn carries_target(self) -> bool {
        let open = matches!(self, Self::Request(request)
            if matches!(request.subject, Subject::Handle | Subject::Part));
        self.carries_path() && !open
    }

    /// Whether its events are attempts to log in by some method.
    pub(super) fn carries_method(self) -> bool {
        matches!(
            self,
            Self::Operation(Operation::Login) | Self::Message("SSH_MSG_USERAUTH_REQUEST")
        )
    }

    /// Whether its events have an argument, in one protocol at least.
    pub(super) fn carries_argument(self) -> bool {
        !matches!(
            self,
            Self::Operation(Operation::Connect | Operation::Handshake | Operation::Idle)
                | Self::Message("SSH_MSG_KEXINIT" | "SSH_MSG_NEWKEYS" | "SSH_MSG_CHANNEL_EOF")
        )
    }

    /// Whether its events may open a file with flags.
    pub(super) fn carries_flags(self) -> bool {
        !matches!(self, Self::Verb(_)) && self.moves_a_file()
    }

    /// Whether its events are known to begin at some byte of a file: in FTP, `REST` has said so before.
    pub(super) fn carries_an_offset(self) -> bool {
        self.carries_a_part() || matches!(self, Self::Verb(_)) && self.moves_a_file()
    }

    /// Whether its events are about a part of a file.
    pub(super) fn carries_a_part(self) -> bool {
        matches!(self, Self::Request(request) if request.subject == Subject::Part)
    }

    /// Whether its events may set attributes in SFTP.
    pub(super) fn carries_attributes(self) -> bool {
        use Operation::{Mkdir, Setstat};
        let sets = matches!(self.operation(), Some(Mkdir | Setstat));
        let is_extension =
            matches!(self, Self::Request(request) if request.subject == Subject::Name);
        !matches!(self, Self::Verb(_)) && (sets || is_extension || self.moves_a_file())
    }

    /// Whether its events may be about so many bytes.
    pub(super) fn carries_a_length(self) -> bool {
        self.carries_a_part() || self.carries_attributes()
    }

    /// Whether the journal has a record of each of its events.
    pub(super) fn has_own_record(self) -> bool {
        match self {
            Self::Request(request) => request.has_own_record(),
            Self::Message(name) => ssh::has_own_record(name),
            Self::Any | Self::Operation(_) | Self::Verb(_) | Self::Other(_) => true,
        }
    }

    /// Whether its argument is one that the journal does not keep.
    pub(super) fn has_secret(self) -> bool {
        matches!(self, Self::Verb(verb) if verb.is_secret)
    }

    /// Whether it is, or may be, a transfer of a file.
    pub(super) fn moves_a_file(self) -> bool {
        let downloads = self.operation() == Some(Operation::Download);
        downloads || self.uploads() || self == Self::Any
    }

    /// Whether its events are transfers or listings of FTP, which have a data connection.
    pub(super) fn moves_data(self) -> bool {
        let moves = [Operation::List, Operation::Download, Operation::Upload, Operation::Append];
        self.operation().is_some_and(|operation| moves.contains(&operation))
    }

    /// Whether it opens something that a limit can count.
    pub(super) fn opens(self) -> bool {
        self.operation().is_some_and(Operation::opens) || self.opens_a_file()
    }

    /// Whether it brings bytes.
    pub(super) fn uploads(self) -> bool {
        self.operation().is_some_and(Operation::stores) || self.opens_a_file()
    }

    /// Whether it is a download or an upload, as its flags will say.
    fn opens_a_file(self) -> bool {
        self.text() == "SSH_FXP_OPEN"
    }

    /// Whether it brings bytes, or announces them.
    pub(super) fn stores(self) -> bool {
        self.uploads() || matches!(self, Self::Verb(verb) if verb.name == "ALLO")
    }

    /// Whether there is, or may be, a data connection whose fate can be told.
    pub(super) fn has_data(self) -> bool {
        let moves = self.operation().is_some_and(|operation| {
            use Operation::{Append, Channel, Download, Idle, List, Upload};
            matches!(operation, List | Download | Upload | Append | Channel | Idle)
        });
        let channels = ["SSH_MSG_CHANNEL_REQUEST", "SSH_MSG_CHANNEL_EOF"];
        moves
            || self == Self::Any
            || matches!(self, Self::Request(_))
            || channels.contains(&self.text())
    }

    /// Whether what it sends on success is a listing or a content, so that it is answered besides.
    pub(super) fn sends_data(self) -> bool {
        matches!(self.operation(), Some(Operation::List | Operation::Download))
    }

    /// Whether a data connection is announced by it, or asked for.
    pub(super) fn arranges_data(self) -> Option<Operation> {
        self.operation()
            .filter(|operation| matches!(operation, Operation::Passive | Operation::Active))
    }

    /// Whether it leaves something on the server that could be kept or not.
    pub(super) fn leaves_something(self) -> bool {
        let leaves = self.operation().is_some_and(|operation| {
            use Operation::{Append, Delete, Download, Mkdir, Rename, Rmdir, Setstat, Upload};
            matches!(
                operation,
                Upload | Append | Download | Rename | Delete | Mkdir | Rmdir | Setstat
            )
        });
        leaves || self == Self::Any
    }

    /// Whether there is something new at its path when it is done.
    pub(super) fn makes_something(self) -> bool {
        let makes = self.operation().is_some_and(|operation| {
            use Operation::{Append, Mkdir, Rename, Upload};
            matches!(operation, Upload | Append | Rename | Mkdir)
        });
        makes || self == Self::Any
    }

    /// Whether an SFTP request can be meant, so that a status can answer it.
    pub(super) fn takes_status(self) -> bool {
        match self {
            Self::Any | Self::Request(_) => true,
            Self::Operation(operation) => operation.is_on_files(),
            Self::Verb(_) | Self::Other(_) | Self::Message(_) => false,
        }
    }

    /// Whether it can be left unanswered, though no status could answer it.
    pub(super) fn takes_silence(self) -> bool {
        use Operation::{Channel, Denied, Login};
        self.takes_status()
            || matches!(self, Self::Operation(Channel | Login | Denied))
            || matches!(
                self,
                Self::Message(
                    "SSH_MSG_USERAUTH_REQUEST" | "SSH_MSG_CHANNEL_OPEN" | "SSH_MSG_CHANNEL_REQUEST"
                )
            )
    }

    /// Whether every event of `other` is one of this word, too.
    pub(super) fn covers(self, other: Self) -> bool {
        match self {
            Self::Any => {
                other == Self::Any || other.operation().is_some_and(Operation::is_on_files)
            }
            Self::Operation(operation) => other.operation() == Some(operation),
            Self::Verb(_) | Self::Other(_) | Self::Request(_) | Self::Message(_) => self == other,
        }
    }
}
