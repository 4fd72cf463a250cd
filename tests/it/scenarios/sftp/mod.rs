//! The shipped scenarios of SFTP: what OpenSSH's `sftp` and curl are known to show of each (faults.json), and what every
//! client shows of OpenSSH's own server where that can be brought into the same state.

mod auth_banner;
mod auth_fail;
mod auth_hang;
mod auth_method;
mod auth_password_expired;
mod auth_rsa_sha2;
mod auth_too_many;
mod bad_message_5;
mod below;
mod blind_drop;
mod channel_eof_at_start;
mod channel_refused;
mod close_error;
mod connect_refused;
mod connect_reset;
mod connect_silence;
mod connection_codes_6_7;
mod disconnect_too_many;
mod disk_full;
mod exit_status_minus_1;
mod extended_codes;
mod failure_4_cross_device;
mod failure_4_mkdir_exists;
mod failure_4_quota;
mod failure_4_rename_exists;
mod fragments;
mod hostkey_changed;
mod idle_disconnect;
mod kex_no_match;
mod kex_silence;
mod listing_odd;
mod listing_partial;
mod lost_handle;
mod max_handles;
mod no_extensions;
mod normal_session;
mod not_found_2;
mod permission_3;
mod pipelining_limits;
mod read_eof_early;
mod read_error_mid;
mod read_only;
mod realpath_fails;
mod rekey;
mod rename_ack_lost;
mod reset_mid_transfer;
mod shell_noise;
mod short_reads;
mod size_mismatch;
mod slow;
mod spoilt;
mod stall;
mod status_code;
mod subsystem_refused;
mod unsupported_8;
mod vanishes_after_upload;
mod version;
mod write_swallowed;
mod wrong_protocol;

use std::fs;

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::compare::curl_says;
use crate::run::Shown;
use crate::sftp::clients::{curl, paramiko, sftp, url};
use crate::sftp::sshd::Sshd;
use crate::sftp::{Place, badftp, desk};

/// What a client is asked to do.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// A download of `/a.bin`.
    Get,
    /// An upload to `/up`.
    Put,
    /// The same with its times and permissions.
    PutWithTimes,
    /// An upload onto `/a.bin`.
    Replace,
    List,
    /// The listing for people.
    ListLong,
    Make,
    Remove,
    /// `/a.bin` becomes `/b.bin`.
    Rename,
    /// `/a.bin` goes to `/archive`.
    Archive,
    /// How much room there is; paramiko asks for another extension.
    Room,
}

impl Deed {
    fn by_sftp(self, place: &Place) -> Shown {
        let at = |name: &str| place.path(name);
        let commands = match self {
            Deed::Get => format!("get {} down", at("a.bin")),
            Deed::Put => format!("put up {}", at("up")),
            Deed::PutWithTimes => format!("put -p up {}", at("up")),
            Deed::Replace => format!("put up {}", at("a.bin")),
            Deed::List => format!("ls -1 {}", at("")),
            Deed::ListLong => format!("ls -l {}", at("")),
            Deed::Make => format!("mkdir {}", at("x")),
            Deed::Remove => format!("rmdir {}", at("x")),
            Deed::Rename => format!("rename {} {}", at("a.bin"), at("b.bin")),
            Deed::Archive => format!("rename {} {}", at("a.bin"), at("archive/a")),
            Deed::Room => format!("df {}", at("")),
        };
        let desk = table();
        let shown = sftp(&desk, place, &[], &commands);
        self.with_what_is_left(&desk, shown)
    }

