use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::files::Error;

/// The longest name, in bytes (POSIX `NAME_MAX` on most systems).
pub const LONGEST_NAME: usize = 255;
/// The longest path, in bytes (POSIX `PATH_MAX` on most systems).
pub const LONGEST_PATH: usize = 4096;

/// An absolute, normalised path of raw bytes: `/a/b`, without `.`, `..`, repeated or trailing slashes.
///
/// Any bytes make a path; whether its names may be used is checked when the tree is asked. A path that was written with a
/// slash at its end is equal to the one without, and leads to a directory or nowhere (POSIX, pathname resolution).
#[derive(Clone)]
pub struct Path {
    text: Arc<[u8]>,
    names_a_directory: bool,
}

impl Path {
    /// The path `/`.
    #[must_use]
    pub fn root() -> Self {
        Self { text: Arc::from(&b"/"[..]), names_a_directory: false }
    }

    /// What `argument` means to someone in this directory. `..` is taken off the text, whatever links
    /// there are, and never leads above the root; an empty argument is the directory itself.
    #[must_use]
    pub fn resolve(&self, argument: &[u8]) -> Self {
        if argument.starts_with(b"/") {
            Self::normalised(b"/", argument)
        } else {
            Self::normalised(self.as_bytes(), argument)
        }
    }

    /// The path of `name` in this directory; a `name` of several parts goes as many levels down.
    #[must_use]
    pub fn join(&self, name: &[u8]) -> Self {
        Self::normalised(self.as_bytes(), name)
    }

    /// The directory that this path is in; the root is in itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        self.join(b"..")
    }

    /// The last name, or nothing for the root.
    #[must_use]
    pub fn name(&self) -> Option<&[u8]> {
        self.names().last()
    }

    /// All names from the root on.
    #[must_use]
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        names_of(&self.text)
    }

    /// Whether this is `/`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.text.len() == 1
    }

    /// The path as it is said to clients.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether it was written with a slash at its end, or `/.`: only a directory can be meant.
    #[must_use]
    pub fn names_a_directory(&self) -> bool {
        self.names_a_directory
    }

    /// The same as if it had been written without that slash.
    #[must_use]
    pub fn without_slash(self) -> Self {
        Self { names_a_directory: false, ..self }
    }

    /// Whether the path could exist at all.
    ///
    /// # Errors
    /// `NameTooLong`, `InvalidName`.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.text.len() > LONGEST_PATH {
            return Err(Error::NameTooLong);
        }
        self.names().try_for_each(check_name)
    }

    fn normalised(start: &[u8], more: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(start.len() + 1 + more.len());
        bytes.extend_from_slice(if start == b"/" { b"" } else { start });
        for name in more.split(|&byte| byte == b'/') {
            match name {
                b"" | b"." => {}
                b".." => bytes.truncate(last_slash(&bytes)),
                _ => {
                    bytes.push(b'/');
                    bytes.extend_from_slice(name);
                }
            }
        }
        if bytes.is_empty() {
            bytes.push(b'/');
        }
        let names_a_directory = more.ends_with(b"/") || more.ends_with(b"/.");
        Self { text: bytes.into(), names_a_directory }
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Path {}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(&self.text).fmt(f)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.text))
    }
}

/// The names in a path or in a link's target; `.` and empty ones mean nothing and are left out.
pub(super) fn names_of(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}

pub(super) fn check_name(name: &[u8]) -> Result<(), Error> {
    if name.len() > LONGEST_NAME {
        return Err(Error::NameTooLong);
    }
    if name.contains(&0) {
        return Err(Error::InvalidName);
    }
    Ok(())
}

fn last_slash(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte == b'/').unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(directory: &str, argument: &str) -> String {
        let directory = Path::root().resolve(directory.as_bytes());
        directory.resolve(argument.as_bytes()).to_string()
    }

    #[test]
    fn an_argument_is_resolved_from_the_directory() {
        assert_eq!(resolved("/a", "b"), "/a/b");
        assert_eq!(resolved("/a", "/b"), "/b");
        assert_eq!(resolved("/a", ""), "/a");
        assert_eq!(resolved("/", "b"), "/b");
        assert_eq!(resolved("/a/b", "../c/./d//e/"), "/a/c/d/e");
    }

    #[test]
    fn nothing_leads_above_the_root() {
        assert_eq!(resolved("/a", "../../../b"), "/b");
        assert_eq!(resolved("/", ".."), "/");
        assert_eq!(resolved("/", "..."), "/...");
    }

    #[test]
    fn parents_and_names_are_the_parts_of_a_path() {
        let path = Path::root().resolve(b"/a/b");
        assert_eq!(path.name(), Some(&b"b"[..]));
        assert_eq!(path.parent().as_bytes(), b"/a");
        assert_eq!(path.parent().parent(), Path::root());
        assert_eq!(Path::root().parent(), Path::root());
        assert_eq!(Path::root().name(), None);
        assert_eq!(path.join(b"c").as_bytes(), b"/a/b/c");
    }

    #[test]
    fn names_are_raw_bytes() {
        let path = Path::root().resolve(b"\xff\xfe/\r\n");
        assert_eq!(path.as_bytes(), b"/\xff\xfe/\r\n");
        assert_eq!(path.check(), Ok(()));
    }

    #[test]
    fn names_that_no_system_takes_are_refused() {
        let check = |argument: &[u8]| Path::root().resolve(argument).check();
        assert_eq!(check(&[b'x'; 255]), Ok(()));
        assert_eq!(check(&[b'x'; 256]), Err(Error::NameTooLong));
        assert_eq!(check(&b"x/".repeat(2049)), Err(Error::NameTooLong));
        assert_eq!(check(b"a\0b"), Err(Error::InvalidName));
    }
}
