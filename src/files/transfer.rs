//! What is done with open files.

use bytes::Bytes;
use jiff::Timestamp;

use crate::files::extent::in_memory;
use crate::files::node::NodeId;
use crate::files::state::State;
use crate::files::{Account, Content, Error, Files, Handle, Stat};

/// The longest file (POSIX `off_t`).
pub(super) const LONGEST_FILE: u64 = i64::MAX as u64;

impl Files {
    /// Reads `most` bytes from `offset` on, or as many as there are; none at the end.
    ///
    /// # Errors
    /// `Denied` if it is not open for reading, `Stale`.
    pub fn read(&self, handle: &Handle, offset: u64, most: usize) -> Result<Bytes, Error> {
        handle.allow_read()?;
        Ok(self.content(handle)?.read(offset, most))
    }

    /// As `read`, but fewer bytes, though never none before the end, if that spares a copy.
    ///
    /// # Errors
    /// As for `read`.
    pub fn read_piece(&self, handle: &Handle, offset: u64, most: usize) -> Result<Bytes, Error> {
        handle.allow_read()?;
        Ok(self.content(handle)?.read_piece(offset, most))
    }

    /// Writes `bytes` at `offset`, or at the end if it is open to append.
    ///
    /// # Errors
    /// `NoSpace` once what fits is written; `BadOffset`, `FileTooLarge`, `Stale`, `Denied` if it is not open for writing.
    pub fn write(&self, handle: &Handle, offset: u64, bytes: Bytes) -> Result<(), Error> {
        let offset = (!handle.appends()).then_some(offset);
        if offset.is_some_and(|offset| offset > LONGEST_FILE) {
            return Err(Error::BadOffset);
        }
        handle.allow_write()?;
        self.store(handle, offset, bytes)
    }

    /// Writes `bytes` at the end.
    ///
    /// # Errors
    /// As for `write`.
    pub fn append(&self, handle: &Handle, bytes: Bytes) -> Result<(), Error> {
        handle.allow_write()?;
        self.store(handle, None, bytes)
    }

    /// Cuts the file to `size` bytes, or fills it with zeros (POSIX `ftruncate`).
    ///
    /// # Errors
    /// `BadOffset`, `Stale`, `Denied` if it is not open for writing.
    pub fn truncate(&self, handle: &Handle, size: u64) -> Result<(), Error> {
        handle.allow_write()?;
        self.resize(handle, size)
    }

    /// The length in bytes.
    ///
    /// # Errors
    /// `Stale`.
    pub fn size(&self, handle: &Handle) -> Result<u64, Error> {
        Ok(self.content(handle)?.size())
    }

    /// The file's content as it is now; it does not change any more.
    ///
    /// # Errors
    /// `Stale`.
    pub fn content(&self, handle: &Handle) -> Result<Content, Error> {
        self.with(|state| {
            let id = self.opened(state, handle)?;
            Ok(state.tree.node(id).file()?.content.clone())
        })
    }

    /// What is known of the file (POSIX `fstat`).
    ///
    /// # Errors
    /// `Stale`.
    pub fn stat_open(&self, account: &Account, handle: &Handle) -> Result<Stat, Error> {
        self.with(|state| {
            let id = self.opened(state, handle)?;
            Ok(state.tree.node(id).stat(id, account))
        })
    }

    /// Cuts or fills the file, however it is open.
    pub(super) fn resize(&self, handle: &Handle, size: u64) -> Result<(), Error> {
        if size > LONGEST_FILE {
            return Err(Error::BadOffset);
        }
        let now = self.now();
        self.with(|state| {
            let id = self.opened(state, handle)?;
            let old = state.tree.change(id, |file| {
                let old = file.content.clone();
                file.content.truncate(size);
                old
            })?;
            state.garbage.push(old);
            state.tree.node_mut(id).is_written(now);
            Ok(())
        })
    }

    fn store(&self, handle: &Handle, offset: Option<u64>, bytes: Bytes) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let id = self.opened(state, handle)?;
            state.store(id, offset, bytes, now)
        })
    }
}

