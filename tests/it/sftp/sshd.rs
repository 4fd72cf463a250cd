//! OpenSSH's own server, in the foreground, with a key and a folder of its own.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::Place;
use super::clients::{PUBLIC_KEY, PUBLIC_RSA_KEY, write_private};
use crate::clients::{Desk, PYTHON, TESTS};
use crate::ports::Ports;
use crate::run::{end, spawn};
use crate::site::Family;
use crate::until::until;

/// What serves SFTP for it.
pub(crate) const SFTP_SERVER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/usr/lib/openssh/sftp-server");

/// Keys for these tests alone, and others than badftp's own. To make an RSA key takes a second.
const HOST_KEY: &str = include_str!("host_ed25519");
const HOST_RSA_KEY: &str = include_str!("host_rsa");

pub(crate) struct Sshd {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
    _ports: Ports,
}

impl Sshd {
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::with("")
    }

    /// With these options of `sftp-server`: `-R` for one that changes nothing, `-P open` for one that opens nothing.
    #[track_caller]
    pub(crate) fn with(options: &str) -> Self {
        Self::configured("", &format!("{SFTP_SERVER} {options}"))
    }

    /// With one thing wrong, as `tests/clients/spoilt_sftp_server.py` has it. The desk has its program.
    #[track_caller]
    pub(crate) fn spoilt(desk: &Desk, spoil: &str) -> Self {
        let script = format!("{TESTS}/clients/spoilt_sftp_server.py");
        desk.write(
            "spoilt",
            format!("#!/bin/sh\nexec {PYTHON} {script} '{spoil}' {SFTP_SERVER}\n"),
        );
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(desk.path("spoilt"), executable).expect("permissions can be set");
        Self::configured("", &desk.path("spoilt").display().to_string())
    }

    /// With these lines of its configuration, and this program as its SFTP.
    #[track_caller]
    pub(crate) fn configured(lines: &str, sftp: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(at("home")).expect("a temporary folder can be made");
        fs::write(at("authorized_keys"), [PUBLIC_KEY, PUBLIC_RSA_KEY].concat())
            .expect("a temporary file can be written");
        for (name, key) in [("host_key", HOST_KEY), ("host_key_rsa", HOST_RSA_KEY)] {
            write_private(&folder.path().join(name), key);
        }
        // sshd wants its folder for unprivileged processes, whether it is started by the system or by us.
        fs::create_dir_all("/run/sshd").expect("the tests of real servers run as root");
        let ports = Ports::claim();
        let address = ports.address(Family::V4);
        let subsystem =
            if sftp.is_empty() { String::new() } else { format!("Subsystem sftp {sftp}\n") };
        // Of two lines of one name the first counts.
        let config = format!(
            "{lines}\n{subsystem}ListenAddress {address}\nHostKey {}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             UsePAM no\nStrictModes no\nPermitRootLogin yes\n",
            at("host_key"),
            at("host_key_rsa"),
            at("authorized_keys"),
        );
        fs::write(at("config"), config).expect("a temporary file can be written");
        let mut child = spawn(
            Command::new(format!("{TESTS}/peers/usr/sbin/sshd"))
                .args(["-D", "-e", "-f", &at("config")])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        until(format!("sshd listens on {address}"), || {
            let ended = child.try_wait().expect("our own child can be waited for");
            assert!(ended.is_none(), "sshd did not start");
            TcpStream::connect(address).is_ok()
        });
        Self { child, folder, address, _ports: ports }
    }

    pub(crate) fn place(&self) -> Place {
        let folder = self.folder.path().join("home").display().to_string();
        Place { address: self.address, user: "root", folder }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
