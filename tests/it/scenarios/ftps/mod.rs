//! The FTPS scenarios. What curl must show is what it is known to show of such servers (the exit code and its own
//! words); ftplib's words are OpenSSL's and Python's own for the same bytes.

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::ftps::{curl, ftplib};

const FINE: (i32, &str) = (0, "");
const REFUSED: (i32, &str) = (64, "Requested SSL level failed");
const UNTRUSTED: (i32, &str) = (60, "");
/// The data connection fails between 150 and the refusal: curl says so, or that it is one reply behind, as it happens
/// to read the one or the other socket first.
const BEHIND: (i32, &str) = (13, "");
const OR_THE_FAILURE: [i32; 3] = [13, 35, 60];

/// Each with curl's exit code and a part of its message, and how ftplib's last line begins (`""`: it is fine).
const SHOWN: &[(&str, (i32, &str), &str)] = &[
    ("normal-session", FINE, ""),
    ("auth-refused", REFUSED, "error_perm: 500 "),
    ("auth-refused/code-502", REFUSED, "error_perm: 502 "),
    ("auth-refused/code-504", REFUSED, "error_perm: 504 "),
    ("auth-refused/code-534", REFUSED, "error_perm: 534 "),
    ("auth-refused/code-431", REFUSED, "error_temp: 431 "),
    (
        "cert-bad",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
    ),
    (
        "cert-bad/expired",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired",
    ),
    (
        "cert-bad/wrong-name",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch",
    ),
    (
        "cert-bad/not-yet-valid",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid",
    ),
    (
        "cert-bad/untrusted-root",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer",
    ),
    (
        "cert-bad/incomplete-chain",
        UNTRUSTED,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer",
    ),
    (
        "cert-bad/data-differs",
        BEHIND,
        "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch",
    ),
    ("data-handshake-stall", (28, "SSL connection timeout"), "TimeoutError: "),
    ("data-handshake-stall/alert", BEHIND, "SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE]"),
    ("data-handshake-stall/reset", BEHIND, "ConnectionResetError: "),
    ("data-plain", BEHIND, "SSLError: [SSL: WRONG_VERSION_NUMBER]"),
    ("drop-after-login", (56, "response reading failed"), "EOFError: "),
    ("drop-after-login/no-close-notify", (56, "response reading failed"), "EOFError: "),
    ("handshake-broken", (35, "SSL_ERROR_SYSCALL"), "SSLEOFError: "),
    (
        "handshake-broken/reset",
        (35, "Recv failure: Connection reset by peer"),
        "ConnectionResetError: ",
    ),
    ("handshake-broken/silence", (28, "SSL connection timeout"), "TimeoutError: "),
    ("handshake-broken/half", (28, "SSL connection timeout"), "TimeoutError: "),
    (
        "handshake-broken/plain",
        (35, "wrong version number"),
        "SSLError: [SSL: WRONG_VERSION_NUMBER]",
    ),
    ("handshake-broken/injected", (8, "Weird server reply"), ""),
    ("handshake-broken/dribbled", FINE, ""),
    (
        "handshake-broken/alert",
        (35, "unrecognized name"),
        "SSLError: [SSL: TLSV1_UNRECOGNIZED_NAME]",
    ),
    ("implicit-explicit-mixup/implicit", (28, "Operation timed out"), "TimeoutError: "),
    ("no-close-notify", FINE, "SSLError: [SSL: SHUTDOWN_WHILE_IN_INIT]"),
    ("no-close-notify/control", FINE, ""),
    ("prot-refused", REFUSED, "error_perm: 536 "),
    ("prot-refused/code-534", REFUSED, "error_perm: 534 "),
    ("prot-refused/code-431", REFUSED, "error_temp: 431 "),
    ("prot-refused/code-504", REFUSED, "error_perm: 504 "),
    ("prot-refused/pbsz", FINE, "error_perm: 503 "),
    ("session-reuse-required", FINE, ""),
    ("tls-version-old", (35, "legacy sigalg disallowed or unsupported"), "SSLError: "),
];

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn each_is_shown_as_the_client_shows_such_a_server() {
    super::at_once(SHOWN.chunks(SHOWN.len().div_ceil(8)), |some| {
        for (name, (exit, message), python) in some {
            let server = Badftp::serve(&format!("ftps/{name}"));
            let site = server.site();
            let shown = curl(&Desk::new(), &site, &["-o", "local", &site.url("/hello.txt")]);
            let right = match (*exit, *message) {
                BEHIND => OR_THE_FAILURE.contains(&shown.exit),
                (exit, message) => shown.exit == exit && shown.stderr.contains(message),
            };
            assert!(right, "ftps/{name}: curl should exit {exit} and say {message:?}\n{shown}");
            let server = Badftp::serve(&format!("ftps/{name}"));
            let steps = json!([["retr", "/hello.txt", "local"]]);
            let shown = ftplib(&Desk::new(), &server.site(), &["reuse"], &steps);
            let last = shown.stderr.lines().last().unwrap_or_default();
            let right = last.starts_with(python) && (shown.exit == 0) == python.is_empty();
            assert!(right, "ftps/{name}: ftplib should say {python:?}\n{shown}");
        }
    });
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn in_clear_nobody_logs_in() {
    // curl takes any 421 for a timeout.
    let ways = [
        ("", 67, "Access denied: 530"),
        ("/code-534", 67, "Access denied: 534"),
        ("/code-421", 28, "Timeout was reached"),
    ];
    for (name, exit, message) in ways {
        let server = Badftp::serve(&format!("ftps/tls-required{name}"));
        let site = server.site();
        let shown = crate::clients::curl(&Desk::new(), &site, &[&site.url("/hello.txt")]);
        assert!(shown.exit == exit && shown.stderr.contains(message), "{shown}");
        curl(&Desk::new(), &site, &[&site.url("/hello.txt")]).ok();
    }
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn data_in_clear_is_refused() {
    for (name, code) in [("", 521), ("/code-522", 522), ("/code-425", 425)] {
        let server = Badftp::serve(&format!("ftps/prot-p-required{name}"));
        let steps = json!([["retr", "/hello.txt", "local"]]);
        let shown = ftplib(&Desk::new(), &server.site(), &["clear-data"], &steps).failed();
        assert!(shown.stderr.contains(&format!(": {code}")), "{shown}");
        ftplib(&Desk::new(), &server.site(), &[], &steps).ok();
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_session_that_is_not_resumed_is_refused_in_each_vendors_way() {
    let ways = [
        ("", "error_perm: 522 "),
        ("/code-425", "SSLEOFError: "),
        ("/code-450", "error_temp: 450 "),
        ("/close", "SSLEOFError: "),
    ];
    for (name, expected) in ways {
        let server = Badftp::serve(&format!("ftps/session-reuse-required{name}"));
        let steps = json!([["names"]]);
        let shown = ftplib(&Desk::new(), &server.site(), &[], &steps).failed();
        assert!(shown.stderr.starts_with(expected), "{name}: {shown}");
        ftplib(&Desk::new(), &server.site(), &["reuse"], &steps).ok();
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn versions_that_client_and_server_do_not_share_end_in_an_alert() {
    for (name, version) in [("only-1.3", ["--tls-max", "1.2"]), ("only-1.2", ["--tlsv1.3", "-4"])] {
        let server = Badftp::serve(&format!("ftps/tls-version-old/{name}"));
        let site = server.site();
        let url = site.url("/hello.txt");
        let shown = curl(&Desk::new(), &site, &[&version[..], &[&url]].concat());
        assert!(shown.exit == 35 && shown.stderr.contains("protocol version"), "{shown}");
        curl(&Desk::new(), &site, &[&url]).ok();
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_port_for_tls_may_speak_clear_text() {
    let server = Badftp::serve_ftps("ftps/implicit-explicit-mixup");
    let site = server.site();
    let url = site.url("/hello.txt").replace("ftp://", "ftps://");
    let shown = curl(&Desk::new(), &site, &[&url]);
    assert!(shown.exit == 35 && shown.stderr.contains("wrong version number"), "{shown}");
}
