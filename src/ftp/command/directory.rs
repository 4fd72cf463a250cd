//! Directories: where the client is, what is there, what comes and goes.

use std::sync::Arc;

use super::file::path_of;
use crate::engine::Glob;
use crate::files::{Change, Entry, Error, Kind, Path, Stat};
use crate::ftp::listing::{self, Which};
use crate::ftp::load::{Load, Source};
use crate::ftp::reply::Reply;
use crate::ftp::request::{Done, Request};
use crate::ftp::session::Session;
use crate::ftp::settings::Dots;
use crate::run;

/// `PWD`: quotes in the path are doubled (RFC 959, appendix II).
pub(super) fn pwd(session: &mut Session, _: &mut Request) -> Reply {
    let mut text = quoted(&session.cwd);
    text.extend_from_slice(b" is the current directory");
    Reply::new(257, text)
}

/// `CWD` and `CDUP`
pub(super) fn cwd(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    match session.run.files.enter(&session.account(), &path) {
        Ok(()) => {
            session.cwd = path;
            Reply::new(250, "Directory successfully changed.")
        }
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// `MKD`
pub(super) fn mkd(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    match session.change(request, Change::Mkdir(path.clone())) {
        Ok(()) => {
            let mut text = quoted(&path);
            text.extend_from_slice(b" created");
            Reply::new(257, text)
        }
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

/// `RMD`
pub(super) fn rmd(session: &mut Session, request: &mut Request) -> Reply {
    let path = path_of(request);
    match session.change(request, Change::Rmdir(path.clone())) {
        Ok(()) => Reply::new(250, "Remove directory operation successful."),
        Err(error) => Reply::refused(550, path.as_bytes(), error),
    }
}

fn quoted(path: &Path) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in path.as_bytes() {
        text.push(*byte);
        if *byte == b'"' {
            text.push(b'"');
        }
    }
    text.push(b'"');
    text
}

/// `LIST`
pub(super) async fn list(session: &mut Session, request: &mut Request) -> Done {
    let now = run::now();
    let style = session.settings.listing;
    let path = path_of(request);
    tell(session, request, |entries| listing::lines(style, &path, entries, now)).await
}

/// `NLST`
pub(super) async fn nlst(session: &mut Session, request: &mut Request) -> Done {
    let name = |entry: &Entry| entry.name.to_vec();
    tell(session, request, |entries| entries.iter().map(name).collect()).await
}

/// `MLSD` (RFC 3659, section 7)
pub(super) async fn mlsd(session: &mut Session, request: &mut Request) -> Done {
    let path = request.claimed_directory(&path_of(request));
    let facts = request.claimed_facts(&session.facts);
    let told = session.run.files.list(&session.account(), &path).map(|entries| {
        let mut lines = Lines::default();
        if session.settings.dots == Dots::Shown {
            for (which, name) in [(Which::Itself, "."), (Which::Parent, "..")] {
                if let Ok(stat) = session.look(&path.resolve(name.as_bytes())) {
                    lines.add(&listing::facts_line(&facts, &named(name.as_bytes(), stat), which));
                }
            }
        }
        for entry in entries.into_iter().filter(|entry| request.shows(entry)) {
            let entry = request.claimed_entry(entry);
            lines.add(&listing::facts_line(&facts, &entry, Which::Child));
        }
        lines.0
    });
    send(
        session,
        request,
        told.map_err(|error| match error {
            Error::NotADirectory => Reply::refused(501, path.as_bytes(), error),
            error => Reply::refused(550, path.as_bytes(), error),
        }),
    )
    .await
}

/// Lists what the argument names.
async fn tell(
    session: &mut Session,
    request: &mut Request,
    lines_of: impl Fn(&[Entry]) -> Vec<Vec<u8>>,
) -> Done {
    let told = entries(session, request, session.settings.dot_files).map(|entries| {
        let mut lines = Lines::default();
        for line in lines_of(&entries) {
            lines.add(&line);
        }
        lines.0
    });
    let path = path_of(request);
    let told = told.map_err(|error| Reply::refused(550, path.as_bytes(), error));
    send(session, request, told).await
}

/// Sends a listing, or what a rule sends in its place.
async fn send(session: &mut Session, request: &mut Request, told: Result<Vec<u8>, Reply>) -> Done {
    let charset = session.settings.charset;
    let truth = told.map(|listing| Source::Bytes(charset.encode(listing).into()));
    let source = match session.source(request, truth) {
        Ok(source) => source,
        Err(reply) => return reply.into(),
    };
    let closing = Reply::new(226, "Directory send OK.");
    let load = Load::down(source, closing, request, session.pace());
    session.transfer(request, load, Reply::new(150, "Here comes the directory listing.")).await
}

/// What `LIST`, `NLST` or `STAT` tells: a directory's entries, a file, or the names a pattern matches.
pub(super) fn entries(
    session: &Session,
    request: &Request,
    dot_files: Dots,
) -> Result<Vec<Entry>, Error> {
    let entries = true_entries(session, request, dot_files)?;
    let entries = entries.into_iter().filter(|entry| request.shows(entry));
    Ok(entries.map(|entry| request.claimed_entry(entry)).collect())
}

fn true_entries(
    session: &Session,
    request: &Request,
    dot_files: Dots,
) -> Result<Vec<Entry>, Error> {
    let argument = &request.argument;
    let all = flags(argument).contains(&b'a');
    let account = session.account();
    let files = &session.run.files;
    let literal = session.cwd.resolve(argument);
    let path = if argument.is_empty() || session.look(&literal).is_ok() {
        literal
    } else {
        path_of(request)
    };
    let path = request.claimed_directory(&path);
    match session.look(&path) {
        Ok(stat) if stat.kind == Kind::Directory => {
            let mut entries = files.list(&account, &path)?;
            if dot_files == Dots::Hidden && !all {
                entries.retain(|entry| !entry.name.starts_with(b"."));
            }
            if session.settings.dots == Dots::Shown && all {
                let dots = [b"..".as_slice(), b"."].into_iter();
                for name in dots {
                    entries.insert(0, named(name, session.look(&path.resolve(name))?));
                }
            }
            Ok(entries)
        }
        Ok(stat) => Ok(vec![named(without_flags(argument), stat)]),
        Err(Error::NotFound) => matching(session, &path, dot_files),
        Err(error) => Err(error),
    }
}

/// The entries of a directory that a pattern such as `*.txt` matches. It has to begin with a dot to match what does.
fn matching(session: &Session, path: &Path, dot_files: Dots) -> Result<Vec<Entry>, Error> {
    let pattern = path.name().filter(|name| name.iter().any(|byte| b"*?[".contains(byte)));
    let pattern = pattern.and_then(|name| std::str::from_utf8(name).ok());
    let glob = pattern.and_then(|pattern| Glob::text(pattern).ok()).ok_or(Error::NotFound)?;
    let names_dots = path.name().is_some_and(|name| name.starts_with(b"."));
    let shows =
        |entry: &Entry| dot_files == Dots::Shown || names_dots || !entry.name.starts_with(b".");
    let mut entries = session.run.files.list(&session.account(), &path.parent())?;
    entries.retain(|entry| glob.matches(&entry.name) && shows(entry));
    Ok(entries)
}

fn named(name: &[u8], stat: Stat) -> Entry {
    Entry { name: Arc::from(name), stat, link_target: None }
}

/// The letters of the flags before a path: `-la /in` has `la`.
fn flags(argument: &[u8]) -> &[u8] {
    let rest = without_flags(argument);
    &argument[..argument.len() - rest.len()]
}

/// A path without the flags before it, as `ls` takes them.
pub(super) fn without_flags(argument: &[u8]) -> &[u8] {
    let mut rest = argument;
    while rest.first() == Some(&b'-') {
        let end = rest.iter().position(|byte| *byte == b' ').map_or(rest.len(), |space| space + 1);
        rest = &rest[end..];
    }
    rest
}

/// Lines of a listing. A name with a line end in it would be two; it goes out as it is, as on any server.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, line: &[u8]) {
        self.0.extend_from_slice(line);
        self.0.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_end_where_the_path_begins() {
        assert_eq!(without_flags(b"-la /in"), b"/in");
        assert_eq!(flags(b"-l -a /in"), b"-l -a ");
        assert_eq!(without_flags(b"/in -la"), b"/in -la");
        assert_eq!(without_flags(b"-a"), b"");
    }
}
