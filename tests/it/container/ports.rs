//! Passive mode behind published ports.

use serde_json::json;

use super::Container;
use crate::clients::{Desk, curl};
use crate::control::http;
use crate::healthy::noise::Noise;
use crate::scenarios::at_once;
use crate::sftp;
use crate::site::{Site, Tls};

const CLIENTS: u64 = 20;

/// Each uploads a file of its own and gets it back, all of them at once.
fn each_gets_its_own(site: &Site, options: &[&str]) {
    at_once(0..CLIENTS, |client| {
        let desk = Desk::with("up", Noise::bytes(client, 300_000));
        let url = site.url(&format!("/{client}.bin"));
        curl(&desk, site, &[options, &["-T", "up", &url]].concat()).ok();
        curl(&desk, site, &[options, &["-o", "down", &url]].concat()).ok();
        desk.holds("down", desk.read("up"));
    });
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn twenty_clients_share_one_port() {
    let container = Container::published(&[], &[]);
    for site in [container.site(), container.site_over(Tls::EXPLICIT)] {
        each_gets_its_own(&site, &[]);
    }
}

/// Which ports there are outside is known only after the start, where nobody chooses them.
#[test]
#[ignore = "needs podman, curl and sftp: tests/run"]
fn the_ports_outside_may_be_told_after_the_start() {
    let container = Container::behind_any_ports();
    let told = json!({"address": "127.0.0.1", "ports": container.outside}).to_string();
    let answer = http::ask(container.control(), "PUT", "/advertise", &[], told.as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    for way in [&[][..], &["--disable-epsv", "--no-ftp-skip-pasv-ip"]] {
        each_gets_its_own(&container.site(), way);
    }

    let desk = sftp::desk();
    desk.write("hosts", http::get(container.control(), "/known_hosts").body);
    let trusting = ["-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=hosts"];
    sftp::clients::sftp(&desk, &container.place(), &trusting, "get hello.txt").ok();
}
