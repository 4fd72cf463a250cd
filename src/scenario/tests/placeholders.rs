//! Placeholders, and the point at which a rule acts, where an event has them or not.

use super::message;

/// What is said of a rule.
fn said(rule: &str) -> String {
    message(&format!("rules:\n  - {rule}\n"))
}

#[test]
fn a_placeholder_stands_where_it_has_a_value() {
    for rule in [
        "{when: NOOP, reply: 200 <client> <user> <path> <verb>}",
        "{when: STOR, reply: \"553 <argument>: <name> <size> <modified>\"}",
        "{when: DELE, at: failure, reply: 450 <text>}",
        "{when: passive, reply: \"227 <host-port> <port>\"}",
        "{when: channel, reply: 425 No <port>}",
        "{when: connect, send: \"<client><answer>\"}",
        "{when: SSH_FXP_STAT, send: \"<x0000000965><id><x00000004>\"}",
        "{when: SSH_FXP_OPEN, status: \"4 <argument> <path>\"}",
        "{when: LIST, send: \"total 24\\r\\n<answer>\"}",
    ] {
        assert_eq!(said(rule), "right", "{rule}");
    }
}

#[test]
fn a_placeholder_without_a_value_is_an_error() {
    for (rule, title) in [
        ("{when: NOOP, reply: 200 <port>}", "`<port>` has no value at `NOOP`"),
        ("{when: NOOP, reply: 200 <host-port>}", "`<host-port>` has no value at `NOOP`"),
        ("{when: NOOP, reply: 200 <size>}", "`<size>` has no value at `NOOP`"),
        ("{when: PASS, reply: 530 <argument>}", "`<argument>` has no value at `PASS`"),
        ("{when: login, reply: 530 <argument>}", "`<argument>` has no value at `login`"),
        ("{when: connect, reply: 421 <user>}", "`<user>` has no value at `connect`"),
        ("{when: idle, delay: 5s, reply: 421 <text>}", "`<text>` has no value at `idle`"),
        (
            "{when: SSH_FXP_READ, status: 4 <argument>}",
            "`<argument>` has no value at `SSH_FXP_READ`",
        ),
        ("{when: delete, status: 4 <answer>}", "`<answer>` has no value at `delete`"),
        ("{when: DELE, reply: 450 <id>}", "`<id>` has no value at `DELE`"),
        ("{when: login, protocol: sftp, send: <user>}", "`<user>` has no value at `login`"),
        ("{when: list, claim: longname <port>}", "`<port>` has no value at `list`"),
        ("{when: [DELE, NOOP], reply: 450 <name>}", "`<name>` has no value at `NOOP`"),
    ] {
        let said = said(rule);
        assert!(said.starts_with(&format!("error: {title}")), "{rule}: {said}");
        assert!(said.contains("here are known: `<"), "{rule}: {said}");
    }
}

#[test]
fn a_rule_acts_at_a_point_that_its_event_has() {
    for (rule, title) in [
        ("{when: rename, at: 64KiB, then: close}", "warning: `rename` moves no bytes of a file"),
        ("{when: login, at: 64KiB, then: close}", "warning: `login` moves no bytes of a file"),
        ("{when: DELE, at: 64KiB, then: close}", "warning: `DELE` moves no bytes of a file"),
        ("{when: login, at: failure, reply: 530 No}", "error: `login` does not fail by nature"),
        ("{when: connect, at: failure, then: close}", "error: `connect` does not fail by nature"),
        (
            "{when: upload, at: failure, keep: none, reply: 450 No}",
            "error: `keep` of what has failed",
        ),
    ] {
        let said = said(rule);
        assert!(said.contains(title), "{rule}: {said}");
    }
    for rule in [
        "{when: PWD, at: 4B, then: close}",
        "{when: upload, at: 64KiB, then: close}",
        "{when: any, at: 64KiB, then: close}",
        "{when: [passive, RETR], at: failure, reply: 450 No}",
    ] {
        assert_eq!(said(rule), "right", "{rule}");
    }
}

#[test]
fn a_regular_expression_is_no_glob() {
    for (glob, meant) in [("/in/.*\\.csv$", "/in/*.csv"), ("/in/.*$", "/in/*"), ("/a\\.b", "/a.b")]
    {
        let said = said(&format!("{{when: upload, path: '{glob}', reply: 553 No}}"));
        assert!(said.starts_with("warning: this looks like a regular expression"), "{said}");
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
    for glob in ["/in/.*.swp", "/in/.*", "/in/a.*"] {
        assert_eq!(said(&format!("{{when: upload, path: '{glob}', reply: 553 No}}")), "right");
    }
}
