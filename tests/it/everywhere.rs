//! One scenario, one server, and curl over FTP, FTPS and SFTP: where a rule says what the client means (`upload`, `download`,
//! `rename`, `login`), the same happens over each.

use crate::cli::badftp;
use crate::clients::Desk;

/// What the script says of each protocol in turn: it has `$url`, `$p` for the protocol's name, `curl` without a user's
/// configuration, and `renames FROM TO` in the protocol's own commands.
#[track_caller]
fn over_each(rule: &str, script: &str, expected: &str) {
    let files = "files:\n  /big.bin: {size: 200000B}\n  /there: '0123456789'\n  /ftp: in\n  /ftps: in\n  /sftp: in\n";
    let desk = Desk::with("s.yaml", format!("{files}rules:\n  - {rule}\n"));
    desk.write("up", vec![b'x'; 200_000]);
    let script = format!(
        "c() {{ timeout 20 curl -q -s -k --max-time 15 \"$@\"; }}
         renames() {{
           case $p in
             sftp) c -o listing -Q \"rename /$1 /$2\" \"$url/\" ;;
             *) c -o listing -Q \"RNFR /$1\" -Q \"RNTO /$2\" \"$url/\" ;;
           esac
         }}
         sizes() {{ c \"$url/\" | awk -v name=\"$1\" '$9 == name {{ print $5 }}'; }}
         ends() {{ if [ $? = 0 ]; then echo well; else echo badly; fi; }}
         for p in ftp ftps sftp; do
           case $p in
             ftp) url=$BADFTP_FTP_URL ;;
             ftps) url=$BADFTP_FTPS_URL ;;
             sftp) url=$BADFTP_SFTP_URL ;;
           esac
           echo $p: $({script})
         done"
    );
    let shown = badftp(&desk, &["run", "s.yaml", "--", "sh", "-c", &script]);
    let expected: String = ["ftp", "ftps", "sftp"].map(|p| format!("{p}: {expected}\n")).concat();
    assert_eq!(shown.stdout, expected, "{rule}: {shown}");
}

#[test]
#[ignore = "needs curl: tests/run"]
fn an_upload_breaks_at_a_byte() {
    over_each(
        "{when: upload, at: 64KiB, reply: 452 No space, status: 14 No space}",
        "c -T up $url/$p.new; ends; sizes $p.new",
        "badly 65536",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn an_upload_is_done_and_its_answer_lost() {
    over_each(
        "{when: upload, at: end, then: close}",
        "c -T up $url/$p.new; sizes $p.new",
        "200000",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn an_upload_is_acknowledged_and_not_stored() {
    over_each(
        "{when: upload, keep: none}",
        "c -T up $url/$p.new; ends; c $url/$p.new; ends",
        "well badly",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn each_files_first_upload_fails() {
    over_each(
        "{when: upload, per: path, times: 1, reply: 550 Not now, status: 4 Not now}",
        "c -T up $url/$p.new; ends; c -T up $url/$p.new; ends; sizes $p.new",
        "badly well 200000",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_download_breaks_at_a_byte() {
    over_each(
        "{when: download, at: 64KiB, reply: 426 Broken, status: 4 Broken}",
        // Over SFTP curl may see the failure before it has written anything.
        "touch $p.down; c -o $p.down $url/big.bin; ends; [ $(stat -c %s $p.down) -le 65536 ]; ends",
        "badly well",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_download_comes_damaged() {
    over_each("{when: download, at: 3B, damage: bit}", "c $url/there", "0122456789");
    over_each(
        "{when: download, at: 3B, damage: gap}",
        "c --ignore-content-length $url/there",
        "012456789",
    );
    over_each("{when: download, send: instead}", "c $url/there", "instead");
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_rename_is_refused_done_in_silence_or_lost() {
    over_each(
        "{when: rename, reply: 553 No, status: 3 No}",
        "renames $p $p.new; ends; sizes $p; sizes $p.new",
        "badly 2",
    );
    over_each(
        "{when: rename, at: end, then: close}",
        "renames $p $p.new; ends; sizes $p; sizes $p.new",
        "badly 2",
    );
    over_each(
        "{when: rename, keep: lost}",
        "renames $p $p.new; ends; sizes $p; sizes $p.new",
        "well",
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_login_ends_the_connection() {
    over_each("{when: login, then: close}", "c $url/there; ends", "badly");
    over_each("{when: login, then: reset}", "c $url/there; ends", "badly");
    over_each("{when: login, delay: 1s}", "c $url/there; ends", "0123456789well");
}
