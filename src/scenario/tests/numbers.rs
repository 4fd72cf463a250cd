//! Numbers, and words that are no texts. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_boolean_is_no_value() {
    let text = "rules:
  - {when: login, user: no, reply: 530 No}
  - {when: PWD, times: true, reply: 550 No}
";
    assert_snapshot!(message(text), @r#"
    error: `no` is not a value here
     --> s.yaml:2:25
      |
    2 |   - {when: login, user: no, reply: 530 No}
      |                         ^^ expected a user's name or a glob of it
      |
      = help: YAML versions differ on it; if you mean the text, quote it: `"no"`

    error: `true` is not a value here
     --> s.yaml:3:24
      |
    3 |   - {when: PWD, times: true, reply: 550 No}
      |                        ^^^^ expected a count
      |
      = help: YAML versions differ on it; if you mean the text, quote it: `"true"`
    "#);
}

#[test]
fn a_number_is_no_text() {
    let text = "description: 42
rules:
  - {when: TYPE, argument: 8, reply: 504 No}
  - {when: PWD, send: 250}
users: {alice: 1234}
";
    assert_snapshot!(message(text), @r#"
    error: expected a text, got the number `42`
     --> s.yaml:1:14
      |
    1 | description: 42
      |              ^^ a text is due here
      |
      = help: quote it: `"42"`

    error: expected an argument or a glob of it, got the number `8`
     --> s.yaml:3:28
      |
    3 |   - {when: TYPE, argument: 8, reply: 504 No}
      |                            ^ a text is due here
      |
      = help: quote it: `"8"`

    error: expected a text, or a list of them, got the number `250`
     --> s.yaml:4:23
      |
    4 |   - {when: PWD, send: 250}
      |                       ^^^ a text is due here
      |
      = help: quote it: `"250"`

    error: expected a password, or a map of `password`, `root`, `home` and `files`, got the number `1234`
     --> s.yaml:5:16
      |
    5 | users: {alice: 1234}
      |                ^^^^ a text is due here
      |
      = help: quote it: `"1234"`
    "#);
}

#[test]
fn a_duration_needs_its_unit() {
    let text = "rules:
  - {when: PWD, delay: 5}
  - {when: CWD, delay: 5sec}
  - {when: MKD, delay: 1-3s}
";
    assert_snapshot!(message(text), @r"
    error: expected a duration or a range of durations, got `5`
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, delay: 5}
      |                        ^ a duration needs its unit
      |
      = help: write `5s` or `5ms`

    error: expected a duration or a range of durations, got `5sec`
     --> s.yaml:3:24
      |
    3 |   - {when: CWD, delay: 5sec}
      |                        ^^^^ the units are `ms`, `s`, `m` and `h`
      |
      = help: write `5s`

    error: expected a duration or a range of durations, got `1-3s`
     --> s.yaml:4:24
      |
    4 |   - {when: MKD, delay: 1-3s}
      |                        ^^^^ both ends need their unit
      |
      = help: write `1s-3s`
    ");
}

#[test]
fn a_size_needs_a_unit_of_ours() {
    let text = "rules:
  - {when: upload, at: 64, data: reset}
  - {when: download, at: 64kB, data: reset}
  - {when: list, rate: 16KiB}
";
    assert_snapshot!(message(text), @r"
    error: expected `start`, a size, `end` or `failure`, got `64`
     --> s.yaml:2:24
      |
    2 |   - {when: upload, at: 64, data: reset}
      |                        ^^ a size needs its unit
      |
      = help: write `64B` or `64KiB`

    error: expected `start`, a size, `end` or `failure`, got `64kB`
     --> s.yaml:3:26
      |
    3 |   - {when: download, at: 64kB, data: reset}
      |                          ^^^^ the units are `B`, `KiB`, `MiB`, `GiB` and `TiB`
      |
      = help: write `64KiB`

    error: expected a size per second, got `16KiB`
     --> s.yaml:4:24
      |
    4 |   - {when: list, rate: 16KiB}
      |                        ^^^^^ a rate ends in `/s`
      |
      = help: write `16KiB/s`
    ");
}

#[test]
fn a_share_needs_its_percent_sign() {
    let text = "rules:
  - {when: PASV, chance: 0.2, reply: 425 No}
";
    assert_snapshot!(message(text), @r"
    error: expected a percentage, got `0.2`
     --> s.yaml:2:26
      |
    2 |   - {when: PASV, chance: 0.2, reply: 425 No}
      |                          ^^^ a share needs its `%`
      |
      = help: write `20%`
    ");
}

#[test]
fn numbers_are_written_in_one_way() {
    let text = "rules:
  - {when: PWD, times: 010, reply: 550 No}
  - {when: CWD, skip: 1_000, reply: 550 No}
  - {when: MKD, times: 1e3, reply: 550 No}
  - {when: RMD, times: -1, reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: expected a count, got `010`
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, times: 010, reply: 550 No}
      |                        ^^^ a leading zero means octal to some readers of YAML
      |
      = help: write `10`

    error: expected a count, got `1_000`
     --> s.yaml:3:23
      |
    3 |   - {when: CWD, skip: 1_000, reply: 550 No}
      |                       ^^^^^ `_` is part of no number here
      |
      = help: write `1000`

    error: expected a count, got `1e3`
     --> s.yaml:4:24
      |
    4 |   - {when: MKD, times: 1e3, reply: 550 No}
      |                        ^^^ write it with digits only

    error: expected a count, got `-1`
     --> s.yaml:5:24
      |
    5 |   - {when: RMD, times: -1, reply: 550 No}
      |                        ^^ nothing here is less than zero
    ");
}
