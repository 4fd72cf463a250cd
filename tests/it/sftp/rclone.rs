//! rclone, over Go's SSH.

use super::clients::rclone;
use super::{Place, checks, desk};

checks!("needs rclone and OpenSSH's server: tests/run":
    copies_moves_and_removes
    keeps_times
);

fn copies_moves_and_removes(place: &Place) {
    let desk = desk();
    desk.write("up", vec![b'x'; 5_000_000]);
    let at = |name: &str| format!("REMOTE:{}", place.path(name));
    rclone(&desk, place, &["copyto", "up", &at("d/a")]).ok();
    rclone(&desk, place, &["moveto", &at("d/a"), &at("d/b")]).ok();
    rclone(&desk, place, &["copyto", &at("d/b"), "down"]).ok();
    desk.holds("down", vec![b'x'; 5_000_000]);
    assert_eq!(rclone(&desk, place, &["lsf", &at("d")]).ok(), "b\n");
    rclone(&desk, place, &["deletefile", &at("d/b")]).ok();
    rclone(&desk, place, &["rmdir", &at("d")]).ok();
    rclone(&desk, place, &["lsf", &at("d")]).failed();
}

fn keeps_times(place: &Place) {
    let desk = desk();
    desk.write("up", "content");
    let at = format!("REMOTE:{}", place.path("a"));
    rclone(&desk, place, &["copyto", "up", &at]).ok();
    rclone(&desk, place, &["touch", "-t", "2001-09-09T01:46:40", &at]).ok();
    let listed = rclone(&desk, place, &["lsl", &at]).ok();
    assert!(listed.contains("2001-09-09 01:46:40"), "{listed}");
}
