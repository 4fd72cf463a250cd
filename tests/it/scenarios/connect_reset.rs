//! Connections that are accepted only to be ended.

use super::{CLIENTS, Client, Deed, every_client_shows_the_same};
use crate::compare::{Texts, same, says_one_of};
use crate::peers::{Literal, resetting};

/// curl meets the reset when it waits for the greeting, or already when it looks whether it is connected.
pub(crate) const MET: [(i32, &str); 2] = [
    (56, "Recv failure: Connection reset by peer"),
    (7, "Failed to connect to host after N ms: Couldn't connect to server"),
];

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_shows_a_reset_as_that_of_a_server_that_went_away() {
    for client in CLIENTS {
        let (real, thread) = resetting();
        same("ftp/connect-reset", &real, Texts::Same, |site| {
            let shown = Deed::Get("/hello.txt").by(client, site);
            if client == Client::Curl { says_one_of(shown, &MET) } else { shown }
        });
        thread.join().expect("the listener's thread panicked");
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_shows_an_early_end_as_with_exact_bytes() {
    let real = Literal::new().closes_at_once().site();
    let message = (56, "response reading failed (errno: N)");
    every_client_shows_the_same(
        "ftp/connect-reset/closed",
        &real,
        Texts::Same,
        Deed::Get("/hello.txt"),
        message,
    );
}
