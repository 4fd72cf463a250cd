//! `docker/compose.yaml`: badftp beside a test job.

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::service::{Service, look_after};
use crate::clients::{Desk, TESTS};
use crate::container::own_number;
use crate::container::podman::IMAGE;
use crate::run::{Shown, run};
use crate::until::until;

/// The `sh` and `curl` of this machine stand for the image of a test job that would have to be pulled.
const TEST_JOB: &str = "
services:
  test:
    volumes: ['/usr:/usr:ro', '/bin:/bin:ro', '/lib:/lib:ro', '/lib64:/lib64:ro']
";

/// Where podman's name server has a file for each network, and one with the number of its process.
const NAMES: &str = "/run/containers/networks/aardvark-dns";

/// What both show, in the file's own scenario or in this one. Podman's name server ends with the last network and starts
/// with the first; a network that comes while it ends has none. So it is one test at a time, after that end.
fn up(scenario: Option<&str>) -> Shown {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    until("podman's name server has ended, or stays", || !name_server_is_about_to_end());
    let (service, project) = (Service::start(), format!("badftp{}", own_number()));
    let desk = Desk::with("test-job.yaml", TEST_JOB);
    let compose = |arguments: &[&str]| {
        let mut command = service.command(&desk, "docker-compose");
        command.env("TEST_IMAGE", IMAGE).envs(scenario.map(|yaml| ("BADFTP_SCENARIO", yaml)));
        command.args(["-p", &project, "-f", &format!("{TESTS}/../docker/compose.yaml")]);
        run(command.args(["-f", "test-job.yaml"]).args(arguments))
    };
    let shown = thread::scope(|scope| {
        let up = scope.spawn(|| compose(&["up", "--no-color", "--exit-code-from", "test"]));
        look_after(&format!("label=com.docker.compose.project={project}"), || up.is_finished());
        up.join().expect("the thread of docker-compose panicked")
    });
    compose(&["down", "--timeout", "1"]).ok();
    shown
}

/// It still runs, and no network is left.
fn name_server_is_about_to_end() -> bool {
    let Ok(files) = fs::read_dir(NAMES) else { return false };
    let is_network = |file: &fs::DirEntry| file.file_name() != "aardvark.pid";
    let process = fs::read_to_string(format!("{NAMES}/aardvark.pid")).unwrap_or_default();
    let runs = !process.trim().is_empty()
        && fs::exists(format!("/proc/{}", process.trim())).unwrap_or(false);
    runs && !files.flatten().any(|file| is_network(&file))
}

#[test]
#[ignore = "needs podman, docker-compose and curl: tests/run"]
fn a_test_job_waits_for_a_healthy_server_and_passes() {
    let stdout = up(None).ok();
    assert!(stdout.contains("Hello from badftp!"), "{stdout}");
    assert!(stdout.contains("pass: 1 of 1 rules fired"), "{stdout}");
}

#[test]
#[ignore = "needs podman, docker-compose and curl: tests/run"]
fn a_test_job_fails_by_the_verdict() {
    let shown = up(Some("expect: [{when: download, times: 2}]"));
    assert_eq!(shown.exit, 22, "{shown}");
    assert!(shown.stdout.contains("unmet: expectation 1"), "{shown}");
}
