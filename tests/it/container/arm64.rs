//! The image for the other architecture: its binary, run by qemu.

use std::fs;
use std::process::Command;

use super::podman::{ARM64, podman};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl};
use crate::run::run;
use crate::sftp;
use crate::site::{Site, Tls};

/// The binary of the image, on a desk.
fn from_the_image() -> Desk {
    let desk = Desk::new();
    let root = podman(&["image", "mount", ARM64]).ok();
    fs::copy(format!("{}/badftp", root.trim()), desk.path("badftp")).expect("it is there");
    podman(&["image", "unmount", ARM64]).ok();
    desk
}

fn emulated(desk: &Desk) -> Command {
    let mut command = desk.command("qemu-aarch64-static");
    command.arg(desk.path("badftp"));
    command
}

#[track_caller]
fn carries_a_file(site: &Site) {
    let desk = Desk::with("up", "content");
    curl(&desk, site, &["-T", "up", &site.url("/a")]).ok();
    curl(&desk, site, &["-o", "down", &site.url("/a")]).ok();
    desk.holds("down", "content");
}

#[test]
#[ignore = "needs podman, qemu and curl: tests/run"]
fn it_serves_ftp_and_ftps_and_is_healthy() {
    let desk = from_the_image();
    let badftp = Badftp::by(emulated(&desk), "ftp");
    carries_a_file(&badftp.site());
    carries_a_file(&badftp.site().over(Tls::EXPLICIT));
    let control = badftp.control().to_string();
    run(emulated(&desk).args(["health", "--control", &control])).ok();
    let badftp = Badftp::by(emulated(&desk), "ftps");
    carries_a_file(&badftp.site().over(Tls::IMPLICIT));
}

#[test]
#[ignore = "needs podman, qemu and curl: tests/run"]
fn it_serves_sftp() {
    let binary = from_the_image();
    let badftp = Badftp::by(emulated(&binary), "sftp");
    let (place, desk) = (sftp::badftp(&badftp), sftp::desk());
    desk.write("up", "content");
    let url = sftp::clients::url(&place, "/a");
    sftp::clients::curl(&desk, &place, &["-T", "up", &url]).ok();
    assert_eq!(sftp::clients::curl(&desk, &place, &[&url]).ok(), "content");
}
