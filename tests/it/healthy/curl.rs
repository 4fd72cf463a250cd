//! curl against healthy servers.

use super::noise::Noise;
use crate::clients::{Desk, curl};
use crate::run::show;
use crate::site::Site;

super::checks!("needs curl and the real servers: tests/run":
    moves_files_of_any_size_by_passive_connections
    resumes_a_download
    resumes_and_appends_to_an_upload
    renames_deletes_and_makes_folders
    tells_size_and_time
    lists_long_and_short
    converts_lines_in_ascii
    carries_odd_names
    downloads_in_parallel
);

super::checks!("needs curl and the real servers: tests/run", modern: lists_by_mlsd);

super::checks!("needs curl and the real servers: tests/run", active: moves_files_of_any_size_by_active_connections);

#[track_caller]
fn put(site: &Site, name: &str, content: &[u8]) -> String {
    let url = site.url(&site.path(name));
    let desk = Desk::with("local", content);
    curl(&desk, site, &["-T", "local", &url]).ok();
    url
}

#[track_caller]
fn get(site: &Site, name: &str) -> Vec<u8> {
    let desk = Desk::new();
    curl(&desk, site, &["-o", "local", &site.url(&site.path(name))]).ok();
    desk.read("local")
}

/// By EPSV, and by PASV, which is not to be had over IPv6.
fn moves_files_of_any_size_by_passive_connections(site: &Site) {
    moves_files_of_any_size(site, &[&[], &["--disable-epsv"]]);
}

/// By EPRT and PORT.
fn moves_files_of_any_size_by_active_connections(site: &Site) {
    let here = site.calls_back.map_or_else(|| "-".to_owned(), |ip| ip.to_string());
    moves_files_of_any_size(site, &[&["-P", &here], &["-P", &here, "--disable-eprt"]]);
}

fn moves_files_of_any_size(site: &Site, ways: &[&[&str]]) {
    for (way, arguments) in ways.iter().enumerate() {
        for size in [0, 1, 70_000] {
            let desk = Desk::with("up", Noise::bytes(way as u64, size));
            let url = site.url(&site.path(&format!("{size}.bin")));
            curl(&desk, site, &[&["-T", "up", &url], *arguments].concat()).ok();
            curl(&desk, site, &[&["-o", "down", &url], *arguments].concat()).ok();
            // curl makes no file for an empty download.
            if size > 0 {
                desk.holds("down", desk.read("up"));
            }
        }
    }
}

fn resumes_a_download(site: &Site) {
    let url = put(site, "a", b"0123456789");
    let desk = Desk::with("a", "0123");
    curl(&desk, site, &["-C", "-", "-o", "a", &url]).ok();
    desk.holds("a", "0123456789");
    assert_eq!(curl(&desk, site, &["--range", "2-5", &url]).ok(), "2345");
}

fn resumes_and_appends_to_an_upload(site: &Site) {
    let url = put(site, "a", b"0123");
    let desk = Desk::with("a", "0123456789");
    curl(&desk, site, &["-C", "-", "-T", "a", &url]).ok();
    assert_eq!(get(site, "a"), b"0123456789");
    curl(&desk, site, &["--append", "-T", "a", &url]).ok();
    assert_eq!(get(site, "a"), b"01234567890123456789");
}

fn renames_deletes_and_makes_folders(site: &Site) {
    put(site, "a", b"content");
    let quote = |command: &str| {
        let (verb, name) = command.split_once(' ').expect("a verb and a name");
        let command = format!("{verb} {}", site.path(name));
        curl(&Desk::new(), site, &["-Q", &command, "-o", "/dev/null", &site.url("/")])
    };
    quote("MKD d").ok();
    let rename = format!("-RNFR {}", site.path("a"));
    let to = format!("-RNTO {}", site.path("d/b"));
    curl(&Desk::new(), site, &["-Q", &rename, "-Q", &to, "-o", "/dev/null", &site.url("/")]).ok();
    assert_eq!(get(site, "d/b"), b"content");
    quote("RMD d").failed();
    quote("DELE d/b").ok();
    quote("DELE d/b").failed();
    quote("RMD d").ok();
    quote("RMD d").failed();
    let desk = Desk::with("up", "deep");
    curl(&desk, site, &["--ftp-create-dirs", "-T", "up", &site.url(&site.path("x/y/z.txt"))]).ok();
    assert_eq!(get(site, "x/y/z.txt"), b"deep");
}

fn tells_size_and_time(site: &Site) {
    let url = put(site, "a", b"0123456789");
    let head = curl(&Desk::new(), site, &["--head", &url]).ok();
    assert!(head.contains("Content-Length: 10\r\n"), "{head}");
    assert!(head.contains("Last-Modified: ") && head.contains(" GMT\r\n"), "{head}");
    assert!(head.contains("Accept-ranges: bytes\r\n"), "{head}");
}

fn lists_long_and_short(site: &Site) {
    put(site, "a.txt", b"0123456789");
    let folder = site.url(site.folder);
    let long = curl(&Desk::new(), site, &[&folder]).ok();
    let line = long
        .lines()
        .find(|line| line.ends_with(" a.txt"))
        .unwrap_or_else(|| panic!("no a.txt in\n{long}"));
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((&words[0][..3], words[4], words.len()), ("-rw", "10", 9), "{line}");
    let short = curl(&Desk::new(), site, &["--list-only", &folder]).ok();
    assert!(short.lines().any(|line| line == "a.txt"), "{short}");
}

fn lists_by_mlsd(site: &Site) {
    put(site, "a.txt", b"0123456789");
    let list = curl(&Desk::new(), site, &["-X", "MLSD", &site.url(site.folder)]).ok();
    let line = list
        .lines()
        .find(|line| line.ends_with("; a.txt"))
        .unwrap_or_else(|| panic!("no a.txt in\n{list}"));
    assert!(
        line.to_ascii_lowercase().contains("type=file;") && line.contains("size=10;"),
        "{line}"
    );
}

fn converts_lines_in_ascii(site: &Site) {
    let url = put(site, "a.txt", b"one\ntwo\n");
    // In ASCII, curl turns LF into the wire's CRLF and back; a server that does not would show here.
    let desk = Desk::with("up", "three\nfour\n");
    curl(&desk, site, &["--use-ascii", "-o", "down", &url]).ok();
    desk.holds("down", "one\ntwo\n");
    curl(&desk, site, &["--use-ascii", "-T", "up", &url]).ok();
    assert_eq!(show(&get(site, "a.txt")), "three\nfour\n");
}

fn carries_odd_names(site: &Site) {
    for name in super::NAMES {
        put(site, name, name.as_bytes());
        let list = curl(&Desk::new(), site, &["--list-only", &site.url(site.folder)]).ok();
        assert!(list.lines().any(|line| line == name), "{name} is missing in\n{list}");
        assert_eq!(get(site, name), name.as_bytes());
    }
}

fn downloads_in_parallel(site: &Site) {
    let desk = Desk::new();
    let names: Vec<String> = (0..8).map(|n| format!("{n}.bin")).collect();
    let mut arguments = vec!["--parallel".to_owned(), "--parallel-immediate".to_owned()];
    for (seed, name) in names.iter().enumerate() {
        let url = put(site, name, &Noise::bytes(seed as u64, 100_000));
        arguments.extend(["-o".to_owned(), name.clone(), url]);
    }
    curl(&desk, site, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).ok();
    for (seed, name) in names.iter().enumerate() {
        desk.holds(name, Noise::bytes(seed as u64, 100_000));
    }
}
