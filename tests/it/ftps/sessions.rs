//! Session reuse, really enforced.

use serde_json::json;

use super::{Way, basic_ftp, curl, ftplib, lftp, tls_of};
use crate::badftp::Badftp;
use crate::clients::Desk;

const REQUIRED: &str = "server: {tls: {session-reuse: required}}\n";

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_fails_without_reuse_and_passes_with_it() {
    let server = Badftp::with_yaml(REQUIRED);
    let (site, steps) = (server.site(), json!([["names"]]));
    for version in ["TLSv1_2", "TLSv1_3"] {
        let shown = ftplib(&Desk::new(), &site, &[version], &steps).failed();
        assert!(shown.stderr.starts_with("error_perm: 522 "), "{shown}");
        ftplib(&Desk::new(), &site, &[version, "reuse"], &steps).ok();
    }
    assert_eq!(tls_of(&server, "list"), ["new", "resumed", "new", "resumed"]);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_passes() {
    let server = Badftp::with_yaml(REQUIRED);
    let site = server.site();
    for version in ["1.2", "1.3"] {
        curl(&Desk::new(), &site, &["--tls-max", version, &site.url("/hello.txt")]).ok();
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_passes() {
    let server = Badftp::with_yaml(REQUIRED);
    lftp(&Desk::new(), Way::Explicit, &server.site(), "cat /hello.txt").ok();
}

#[test]
#[ignore = "needs node: tests/run"]
fn basic_ftp_passes() {
    let server = Badftp::with_yaml(REQUIRED);
    basic_ftp(&Desk::new(), Way::Explicit, &server.site(), &json!([["names", "/"]])).ok();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn tickets_run_out_after_so_many_data_connections() {
    let server = Badftp::with_yaml("server: {tls: {session-reuse: required, tickets: 2}}\n");
    let steps = json!([["names"], ["names"], ["names"]]);
    for version in ["TLSv1_2", "TLSv1_3"] {
        let shown = ftplib(&Desk::new(), &server.site(), &[version, "reuse"], &steps).failed();
        assert_eq!(shown.stdout.lines().count(), 2, "{shown}");
        assert!(shown.stderr.starts_with("error_perm: 522 "), "{shown}");
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_rule_tells_new_sessions_from_resumed_ones() {
    let rule = "rules:\n  - {when: channel, tls: new, reply: 425 TLS session of data connection not resumed}\n";
    let server = Badftp::with_yaml(rule);
    for version in ["TLSv1_2", "TLSv1_3"] {
        let shown = ftplib(&Desk::new(), &server.site(), &[version], &json!([["names"]])).failed();
        assert!(!shown.stderr.is_empty(), "{shown}");
        ftplib(&Desk::new(), &server.site(), &[version, "reuse"], &json!([["names"]])).ok();
    }
}
