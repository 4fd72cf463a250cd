//! Host keys that are not the one that is known, or do not sign.

use std::fs;
use std::net::SocketAddr;

use super::below::{By, all_show, shows};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::{Shown, run};
use crate::sftp::sshd::{SFTP_SERVER, Sshd};
use crate::sftp::{Place, badftp, desk};

/// The key that comes with badftp.
const KNOWN: &str = include_str!("../../../../certs/ssh_host_ed25519_key.pub");
const STRICT: [&str; 4] =
    ["-o", "UserKnownHostsFile=.ssh/known_hosts", "-o", "StrictHostKeyChecking=yes"];

/// A desk on which that is the key of whoever is at this address.
fn desk_that_knows(address: SocketAddr) -> Desk {
    let desk = desk();
    fs::create_dir(desk.path(".ssh")).expect("a folder can be made");
    desk.write(".ssh/known_hosts", format!("[{}]:{} {KNOWN}", address.ip(), address.port()));
    desk
}

fn by_sftp(place: &Place) -> Shown {
    let desk = desk_that_knows(place.address);
    crate::sftp::clients::sftp(&desk, place, &STRICT, "pwd")
}

/// curl compares keys where it is not told to trust everybody.
fn by_curl(place: &Place) -> Shown {
    let desk = desk_that_knows(place.address);
    let mut command = desk.command("curl");
    command.args(["-q", "-sS", "--key", "id", "--pubkey", "id.pub", "--user"]);
    run(command.args([&format!("{}:", place.user), &format!("sftp://{}/", place.address)]))
}

fn is_refused(place: &Place) {
    let told = by_sftp(place);
    assert_eq!(told.exit, 255, "{told}");
    assert!(told.stderr.contains("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"), "{told}");
    assert!(told.stderr.contains("Host key verification failed."), "{told}");
    let told = by_curl(place);
    let why = "curl: (60) SSL peer certificate or SSH remote key was not OK";
    assert!(told.exit == 60 && told.stderr.starts_with(why), "{told}");
}

#[test]
#[ignore = "needs sftp, curl and OpenSSH's server: tests/run"]
fn the_client_refuses_a_key_that_it_does_not_know_as_of_openssh() {
    is_refused(&Sshd::configured("", SFTP_SERVER).place());
    is_refused(&badftp(&Badftp::sftp(&["sftp/hostkey-changed"])));
}

#[test]
#[ignore = "needs sftp and curl: tests/run"]
fn the_first_connection_sees_the_known_key() {
    let server = Badftp::sftp(&["sftp/hostkey-changed/second"]);
    by_sftp(&badftp(&server)).ok();
    is_refused(&badftp(&server));
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_checks_the_signature() {
    all_show(
        "sftp/hostkey-changed/bad-signature",
        (
            255,
            "ssh_dispatch_run_fatal: Connection to host: incorrect signature | Connection closed",
        ),
        (2, "curl: (2) Failure establishing ssh session: -8, Unable to exchange encryption keys"),
        (1, "SSHException Signature verification (ssh-ed25519) failed."),
    );
    for (algorithm, why) in
        [("ecdsa-sha2-nistp256", "incorrect signature"), ("rsa-sha2-512", "error in libcrypto")]
    {
        let option = format!("HostKeyAlgorithms={algorithm}");
        let said = format!("ssh_dispatch_run_fatal: Connection to host: {why} | Connection closed");
        shows("sftp/hostkey-changed/bad-signature", By::Sftp(&["-o", &option]), 255, &said);
    }
}
