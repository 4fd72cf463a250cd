//! Connections that fail below SFTP: all that a client shows of them, but for addresses and times.

use serde_json::json;

use super::table;
use crate::badftp::Badftp;
use crate::compare::blank_numbers;
use crate::run::Shown;
use crate::sftp::clients::{curl, paramiko_by, sftp_by, url};
use crate::sftp::sshd::Sshd;
use crate::sftp::{Place, badftp};

/// How long a client that can be told waits, in seconds; the scenarios' longest delay is shorter.
const PATIENCE: &str = "4";

/// What a client has shown: its exit code, and its words.
pub(super) type Told = (i32, String);

/// What `sftp` says of a connection that ends before it has logged in.
pub(super) const CLOSED: &str = "Connection closed by host | Connection closed";
/// How `timeout` tells that it has ended the client.
pub(super) const BY_TIMEOUT: i32 = 124;

/// A client that wants `/a.bin`, with these options of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum By<'a> {
    /// OpenSSH's `sftp`.
    Sftp(&'a [&'a str]),
    Curl(&'a [&'a str]),
    /// With a key, `password:` and one, or `keyboard:` and answers.
    Paramiko(&'a str),
}

/// Each by its key.
pub(super) const ALL: [By<'_>; 3] = [By::Sftp(&[]), By::Curl(&[]), By::Paramiko("id")];

impl By<'_> {
    pub(super) fn gets(self, place: &Place) -> Told {
        let (desk, wanted) = (table(), place.path("a.bin"));
        let shown = match self {
            Self::Sftp(options) => {
                let options = [options, &["-o", "ConnectTimeout=2"]].concat();
                // Some silences it bears for ever.
                let mut command = desk.command("timeout");
                command.args([PATIENCE, "sftp"]);
                sftp_by(command, &desk, place, &options, &format!("get {wanted} down"))
            }
            Self::Curl(options) => {
                let arguments = ["-m", PATIENCE, "-o", "down", &url(place, &wanted)];
                curl(&desk, place, &[options, &arguments].concat())
            }
            Self::Paramiko(secret) => {
                let steps = json!([["get", wanted, "down"]]);
                paramiko_by(secret, &desk, place, &steps)
            }
        };
        let left = std::fs::metadata(desk.path("down")).map_or(0, |down| down.len());
        let mut told = self.words(&shown, place);
        if left > 0 {
            told = format!("{told}[{left} bytes]");
        }
        (shown.exit, told)
    }

    /// What it says, without what differs from run to run.
    fn words(self, shown: &Shown, place: &Place) -> String {
        let said = match self {
            Self::Paramiko(_) => &shown.stdout,
            Self::Sftp(_) | Self::Curl(_) => &shown.stderr,
        };
        let (ip, port) = (place.address.ip(), place.address.port());
        let said = said.replace(&format!("{ip} port {port}"), "host");
        let said = said.replace(&format!("[{ip}]:{port}"), "host").replace(&ip.to_string(), "host");
        let said = said.replace(&format!("{}@", place.user), "user@").replace(&place.folder, "");
        let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
        blank_numbers(&lines.collect::<Vec<_>>().join(" | "))
    }
}

/// What a client shows of a scenario.
#[track_caller]
pub(super) fn told(scenario: &str, by: By<'_>) -> Told {
    by.gets(&badftp(&Badftp::sftp(&[scenario])))
}

/// A client shows this of a scenario.
#[track_caller]
pub(super) fn shows(scenario: &str, by: By<'_>, exit: i32, words: &str) {
    assert_eq!(told(scenario, by), (exit, words.to_owned()), "{scenario} {by:?}");
}

/// Every client shows this: OpenSSH's `sftp`, curl, and paramiko.
#[track_caller]
pub(super) fn all_show(
    scenario: &str,
    sftp: (i32, &str),
    curl: (i32, &str),
    paramiko: (i32, &str),
) {
    for (by, (exit, words)) in ALL.into_iter().zip([sftp, curl, paramiko]) {
        shows(scenario, by, exit, words);
    }
}

/// Clients show of a scenario what they show of this server.
#[track_caller]
pub(super) fn same(scenario: &str, real: &Place, clients: &[By<'_>]) {
    for by in clients {
        let expected = by.gets(real);
        assert_eq!(told(scenario, *by), expected, "{scenario} {by:?}");
    }
}

/// Clients show of a scenario what they show of OpenSSH's server with this configuration, whose file is there.
#[track_caller]
pub(super) fn same_as_sshd(scenario: &str, lines: &str, sftp: &str, clients: &[By<'_>]) {
    let real = Sshd::configured(lines, sftp);
    let place = real.place();
    std::fs::write(place.path("a.bin"), vec![b'a'; 100_000]).expect("its folder can be written");
    same(scenario, &place, clients);
}
