//! How a connection ends.

use std::time::Duration;

use super::{Mistake, duration, literal};
use crate::engine::{Ending, Exit};
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
                "alert handshake_failure",
            ],
            Self::Session => &[
                "close",
                "cut",
                "reset",
                "eof",
                "stall",
                "refuse",
                "blackhole",
                "restart 5s",
                "exit 127",
                "exit TERM",
                "disconnect 11 text",
                "alert handshake_failure",
            ],
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
        "alert" => return alert(rest).map(Ending::Alert),
        "cut" => Ending::Cut,
        "reset" => Ending::Reset,
        "eof" => Ending::Eof,
        "stall" => Ending::Stall,
        "refuse" => Ending::Refuse,
        "blackhole" => Ending::Blackhole,
        "exit" if axis == Axis::Session => return exit(rest).map(Ending::Exit),
        "disconnect" if axis == Axis::Session => return reason(rest).map(Ending::Disconnect),
        "flow" if axis == Axis::Data => Ending::Flow,
        "elsewhere" if axis == Axis::Data => Ending::Elsewhere,
        other => return Err(no_ending(other, axis)),
    };
    if rest.is_empty() {
        return Ok(ending);
    }
    let label = format!("only `close` takes a time: `close 5s`; `{word}` stands alone");
    Err(Mistake::new(label).help("`delay` waits before all of it"))
}

/// The alerts of TLS (RFC 8446, section 6; RFC 5246, section 7.2; IANA's registry).
const ALERTS: [(u8, &str); 34] = [
    (0, "close_notify"),
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (40, "handshake_failure"),
    (41, "no_certificate"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (60, "export_restriction"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (112, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
];

/// The names of TLS's alerts.
pub(in crate::scenario) fn alerts() -> impl Iterator<Item = &'static str> {
    ALERTS.iter().map(|(_, name)| *name)
}

/// `alert unknown_ca`, `alert 48`
fn alert(name: &str) -> Result<u8, Mistake> {
    if name.is_empty() {
        return Err(
            Mistake::new("which alert?").help("write `alert handshake_failure` or `alert 40`")
        );
    }
    let named = ALERTS.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
    named.or_else(|| name.parse().ok()).ok_or_else(|| {
        Mistake::new("no alert of TLS")
            .help("an alert is named as in RFC 8446, or a number up to 255")
            .maybe_help(did_you_mean(name, alerts()))
    })
}

/// The signals of RFC 4254, section 6.10.
pub(in crate::scenario) const SIGNALS: [&str; 13] = [
    "ABRT", "ALRM", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "TERM", "USR1",
    "USR2",
];

/// `127`, `TERM`
fn exit(text: &str) -> Result<Exit, Mistake> {
    if let Some(signal) = SIGNALS.into_iter().find(|signal| *signal == text) {
        return Ok(Exit::Signal(signal));
    }
    text.parse().map(Exit::Status).map_err(|_| {
        Mistake::new("neither an exit status nor a signal").help("write `exit 127`, or `exit TERM`")
    })
}

/// The number of `disconnect 11 text`.
fn reason(text: &str) -> Result<u32, Mistake> {
    let number = text.split(' ').next().unwrap_or_default();
    number.parse().map_err(|_| {
        Mistake::new("no reason")
            .help("write the reason's number and its text: `disconnect 11 Idle timeout`")
    })
}

/// The text of `disconnect 11 text`.
pub(in crate::scenario) fn farewell(text: &str) -> Result<Vec<u8>, Mistake> {
    literal(text.splitn(3, ' ').nth(2).unwrap_or_default())
}

fn no_ending(word: &str, axis: Axis) -> Mistake {
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
    fn what_ran_on_a_channel_exits_and_ssh_disconnects() {
        let session = |text| ending(text, Axis::Session);
        assert_eq!(session("exit 127"), Ok(Ending::Exit(Exit::Status(127))));
        assert_eq!(session("exit TERM"), Ok(Ending::Exit(Exit::Signal("TERM"))));
        assert_eq!(session("disconnect 11 Bye, bye"), Ok(Ending::Disconnect(11)));
        assert_eq!(farewell("disconnect 11 Bye, <xFF>"), Ok(b"Bye, \xff".to_vec()));
        for wrong in ["exit", "exit SIGTERM", "disconnect", "disconnect bye"] {
            assert!(session(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_data_flows() {
        assert_eq!(ending("flow", Axis::Data), Ok(Ending::Flow));
        assert!(ending("flow", Axis::Session).is_err());
    }
}
