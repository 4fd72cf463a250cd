//! `NcFTP` against healthy servers. It speaks no IPv6.

use super::noise::Noise;
use crate::clients::{Desk, ncftp, ncftp_shell};
use crate::site::Site;

super::checks!("needs ncftp and the real servers: tests/run", v4:
    moves_files_of_any_size_by_any_data_connection
    resumes_both_ways
    carries_a_tree_there_and_back
    renames_deletes_and_makes_folders
    lists_long_and_short
);

const HOST: &str = "127.0.0.1";

fn moves_files_of_any_size_by_any_data_connection(site: &Site) {
    let path = site.path("a.bin");
    for way in ["-F", "-E"] {
        for size in [0, 1, 70_000] {
            let desk = Desk::with("a.bin", Noise::bytes(6, size));
            ncftp(&desk, site, "ncftpput", &[way, HOST, site.folder, "a.bin"]).ok();
            std::fs::create_dir(desk.path("back")).expect("a folder can be made");
            ncftp(&desk, site, "ncftpget", &[way, HOST, "back", &path]).ok();
            desk.holds("back/a.bin", desk.read("a.bin"));
        }
    }
}

fn resumes_both_ways(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("a", "01234");
    ncftp(&desk, site, "ncftpput", &[HOST, site.folder, "a"]).ok();
    desk.write("a", "0123456789");
    ncftp(&desk, site, "ncftpput", &["-z", HOST, site.folder, "a"]).ok();
    std::fs::create_dir(desk.path("back")).expect("a folder can be made");
    desk.write("back/a", "0123456");
    ncftp(&desk, site, "ncftpget", &["-z", HOST, "back", &path]).ok();
    desk.holds("back/a", "0123456789");
}

fn carries_a_tree_there_and_back(site: &Site) {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("tree/deep/deeper")).expect("a folder can be made");
    std::fs::create_dir(desk.path("back")).expect("a folder can be made");
    desk.write("tree/one", "one");
    desk.write("tree/deep/deeper/two words", Noise::bytes(2, 50_000));
    ncftp(&desk, site, "ncftpput", &["-R", HOST, site.folder, "tree"]).ok();
    ncftp(&desk, site, "ncftpget", &["-R", HOST, "back", &site.path("tree")]).ok();
    desk.holds("back/tree/one", "one");
    desk.holds("back/tree/deep/deeper/two words", Noise::bytes(2, 50_000));
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let desk = Desk::with("a", "content");
    let cd = format!("cd {}", site.folder);
    ncftp_shell(&desk, site, &[&cd, "put a", "mkdir d", "rename a d/b"]).ok();
    ncftp(&desk, site, "ncftpget", &[HOST, ".", &site.path("d/b")]).ok();
    desk.holds("b", "content");
    ncftp_shell(&desk, site, &[&cd, "rm d/b", "rmdir d"]).ok();
    // What is there already would not be fetched again.
    ncftp(&Desk::new(), site, "ncftpget", &[HOST, ".", &site.path("d/b")]).failed();
}

fn lists_long_and_short(site: &Site) {
    let desk = Desk::with("a.txt", "0123456789");
    ncftp(&desk, site, "ncftpput", &[HOST, site.folder, "a.txt"]).ok();
    let url = site.url(site.folder);
    let names = ncftp(&desk, site, "ncftpls", &["-1", &url]).ok();
    assert!(names.lines().any(|line| line == "a.txt"), "{names}");
    let long = ncftp(&desk, site, "ncftpls", &["-l", &url]).ok();
    let mut lines = long.lines().filter(|line| line.ends_with(" a.txt"));
    assert!(lines.any(|line| line.starts_with("-rw") && line.contains(" 10 ")), "{long}");
}
