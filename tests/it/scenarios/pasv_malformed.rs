//! Replies to PASV that no address can be read from.

use super::{CLIENTS, Client, Deed};
use crate::clients::{Desk, rclone};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::site::Site;

/// Variant, vsftpd's reply become so, what curl says, and what is left of it in rclone's complaint.
const TABLE: [(&str, &str, (i32, &str), &str); 4] = [
    (
        "",
        "227 Entering Passive Mode (1216,256,2,127,127,127)\r\n",
        (14, "Couldn't interpret the 227-response"),
        "lookup 1216.256.2.127",
    ),
    ("/no-parentheses", "", (0, ""), "invalid PASV response format"),
    (
        "/delimiter",
        "227 Entering Passive Mode (127.0.0.1.156.64)\r\n",
        (14, "Couldn't interpret the 227-response"),
        "invalid PASV response format",
    ),
    (
        "/as-epsv",
        "229 Entering Extended Passive Mode (|||40000|)\r\n",
        (13, "Bad PASV/EPSV response: 229"),
        "229 Entering Extended Passive Mode",
    ),
];

fn misspoken(server: &Vsftpd, reply: &'static str) -> Site {
    Relay::to(&server.site(), move |line| match line.get(..3) {
        Some("227") if reply.is_empty() => Fate::Becomes(line.replace(['(', ')'], "")),
        Some("227") => Fate::Becomes(reply.to_owned()),
        _ => Fate::Passes,
    })
}

#[test]
#[ignore = "needs curl, lftp, python3, rclone and vsftpd: tests/run"]
fn every_client_shows_the_reply_as_one_of_vsftpd() {
    let vsftpd = Vsftpd::with(&["cmds_denied=EPSV"]);
    for (variant, reply, (exit, message), complaint) in TABLE {
        let scenario = format!("ftp/pasv-malformed{variant}");
        let real = misspoken(&vsftpd, reply);
        for client in CLIENTS {
            same(&scenario, &real, Texts::Differ, |site| {
                let shown = Deed::Get("/hello.txt").by(client, site);
                if client == Client::Curl {
                    curl_says(&shown, exit, message);
                }
                shown
            });
        }
        same(&scenario, &real, Texts::Differ, |site| {
            let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/hello.txt"]).failed();
            assert!(shown.stderr.contains(complaint), "{shown}");
            shown.stderr.clear();
            shown
        });
    }
}
