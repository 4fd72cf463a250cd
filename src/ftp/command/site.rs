//! `SITE` (RFC 959, section 4.1.3): what servers agree on without any document.

use super::file::{parse_mode, parse_time};
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::Session;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Site<'a> {
    /// `CHMOD 644 path`
    Chmod { mode: &'a [u8], path: &'a [u8] },
    /// `UTIME YYYYMMDDhhmm[ss] path`, or `UTIME path accessed modified created UTC`
    Utime { time: &'a [u8], path: &'a [u8] },
    /// `HELP`
    Help,
    /// One of these without all that it needs.
    Incomplete(&'static str),
    /// What this server does not know.
    Unknown,
}

/// `SITE`
pub(super) fn site(session: &mut Session, request: &mut Request) -> Reply {
    let argument = std::mem::take(&mut request.argument);
    let reply = match parse(&argument) {
        Site::Chmod { mode, .. } => chmod(session, request, mode),
        Site::Utime { time, .. } => utime(session, request, time),
        Site::Help => help(),
        Site::Incomplete(usage) => Reply::new(501, format!("Usage: SITE {usage}")),
        Site::Unknown => {
            let name = argument.split(|byte| *byte == b' ').next().unwrap_or_default();
            Reply::new(500, [b"SITE ", name, b" is unknown."].concat())
        }
    };
    request.argument = argument;
    reply
}

/// The path that an argument of `SITE` is about.
pub(super) fn path(argument: &[u8]) -> Option<&[u8]> {
    match parse(argument) {
        Site::Chmod { path, .. } | Site::Utime { path, .. } => Some(path),
        Site::Help | Site::Incomplete(_) | Site::Unknown => None,
    }
}

fn parse(argument: &[u8]) -> Site<'_> {
    let (word, rest) = super::split(argument);
    match word.to_ascii_uppercase().as_slice() {
        b"CHMOD" => match super::split_word(rest) {
            Some((mode, path)) => Site::Chmod { mode, path },
            None => Site::Incomplete("CHMOD mode path"),
        },
        b"UTIME" => match long_utime(rest).or_else(|| super::split_word(rest)) {
            Some((time, path)) => Site::Utime { time, path },
            None => Site::Incomplete("UTIME YYYYMMDDhhmm[ss] path"),
        },
        b"HELP" => Site::Help,
        _ => Site::Unknown,
    }
}

/// Time of modification and path of the form with three times and a zone.
fn long_utime(argument: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut words = argument.rsplitn(5, |byte| *byte == b' ');
    words.next().filter(|zone| zone.eq_ignore_ascii_case(b"UTC"))?;
    let [_created, modified, _accessed] = [words.next()?, words.next()?, words.next()?];
    Some((modified, words.next()?))
}

fn chmod(session: &Session, request: &mut Request, mode: &[u8]) -> Reply {
    match parse_mode(mode) {
        None => Reply::new(501, "SITE CHMOD takes octal digits, as 644."),
        mode => session.set(request, mode, None, Reply::new(200, "SITE CHMOD command successful.")),
    }
}

fn utime(session: &Session, request: &mut Request, time: &[u8]) -> Reply {
    // The short form may leave out the seconds.
    let whole = if time.len() == 12 { [time, b"00"].concat() } else { time.to_vec() };
    match parse_time(&whole) {
        None => Reply::new(501, "SITE UTIME takes a time as YYYYMMDDhhmmss, in UTC."),
        time => session.set(request, None, time, Reply::new(200, "SITE UTIME command successful.")),
    }
}

/// `SITE HELP` and `HELP SITE`
pub(super) fn help() -> Reply {
    let lines = [" CHMOD mode path", " HELP", " UTIME YYYYMMDDhhmm[ss] path"];
    let lines = lines.map(|line| line.as_bytes().to_vec()).to_vec();
    Reply::block(214, "The following SITE commands are recognized.", lines, "Help OK.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_utime_are_understood() {
        let short = parse(b"utime 202001020304 a b");
        assert_eq!(short, Site::Utime { time: b"202001020304", path: b"a b" });
        let long = parse(b"UTIME a b 20200101000000 20200102030405 20200101000000 UTC");
        assert_eq!(long, Site::Utime { time: b"20200102030405", path: b"a b" });
        assert_eq!(parse(b"UTIME a"), Site::Incomplete("UTIME YYYYMMDDhhmm[ss] path"));
    }

    #[test]
    fn only_what_changes_a_file_has_a_path() {
        assert_eq!(path(b"CHMOD 600 a b"), Some(&b"a b"[..]));
        assert_eq!(path(b"CHMOD 600"), None);
        assert_eq!(path(b"HELP CHMOD x"), None);
    }
}
