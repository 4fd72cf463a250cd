//! `server`, `users`, `files` and documents. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_server_is_shaped_by_known_words() {
    let text = "server:
  charset: latin1
  rates: 1MiB/s
  ftp:
    greeting: hello
    methods: [password, none]
    listing: mvz
    facts: [type, sise]
    without: [EPSB]
    passive-ports: 30009-30000
    dots: hidden
";
    assert_snapshot!(message(text), @r"
    error: expected `utf-8` or `latin-1`, got `latin1`
     --> s.yaml:2:12
      |
    2 |   charset: latin1
      |            ^^^^^^ unknown word
      |
      = help: did you mean `latin-1`?

    error: unknown key `rates` in `server`
     --> s.yaml:3:3
      |
    3 |   rates: 1MiB/s
      |   ^^^^^ not a word of the language
      |
      = help: did you mean `rate`?

    error: expected `code text`, or a list of lines, got `hello`
     --> s.yaml:5:15
      |
    5 |     greeting: hello
      |               ^^^^^ no code
      |
      = help: write the code first, as `550 text`; what has none goes by `send`, byte for byte

    error: FTP has one way to log in
     --> s.yaml:6:25
      |
    6 |     methods: [password, none]
      |               --------  ^^^^ a second one
      |               |
      |               the first

    error: expected `unix`, `dos`, `eplf`, `mvs`, `os400`, `vms` or `nonstop`, got `mvz`
     --> s.yaml:7:14
      |
    7 |     listing: mvz
      |              ^^^ unknown word
      |
      = help: did you mean `mvs`?

    error: expected `type`, `size`, `modify`, `perm`, `unique`, `unix.mode` or `unix.owner`, got `sise`
     --> s.yaml:8:19
      |
    8 |     facts: [type, sise]
      |                   ^^^^ unknown word
      |
      = help: did you mean `size`?

    error: expected a verb of FTP, got `EPSB`
     --> s.yaml:9:15
      |
    9 |     without: [EPSB]
      |               ^^^^ no verb of FTP
      |
      = help: did you mean `EPSV`?

    error: expected a range of ports, got `30009-30000`
      --> s.yaml:10:20
       |
    10 |     passive-ports: 30009-30000
       |                    ^^^^^^^^^^^ it ends before it begins
       |
       = help: write `30000-30009`

    error: expected `shown` or `none`, got `hidden`
      --> s.yaml:11:11
       |
    11 |     dots: hidden
       |           ^^^^^^ unknown word
    ");
}

