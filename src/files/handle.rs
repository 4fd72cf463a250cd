use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::files::node::{Body, File, NodeId, Permission, Place};
use crate::files::state::State;
use crate::files::undo::{Before, Memory};
use crate::files::walk::Spot;
use crate::files::{Account, Error, Files, Follow, Path, Shared};

/// How a file is opened (POSIX `open`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What the handle is for.
    pub access: Access,
    /// What becomes of a missing file.
    pub create: Create,
    /// What was in it is gone (`O_TRUNC`).
    pub truncates: bool,
    /// All writes go to its end (`O_APPEND`).
    pub appends: bool,
}

/// What an open file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `O_RDONLY`
    Read,
    /// `O_WRONLY`
    Write,
    /// `O_RDWR`
    Both,
}

/// What becomes of a missing file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// It is an error.
    Never,
    /// It is made (`O_CREAT`).
    Missing,
    /// It is made, and anything there is an error (`O_CREAT | O_EXCL`).
    New,
}

/// The usual ways to open a file for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// What was there is gone; a missing file is made (`O_CREAT | O_TRUNC`).
    Truncate,
    /// All writes go to the end; a missing file is made (`O_CREAT | O_APPEND`).
    Append,
    /// What was there stays, to be resumed or written into; a missing file is made (`O_CREAT`).
    Keep,
    /// As `Keep`, but a missing file is an error (no flag).
    Existing,
    /// An existing file is an error (`O_CREAT | O_EXCL`).
    CreateNew,
}

impl Write {
    /// The same in the words of POSIX.
    #[must_use]
    pub fn opening(self, access: Access) -> Opening {
        let create = match self {
            Self::Truncate | Self::Append | Self::Keep => Create::Missing,
            Self::Existing => Create::Never,
            Self::CreateNew => Create::New,
        };
        let (truncates, appends) = (self == Self::Truncate, self == Self::Append);
        Opening { access, create, truncates, appends }
    }
}

impl Access {
    fn reads(self) -> bool {
        self != Self::Write
    }

    fn writes(self) -> bool {
        self != Self::Read
    }
}

impl Opening {
    /// Whether a directory is in its way: one can be opened, but only to be looked at.
    fn refuses_directories(self) -> bool {
        self.access.writes() || self.truncates || self.create != Create::Never
    }
}

/// An open file. It goes on working when the file is renamed or removed, as on Unix, and is closed when it
/// is dropped. After a reset of the tree it is stale.
pub struct Handle {
    shared: Arc<Shared>,
    node: NodeId,
    generation: u64,
    opening: Opening,
    pub(super) memory: Mutex<Memory>,
}

impl Files {
    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// `IsADirectory`, `NotFound`, `Denied`, and as for `stat`.
    pub fn open_read(&self, account: &Account, path: &Path) -> Result<Handle, Error> {
        let handle = self.open(account, path, Write::Existing.opening(Access::Read))?;
        self.content(&handle)?;
        Ok(handle)
    }

    /// Opens the file at `path` for writing, and makes it, with permissions 0644, if `write` says so.
    ///
    /// # Errors
    /// `IsADirectory`, `NotFound`, `Exists`, `Denied`, `TooManyFiles`, and as for `stat`.
    pub fn open_write(
        &self,
        account: &Account,
        path: &Path,
        write: Write,
    ) -> Result<Handle, Error> {
        self.open(account, path, write.opening(Access::Write))
    }

    /// Opens the file at `path`, or makes it, as Linux does it: `O_TRUNC` needs the right to write, whatever the file is
    /// opened for, and a directory can be opened for reading, though nothing can be read of it.
    ///
    /// # Errors
    /// As for `open_write`.
    pub fn open(&self, account: &Account, path: &Path, opening: Opening) -> Result<Handle, Error> {
        let now = self.now();
        // The handle itself is made when the lock is given back, for its drop takes the lock.
        let (node, generation, before) = self.with(|state| {
            let (id, before) = state.open_node(account, path, opening, now)?;
            Ok((id, state.generation, before))
        })?;
        Ok(Handle {
            shared: Arc::clone(&self.shared),
            node,
            generation,
            opening,
            memory: Mutex::new(Memory::new(before)),
        })
    }

    /// The node that is open, if it is one of this tree as it is now.
    pub(super) fn opened(&self, state: &State, handle: &Handle) -> Result<NodeId, Error> {
        let is_ours = Arc::ptr_eq(&self.shared, &handle.shared);
        if !is_ours || state.generation != handle.generation {
            return Err(Error::Stale);
        }
        Ok(handle.node)
    }
}

impl State {
    fn open_node(
        &mut self,
        account: &Account,
        path: &Path,
        opening: Opening,
        now: Timestamp,
    ) -> Result<(NodeId, Before), Error> {
        let makes = opening.create != Create::Never;
        if makes && path.names_a_directory() {
            // What is made is a file, whatever there is.
            return self.tree.locate_entry(account, path).and(Err(Error::IsADirectory));
        }
        let follow = if opening.create == Create::New { Follow::No } else { Follow::Yes };
        let (id, before) = match self.tree.locate(account, path, follow)? {
            Spot::Taken(..) if opening.create == Create::New => return Err(Error::Exists),
            Spot::Free(_) if !makes => return Err(Error::NotFound),
            Spot::Taken(id, _) => (id, self.open_existing(account, id, opening, now)?),
            Spot::Free(place) => self.open_new(account, place, now)?,
        };
        *self.open.entry(id).or_default() += 1;
        Ok((id, before))
    }

