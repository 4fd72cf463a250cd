//! The fragments of the family K of the scenario language's reference, below SFTP, each as it is written there or
//! better: a server takes it, and a client sees it.

use std::io::Read;
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use super::below::{BY_TIMEOUT, By, CLOSED};
use super::table;
use crate::badftp::Badftp;
use crate::run::run;
use crate::sftp::clients::{sftp, sftp_by};
use crate::sftp::{badftp, desk};

/// A fragment's name, itself, a client, its exit code, and what is in its words.
type Fragment = (&'static str, &'static str, By<'static>, i32, &'static str);

const SFTP: By<'static> = By::Sftp(&[]);
const FILE: &str = "[4194304 bytes]";
const DENIED: &str = "Permission denied (publickey,password,keyboard-interactive).";

/// Without strict key exchange, in which nothing may come between, and with a cipher that does not count packets: of ours
/// in clear the library that speaks SSH knows nothing.
const LAX: &str = "server: {ssh: {kex: [curve25519-sha256], ciphers: [aes128-gcm@openssh.com]}}\n";

const SEEN: &[Fragment] = &[
    (
        "K1 none",
        "{when: connect, protocol: sftp, then: stall}",
        SFTP,
        255,
        "timed out during banner exchange",
    ),
    (
        "K1 late",
        "{when: connect, protocol: sftp, delay: 30s}",
        SFTP,
        255,
        "timed out during banner exchange",
    ),
    ("K2", r#"{when: connect, protocol: sftp, send: "Welcome\r\n<answer>"}"#, SFTP, 0, FILE),
    (
        "K2 too many",
        r#"{when: connect, protocol: sftp, send: "noise\r\n", repeat: 5000}"#,
        SFTP,
        255,
        "first 1024 lines",
    ),
    (
        "K2 MaxStartups",
        r#"{when: connect, protocol: sftp, send: "Exceeded MaxStartups\r\n", then: close}"#,
        SFTP,
        255,
        CLOSED,
    ),
    ("K3", "server: {ssh: {identification: SSH-1.99-old}}", SFTP, 0, FILE),
    ("K3 LF, long", r#"{when: connect, protocol: sftp, send: "SSH-2.0-<300B>\n"}"#, SFTP, 0, FILE),
    ("K4 banner", "{when: SSH_MSG_KEXINIT, then: close}", SFTP, 255, CLOSED),
    (
        "K4 KEXINIT",
        "{when: SSH_MSG_KEXINIT, at: end, send: <answer>, then: close}",
        SFTP,
        255,
        CLOSED,
    ),
    ("K4 NEWKEYS", "{when: SSH_MSG_NEWKEYS, then: reset}", SFTP, 255, "Connection reset by host"),
    (
        "K5",
        "server: {ssh: {kex: [diffie-hellman-group1-sha1], host-keys: [ssh-rsa]}}",
        SFTP,
        255,
        "no matching key exchange method found. Their offer: diffie-hellman-group1-sha1",
    ),
    (
        "K5 cipher, MAC",
        "server: {ssh: {ciphers: [3des-cbc], macs: [hmac-md5]}}",
        SFTP,
        255,
        "no matching cipher found. Their offer: 3des-cbc",
    ),
    (
        "K6 bad signature",
        "{when: handshake, protocol: sftp, host-key: bad-signature}",
        SFTP,
        255,
        "incorrect signature",
    ),
    ("K7", "server: {ssh: {signatures: []}}", SFTP, 255, DENIED),
    (
        "K8",
        "{when: SSH_MSG_KEXINIT, send: [SSH_MSG_IGNORE, <answer>]}",
        SFTP,
        255,
        "strict KEX violation",
    ),
    (
        "K10",
        "{when: login, then: disconnect 12 Too many connections}",
        SFTP,
        255,
        ":12: Too many connections",
    ),
    (
        "K10 bad text",
        "{when: handshake, protocol: sftp, then: disconnect 11 <xFF>}",
        SFTP,
        255,
        r"host:11: \377",
    ),
    ("K11", "server: {ssh: {rekey: 1MiB}}", SFTP, 0, FILE),
    (
        "K12",
        "{when: handshake, protocol: sftp, send: [SSH_MSG_IGNORE <32KiB>, <answer>], repeat: 1000}",
        SFTP,
        0,
        FILE,
    ),
    (
        "K13 unanswered",
        "{when: download, protocol: sftp, at: 32KiB, then: stall}",
        By::Sftp(&["-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1"]),
        255,
        "Timeout, server",
    ),
    (
        "K14",
        "{when: handshake, protocol: sftp, send: [SSH_MSG_192, <answer>]}",
        SFTP,
        255,
        "Protocol error",
    ),
    (
        "K15",
        "server: {ssh: {methods: [publickey]}}",
        By::Paramiko("password:frog"),
        1,
        "allowed types: ['publickey']",
    ),
    (
        "K16 probe",
        "{when: login, method: publickey, send: SSH_MSG_USERAUTH_FAILURE}",
        SFTP,
        255,
        DENIED,
    ),
    (
        "K16 after signature",
        "{when: login, method: publickey, at: end, send: SSH_MSG_USERAUTH_FAILURE}",
        SFTP,
        255,
        DENIED,
    ),
    (
        "K18",
        "server: {ssh: {methods: [publickey+password]}}",
        SFTP,
        255,
        "Permission denied (password).",
    ),
    (
        "K18 loop",
        "{when: login, at: end, send: SSH_MSG_USERAUTH_FAILURE partial password}",
        SFTP,
        255,
        "Permission denied (password).",
    ),
    ("K20 delay", "{when: login, delay: 20s}", SFTP, BY_TIMEOUT, ""),
    ("K21", "server: {ssh: {banner: hello <64KiB>}}", SFTP, 0, "hello xxx"),
    (
        "K22 expired",
        "{when: login, at: end, send: <answer>, then: close}",
        SFTP,
        255,
        "closed by remote host",
    ),
    (
        "K23",
        r#"server: {ssh: {methods: [keyboard-interactive], prompts: ["Password:", "OTP:"]}}"#,
        By::Paramiko("keyboard:frog:123456"),
        0,
        "null",
    ),
    (
        "K23 none",
        "server: {ssh: {methods: [keyboard-interactive], prompts: []}}",
        By::Paramiko("keyboard:"),
        0,
        "null",
    ),
    ("K24", "server: {ssh: {methods: [none]}}", SFTP, 0, FILE),
    (
        "K25",
        "{when: channel, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4 no more sessions}",
        SFTP,
        255,
        "channel 0: open failed: resource shortage: no more sessions",
    ),
    (
        "K26 FAILURE",
        "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, send: SSH_MSG_CHANNEL_FAILURE}",
        SFTP,
        255,
        "subsystem request failed on channel 0",
    ),
    (
        "K26 no reply",
        "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, status: none}",
        SFTP,
        BY_TIMEOUT,
        "",
    ),
    (
        "K26 exit",
        "{when: SSH_MSG_CHANNEL_REQUEST, argument: subsystem*, at: end, send: <answer>, then: exit 127}",
        SFTP,
        255,
        "Connection closed",
    ),
    ("K26 signal", "{when: SSH_FXP_INIT, then: exit TERM}", SFTP, 255, "Connection closed"),
    (
        "K27",
        r#"{when: SSH_FXP_INIT, send: "Today is Saturday\r\n<answer>"}"#,
        SFTP,
        255,
        "Received message too long 1416586337",
    ),
    ("K28", "server: {ssh: {window: 0B, packet: 1KiB}}", SFTP, BY_TIMEOUT, ""),
    (
        "K29 after EOF",
        "{when: SSH_FXP_READ, skip: 3, send: [SSH_MSG_CHANNEL_EOF, <answer>]}",
        SFTP,
        BY_TIMEOUT,
        "bytes]",
    ),
    (
        "K30 EOF",
        "{when: download, protocol: sftp, at: 64KiB, data: eof}",
        SFTP,
        BY_TIMEOUT,
        "[65536 bytes]",
    ),
    (
        "K30 CLOSE",
        "{when: download, protocol: sftp, at: 64KiB, data: close}",
        SFTP,
        255,
        "Connection closed",
    ),
    (
        "K31",
        "{when: SSH_FXP_READ, send: [SSH_MSG_CHANNEL_EXTENDED_DATA noise, <answer>]}",
        SFTP,
        0,
        "noise",
    ),
];

/// Those that more than one client or file is needed for, and the tests that show them.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("K6 changed", "hostkey_changed.rs", "skip: 1, host-key: changed"),
    ("K11 never ends", "rekey.rs", "per: connection, skip: 1, then: stall"),
    ("K17", "auth_rsa_sha2.rs", "argument: ssh-rsa, send: SSH_MSG_USERAUTH_FAILURE"),
    ("K19", "auth_too_many.rs", "skip: 5, then: disconnect 2 Too many authentication failures"),
    (
        "K25 k-th",
        "channel_refused.rs",
        "limit: 1, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4 no more sessions",
    ),
    ("K32 idle", "idle_disconnect.rs", "then: \"disconnect 11 Idle timeout, goodbye\""),
];

/// A scenario of one fragment, and a file to get.
fn scenario(fragment: &str) -> String {
    let files = "files: {/a.bin: {size: 4MiB}}\n";
    let lax = if fragment.contains("SSH_MSG_IGNORE <") { LAX } else { "" };
    if fragment.starts_with("server:") {
        format!("{files}{fragment}\n")
    } else {
        format!("{files}{lax}rules:\n  - {fragment}\n")
    }
}

#[test]
#[ignore = "needs sftp and paramiko: tests/run"]
fn every_fragment_is_seen_by_a_client() {
    let wrong = SEEN.iter().filter_map(|(name, fragment, by, exit, words)| {
        let shown = by.gets(&badftp(&Badftp::sftp_with_yaml(&scenario(fragment))));
        let right = shown.0 == *exit && shown.1.contains(words);
        (!right).then(|| format!("{name}: {fragment}\n  {shown:?}\n"))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_others_are_shipped_and_shown() {
    for (name, test, fragment) in ELSEWHERE {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(root.join("tests/it/scenarios/sftp").join(test).exists(), "{name}: {test}");
        let shipped = format!("scenarios/sftp/{}", test.replace('_', "-").replace(".rs", ".yaml"));
        let shipped = std::fs::read_to_string(root.join(shipped)).expect("a test has a scenario");
        assert!(shipped.contains(fragment), "{name}: {fragment}");
    }
}

/// K20: nobody is waited for without end.
#[test]
fn a_client_that_does_not_log_in_in_time_is_left() {
    let server = Badftp::sftp_with_yaml("server: {grace: 1s}\n");
    let mut client = TcpStream::connect(badftp(&server).address).expect("it listens");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("our own socket can be configured");
    let mut said = String::new();
    client.read_to_string(&mut said).expect("it is closed in good order");
    assert!(said.starts_with("SSH-2.0-"), "{said}");
}

/// K28: the window is never adjusted, though keepalives are answered.
#[test]
#[ignore = "needs sftp: tests/run"]
fn an_upload_waits_for_a_window_that_never_comes() {
    let rule = "{when: upload, protocol: sftp, at: 64KiB, data: stall}";
    let server = Badftp::sftp_with_yaml(&format!("rules:\n  - {rule}\n"));
    let desk = desk();
    desk.write("up", vec![b'x'; 10_000_000]);
    let mut command = desk.command("timeout");
    command.args(["4", "sftp"]);
    let keepalive = ["-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1"];
    let shown = sftp_by(command, &desk, &badftp(&server), &keepalive, "put up");
    assert_eq!(shown.exit, BY_TIMEOUT, "{shown}");
}

/// K32: so long after the login, whatever the client does.
#[test]
#[ignore = "needs sftp: tests/run"]
fn a_connection_ends_after_its_time() {
    let rule = "{when: login, protocol: sftp, at: end, send: <answer>, then: close 2s}";
    let server = Badftp::sftp_with_yaml(&format!("rules:\n  - {rule}\n"));
    let shown = sftp(&table(), &badftp(&server), &[], "put up /1\n!sleep 3\nput up /2\n");
    assert!(shown.exit != 0 && shown.stderr.contains("closed by remote host"), "{shown}");
}

/// What the library that speaks SSH cannot do is refused.
#[test]
fn what_cannot_be_had_is_refused() {
    for (name, fragment) in [
        (
            "K6 rotation",
            "{when: login, at: end, send: [<answer>, SSH_MSG_GLOBAL_REQUEST hostkeys-00@openssh.com]}",
        ),
        ("K9 MAC", "{when: download, protocol: sftp, at: 64KiB, damage: mac}"),
        ("K9 length", "{when: SSH_FXP_READ, skip: 2, damage: ssh-length}"),
        ("K9 compression", "{when: SSH_FXP_READ, skip: 2, damage: compression}"),
        ("K10 bad text", "{when: login, then: disconnect 11 <xFF>}"),
        ("K12", "{when: login, send: SSH_MSG_IGNORE <32KiB>, repeat: 10000}"),
        ("K13 unanswered", "{when: SSH_MSG_GLOBAL_REQUEST, argument: keepalive*, status: none}"),
        ("K13 late", "{when: SSH_MSG_GLOBAL_REQUEST, delay: 60s}"),
        ("K13 closes", "{when: SSH_MSG_GLOBAL_REQUEST, then: close}"),
        ("K14", "{when: login, at: end, send: [<answer>, SSH_MSG_192]}"),
        ("K21 bad text", "server: {ssh: {banner: hello <xFF><64KiB>}}"),
        ("K21 late", "{when: login, at: end, send: [SSH_MSG_USERAUTH_BANNER hello, <answer>]}"),
        (
            "K22 change",
            "{when: login, method: password, send: SSH_MSG_USERAUTH_PASSWD_CHANGEREQ Password expired}",
        ),
        ("K29 past window", "{when: SSH_FXP_READ, skip: 3, send: SSH_MSG_CHANNEL_DATA <4MiB>}"),
        ("K29 double", "{when: SSH_FXP_READ, skip: 3, send: SSH_MSG_CHANNEL_CLOSE, repeat: 2}"),
    ] {
        let desk = desk();
        desk.write("s.yaml", scenario(fragment));
        let mut check = desk.command(env!("CARGO_BIN_EXE_badftp"));
        let shown = run(check.args(["check", "s.yaml"]));
        assert!(shown.exit == 2 && !shown.stderr.is_empty(), "{name}: {shown}");
    }
}
