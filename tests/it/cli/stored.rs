//! `expect: [{stored: …}]`: what a client has left, be it a file, a link or a folder.

use super::badftp;
use crate::clients::Desk;
use crate::run::Shown;

/// What `run` says of this expectation, after OpenSSH's sftp has been given these lines.
fn after(lines: &str, expectation: &str) -> Shown {
    let desk = Desk::with("s.yaml", format!("expect: [{expectation}]"));
    let sftp = "sftp -F none -b - -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none \
                -o UserKnownHostsFile=\"$BADFTP_KNOWN_HOSTS\" -o IdentitiesOnly=yes -i \"$BADFTP_IDENTITY\" \
                -P \"$BADFTP_SFTP_PORT\" anybody@\"$BADFTP_HOST\"";
    let script = format!("printf '{lines}' | {sftp}");
    badftp(&desk, &["run", "s.yaml", "--", "sh", "-c", &script])
}

const LINK: &str = "ln -s hello.txt /link\\n";
const FOLDER: &str = "mkdir /newdir\\n";

#[test]
#[ignore = "needs sftp: tests/run"]
fn links_and_folders_are_stored_things_too() {
    for (lines, expectation, exit) in [
        (LINK, "{stored: /link}", 0),
        (LINK, "{stored: '/link*', times: 0}", 120),
        (LINK, "{stored: /link, size: 1B+}", 120),
        (LINK, "{stored: /link/}", 120),
        ("", "{stored: '/link*', times: 0}", 0),
        (FOLDER, "{stored: /newdir/}", 0),
        (FOLDER, "{stored: /*/, times: 1}", 0),
        (FOLDER, "{stored: /newdir/, times: 0}", 120),
        (FOLDER, "{stored: /newdir}", 120),
        ("mkdir /newdir\\nrmdir /newdir\\n", "{stored: /newdir/, times: 0}", 0),
    ] {
        let shown = after(lines, expectation);
        assert_eq!(shown.exit, exit, "{expectation} after {lines:?}: {shown}");
    }
}

/// By a shell alone.
#[test]
fn a_folder_that_ftp_makes_is_stored() {
    let script = r#"exec 3<>"/dev/tcp/$BADFTP_HOST/$BADFTP_FTP_PORT"; printf 'USER a\r\nPASS b\r\nMKD /new\r\nQUIT\r\n' >&3; cat <&3 >&2"#;
    for (expectation, exit) in [("{stored: /new/}", 0), ("{stored: /newer/}", 120)] {
        let desk = Desk::with("s.yaml", format!("expect: [{expectation}]"));
        let shown = badftp(&desk, &["run", "s.yaml", "--", "bash", "-c", script]);
        assert_eq!(shown.exit, exit, "{expectation}: {shown}");
    }
}
