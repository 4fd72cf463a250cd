//! curl, whose libssh2 is an old one: CTR and CBC ciphers, no `-etm` MACs.

use super::clients::{curl, url};
use super::{Place, checks, desk};

checks!("needs curl and OpenSSH's server: tests/run":
    moves_files_of_any_size
    resumes_and_reads_ranges
    makes_renames_and_removes
    is_told_what_is_wrong
);

fn moves_files_of_any_size(place: &Place) {
    let desk = desk();
    for size in [0, 1, 300_000] {
        desk.write("up", vec![b'x'; size]);
        let url = url(place, &place.path("a"));
        curl(&desk, place, &["-T", "up", &url]).ok();
        curl(&desk, place, &["-o", "down", &url]).ok();
        // curl makes no file of nothing.
        if size > 0 {
            desk.holds("down", vec![b'x'; size]);
        }
    }
}

fn resumes_and_reads_ranges(place: &Place) {
    let desk = desk();
    desk.write("up", "0123456789");
    desk.write("down", "0123");
    let url = url(place, &place.path("a"));
    curl(&desk, place, &["-T", "up", &url]).ok();
    curl(&desk, place, &["-C", "-", "-o", "down", &url]).ok();
    desk.holds("down", "0123456789");
    assert_eq!(curl(&desk, place, &["-r", "2-4", &url]).ok(), "234");
    assert_eq!(curl(&desk, place, &["-r", "-3", &url]).ok(), "789");
}

fn makes_renames_and_removes(place: &Place) {
    let desk = desk();
    desk.write("up", "content");
    let made = url(place, &place.path("x/y/a"));
    curl(&desk, place, &["--ftp-create-dirs", "-T", "up", &made]).ok();
    let quote = |command: &str| {
        let folder = url(place, &place.path(""));
        curl(&desk, place, &["-o", "listing", "-Q", command, &folder])
    };
    let at = |name: &str| place.path(name);
    quote(&format!("rename {} {}", at("x/y/a"), at("b"))).ok();
    quote(&format!("chmod 600 {}", at("b"))).ok();
    quote(&format!("symlink {} {}", at("b"), at("l"))).ok();
    assert_eq!(curl(&desk, place, &[&url(place, &at("l"))]).ok(), "content");
    quote(&format!("rmdir {}", at("x/y"))).ok();
    quote(&format!("rm {}", at("l"))).ok();
    let listing = String::from_utf8_lossy(&desk.read("listing")).into_owned();
    assert!(listing.contains("-rw-------") && listing.contains(" b\n"), "{listing}");
}

fn is_told_what_is_wrong(place: &Place) {
    let desk = desk();
    desk.write("up", "content");
    let missing = curl(&desk, place, &[&url(place, &place.path("no"))]);
    assert_eq!(missing.exit, 78, "{missing}");
    let nowhere = curl(&desk, place, &["-T", "up", &url(place, &place.path("no/a"))]);
    assert_eq!(nowhere.exit, 78, "{nowhere}");
}
