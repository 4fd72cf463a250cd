//! Uploads, downloads and lists, explicit and implicit, TLS 1.2 and 1.3.

use serde_json::json;

use super::{Way, answer_to, basic_ftp, ca, curl, ftplib, lftp, tls_of};
use crate::badftp::Badftp;
use crate::clients::{Desk, rclone_over_tls};
use crate::site::{Family, Site};

const WAYS: [Way; 2] = [Way::Explicit, Way::Implicit];
const BIG: usize = 1_000_003;

fn content() -> Vec<u8> {
    (0..BIG).map(|at| u8::try_from(at % 251).unwrap_or_default()).collect()
}

fn serve(way: Way) -> Badftp {
    match way {
        Way::Explicit => Badftp::healthy(Family::V4),
        Way::Implicit => Badftp::healthy_ftps(Family::V4),
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_transfers_and_lists() {
    for way in WAYS {
        let server = serve(way);
        let site = server.site();
        for version in [["--tlsv1.2", "--tls-max", "1.2"], ["--tlsv1.3", "--tls-max", "1.3"]] {
            let desk = Desk::with("up", content());
            let url = way.url(&site, "/a.bin");
            curl(&desk, &site, &[&version[..], &["-T", "up", &url]].concat()).ok();
            curl(&desk, &site, &[&version[..], &["-o", "down", &url]].concat()).ok();
            desk.holds("down", content());
            let list = curl(&desk, &site, &[&version[..], &[&way.url(&site, "/")]].concat()).ok();
            assert!(list.contains(" a.bin"), "{list}");
        }
        assert_eq!(tls_of(&server, "download"), ["resumed", "resumed"], "{way:?}");
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_goes_back_to_clear_text_and_on() {
    let server = serve(Way::Explicit);
    let (site, desk) = (server.site(), Desk::with("up", content()));
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
    for way in WAYS {
        let server = serve(way);
        let desk = Desk::with("up", content());
        let commands = "put up -o /a.bin; get /a.bin -o down; cls -1 /";
        let listed = lftp(&desk, way, &server.site(), commands).ok();
        desk.holds("down", content());
        assert!(listed.contains("a.bin"), "{listed}");
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_transfers_and_lists_with_and_without_reuse() {
    for way in ["explicit", "implicit"] {
        let server = serve(if way == "explicit" { Way::Explicit } else { Way::Implicit });
        for version in ["TLSv1_2", "TLSv1_3"] {
            for reuse in ["reuse", "anew"] {
                let desk = Desk::with("up", content());
                let steps = json!([["stor", "/a", "up"], ["retr", "/a", "down"], ["names"]]);
                let options = [way, version, reuse];
                let shown = ftplib(&desk, &server.site(), &options, &steps);
                desk.holds("down", content());
                assert!(shown.ok().contains("\"a\""), "{options:?}");
            }
        }
        assert_eq!(tls_of(&server, "upload"), ["resumed", "new", "resumed", "new"]);
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_clears_the_control_connection() {
    let server = serve(Way::Explicit);
    let desk = Desk::with("up", content());
    let steps = json!([["ccc"], ["pwd"], ["stor", "/a", "up"], ["retr", "/a", "down"], ["pwd"]]);
    ftplib(&desk, &server.site(), &["reuse"], &steps).ok();
    desk.holds("down", content());
}

#[test]
#[ignore = "needs node: tests/run"]
fn basic_ftp_transfers_and_lists() {
    for way in WAYS {
        let server = serve(way);
        let desk = Desk::with("up", content());
        let steps = json!([
            ["uploadFrom", "up", "/a.bin"],
            ["downloadTo", "down", "/a.bin"],
            ["names", "/"]
        ]);
        let shown = basic_ftp(&desk, way, &server.site(), &steps).ok();
        desk.holds("down", content());
        assert!(shown.contains("a.bin"), "{shown}");
    }
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_transfers_and_lists() {
    for way in WAYS {
        let server = serve(way);
        let desk = Desk::with("up", content());
        let flag = if way == Way::Implicit { "--ftp-tls" } else { "--ftp-explicit-tls" };
        let site: Site = server.site();
        let by = |arguments: &[&str]| {
            rclone_over_tls(&desk, &site, &ca(), &[&[flag][..], arguments].concat()).ok()
        };
        by(&["copyto", "up", ":ftp:/a.bin"]);
        by(&["copyto", ":ftp:/a.bin", "down"]);
        desk.holds("down", content());
        assert!(by(&["lsf", ":ftp:/"]).contains("a.bin"));
    }
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn new_keys_in_the_middle_of_a_transfer_are_no_matter() {
    let yaml = "files: {/big.bin: {size: 8MiB}}\nserver: {tls: {rekey: 1MiB}}\n";
    let server = Badftp::with_yaml(yaml);
    let (site, desk) = (server.site(), Desk::with("up", content()));
    curl(&desk, &site, &["-o", "down", &site.url("/big.bin")]).ok();
    assert_eq!(desk.read("down").len(), 8 * 1024 * 1024);
    let steps = json!([["retr", "/big.bin", "again"], ["stor", "/a", "up"]]);
    ftplib(&desk, &site, &["TLSv1_3"], &steps).ok();
    assert_eq!(desk.read("again").len(), 8 * 1024 * 1024);
}

/// Who gets at the wire can read it, as with any other server.
#[test]
#[ignore = "needs curl: tests/run"]
fn the_keys_are_logged_where_the_environment_says() {
    let desk = Desk::new();
    let log = desk.path("keys");
    let server = Badftp::with_environment("SSLKEYLOGFILE", &log.to_string_lossy());
    curl(&desk, &server.site(), &[&server.site().url("/hello.txt")]).ok();
    let keys = String::from_utf8(desk.read("keys")).expect("the log is text");
    assert!(keys.contains("CLIENT_TRAFFIC_SECRET_0 "), "{keys}");
}

#[test]
fn what_is_no_tls_gets_an_alert() {
    let server = serve(Way::Implicit);
    let answer = answer_to(server.site().address, b"USER anonymous\r\n");
    assert_eq!((answer[0], answer[5]), (21, 2), "a fatal alert, not {answer:?}");
}
