//! EPSV refused, in each way that servers have.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, basic_ftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::site::Family;

const REFUSALS: [(&str, &str); 4] = [
    ("ftp/epsv-unsupported", "500 Unknown command.\r\n"),
    ("ftp/epsv-unsupported/not-implemented", "502 Command not implemented.\r\n"),
    ("ftp/epsv-unsupported/arguments", "501 Server cannot accept argument.\r\n"),
    ("ftp/epsv-unsupported/protocol", "522 Network protocol not supported, use (1)\r\n"),
];

#[test]
#[ignore = "needs curl, lftp, python3, node, rclone and vsftpd: tests/run"]
fn every_client_takes_pasv_instead_as_with_a_vsftpd_that_refuses_epsv() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    for (scenario, refusal) in REFUSALS {
        let real = Relay::of(&vsftpd.site(), "229", Fate::Becomes(refusal.to_owned()));
        let get = Deed::Get("/hello.txt");
        every_client_shows_the_same(scenario, &real, Texts::Same, get, (0, ""));
        same(scenario, &real, Texts::Same, |site| {
            rclone(&Desk::new(), site, &["cat", ":ftp:/hello.txt"])
        })
        .ok();
        let steps = serde_json::json!([["downloadTo", "local", "/hello.txt"]]);
        same(scenario, &real, Texts::Differ, |site| basic_ftp(&Desk::new(), site, &steps)).ok();
    }
}
