//! FTPS as its users meet it: stock clients that trust the test CA, against badftp and against vsftpd with the same
//! kind of certificate, which proves that a check is right.

mod certificates;
mod healthy;
mod sessions;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::badftp::Badftp;
use crate::clients::{Desk, TESTS};
use crate::run::{Shown, run};
use crate::site::Site;

/// What the clients trust.
pub(crate) fn ca() -> String {
    format!("{TESTS}/../certs/ca.pem")
}

/// Whether TLS begins at once or by `AUTH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Explicit,
    Implicit,
}

impl Way {
    pub(crate) fn url(self, site: &Site, path: &str) -> String {
        match self {
            Way::Explicit => site.url(path),
            Way::Implicit => site.url(path).replace("ftp://", "ftps://"),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Way::Explicit => "explicit",
            Way::Implicit => "implicit",
        }
    }
}

/// curl, which must have TLS on both connections.
pub(crate) fn curl(desk: &Desk, site: &Site, arguments: &[&str]) -> Shown {
    let ca = ca();
    let secure = ["--ssl-reqd", "--cacert", &ca, "--max-time", "7"];
    crate::clients::curl(desk, site, &[&secure[..], arguments].concat())
}

/// lftp, which must have TLS on both connections, too.
pub(crate) fn lftp(desk: &Desk, way: Way, site: &Site, commands: &str) -> Shown {
    let Site { address, user, password, .. } = site;
    let scheme = if way == Way::Implicit { "ftps" } else { "ftp" };
    let script = format!(
        "set net:max-retries 1; set net:timeout 5; set net:reconnect-interval-base 1; set net:persist-retries 0; \
         set cmd:fail-exit yes; set ssl:ca-file {}; set ftp:ssl-force yes; set ftp:ssl-protect-data yes; \
         set ftp:ssl-protect-list yes; open -u {user},{password} {scheme}://{address}; {commands}",
        ca()
    );
    run(desk.command("lftp").args(["--norc", "-c", &script]))
}

/// ftplib with TLS. `options` are `implicit`, `reuse`, `TLSv1_2` …, as `tests/clients/ftps_client.py` has them.
pub(crate) fn ftplib(desk: &Desk, site: &Site, options: &[&str], steps: &Value) -> Shown {
    let mut command = desk.command("python3");
    command.arg(format!("{TESTS}/clients/ftps_client.py"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password, &ca(), &options.join(",")]);
    run(command.arg(steps.to_string()))
}

/// basic-ftp, which finds out by itself whether to resume.
fn basic_ftp(desk: &Desk, way: Way, site: &Site, steps: &Value) -> Shown {
    let mut command = desk.command("node");
    command.env("NODE_EXTRA_CA_CERTS", ca()).env("BASIC_FTP_TLS", way.word());
    command.arg(format!("{TESTS}/clients/basic-ftp.mjs"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    run(command.arg(steps.to_string()))
}

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
