//! What the engine promises, as sentences.

mod course;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn rule(when: Operation, count: Count, action: Action) -> Rule {
    Rule {
        origin: Origin { file: "test.yaml".into(), line: 1, sentence: "".into() },
        pattern: Pattern { when: vec![When::Operation(when)], ..Pattern::default() },
        count,
        action: Arc::new(action),
    }
}

fn event(operation: Operation) -> Event<'static> {
    Event::of(Protocol::Ftp, 1, Ipv4Addr::LOCALHOST.into(), Duration::ZERO).operation(operation)
}

fn on_path(operation: Operation, path: &[u8]) -> Event<'_> {
    let event = Event::of(Protocol::Ftp, 1, Ipv4Addr::LOCALHOST.into(), Duration::ZERO);
    Event { path: Some(path), ..event.operation(operation) }
}

fn times(times: u64) -> Count {
    Count { times: Some(times), ..Count::default() }
}

/// Which rules act on so many downloads in a row.
fn acts(engine: &Engine, events: usize) -> Vec<Option<usize>> {
    (0..events).map(|_| engine.decide(&event(Operation::Download)).rule).collect()
}

#[test]
fn the_first_rule_that_matches_acts_alone() {
    let engine = Engine::new(
        vec![
            rule(Operation::Upload, Count::default(), Action::default()),
            rule(Operation::Download, Count::default(), Action::default()),
            rule(Operation::Download, Count::default(), Action::default()),
        ],
        0,
    );
    assert_eq!(acts(&engine, 2), [Some(1), Some(1)]);
}

#[test]
fn a_spent_rule_steps_aside_for_the_next() {
    let engine = Engine::new(
        vec![
            rule(Operation::Download, times(2), Action::default()),
            rule(Operation::Download, times(1), Action::default()),
        ],
        0,
    );
    assert_eq!(acts(&engine, 5), [Some(0), Some(0), Some(1), None, None]);
}

#[test]
fn skipped_matches_pass_to_later_rules() {
    let skip = Count { skip: 2, ..times(1) };
    let engine = Engine::new(vec![rule(Operation::Download, skip, Action::default())], 0);
    assert_eq!(acts(&engine, 4), [None, None, Some(0), None]);
}

#[test]
fn counts_are_kept_apart_by_path() {
    let count = Count { per: Per::Path, ..times(1) };
    let engine = Engine::new(vec![rule(Operation::Download, count, Action::default())], 0);
    let ask = |path| engine.decide(&on_path(Operation::Download, path)).rule;
    assert_eq!([ask(b"/a"), ask(b"/b"), ask(b"/a"), ask(b"/b")], [Some(0), Some(0), None, None]);
}

#[test]
fn a_rule_with_for_acts_only_so_long_after_its_first_act() {
    let count = Count { lasting: Some(Duration::from_secs(5)), ..Count::default() };
    let engine = Engine::new(vec![rule(Operation::Download, count, Action::default())], 0);
    let at = |seconds| {
        let time = Duration::from_secs(seconds);
        engine.decide(&Event { time, ..event(Operation::Download) }).rule
    };
    assert_eq!([at(10), at(14), at(15), at(11)], [Some(0), Some(0), None, Some(0)]);
}

#[test]
fn a_limit_matches_what_would_exceed_it_until_something_is_closed() {
    let count = Count { limit: Some(Limit::Count(2)), ..Count::default() };
    let engine = Engine::new(vec![rule(Operation::Connect, count, Action::default())], 0);
    let mut open: Vec<Verdict> =
        (0..3).map(|_| engine.decide(&event(Operation::Connect))).collect();
    assert_eq!(open.iter().map(|verdict| verdict.rule).collect::<Vec<_>>(), [None, None, Some(0)]);
    open.drain(1..).for_each(|verdict| engine.close(verdict.opened));
    assert_eq!(engine.decide(&event(Operation::Connect)).rule, None);
}

#[test]
fn what_was_open_before_a_reset_is_not_closed_after_it() {
    let count = Count { limit: Some(Limit::Count(1)), ..Count::default() };
    let engine = Engine::new(vec![rule(Operation::Connect, count, Action::default())], 0);
    let before = engine.decide(&event(Operation::Connect));
    engine.reset();
    let _after = engine.decide(&event(Operation::Connect));
    engine.close(before.opened);
    assert_eq!(engine.decide(&event(Operation::Connect)).rule, Some(0));
}

#[test]
fn a_size_limit_is_met_at_the_byte_that_exceeds_it() {
    let count = Count { limit: Some(Limit::Size(100)), ..Count::default() };
    let engine = Engine::new(vec![rule(Operation::Upload, count, Action::default())], 0);
    let stored = Stored { server: 60, ..Stored::default() };
    let verdict = engine.decide(&Event { stored, ..event(Operation::Upload) });
    assert_eq!((verdict.rule, verdict.at), (Some(0), At::Beyond(40)));
}

#[test]
fn an_announced_size_is_weighed_at_once() {
    let count = Count { limit: Some(Limit::Size(100)), ..Count::default() };
    let engine = Engine::new(vec![rule(Operation::Upload, count, Action::default())], 0);
    let ask =
        |size| engine.decide(&Event { announced: Some(size), ..event(Operation::Upload) }).rule;
    assert_eq!([ask(100), ask(101)], [None, Some(0)]);
}

