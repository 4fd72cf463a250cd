use std::sync::Arc;

use imbl::OrdMap;

use crate::files::initial::INITIAL_TIME;
use crate::files::node::{Body, File, Node, NodeId, Place};
use crate::files::usage::Usage;
use crate::files::{Content, Error};

pub(super) const ROOT: NodeId = NodeId(0);

/// A tree of files, directories and links: what a scenario begins with, and what it has become. `Clone`
/// is O(1).
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: OrdMap<NodeId, Node>,
    next: NodeId,
    pub(super) usage: Usage,
}

impl Tree {
    /// An empty tree: the root directory, which belongs to whoever is logged in.
    #[must_use]
    pub fn new() -> Self {
        let root = Node { links: 1, ..Node::new(Body::Directory(OrdMap::new()), INITIAL_TIME) };
        Self { nodes: OrdMap::unit(ROOT, root), next: NodeId(1), usage: Usage::default() }
    }

    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// A node of which an entry or an open handle is known, so that it exists.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[&id]
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[&id]
    }

    pub(super) fn entry(&self, directory: NodeId, name: &[u8]) -> Option<NodeId> {
        let entries = self.get(directory)?.entries().ok()?;
        entries.get(name).copied()
    }

    /// Whether the directory `id` is `ancestor` or below it.
    pub(super) fn is_within(&self, id: NodeId, ancestor: NodeId) -> bool {
        let mut here = id;
        while here != ancestor && here != ROOT {
            here = self.node(here).place.directory;
        }
        here == ancestor
    }

    /// Puts a new node at `place`, which is free.
    pub(super) fn add(&mut self, place: Place, node: Node) -> NodeId {
        let id = self.next;
        self.next = NodeId(id.0 + 1);
        self.nodes.insert(id, node);
        self.attach(place, id);
        id
    }

    /// Gives the node the name `place`, which is free.
    pub(super) fn attach(&mut self, place: Place, id: NodeId) {
        let Body::Directory(entries) = &mut self.node_mut(place.directory).body else {
            return;
        };
        entries.insert(Arc::clone(&place.name), id);
        let is_lost = self.place(id).is_none();
        let node = self.node_mut(id);
        node.links += 1;
        if is_lost {
            node.place = place;
        }
    }

    /// Where the node is; none if the name it is known by has been taken away from it.
    pub(super) fn place(&self, id: NodeId) -> Option<Place> {
        let place = &self.node(id).place;
        let there = self.entry(place.directory, &place.name);
        (there == Some(id)).then(|| place.clone())
    }

    /// Takes the name `place` away from its node, which stays, be it without a name.
    pub(super) fn detach(&mut self, place: &Place) -> Option<NodeId> {
        let directory = self.nodes.get_mut(&place.directory)?;
        let Body::Directory(entries) = &mut directory.body else {
            return None;
        };
        let id = entries.remove(&place.name)?;
        self.node_mut(id).links -= 1;
        Some(id)
    }

    /// Forgets a node and hands over its content, to be dropped elsewhere.
    pub(super) fn discard(&mut self, id: NodeId) -> Option<Content> {
        match self.nodes.remove(&id)?.body {
            Body::File(file) => {
                let stored = file.content.stored();
                self.usage.subtract(file.uploader.as_ref(), stored);
                Some(file.content)
            }
            Body::Directory(_) | Body::Link(_) => None,
        }
    }

    /// Changes a file and keeps the account of the stored bytes.
    pub(super) fn change<T>(
        &mut self,
        id: NodeId,
        change: impl FnOnce(&mut File) -> T,
    ) -> Result<T, Error> {
        let Body::File(file) = &mut self.nodes[&id].body else {
            return Err(Error::IsADirectory);
        };
        self.usage.subtract(file.uploader.as_ref(), file.content.stored());
        let result = change(file);
        self.usage.add(file.uploader.as_ref(), file.content.stored());
        Ok(result)
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}
