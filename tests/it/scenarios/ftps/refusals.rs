//! Commands that are refused: `AUTH`, `PROT`, and what may not go in clear.

use super::{
    CLEAR_DATA, FINE, GET, REFUSED, every_client_shows_the_same, some_clients_fail,
    these_show_the_same, with_hello,
};
use crate::compare::Texts;
use crate::peers::{Fate, Literal, Parting, Proftpd, PureFtpd, Relay, Shield, Vsftpd, front};
use crate::scenarios::{Client, side_by_side};
use crate::site::{Family, Site, Tls};

#[test]
#[ignore = "needs clients and ProFTPD: tests/run"]
fn auth_refused() {
    let server = Proftpd::healthy(Family::V4);
    let site = server.site().over(Tls::EXPLICIT);
    every_client_shows_the_same("ftps/auth-refused", &site, Texts::Same, GET, REFUSED);
    let replies = [
        "502 Command not implemented",
        "504 Unknown security mechanism",
        "534 Request denied for policy reasons",
        "431 Unable to accept security mechanism",
    ];
    for reply in replies {
        let site = Relay::of(&site, "500 AUTH", Fate::Becomes(format!("{reply}\r\n")));
        let scenario = format!("ftps/auth-refused/code-{}", &reply[..3]);
        every_client_shows_the_same(&scenario, &site, Texts::Same, GET, REFUSED);
    }
}

#[test]
#[ignore = "needs clients: tests/run"]
fn auth_accepted_by_200() {
    let reply = "200 AUTH command ok; starting SSL connection...";
    let site = speaking_tls(with_hello(Literal::new().says("AUTH", reply)));
    let clients = [Client::Lftp, Client::Ftplib];
    these_show_the_same(&clients, "ftps/auth-refused/code-200", &site, Texts::Same, GET);
    some_clients_fail("ftps/auth-refused/code-200", &site, GET, &[Client::Curl]);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn prot_refused() {
    let replies = [
        ("", "536 Requested PROT level not supported by mechanism"),
        ("/code-534", "534 Request denied for policy reasons"),
        ("/code-431", "431 Unable to accept security mechanism"),
        ("/code-504", "504 PROT not implemented for that parameter"),
    ];
    for (name, reply) in replies {
        let site = speaking_tls(with_hello(Literal::new().says("PROT P", reply)));
        let scenario = format!("ftps/prot-refused{name}");
        every_client_shows_the_same(&scenario, &site, Texts::Same, GET, REFUSED);
    }
}

#[test]
#[ignore = "needs clients: tests/run"]
fn pbsz_refused() {
    let site = speaking_tls(with_hello(
        Literal::new().says("PBSZ", "503 PBSZ not allowed on insecure control connection"),
    ));
    every_client_shows_the_same("ftps/prot-refused/pbsz", &site, Texts::Same, GET, FINE);
}

#[test]
#[ignore = "needs clients, Pure-FTPd and vsftpd: tests/run"]
fn data_in_clear_refused() {
    let refused = |scenario: &str, site: &Site, texts, message| {
        let site = site.clone().over(CLEAR_DATA);
        every_client_shows_the_same(scenario, &site, texts, GET, (19, message));
    };
    let server = PureFtpd::with(&["--tls=3"]);
    refused("ftps/prot-p-required", &server.site(), Texts::Differ, "RETR response: 521");
    let server = Vsftpd::with_tls(&["force_anon_data_ssl=YES"]);
    refused("ftps/prot-p-required/code-522", &server.site(), Texts::Same, "RETR response: 522");
    let site = speaking_tls(
        Literal::new()
            .says("PROT C", "534 Data must be private")
            .says("RETR", "521 Data connection cannot be opened with this PROT setting")
            .says("SIZE", "213 19"),
    );
    refused("ftps/prot-p-required/code-534", &site, Texts::Same, "RETR response: 521");
    let reply = "425-Server requires protected data connection.\r\n425 Use PROT P.";
    let site = speaking_tls(with_hello(Literal::new().says("RETR", reply)));
    refused("ftps/prot-p-required/code-425", &site, Texts::Same, "RETR response: 425");
}

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn login_in_clear_refused() {
    let server = Vsftpd::with_tls(&["force_local_logins_ssl=YES"]);
    let site = server.site().login("kermit", "frog");
    let curl = (67, "Access denied: 530");
    every_client_shows_the_same("ftps/tls-required", &site, Texts::Same, GET, curl);
    let site = Literal::new().says("USER", "534 Policy requires SSL.").site();
    let curl = (67, "Access denied: 534");
    every_client_shows_the_same("ftps/tls-required/code-534", &site, Texts::Same, GET, curl);
    let site = Literal::new().says_last("USER", "421 TLS is required on this server.").site();
    let curl = (28, "Timeout was reached");
    every_client_shows_the_same("ftps/tls-required/code-421", &site, Texts::Same, GET, curl);
}

#[test]
#[ignore = "needs clients: tests/run"]
fn whoever_logs_in_over_tls_is_let_in() {
    side_by_side(|client| {
        for scenario in [
            "ftps/tls-required",
            "ftps/tls-required/code-534",
            "ftps/tls-required/code-421",
            "ftps/prot-p-required",
        ] {
            let server = crate::badftp::Badftp::serve(scenario);
            GET.by(client, &server.site().over(Tls::EXPLICIT)).ok();
        }
    });
}

fn speaking_tls(server: Literal) -> Site {
    front(server, Shield::AsAsked, Parting::Notified)
}
