//! Values. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn an_unknown_event_is_told_from_a_known_one() {
    let text = "rules:
  - {when: uplaod, reply: 550 No}
  - {when: sTRO, reply: 550 No}
  - {when: stor, reply: 550 No}
  - {when: UPLOAD, reply: 550 No}
  - {when: [Q/Q, greeting], reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: unknown event `uplaod`
     --> s.yaml:2:12
      |
    2 |   - {when: uplaod, reply: 550 No}
      |            ^^^^^^ neither a moment, an operation nor a verb
      |
      = help: did you mean `upload`?

    error: unknown event `sTRO`
     --> s.yaml:3:12
      |
    3 |   - {when: sTRO, reply: 550 No}
      |            ^^^^ neither a moment, an operation nor a verb
      |
      = help: did you mean `stat`?

    error: unknown event `stor`
     --> s.yaml:4:12
      |
    4 |   - {when: stor, reply: 550 No}
      |            ^^^^ words of the wire are in capitals
      |
      = help: did you mean `STOR`, or `upload` in any protocol?

    error: unknown verb `UPLOAD`
     --> s.yaml:5:12
      |
    5 |   - {when: UPLOAD, reply: 550 No}
      |            ^^^^^^ no verb that a client could say
      |
      = help: did you mean `upload`?

    error: unknown verb `Q/Q`
     --> s.yaml:6:13
      |
    6 |   - {when: [Q/Q, greeting], reply: 550 No}
      |             ^^^ no verb that a client could say
      |
      = help: what the client means is in lower case, as `upload`; FTP verbs are in capitals, as `STOR`

    error: unknown event `greeting`
     --> s.yaml:6:18
      |
    6 |   - {when: [Q/Q, greeting], reply: 550 No}
      |                  ^^^^^^^^ neither a moment, an operation nor a verb
      |
      = help: the words are connect, handshake, login, denied, channel, idle, list, stat, upload, download, append, rename, delete, mkdir, rmdir, setstat, passive, active, any, and FTP's verbs in capitals
    ");
}

#[test]
fn a_reply_begins_with_a_code() {
    let text = "rules:
  - {when: PWD, reply: No such file}
  - {when: CWD, reply: 55 No}
  - {when: MKD, reply: 550No}
  - {when: RMD, reply: [5s]}
";
    assert_snapshot!(message(text), @r"
    error: expected `code text`, a list of lines and pauses, or `none`, got `No such file`
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, reply: No such file}
      |                        ^^^^^^^^^^^^ no code
      |
      = help: write the code first, as `550 text`; what has none goes by `send`, byte for byte

    error: expected `code text`, a list of lines and pauses, or `none`, got `55 No`
     --> s.yaml:3:24
      |
    3 |   - {when: CWD, reply: 55 No}
      |                        ^^^^^ a code has three digits
      |
      = help: write the code first, as `550 text`; what has none goes by `send`, byte for byte

    error: expected `code text`, a list of lines and pauses, or `none`, got `550No`
     --> s.yaml:4:24
      |
    4 |   - {when: MKD, reply: 550No}
      |                        ^^^^^ expected a space or a `-` behind the code
      |
      = help: write the code first, as `550 text`; what has none goes by `send`, byte for byte

    error: a reply of nothing but pauses
     --> s.yaml:5:24
      |
    5 |   - {when: RMD, reply: [5s]}
      |                        ^^^^ expected a code and its text
      |
      = help: to wait and say nothing, write `delay: 5s` and `reply: none`
    ");
}

