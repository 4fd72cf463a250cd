//! How the command that `badftp run` starts has ended, and whether it should have ended so.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::engine::Range;

/// The command's time was over, as `timeout` has it.
const TIMED_OUT: u8 = 124;
/// The command was found but cannot be started, as `env` has it.
pub const CANNOT_START: u8 = 126;
/// The command was not found, as `env` has it.
pub const NOT_FOUND: u8 = 127;
/// A signal ends a command with this and its number, as shells have it.
const SIGNAL: i32 = 128;

/// Which exit codes of the command are expected.
///
/// A time-out (124) and a command that cannot be started (126) or is not found (127) meet no expectation, and neither
/// does a signal: the client has not come so far as to report anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedExit {
    /// `nonzero`: 1 to 119, and 255. What is between is badftp's own, or a shell's word for a signal.
    Nonzero,
    /// `19`, `1-5`
    Codes(Range<u8>),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code.
    Exited(u8),
    /// By this signal, which was not ours.
    Killed(i32),
    /// Its time was over.
    TimedOut,
    /// A signal ended badftp, and with it the command, which left this code.
    Interrupted(u8),
}

impl ExpectedExit {
    /// Whether a command should have ended so.
    #[must_use]
    pub fn is_met_by(self, ended: Ended) -> bool {
        match (self, ended.own_code()) {
            (_, None) => false,
            (Self::Nonzero, Some(code)) => matches!(code, 1..=119 | 255),
            (Self::Codes(codes), Some(code)) => codes.contains(code),
        }
    }
}

impl Ended {
    /// As the system tells it of a command that was left alone.
    #[must_use]
    pub fn by_itself(status: ExitStatus) -> Self {
        status.signal().map_or_else(|| Self::Exited(code_of(status)), Self::Killed)
    }

    /// As the system tells it of a command that was sent the signal that ends badftp.
    #[must_use]
    pub fn interrupted(status: ExitStatus) -> Self {
        Self::Interrupted(code_of(status))
    }

    /// The exit code that tells it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Exited(code) | Self::Interrupted(code) => code,
            Self::Killed(signal) => u8::try_from(SIGNAL + signal).unwrap_or(1),
            Self::TimedOut => TIMED_OUT,
        }
    }

    /// The code that the command chose itself: one that an `exit` expectation can judge.
    #[must_use]
    pub fn own_code(self) -> Option<u8> {
        match self {
            Self::Exited(code) => {
                (!matches!(code, TIMED_OUT | CANNOT_START | NOT_FOUND)).then_some(code)
            }
            Self::Killed(_) | Self::TimedOut | Self::Interrupted(_) => None,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "the command exited with {code}"),
            Self::Killed(signal) => write!(f, "the command was ended by signal {signal}"),
            Self::TimedOut => f.write_str("the command's time was over"),
            Self::Interrupted(_) => f.write_str("ended by a signal"),
        }
    }
}

fn code_of(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| SIGNAL + signal));
    u8::try_from(code.unwrap_or(1)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_is_met_by_codes_that_the_command_chose_itself() {
        let one_to_five = ExpectedExit::Codes(Range { least: 1, most: Some(5) });
        let table: [(ExpectedExit, &[u8], &[u8]); 4] = [
            (
                ExpectedExit::Nonzero,
                &[1, 2, 19, 119, 255],
                &[0, 120, 121, 122, 123, 125, 128, 137, 254],
            ),
            (ExpectedExit::Codes(Range::exactly(19)), &[19], &[0, 1, 18, 20, 255]),
            (one_to_five, &[1, 3, 5], &[0, 6, 255]),
            (ExpectedExit::Codes(Range::at_least(1)), &[1, 120, 123, 125, 137, 255], &[0]),
        ];
        for (exit, met, unmet) in table {
            for code in met {
                assert!(exit.is_met_by(Ended::Exited(*code)), "{exit:?} by {code}");
            }
            for code in unmet {
                assert!(!exit.is_met_by(Ended::Exited(*code)), "{exit:?} not by {code}");
            }
            for never in [
                Ended::Exited(124),
                Ended::Exited(126),
                Ended::Exited(127),
                Ended::Killed(9),
                Ended::TimedOut,
                Ended::Interrupted(met[0]),
            ] {
                assert!(!exit.is_met_by(never), "{exit:?} never by {never:?}");
            }
        }
        assert!(ExpectedExit::Codes(Range::exactly(0)).is_met_by(Ended::Exited(0)));
    }
}
