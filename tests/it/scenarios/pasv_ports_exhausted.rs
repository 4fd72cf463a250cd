//! The ninth transfer finds no port.

use std::net::TcpListener;

use serde_json::json;

use super::{CLIENTS, Deed, shown_by};
use crate::clients::{Desk, ftplib};
use crate::compare::{Texts, same};
use crate::peers::{PureFtpd, Vsftpd};
use crate::site::{Family, Site};

/// A passive port that somebody else has, in a range of one.
fn taken() -> (TcpListener, u16) {
    let listener = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    (listener, port)
}

/// On the real server all ports are taken; badftp has eight.
#[track_caller]
fn every_client_shows_the_same_after_eight(scenario: &str, real: &Site, message: (i32, &str)) {
    for client in CLIENTS {
        same(scenario, real, Texts::Same, |site| {
            if site.address != real.address {
                let eight = json!(vec![["sendcmd", "PASV"]; 8]);
                ftplib(&Desk::new(), site, &eight).ok();
            }
            let account = site.login(real.user, real.password);
            shown_by(client, Deed::Get("/hello.txt"), &account, message)
        });
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn every_client_shows_busy_ports_as_those_of_pure_ftpd() {
    let (_listener, port) = taken();
    let real = PureFtpd::with(&["--passiveportrange", &format!("{port}:{port}")]);
    let message = (13, "Bad PASV/EPSV response: 425");
    every_client_shows_the_same_after_eight("ftp/pasv-ports-exhausted", &real.site(), message);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_vsftpd_that_dies_of_it() {
    let (_listener, port) = taken();
    let range = [format!("pasv_min_port={port}"), format!("pasv_max_port={port}")];
    let real = Vsftpd::with(&range.each_ref().map(String::as_str));
    let message = (13, "Bad PASV/EPSV response: 500");
    every_client_shows_the_same_after_eight("ftp/pasv-ports-exhausted/oops", &real.site(), message);
}
