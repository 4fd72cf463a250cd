//! Lines that are longer than the server can take.

use super::{CLIENTS, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{Literal, PureFtpd, Vsftpd};
use crate::site::Family;

/// Vsftpd and Pure-FTPd take 4,096 bytes.
const LENGTH: usize = 4200;
const BYTES: [u8; LENGTH] = {
    let mut bytes = [b'a'; LENGTH];
    bytes[0] = b'/';
    bytes
};
const LONG: &str = match std::str::from_utf8(&BYTES) {
    Ok(path) => path,
    Err(_) => "",
};

const NAME: &str = LONG.split_at(1).1;

const COMMANDS: [&str; 4] = ["RETR", "STOR", "SIZE", "MDTM"];
const RETR: (i32, &str) = (19, "RETR response: 500");
const STOR: (i32, &str) = (25, "Failed FTP upload: 500");

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_refused_line_is_shown_as_with_exact_bytes() {
    let words = "500 Line too long";
    let real = COMMANDS.iter().fold(Literal::new(), |literal, to| literal.says(to, words)).site();
    let scenario = "ftp/cmd-500-line-too-long";
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Get(LONG), RETR);
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Put(NAME, 10), STOR);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_closed_session_is_shown_as_with_exact_bytes() {
    let words = "500 Line too long";
    let real = COMMANDS.iter().fold(Literal::new(), |literal, to| literal.says_last(to, words));
    let (real, scenario) = (real.site(), "ftp/cmd-500-line-too-long/closed");
    let ended = (56, "response reading failed (errno: N)");
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Get(LONG), ended);
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Put(NAME, 10), STOR);
}

/// Both close a connection on which the rest of the line is still unread.
#[test]
#[ignore = "needs curl, lftp, python3, vsftpd and Pure-FTPd: tests/run"]
fn a_reset_session_is_shown_as_that_of_vsftpd_and_that_of_pure_ftpd() {
    let put = Deed::Put(NAME, 10);
    let vsftpd = Vsftpd::healthy(Family::V4);
    let scenario = "ftp/cmd-500-line-too-long/reset";
    every_client_shows_the_same(scenario, &vsftpd.site(), Texts::Same, put, STOR);
    let pure_ftpd = PureFtpd::with(&[]);
    let scenario = "ftp/cmd-500-line-too-long/said-by-421";
    let timeout = (28, "Timeout was reached");
    every_client_shows_the_same(scenario, &pure_ftpd.site(), Texts::Same, put, timeout);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn shorter_names_pass() {
    let badftp = Badftp::serve("ftp/cmd-500-line-too-long");
    for client in CLIENTS {
        Deed::Put(&NAME[..200], 1000).by(client, &badftp.site()).ok();
    }
}
