//! The shipped scenarios, each compared with a real server in that state and with what curl is known to show.
//!
//! A test here names the scenario, brings a real server into the same state, and says what the clients do. Nothing is
//! compared with a picture of ourselves.

mod ack_lost;
mod active_425;
mod active_illegal_port;
mod cmd_500_line_too_long;
mod cmd_500_old_server;
mod cmd_501_args;
mod cmd_502_not_implemented;
mod cmd_503_sequence;
mod cmd_504_param;
mod connect_refused;
pub(crate) mod connect_reset;
mod connect_silence;
mod data_150_425;
mod data_150_silence;
mod data_226_early;
mod data_226_missing;
mod data_425;
mod data_426;
mod data_codes_125_250;
mod data_eof_instead_of_226;
mod data_no_preliminary;
mod data_reset;
mod data_slow;
mod data_stall;
mod epsv_blackhole;
mod epsv_unsupported;
mod ftps;
mod greeting_120_delay;
mod greeting_421;
mod greeting_421_not_authorized;
mod greeting_421_too_many;
mod greeting_wrong_protocol;
mod info_replies;
mod list_dates;
mod list_dos;
mod list_empty_dir_error;
mod list_mainframe;
mod list_mlsd_unsupported;
mod list_names;
mod list_partial;
mod login_530;
mod login_530_flaky;
mod login_530_user_limit;
mod login_account_332;
mod login_anonymous;
mod login_challenge_336;
mod login_reply_6xx;
mod login_silence;
mod mkd_exists;
mod mtime_unsupported;
mod names_latin1;
mod names_utf8_only;
mod normal_session;
mod passive_only;
mod pasv_malformed;
mod pasv_ports_exhausted;
mod pasv_private_ip;
mod pasv_unreachable;
mod reply_garbage;
mod reply_multiline_odd;
mod reply_out_of_step;
mod rest_ignored;
mod retr_450_busy;
mod retr_451;
mod retr_550;
mod retr_ascii_mangled;
mod retr_growing;
mod retr_size_mismatch;
mod retr_truncated_226;
mod rmd_not_empty;
mod rnto_exists;
mod session_421_anytime;
mod session_control_dies_in_transfer;
mod session_idle_421;
mod sftp;
mod size_550_ascii;
mod stor_452;
mod stor_532;
mod stor_550;
mod stor_552_quota;
mod stor_553_name;
mod stor_late_error;
mod stor_truncated_226;
mod stor_vanishes;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib, lftp, rclone};
use crate::compare::{Texts, curl_says, has_said, same_and_known};
use crate::run::Shown;
use crate::site::Site;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    Curl,
    Lftp,
    Ftplib,
}

pub(crate) const CLIENTS: [Client; 3] = [Client::Curl, Client::Lftp, Client::Ftplib];

