//! Uploads, downloads and lists, explicit and implicit, TLS 1.2 and 1.3. The server knows one version only, so that
//! every client speaks it.

use serde_json::json;

use super::{WAYS, answer_to, tls_of};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, commons_net, curl, ftplib, lftp, rclone};
use crate::site::{Family, Site, Tls, Way};

const VERSIONS: [&str; 2] = ["TLS1.2", "TLS1.3"];
const BIG: usize = 1_000_003;

fn content() -> Vec<u8> {
    (0..BIG).map(|at| u8::try_from(at % 251).unwrap_or_default()).collect()
}

fn serve(way: Way, yaml: &str) -> Badftp {
    match way {
        Way::Explicit => Badftp::with_yaml(yaml),
        Way::Implicit => Badftp::ftps_with_yaml(yaml),
    }
}

/// In every way and version.
fn everywhere(transfer: impl Fn(&Desk, &Site, &Badftp)) {
    for tls in WAYS {
        for version in VERSIONS {
            let yaml = format!("server: {{tls: {{versions: [{version}]}}}}\n");
            let server = serve(tls.way, &yaml);
            let desk = Desk::with("up", content());
            transfer(&desk, &server.site().over(tls), &server);
        }
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_transfers_and_lists() {
    everywhere(|desk, site, server| {
        curl(desk, site, &["-T", "up", &site.url("/a.bin")]).ok();
        curl(desk, site, &["-o", "down", &site.url("/a.bin")]).ok();
        desk.holds("down", content());
        let list = curl(desk, site, &[&site.url("/")]).ok();
        assert!(list.contains(" a.bin"), "{list}");
        assert_eq!(tls_of(server, "download"), ["resumed"]);
    });
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_goes_back_to_clear_text_and_on() {
    let server = Badftp::healthy(Family::V4);
    let (site, desk) = (server.site().over(Tls::EXPLICIT), Desk::with("up", content()));
    for mode in ["passive", "active"] {
        let ccc = ["--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", mode];
        let url = site.url("/a.bin");
        curl(&desk, &site, &[&ccc[..], &["-T", "up", &url]].concat()).ok();
        curl(&desk, &site, &[&ccc[..], &["-o", "down", &url]].concat()).ok();
        desk.holds("down", content());
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_transfers_and_lists() {
    everywhere(|desk, site, _| {
        let commands = "put up -o /a.bin; get /a.bin -o down; cls -1 /";
        let listed = lftp(desk, site, commands).ok();
        desk.holds("down", content());
        assert!(listed.contains("a.bin"), "{listed}");
    });
}

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_transfers_and_lists_with_and_without_reuse() {
    everywhere(|desk, site, server| {
        let steps = json!([["stor", "/a", "up"], ["retr", "/a", "down"], ["names"]]);
        for resumes in [true, false] {
            let tls = site.tls.map(|tls| Tls { resumes, ..tls });
            let shown = ftplib(desk, &site.clone().over(tls), &steps);
            desk.holds("down", content());
            assert!(shown.ok().contains("\"a\""));
        }
        assert_eq!(tls_of(server, "upload"), ["resumed", "new"]);
    });
}

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_clears_the_control_connection() {
    let server = Badftp::healthy(Family::V4);
    let desk = Desk::with("up", content());
    let steps = json!([["ccc"], ["pwd"], ["stor", "/a", "up"], ["retr", "/a", "down"], ["pwd"]]);
    ftplib(&desk, &server.site().over(Tls::EXPLICIT), &steps).ok();
    desk.holds("down", content());
}

#[test]
#[ignore = "needs node: tests/run"]
fn basic_ftp_transfers_and_lists() {
    everywhere(|desk, site, server| {
        let steps = json!([
            ["uploadFrom", "up", "/a.bin"],
            ["downloadTo", "down", "/a.bin"],
            ["names", "/"]
        ]);
        let shown = basic_ftp(desk, site, &steps).ok();
        desk.holds("down", content());
        assert!(shown.contains("a.bin"), "{shown}");
        assert_eq!(tls_of(server, "download"), ["resumed"]);
    });
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_transfers_and_lists() {
    everywhere(|desk, site, _| {
        rclone(desk, site, &["copyto", "up", ":ftp:/a.bin"]).ok();
        rclone(desk, site, &["copyto", ":ftp:/a.bin", "down"]).ok();
        desk.holds("down", content());
        assert!(rclone(desk, site, &["lsf", ":ftp:/"]).ok().contains("a.bin"));
    });
}

#[test]
#[ignore = "needs java: tests/run"]
fn commons_net_transfers_and_lists() {
    everywhere(|desk, site, _| {
        let steps = "stor up /a.bin; retr /a.bin down; names /";
        let shown = commons_net(desk, site, steps).ok();
        desk.holds("down", content());
        assert!(shown.contains("a.bin"), "{shown}");
    });
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn new_keys_in_the_middle_of_a_transfer_are_no_matter() {
    let yaml = "files: {/big.bin: {size: 8MiB}}\nserver: {tls: {rekey: 1MiB}}\n";
    let server = Badftp::with_yaml(yaml);
    let (site, desk) = (server.site().over(Tls::EXPLICIT), Desk::with("up", content()));
    curl(&desk, &site, &["-o", "down", &site.url("/big.bin")]).ok();
    assert_eq!(desk.read("down").len(), 8 * 1024 * 1024);
    let steps = json!([["retr", "/big.bin", "again"], ["stor", "/a", "up"]]);
    ftplib(&desk, &site, &steps).ok();
    assert_eq!(desk.read("again").len(), 8 * 1024 * 1024);
}

/// Who gets at the wire can read it, as with any other server.
#[test]
#[ignore = "needs curl: tests/run"]
fn the_keys_are_logged_where_the_environment_says() {
    let desk = Desk::new();
    let log = desk.path("keys");
    let server = Badftp::with_environment("SSLKEYLOGFILE", &log.to_string_lossy());
    let site = server.site().over(Tls::EXPLICIT);
    curl(&desk, &site, &[&site.url("/hello.txt")]).ok();
    let keys = String::from_utf8(desk.read("keys")).expect("the log is text");
    assert!(keys.contains("CLIENT_TRAFFIC_SECRET_0 "), "{keys}");
}

#[test]
fn what_is_no_tls_gets_an_alert() {
    let server = Badftp::healthy_ftps(Family::V4);
    let answer = answer_to(server.site().address, b"USER anonymous\r\n");
    assert_eq!((answer[0], answer[5]), (21, 2), "a fatal alert, not {answer:?}");
}

/// `ProFTPD` says 425 to a data connection that does not resume, which makes some clients try for ever; ours is vsftpd's 522.
#[test]
#[ignore = "needs python3: tests/run"]
fn a_failure_of_the_clients_own_may_be_told_in_other_words() {
    const REQUIRED: &str = "server: {tls: {session-reuse: required}}\n";
    let rule = "rules: [{when: RETR, at: failure, reply: 425 Unable to build data connection}]";
    let other = Badftp::with_yaml(&format!("{REQUIRED}{rule}"));
    let anew = Tls { resumes: false, ..Tls::EXPLICIT };
    let steps = json!([["retr", "/hello.txt", "down"]]);
    let words = ["error_perm: 522", "error_temp: 425 Unable to build data connection"];
    for (server, word) in [Badftp::with_yaml(REQUIRED), other].iter().zip(words) {
        let shown = ftplib(&Desk::new(), &server.site().over(anew), &steps).failed();
        assert!(shown.stderr.contains(word), "{shown}");
        ftplib(&Desk::new(), &server.site().over(Tls::EXPLICIT), &steps).ok();
    }
}
