//! Python's aioftp against healthy servers.

use serde_json::{Value, json};

use super::noise::Noise;
use crate::clients::{Desk, aioftp};
use crate::site::Site;

super::checks!("needs aioftp and the real servers: tests/run":
    moves_files_of_any_size
    renames_deletes_and_makes_folders
    lists_what_is_there
    carries_a_tree_there_and_back
);

#[track_caller]
fn results(desk: &Desk, site: &Site, steps: &Value) -> Vec<Value> {
    aioftp(desk, site, steps).values()
}

fn moves_files_of_any_size(site: &Site) {
    let path = site.path("a.bin");
    for size in [0, 1, 70_000] {
        let desk = Desk::with("up", Noise::bytes(3, size));
        results(&desk, site, &json!([["stor", path, "up"], ["retr", path, "down"]]));
        desk.holds("down", desk.read("up"));
    }
}

fn renames_deletes_and_makes_folders(site: &Site) {
    let (a, d, b) = (site.path("a"), site.path("d"), site.path("d/b"));
    let desk = Desk::with("up", "content");
    let steps = json!([
        ["stor", a, "up"],
        ["make_directory", d],
        ["rename", a, b],
        ["exists", a],
        ["exists", b],
        ["retr", b, "down"],
        ["remove", d],
        ["exists", d]
    ]);
    let answers = results(&desk, site, &steps);
    desk.holds("down", "content");
    let exist = [&answers[3], &answers[4], &answers[7]];
    assert_eq!(exist, [&json!(false), &json!(true), &json!(false)], "{answers:?}");
}

fn lists_what_is_there(site: &Site) {
    let desk = Desk::with("up", "0123456789");
    let steps = json!([
        ["stor", site.path("list/a.txt"), "up"],
        ["make_directory", site.path("list/d")],
        ["names", site.path("list")]
    ]);
    let answers = results(&desk, site, &steps);
    let names = answers[2].as_array().expect("a list");
    assert!(names.contains(&json!(["a.txt", "file", "10"])), "{answers:?}");
    assert!(names.iter().any(|entry| entry[0] == "d" && entry[1] == "dir"), "{answers:?}");
}

fn carries_a_tree_there_and_back(site: &Site) {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("tree/deep")).expect("a folder can be made");
    desk.write("tree/one", "one");
    desk.write("tree/deep/two words", Noise::bytes(2, 50_000));
    // aioftp forgets the folders above the one that it uploads.
    let steps = json!([
        ["change_directory", site.folder],
        ["stor", "tree", "tree"],
        ["retr", site.path("tree"), "back"]
    ]);
    results(&desk, site, &steps);
    desk.holds("back/one", "one");
    desk.holds("back/deep/two words", Noise::bytes(2, 50_000));
}