    fn by_curl(self, place: &Place) -> Shown {
        let (at, desk) = (|name: &str| place.path(name), table());
        let folder = url(place, &at(""));
        let quote = |command: &str| {
            let arguments = ["-m", "5", "-o", "listing", "-Q", command, &folder];
            curl(&desk, place, &arguments)
        };
        let with = |arguments: &[&str]| curl(&desk, place, &[&["-m", "5"], arguments].concat());
        let shown = match self {
            Deed::Get => with(&["-o", "down", &url(place, &at("a.bin"))]),
            Deed::Put | Deed::PutWithTimes => with(&["-T", "up", &url(place, &at("up"))]),
            Deed::Replace => with(&["-T", "up", &url(place, &at("a.bin"))]),
            Deed::List | Deed::ListLong => with(&[&folder]),
            Deed::Make => quote(&format!("mkdir {}", at("x"))),
            Deed::Remove => quote(&format!("rmdir {}", at("x"))),
            Deed::Rename => quote(&format!("rename {} {}", at("a.bin"), at("b.bin"))),
            Deed::Archive => quote(&format!("rename {} {}", at("a.bin"), at("archive/a"))),
            Deed::Room => quote(&format!("statvfs {}", at(""))),
        };
        self.with_what_is_left(&desk, shown)
    }

    fn by_paramiko(self, place: &Place) -> Shown {
        let desk = table();
        let shown = self.said_by_paramiko(&desk, place);
        self.with_what_is_left(&desk, shown)
    }

    /// What paramiko says alone: how much of a broken download it leaves depends on which of its threads is first.
    fn by_paramiko_in_words(self, place: &Place) -> Shown {
        self.said_by_paramiko(&table(), place)
    }

    fn said_by_paramiko(self, desk: &Desk, place: &Place) -> Shown {
        let at = |name: &str| place.path(name);
        let steps = match self {
            Deed::Get => json!([["get", at("a.bin"), "down"]]),
            Deed::Put => json!([["put", "up", at("up")]]),
            Deed::PutWithTimes => json!([["put", "up", at("up")], ["chmod", at("up"), 0o600]]),
            Deed::Replace => json!([["put", "up", at("a.bin")]]),
            Deed::List | Deed::ListLong => json!([["listdir", at("")]]),
            Deed::Make => json!([["mkdir", at("x")]]),
            Deed::Remove => json!([["rmdir", at("x")]]),
            Deed::Rename => json!([["rename", at("a.bin"), at("b.bin")]]),
            Deed::Archive => json!([["rename", at("a.bin"), at("archive/a")]]),
            Deed::Room => json!([["posix_rename", at("a.bin"), at("b.bin")]]),
        };
        paramiko(desk, place, &steps)
    }

    /// Says how much a download has left; a failing one by curl leaves what its buffer had.
    fn with_what_is_left(self, desk: &Desk, mut shown: Shown) -> Shown {
        if let (Deed::Get, Ok(down)) = (self, fs::metadata(desk.path("down"))) {
            let left = format!("[{} bytes]", down.len());
            shown.stdout.push_str(&left);
        }
        shown
    }
}

/// A desk with a file to upload.
fn table() -> Desk {
    let desk = desk();
    desk.write("up", vec![b'x'; 100_000]);
    desk
}

/// Of a scenario every client shows this: `sftp` and curl by exit and message, paramiko by its results.
#[track_caller]
fn shows(scenario: &str, deed: Deed, openssh: (i32, &str), curl: (i32, &str), paramiko: &str) {
    sftp_shows(scenario, deed, openssh);
    curl_shows(scenario, deed, curl);
    paramiko_shows(scenario, deed, paramiko);
}

#[track_caller]
fn sftp_shows(scenario: &str, deed: Deed, (exit, message): (i32, &str)) {
    let shown = deed.by_sftp(&badftp(&Badftp::sftp(&[scenario])));
    assert_eq!((shown.exit, &*messages(&shown)), (exit, message), "{scenario}: {shown}");
}

#[track_caller]
fn curl_shows(scenario: &str, deed: Deed, (exit, message): (i32, &str)) {
    let shown = deed.by_curl(&badftp(&Badftp::sftp(&[scenario])));
    if exit == 0 {
        assert_eq!((shown.exit, &*left_of(&shown)), (exit, message), "{scenario}: {shown}");
    } else {
        curl_says(&shown, exit, message);
    }
}

/// curl waits until its own time is over.
#[track_caller]
fn curl_gives_up(scenario: &str, deed: Deed) {
    let shown = deed.by_curl(&badftp(&Badftp::sftp(&[scenario])));
    assert_eq!(shown.exit, 28, "{scenario}: {shown}");
}

