//! lftp, which speaks SFTP itself over a channel of `ssh`.

use super::clients::lftp;
use super::{Place, checks, desk};

checks!("needs lftp and OpenSSH's server: tests/run":
    moves_resumes_renames_and_removes
    mirrors_a_tree_there_and_back
);

fn moves_resumes_renames_and_removes(place: &Place) {
    let desk = desk();
    desk.write("part", "0123");
    desk.write("whole", "0123456789");
    desk.write("down", "0123456");
    let go = |commands: &str| lftp(&desk, place, &format!("cd {}/; {commands}", place.folder));
    go("put part -o a; put -c whole -o a; get -c a -o down").ok();
    desk.holds("down", "0123456789");
    go("mkdir -p d/e; mv a d/b; rmdir d/e; chmod 600 d/b").ok();
    assert_eq!(go("cat d/b").ok(), "0123456789");
    go("get a").failed();
    go("rm -r d").ok();
    assert!(!go("cls -1").ok().contains('d'));
}

fn mirrors_a_tree_there_and_back(place: &Place) {
    let desk = desk();
    for folder in ["tree", "tree/sub"] {
        std::fs::create_dir(desk.path(folder)).expect("a folder can be made");
    }
    for number in 0..50 {
        desk.write(&format!("tree/sub/{number}"), format!("{number}"));
    }
    let go = |commands: &str| lftp(&desk, place, &format!("cd {}/; {commands}", place.folder));
    go("mirror -R tree there; mirror --parallel=4 there back").ok();
    desk.holds("back/sub/49", "49");
}
