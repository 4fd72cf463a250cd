//! What an upload leaves behind when a rule's `keep` says so: what the handle remembers is put back.

use std::mem;

use jiff::Timestamp;

use crate::files::node::{File, NodeId, Place};
use crate::files::state::State;
use crate::files::{Error, Files, Handle};

/// What a handle remembers, to be exchanged with what is there.
#[derive(Debug)]
pub(super) struct Memory {
    before: Before,
    is_undone: bool,
}

/// What was there when a file was opened.
#[derive(Debug)]
pub(super) enum Before {
    /// It is only read, or nobody will want it back.
    Forgotten,
    /// This content, of that time.
    File(File, Timestamp),
    /// Nothing.
    Missing(Absence),
}

#[derive(Debug)]
pub(super) struct Absence {
    /// When the directory was modified before the file was made in it.
    directory_modified: Timestamp,
    made: Timestamp,
    /// Where the file was when it was taken away.
    place: Option<Place>,
}

impl Handle {
    /// Lets go of what was there before it was opened, which nobody will want back: a file that is replaced
    /// would hold the memory of both until it is closed.
    pub fn forget(&self) {
        self.memory.lock().before = Before::Forgotten;
    }
}

impl Files {
    /// Puts back what was there before the handle was opened: the old content and time, or no file.
    /// Further writes to the handle are nobody's concern; [`Files::redo`] brings the new content back.
    /// On a handle for reading it does nothing.
    ///
    /// Of two handles open to the same file, each remembers what there was when it was opened itself.
    ///
    /// # Errors
    /// `Stale`.
    pub fn undo(&self, handle: &Handle) -> Result<(), Error> {
        let mut memory = handle.memory.lock();
        if memory.is_undone {
            return Ok(());
        }
        self.with(|state| {
            let id = self.opened(state, handle)?;
            match &mut memory.before {
                Before::Forgotten => {}
                Before::File(file, modified) => state.exchange(id, file, modified)?,
                Before::Missing(absence) => state.hide(id, absence),
            }
            memory.is_undone = true;
            Ok(())
        })
    }

    /// Takes an [`Files::undo`] back: an upload that shows only later (`keep: after 5s`). A file that has
    /// appeared in its place since is replaced.
    ///
    /// # Errors
    /// `Stale`; `NotFound` if its directory is gone; `IsADirectory` if one is in its place.
    pub fn redo(&self, handle: &Handle) -> Result<(), Error> {
        let now = self.now();
        let mut memory = handle.memory.lock();
        if !memory.is_undone {
            return Ok(());
        }
        self.with(|state| {
            let id = self.opened(state, handle)?;
            match &mut memory.before {
                Before::Forgotten => {}
                Before::File(file, modified) => state.exchange(id, file, modified)?,
                Before::Missing(absence) => state.show(id, absence, now)?,
            }
            memory.is_undone = false;
            Ok(())
        })
    }

    /// Removes the file with what it was before (`keep: lost`), whatever the permissions.
    ///
    /// # Errors
    /// `Stale`.
    pub fn lose(&self, handle: &Handle) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let id = self.opened(state, handle)?;
            if let Some(place) = state.tree.place(id) {
                state.unlink(&place, now);
            }
            Ok(())
        })
    }

    /// Cuts the file to `size` bytes, or fills it with zeros (`keep: 64KiB`), also under a reader.
    ///
    /// # Errors
    /// `BadOffset`, `Stale`.
    pub fn keep_size(&self, handle: &Handle, size: u64) -> Result<(), Error> {
        self.resize(handle, size)
    }
}

impl State {
    fn exchange(
        &mut self,
        id: NodeId,
        file: &mut File,
        modified: &mut Timestamp,
    ) -> Result<(), Error> {
        self.tree.change(id, |now| mem::swap(now, file))?;
        mem::swap(&mut self.tree.node_mut(id).modified, modified);
        Ok(())
    }

    fn hide(&mut self, id: NodeId, absence: &mut Absence) {
        absence.place = self.tree.place(id);
        if let Some(place) = &absence.place {
            self.tree.detach(place);
            let directory = self.tree.node_mut(place.directory);
            if directory.modified == absence.made {
                directory.modified = absence.directory_modified;
            }
        }
    }

