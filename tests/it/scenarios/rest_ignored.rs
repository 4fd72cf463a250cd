//! Restarts that are acknowledged and not done.

use serde_json::json;

use super::{Client, stored};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::run::Shown;
use crate::site::Site;

const SCENARIO: &str = "ftp/rest-ignored";

/// The client has 100 bytes already, and goes on from there.
fn resumed(client: Client, site: &Site) -> (Shown, Vec<u8>) {
    let desk = Desk::with("local", [b'y'; 100]);
    let shown = match client {
        Client::Curl => curl(&desk, site, &["-C", "-", "-o", "local", &site.url("/hello.txt")]),
        Client::Lftp => lftp(&desk, site, "get -c /hello.txt -o local"),
        Client::Ftplib => ftplib(&desk, site, &json!([["retr", "/hello.txt", "local", 100]])),
    };
    (shown, desk.read("local"))
}

/// Exact bytes, for all packages restart: faults.json, EX-074.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_download_that_begins_anew_spoils_the_file_as_with_exact_bytes() {
    let real = Literal::new().says("SIZE", "213 300").sends(
        "RETR",
        &[b'x'; 300],
        "226 Transfer complete.",
    );
    let real = real.site();
    for (client, length) in [(Client::Curl, 300), (Client::Lftp, 400), (Client::Ftplib, 400)] {
        same(SCENARIO, &real, Texts::Same, |site| {
            let (shown, file) = resumed(client, site);
            assert_eq!((shown.exit, file.len()), (0, length), "{client:?}\n{shown}");
            shown
        });
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn of_a_resumed_upload_only_the_rest_is_stored() {
    for client in super::CLIENTS {
        let badftp = Badftp::serve(SCENARIO);
        let site = badftp.site();
        let desk = Desk::with("local", [b'x'; 1000]);
        match client {
            Client::Curl => curl(&desk, &site, &["-C", "900", "-T", "local", &site.url("/a")]),
            Client::Lftp => {
                curl(&Desk::with("local", [b'y'; 900]), &site, &["-T", "local", &site.url("/a")])
                    .ok();
                lftp(&desk, &site, "put -c local -o /a")
            }
            Client::Ftplib => ftplib(&desk, &site, &json!([["stor", "/a", "local", 900]])),
        }
        .ok();
        // lftp resumes and curl appends (APPE) without REST.
        let length = stored(&site, "/a").map(|file| file.len());
        assert_eq!(length, Some(100), "{client:?}");
    }
}
