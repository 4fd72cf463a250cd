//! The network below everything: a scenario's `server: {delay, rate, chunk}`.

use crate::engine::Delay;

/// How slow the wire is when no rule says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Network {
    /// Before each answer.
    pub delay: Option<Delay>,
    /// Bytes a second, at most.
    pub rate: Option<u64>,
    /// Bytes at once, at most.
    pub chunk: Option<u64>,
}
