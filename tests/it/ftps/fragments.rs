//! Every fragment of the family T of the scenario language's reference is seen by a client.

use serde_json::{Value, json};

use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib};
use crate::site::{Data, Site, Tls};

/// The fragments, where they are checked for being right.
const CHECKED: &str = include_str!("../../../src/scenario/tests/fragments.rs");

/// Who sees it.
#[derive(Clone, Copy)]
enum By {
    /// curl, over TLS, by its exit code.
    Curl(i32),
    /// The same without TLS.
    CurlInClear(i32),
    /// ftplib with these steps.
    Ftplib(Tls, fn() -> Value),
}

const EXPLICIT: Tls = Tls::EXPLICIT;
const ANEW: Tls = Tls { resumes: false, ..EXPLICIT };
const CLEAR_DATA: Tls = Tls { data: Data::Clear, ..EXPLICIT };

const GET: By = By::Ftplib(EXPLICIT, get);
const GET_ANEW: By = By::Ftplib(ANEW, get);
const PUT: By = By::Ftplib(EXPLICIT, || json!([["stor", "/new", "up"]]));
const BACK: By = By::Ftplib(EXPLICIT, || json!([["stor", "/new", "up"], ["retr", "/new", "down"]]));

fn get() -> Value {
    json!([["retr", "/hello.txt", "down"]])
}

/// The line it stands for, the fragment, and what the client says.
const SEEN: &[(&str, &str, By, &str)] = &[
    ("T1", "{when: AUTH, reply: 431 No certificate}", GET, "error_temp: 431 No certificate"),
    ("T2 garbage", "{when: handshake, send: garbage}", GET, "[SSL: WRONG_VERSION_NUMBER]"),
    ("T2 silence", "{when: handshake, then: stall}", GET, "handshake operation timed out"),
    ("T2 RST", "{when: handshake, then: reset}", GET, "ConnectionResetError"),
    (
        "T3",
        "{when: AUTH, at: end, reply: [234 Go, 230 Logged in]}",
        By::Curl(8),
        "Weird server reply",
    ),
    // A client that was lured would go on in clear, and fail at PBSZ.
    ("T4", "server: {ftp: {greeting: 230 Welcome}}", By::Curl(0), ""),
    (
        "T5 plain on implicit",
        "server: {tls: {ftps: none}}",
        By::Ftplib(Tls::IMPLICIT, get),
        "[SSL: WRONG_VERSION_NUMBER]",
    ),
    ("T5 TLS on plain", "server: {tls: {ftp: implicit}}", GET, "TimeoutError"),
    (
        "T6",
        "{when: USER, tls: none, reply: 530 Must use encryption}",
        By::CurlInClear(67),
        "Access denied: 530",
    ),
    (
        "T6 421",
        "{when: USER, tls: none, reply: 421 TLS first, then: close}",
        By::CurlInClear(28),
        "",
    ),
    ("T7", "{when: PROT, argument: P, reply: 536 No}", GET, "error_perm: 536 No"),
    (
        "T8",
        "{when: [list, download, upload], tls: none, reply: 521 Use PROT P}",
        By::Ftplib(CLEAR_DATA, get),
        "error_perm: 521 Use PROT P",
    ),
    (
        "T9 clear",
        "{when: PROT, argument: P, at: start, reply: 200 Protection is P}",
        GET,
        "[SSL: WRONG_VERSION_NUMBER]",
    ),
    (
        "T9 TLS though C",
        "{when: PROT, argument: C, at: start, reply: 200 Protection is C}",
        By::Ftplib(CLEAR_DATA, get),
        "TimeoutError",
    ),
    ("T10 stall", "{when: channel, data: stall}", GET, "handshake operation timed out"),
    ("T10 alert", "{when: channel, data: alert 40}", GET, "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE]"),
    ("T10 RST", "{when: channel, data: reset}", GET, "ConnectionResetError"),
    ("T10 after Finished", "{when: channel, at: end, data: close}", GET, "error_temp: 425 "),
    (
        "T11 522",
        "{when: channel, tls: new, reply: 522 Session reuse required}",
        GET_ANEW,
        "SSLEOFError",
    ),
    ("T11 close", "{when: channel, tls: new, data: close}", GET_ANEW, "SSLEOFError"),
    (
        "T12",
        "{when: channel, skip: 2, per: connection, reply: 425 Not resumed}",
        By::Ftplib(EXPLICIT, || json!([["names"], ["names"], ["resumes", "/hello.txt"]])),
        "[\"hello.txt\"]\n[\"hello.txt\"]\nSSLEOFError",
    ),
    (
        "T12 tickets",
        "server: {tls: {tickets: 2, ticket-lifetime: 0s}}",
        By::Ftplib(EXPLICIT, || json!([["resumes", "/hello.txt"]])),
        "false",
    ),
    ("T13", "{when: download, at: end, data: cut}", GET, "SHUTDOWN_WHILE_IN_INIT"),
    ("T14 silent", "{when: upload, at: end, data: stall}", PUT, "TimeoutError"),
    ("T14 RST", "{when: upload, at: end, data: reset}", PUT, "ConnectionResetError"),
    ("T15", "{when: download, at: end, then: close}", GET, "EOFError"),
    ("T16", "server: {tls: {certificate: expired}}", GET, "certificate has expired"),
    ("T17", "{when: channel, certificate: wrong-host}", GET, "IP address mismatch"),
    (
        "T18 versions",
        "server: {tls: {versions: [TLS1.3]}}",
        By::Ftplib(Tls { version: Some("1.2"), ..EXPLICIT }, get),
        "[SSL: TLSV1_ALERT_PROTOCOL_VERSION]",
    ),
    (
        "T18 cipher",
        "server: {tls: {ciphers: [TLS_CHACHA20_POLY1305_SHA256]}}",
        By::Ftplib(EXPLICIT, || json!([["cipher"]])),
        "TLS_CHACHA20_POLY1305_SHA256",
    ),
    ("T19", "server: {tls: {client-certificate: required}}", GET, "ALERT_CERTIFICATE_REQUIRED]"),
    (
        "T19 rejected",
        "{when: handshake, at: end, then: alert 48}",
        GET,
        "[SSL: TLSV1_ALERT_UNKNOWN_CA]",
    ),
    (
        "T20 SNI",
        "{when: handshake, then: alert unrecognized_name}",
        GET,
        "[SSL: TLSV1_UNRECOGNIZED_NAME]",
    ),
    (
        "T20 ALPN",
        "server: {tls: {alpn: [x-none]}}",
        By::Ftplib(EXPLICIT, || json!([["offer_alpn"]])),
        "alert no application protocol",
    ),
    (
        "T21 dribble",
        "{when: handshake, chunk: 1B, rate: 10B/s}",
        GET,
        "handshake operation timed out",
    ),
    ("T21 stall", "{when: handshake, at: 100B, then: stall}", GET, "handshake operation timed out"),
    (
        "T22",
        "{when: download, at: 64KiB, damage: mac}",
        BACK,
        "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]",
    ),
    (
        "T23 refused",
        "{when: CCC, reply: 534 No}",
        By::Ftplib(EXPLICIT, || json!([["ccc"]])),
        "error_perm: 534 No",
    ),
    (
        "T23 mishandled",
        "{when: CCC, at: start, reply: 200 Cleared}",
        By::Ftplib(EXPLICIT, || json!([["ccc"], ["pwd"]])),
        "Error",
    ),
    ("T24", "server: {tls: {rekey: 1MiB}}", BACK, "\"226 Transfer complete.\"\n\"226"),
];

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn every_fragment_of_tls_is_seen() {
    crate::scenarios::at_once(SEEN.chunks(SEEN.len().div_ceil(8)), |some| {
        for (name, fragment, by, message) in some {
            let shown = shown(fragment, *by);
            assert!(shown.contains(message), "{name}: {message:?} should be in\n{shown}");
        }
    });
}

