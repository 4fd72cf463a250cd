use std::sync::Arc;

use imbl::OrdMap;

/// How many bytes are stored for clients, and for whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    total: u64,
    by_login: OrdMap<Arc<str>, u64>,
}

impl Usage {
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn of(&self, login: &str) -> u64 {
        self.by_login.get(login).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, login: Option<&Arc<str>>, bytes: u64) {
        self.total += bytes;
        if let Some(login) = login.filter(|_| bytes > 0) {
            *self.by_login.entry(Arc::clone(login)).or_default() += bytes;
        }
    }

    pub(super) fn subtract(&mut self, login: Option<&Arc<str>>, bytes: u64) {
        self.total -= bytes;
        if let Some(entry) = login.and_then(|login| self.by_login.get_mut(login)) {
            *entry -= bytes;
        }
    }
}