#[test]
fn a_placeholder_is_whole() {
    let text = r#"rules:
  - {when: PWD, reply: "257 <x0> a"}
  - {when: CWD, reply: "250 <17kB> a"}
  - {when: MKD, reply: "257 <pth> and <answr>"}
"#;
    assert_snapshot!(message(text), @r#"
    error: expected whole bytes, got `<x0>`
     --> s.yaml:2:24
      |
    2 |   - {when: PWD, reply: "257 <x0> a"}
      |                        ^^^^^^^^^^^^ two digits a byte
      |
      = help: write `<x00>`

    error: expected a size of filler, got `<17kB>`
     --> s.yaml:3:24
      |
    3 |   - {when: CWD, reply: "250 <17kB> a"}
      |                        ^^^^^^^^^^^^^^ the units are `B`, `KiB`, `MiB`, `GiB` and `TiB`
      |
      = help: write `17KiB`

    warning: `<pth>` is no placeholder and stands for itself
     --> s.yaml:4:24
      |
    4 |   - {when: MKD, reply: "257 <pth> and <answr>"}
      |                        ^^^^^^^^^^^^^^^^^^^^^^^ sent as it is
      |
      = help: did you mean `<path>`?

    warning: `<answr>` is no placeholder and stands for itself
     --> s.yaml:4:24
      |
    4 |   - {when: MKD, reply: "257 <pth> and <answr>"}
      |                        ^^^^^^^^^^^^^^^^^^^^^^^ sent as it is
      |
      = help: did you mean `<answer>`?
    "#);
}

#[test]
fn an_ending_is_one_of_a_few_words() {
    let text = "rules:
  - {when: PWD, then: abort}
  - {when: download, at: 1B, data: stal}
  - {when: CWD, then: flow}
  - {when: MKD, then: reset 5s}
  - {when: CWD, then: restart}
  - {when: list, data: restart 5s}
  - {when: login, then: disconnect bye}
";
    assert_snapshot!(message(text), @r"
    error: expected an ending of the session, got `abort`
     --> s.yaml:2:23
      |
    2 |   - {when: PWD, then: abort}
      |                       ^^^^^ no ending
      |
      = help: the endings are `close`, `cut`, `reset`, `eof`, `stall`, `refuse`, `blackhole`, `restart 5s`, `exit 127`, `exit TERM`, `disconnect 11 text` or `alert handshake_failure`

    error: expected an ending of the data connection, or `flow`, got `stal`
     --> s.yaml:3:36
      |
    3 |   - {when: download, at: 1B, data: stal}
      |                                    ^^^^ no ending
      |
      = help: did you mean `stall`?

    error: expected an ending of the session, got `flow`
     --> s.yaml:4:23
      |
    4 |   - {when: CWD, then: flow}
      |                       ^^^^ `flow` is for `data`
      |
      = help: without `then`, the session goes on

    error: expected an ending of the session, got `reset 5s`
     --> s.yaml:5:23
      |
    5 |   - {when: MKD, then: reset 5s}
      |                       ^^^^^^^^ only `close` takes a time: `close 5s`; `reset` stands alone
      |
      = help: `delay` waits before all of it

    error: expected an ending of the session, got `restart`
     --> s.yaml:6:23
      |
    6 |   - {when: CWD, then: restart}
      |                       ^^^^^^^ down for how long?
      |
      = help: write `restart 5s`

    error: expected an ending of the data connection, or `flow`, got `restart 5s`
     --> s.yaml:7:24
      |
    7 |   - {when: list, data: restart 5s}
      |                        ^^^^^^^^^^ the whole server restarts
      |
      = help: write `then: restart 5s`

    error: expected an ending of the session, got `disconnect bye`
     --> s.yaml:8:25
      |
    8 |   - {when: login, then: disconnect bye}
      |                         ^^^^^^^^^^^^^^ no reason
      |
      = help: write the reason's number and its text: `disconnect 11 Idle timeout`
    ");
}

#[test]
fn a_claim_is_a_field_and_its_value() {
    let text = "rules:
  - {when: passive, claim: addres 10.0.0.1}
  - {when: passive, claim: port 1000000}
  - {when: stat, claim: size 10}
  - {when: stat, claim: size -1}
  - {when: stat, claim: size}
  - {when: stat, claim: name none}
  - {when: stat, claim: modified 5h}
  - {when: stat, claim: modified +5}
  - {when: list, claim: type socket}
";
    assert_snapshot!(message(text), @r"
    error: expected `field value`, got `addres 10.0.0.1`
     --> s.yaml:2:28
      |
    2 |   - {when: passive, claim: addres 10.0.0.1}
      |                            ^^^^^^^^^^^^^^^ no field of an answer
      |
      = help: did you mean `address`?

    error: expected `field value`, got `port 1000000`
     --> s.yaml:3:28
      |
    3 |   - {when: passive, claim: port 1000000}
      |                            ^^^^^^^^^^^^ ports go from 0 to 65535
      |
      = help: a malformed one is written whole, by `reply`

    error: expected `field value`, got `size 10`
     --> s.yaml:4:25
      |
    4 |   - {when: stat, claim: size 10}
      |                         ^^^^^^^ a size needs its unit
      |
      = help: write `10B` or `10KiB`

    error: expected `field value`, got `size -1`
     --> s.yaml:5:25
      |
    5 |   - {when: stat, claim: size -1}
      |                         ^^^^^^^ a size needs its unit
      |
      = help: write `-1B` or `-1KiB`

    error: expected `field value`, got `size`
     --> s.yaml:6:25
      |
    6 |   - {when: stat, claim: size}
      |                         ^^^^ field, then value
      |
      = help: write `size 10B`

    error: expected `field value`, got `name none`
     --> s.yaml:7:25
      |
    7 |   - {when: stat, claim: name none}
      |                         ^^^^^^^^^ `name` cannot be left out
      |
      = help: write `name ../x`

    error: expected `field value`, got `modified 5h`
     --> s.yaml:8:25
      |
    8 |   - {when: stat, claim: modified 5h}
      |                         ^^^^^^^^^^^ no date
      |
      = help: write `modified +5h` or `modified 2031-01-01T00:00:00Z`

    error: expected `field value`, got `modified +5`
     --> s.yaml:9:25
      |
    9 |   - {when: stat, claim: modified +5}
      |                         ^^^^^^^^^^^ a duration needs its unit
      |
      = help: write `+5s` or `+5ms`

    error: expected `field value`, got `type socket`
      --> s.yaml:10:25
       |
    10 |   - {when: list, claim: type socket}
       |                         ^^^^^^^^^^^ a type is `file`, `directory` or `link`
    ");
}

#[test]
fn what_is_repeated_damaged_or_kept_has_its_words() {
    let text = "rules:
  - {when: NOOP, repeat: 0}
  - {when: list, repeat: forever}
  - {when: download, damage: bits}
  - {when: upload, keep: until 5s}
  - {when: upload, keep: after 5}
";
    assert_snapshot!(message(text), @r#"
    error: expected a count or `endless`, got `0`
     --> s.yaml:2:26
      |
    2 |   - {when: NOOP, repeat: 0}
      |                          ^ no times at all
      |
      = help: to say nothing, write `reply: none`; to send nothing, `send: ""`

    error: expected a count or `endless`, got `forever`
     --> s.yaml:3:26
      |
    3 |   - {when: list, repeat: forever}
      |                          ^^^^^^^ neither a count nor `endless`

    error: expected `bit`, `gap`, `echo`, `order`, `short`, `long`, `mac`, `compression` or `ssh-length`, got `bits`
     --> s.yaml:4:30
      |
    4 |   - {when: download, damage: bits}
      |                              ^^^^ unknown word
      |
      = help: did you mean `bit`?

    error: expected `all`, `none`, `lost`, a size, `after 5s` or `for 5s`, got `until 5s`
     --> s.yaml:5:26
      |
    5 |   - {when: upload, keep: until 5s}
      |                          ^^^^^^^^ nothing that can be kept

    error: expected `all`, `none`, `lost`, a size, `after 5s` or `for 5s`, got `after 5`
     --> s.yaml:6:26
      |
    6 |   - {when: upload, keep: after 5}
      |                          ^^^^^^^ a duration needs its unit
      |
      = help: write `5s` or `5ms`
    "#);
}

#[test]
fn a_path_begins_at_the_root() {
    let text = "rules:
  - {when: upload, path: in/*.csv, reply: 550 No}
  - {when: upload, path: '*.csv', reply: 550 No}
  - {when: list, path: /in/, reply: 550 No}
  - {when: list, path: '/in/[', reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: expected a path or a glob of it, got `in/*.csv`
     --> s.yaml:2:26
      |
    2 |   - {when: upload, path: in/*.csv, reply: 550 No}
      |                          ^^^^^^^^ paths begin at the root
      |
      = help: write `/in/*.csv`

    error: expected a path or a glob of it, got `*.csv`
     --> s.yaml:3:26
      |
    3 |   - {when: upload, path: '*.csv', reply: 550 No}
      |                          ^^^^^^^ paths begin at the root
      |
      = help: write `/**/*.csv`

    error: expected a path or a glob of it, got `/in/`
     --> s.yaml:4:24
      |
    4 |   - {when: list, path: /in/, reply: 550 No}
      |                        ^^^^ no path ends in `/`
      |
      = help: write `/in`, or `/in/**` for all below it

    error: expected a path or a glob of it, got `/in/[`
     --> s.yaml:5:24
      |
    5 |   - {when: list, path: '/in/[', reply: 550 No}
      |                        ^^^^^^^ unclosed character class; missing ']'
      |
      = help: `*` is any text but `/`, `**` any at all, `?` one byte, `[ab]` one of these
    ");
}

#[test]
fn a_text_ends_before_a_comment() {
    let text = "rules:
  - when: connect
    limit: 2
    reply: 421 Too many #3 now
    then: close
  - when: PWD
    reply: 550 No # not today
  - when: CWD
    reply: 550 No  # a comment of ours
    at: end # another
";
    assert_snapshot!(message(text), @r#"
    warning: `reply` ends before the `#`
     --> s.yaml:4:25
      |
    4 |     reply: 421 Too many #3 now
      |                         ^^^^^^ this is a comment
      |
      = help: quote the text if this belongs to it: `"421 Too many #…"`; else put two spaces before the `# `

    warning: `reply` ends before the `#`
     --> s.yaml:7:19
      |
    7 |     reply: 550 No # not today
      |                   ^^^^^^^^^^^ this is a comment
      |
      = help: quote the text if this belongs to it: `"550 No #…"`; else put two spaces before the `# `
    "#);
}
