//! Connections that are accepted only to be ended.

use super::{CLIENTS, Deed, every_client_shows_the_same, shown_by};
use crate::compare::{Texts, same};
use crate::peers::{Literal, resetting};

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_shows_a_reset_as_that_of_a_server_that_went_away() {
    for client in CLIENTS {
        let (real, thread) = resetting();
        let message = (56, "Recv failure: Connection reset by peer");
        same("ftp/connect-reset", &real, Texts::Same, |site| {
            shown_by(client, Deed::Get("/hello.txt"), site, message)
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
