//! Sessions that end in another way than by status 0.

use super::below::{By, all_show, shows, told};
use crate::badftp::Badftp;
use crate::run::run;
use crate::sftp::clients::TRUST;
use crate::sftp::{badftp, desk};

const FILE: &str = "[100000 bytes]";
const PARAMIKO: &str = "null[100000 bytes]";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    for scenario in ["sftp/exit-status-minus-1", "sftp/exit-status-minus-1/minus-1"] {
        all_show(scenario, (0, FILE), (0, FILE), (0, PARAMIKO));
    }
    let reset = "sftp/exit-status-minus-1/reset";
    let shown = told(reset, By::Sftp(&[]));
    assert!(shown.0 == 0 && shown.1.ends_with(FILE), "{shown:?}");
    shows(reset, By::Curl(&[]), 0, FILE);
    shows(reset, By::Paramiko("id"), 0, PARAMIKO);
    all_show(
        "sftp/exit-status-minus-1/status",
        (1, "remote open \"/a.bin\": Unknown status"),
        (79, "curl: (79) Could not open remote file for reading: Unknown error in libssh2"),
        (0, "OSError Unknown error"),
    );
}

#[test]
#[ignore = "needs ssh: tests/run"]
fn a_script_sees_the_status() {
    for scenario in ["sftp/exit-status-minus-1", "sftp/exit-status-minus-1/minus-1"] {
        let server = Badftp::sftp(&[scenario]);
        let port = badftp(&server).address.port().to_string();
        let desk = desk();
        let mut command = desk.command("ssh");
        command.args(TRUST).args(["-p", &port, "-s", "piggy@127.0.0.1", "sftp"]);
        assert_eq!(run(&mut command).exit, 255, "{scenario}");
    }
}
