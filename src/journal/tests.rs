//! What is kept of an event, and for how long.

use super::*;
use crate::engine::{Event, Operation, Protocol, Target, Tls};

fn event<'a>(argument: &'a [u8], path: &'a [u8]) -> Event<'a> {
    Event {
        operation: Some(Operation::Upload),
        wire: Some("STOR"),
        user: Some("ann"),
        path: Some(path),
        target: Some(Target::EmptyDirectory),
        argument: Some(argument),
        method: Some("password"),
        tls: Some(Tls::Resumed),
        ..Event::of(Protocol::Ftps, 7, [10, 0, 0, 9].into(), Duration::from_millis(5))
    }
}

fn record(journal: &Journal, run: u64, event: &Event<'_>, secrecy: Secrecy) {
    let client = (event.address, 1234).into();
    let happening = Happening::of(event, client, None, secrecy);
    journal.record(run, happening, Outcome::default(), Timestamp::UNIX_EPOCH, Duration::ZERO);
}

#[test]
fn a_record_can_be_seen_again_as_the_event_it_tells_of() {
    let journal = Journal::default();
    let event = event(b"a\xFF\r.csv", b"/in/a\xFF\r.csv");
    record(&journal, 1, &event, Secrecy::Open);
    let records = journal.records();
    assert_eq!(format!("{:?}", records[0].event()), format!("{event:?}"));
}

#[test]
fn what_a_client_sends_is_kept_no_longer_than_a_path_can_be() {
    let journal = Journal::default();
    let long = vec![b'a'; 100_000];
    record(&journal, 1, &event(&long, b"/"), Secrecy::Open);
    let records = journal.records();
    assert_eq!(records[0].event().argument.map(<[u8]>::len), Some(4096));
    let shown = records[0].argument.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(shown.ends_with("… (100000 bytes)"), "{shown}");
}

#[test]
fn a_secret_is_neither_kept_nor_shown() {
    let journal = Journal::default();
    record(&journal, 1, &event(b"swordfish", b"/"), Secrecy::Secret);
    let text = format!("{:?}", journal.records());
    assert!(!text.contains("swordfish") && text.contains("***"), "{text}");
}

#[test]
fn what_came_after_a_record_is_known_as_long_as_it_is_kept() {
    let journal = Journal::default();
    let record = || record(&journal, 1, &event(b"a", b"/a"), Secrecy::Open);
    (0..3).for_each(|_| record());
    let [_, second, third] = &journal.records()[..] else { panic!("three were recorded") };
    let numbers = |last| Some(journal.since(last)?.iter().map(|record| record.sequence).collect());
    assert_eq!((numbers(second), numbers(third)), (Some(vec![3]), Some(vec![])));
    (0..MAX_RECORDS - 1).for_each(|_| record());
    assert_eq!(numbers(second), None);
    assert_eq!(numbers(third).map(|numbers| numbers.len()), Some(MAX_RECORDS - 1));
    journal.reset();
    (0..3).for_each(|_| record());
    assert_eq!(numbers(third), None);
}

#[test]
fn it_is_known_of_each_run_how_much_was_forgotten() {
    let journal = Journal::default();
    for number in 0..MAX_RECORDS + 5 {
        record(&journal, if number < 3 { 1 } else { 2 }, &event(b"a", b"/a"), Secrecy::Open);
    }
    let (first, second) = (journal.told(1), journal.told(2));
    assert_eq!((first.records.len(), first.dropped), (0, 3));
    assert_eq!((second.records.len(), second.dropped), (MAX_RECORDS, 2));
    journal.reset();
    assert_eq!(journal.told(2).dropped, 0);
}
