//! lftp against healthy servers.

use super::noise::Noise;
use crate::clients::{Desk, lftp};
use crate::site::Site;

super::checks!("needs lftp and the real servers: tests/run":
    moves_files_of_any_size_by_passive_connections
    resumes_both_ways
    renames_deletes_and_makes_folders
    lists_long_and_short
    converts_lines_in_ascii
    carries_odd_names
    mirrors_a_tree_there_and_back
    downloads_one_file_over_several_connections
);

super::checks!("needs lftp and the real servers: tests/run", forgiving: moves_files_of_any_size_by_active_connections);

fn moves_files_of_any_size_by_passive_connections(site: &Site) {
    moves_files_of_any_size(site, "set ftp:prefer-epsv no");
    moves_files_of_any_size(site, "set ftp:prefer-epsv yes");
}

/// Over IPv6, lftp says `EPRT |2|::|port|`: the server must take `::` for the client's address.
fn moves_files_of_any_size_by_active_connections(site: &Site) {
    moves_files_of_any_size(site, "set ftp:passive-mode no");
}

fn moves_files_of_any_size(site: &Site, setting: &str) {
    for size in [0, 1, 70_000] {
        let desk = Desk::with("up", Noise::bytes(size, size));
        let path = site.path("a.bin");
        lftp(&desk, site, &format!("{setting}; put up -o {path}; get {path} -o down")).ok();
        desk.holds("down", desk.read("up"));
    }
}

fn resumes_both_ways(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("part", "0123");
    desk.write("whole", "0123456789");
    desk.write("down", "0123456");
    let script =
        format!("put part -o {path}; put -c whole -o {path}; get -c {path} -o down; cat {path}");
    assert_eq!(lftp(&desk, site, &script).ok(), "0123456789");
    desk.holds("down", "0123456789");
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let desk = Desk::with("a", "content");
    let go = |commands: &str| lftp(&desk, site, &format!("cd {}; {commands}", site.folder));
    go("mkdir -p d/e; put a; mv a d/b; rmdir d/e").ok();
    assert_eq!(go("cat d/b").ok(), "content");
    go("rmdir d").failed();
    go("get a").failed();
    go("rm d/b; rmdir d").ok();
    go("cd d").failed();
    go("mkdir x; put a -o x/a; rm -r x").ok();
    go("cls x").failed();
}

fn lists_long_and_short(site: &Site) {
    let desk = Desk::with("a.txt", "0123456789");
    let folder = site.path("list");
    let go = |commands: &str| lftp(&desk, site, &format!("cd {folder}; {commands}")).ok();
    lftp(&desk, site, &format!("mkdir -p {folder}/d; cd {folder}; put a.txt")).ok();
    assert_eq!(go("cls -1 --sort=name"), "a.txt\nd/\n");
    assert!(go("cls -l").lines().any(|line| line.ends_with(" a.txt") && line.contains(" 10 ")));
    let names = go("nlist");
    assert!(names.lines().any(|line| line == "a.txt"), "{names}");
    let long = go("ls");
    let line = long.lines().find(|line| line.starts_with("-rw") && line.ends_with(" a.txt"));
    assert!(line.is_some_and(|line| line.contains(" 10 ")), "{long}");
}

fn converts_lines_in_ascii(site: &Site) {
    let path = site.path("a.txt");
    let desk = Desk::with("up", "one\ntwo\n");
    lftp(&desk, site, &format!("put -a up -o {path}; get -a {path} -o down; get {path} -o stored"))
        .ok();
    desk.holds("down", "one\ntwo\n");
    desk.holds("stored", "one\ntwo\n");
}

fn carries_odd_names(site: &Site) {
    for name in super::NAMES {
        let desk = Desk::with("up", name);
        let path = quoted(&site.path(name));
        let list = lftp(
            &desk,
            site,
            &format!("put up -o {path}; get {path} -o down; nlist {}", site.folder),
        )
        .ok();
        desk.holds("down", name);
        let name_of = |line: &str| line.rsplit('/').next().map(str::to_owned);
        assert!(
            list.lines().any(|line| name_of(line).as_deref() == Some(name)),
            "{name} is missing in\n{list}"
        );
    }
}

fn mirrors_a_tree_there_and_back(site: &Site) {
    let desk = Desk::new();
    let files =
        [("one.bin", 1), ("two words.bin", 5_000), ("empty", 0), ("deep/deeper/three.bin", 70_000)];
    std::fs::create_dir_all(desk.path("tree/deep/deeper")).expect("a folder can be made");
    for (seed, (name, size)) in files.iter().enumerate() {
        desk.write(&format!("tree/{name}"), Noise::bytes(seed as u64, *size));
    }
    let path = site.path("tree");
    lftp(&desk, site, &format!("mirror -R tree {path}; mirror --parallel=3 {path} back")).ok();
    for (seed, (name, size)) in files.iter().enumerate() {
        desk.holds(&format!("back/{name}"), Noise::bytes(seed as u64, *size));
    }
}

fn downloads_one_file_over_several_connections(site: &Site) {
    let path = site.path("a.bin");
    let desk = Desk::with("up", Noise::bytes(1, 2_000_000));
    lftp(&desk, site, &format!("put up -o {path}; pget -n 4 {path} -o down")).ok();
    desk.holds("down", desk.read("up"));
}

/// As lftp's command line wants it.
fn quoted(name: &str) -> String {
    let escape = |c: char| {
        if matches!(c, '"' | '\\') { format!("\\{c}") } else { c.to_string() }
    };
    format!("\"{}\"", name.chars().map(escape).collect::<String>())
}
