//! A server process of a Debian package, on a free loopback port and with a folder of its own.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::certificate;
use crate::clients::TESTS;
use crate::ports::Ports;
use crate::run::{end, spawn};
use crate::site::{Family, Site};
use crate::until::until;

/// badftp's own `/hello.txt`.
pub(crate) const HELLO: &[u8] = b"Hello from badftp!\n";

/// A certificate that the test CA has signed, and its key, in the folder of every server.
pub(crate) const CERTIFICATE: &str = "valid.pem";

/// Debian's user and group `daemon`, whose home every system has. The sessions run as that user.
const DAEMON: u32 = 1;

/// The file tree of a server, and its configuration beside it.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) address: SocketAddr,
    _ports: Ports,
}

impl Home {
    /// `/hello.txt` and a folder `/pub` in which one may write; vsftpd refuses a writable `/`.
    pub(crate) fn new(family: Family) -> Self {
        let ports = Ports::claim();
        let home = Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            address: ports.address(family),
            _ports: ports,
        };
        permit(home.folder.path(), 0o755);
        fs::create_dir(home.path("empty")).expect("a folder can be made");
        fs::create_dir(home.root()).expect("a folder can be made");
        home.make_folder("pub");
        home.put("hello.txt", HELLO);
        let (certificate, key) = certificate::valid();
        home.configure(CERTIFICATE, &(key + &certificate));
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.path("root")
    }

    pub(crate) fn make_folder(&self, name: &str) {
        let path = self.root().join(name);
        fs::create_dir(&path).unwrap_or_else(|error| panic!("cannot make {name}: {error}"));
        own(&path);
    }

    /// Lets the user write in `/`, too.
    pub(crate) fn give_root(&self) {
        own(&self.root());
    }

    /// A file of the served tree, written past the server.
    pub(crate) fn put(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.root().join(name);
        fs::write(&path, content)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        own(&path);
    }

    pub(crate) fn configure(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, lines).expect("a temporary file can be written");
        permit(&path, 0o600);
        path
    }
}

/// Stopped by its own handle; a session process ends with the client's connection.
pub(crate) struct Daemon {
    pub(crate) home: Home,
    child: Child,
}

impl Daemon {
    pub(crate) fn start(home: Home, command: &mut Command) -> Self {
        let output =
            fs::File::create(home.path("output")).expect("a temporary file can be written");
        let errors = output.try_clone().expect("a file can be had twice");
        let child = spawn(command.stdin(Stdio::null()).stdout(output).stderr(errors));
        let mut daemon = Self { home, child };
        daemon.wait_until_it_listens();
        daemon
    }

    pub(crate) fn site(&self, folder: &'static str) -> Site {
        Site::at(self.home.address, folder)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Looks at the kernel's table: a connection would count as a client's.
    fn wait_until_it_listens(&mut self) {
        let address = self.home.address;
        until(format!("a real server listens on {address}"), || {
            let ended = self.child.try_wait().expect("our own child can be waited for");
            if ended.is_some() {
                let output = fs::read_to_string(self.home.path("output")).unwrap_or_default();
                panic!("the real server does not listen on {address}\n{output}");
            }
            sockets(address.port()).contains(&Socket::Listens)
        });
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Where `tests/run` unpacks the packages, which conflict with each other and so cannot be installed.
pub(crate) fn packaged(path: &str) -> PathBuf {
    let unpacked = Path::new(TESTS).join("peers").join(path);
    assert!(
        unpacked.exists(),
        "`{}` is missing\nhint: `tests/run` unpacks the real servers",
        unpacked.display()
    );
    unpacked
}

/// The servers change their user and root folder, which only root may.
pub(crate) fn needs_root(server: &str) {
    let user = fs::metadata("/proc/self").expect("there is a /proc").uid();
    assert_eq!(
        user, 0,
        "{server} must be started by root\nhint: run the tests as root, such as in a container"
    );
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Socket {
    Listens,
    Connected,
    Other,
}

/// The states of all sockets with this local port.
pub(crate) fn sockets(port: u16) -> Vec<Socket> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|path| fs::read_to_string(path).unwrap_or_default());
    let lines = tables.iter().flat_map(|table| table.lines().skip(1));
    lines.filter_map(|line| state_at(line, port)).collect()
}

fn state_at(line: &str, port: u16) -> Option<Socket> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (_, local_port) = words.next()?.rsplit_once(':')?;
    let state = words.nth(1)?;
    (u16::from_str_radix(local_port, 16) == Ok(port)).then_some(match state {
        "0A" => Socket::Listens,
        "01" => Socket::Connected,
        _ => Socket::Other,
    })
}

/// Waits until the kernel has a connection to that port, whether or not anybody accepted it.
pub(crate) fn wait_for_a_connection(port: u16) {
    until(format!("a client comes to port {port}"), || sockets(port).contains(&Socket::Connected));
}

fn own(path: &Path) {
    chown(path, Some(DAEMON), Some(DAEMON))
        .unwrap_or_else(|error| panic!("cannot give {}: {error}", path.display()));
}

fn permit(path: &Path, mode: u32) {
    let permissions = Permissions::from_mode(mode);
    fs::set_permissions(path, permissions)
        .unwrap_or_else(|error| panic!("cannot permit {}: {error}", path.display()));
}
