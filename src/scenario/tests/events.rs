//! What an event never carries, opens or stores. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_filter_needs_an_event_that_carries_it() {
    let text = "rules:
  - {when: [upload, connect], user: alice, then: close}
  - {when: login, path: /a, reply: 530 No}
  - {when: connect, argument: x, then: close}
";
    assert_snapshot!(message(text), @r"
    error: `user` filters what `connect` never carries
     --> s.yaml:2:31
      |
    2 |   - {when: [upload, connect], user: alice, then: close}
      |                     -------   ^^^^ this can never match
      |                     |
      |                     nobody has given a name yet

    error: `path` filters what `login` never carries
     --> s.yaml:3:19
      |
    3 |   - {when: login, path: /a, reply: 530 No}
      |            -----  ^^^^ this can never match
      |            |
      |            it is about no path

    error: `argument` filters what `connect` never carries
     --> s.yaml:4:21
      |
    4 |   - {when: connect, argument: x, then: close}
      |            -------  ^^^^^^^^ this can never match
      |            |
      |            it has no argument
    ");
}

#[test]
fn a_count_is_kept_by_what_the_event_carries() {
    let text = "rules:
  - {when: connect, per: user, times: 1, then: close}
  - {when: login, per: path, times: 1, reply: 530 No}
";
    assert_snapshot!(message(text), @r"
    error: `connect` cannot be counted per user
     --> s.yaml:2:26
      |
    2 |   - {when: connect, per: user, times: 1, then: close}
      |            -------       ^^^^ `connect` has no user
      |            |
      |            nobody has given a name yet
      |
      = help: `per: connection`, `per: address` and `per: server` are known to every event

    error: `login` cannot be counted per path
     --> s.yaml:3:24
      |
    3 |   - {when: login, per: path, times: 1, reply: 530 No}
      |            -----       ^^^^ `login` has no path
      |            |
      |            it is about no path
      |
      = help: `per: connection`, `per: address` and `per: server` are known to every event
    ");
}

#[test]
fn a_limit_counts_what_is_opened() {
    let text = "rules:
  - {when: delete, limit: 2, reply: 450 Busy}
  - {when: ALLO, limit: 5, reply: 552 No}
";
    assert_snapshot!(message(text), @r"
    error: `delete` opens nothing that could be counted
     --> s.yaml:2:27
      |
    2 |   - {when: delete, limit: 2, reply: 450 Busy}
      |            ------         ^ a limit counts what is open at once
      |            |
      |            this is over at once
      |
      = help: to let the first n pass, write `skip`; to act n times, `times`

    error: `ALLO` opens nothing that could be counted
     --> s.yaml:3:25
      |
    3 |   - {when: ALLO, limit: 5, reply: 552 No}
      |            ----         ^ a limit counts what is open at once
      |            |
      |            this is over at once
      |
      = help: a limit of bytes has a unit: `limit: 10MiB`
    ");
}

#[test]
fn a_limit_weighs_what_is_stored() {
    let text = "rules:
  - {when: download, limit: 10MiB, reply: 552 No}
  - {when: upload, limit: 10MiB, at: end, reply: 552 No}
  - {when: upload, limit: 10MiB, per: connection, reply: 552 No}
";
    assert_snapshot!(message(text), @r"
    error: `download` stores nothing that could be weighed
     --> s.yaml:2:29
      |
    2 |   - {when: download, limit: 10MiB, reply: 552 No}
      |            --------         ^^^^^ a limit with a unit weighs the bytes stored
      |            |
      |            this brings no bytes
      |
      = help: `upload`, `append` and their verbs store bytes, and `ALLO` announces them

    error: `at` beside a limit of bytes
     --> s.yaml:3:34
      |
    3 |   - {when: upload, limit: 10MiB, at: end, reply: 552 No}
      |                    -----         ^^ the rule acts at the byte that exceeds the limit
      |                    |
      |                    this already says where
      |
      = help: leave `at` out, or replace `limit` by it

    error: stored bytes are known per server, user and path
     --> s.yaml:4:39
      |
    4 |   - {when: upload, limit: 10MiB, per: connection, reply: 552 No}
      |                    -----              ^^^^^^^^^^ who stored them from where is not
      |                    |
      |                    this weighs bytes
    ");
}

#[test]
fn idle_is_a_silence_of_some_length() {
    let text = "rules:
  - {when: idle, reply: 421 Timeout, then: close}
";
    assert_snapshot!(message(text), @r"
    error: `idle` needs a `delay`
     --> s.yaml:2:12
      |
    2 |   - {when: idle, reply: 421 Timeout, then: close}
      |            ^^^^ how long a silence?
      |
      = help: write `delay: 30s` beside it
    ");
}

#[test]
fn a_listener_that_is_shut_hears_nothing() {
    let text = "rules:
  - {when: connect, then: refuse, times: 1, per: address, delay: 1s, reply: 421 No}
  - {when: PWD, then: blackhole}
";
    assert_snapshot!(message(text), @r"
    error: `times` beside `then: refuse` at `connect`
     --> s.yaml:2:35
      |
    2 |   - {when: connect, then: refuse, times: 1, per: address, delay: 1s, reply: 421 No}
      |                           ------  ^^^^^ nobody has connected yet
      |                           |
      |                           the port is shut
      |
      = help: only `protocol`, `state`, `limit` per server and `for`, from the start, are known there

    error: a port is shut for everybody
     --> s.yaml:2:50
      |
    2 |   - {when: connect, then: refuse, times: 1, per: address, delay: 1s, reply: 421 No}
      |                           ------                 ^^^^^^^ only `per: server` is known here
      |                           |
      |                           the port is shut

    error: `delay` beside `then: refuse` at `connect`
     --> s.yaml:2:59
      |
    2 |   - {when: connect, then: refuse, times: 1, per: address, delay: 1s, reply: 421 No}
      |                           ------ the port is shut         ^^^^^ nobody has connected yet
      |
      = help: only `protocol`, `state`, `limit` per server and `for`, from the start, are known there

    error: `reply` beside `then: refuse` at `connect`
     --> s.yaml:2:70
      |
    2 |   - {when: connect, then: refuse, times: 1, per: address, delay: 1s, reply: 421 No}
      |                           ------ the port is shut                    ^^^^^ nobody has connected yet
      |
      = help: only `protocol`, `state`, `limit` per server and `for`, from the start, are known there

    error: `then: blackhole` shuts the listener
     --> s.yaml:3:23
      |
    3 |   - {when: PWD, then: blackhole}
      |            ---        ^^^^^^^^^ only for `connect`, alone
      |            |
      |            this comes after the connection was made
      |
      = help: to end a session write `then: close`, or `then: reset`
    ");
}
