//! What changes the tree by path.

use imbl::OrdMap;
use jiff::Timestamp;

use crate::files::node::{Body, Node};
use crate::files::path::{LONGEST_PATH, check_name};
use crate::files::{Account, Error, Files, Follow, Handle, Path};

/// When a file was last read, and last modified (POSIX `struct stat`). Reading it here changes neither, as on a file system
/// that is mounted with `noatime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// `st_atim`
    pub accessed: Timestamp,
    /// `st_mtim`
    pub modified: Timestamp,
}

/// The file whose attributes are to be changed.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// What is at this path, links followed.
    Path(&'a Path),
    /// What is at this path, the link itself if it is one.
    Link(&'a Path),
    /// What is open, whatever its name is by now.
    Open(&'a Handle),
}

impl Files {
    /// Makes a directory (POSIX `mkdir`), with permissions 0755.
    ///
    /// # Errors
    /// `Exists`, `NotFound` without its parent, `Denied`, `TooManyFiles`.
    pub fn mkdir(&self, account: &Account, path: &Path) -> Result<(), Error> {
        self.create(account, path, Body::Directory(OrdMap::new()))
    }

    /// Makes a symbolic link to `target`, which need not exist (POSIX `symlink`).
    ///
    /// # Errors
    /// As for `mkdir`; `NotFound`, `InvalidName` and `NameTooLong` also for the target.
    pub fn symlink(&self, account: &Account, path: &Path, target: &[u8]) -> Result<(), Error> {
        if target.is_empty() {
            return Err(Error::NotFound);
        }
        if target.len() > LONGEST_PATH {
            return Err(Error::NameTooLong);
        }
        target.split(|&byte| byte == b'/').try_for_each(check_name)?;
        self.create(account, path, Body::Link(target.into()))
    }

    /// Gives the file or link at `existing` the further name `new` (POSIX `link`).
    ///
    /// # Errors
    /// `Denied` for a directory, and as for `mkdir`.
    pub fn hard_link(&self, account: &Account, existing: &Path, new: &Path) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let id = state.tree.locate(account, existing, Follow::No)?.node()?;
            let place = state.tree.locate_entry(account, new)?.free()?;
            if new.names_a_directory() {
                return Err(Error::NotFound);
            }
            if state.tree.node(id).is_directory() {
                return Err(Error::Denied);
            }
            let directory = place.directory;
            state.tree.node(directory).allow_entry(account)?;
            state.tree.attach(place, id);
            state.tree.node_mut(directory).modified = now;
            Ok(())
        })
    }

    /// Removes a file or a link (POSIX `unlink`); who has it open keeps it until then.
    ///
    /// # Errors
    /// `IsADirectory`, `NotFound`, `Denied`; `NotADirectory` with a slash at its end.
    pub fn remove(&self, account: &Account, path: &Path) -> Result<(), Error> {
        self.take_away(account, path, |node| match node.body {
            Body::Directory(_) => Err(Error::IsADirectory),
            Body::File(_) | Body::Link(_) if path.names_a_directory() => Err(Error::NotADirectory),
            Body::File(_) | Body::Link(_) => Ok(()),
        })
    }

    /// Removes an empty directory (POSIX `rmdir`).
    ///
    /// # Errors
    /// `NotADirectory`, `NotEmpty`, `NotFound`, `Denied`; nobody may remove his own root.
    pub fn rmdir(&self, account: &Account, path: &Path) -> Result<(), Error> {
        self.take_away(account, path, |node| {
            if node.entries()?.is_empty() { Ok(()) } else { Err(Error::NotEmpty) }
        })
    }

    /// Sets the 12 permission bits (POSIX `chmod`).
    ///
    /// # Errors
    /// `Denied` to all but the owner, `Stale`, and as for `stat`.
    pub fn set_permissions<'a>(
        &self,
        account: &Account,
        subject: impl Into<Subject<'a>>,
        permissions: u16,
    ) -> Result<(), Error> {
        self.change_node(account, subject.into(), |node| {
            node.permissions = permissions & 0o7777;
        })
    }

    /// Sets when it was modified, as if it had been read then, too.
    ///
    /// # Errors
    /// As for `set_permissions`.
    pub fn set_modified<'a>(
        &self,
        account: &Account,
        subject: impl Into<Subject<'a>>,
        modified: Timestamp,
    ) -> Result<(), Error> {
        self.set_times(account, subject, Times { accessed: modified, modified })
    }

    /// Sets when it was read and modified (POSIX `utimensat`).
    ///
    /// # Errors
    /// As for `set_permissions`.
    pub fn set_times<'a>(
        &self,
        account: &Account,
        subject: impl Into<Subject<'a>>,
        times: Times,
    ) -> Result<(), Error> {
        self.change_node(account, subject.into(), |node| {
            (node.accessed, node.modified) = (times.accessed, times.modified);
        })
    }

    fn create(&self, account: &Account, path: &Path, body: Body) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let place = state.tree.locate_entry(account, path)?.free()?;
            if path.names_a_directory() && !matches!(body, Body::Directory(_)) {
                return Err(Error::NotFound);
            }
            state.create(account, place, body, now).map(drop)
        })
    }

    fn take_away(
        &self,
        account: &Account,
        path: &Path,
        check: impl FnOnce(&Node) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let (id, place) = state.tree.locate_entry(account, path)?.removable()?;
            let node = state.tree.node(id);
            state.tree.node(place.directory).allow_removal(account, node)?;
            check(node)?;
            state.unlink(&place, now);
            Ok(())
        })
    }

    fn change_node(
        &self,
        account: &Account,
        subject: Subject,
        change: impl FnOnce(&mut Node),
    ) -> Result<(), Error> {
        self.with(|state| {
            let id = match subject {
                Subject::Path(path) => state.tree.locate(account, path, Follow::Yes)?.node()?,
                Subject::Link(path) => state.tree.locate(account, path, Follow::No)?.node()?,
                Subject::Open(handle) => self.opened(state, handle)?,
            };
            if !state.tree.node(id).is_owned_by(account) {
                return Err(Error::Denied);
            }
            change(state.tree.node_mut(id));
            Ok(())
        })
    }
}

