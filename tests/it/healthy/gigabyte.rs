//! A file of 1 GiB, down and up. Nothing is kept on the client's side: what it reads is compared as it comes.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write, copy};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use super::noise::{Noise, assert_same_stream};
use crate::badftp::Badftp;
use crate::clients::{self, Desk};
use crate::peers::Vsftpd;
use crate::run::{LIMIT, end, spawn, wait};
use crate::site::{Family, Site};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;

mod vsftpd {
    use super::{
        Family, Vsftpd, an_upload_comes_back, two_clients_download_the_same,
        write_a_sparse_gigabyte,
    };

    #[test]
    #[ignore = "needs curl, python3 and vsftpd: tests/run"]
    fn sends_a_gigabyte_and_takes_one() {
        let server = Vsftpd::on(Family::V4, &[], |home| {
            write_a_sparse_gigabyte(&home.root().join("big.bin"));
        });
        two_clients_download_the_same(&server.site());
        an_upload_comes_back(&server.site());
    }
}

mod badftp {
    use super::{Badftp, an_upload_comes_back, two_clients_download_the_same};

    #[test]
    #[ignore = "needs curl and python3: tests/run"]
    fn sends_a_gigabyte_and_takes_one() {
        let server = Badftp::with_yaml("files: {/big.bin: {size: 1GiB}}\n");
        two_clients_download_the_same(&server.site());
        an_upload_comes_back(&server.site());
    }
}

/// The content is the server's own, so that two clients must agree on it, in step.
fn two_clients_download_the_same(site: &Site) {
    let desk = Desk::new();
    let mut curl = clients::curl::command(&desk, site);
    let mut curl = Reader::start(curl.arg(site.url("/big.bin")));
    let mut ftplib = clients::ftplib::command(&desk, site);
    let mut ftplib = Reader::start(ftplib.arg(r#"[["voidcmd", "TYPE I"], ["cat", "/big.bin"]]"#));
    let header = read_line(&mut ftplib.stdout);
    assert!(header.starts_with(br#""200 "#), "TYPE I was answered with {}", header.escape_ascii());
    // Behind the content the script prints the final reply, which curl's output lacks.
    assert_same_stream(&mut curl.stdout, std::io::Read::take(&mut ftplib.stdout, GIB), GIB);
    curl.ends_well();
    ftplib.ends_well();
}

fn an_upload_comes_back(site: &Site) {
    let desk = Desk::new();
    let url = site.url(&site.path("up.bin"));
    let mut upload = clients::curl::command(&desk, site);
    let mut upload = spawn(upload.args(["-T", "-", &url]).stdin(Stdio::piped()));
    let mut stdin = upload.stdin.take().expect("stdin was piped");
    let writer = thread::spawn(move || copy(&mut Noise::of(1, GIB), &mut stdin));
    expect_success(&mut upload);
    assert_eq!(
        writer.join().expect("the writer panicked").ok(),
        Some(GIB),
        "curl did not take all of it"
    );

    let mut download = clients::curl::command(&desk, site);
    let mut download = Reader::start(download.arg(url));
    assert_same_stream(&mut download.stdout, Noise::of(1, GIB), GIB);
    download.ends_well();
}

/// Differs in each MiB, yet takes a few blocks of disk only.
fn write_a_sparse_gigabyte(path: &std::path::Path) {
    let mut file = File::create(path).expect("a temporary file can be made");
    file.set_len(GIB).expect("a file can be sparse");
    for mark in 0..GIB / MIB {
        file.seek(SeekFrom::Start(mark * MIB + mark)).expect("a file can be sought in");
        file.write_all(&Noise::bytes(mark, 16)).expect("a temporary file can be written");
    }
}

/// A client whose output is read as it comes.
struct Reader {
    child: Child,
    stdout: ChildStdout,
}

impl Reader {
    fn start(command: &mut Command) -> Self {
        let mut child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()));
        let stdout = child.stdout.take().expect("stdout was piped");
        Self { child, stdout }
    }

    #[track_caller]
    fn ends_well(mut self) {
        copy(&mut self.stdout, &mut std::io::sink()).expect("a pipe can be read");
        expect_success(&mut self.child);
    }
}

#[track_caller]
fn expect_success(child: &mut Child) {
    let status = wait(child, LIMIT);
    end(child);
    assert!(status.is_some_and(|status| status.success()), "the client ended with {status:?}");
}

fn read_line(stream: &mut ChildStdout) -> Vec<u8> {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        std::io::Read::read_exact(stream, &mut byte).expect("a line should come first");
        line.push(byte[0]);
    }
    line
}
