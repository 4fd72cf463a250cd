//! `docker/kubernetes.yaml`. Podman plays it: it has pods, but no cluster.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use super::{recipe, step, words};
use crate::clients::{Desk, TESTS};
use crate::container::own_number;
use crate::container::podman::{IMAGE, podman};
use crate::control::http;
use crate::until::until;

/// Where a Deployment says what its container is.
const CONTAINER: &str = "/spec/template/spec/containers/0";

/// What the file has, by its kind, with this for badftp's name.
fn objects(name: &str) -> BTreeMap<String, Value> {
    let file = fs::read_to_string(format!("{TESTS}/../docker/kubernetes.yaml"));
    let file = file.expect("objects").replace("name: badftp", &format!("name: {name}"));
    let objects: Vec<Value> = serde_yaml::from_multiple(&file).expect("YAML");
    let kind = |object: &Value| object["kind"].as_str().expect("a kind").to_owned();
    objects.into_iter().map(|object| (kind(&object), object)).collect()
}

/// Numbers of ports by their names.
fn ports(ports: &Value, number: &str) -> BTreeMap<String, u16> {
    let number = |port: &Value| port[number].as_u64().and_then(|number| number.try_into().ok());
    let port = |port: &Value| Some((port["name"].as_str()?.to_owned(), number(port)?));
    ports.as_array().expect("ports").iter().filter_map(port).collect()
}

/// The Deployment's pod. What was made for it goes with it.
struct Pod {
    own: String,
    objects: BTreeMap<String, Value>,
}

impl Pod {
    fn play() -> Self {
        let own = format!("badftp-{}", own_number());
        let pod = Self { objects: objects(&own), own };
        let desk = Desk::new();
        let file = |name: &str, content: String| {
            desk.write(name, content);
            desk.path(name).display().to_string()
        };
        // Podman's form of a Secret is another one.
        let secret = json!({"token": BASE64_STANDARD.encode(pod.token())}).to_string();
        podman(&["secret", "create", &pod.own, &file("secret", secret)]).ok();
        let played = format!("{}\n---\n{}", pod.objects["ConfigMap"], pod.deployment());
        podman(&["kube", "play", "--network=podman", &file("played", played)]).ok();
        pod
    }

    fn token(&self) -> &str {
        self.objects["Secret"]["stringData"]["token"].as_str().expect("a token")
    }

    fn container(&self) -> &Value {
        self.objects["Deployment"].pointer(CONTAINER).expect("a container")
    }

    /// Without the names of its ports: podman would publish them.
    fn deployment(&self) -> Value {
        let mut deployment = self.objects["Deployment"].clone();
        let container = deployment.pointer_mut(CONTAINER).expect("a container");
        (container["image"], container["ports"]) = (json!(IMAGE), json!([]));
        deployment
    }

    fn port(&self, name: &str) -> SocketAddr {
        let ports = ports(&self.container()["ports"], "containerPort");
        (self.ip(), ports[name]).into()
    }

    /// That of the container which holds the pod's network.
    fn ip(&self) -> Ipv4Addr {
        let holder = podman(&["pod", "inspect", "--format={{.InfraContainerID}}", &self.name()]);
        let address = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        let address = podman(&["inspect", address, holder.ok().trim()]).ok();
        address.trim().parse().expect("an address")
    }

    fn name(&self) -> String {
        format!("{}-pod-0", self.own)
    }

    /// As its liveness probe does it, until it is alive.
    fn lives(&self) {
        let container = format!("{}-{}", self.name(), self.own);
        let probe = words(&self.container()["livenessProbe"]["exec"]["command"]);
        let line = [&["exec", &container], &probe[..]].concat();
        until(format!("{container} is alive"), || podman(&line).exit == 0);
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        podman(&["pod", "rm", "--force", "--time=0", &self.name()]);
        podman(&["volume", "rm", &format!("{}-scenarios", self.own)]);
        podman(&["secret", "rm", &self.own]);
    }
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn a_client_of_a_pod_passes() {
    let pod = Pod::play();
    pod.lives();
    let readiness = &pod.container()["readinessProbe"]["httpGet"];
    let [path, port] =
        [&readiness["path"], &readiness["port"]].map(|word| word.as_str().expect("a word"));
    assert_eq!(http::get(pod.port(port), path).status, 200);

    let url = format!("ftp://ann:secret@{}", pod.port("ftp"));
    step(&recipe("shell"), "sh upload.sh report.csv", [("BADFTP_FTP_URL", &*url)]).ok();
    let (control, token) = (pod.port("control"), format!("Authorization: Bearer {}", pod.token()));
    assert_eq!(http::get(control, "/verify").status, 401);
    let verdict = http::ask(control, "GET", "/verify?format=text", &[&token], b"");
    assert_eq!(
        verdict.text(),
        "pass: 1 of 1 expectations met, 1 of 1 rules fired as they should\n"
    );
}

#[test]
fn the_service_has_the_ports_of_the_pod() {
    let objects = objects("badftp");
    let inside = objects["Deployment"].pointer(CONTAINER).expect("a container");
    let inside = ports(&inside["ports"], "containerPort");
    assert_eq!(inside.len(), 4);
    assert_eq!(ports(&objects["Service"]["spec"]["ports"], "port"), inside);
}
