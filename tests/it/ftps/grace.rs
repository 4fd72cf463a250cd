//! The time that a client has to log in, where it has to shake hands before.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use serde_json::json;

use crate::badftp::Badftp;
use crate::control::http::get;
use crate::session::Session;

/// The first byte of what a server says to a `ClientHello`: the content type `handshake`.
const HANDSHAKE: u8 = 22;
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn it_is_that_of_a_handshake_that_is_begun_and_never_ended() {
    let server = Badftp::with_yaml("server: {grace: 2s}\n");
    let mut stream = Session::greeted(server.port()).into_stream();
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    say_auth(&mut stream);
    begin_tls(&mut stream);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the server closes");
    let told = get(server.control(), "/journal?when=handshake&wait=20s").json();
    let record = &told["records"][0];
    let late = json!("TLS: no login within the scenario's grace");
    assert_eq!((&record["cause"], &record["detail"]), (&json!("client"), &late), "{told}");
}

#[test]
fn it_ends_with_the_login_also_for_who_begins_tls_only_then() {
    let server = Badftp::with_yaml("server: {grace: 1s}\n");
    let mut stream = Session::logged_in(server.port()).into_stream();
    stays_silent(&stream, Duration::from_millis(1200));
    say_auth(&mut stream);
    stays_silent(&stream, Duration::from_millis(300));
    begin_tls(&mut stream);
}

/// For so long the server says nothing, and does not close either.
#[track_caller]
fn stays_silent(stream: &TcpStream, time: Duration) {
    stream.set_read_timeout(Some(time)).expect("a timeout can be set");
    let heard = stream.peek(&mut [0]).map_err(|error| error.kind());
    assert_eq!(heard, Err(ErrorKind::WouldBlock));
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
}

#[track_caller]
fn say_auth(stream: &mut TcpStream) {
    stream.write_all(b"AUTH TLS\r\n").expect("the server reads");
    let mut reply = [0; b"234 Proceed with negotiation.\r\n".len()];
    stream.read_exact(&mut reply).expect("the server answers");
    assert!(reply.starts_with(b"234 "), "{}", String::from_utf8_lossy(&reply));
}

/// Says the first message of TLS, and hears the beginning of the answer.
#[track_caller]
fn begin_tls(stream: &mut TcpStream) {
    stream.write_all(&client_hello()).expect("the server reads");
    let mut first = [0];
    stream.read_exact(&mut first).expect("the server shakes hands");
    assert_eq!(first, [HANDSHAKE]);
}

fn client_hello() -> Vec<u8> {
    let nobody = RootCertStore::empty();
    let config = ClientConfig::builder().with_root_certificates(nobody).with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client's settings");
    let mut hello = Vec::new();
    client.write_tls(&mut hello).expect("a vector takes all");
    hello
}
