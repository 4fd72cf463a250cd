//! An FTPS client that costs less than the servers that it measures: curl takes twice as long to decrypt as ours to
//! encrypt, so that it would mostly measure itself. It reads and writes a block at a time and looks at nothing.

use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, version};

use crate::clients::certs;
use crate::site::Site;

const BLOCK: usize = 256 * 1024;

/// A session that has logged in and protects its data.
pub(crate) struct Lean {
    config: Arc<ClientConfig>,
    control: Wire,
    address: SocketAddr,
}

/// A connection over TLS.
struct Wire {
    tcp: TcpStream,
    tls: ClientConnection,
    block: Vec<u8>,
}

impl Lean {
    pub(crate) fn login(server: &Site) -> Self {
        let config = config();
        let mut tcp = TcpStream::connect(server.address).expect("the server accepts");
        for line in ["", "AUTH TLS\r\n"] {
            tcp.write_all(line.as_bytes()).expect("the server reads");
            let size = tcp.read(&mut [0; 1024]).expect("the server answers");
            assert!(size > 0, "the server closes");
        }
        let control = Wire::over(tcp, &config);
        let mut lean = Self { config, control, address: server.address };
        lean.say(&format!("USER {}", server.user), "331");
        lean.say(&format!("PASS {}", server.password), "230");
        for (line, code) in [("PBSZ 0", "200"), ("PROT P", "200"), ("TYPE I", "200")] {
            lean.say(line, code);
        }
        lean
    }

    /// Fetches a file, and tells how long it was.
    pub(crate) fn download(&mut self, path: &str) -> u64 {
        let mut data = self.open(&format!("RETR {path}"));
        let mut size = 0;
        while data.fill(|bytes| size += bytes.len() as u64) {}
        data.end();
        self.hear("226");
        size
    }

    pub(crate) fn upload(&mut self, path: &str, content: &[u8]) {
        let mut data = self.open(&format!("STOR {path}"));
        for block in content.chunks(BLOCK) {
            data.tls.writer().write_all(block).expect("rustls keeps what it is given");
            data.flush();
        }
        data.end();
        self.hear("226");
    }

    fn open(&mut self, command: &str) -> Wire {
        let answer = self.say("EPSV", "229");
        let port = answer.split('|').nth(3).and_then(|port| port.parse().ok());
        let address = (self.address.ip(), port.expect("a 229 has a port"));
        let tcp = TcpStream::connect(address).expect("the server accepts");
        self.say(command, "150");
        Wire::over(tcp, &self.config)
    }

    fn say(&mut self, line: &str, code: &str) -> String {
        self.control.tls.writer().write_all(line.as_bytes()).expect("rustls keeps it");
        self.control.tls.writer().write_all(b"\r\n").expect("rustls keeps it");
        self.control.flush();
        self.hear(code)
    }

    fn hear(&mut self, code: &str) -> String {
        let mut said = Vec::new();
        while !said.ends_with(b"\n") {
            assert!(self.control.fill(|bytes| said.extend_from_slice(bytes)), "it closes");
        }
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.starts_with(code), "expected {code}, got {said}");
        said
    }
}

impl Wire {
    fn over(tcp: TcpStream, config: &Arc<ClientConfig>) -> Self {
        tcp.set_nodelay(true).expect("a socket can be told not to wait");
        let name = ServerName::try_from("localhost").expect("this is a name");
        let mut tls = ClientConnection::new(Arc::clone(config), name).expect("there is a config");
        tls.set_buffer_limit(None);
        let mut wire = Self { tcp, tls, block: vec![0; BLOCK] };
        while wire.tls.is_handshaking() {
            wire.flush();
            wire.fill(|_| ());
        }
        wire.flush();
        wire
    }

    fn flush(&mut self) {
        while self.tls.wants_write() {
            self.tls.write_tls(&mut self.tcp).expect("the server reads");
        }
    }

    /// Says `close_notify`, which vsftpd waits for behind its own, and FIN. Others may have left before.
    fn end(&mut self) {
        self.tls.send_close_notify();
        let _ = self.tls.write_tls(&mut self.tcp);
        let _ = self.tcp.shutdown(Shutdown::Write);
    }

    /// Reads a block, and tells whether there may be another.
    fn fill(&mut self, mut each: impl FnMut(&[u8])) -> bool {
        let size = self.tcp.read(&mut self.block).expect("the server writes");
        let mut records = &self.block[..size];
        while !records.is_empty() {
            self.tls.read_tls(&mut records).expect("memory can be read");
            self.tls.process_new_packets().expect("the server speaks TLS");
            loop {
                let mut reader = self.tls.reader();
                let plain = match reader.fill_buf() {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    plain => plain.expect("the server says close_notify"),
                };
                if plain.is_empty() {
                    return false;
                }
                each(plain);
                let size = plain.len();
                reader.consume(size);
            }
        }
        size > 0
    }
}

/// TLS 1.3, and trust in the test CA.
fn config() -> Arc<ClientConfig> {
    let authority = fs::read(certs("ca.pem")).expect("the CA is shipped");
    let authority = CertificateDer::from_pem_slice(&authority).expect("it is a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(authority).expect("it can be trusted");
    let config = ClientConfig::builder_with_protocol_versions(&[&version::TLS13]);
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}
