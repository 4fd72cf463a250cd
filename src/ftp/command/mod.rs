//! The commands: a row each in [`COMMANDS`], a function each in its family, as RFC 959, section 4.1 groups them.
//!
//! `HELP`, `FEAT`, the words of `when:` and what a command's argument means all derive from the table. A new
//! command is one row and one function.

mod access;
mod digest;
mod directory;
mod file;
mod information;
mod parameter;
mod security;
mod site;
mod table;
mod transfer;

use std::pin::Pin;

use super::data::{DataPort, no_port};
use super::reply::Reply;
use super::request::{Done, Request};
use super::session::Session;
use super::settings::{Login, Settings};
use crate::engine::{Operation, Task};
use crate::files::Path;
use crate::journal::Secrecy;

pub(super) use digest::Algorithm;
pub(super) use table::{COMMANDS, MDTM_THAT_SETS, UNKNOWN};
pub use table::{Verb, verb, verbs};

/// Who may say a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Anybody,
    LoggedIn,
}

/// What a command's argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// Nothing is expected, and anything ignored.
    None,
    /// A word that may be missing.
    Optional,
    /// A word that may not.
    Required,
    /// A path that may not be missing.
    Path,
    /// A path; the working directory without.
    PathOrHere,
    /// Flags as `ls` has them, then as above.
    FlagsAndPath,
    /// No argument, but about the directory above.
    Parent,
    /// A time or facts, then a path.
    WordAndPath,
    /// A path, and perhaps a range of its bytes.
    PathAndRange,
    /// A name to make an unused one from, which may be missing.
    Unique,
    /// A command of `SITE`.
    Site,
}

/// What a healthy command does.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// At once.
    Now(fn(&mut Session, &mut Request) -> Reply),
    /// With bytes to move first.
    Later(for<'a> fn(&'a mut Session, &'a mut Request) -> Later<'a>),
    /// After work that others need not wait for.
    Slowly(for<'a> fn(&'a mut Session, &'a mut Request) -> Later<'a>),
    /// Nothing: other servers know it, this one says only this. It is there for rules to name.
    Refused(u16, &'static str),
}

pub(super) type Later<'a> = Pin<Box<dyn Future<Output = Done> + Send + 'a>>;

/// One row of the table.
pub(super) struct Command {
    /// In capitals.
    pub(super) verb: &'static str,
    /// The same command by another name (RFC 775, RFC 1123).
    pub(super) also: &'static str,
    pub(super) access: Access,
    pub(super) argument: Argument,
    /// What the client means by it, in the scenario language.
    pub(super) operation: Option<Operation>,
    /// Its line in `FEAT` (RFC 2389).
    pub(super) feature: Option<&'static str>,
    pub(super) run: Run,
}

/// The command of a line, and its argument.
pub(super) fn parse<'a>(line: &'a [u8], settings: &Settings) -> (&'static Command, &'a [u8]) {
    let (verb, argument) = split(line);
    let known = COMMANDS.iter().find(|command| {
        let is = |name: &str| !name.is_empty() && name.as_bytes().eq_ignore_ascii_case(verb);
        (is(command.verb) && !settings.lacks(command.verb))
            || (is(command.also) && !settings.lacks(command.also))
    });
    (known.unwrap_or(&UNKNOWN), argument)
}

/// The argument of a line as rules and journal have it: as it was sent. Where it is nothing but blanks, the one that
/// parts it from the verb is told, too, so that `LIST ` is not `LIST`.
pub(super) fn argument_of(line: &[u8]) -> &[u8] {
    let (verb, argument) = split(line);
    let behind = &line[verb.len()..];
    if behind.iter().all(|byte| *byte == b' ') { behind } else { argument }
}

/// The verb of a line as rules and journal have it: in capitals.
pub(super) fn verb_of(line: &[u8]) -> String {
    let (verb, _) = split(line);
    crate::journal::shortened(&verb.to_ascii_uppercase())
}

/// Verb and argument; a name may begin with spaces, so only one parts them.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == b' ') {
        Some(space) => (&line[..space], &line[space + 1..]),
        None => (line, b""),
    }
}

impl Command {
    /// What the client means by it.
    pub(super) fn operation(&self, login: Login, argument: &[u8]) -> Option<Operation> {
        match (self.verb, login) {
            ("USER", Login::None) => Some(Operation::Login),
            ("PASS", Login::None) => None,
            ("STAT", _) if argument.is_empty() => None,
            ("SITE", _) if site::path(argument).is_none() => None,
            _ => self.operation,
        }
    }