impl State {
    /// Writes what fits at `offset`, or at the end.
    fn store(
        &mut self,
        id: NodeId,
        offset: Option<u64>,
        mut bytes: Bytes,
        now: Timestamp,
    ) -> Result<(), Error> {
        let room = self.limits.capacity.saturating_sub(self.tree.usage.total());
        let length = bytes.len() as u64;
        let fitting = self.tree.change(id, |file| {
            let offset = offset.unwrap_or(file.content.size());
            if offset.saturating_add(length) > LONGEST_FILE {
                return Err(Error::FileTooLarge);
            }
            let fitting = file.content.fitting(offset, length, room);
            bytes.truncate(in_memory(fitting));
            file.content.write(offset, bytes);
            Ok(fitting)
        })??;
        if length > 0 {
            self.tree.node_mut(id).is_written(now);
        }
        if fitting < length { Err(Error::NoSpace) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, limited, path, put, text};
    use crate::files::{Limits, Scope, Write};

    fn room_for(capacity: u64) -> Limits {
        Limits { capacity, ..Limits::default() }
    }

    #[test]
    fn what_fits_is_stored() {
        let files = limited(&[("/given", "does not count")], room_for(10));
        put(&files, "/a", "1234");
        let handle = files.open_write(&alice(), &path("/b"), Write::Keep).unwrap();
        assert_eq!(files.append(&handle, "123456789".into()), Err(Error::NoSpace));
        assert_eq!(text(&files, "/b"), "123456");
        assert_eq!(files.stored(Scope::Everything), 10);
        assert_eq!(files.write(&handle, 2, "over".into()), Ok(()));
        assert_eq!(files.write(&handle, 5, "!!".into()), Err(Error::NoSpace));
        assert_eq!(text(&files, "/b"), "12ove!");
        files.remove(&alice(), &path("/a")).unwrap();
        assert_eq!(files.append(&handle, "6789".into()), Ok(()));
    }

    #[test]
    fn bytes_are_counted_for_whom_they_were_uploaded() {
        let files = files(&[("/given", "given")]);
        put(&files, "/a", "1234");
        let guest = bob().with_login("anonymous");
        let handle = files.open_write(&guest, &path("/b"), Write::Keep).unwrap();
        files.append(&handle, "123".into()).unwrap();
        let handle = files.open_write(&guest, &path("/given"), Write::Append).unwrap();
        files.append(&handle, "12".into()).unwrap();
        let stored = |login| files.stored(Scope::By(login));
        assert_eq!((stored("alice"), stored("anonymous"), stored("bob")), (4, 5, 0));
        assert_eq!(files.stored(Scope::Everything), 9);
        assert_eq!(files.stored(Scope::At(&bob(), &path("/given"))), 7);
        put(&files, "/given", "");
        assert_eq!((stored("alice"), stored("anonymous")), (4, 3));
    }

    #[test]
    fn a_file_has_an_end_beyond_which_none_is_written() {
        let files = files(&[]);
        let handle = files.open_write(&alice(), &path("/f"), Write::Keep).unwrap();
        let write = |offset| files.write(&handle, offset, "x".into());
        assert_eq!(write(u64::MAX), Err(Error::BadOffset));
        assert_eq!(write(LONGEST_FILE), Err(Error::FileTooLarge));
        assert_eq!(write(LONGEST_FILE - 1), Ok(()));
        assert_eq!(files.append(&handle, "x".into()), Err(Error::FileTooLarge));
        assert_eq!(files.truncate(&handle, u64::MAX), Err(Error::BadOffset));
        assert_eq!(files.size(&handle), Ok(LONGEST_FILE));
    }

    #[test]
    fn writing_sets_the_time_and_the_owner_may_set_another() {
        let files = files(&[]);
        put(&files, "/f", "x");
        let handle = files.open_write(&alice(), &path("/f"), Write::Append).unwrap();
        let modified = || files.stat_open(&alice(), &handle).unwrap().modified;
        let written = modified();
        let far = Timestamp::from_second(-62_135_596_800).unwrap();
        files.set_modified(&alice(), &handle, far).unwrap();
        assert_eq!(modified(), far);
        files.append(&handle, "y".into()).unwrap();
        assert!(modified() > written);
        assert_eq!(files.set_modified(&bob(), &path("/f"), far), Err(Error::Denied));
    }
}
