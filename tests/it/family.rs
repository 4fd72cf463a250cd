//! `server: {family: …}`: which of 127.0.0.1 and ::1 answers.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::badftp::Badftp;
use crate::site::Family;

/// Who greets on the port of a server that was asked for at one address.
fn who_greets(scenario: &str, asked: Family) -> (bool, bool) {
    let badftp = Badftp::with_yaml_on(asked, scenario);
    let port = badftp.site().address.port();
    let greets = |ip: IpAddr| {
        let Ok(mut tcp) = TcpStream::connect(SocketAddr::new(ip, port)) else { return false };
        tcp.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        let mut greeting = [0; 4];
        tcp.read_exact(&mut greeting).is_ok() && greeting == *b"220 "
    };
    (greets(Ipv4Addr::LOCALHOST.into()), greets(Ipv6Addr::LOCALHOST.into()))
}

#[test]
fn only_the_family_of_the_scenario_answers() {
    assert_eq!(who_greets("server: {family: ipv4}", Family::V4), (true, false));
    assert_eq!(who_greets("server: {family: ipv6}", Family::V4), (false, true));
    assert_eq!(who_greets("server: {family: ipv4}", Family::V6), (true, false));
    assert_eq!(who_greets("server: {family: both}", Family::V4), (true, true));
}

#[test]
fn without_a_family_the_address_decides() {
    assert_eq!(who_greets("rules: []", Family::V4), (true, false));
    assert_eq!(who_greets("rules: []", Family::V6), (false, true));
}
