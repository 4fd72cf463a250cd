//! SSH before, in and after its key exchange.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::client::{Config, Handle, Handler, connect};
use russh::keys::PublicKeyOrCertificate;

use super::client::PATIENCE;
use super::server::{GENEROSITY, KIB, MIB, Victim};

const HEALTHY: &str = "files: {/hello.txt: hello}\n";
const IDENTIFICATION: &[u8] = b"SSH-2.0-hostile\r\n";

/// A client that has heard who the server is.
fn identified(address: SocketAddr) -> TcpStream {
    let mut client = TcpStream::connect(address).expect("the server accepts");
    client.set_read_timeout(Some(PATIENCE)).expect("our own socket can be configured");
    client.set_write_timeout(Some(PATIENCE)).expect("our own socket can be configured");
    let mut first = [0; 8];
    client.read_exact(&mut first).expect("the server says who it is");
    assert_eq!(&first, b"SSH-2.0-");
    client
}

/// Says this again and again, until the server has had enough or all is said.
fn flood(mut client: TcpStream, piece: &[u8], times: usize) {
    for _ in 0..times {
        if client.write_all(piece).is_err() {
            return;
        }
    }
}

/// A packet in clear that claims to be so long.
fn packet(length: u32, rest: &[u8]) -> Vec<u8> {
    [&length.to_be_bytes(), rest].concat()
}

#[test]
fn a_thousand_silent_clients_cost_little_and_are_let_go() {
    let victim = Victim::sftp_with_yaml(HEALTHY);
    victim.is_well();
    let (memory, descriptors) = (victim.memory(), victim.descriptors());
    let silent: Vec<TcpStream> = (0..1_000).map(|_| identified(victim.address())).collect();
    let each = victim.memory().saturating_sub(memory) / 1_000;
    println!("{} KiB for each silent client", each / KIB);
    assert!(each <= 64 * KIB, "{each} bytes for each silent client");
    victim.is_well();
    drop(silent);
    victim.let_go_of_all_but(descriptors);
}

#[test]
fn floods_before_the_key_exchange_fill_no_memory() {
    let victim = Victim::sftp_with_yaml(HEALTHY);
    let filler = vec![b'x'; 64 << 10];
    let ignored = packet(1020, &[&[10, 2, 0, 0, 3, 240], &[0; 1014][..]].concat());
    let memory = victim.memory();
    // An identification without end.
    flood(identified(victim.address()), &filler, 1_000);
    // A packet that is as long as one can be, and one of no length.
    for length in [u32::MAX, 0, 1] {
        let mut client = identified(victim.address());
        client.write_all(IDENTIFICATION).expect("the server reads");
        client.write_all(&packet(length, b"x")).expect("the server reads");
        flood(client, &filler, 1_000);
    }
    // Messages that mean nothing, in place of a key exchange.
    let mut client = identified(victim.address());
    client.write_all(IDENTIFICATION).expect("the server reads");
    flood(client, &ignored, 20_000);
    let more = victim.memory().saturating_sub(memory);
    println!("{} MiB more after five floods", more / MIB);
    assert!(more <= 8 * GENEROSITY * MIB, "{more} bytes more after five floods");
    victim.is_well();
}

#[test]
fn a_list_without_a_match_bears_no_flood_either() {
    let victim = Victim::sftp_with_yaml("server: {ssh: {kex: [no-such-kex]}}\n");
    let memory = victim.memory();
    flood(identified(victim.address()), &vec![b'x'; 64 << 10], 1_000);
    let more = victim.memory().saturating_sub(memory);
    assert!(more <= 8 * GENEROSITY * MIB, "{more} bytes more after a flood");
}

#[test]
fn endless_lines_end_with_the_cap_where_nobody_reads_them() {
    let victim = Victim::sftp_with_yaml(
        "rules:\n  - {when: connect, times: 20, send: \"noise\\r\\n\", repeat: endless}\n",
    );
    let (memory, descriptors) = (victim.memory(), victim.descriptors());
    let deaf: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(victim.address()).expect("the server accepts"))
        .collect();
    victim.let_go_of_all_but(descriptors);
    let more = victim.memory().saturating_sub(memory);
    assert!(more <= 8 * GENEROSITY * MIB, "{more} bytes more for clients that do not read");
    drop(deaf);
    victim.is_well();
}

#[test]
fn garbage_at_every_place_of_a_key_exchange_ends_that_connection_alone() {
    let victim = Victim::sftp_with_yaml(HEALTHY);
    let descriptors = victim.descriptors();
    let mut seed = 1_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    };
    for kind in 0..=255_u8 {
        let mut client = identified(victim.address());
        let garbage: Vec<u8> = (0..250).map(|_| next()).collect();
        let payload = [&[4, kind][..], &garbage].concat();
        let _ = client.write_all(IDENTIFICATION);
        let _ = client.write_all(&packet(252, &payload));
        let _ = client.shutdown(std::net::Shutdown::Write);
        let _ = client.read_to_end(&mut Vec::new());
    }
    victim.let_go_of_all_but(descriptors);
    victim.is_well();
}

struct Trusting;

impl Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

async fn logged_in(address: SocketAddr) -> Handle<Trusting> {
    let config = Arc::new(Config::default());
    let mut client = connect(config, address, Trusting).await.expect("the server accepts");
    let login = client.authenticate_password("ann", "secret").await.expect("it is answered");
    assert!(login.success());
    client
}

#[tokio::test]
async fn channels_without_end_are_refused_and_those_without_an_answer_are_let_go() {
    let victim = Victim::sftp_with_yaml(
        "rules:\n  - {when: channel, protocol: sftp, times: 300, status: none}\n",
    );
    let memory = victim.memory();
    let client = Arc::new(logged_in(victim.address()).await);
    let began = Instant::now();
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..300 {
        let client = Arc::clone(&client);
        asked.spawn(async move { client.channel_open_session().await.is_ok() });
    }
    while let Some(opened) = asked.join_next().await {
        assert!(!opened.expect("no task panics"), "a channel was opened");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "they took {:?}", began.elapsed());
    let more = victim.memory().saturating_sub(memory);
    assert!(more <= 8 * GENEROSITY * MIB, "{more} bytes more for 300 channels");
    // Room was made for as many again.
    client.channel_open_session().await.expect("the rule is spent");
    victim.is_well();
}

#[tokio::test]
async fn logins_without_end_end_with_the_sixth() {
    let victim = Victim::sftp_with_yaml("users: {ann: other}\n");
    let config = Arc::new(Config::default());
    let mut client = connect(config, victim.address(), Trusting).await.expect("the server accepts");
    let mut refused = 0;
    while let Ok(login) = client.authenticate_password("ann", "secret").await {
        assert!(!login.success());
        refused += 1;
        // The client takes the end of the connection for one more.
        assert!(refused <= 7, "{refused} logins were refused");
    }
    assert!(refused >= 5, "only {refused} logins were refused");
    victim.is_well();
}
