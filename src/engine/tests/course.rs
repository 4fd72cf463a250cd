//! The language's rules 12 to 18, as a table: a rule, what is asked for and what came of it by nature, and the steps that
//! follow.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::engine::{
    DataFate, Engine, Event, Natural, Operation, Own, Protocol, Say, Task, Verdict,
};
use crate::scenario::{Source, read};

use Natural::{Done, Failed, NotDone, Reached, Supplied};
use Task::{Answer, Down, Port, Up};

/// What comes before: the delay, whether it is performed, and where it stops.
fn plan(verdict: &Verdict, task: Task) -> String {
    let plan = verdict.plan(task);
    let mut words = Vec::new();
    if !plan.delay.is_zero() {
        words.push(format!("hold {:?}", plan.delay));
    }
    words.push(if plan.perform { "perform" } else { "instead" }.to_owned());
    if let Some(stop) = plan.stop {
        words.push(format!("stop {stop:?}"));
    }
    words.join(", ")
}

/// The steps at the rule's point.
fn steps(verdict: &Verdict, task: Task, natural: Natural) -> String {
    let course = verdict.course(task, natural);
    if !course.acts {
        return "nature".to_owned();
    }
    let mut words = Vec::new();
    if !course.delay.is_zero() {
        words.push(format!("hold {:?}", course.delay));
    }
    match course.data {
        DataFate::Finishes => {}
        DataFate::GoesOn => words.push("data goes on".to_owned()),
        DataFate::Ends(ending) => words.push(format!("data {}", ending.word())),
    }
    if let Some(keep) = course.keep {
        words.push(format!("keep {keep:?}"));
    }
    words.push(match course.say {
        Say::Natural => "say nature's".to_owned(),
        Say::Own(Own::Exactly(_)) => "say bytes".to_owned(),
        Say::Own(_) | Say::Stand(_) => "say own".to_owned(),
        Say::Cut(size, None) => format!("say {size} bytes"),
        Say::Cut(size, Some(_)) => format!("say {size} bytes, own"),
        Say::Nothing => "say nothing".to_owned(),
    });
    words.extend(course.then.map(|ending| format!("then {}", ending.word())));
    if course.fails {
        words.push("fails".to_owned());
    }
    words.join(", ")
}

/// The verdict of a rule on the operation that its `when` names.
fn verdict(rule: &str, protocol: Protocol) -> Verdict {
    let mut checked = read(&Source::inline("rule", &format!("rules: [{rule}]"))).unwrap();
    let rules = checked.scenarios.remove(0).rules;
    let word = rules[0].pattern.when[0].to_string();
    let engine = Engine::new(rules, 0);
    let event = Event::of(protocol, 1, Ipv4Addr::LOCALHOST.into(), Duration::ZERO);
    let operation = match word.as_str() {
        "RETR" => Some(Operation::Download),
        "any" => Some(Operation::Delete),
        word => Operation::from_word(word),
    };
    let event = Event { operation, ..event.wire(&word) };
    let verdict = engine.decide(&event);
    assert_eq!(verdict.rule, Some(0), "{rule}");
    verdict
}

/// Rules, each with its task; the plan; and the steps after each of these outcomes.
type Row = (&'static str, Task, &'static str, &'static [(Natural, &'static str)]);

