//! Public bug reports as scenarios: a server did something, and a client failed.
//!
//! Each is told in six lines of YAML at most, and makes a stock client show what was reported: the reporter's own client,
//! or the nearest one that still does. The same call against the same files without the rules must show nothing of it.

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::{Desk, aioftp, curl, ftplib, rclone, tnftp};
use crate::run::Shown;
use crate::sftp::{Place, badftp as place, clients as sftp, desk};
use crate::site::Site;

/// The most lines that a report may take.
const LINES: usize = 6;

struct Report {
    address: &'static str,
    /// Who the server was, and what it did.
    server: &'static str,
    /// A line each; those before `rules:` are what a healthy server has, too.
    scenario: &'static [&'static str],
    client: Client,
    exit: i32,
    /// What names the failure, in the client's words or the server's.
    says: &'static str,
}

/// The client's call, over the protocol of the report.
#[derive(Clone, Copy)]
enum Client {
    Ftp(fn(&Desk, &Site) -> Shown),
    Sftp(fn(&Desk, &Place) -> Shown),
}

impl Client {
    #[track_caller]
    fn against(self, scenario: &str) -> Shown {
        let desk = desk();
        desk.write("local", "content");
        match self {
            Client::Ftp(call) => call(&desk, &Badftp::with_yaml(scenario).site()),
            Client::Sftp(call) => call(&desk, &place(&Badftp::sftp_with_yaml(scenario))),
        }
    }
}

impl Report {
    #[track_caller]
    fn is_shown(&self) {
        let Self { address, server, scenario, says, .. } = self;
        assert!(scenario.len() <= LINES, "{address}: {} lines", scenario.len());
        let shown = self.client.against(&scenario.join("\n"));
        assert!(
            shown.exit == self.exit && said(&shown).contains(says),
            "{address}: {server}, so the client should exit with {} and say {says:?}\n{shown}",
            self.exit
        );
        let files = scenario.iter().take_while(|line| **line != "rules:");
        let healthy: Vec<_> = ["description: healthy"].iter().chain(files).copied().collect();
        let shown = self.client.against(&healthy.join("\n"));
        assert!(
            shown.exit == 0 && !said(&shown).contains(says),
            "{address}: of a healthy server the client should not show {says:?}\n{shown}"
        );
    }
}

fn said(shown: &Shown) -> String {
    format!("{}\n{}", shown.stdout, shown.stderr)
}

