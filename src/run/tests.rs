//! What a run judges: its own part of the journal, since its last reset.

use super::*;
use crate::engine::{Event, Operation, Protocol, When};
use crate::fault::Held;
use crate::files::{Limits, Tree};
use crate::journal::{Cause, Secrecy, Success};
use crate::scenario::{Source, read};

const SCENARIO: &str = "rules: [{when: upload, reply: 451 Try again}]
expect: [{when: upload, times: 1}, {when: QUIT, per: connection, times: 0}]";

fn parts(journal: &Arc<Journal>) -> Parts {
    let mut checked = read(&Source::inline("s.yaml", SCENARIO)).unwrap();
    let scenario = checked.scenarios.remove(0);
    Parts {
        title: String::new(),
        rules: scenario.rules,
        expectations: scenario.expectations,
        seed: 0,
        files: Files::new(Tree::new(), Limits::default(), now),
        accounts: Accounts::default(),
        network: Network::default(),
        journal: Arc::clone(journal),
        max_hold: Duration::from_secs(60),
        outside: Arc::default(),
    }
}

fn run() -> Arc<Run> {
    Run::begin(parts(&Arc::default()))
}

/// An upload on which its rule has begun to act.
fn begun(run: &Arc<Run>) -> Pending {
    let event = Event::of(Protocol::Ftp, 1, [127, 0, 0, 1].into(), run.elapsed());
    let event = event.operation(Operation::Upload);
    let pending = run.decide(&event, ([127, 0, 0, 1], 9).into(), Secrecy::Open);
    pending.act();
    pending.fail(Cause::Rule, "");
    pending
}

fn upload(run: &Arc<Run>) {
    begun(run).end();
}

/// Whether each expectation and each rule is met.
fn met(run: &Run) -> Vec<bool> {
    let findings = run.verify().findings;
    findings.iter().map(|finding| finding.grade == crate::expect::Grade::Met).collect()
}

#[test]
fn what_is_written_down_is_judged() {
    let run = run();
    assert_eq!(met(&run), [false, true, false]);
    upload(&run);
    assert_eq!(met(&run), [true, true, true]);
    upload(&run);
    assert_eq!(met(&run), [false, true, true]);
}

#[test]
fn a_reset_begins_anew_and_what_was_under_way_then_is_not_judged() {
    let run = run();
    upload(&run);
    let before = begun(&run);
    assert_eq!(met(&run), [false, true, true], "what is under way is judged");
    run.reset();
    assert_eq!(met(&run), [false, true, false]);
    before.end();
    assert_eq!(met(&run), [false, true, false]);
    upload(&run);
    assert_eq!(met(&run), [true, true, true]);
}

#[test]
fn another_scenario_judges_only_what_happens_in_it() {
    let journal = Arc::default();
    let first = Run::begin(parts(&journal));
    upload(&first);
    let second = first.succeed(parts(&journal));
    assert_eq!(met(&second), [false, true, false]);
    // A session of the first goes on.
    upload(&first);
    assert_eq!(met(&second), [false, true, false]);
    upload(&second);
    assert_eq!((met(&first), met(&second)), (vec![false, true, true], vec![true, true, true]));
    assert_eq!(journal.records().len(), 3);
}

#[test]
fn what_is_under_way_is_seen_as_it_is() {
    let run = run();
    let pending = begun(&run);
    let [record] = &run.told().records[..] else { panic!("one is under way") };
    assert_eq!((record.sequence, record.ended), (0, None));
    assert_eq!(record.outcome.success, Success::Failed);
    assert!(record.outcome.fired && record.outcome.acted.is_some());
    pending.end();
    let [record] = &run.told().records[..] else { panic!("it is there once") };
    assert!(record.ended.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_hold_is_seen_while_it_lasts_and_told_when_its_client_left() {
    let run = run();
    let pending = begun(&run);
    let holding = {
        let event = pending.handle();
        let gone = tokio::time::sleep(Duration::from_secs(2));
        tokio::spawn(async move { event.hold(Wait::Stall, gone).await })
    };
    tokio::task::yield_now().await;
    let detail = run.told().records[0].outcome.detail.clone().unwrap_or_default();
    assert!(detail.starts_with("still held"), "{detail}");
    assert_eq!(holding.await.unwrap(), Held::Left);
    pending.end();
    let detail = run.told().records[0].outcome.detail.clone().unwrap_or_default();
    assert_eq!(detail, "the client left while it was held");
}

#[tokio::test]
async fn a_hold_within_another_one_is_part_of_it() {
    let run = run();
    let pending = begun(&run);
    let outer = async {
        pending.hold(Wait::For(Duration::from_millis(20)), std::future::pending()).await;
        pending.hold(Wait::Pace(Duration::from_millis(1)), std::future::pending()).await
    };
    let inner = pending.hold(Wait::Pace(Duration::from_millis(5)), std::future::pending());
    assert_eq!(tokio::join!(outer, inner), (Held::Over, Held::Over));
    pending.end();
    let held = run.told().records[0].outcome.held;
    assert!(held >= Duration::from_millis(21), "{held:?}");
}

#[test]
fn dropping_an_event_ends_it() {
    let run = run();
    drop(begun(&run));
    let [record] = &run.told().records[..] else { panic!("it is written down") };
    assert_eq!(record.outcome.cause, Some(Cause::Rule));
}

#[test]
fn a_rule_that_keeps_a_port_shut_fires_once() {
    let run = run();
    run.is_shut_by(0);
    run.is_shut_by(0);
    assert_eq!(met(&run), [false, true, true]);
}

#[tokio::test]
async fn who_waits_counts_what_happens_in_this_run_since_its_last_reset() {
    let run = run();
    let other = run.succeed(parts(&run.journal));
    let mut uploads = Happens::default();
    uploads.pattern.when.push(When::Operation(Operation::Upload));
    upload(&run);
    let doing = async {
        run.reset();
        for run in [&run, &other, &run] {
            upload(run);
            tokio::task::yield_now().await;
        }
    };
    let twice = Range { least: 2, most: Some(2) };
    let waiting = run.wait_for(&uploads, twice, Duration::from_secs(20));
    let ((enough, records), ()) = tokio::join!(waiting, doing);
    let numbers: Vec<u64> = records.iter().map(|record| record.sequence).collect();
    assert_eq!((enough, numbers), (true, vec![1, 3]));
}
