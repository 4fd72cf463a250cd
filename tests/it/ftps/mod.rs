//! FTPS as its users meet it: stock clients that trust the test CA, against badftp and against vsftpd with the same
//! kind of certificate, which proves that a check is right.

mod alerts;
mod certificates;
mod client_certificates;
mod fragments;
mod grace;
mod healthy;
mod parting;
mod sessions;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::badftp::Badftp;
use crate::site::Tls;

const WAYS: [Tls; 2] = [Tls::EXPLICIT, Tls::IMPLICIT];

/// What badftp's journal says of the TLS of each transfer and handshake.
fn tls_of(badftp: &Badftp, event: &str) -> Vec<String> {
    let journal = badftp.journal();
    let records = journal.iter().filter(|record| record["event"] == event);
    records.map(|record| record["tls"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The first bytes that come back for these.
fn answer_to(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut stream = TcpStream::connect(address).expect("badftp listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout can be set");
    stream.write_all(bytes).expect("badftp reads");
    let mut buffer = [0; 64];
    let size = stream.read(&mut buffer).expect("badftp answers");
    buffer[..size].to_vec()
}
