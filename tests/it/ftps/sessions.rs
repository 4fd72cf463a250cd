//! Session reuse, really enforced.

use serde_json::json;

use super::tls_of;
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, ftplib, lftp};
use crate::control::http::get;
use crate::site::{Site, Tls};

const REQUIRED: &str = "server: {tls: {session-reuse: required}}\n";
const ANEW: Tls = Tls { resumes: false, ..Tls::EXPLICIT };

fn speaking(server: &Badftp, tls: Tls, version: &'static str) -> Site {
    server.site().over(Tls { version: Some(version), ..tls })
}

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_fails_without_reuse_and_passes_with_it() {
    let server = Badftp::with_yaml(REQUIRED);
    let steps = json!([["names"]]);
    for version in ["1.2", "1.3"] {
        let shown = ftplib(&Desk::new(), &speaking(&server, ANEW, version), &steps).failed();
        assert!(shown.stderr.starts_with("error_perm: 522 "), "{shown}");
        ftplib(&Desk::new(), &speaking(&server, Tls::EXPLICIT, version), &steps).ok();
    }
    assert_eq!(tls_of(&server, "list"), ["new", "resumed", "new", "resumed"]);
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_rule_that_has_acted_by_then_is_written_down() {
    let server = Badftp::with_yaml(&format!("{REQUIRED}rules: [{{when: channel, delay: 1ms}}]\n"));
    ftplib(&Desk::new(), &speaking(&server, ANEW, "1.3"), &json!([["names"]])).failed();
    let journal = get(server.control(), "/journal?when=channel&wait=20s").json();
    let record = &journal["records"][0];
    assert_eq!(
        (record["rule"].is_object(), &record["cause"]),
        (true, &json!("client")),
        "{journal}"
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_passes_where_it_resumes() {
    let server = Badftp::with_yaml(REQUIRED);
    for version in ["1.2", "1.3"] {
        let site = speaking(&server, Tls::EXPLICIT, version);
        curl(&Desk::new(), &site, &[&site.url("/hello.txt")]).ok();
        let site = speaking(&server, ANEW, version);
        curl(&Desk::new(), &site, &[&site.url("/hello.txt")]).failed();
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_passes() {
    let server = Badftp::with_yaml(REQUIRED);
    for version in ["1.2", "1.3"] {
        let site = speaking(&server, Tls::EXPLICIT, version);
        lftp(&Desk::new(), &site, "cat /hello.txt").ok();
    }
}

#[test]
#[ignore = "needs node: tests/run"]
fn basic_ftp_passes() {
    let server = Badftp::with_yaml(REQUIRED);
    let site = server.site().over(Tls::EXPLICIT);
    basic_ftp(&Desk::new(), &site, &json!([["names", "/"]])).ok();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn tickets_run_out_after_so_many_data_connections() {
    let server = Badftp::with_yaml("server: {tls: {session-reuse: required, tickets: 2}}\n");
    let steps = json!([["names"], ["names"], ["names"]]);
    for version in ["1.2", "1.3"] {
        let site = speaking(&server, Tls::EXPLICIT, version);
        let shown = ftplib(&Desk::new(), &site, &steps).failed();
        assert_eq!(shown.stdout.lines().count(), 2, "{shown}");
        assert!(shown.stderr.starts_with("error_perm: 522 "), "{shown}");
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_session_can_be_resumed_as_long_as_it_lives() {
    let server = Badftp::with_yaml("server: {tls: {ticket-lifetime: 1s}}\n");
    let steps = json!([["names"], ["wait", 1.5], ["names"]]);
    for version in ["1.2", "1.3"] {
        ftplib(&Desk::new(), &speaking(&server, Tls::EXPLICIT, version), &steps).ok();
    }
    assert_eq!(tls_of(&server, "list"), ["resumed", "new", "resumed", "new"]);
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_rule_tells_new_sessions_from_resumed_ones() {
    let rule = "rules:\n  - {when: channel, tls: new, reply: 425 TLS session of data connection not resumed}\n";
    let server = Badftp::with_yaml(rule);
    let steps = json!([["names"]]);
    for version in ["1.2", "1.3"] {
        let shown = ftplib(&Desk::new(), &speaking(&server, ANEW, version), &steps).failed();
        assert!(!shown.stderr.is_empty(), "{shown}");
        ftplib(&Desk::new(), &speaking(&server, Tls::EXPLICIT, version), &steps).ok();
    }
}
