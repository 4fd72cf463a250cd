//! Checksums and hashes: `HASH` (draft-bryan-ftpext-hash), and the older `XCRC` and its like, which no document
//! specifies: they are as `ProFTPD` has them.

use std::fmt::Write as _;
use std::ops::Range;

use sha2::digest::DynDigest;

use super::file::path_of;
use crate::files::{Content, Error, Kind};
use crate::ftp::beside::{Beside, Ear};
use crate::ftp::reply::Reply;
use crate::ftp::request::{Done, Next, Request};
use crate::ftp::session::Session;
use crate::journal::Cause;

/// Bytes digested at once, before others have their turn.
const PIECE: usize = 256 * 1024;

/// How bytes are digested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ftp) enum Algorithm {
    Crc32,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    /// What `HASH` begins with, as in the examples of its draft.
    pub(in crate::ftp) const DEFAULT: Self = Self::Sha1;

    /// Every algorithm with its name in `HASH` (the IANA registry of hash function textual names, and CRC32).
    const ALL: [(Self, &'static str); 5] = [
        (Self::Crc32, "CRC32"),
        (Self::Md5, "MD5"),
        (Self::Sha1, "SHA-1"),
        (Self::Sha256, "SHA-256"),
        (Self::Sha512, "SHA-512"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }
}

/// The line of `FEAT`: the algorithm in use carries a star.
pub(super) fn features(current: Algorithm) -> String {
    let names = Algorithm::ALL.map(|(algorithm, name)| {
        let star = if algorithm == current { "*" } else { "" };
        format!("{name}{star}")
    });
    format!("HASH {}", names.join(";"))
}

/// `OPTS HASH`: tells the algorithm, or changes it.
pub(super) fn choose(session: &mut Session, wanted: &str) -> Reply {
    let known = Algorithm::ALL.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(wanted));
    match known {
        _ if wanted.is_empty() => {}
        Some((algorithm, _)) => session.hash = algorithm,
        None => return Reply::new(501, "Unknown algorithm, current selection not changed."),
    }
    Reply::new(200, session.hash.name())
}

/// `HASH`: of the whole file.
pub(super) async fn hash(session: &mut Session, request: &mut Request) -> Done {
    let algorithm = session.hash;
    match digest(session, request, algorithm, None).await {
        Ok((digest, range)) => {
            let (name, Range { start, end }) = (algorithm.name(), range);
            let text = format!("{name} {start}-{end} {} ", hex(&digest));
            Reply::new(213, [text.as_bytes(), &request.argument].concat()).into()
        }
        Err(done) => done,
    }
}

/// `XCRC`
pub(super) async fn xcrc(session: &mut Session, request: &mut Request) -> Done {
    checksum(session, request, Algorithm::Crc32).await
}

/// `XMD5`
pub(super) async fn xmd5(session: &mut Session, request: &mut Request) -> Done {
    checksum(session, request, Algorithm::Md5).await
}

/// `XSHA1`
pub(super) async fn xsha1(session: &mut Session, request: &mut Request) -> Done {
    checksum(session, request, Algorithm::Sha1).await
}

/// `XSHA256`
pub(super) async fn xsha256(session: &mut Session, request: &mut Request) -> Done {
    checksum(session, request, Algorithm::Sha256).await
}

/// `XSHA512`
pub(super) async fn xsha512(session: &mut Session, request: &mut Request) -> Done {
    checksum(session, request, Algorithm::Sha512).await
}

async fn checksum(session: &mut Session, request: &mut Request, algorithm: Algorithm) -> Done {
    let (_, range) = split(&request.argument);
    match digest(session, request, algorithm, range).await {
        Ok((digest, _)) => Reply::new(250, hex(&digest).to_ascii_uppercase()).into(),
        Err(done) => done,
    }
}

/// A range of a file's bytes, whose end may be that of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    start: u64,
    end: Option<u64>,
}

/// `"/a file" 0 100`: the path, and the range from a byte to before another. Without quotes, only two numbers are a
/// range, for a name may end in one.
pub(super) fn split(argument: &[u8]) -> (Vec<u8>, Option<Part>) {
    if let Some((path, rest)) = unquoted(argument) {
        let mut numbers = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let start = numbers.next().and_then(number);
        return (path, start.map(|start| Part { start, end: numbers.next().and_then(number) }));
    }
    let mut words = argument.rsplitn(3, |byte| *byte == b' ');
    let (end, start, path) = (words.next(), words.next(), words.next());
    match (start.and_then(number), end.and_then(number), path) {
        (Some(start), end @ Some(_), Some(path)) => (path.to_vec(), Some(Part { start, end })),
        _ => (argument.to_vec(), None),
    }
}

