//! Servers for anybody, and for everybody but anybody.

use super::{CLIENTS, Deed, every_client_downloads_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::compare::{Texts, same};
use crate::peers::{Literal, Vsftpd};
use crate::run::run;

const DENIED: (i32, &str) = (67, "Access denied: 530");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn who_has_a_name_is_shown_out_as_by_an_anonymous_vsftpd_and_anonymous_gets_the_file() {
    let scenario = "ftp/login-anonymous";
    let real = Vsftpd::with(&["local_enable=NO"]);
    let kermit = real.site().login("kermit", "frog");
    for client in CLIENTS {
        same(scenario, &kermit, Texts::Same, |site| {
            let kermit = site.login("kermit", "frog");
            shown_by(client, Deed::Get("/hello.txt"), &kermit, DENIED)
        });
        same(scenario, &real.site(), Texts::Differ, |site| {
            shown_by(client, Deed::Get("/hello.txt"), site, (0, ""))
        });
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_without_a_name_is_anonymous() {
    let badftp = Badftp::serve("ftp/login-anonymous");
    let desk = Desk::new();
    let url = badftp.site().url("/hello.txt");
    run(desk.command("curl").args(["-q", "--silent", "--show-error", "--output", "local", &url]))
        .ok();
    desk.holds("local", crate::peers::HELLO);
}

/// The text is a server's for Windows; vsftpd and Pure-FTPd refuse anonymous only at its password.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn anonymous_is_denied_as_with_exact_bytes_and_others_get_the_file() {
    let scenario = "ftp/login-anonymous/denied";
    let words = "530 This FTP server does not allow anonymous access";
    let real = Literal::new().says("USER", words).says("PASS", "503 Login with USER first.").site();
    every_client_downloads_the_same(scenario, &real, Texts::Same, DENIED);
    let badftp = Badftp::serve(scenario);
    for client in CLIENTS {
        Deed::Get("/hello.txt").by(client, &badftp.site().login("kermit", "frog")).ok();
    }
}
