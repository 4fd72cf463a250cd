//! Too many sessions, said as if the password were wrong.

use super::{CLIENTS, Deed, session, shown_by};
use crate::compare::{Texts, same};
use crate::peers::Proftpd;

#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn the_fourth_session_is_shown_as_that_of_proftpd() {
    for (scenario, directive) in [
        ("ftp/login-530-user-limit", "MaxClientsPerUser 3"),
        ("ftp/login-530-user-limit/host", "MaxClientsPerHost 3"),
        ("ftp/login-530-user-limit/server", "MaxClients 3"),
    ] {
        for client in CLIENTS {
            // Its own: it counts who has left for a moment longer.
            let real = Proftpd::with(&[directive]);
            same(scenario, &real.site().login("kermit", "frog"), Texts::Same, |site| {
                let log_in = [("USER kermit\r\n", "331"), ("PASS frog\r\n", "230")];
                let _held = [(); 3].map(|()| session(site, &log_in));
                let kermit = site.login("kermit", "frog");
                shown_by(client, Deed::Get("/hello.txt"), &kermit, (67, "Access denied: 530"))
            });
        }
    }
}
