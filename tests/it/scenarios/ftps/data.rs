//! Data connections whose TLS goes wrong.

use super::{
    CLEAR_DATA, FINE, GET, every_client_shows_the_same, some_clients_fail, these_show_the_same,
    with_hello,
};
use crate::compare::Texts;
use crate::peers::{Literal, Parting, Shield, front};
use crate::scenarios::{Client, Deed};
use crate::site::{Site, Tls};

/// A fatal `handshake_failure` (RFC 8446, section 6).
const HANDSHAKE_FAILURE: &[u8] = b"\x15\x03\x03\x00\x02\x02\x28";

fn shielded(server: Literal, shield: Shield) -> Site {
    front(server, shield, Parting::Notified)
}

#[test]
#[ignore = "needs clients: tests/run"]
fn data_handshake_stall() {
    let site = shielded(with_hello(Literal::new()), Shield::Silence);
    let curl = (28, "SSL connection timeout");
    every_client_shows_the_same("ftps/data-handshake-stall", &site, Texts::Same, GET, curl);
}

/// curl says that the handshake failed, or that it is one reply behind, as it happens to read the one or the other
/// socket first.
#[test]
#[ignore = "needs clients: tests/run"]
fn data_handshake_refused() {
    let ways = [("alert", Shield::Bytes(HANDSHAKE_FAILURE)), ("reset", Shield::Reset)];
    for (name, shield) in ways {
        let refusal = "425 Can't open data connection.";
        let server = Literal::new().sends("RETR", b"", refusal).says("SIZE", "213 19");
        let site = shielded(server, shield);
        let scenario = format!("ftps/data-handshake-stall/{name}");
        these_show_the_same(&[Client::Lftp, Client::Ftplib], &scenario, &site, Texts::Same, GET);
        some_clients_fail(&scenario, &site, GET, &[Client::Curl]);
    }
}

#[test]
#[ignore = "needs clients: tests/run"]
fn data_plain() {
    let site = shielded(with_hello(Literal::new()), Shield::Never);
    these_show_the_same(
        &[Client::Lftp, Client::Ftplib],
        "ftps/data-plain",
        &site,
        Texts::Same,
        GET,
    );
    some_clients_fail("ftps/data-plain", &site, GET, &[Client::Curl]);
    let site = shielded(with_hello(Literal::new()), Shield::Always).over(CLEAR_DATA);
    let curl = (28, "Operation timed out");
    every_client_shows_the_same("ftps/data-plain/reverse", &site, Texts::Same, GET, curl);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn no_close_notify() {
    let site = shielded(with_hello(Literal::new()), Shield::Torn);
    every_client_shows_the_same("ftps/no-close-notify", &site, Texts::Same, GET, FINE);
    let site = front(with_hello(Literal::new()), Shield::AsAsked, Parting::Torn);
    every_client_shows_the_same("ftps/no-close-notify/control", &site, Texts::Same, GET, FINE);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn close_notify_unanswered() {
    let server =
        Literal::new().takes("STOR", "150 Ok to send data.", 1000, "226 Transfer complete.");
    let site = shielded(server, Shield::Unanswered);
    let put = Deed::Put("new.bin", 1000);
    let curl = (28, "FTP response timeout");
    every_client_shows_the_same("ftps/no-close-notify/unanswered", &site, Texts::Same, put, curl);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn drop_after_login() {
    let ways = [("", Parting::Notified), ("/no-close-notify", Parting::Torn)];
    for (name, parting) in ways {
        let site =
            front(with_hello(Literal::new().says_last("PASS", "")), Shield::AsAsked, parting);
        let scenario = format!("ftps/drop-after-login{name}");
        let curl = (56, "response reading failed");
        every_client_shows_the_same(&scenario, &site.over(Tls::EXPLICIT), Texts::Same, GET, curl);
    }
}
