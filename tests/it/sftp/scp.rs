//! `scp`, over SFTP as it is by default and by its own old protocol (`-O`); curl knows only that one.

use std::fs::{self, File};
use std::time::{Duration, UNIX_EPOCH};

use super::clients::{curl, scp, scp_url};
use super::sshd::Sshd;
use super::{Place, badftp, checks, desk};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::control::http::get;

checks!("needs scp, curl and OpenSSH's server: tests/run":
    moves_files_of_any_size
    copies_a_tree_with_permissions_and_times
    takes_many_and_patterns
    is_told_what_is_wrong
    curl_moves_files_of_any_size
    curl_is_told_what_is_wrong
);

/// Both protocols, by the option that chooses each.
const PROTOCOLS: [&str; 2] = ["-O", "-s"];

fn moves_files_of_any_size(place: &Place) {
    for protocol in PROTOCOLS {
        for size in [0, 1, 32_768, 3_000_000] {
            let desk = desk();
            desk.write("up", vec![b'x'; size]);
            scp(&desk, place, &[protocol, "up", "REMOTE:/a"]).ok();
            scp(&desk, place, &[protocol, "REMOTE:/a", "down"]).ok();
            desk.holds("down", vec![b'x'; size]);
        }
    }
}

/// A tree with a file of other permissions and an older time.
fn tree(desk: &Desk) {
    fs::create_dir_all(desk.path("tree/sub/empty")).expect("a folder can be made");
    desk.write("tree/a b", "in front");
    desk.write("tree/sub/script", "#!/bin/sh");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o750);
    fs::set_permissions(desk.path("tree/sub/script"), mode).expect("permissions can be set");
    let file = File::options().write(true).open(desk.path("tree/sub/script")).expect("it is there");
    let then = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_modified(then).expect("a time can be set");
}

fn copies_a_tree_with_permissions_and_times(place: &Place) {
    for protocol in PROTOCOLS {
        let desk = desk();
        tree(&desk);
        let there = format!("REMOTE:/there{protocol}");
        scp(&desk, place, &[protocol, "-r", "-p", "tree", &there]).ok();
        scp(&desk, place, &[protocol, "-r", "-p", &there, "back"]).ok();
        desk.holds("back/a b", "in front");
        assert!(desk.path("back/sub/empty").is_dir());
        let script = fs::metadata(desk.path("back/sub/script")).expect("it came back");
        let modified = script.modified().expect("it has a time").duration_since(UNIX_EPOCH);
        assert_eq!(modified.expect("it is after 1970").as_secs(), 1_000_000_000);
        let mode = std::os::unix::fs::PermissionsExt::mode(&script.permissions());
        assert_eq!(mode & 0o777, 0o750);
    }
}

fn takes_many_and_patterns(place: &Place) {
    for protocol in PROTOCOLS {
        let desk = desk();
        tree(&desk);
        for name in ["1.txt", "2.txt", "3.bin"] {
            desk.write(name, name);
        }
        let folder = format!("REMOTE:/many{protocol}");
        scp(&desk, place, &[protocol, "-r", "tree", &folder]).ok();
        scp(&desk, place, &[protocol, "1.txt", "2.txt", "3.bin", &folder]).ok();
        fs::create_dir(desk.path("down")).expect("a folder can be made");
        scp(&desk, place, &[protocol, &format!("{folder}/*.txt"), "down"]).ok();
        desk.holds("down/1.txt", "1.txt");
        desk.holds("down/2.txt", "2.txt");
        assert!(!desk.path("down/3.bin").exists());
    }
}

