//! JSch, the SSH of many a Java program: algorithms of 2016, and a password.

use super::clients::jsch;
use super::{badftp, desk};
use crate::badftp::Badftp;

#[test]
#[ignore = "needs JSch: tests/run"]
fn moves_resumes_lists_renames_and_removes() {
    let (server, desk) = (Badftp::sftp(&[]), desk());
    desk.write("part", "0123");
    desk.write("up", "0123456789");
    let shown = jsch(
        &desk,
        &badftp(&server),
        &[
            "put part /a",
            "resume up /a",
            "get /a down",
            "mkdir /d",
            "rename /a /d/b",
            "chmod 600 /d/b",
            "stat /d/b",
            "symlink /d/b /l",
            "readlink /l",
            "ls /d",
            "rm /l",
            "rm /d/b",
            "rmdir /d",
        ],
    );
    let said = shown.ok();
    let said: Vec<&str> = said.lines().filter(|line| *line != "ok").collect();
    assert_eq!(said, ["-rw------- 10", "/d/b", ". .. b"]);
    desk.holds("down", "0123456789");
    let missing = jsch(&desk, &badftp(&server), &["get /no x"]).failed();
    assert_eq!(missing.stderr.trim(), "2: No such file");
}
