//! Testcontainers, for the languages whose libraries can be had here.

use std::process::Command;

use super::recipe;
use super::service::Service;
use crate::clients::{Desk, PYTHON, TESTS};
use crate::run::run;

fn testcontainers(service: &Service, desk: &Desk, program: &str) -> Command {
    let mut command = service.command(desk, program);
    // Its own helper, which removes what killed tests leave, is an image that would have to be pulled.
    command.env("TESTCONTAINERS_RYUK_DISABLED", "true");
    // It would look for the ports elsewhere if these tests are themselves run in a container.
    command.env("TESTCONTAINERS_CONNECTION_MODE", "docker_host");
    command.env("TESTCONTAINERS_HOST_OVERRIDE", "localhost");
    command
}

#[test]
#[ignore = "needs podman and pytest: tests/run"]
fn a_pytest_suite() {
    let (service, desk) = (Service::start(), recipe("testcontainers/python"));
    let mut pytest = testcontainers(&service, &desk, PYTHON);
    let shown = run(pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]));
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(shown.stdout.contains("3 passed"), "{shown}");
}

#[test]
#[ignore = "needs podman and node: tests/run"]
fn a_suite_of_node() {
    let (service, desk) = (Service::start(), recipe("testcontainers/node"));
    let mut node = testcontainers(&service, &desk, "node");
    let shown = run(node.env("NODE_PATH", format!("{TESTS}/clients/node_modules")).arg("--test"));
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(shown.stdout.contains("pass 2") && shown.stdout.contains("fail 0"), "{shown}");
}
