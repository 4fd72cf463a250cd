//! `claim`: what is told in the place of the truth. Every answer that has such a field asks here.

use std::net::SocketAddr;

use jiff::Timestamp;

use super::request::Request;
use super::settings::Fact;
use crate::engine::{self, Claim};
use crate::files::{Entry, Path};

impl Request {
    fn claims(&self) -> &[Claim] {
        self.verdict().claims()
    }

    fn leaves_out(&self, fact: engine::Fact) -> bool {
        self.claims().contains(&Claim::LeftOut(fact))
    }

    /// The address announced for data, or the one we connect from.
    pub(super) fn claimed_address(&self, truth: SocketAddr) -> SocketAddr {
        self.claims().iter().fold(truth, |mut told, claim| {
            match claim {
                Claim::Address(ip) => told.set_ip(*ip),
                Claim::Port(port) => told.set_port(*port),
                _ => {}
            }
            told
        })
    }

    /// A size, if it is told at all.
    pub(super) fn claimed_size(&self, truth: u64) -> Option<u64> {
        let size = |told, claim: &Claim| match claim {
            Claim::Size(size) => size.of(told),
            _ => told,
        };
        let told = self.claims().iter().fold(truth, size);
        (!self.leaves_out(engine::Fact::Size)).then_some(told)
    }

    /// A time, if it is told at all.
    pub(super) fn claimed_time(&self, truth: Timestamp) -> Option<Timestamp> {
        let time = |told, claim: &Claim| match claim {
            Claim::Modified(time) => time.of(told),
            _ => told,
        };
        let told = self.claims().iter().fold(truth, time);
        (!self.leaves_out(engine::Fact::Modified)).then_some(told)
    }

    /// Whether a listing has this entry.
    pub(super) fn shows(&self, entry: &Entry) -> bool {
        Claim::show(self.claims(), &entry.name)
    }

    /// The directory that is listed, in the place of this one.
    pub(super) fn claimed_directory(&self, truth: &Path) -> Path {
        truth.as_claimed(self.claims())
    }

    /// A line of a listing. Its columns cannot be left out: there the truth is told.
    pub(super) fn claimed_entry(&self, entry: Entry) -> Entry {
        entry.as_claimed(self.claims())
    }

    /// The facts that are told of an entry.
    pub(super) fn claimed_facts(&self, facts: &[Fact]) -> Vec<Fact> {
        let told = |fact: &&Fact| {
            !self.leaves_out(match fact {
                Fact::Type => engine::Fact::Type,
                Fact::Size => engine::Fact::Size,
                Fact::Modify => engine::Fact::Modified,
                Fact::Perm | Fact::UnixMode => engine::Fact::Permissions,
                Fact::UnixOwner => engine::Fact::Owner,
                Fact::Unique => return true,
            })
        };
        facts.iter().filter(told).copied().collect()
    }
}
