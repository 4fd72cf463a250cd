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

/// Apart from the one that installs badftp.
#[test]
#[ignore = "needs curl: tests/run"]
fn a_job() {
    let job = job("upload.yml", "127.0.0.1");
    let commands = commands(&job);
    assert_eq!(commands.len(), 3);
    let desk = recipe("shell");
    let folder = Path::new(BADFTP).parent().expect("a folder").display();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    for command in commands.into_iter().filter(|command| !command.starts_with("cargo install")) {
        step(&desk, command, [("PATH", &*path)]).ok();
    }
    assert!(desk.path("badftp.xml").exists());
}

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
