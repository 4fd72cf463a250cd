//! Files that are no YAML, or YAML that the language does not have. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_key_may_be_long_behind_a_question_mark() {
    let key = format!("\"/{}x\"", "a/".repeat(600));
    for text in [format!("files:\n  {key}: hi\n"), format!("files: {{{key}: hi}}\n")] {
        let said = message(&text);
        assert!(said.starts_with("error: a key of more than 1,024 characters"), "{said}");
        assert!(said.contains("write `? \"the key\"` on this line"), "{said}");
    }
    assert_eq!(message(&format!("files:\n  ? {key}\n  : hi\n")), "right");
}

#[test]
fn a_text_with_a_colon_needs_quotes() {
    let text = "rules:
  - when: delete
    reply: 550 /a.txt: No such file
";
    assert_snapshot!(message(text), @r#"
    error: the text of `reply` needs quotes
     --> s.yaml:3:22
      |
    3 |     reply: 550 /a.txt: No such file
      |                      ^ `: ` within an unquoted text
      |
      = help: write `reply: "550 /a.txt: No such file"`
    "#);
}

#[test]
fn a_text_with_a_colon_within_braces_needs_quotes() {
    let text = "rules:
  - {when: connect, reply: 500 OOPS: child died, then: close}
";
    assert_snapshot!(message(text), @r#"
    error: the text of `reply` needs quotes
     --> s.yaml:2:36
      |
    2 |   - {when: connect, reply: 500 OOPS: child died, then: close}
      |                                    ^ `: ` within an unquoted text
      |
      = help: write `reply: "500 OOPS: child died"`
    "#);
}

#[test]
fn a_glob_that_begins_with_a_star_needs_quotes() {
    let text = "rules:
  - when: download
    path: *.bin
  - {when: upload, path: *.csv, times: 1}
";
    assert_snapshot!(message(text), @r#"
    error: `*.bin` is a YAML alias, and scenarios have none
     --> s.yaml:3:11
      |
    3 |     path: *.bin
      |           ^^^^^ a text that begins with `*` needs quotes
      |
      = help: write `"*.bin"`

    error: `*.csv` is a YAML alias, and scenarios have none
     --> s.yaml:4:26
      |
    4 |   - {when: upload, path: *.csv, times: 1}
      |                          ^^^^^ a text that begins with `*` needs quotes
      |
      = help: write `"*.csv"`
    "#);
}

#[test]
fn a_glob_that_begins_with_a_bracket_needs_quotes() {
    let text = "rules:
  - {when: download, argument: [ab]*, times: 1}
";
    assert_snapshot!(message(text), @r#"
    error: an unquoted text may not begin with `[`
     --> s.yaml:2:32
      |
    2 |   - {when: download, argument: [ab]*, times: 1}
      |                                ^^^^^ quote the text
      |
      = help: write `"[ab]*"`
    "#);
}

#[test]
fn a_percent_sign_begins_no_text() {
    let text = "description: %d files
";
    assert_snapshot!(message(text), @r#"
    error: an unquoted text may not begin with `%`
     --> s.yaml:1:14
      |
    1 | description: %d files
      |              ^ quote the text
      |
      = help: write `"%d files"`
    "#);
}

#[test]
fn a_text_behind_a_closing_quote_belongs_within() {
    let text = r#"rules:
  - when: PWD
    reply: "257" is the directory
"#;
    assert_snapshot!(message(text), @r#"
    error: the text goes on behind its closing quote
     --> s.yaml:3:18
      |
    3 |     reply: "257" is the directory
      |                  ^ unexpected
      |
      = help: quote the whole text; within single quotes, write a quote twice: `'it''s'`
    "#);
}

#[test]
fn a_brace_that_is_never_closed_is_found() {
    let text = "rules:
  - {when: connect, then: close
";
    assert_snapshot!(message(text), @r"
    error: `{` is never closed
     --> s.yaml:2:5
      |
    2 |   - {when: connect, then: close
      |     ^ opened here
      |
      = help: quote a text with `[ ] { }` or a comma in it
    ");
}

#[test]
fn a_comment_that_swallows_a_brace_is_found() {
    let text = "rules:
  - {when: connect, reply: 421 Too many #3 now, then: close}
  - {when: PWD, reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: a comment swallows the closing bracket
     --> s.yaml:2:41
      |
    2 |   - {when: connect, reply: 421 Too many #3 now, then: close}
      |                                         ^^^^^^^^^^^^^^^^^^^^ all behind ` #` is a comment
      |
      = help: quote the text if the `#` belongs to it
    ");
}

#[test]
fn a_quote_that_is_never_closed_is_found() {
    let text = r#"rules:
  - when: PWD
    reply: "550 No
  - when: CWD
"#;
    assert_snapshot!(message(text), @r#"
    error: a quote is never closed
     --> s.yaml:3:12
      |
    3 |     reply: "550 No
      |            ^ the text that begins here has no end
    "#);
}

#[test]
fn a_line_too_far_to_the_right_is_found() {
    let text = "rules:
  - when: PWD
      reply: 550 No
";
    assert_snapshot!(message(text), @r"
    error: a `:` where no key can be
     --> s.yaml:3:12
      |
    3 |       reply: 550 No
      |            ^ does this line stand too far to the right, or is a `{`, `[` or quote above never closed?
    ");
}

#[test]
fn an_unknown_escape_is_found() {
    let text = r#"rules:
  - when: PWD
    send: "550 C:\dir\r\n"
"#;
    assert_snapshot!(message(text), @r#"
    error: unknown escape in a double-quoted text
     --> s.yaml:3:11
      |
    3 |     send: "550 C:\dir\r\n"
      |           ^^ write `\\` for one backslash
      |
      = help: or use single quotes, within which a backslash is only that
    "#);
}

#[test]
fn a_tag_is_refused() {
    let text = "rules:
  - when: !PWD
    reply: !now 550 No
";
    assert_snapshot!(message(text), @r#"
    error: `!PWD` is a YAML tag, and scenarios have none
     --> s.yaml:2:11
      |
    2 |   - when: !PWD
      |           ^^^^ a text that begins with `!` needs quotes
      |
      = help: write `"!PWD"`

    error: `!now` is a YAML tag, and scenarios have none
     --> s.yaml:3:12
      |
    3 |     reply: !now 550 No
      |            ^^^^ a text that begins with `!` needs quotes
      |
      = help: write `"!now 550 No"`
    "#);
}

#[test]
fn anchors_and_aliases_are_refused() {
    let text = "rules:
  - &first {when: PWD, reply: 550 No}
  - *first
";
    assert_snapshot!(message(text), @r#"
    error: `&first` is a YAML anchor, and scenarios have none
     --> s.yaml:2:5
      |
    2 |   - &first {when: PWD, reply: 550 No}
      |     ^^^^^^ write each rule out, or quote a text that begins with `&`

    error: `*first` is a YAML alias, and scenarios have none
     --> s.yaml:3:5
      |
    3 |   - *first
      |     ^^^^^^ a text that begins with `*` needs quotes
      |
      = help: write `"*first"`
    "#);
}

#[test]
fn texts_that_other_readers_refuse_are_warned_of() {
    let text = "rules:
  - {when: PWD, send: ok?}
  - {when: CWD, send: ::1}
";
    assert_snapshot!(message(text), @r#"
    warning: `ok?` is an error for other YAML readers
     --> s.yaml:2:23
      |
    2 |   - {when: PWD, send: ok?}
      |                       ^^^ within `{ }` and `[ ]`, no text may begin with `:` or end in `?` unquoted
      |
      = help: write `"ok?"`

    warning: `::1` is an error for other YAML readers
     --> s.yaml:3:23
      |
    3 |   - {when: CWD, send: ::1}
      |                       ^^^ within `{ }` and `[ ]`, no text may begin with `:` or end in `?` unquoted
      |
      = help: write `"::1"`
    "#);
}

#[test]
fn an_empty_file_is_no_scenario() {
    let text = "";
    assert_snapshot!(message(text), @r"
    error: an empty file
     --> s.yaml:1:1
      |
    1 |
      | ^ expected a scenario
      |
      = help: write `description: …` and `rules:`
    ");
}

#[test]
fn a_list_at_the_top_is_no_scenario() {
    let text = "- when: PWD
";
    assert_snapshot!(message(text), @r"
    error: expected a scenario as a map, got a list
     --> s.yaml:1:1
      |
    1 | - when: PWD
      | ^^^^^^^^^^^ write `key: value`, or `{}` for none
    ");
}

#[test]
fn too_many_brackets_are_refused() {
    let text = "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
";
    assert_snapshot!(message(text), @r"
    error: too many brackets within brackets
     --> s.yaml:1:36
      |
    1 | a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                    ^ scenarios are flat
    ");
}
