//! Expectations: what is read, and each kind of bad one with the whole message.

use std::time::Duration;

use insta::assert_snapshot;

use super::{message, scenario};
use crate::engine::{Per, Protocol, Range};
use crate::expect::{Happens, StoredKind, What};
use crate::journal::Success;

/// What is said of one expectation.
fn said(expectation: &str) -> String {
    message(&format!("expect:\n  - {expectation}\n"))
}

/// The events that one expectation is about, with how often they are to happen.
fn happens(expectation: &str) -> (Happens, Range<u64>) {
    let mut scenario = scenario(&format!("expect:\n  - {expectation}\n"));
    let expectation = scenario.expectations.remove(0);
    let What::Happens(happens) = expectation.what else { panic!("it is about files") };
    (*happens, expectation.times)
}

#[test]
fn all_that_can_be_said_of_events_is_read() {
    let (happens, times) = happens(
        "{when: [upload, APPE], per: user, after: login, outcome: failed, offset: 1B+, times: 1-4, gap: 1s-1m}",
    );
    assert_eq!(happens.pattern.when.len(), 2);
    assert_eq!((happens.per, happens.after.len()), (Per::User, 1));
    assert_eq!(happens.outcome, Some(Success::Failed));
    assert_eq!(happens.pattern.offset, Some(Range::at_least(1)));
    let gap = Range { least: Duration::from_secs(1), most: Some(Duration::from_secs(60)) };
    assert_eq!(happens.gap, Some(gap));
    assert_eq!(times, Range { least: 1, most: Some(4) });
}

#[test]
fn what_is_not_said_is_at_least_once_and_anywhere() {
    let (happens, times) = happens("{when: upload}");
    assert_eq!(times, Range::at_least(1));
    assert_eq!((happens.per, happens.outcome), (Per::Server, None));
    assert!(happens.pattern.protocols.is_empty());
}

#[test]
fn a_verb_is_expected_only_where_it_exists() {
    let protocols = |expectation: &str| happens(expectation).0.pattern.protocols;
    assert_eq!(protocols("{when: QUIT, per: connection}"), [Protocol::Ftp, Protocol::Ftps]);
    assert_eq!(protocols("{when: SSH_FXP_OPEN}"), [Protocol::Sftp]);
    assert_eq!(protocols("{when: [QUIT, upload]}"), []);
}

