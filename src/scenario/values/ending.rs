//! How a connection ends.

use std::time::Duration;

use super::{Mistake, duration};
use crate::engine::Ending;
use crate::scenario::later::Later;
use crate::scenario::problem::alternatives;
use crate::scenario::similar::did_you_mean;

/// What is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scenario) enum Axis {
    /// `data:`
    Data,
    /// `then:`
    Session,
}

impl Axis {
    /// Its words of one word.
    pub(in crate::scenario) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Data => &[
                "close",
                "cut",
                "reset",
                "eof",
                "stall",
                "refuse",
                "blackhole",
                "flow",
                "elsewhere",
            ],
            Self::Session => {
                &["close", "cut", "reset", "eof", "stall", "refuse", "blackhole", "restart 5s"]
            }
        }
    }
}

/// `close`, `close 5s`, `cut`, `reset`, `eof`, `stall`, `refuse`, `blackhole`, `flow`
pub(in crate::scenario) fn ending(text: &str, axis: Axis) -> Result<Ending, Mistake> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let ending = match word {
        "close" if rest.is_empty() => return Ok(Ending::Close(Duration::ZERO)),
        "close" => return duration(rest).map(Ending::Close),
        "restart" if axis == Axis::Session && rest.is_empty() => {
            return Err(Mistake::new("down for how long?").help("write `restart 5s`"));
        }
        "restart" if axis == Axis::Session => return duration(rest).map(Ending::Restart),
        "cut" => Ending::Cut,
        "reset" => Ending::Reset,
        "eof" => Ending::Eof,
        "stall" => Ending::Stall,
        "refuse" => Ending::Refuse,
        "blackhole" => Ending::Blackhole,
        "flow" if axis == Axis::Data => Ending::Flow,
        "elsewhere" if axis == Axis::Data => Ending::Elsewhere,
        other => return Err(no_ending(text, other, axis)),
    };
    if rest.is_empty() {
        return Ok(ending);
    }
    let label = format!("only `close` takes a time: `close 5s`; `{word}` stands alone");
    Err(Mistake::new(label).help("`delay` waits before all of it"))
}

fn no_ending(text: &str, word: &str, axis: Axis) -> Mistake {
    let later = match (word, axis) {
        ("alert", _) => Some(Later::Tls),
        ("exit" | "disconnect", Axis::Session) => Some(Later::Ssh),
        _ => None,
    };
    if let Some(later) = later {
        return Mistake::later(later, text);
    }
    if word == "restart" {
        return Mistake::new("the whole server restarts").help("write `then: restart 5s`");
    }
    if word == "flow" {
        return Mistake::new("`flow` is for `data`").help("without `then`, the session goes on");
    }
    let words = format!("the endings are {}", alternatives(axis.words()));
    Mistake::new("no ending")
        .help(words)
        .maybe_help(did_you_mean(word, axis.words().iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_may_come_later_and_nothing_else() {
        assert_eq!(ending("close 5s", Axis::Session), Ok(Ending::Close(Duration::from_secs(5))));
        assert_eq!(ending("reset", Axis::Data), Ok(Ending::Reset));
        assert!(ending("reset 5s", Axis::Data).is_err());
        assert!(ending("close soon", Axis::Data).is_err());
    }

    #[test]
    fn a_restart_takes_its_time_and_the_whole_server() {
        assert_eq!(
            ending("restart 5s", Axis::Session),
            Ok(Ending::Restart(Duration::from_secs(5)))
        );
        for (wrong, axis) in [("restart", Axis::Session), ("restart 5s", Axis::Data)] {
            assert!(ending(wrong, axis).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_data_flows() {
        assert_eq!(ending("flow", Axis::Data), Ok(Ending::Flow));
        assert!(ending("flow", Axis::Session).is_err());
    }
}
