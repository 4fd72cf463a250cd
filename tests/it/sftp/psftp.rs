//! PuTTY's `psftp`.

use super::clients::psftp;
use super::{Place, checks, desk};

checks!("needs psftp and OpenSSH's server: tests/run":
    moves_resumes_renames_and_removes
    is_told_what_is_wrong
);

fn moves_resumes_renames_and_removes(place: &Place) {
    let desk = desk();
    desk.write("up", "0123");
    let go =
        |commands: &str| psftp(&desk, place, &format!("cd {}/\n{commands}", place.folder)).ok();
    go("put up");
    desk.write("up", "0123456789");
    desk.write("down", "0123456");
    go("reput up\nreget up down");
    desk.holds("down", "0123456789");
    let listed = go("mkdir d\nmv up d/b\nchmod 600 d/b\nls d");
    assert!(listed.contains("-rw-------") && listed.trim_end().ends_with(" b"), "{listed}");
    go("del d/b\nrmdir d");
    desk.write("big", vec![b'x'; 3_000_000]);
    go("put big\nget big back\ndel big");
    desk.holds("back", vec![b'x'; 3_000_000]);
}

fn is_told_what_is_wrong(place: &Place) {
    let desk = desk();
    let told = |command: &str| {
        let shown = psftp(&desk, place, &format!("cd {}/\n{command}", place.folder)).failed();
        [shown.stdout, shown.stderr].concat().replace(&place.folder, "")
    };
    for command in ["get no", "del no", "mv no b", "rmdir no", "chmod 600 no", "cd no"] {
        let told = told(command);
        assert!(told.contains("no such file or directory"), "{command}: {told}");
    }
}
