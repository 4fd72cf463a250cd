//! Alerts and broken records, as OpenSSL names them: what it cannot decrypt, it cannot name.

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib};
use crate::run::run;
use crate::site::{Site, Tls};

/// A cipher suite of each kind, and its version.
const SUITES: [(&str, &str); 6] = [
    ("TLS1.3", "TLS_AES_128_GCM_SHA256"),
    ("TLS1.3", "TLS_AES_256_GCM_SHA384"),
    ("TLS1.3", "TLS_CHACHA20_POLY1305_SHA256"),
    ("TLS1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    ("TLS1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    ("TLS1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
];

/// For each suite: what ftplib says of a download from a server with this rule.
fn with_each_suite(rule: &str, check: impl Fn(&str)) {
    for (version, suite) in SUITES {
        let server = Badftp::with_yaml(&format!(
            "rules:\n  - {rule}\nserver: {{tls: {{versions: [{version}], ciphers: [{suite}]}}}}\nfiles: {{/big: {{size: 1MiB}}}}\n"
        ));
        let steps = json!([["retr", "/big", "local"]]);
        let shown = ftplib(&Desk::new(), &server.site().over(Tls::EXPLICIT), &steps);
        check(&shown.failed().stderr);
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn an_alert_behind_the_handshake_is_encrypted() {
    with_each_suite("{when: handshake, at: end, then: alert 48}", |said| {
        assert!(said.starts_with("SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA]"), "{said}");
    });
}

#[test]
#[ignore = "needs python3: tests/run"]
fn so_is_one_behind_commands() {
    with_each_suite("{when: PASS, reply: none, then: alert access_denied}", |said| {
        assert!(said.starts_with("SSLError: [SSL: TLSV1_ALERT_ACCESS_DENIED]"), "{said}");
    });
}

#[test]
#[ignore = "needs python3: tests/run"]
fn so_is_one_in_the_middle_of_the_data() {
    with_each_suite("{when: download, at: 64KiB, data: alert internal_error}", |said| {
        assert!(said.starts_with("SSLError: [SSL: TLSV1_ALERT_INTERNAL_ERROR]"), "{said}");
    });
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_wrong_mac_is_noticed_part_way() {
    with_each_suite("{when: download, at: 64KiB, damage: mac}", |said| {
        let bad = "SSLError: [SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]";
        assert!(said.starts_with(bad), "{said}");
    });
}

#[test]
#[ignore = "needs curl: tests/run"]
fn what_came_before_a_wrong_mac_is_kept() {
    let server = Badftp::with_yaml(
        "rules:\n  - {when: download, at: 64KiB, damage: mac}\nfiles: {/big: {size: 1MiB}}\n",
    );
    let (site, desk) = (server.site().over(Tls::EXPLICIT), Desk::new());
    let shown = curl(&desk, &site, &["-o", "local", &site.url("/big")]);
    assert!(shown.exit == 56 && shown.stderr.contains("bad record mac"), "{shown}");
    assert_eq!(desk.read("local").len(), 64 * 1024);
}

#[test]
#[ignore = "needs python3: tests/run"]
fn each_alert_has_its_name() {
    let alerts = [
        ("unexpected_message", "SSLV3_ALERT_UNEXPECTED_MESSAGE"),
        ("bad_record_mac", "SSLV3_ALERT_BAD_RECORD_MAC"),
        ("40", "SSLV3_ALERT_HANDSHAKE_FAILURE"),
        ("certificate_expired", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        ("70", "TLSV1_ALERT_PROTOCOL_VERSION"),
        ("insufficient_security", "TLSV1_ALERT_INSUFFICIENT_SECURITY"),
        ("112", "TLSV1_UNRECOGNIZED_NAME"),
        ("116", "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
    ];
    for (alert, name) in alerts {
        let rule = format!("rules:\n  - {{when: handshake, then: alert {alert}}}\n");
        let server = Badftp::with_yaml(&rule);
        let site = server.site().over(Tls::EXPLICIT);
        let shown = ftplib(&Desk::new(), &site, &json!([])).failed();
        assert!(shown.stderr.starts_with(&format!("SSLError: [SSL: {name}]")), "{shown}");
    }
}

#[test]
#[ignore = "needs openssl: tests/run"]
fn a_protocol_is_agreed_on_or_nothing_is() {
    let server = Badftp::with_yaml("server: {tls: {alpn: [ftp]}}\n");
    assert!(asking_for_ftp(&server.site()).contains("ALPN protocol: ftp"));
    let server = Badftp::with_yaml("server: {tls: {alpn: [x-none]}}\n");
    assert!(asking_for_ftp(&server.site()).contains("no application protocol"));
}

/// What `openssl s_client` says.
fn asking_for_ftp(site: &Site) -> String {
    let desk = Desk::new();
    let mut command = desk.command("openssl");
    let address = site.address.to_string();
    command.args(["s_client", "-starttls", "ftp", "-connect", &address, "-alpn", "ftp"]);
    let shown = run(&mut command);
    format!("{}{}", shown.stdout, shown.stderr)
}
