//! Replies that are right, and rarely met.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_downloads_the_same, every_client_shows_the_same, session};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, ftplib, lftp, rclone};
use crate::compare::Texts;
use crate::peers::{HELLO, Literal, Proftpd, Vsftpd};
use crate::site::Family;

/// RFC 959, section 4.2: a 110 is no end.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_restart_marker_is_shown_as_with_exact_bytes() {
    let then = "110 MARK 100 = 100\r\n226 Transfer complete.";
    let real = Literal::new()
        .sends("RETR", HELLO, then)
        .takes("STOR", "150 Ok to send data.", 1000, then)
        .site();
    let message = (18, "server did not report OK, got 110");
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        every_client_shows_the_same("ftp/info-replies", &real, Texts::Same, deed, message);
    }
}

#[test]
#[ignore = "needs node and rclone: tests/run"]
fn a_restart_marker_parts_other_clients() {
    let badftp = Badftp::serve("ftp/info-replies");
    let steps = json!([["downloadTo", "local", "/hello.txt"]]);
    basic_ftp(&Desk::new(), &badftp.site(), &steps).ok();
    let copy = ["copyto", ":ftp:/hello.txt", "local"];
    let shown = rclone(&Desk::new(), &badftp.site(), &copy).failed();
    assert!(shown.stderr.contains("110 MARK 100 = 100"), "{shown}");
}

#[test]
#[ignore = "needs curl, lftp, python3, node and rclone: tests/run"]
fn nobody_minds_a_125_or_a_202_or_another_system() {
    let opening = "125 Data connection already open; transfer starting.";
    let superfluous = "202 Command not implemented, superfluous at this site.";
    let mvs = "215 MVS is the operating system of this server. FTP Server is running on z/OS.";
    let os400 = "215  OS/400 is the remote operating system. The TCP/IP version is \"V7R4M0\".";
    let done = "226 Transfer complete.";
    let hello = || Literal::new().sends("RETR", HELLO, done);
    for (variant, real) in [
        ("opening", Literal::new().sends_after(opening, "RETR", HELLO, done)),
        ("superfluous", hello().says("OPTS", superfluous)),
        ("windows", hello().says("SYST", "215 Windows_NT")),
        ("mvs", hello().says("SYST", mvs)),
        ("os400", hello().says("SYST", os400)),
        ("vms", hello().says("SYST", "215 VMS V8.4")),
    ] {
        let scenario = format!("ftp/info-replies/{variant}");
        let real = real.site();
        every_client_downloads_the_same(&scenario, &real, Texts::Differ, (0, ""));
        let badftp = Badftp::serve(&scenario);
        for client in CLIENTS {
            let list = Deed::List.by(client, &badftp.site()).ok();
            assert!(list.contains("hello.txt"), "{client:?} should list hello.txt\n{list}");
        }
        basic_ftp(&Desk::new(), &badftp.site(), &json!([["names", "/"]])).ok();
        assert_eq!(rclone(&Desk::new(), &badftp.site(), &["lsf", ":ftp:/"]).ok(), "hello.txt\n");
    }
}

#[test]
#[ignore = "needs lftp, python3 and ProFTPD: tests/run"]
fn the_status_of_a_directory_is_shown_as_that_of_proftpd() {
    let real = Proftpd::healthy(Family::V4);
    let scenario = "ftp/info-replies/directory-status";
    let stat = json!([["sendcmd", "STAT /"]]);
    let status = |site: &_| {
        let shown = ftplib(&Desk::new(), site, &stat).ok();
        shown
            .split("\\n")
            .map(|line| line.get(..4).unwrap_or_default().to_owned())
            .collect::<String>()
    };
    let badftp = Badftp::serve(scenario);
    let (ours, theirs) = (status(&badftp.site()), status(&real.site()));
    assert!(theirs.starts_with("\"212") && ours.starts_with("\"212"), "{theirs}\n{ours}");
    let list = "set ftp:use-stat-for-list yes; set ftp:use-mlsd no; cls -1";
    for site in [real.site(), badftp.site()] {
        let names = lftp(&Desk::new(), &site, list).ok();
        assert!(names.contains("hello.txt"), "{names}");
    }
}

/// vsftpd and RFC 959, section 4.2, on ABOR: a 225 where there is nothing to abort.
#[test]
#[ignore = "needs vsftpd: tests/run"]
fn help_and_abort_have_the_codes_of_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    let login = [("USER anonymous\r\n", "331"), ("PASS x\r\n", "230")];
    for (scenario, command, code) in [
        ("ftp/info-replies/help", "HELP\r\n", "214-"),
        ("ftp/info-replies/abort", "ABOR\r\n", "225 "),
    ] {
        let badftp = Badftp::serve(scenario);
        for site in [real.site(), badftp.site()] {
            session(&site, &[login[0], login[1], (command, code)]);
        }
    }
}
