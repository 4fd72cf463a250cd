//! Certificates that a client must not accept.

use super::{
    FINE, GET, UNTRUSTED, every_client_shows_the_same, shown_by, some_clients_fail,
    these_show_the_same, with_hello,
};
use crate::badftp::Badftp;
use crate::clients::certs;
use crate::compare::Texts;
use crate::peers::{Literal, Parting, Proftpd, Shield, Vsftpd, front};
use crate::scenarios::{Client, side_by_side};
use crate::site::Tls;

/// vsftpd with a shipped pair in place of its own.
fn showing(name: &str) -> Vsftpd {
    let certificate = format!("rsa_cert_file={}", certs(&format!("{name}.pem")));
    let key = format!("rsa_private_key_file={}", certs(&format!("{name}.key")));
    Vsftpd::with_tls(&[&certificate, &key])
}

#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn cert_bad() {
    let ways = [
        ("", "self-signed", "self-signed certificate"),
        ("/expired", "expired", "certificate has expired"),
        ("/wrong-name", "wrong-host", "no alternative certificate subject name matches"),
        ("/not-yet-valid", "not-yet-valid", "certificate is not yet valid"),
        ("/untrusted-root", "untrusted-root", "unable to get local issuer certificate"),
        ("/incomplete-chain", "incomplete-chain", "unable to get local issuer certificate"),
    ];
    for (name, pair, message) in ways {
        let server = showing(pair);
        let site = server.site().over(Tls::EXPLICIT);
        let scenario = format!("ftps/cert-bad{name}");
        every_client_shows_the_same(&scenario, &site, Texts::Same, GET, (60, message));
    }
}

/// Each later connection shows another one: to each client it must look like a server that has been given a new one.
#[test]
#[ignore = "needs clients and vsftpd: tests/run"]
fn cert_changed() {
    let (before, after) = (showing("self-signed"), showing("untrusted-root"));
    side_by_side(|client| {
        let badftp = Badftp::serve("ftps/cert-bad/changed");
        for server in [&before, &after, &after] {
            let [real, ours] = [server.site(), badftp.site()]
                .map(|site| shown_by(client, GET, &site.over(Tls::EXPLICIT), UNTRUSTED));
            assert_eq!((real.exit, words(&real.stderr)), (ours.exit, words(&ours.stderr)));
        }
    });
}

/// lftp names the port.
fn words(said: &str) -> String {
    said.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
#[ignore = "needs clients: tests/run"]
fn cert_of_data_connections_differs() {
    let site = front(with_hello(Literal::new()), Shield::By("wrong-host"), Parting::Notified);
    let scenario = "ftps/cert-bad/data-differs";
    these_show_the_same(&[Client::Lftp, Client::Ftplib], scenario, &site, Texts::Same, GET);
    some_clients_fail(scenario, &site, GET, &[Client::Curl]);
}

/// lftp still speaks TLS 1.1, unless it is told not to.
#[test]
#[ignore = "needs clients and ProFTPD: tests/run"]
fn tls_version_old() {
    let server = Proftpd::with_tls(&["TLSProtocol TLSv1.1", "TLSCipherSuite ALL:@SECLEVEL=0"]);
    let site = server.site().over(Tls::EXPLICIT);
    let clients = [Client::Curl, Client::Ftplib];
    these_show_the_same(&clients, "ftps/tls-version-old", &site, Texts::Same, GET);
    let shown = shown_by(Client::Curl, GET, &site, (35, "legacy sigalg disallowed or unsupported"));
    assert!(shown.stdout.is_empty(), "{shown}");
    let site = site.over(Tls { version: Some("1.2"), ..Tls::EXPLICIT });
    let curl = (35, "unsupported protocol");
    every_client_shows_the_same("ftps/tls-version-old", &site, Texts::Same, GET, curl);
}

#[test]
#[ignore = "needs clients and ProFTPD: tests/run"]
fn tls_that_is_not_shared() {
    let only_rsa = ["TLSProtocol TLSv1.2", "TLSCipherSuite ECDHE-RSA-AES256-GCM-SHA384"];
    let ways = [
        ("only-1.3", Some("1.2"), &["TLSProtocol TLSv1.3"][..], "protocol version"),
        ("only-1.2", Some("1.3"), &["TLSProtocol TLSv1.2"], "protocol version"),
        ("no-shared-cipher", None, &only_rsa, "handshake failure"),
    ];
    for (name, version, settings, message) in ways {
        let server = Proftpd::with_tls(settings);
        let site = server.site().over(Tls { version, ..Tls::EXPLICIT });
        let scenario = format!("ftps/tls-version-old/{name}");
        every_client_shows_the_same(&scenario, &site, Texts::Same, GET, (35, message));
    }
}

#[test]
#[ignore = "needs clients: tests/run"]
fn whoever_speaks_the_one_version_is_served() {
    side_by_side(|client| {
        for scenario in ["ftps/tls-version-old/only-1.3", "ftps/tls-version-old/only-1.2"] {
            let site = Badftp::serve(scenario);
            shown_by(client, GET, &site.site().over(Tls::EXPLICIT), FINE).ok();
        }
    });
}
