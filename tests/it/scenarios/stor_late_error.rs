//! Uploads that fail when all of their data has been read.

use super::{Client, Deed, every_client_shows_the_same, stored};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{Literal, Vsftpd};

const PUT: Deed = Deed::Put("report.csv", 1000);

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_failed_write_is_shown_as_that_of_a_vsftpd_without_space() {
    let real = Vsftpd::without_space();
    let message = (18, "server did not report OK, got 451");
    for scenario in ["ftp/stor-late-error", "ftp/stor-late-error/stored"] {
        every_client_shows_the_same(scenario, &real.site(), Texts::Same, PUT, message);
    }
}

/// Exact bytes, as faults.json has them in EX-081 and EX-082.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn other_late_errors_are_shown_as_with_exact_bytes() {
    for (variant, message, reply) in [
        ("aborted", "server did not report OK, got 426", "426 Failure reading network stream."),
        ("busy", "server did not report OK, got 450", "450 Requested file action not taken."),
        (
            "data-connection",
            "server did not report OK, got 425",
            "425 Error while transfering data: ECONNABORTED - Connection aborted",
        ),
    ] {
        let real = Literal::new().takes("STOR", "150 Ok to send data.", 1000, reply).site();
        let scenario = format!("ftp/stor-late-error/{variant}");
        every_client_shows_the_same(&scenario, &real, Texts::Same, PUT, (18, message));
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_file_is_stored_or_thrown_away() {
    for (variant, length) in [
        ("", None),
        ("/stored", Some(1000)),
        ("/aborted", Some(1000)),
        ("/busy", None),
        ("/data-connection", Some(1000)),
    ] {
        let badftp = Badftp::serve(&format!("ftp/stor-late-error{variant}"));
        PUT.by(Client::Curl, &badftp.site()).failed();
        let file = stored(&badftp.site(), "/report.csv");
        assert_eq!(file.map(|file| file.len()), length, "{variant}");
    }
}
