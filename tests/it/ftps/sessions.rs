//! Session reuse, really enforced.

use serde_json::json;

use super::tls_of;
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, ftplib, lftp};
use crate::control::http::get;
use crate::peers::Vsftpd;
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

/// Clients use a ticket of TLS 1.3 once (RFC 8446, appendix C.4), so that each transfer has to bring the next one: one that
/// only uploads, too.
#[test]
#[ignore = "needs curl: tests/run"]
fn curl_resumes_in_every_transfer_of_one_call() {
    let calls = ["get", "put"];
    for size in [1, 1_000_003] {
        for (version, call) in
            ["1.2", "1.3"].into_iter().flat_map(|it| calls.map(|call| (it, call)))
        {
            let server = Badftp::with_yaml(REQUIRED);
            let site = speaking(&server, Tls::EXPLICIT, version);
            let desk = Desk::with("up", vec![b'x'; size]);
            let hello = site.url("/hello.txt");
            let urls: Vec<String> = (0..3).map(|n| site.url(&format!("/{n}.bin"))).collect();
            let arguments = urls.iter().flat_map(|url| match call {
                "get" => ["-o", "down", hello.as_str()],
                _ => ["-T", "up", url.as_str()],
            });
            curl(&desk, &site, &arguments.collect::<Vec<_>>()).ok();
            let tls = [tls_of(&server, "download"), tls_of(&server, "upload")].concat();
            assert_eq!(tls, ["resumed"; 3], "three of {call}, {size} bytes, over {version}");
        }
    }
}

/// A refused transfer leaves the connection that curl has made alone, amid its handshake. Were it closed, curl would say
/// (13), and not what it was told.
#[test]
#[ignore = "needs curl and the real servers: tests/run"]
fn curl_tells_a_refusal_by_its_reply() {
    let real = Vsftpd::with_tls(&[]);
    let ours = Badftp::with_yaml("files: {/pub/: {}}\n");
    let desk = Desk::with("up", "abc");
    let exit = |site: &Site, arguments: &[&str]| curl(&desk, site, arguments).failed().exit;
    for site in [real.site(), ours.site()].map(|site| site.over(Tls::EXPLICIT)) {
        for _ in 0..3 {
            assert_eq!(exit(&site, &[&site.url("/missing")]), 78);
            assert_eq!(exit(&site, &["-T", "up", &site.url("/pub")]), 25);
        }
    }
    for (scenario, download, upload) in [
        ("ftp/stor-550", None, Some(25)),
        ("ftp/retr-550/denied", Some(78), None),
        ("ftp/data-425", Some(19), Some(25)),
    ] {
        let server = Badftp::serve(scenario);
        let site = server.site().over(Tls::EXPLICIT);
        let got = download.map(|_| exit(&site, &[&site.url("/hello.txt")]));
        let put = upload.map(|_| exit(&site, &["-T", "up", &site.url("/up")]));
        assert_eq!((got, put), (download, upload), "{scenario}");
    }
}

/// With vsftpd, where only downloads are sure: of an upload, curl closes its connection before it has read the ticket.
#[test]
#[ignore = "needs curl and the real servers: tests/run"]
fn curl_resumes_in_every_download_from_vsftpd_too() {
    let real = Vsftpd::with_tls(&["require_ssl_reuse=YES"]);
    let ours = Badftp::with_yaml(REQUIRED);
    for site in [real.site(), ours.site()] {
        let site = site.over(Tls::EXPLICIT);
        let hello = site.url("/hello.txt");
        let get = ["-o", "down", hello.as_str()];
        curl(&Desk::new(), &site, &[get, get, get].concat()).ok();
        curl(&Desk::new(), &site.over(ANEW), &get).failed();
    }
}

#[test]
#[ignore = "needs lftp, python3 and node: tests/run"]
fn every_client_resumes_again_and_again() {
    for version in ["TLS1.2", "TLS1.3"] {
        let desk = Desk::with("up", vec![b'x'; 1_000_003]);
        let server = Badftp::with_yaml(&format!(
            "server: {{tls: {{session-reuse: required, versions: [{version}]}}}}\n"
        ));
        let site = server.site().over(Tls::EXPLICIT);
        lftp(&desk, &site, "put up -o /a; put up -o /b; get /a -o a; get /b -o b; put up -o /c")
            .ok();
        let up = |name: &str| json!(["stor", name, "up"]);
        let down = |name: &str| json!(["retr", name, "down"]);
        ftplib(&desk, &site, &json!([up("/a"), up("/b"), down("/a"), down("/b"), up("/c")])).ok();
        let up = |name: &str| json!(["uploadFrom", "up", name]);
        let down = |name: &str| json!(["downloadTo", "down", name]);
        basic_ftp(&desk, &site, &json!([up("/a"), up("/b"), down("/a"), down("/b"), up("/c")]))
            .ok();
        let all = [tls_of(&server, "download"), tls_of(&server, "upload")].concat();
        assert!(all.len() >= 15 && all.iter().all(|tls| tls == "resumed"), "{version}: {all:?}");
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
