//! A misrouted data connection is how a real server comes to say 425.

use std::net::TcpListener;

use serde_json::json;

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Relay, Vsftpd};
use crate::site::Family;

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_425_as_that_of_a_vsftpd_that_no_data_connection_reaches() {
    let vsftpd = Vsftpd::with(&["accept_timeout=1"]);
    let decoy = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let real = Relay::misrouting(
        &vsftpd.site(),
        decoy.local_addr().expect("a bound socket has an address").port(),
    );
    let retr = (19, "RETR response: 425");
    every_client_shows_the_same(
        "ftp/data-425",
        &real,
        Texts::Differ,
        Deed::Get("/hello.txt"),
        retr,
    );
    every_client_shows_the_same("ftp/data-425", &real, Texts::Differ, Deed::List, retr);
    let stor = (25, "Failed FTP upload: 425");
    every_client_shows_the_same(
        "ftp/data-425",
        &real,
        Texts::Differ,
        Deed::Put("report.csv", 1000),
        stor,
    );
}

#[test]
#[ignore = "needs lftp, python3 and vsftpd: tests/run"]
fn a_bad_ip_is_shown_as_by_a_vsftpd_whose_data_connection_comes_from_elsewhere() {
    let real = Vsftpd::healthy(Family::V4);
    let steps = json!([["source_is", "127.0.0.2"], ["retr", "/hello.txt", "local"]]);
    let shown = same("ftp/data-425/bad-ip", &real.site(), Texts::Same, |site| {
        ftplib(&Desk::new(), site, &steps)
    });
    assert_eq!(shown.stderr, "error_temp: 425 Security: Bad IP connecting.\n");
    let get = "quote NOOP > log; set net:socket-bind-ipv4 127.0.0.2; get /hello.txt -o local";
    let shown = same("ftp/data-425/bad-ip", &real.site(), Texts::Same, |site| {
        lftp(&Desk::new(), site, get)
    });
    assert_eq!(shown.stderr, "get: /hello.txt: Fatal error: max-retries exceeded\n");
}