#[test]
fn every_fragment_of_tls_that_is_checked_is_in_the_list() {
    assert_eq!(CHECKED.matches("(\"T").count(), SEEN.len());
    for (name, fragment, ..) in SEEN {
        let row = [&format!("{name:?}"), *fragment];
        assert!(row.iter().all(|part| CHECKED.contains(part)), "{name} is not checked");
    }
}

fn shown(fragment: &str, by: By) -> String {
    let rules = if fragment.starts_with('{') { "rules:\n  - " } else { "" };
    let yaml = format!("{rules}{fragment}\n");
    let desk = Desk::with("up", vec![b'x'; 3 << 20]);
    let download = |site: &Site, exit| {
        let shown = curl(&desk, site, &["--max-time", "7", &site.url("/hello.txt")]);
        assert_eq!(shown.exit, exit, "{fragment}: {shown}");
        shown.stderr
    };
    match by {
        By::Curl(exit) => download(&Badftp::with_yaml(&yaml).site().over(EXPLICIT), exit),
        By::CurlInClear(exit) => download(&Badftp::with_yaml(&yaml).site(), exit),
        By::Ftplib(tls, steps) => {
            let is_implicit = tls == Tls::IMPLICIT;
            let server = if is_implicit { Badftp::ftps_with_yaml } else { Badftp::with_yaml };
            let shown = ftplib(&desk, &server(&yaml).site().over(tls), &steps());
            shown.stdout + &shown.stderr
        }
    }
}
