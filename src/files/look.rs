//! What asks and changes nothing.

use std::ops::Bound;
use std::sync::Arc;

use crate::files::node::{Body, Node, NodeId, Permission};
use crate::files::tree::ROOT;
use crate::files::walk::Spot;
use crate::files::{Account, Content, Entry, Error, Files, Follow, Path, Stat, Target, Tree};

/// Of what the bytes are to be counted.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// What all clients have stored.
    Everything,
    /// What is in the files that were uploaded under this login name.
    By(&'a str),
    /// The size of the file that this path is to the account.
    At(&'a Account, &'a Path),
}

/// What stands at a path.
#[derive(Clone, Debug)]
pub enum Item {
    /// A file, with what is in it.
    File(Content),
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
}

impl Files {
    /// What is at `path` (POSIX `stat`, `lstat`).
    ///
    /// # Errors
    /// `NotFound`, `NotADirectory`, `Denied` and what else a path may suffer from on its way.
    pub fn stat(&self, account: &Account, path: &Path, follow: Follow) -> Result<Stat, Error> {
        self.with(|state| {
            let id = state.tree.locate(account, path, follow)?.node()?;
            Ok(state.tree.node(id).stat(id, account))
        })
    }

    /// Whether the directory at `path` can be worked in (POSIX `chdir`).
    ///
    /// # Errors
    /// `NotADirectory`, `Denied` without the right to search it, and as for `stat`.
    pub fn enter(&self, account: &Account, path: &Path) -> Result<(), Error> {
        self.with(|state| {
            let id = state.tree.locate(account, path, Follow::Yes)?.node()?;
            let directory = state.tree.node(id);
            directory.entries()?;
            directory.allow(account, Permission::Traverse)
        })
    }

    /// What is in the directory at `path`, in the order of the names' bytes.
    ///
    /// # Errors
    /// `NotADirectory`, `Denied` without the right to read it, and as for `stat`.
    pub fn list(&self, account: &Account, path: &Path) -> Result<Vec<Entry>, Error> {
        // A long listing is made of a snapshot, so that nobody waits for it.
        let tree = self.with(|state| state.tree.clone());
        let id = tree.locate(account, path, Follow::Yes)?.node()?;
        let directory = tree.node(id);
        let entries = directory.entries()?;
        directory.allow(account, Permission::Read)?;
        Ok(entries.iter().map(|(name, id)| entry(&tree, account, name, *id)).collect())
    }

    /// The same by and by: `most` entries whose names come after `last`, of a directory that was allowed to be
    /// listed when it was opened. None of a directory that is gone.
    #[must_use]
    pub fn list_on(
        &self,
        account: &Account,
        path: &Path,
        last: Option<&Arc<[u8]>>,
        most: usize,
    ) -> Vec<Entry> {
        let tree = self.with(|state| state.tree.clone());
        let node = tree.find(account, path).map(|id| tree.node(id));
        let Ok(entries) = node.and_then(|node| node.entries()) else {
            return Vec::new();
        };
        let after = last.map_or(Bound::Unbounded, |last| Bound::Excluded(Arc::clone(last)));
        let rest = entries.range((after, Bound::Unbounded)).take(most);
        rest.map(|(name, id)| entry(&tree, account, name, *id)).collect()
    }

    /// Whether the directory at `path` can be listed.
    ///
    /// # Errors
    /// As for `list`.
    pub fn allow_list(&self, account: &Account, path: &Path) -> Result<(), Error> {
        self.with(|state| {
            let id = state.tree.locate(account, path, Follow::Yes)?.node()?;
            state.tree.node(id).entries()?;
            state.tree.node(id).allow(account, Permission::Read)
        })
    }

    /// Where the symbolic link at `path` leads to (POSIX `readlink`).
    ///
    /// # Errors
    /// `NotALink`, and as for `stat`.
    pub fn read_link(&self, account: &Account, path: &Path) -> Result<Arc<[u8]>, Error> {
        self.with(|state| {
            let id = state.tree.locate(account, path, Follow::No)?.node()?;
            link_target(state.tree.node(id))
        })
    }

    /// The path to what is at `path`, without links (POSIX `realpath`); there may be nothing yet by the last name.
    ///
    /// # Errors
    /// As for `stat`.
    pub fn real_path(&self, account: &Account, path: &Path) -> Result<Path, Error> {
        self.with(|state| {
            let top = state.tree.top(account)?;
            let (mut here, new) = match state.tree.locate(account, path, Follow::Yes)? {
                Spot::Taken(id, _) => (id, None),
                Spot::Free(_) if path.names_a_directory() => return Err(Error::NotFound),
                Spot::Free(place) => (place.directory, Some(place.name)),
            };
            let mut names: Vec<&[u8]> = new.iter().map(|name| &**name).collect();
            while here != top && here != ROOT {
                let place = &state.tree.node(here).place;
                names.push(&*place.name);
                here = place.directory;
            }
            Ok(names.iter().rev().fold(Path::root(), |path, name| path.join(name)))
        })
    }

    /// What is at `path`, whatever the permissions: for the rules, not for clients.
    #[must_use]
    pub fn kind_at(&self, account: &Account, path: &Path) -> Target {
        self.with(|state| {
            let id = state.tree.find(account, path);
            id.map_or(Target::Missing, |id| state.tree.node(id).target())
        })
    }

    /// How many bytes are stored: for the rules' `limit`, whatever the permissions.
    ///
    /// What the scenario brought along counts only in the size of a file.
    #[must_use]
    pub fn stored(&self, scope: Scope) -> u64 {
        self.with(|state| match scope {
            Scope::Everything => state.tree.usage.total(),
            Scope::By(login) => state.tree.usage.of(login),
            Scope::At(account, path) => {
                let id = state.tree.find(account, path);
                let file = id.and_then(|id| state.tree.node(id).file());
                file.map_or(0, |file| file.content.size())
            }
        })
    }

