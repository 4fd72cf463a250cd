//! Channels that end before SFTP begins.

use super::below::{ALL, By, same_as_sshd, shows, told};
use crate::badftp::Badftp;
use crate::run::run;
use crate::sftp::clients::TRUST;
use crate::sftp::{badftp, desk};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    for scenario in ["", "/no-status", "/not-found", "/killed"] {
        let scenario = format!("sftp/channel-eof-at-start{scenario}");
        shows(&scenario, By::Sftp(&[]), 255, "Connection closed");
        let silence = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
        shows(&scenario, By::Curl(&[]), 28, silence);
        // When it notices is not always the same.
        let shown = told(&scenario, By::Paramiko("id"));
        let why = ["OSError Socket is closed", "SSHException EOF during negotiation", "EOFError"];
        assert!(shown.0 == 1 && why.contains(&shown.1.as_str()), "{scenario}: {shown:?}");
    }
}

#[test]
#[ignore = "needs ssh: tests/run"]
fn the_exit_status_is_told() {
    for (scenario, exit) in [("", 1), ("/no-status", 255), ("/not-found", 127), ("/killed", 255)] {
        let server = Badftp::sftp(&[&format!("sftp/channel-eof-at-start{scenario}")]);
        let desk = desk();
        desk.write("init", b"\0\0\0\x05\x01\0\0\0\x03");
        let mut command = desk.command("sh");
        let ssh = format!(
            "ssh {} -p {} -s piggy@127.0.0.1 sftp < init",
            TRUST.join(" "),
            badftp(&server).address.port()
        );
        assert_eq!(run(command.args(["-c", &ssh])).exit, exit, "{scenario}");
    }
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    for (scenario, program) in [
        ("sftp/channel-eof-at-start", "/bin/false"),
        ("sftp/channel-eof-at-start/not-found", "/usr/lib/sftp-server-that-is-not-there"),
    ] {
        same_as_sshd(scenario, "", program, &ALL[..2]);
    }
}
