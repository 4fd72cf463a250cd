//! OpenSSH's `sftp`.

use std::fs::File;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::clients::{TRUST, sftp};
use super::{Place, checks, desk};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::run;

checks!("needs sftp and OpenSSH's server: tests/run":
    moves_files_of_any_size
    resumes_both_ways
    renames_links_and_removes
    keeps_permissions_and_times
    is_told_what_is_wrong
    lists_ten_thousand_files
);

fn go(desk: &Desk, place: &Place, commands: &str) -> String {
    sftp(desk, place, &[], &format!("cd {}/\n{commands}", place.folder)).ok()
}

fn moves_files_of_any_size(place: &Place) {
    let desk = desk();
    for size in [0, 1, 32_768, 300_000] {
        desk.write("up", vec![b'x'; size]);
        go(&desk, place, "put up\nget up down\nrm up");
        desk.holds("down", vec![b'x'; size]);
    }
}

fn resumes_both_ways(place: &Place) {
    let desk = desk();
    desk.write("up", "0123");
    go(&desk, place, "put up");
    desk.write("up", "0123456789");
    desk.write("down", "01234567");
    go(&desk, place, "reput up\nreget up down");
    desk.holds("down", "0123456789");
}

fn renames_links_and_removes(place: &Place) {
    let desk = desk();
    desk.write("a", "content");
    go(&desk, place, "mkdir d\nput a\nrename a d/b\nln -s d/b soft\nln d/b hard\ncp hard copy");
    let listed = go(&desk, place, "ls -1\nget soft s\nget hard h\nget copy c");
    for (name, down) in [("soft", "s"), ("hard", "h"), ("copy", "c")] {
        assert!(listed.contains(&format!("\n{name}\n")), "{listed}");
        desk.holds(down, "content");
    }
    go(&desk, place, "rm d/b\nrm soft\nrm hard\nrm copy\nrmdir d\n-ls d");
}

/// `a`, with seven bytes, from 2001-09-09 01:46:40 UTC.
fn write_an_old_file(desk: &Desk) -> SystemTime {
    desk.write("a", "content");
    let set = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = File::options().write(true).open(desk.path("a")).expect("it is there");
    file.set_modified(set).expect("a time can be set");
    set
}

fn keeps_permissions_and_times(place: &Place) {
    let desk = desk();
    let set = write_an_old_file(&desk);
    let listed = go(&desk, place, "put -p a\nchmod 640 a\nls -l a\nget -p a down");
    assert!(listed.contains("-rw-r-----"), "{listed}");
    let got = std::fs::metadata(desk.path("down")).and_then(|down| down.modified());
    assert_eq!(got.expect("it is there"), set);
}

fn is_told_what_is_wrong(place: &Place) {
    let desk = desk();
    desk.write("a", "content");
    let commands = format!(
        "cd {}/\nput a\nmkdir d\n-mkdir d\n-rmdir a\n-rm no\n-get no\n-rm d\n-rename no b\n-put a no/a\n",
        place.folder
    );
    let shown = sftp(&desk, place, &[], &commands);
    let complaints: Vec<&str> = shown.stderr.lines().collect();
    let at = |name: &str| place.path(name);
    let expected = [
        format!("remote mkdir \"{}\": Failure", at("d")),
        format!("remote rmdir \"{}\": No such file or directory", at("a")),
        format!("remote delete {}: No such file or directory", at("no")),
        format!("File \"{}\" not found.", at("no")),
        format!("remote delete {}: Failure", at("d")),
        format!("remote rename \"{}\" to \"{}\": No such file or directory", at("no"), at("b")),
        format!("dest open \"{}\": No such file or directory", at("no/a")),
    ];
    assert_eq!(complaints, expected, "{shown}");
}

fn lists_ten_thousand_files(place: &Place) {
    let desk = desk();
    std::fs::create_dir(desk.path("many")).expect("a folder can be made");
    for number in 0..10_000 {
        desk.write(&format!("many/{number}"), "");
    }
    go(&desk, place, "mkdir many\nput -r many");
    let listed = go(&desk, place, "ls -1 many");
    assert_eq!(listed.lines().filter(|line| line.starts_with("many/")).count(), 10_000);
}

/// One connection, and more channels one after another than may be open at once.
#[test]
#[ignore = "needs ssh: tests/run"]
fn channels_that_are_closed_make_room() {
    let server = Badftp::sftp(&[]);
    let place = super::badftp(&server);
    let desk = desk();
    let ssh = |arguments: &[&str]| {
        let mut command = desk.command("ssh");
        command.args(TRUST).args(["-S", "mux", "-p", &place.address.port().to_string()]);
        run(command.args(arguments).arg("piggy@127.0.0.1"))
    };
    ssh(&["-M", "-N", "-f", "-o", "ControlPersist=60", "-E", "log"]).ok();
    let script = "printf '\\0\\0\\0\\5\\1\\0\\0\\0\\3' | ssh -F none -S mux -s x@127.0.0.1 sftp";
    for _ in 0..15 {
        let mut command = desk.command("sh");
        let shown = run(command.args(["-c", script]));
        assert!(shown.stdout.contains("posix-rename@openssh.com"), "{shown}");
    }
    ssh(&["-O", "exit"]).ok();
}