    /// Every file under each of its names, with what is in it: paths from the tree's own root, whoever may see them.
    #[must_use]
    pub fn all(&self) -> Vec<(Path, Content)> {
        let file = |(path, item)| match item {
            Item::File(content) => Some((path, content)),
            Item::Directory | Item::Link => None,
        };
        self.items().into_iter().filter_map(file).collect()
    }

    /// Every file, directory and link below the root, likewise. Links are not followed.
    #[must_use]
    pub fn items(&self) -> Vec<(Path, Item)> {
        let tree = self.with(|state| state.tree.clone());
        let mut items = Vec::new();
        let mut ahead = vec![(Path::root(), ROOT)];
        while let Some((path, id)) = ahead.pop() {
            let item = match &tree.node(id).body {
                Body::File(file) => Item::File(file.content.clone()),
                Body::Link(_) => Item::Link,
                Body::Directory(entries) => {
                    // The first one comes off last.
                    let entries = entries.iter().rev();
                    ahead.extend(entries.map(|(name, id)| (path.join(name), *id)));
                    Item::Directory
                }
            };
            if id != ROOT {
                items.push((path, item));
            }
        }
        items
    }

    /// How many bytes clients can store in all.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.with(|state| state.limits.capacity)
    }
}

fn entry(tree: &Tree, account: &Account, name: &Arc<[u8]>, id: NodeId) -> Entry {
    let node = tree.node(id);
    Entry {
        name: Arc::clone(name),
        stat: node.stat(id, account),
        link_target: link_target(node).ok(),
    }
}

fn link_target(node: &Node) -> Result<Arc<[u8]>, Error> {
    match &node.body {
        Body::Link(target) => Ok(Arc::clone(target)),
        Body::File(_) | Body::Directory(_) => Err(Error::NotALink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, path, put};
    use crate::files::{INITIAL_TIME, Kind};

    #[test]
    fn a_listing_is_in_the_order_of_bytes() {
        let files = files(&[("/b", "12"), ("/a", ""), ("/B", ""), ("/d/x", "")]);
        files.symlink(&alice(), &path("/a2"), b"a").unwrap();
        put(&files, "/\u{e9}", "");
        let entries = files.list(&bob(), &path("/")).unwrap();
        let names: Vec<_> = entries.iter().map(|entry| &*entry.name).collect();
        assert_eq!(names, [&b"B"[..], b"a", b"a2", b"b", b"d", b"\xc3\xa9"]);
        assert_eq!(entries[2].link_target.as_deref(), Some(&b"a"[..]));
        assert_eq!((entries[2].stat.kind, entries[2].stat.size), (Kind::Link, 1));
        let given = &entries[3].stat;
        assert_eq!((given.size, &*given.owner, given.modified), (2, "bob", INITIAL_TIME));
        assert_eq!(&*entries[5].stat.owner, "alice");
        assert_eq!(files.list(&bob(), &path("/b")), Err(Error::NotADirectory));
    }

    #[test]
    fn a_listing_goes_on_after_the_last_name() {
        let files = files(&[("/a", ""), ("/b", ""), ("/c", "")]);
        let on = |last: Option<&str>, most| {
            let last = last.map(|last| Arc::from(last.as_bytes()));
            let entries = files.list_on(&alice(), &path("/"), last.as_ref(), most);
            entries.iter().map(|entry| String::from_utf8_lossy(&entry.name).into()).collect()
        };
        let first: Vec<String> = on(None, 2);
        assert_eq!(first, ["a", "b"]);
        files.remove(&alice(), &path("/b")).unwrap();
        let rest: Vec<String> = on(Some("b"), 2);
        assert_eq!(rest, ["c"]);
        assert_eq!(files.list_on(&alice(), &path("/no"), None, 2), []);
    }

    #[test]
    fn every_file_is_found_under_each_of_its_names() {
        let files = files(&[("/b", "12"), ("/a/x/y", "1"), ("/a/b", "")]);
        files.hard_link(&alice(), &path("/b"), &path("/a/x/z")).unwrap();
        files.symlink(&alice(), &path("/c"), b"b").unwrap();
        files.set_permissions(&alice(), &path("/a"), 0).unwrap();
        let all = files.all();
        let told: Vec<String> =
            all.iter().map(|(path, content)| format!("{path} {}", content.size())).collect();
        assert_eq!(told, ["/a/b 0", "/a/x/y 1", "/a/x/z 2", "/b 2"]);
        let told: Vec<String> = files.items().iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(told, ["/a", "/a/b", "/a/x", "/a/x/y", "/a/x/z", "/b", "/c"]);
    }

    #[test]
    fn a_target_is_seen_whatever_the_permissions() {
        let files = files(&[("/f", ""), ("/d/g", "")]);
        files.mkdir(&alice(), &path("/d/empty")).unwrap();
        files.symlink(&alice(), &path("/nowhere"), b"no").unwrap();
        files.set_permissions(&alice(), &path("/d"), 0).unwrap();
        let target = |at| files.kind_at(&bob(), &path(at));
        assert_eq!(target("/f"), Target::File);
        assert_eq!(target("/d"), Target::Directory);
        assert_eq!(target("/d/empty"), Target::EmptyDirectory);
        assert_eq!(target("/d/no"), Target::Missing);
        assert_eq!(target("/nowhere"), Target::Missing);
    }
}