#[test]
fn users_have_passwords_and_roots() {
    let text = "users:
  alice: no
  bob: {pasword: x, root: home}
  carol: {keys: [a]}
  alice: x
";
    assert_snapshot!(message(text), @r#"
    error: `no` is not a value here
     --> s.yaml:2:10
      |
    2 |   alice: no
      |          ^^ expected a password, or a map of `password`, `root`, `home` and `files`
      |
      = help: YAML versions differ on it; if you mean the text, quote it: `"no"`

    error: unknown key `pasword` in the user `bob`
     --> s.yaml:3:9
      |
    3 |   bob: {pasword: x, root: home}
      |         ^^^^^^^ not a word of the language
      |
      = help: did you mean `password`?

    error: expected a path, got `home`
     --> s.yaml:3:27
      |
    3 |   bob: {pasword: x, root: home}
      |                           ^^^^ paths begin at the root
      |
      = help: write `/home`

    error: expected a public key, got `a`
     --> s.yaml:4:18
      |
    4 |   carol: {keys: [a]}
      |                  ^ no public key
      |
      = help: write it as its `.pub` file has it: `ssh-ed25519 AAAAC3N…`

    error: `alice` is given twice
     --> s.yaml:5:3
      |
    2 |   alice: no
      |   ----- first given here
    ...
    5 |   alice: x
      |   ^^^^^ again
      |
      = help: keep one of the two
    "#);
}

#[test]
fn files_have_paths_and_one_content() {
    let text = "files:
  in.txt: x
  /a: {size: 10, text: x}
  /b: {permissions: 0755, modified: 2031-01-01}
  /c/: hello
  /d/../e: x
  /f: 42
  /g: {from: x.bin}
  /h: x
  /h/i: x
";
    assert_snapshot!(message(text), @r#"
    error: expected a path, got `in.txt`
     --> s.yaml:2:3
      |
    2 |   in.txt: x
      |   ^^^^^^ paths begin at the root
      |
      = help: write `/in.txt`

    error: expected a size, got `10`
     --> s.yaml:3:14
      |
    3 |   /a: {size: 10, text: x}
      |              ^^ a size needs its unit
      |
      = help: write `10B` or `10KiB`

    error: a file is made in one way only
     --> s.yaml:3:18
      |
    3 |   /a: {size: 10, text: x}
      |        ----      ^^^^ a second one
      |        |
      |        the first

    error: expected nine letters such as `rwxr-x---`, got `0755`
     --> s.yaml:4:21
      |
    4 |   /b: {permissions: 0755, modified: 2031-01-01}
      |                     ^^^^ `0755` is 493 to some readers of YAML and 755 to others
      |
      = help: write `rwxr-xr-x`

    error: expected a date such as `"2031-01-01T00:00:00Z"`, got `2031-01-01`
     --> s.yaml:4:37
      |
    4 |   /b: {permissions: 0755, modified: 2031-01-01}
      |                                     ^^^^^^^^^^ a date needs its time
      |
      = help: write `"2031-01-01T00:00:00Z"`

    error: `/c/` is a directory, and has no text
     --> s.yaml:5:8
      |
    5 |   /c/: hello
      |   ---  ^^^^^ only `permissions`, `modified` and `owner`
      |   |
      |   a path that ends in `/` is a directory
      |
      = help: write `/c/: {}` for the directory, or `/c` for a file

    error: expected a path, got `/d/../e`
     --> s.yaml:6:3
      |
    6 |   /d/../e: x
      |   ^^^^^^^ a path is written out, without `.` and `..`

    error: expected a text, or a map such as `{size: 1MiB}`, got the number `42`
     --> s.yaml:7:7
      |
    7 |   /f: 42
      |       ^^ a text is due here
      |
      = help: quote it: `"42"`

    error: expected the path of a file below the scenario's folder, got `x.bin`
     --> s.yaml:8:14
      |
    8 |   /g: {from: x.bin}
      |              ^^^^^ this scenario is no file
      |
      = help: `from` is read from the folder of a scenario file

    error: `/h` is no directory
      --> s.yaml:10:3
       |
     9 |   /h: x
       |   -- made here
    10 |   /h/i: x
       |   ^^^^ nothing can be below it
    "#);
}

#[test]
fn a_file_stands_in_no_others_way() {
    let text = "files:
  /h: x
  /h/i: x
  /k//l: x
  /k/l: y
";
    assert_snapshot!(message(text), @r"
    error: `/h` is no directory
     --> s.yaml:3:3
      |
    2 |   /h: x
      |   -- made here
    3 |   /h/i: x
      |   ^^^^ nothing can be below it

    error: `/k/l` is given twice
     --> s.yaml:5:3
      |
    4 |   /k//l: x
      |   ----- first given here
    5 |   /k/l: y
      |   ^^^^ again
      |
      = help: keep one of the two
    ");
}

#[test]
fn variants_are_chosen_by_name() {
    let text = "rules: []
---
name: a
rules: []
---
description: no name
---
name: a
---
";
    assert_snapshot!(message(text), @r"
    error: a variant without a name
     --> s.yaml:6:1
      |
    6 | description: no name
      | ^^^^^^^^^^^^^^^^^^^^ the second document and those behind it are chosen by `name`
      |
      = help: write `name: …` in it

    error: two variants are called `a`
     --> s.yaml:8:7
      |
    3 | name: a
      |       - first given here
    ...
    8 | name: a
      |       ^ again

    error: an empty document
     --> s.yaml:9:4
      |
    9 | ---
      |    ^ expected a scenario
      |
      = help: write `description: …` and `rules:`
    ");
}

#[test]
fn rules_are_a_list() {
    let text = "rules: {when: PWD}
";
    assert_snapshot!(message(text), @r"
    error: expected `rules` as a list, got a map
     --> s.yaml:1:8
      |
    1 | rules: {when: PWD}
      |        ^^^^^^^^^^^ each rule begins with `- `
    ");
}

#[test]
fn a_greeting_is_whole() {
    for (greeting, expected) in [
        ("220-Hello", "the greeting never ends"),
        ("[220-Hello, 221 ready]", "the greeting never ends"),
        ("[120 Wait, 5s, 220 Ready]", "a greeting has no pauses"),
        ("none", "a server without a greeting"),
        ("[220-Hello, 220 ready]", "right"),
        ("[120 Wait, 220-Hello, 221 is not it, 220 ready]", "right"),
        (r#""220-Hello\r\n220 ready""#, "right"),
    ] {
        let said = message(&format!("server: {{ftp: {{greeting: {greeting}}}}}\n"));
        assert!(
            said.starts_with(expected) || said.contains(&format!("error: {expected}\n")),
            "{said}"
        );
    }
}

#[test]
fn a_line_of_feat_has_no_blanks_around_it() {
    let said = |feature: &str| message(&format!("server: {{ftp: {{features: [{feature}]}}}}\n"));
    assert_eq!([said("PRET"), said("X a b")], ["right", "right"]);
    assert!(said("\" PRET\"").contains("expected a line of `FEAT`, got ` PRET`"));
}
