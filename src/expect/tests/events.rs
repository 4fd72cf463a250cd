//! Expectations about events, key by key: met, and unmet with all that is said of it.

use insta::assert_snapshot;

use super::deed::{appe, deed, stor};
use super::report;
use crate::engine::{Order, Protocol, Target, Tls};

#[test]
fn something_is_to_happen() {
    let scenario = "expect: [{when: upload}]";
    assert_snapshot!(report(scenario, [stor("/a")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [deed("PWD"), deed("PWD"), deed("login")]), @r"
    unmet: expectation 1 at s.yaml:1: it never happened
      expected {when: upload}
      nearest  what happened was PWD (2) and login

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, []), @r"
    unmet: expectation 1 at s.yaml:1: it never happened
      expected {when: upload}
      nearest  nothing happened at all

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn something_is_to_happen_so_often() {
    let scenario = "expect: [{when: upload, times: 1-2}]";
    assert_snapshot!(report(scenario, [stor("/a"), stor("/b")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [stor("/a"), stor("/b"), stor("/c").lasting(1500, 1600)]), @r"
    unmet: expectation 1 at s.yaml:1: it happened 3 times
      expected {when: upload, times: 1-2}
             3    1.500s #1 ftp STOR /c

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn something_is_never_to_happen() {
    let scenario = "expect: [{when: PASS, tls: none, times: 0}]";
    let safe = deed("login").wire("PASS").over_tls(Tls::New);
    let clear = deed("login").wire("PASS").saying("***").answered("230 Login successful.");
    assert_snapshot!(report(scenario, [safe.clone()]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [safe, clear]), @r"
    unmet: expectation 1 at s.yaml:1: it happened once
      expected {when: PASS, tls: none, times: 0}
             2    0.000s #1 ftp PASS *** → 230 Login successful.

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn each_path_counts_by_itself() {
    let scenario = "expect: [{when: upload, per: path, outcome: ok, times: 1}]";
    let cut = || stor("/in/a.csv").hit().answered("426 Cut");
    assert_snapshot!(report(scenario, [cut(), stor("/in/a.csv"), stor("/in/b.csv")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [cut(), cut(), stor("/in/b.csv")]), @r"
    unmet: expectation 1 at s.yaml:1: it never happened for /in/a.csv
      expected {when: upload, per: path, outcome: ok, times: 1}
      nearest  the event matched 2 times, but the outcome was failed, not ok
             1    0.000s #1 ftp STOR /in/a.csv → 426 Cut  ← a rule
             2    0.000s #1 ftp STOR /in/a.csv → 426 Cut  ← a rule

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [deed("PWD")]), @r"
    unmet: expectation 1 at s.yaml:1: it never happened
      expected {when: upload, per: path, outcome: ok, times: 1}
      nearest  what happened was PWD

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn each_connection_counts_by_itself() {
    let scenario = "expect: [{when: QUIT, per: connection}]";
    let whole = |number| [deed("connect").on(number), deed("QUIT").on(number)];
    assert_snapshot!(report(scenario, [whole(1), whole(2)].concat()), @r"
    pass: 1 of 1 expectations met
    ");
    let rude = |number| [deed("connect").on(number), deed("PWD").on(number)];
    let all = [whole(1), rude(2), rude(3), rude(4), rude(5), rude(6)].concat();
    assert_snapshot!(report(scenario, all), @r"
    unmet: expectation 1 at s.yaml:1: it never happened for connection 2, connection 3, connection 4 and 2 more
      expected {when: QUIT, per: connection}
      nearest  what happened was PWD and connect

    fail: 0 of 1 expectations met
    ");
    // SFTP has no QUIT that could be missing.
    let elsewhere = [deed("connect").on(2).over(Protocol::Sftp)];
    assert_snapshot!(report(scenario, whole(1).into_iter().chain(elsewhere)), @r"
    pass: 1 of 1 expectations met
    ");
}

#[test]
fn each_user_counts_by_itself() {
    let scenario = "expect: [{when: download, per: user, times: 1+}]";
    let of = |user: &str| deed("download").by(user).at_path("/hello.txt");
    assert_snapshot!(report(scenario, [of("ann"), of("bob")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [of("ann"), deed("PWD").by("bob")]), @r"
    unmet: expectation 1 at s.yaml:1: it never happened for user bob
      expected {when: download, per: user, times: 1+}
      nearest  what happened was PWD

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn each_address_counts_by_itself() {
    let scenario = "expect: [{when: login, per: address, times: 1}]";
    assert_snapshot!(report(scenario, [deed("login"), deed("login").lasting(1, 2)]), @r"
    unmet: expectation 1 at s.yaml:1: it happened 2 times for client 127.0.0.1
      expected {when: login, per: address, times: 1}
             2    0.001s #1 ftp login

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn who_was_cut_off_owes_no_farewell() {
    let scenario = "rules: [{when: upload, times: 1, then: reset}]
expect: [{when: QUIT, per: connection}]";
    let first = [deed("connect"), stor("/a").hit()];
    let second = [deed("connect").on(2), stor("/a").on(2), deed("QUIT").on(2)];
    assert_snapshot!(report(scenario, first.into_iter().chain(second)), @r"
    pass: 1 of 1 expectations met, 1 of 1 rules fired as they should
    ");
}

#[test]
fn retries_are_to_be_apart() {
    let scenario = "expect: [{when: upload, per: path, times: 1-4, gap: 1s+}]";
    let patient = [stor("/a").lasting(0, 400), stor("/a").lasting(1400, 1500)];
    assert_snapshot!(report(scenario, patient), @r"
    pass: 1 of 1 expectations met
    ");
    let hasty = [
        stor("/a").lasting(0, 400).refused("451 Try again"),
        stor("/b").lasting(100, 200),
        stor("/a").lasting(412, 500),
    ];
    assert_snapshot!(report(scenario, hasty), @r"
    unmet: expectation 1 at s.yaml:1: there were 0.012s between record 1 and record 3 for /a
      expected {when: upload, per: path, times: 1-4, gap: 1s+}
             1    0.000s #1 ftp STOR /a → 451 Try again  ← the client
             3    0.412s #1 ftp STOR /a

    fail: 0 of 1 expectations met
    ");
    let hesitant = "expect: [{when: upload, gap: 0s-2s}]";
    assert_snapshot!(report(hesitant, [stor("/a"), stor("/a").lasting(2500, 2600)]), @r"
    unmet: expectation 1 at s.yaml:1: there were 2.500s between record 1 and record 2
      expected {when: upload, gap: 0s-2s}
             1    0.000s #1 ftp STOR /a
             2    2.500s #1 ftp STOR /a

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn one_thing_is_to_come_after_another() {
    let scenario = "expect: [{when: rename, after: upload, per: connection}]";
    let upload = || stor("/a.part").lasting(100, 300);
    let rename = || deed("rename").wire("RNTO").at_path("/a");
    assert_snapshot!(report(scenario, [upload(), rename().lasting(300, 301)]), @r"
    pass: 1 of 1 expectations met
    ");
    // While the upload still ran, and on another connection.
    let wrong = [rename().lasting(200, 201), upload(), rename().on(2).lasting(400, 401)];
    assert_snapshot!(report(scenario, wrong), @r"
    unmet: expectation 1 at s.yaml:1: it never happened for connection 1 and connection 2
      expected {when: rename, after: upload, per: connection}
      nearest  everything matched once, but not after `upload`
             1    0.200s #1 ftp RNTO

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn one_thing_is_never_to_come_after_another() {
    let scenario = "expect: [{when: login, after: denied, times: 0}]";
    let refused = || deed("login").wire("PASS").lasting(10, 20).refused("530 Login incorrect.");
    // The refusal is a part of the login.
    assert_snapshot!(report(scenario, [deed("denied").lasting(12, 13), refused()]), @r"
    pass: 1 of 1 expectations met
    ");
    let again = deed("login").wire("PASS").lasting(30, 40).answered("230 Login successful.");
    assert_snapshot!(report(scenario, [deed("denied").lasting(12, 13), refused(), again]), @r"
    unmet: expectation 1 at s.yaml:1: it happened once
      expected {when: login, after: denied, times: 0}
             3    0.030s #1 ftp PASS → 230 Login successful.

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn a_transfer_is_to_be_resumed() {
    let scenario = "expect: [{when: [upload, append], offset: 1B+}]";
    assert_snapshot!(report(scenario, [stor("/a"), stor("/a").beginning_at(4096)]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(scenario, [stor("/a"), stor("/a").lasting(5, 6)]), @r"
    unmet: expectation 1 at s.yaml:1: it never happened
      expected {when: [upload, append], offset: 1B+}
      nearest  the event matched 2 times, but the offset was 0B, not 1B+
             1    0.000s #1 ftp STOR /a
             2    0.005s #1 ftp STOR /a

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn the_nearest_miss_says_what_was_different() {
    let miss = |expectation: &str, deed: super::Deed| {
        let report = report(&format!("expect: [{expectation}]"), [deed]);
        let nearest = report.lines().find(|line| line.starts_with("  nearest"));
        nearest.unwrap_or_default().trim_start_matches("  nearest").trim().to_owned()
    };
    let upload = || appe("/in/a.csv").by("bob").meeting(Target::Missing).saying("a.csv");
    let said = [
        miss("{when: STOR, path: /in/*}", upload()),
        miss("{when: upload, argument: a.csv}", upload()),
        miss("{when: append, path: /out/*}", upload()),
        miss("{when: append, user: [ann, carl]}", upload()),
        miss("{when: append, target: exists}", upload()),
        miss("{when: append, argument: \"*.txt\"}", upload()),
        miss("{when: append, tls: [new, resumed]}", upload()),
        miss("{when: append, protocol: sftp}", upload()),
        miss("{when: append, outcome: failed}", upload()),
        miss("{when: append, path: /out/*, outcome: failed}", upload()),
        miss("{when: append, offset: 1B+}", upload()),
        miss("{when: append, after: login}", upload()),
    ];
    assert_snapshot!(said.join("\n"), @r"
    the path matched once, but the verb was APPE, not STOR
    the argument matched once, but the event was `append`, not `upload`
    the event matched once, but the path was `/in/a.csv`, not `/out/*`
    the event matched once, but the user was `bob`, not `ann` or `carl`
    the event matched once, but the target was missing, not file, empty or directory
    the event matched once, but the argument was `a.csv`, not `*.txt`
    the event matched once, but TLS was none, not new or resumed
    the event matched once, but the protocol was ftp, not sftp
    the event matched once, but the outcome was ok, not failed
    the event matched once, but the path was `/in/a.csv`, not `/out/*`, and the outcome was ok, not failed
    the event matched once, but the offset was not known, not 1B+
    everything matched once, but not after `login`
    ");
}

/// The journal tells of a transfer in SFTP where it began, its longest request, and whether any was out of order.
#[test]
fn the_requests_of_a_transfer_are_expected() {
    let never = |filter: &str| format!("expect: [{{when: upload, {filter}, times: 0}}]");
    let put = || stor("/a").over(Protocol::Sftp).asking(0, 32_768, Order::Sequential);
    for (filter, of) in [
        ("order: random", put().asking(9, 5, Order::Random)),
        ("length: 32769B+", put().asking(32_768, 32_769, Order::Sequential)),
        ("offset: 1B+", put().beginning_at(1)),
    ] {
        let said = report(&never(filter), [put()]);
        assert!(said.starts_with("pass"), "{filter}: {said}");
        let said = report(&never(filter), [of]);
        assert!(said.starts_with("unmet"), "{filter}: {said}");
    }
    let said = report("expect: [{when: upload, order: random}]", [put()]);
    assert!(said.contains("the order was sequential, not random"), "{said}");
}
