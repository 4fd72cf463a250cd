//! Silence, of a server that was stopped.

use super::{Client, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::compare::{Texts, curl_says};
use crate::peers::Silent;

const SILENCE: &str = "Operation timed out after N milliseconds with 0 bytes received";

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_gives_up_on_silence_as_on_a_stopped_vsftpd() {
    let real = Silent::server();
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same(
        "ftp/connect-silence",
        &real.site(),
        Texts::Same,
        get,
        (28, SILENCE),
    );
}

/// What curl says of a listener whose queue is full, and of a passive port of that kind.
#[test]
#[ignore = "needs curl: tests/run"]
fn curl_gives_up_on_a_black_hole() {
    let table = [
        ("ftp/connect-silence/blackhole", "Connection timed out after N milliseconds"),
        ("ftp/connect-silence/data-port", SILENCE),
    ];
    for (scenario, message) in table {
        let badftp = Badftp::serve(scenario);
        curl_says(&Deed::Get("/hello.txt").by(Client::Curl, &badftp.site()), 28, message);
    }
}