#[test]
fn a_state_is_entered_and_seen_only_under_its_own_key() {
    let per = Count { per: Per::Connection, ..Count::default() };
    let enter = Action { goto: Some("in".to_owned()), ..Action::default() };
    let mut second = rule(Operation::Upload, per.clone(), Action::default());
    second.pattern.states = vec!["in".to_owned()];
    let engine = Engine::new(vec![rule(Operation::Download, per, enter), second], 0);
    let on = |connection, operation| engine.decide(&Event { connection, ..event(operation) }).rule;
    assert_eq!(on(1, Operation::Upload), None);
    assert_eq!(on(1, Operation::Download), Some(0));
    assert_eq!(on(1, Operation::Upload), Some(1));
    assert_eq!(on(2, Operation::Upload), None);
    engine.forget(1);
    assert_eq!(on(1, Operation::Upload), None);
}

#[test]
fn an_answer_that_quotes_the_operation_needs_it_done() {
    let quote = Answer::Steps(vec![Step::Say(Template(vec![Part::Answer]))]);
    let action = Action { reply: Some(quote), ..Action::default() };
    let engine = Engine::new(vec![rule(Operation::Download, Count::default(), action)], 0);
    assert_eq!(engine.decide(&event(Operation::Download)).at, At::End);
}

#[test]
fn a_drawn_delay_stays_within_its_range_and_varies() {
    let (low, high) = (Duration::from_secs(1), Duration::from_secs(3));
    let action = Action { delay: Some(Delay::Between(low, high)), ..Action::default() };
    let engine = Engine::new(vec![rule(Operation::Download, Count::default(), action)], 0);
    let delays: Vec<Duration> =
        (0..50).map(|_| engine.decide(&event(Operation::Download)).delay).collect();
    assert!(delays.iter().all(|delay| (low..=high).contains(delay)), "{delays:?}");
    assert!(delays.windows(2).any(|pair| pair[0] != pair[1]), "{delays:?}");
}

#[test]
fn a_glob_in_a_path_does_not_cross_a_slash() {
    let glob = Glob::path("/in/*.csv").unwrap();
    assert!(glob.matches(b"/in/a.csv"));
    assert!(glob.matches(b"/in/\xE9.csv"));
    assert!(!glob.matches(b"/in/b/a.csv"));
    assert!(Glob::path("/in/**").unwrap().matches(b"/in/b/a.csv"));
    assert!(Glob::text("posix-*").unwrap().matches(b"posix-rename@openssh.com"));
}

fn counts() -> impl Strategy<Value = Count> {
    let per = prop_oneof![Just(Per::Server), Just(Per::Path), Just(Per::Connection)];
    (0..3u64, prop::option::of(1..6u64), per, prop_oneof![Just(CERTAIN), Just(CERTAIN / 2)])
        .prop_map(|(skip, times, per, chance)| Count {
            skip,
            times,
            chance,
            per,
            ..Count::default()
        })
}

proptest! {
    #[test]
    fn each_key_sees_the_same_verdicts_however_keys_interleave(
        count in counts(),
        seed in any::<u64>(),
        order in prop::collection::vec(0..4usize, 1..80),
    ) {
        let per = Count { per: Per::Path, ..count };
        let paths: [&[u8]; 4] = [b"/a", b"/b", b"/c", b"/d"];
        let fresh = || Engine::new(vec![rule(Operation::Download, per.clone(), Action::default())], seed);
        let engine = fresh();
        let mut mixed: HashMap<usize, Vec<Option<usize>>> = HashMap::new();
        for index in &order {
            let verdict = engine.decide(&on_path(Operation::Download, paths[*index]));
            mixed.entry(*index).or_default().push(verdict.rule);
        }
        for (index, verdicts) in mixed {
            let alone = fresh();
            let expected: Vec<_> = verdicts
                .iter()
                .map(|_| alone.decide(&on_path(Operation::Download, paths[index])).rule)
                .collect();
            prop_assert_eq!(verdicts, expected);
        }
    }

    #[test]
    fn a_spent_rule_steps_aside_for_good(count in counts(), events in 1..60usize) {
        let engine = Engine::new(vec![rule(Operation::Download, count.clone(), Action::default())], 7);
        let acted = acts(&engine, events).iter().flatten().count() as u64;
        prop_assert!(count.times.is_none_or(|times| acted <= times));
        if count.chance == CERTAIN {
            let due = (events as u64).saturating_sub(count.skip);
            prop_assert_eq!(acted, count.times.map_or(due, |times| due.min(times)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn totals_hold_under_64_callers_at_once(
        most in 1..200u64,
        limit in 1..40u64,
        rounds in 1..12usize,
    ) {
        let count = times(most);
        let open = Count { limit: Some(Limit::Count(limit)), ..Count::default() };
        let engine = Engine::new(
            vec![
                rule(Operation::Download, count, Action::default()),
                rule(Operation::Connect, open, Action::default()),
            ],
            3,
        );
        let (acted, passed) = thread::scope(|scope| {
            let callers: Vec<_> = (0..64)
                .map(|_| scope.spawn(|| {
                    let acted = acts(&engine, rounds).iter().flatten().count() as u64;
                    let connect = engine.decide(&event(Operation::Connect));
                    (acted, u64::from(connect.rule.is_none()))
                }))
                .collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).fold((0, 0), |sum, one| {
                (sum.0 + one.0, sum.1 + one.1)
            })
        });
        prop_assert_eq!(acted, most.min(64 * rounds as u64));
        prop_assert_eq!(passed, limit.min(64));
    }
}
