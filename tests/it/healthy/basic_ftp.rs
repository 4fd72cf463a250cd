//! Node's basic-ftp against healthy servers.

use serde_json::{Value, json};

use super::noise::Noise;
use crate::clients::{Desk, basic_ftp};
use crate::site::Site;

super::checks!("needs node and the real servers: tests/run":
    moves_files_of_any_size_by_any_data_connection
    resumes_and_appends
    renames_deletes_and_makes_folders
    lists_what_is_there
    tells_size_and_time
    carries_odd_names
    carries_a_tree_there_and_back
);

/// Each step's result, parsed.
#[track_caller]
fn results(desk: &Desk, site: &Site, steps: &Value) -> Vec<Value> {
    basic_ftp(desk, site, steps).values()
}

fn moves_files_of_any_size_by_any_data_connection(site: &Site) {
    let path = site.path("a.bin");
    let ways: &[&str] = if site.address.is_ipv4() { &["epsv", "pasv"] } else { &["epsv"] };
    for way in ways {
        for size in [0, 1, 70_000] {
            let desk = Desk::with("up", Noise::bytes(8, size));
            results(
                &desk,
                site,
                &json!([[way], ["uploadFrom", "up", path], ["downloadTo", "down", path]]),
            );
            desk.holds("down", desk.read("up"));
        }
    }
}

fn resumes_and_appends(site: &Site) {
    let path = site.path("a");
    let desk = Desk::with("down", "0123");
    let steps = json!([
        ["text", "01234567", path],
        ["append", "89", path],
        ["downloadTo", "down", path, 4]
    ]);
    results(&desk, site, &steps);
    desk.holds("down", "0123456789");
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let (a, d, b) = (site.path("a"), site.path("d"), site.path("d/b"));
    let desk = Desk::new();
    let steps = json!([
        ["text", "content", a],
        ["ensureDir", d],
        ["cd", "/"],
        ["rename", a, b],
        ["downloadTo", "down", b]
    ]);
    results(&desk, site, &steps);
    desk.holds("down", "content");
    for steps in [json!([["removeEmptyDir", d]]), json!([["remove", a]]), json!([["size", a]])] {
        let shown = basic_ftp(&desk, site, &steps).failed();
        assert!(shown.stderr.starts_with("FTPError: 550 "), "{shown}");
    }
    results(&desk, site, &json!([["removeDir", d]]));
    let shown = basic_ftp(&desk, site, &json!([["cd", d]])).failed();
    assert!(shown.stderr.starts_with("FTPError: 550 "), "{shown}");
}

fn lists_what_is_there(site: &Site) {
    let desk = Desk::new();
    let steps = json!([
        ["text", "0123456789", site.path("a.txt")],
        ["send", format!("MKD {}", site.path("d"))],
        ["kinds", site.folder]
    ]);
    let answers = results(&desk, site, &steps);
    let entries = answers[2].as_array().expect("a listing is a list");
    assert!(entries.contains(&json!(["a.txt", 1, 10])), "{answers:?}");
    assert!(entries.iter().any(|entry| entry[0] == "d" && entry[1] == 2), "{answers:?}");
}

fn tells_size_and_time(site: &Site) {
    let path = site.path("a");
    let answers = results(
        &Desk::new(),
        site,
        &json!([["text", "0123456789", path], ["size", path], ["lastMod", path]]),
    );
    assert_eq!(answers[1], json!(10));
    assert!(
        answers[2].as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')),
        "{answers:?}"
    );
}

fn carries_odd_names(site: &Site) {
    for name in super::NAMES {
        let desk = Desk::new();
        let steps = json!([
            ["cd", site.folder],
            ["text", name, name],
            ["downloadTo", "down", name],
            ["names", ""]
        ]);
        let answers = results(&desk, site, &steps);
        desk.holds("down", name);
        let names = answers[3].as_array().expect("a listing is a list");
        assert!(names.contains(&json!(name)), "{name} is missing in {names:?}");
    }
}

fn carries_a_tree_there_and_back(site: &Site) {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("tree/deep/deeper")).expect("a folder can be made");
    desk.write("tree/one", "one");
    desk.write("tree/deep/deeper/two", Noise::bytes(2, 50_000));
    let path = site.path("tree");
    results(
        &desk,
        site,
        &json!([["uploadFromDir", "tree", path], ["downloadToDir", "back", path]]),
    );
    desk.holds("back/one", "one");
    desk.holds("back/deep/deeper/two", Noise::bytes(2, 50_000));
}