const FTP: &[Row] = &[
    // A rule that only slows lets the operation be done.
    (
        "{when: delete, delay: 2s}",
        Answer,
        "hold 2s, perform",
        &[
            (Done(9), "say nature's"),
            // It has waited, whatever came of it.
            (Failed, "say nature's"),
        ],
    ),
    (
        "{when: download, rate: 1KiB/s}",
        Down,
        "perform",
        &[(Done(9), "say nature's"), (Failed, "nature")],
    ),
    // In the operation's place.
    (
        "{when: delete, reply: 550 No}",
        Answer,
        "instead",
        &[(NotDone, "data close, say own, fails")],
    ),
    (
        "{when: delete, delay: 1s, reply: none}",
        Answer,
        "hold 1s, instead",
        &[(NotDone, "data close, say nothing, fails")],
    ),
    ("{when: upload, reply: 552 Full}", Up, "instead", &[(NotDone, "data close, say own, fails")]),
    (
        "{when: upload, keep: lost, reply: 552 Full}",
        Up,
        "instead",
        &[(NotDone, "data close, keep Lost, say own, fails")],
    ),
    ("{when: upload, data: reset}", Up, "instead", &[(NotDone, "data reset, say nature's, fails")]),
    (
        "{when: download, data: stall}",
        Down,
        "instead",
        &[(NotDone, "data stall, say nothing, fails")],
    ),
    (
        "{when: delete, then: close}",
        Answer,
        "instead",
        &[(NotDone, "data close, say nothing, then close, fails")],
    ),
    (
        "{when: delete, reply: 421 Bye, then: close}",
        Answer,
        "instead",
        &[(NotDone, "data close, say own, then close, fails")],
    ),
    // A success in other words is told when it is one.
    ("{when: USER, reply: 331 Hi}", Answer, "perform", &[(Done(9), "say own"), (Failed, "nature")]),
    (
        "{when: login, reply: 230 Welcome}",
        Answer,
        "perform",
        &[(Done(9), "say own"), (Failed, "nature")],
    ),
    (
        "{when: connect, reply: ['120 Wait', 5s, '220 Hi']}",
        Answer,
        "perform",
        &[(Done(9), "say own")],
    ),
    (
        "{when: upload, reply: 226 Thanks}",
        Up,
        "perform",
        &[(Done(9), "say own"), (Failed, "nature")],
    ),
    (
        "{when: delete, delay: 1s, reply: 250 Gone}",
        Answer,
        "perform",
        &[(Done(9), "hold 1s, say own"), (Failed, "nature")],
    ),
    (
        "{when: upload, keep: none, reply: 226 Thanks}",
        Up,
        "perform",
        &[(Done(9), "keep None, say own, fails")],
    ),
    // The lie is written.
    (
        "{when: delete, at: start, reply: 250 Gone}",
        Answer,
        "instead",
        &[(NotDone, "data close, say own, fails")],
    ),
    (
        "{when: upload, data: close, reply: 226 Thanks}",
        Up,
        "instead",
        &[(NotDone, "data close, say own, fails")],
    ),
    // A preliminary reply stands in for the transfer's own.
    (
        "{when: download, reply: 125 Go}",
        Down,
        "perform",
        &[(Done(9), "say nature's"), (Failed, "nature")],
    ),
    ("{when: download, reply: ['125 Go', '250 There']}", Down, "perform", &[(Done(9), "say own")]),
    // At the end.
    (
        "{when: upload, at: end, reply: 451 No}",
        Up,
        "perform",
        &[(Done(9), "say own"), (Failed, "nature")],
    ),
    (
        "{when: upload, at: end, data: stall, reply: 226 Done}",
        Up,
        "perform",
        &[(Done(9), "data stall, say own")],
    ),
    (
        "{when: rename, at: end, then: reset}",
        Answer,
        "perform",
        &[(Done(9), "say nothing, then reset, fails")],
    ),
    (
        "{when: delete, at: end, delay: 3s}",
        Answer,
        "perform",
        &[(Done(9), "hold 3s, say nature's")],
    ),
    ("{when: upload, keep: none}", Up, "perform", &[(Done(9), "keep None, say nature's, fails")]),
    // Part way.
    (
        "{when: download, at: 10B, delay: 1s}",
        Down,
        "perform, stop Bytes(10)",
        &[(Reached, "hold 1s, data goes on, say nature's"), (Done(9), "nature")],
    ),
    (
        "{when: download, at: 10B, reply: 426 No}",
        Down,
        "perform, stop Bytes(10)",
        &[(Reached, "data close, say own, fails")],
    ),
    (
        "{when: download, at: 10B, data: reset}",
        Down,
        "perform, stop Bytes(10)",
        &[(Reached, "data reset, say nature's, fails")],
    ),
    (
        "{when: download, at: 0B, data: flow, reply: 226 Done}",
        Down,
        "perform, stop Bytes(0)",
        &[(Reached, "data goes on, say own")],
    ),
    (
        "{when: upload, at: 10B, then: close}",
        Up,
        "perform, stop Bytes(10)",
        &[(Reached, "data close, say nothing, then close, fails")],
    ),
    (
        "{when: upload, limit: 10B, reply: 552 Full}",
        Up,
        "perform, stop Beyond(10)",
        &[(Reached, "data close, say own, fails"), (Done(9), "nature")],
    ),
    (
        "{when: PWD, at: 4B, then: close}",
        Answer,
        "perform",
        &[(Done(9), "say 4 bytes, then close, fails"), (Done(4), "nature")],
    ),
    // Ports.
    ("{when: passive, data: refuse}", Port, "perform", &[(Done(9), "say nature's, fails")]),
    ("{when: passive, reply: 425 No}", Port, "instead", &[(NotDone, "data close, say own, fails")]),
    // What is sent in the place of a listing is its content.
    ("{when: list, send: odd}", Down, "perform", &[(Done(9), "say nature's, fails")]),
    ("{when: list, send: odd, reply: 226 Done}", Down, "perform", &[(Done(9), "say own, fails")]),
    ("{when: NOOP, send: odd}", Answer, "instead", &[(NotDone, "data close, say bytes, fails")]),
    // Where it acts is where its bytes go out, and then its reply.
    (
        "{when: download, at: 3B, send: odd, reply: 226 Done}",
        Down,
        "perform, stop Bytes(3)",
        &[(Supplied, "say own, fails"), (Done(9), "nature"), (Failed, "nature")],
    ),
    ("{when: list, at: end, send: odd}", Down, "perform", &[(Supplied, "say nature's, fails")]),
    (
        "{when: list, send: odd, data: reset, reply: 426 No}",
        Down,
        "perform",
        &[(Done(9), "data reset, say own, fails"), (Failed, "nature")],
    ),
    (
        "{when: list, send: odd, reply: none, then: close}",
        Down,
        "perform",
        &[(Done(9), "say nothing, then close, fails")],
    ),
    (
        "{when: list, send: odd, reply: [125 Open, 250 Done]}",
        Down,
        "perform",
        &[(Done(9), "say own, fails")],
    ),
    ("{when: list, send: <answer>}", Down, "perform", &[(Done(9), "say nature's, fails")]),
    // What has failed by nature, in other words.
    (
        "{when: delete, at: failure, delay: 1s, reply: 450 No}",
        Answer,
        "perform",
        &[(Done(9), "nature"), (Failed, "hold 1s, say own")],
    ),
    (
        "{when: upload, at: failure, then: close}",
        Up,
        "perform",
        &[(Done(9), "nature"), (Failed, "say nothing, then close, fails")],
    ),
];

