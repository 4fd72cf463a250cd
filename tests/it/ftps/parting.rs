//! How a client ends the TLS of an upload: by `close_notify`, or by FIN alone, as when somebody has cut the connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::badftp::Badftp;
use crate::clients::certs;
use crate::control::http::get;
use crate::peers::Vsftpd;
use crate::site::Site;

type Secure = StreamOwned<ClientConnection, TcpStream>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Notified,
    Torn,
}

fn secure(tcp: TcpStream, config: &Arc<ClientConfig>) -> Secure {
    let name = ServerName::try_from("localhost").expect("it is a name");
    let session = ClientConnection::new(Arc::clone(config), name).expect("TLS can be begun");
    StreamOwned::new(session, tcp)
}

/// Uploads a file, ends its connection so, and tells what the server says.
fn upload(site: &Site, ends: Ends) -> String {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(certs("ca.pem")).expect("the CA can be read");
    roots.add(authority).expect("it is a CA");
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let config = Arc::new(config);
    let tcp = TcpStream::connect(site.address).expect("the server listens");
    let mut clear = BufReader::new(tcp);
    let mut line = String::new();
    clear.read_line(&mut line).expect("the server greets");
    clear.get_ref().write_all(b"AUTH TLS\r\n").expect("the server reads");
    clear.read_line(&mut line).expect("the server answers");
    let mut control = BufReader::new(secure(clear.into_inner(), &config));
    let mut ask = |said: &str| {
        if !said.is_empty() {
            write!(control.get_mut(), "{said}\r\n").expect("the server reads");
        }
        let mut line = String::new();
        control.read_line(&mut line).expect("the server answers");
        line
    };
    for said in ["USER anonymous", "PASS frog", "PBSZ 0", "PROT P", "TYPE I"] {
        ask(said);
    }
    let reply = ask("EPSV");
    let port = reply.split('|').nth(3).and_then(|port| port.parse::<u16>().ok());
    let tcp = TcpStream::connect(("127.0.0.1", port.expect("a port is told")));
    let data = tcp.expect("the passive port accepts");
    let opening = ask(&format!("STOR {}", site.path("up.bin")));
    assert!(opening.starts_with("150"), "{opening}");
    let mut data = secure(data, &config);
    data.write_all(b"some bytes").expect("the server reads");
    if ends == Ends::Notified {
        data.conn.send_close_notify();
    }
    data.flush().expect("the server reads");
    data.sock.shutdown(Shutdown::Write).expect("our half can be ended");
    // A ticket that is left unread would make an RST of the end.
    let _ = data.sock.read_to_end(&mut Vec::new());
    ask("")
}

#[test]
fn the_journal_tells_how_an_upload_ended() {
    let server = Badftp::with_yaml("expect: [{when: upload, parting: torn, times: 1}]\n");
    assert!(upload(&server.site(), Ends::Notified).starts_with("226"));
    assert!(upload(&server.site(), Ends::Torn).starts_with("226"));
    let partings = |of: &str| {
        let path = format!("/journal?when=STOR{of}&wait=20s&times=1%2B");
        let journal = get(server.control(), &path).json();
        let records = journal["records"].as_array().cloned().unwrap_or_default();
        records.iter().map(|record| record["parting"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(partings(""), ["notified", "torn"]);
    assert_eq!(partings("&parting=torn"), ["torn"]);
}

#[test]
#[ignore = "needs the real servers: tests/run"]
fn a_torn_upload_is_refused_where_that_is_asked_for() {
    let strict = Vsftpd::with_tls(&["strict_ssl_read_eof=YES"]);
    let ours = Badftp::with_yaml("server: {tls: {close-notify: required}}\n");
    for site in [strict.site(), ours.site()] {
        assert!(upload(&site, Ends::Notified).starts_with("226"));
        assert!(upload(&site, Ends::Torn).starts_with("426"));
    }
    let lax = Vsftpd::with_tls(&["strict_ssl_read_eof=NO"]);
    assert!(upload(&lax.site(), Ends::Torn).starts_with("226"));
}