#[test]
fn an_expectation_knows_its_place_and_its_words() {
    let text = "expect:
  - when: upload
    per: path
    times: 1-4
  - {stored: /in/*.part, times: 0}
";
    let told: Vec<String> = scenario(text)
        .expectations
        .iter()
        .map(|expectation| format!("{} {}", expectation.origin, expectation.origin.sentence))
        .collect();
    assert_snapshot!(told.join("\n"), @r"
    s.yaml:2 {when: upload, per: path, times: 1-4}
    s.yaml:5 {stored: /in/*.part, times: 0}
    ");
}

#[test]
fn it_is_about_an_event_or_about_files() {
    assert_snapshot!(said("{times: 0}"), @r"
    error: an expectation without `when`
     --> s.yaml:2:5
      |
    2 |   - {times: 0}
      |     ^^^^^^^^^^ what is to happen?
      |
      = help: write `when: upload`, or another event; what is to be there in the end is `stored: /in/*.csv`, and how the command is to end `exit: nonzero`
    ");
    assert_snapshot!(said("{when: upload, stored: /a}"), @r"
    error: `when` beside `stored`
     --> s.yaml:2:6
      |
    2 |   - {when: upload, stored: /a}
      |      ^^^^          ------ this about files that are there in the end
      |      |
      |      this is about an event
      |
      = help: write two expectations
    ");
    assert_snapshot!(said("{when: upload, size: 1B+}"), @r"
    error: `size` without `stored`
     --> s.yaml:2:20
      |
    2 |   - {when: upload, size: 1B+}
      |                    ^^^^ the size and the content of which files?
      |
      = help: write `stored: /in/*.csv` in place of `when`
    ");
}

#[test]
fn what_an_event_never_carries_is_no_filter() {
    assert_snapshot!(said("{when: connect, path: /a}"), @r"
    error: `path` filters what `connect` never carries
     --> s.yaml:2:21
      |
    2 |   - {when: connect, path: /a}
      |            -------  ^^^^ this can never match
      |            |
      |            it is about no path
    ");
    assert_snapshot!(said("{when: login, per: path}"), @r"
    error: `login` cannot be counted per path
     --> s.yaml:2:24
      |
    2 |   - {when: login, per: path}
      |            -----       ^^^^ `login` has no path
      |            |
      |            it is about no path
      |
      = help: `per: connection`, `per: address` and `per: server` are known to every event
    ");
    assert_snapshot!(said("{when: delete, offset: 1B+}"), @r"
    error: `delete` has no offset
     --> s.yaml:2:20
      |
    2 |   - {when: delete, offset: 1B+}
      |            ------  ^^^^^^ this can never match
      |            |
      |            it transfers no file
      |
      = help: `download`, `upload`, `append` and their verbs begin at an offset
    ");
    assert_snapshot!(said("{when: upload, after: login, per: path}"), @r"
    error: `login` has no path
     --> s.yaml:2:27
      |
    2 |   - {when: upload, after: login, per: path}
      |                           ^^^^^       ---- each of these is looked at by itself
      |                           |
      |                           nothing can come after it there
    ");
}

#[test]
fn what_the_journal_does_not_tell_cannot_be_counted() {
    assert_snapshot!(said("{when: idle, times: 0}"), @r"
    error: `idle` cannot be counted
     --> s.yaml:2:12
      |
    2 |   - {when: idle, times: 0}
      |            ^^^^ how long a silence is one, only a rule says
      |
      = help: write a rule `{when: idle, delay: 30s, fires: 0}`: that it never fires
    ");
    assert_snapshot!(said("{when: SSH_FXP_CLOSE}"), @r"
    error: `SSH_FXP_CLOSE` cannot be counted
     --> s.yaml:2:12
      |
    2 |   - {when: SSH_FXP_CLOSE}
      |            ^^^^^^^^^^^^^ the packets of a transfer have one record together
      |
      = help: write `download`, `upload`, `append` or `list`; one that was never closed has `outcome: failed`
    ");
    assert_snapshot!(said("{when: upload, after: SSH_MSG_CHANNEL_EOF}"), @r"
    error: `SSH_MSG_CHANNEL_EOF` cannot be counted
     --> s.yaml:2:27
      |
    2 |   - {when: upload, after: SSH_MSG_CHANNEL_EOF}
      |                           ^^^^^^^^^^^^^^^^^^^ it is written down only where a rule acts on it
    ");
    assert_snapshot!(said("{when: handshake, protocol: [ftps, sftp]}"), @r"
    error: `handshake` cannot be counted
     --> s.yaml:2:12
      |
    2 |   - {when: handshake, protocol: [ftps, sftp]}
      |            ^^^^^^^^^ in SFTP it is written down only where a rule acts on it
    ");
    assert_snapshot!(said("{when: PASS, argument: secret}"), @r"
    error: `argument` of `PASS` is a secret
     --> s.yaml:2:18
      |
    2 |   - {when: PASS, argument: secret}
      |            ----  ^^^^^^^^ the journal does not keep it
      |            |
      |            its argument is written down as `***`
    ");
}

#[test]
fn ranges_have_two_ends_or_a_plus() {
    assert_snapshot!(said("{when: upload, times: 4-1}"), @r"
    error: expected a range of counts such as `3`, `0-4` or `1+`, got `4-1`
     --> s.yaml:2:27
      |
    2 |   - {when: upload, times: 4-1}
      |                           ^^^ it ends before it begins
      |
      = help: write `1-4`
    ");
    assert_snapshot!(said("{when: upload, times: at most 3}"), @r"
    error: expected a range of counts such as `3`, `0-4` or `1+`, got `at most 3`
     --> s.yaml:2:27
      |
    2 |   - {when: upload, times: at most 3}
      |                           ^^^^^^^^^ this is no number
    ");
    assert_snapshot!(said("{when: upload, gap: 1s}"), @r"
    error: expected a range of durations such as `1s-3s` or `1s+`, got `1s`
     --> s.yaml:2:25
      |
    2 |   - {when: upload, gap: 1s}
      |                         ^^ nothing takes exactly so long
      |
      = help: write `1s+` for no less, or `0s-1s` for no more
    ");
    assert_snapshot!(said("{when: upload, offset: 1+}"), @r"
    error: expected a range of sizes such as `64KiB`, `0B-1KiB` or `1B+`, got `1+`
     --> s.yaml:2:28
      |
    2 |   - {when: upload, offset: 1+}
      |                            ^^ a size needs its unit
      |
      = help: write `1B` or `1KiB`
    ");
    assert_snapshot!(said("{stored: /a, sha256: abc}"), @r"
    error: expected 64 hexadecimal digits, got `abc`
     --> s.yaml:2:26
      |
    2 |   - {stored: /a, sha256: abc}
      |                          ^^^ 3 digits of 64
      |
      = help: `sha256sum FILE` prints what to write
    ");
}

#[test]
fn a_path_that_ends_in_a_slash_means_folders() {
    let stored = |expectation: &str| {
        let mut scenario = scenario(&format!("expect: [{expectation}]"));
        let What::Stored(stored) = scenario.expectations.remove(0).what else {
            panic!("it is about files")
        };
        (stored.kind, stored.path.source().to_owned())
    };
    assert_eq!(stored("{stored: /in}"), (StoredKind::FilesAndLinks, "/in".to_owned()));
    assert_eq!(stored("{stored: /in/*/}"), (StoredKind::Folders, "/in/*".to_owned()));
    assert_eq!(stored("{stored: '**/'}"), (StoredKind::Folders, "**".to_owned()));
    assert_snapshot!(said("{stored: /in/, size: 1B+}"), @r"
    error: `size` of a folder
     --> s.yaml:2:20
      |
    2 |   - {stored: /in/, size: 1B+}
      |              ----  ^^^^ only files have it
      |              |
      |              a path that ends in `/` is a folder's
      |
      = help: leave the `/` out for a file
    ");
    assert_snapshot!(said("{stored: /}"), @r"
    error: expected a path or a glob of it, got `/`
     --> s.yaml:2:14
      |
    2 |   - {stored: /}
      |              ^ the root is always there
      |
      = help: name a folder in it, such as `/in/`, or a file, such as `/in/*.csv`
    ");
}

#[test]
fn an_exit_stands_alone_and_once() {
    assert_snapshot!(said("{exit: nonzero, when: login}"), @r"
    error: `when` beside `exit`
     --> s.yaml:2:21
      |
    2 |   - {exit: nonzero, when: login}
      |      ----           ^^^^ this is about an event
      |      |
      |      this is about the command that `badftp run` starts
      |
      = help: write two expectations
    ");
    assert_snapshot!(said("{exit: 19, times: 1}"), @r"
    error: `times` beside `exit`
     --> s.yaml:2:16
      |
    2 |   - {exit: 19, times: 1}
      |      ----      ^^^^^ it ends once
      |      |
      |      this is about the command that `badftp run` starts
      |
      = help: leave `times` out
    ");
    for key in ["gap: 1s+", "per: user", "user: ann", "stored: /a", "size: 1B", "outcome: ok"] {
        let said = said(&format!("{{exit: 1-5, {key}}}"));
        let name = key.split(':').next().unwrap();
        assert!(said.starts_with(&format!("error: `{name}` beside `exit`\n")), "{said}");
    }
    assert_snapshot!(message("expect: [{exit: 0}, {when: login}, {exit: 19}]\n"), @r"
    error: two expectations of `exit`
     --> s.yaml:1:37
      |
    1 | expect: [{exit: 0}, {when: login}, {exit: 19}]
      |           ---- first given here     ^^^^ the command ends once
      |
      = help: keep one of the two; several codes are a range, `exit: 1-5`
    ");
}

#[test]
fn an_exit_is_a_word_or_codes() {
    assert_snapshot!(said("{exit: zero}"), @r"
    error: expected `nonzero`, an exit code such as `19`, or a range of them such as `1-5`, got `zero`
     --> s.yaml:2:12
      |
    2 |   - {exit: zero}
      |            ^^^^ this is no number
      |
      = help: write `nonzero`, or a code such as `19`
    ");
    assert_snapshot!(said("{exit: 124}"), @r"
    error: expected `nonzero`, an exit code such as `19`, or a range of them such as `1-5`, got `124`
     --> s.yaml:2:12
      |
    2 |   - {exit: 124}
      |            ^^^ this is a command whose time was over
      |
      = help: `run` keeps the codes 124, 126 and 127, and they meet no expectation: write `nonzero`, or another code
    ");
}

#[test]
fn a_gap_is_between_two() {
    assert_snapshot!(said("{when: upload, times: 0-1, gap: 1s+}"), @r"
    warning: `gap` has no effect
     --> s.yaml:2:32
      |
    2 |   - {when: upload, times: 0-1, gap: 1s+}
      |                           ---  ^^^ it is between two of them
      |                           |
      |                           and there may be no two
    ");
}

#[test]
fn a_key_of_rules_is_none_of_expectations() {
    assert_snapshot!(said("{when: upload, state: full, reply: 425}"), @r"
    error: unknown key `state` in an expectation
     --> s.yaml:2:20
      |
    2 |   - {when: upload, state: full, reply: 425}
      |                    ^^^^^ not a word of the language
      |
      = help: the keys here are when, protocol, user, path, argument, target, method, tls, flags, offset, length, order, attributes, outcome, parting, after, stored, size, sha256, exit, per, times, gap

    error: unknown key `reply` in an expectation
     --> s.yaml:2:33
      |
    2 |   - {when: upload, state: full, reply: 425}
      |                                 ^^^^^ not a word of the language
      |
      = help: the keys here are when, protocol, user, path, argument, target, method, tls, flags, offset, length, order, attributes, outcome, parting, after, stored, size, sha256, exit, per, times, gap
    ");
    assert_snapshot!(message("expect: {when: upload}\n"), @r"
    error: expected `expect` as a list, got a map
     --> s.yaml:1:9
      |
    1 | expect: {when: upload}
      |         ^^^^^^^^^^^^^^ each expectation begins with `- `
    ");
}

#[test]
fn a_rule_may_stay_unused_if_it_says_so() {
    let fires = |rule: &str| scenario(&format!("rules: [{rule}]")).rules[0].count.fires;
    assert_eq!(fires("{when: upload, reply: 451 No}"), Range::at_least(1));
    assert_eq!(fires("{when: upload, fires: 0+, reply: 451 No}"), Range::at_least(0));
    assert_eq!(fires("{when: upload, fires: 2, reply: 451 No}"), Range::exactly(2));
}

#[test]
fn only_an_upload_has_a_parting() {
    let text = "expect:
  - {when: list, parting: torn}
  - {when: [upload, APPE], parting: torn, times: 0}
";
    assert_snapshot!(message(text), @r"
    error: `list` has no parting
     --> s.yaml:2:18
      |
    2 |   - {when: list, parting: torn}
      |            ----  ^^^^^^^ this can never match
      |            |
      |            the client does not end its data connection
      |
      = help: write `upload` or `append`, or one of their verbs
    ");
}