fn is_told_what_is_wrong(place: &Place) {
    let desk = desk();
    tree(&desk);
    desk.write("up", "content");
    let at = |name: &str| place.path(name);
    scp(&desk, place, &["-r", "tree", "REMOTE:/wrong"]).ok();
    let wrong = |arguments: &[&str], expected: String| {
        let shown = scp(&desk, place, arguments).failed();
        assert_eq!((shown.exit, shown.stderr.trim()), (1, &*expected), "{shown}");
    };
    let none = "No such file or directory";
    wrong(&["-O", "REMOTE:/no", "x"], format!("scp: {}: {none}", at("no")));
    wrong(&["-O", "up", "REMOTE:/no/x"], format!("scp: {}: {none}", at("no/x")));
    wrong(&["-O", "REMOTE:/wrong", "x"], format!("scp: {}: not a regular file", at("wrong")));
    wrong(&["-O", "up", "up", "REMOTE:/no"], format!("scp: {}: {none}", at("no")));
    let file = at("wrong/a b").replace(' ', "\\ ");
    wrong(
        &["-O", "-r", "tree", "REMOTE:/wrong/a\\ b"],
        format!("scp: {}: Not a directory", file.replace('\\', "")),
    );
    wrong(&["REMOTE:/no", "x"], format!("scp: {}: {none}", at("no")));
    wrong(&["REMOTE:/wrong", "x"], format!("scp: download {}/: not a regular file", at("wrong")));
}

fn curl_moves_files_of_any_size(place: &Place) {
    let desk = desk();
    for size in [1, 300_000, 5_000_000] {
        desk.write("up", vec![b'x'; size]);
        let url = scp_url(place, &place.path("a"));
        curl(&desk, place, &["-T", "up", &url]).ok();
        curl(&desk, place, &["-o", "down", &url]).ok();
        desk.holds("down", vec![b'x'; size]);
    }
}

fn curl_is_told_what_is_wrong(place: &Place) {
    let desk = desk();
    desk.write("up", "content");
    let missing = curl(&desk, place, &[&scp_url(place, &place.path("no"))]);
    assert_eq!((missing.exit, missing.stderr.trim()), (78, "curl: (78) Failed to recv file"));
    let nowhere = curl(&desk, place, &["-T", "up", &scp_url(place, &place.path("no/a"))]);
    assert_eq!((nowhere.exit, nowhere.stderr.trim()), (25, "curl: (25) failed to send file"));
}

/// A full disk, as Linux's own `/dev/full` is one.
#[test]
#[ignore = "needs scp and OpenSSH's server: tests/run"]
fn a_full_disk_is_told_as_a_real_one() {
    let server = Badftp::sftp_with_yaml(
        "files: {/dev/full: ''}\nrules: [{when: upload, at: 0B, status: 14 No space left on device}]\n",
    );
    let real = Sshd::start();
    let at = |place: Place, path: &str| {
        let desk = desk();
        desk.write("up", vec![b'x'; 100_000]);
        let place = Place { folder: String::new(), ..place };
        let shown = scp(&desk, &place, &["-O", "up", &format!("REMOTE:{path}")]);
        (shown.exit, shown.stderr)
    };
    assert_eq!(at(badftp(&server), "/dev/full"), at(real.place(), "/dev/full"));
}

/// One rule, and both protocols fail by it; the journal names what was meant.
#[test]
#[ignore = "needs scp: tests/run"]
fn rules_know_uploads_and_downloads() {
    let rules = "files: {/a.bin: {size: 100000B}}\nrules:\n  \
                 - {when: [upload, download], at: 32KiB, status: 4 Broken}\n";
    let server = Badftp::sftp_with_yaml(rules);
    let desk = desk();
    desk.write("up", vec![b'x'; 100_000]);
    let place = badftp(&server);
    let shown = scp(&desk, &place, &["-O", "up", "REMOTE:/up"]).failed();
    assert_eq!(shown.stderr, "scp: /up: Broken");
    let shown = scp(&desk, &place, &["-O", "REMOTE:/a.bin", "down"]).failed();
    assert_eq!(shown.stderr, "scp: /a.bin: Broken");
    scp(&desk, &place, &["up", "REMOTE:/up"]).failed();
    scp(&desk, &place, &["REMOTE:/a.bin", "down"]).failed();
    for event in ["upload", "download"] {
        let told = get(server.control(), &format!("/journal?when={event}&times=2&wait=20s")).json();
        let records = told["records"].as_array().expect("records");
        let failed = records.iter().filter(|record| record["cause"] == "rule");
        assert_eq!(failed.clone().count(), 2, "{told}");
        assert!(failed.clone().all(|record| record["bytes"] == 32_768), "{told}");
    }
}
