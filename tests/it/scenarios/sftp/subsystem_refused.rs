//! Servers without SFTP, or with nothing else.

use super::below::{ALL, BY_TIMEOUT, By, all_show, same_as_sshd, shows};
use crate::badftp::Badftp;
use crate::run::run;
use crate::sftp::clients::{TRUST, lftp, rclone};
use crate::sftp::{Place, badftp, desk};

const SILENCE: &str = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/subsystem-refused",
        (255, "subsystem request failed on channel 0 | Connection closed"),
        (2, "curl: (2) Failure initializing sftp session: Unable to request SFTP subsystem"),
        (1, "SSHException Channel closed."),
    );
    shows("sftp/subsystem-refused/unanswered", By::Sftp(&[]), BY_TIMEOUT, "");
    shows("sftp/subsystem-refused/unanswered", By::Curl(&[]), 28, SILENCE);
    let file = "[100000 bytes]";
    all_show("sftp/subsystem-refused/exec", (0, file), (0, file), (0, "null[100000 bytes]"));
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    same_as_sshd("sftp/subsystem-refused", "", "", &ALL);
}

#[test]
#[ignore = "needs rclone and lftp: tests/run"]
fn others_say_so_too() {
    let server = Badftp::sftp(&["sftp/subsystem-refused"]);
    let place = badftp(&server);
    let told = rclone(&desk(), &place, &["lsf", "REMOTE:/"]).failed();
    assert!(
        told.stderr.contains("couldn't initialise SFTP: ssh: subsystem request failed"),
        "{told}"
    );
    let told = lftp(&desk(), &place, "ls").failed();
    assert!(told.stderr.contains("subsystem request failed on channel 0"), "{told}");
}

#[test]
#[ignore = "needs ssh: tests/run"]
fn commands_and_shells_are_refused() {
    let server = Badftp::sftp(&["sftp/subsystem-refused/exec"]);
    let Place { address, .. } = badftp(&server);
    for (asked, what) in [(vec!["df"], "exec"), (vec![], "shell")] {
        let desk = desk();
        let mut command = desk.command("ssh");
        command.args(TRUST).args(["-p", &address.port().to_string(), "piggy@127.0.0.1"]);
        let told = run(command.args(asked));
        assert_eq!(told.exit, 255, "{told}");
        assert!(told.stderr.contains(&format!("{what} request failed on channel 0")), "{told}");
    }
}
