//! Where does a reply of several lines end? Each client has its own idea.

use super::{CLIENTS, Client, Deed, at_once, every_client_shows_the_same};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{HELLO, Literal};
use crate::site::Site;

/// The lines of faults.json, EX-090, which come from the issues it cites; no package says such things.
fn literal(login: &'static str) -> Literal {
    Literal::new().says("PASS", login).sends("RETR", HELLO, "226 Transfer complete.").takes(
        "STOR",
        "150-\r\n150- Opening\r\n150 Ok to send data.",
        1000,
        "226 Transfer complete.",
    )
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_understands_what_is_odd_but_right() {
    let login = "230-\r\n230-User usr-230 is logged in.\r\n 230 files.\r\n\r\n230 Done.";
    let real = literal(login).site();
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        every_client_shows_the_same("ftp/reply-multiline-odd", &real, Texts::Differ, deed, (0, ""));
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn the_clients_part_ways_as_with_exact_bytes() {
    // Which client gets the file, in the order curl, lftp, ftplib; 0 is success.
    let table: [(&str, &str, [i32; 3]); 4] = [
        ("other-code-ends", "230-Hello\r\n220 Done.", [0, 0, 1]),
        ("other-code-within", "230-Hello\r\n331 bottles\r\n230 Done.", [67, 1, 0]),
        ("same-code-within", "230-Hello\r\n230 is a number\r\n230 Done.", [13, 0, 1]),
        ("no-end", "230-Hello\r\n230-Done.", [28, 1, 1]),
    ];
    at_once(table, |(variant, login, exits)| {
        let real = literal(login).site();
        at_once(CLIENTS.into_iter().zip(exits), |(client, exit)| {
            let scenario = format!("ftp/reply-multiline-odd/{variant}");
            let shown = same(&scenario, &real, Texts::Differ, |site: &Site| {
                Deed::Get("/hello.txt").by(client, site)
            });
            assert_eq!(shown.exit, exit, "{client:?} with {variant}\n{shown}");
        });
    });
}

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_takes_the_last_line_for_the_reply() {
    let real = literal("230-Hello\r\n331 bottles\r\n230 Done.").site();
    same("ftp/reply-multiline-odd/other-code-within", &real, Texts::Same, |site| {
        let shown = Deed::Get("/hello.txt").by(Client::Curl, site);
        curl_says(&shown, 67, "Access denied: 331");
        shown
    });
}
