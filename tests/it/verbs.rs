//! Verbs that only some clients say, said by those.

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib, lftp};
use crate::peers::Vsftpd;
use crate::session::Session;
use crate::site::Family;

const ACCOUNTS: &str = "rules:
  - {when: PASS, at: end, reply: 332 Need account for login}
  - {when: ACCT, argument: gold, reply: 230 Login successful}
  - {when: ACCT, reply: 532 Need account for storing files}";

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn an_account_is_given_where_it_is_asked_for() {
    let server = Badftp::with_yaml(ACCOUNTS);
    let site = server.site();
    let hello = site.url("/hello.txt");
    let shown = curl(&Desk::new(), &site, &["--ftp-account", "gold", &hello]).ok();
    assert_eq!(shown, "Hello from badftp!\n");
    // CURLE_LOGIN_DENIED: curl has no account to give. CURLE_FTP_WEIRD_PASS_REPLY: it is refused.
    assert_eq!(curl(&Desk::new(), &site, &[&hello]).failed().exit, 67);
    assert_eq!(curl(&Desk::new(), &site, &["--ftp-account", "tin", &hello]).failed().exit, 11);
    // ftplib gives an empty one.
    let shown = ftplib(&Desk::new(), &site, &json!([])).failed();
    assert!(shown.stderr.starts_with("error_perm: 5"), "{shown}");
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_changes_permissions() {
    let server = Badftp::healthy(Family::V4);
    let shown = lftp(&Desk::new(), &server.site(), "chmod 640 hello.txt; ls").ok();
    assert!(shown.starts_with("-rw-r----- "), "{shown}");
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_keeps_times_whatever_the_server_knows() {
    for without in ["[]", "[MFMT]"] {
        let server = Badftp::with_yaml(&format!("server: {{ftp: {{without: {without}}}}}"));
        let desk = Desk::new();
        std::fs::create_dir(desk.path("tree")).expect("a folder can be made");
        desk.write("tree/a", "abc");
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_577_934_245);
        let file = std::fs::File::options().write(true).open(desk.path("tree/a"));
        file.and_then(|file| file.set_modified(time)).expect("a time can be set");
        let site = server.site();
        let commands = "set ftp:use-site-utime yes; mirror -R tree tree; quote MDTM /tree/a";
        let shown = lftp(&desk, &site, commands).ok();
        assert!(shown.contains("213 20200102030405"), "without {without}: {shown}");
    }
}

/// vsftpd asks its file system, to which only a folder can be meant by a path that ends in a slash.
#[test]
#[ignore = "needs vsftpd: tests/run"]
fn a_slash_at_the_end_means_what_it_means_to_vsftpd() {
    let (real, ours) = (Vsftpd::healthy(Family::V4), Badftp::healthy(Family::V4));
    let asked = [
        ("SIZE", "/hello.txt"),
        ("SIZE", "/hello.txt/"),
        ("DELE", "/hello.txt/"),
        ("CWD", "/hello.txt/"),
        ("RNFR", "/hello.txt/"),
        ("MKD", "new/"),
        ("MKD", "new/"),
        ("CWD", "new/"),
        ("DELE", "new/"),
        ("RNFR", "new/"),
        ("RNTO", "newer/"),
        ("RMD", "/hello.txt/"),
        ("RMD", "newer/"),
        ("RMD", "newer/"),
    ];
    let [real, ours] = [real.site(), ours.site()].map(|site| {
        let mut session = Session::greeted_at(site.address);
        for line in ["USER anonymous", "PASS frog", "TYPE I"] {
            session.ask(line);
        }
        asked.map(|(verb, path)| {
            // A folder in which one may write.
            let folder = if path.starts_with('/') { "" } else { site.folder };
            format!("{verb} {path}: {}", &session.ask(&format!("{verb} {folder}{path}"))[..3])
        })
    });
    assert_eq!(real, ours);
}
