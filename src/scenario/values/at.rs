//! Where in an operation, and what is kept of it.

use super::{Mistake, size};
use crate::engine::{At, Keep};
use crate::scenario::later::Later;
use crate::scenario::similar::did_you_mean;

/// `start`, `64KiB`, `end`
pub(in crate::scenario) fn at(text: &str) -> Result<At, Mistake> {
    match text {
        "start" => Ok(At::Start),
        "end" => Ok(At::End),
        other if other.starts_with(|c: char| c.is_ascii_digit()) => size(other).map(At::Bytes),
        other => Err(Mistake::new("no place in an operation")
            .maybe_help(did_you_mean(other, ["start", "end"]))),
    }
}

/// `all`, `none`, `lost`, `64KiB`
pub(in crate::scenario) fn keep(text: &str) -> Result<Keep, Mistake> {
    match text {
        "all" => Ok(Keep::All),
        "none" => Ok(Keep::None),
        "lost" => Ok(Keep::Lost),
        other if other.starts_with("after ") || other.starts_with("for ") => {
            Err(Mistake::later(Later::TimedKeeping, &format!("keep: {other}")))
        }
        other if other.starts_with(|c: char| c.is_ascii_digit()) => size(other).map(Keep::Size),
        other => {
            let help = did_you_mean(other, ["all", "none", "lost"]);
            Err(Mistake::new("nothing that can be kept").maybe_help(help))
        }
    }
}
