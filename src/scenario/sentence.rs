//! A rule or an expectation as Rust says it: the keys of the language, with values as a scenario file writes them.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// One flat sentence: when, how often, what. Begun by [`when`], by [`stored`], or by [`exit`].
///
/// Each method is a key of the language, and takes what a scenario file writes behind it: a text, a number, or a
/// list of them. They are checked together when the scenario is [built](super::Builder::build), with the errors
/// that a file would get.
///
/// ```
/// use badftp::scenario::when;
///
/// let rule = when("upload").path("/in/*.csv").times(1).at("64KiB").reply("426 Transfer aborted");
/// let expectation = when("upload").per("path").times("1-4").gap("1s+");
/// ```
#[derive(Clone)]
#[must_use = "a sentence holds in no scenario until a builder takes it"]
pub struct Sentence {
    pairs: Vec<(Cow<'static, str>, Value)>,
    pub(super) place: &'static Location<'static>,
}

/// What stands behind a key.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text, or a form such as `64KiB` or `1-4`.
    Text(String),
    /// A bare number.
    Number(u64),
    /// Several.
    List(Vec<Self>),
}

/// A sentence about an event: a word of the language (`upload`), a wire's own word (`STOR`), or a list of them.
#[track_caller]
pub fn when(event: impl Into<Value>) -> Sentence {
    Sentence { pairs: vec![("when".into(), event.into())], place: Location::caller() }
}

/// An expectation about files and links that are there in the end: a path, or a glob of it. A path that ends in `/`
/// means folders.
///
/// ```
/// use badftp::scenario::stored;
///
/// let no_temporary_file_is_left = stored("/in/*.part").times(0);
/// ```
#[track_caller]
pub fn stored(path: impl Into<Value>) -> Sentence {
    Sentence { pairs: vec![("stored".into(), path.into())], place: Location::caller() }
}

/// An expectation about the exit code of the command that `badftp run` starts: `nonzero`, a code or a range of codes. In
/// the process of a Rust test there is no such command, so it is not judged there.
///
/// ```
/// use badftp::scenario::{Scenario, exit, when};
///
/// let the_client_reports_it = Scenario::builder()
///     .rule(when("upload").reply("552 Disk full"))
///     .expect(exit("nonzero"))
///     .build()?;
/// # Ok::<(), badftp::scenario::Problems>(())
/// ```
#[track_caller]
pub fn exit(code: impl Into<Value>) -> Sentence {
    Sentence { pairs: vec![("exit".into(), code.into())], place: Location::caller() }
}