#[track_caller]
fn paramiko_shows(scenario: &str, deed: Deed, message: &str) {
    paramiko_shows_one_of(scenario, deed, &[message]);
}

/// What it shows depends on what it happens to be at.
#[track_caller]
fn paramiko_shows_one_of(scenario: &str, deed: Deed, messages: &[&str]) {
    let shown = deed.by_paramiko(&badftp(&Badftp::sftp(&[scenario])));
    let message = shown.stdout.trim().replace('\n', " | ");
    assert!(messages.contains(&&*message), "{scenario}: {message:?}, not {messages:?}\n{shown}");
}

/// Every client shows of the scenario what it shows of OpenSSH's server with these options and files.
#[track_caller]
fn shows_what_openssh_shows(scenario: &str, options: &str, deed: Deed, files: &[&str]) {
    for by in [Deed::by_sftp, Deed::by_curl, Deed::by_paramiko] {
        let real = Sshd::with(options);
        let place = real.place();
        for file in files {
            let path = place.path(file);
            let made = if file.ends_with('/') {
                fs::create_dir(&path)
            } else {
                fs::write(&path, vec![b'a'; 100_000])
            };
            made.expect("the folder of a real server can be written");
        }
        let expected = by(deed, &place);
        let got = by(deed, &badftp(&Badftp::sftp(&[scenario])));
        let said = |shown: &Shown| {
            let said = |text: &str| text.replace(&place.folder, "");
            let stdout = shown.stdout.lines().filter(|line| !line.starts_with("sftp> "));
            let stdout = stdout.map(said).collect::<Vec<_>>();
            (shown.exit, stdout, said(&shown.stderr))
        };
        assert_eq!(said(&got), said(&expected), "{scenario}\n{got}\n{expected}");
    }
}

/// Every client shows of the scenario what it shows of OpenSSH's own server with this one thing wrong.
#[track_caller]
fn shows_what_a_spoilt_openssh_shows(scenario: &str, deed: Deed, spoil: &str, clients: &[By]) {
    for by in clients {
        let program = Desk::new();
        let real = Sshd::spoilt(&program, spoil);
        let place = real.place();
        fs::write(place.path("a.bin"), vec![b'a'; 100_000])
            .expect("the folder of a real server can be written");
        let expected = by(deed, &place);
        let got = by(deed, &badftp(&Badftp::sftp(&[scenario])));
        let said = |shown: &Shown| {
            // The id of a request is the client's, and curl says how long it has waited.
            let said = [messages(shown), shown.stdout.clone()].concat().replace(&place.folder, "");
            let lines = said.lines().filter(|line| !line.starts_with("sftp> "));
            (shown.exit, lines.map(without_numbers).collect::<Vec<_>>())
        };
        assert_eq!(said(&got), said(&expected), "{scenario}\n{got}\n{expected}");
    }
}

type By = fn(Deed, &Place) -> Shown;

/// `after 3001 milliseconds` differs from run to run.
fn without_numbers(line: &str) -> String {
    let mut words = line.split(' ').collect::<Vec<_>>();
    if let Some(at) = words.iter().position(|word| word.starts_with("milliseconds")) {
        words[at - 1] = "N";
    }
    words.join(" ")
}

/// What `sftp` says; how it notices that a connection is gone depends on whether it happens to read or to write.
fn messages(shown: &Shown) -> String {
    let racy = ["Broken pipe", "reset by peer", "closed by remote host"];
    let lines = shown.stderr.lines().map(str::trim);
    let said = lines.filter(|line| !racy.iter().any(|race| line.contains(race)));
    let said: Vec<&str> = said.collect();
    [said.join(" | "), left_of(shown)].concat()
}

/// `[32768 bytes]`, or the names that were listed.
fn left_of(shown: &Shown) -> String {
    let lines = shown.stdout.lines().filter(|line| !line.starts_with("sftp> "));
    lines.collect::<Vec<_>>().join(" | ")
}
