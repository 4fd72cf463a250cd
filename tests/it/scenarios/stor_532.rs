//! Uploads that need an account.

use serde_json::json;

use super::{Client, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib};
use crate::compare::Texts;
use crate::peers::Literal;

/// RFC 959's reply, which no package gives.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_missing_account_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("STOR", "532 Need account for storing files.").site();
    let put = Deed::Put("report.csv", 1000);
    let message = (25, "Failed FTP upload: 532");
    every_client_shows_the_same("ftp/stor-532", &real, Texts::Same, put, message);
    let badftp = Badftp::serve("ftp/stor-532");
    Deed::Get("/hello.txt").by(Client::Curl, &badftp.site()).ok();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn an_account_lets_it_pass() {
    let badftp = Badftp::serve("ftp/stor-532/account");
    Deed::Put("report.csv", 1000).by(Client::Ftplib, &badftp.site()).failed();
    let steps = json!([["sendcmd", "ACCT sales"], ["stor", "/report.csv", "local"]]);
    ftplib(&Desk::with("local", "x"), &badftp.site(), &steps).ok();
}
