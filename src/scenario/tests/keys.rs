//! Keys. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn an_unknown_key_is_told_from_a_known_one() {
    let text = "rules:
  - {when: PWD, relpy: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: unknown key `relpy` in a rule
     --> s.yaml:2:17
      |
    2 |   - {when: PWD, relpy: 550 No}
      |                 ^^^^^ not a word of the language
      |
      = help: did you mean `reply`?
    ");
}

#[test]
fn a_key_of_another_language_is_translated() {
    let text = "rules:
  - {on: PWD, code: 550}
";
    assert_snapshot!(message(text), @r"
    error: unknown key `on` in a rule
     --> s.yaml:2:6
      |
    2 |   - {on: PWD, code: 550}
      |      ^^ not a word of the language
      |
      = help: the event is named by `when`

    error: unknown key `code` in a rule
     --> s.yaml:2:15
      |
    2 |   - {on: PWD, code: 550}
      |               ^^^^ not a word of the language
      |
      = help: an FTP answer is written `reply: 550 text`, code first
    ");
}

#[test]
fn a_comma_in_an_unquoted_text_makes_a_key() {
    let text = "rules:
  - {when: connect, reply: 421 Too many, try later, then: close}
";
    assert_snapshot!(message(text), @r#"
    error: a comma ends an unquoted text within `{ }`
     --> s.yaml:2:28
      |
    2 |   - {when: connect, reply: 421 Too many, try later, then: close}
      |                            ^^^^^^^^^^^^^^^^^^^^^^^ torn at the comma
      |
      = help: quote the text: `reply: "421 Too many, try later"`
    "#);
}

#[test]
fn an_address_within_braces_makes_keys() {
    let text = "rules:
  - {when: PASV, reply: 227 Entering Passive Mode (10,0,0,1,2,3)}
";
    assert_snapshot!(message(text), @r#"
    error: a comma ends an unquoted text within `{ }`
     --> s.yaml:2:25
      |
    2 |   - {when: PASV, reply: 227 Entering Passive Mode (10,0,0,1,2,3)}
      |                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ torn at the comma
      |
      = help: quote the text: `reply: "227 Entering Passive Mode (10,0,0,1,2,3)"`
    "#);
}

#[test]
fn a_key_given_twice_points_at_the_first() {
    let text = "rules:
  - when: PWD
    reply: 550 No
    when: CWD
";
    assert_snapshot!(message(text), @r"
    error: `when` is given twice
     --> s.yaml:4:5
      |
    2 |   - when: PWD
      |     ---- first given here
    3 |     reply: 550 No
    4 |     when: CWD
      |     ^^^^ again
      |
      = help: keep one of the two
    ");
}

#[test]
fn a_merge_key_is_refused() {
    let text = "rules:
  - <<: x
    when: PWD
    reply: 550 No
";
    assert_snapshot!(message(text), @r"
    error: unknown key `<<` in a rule
     --> s.yaml:2:5
      |
    2 |   - <<: x
      |     ^^ not a word of the language
      |
      = help: scenarios have no merge keys: write each rule out
    ");
}

#[test]
fn a_key_without_a_value_says_what_is_due() {
    let text = "rules:
  - when: PWD
    reply:
";
    assert_snapshot!(message(text), @r"
    error: `reply` has no value
     --> s.yaml:3:5
      |
    3 |     reply:
      |     ^^^^^ expected `code text`, a list of lines and pauses, or `none`
    ");
}

#[test]
fn a_list_where_a_text_is_due_is_refused() {
    let text = "rules:
  - {when: PWD, times: [1, 2], reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: expected a count, got a list
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, times: [1, 2], reply: 550 No}
      |                        ^^^^^^ the value of `times`
    ");
}

#[test]
fn an_empty_list_is_refused() {
    let text = "rules:
  - {when: [], reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: `when` is an empty list
     --> s.yaml:2:12
      |
    2 |   - {when: [], reply: 550 No}
      |            ^^ expected an event
    ");
}

#[test]
fn what_is_not_built_is_refused_with_a_sentence() {
    let text = "rules:
  - {when: handshake, protocol: sftp, host-key: expired}
";
    assert_snapshot!(message(text), @r"
    error: `host-key: expired` is part of the language, but this version does not do that in SSH yet
     --> s.yaml:2:49
      |
    2 |   - {when: handshake, protocol: sftp, host-key: expired}
      |                                                 ^^^^^^^ not built yet
    ");
}

#[test]
fn a_port_of_the_run_is_no_part_of_a_scenario() {
    let text = "server: {port: 2121}
rules: []
";
    assert_snapshot!(message(text), @r"
    error: unknown key `port` in `server`
     --> s.yaml:1:10
      |
    1 | server: {port: 2121}
      |          ^^^^ not a word of the language
      |
      = help: a scenario names no port or host of the run: those are given to `badftp serve` and `badftp run`
    ");
}
