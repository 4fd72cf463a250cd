//! Podman's service, which tools that were made for Docker take for it.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use crate::clients::Desk;
use crate::container::podman::{self, IMAGE, podman};
use crate::run::{end, spawn};
use crate::until::until;

pub(super) struct Service {
    child: Child,
    desk: Desk,
}

impl Service {
    pub(super) fn start() -> Self {
        let desk = Desk::new();
        let line = ["--log-level=error", "system", "service", "--time=0", &address(&desk)];
        let service = Self { child: spawn(&mut podman::command(&line)), desk };
        let socket = service.desk.path("socket");
        until("podman's service begins", || UnixStream::connect(&socket).is_ok());
        service
    }

    /// A program that finds the service, and the image.
    pub(super) fn command(&self, desk: &Desk, program: &str) -> Command {
        let mut command = desk.command(program);
        command.env("DOCKER_HOST", address(&self.desk)).env("BADFTP_IMAGE", IMAGE);
        command
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn address(desk: &Desk) -> String {
    format!("unix://{}", desk.path("socket").display())
}

/// Looks at the health of the container that this filter finds, until it is well. Podman leaves that to systemd, which is
/// not everywhere.
pub(super) fn look_after(filter: &str, is_over: impl Fn() -> bool) {
    let is_well = || {
        let container = podman(&["ps", "--quiet", "--filter", filter]).stdout;
        podman(&["healthcheck", "run", container.trim()]).exit == 0
    };
    while !is_over() && !is_well() {
        thread::sleep(Duration::from_millis(50));
    }
}
