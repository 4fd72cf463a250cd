//! podman, configured by nothing but `tests/containers.conf`.

use std::process::Command;

use crate::clients::TESTS;
use crate::run::{Shown, run};

/// What `tests/run` builds for the machine that it runs on.
pub(crate) const IMAGE: &str = "localhost/badftp:latest";

/// The same for another architecture.
pub(crate) const ARM64: &str = "localhost/badftp:arm64";

pub(crate) fn podman(arguments: &[&str]) -> Shown {
    run(&mut command(arguments))
}

/// For callers that do not wait for its end.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new("podman");
    command.env("CONTAINERS_CONF", format!("{TESTS}/containers.conf")).args(arguments);
    command
}
