//! wget against healthy servers; curl has put there what it downloads.

use super::noise::Noise;
use crate::clients::{Desk, curl, wget};
use crate::site::Site;

super::checks!("needs wget, curl and the real servers: tests/run":
    downloads_files_of_any_size_by_any_data_connection
    resumes_a_download
    downloads_a_tree
    lists_what_is_there
);

fn put(desk: &Desk, site: &Site, name: &str, content: impl AsRef<[u8]>) {
    desk.write("up", content);
    curl(desk, site, &["--ftp-create-dirs", "-T", "up", &site.url(&site.path(name))]).ok();
}

fn downloads_files_of_any_size_by_any_data_connection(site: &Site) {
    let url = site.url(&site.path("a.bin"));
    for way in ["--no-glob", "--no-passive-ftp"] {
        for size in [0, 1, 70_000] {
            let desk = Desk::new();
            put(&desk, site, "a.bin", Noise::bytes(8, size));
            wget(&desk, site, &[way, "-O", "down", &url]).ok();
            desk.holds("down", desk.read("up"));
        }
    }
}

fn resumes_a_download(site: &Site) {
    let desk = Desk::with("a", "01234");
    put(&desk, site, "a", "0123456789");
    wget(&desk, site, &["--continue", &site.url(&site.path("a"))]).ok();
    desk.holds("a", "0123456789");
}

fn downloads_a_tree(site: &Site) {
    let desk = Desk::new();
    put(&desk, site, "tree/one", "one");
    put(&desk, site, "tree/deep/two words", Noise::bytes(2, 50_000));
    let path = site.path("tree/");
    let folders = format!("--cut-dirs={}", path.matches('/').count() - 1);
    let here = ["--recursive", "--no-host-directories", &folders, "-P", "back", &site.url(&path)];
    wget(&desk, site, &here).ok();
    desk.holds("back/one", "one");
    desk.holds("back/deep/two words", Noise::bytes(2, 50_000));
}

fn lists_what_is_there(site: &Site) {
    let desk = Desk::new();
    put(&desk, site, "list/a.txt", "0123456789");
    let page = wget(&desk, site, &["-O", "-", &site.url(&site.path("list/"))]).ok();
    assert!(page.contains(">a.txt</a>  (10 bytes)"), "{page}");
}