    fn show(&mut self, id: NodeId, absence: &mut Absence, now: Timestamp) -> Result<(), Error> {
        let Some(place) = &absence.place else {
            return Ok(());
        };
        if self.tree.get(place.directory).is_none() {
            return Err(Error::NotFound);
        }
        if let Some(other) = self.tree.entry(place.directory, &place.name) {
            self.tree.node(other).file()?;
            self.unlink(place, now);
        }
        self.tree.node_mut(place.directory).modified = now;
        self.tree.attach(place.clone(), id);
        Ok(())
    }
}

impl Memory {
    pub(super) fn new(before: Before) -> Self {
        let is_undone = false;
        Self { before, is_undone }
    }

    pub(super) fn is_of_new_file(&self) -> bool {
        matches!(self.before, Before::Missing(_))
    }
}

impl Before {
    pub(super) fn missing(directory_modified: Timestamp, made: Timestamp) -> Self {
        Self::Missing(Absence { directory_modified, made, place: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, names, path, put, text};
    use crate::files::{Follow, INITIAL_TIME, Scope, Write};

    fn modified(files: &Files, at: &str) -> Timestamp {
        files.stat(&alice(), &path(at), Follow::Yes).unwrap().modified
    }

    fn upload(files: &Files, at: &str, text: &str) -> Handle {
        let handle = files.open_write(&bob(), &path(at), Write::Truncate).unwrap();
        files.append(&handle, text.to_owned().into()).unwrap();
        handle
    }

    #[test]
    fn an_upload_is_undone_and_done_again() {
        let files = files(&[("/f", "old")]);
        let handle = upload(&files, "/f", "newer");
        files.undo(&handle).unwrap();
        files.undo(&handle).unwrap();
        assert_eq!(text(&files, "/f"), "old");
        assert_eq!(modified(&files, "/f"), INITIAL_TIME);
        assert_eq!(files.stored(Scope::By("bob")), 0);
        files.redo(&handle).unwrap();
        assert_eq!(text(&files, "/f"), "newer");
        assert_eq!(files.stored(Scope::By("bob")), 5);
    }

    #[test]
    fn an_undone_upload_of_a_new_file_leaves_no_trace() {
        let files = files(&[("/d/f", "old")]);
        let handle = upload(&files, "/d/new", "new");
        files.undo(&handle).unwrap();
        assert_eq!(names(&files, "/d"), ["f"]);
        assert_eq!(modified(&files, "/d"), INITIAL_TIME);
        drop(handle);
        assert_eq!(files.stored(Scope::Everything), 0);
    }

    #[test]
    fn a_new_file_shows_later() {
        let files = files(&[]);
        let handle = upload(&files, "/new", "later");
        files.undo(&handle).unwrap();
        put(&files, "/new", "meanwhile");
        files.redo(&handle).unwrap();
        drop(handle);
        assert_eq!(text(&files, "/new"), "later");
        assert_eq!(files.stored(Scope::Everything), 5);
    }

    #[test]
    fn an_upload_is_undone_where_it_was_moved_to() {
        let files = files(&[("/d/f", "old")]);
        let handle = upload(&files, "/new", "new");
        let (from, to) = (path("/new"), path("/d/moved"));
        files.rename(&bob(), &from, &to, crate::files::Overwrite::No).unwrap();
        files.undo(&handle).unwrap();
        assert_eq!(names(&files, "/d"), ["f"]);
        files.redo(&handle).unwrap();
        assert_eq!(names(&files, "/d"), ["f", "moved"]);
    }

    #[test]
    fn a_late_file_needs_its_directory() {
        let files = files(&[]);
        files.mkdir(&bob(), &path("/d")).unwrap();
        let handle = upload(&files, "/d/new", "new");
        files.undo(&handle).unwrap();
        files.rmdir(&bob(), &path("/d")).unwrap();
        assert_eq!(files.redo(&handle), Err(Error::NotFound));
    }

    #[test]
    fn what_is_lost_takes_the_old_along() {
        let files = files(&[("/f", "old"), ("/g", "other")]);
        let handle = upload(&files, "/f", "new");
        files.lose(&handle).unwrap();
        assert_eq!(names(&files, "/"), ["g"]);
        assert_eq!(files.undo(&handle), Ok(()));
        assert_eq!(names(&files, "/"), ["g"]);
    }

    #[test]
    fn a_file_is_cut_under_its_reader() {
        let files = files(&[("/f", "0123456789")]);
        let handle = files.open_read(&alice(), &path("/f")).unwrap();
        files.keep_size(&handle, 4).unwrap();
        assert_eq!(text(&files, "/f"), "0123");
        files.keep_size(&handle, 6).unwrap();
        assert_eq!(text(&files, "/f"), "0123\0\0");
    }
}
