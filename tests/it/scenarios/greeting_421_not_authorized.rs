//! Addresses that may not connect.

use super::greeting_421::{TURNED_AWAY, is_shown_as_a_full_vsftpd_that_says};
use super::{CLIENTS, Client, Deed, shown_by};
use crate::badftp::Badftp;

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_client_that_may_not_connect_is_shown_as_one_of_a_full_vsftpd() {
    let words = "You are not authorized to make the connection";
    is_shown_as_a_full_vsftpd_that_says("ftp/greeting-421-not-authorized", words);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn after_three_wrong_logins_no_password_helps() {
    let badftp = Badftp::serve("ftp/greeting-421-not-authorized/banned");
    let kermit = badftp.site().login("kermit", "frog");
    let wrong = badftp.site().login("kermit", "pig");
    Deed::List.by(Client::Curl, &kermit).ok();
    for client in CLIENTS {
        shown_by(client, Deed::List, &wrong, (67, "Access denied: 530")).failed();
    }
    for client in CLIENTS {
        shown_by(client, Deed::List, &kermit, TURNED_AWAY).failed();
    }
}
