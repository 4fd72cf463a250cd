//! Data connections that are not used as they should be.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::client::Client;
use super::server::{GENEROSITY, MIB, Victim};

#[test]
fn downloads_that_nobody_reads_cost_little_and_end_with_their_client() {
    let victim = Victim::healthy();
    let (memory, descriptors) = (victim.memory(), victim.descriptors());
    let stuck: Vec<(Client, TcpStream)> = (0..50).map(|_| stuck_download(&victim)).collect();
    thread::sleep(Duration::from_millis(300));
    let more = victim.memory().saturating_sub(memory);
    println!("{more} bytes more for 50 downloads that nobody reads");
    assert!(more <= 50 * MIB * GENEROSITY, "{more} bytes more for 50 downloads that nobody reads");
    victim.is_unharmed();
    drop(stuck);
    victim.let_go_of_all_but(descriptors);
}

fn stuck_download(victim: &Victim) -> (Client, TcpStream) {
    let mut client = victim.logged_in();
    let data = client.data();
    client.ask("RETR big", "150");
    (client, data)
}

#[test]
fn data_connections_that_are_never_made_hold_nobody_up() {
    let victim = Victim::healthy();
    let waiting: Vec<Client> = (0..100)
        .map(|_| {
            let mut client = victim.logged_in();
            client.port();
            client.say(b"STOR up\r\n");
            client
        })
        .collect();
    victim.is_unharmed();
    drop(waiting);
    victim.is_unharmed();
}

#[test]
fn a_client_that_is_gone_is_not_waited_for_on_its_data_port() {
    let victim = Victim::healthy();
    let descriptors = victim.descriptors();
    let mut client = victim.logged_in();
    client.port();
    client.say(b"STOR up\r\n");
    thread::sleep(Duration::from_millis(100));
    drop(client);
    victim.let_go_of_all_but(descriptors);
}

#[test]
fn half_open_data_connections_are_ended_by_their_sessions() {
    let victim = Victim::healthy();
    let descriptors = victim.descriptors();
    let mut halves = Vec::new();
    for _ in 0..50 {
        let mut client = victim.logged_in();
        let data = client.data();
        // The client's half of a download is over before it begins; ours is not.
        data.shutdown(Shutdown::Write).expect("we are connected");
        client.ask("RETR hello.txt", "150");
        let mut text = String::new();
        (&data).read_to_string(&mut text).expect("the file comes");
        assert_eq!(text, "hello");
        client.hear("226");
        client.data();
        halves.push((client, data));
    }
    victim.is_unharmed();
    drop(halves);
    victim.let_go_of_all_but(descriptors);
}

#[test]
fn connections_beside_the_right_one_are_dropped() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    let descriptors = victim.descriptors();
    let port = client.port();
    let mut first = TcpStream::connect(port).expect("the passive port accepts");
    let more: Vec<TcpStream> = (0..10).filter_map(|_| TcpStream::connect(port).ok()).collect();
    client.ask("RETR hello.txt", "150");
    let mut text = String::new();
    first.read_to_string(&mut text).expect("the file comes");
    assert_eq!(text, "hello");
    client.hear("226");
    victim.let_go_of_all_but(descriptors);
    drop(more);
    victim.is_unharmed();
}

#[test]
fn a_slow_reader_gets_every_byte() {
    const SIZE: usize = 4 * 1024 * 1024;
    let victim = Victim::with_yaml("files: {/hello.txt: hello, /some: {size: 4MiB}}\n");
    let mut client = victim.logged_in();
    let mut quick = client.data();
    client.ask("RETR some", "150");
    let mut expected = Vec::new();
    quick.read_to_end(&mut expected).expect("the file comes");
    client.hear("226");
    assert_eq!(expected.len(), SIZE);
    let mut slow = slow_data(&mut client);
    client.ask("RETR some", "150");
    let mut got = Vec::new();
    for _ in 0..100 {
        let mut piece = [0; 1000];
        let size = slow.read(&mut piece).expect("some of it comes");
        got.extend_from_slice(&piece[..size]);
        thread::sleep(Duration::from_millis(5));
    }
    slow.read_to_end(&mut got).expect("the rest comes");
    client.hear("226");
    assert!(got == expected, "a slow reader got other bytes");
    victim.is_unharmed();
}

/// With hardly any room for what was not read yet.
fn slow_data(client: &mut Client) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(4096).expect("our own socket can be configured");
    socket.connect(&client.port().into()).expect("the passive port accepts");
    socket.into()
}

#[test]
fn an_upload_byte_by_byte_is_whole() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    let mut data = client.data();
    data.set_nodelay(true).expect("our own socket can be configured");
    client.ask("STOR up", "150");
    for number in 0..5_000_u32 {
        data.write_all(&number.to_le_bytes()[..1]).expect("the server reads");
    }
    drop(data);
    client.hear("226");
    client.ask("SIZE up", "213 5000");
    victim.is_unharmed();
}
