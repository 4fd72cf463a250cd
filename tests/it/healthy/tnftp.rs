//! tnftp against healthy servers.

use super::noise::Noise;
use crate::clients::{Desk, tnftp};
use crate::site::Site;

super::checks!("needs tnftp and the real servers: tests/run":
    moves_files_of_any_size_by_any_data_connection
    resumes_a_download
    renames_deletes_and_makes_folders
    lists_long_and_short
    converts_lines_in_ascii
    stores_under_an_unused_name
);

fn moves_files_of_any_size_by_any_data_connection(site: &Site) {
    let path = site.path("a.bin");
    for way in ["passive on", "passive off", "epsv off"] {
        // Without EPSV there is only PASV, which IPv6 does not have.
        if way == "epsv off" && site.address.is_ipv6() {
            continue;
        }
        for size in [0, 1, 70_000] {
            let desk = Desk::with("up", Noise::bytes(5, size));
            let (put, get) = (format!("put up {path}"), format!("get {path} down"));
            tnftp(&desk, site, &[way, &put, &get]).ok();
            desk.holds("down", desk.read("up"));
        }
    }
}

fn resumes_a_download(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("up", "0123456789");
    desk.write("down", "01234");
    tnftp(&desk, site, &[&format!("put up {path}"), &format!("reget {path} down")]).ok();
    desk.holds("down", "0123456789");
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let (a, d, b) = (site.path("a"), site.path("d"), site.path("d/b"));
    let desk = Desk::with("up", "content");
    let (put, mkdir) = (format!("put up {a}"), format!("mkdir {d}"));
    let (rename, get) = (format!("rename {a} {b}"), format!("get {b} down"));
    tnftp(&desk, site, &[&put, &mkdir, &rename, &get]).ok();
    desk.holds("down", "content");
    let commands = [format!("size {a}"), format!("delete {b}"), format!("rmdir {d}")];
    let shown = tnftp(&desk, site, &commands.each_ref().map(String::as_str)).ok();
    let refusals = shown.lines().filter(|line| line.starts_with("550 ")).count();
    assert_eq!(refusals, 1, "only `size` fails:\n{shown}");
    let shown = tnftp(&desk, site, &[&format!("cd {d}")]).ok();
    assert!(shown.lines().any(|line| line.starts_with("550 ")), "{shown}");
}

fn lists_long_and_short(site: &Site) {
    let desk = Desk::with("up", "0123456789");
    let (put, cd) = (format!("put up {}", site.path("a.txt")), format!("cd {}", site.folder));
    let shown = tnftp(&desk, site, &[&put, &cd, "nlist", "ls"]).ok();
    assert!(shown.lines().any(|line| line == "a.txt"), "{shown}");
    let mut lines = shown.lines().filter(|line| line.ends_with(" a.txt"));
    assert!(lines.any(|line| line.starts_with("-rw") && line.contains(" 10 ")), "{shown}");
}

fn converts_lines_in_ascii(site: &Site) {
    let path = site.path("a.txt");
    let desk = Desk::with("up", "one\ntwo\n");
    let commands = [
        "ascii",
        &format!("put up {path}"),
        &format!("get {path} down"),
        "binary",
        &format!("get {path} stored"),
    ];
    tnftp(&desk, site, &commands).ok();
    desk.holds("down", "one\ntwo\n");
    desk.holds("stored", "one\ntwo\n");
}

/// `sunique` sends STOU with a name, which RFC 959 does not know; each server makes of it what it wants.
fn stores_under_an_unused_name(site: &Site) {
    let desk = Desk::with("up", "content");
    let cd = format!("cd {}", site.folder);
    let shown = tnftp(&desk, site, &[&cd, "sunique", "put up a.txt"]).ok();
    let name = shown.lines().find_map(|line| line.strip_prefix("150 FILE: "));
    let name = name.unwrap_or_else(|| panic!("RFC 1123 wants `150 FILE:`\n{shown}"));
    tnftp(&desk, site, &[&cd, &format!("get {name} down")]).ok();
    desk.holds("down", "content");
}
