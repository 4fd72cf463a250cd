//! The ways to say what goes wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::Container;
use crate::clients::{Desk, curl};
use crate::compare::curl_says;
use crate::session::Session;
use crate::until::until;

const BUSY: &str = "rules: [{when: download, reply: 450 Busy}]\n";

#[track_caller]
fn downloads_are_refused(container: &Container, code: u16) {
    let site = container.site();
    let shown = curl(&Desk::new(), &site, &[&site.url("/hello.txt")]);
    curl_says(&shown, 19, &format!("RETR response: {code}"));
}

/// A folder with a scenario, `busy.yaml`, which everybody may read: the container's user is none of this machine.
fn folder() -> Desk {
    let desk = Desk::with("busy.yaml", BUSY);
    fs::set_permissions(desk.path(""), fs::Permissions::from_mode(0o755)).expect("it is ours");
    desk
}

fn mounted(desk: &Desk) -> String {
    format!("--volume={}:/scenarios:ro", desk.path("").display())
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn a_shipped_name_as_the_argument() {
    downloads_are_refused(&Container::published(&[], &["serve", "ftp/data-425"]), 425);
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn a_shipped_name_in_the_environment() {
    let container = Container::published(&["--env=BADFTP_SCENARIO=ftp/data-425"], &[]);
    downloads_are_refused(&container, 425);
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn yaml_in_the_environment() {
    let scenario = format!("--env=BADFTP_SCENARIO={BUSY}");
    downloads_are_refused(&Container::published(&[&scenario], &[]), 450);
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn yaml_as_the_argument() {
    downloads_are_refused(&Container::published(&[], &["serve", BUSY]), 450);
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn a_file_of_a_mounted_folder() {
    let desk = folder();
    let container = Container::published(&[&mounted(&desk)], &["serve", "busy.yaml"]);
    downloads_are_refused(&container, 450);
}

#[test]
#[ignore = "needs podman: tests/run"]
fn a_mounted_file_that_changes_is_loaded_again() {
    let desk = folder();
    let scenario = "--env=BADFTP_SCENARIO=busy.yaml";
    let container = Container::published(&[&mounted(&desk), scenario], &[]);
    let answer = || Session::greeted_at(container.site().address).ask("NOOP");
    assert_eq!(answer(), "200 NOOP ok.\r\n");
    desk.write("busy.yaml", "rules: [{when: NOOP, reply: 200 Another file}]\n");
    until("the file is loaded again", || answer() == "200 Another file\r\n");
}
