//! What `run` exits with.

use crate::expect::{Ended, Failing};

/// An expectation is not met.
const EXPECTATION: u8 = 120;
/// A rule never fired.
const RULE: u8 = 121;

/// What failed in one scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// The command itself, which ended so.
    Command(u8),
    /// An expectation.
    Expectation,
    /// A rule.
    Rule,
}

/// Whether an expectation has judged how the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// A code that the command chose itself is a matter of the verdict.
    ByTheVerdict,
    /// The command has to exit with 0.
    ByItself,
}

/// What failed, from how the command ended, if one did, and from the verdict.
pub(super) fn failed(
    ended: Option<Ended>,
    judged: Judged,
    verdict: Option<Failing>,
) -> Option<Failed> {
    let command = ended.filter(|ended| {
        ended.exit_code() != 0 && (judged == Judged::ByItself || ended.own_code().is_none())
    });
    match (command, verdict) {
        (Some(ended), _) => Some(Failed::Command(ended.exit_code())),
        (None, Some(Failing::Expectation)) => Some(Failed::Expectation),
        (None, Some(Failing::Rule)) => Some(Failed::Rule),
        (None, None) => None,
    }
}

impl Failed {
    /// The weightiest has the least.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Command(_) => 0,
            Self::Expectation => 1,
            Self::Rule => 2,
        }
    }

    /// The exit code that tells it.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Command(code) => code,
            Self::Expectation => EXPECTATION,
            Self::Rule => RULE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Range;
    use crate::expect;

    /// What `run` exits with when the command ends so, this is expected of its exit, and the rest of the verdict is this.
    fn exit_code(
        ended: Ended,
        expected: Option<expect::ExpectedExit>,
        rest: Option<Failing>,
    ) -> u8 {
        let judged = if expected.is_some() { Judged::ByTheVerdict } else { Judged::ByItself };
        let unmet = expected.is_some_and(|expected| !expected.is_met_by(ended));
        let verdict = if unmet { Some(Failing::Expectation) } else { rest };
        failed(Some(ended), judged, verdict).map_or(0, Failed::exit_code)
    }

    #[test]
    fn run_exits_as_the_command_the_expectation_and_the_rules_say() {
        use Ended::{Exited, Interrupted, Killed, TimedOut};
        let nonzero = Some(expect::ExpectedExit::Nonzero);
        let code = |code| Some(expect::ExpectedExit::Codes(Range::exactly(code)));
        let range = Some(expect::ExpectedExit::Codes(Range { least: 1, most: Some(5) }));
        let (expectation, rule) = (Some(Failing::Expectation), Some(Failing::Rule));
        for (ended, expected, rest, exit) in [
            // Nothing is expected of the exit: the command's own failure comes first.
            (Exited(0), None, None, 0),
            (Exited(7), None, None, 7),
            (Exited(7), None, expectation, 7),
            (Exited(0), None, expectation, 120),
            (Exited(0), None, rule, 121),
            (Killed(9), None, None, 137),
            (TimedOut, None, rule, 124),
            (Exited(121), None, None, 121),
            // An expected failure is a success, and the rest counts all the same.
            (Exited(1), nonzero, None, 0),
            (Exited(119), nonzero, None, 0),
            (Exited(255), nonzero, None, 0),
            (Exited(19), nonzero, expectation, 120),
            (Exited(19), nonzero, rule, 121),
            (Exited(19), code(19), None, 0),
            (Exited(3), range, None, 0),
            (Exited(0), code(0), None, 0),
            // Any other exit is an unmet expectation.
            (Exited(0), nonzero, None, 120),
            (Exited(0), nonzero, rule, 120),
            (Exited(120), nonzero, None, 120),
            (Exited(121), nonzero, None, 120),
            (Exited(122), nonzero, None, 120),
            (Exited(123), nonzero, None, 120),
            (Exited(125), nonzero, None, 120),
            (Exited(137), nonzero, None, 120),
            (Exited(18), code(19), None, 120),
            (Exited(6), range, None, 120),
            (Exited(1), code(0), None, 120),
            // What is no exit of its own keeps its code.
            (TimedOut, nonzero, None, 124),
            (Exited(124), nonzero, None, 124),
            (Exited(126), nonzero, None, 126),
            (Exited(127), nonzero, rule, 127),
            (Killed(9), nonzero, None, 137),
            (Killed(15), code(143), None, 143),
            (Interrupted(5), nonzero, None, 5),
            (Interrupted(0), nonzero, None, 120),
        ] {
            assert_eq!(exit_code(ended, expected, rest), exit, "{ended:?} {expected:?} {rest:?}");
        }
    }

    #[test]
    fn a_scenario_without_a_command_has_its_verdict() {
        assert_eq!(failed(None, Judged::ByItself, None), None);
        assert_eq!(failed(None, Judged::ByItself, Some(Failing::Rule)), Some(Failed::Rule));
    }
}
