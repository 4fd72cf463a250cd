//! Lines that are converted on their way.

use serde_json::json;

use super::{Client, Deed, rclone_says, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib};
use crate::compare::{Texts, same};
use crate::peers::{Literal, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const LINES: &str = "one\ntwo\n";
const ALWAYS: &str = "ftp/retr-ascii-mangled/always";

/// vsftpd converts where it is allowed to, and tells the stored size, too.
#[test]
#[ignore = "needs curl, python3 and vsftpd: tests/run"]
fn lines_are_converted_and_sizes_are_not_as_by_vsftpd() {
    let real = Vsftpd::on(Family::V4, &[], |home| home.put("hello.txt", LINES));
    let clients: [fn(&Site) -> Shown; 2] = [
        |site| curl(&Desk::new(), site, &["--use-ascii", &site.url("/hello.txt")]),
        |site| {
            let steps = json!([
                ["sendcmd", "TYPE A"],
                ["size", "/hello.txt"],
                ["ascii_size", "/hello.txt"]
            ]);
            ftplib(&Desk::new(), site, &steps)
        },
    ];
    for (client, shown) in
        clients.into_iter().zip([LINES, "\"200 Switching to ASCII mode.\"\n8\n10\n"])
    {
        let got = same("ftp/retr-ascii-mangled", &real.site(), Texts::Same, client).ok();
        assert_eq!(got, shown);
    }
}

/// No package refuses binary mode: exact bytes, as faults.json has them in EX-073.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_binary_file_is_spoilt_as_with_exact_bytes() {
    let real = Literal::new().says("SIZE", "213 8").sends(
        "RETR",
        b"one\r\ntwo\r\n",
        "226 Transfer complete.",
    );
    let real = real.site();
    for (client, length) in [(Client::Curl, 8), (Client::Lftp, 10), (Client::Ftplib, 10)] {
        let get = |site: &Site| shown_by(client, Deed::Get("/hello.txt"), site, (0, ""));
        let shown = same(ALWAYS, &real, Texts::Same, get).ok();
        assert!(shown.contains(&format!("left a file of {length} bytes")), "{shown}");
    }
}

#[test]
#[ignore = "needs curl and rclone: tests/run"]
fn rclone_notices_it_and_an_upload_is_spoilt_as_well() {
    let badftp = Badftp::serve(ALWAYS);
    let site = badftp.site();
    rclone_says(&site, &["copy", ":ftp:/", "copy"], "corrupted on transfer: sizes differ 8 vs 10");
    curl(&Desk::with("local", "a\r\nb\r\n"), &site, &["-T", "local", &site.url("/b")]).ok();
    let file = curl(&Desk::new(), &site, &["--head", &site.url("/b")]).ok();
    assert!(file.contains("Content-Length: 4\r\n"), "{file}");
}
