use crate::files::node::{NodeId, Permission, Place};
use crate::files::walk::Spot;
use crate::files::{Account, Error, Files, Follow, Path, Tree};

/// Whether a rename may replace what is at the new path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// As POSIX has it: a file replaces a file, a directory an empty directory.
    Yes,
    /// Anything there is in the way, as in version 3 of SFTP. Only for what is no file, a link that leads nowhere is not,
    /// as OpenSSH has it.
    No,
}

impl Files {
    /// Moves what is at `from` to `to` (POSIX `rename`). Two names of the same file stay as they are.
    ///
    /// # Errors
    /// `NotFound`, `Denied`; `CrossesItself` for a directory to be moved into itself; and for what is at
    /// the new path `Exists`, `IsADirectory`, `NotADirectory`, `NotEmpty`.
    pub fn rename(
        &self,
        account: &Account,
        from: &Path,
        to: &Path,
        overwrite: Overwrite,
    ) -> Result<(), Error> {
        let now = self.now();
        self.with(|state| {
            let tree = &state.tree;
            let (from_spot, to_spot) =
                (tree.locate_entry(account, from)?, tree.locate_entry(account, to)?);
            let (id, old) = from_spot.removable()?;
            let (replaced, new) = match to_spot {
                Spot::Free(place) => (None, place),
                spot @ Spot::Taken(..) => {
                    let (id, place) = spot.removable()?;
                    (Some(id), place)
                }
            };
            let is_in_the_way = || {
                let leads_somewhere = || tree.locate(account, to, Follow::Yes)?.node();
                tree.node(id).file().is_ok() || leads_somewhere().is_ok()
            };
            if replaced.is_some() && overwrite == Overwrite::No && is_in_the_way() {
                return Err(Error::Exists);
            }
            let names_a_directory = from.names_a_directory() || to.names_a_directory();
            if names_a_directory && !tree.node(id).is_directory() {
                return Err(Error::NotADirectory);
            }
            if replaced == Some(id) {
                return Ok(());
            }
            tree.allow_move(account, id, &old, &new)?;
            if let Some(replaced) = replaced {
                tree.allow_replacement(account, id, replaced, new.directory)?;
                state.unlink(&new, now);
            }
            state.tree.detach(&old);
            state.tree.node_mut(old.directory).modified = now;
            state.tree.node_mut(new.directory).modified = now;
            state.tree.attach(new, id);
            Ok(())
        })
    }
}

impl Tree {
    fn allow_move(
        &self,
        account: &Account,
        id: NodeId,
        old: &Place,
        new: &Place,
    ) -> Result<(), Error> {
        let node = self.node(id);
        self.node(old.directory).allow_removal(account, node)?;
        self.node(new.directory).allow_entry(account)?;
        if node.is_directory() {
            if self.is_within(new.directory, id) {
                return Err(Error::CrossesItself);
            }
            if old.directory != new.directory {
                // Its `..` is written, too.
                node.allow(account, Permission::Write)?;
            }
        }
        Ok(())
    }

