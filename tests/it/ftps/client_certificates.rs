//! Certificates of clients, as vsftpd asks for them.

use crate::badftp::Badftp;
use crate::clients::{Desk, certs, curl, lftp};
use crate::peers::Vsftpd;
use crate::run::Shown;
use crate::site::{Site, Tls};

/// The certificate that the test CA has signed, none, and one that another CA has.
const SHOWN: [Option<&str>; 3] = [Some("client"), None, Some("untrusted-root")];

fn vsftpd(required: &str) -> Vsftpd {
    let authority = format!("ca_certs_file={}", certs("ca.pem"));
    let required = format!("require_cert={required}");
    Vsftpd::with_tls(&["ssl_request_cert=YES", "validate_cert=YES", &required, &authority])
}

fn badftp(word: &str) -> Badftp {
    Badftp::with_yaml(&format!("server: {{tls: {{client-certificate: {word}}}}}\n"))
}

/// Whether each is let in, in either version.
#[track_caller]
fn lets_in(site: &Site, client: fn(&Site) -> Shown, expected: [bool; 3]) {
    for version in ["1.2", "1.3"] {
        let by = |shows| {
            let tls = Tls { version: Some(version), shows, ..Tls::EXPLICIT };
            client(&site.clone().over(tls)).exit == 0
        };
        assert_eq!(SHOWN.map(by), expected, "TLS {version}");
    }
}

fn by_curl(site: &Site) -> Shown {
    curl(&Desk::new(), site, &[&site.url("/hello.txt")])
}

fn by_lftp(site: &Site) -> Shown {
    lftp(&Desk::new(), site, "get /hello.txt")
}

#[test]
#[ignore = "needs curl, lftp and vsftpd: tests/run"]
fn a_required_one_must_be_there_and_right() {
    lets_in(&vsftpd("YES").site(), by_curl, [true, false, false]);
    for client in [by_curl, by_lftp] {
        lets_in(&badftp("required").site(), client, [true, false, false]);
    }
}

/// lftp keeps to itself what is signed by nobody whom the server names.
#[test]
#[ignore = "needs curl, lftp and vsftpd: tests/run"]
fn a_wanted_one_must_be_right_if_it_is_there() {
    let (real, ours) = (vsftpd("NO"), badftp("wanted"));
    for site in [real.site(), ours.site()] {
        lets_in(&site, by_curl, [true, true, false]);
        lets_in(&site, by_lftp, [true, true, true]);
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn nobody_is_asked_for_one_otherwise() {
    lets_in(&badftp("none").site(), by_curl, [true, true, true]);
}

#[test]
#[ignore = "needs curl and vsftpd: tests/run"]
fn a_missing_one_is_an_alert() {
    let (real, ours) = (vsftpd("YES"), badftp("required"));
    let old = Tls { version: Some("1.2"), ..Tls::EXPLICIT };
    for site in [real.site(), ours.site()] {
        let shown = by_curl(&site.over(old)).failed();
        assert!(
            shown.stderr.contains("(35) ") && shown.stderr.contains("handshake failure"),
            "{shown}"
        );
    }
    // In TLS 1.3 the client is told when it believes to be done, so that its exit code depends on what it does next.
    let new = Tls { version: Some("1.3"), ..Tls::EXPLICIT };
    let shown = by_curl(&ours.site().over(new)).failed();
    assert!(shown.stderr.contains("alert certificate required"), "{shown}");
}
