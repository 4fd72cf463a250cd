//! Files: their facts, their names, their end.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::split_word;
use crate::files::{Change, Content, Entry, Error, Kind, Overwrite, Path, Times};
use crate::ftp::ascii::ToWire;
use crate::ftp::listing;
use crate::ftp::listing::Which;
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::{Session, Type};
use crate::ftp::settings::{Crlf, Mdtm};

/// The most of a file that is read to know its size in ASCII, in bytes.
const MAX_COUNTED: u64 = 16 * 1024 * 1024;
/// So many of them at once.
const COUNTED_AT_ONCE: usize = 256 * 1024;

/// `SIZE`: the number of bytes a transfer would move in the current type (RFC 3659, section 4).
pub(super) fn size(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    let size = match session.look(&path) {
        Ok(stat) if stat.kind == Kind::File => stat.size,
        Ok(_) => return Reply::refused(550, path.as_bytes(), Error::IsADirectory),
        Err(error) => return Reply::refused(550, path.as_bytes(), error),
    };
    if session.kind == Type::Image {
        return told_size(request, size);
    }
    let files = &session.run.files;
    let account = session.account();
    let handle = files.open_read(&account, &path);
    let content = handle.and_then(|handle| files.content(&handle));
    match content.map(|content| added_in_ascii(&content, session.settings.crlf)) {
        Ok(Some(added)) => told_size(request, size + added),
        Ok(None) => Reply::new(550, "SIZE not allowed in ASCII mode for so large a file."),
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// How many bytes an ASCII transfer adds. None if there are too many bytes to look at.
fn added_in_ascii(content: &Content, crlf: Crlf) -> Option<u64> {
    if content.size() > MAX_COUNTED {
        return None;
    }
    let (mut lines, mut offset, mut added) = (ToWire::new(crlf), 0, 0);
    while offset < content.size() {
        let piece = content.read_piece(offset, COUNTED_AT_ONCE);
        added += lines.count(&piece);
        offset += piece.len() as u64;
    }
    Some(added)
}

/// What is left out of an answer that is nothing else cannot be had, in the words of vsftpd.
fn told_size(request: &Request, size: u64) -> Reply {
    match request.claimed_size(size) {
        Some(size) => Reply::new(213, size.to_string()),
        None => Reply::new(550, "Could not get file size."),
    }
}

/// `MDTM` (RFC 3659, section 3)
pub(super) fn mdtm(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    let stat = match session.look(&path) {
        Ok(stat) => stat,
        Err(error) => return Reply::refused(550, path.as_bytes(), error),
    };
    // As vsftpd and others have it, MDTM is about files only; MLST tells the time of a folder.
    match request.claimed_time(stat.modified).filter(|_| stat.kind == Kind::File) {
        Some(time) => Reply::new(213, listing::fact_time(time)),
        None => Reply::new(550, "Could not get file modification time."),
    }
}

/// What `MDTM 20240229123456 path` is read as: the time, and then the path. A date without a time is midnight, and a
/// fraction is passed over.
pub(super) fn mdtm_sets(argument: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (time, path) = split_word(argument)?;
    let whole = time.split(|byte| *byte == b'.').next().unwrap_or_default();
    let whole = if whole.len() == 8 { [whole, b"000000"].concat() } else { whole.to_vec() };
    Some((parse_time(&whole)?, path))
}

/// `MDTM` with a time, in the words of vsftpd.
pub(super) fn set_mdtm(session: &mut Session, request: &mut Request) -> Reply {
    let refused = Reply::new(550, "Could not set file modification time.");
    let Some((modified, _)) = mdtm_sets(&request.argument) else { return refused };
    let path = path_of(request);
    let is_file = session.look(&path).is_ok_and(|stat| stat.kind == Kind::File);
    let times = Some(Times { accessed: modified, modified });
    let set = Change::Set { path, size: None, permissions: None, times };
    match is_file.then(|| session.change(request, set)) {
        Some(Ok(())) => Reply::new(213, "File modification time set."),
        _ => refused,
    }
}

impl Session {
    /// Whether this `MDTM` sets a time: it begins with one, and is no file's name as a whole.
    pub(in crate::ftp) fn sets_mdtm(&self, argument: &[u8]) -> bool {
        self.settings.mdtm == Mdtm::Sets
            && mdtm_sets(argument).is_some()
            && self.look(&self.cwd.resolve(argument)).is_err()
    }
}

/// `MFMT` (draft-somers-ftp-mfxx)
pub(super) fn mfmt(session: &mut Session, request: &mut Request) -> Reply {
    let Some((time, name)) = split_word(&request.argument) else {
        return Reply::new(501, "MFMT takes YYYYMMDDhhmmss and a path.");
    };
    let Some(modified) = parse_time(time) else {
        return Reply::new(501, "MFMT takes a time as YYYYMMDDhhmmss, in UTC.");
    };
    let text = format!("Modify={}; ", listing::fact_time(modified)).into_bytes();
    let done = Reply::new(213, [&text, name].concat());
    session.set(request, None, Some(modified), done)
}

/// `MFF` (draft-somers-ftp-mfxx): all the facts, or none of them.
pub(super) fn mff(session: &mut Session, request: &mut Request) -> Reply {
    let Some((facts, name)) = split_word(&request.argument) else {
        return Reply::new(501, "MFF takes facts, as Modify=YYYYMMDDhhmmss;, and a path.");
    };
    let (mut permissions, mut modified) = (None, None);
    let mut text = String::new();
    for fact in String::from_utf8_lossy(facts).split_terminator(';') {
        let (name, value) = fact.split_once('=').unwrap_or((fact, ""));
        let understood = match name.to_ascii_lowercase().as_str() {
            "modify" => {
                modified = parse_time(value.as_bytes());
                modified.is_some()
            }
            "unix.mode" => {
                permissions = parse_mode(value.as_bytes());
                permissions.is_some()
            }
            _ => return Reply::new(504, format!("{name} cannot be changed.")),
        };
        if !understood {
            return Reply::new(501, format!("{name} cannot be {value}."));
        }
        let _ = write!(text, "{fact};");
    }
    let done = Reply::new(213, [text.as_bytes(), b" ", name].concat());
    session.set(request, permissions, modified, done)
}

impl Session {
    /// Sets attributes of the path of a request.
    pub(super) fn set(
        &self,
        request: &mut Request,
        permissions: Option<u16>,
        modified: Option<Timestamp>,
        done: Reply,
    ) -> Reply {
        let path = path_of(request);
        let times = modified.map(|modified| Times { accessed: modified, modified });
        let change = Change::Set { path: path.clone(), size: None, permissions, times };
        match self.change(request, change) {
            Ok(()) => done,
            Err(error) => Reply::refused(550, path.as_bytes(), error),
        }
    }
}

/// Permissions in octal: `644`, `0644`, `1777`.
pub(super) fn parse_mode(text: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(text).ok().filter(|text| !text.starts_with('+'))?;
    u16::from_str_radix(digits, 8).ok().filter(|mode| *mode <= 0o7777)
}

/// `YYYYMMDDhhmmss`, perhaps with a fraction: `YYYYMMDDhhmmss.sss` (RFC 3659, section 2.3).
pub(super) fn parse_time(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let time = DateTime::strptime("%Y%m%d%H%M%S%.f", text).ok().filter(|_| whole.len() == 14)?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// `MLST` (RFC 3659, section 7)
pub(super) fn mlst(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    match session.look(&path) {
        Ok(stat) => {
            let name: Arc<[u8]> = path.as_bytes().into();
            let entry = request.claimed_entry(Entry { name, stat, link_target: None });
            let facts = request.claimed_facts(&session.facts);
            let mut line = b" ".to_vec();
            line.extend(listing::facts_line(&facts, &entry, Which::Child));
            Reply::block(250, "Listing", vec![line], "End")
        }
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// `DELE`
pub(super) fn dele(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    match session.change(request, Change::Remove(path.clone())) {
        Ok(()) => Reply::new(250, "Delete operation successful."),
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// `RNFR`
pub(super) fn rnfr(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    let there = session.run.files.stat(&session.account(), &path, crate::files::Follow::No);
    match there {
        Ok(_) => {
            session.rename_from = Some(path);
            Reply::new(350, "Ready for RNTO.")
        }
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// `RNTO`: an existing file is replaced, as POSIX has it and most servers do.
pub(super) fn rnto(session: &mut Session, request: &mut Request) -> Reply {
    let Some(from) = session.rename_from.take() else {
        return Reply::new(503, "RNFR required first.");
    };
    let to = path_of(request);
    let rename = Change::Rename { from, to: to.clone(), overwrite: Overwrite::Yes };
    match session.change(request, rename) {
        Ok(()) => Reply::new(250, "Rename successful."),
        Err(error @ (Error::NameTooLong | Error::InvalidName)) => {
            Reply::refused(553, to.as_bytes(), error)
        }
        Err(error) => Reply::refused(550, to.as_bytes(), error),
    }
}

/// The path of a command that has one.
pub(super) fn path_of(request: &Request) -> Path {
    request.path.clone().unwrap_or_else(Path::root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_mfmt_has_fourteen_digits() {
        let parsed = parse_time(b"20240229123456").map(listing::fact_time);
        assert_eq!(parsed.as_deref(), Some("20240229123456"));
        let fraction = parse_time(b"20240229123456.789").map(listing::fact_time);
        assert_eq!(fraction.as_deref(), Some("20240229123456.789"));
        assert_eq!(parse_time(b"2024022912345"), None);
        assert_eq!(parse_time(b"20230229123456"), None);
    }
}
