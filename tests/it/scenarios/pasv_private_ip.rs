//! Which clients connect to an address that cannot be right?

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, basic_ftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::Vsftpd;

/// vsftpd announces any address it is told to.
fn behind_a_nat(address: &str) -> Vsftpd {
    Vsftpd::with(&[&format!("pasv_address={address}"), "cmds_denied=EPSV"])
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn curl_lftp_and_ftplib_connect_to_the_address_of_the_control_connection_instead() {
    for (scenario, address) in
        [("ftp/pasv-private-ip", "10.0.0.5"), ("ftp/pasv-private-ip/zero", "0.0.0.0")]
    {
        let real = behind_a_nat(address);
        every_client_shows_the_same(
            scenario,
            &real.site(),
            Texts::Same,
            Deed::Get("/hello.txt"),
            (0, ""),
        );
    }
}

/// Only this address is tried with a client that believes it: no packet may leave the machine.
#[test]
#[ignore = "needs rclone and vsftpd: tests/run"]
fn rclone_believes_the_address() {
    let real = behind_a_nat("127.0.0.2");
    let shown = same("ftp/pasv-private-ip/loopback", &real.site(), Texts::Same, |site| {
        let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/"]).failed();
        // The time of day and the port stand around the message.
        let refused = shown.stderr.contains("dial tcp 127.0.0.2:")
            && shown.stderr.contains("connect: connection refused");
        assert!(refused, "{shown}");
        shown.stderr.clear();
        shown
    });
    assert_eq!(shown.stdout, "");
}

#[test]
#[ignore = "needs node and vsftpd: tests/run"]
fn basic_ftp_refuses_the_address() {
    let real = behind_a_nat("10.0.0.5");
    let shown = same("ftp/pasv-private-ip", &real.site(), Texts::Same, |site| {
        basic_ftp(&Desk::new(), site, &serde_json::json!([["downloadTo", "local", "/hello.txt"]]))
    });
    assert!(shown.stderr.contains("PASV returned another host (10.0.0.5)"), "{shown}");
}
