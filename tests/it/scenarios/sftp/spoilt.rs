//! Each client shows of badftp what it shows of OpenSSH's own server, between which and the client one literal packet is
//! changed, dropped or doubled.

use super::{By, Deed, shows_what_a_spoilt_openssh_shows};

const ALL: &[By] = &[Deed::by_sftp, Deed::by_curl, Deed::by_paramiko];
/// The others wait for ever, or until their own time is over.
const PARAMIKO: &[By] = &[Deed::by_paramiko];
/// paramiko asks for all at once, and keeps what came before the end or not, by which of its threads is first.
const SFTP: &[By] = &[Deed::by_sftp];
const SFTP_AND_PARAMIKO_IN_WORDS: &[By] = &[Deed::by_sftp, Deed::by_paramiko_in_words];
const SFTP_AND_PARAMIKO: &[By] = &[Deed::by_sftp, Deed::by_paramiko];

macro_rules! spoilt {
    ($($name:ident: $deed:ident $clients:ident { $($scenario:literal: $spoil:literal)* })*) => {
        $(#[test]
        #[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
        fn $name() {
            $(shows_what_a_spoilt_openssh_shows($scenario, Deed::$deed, $spoil, $clients);)*
        })*
    };
}

spoilt! {
    statuses_of_any_number: Get ALL {
        "sftp/status-code": r#"{"on": ["OPEN"], "status": [4, "Failure"]}"#
        "sftp/status-code/no-text": r#"{"on": ["OPEN"], "status": [4, ""]}"#
        "sftp/status-code/minus-1": r#"{"on": ["OPEN"], "status": [4294967295, "Unknown error"]}"#
        "sftp/bad-message-5": r#"{"on": ["OPEN"], "status": [5, "Bad message"]}"#
        "sftp/max-handles/none": r#"{"on": ["OPEN"], "status": [4, "Too many open files in this session, maximum 100"]}"#
    }
    codes_9_to_16: Get PARAMIKO {
        "sftp/extended-codes/code-10": r#"{"on": ["OPEN"], "status": [10, "No such path"]}"#
        "sftp/extended-codes/code-11": r#"{"on": ["OPEN"], "status": [11, "File already exists"]}"#
        "sftp/extended-codes/code-12": r#"{"on": ["OPEN"], "status": [12, "Write-protected filesystem"]}"#
        "sftp/extended-codes/code-13": r#"{"on": ["OPEN"], "status": [13, "No media"]}"#
        "sftp/extended-codes/code-14": r#"{"on": ["OPEN"], "status": [14, "No space on filesystem"]}"#
        "sftp/extended-codes/code-15": r#"{"on": ["OPEN"], "status": [15, "Quota exceeded"]}"#
        "sftp/extended-codes/code-16": r#"{"on": ["OPEN"], "status": [16, "Unknown principal"]}"#
    }
    codes_17_to_24: Get PARAMIKO {
        "sftp/extended-codes/code-17": r#"{"on": ["OPEN"], "status": [17, "Lock conflict"]}"#
        "sftp/extended-codes/code-19": r#"{"on": ["OPEN"], "status": [19, "Not a directory"]}"#
        "sftp/extended-codes/code-20": r#"{"on": ["OPEN"], "status": [20, "Invalid filename"]}"#
        "sftp/extended-codes/code-21": r#"{"on": ["OPEN"], "status": [21, "Link loop"]}"#
        "sftp/extended-codes/code-22": r#"{"on": ["OPEN"], "status": [22, "Cannot delete"]}"#
        "sftp/extended-codes/code-23": r#"{"on": ["OPEN"], "status": [23, "Invalid parameter"]}"#
        "sftp/extended-codes/code-24": r#"{"on": ["OPEN"], "status": [24, "File is a directory"]}"#
    }
    codes_25_to_31: Get PARAMIKO {
        "sftp/extended-codes/code-25": r#"{"on": ["OPEN"], "status": [25, "Byte range lock conflict"]}"#
        "sftp/extended-codes/code-26": r#"{"on": ["OPEN"], "status": [26, "Byte range lock refused"]}"#
        "sftp/extended-codes/code-27": r#"{"on": ["OPEN"], "status": [27, "Delete pending"]}"#
        "sftp/extended-codes/code-28": r#"{"on": ["OPEN"], "status": [28, "File corrupt"]}"#
        "sftp/extended-codes/code-29": r#"{"on": ["OPEN"], "status": [29, "Owner invalid"]}"#
        "sftp/extended-codes/code-30": r#"{"on": ["OPEN"], "status": [30, "Group invalid"]}"#
        "sftp/extended-codes/code-31": r#"{"on": ["OPEN"], "status": [31, "No matching byte range lock"]}"#
    }
    a_download_that_ends_early: Get SFTP {
        "sftp/read-eof-early": r#"{"on": ["READ"], "at": 32768, "status": [1, "EOF"]}"#
    }
    downloads_that_break: Get SFTP_AND_PARAMIKO_IN_WORDS {
        "sftp/read-error-mid": r#"{"on": ["READ"], "at": 32768, "status": [4, "Failure"]}"#
        "sftp/read-error-mid/code-3": r#"{"on": ["READ"], "at": 32768, "status": [3, "Permission denied"]}"#
        "sftp/lost-handle": r#"{"on": ["READ"], "at": 32768, "status": [4, "Invalid handle"]}"#
        "sftp/lost-handle/code-9": r#"{"on": ["READ"], "at": 32768, "status": [9, "Invalid handle"]}"#
        "sftp/lost-handle/code-8": r#"{"on": ["READ"], "at": 32768, "status": [8, "No such handle"]}"#
    }
    uploads_that_break: Put ALL {
        "sftp/disk-full": r#"{"on": ["WRITE"], "at": 32768, "status": [4, "Failure"]}"#
        "sftp/disk-full/code-14": r#"{"on": ["WRITE"], "at": 32768, "status": [14, "No space on filesystem"]}"#
        "sftp/failure-4-quota/code-15": r#"{"on": ["WRITE"], "at": 32768, "status": [15, "Quota exceeded"]}"#
        "sftp/disk-full/open": r#"{"on": ["OPEN"], "status": [14, "No space on filesystem"]}"#
        "sftp/read-only/code-12": r#"{"on": ["OPEN"], "status": [12, "Write-protected filesystem"]}"#
    }
    times_that_cannot_be_set: PutWithTimes ALL {
        "sftp/unsupported-8": r#"{"on": ["SETSTAT", "FSETSTAT"], "status": [8, "Operation unsupported"]}"#
    }
    realpath: Get ALL {
        "sftp/realpath-fails": r#"{"on": ["REALPATH"], "status": [4, "Failure"]}"#
        "sftp/realpath-fails/two-names": r#"{"on": ["REALPATH"], "count": 2}"#
    }
    answers_that_are_not_right: Get PARAMIKO {
        "sftp/bad-message-5/success": r#"{"on": ["OPEN"], "status": [0, "OK"]}"#
        "sftp/bad-message-5/wrong-type": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "kind": 103}"#
        "sftp/bad-message-5/truncated": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "short": true}"#
        "sftp/bad-message-5/too-long": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "length": 2147483647}"#
        "sftp/bad-message-5/twice": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "twice": true}"#
        "sftp/short-reads/empty": r#"{"on": ["READ"], "answer": "6700000000"}"#
    }
    answers_that_sftp_does_not_take: Get SFTP_AND_PARAMIKO {
        "sftp/bad-message-5/success": r#"{"on": ["OPEN"], "status": [0, "OK"]}"#
        "sftp/bad-message-5/wrong-type": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "kind": 103}"#
        "sftp/bad-message-5/too-long": r#"{"on": ["STAT", "LSTAT", "FSTAT"], "length": 2147483647}"#
    }
}
