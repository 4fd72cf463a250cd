//! Jobs of GitHub Actions: what their steps run.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::service::look_after;
use super::{BADFTP, recipe, step, words};
use crate::clients::TESTS;
use crate::container::podman::{IMAGE, podman};
use crate::container::{own_address, own_number};

/// The job of a workflow, with this for its loopback address.
fn job(name: &str, address: &str) -> Value {
    let file = std::fs::read_to_string(format!("{TESTS}/recipes/github/{name}"));
    let file = file.expect("a workflow").replace("127.0.0.1", address);
    let workflow: Value = serde_yaml::from_str(&file).expect("YAML");
    workflow["jobs"]["upload"].clone()
}

fn commands(job: &Value) -> Vec<&str> {
    let steps = job["steps"].as_array().expect("steps").iter();
    steps.filter_map(|step| step["run"].as_str()).collect()
}

fn variables(of: &Value) -> Vec<(&str, &str)> {
    let variables = of["env"].as_object().expect("variables").iter();
    variables.map(|(name, value)| (&**name, value.as_str().expect("a text"))).collect()
}

/// Where the steps find badftp.
fn path() -> String {
    let folder = Path::new(BADFTP).parent().expect("a folder").display();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

/// Apart from the one that installs badftp.
#[test]
#[ignore = "needs curl: tests/run"]
fn a_job() {
    let job = job("upload.yml", "127.0.0.1");
    let commands = commands(&job);
    assert_eq!(commands.len(), 3);
    let desk = recipe("shell");
    let path = path();
    for command in commands.into_iter().filter(|command| !command.starts_with("cargo install")) {
        step(&desk, command, [("PATH", &*path)]).ok();
    }
    assert!(desk.path("badftp.xml").exists());
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_step_that_expects_a_failure_passes_by_no_other() {
    let job = job("upload.yml", "127.0.0.1");
    let command = commands(&job).into_iter().find(|command| command.contains("quota.yaml"));
    let command = command.expect("a step whose client has to fail");
    let path = path();
    for (right, wrong) in MISTAKES {
        assert!(command.contains(right), "{command}");
        let line = command.replace(right, wrong);
        let shown = step(&recipe("shell"), &line, [("PATH", &*path)]);
        assert_ne!(shown.exit, 0, "{line}: {shown}");
    }
}

/// Mistakes that it must not pass with: a scenario or a script of another name, a client that swallows the failure, one
/// that never comes, no badftp.
const MISTAKES: [(&str, &str); 5] = [
    ("quota.yaml", "qouta.yaml"),
    ("upload.sh", "uplaod.sh"),
    ("sh upload.sh report.csv", "sh -c 'sh upload.sh report.csv || true'"),
    ("sh upload.sh report.csv", "false"),
    ("badftp run", "badftpp run"),
];

/// The container of a job, with its ports published at this address.
struct Service(String);

impl Service {
    /// GitHub begins the steps when it is healthy.
    fn start(described: &Value, address: &str) -> Self {
        let service = Self(format!("badftp-{}", own_number()));
        let ports = words(&described["ports"]).into_iter();
        let publish = ports.map(|port| format!("--publish={address}:{port}"));
        let set =
            variables(described).into_iter().map(|(name, value)| format!("--env={name}={value}"));
        let options: Vec<String> = publish.chain(set).collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        podman(&[&["run", "--detach", "--name", &service.0], &options[..], &[IMAGE]].concat()).ok();
        let deadline = Instant::now() + Duration::from_secs(20);
        look_after(&format!("name={}", service.0), || Instant::now() > deadline);
        service
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        podman(&["rm", "--force", "--time=0", &self.0]);
    }
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn a_job_beside_a_service() {
    let address = own_address().to_string();
    let job = job("service.yml", &address);
    let _service = Service::start(&job["services"]["badftp"], &address);
    let (desk, commands) = (recipe("shell"), commands(&job));
    assert_eq!(commands.len(), 3);
    for command in commands {
        step(&desk, command, variables(&job)).ok();
    }
}
