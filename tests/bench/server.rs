//! The two servers, with the same files.

use std::fs::File;
use std::io::copy;
use std::path::Path;

use rustix::process::{Pid, geteuid};

use crate::badftp::Badftp;
use crate::clients::TESTS;
use crate::noise::Noise;
use crate::peers::Vsftpd;
use crate::site::{Family, Site};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Badftp,
    Vsftpd,
}

pub(crate) enum Server {
    Badftp(Badftp),
    Vsftpd(Vsftpd),
}

/// Why there is no vsftpd, if there is none.
pub(crate) fn lacking() -> Option<&'static str> {
    if !Path::new(TESTS).join("peers/usr/sbin/vsftpd").exists() {
        return Some("vsftpd is missing: `tests/run` unpacks it");
    }
    (!geteuid().is_root()).then_some("vsftpd must be started by root, such as in a container")
}

impl Kind {
    /// Starts it with so many files of one size, `/1.bin` and so on.
    pub(crate) fn start(self, files: u64, size: u64) -> Server {
        match self {
            Kind::Badftp => Server::Badftp(Badftp::with_yaml(&scenario(files, size))),
            Kind::Vsftpd => Server::Vsftpd(vsftpd(&[], files, size)),
        }
    }

    /// The same with TLS, which ours always has.
    pub(crate) fn start_with_tls(self, files: u64, size: u64) -> Server {
        match self {
            Kind::Badftp => self.start(files, size),
            Kind::Vsftpd => Server::Vsftpd(vsftpd(&Vsftpd::TLS, files, size)),
        }
    }
}

impl Server {
    pub(crate) fn site(&self) -> Site {
        match self {
            Server::Badftp(badftp) => badftp.site(),
            Server::Vsftpd(vsftpd) => vsftpd.site(),
        }
    }

    pub(crate) fn process(&self) -> u32 {
        match self {
            Server::Badftp(badftp) => badftp.process().as_raw_nonzero().get().unsigned_abs(),
            Server::Vsftpd(vsftpd) => vsftpd.id(),
        }
    }
}

fn scenario(files: u64, size: u64) -> String {
    let file = |number| format!("  /{number}.bin: {{size: {size}B}}\n");
    format!("files:\n  /hello.txt: hello\n{}", (1..=files).map(file).collect::<String>())
}

/// As the tests have it, but for its usual limits of connections.
fn vsftpd(settings: &[&str], files: u64, size: u64) -> Vsftpd {
    let no_limits = ["max_clients=0", "max_per_ip=0"];
    Vsftpd::on(Family::V4, &[&no_limits, settings].concat(), |home| {
        for number in 1..=files {
            write_noise(&home.root().join(format!("{number}.bin")), size);
        }
    })
}

pub(crate) fn write_noise(path: &Path, size: u64) {
    let mut file = File::create(path).expect("a temporary file can be made");
    copy(&mut Noise::of(size, size), &mut file).expect("a temporary file can be written");
}
