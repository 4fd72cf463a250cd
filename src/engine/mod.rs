//! Decides. `decide(rules, event, state) -> verdict`, and nothing else: no I/O, no clock (an event brings its
//! time), no ambient randomness, no protocol.
//!
//! The first rule that matches acts, whole; a rule whose `times` are spent no longer matches. An event passes
//! a rule's filters in this order: `when` and its kind, `state`, `limit`, `chance`; then `skip`, `times` and
//! `for` count it. What a filter stopped was not counted. Counting and deciding happen under one lock.

mod action;
mod claim;
mod counter;
mod course;
mod dice;
mod event;
mod index;
mod pattern;
mod range;
mod replies;
mod rule;
mod tally;
mod template;
mod verdict;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

pub use action::{Action, At, Certificate, Damage, Delay, Ending, Exit, HostKey, Keep, Repeat};
pub use claim::{Claim, Fact, Figure, Size, Time};
pub use counter::Key;
pub use course::{Course, DataFate, Natural, Own, Plan, Say, Task};
pub use event::{
    ConnectionId, Details, Event, Kind, Operation, Order, Parting, Protocol, Silence, Stored,
    Target, Tls, word_of,
};
pub use pattern::{Filter, Glob, Pattern, When};
pub use range::Range;
pub use rule::{CERTAIN, Count, Limit, Origin, Per, Rule};
pub use tally::Tally;
pub use template::{Answer, Part, Status, Step, Template};
pub use verdict::{Opened, Verdict};

use counter::{Counter, Counters};
use course::Tongue;
use dice::Dice;
use index::Index;

/// The state every key begins in.
pub const FIRST_STATE: &str = "start";

/// The rules of a scenario and what they have counted.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Rule>,
    index: Index,
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Counts the resets: what was opened before one is no longer known after it.
    generation: u64,
    counters: Vec<Counters>,
    tallies: Vec<Tally>,
    states: HashMap<(Per, Key), String>,
}

/// Whether a rule acts on an event it was asked about, and why it does not.
#[derive(Debug, PartialEq, Eq)]
enum Answered {
    TooLate,
    ByChance,
    Skips,
    Acts,
}

impl Engine {
    /// An engine that has counted nothing yet. The same seed and the same events give the same verdicts.
    #[must_use]
    pub fn new(rules: Vec<Rule>, seed: u64) -> Self {
        let state = Mutex::new(State::new(rules.len()));
        let index = Index::of(&rules);
        Self { rules, index, seed, state }
    }

    /// The rules, in file order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What became of the events that each rule's filters let pass, in file order.
    #[must_use]
    pub fn tallies(&self) -> Vec<Tally> {
        self.state.lock().tallies.clone()
    }

    /// Forgets all that was counted.
    pub fn reset(&self) {
        let mut state = self.state.lock();
        let generation = state.generation + 1;
        *state = State { generation, ..State::new(self.rules.len()) };
    }

    /// Tells which rule acts on an event, and counts it.
    pub fn decide(&self, event: &Event<'_>) -> Verdict {
        let mut state = self.state.lock();
        let mut verdict = Verdict::healthy();
        verdict.opened.generation = state.generation;
        for index in self.index.candidates(event) {
            let rule = &self.rules[index];
            if !rule.pattern.matches(event) {
                continue;
            }
            state.tallies[index].matched += 1;
            let key = state.counters[index].admit(Key::of(rule.count.per, event));
            if !state.is_in(rule, &key) {
                state.tallies[index].out_of_state += 1;
                continue;
            }
            let over = state.is_over(index, rule, &key, event);
            if rule.counts_open(event) {
                state.counters[index].at(&key).open += 1;
                verdict.opened.slots.push((index, key.clone()));
            }
            if rule.shuts_the_listener().is_some() {
                continue;
            }
            if !over {
                state.tallies[index].within_limit += 1;
            } else if let Some(first) = verdict.rule {
                let tally = &mut state.tallies[index];
                tally.taken += 1;
                tally.taken_by.get_or_insert(first);
            } else if self.ask(&mut state, index, &key, event.time) == Answered::Acts {
                self.act(&mut state, index, &key, event, &mut verdict);
            }
        }
        verdict
    }

    /// The first rule that an event would meet, without counting anything: for rules that shut a listener, which
    /// neither count nor draw, and to know what silence is long enough to be `idle`.
    #[must_use]
    pub fn peek(&self, event: &Event<'_>) -> Option<&Rule> {
        self.place(event).map(|place| &self.rules[place])
    }

    /// The place of that rule, in file order.
    #[must_use]
    pub fn place(&self, event: &Event<'_>) -> Option<usize> {
        let state = self.state.lock();
        self.index.candidates(event).find(|&index| {
            let rule = &self.rules[index];
            let key = Key::of(rule.count.per, event);
            let mut counter = state.counters[index].look(&key);
            // `peek` must not count: the rule only keeps the port shut, and its `for` runs from the start.
            counter.first.get_or_insert(Duration::ZERO);
            rule.pattern.matches(event)
                && state.is_in(rule, &key)
                && state.is_over(index, rule, &key, event)
                && !rule.is_spent(&counter, event.time)
        })
    }

    /// A wait that no rule asked for: the network's, before the `turn`-th answer of a connection.
    #[must_use]
    pub fn draw(&self, delay: Delay, connection: ConnectionId, turn: u64) -> Duration {
        let key = &Key::Connection(connection);
        Dice { seed: self.seed, rule: usize::MAX, key, turn }.delay(delay)
    }