    fn open_existing(
        &mut self,
        account: &Account,
        id: NodeId,
        opening: Opening,
        now: Timestamp,
    ) -> Result<Before, Error> {
        let node = self.tree.node(id);
        if node.is_directory() && opening.refuses_directories() {
            return Err(Error::IsADirectory);
        }
        if opening.access.reads() {
            node.allow(account, Permission::Read)?;
        }
        if !opening.access.writes() && !opening.truncates {
            return Ok(Before::Forgotten);
        }
        node.allow(account, Permission::Write)?;
        let file = node.file()?;
        let is_given = file.uploader.is_none();
        let before = Before::File(file.clone(), node.modified);
        if opening.truncates {
            self.tree.change(id, |file| *file = File::of(account.login()))?;
            self.tree.node_mut(id).is_written(now);
        } else if is_given {
            let uploader = Some(Arc::clone(account.login()));
            self.tree.change(id, |file| file.uploader = uploader)?;
        }
        Ok(before)
    }

    fn open_new(
        &mut self,
        account: &Account,
        place: Place,
        now: Timestamp,
    ) -> Result<(NodeId, Before), Error> {
        let before = Before::missing(self.tree.node(place.directory).modified, now);
        let body = Body::File(File::of(account.login()));
        Ok((self.create(account, place, body, now)?, before))
    }
}

