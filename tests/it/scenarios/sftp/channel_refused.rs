//! Channels that are not opened.

use super::below::{ALL, BY_TIMEOUT, all_show, same_as_sshd};
use crate::badftp::Badftp;
use crate::run::run;
use crate::sftp::clients::TRUST;
use crate::sftp::sshd::SFTP_SERVER;
use crate::sftp::{badftp, desk};
use crate::until::until;

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/channel-refused",
        (255, "channel 0: open failed: administratively prohibited: | Connection closed"),
        (2, "curl: (2) Failure initializing sftp session: Unable to startup channel"),
        (1, "ChannelException ChannelException(1, 'Administratively prohibited')"),
    );
    let silence = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
    all_show(
        "sftp/channel-refused/unanswered",
        (BY_TIMEOUT, ""),
        (28, silence),
        (1, "SSHException Timeout opening channel."),
    );
    let file = "[100000 bytes]";
    all_show("sftp/channel-refused/second", (0, file), (0, file), (0, "null[100000 bytes]"));
}

/// It gives another reason, which curl does not tell.
#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    same_as_sshd("sftp/channel-refused", "MaxSessions 0", SFTP_SERVER, &ALL[1..2]);
}

#[test]
#[ignore = "needs ssh: tests/run"]
fn the_second_channel_of_a_connection_is_refused() {
    let server = Badftp::sftp(&["sftp/channel-refused/second"]);
    let port = badftp(&server).address.port().to_string();
    let desk = desk();
    let mut first = desk.command("ssh");
    first.args(TRUST).args(["-M", "-S", "mux", "-p", &port, "-s", "piggy@127.0.0.1", "sftp"]);
    let mut first = crate::run::spawn(first.stdin(std::process::Stdio::piped()));
    until("the first session is there", || {
        assert!(first.try_wait().is_ok_and(|ended| ended.is_none()), "ssh has ended");
        desk.path("mux").exists()
    });
    let mut second = desk.command("ssh");
    let told = run(second.args(["-F", "none", "-S", "mux", "-s", "x@127.0.0.1", "sftp"]));
    crate::run::end(&mut first);
    assert!(told.stderr.contains("Session open refused by peer"), "{told}");
}
