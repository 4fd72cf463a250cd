//! What every client must be able to do with a healthy server, through published ports.

use super::Container;
use crate::healthy::{aioftp, basic_ftp, curl, ftplib, lftp, rclone};
use crate::sftp::{self, Place};
use crate::site::{Site, Tls};

type Checks<T> = &'static [(&'static str, fn(&T))];

/// In clear, with TLS as soon as it was asked for, and with TLS at once.
const WAYS: [Option<Tls>; 3] = [None, Some(Tls::EXPLICIT), Some(Tls::IMPLICIT)];

#[track_caller]
fn all_pass_over_ftp(lists: &[Checks<Site>], ways: &[Option<Tls>]) {
    let container = Container::published(&[], &[]);
    for tls in ways {
        let site = tls.map_or_else(|| container.site(), |tls| container.site_over(tls));
        all_pass(&container, lists, &site);
    }
}

#[track_caller]
fn all_pass_over_sftp(checks: Checks<Place>) {
    let container = Container::published(&[], &[]);
    all_pass(&container, &[checks], &container.place());
}

/// Each check finds the server as it was at the start.
fn all_pass<T: std::fmt::Debug>(container: &Container, lists: &[Checks<T>], server: &T) {
    for (name, check) in lists.iter().copied().flatten() {
        eprintln!("{name} at {server:?}");
        container.reset();
        check(server);
    }
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn curl_over_ftp_and_ftps() {
    all_pass_over_ftp(&[curl::CHECKS, curl::modern::CHECKS], &WAYS);
}

/// In clear: curl 7.87 and 7.88 forget TLS on the data connections that they accept.
#[test]
#[ignore = "needs podman and curl: tests/run"]
fn curl_over_ftp_in_active_mode() {
    all_pass_over_ftp(&[curl::active::CHECKS], &[None]);
}

#[test]
#[ignore = "needs podman and python3: tests/run"]
fn ftplib_over_ftp_and_ftps() {
    all_pass_over_ftp(&[ftplib::CHECKS, ftplib::modern::CHECKS], &WAYS);
}

/// But not in active mode: lftp listens nowhere but at the address of its own connection.
#[test]
#[ignore = "needs podman and lftp: tests/run"]
fn lftp_over_ftp_and_ftps() {
    all_pass_over_ftp(&[lftp::CHECKS], &WAYS);
}

#[test]
#[ignore = "needs podman and rclone: tests/run"]
fn rclone_over_ftp_and_ftps() {
    all_pass_over_ftp(&[rclone::CHECKS], &WAYS);
}

#[test]
#[ignore = "needs podman and node: tests/run"]
fn basic_ftp_over_ftp_and_ftps() {
    all_pass_over_ftp(&[basic_ftp::CHECKS], &WAYS);
}

#[test]
#[ignore = "needs podman and aioftp: tests/run"]
fn aioftp_over_ftp() {
    all_pass_over_ftp(&[aioftp::CHECKS], &[None]);
}

#[test]
#[ignore = "needs podman and sftp: tests/run"]
fn openssh_over_sftp() {
    all_pass_over_sftp(sftp::openssh::CHECKS);
}

#[test]
#[ignore = "needs podman, scp and curl: tests/run"]
fn scp_over_sftp_and_without() {
    all_pass_over_sftp(sftp::scp::CHECKS);
}

#[test]
#[ignore = "needs podman and curl: tests/run"]
fn curl_over_sftp() {
    all_pass_over_sftp(sftp::curl::CHECKS);
}

#[test]
#[ignore = "needs podman and lftp: tests/run"]
fn lftp_over_sftp() {
    all_pass_over_sftp(sftp::lftp::CHECKS);
}

#[test]
#[ignore = "needs podman and rclone: tests/run"]
fn rclone_over_sftp() {
    all_pass_over_sftp(sftp::rclone::CHECKS);
}

#[test]
#[ignore = "needs podman and psftp: tests/run"]
fn psftp_over_sftp() {
    all_pass_over_sftp(sftp::psftp::CHECKS);
}