impl Handle {
    /// Whether there was no file before it was opened.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.memory.lock().is_of_new_file()
    }

    pub(super) fn allow_read(&self) -> Result<(), Error> {
        if self.opening.access.reads() { Ok(()) } else { Err(Error::Denied) }
    }

    pub(super) fn allow_write(&self) -> Result<(), Error> {
        if self.opening.access.writes() { Ok(()) } else { Err(Error::Denied) }
    }

    /// Whether all writes go to the end.
    #[must_use]
    pub fn appends(&self) -> bool {
        self.opening.appends
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.with(|state| {
            if state.generation == self.generation {
                state.close(self.node);
            }
        });
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("node", &self.node)
            .field("opening", &self.opening)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::files::sample::{alice, bob, files, path, put, text};
    use crate::files::{Kind, Scope, Tree};

    #[test]
    fn each_way_of_opening_finds_or_makes_the_file() {
        let files = files(&[("/f", "old")]);
        let open =
            |at, write| files.open_write(&alice(), &path(at), write).map(|handle| handle.is_new());
        assert_eq!(open("/f", Write::CreateNew), Err(Error::Exists));
        assert_eq!(open("/f", Write::Keep), Ok(false));
        assert_eq!(open("/f", Write::Append), Ok(false));
        assert_eq!(text(&files, "/f"), "old");
        assert_eq!(open("/f", Write::Truncate), Ok(false));
        assert_eq!(text(&files, "/f"), "");
        assert_eq!(open("/new", Write::Existing), Err(Error::NotFound));
        assert_eq!(open("/new", Write::CreateNew), Ok(true));
        assert_eq!(open("/no/new", Write::Keep), Err(Error::NotFound));
        assert_eq!(open("/f/new", Write::Keep), Err(Error::NotADirectory));
        assert_eq!(open("/", Write::Keep), Err(Error::IsADirectory));
        assert_eq!(files.open_read(&alice(), &path("/")).err(), Some(Error::IsADirectory));
    }

    #[test]
    fn a_directory_is_opened_to_be_looked_at() {
        let files = files(&[("/d/f", "text")]);
        let directory = files.open(&alice(), &path("/d"), Write::Existing.opening(Access::Read));
        let directory = directory.unwrap();
        assert_eq!(
            files.stat_open(&alice(), &directory).map(|stat| stat.kind),
            Ok(Kind::Directory)
        );
        assert_eq!(files.read(&directory, 0, 1), Err(Error::IsADirectory));
        files.remove(&alice(), &path("/d/f")).unwrap();
        files.rmdir(&alice(), &path("/d")).unwrap();
        drop(directory);
        for write in [Write::Existing, Write::Keep] {
            let opened = files.open(&alice(), &path("/"), write.opening(Access::Both));
            assert_eq!(opened.err(), Some(Error::IsADirectory));
        }
        let empties = Opening { truncates: true, ..Write::Existing.opening(Access::Read) };
        assert_eq!(files.open(&alice(), &path("/"), empties).err(), Some(Error::IsADirectory));
    }

    #[test]
    fn a_slash_at_the_end_means_a_directory() {
        let files = files(&[("/f", "text"), ("/d/g", "")]);
        files.symlink(&alice(), &path("/l"), b"d").unwrap();
        let stat = |at| files.stat(&alice(), &path(at), Follow::No).map(|stat| stat.kind);
        assert_eq!(stat("/f/"), Err(Error::NotADirectory));
        assert_eq!(stat("/f/."), Err(Error::NotADirectory));
        assert_eq!(stat("/l/"), Ok(Kind::Directory));
        let write = |at| files.open_write(&alice(), &path(at), Write::Keep).err();
        assert_eq!(write("/new/"), Some(Error::IsADirectory));
        assert_eq!(write("/no/new/"), Some(Error::NotFound));
        let (alice, yes) = (alice(), crate::files::Overwrite::Yes);
        assert_eq!(files.remove(&alice, &path("/f/")), Err(Error::NotADirectory));
        assert_eq!(files.rename(&alice, &path("/f"), &path("/h/"), yes), Err(Error::NotADirectory));
        assert_eq!(files.symlink(&alice, &path("/m/"), b"d"), Err(Error::NotFound));
        assert_eq!(files.hard_link(&alice, &path("/f"), &path("/h/")), Err(Error::NotFound));
        assert_eq!(files.rename(&alice, &path("/d/"), &path("/e/"), yes), Ok(()));
        assert_eq!(files.mkdir(&alice, &path("/d/")), Ok(()));
        assert_eq!(files.rmdir(&alice, &path("/d/")), Ok(()));
    }

    #[test]
    fn a_handle_does_what_it_was_opened_for() {
        let files = files(&[("/f", "old")]);
        let reader = files.open_read(&alice(), &path("/f")).unwrap();
        assert_eq!(files.append(&reader, "x".into()), Err(Error::Denied));
        assert_eq!(files.truncate(&reader, 0), Err(Error::Denied));
        let writer = files.open_write(&alice(), &path("/f"), Write::Keep).unwrap();
        assert_eq!(files.read(&writer, 0, 9), Err(Error::Denied));
        let append = Write::Append.opening(Access::Both);
        let both = files.open(&alice(), &path("/f"), append).unwrap();
        assert_eq!(files.write(&both, 0, "er".into()), Ok(()));
        assert_eq!(files.read(&both, 0, 9), Ok(Bytes::from("older")));
    }

    #[test]
    fn a_handle_outlives_the_name() {
        let files = files(&[]);
        put(&files, "/f", "1234");
        let reader = files.open_read(&alice(), &path("/f")).unwrap();
        let writer = files.open_write(&alice(), &path("/f"), Write::Append).unwrap();
        files.remove(&alice(), &path("/f")).unwrap();
        assert_eq!(files.append(&writer, "56".into()), Ok(()));
        drop(writer);
        assert_eq!(files.read(&reader, 2, 9), Ok(Bytes::from("3456")));
        assert_eq!(files.stored(Scope::Everything), 6);
        drop(reader);
        assert_eq!(files.stored(Scope::Everything), 0);
    }

    #[test]
    fn after_a_reset_a_handle_is_stale_and_closes_nothing() {
        let files = files(&[("/f", "old")]);
        let old = files.open_read(&alice(), &path("/f")).unwrap();
        files.reset();
        assert_eq!(files.read(&old, 0, 9), Err(Error::Stale));
        assert_eq!(files.undo(&old), Err(Error::Stale));
        let new = files.open_read(&alice(), &path("/f")).unwrap();
        files.remove(&alice(), &path("/f")).unwrap();
        drop(old);
        assert_eq!(files.read(&new, 0, 9), Ok(Bytes::from("old")));
    }

    #[test]
    fn a_handle_of_another_tree_is_stale() {
        let files = files(&[("/f", "old")]);
        let others =
            Files::new(Tree::new(), crate::files::Limits::default(), || Timestamp::UNIX_EPOCH);
        let handle = files.open_read(&alice(), &path("/f")).unwrap();
        assert_eq!(others.size(&handle), Err(Error::Stale));
    }

    #[test]
    fn only_who_may_read_or_write_opens() {
        let files = files(&[]);
        put(&files, "/f", "of alice");
        assert!(files.open_read(&bob(), &path("/f")).is_ok());
        let write = files.open_write(&bob(), &path("/f"), Write::Append);
        assert_eq!(write.err(), Some(Error::Denied));
        files.set_permissions(&alice(), &path("/f"), 0o200).unwrap();
        assert_eq!(files.open_read(&bob(), &path("/f")).err(), Some(Error::Denied));
        assert!(files.open_write(&alice(), &path("/f"), Write::Keep).is_ok());
        let truncate = Write::Truncate.opening(Access::Both);
        let both = files.open(&alice(), &path("/f"), truncate);
        assert_eq!(both.err(), Some(Error::Denied));
        assert_eq!(files.stored(Scope::Everything), 8);
    }

    #[test]
    fn a_link_to_nowhere_is_where_a_file_can_be_made() {
        let files = files(&[]);
        files.symlink(&alice(), &path("/l"), b"target").unwrap();
        let new = files.open_write(&alice(), &path("/l"), Write::CreateNew);
        assert_eq!(new.err(), Some(Error::Exists));
        put(&files, "/l", "through");
        assert_eq!(text(&files, "/target"), "through");
    }
}
