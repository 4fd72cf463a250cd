//! States that nobody enters, and states entered where nobody looks.

use std::collections::{BTreeMap, HashSet};

use super::super::draft::Draft;
use crate::engine::{FIRST_STATE, Per};
use crate::scenario::keys::Reading;
use crate::scenario::problem::{Problem, quote};
use crate::scenario::similar::did_you_mean;
use crate::scenario::yaml::Spanned;

/// States that a misspelt one is compared with.
const MOST: usize = 100;

/// What all rules of a document do with states.
struct States<'a> {
    /// By state, the first rule that enters it per this or that.
    entered: BTreeMap<&'a str, Vec<&'a Draft>>,
    /// What some rule waits for, whatever its `per`.
    awaited: HashSet<&'a str>,
    /// What rules that wait keep their states by.
    looked: HashSet<Per>,
}

pub(in crate::scenario::rules) fn check(rules: &[Draft], reading: &mut Reading) {
    let states = States::of(rules);
    for rule in rules {
        for state in rule.states.iter().filter(|state| state.value != FIRST_STATE) {
            states.check_entered(rule, state, reading);
        }
        states.check_looked_at(rule, reading);
    }
}

impl<'a> States<'a> {
    fn of(rules: &'a [Draft]) -> Self {
        let mut entered: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
        for rule in rules {
            let Some(goto) = &rule.goto else { continue };
            let by = entered.entry(goto).or_default();
            if by.iter().all(|other| other.per() != rule.per()) {
                by.push(rule);
            }
        }
        let waiting = || rules.iter().filter(|rule| !rule.states.is_empty());
        let awaited = waiting().flat_map(|rule| &rule.states).map(|state| state.value.as_str());
        Self {
            entered,
            awaited: awaited.collect(),
            looked: waiting().map(|rule| rule.per()).collect(),
        }
    }

    /// Some rule of the same `per` must enter what a rule waits for.
    fn check_entered(&self, rule: &Draft, state: &Spanned<String>, reading: &mut Reading) {
        let by = self.entered.get(state.value.as_str()).map_or(&[][..], Vec::as_slice);
        if by.iter().any(|other| other.per() == rule.per()) {
            return;
        }
        let name = quote(&state.value);
        let problem =
            Problem::warning(state.span, format!("this rule never sees the state {name}"));
        let Some(other) = by.first() else {
            let known = self.entered.keys().copied().take(MOST).chain([FIRST_STATE]);
            let help = did_you_mean(&state.value, known);
            reading.add(problem.label("no rule enters it by `goto`").maybe_help(help));
            return;
        };
        reading.add(
            problem
                .label(format!("this rule looks per {}", word(rule.per())))
                .also(other.value("goto"), format!("entered per {}", word(other.per())))
                .help(format!("write `per: {}` here, too", word(other.per()))),
        );
    }

    /// A state changes something only if a rule of the same `per` asks for states. Where one with another
    /// `per` waits for just this state, it is told so itself.
    fn check_looked_at(&self, rule: &Draft, reading: &mut Reading) {
        let Some(goto) = &rule.goto else { return };
        if self.looked.contains(&rule.per()) || self.awaited.contains(goto.as_str()) {
            return;
        }
        let title = format!("no rule looks at states per {}", word(rule.per()));
        reading.add(
            Problem::warning(rule.value("goto"), title)
                .label("entering it changes nothing")
                .help("a rule asks for a state by `state`, with the same `per`"),
        );
    }
}

fn word(per: Per) -> &'static str {
    match per {
        Per::Server => "server",
        Per::Address => "address",
        Per::Connection => "connection",
        Per::User => "user",
        Per::Path => "path",
    }
}
