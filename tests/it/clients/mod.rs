//! The clients, each run as its users run it, in a folder of its own and without any user's configuration.

pub(crate) mod aioftp;
pub(crate) mod basic_ftp;
pub(crate) mod commons_net;
pub(crate) mod curl;
pub(crate) mod editor;
pub(crate) mod ftplib;
pub(crate) mod lftp;
pub(crate) mod ncftp;
pub(crate) mod net_ftp;
pub(crate) mod rclone;
pub(crate) mod tnftp;
pub(crate) mod wget;

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Shown, run, show};

pub(crate) use aioftp::aioftp;
pub(crate) use basic_ftp::basic_ftp;
pub(crate) use commons_net::commons_net;
pub(crate) use curl::curl;
pub(crate) use ftplib::ftplib;
pub(crate) use lftp::lftp;
pub(crate) use ncftp::{ncftp, ncftp_shell};
pub(crate) use net_ftp::net_ftp;
pub(crate) use rclone::rclone;
pub(crate) use tnftp::tnftp;
pub(crate) use wget::wget;

/// The tests' own folder in the repository.
pub(crate) const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// The interpreter that `tests/run` has installed, with its packages. A `python3` on the PATH may be a script that takes
/// three times as long to start.
pub(crate) const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/.venv/bin/python");

/// The test CA, `ca.pem`, and other pairs that are shipped.
pub(crate) fn certs(name: &str) -> String {
    format!("{TESTS}/../certs/{name}")
}

/// The folder in which a client runs: its local files, and its home.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let desk = Self::new();
        desk.write(name, content);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content)
            .unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
    }

    /// A text for a client's stdin.
    pub(crate) fn input(&self, text: &str) -> File {
        self.write(".input", text);
        File::open(self.path(".input")).expect("our own file can be read")
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name))
            .unwrap_or_else(|error| panic!("the client left no {name}: {error}"))
    }

    /// Insists that the client has left exactly these bytes.
    #[track_caller]
    pub(crate) fn holds(&self, name: &str, expected: impl AsRef<[u8]>) {
        let got = self.read(name);
        let (expected, got) = (show(expected.as_ref()), show(&got));
        assert!(expected == got, "{name} should be {expected:?}, but is {got:?}");
    }

    /// Of the environment nothing but PATH gets through, so that no proxy, locale or configuration can leak in.
    pub(crate) fn command(&self, program: &str) -> Command {
        // By its path: the standard library copies this whole process for a child that it has to look for.
        let mut command = Command::new(on_path(program));
        command.arg0(program).current_dir(self.0.path()).env_clear().env("HOME", self.0.path());
        command.envs([("LC_ALL", "C.UTF-8"), ("TZ", "UTC")]);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }
}

/// Where a program is; itself if it is nowhere, or is a path already.
fn on_path(program: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut paths = std::env::split_paths(&folders).map(|folder| folder.join(program));
    paths.find(|path| path.is_file()).unwrap_or_else(|| program.into())
}

/// Our scripts take their steps as JSON, `[["retr", "/hello.txt", "local"]]`, which no name can break.
fn script(mut command: Command, steps: &Value) -> Shown {
    run(command.arg(steps.to_string()))
}
