//! `server: {family: …}`: which of `127.0.0.1` and `::1` answers.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::badftp::Badftp;
use crate::site::Family;

/// Who greets on the port of a server that was asked for at one address. Others may have the same port in the other
/// family: the greeting is this server's own.
fn who_greets(family: &str, asked: Family) -> (bool, bool) {
    let own = format!("220 {} {asked:?} {}\r\n", family.len(), std::process::id());
    let greeting = own.trim_end();
    let scenario = format!("server: {{{family}ftp: {{greeting: {greeting}}}}}");
    let badftp = Badftp::with_yaml_on(asked, &scenario);
    let port = badftp.site().address.port();
    let greets = |ip: IpAddr| {
        let Ok(mut tcp) = TcpStream::connect(SocketAddr::new(ip, port)) else { return false };
        tcp.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        let mut greeting = vec![0; own.len()];
        tcp.read_exact(&mut greeting).is_ok() && greeting == own.as_bytes()
    };
    (greets(Ipv4Addr::LOCALHOST.into()), greets(Ipv6Addr::LOCALHOST.into()))
}

#[test]
fn only_the_family_of_the_scenario_answers() {
    assert_eq!(who_greets("family: ipv4, ", Family::V4), (true, false));
    assert_eq!(who_greets("family: ipv6, ", Family::V4), (false, true));
    assert_eq!(who_greets("family: ipv4, ", Family::V6), (true, false));
    assert_eq!(who_greets("family: both, ", Family::V4), (true, true));
}

#[test]
fn without_a_family_the_address_decides() {
    assert_eq!(who_greets("", Family::V4), (true, false));
    assert_eq!(who_greets("", Family::V6), (false, true));
}