    fn allow_replacement(
        &self,
        account: &Account,
        id: NodeId,
        replaced: NodeId,
        directory: NodeId,
    ) -> Result<(), Error> {
        let replaced = self.node(replaced);
        self.node(directory).allow_removal(account, replaced)?;
        match (self.node(id).is_directory(), replaced.entries()) {
            (true, Ok(entries)) if entries.is_empty() => Ok(()),
            (true, Ok(_)) => Err(Error::NotEmpty),
            (true, Err(not_a_directory)) => Err(not_a_directory),
            (false, Ok(_)) => Err(Error::IsADirectory),
            (false, Err(_)) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::files::sample::{alice, bob, files, names, path, put, text};
    use crate::files::{Scope, Target};

    fn moved(files: &Files, from: &str, to: &str) -> Result<(), Error> {
        files.rename(&alice(), &path(from), &path(to), Overwrite::Yes)
    }

    #[test]
    fn a_rename_replaces_what_posix_lets_it_replace() {
        let files = files(&[("/f", "f"), ("/g", "g"), ("/full/x", "")]);
        for at in ["/d", "/e"] {
            files.mkdir(&alice(), &path(at)).unwrap();
        }
        assert_eq!(moved(&files, "/f", "/d"), Err(Error::IsADirectory));
        assert_eq!(moved(&files, "/d", "/f"), Err(Error::NotADirectory));
        assert_eq!(moved(&files, "/d", "/full"), Err(Error::NotEmpty));
        assert_eq!(moved(&files, "/no", "/f"), Err(Error::NotFound));
        assert_eq!(moved(&files, "/", "/d/x"), Err(Error::Denied));
        let refused = files.rename(&alice(), &path("/f"), &path("/g"), Overwrite::No);
        assert_eq!(refused, Err(Error::Exists));
        assert_eq!(moved(&files, "/f", "/g"), Ok(()));
        assert_eq!(moved(&files, "/d", "/e"), Ok(()));
        assert_eq!(moved(&files, "/full", "/e"), Ok(()));
        assert_eq!(names(&files, "/"), ["e", "g"]);
        assert_eq!(names(&files, "/e"), ["x"]);
        assert_eq!(text(&files, "/g"), "f");
    }

    #[test]
    fn a_directory_is_not_moved_into_itself() {
        let files = files(&[("/d/e/f", "")]);
        assert_eq!(moved(&files, "/d", "/d/e/g"), Err(Error::CrossesItself));
        assert_eq!(moved(&files, "/d", "/d/g"), Err(Error::CrossesItself));
        assert_eq!(moved(&files, "/d", "/d"), Ok(()));
        assert_eq!(moved(&files, "/d/e", "/e"), Ok(()));
        assert_eq!(moved(&files, "/d", "/e/d"), Ok(()));
        assert_eq!(names(&files, "/e"), ["d", "f"]);
    }

    #[test]
    fn two_names_of_a_file_stay() {
        let files = files(&[("/f", "text")]);
        files.hard_link(&alice(), &path("/f"), &path("/g")).unwrap();
        assert_eq!(moved(&files, "/f", "/g"), Ok(()));
        assert_eq!(names(&files, "/"), ["f", "g"]);
    }

    #[test]
    fn who_may_not_write_both_directories_moves_nothing() {
        let files = files(&[("/f", "text")]);
        files.mkdir(&alice(), &path("/d")).unwrap();
        put(&files, "/d/g", "text");
        let by_bob = |from, to| files.rename(&bob(), &path(from), &path(to), Overwrite::Yes);
        assert_eq!(by_bob("/f", "/d/f"), Err(Error::Denied));
        assert_eq!(by_bob("/d/g", "/g"), Err(Error::Denied));
        assert_eq!(by_bob("/d", "/e"), Ok(()));
        files.mkdir(&bob(), &path("/of-bob")).unwrap();
        assert_eq!(by_bob("/e", "/of-bob/e"), Err(Error::Denied));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Mkdir(String),
        Rmdir(String),
        Put(String, String),
        Remove(String),
        Rename(String, String),
    }

    /// Every path and its text; directories have none. The order of paths has parents first.
    type Model = BTreeMap<String, Option<String>>;

    fn step() -> impl Strategy<Value = Step> {
        let at = || vec("[abc]", 1..4).prop_map(|names| format!("/{}", names.join("/")));
        prop_oneof![
            3 => at().prop_map(Step::Mkdir),
            1 => at().prop_map(Step::Rmdir),
            2 => (at(), "[x-z]{0,4}").prop_map(|(at, text)| Step::Put(at, text)),
            1 => at().prop_map(Step::Remove),
            3 => (at(), at()).prop_map(|(from, to)| Step::Rename(from, to)),
        ]
    }

    fn parent(at: &str) -> &str {
        at.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    fn has_directory(model: &Model, at: &str) -> bool {
        at.is_empty() || model.get(at) == Some(&None)
    }

    fn is_below(at: &str, directory: &str) -> bool {
        at.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
    }

    fn is_empty(model: &Model, directory: &str) -> bool {
        !model.keys().any(|at| is_below(at, directory))
    }

    /// Whether the step succeeded.
    fn expected(model: &mut Model, step: &Step) -> bool {
        match step {
            Step::Mkdir(at) => {
                let fine = has_directory(model, parent(at)) && !model.contains_key(at);
                if fine {
                    model.insert(at.clone(), None);
                }
                fine
            }
            Step::Rmdir(at) => {
                let fine = has_directory(model, at) && is_empty(model, at);
                fine && model.remove(at).is_some()
            }
            Step::Put(at, text) => {
                let fine = has_directory(model, parent(at)) && !has_directory(model, at);
                if fine {
                    model.insert(at.clone(), Some(text.clone()));
                }
                fine
            }
            Step::Remove(at) => !has_directory(model, at) && model.remove(at).is_some(),
            Step::Rename(from, to) => expected_rename(model, from, to),
        }
    }

    fn expected_rename(model: &mut Model, from: &str, to: &str) -> bool {
        if !model.contains_key(from) || !has_directory(model, parent(to)) {
            return false;
        }
        if from == to {
            return true;
        }
        let is_directory = has_directory(model, from);
        let replaces = match model.get(to) {
            None => true,
            Some(None) => is_directory && is_empty(model, to),
            Some(Some(_)) => !is_directory,
        };
        if !replaces || is_below(to, from) {
            return false;
        }
        let moving: Vec<_> =
            model.keys().filter(|at| *at == from || is_below(at, from)).cloned().collect();
        for at in moving {
            let body = model.remove(&at).flatten();
            model.insert(format!("{to}{}", &at[from.len()..]), body);
        }
        true
    }

    fn actual(files: &Files, step: &Step) -> bool {
        let alice = alice();
        match step {
            Step::Mkdir(at) => files.mkdir(&alice, &path(at)).is_ok(),
            Step::Rmdir(at) => files.rmdir(&alice, &path(at)).is_ok(),
            Step::Put(at, text) => files
                .open_write(&alice, &path(at), crate::files::Write::Truncate)
                .and_then(|handle| files.append(&handle, text.clone().into()))
                .is_ok(),
            Step::Remove(at) => files.remove(&alice, &path(at)).is_ok(),
            Step::Rename(from, to) => moved(files, from, to).is_ok(),
        }
    }

    fn collect(files: &Files, at: &str, model: &mut Model) {
        for name in names(files, at) {
            let at = format!("{}/{name}", at.trim_end_matches('/'));
            if files.kind_at(&alice(), &path(&at)) == Target::File {
                model.insert(at.clone(), Some(text(files, &at)));
            } else {
                model.insert(at.clone(), None);
                collect(files, &at, model);
            }
        }
    }

    proptest! {
        #[test]
        fn a_tree_is_what_a_simple_model_would_be(steps in vec(step(), 1..80)) {
            let files = files(&[]);
            let mut model = Model::new();
            for step in &steps {
                let success = expected(&mut model, step);
                prop_assert_eq!(actual(&files, step), success, "{:?} in {:?}", step, &model);
            }
            let mut found = Model::new();
            collect(&files, "/", &mut found);
            prop_assert_eq!(&found, &model);
            let stored: usize = model.values().flatten().map(String::len).sum();
            prop_assert_eq!(files.stored(Scope::Everything), stored as u64);
            files.reset();
            prop_assert!(names(&files, "/").is_empty());
        }
    }
}
