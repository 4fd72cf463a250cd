//! Perl's `Net::FTP` against healthy servers.

use serde_json::{Value, json};

use super::noise::Noise;
use crate::clients::{Desk, net_ftp};
use crate::site::Site;

super::checks!("needs perl and the real servers: tests/run":
    moves_files_of_any_size_by_any_data_connection
    resumes_a_download_and_appends
    renames_deletes_and_makes_folders
    lists_long_and_short
    tells_size_and_time
    converts_lines_in_ascii
    stores_under_an_unused_name
);

#[track_caller]
fn results(desk: &Desk, site: &Site, steps: &Value) -> Vec<Value> {
    net_ftp(desk, site, steps).values()
}

fn moves_files_of_any_size_by_any_data_connection(site: &Site) {
    let path = site.path("a.bin");
    for passive in [0, 1] {
        for size in [0, 1, 70_000] {
            let desk = Desk::with("up", Noise::bytes(7, size));
            let steps = json!([
                ["passive", passive],
                ["binary"],
                ["put", "up", path],
                ["get", path, "down"]
            ]);
            results(&desk, site, &steps);
            desk.holds("down", desk.read("up"));
        }
    }
}

fn resumes_a_download_and_appends(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("up", "0123456789");
    desk.write("more", "abc");
    desk.write("down", "01234");
    let steps = json!([
        ["binary"],
        ["put", "up", path],
        ["get", path, "down", 5],
        ["append", "more", path],
        ["get", path, "appended"]
    ]);
    results(&desk, site, &steps);
    desk.holds("down", "0123456789");
    desk.holds("appended", "0123456789abc");
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let (a, d, b) = (site.path("a"), site.path("d"), site.path("d/b"));
    let desk = Desk::with("up", "content");
    let steps = json!([
        ["binary"],
        ["put", "up", a],
        ["mkdir", d],
        ["rename", a, b],
        ["cwd", d],
        ["pwd"],
        ["get", "b", "down"]
    ]);
    let answers = results(&desk, site, &steps);
    assert_eq!(answers[5], json!(d));
    desk.holds("down", "content");
    let shown = net_ftp(&desk, site, &json!([["delete", a]])).failed();
    assert!(shown.stderr.starts_with("550 "), "{shown}");
    results(&desk, site, &json!([["delete", b], ["rmdir", d]]));
    let shown = net_ftp(&desk, site, &json!([["cwd", d]])).failed();
    assert!(shown.stderr.starts_with("550 "), "{shown}");
}

fn lists_long_and_short(site: &Site) {
    let desk = Desk::with("up", "0123456789");
    let steps = json!([["put", "up", site.path("a.txt")], ["cwd", site.folder], ["ls"], ["dir"]]);
    let answers = results(&desk, site, &steps);
    let names = answers[2].as_array().expect("NLST gives a list");
    assert!(names.contains(&json!("a.txt")), "{answers:?}");
    let lines = answers[3].as_array().expect("LIST gives a list");
    let mut lines = lines.iter().filter_map(Value::as_str);
    assert!(lines.any(|line| line.contains(" 10 ") && line.ends_with(" a.txt")), "{answers:?}");
}

fn tells_size_and_time(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("up", "0123456789");
    let steps = json!([["binary"], ["put", "up", path], ["size", path], ["mdtm", path]]);
    let answers = results(&desk, site, &steps);
    assert_eq!(answers[2], json!("10"));
    assert!(answers[3].as_str().is_some_and(|time| time.parse::<u64>().is_ok()), "{answers:?}");
}

fn converts_lines_in_ascii(site: &Site) {
    let path = site.path("a.txt");
    let desk = Desk::with("up", "one\ntwo\n");
    let steps = json!([
        ["ascii"],
        ["put", "up", path],
        ["get", path, "down"],
        ["binary"],
        ["get", path, "stored"]
    ]);
    results(&desk, site, &steps);
    desk.holds("down", "one\ntwo\n");
    desk.holds("stored", "one\ntwo\n");
}

/// `Net::FTP` takes the name out of the server's 150.
fn stores_under_an_unused_name(site: &Site) {
    let desk = Desk::with("up", "content");
    let answers = results(&desk, site, &json!([["cwd", site.folder], ["put_unique", "up"]]));
    results(&desk, site, &json!([["cwd", site.folder], ["get", answers[1], "down"]]));
    desk.holds("down", "content");
}
