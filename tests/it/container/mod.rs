//! The image as its users meet it: run by podman, and asked by clients outside of it.

mod arm64;
mod clients;
mod health;
mod image;
mod network;
pub(crate) mod podman;
mod ports;
mod process;
mod scenario;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::control::http;
use crate::sftp::Place;
use crate::site::{Site, Tls};
use crate::until::until;

use podman::{IMAGE, podman};

// The ports of the image.
const FTP: u16 = 2121;
const FTPS: u16 = 2990;
const SFTP: u16 = 2222;
const CONTROL: u16 = 2180;
/// One is for data, and two more for a test that says so.
const PORTS: [u16; 7] = [FTP, FTPS, SFTP, CONTROL, 30000, 30001, 30002];

struct Container {
    name: String,
    /// Where clients find it.
    ip: Ipv4Addr,
    /// The ports there, by those of the image.
    outside: BTreeMap<u16, u16>,
}

impl Container {
    /// Behind published ports, the same outside as inside: at an address of this machine that no other container has.
    /// `options` are podman's, `arguments` follow the image's name.
    #[track_caller]
    fn published(options: &[&str], arguments: &[&str]) -> Self {
        let ip = own_address();
        let publish = PORTS.map(|port| format!("--publish={ip}:{port}:{port}"));
        let advertise = format!("--env=BADFTP_ADVERTISE={ip}");
        let ours: Vec<&str> = publish.iter().chain([&advertise]).map(String::as_str).collect();
        Self::run(ip, &[&ours, options].concat(), arguments).when_ready()
    }

    /// Behind any free ports. The server has not been told which.
    #[track_caller]
    fn behind_any_ports() -> Self {
        let publish = PORTS.map(|port| format!("--publish=127.0.0.1::{port}"));
        let publish: Vec<&str> = publish.iter().map(String::as_str).collect();
        let mut container = Self::run(Ipv4Addr::LOCALHOST, &publish, &[]);
        let outside = podman(&["port", &container.name]).ok();
        // A line of it is `2121/tcp -> 127.0.0.1:40001`.
        let pair = |line: &str| {
            let (inside, outside) = (line.split('/').next()?, line.rsplit(':').next()?);
            Some((inside.parse().ok()?, outside.parse().ok()?))
        };
        container.outside = outside.lines().filter_map(pair).collect();
        container.when_ready()
    }

    /// In the network of this machine, as if there were no container.
    #[track_caller]
    fn on_host(options: &[&str], arguments: &[&str]) -> Self {
        let ip = own_address();
        let listeners = [("FTP", FTP), ("FTPS", FTPS), ("SFTP", SFTP), ("CONTROL", CONTROL)];
        let listen = listeners.map(|(name, port)| format!("--env=BADFTP_{name}={ip}:{port}"));
        let mut ours = vec!["--network=host"];
        ours.extend(listen.iter().map(String::as_str));
        Self::run(ip, &[&ours, options].concat(), arguments).when_ready()
    }

    /// Whoever gets at its control port may ask for anything.
    #[track_caller]
    fn run(ip: Ipv4Addr, options: &[&str], arguments: &[&str]) -> Self {
        let container =
            Self { name: format!("badftp-{}", own_number()), ip, outside: BTreeMap::new() };
        let line =
            ["run", "--detach", "--env=BADFTP_CONTROL_TOKEN=none", "--name", &container.name];
        podman(&[&line, options, &[IMAGE], arguments].concat()).ok();
        container
    }

    #[track_caller]
    fn when_ready(self) -> Self {
        let control = self.control();
        until(format!("{} is ready", self.name), || TcpStream::connect(control).is_ok());
        assert_eq!(http::get(self.control(), "/health").status, 200);
        self
    }

    fn address(&self, port: u16) -> SocketAddr {
        let port = self.outside.get(&port).copied().unwrap_or(port);
        (self.ip, port).into()
    }

    fn site(&self) -> Site {
        Site { calls_back: self.gateway(), ..Site::at(self.address(FTP), "/") }
    }

    fn site_over(&self, tls: Tls) -> Site {
        let site = self.site().over(tls);
        let port = if site.is_implicit() { FTPS } else { FTP };
        Site { address: self.address(port), ..site }
    }

    fn place(&self) -> Place {
        Place { address: self.address(SFTP), user: "piggy", folder: String::new() }
    }

    fn control(&self) -> SocketAddr {
        self.address(CONTROL)
    }

    /// The same scenario from its start, without the files and counts of those who came before.
    #[track_caller]
    fn reset(&self) {
        assert_eq!(http::ask(self.control(), "POST", "/reset", &[], b"").status, 200);
    }

    /// What podman knows of it, by a template of Go.
    #[track_caller]
    fn inspect(&self, template: &str) -> String {
        podman(&["inspect", "--format", template, &self.name]).ok().trim().to_owned()
    }

    /// Where it finds this machine, if not at the address that its clients connect from.
    fn gateway(&self) -> Option<IpAddr> {
        self.inspect("{{.NetworkSettings.Gateway}}").parse().ok()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("--- {} said\n{}", self.name, podman(&["logs", &self.name]));
        }
        podman(&["rm", "--force", "--time=0", &self.name]);
    }
}

/// In `127.64.0.0/10`, of which all is this machine.
pub(crate) fn own_address() -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(127, 64, 0, 0)) | own_number() & 0x003f_ffff)
}

/// What neither another test nor another run of the tests has.
pub(crate) fn own_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    std::process::id() << 8 | NEXT.fetch_add(1, Ordering::Relaxed)
}
