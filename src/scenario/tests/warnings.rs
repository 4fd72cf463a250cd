//! Scenarios that can be run, and hardly do what was meant. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_rule_that_never_acts() {
    let text = "rules:
  - {when: PWD, times: 0, reply: 550 No}
  - {when: CWD, chance: 0%, reply: 550 No}
  - {when: MKD, for: 0s, reply: 550 No}
  - {when: RMD, times: 1, for: 5s, reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    warning: this rule can never act
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, times: 0, reply: 550 No}
      |                        ^ no times at all
      |
      = help: leave the rule out, or give it at least `times: 1`

    warning: this rule can never act
     --> s.yaml:3:25
      |
    3 |   - {when: CWD, chance: 0%, reply: 550 No}
      |                         ^^ no chance at all

    warning: this rule acts at most once
     --> s.yaml:4:22
      |
    4 |   - {when: MKD, for: 0s, reply: 550 No}
      |                      ^^ it is over as soon as it has begun
      |
      = help: write `times: 1`

    warning: `for` has no effect
     --> s.yaml:5:27
      |
    5 |   - {when: RMD, times: 1, for: 5s, reply: 550 No}
      |                 -----     ^^^ it runs from the first act
      |                 |
      |                 which is the only one
    ");
}

#[test]
fn a_rule_behind_one_that_always_acts() {
    let text = "rules:
  - {when: upload, reply: 550 No}
  - {when: STOR, path: /a, reply: 553 No}
  - {when: any, path: /a, times: 1, reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    warning: this rule can never act
     --> s.yaml:3:12
      |
    2 |   - {when: upload, reply: 550 No}
      |            ------ this one always does
    3 |   - {when: STOR, path: /a, reply: 553 No}
      |            ^^^^ the first rule that matches wins
      |
      = help: put the narrower rule first, or give the first one its `times`
    ");
}

#[test]
fn a_rule_that_does_nothing() {
    let text = "rules:
  - {when: upload, path: /ok/*}
  - {when: upload, times: 3}
";
    assert_snapshot!(message(text), @r"
    warning: this rule does nothing
     --> s.yaml:3:12
      |
    3 |   - {when: upload, times: 3}
      |            ^^^^^^ what happens then?
      |
      = help: an answer is written `reply`, an end of the session `then`, one of the data connection `data`
    ");
}

#[test]
fn a_state_that_nobody_enters() {
    let text = "rules:
  - {when: PRET, goto: pret, reply: 200 Ok}
  - {when: passive, state: prte, reply: 503 No}
";
    assert_snapshot!(message(text), @r"
    warning: this rule never sees the state `prte`
     --> s.yaml:3:28
      |
    3 |   - {when: passive, state: prte, reply: 503 No}
      |                            ^^^^ no rule enters it by `goto`
      |
      = help: did you mean `pret`?
    ");
}

#[test]
fn a_state_that_is_entered_elsewhere() {
    let text = "rules:
  - {when: PRET, per: connection, goto: pret, reply: 200 Ok}
  - {when: passive, state: pret, reply: 503 No}
";
    assert_snapshot!(message(text), @r"
    warning: this rule never sees the state `pret`
     --> s.yaml:3:28
      |
    2 |   - {when: PRET, per: connection, goto: pret, reply: 200 Ok}
      |                                         ---- entered per connection
    3 |   - {when: passive, state: pret, reply: 503 No}
      |                            ^^^^ this rule looks per server
      |
      = help: write `per: connection` here, too
    ");
}

#[test]
fn a_state_that_nobody_asks_for() {
    let text = "rules:
  - {when: PRET, goto: pret, reply: 200 Ok}
";
    assert_snapshot!(message(text), @r"
    warning: no rule looks at states per server
     --> s.yaml:2:24
      |
    2 |   - {when: PRET, goto: pret, reply: 200 Ok}
      |                        ^^^^ entering it changes nothing
      |
      = help: a rule asks for a state by `state`, with the same `per`
    ");
}

#[test]
fn a_hold_that_is_longer_than_the_cap() {
    let text = "rules:
  - {when: PWD, delay: 90s}
  - {when: idle, delay: 5m, then: close}
  - {when: CWD, reply: ['250-a', 2m, '250 b']}
";
    assert_snapshot!(message(text), @r"
    warning: this hold is longer than the server's cap
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, delay: 90s}
      |                        ^^^ the session ends after 60 s
      |
      = help: start the server with a longer `--max-hold`, or hold no longer than 60s

    warning: this hold is longer than the server's cap
     --> s.yaml:4:24
      |
    4 |   - {when: CWD, reply: ['250-a', 2m, '250 b']}
      |                        ^^^^^^^^^^^^^^^^^^^^^^ the session ends after 60 s
      |
      = help: start the server with a longer `--max-hold`, or hold no longer than 60s
    ");
}

#[test]
fn a_success_that_is_told_when_there_is_one() {
    let text = "rules:
  - {when: PROT, reply: 200 Fine}
  - {when: USER, reply: 331 Hi}
  - {when: upload, reply: 226 Thanks, status: 0 Thanks}
  - {when: download, at: end, reply: 226 There}
";
    assert_snapshot!(message(text), @r"
    warning: `PROT` is carried out before this is said
     --> s.yaml:2:25
      |
    2 |   - {when: PROT, reply: 200 Fine}
      |            ----         ^^^^^^^^ said only if it succeeds
      |            |
      |            this is done as usual
      |
      = help: write `at: end` if that is meant, or `at: start` to say it at once and do nothing

    warning: `upload` is carried out before this is said
     --> s.yaml:4:27
      |
    4 |   - {when: upload, reply: 226 Thanks, status: 0 Thanks}
      |            ------         ^^^^^^^^^^ said only if it succeeds
      |            |
      |            this is done as usual
      |
      = help: write `at: end` if that is meant, or `at: start` to say it at once and do nothing
    ");
}

#[test]
fn any_verb_can_be_named_and_a_slip_is_told() {
    let text = "rules:
  - {when: [FAIL, RCMD, ADDM, XSHA512-256], reply: 500 No}
  - {when: RTER, reply: 550 No}
expect:
  - {when: ADDM, after: LIS, times: 0}
";
    assert_snapshot!(message(text), @r"
    warning: badftp has no verb `RCMD`
     --> s.yaml:2:19
      |
    2 |   - {when: [FAIL, RCMD, ADDM, XSHA512-256], reply: 500 No}
      |                   ^^^^ matched where a client says it
      |
      = help: did you mean `RMD`?

    warning: badftp has no verb `RTER`
     --> s.yaml:3:12
      |
    3 |   - {when: RTER, reply: 550 No}
      |            ^^^^ matched where a client says it
      |
      = help: did you mean `RETR`?

    warning: badftp has no verb `LIS`
     --> s.yaml:5:25
      |
    5 |   - {when: ADDM, after: LIS, times: 0}
      |                         ^^^ matched where a client says it
      |
      = help: did you mean `LIST`?
    ");
}

#[test]
fn a_refusal_behind_a_preliminary_reply() {
    let text = "rules:
  - {when: RETR, reply: [150 Opening, 425 No connection]}
  - {when: LIST, data: close, reply: [150 Opening, 425 No connection]}
  - {when: NLST, reply: [150-Opening, 553- not this one, 150 Opening]}
";
    assert_snapshot!(message(text), @r"
    warning: `RETR` moves all of its data between these replies
     --> s.yaml:2:25
      |
    2 |   - {when: RETR, reply: [150 Opening, 425 No connection]}
      |            ----         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the last one comes when it is done
      |            |
      |            this is done as usual
      |
      = help: to move none, write `data: close` (or `data: flow`: the connection stays open); to move some, `at: 64KiB`
    ");
}

#[test]
fn a_rule_behind_one_that_another_request_passes() {
    let text = |first, second| {
        format!(
            "rules: [{{when: SSH_FXP_WRITE, {first}status: 4}}, {{when: SSH_FXP_WRITE, {second}status: 3}}]"
        )
    };
    for (first, second) in [
        ("length: 9B+, ", ""),
        ("order: random, ", ""),
        ("offset: 0B, ", "offset: 1B, "),
        ("length: 9B+, ", "order: random, "),
    ] {
        assert_eq!(message(&text(first, second)), "right", "{first}{second}");
    }
    for (first, second) in [("", "length: 9B+, "), ("length: 9B+, ", "length: 9B+, path: /a, ")] {
        let said = message(&text(first, second));
        assert!(said.contains("this rule can never act"), "{said}");
    }
}
