//! The FTPS scenarios: the same clients, over TLS.
//!
//! Where no package can be brought to a fault, [`crate::peers::front`] speaks TLS for a server of exact bytes, and
//! [`Relay`] meddles with the handshake of a real one.

mod certificates;
mod data;
mod handshake;
mod refusals;
mod sessions;

use super::{CLIENTS, Client, Deed, at_once, some_clients_fail};
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Literal, Vsftpd};
use crate::run::Shown;
use crate::site::{Data, Site, Tls};

const GET: Deed = Deed::Get("/hello.txt");
const FINE: (i32, &str) = (0, "");
const REFUSED: (i32, &str) = (64, "Requested SSL level failed");
const UNTRUSTED: (i32, &str) = (60, "SSL certificate problem");
const CLEAR_DATA: Tls = Tls { data: Data::Clear, ..Tls::EXPLICIT };

/// Of curl the exit code and some words are known; the rest of what it says is its library's, and that of the release.
#[track_caller]
fn every_client_shows_the_same(
    scenario: &str,
    real: &Site,
    texts: Texts,
    deed: Deed,
    curl: (i32, &str),
) {
    at_once(CLIENTS, |client| {
        same(scenario, real, texts, |site| shown_by(client, deed, site, curl));
    });
}

/// These clients; another's words depend on which of two sockets it happens to read first.
#[track_caller]
fn these_show_the_same(clients: &[Client], scenario: &str, real: &Site, texts: Texts, deed: Deed) {
    at_once(clients, |client| {
        same(scenario, real, texts, |site| deed.by(*client, site));
    });
}

#[track_caller]
fn shown_by(client: Client, deed: Deed, site: &Site, (exit, message): (i32, &str)) -> Shown {
    let shown = deed.by(client, site);
    if client == Client::Curl {
        let right = shown.exit == exit && shown.stderr.contains(message);
        assert!(right, "curl should exit {exit} and say {message:?}\n{shown}");
    }
    shown
}

/// A server of exact bytes, what it says first and then the file which all tests ask for.
fn with_hello(server: Literal) -> Literal {
    server.sends("RETR", HELLO, "226 Transfer complete.").says("SIZE", "213 19")
}

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn normal_session() {
    let settings =
        ["force_anon_logins_ssl=YES", "force_anon_data_ssl=YES", "require_ssl_reuse=YES"];
    let server = Vsftpd::with_tls(&settings);
    let site = server.site().over(Tls::EXPLICIT);
    for deed in [GET, Deed::Put("new.bin", 100_000)] {
        every_client_shows_the_same("ftps/normal-session", &site, Texts::Same, deed, FINE);
    }
}