/// What stands in quotes, in which a quote is doubled, and what follows.
fn unquoted(argument: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = argument.strip_prefix(b"\"")?;
    let mut path = Vec::new();
    loop {
        match rest {
            [b'"', b'"', after @ ..] => {
                path.push(b'"');
                rest = after;
            }
            [b'"', after @ ..] => return Some((path, after)),
            [byte, after @ ..] => {
                path.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Digests a file, or a part of it. A big one takes its time: others have their turn meanwhile, and the client is
/// heard.
async fn digest(
    session: &mut Session,
    request: &mut Request,
    algorithm: Algorithm,
    part: Option<Part>,
) -> Result<(Box<[u8]>, Range<u64>), Done> {
    let content = content(session, request)?;
    let Part { start, end } = part.unwrap_or(Part { start: 0, end: None });
    let range = start..end.unwrap_or(content.size());
    if range.start > range.end || range.end > content.size() {
        return Err(Reply::new(501, format!("The file has {} bytes.", content.size())).into());
    }
    let mut work = std::pin::pin!(digested(algorithm, &content, range.clone()));
    let next = match session.beside(work.as_mut(), &mut Ear::for_the_client()).await {
        Beside::Done(digest) => return Ok((digest, range)),
        // Nobody waits for it any more.
        Beside::Left => Next::Continue,
        Beside::DoneAlone(_) | Beside::Over => Next::Over,
        Beside::Aborted(abort) => session.aborted(abort).await,
        Beside::Silenced(idle) => session.fall_idle(idle, None).await,
    };
    request.event.fail(Cause::Client, "the client did not wait for the digest");
    Err(Done::broken_off(next))
}

async fn digested(algorithm: Algorithm, content: &Content, range: Range<u64>) -> Box<[u8]> {
    let mut state = State::new(algorithm);
    let mut offset = range.start;
    while offset < range.end {
        let most = usize::try_from(range.end - offset).map_or(PIECE, |left| left.min(PIECE));
        let piece = content.read_piece(offset, most);
        state.update(&piece);
        offset += piece.len() as u64;
        tokio::task::yield_now().await;
    }
    state.finish()
}

/// The file's bytes as they are now, whoever changes it meanwhile.
fn content(session: &Session, request: &Request) -> Result<Content, Reply> {
    let path = path_of(request);
    let refused = |error| Reply::refused(550, path.as_bytes(), error);
    if session.look(&path).map_err(refused)?.kind == Kind::Directory {
        return Err(refused(Error::IsADirectory));
    }
    let files = &session.run.files;
    let handle = files.open_read(&session.account(), &path).map_err(refused)?;
    files.content(&handle).map_err(refused)
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest under way.
enum State {
    Crc32(crc32fast::Hasher),
    Other(Box<dyn DynDigest + Send>),
}

impl State {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Crc32(crc32fast::Hasher::new()),
            Algorithm::Md5 => Self::Other(Box::<md5::Md5>::default()),
            Algorithm::Sha1 => Self::Other(Box::<sha1::Sha1>::default()),
            Algorithm::Sha256 => Self::Other(Box::<sha2::Sha256>::default()),
            Algorithm::Sha512 => Self::Other(Box::<sha2::Sha512>::default()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(hasher) => hasher.update(bytes),
            Self::Other(digest) => digest.update(bytes),
        }
    }

    fn finish(self) -> Box<[u8]> {
        match self {
            Self::Crc32(hasher) => Box::new(hasher.finalize().to_be_bytes()),
            Self::Other(digest) => digest.finalize(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, Option<(u64, Option<u64>)>) {
        let (path, part) = split(text.as_bytes());
        (String::from_utf8(path).unwrap(), part.map(|part| (part.start, part.end)))
    }

    #[test]
    fn a_range_follows_the_path() {
        assert_eq!(of("a b"), ("a b".to_owned(), None));
        assert_eq!(of("a b 1 20"), ("a b".to_owned(), Some((1, Some(20)))));
        assert_eq!(of("report 2024"), ("report 2024".to_owned(), None));
        assert_eq!(of("\"report 2024\""), ("report 2024".to_owned(), None));
        assert_eq!(of("\"a\"\" b\" 1"), ("a\" b".to_owned(), Some((1, None))));
        assert_eq!(of("\"a\" 1 2"), ("a".to_owned(), Some((1, Some(2)))));
        assert_eq!(of("\"a"), ("\"a".to_owned(), None));
    }

    /// The check values that the algorithms' own documents give for these bytes.
    #[test]
    fn digests_are_those_of_the_standards() {
        let digest = |algorithm, text: &str| {
            let mut state = State::new(algorithm);
            state.update(text.as_bytes());
            hex(&state.finish())
        };
        assert_eq!(digest(Algorithm::Crc32, "123456789"), "cbf43926");
        assert_eq!(digest(Algorithm::Md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(digest(Algorithm::Sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(digest(Algorithm::Sha256, "abc").starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert!(digest(Algorithm::Sha512, "abc").starts_with("ddaf35a193617abacc417349ae204131"));
    }
}
