//! Sessions that must be resumed.

use serde_json::json;

use super::{FINE, GET, every_client_shows_the_same, some_clients_fail, these_show_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib};
use crate::compare::Texts;
use crate::peers::{Literal, Parting, Proftpd, Shield, Vsftpd, front};
use crate::scenarios::{Client, side_by_side};
use crate::site::Tls;

const ANEW: Tls = Tls { resumes: false, ..Tls::EXPLICIT };

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn session_reuse_required() {
    let server = Vsftpd::with_tls(&["require_ssl_reuse=YES"]);
    let scenario = "ftps/session-reuse-required";
    let site = server.site().over(ANEW);
    let curl = (18, "bytes remaining to read");
    every_client_shows_the_same(scenario, &site, Texts::Differ, GET, curl);
    let site = server.site().over(Tls::EXPLICIT);
    every_client_shows_the_same(scenario, &site, Texts::Same, GET, FINE);
}

#[test]
#[ignore = "needs clients and ProFTPD: tests/run"]
fn session_reuse_required_by_proftpd() {
    let server = Proftpd::with_tls(&[]);
    let clients = [Client::Curl, Client::Ftplib];
    let site = server.site().over(ANEW);
    let scenario = "ftps/session-reuse-required/code-425";
    these_show_the_same(&clients, scenario, &site, Texts::Same, GET);
    let site = server.site().over(Tls::EXPLICIT);
    every_client_shows_the_same(scenario, &site, Texts::Differ, GET, FINE);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn session_reuse_required_in_other_words() {
    let clients = [Client::Curl, Client::Ftplib];
    let words = "450 TLS session of data connection has not resumed or the session does not match the control connection";
    let server = Literal::new().sends("RETR", b"", words).says("SIZE", "213 19");
    let site = front(server, Shield::AsAsked, Parting::Notified).over(ANEW);
    let scenario = "ftps/session-reuse-required/code-450";
    these_show_the_same(&clients, scenario, &site, Texts::Same, GET);
    let server = Literal::new().sends("RETR", b"", "").says("SIZE", "213 19");
    let site = front(server, Shield::Bytes(b""), Parting::Notified).over(ANEW);
    let scenario = "ftps/session-reuse-required/close";
    these_show_the_same(&[Client::Ftplib], scenario, &site, Texts::Same, GET);
    some_clients_fail(scenario, &site, GET, &[Client::Curl]);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn whoever_resumes_is_served() {
    side_by_side(|client| {
        for name in ["", "/code-425", "/code-450", "/close", "/tickets"] {
            let server = Badftp::serve(&format!("ftps/session-reuse-required{name}"));
            GET.by(client, &server.site().over(Tls::EXPLICIT)).ok();
        }
    });
}

/// To the client a server that has forgotten the session looks like one that it does not ask to resume it.
#[test]
#[ignore = "needs python3 and vsftpd: tests/run"]
fn tickets_run_out() {
    let server = Vsftpd::with_tls(&["require_ssl_reuse=YES"]);
    let get = json!(["retr", "/hello.txt", "local"]);
    let forgetful = json!([get, get, ["forget_session"], get]);
    let real = ftplib(&Desk::new(), &server.site().over(Tls::EXPLICIT), &forgetful).failed();
    let badftp = Badftp::serve("ftps/session-reuse-required/tickets");
    let ours = ftplib(&Desk::new(), &badftp.site().over(Tls::EXPLICIT), &json!([get, get, get]));
    assert_eq!(real.stdout.replace("null\n", ""), ours.stdout);
    let refusal = "error_perm: 522 SSL connection failed";
    assert!(real.stderr.starts_with(refusal) && ours.stderr.starts_with(refusal), "{real}\n{ours}");
}
