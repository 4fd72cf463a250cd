//! What is in the image, and what it says about itself.

use std::fs;

use serde_json::{Value, json};

use super::podman::{ARM64, IMAGE, podman};

/// As the tests build it, without optimisation across crates. That takes off a sixth: 15 MB is what a release may have.
const AT_MOST: u64 = 20_000_000;

#[track_caller]
fn inspected(image: &str) -> Value {
    let text = podman(&["image", "inspect", image]).ok();
    let images: Value = serde_json::from_str(&text).expect("podman answers in JSON");
    images[0].clone()
}

#[test]
#[ignore = "needs podman: tests/run"]
fn it_is_small() {
    let size = inspected(IMAGE)["Size"].as_u64().expect("a number of bytes");
    assert!(size <= AT_MOST, "it has {size} bytes");
}

#[test]
#[ignore = "needs podman: tests/run"]
fn they_are_for_two_architectures() {
    let machine = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    for (image, architecture) in [(IMAGE, machine), (ARM64, "arm64")] {
        assert_eq!(inspected(image)["Architecture"], architecture);
    }
}

#[test]
#[ignore = "needs podman: tests/run"]
fn they_say_what_they_are() {
    for image in [IMAGE, ARM64] {
        let inspected = inspected(image);
        let label =
            |name: &str| inspected["Labels"][format!("org.opencontainers.image.{name}")].clone();
        assert_eq!(label("title"), env!("CARGO_PKG_NAME"));
        assert_eq!(label("version"), env!("CARGO_PKG_VERSION"));
        assert_eq!(label("description"), env!("CARGO_PKG_DESCRIPTION"));
        assert_eq!(label("licenses"), env!("CARGO_PKG_LICENSE"));
    }
}

#[test]
#[ignore = "needs podman: tests/run"]
fn all_of_its_ports_are_known() {
    let ports: Value = [2121, 2990, 2222, 2180, 30000]
        .iter()
        .map(|port| (format!("{port}/tcp"), json!({})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_eq!(inspected(IMAGE)["Config"]["ExposedPorts"], ports);
}

#[test]
#[ignore = "needs podman: tests/run"]
fn there_is_nothing_in_it_but_badftp() {
    let root = podman(&["image", "mount", IMAGE]).ok();
    let entries = fs::read_dir(root.trim()).expect("the image is mounted");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("it can be listed").file_name()).collect();
    names.sort();
    let scenarios = fs::read_dir(format!("{}/scenarios", root.trim())).expect("a folder").count();
    podman(&["image", "unmount", IMAGE]).ok();
    assert_eq!((names, scenarios), (vec!["badftp".into(), "scenarios".into()], 0));
}
