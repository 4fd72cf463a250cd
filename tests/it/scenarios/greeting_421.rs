//! Connections that are turned away.

use super::greeting_421_too_many::hold;
use super::{CLIENTS, Client, Deed, every_client_downloads_the_same};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{Fate, Relay, Vsftpd};
use crate::until::until;

/// What curl makes of any 421.
pub(super) const TURNED_AWAY: (i32, &str) = (28, "Timeout was reached");

/// vsftpd turns clients away in its own words, which are replaced by those of the scenario.
#[track_caller]
pub(super) fn is_shown_as_a_full_vsftpd_that_says(scenario: &str, words: &'static str) {
    let server = Vsftpd::with(&["max_clients=1"]);
    let _held = hold(&server.site(), 1);
    let real = Relay::to(&server.site(), move |line| match line.get(..3) {
        Some("421") => Fate::Becomes(format!("421 {words}\r\n")),
        _ => Fate::Passes,
    });
    every_client_downloads_the_same(scenario, &real, Texts::Same, TURNED_AWAY);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_421_is_shown_as_that_of_a_full_vsftpd_whatever_its_words() {
    for (scenario, words) in [
        ("ftp/greeting-421", "Service not available, closing control connection"),
        ("ftp/greeting-421/user-limit", "User limit reached"),
        ("ftp/greeting-421/not-authorized", "You are not authorized to make the connection"),
        ("ftp/greeting-421/max-connections-reached", "Max connections reached"),
        ("ftp/greeting-421/max-connections-exceeded", "Max connections exceeded"),
        ("ftp/greeting-421/maintenance", "Down for maintenance, please try again later"),
    ] {
        is_shown_as_a_full_vsftpd_that_says(scenario, words);
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn after_the_maintenance_every_client_gets_in() {
    let badftp = Badftp::serve("ftp/greeting-421/maintenance");
    Deed::List.by(Client::Curl, &badftp.site()).failed();
    until("the maintenance is over", || Deed::List.by(Client::Curl, &badftp.site()).exit == 0);
    for client in CLIENTS {
        Deed::List.by(client, &badftp.site()).ok();
    }
}
