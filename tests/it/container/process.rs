//! The process in a container: its rights, and how it ends.

use std::fs;

use super::{Container, podman::podman};
use crate::session::Session;
use crate::sftp;

/// A line of what the kernel says about the container's process.
fn status(container: &Container, name: &str) -> String {
    let path = format!("/proc/{}/status", container.inspect("{{.State.Pid}}"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":\t"));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).to_owned()
}

#[test]
#[ignore = "needs podman: tests/run"]
fn it_runs_as_nobody_in_particular() {
    let container = Container::published(&[], &[]);
    for kind in ["Uid", "Gid"] {
        assert_eq!(status(&container, kind), "65532\t65532\t65532\t65532");
    }
}

#[test]
#[ignore = "needs podman, curl and sftp: tests/run"]
fn it_needs_neither_rights_nor_a_file_to_write() {
    let few = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"];
    let container = Container::published(&few, &[]);
    for kind in ["CapEff", "CapBnd"] {
        assert_eq!(status(&container, kind), "0000000000000000");
    }
    assert_eq!(status(&container, "NoNewPrivs"), "1");
    podman(&["healthcheck", "run", &container.name]).ok();
    // Data connections take the image's one passive port.
    let site = container.site();
    let desk = sftp::desk();
    desk.write("up", "content");
    crate::clients::curl(&desk, &site, &["-T", "up", &site.url("/a")]).ok();
    sftp::clients::sftp(&desk, &container.place(), &[], "get a down").ok();
    desk.holds("down", "content");
}

/// podman's patience is one second; whoever still runs then is killed, and exits with 137.
#[test]
#[ignore = "needs podman: tests/run"]
fn it_stops_within_a_second() {
    let container = Container::published(&[], &["serve", "rules: [{when: NOOP, then: stall}]"]);
    let stalled = Session::logged_in_at(container.site().address);
    stalled.say("NOOP");
    podman(&["stop", "--time=1", &container.name]).ok();
    assert_eq!(container.inspect("{{.State.ExitCode}}"), "0");
}

#[test]
#[ignore = "needs podman: tests/run"]
fn it_ends_by_sigint_as_by_sigterm() {
    for signal in ["INT", "TERM"] {
        let container = Container::published(&[], &[]);
        podman(&["kill", "--signal", signal, &container.name]).ok();
        assert_eq!(podman(&["wait", &container.name]).ok(), "0\n", "{signal}");
    }
}
