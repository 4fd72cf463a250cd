//! The ninth connection.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;

use super::{CLIENTS, Deed, shown_by};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::{PureFtpd, Vsftpd};
use crate::site::Site;
use crate::until::until;

const TURNED_AWAY: (i32, &str) = (28, "Timeout was reached");

/// Connections that have been greeted, and so count.
pub(super) fn hold(site: &Site, count: usize) -> Vec<BufReader<TcpStream>> {
    let greeted = || {
        let mut stream =
            BufReader::new(TcpStream::connect(site.address).expect("the server listens"));
        let mut line = String::new();
        stream.read_line(&mut line).expect("the server greets");
        assert!(line.starts_with("220"), "a connection below the limit is greeted with {line}");
        stream
    };
    (0..count).map(|_| greeted()).collect()
}

#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn the_ninth_connection_is_shown_as_that_of_pure_ftpd() {
    let real = PureFtpd::with(&["--maxclientsperip", "8"]);
    let held = hold(&real.site(), 8);
    for client in CLIENTS {
        same("ftp/greeting-421-too-many", &real.site(), Texts::Same, |site| {
            let _held =
                if site.address == real.site().address { Vec::new() } else { hold(site, 8) };
            shown_by(client, Deed::Get("/hello.txt"), &site.login("kermit", "frog"), TURNED_AWAY)
        });
    }
    drop(held);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn too_many_users_are_shown_as_those_of_vsftpd() {
    let real = Vsftpd::with(&["max_clients=2"]);
    let held = hold(&real.site(), 2);
    for client in CLIENTS {
        same("ftp/greeting-421-too-many/users", &real.site(), Texts::Same, |site| {
            let _held =
                if site.address == real.site().address { Vec::new() } else { hold(site, 2) };
            shown_by(client, Deed::Get("/hello.txt"), site, TURNED_AWAY)
        });
    }
    drop(held);
}

#[test]
fn a_connection_that_ends_makes_room_for_another() {
    let badftp = Badftp::serve("ftp/greeting-421-too-many");
    let mut held = hold(&badftp.site(), 8);
    held.pop();
    until("the server notices the end, and makes room", || {
        let mut line = String::new();
        let stream = TcpStream::connect(badftp.site().address).expect("the server listens");
        BufReader::new(stream).read_line(&mut line).expect("the server greets");
        line.starts_with("220")
    });
}
