//! Ports on which something else listens.

use super::{Deed, every_client_downloads_the_same, shown_by, side_by_side};
use crate::compare::{Texts, same};
use crate::peers::Literal;

const ENDED: (i32, &str) = (56, "response reading failed (errno: N)");

/// The identification of Debian's OpenSSH, which then waits for the client's.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_waits_for_an_ssh_server_as_with_exact_bytes() {
    let real = Literal::new().says("220", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3").site();
    let silence = (28, "Operation timed out after N milliseconds with 0 bytes received");
    side_by_side(|client| {
        same("ftp/greeting-wrong-protocol", &real, Texts::Same, |site| {
            shown_by(client, Deed::Get("/hello.txt"), site, silence)
        });
    });
}

/// What Node's web server says when it is tired of waiting.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_web_server_is_shown_as_with_exact_bytes() {
    let words = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n";
    let real = Literal::new().says_last("220", words).site();
    every_client_downloads_the_same("ftp/greeting-wrong-protocol/http", &real, Texts::Same, ENDED);
}

/// Before a handshake TLS has nothing to say, not even an alert.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_tls_server_is_shown_as_a_connection_that_is_closed() {
    let real = Literal::new().closes_at_once().site();
    every_client_downloads_the_same("ftp/greeting-wrong-protocol/tls", &real, Texts::Same, ENDED);
}