#[test]
#[ignore = "needs tnftp: tests/run"]
fn epsv_is_no_command_of_the_server_and_yet_ok() {
    let report = Report {
        address: "https://github.com/aldostools/webMAN-MOD/issues/777",
        server: "webMAN MOD says 202 to EPSV, which it does not know",
        scenario: &["rules:", "  - {when: EPSV, at: start, reply: 202 OK}"],
        client: Client::Ftp(|desk, site| tnftp(desk, site, &["ls"])),
        exit: 0,
        says: "202 OK\nparse error!",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn a_folder_is_made_and_the_code_is_that_of_other_commands() {
    let report = Report {
        address: "https://github.com/fclairamb/ftpserverlib/issues/1",
        server: "ftpserverlib says 250 in place of 257 to MKD",
        scenario: &["rules:", "  - {when: MKD, reply: 250 Created}"],
        client: Client::Ftp(|desk, site| rclone(desk, site, &["mkdir", ":ftp:/new"])),
        exit: 1,
        says: "Failed to mkdir: 250 Created",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_reply_about_the_folder_is_in_latin_1() {
    let report = Report {
        address: "https://github.com/veeso/suppaftp/issues/113",
        server: "Altervista's server talks Italian in Latin-1 behind the path",
        scenario: &[
            "rules:",
            "  - {when: PWD, reply: '257 \"<path>\" <xE8> la tua locazione corrente'}",
        ],
        client: Client::Ftp(|desk, site| ftplib(desk, site, &json!([["pwd"]]))),
        exit: 1,
        says: "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe8",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_folder_may_be_entered_and_the_one_above_may_not() {
    let report = Report {
        address: "https://github.com/curl/curl/issues/4292",
        server: "a Windows server lets the user into FOLDA/FOLDB, and not into FOLDA",
        scenario: &[
            "files: {/FOLDA/FOLDB/file: content}",
            "rules:",
            "  - {when: CWD, argument: FOLDA, reply: 550 Access is denied.}",
        ],
        client: Client::Ftp(|desk, site| curl(desk, site, &[&site.url("/FOLDA/FOLDB/file")])),
        exit: 9,
        says: "curl: (9) Server denied you to change to the given directory",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn facts_are_promised_and_mlst_is_never_answered() {
    let report = Report {
        address: "https://github.com/elfmz/far2l/issues/1067",
        server: "uftpd has MLST in its FEAT, and says nothing to it",
        scenario: &["rules:", "  - {when: MLST, reply: none}"],
        client: Client::Ftp(|desk, site| {
            aioftp(desk, site, &json!([["retr", "/hello.txt", "down"]]))
        }),
        exit: 1,
        says: "TimeoutError",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs python3: tests/run"]
fn a_size_is_a_sentence_in_ascii_mode() {
    let report = Report {
        address: "https://github.com/Perl/perl5/issues/7476",
        server: "Tru64's server tells a size with words around it, in binary mode without",
        scenario: &[
            "rules:",
            "  - {when: TYPE, argument: I, per: connection, goto: binary, fires: 0+}",
            "  - {when: TYPE, argument: A, per: connection, goto: start, fires: 0+}",
            "  - {when: SIZE, per: connection, state: start, reply: '213 File size (<name>): <size> bytes'}",
        ],
        client: Client::Ftp(|desk, site| ftplib(desk, site, &json!([["size", "hello.txt"]]))),
        exit: 1,
        says: "ValueError: invalid literal for int() with base 10: 'File size (hello.txt): 19 bytes'",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs paramiko: tests/run"]
fn a_folder_is_made_and_the_status_says_that_it_is_one() {
    let report = Report {
        address: "https://github.com/paramiko/paramiko/issues/2549",
        server: "Serv-U makes the folder, and fails with `Specified file is a directory`",
        scenario: &[
            "rules:",
            "  - {when: mkdir, at: end, status: 24 Specified file is a directory}",
        ],
        client: Client::Sftp(|desk, place| {
            sftp::paramiko(desk, place, &json!([["mkdir", "/new"], ["listdir", "/"]]))
        }),
        exit: 0,
        says: "OSError Specified file is a directory\n[\"hello.txt\", \"new\"]",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs node: tests/run"]
fn one_failure_is_that_of_all_that_follows() {
    let report = Report {
        address: "https://github.com/phpseclib/phpseclib/issues/1479",
        server: "LiveDrive fails to make a folder that is there, and then fails so whatever is asked",
        scenario: &[
            "files: {/test/: {}}",
            "rules:",
            "  - {when: mkdir, target: exists, per: connection, status: 4 Directory exists, goto: stuck}",
            "  - {when: any, per: connection, state: stuck, status: 4 Directory exists}",
        ],
        client: Client::Sftp(|desk, place| {
            sftp::ssh2(
                desk,
                place,
                &json!([["listdir", "/test"], ["mkdir", "/test"], ["listdir", "/test"]]),
            )
        }),
        exit: 0,
        says: "[]\n4 Directory exists\n4 list: Directory exists /test",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs asyncssh: tests/run"]
fn only_absolute_paths_lead_anywhere() {
    let report = Report {
        address: "https://github.com/hierynomus/sshj/issues/268",
        server: "Serv-U finds no folder by a relative path",
        scenario: &[
            "files: {/export/a.csv: content}",
            "rules:",
            "  - {when: SSH_FXP_OPENDIR, argument: '[!/]*', status: 2 No such file}",
        ],
        client: Client::Sftp(|desk, place| {
            sftp::asyncssh(desk, place, &json!([["listdir", "/export"], ["listdir", "export"]]))
        }),
        exit: 0,
        says: "[\"a.csv\"]\nSFTPNoSuchFile No such file",
    };
    report.is_shown();
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn an_open_file_cannot_be_looked_at() {
    let report = Report {
        address: "https://github.com/pkg/sftp/issues/331",
        server: "IBM Sterling, with an extractability of 1, takes a look at an open file for its second extraction",
        scenario: &[
            "rules:",
            "  - {when: SSH_FXP_OPEN, per: path, goto: open}",
            "  - {when: SSH_FXP_STAT, per: path, state: open, status: '4 The message [<name>] is not extractable!'}",
            "  - {when: SSH_FXP_CLOSE, per: path, goto: start}",
        ],
        client: Client::Sftp(|desk, place| {
            sftp::rclone(desk, place, &["copyto", "REMOTE:/hello.txt", "down"])
        }),
        exit: 1,
        says: "sftp: \"The message [hello.txt] is not extractable!\" (SSH_FX_FAILURE)",
    };
    report.is_shown();
}
