//! What the laws of the language forbid. Each kind of bad scenario, with the whole message.

use insta::assert_snapshot;

use super::message;

#[test]
fn a_rule_is_about_an_event() {
    let text = "rules:
  - {reply: 550 No}
";
    assert_snapshot!(message(text), @r"
    error: a rule without `when`
     --> s.yaml:2:5
      |
    2 |   - {reply: 550 No}
      |     ^^^^^^^^^^^^^^^ what event is this about?
      |
      = help: write `when: upload`, or another event
    ");
}

#[test]
fn a_verb_is_not_answered_by_a_status() {
    let text = "rules:
  - {when: STOR, status: 4 Failure}
";
    assert_snapshot!(message(text), @r"
    error: `status` speaks SFTP, and `STOR` is a verb of FTP
     --> s.yaml:2:18
      |
    2 |   - {when: STOR, status: 4 Failure}
      |            ----  ^^^^^^ FTP is answered by `reply`
      |            |
      |            only in FTP
      |
      = help: write `reply: 550 text`, or the event in lower case: `upload`, `delete`
    ");
}

#[test]
fn a_moment_is_not_answered_by_a_status() {
    let text = "rules:
  - {when: connect, reply: 421 No, status: 4 Failure}
";
    assert_snapshot!(message(text), @r"
    error: `connect` is not answered by a status
     --> s.yaml:2:36
      |
    2 |   - {when: connect, reply: 421 No, status: 4 Failure}
      |            ------- this is none    ^^^^^^ a status answers requests on files
    ");
}

#[test]
fn an_answer_is_spoken_in_the_protocols_of_its_rule() {
    let text = "rules:
  - {when: upload, protocol: sftp, reply: 550 No}
  - {when: upload, protocol: [ftp, ftps], reply: 550 No, status: 4 No}
";
    assert_snapshot!(message(text), @r"
    error: `reply` speaks FTP, but the rule is for `sftp`
     --> s.yaml:2:36
      |
    2 |   - {when: upload, protocol: sftp, reply: 550 No}
      |                              ----  ^^^^^ never said there
      |                              |
      |                              SFTP is answered by `status`

    error: `status` speaks SFTP, but the rule is for `ftp`
     --> s.yaml:3:58
      |
    3 |   - {when: upload, protocol: [ftp, ftps], reply: 550 No, status: 4 No}
      |                               ---                        ^^^^^^ never said there
      |                               |
      |                               FTP is answered by `reply`

    error: `status` speaks SFTP, but the rule is for `ftps`
     --> s.yaml:3:58
      |
    3 |   - {when: upload, protocol: [ftp, ftps], reply: 550 No, status: 4 No}
      |                                    ----                  ^^^^^^ never said there
      |                                    |
      |                                    FTP is answered by `reply`
    ");
}

#[test]
fn a_protocol_without_the_event_never_matches() {
    let text = "rules:
  - {when: PASV, protocol: sftp, delay: 1s}
";
    assert_snapshot!(message(text), @r"
    error: `PASV` never happens in `sftp`
     --> s.yaml:2:28
      |
    2 |   - {when: PASV, protocol: sftp, delay: 1s}
      |            ----            ^^^^ this can never match
      |            |
      |            only in `ftp` or `ftps`
    ");
}

#[test]
fn one_answer_is_given() {
    let text = r#"rules:
  - {when: PWD, send: "257 a\r\n", reply: 257 b}
"#;
    assert_snapshot!(message(text), @r#"
    error: two answers: `send` takes the place of `reply`
     --> s.yaml:2:17
      |
    2 |   - {when: PWD, send: "257 a\r\n", reply: 257 b}
      |                 ^^^^               ----- the other
      |                 |
      |                 only one of them can be said
      |
      = help: a `send` of several texts is a list
    "#);
}

#[test]
fn a_data_connection_is_ended_where_there_is_one() {
    let text = "rules:
  - {when: PWD, data: reset}
  - {when: passive, data: reset}
  - {when: download, data: refuse}
  - {when: [passive, download], data: elsewhere}
";
    assert_snapshot!(message(text), @r"
    error: `PWD` has no data connection
     --> s.yaml:2:17
      |
    2 |   - {when: PWD, data: reset}
      |            ---  ^^^^ nothing to end
      |            |
      |            this is answered on the control connection
      |
      = help: how the session ends is written `then`

    error: at `passive`, there is no data connection yet
     --> s.yaml:3:27
      |
    3 |   - {when: passive, data: reset}
      |            -------        ^^^^^ nothing to end
      |            |
      |            this only arranges it
      |
      = help: the data connection being made is `when: channel`; `data: refuse` here is about its port

    error: `data: refuse` is about the port of a data connection
     --> s.yaml:4:28
      |
    4 |   - {when: download, data: refuse}
      |            --------        ^^^^^^ no port is announced here
      |            |
      |            write `passive` or `active`

    error: `data: elsewhere` is for connections that we make
     --> s.yaml:5:39
      |
    5 |   - {when: [passive, download], data: elsewhere}
      |             ------- write `active`    ^^^^^^^^^ where the client connects to is its own choice
      |
      = help: a wrong address or port is announced by `claim` at `passive`

    error: `data: elsewhere` is for connections that we make
     --> s.yaml:5:39
      |
    5 |   - {when: [passive, download], data: elsewhere}
      |                      --------         ^^^^^^^^^ where the client connects to is its own choice
      |                      |
      |                      write `active`
      |
      = help: a wrong address or port is announced by `claim` at `passive`
    ");
}

#[test]
fn what_stores_nothing_keeps_nothing() {
    let text = "rules:
  - {when: list, keep: none}
  - {when: rename, keep: 5B}
  - {when: delete, keep: for 5s}
  - {when: download, keep: after 5s}
  - {when: [SIZE, append], keep: lost}
";
    assert_snapshot!(message(text), @r"
    error: `list` leaves nothing on the server
     --> s.yaml:2:18
      |
    2 |   - {when: list, keep: none}
      |            ----  ^^^^ nothing to keep
      |            |
      |            this changes no file

    error: `rename` moves no bytes that could be cut or filled
     --> s.yaml:3:26
      |
    3 |   - {when: rename, keep: 5B}
      |            ------        ^^ not to be had here
      |            |
      |            of this

    error: `delete` leaves nothing that could be gone later
     --> s.yaml:4:26
      |
    4 |   - {when: delete, keep: for 5s}
      |            ------        ^^^^^^ not to be had here
      |            |
      |            of this

    error: `download` brings nothing that could show later
     --> s.yaml:5:28
      |
    5 |   - {when: download, keep: after 5s}
      |            --------        ^^^^^^^^ not to be had here
      |            |
      |            of this

    error: `SIZE` leaves nothing on the server
     --> s.yaml:6:28
      |
    6 |   - {when: [SIZE, append], keep: lost}
      |             ----           ^^^^ nothing to keep
      |             |
      |             this changes no file
    ");
}

#[test]
fn a_claim_needs_its_field() {
    let text = "rules:
  - {when: list, claim: address 10.0.0.1}
  - {when: EPSV, claim: address 10.0.0.1}
  - {when: PASV, claim: port 1, reply: 227 <host-port>}
  - {when: [SIZE, NLST], claim: modified +5h}
  - {when: MDTM, claim: name x}
  - {when: upload, claim: size none}
";
    assert_snapshot!(message(text), @r"
    error: the answer to `list` has no address
     --> s.yaml:2:25
      |
    2 |   - {when: list, claim: address 10.0.0.1}
      |            ----         ^^^^^^^^^^^^^^^^ nothing to lie about
      |            |
      |            only `passive`, `active`, `PASV`, `PORT` or `EPRT` have it

    error: the answer to `EPSV` has no address
     --> s.yaml:3:25
      |
    3 |   - {when: EPSV, claim: address 10.0.0.1}
      |            ----         ^^^^^^^^^^^^^^^^ nothing to lie about
      |            |
      |            only `passive`, `active`, `PASV`, `PORT` or `EPRT` have it

    warning: this claim is never said
     --> s.yaml:4:25
      |
    4 |   - {when: PASV, claim: port 1, reply: 227 <host-port>}
      |                         ^^^^^^  ----- which this replaces
      |                         |
      |                         it changes the true answer
      |
      = help: leave `reply` out, or write `<answer>` into it

    error: the answer to `SIZE` has no time
     --> s.yaml:5:33
      |
    5 |   - {when: [SIZE, NLST], claim: modified +5h}
      |             ----                ^^^^^^^^^^^^ nothing to lie about
      |             |
      |             only `stat`, `list`, `MLST`, `MLSD`, `LIST`, `STAT`, `SSH_FXP_STAT`, `SSH_FXP_LSTAT`, `SSH_FXP_FSTAT`, `SSH_FXP_OPENDIR`, `SSH_FXP_READDIR` or `MDTM` have it

    error: the answer to `NLST` has no time
     --> s.yaml:5:33
      |
    5 |   - {when: [SIZE, NLST], claim: modified +5h}
      |                   ----          ^^^^^^^^^^^^ nothing to lie about
      |                   |
      |                   only `stat`, `list`, `MLST`, `MLSD`, `LIST`, `STAT`, `SSH_FXP_STAT`, `SSH_FXP_LSTAT`, `SSH_FXP_FSTAT`, `SSH_FXP_OPENDIR`, `SSH_FXP_READDIR` or `MDTM` have it

    error: the answer to `MDTM` has no name
     --> s.yaml:6:25
      |
    6 |   - {when: MDTM, claim: name x}
      |            ----         ^^^^^^ nothing to lie about
      |            |
      |            only `list`, `SSH_FXP_OPENDIR`, `SSH_FXP_READDIR`, `SSH_FXP_REALPATH`, `SSH_FXP_READLINK`, `stat`, `MLST`, `MLSD`, `LIST`, `NLST` or `STAT` have it

    error: the answer to `upload` has no size
     --> s.yaml:7:27
      |
    7 |   - {when: upload, claim: size none}
      |            ------         ^^^^^^^^^ nothing to lie about
      |            |
      |            only `SIZE`, `stat`, `list`, `MLST`, `MLSD`, `LIST`, `STAT`, `SSH_FXP_STAT`, `SSH_FXP_LSTAT`, `SSH_FXP_FSTAT`, `SSH_FXP_OPENDIR` or `SSH_FXP_READDIR` have it
    ");
}

#[test]
fn what_is_not_said_is_neither_repeated_nor_damaged() {
    let text = "rules:
  - {when: NOOP, reply: none, repeat: 2}
  - {when: PWD, reply: none, damage: bit}
  - {when: download, at: end, damage: gap}
";
    assert_snapshot!(message(text), @r"
    error: `repeat` of an answer that is not given
     --> s.yaml:2:31
      |
    2 |   - {when: NOOP, reply: none, repeat: 2}
      |                  -----        ^^^^^^ nothing is said
      |                  |
      |                  because of this

    error: `damage` of an answer that is not given
     --> s.yaml:3:30
      |
    3 |   - {when: PWD, reply: none, damage: bit}
      |                 -----        ^^^^^^ nothing is said
      |                 |
      |                 because of this

    error: at the end, no byte is left to be damaged
     --> s.yaml:4:39
      |
    4 |   - {when: download, at: end, damage: gap}
      |                      --               ^^^ nothing to break
      |                      |
      |                      all is done there
      |
      = help: leave `at` out for the first byte, or write `at: 64KiB`
    ");
}

#[test]
fn bytes_of_nothing_never_arrive() {
    let text = "rules:
  - {when: download, chunk: 0B}
  - {when: list, rate: 0B/s}
";
    assert_snapshot!(message(text), @r"
    error: `chunk: 0B` would never send anything
     --> s.yaml:2:29
      |
    2 |   - {when: download, chunk: 0B}
      |                             ^^ at least one byte
      |
      = help: write `data: stall`, or `then: stall`

    error: expected a size per second, got `0B/s`
     --> s.yaml:3:24
      |
    3 |   - {when: list, rate: 0B/s}
      |                        ^^^^ nothing would ever move
      |
      = help: write `data: stall`, or `then: stall`
    ");
}

#[test]
fn a_session_is_new_or_resumed_where_that_is_known() {
    let text = "rules:
  - {when: [channel, download], tls: new, reply: 425 No}
  - {when: [handshake, USER], tls: resumed, then: close}
  - {when: [connect, channel], tls: [new, resumed], then: close}
  - {when: [channel, upload, PASS], tls: [new, resumed], then: close}
";
    assert_snapshot!(message(text), @r"
    error: `download` is asked before its data connection is made
     --> s.yaml:2:38
      |
    2 |   - {when: [channel, download], tls: new, reply: 425 No}
      |                      --------        ^^^ not known yet
      |                      |
      |                      write `tls: [new, resumed]` for any TLS
      |
      = help: a session is told to be new or resumed at `channel`, when its TLS begins

    error: `handshake` never happens over this `tls`
     --> s.yaml:3:36
      |
    3 |   - {when: [handshake, USER], tls: resumed, then: close}
      |             ---------              ^^^^^^^ this can never match
      |             |
      |             each control connection begins a session of its own
      |
      = help: a session is told to be new or resumed at `channel`, when its TLS begins

    error: `USER` never happens over this `tls`
     --> s.yaml:3:36
      |
    3 |   - {when: [handshake, USER], tls: resumed, then: close}
      |                        ----        ^^^^^^^ this can never match
      |                        |
      |                        its TLS is the control connection's, which begins a session of its own
      |
      = help: a session is told to be new or resumed at `channel`, when its TLS begins

    error: `connect` never happens over this `tls`
     --> s.yaml:4:37
      |
    4 |   - {when: [connect, channel], tls: [new, resumed], then: close}
      |             -------                 ^^^^^^^^^^^^^^ this can never match
      |             |
      |             the connection is made before TLS
      |
      = help: a session is told to be new or resumed at `channel`, when its TLS begins
    ");
}

/// What only a request of SFTP carries, asked of what is none or has not got there yet.
#[test]
fn filters_on_what_requests_carry() {
    for (sentence, why) in [
        (
            "rules: [{when: upload, order: random, status: 4}]",
            "`order` filters what `upload` never carries",
        ),
        (
            "rules: [{when: upload, length: 1B+, offset: 0B, status: 4}]",
            "`offset` filters what `upload` never carries",
        ),
        (
            "rules: [{when: STOR, flags: EXCL, reply: 550}]",
            "`flags` filters what `STOR` never carries",
        ),
        (
            "rules: [{when: stat, flags: EXCL, status: 4}]",
            "`flags` filters what `stat` never carries",
        ),
        (
            "rules: [{when: rename, attributes: size, status: 4}]",
            "`attributes` filters what `rename` never carries",
        ),
        (
            "rules: [{when: upload, flags: EXCL, reply: 550}]",
            "`flags` is known of SFTP's requests alone",
        ),
        (
            "rules: [{when: upload, protocol: ftp, flags: EXCL, delay: 1s}]",
            "`flags` is known of SFTP's requests alone",
        ),
        ("rules: [{when: upload, flags: CREATE, status: 4}]", "did you mean `CREAT`?"),
        (
            "rules: [{when: setstat, attributes: mode, status: 4}]",
            "the attributes are size, owner, permissions, accessed, modified",
        ),
        ("expect: [{when: STOR, order: random}]", "`STOR` has no order"),
        ("expect: [{when: delete, length: 1B+}]", "`delete` has no length"),
        ("server: {sftp: {ignored-flags: [APEND]}}", "did you mean `APPEND`?"),
    ] {
        let said = message(sentence);
        assert!(said.contains(why), "{sentence}\n{said}");
    }
    for right in [
        "rules: [{when: [SSH_FXP_READ, SSH_FXP_WRITE], offset: 1B+, length: 0B-9B, order: [sequential, random], status: 4}]",
        "rules: [{when: SSH_FXP_OPEN, flags: [READ+WRITE, EXCL], status: 3}]",
        "rules: [{when: any, attributes: [size, permissions rw-*], status: 3}]",
        "rules: [{when: SSH_FXP_EXTENDED, argument: lsetstat*, attributes: modified, status: 3}]",
        "expect: [{when: upload, flags: EXCL, order: random, length: 32769B+, offset: 1B+, times: 0}]",
        "expect: [{when: setstat, attributes: permissions rw-------}]",
        "server: {sftp: {ignored-flags: [APPEND, EXCL], requests: at-once}}",
    ] {
        assert_eq!(message(right), "right", "{right}");
    }
}
