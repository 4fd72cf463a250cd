//! From a path to a node, as POSIX resolves path names.

use crate::files::node::{Body, NodeId, Permission, Place};
use crate::files::path::{check_name, names_of};
use crate::files::tree::ROOT;
use crate::files::{Account, Error, Path, Tree};

/// How many links may lead one to the next (as on Linux).
const MOST_LINKS: usize = 40;

/// Whether a symbolic link at the end of a path stands for what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// What the link leads to is meant.
    Yes,
    /// The link itself is meant.
    No,
}

/// What a path led to.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    /// A node, and the entry that led to it; the account's root has none.
    Taken(NodeId, Option<Place>),
    /// Nothing, but this entry could be made.
    Free(Place),
}

impl Spot {
    pub(super) fn node(&self) -> Result<NodeId, Error> {
        match self {
            Self::Taken(id, _) => Ok(*id),
            Self::Free(_) => Err(Error::NotFound),
        }
    }

    /// The node and its entry, to be taken away; nobody may do so with his own root.
    pub(super) fn removable(self) -> Result<(NodeId, Place), Error> {
        match self {
            Self::Taken(id, Some(place)) => Ok((id, place)),
            Self::Taken(_, None) => Err(Error::Denied),
            Self::Free(_) => Err(Error::NotFound),
        }
    }

    pub(super) fn free(self) -> Result<Place, Error> {
        match self {
            Self::Taken(..) => Err(Error::Exists),
            Self::Free(place) => Ok(place),
        }
    }
}

#[derive(Clone, Copy)]
enum Checks<'a> {
    Of(&'a Account),
    None,
}

impl Tree {
    /// What `path` means to `account`, who must be allowed to go there. With a slash at its end it means a directory, be
    /// it by a link.
    pub(super) fn locate(
        &self,
        account: &Account,
        path: &Path,
        follow: Follow,
    ) -> Result<Spot, Error> {
        let top = self.top(account)?;
        if !path.names_a_directory() {
            return self.walk(top, path, Checks::Of(account), follow);
        }
        match self.walk(top, path, Checks::Of(account), Follow::Yes)? {
            Spot::Taken(id, _) if !self.node(id).is_directory() => Err(Error::NotADirectory),
            spot => Ok(spot),
        }
    }

    /// The entry of this name, to be made, moved or taken away: never what a link leads to. What a slash at the end of the
    /// path forbids, differs from one to the other.
    pub(super) fn locate_entry(&self, account: &Account, path: &Path) -> Result<Spot, Error> {
        let top = self.top(account)?;
        self.walk(top, path, Checks::Of(account), Follow::No)
    }

    /// The node that `path` leads `account` to, whatever the permissions.
    pub(super) fn find(&self, account: &Account, path: &Path) -> Result<NodeId, Error> {
        let top = self.top(account)?;
        let id = self.walk(top, path, Checks::None, Follow::Yes)?.node()?;
        if path.names_a_directory() {
            self.node(id).entries()?;
        }
        Ok(id)
    }

    /// The directory that is the account's root.
    pub(super) fn top(&self, account: &Account) -> Result<NodeId, Error> {
        if account.root().is_root() {
            return Ok(ROOT);
        }
        self.walk(ROOT, account.root(), Checks::None, Follow::Yes)?.node()
    }

    fn walk(
        &self,
        top: NodeId,
        path: &Path,
        checks: Checks,
        follow: Follow,
    ) -> Result<Spot, Error> {
        path.check()?;
        let walk = Walk {
            tree: self,
            checks,
            top,
            here: top,
            ahead: path.names().rev().collect(),
            links: 0,
        };
        walk.run(follow)
    }
}

struct Walk<'a> {
    tree: &'a Tree,
    checks: Checks<'a>,
    top: NodeId,
    here: NodeId,
    /// The names to come, the next one last.
    ahead: Vec<&'a [u8]>,
    links: usize,
}

impl<'a> Walk<'a> {
    fn run(mut self, follow: Follow) -> Result<Spot, Error> {
        while let Some(name) = self.ahead.pop() {
            let child = self.look_up(name)?;
            let is_last = self.ahead.is_empty();
            if name == b".." {
                self.go_up();
                continue;
            }
            let place = || Place::new(self.here, name);
            let Some(id) = child else {
                return if is_last { Ok(Spot::Free(place())) } else { Err(Error::NotFound) };
            };
            match &self.tree.node(id).body {
                Body::Link(target) if !is_last || follow == Follow::Yes => {
                    self.enter_link(target)?;
                }
                _ if is_last => return Ok(Spot::Taken(id, Some(place()))),
                _ => self.here = id,
            }
        }
        Ok(Spot::Taken(self.here, None))
    }

