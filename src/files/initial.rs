//! The tree that a scenario begins with.

use std::fmt;
use std::sync::Arc;

use imbl::OrdMap;
use jiff::Timestamp;

use crate::files::node::{Body, File, Node, NodeId, Place};
use crate::files::path::check_name;
use crate::files::tree::ROOT;
use crate::files::{Content, Error, Path, Tree};

/// When the files of a scenario were modified unless it says otherwise: 2024-01-01T00:00:00Z.
pub const INITIAL_TIME: Timestamp = Timestamp::constant(1_704_067_200, 0);

/// What a scenario says of a file besides its content; what is missing is the usual.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// 12 bits; usually 0644, of a directory 0755, of a link 0777.
    pub permissions: Option<u16>,
    /// Usually whoever is logged in.
    pub owner: Option<Arc<str>>,
    /// Usually [`INITIAL_TIME`].
    pub modified: Option<Timestamp>,
}

/// Why something could not be put into the initial tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What was to be put there.
    pub path: Path,
    /// Where it failed: the path itself or a directory on the way.
    pub at: Path,
    /// What is wrong there.
    pub cause: Error,
}

impl Tree {
    /// Puts a file at `path` and makes the directories on the way.
    ///
    /// # Errors
    /// There is something at the path, a file or a link on the way, or a name that cannot be.
    pub fn file(
        &mut self,
        path: &Path,
        content: Content,
        attributes: Attributes,
    ) -> Result<(), Conflict> {
        let uploader = None;
        let body = Body::File(File { content, uploader });
        self.put(path, initial(body, attributes))
    }

    /// Puts a symbolic link to `target`, which need not exist, at `path`.
    ///
    /// # Errors
    /// As for `file`.
    pub fn link(
        &mut self,
        path: &Path,
        target: &[u8],
        attributes: Attributes,
    ) -> Result<(), Conflict> {
        let body = Body::Link(target.into());
        self.put(path, initial(body, attributes))
    }

    /// Makes a directory at `path`; if it exists already, as it does once something is in it, it gets the
    /// attributes.
    ///
    /// # Errors
    /// As for `file`.
    pub fn directory(&mut self, path: &Path, attributes: Attributes) -> Result<(), Conflict> {
        let id = self.make_directories(path, path)?;
        let existing = self.node_mut(id);
        let body = existing.body.clone();
        *existing = Node {
            links: existing.links,
            place: existing.place.clone(),
            ..initial(body, attributes)
        };
        Ok(())
    }

    fn put(&mut self, path: &Path, node: Node) -> Result<(), Conflict> {
        let conflict = |cause| Conflict { path: path.clone(), at: path.clone(), cause };
        let Some(name) = path.name() else {
            return Err(conflict(Error::Exists));
        };
        path.check().map_err(conflict)?;
        let directory = self.make_directories(&path.parent(), path)?;
        if self.entry(directory, name).is_some() {
            return Err(conflict(Error::Exists));
        }
        self.add(Place::new(directory, name), node);
        Ok(())
    }

    /// The directory at `path`, made together with those above it if need be, for the sake of `purpose`.
    fn make_directories(&mut self, path: &Path, purpose: &Path) -> Result<NodeId, Conflict> {
        let mut here = ROOT;
        let mut at = Path::root();
        for name in path.names() {
            at = at.join(name);
            let conflict = |cause| Conflict { path: purpose.clone(), at: at.clone(), cause };
            check_name(name).map_err(conflict)?;
            here = match self.entry(here, name) {
                Some(id) if self.node(id).is_directory() => id,
                Some(_) => return Err(conflict(Error::NotADirectory)),
                None => {
                    let place = Place::new(here, name);
                    self.add(place, Node::new(Body::Directory(OrdMap::new()), INITIAL_TIME))
                }
            };
        }
        Ok(here)
    }
}

fn initial(body: Body, attributes: Attributes) -> Node {
    let node = Node::new(body, attributes.modified.unwrap_or(INITIAL_TIME));
    Node {
        permissions: attributes.permissions.map_or(node.permissions, |bits| bits & 0o7777),
        owner: attributes.owner,
        ..node
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, at, cause } = self;
        let cause = cause.text().to_lowercase();
        write!(f, "`{path}` cannot be made, at `{at}`: {cause}")
    }
}

impl std::error::Error for Conflict {}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        Path::root().resolve(text.as_bytes())
    }

    fn usual() -> Attributes {
        Attributes::default()
    }

    #[test]
    fn directories_on_the_way_are_made() {
        let mut tree = Tree::new();
        let content = Content::from_bytes("hello");
        assert_eq!(tree.file(&path("/a/b/c"), content, usual()), Ok(()));
        assert_eq!(tree.link(&path("/a/l"), b"b/c", usual()), Ok(()));
        assert_eq!(tree.count(), 5);
    }

    #[test]
    fn a_directory_may_be_described_before_and_after_its_files() {
        let mut tree = Tree::new();
        let private = Attributes { permissions: Some(0o700), ..usual() };
        assert_eq!(tree.directory(&path("/a"), usual()), Ok(()));
        assert_eq!(tree.file(&path("/a/f"), Content::default(), usual()), Ok(()));
        assert_eq!(tree.directory(&path("/a"), private), Ok(()));
        let directory = tree.entry(ROOT, b"a").map(|id| tree.node(id).clone());
        assert_eq!(directory.map(|node| node.permissions), Some(0o700));
        assert_eq!(tree.count(), 3);
    }

    #[test]
    fn a_conflict_says_where_it_is() {
        let mut tree = Tree::new();
        let put = |tree: &mut Tree, at| tree.file(&path(at), Content::default(), usual());
        assert_eq!(put(&mut tree, "/a"), Ok(()));
        let below_a_file = put(&mut tree, "/a/b/c").map_err(|conflict| conflict.to_string());
        let text = "`/a/b/c` cannot be made, at `/a`: not a directory";
        assert_eq!(below_a_file, Err(text.to_owned()));
        let twice = put(&mut tree, "/a").map_err(|conflict| conflict.cause);
        assert_eq!(twice, Err(Error::Exists));
        let root = put(&mut tree, "/").map_err(|conflict| conflict.cause);
        assert_eq!(root, Err(Error::Exists));
    }
}
