//! Handshakes of the control connection that go wrong behind the 234.

use super::{FINE, GET, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{Fate, Flight, Relay, Vsftpd};
use crate::site::{Family, Tls};

/// A fatal `unrecognized_name` (RFC 6066, section 3).
const UNRECOGNIZED_NAME: &[u8] = b"\x15\x03\x03\x00\x02\x02\x70";

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn handshake_broken() {
    let server = Vsftpd::with_tls(&[]);
    let silent = (28, "SSL connection timeout");
    let ways = [
        ("", Flight::IsAnEnd, (35, "SSL_ERROR_SYSCALL")),
        ("/reset", Flight::IsAReset, (35, "Recv failure: Connection reset by peer")),
        ("/silence", Flight::StopsAfter(0), silent),
        ("/half", Flight::StopsAfter(100), silent),
        ("/plain", Flight::Becomes(b"220 Go on\r\n"), (35, "wrong version number")),
        ("/alert", Flight::Becomes(UNRECOGNIZED_NAME), (35, "unrecognized name")),
        ("/dribbled", Flight::Dribbles, FINE),
    ];
    for (name, flight, curl) in ways {
        let site = Relay::of_tls(&server.site(), flight).over(Tls::EXPLICIT);
        let scenario = format!("ftps/handshake-broken{name}");
        every_client_shows_the_same(&scenario, &site, Texts::Same, GET, curl);
    }
}

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn clear_text_behind_the_234() {
    let server = Vsftpd::with_tls(&[]);
    let said = "234 Proceed with negotiation.\r\n230 Login successful.\r\n";
    let site = Relay::of(&server.site(), "234", Fate::Becomes(said.to_owned()));
    let curl = (8, "Weird server reply");
    let scenario = "ftps/handshake-broken/injected";
    every_client_shows_the_same(scenario, &site.over(Tls::EXPLICIT), Texts::Same, GET, curl);
}

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn implicit_explicit_mixup() {
    let server = Vsftpd::healthy(Family::V4);
    let site = server.site().over(Tls::IMPLICIT);
    let curl = (35, "wrong version number");
    every_client_shows_the_same("ftps/implicit-explicit-mixup", &site, Texts::Same, GET, curl);
    let server = Vsftpd::with_tls(&["implicit_ssl=YES"]);
    let curl = (28, "Operation timed out");
    let scenario = "ftps/implicit-explicit-mixup/implicit";
    every_client_shows_the_same(scenario, &server.site(), Texts::Same, GET, curl);
}