    fn look_up(&self, name: &[u8]) -> Result<Option<NodeId>, Error> {
        check_name(name)?;
        let here = self.tree.node(self.here);
        let entries = here.entries()?;
        if let Checks::Of(account) = self.checks {
            here.allow(account, Permission::Traverse)?;
        }
        Ok(entries.get(name).copied())
    }

    fn go_up(&mut self) {
        if self.here != self.top {
            self.here = self.tree.node(self.here).place.directory;
        }
    }

    fn enter_link(&mut self, target: &'a [u8]) -> Result<(), Error> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Error::LinkLoop);
        }
        if target.starts_with(b"/") {
            self.here = self.top;
        }
        self.ahead.extend(names_of(target).rev());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::sample::{alice, bob, files, names, path, put, text};
    use crate::files::{Files, Kind};

    fn link(files: &Files, at: &str, target: &str) {
        let target = target.as_bytes();
        files.symlink(&alice(), &path(at), target).unwrap();
    }

    fn kind(files: &Files, at: &str, follow: Follow) -> Result<Kind, Error> {
        files.stat(&alice(), &path(at), follow).map(|stat| stat.kind)
    }

    #[test]
    fn links_lead_on() {
        let files = files(&[("/d/e/f", "text"), ("/d/g", "other")]);
        link(&files, "/absolute", "/d/e");
        link(&files, "/d/e/up", "../g");
        link(&files, "/chain", "absolute/up");
        assert_eq!(text(&files, "/absolute/f"), "text");
        assert_eq!(text(&files, "/chain"), "other");
        assert_eq!(kind(&files, "/chain", Follow::No), Ok(Kind::Link));
        assert_eq!(kind(&files, "/chain", Follow::Yes), Ok(Kind::File));
        assert_eq!(files.real_path(&alice(), &path("/chain")), Ok(path("/d/g")));
        assert_eq!(files.read_link(&alice(), &path("/chain")).as_deref(), Ok(&b"absolute/up"[..]));
        assert_eq!(files.read_link(&alice(), &path("/d")), Err(Error::NotALink));
    }

    #[test]
    fn a_path_that_leads_nowhere_says_why() {
        let files = files(&[("/f", "text")]);
        link(&files, "/a", "b");
        link(&files, "/b", "/a");
        assert_eq!(kind(&files, "/a", Follow::Yes), Err(Error::LinkLoop));
        assert_eq!(kind(&files, "/a", Follow::No), Ok(Kind::Link));
        assert_eq!(kind(&files, "/no", Follow::Yes), Err(Error::NotFound));
        assert_eq!(kind(&files, "/no/f", Follow::Yes), Err(Error::NotFound));
        assert_eq!(kind(&files, "/f/f", Follow::Yes), Err(Error::NotADirectory));
        assert_eq!(kind(&files, "/a\0", Follow::Yes), Err(Error::InvalidName));
        assert_eq!(kind(&files, &"x".repeat(256), Follow::Yes), Err(Error::NameTooLong));
    }

    #[test]
    fn who_may_not_traverse_a_directory_sees_nothing_in_it() {
        let files = files(&[]);
        files.mkdir(&alice(), &path("/d")).unwrap();
        put(&files, "/d/f", "text");
        let stat = || files.stat(&bob(), &path("/d/f"), Follow::Yes).map(|stat| stat.size);
        let list = || files.list(&bob(), &path("/d")).map(|entries| entries.len());
        assert_eq!((stat(), list()), (Ok(4), Ok(1)));
        files.set_permissions(&alice(), &path("/d"), 0o711).unwrap();
        assert_eq!((stat(), list()), (Ok(4), Err(Error::Denied)));
        files.set_permissions(&alice(), &path("/d"), 0o744).unwrap();
        assert_eq!((stat(), list()), (Err(Error::Denied), Ok(1)));
    }

    #[test]
    fn nothing_leads_out_of_an_accounts_root() {
        let files = files(&[("/home/f", "inside"), ("/f", "outside")]);
        link(&files, "/home/up", "../../f");
        link(&files, "/home/top", "/f");
        let caged = alice().with_root(path("/home"));
        let size = |at| files.stat(&caged, &path(at), Follow::Yes).map(|stat| stat.size);
        assert_eq!((size("/f"), size("/up"), size("/top")), (Ok(6), Ok(6), Ok(6)));
        assert_eq!(size("/home/f"), Err(Error::NotFound));
        assert_eq!(files.real_path(&caged, &path("/up")), Ok(path("/f")));
        assert_eq!(files.rmdir(&caged, &path("/")), Err(Error::Denied));
        files.mkdir(&caged, &path("/new")).unwrap();
        assert_eq!(names(&files, "/home"), ["f", "new", "top", "up"]);
    }
}
