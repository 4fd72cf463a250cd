use std::collections::HashMap;

use jiff::Timestamp;

use crate::files::node::{Body, Node, NodeId, Place};
use crate::files::{Account, Content, Error, Limits, Tree};

/// What the lock of `Files` guards.
pub(super) struct State {
    pub(super) pristine: Tree,
    pub(super) tree: Tree,
    pub(super) limits: Limits,
    /// Which nodes handles are open to, and how many.
    pub(super) open: HashMap<NodeId, usize>,
    /// Counts the resets: a handle from before the last one is stale.
    pub(super) generation: u64,
    /// What is to be dropped once the lock is given back, since it may be much.
    pub(super) garbage: Vec<Content>,
}

impl State {
    pub(super) fn new(pristine: Tree, limits: Limits) -> Self {
        Self {
            tree: pristine.clone(),
            pristine,
            limits,
            open: HashMap::new(),
            generation: 0,
            garbage: Vec::new(),
        }
    }

    /// Makes a new node at `place`, if the account may.
    pub(super) fn create(
        &mut self,
        account: &Account,
        place: Place,
        body: Body,
        now: Timestamp,
    ) -> Result<NodeId, Error> {
        let directory = place.directory;
        self.tree.node(directory).allow_entry(account)?;
        if self.tree.count() >= self.limits.files {
            return Err(Error::TooManyFiles);
        }
        let node = Node { owner: account.owner(), ..Node::new(body, now) };
        let id = self.tree.add(place, node);
        self.tree.node_mut(directory).modified = now;
        Ok(id)
    }

    /// Takes an entry away, and its node if that was its last name and nobody has it open.
    pub(super) fn unlink(&mut self, place: &Place, now: Timestamp) {
        if let Some(id) = self.tree.detach(place) {
            self.tree.node_mut(place.directory).modified = now;
            self.discard_unused(id);
        }
    }

    pub(super) fn close(&mut self, id: NodeId) {
        if let Some(count) = self.open.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                self.open.remove(&id);
                self.discard_unused(id);
            }
        }
    }

    fn discard_unused(&mut self, id: NodeId) {
        if self.tree.node(id).links == 0 && !self.open.contains_key(&id) {
            self.garbage.extend(self.tree.discard(id));
        }
    }
}
