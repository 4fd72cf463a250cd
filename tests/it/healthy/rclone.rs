//! rclone against healthy servers.

use std::fs;

use super::noise::Noise;
use crate::clients::{Desk, rclone};
use crate::site::Site;

super::checks!("needs rclone and the real servers: tests/run":
    moves_files_of_any_size_by_any_data_connection
    carries_a_tree_there_and_back
    renames_deletes_and_makes_folders
    lists_what_is_there
    reads_a_part_of_a_file
    carries_odd_names
);

fn remote(site: &Site, name: &str) -> String {
    format!(":ftp:{}", site.path(name))
}

fn moves_files_of_any_size_by_any_data_connection(site: &Site) {
    let remote = remote(site, "a.bin");
    for way in ["--ftp-disable-epsv=false", "--ftp-disable-epsv=true"] {
        // Without EPSV there is only PASV, which IPv6 does not have.
        if way.ends_with("true") && site.address.is_ipv6() {
            continue;
        }
        for size in [0, 1, 70_000] {
            let desk = Desk::with("up", Noise::bytes(9, size));
            rclone(&desk, site, &["copyto", way, "--ignore-times", "up", &remote]).ok();
            rclone(&desk, site, &["copyto", way, &remote, "down"]).ok();
            desk.holds("down", desk.read("up"));
        }
    }
}

fn carries_a_tree_there_and_back(site: &Site) {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("tree/deep/deeper")).expect("a folder can be made");
    desk.write("tree/one", "one");
    desk.write("tree/deep/deeper/two", Noise::bytes(2, 50_000));
    let remote = remote(site, "tree");
    rclone(&desk, site, &["sync", "tree", &remote]).ok();
    rclone(&desk, site, &["check", "--download", "tree", &remote]).ok();
    rclone(&desk, site, &["copy", &remote, "back"]).ok();
    desk.holds("back/one", "one");
    desk.holds("back/deep/deeper/two", Noise::bytes(2, 50_000));
    // A sync from which a file is gone deletes it there.
    std::fs::remove_file(desk.path("tree/one")).expect("a file can be removed");
    rclone(&desk, site, &["sync", "tree", &remote]).ok();
    assert_eq!(
        rclone(&desk, site, &["lsf", "-R", "--files-only", &remote]).ok(),
        "deep/deeper/two\n"
    );
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let desk = Desk::with("up", "content");
    let go = |arguments: &[&str]| rclone(&desk, site, arguments);
    let (a, d, b) = (remote(site, "a"), remote(site, "d"), remote(site, "d/b"));
    go(&["copyto", "up", &a]).ok();
    go(&["mkdir", &d]).ok();
    go(&["moveto", &a, &b]).ok();
    assert_eq!(go(&["cat", &b]).ok(), "content");
    go(&["rmdir", &d]).failed();
    go(&["cat", &a]).failed();
    go(&["deletefile", &b]).ok();
    go(&["rmdir", &d]).ok();
    go(&["lsf", &d]).failed();
    go(&["mkdir", &remote(site, "x/y/z")]).ok();
    go(&["purge", &remote(site, "x")]).ok();
    go(&["lsf", &remote(site, "x")]).failed();
}

fn lists_what_is_there(site: &Site) {
    let desk = Desk::with("up", "0123456789");
    let folder = remote(site, "list");
    rclone(&desk, site, &["copyto", "up", &remote(site, "list/a.txt")]).ok();
    rclone(&desk, site, &["mkdir", &remote(site, "list/d")]).ok();
    let list = rclone(&desk, site, &["lsf", "--format", "ps", &folder]).ok();
    let mut lines: Vec<&str> = list.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["a.txt;10", "d/;-1"], "{list}");
}

fn reads_a_part_of_a_file(site: &Site) {
    let desk = Desk::with("up", "0123456789");
    let remote = remote(site, "a");
    rclone(&desk, site, &["copyto", "up", &remote]).ok();
    assert_eq!(
        rclone(&desk, site, &["cat", "--offset", "3", "--count", "4", &remote]).ok(),
        "3456"
    );
}

fn carries_odd_names(site: &Site) {
    let desk = Desk::new();
    fs::create_dir(desk.path("up")).expect("a folder can be made");
    for name in super::NAMES {
        desk.write(&format!("up/{name}"), name);
    }
    let remote = remote(site, "odd");
    rclone(&desk, site, &["copy", "up", &remote]).ok();
    let list = rclone(&desk, site, &["lsf", &remote]).ok();
    rclone(&desk, site, &["copy", &remote, "down"]).ok();
    for name in super::NAMES {
        assert!(list.lines().any(|line| line == name), "{name} is missing in\n{list}");
        desk.holds(&format!("down/{name}"), name);
    }
}
