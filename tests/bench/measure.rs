//! What is measured, a function each.

#![allow(clippy::unnecessary_wraps, reason = "functions in a table share one signature")]

use std::fs;
use std::io::{BufRead, BufReader, Write, copy};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::clients::{self, Desk};
use crate::lean::Lean;
use crate::memory::held_by;
use crate::noise::Noise;
use crate::run::{end, spawn};
use crate::server::{Kind, write_noise};
use crate::site::{Family, Site};

pub(crate) const GIB: u64 = 1 << 30;
const SMALL_FILES: u32 = 500;
const IDLE_SESSIONS: u32 = 1_000;

/// A row of the table: its name, its unit, and how one number is had; `None` where a server has no such thing.
pub(crate) type Measurement = (&'static str, &'static str, fn(Kind) -> Option<f64>);

pub(crate) const ALL: [Measurement; 8] = [
    ("1 GiB down", "MiB/s", down),
    ("1 GiB up, the first", "MiB/s", up_first),
    ("1 GiB up, the third", "MiB/s", up_again),
    ("1 GiB down, TLS 1.3", "MiB/s", down_over_tls),
    ("1 GiB up, TLS 1.3, third", "MiB/s", up_over_tls),
    ("500 files of 1 KiB", "files/s", small),
    ("start until ready", "ms", start),
    ("an idle session", "KiB", idle),
];

fn down(kind: Kind) -> Option<f64> {
    let server = kind.start(1, GIB);
    let site = server.site();
    let seconds = curl(&Desk::new(), &site, &["-o", "/dev/null", &site.url("/1.bin")]);
    Some(1024.0 / seconds)
}

/// The first upload also measures how the machine finds a GiB of memory.
fn up_first(kind: Kind) -> Option<f64> {
    up(kind, 0)
}

fn up_again(kind: Kind) -> Option<f64> {
    up(kind, 2)
}

fn up(kind: Kind, uploads_before: usize) -> Option<f64> {
    let server = kind.start(0, 0);
    let (site, desk) = (server.site(), Desk::new());
    write_noise(&desk.path("local"), GIB);
    let upload = || curl(&desk, &site, &["-T", "local", &site.url(&site.path("up.bin"))]);
    for _ in 0..uploads_before {
        upload();
    }
    Some(1024.0 / upload())
}

fn down_over_tls(kind: Kind) -> Option<f64> {
    let server = kind.start_with_tls(1, GIB);
    let mut client = Lean::login(&server.site());
    let seconds = seconds(|| assert_eq!(client.download("/1.bin"), GIB));
    Some(1024.0 / seconds)
}

/// The third one, as in clear: the first one's memory is free again.
fn up_over_tls(kind: Kind) -> Option<f64> {
    let server = kind.start_with_tls(0, 0);
    let mut content = Vec::new();
    copy(&mut Noise::of(GIB, GIB), &mut content).expect("memory can be written");
    let path = server.site().path("up.bin");
    let mut client = Lean::login(&server.site());
    for _ in 0..2 {
        client.upload(&path, &content);
    }
    Some(1024.0 / seconds(|| client.upload(&path, &content)))
}

pub(crate) fn seconds(task: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    task();
    begun.elapsed().as_secs_f64()
}

fn small(kind: Kind) -> Option<f64> {
    let server = kind.start(SMALL_FILES.into(), 1024);
    let site = server.site();
    let urls = format!("{}[1-{SMALL_FILES}].bin", site.url("/"));
    let seconds = curl(&Desk::new(), &site, &["-o", "/dev/null", &urls]);
    Some(f64::from(SMALL_FILES) / seconds)
}

fn start(kind: Kind) -> Option<f64> {
    if kind == Kind::Vsftpd {
        return None;
    }
    let desk = Desk::new();
    let mut command = desk.command(env!("CARGO_BIN_EXE_badftp"));
    command.args(["serve", "--quiet", "--control", "off", "--ready-file", "ready"]);
    command.args(["--ftp", Family::V4.any_port()]);
    let begun = Instant::now();
    let mut child = spawn(&mut command);
    while !fs::exists(desk.path("ready")).expect("a temporary folder can be looked into") {
        sleep(Duration::from_micros(50));
    }
    let taken = begun.elapsed();
    end(&mut child);
    Some(taken.as_secs_f64() * 1000.0)
}

fn idle(kind: Kind) -> Option<f64> {
    let server = kind.start(0, 0);
    // The first one costs what is needed once only.
    let first = logged_in(&server.site());
    let before = held_by(server.process());
    let sessions: Vec<_> = (0..IDLE_SESSIONS).map(|_| logged_in(&server.site())).collect();
    let held = held_by(server.process()).saturating_sub(before);
    drop((first, sessions));
    Some(f64::from(u32::try_from(held).ok()?) / f64::from(IDLE_SESSIONS))
}

/// The seconds that curl takes.
fn curl(desk: &Desk, site: &Site, arguments: &[&str]) -> f64 {
    let mut command = clients::curl::command(desk, site);
    command.args(arguments).stdin(Stdio::null());
    let begun = Instant::now();
    let status = spawn(&mut command).wait().expect("our own child can be waited for");
    let taken = begun.elapsed();
    assert!(status.success(), "curl ended with {status}");
    taken.as_secs_f64()
}

fn logged_in(site: &Site) -> TcpStream {
    let mut stream = TcpStream::connect(site.address).expect("the server accepts");
    for (expected, line) in [("220", "USER anonymous\r\n"), ("331", "PASS frog\r\n"), ("230", "")] {
        let mut reply = String::new();
        BufReader::new(&stream).read_line(&mut reply).expect("the server answers");
        assert!(reply.starts_with(expected), "expected {expected}, got {reply:?}");
        stream.write_all(line.as_bytes()).expect("the server reads");
    }
    stream
}
