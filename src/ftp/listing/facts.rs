//! The facts of `MLSD` and `MLST` (RFC 3659, section 7.5).

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::files::{Entry, Kind};
use crate::ftp::settings::Fact;

/// Which entry of a directory a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ftp) enum Which {
    /// One in it.
    Child,
    /// The directory itself.
    Itself,
    /// The one above it.
    Parent,
}

/// `type=file;size=12;modify=20240101000000; hello.txt`
pub(in crate::ftp) fn line(facts: &[Fact], entry: &Entry, which: Which) -> Vec<u8> {
    let mut line = String::new();
    for fact in facts {
        if let Some(value) = value(*fact, entry, which) {
            let _ = write!(line, "{}={value};", name(*fact));
        }
    }
    line.push(' ');
    let mut line = line.into_bytes();
    line.extend_from_slice(&entry.name);
    line
}

fn name(fact: Fact) -> &'static str {
    Fact::ALL.iter().find(|(known, _)| *known == fact).map_or("", |(_, name)| name)
}

fn value(fact: Fact, entry: &Entry, which: Which) -> Option<String> {
    let stat = &entry.stat;
    Some(match fact {
        Fact::Type => kind(stat.kind, which).to_owned(),
        Fact::Size if stat.kind == Kind::Directory => return None,
        Fact::Size => stat.size.to_string(),
        Fact::Modify => time(stat.modified),
        Fact::Perm => permissions(stat.kind).to_owned(),
        Fact::Unique => format!("{:x}", stat.id),
        Fact::UnixMode => format!("{:04o}", stat.permissions),
        Fact::UnixOwner => stat.owner.to_string(),
    })
}

fn kind(kind: Kind, which: Which) -> &'static str {
    match (kind, which) {
        (_, Which::Itself) => "cdir",
        (_, Which::Parent) => "pdir",
        (Kind::Directory, Which::Child) => "dir",
        (Kind::File, Which::Child) => "file",
        (Kind::Link, Which::Child) => "OS.unix=symlink",
    }
}

/// What may be tried with it; whether it is allowed is told when it is tried.
fn permissions(kind: Kind) -> &'static str {
    match kind {
        Kind::Directory => "cdeflmp",
        Kind::File | Kind::Link => "adfrw",
    }
}

/// `20240101000000`, and the fraction of a second if there is one: `20240101000000.073` (RFC 3659, section 2.3).
pub(in crate::ftp) fn time(time: Timestamp) -> String {
    time.strftime("%Y%m%d%H%M%S%.f").to_string()
}

/// The line of `FEAT`: facts that are on carry a star.
pub(in crate::ftp) fn features(all: &[Fact], on: &[Fact]) -> String {
    let facts = all.iter().map(|fact| {
        let star = if on.contains(fact) { "*" } else { "" };
        format!("{}{star};", name(*fact))
    });
    format!("MLST {}", facts.collect::<String>())
}

/// What `OPTS MLST` asks for, and what is said to it: facts we do not have are passed over.
pub(in crate::ftp) fn options(all: &[Fact], wanted: &str) -> (Vec<Fact>, String) {
    let wanted: Vec<String> = wanted.split(';').map(str::to_ascii_lowercase).collect();
    let on: Vec<Fact> =
        all.iter().copied().filter(|fact| wanted.iter().any(|want| want == name(*fact))).collect();
    let named: Vec<&str> = on.iter().flat_map(|fact| [name(*fact), ";"]).collect();
    (on, format!("MLST OPTS {}", named.concat()).trim_end().to_owned())
}