/// The methods that are keys.
macro_rules! keys {
    ($($(#[doc = $doc:literal])* $method:ident = $key:literal;)*) => {
        impl Sentence {
            $($(#[doc = $doc])*
            pub fn $method(self, value: impl Into<Value>) -> Self {
                self.key($key, value)
            })*
        }

        /// The keys that have a method.
        #[cfg(test)]
        const KEYS: &[&str] = &["when", "stored", "exit", $($key),*];
    };
}

keys! {
    /// `protocol:` Only there: `ftp`, `ftps`, `sftp`.
    protocol = "protocol";
    /// `user:` Only for this user; a glob.
    user = "user";
    /// `path:` Only at this path; a glob from the root.
    path = "path";
    /// `argument:` Only with this argument, as it is sent; a glob.
    argument = "argument";
    /// `target:` Only if this is at the path: `missing`, `exists`, `empty`, `file`, `directory`.
    target = "target";
    /// `method:` Only for this way to log in.
    method = "method";
    /// `tls:` Only with this TLS: `none`, `new`, `resumed`.
    tls = "tls";
    /// `of:` Only a silence of these, of `idle`: `commands`, `transfers`, `bytes`.
    of = "of";
    /// `flags:` Only files that SFTP opens with these flags: `READ+WRITE` is both.
    flags = "flags";
    /// `offset:` Only what begins at this byte of its file, a range; `1B+` is a resume.
    offset = "offset";
    /// `length:` Only requests of SFTP about so many bytes, a range.
    length = "length";
    /// `order:` Only reads and writes of SFTP that go on where the last one ended, `sequential`, or do not, `random`.
    order = "order";
    /// `attributes:` Only requests of SFTP that set such an attribute: `permissions`, `permissions rw-------`.
    attributes = "attributes";
    /// `state:` Only in this state.
    state = "state";
    /// `skip:` Lets so many pass first.
    skip = "skip";
    /// `times:` Of a rule: acts so often. Of an expectation: a range, how often it must happen.
    times = "times";
    /// `for:` Acts only so long after its first act.
    lasting = "for";
    /// `chance:` Acts on this share of matches.
    chance = "chance";
    /// `per:` What is counted apart: `server`, `address`, `connection`, `user`, `path`.
    per = "per";
    /// `limit:` Acts on what would exceed it, a count or a size.
    limit = "limit";
    /// `fires:` How often it has to fire, a range.
    fires = "fires";
    /// `delay:` Waits first.
    delay = "delay";
    /// `rate:` Moves data no faster.
    rate = "rate";
    /// `chunk:` Moves data in such pieces.
    chunk = "chunk";
    /// `at:` Where in the operation: `start`, a size, `end`.
    at = "at";
    /// `reply:` The FTP reply: `425 Can't open data connection`.
    reply = "reply";
    /// `status:` The SFTP status: `4 Failure`.
    status = "status";
    /// `send:` Exactly this instead of an answer.
    send = "send";
    /// `claim:` A lie in an otherwise right answer: `size 5B`.
    claim = "claim";
    /// `repeat:` Says it so often.
    repeat = "repeat";
    /// `damage:` What is broken in the bytes that go out.
    damage = "damage";
    /// `certificate:` What is shown in the TLS handshake.
    certificate = "certificate";
    /// `host-key:` What is shown in the SSH handshake.
    host_key = "host-key";
    /// `data:` What becomes of the data connection.
    data = "data";
    /// `keep:` What the operation leaves on the server.
    keep = "keep";
    /// `then:` How the session ends.
    then = "then";
    /// `goto:` Enters this state.
    goto = "goto";
    /// `outcome:` Counts only these: `ok`, `failed`.
    outcome = "outcome";
    /// `parting:` Counts only uploads whose TLS the client has ended so: `notified`, `torn`.
    parting = "parting";
    /// `after:` Counts only what begins when such an event is over.
    after = "after";
    /// `gap:` From the end of one to the beginning of the next, a range.
    gap = "gap";
    /// `size:` Counts only files of this size, a range.
    size = "size";
    /// `sha256:` Counts only files with this content.
    sha256 = "sha256";
}

impl Sentence {
    /// Any key by its name, for those whose name is chosen at run time.
    pub fn key(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.pairs.push((name.into(), value.into()));
        self
    }
}

/// As a scenario file writes it, in one line.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            // One that is chosen at run time may be anything.
            let name = if is_plain(name) { name.to_string() } else { quoted(name) };
            write!(f, "{comma}{name}: {value}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Number(number) => number.fmt(f),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(Self::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// A text in double quotes: JSON's are YAML's, too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// What a literal is when nobody says; a scenario has no negative number, so one is refused as a text.
impl From<i32> for Value {
    fn from(number: i32) -> Self {
        u64::try_from(number).map_or_else(|_| Self::Text(number.to_string()), Self::Number)
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys;

    #[test]
    fn every_key_of_a_rule_and_an_expectation_is_a_method() {
        let is_sentence = |map| map == "a rule" || map == "an expectation";
        let keys = keys().into_iter().filter(|key| is_sentence(key.map));
        let missing: Vec<_> = keys.map(|key| key.name).filter(|key| !KEYS.contains(key)).collect();
        assert_eq!(missing, [] as [&str; 0]);
    }

    #[test]
    fn a_sentence_is_written_as_in_a_file() {
        let rule = when(["STOR", "APPE"]).times(1).reply("426 It's \"over\"");
        let line = r#"{when: ["STOR", "APPE"], times: 1, reply: "426 It's \"over\""}"#;
        assert_eq!(rule.to_string(), line);
    }
}
