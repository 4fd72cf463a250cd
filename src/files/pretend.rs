//! Changes by path as values, so that one can be pretended, made later, or made and lost again, as a rule's
//! `keep` says. What is done with open files is in `undo`.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::files::state::State;
use crate::files::transfer::LONGEST_FILE;
use crate::files::{Account, Error, Files, Overwrite, Path, Shared, Subject, Times, Write};

/// A change of the tree by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A directory is made.
    Mkdir(Path),
    /// An empty directory is removed.
    Rmdir(Path),
    /// A file or a link is removed.
    Remove(Path),
    /// What is at a path gets another.
    Rename {
        /// Where it is.
        from: Path,
        /// Where it will be.
        to: Path,
        /// Whether it may replace what is there.
        overwrite: Overwrite,
    },
    /// Attributes are set.
    Set {
        /// Of what.
        path: Path,
        /// How long the file is to be.
        size: Option<u64>,
        /// The 12 permission bits.
        permissions: Option<u16>,
        /// When it was read and modified.
        times: Option<Times>,
    },
}

impl Change {
    /// The path that it is about; of a rename, the new one.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Mkdir(path)
            | Self::Rmdir(path)
            | Self::Remove(path)
            | Self::Rename { to: path, .. }
            | Self::Set { path, .. } => path,
        }
    }
}

impl Files {
    /// Makes a change.
    ///
    /// # Errors
    /// Those of what it does.
    pub fn make(&self, account: &Account, change: &Change) -> Result<(), Error> {
        match change {
            Change::Mkdir(path) => self.mkdir(account, path),
            Change::Rmdir(path) => self.rmdir(account, path),
            Change::Remove(path) => self.remove(account, path),
            Change::Rename { from, to, overwrite } => self.rename(account, from, to, *overwrite),
            Change::Set { path, size, permissions, times } => {
                let subject = Subject::Path(path);
                // Each is tried, whatever came of those before it, as OpenSSH does; the last failure is told.
                let cut = size.map(|size| {
                    if size > LONGEST_FILE {
                        return Err(Error::BadOffset);
                    }
                    let handle = self.open_write(account, path, Write::Existing)?;
                    self.truncate(&handle, size)
                });
                let allowed = permissions.map(|bits| self.set_permissions(account, subject, bits));
                let dated = times.map(|times| self.set_times(account, subject, times));
                let done = [cut, allowed, dated].into_iter().flatten();
                done.filter_map(Result::err).next_back().map_or(Ok(()), Err)
            }
        }
    }

    /// Makes a change in a copy that nobody sees: it succeeds and fails as it would.
    ///
    /// # Errors
    /// Those of what it would have done.
    pub fn pretend(&self, account: &Account, change: &Change) -> Result<(), Error> {
        let (tree, limits) = self.with(|state| (state.tree.clone(), state.limits));
        let now = self.now();
        let state = Mutex::new(State::new(tree, limits));
        let copy = Self { shared: Arc::new(Shared { state, clock: Box::new(move || now) }) };
        copy.make(account, change)
    }

    /// Removes what is at a path, whatever the permissions: a file, a link, or a directory that is empty.
    ///
    /// # Errors
    /// `NotFound`; `NotEmpty` for a directory with something in it; nobody loses his own root.
    pub fn lose_at(&self, account: &Account, path: &Path) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let (id, place) = state.tree.locate_entry(account, path)?.removable()?;
            if state.tree.node(id).entries().is_ok_and(|entries| !entries.is_empty()) {
                return Err(Error::NotEmpty);
            }
            state.unlink(&place, now);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, names, path, text};

    #[test]
    fn what_is_pretended_succeeds_and_fails_as_it_would_and_changes_nothing() {
        let files = files(&[("/f", "text"), ("/d/g", "")]);
        let pretend = |change| files.pretend(&alice(), &change);
        let overwrite = Overwrite::Yes;
        assert_eq!(pretend(Change::Remove(path("/f"))), Ok(()));
        assert_eq!(pretend(Change::Remove(path("/no"))), Err(Error::NotFound));
        assert_eq!(pretend(Change::Mkdir(path("/e"))), Ok(()));
        assert_eq!(pretend(Change::Rmdir(path("/d"))), Err(Error::NotEmpty));
        let rename = Change::Rename { from: path("/f"), to: path("/d/g"), overwrite };
        assert_eq!(pretend(rename), Ok(()));
        assert_eq!(names(&files, "/"), ["d", "f"]);
        assert_eq!(text(&files, "/d/g"), "");
    }

    #[test]
    fn each_attribute_is_tried_and_the_last_failure_told() {
        let files = files(&[("/f", "text"), ("/d/g", "")]);
        let set = |at, size| Change::Set {
            path: path(at),
            size: Some(size),
            permissions: Some(0o700),
            times: None,
        };
        assert_eq!(files.pretend(&alice(), &set("/f", 1)), Ok(()));
        assert_eq!(text(&files, "/f"), "text");
        assert_eq!(files.make(&alice(), &set("/f", 1)), Ok(()));
        assert_eq!(text(&files, "/f"), "t");
        assert_eq!(files.make(&alice(), &set("/d", 1)), Err(Error::IsADirectory));
        let stat = files.stat(&alice(), &path("/d"), crate::files::Follow::Yes).unwrap();
        assert_eq!(stat.permissions, 0o700);
        assert_eq!(files.make(&alice(), &set("/f", u64::MAX)), Err(Error::BadOffset));
    }

    #[test]
    fn what_is_lost_by_path_needs_no_permission() {
        let files = files(&[("/d/f", "")]);
        files.set_permissions(&alice(), &path("/d"), 0o500).unwrap();
        assert_eq!(files.lose_at(&bob(), &path("/d")), Err(Error::NotEmpty));
        assert_eq!(files.lose_at(&bob(), &path("/d/f")), Ok(()));
        assert_eq!(files.lose_at(&bob(), &path("/d")), Ok(()));
        assert_eq!(files.lose_at(&bob(), &path("/d")), Err(Error::NotFound));
        assert_eq!(names(&files, "/"), [""; 0]);
    }
}
