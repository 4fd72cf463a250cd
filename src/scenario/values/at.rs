//! Where in an operation, what is kept of it, how often its answer is said, and what is broken in it.

use super::{Mistake, count, duration, one_of, size};
use crate::engine::{At, Damage, Keep, Repeat};
use crate::scenario::later::Later;
use crate::scenario::similar::did_you_mean;

/// `start`, `64KiB`, `end`, `failure`
pub(in crate::scenario) fn at(text: &str) -> Result<At, Mistake> {
    match text {
        "start" => Ok(At::Start),
        "end" => Ok(At::End),
        "failure" => Ok(At::Failure),
        other if other.starts_with(|c: char| c.is_ascii_digit()) => size(other).map(At::Bytes),
        other => Err(Mistake::new("no place in an operation")
            .maybe_help(did_you_mean(other, ["start", "end", "failure"]))),
    }
}

/// `all`, `none`, `lost`, `64KiB`, `after 5s`, `for 5s`
pub(in crate::scenario) fn keep(text: &str) -> Result<Keep, Mistake> {
    match text {
        "all" => Ok(Keep::All),
        "none" => Ok(Keep::None),
        "lost" => Ok(Keep::Lost),
        other if other.starts_with(|c: char| c.is_ascii_digit()) => size(other).map(Keep::Size),
        other => match other.split_once(' ') {
            Some(("after", time)) => duration(time).map(Keep::After),
            Some(("for", time)) => duration(time).map(Keep::For),
            _ => {
                let help = did_you_mean(other, ["all", "none", "lost", "after 5s", "for 5s"]);
                Err(Mistake::new("nothing that can be kept").maybe_help(help))
            }
        },
    }
}

/// `200`, `endless`
pub(in crate::scenario) fn repeat(text: &str) -> Result<Repeat, Mistake> {
    if text == "endless" {
        return Ok(Repeat::Endless);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        let help = did_you_mean(text, ["endless"]);
        return Err(Mistake::new("neither a count nor `endless`").maybe_help(help));
    }
    match count(text)? {
        0 => Err(Mistake::new("no times at all")
            .help("to say nothing, write `reply: none`; to send nothing, `send: \"\"`")),
        times => Ok(Repeat::Times(times)),
    }
}

const DAMAGES: [(Damage, &str); 7] = [
    (Damage::Bit, "bit"),
    (Damage::Gap, "gap"),
    (Damage::Echo, "echo"),
    (Damage::Order, "order"),
    (Damage::Short, "short"),
    (Damage::Long, "long"),
    (Damage::Mac, "mac"),
];

/// `bit`, `gap`, `echo`, `order`, `short`, `long`, `mac`
pub(in crate::scenario) fn damage(text: &str) -> Result<Damage, Mistake> {
    let later = match text {
        "compression" | "ssh-length" => Some(Later::Ssh),
        _ => None,
    };
    match later {
        Some(later) => Err(Mistake::later(later, &format!("damage: {text}"))),
        None => one_of(text, &DAMAGES),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_kept_may_depend_on_the_clock() {
        assert_eq!(keep("after 5s"), Ok(Keep::After(Duration::from_secs(5))));
        assert_eq!(keep("for 0s"), Ok(Keep::For(Duration::ZERO)));
        assert_eq!(keep("64KiB"), Ok(Keep::Size(65_536)));
        for wrong in ["after", "after 5", "for ever", "5s", "some"] {
            assert!(keep(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_repeated_is_said_at_least_once() {
        assert_eq!(repeat("2"), Ok(Repeat::Times(2)));
        assert_eq!(repeat("endless"), Ok(Repeat::Endless));
        let help = repeat("endles").unwrap_err().help;
        assert_eq!(help.as_deref(), Some("did you mean `endless`?"));
        for wrong in ["0", "-1", "2x", "for ever", "1+"] {
            assert!(repeat(wrong).is_err(), "{wrong}");
        }
    }
}