/// What a client is asked to do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Get(&'static str),
    /// A download in active mode, with the address that the client announces.
    GetActively(&'static str, &'static str),
    /// An upload of that many bytes, into the folder where one may write.
    Put(&'static str, usize),
    List,
    /// The listing of another folder than `/`.
    Look(&'static str),
    Enter(&'static str),
    Delete(&'static str),
    Rename(&'static str, &'static str),
    Make(&'static str),
    Remove(&'static str),
}

impl Deed {
    pub(crate) fn by(self, client: Client, site: &Site) -> Shown {
        let desk = match self {
            Deed::Put(_, length) => Desk::with("local", vec![b'x'; length]),
            _ => Desk::new(),
        };
        let mut shown = match client {
            Client::Curl => self.by_curl(&desk, site),
            Client::Lftp => self.by_lftp(&desk, site),
            Client::Ftplib => self.by_ftplib(&desk, site),
        };
        if let (Deed::Get(_) | Deed::GetActively(..), Ok(file)) =
            (self, std::fs::read(desk.path("local")))
        {
            let left = format!("\nleft a file of {} bytes", file.len());
            shown.stdout.push_str(&left);
        }
        shown
    }

    fn by_curl(self, desk: &Desk, site: &Site) -> Shown {
        let with =
            |arguments: &[&str]| curl(desk, site, &[&["--max-time", "7"], arguments].concat());
        match self {
            Deed::Get(path) => with(&["-o", "local", &site.url(path)]),
            Deed::GetActively(path, address) => {
                with(&["--ftp-port", address, "-o", "local", &site.url(path)])
            }
            Deed::Put(name, _) => with(&["-T", "local", &site.url(&site.path(name))]),
            Deed::List => with(&[&site.url("/")]),
            Deed::Look(path) | Deed::Enter(path) => with(&[&site.url(&format!("{path}/"))]),
            Deed::Delete(path) => with(&["-Q", &format!("DELE {path}"), &site.url("/")]),
            Deed::Make(path) => with(&["-Q", &format!("MKD {path}"), &site.url("/")]),
            Deed::Remove(path) => with(&["-Q", &format!("RMD {path}"), &site.url("/")]),
            Deed::Rename(from, to) => {
                let (from, to) = (format!("RNFR {from}"), format!("RNTO {to}"));
                with(&["-Q", &from, "-Q", &to, &site.url("/")])
            }
        }
    }

    fn by_lftp(self, desk: &Desk, site: &Site) -> Shown {
        lftp(
            desk,
            site,
            &match self {
                Deed::Get(path) => format!("get {path} -o local"),
                Deed::GetActively(path, address) => format!(
                    "set ftp:passive-mode no; set ftp:port-ipv4 {address}; get {path} -o local"
                ),
                Deed::Put(name, _) => format!("put local -o \"{}\"", site.path(name)),
                Deed::List => "cls -1".to_owned(),
                Deed::Look(path) => format!("cls -1 {path}"),
                Deed::Enter(path) => format!("cd {path}"),
                Deed::Make(path) => format!("mkdir {path}"),
                Deed::Remove(path) => format!("rmdir {path}"),
                Deed::Delete(path) => format!("rm {path}"),
                Deed::Rename(from, to) => format!("mv {from} {to}"),
            },
        )
    }

    fn by_ftplib(self, desk: &Desk, site: &Site) -> Shown {
        ftplib(
            desk,
            site,
            &match self {
                Deed::Get(path) => json!([["retr", path, "local"]]),
                Deed::GetActively(path, address) => {
                    json!([["active", address], ["retr", path, "local"]])
                }
                Deed::Put(name, _) => json!([["stor", site.path(name), "local"]]),
                Deed::List => json!([["list"]]),
                Deed::Look(path) => json!([["list", path]]),
                Deed::Enter(path) => json!([["cwd", path]]),
                Deed::Make(path) => json!([["mkd", path]]),
                Deed::Remove(path) => json!([["rmd", path]]),
                Deed::Delete(path) => json!([["delete", path]]),
                Deed::Rename(from, to) => json!([["rename", from, to]]),
            },
        )
    }
}

/// Every client must show of the scenario what it shows of the real server, and curl what it is known to show of both.
#[track_caller]
fn every_client_shows_the_same(
    scenario: &str,
    real: &Site,
    texts: Texts,
    deed: Deed,
    curl: (i32, &str),
) {
    at_once(CLIENTS, |client| {
        let known = |shown: &Shown| match client {
            Client::Curl => has_said(shown, curl.0, curl.1),
            _ => Ok(()),
        };
        same_and_known(scenario, real, texts, |site| deed.by(client, site), known);
    });
}

/// For clients that spend their time waiting for a timeout.
pub(crate) fn at_once<T: Send>(things: impl IntoIterator<Item = T>, each: impl Fn(T) + Sync) {
    let each = &each;
    thread::scope(|scope| {
        for thing in things {
            scope.spawn(move || each(thing));
        }
    });
}

/// A session without a client: each command must be answered by a line with this code.
#[track_caller]
fn session(site: &Site, lines: &[(&str, &str)]) -> BufReader<TcpStream> {
    let mut session = BufReader::new(TcpStream::connect(site.address).expect("the server listens"));
    for (command, code) in [("", "220")].iter().chain(lines) {
        session.get_mut().write_all(command.as_bytes()).expect("the server hears");
        let mut line = String::new();
        session.read_line(&mut line).expect("the server answers");
        assert!(line.starts_with(code), "{command:?} should be answered by {code}, not by {line}");
    }
    session
}

/// The same of a download, whose file need not be there.
#[track_caller]
fn every_client_downloads_the_same(scenario: &str, real: &Site, texts: Texts, curl: (i32, &str)) {
    every_client_shows_the_same(scenario, real, texts, Deed::Get("/hello.txt"), curl);
}

/// For clients that wait: one after the other would take three times as long.
fn side_by_side(test: impl Fn(Client) + Sync) {
    at_once(CLIENTS, test);
}

#[track_caller]
fn shown_by(client: Client, deed: Deed, site: &Site, (exit, message): (i32, &str)) -> Shown {
    let shown = deed.by(client, site);
    if client == Client::Curl {
        curl_says(&shown, exit, message);
    }
    shown
}

/// These clients fail, in words that depend on which of two sockets they happen to read first.
#[track_caller]
fn some_clients_fail(scenario: &str, real: &Site, deed: Deed, clients: &[Client]) {
    let badftp = Badftp::serve(scenario);
    for client in clients {
        for site in [real, &badftp.site().over(real.tls)] {
            deed.by(*client, site).failed();
        }
    }
}

/// What the server has under that name, as curl gets it.
#[track_caller]
fn stored(site: &Site, path: &str) -> Option<Vec<u8>> {
    let desk = Desk::new();
    let shown = curl(&desk, site, &["-o", "local", &site.url(path)]);
    if shown.exit == 78 {
        return None;
    }
    shown.ok();
    Some(std::fs::read(desk.path("local")).unwrap_or_default())
}

/// rclone's messages begin with the time of day.
#[track_caller]
fn rclone_says(site: &Site, arguments: &[&str], message: &str) {
    let shown = rclone(&Desk::with("local", [b'x'; 1000]), site, arguments).failed();
    assert!(shown.stderr.contains(message), "rclone should say {message:?}\n{shown}");
}
