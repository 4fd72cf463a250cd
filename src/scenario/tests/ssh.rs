//! SSH below SFTP: what can be asked of it, and what is refused with its reason.

use crate::scenario::{Source, read};

/// Of the family K of the reference: those that can be had, each as it is written there or better.
const FRAGMENTS: &[&str] = &[
    "{when: connect, protocol: sftp, then: stall}",
    "{when: connect, protocol: sftp, delay: 30s}",
    "{when: connect, protocol: sftp, send: \"Welcome\\r\\n<answer>\"}",
    "{when: connect, protocol: sftp, send: \"noise\\r\\n\", repeat: 5000}",
    "{when: connect, protocol: sftp, send: \"Exceeded MaxStartups\\r\\n\", then: close}",
    "server: {ssh: {identification: SSH-1.99-old}}",
    "{when: connect, protocol: sftp, send: \"SSH-2.0-<300B>\\n\"}",
    "{when: SSH_MSG_KEXINIT, then: close}",
    "{when: SSH_MSG_KEXINIT, at: end, send: <answer>, then: close}",
    "{when: SSH_MSG_NEWKEYS, then: reset}",
    "server: {ssh: {kex: [diffie-hellman-group1-sha1], host-keys: [ssh-rsa]}}",
    "server: {ssh: {ciphers: [3des-cbc], macs: [hmac-md5]}}",
    "{when: handshake, protocol: sftp, skip: 1, host-key: changed}",
    "{when: handshake, protocol: sftp, host-key: bad-signature}",
    "server: {ssh: {signatures: []}}",
    "{when: SSH_MSG_KEXINIT, send: [SSH_MSG_IGNORE, <answer>]}",
    "{when: login, then: disconnect 12 Too many connections}",
    "{when: handshake, protocol: sftp, then: disconnect 77 <xFF>}",
    "server: {ssh: {rekey: 1MiB}}",
    "{when: SSH_MSG_KEXINIT, per: connection, skip: 1, then: stall}",
    "server: {ssh: {methods: [publickey]}}",
    "{when: login, method: publickey, send: SSH_MSG_USERAUTH_FAILURE}",
    "{when: login, method: publickey, at: end, send: SSH_MSG_USERAUTH_FAILURE}",
    "{when: login, method: publickey, argument: ssh-rsa, send: SSH_MSG_USERAUTH_FAILURE}",
    "server: {ssh: {methods: [publickey+password]}}",
    "{when: login, at: end, send: SSH_MSG_USERAUTH_FAILURE partial password}",
    "{when: denied, skip: 5, per: connection, then: disconnect 2 Too many authentication failures}",
    "{when: login, delay: 20s}",
    "{when: login, protocol: sftp, status: none}",
    "server: {grace: 10s}",
    "server: {ssh: {banner: hello <64KiB>}}",
    "{when: login, at: end, send: <answer>, then: close}",
    "server: {ssh: {methods: [keyboard-interactive], prompts: [\"Password:\", \"OTP:\"]}}",
    "server: {ssh: {methods: [keyboard-interactive], prompts: []}}",
    "server: {ssh: {methods: [none]}}",
    "{when: channel, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4 no more sessions}",
    "{when: channel, per: connection, limit: 1, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4 no more sessions}",
    "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, send: SSH_MSG_CHANNEL_FAILURE}",
    "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, status: none}",
    "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, at: end, send: <answer>, then: exit 127}",
    "{when: SSH_FXP_INIT, then: exit TERM}",
    "{when: SSH_FXP_INIT, send: \"Today is Saturday\\r\\n<answer>\"}",
    "server: {ssh: {window: 0B, packet: 1KiB}}",
    "{when: SSH_MSG_CHANNEL_EOF, data: cut}",
    "{when: idle, delay: 5m, then: disconnect 11 Idle timeout}",
];

fn errors(fragment: &str) -> Option<String> {
    let text = if fragment.starts_with("server:") {
        format!("{fragment}\n")
    } else {
        format!("rules:\n  - {fragment}\n")
    };
    read(&Source::inline("s.yaml", &text)).err().map(|problems| problems.to_string())
}

#[test]
fn every_fragment_that_can_be_had_is_right() {
    for fragment in FRAGMENTS {
        assert_eq!(errors(fragment), None, "{fragment}");
    }
}

#[test]
fn what_cannot_be_had_is_refused_with_the_reason() {
    for (fragment, reason) in [
        (
            "{when: login, send: SSH_MSG_USERAUTH_PASSWD_CHANGEREQ Password expired}",
            "by `prompts` of `keyboard-interactive`",
        ),
        ("{when: login, send: SSH_MSG_IGNORE x}", "only while all is in clear"),
        (
            "{when: login, at: end, send: [SSH_MSG_USERAUTH_BANNER x]}",
            "`server: {ssh: {banner: text}}`",
        ),
        ("{when: login, send: [5s, SSH_MSG_USERAUTH_FAILURE]}", "`delay: 5s` waits before it"),
        ("{when: login, protocol: sftp, send: [a, 5s, b]}", "`delay: 5s` waits before it"),
        ("{when: SSH_MSG_CHANNEL_REQUEST, rate: 1B/s}", "slows nothing"),
        ("{when: handshake, protocol: sftp, chunk: 1B}", "slows nothing"),
        ("{when: idle, protocol: sftp, delay: 5s, data: stall}", "no channel to end"),
        ("{when: download, send: [a, 5s, b]}", "no pause can be made in a content"),
        ("{when: login, then: disconnect 77 Bye}", "1 to 15"),
        ("{when: login, then: disconnect 11 <xFF>}", "no UTF-8"),
        ("{when: login, then: exit 1}", "nothing runs that could exit"),
        ("{when: upload, protocol: sftp, host-key: changed}", "no host key is shown"),
        ("{when: SSH_MSG_NEWKEYS, delay: 1s}", "can only end"),
        ("{when: SSH_MSG_GLOBAL_REQUEST, then: close}", "answers it by itself"),
        ("{when: channel, protocol: sftp, status: 4 No}", "is not answered by a status"),
        ("server: {ssh: {rekey: 2GiB}}", "at most 1GiB"),
        ("server: {ssh: {kex: [\"a,b\"]}}", "no name of an algorithm"),
    ] {
        let said = errors(fragment).unwrap_or_default();
        assert!(
            said.contains(reason),
            "{fragment} should be refused with {reason:?}, got:\n{said}"
        );
    }
}