const SFTP: &[Row] = &[
    ("{when: upload, delay: 2s}", Up, "hold 2s, perform", &[(Done(9), "say nature's")]),
    (
        "{when: delete, status: 4 No}",
        Answer,
        "instead",
        &[(NotDone, "data goes on, say own, fails")],
    ),
    (
        "{when: delete, status: 0 Fine}",
        Answer,
        "perform",
        &[(Done(9), "say own"), (Failed, "nature")],
    ),
    (
        "{when: delete, at: start, status: 0 Fine}",
        Answer,
        "instead",
        &[(NotDone, "data goes on, say own, fails")],
    ),
    (
        "{when: delete, status: none}",
        Answer,
        "instead",
        &[(NotDone, "data goes on, say nothing, fails")],
    ),
    // The data connection is the channel, through which the answer would go.
    (
        "{when: upload, at: end, data: cut}",
        Up,
        "perform",
        &[(Done(9), "data cut, say nothing, fails")],
    ),
    (
        "{when: download, at: 10B, then: stall}",
        Down,
        "perform, stop Bytes(10)",
        &[(Reached, "data goes on, say nothing, then stall, fails")],
    ),
    (
        "{when: upload, at: 10B, status: 4 No}",
        Up,
        "perform, stop Bytes(10)",
        &[(Reached, "data goes on, say own")],
    ),
    ("{when: upload, keep: none}", Up, "perform", &[(Done(9), "keep None, say nature's, fails")]),
];

#[test]
fn each_rule_has_its_course() {
    for (rows, protocol) in [(FTP, Protocol::Ftp), (SFTP, Protocol::Sftp)] {
        for (rule, task, expected, outcomes) in rows {
            let verdict = verdict(rule, protocol);
            assert_eq!(plan(&verdict, *task), *expected, "the plan of {rule}");
            for (natural, expected) in *outcomes {
                assert_eq!(steps(&verdict, *task, *natural), *expected, "{rule} after {natural:?}");
            }
        }
    }
}