impl<'a> From<&'a Path> for Subject<'a> {
    fn from(path: &'a Path) -> Self {
        Self::Path(path)
    }
}

impl<'a> From<&'a Handle> for Subject<'a> {
    fn from(handle: &'a Handle) -> Self {
        Self::Open(handle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, limited, names, path, put, text};
    use crate::files::{Limits, Stat};

    fn stat(files: &Files, at: &str) -> Stat {
        files.stat(&alice(), &path(at), Follow::No).unwrap()
    }

    #[test]
    fn directories_are_made_and_removed() {
        let files = files(&[("/f", "")]);
        let mkdir = |at| files.mkdir(&alice(), &path(at));
        let rmdir = |at| files.rmdir(&alice(), &path(at));
        assert_eq!(mkdir("/d"), Ok(()));
        assert_eq!(mkdir("/d"), Err(Error::Exists));
        assert_eq!(mkdir("/f"), Err(Error::Exists));
        assert_eq!(mkdir("/"), Err(Error::Exists));
        assert_eq!(mkdir("/no/d"), Err(Error::NotFound));
        assert_eq!(mkdir("/f/d"), Err(Error::NotADirectory));
        assert_eq!(mkdir("/d/e"), Ok(()));
        assert_eq!(rmdir("/d"), Err(Error::NotEmpty));
        assert_eq!(rmdir("/f"), Err(Error::NotADirectory));
        assert_eq!(rmdir("/no"), Err(Error::NotFound));
        assert_eq!(rmdir("/"), Err(Error::Denied));
        assert_eq!(files.remove(&alice(), &path("/d/e")), Err(Error::IsADirectory));
        assert_eq!(rmdir("/d/e"), Ok(()));
        assert_eq!(rmdir("/d"), Ok(()));
        assert_eq!(names(&files, "/"), ["f"]);
    }

    #[test]
    fn a_file_lives_as_long_as_one_of_its_names() {
        let files = files(&[]);
        put(&files, "/a", "text");
        files.hard_link(&alice(), &path("/a"), &path("/b")).unwrap();
        assert_eq!(stat(&files, "/a"), stat(&files, "/b"));
        assert_eq!(stat(&files, "/a").links, 2);
        let taken = files.hard_link(&alice(), &path("/a"), &path("/b"));
        assert_eq!(taken, Err(Error::Exists));
        files.remove(&alice(), &path("/a")).unwrap();
        assert_eq!(text(&files, "/b"), "text");
        assert_eq!(stat(&files, "/b").links, 1);
        let directory = files.hard_link(&alice(), &path("/"), &path("/c"));
        assert_eq!(directory, Err(Error::Denied));
    }

    #[test]
    fn who_may_not_write_a_directory_changes_no_entry() {
        let files = files(&[]);
        files.mkdir(&alice(), &path("/d")).unwrap();
        put(&files, "/d/f", "text");
        assert_eq!(files.mkdir(&bob(), &path("/d/e")), Err(Error::Denied));
        assert_eq!(files.remove(&bob(), &path("/d/f")), Err(Error::Denied));
        files.set_permissions(&alice(), &path("/d"), 0o777).unwrap();
        assert_eq!(files.remove(&bob(), &path("/d/f")), Ok(()));
    }

    #[test]
    fn in_a_sticky_directory_all_keep_their_own() {
        let files = files(&[]);
        files.mkdir(&alice(), &path("/tmp")).unwrap();
        files.set_permissions(&alice(), &path("/tmp"), 0o1777).unwrap();
        put(&files, "/tmp/f", "text");
        assert_eq!(files.remove(&bob(), &path("/tmp/f")), Err(Error::Denied));
        assert_eq!(files.mkdir(&bob(), &path("/tmp/d")), Ok(()));
        assert_eq!(files.rmdir(&bob(), &path("/tmp/d")), Ok(()));
        assert_eq!(files.remove(&alice(), &path("/tmp/f")), Ok(()));
    }

    #[test]
    fn only_the_owner_sets_permissions() {
        let files = files(&[("/given", "")]);
        put(&files, "/f", "text");
        let set = |account: &Account, at| files.set_permissions(account, &path(at), 0o17_7777);
        assert_eq!(set(&bob(), "/f"), Err(Error::Denied));
        assert_eq!(set(&alice(), "/f"), Ok(()));
        assert_eq!(set(&bob(), "/given"), Ok(()));
        assert_eq!(stat(&files, "/f").permissions, 0o7777);
    }

    #[test]
    fn there_is_an_end_to_the_number_of_files() {
        let limits = Limits { files: 3, ..Limits::default() };
        let files = limited(&[("/f", "")], limits);
        assert_eq!(files.mkdir(&alice(), &path("/d")), Ok(()));
        assert_eq!(files.mkdir(&alice(), &path("/e")), Err(Error::TooManyFiles));
        files.remove(&alice(), &path("/f")).unwrap();
        assert_eq!(files.mkdir(&alice(), &path("/e")), Ok(()));
    }
}
