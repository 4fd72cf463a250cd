//! rclone with its `ftp` backend, configured by nothing but the environment.

use std::net::IpAddr;
use std::process::Command;

use super::{Desk, certs};
use crate::run::{Shown, run};
use crate::site::Site;

/// In `arguments`, paths on the server begin with `:ftp:`.
pub(crate) fn rclone(desk: &Desk, site: &Site, arguments: &[&str]) -> Shown {
    run(command(desk, site).args(arguments))
}

fn command(desk: &Desk, site: &Site) -> Command {
    let mut command = desk.command("rclone");
    // An empty name keeps the configuration in memory.
    command.env("RCLONE_CONFIG", "");
    let host = match site.address.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        // rclone 1.60 puts host and port together without the brackets.
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    command.env("RCLONE_FTP_HOST", host);
    command.env("RCLONE_FTP_PORT", site.address.port().to_string());
    command.env("RCLONE_FTP_USER", site.user);
    command.env("RCLONE_FTP_PASS", obscured(desk, site.password));
    if site.tls.is_some() {
        command.env("SSL_CERT_FILE", certs("ca.pem"));
        command.arg(if site.is_implicit() { "--ftp-tls" } else { "--ftp-explicit-tls" });
    }
    command.args([
        "--retries",
        "1",
        "--low-level-retries",
        "1",
        "--timeout",
        "5s",
        "--contimeout",
        "5s",
    ]);
    command
}

/// rclone takes no password as it is.
fn obscured(desk: &Desk, password: &str) -> String {
    run(desk.command("rclone").args(["obscure", password])).ok().trim().to_owned()
}