    /// What an event had opened is closed again.
    pub fn close(&self, opened: Opened) {
        if opened.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        if opened.generation != state.generation {
            return;
        }
        for (index, key) in opened.slots {
            let counter = state.counters[index].at(&key);
            counter.open = counter.open.saturating_sub(1);
        }
    }

    /// Drops what was counted for a connection that has ended.
    pub fn forget(&self, connection: ConnectionId) {
        let key = Key::Connection(connection);
        let mut state = self.state.lock();
        for (counters, rule) in state.counters.iter_mut().zip(&self.rules) {
            if rule.count.per == Per::Connection {
                counters.forget(&key);
            }
        }
        state.states.remove(&(Per::Connection, key));
    }

    /// Counts a match of a rule that passed its filters, and tells whether it acts.
    fn ask(&self, state: &mut State, index: usize, key: &Key, time: Duration) -> Answered {
        let answered = self.answer(state, index, key, time);
        let tally = &mut state.tallies[index];
        *match answered {
            Answered::TooLate => &mut tally.too_late,
            Answered::ByChance => &mut tally.by_chance,
            Answered::Skips => &mut tally.skipped,
            Answered::Acts => &mut tally.acted,
        } += 1;
        answered
    }

    fn answer(&self, state: &mut State, index: usize, key: &Key, time: Duration) -> Answered {
        let rule = &self.rules[index];
        let counter = state.counters[index].at(key);
        if rule.is_spent(counter, time) {
            return Answered::TooLate;
        }
        let dice = Dice { seed: self.seed, rule: index, key, turn: counter.turns };
        counter.turns += 1;
        if !dice.hits(rule.count.chance) {
            return Answered::ByChance;
        }
        counter.matches += 1;
        if counter.matches <= rule.count.skip {
            return Answered::Skips;
        }
        counter.acts += 1;
        counter.first.get_or_insert(time);
        Answered::Acts
    }

    /// Fills in the verdict of a rule that acts. What acts at once enters its state at once: the next request may be on its
    /// way.
    fn act(
        &self,
        state: &mut State,
        index: usize,
        key: &Key,
        event: &Event<'_>,
        verdict: &mut Verdict,
    ) {
        let rule = &self.rules[index];
        let action = &rule.action;
        let dice =
            Dice { seed: self.seed, rule: index, key, turn: state.counters[index].at(key).turns };
        verdict.rule = Some(index);
        verdict.origin = Some(rule.origin.clone());
        verdict.delay = action.delay.map_or(Duration::ZERO, |delay| dice.delay(delay));
        verdict.tongue = Tongue::of(event.protocol);
        verdict.at = match rule.count.limit {
            Some(Limit::Size(limit)) if event.announced.is_none() => {
                At::Beyond(limit.saturating_sub(stored(rule.count.per, event)))
            }
            _ => action.place(verdict.tongue, event.operation),
        };
        verdict.action = Arc::clone(action);
        if let Some(next) = &action.goto {
            let place = (rule.count.per, key.clone());
            if verdict.at == At::Start {
                state.states.insert(place, next.clone());
            } else {
                verdict.enters = Some((state.generation, place, next.clone()));
            }
        }
    }

    /// A rule that acts later than at the start has come to its point: now it enters its state. One that never comes there
    /// enters none.
    pub fn enter(&self, verdict: &Verdict) {
        let Some((generation, place, next)) = &verdict.enters else { return };
        let mut state = self.state.lock();
        if *generation == state.generation {
            state.states.insert(place.clone(), next.clone());
        }
    }
}

impl State {
    fn new(rules: usize) -> Self {
        let counters = std::iter::repeat_with(Counters::default).take(rules).collect();
        let tallies = vec![Tally::default(); rules];
        Self { generation: 0, counters, tallies, states: HashMap::new() }
    }

    /// Whether the rule's `state` filter holds.
    fn is_in(&self, rule: &Rule, key: &Key) -> bool {
        let states = &rule.pattern.states;
        if states.is_empty() {
            return true;
        }
        let current = self.states.get(&(rule.count.per, key.clone()));
        let current = current.map_or(FIRST_STATE, String::as_str);
        states.iter().any(|state| state == current)
    }

    /// Whether the rule's `limit` would be exceeded with this event included.
    fn is_over(&self, index: usize, rule: &Rule, key: &Key, event: &Event<'_>) -> bool {
        match rule.count.limit {
            None => true,
            Some(Limit::Count(limit)) => self.counters[index].look(key).open >= limit,
            // An upload is weighed as its bytes arrive, an announcement at once.
            Some(Limit::Size(limit)) => event
                .announced
                .is_none_or(|size| stored(rule.count.per, event).saturating_add(size) > limit),
        }
    }
}

impl Rule {
    /// Whether its `times` or its `for` are over.
    fn is_spent(&self, counter: &Counter, time: Duration) -> bool {
        let acted_enough = self.count.times.is_some_and(|times| counter.acts >= times);
        let too_late = match (self.count.lasting, counter.first) {
            (Some(lasting), Some(first)) => time.saturating_sub(first) >= lasting,
            _ => false,
        };
        acted_enough || too_late
    }

    /// Whether its limit counts what the event opens.
    fn counts_open(&self, event: &Event<'_>) -> bool {
        matches!(self.count.limit, Some(Limit::Count(_)))
            && event.operation.is_some_and(Operation::opens)
    }
}

/// The bytes a size limit weighs, by what it is kept apart by.
fn stored(per: Per, event: &Event<'_>) -> u64 {
    match per {
        Per::User => event.stored.user,
        Per::Path => event.stored.path,
        Per::Server | Per::Address | Per::Connection => event.stored.server,
    }
}

#[cfg(test)]
mod tests;
