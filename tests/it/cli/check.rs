//! `badftp check`: every mistake with its place, its line and what to write instead.

use insta::assert_snapshot;

use super::badftp;
use crate::clients::Desk;
use crate::run::{Shown, run};

fn check(scenario: &str) -> Shown {
    badftp(&Desk::with("s.yaml", scenario), &["check", "s.yaml"])
}

#[test]
fn a_right_scenario_is_counted_and_nothing_more() {
    assert_snapshot!(check("rules: [{when: PWD, reply: 550 No}]\n---\nname: healthy\n"), @r"
    exit 0
    --- stdout
    s.yaml: ok, 1 rule in 2 documents

    --- stderr

    ---
    ");
}

/// To open a pipe is to wait for somebody who writes into it.
#[test]
fn a_pipe_in_the_place_of_a_file_is_a_mistake() {
    let desk = Desk::with("s.yaml", "files: {/a: {from: pipe}}\n");
    run(desk.command("mkfifo").arg("pipe")).ok();
    let shown = badftp(&desk, &["check", "s.yaml"]);
    assert_eq!(shown.exit, 2, "{shown}");
    assert!(shown.stderr.contains("no regular file"), "{shown}");
}

#[test]
fn a_pattern_that_is_nested_too_deep_is_a_mistake() {
    let pattern = format!("/{}a{}", "{".repeat(250), "}".repeat(250));
    let shown = check(&format!("rules: [{{when: DELE, path: '{pattern}', reply: 550 No}}]\n"));
    assert_eq!(shown.exit, 2, "{shown}");
    assert!(shown.stderr.contains("too big, or nested too deep"), "{shown}");
}

#[test]
fn six_mistakes_in_one_file_are_told_at_once() {
    let scenario = "files:
  /a.bin: {size: 10}
rules:
  - {when: PWD, relpy: 550 No}
  - {when: STOR, status: 4 Failure}
  - {when: connect, reply: 421 Too many, try later, then: close}
  - when: CWD
    reply: 550 No
    when: MKD
  - {when: uplaod, times: 1, reply: 550 No}
";
    assert_snapshot!(check(scenario), @r#"
    exit 2
    --- stdout

    --- stderr
    error: expected a size, got `10`
     --> s.yaml:2:18
      |
    2 |   /a.bin: {size: 10}
      |                  ^^ a size needs its unit
      |
      = help: write `10B` or `10KiB`

    error: unknown key `relpy` in a rule
     --> s.yaml:4:17
      |
    4 |   - {when: PWD, relpy: 550 No}
      |                 ^^^^^ not a word of the language
      |
      = help: did you mean `reply`?

    error: `status` speaks SFTP, and `STOR` is a verb of FTP
     --> s.yaml:5:18
      |
    5 |   - {when: STOR, status: 4 Failure}
      |            ----  ^^^^^^ FTP is answered by `reply`
      |            |
      |            only in FTP
      |
      = help: write `reply: 550 text`, or the event in lower case: `upload`, `delete`

    error: a comma ends an unquoted text within `{ }`
     --> s.yaml:6:28
      |
    6 |   - {when: connect, reply: 421 Too many, try later, then: close}
      |                            ^^^^^^^^^^^^^^^^^^^^^^^ torn at the comma
      |
      = help: quote the text: `reply: "421 Too many, try later"`

    error: `when` is given twice
     --> s.yaml:9:5
      |
    7 |   - when: CWD
      |     ---- first given here
    8 |     reply: 550 No
    9 |     when: MKD
      |     ^^^^ again
      |
      = help: keep one of the two

    error: unknown event `uplaod`
      --> s.yaml:10:12
       |
    10 |   - {when: uplaod, times: 1, reply: 550 No}
       |            ^^^^^^ neither a moment, an operation nor a verb
       |
       = help: did you mean `upload`?

    ---
    "#);
}

#[test]
fn a_mistake_and_a_doubt_are_told_apart() {
    let scenario = "rules:
  - {when: upload, times: 0, reply: 550 No}
  - {when: delete, delay: 5, reply: 550 No}
";
    assert_snapshot!(check(scenario), @r"
    exit 2
    --- stdout

    --- stderr
    warning: this rule can never act
     --> s.yaml:2:27
      |
    2 |   - {when: upload, times: 0, reply: 550 No}
      |                           ^ no times at all
      |
      = help: leave the rule out, or give it at least `times: 1`

    error: expected a duration or a range of durations, got `5`
     --> s.yaml:3:27
      |
    3 |   - {when: delete, delay: 5, reply: 550 No}
      |                           ^ a duration needs its unit
      |
      = help: write `5s` or `5ms`

    ---
    ");
}

/// It can be run, so it is no failure.
#[test]
fn a_rule_that_can_never_act_is_a_doubt() {
    assert_snapshot!(check("rules:\n  - {when: PWD, times: 0, reply: 550 No}\n"), @r"
    exit 0
    --- stdout
    s.yaml: ok, 1 rule

    --- stderr
    warning: this rule can never act
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, times: 0, reply: 550 No}
      |                        ^ no times at all
      |
      = help: leave the rule out, or give it at least `times: 1`

    ---
    ");
}

#[test]
fn a_colon_tears_a_text() {
    let scenario = "rules:
  - when: delete
    reply: 550 /a.txt: No such file
";
    assert_snapshot!(check(scenario), @r#"
    exit 2
    --- stdout

    --- stderr
    error: the text of `reply` needs quotes
     --> s.yaml:3:22
      |
    3 |     reply: 550 /a.txt: No such file
      |                      ^ `: ` within an unquoted text
      |
      = help: write `reply: "550 /a.txt: No such file"`

    ---
    "#);
}

#[test]
fn a_number_sign_ends_a_text() {
    let scenario = "rules:
  - when: connect
    reply: 421 Too many #3 now
    then: close
";
    assert_snapshot!(check(scenario), @r#"
    exit 0
    --- stdout
    s.yaml: ok, 1 rule

    --- stderr
    warning: `reply` ends before the `#`
     --> s.yaml:3:25
      |
    3 |     reply: 421 Too many #3 now
      |                         ^^^^^^ this is a comment
      |
      = help: quote the text if this belongs to it: `"421 Too many #…"`; else put two spaces before the `# `

    ---
    "#);
}

#[test]
fn a_number_sign_swallows_the_rest_of_a_rule() {
    let scenario = "rules:
  - {when: connect, reply: 421 Too many #3 now, then: close}
";
    assert_snapshot!(check(scenario), @r"
    exit 2
    --- stdout

    --- stderr
    error: a comment swallows the closing bracket
     --> s.yaml:2:41
      |
    2 |   - {when: connect, reply: 421 Too many #3 now, then: close}
      |                                         ^^^^^^^^^^^^^^^^^^^^ all behind ` #` is a comment
      |
      = help: quote the text if the `#` belongs to it

    ---
    ");
}

#[test]
fn a_star_begins_no_text() {
    assert_snapshot!(check("rules:\n  - {when: upload, path: *.csv, reply: 550 No}\n"), @r#"
    exit 2
    --- stdout

    --- stderr
    error: `*.csv` is a YAML alias, and scenarios have none
     --> s.yaml:2:26
      |
    2 |   - {when: upload, path: *.csv, reply: 550 No}
      |                          ^^^^^ a text that begins with `*` needs quotes
      |
      = help: write `"*.csv"`

    ---
    "#);
}

#[test]
fn a_file_to_be_served_is_missing() {
    assert_snapshot!(check("files: {/a.bin: {from: missing.bin}}\n"), @r"
    exit 2
    --- stdout

    --- stderr
    error: expected the path of a file below the scenario's folder, got `missing.bin`
     --> s.yaml:1:24
      |
    1 | files: {/a.bin: {from: missing.bin}}
      |                        ^^^^^^^^^^^ there is no such file
      |
      = help: a path of `from` begins in the folder of the scenario file

    ---
    ");
}

#[test]
fn what_is_not_built_yet_is_refused() {
    assert_snapshot!(check("rules:\n  - {when: handshake, protocol: sftp, host-key: expired}\n"), @r"
    exit 2
    --- stdout

    --- stderr
    error: `host-key: expired` is part of the language, but this version does not do that in SSH yet
     --> s.yaml:2:49
      |
    2 |   - {when: handshake, protocol: sftp, host-key: expired}
      |                                                 ^^^^^^^ not built yet

    ---
    ");
}

/// A user's text in a message must not write to the terminal by itself.
#[test]
fn a_scenario_cannot_color_the_terminal() {
    let shown =
        check("rules:\n  - {when: \"\\e[31mred\", reply: 550 No}\n  - {when: \u{1b}[31m}\n");
    assert!(!shown.stderr.contains('\u{1b}'), "{shown}");
}

#[test]
fn each_file_is_checked_and_one_wrong_one_is_enough_to_fail() {
    let desk = Desk::with("right.yaml", "rules: []\n");
    desk.write("wrong.yaml", "rule: []\n");
    desk.write("no-text.yaml", b"\xFF\n");
    let files = ["wrong.yaml", "missing.yaml", "no-text.yaml", ".", "right.yaml"];
    assert_snapshot!(badftp(&desk, &[&["check"], &files[..]].concat()), @r"
    exit 2
    --- stdout
    right.yaml: ok, 0 rules

    --- stderr
    error: unknown key `rule` in a scenario
     --> wrong.yaml:1:1
      |
    1 | rule: []
      | ^^^^ not a word of the language
      |
      = help: did you mean `rules`?

    error: cannot read the scenario `missing.yaml`: No such file or directory (os error 2)

    hint: `badftp list` shows the scenarios that come with badftp

    error: cannot read the scenario `no-text.yaml`: line 1 is not UTF-8; a byte of a name or a text is written `<xFF>`

    error: cannot read the scenario `.`: Is a directory (os error 21)

    ---
    ");
}
