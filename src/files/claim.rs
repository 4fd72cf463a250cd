//! What is told of an entry in the place of the truth.

use crate::engine::Claim;
use crate::files::{Entry, Kind, Path, Stat};

impl Stat {
    /// The same with these lies. What is to be left out is still here: who tells it sees to that.
    #[must_use]
    pub fn as_claimed(mut self, claims: &[Claim]) -> Self {
        for claim in claims {
            match claim {
                Claim::Size(size) => self.size = size.of(self.size),
                Claim::Modified(time) => {
                    self.modified = time.of(self.modified);
                    self.accessed = time.of(self.accessed);
                }
                Claim::Permissions(bits) => self.permissions = *bits,
                Claim::Owner(owner) => self.owner = owner.clone(),
                Claim::Type(kind) => self.kind = *kind,
                _ => {}
            }
        }
        self
    }
}

impl Path {
    /// The directory that is listed where this one was asked for.
    #[must_use]
    pub fn as_claimed(&self, claims: &[Claim]) -> Self {
        Claim::directory(claims).map_or_else(|| self.clone(), |path| Self::root().resolve(path))
    }
}

impl Entry {
    /// The same with these lies, its name among them.
    #[must_use]
    pub fn as_claimed(mut self, claims: &[Claim]) -> Self {
        self.stat = self.stat.as_claimed(claims);
        self.link_target = self.link_target.filter(|_| self.stat.kind == Kind::Link);
        for claim in claims {
            if let Claim::Name(name) = claim {
                self.name = name.clone();
            }
        }
        self
    }
}