    /// Whether its argument tells what is meant.
    fn depends(&self) -> bool {
        matches!(self.verb, "STAT" | "SITE" | "MDTM")
    }

    /// The path it is about.
    pub(super) fn path(&self, here: &Path, argument: &[u8]) -> Option<Path> {
        match self.argument {
            // Which names are unused, only the session can know.
            Argument::None | Argument::Optional | Argument::Required | Argument::Unique => None,
            Argument::Path | Argument::PathAndRange if argument.is_empty() => None,
            Argument::Path | Argument::PathOrHere => Some(here.resolve(argument)),
            Argument::PathAndRange => Some(here.resolve(&digest::split(argument).0)),
            Argument::FlagsAndPath if self.verb == "STAT" && argument.is_empty() => None,
            Argument::FlagsAndPath => Some(here.resolve(directory::without_flags(argument))),
            Argument::Parent => Some(here.resolve(b"..")),
            Argument::WordAndPath => split_word(argument).map(|(_, path)| here.resolve(path)),
            Argument::Site => site::path(argument).map(|path| here.resolve(path)),
        }
    }

    /// The user it names.
    pub(super) fn user<'a>(&self, argument: &'a [u8]) -> Option<&'a str> {
        if self.verb == "USER" { std::str::from_utf8(argument).ok() } else { None }
    }

    /// The bytes it announces: `ALLO 1024` (RFC 959, section 4.1.3).
    pub(super) fn announced(&self, argument: &[u8]) -> Option<u64> {
        let number = argument.split(|byte| *byte == b' ').next().filter(|_| self.verb == "ALLO")?;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    pub(super) fn secrecy(&self) -> Secrecy {
        if matches!(self.verb, "PASS" | "ACCT") { Secrecy::Secret } else { Secrecy::Open }
    }

    /// Whether it is an attempt to log in.
    pub(super) fn logs_in(&self) -> bool {
        matches!(self.verb, "USER" | "PASS")
    }

    /// Whether it is there for TLS alone.
    fn is_about_tls(&self) -> bool {
        matches!(self.verb, "AUTH" | "PBSZ" | "PROT" | "CCC")
    }

    /// Whether it uses a data connection.
    pub(super) fn moves_data(&self) -> bool {
        matches!(self.run, Run::Later(_))
    }

    /// Whether the client may have to wait for its end.
    pub(super) fn takes_time(&self) -> bool {
        matches!(self.run, Run::Later(_) | Run::Slowly(_))
    }

    /// Whether the server does it, as long as no scenario takes it away.
    pub(super) fn is_known(&self, settings: &Settings) -> bool {
        !matches!(self.run, Run::Refused(..)) && !settings.lacks(self.verb)
    }

    /// What it asks for, as far as a rule's course depends on it.
    pub(super) fn task(&self) -> Task {
        match self.operation {
            Some(Operation::Passive | Operation::Active) => Task::Port,
            Some(operation) if self.moves_data() && operation.stores() => Task::Up,
            _ if self.moves_data() => Task::Down,
            _ => Task::Answer,
        }
    }

    /// Does what a healthy server does.
    pub(super) async fn perform(&self, session: &mut Session, request: &mut Request) -> Done {
        let required = match self.argument {
            _ if matches!(self.run, Run::Refused(..)) => false,
            Argument::Required | Argument::PathAndRange | Argument::Site => true,
            // What a rule sends needs no file.
            Argument::Path => request.verdict().whole_content(request.task).is_none(),
            _ => false,
        };
        if required && request.argument.is_empty() {
            let verb = request.event.wire().unwrap_or(self.verb);
            return Reply::new(501, format!("{verb} needs an argument.")).into();
        }
        match self.run {
            Run::Now(run) => run(session, request).into(),
            // Nothing is opened, let alone emptied, for bytes that cannot come.
            Run::Later(_) if matches!(session.port, DataPort::None) => no_port().into(),
            Run::Later(run) | Run::Slowly(run) => run(session, request).await,
            Run::Refused(code, text) => Reply::new(code, text).into(),
        }
    }
}

/// `20240101000000 /path`: the argument of `MFMT` and its like.
fn split_word(argument: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, path) = split(argument);
    (!path.is_empty()).then_some((word, path))
}
