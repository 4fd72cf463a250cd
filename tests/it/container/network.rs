//! Faults below the protocols: what clients show of them is the same with and without a container between, as long as
//! it is the kernel that translates addresses.

use super::Container;
use crate::compare::{Texts, same, says_one_of};
use crate::scenarios::connect_reset::MET;
use crate::scenarios::{CLIENTS, Client, Deed, at_once};

/// What curl's exit codes are: 7 refused, 28 timed out, 56 reset.
const TABLE: [(&str, i32); 6] = [
    ("ftp/connect-refused", 7),
    ("ftp/connect-refused/data-port", 7),
    ("ftp/connect-reset", 56),
    ("ftp/connect-silence/blackhole", 28),
    ("ftp/connect-silence/data-port", 28),
    ("ftp/data-reset", 56),
];

fn every_client_shows_the_same(start: impl Fn(&[&str], &[&str]) -> Container + Sync) {
    at_once(TABLE, |(scenario, exit)| {
        // Who never gets through keeps the port that was announced to it.
        let ports = "--env=BADFTP_PASSIVE_PORTS=30000-30002";
        let container = start(&[ports], &["serve", scenario]);
        at_once(CLIENTS, |client| {
            let get = |site: &_| {
                let shown = Deed::Get("/hello.txt").by(client, site);
                let is_reset = client == Client::Curl && scenario == "ftp/connect-reset";
                if is_reset { says_one_of(shown, &MET) } else { shown }
            };
            let shown = same(scenario, &container.site(), Texts::Same, get);
            assert!(client != Client::Curl || shown.exit == exit, "{scenario}: {shown}");
        });
    });
}

#[test]
#[ignore = "needs podman, curl, lftp and python3: tests/run"]
fn every_client_shows_the_same_in_the_network_of_the_machine() {
    every_client_shows_the_same(Container::on_host);
}

#[test]
#[ignore = "needs podman, curl, lftp and python3: tests/run"]
fn every_client_shows_the_same_behind_published_ports() {
    every_client_shows_the_same(Container::published);
}
