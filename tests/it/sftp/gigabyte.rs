//! A file of 1 GiB, up and down, by clients that ask for much at once: a server that waits until it is listened to never
//! ends this.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use serde_json::json;

use super::clients::{paramiko, sftp};
use super::{badftp, desk};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::healthy::noise::{Noise, assert_same_stream};
use crate::run::run;

const MIB: u64 = 1 << 20;
/// A build without optimizations takes its time for CTR and HMAC: it has only 64 MiB to do.
const SIZE: u64 = if cfg!(debug_assertions) { 64 * MIB } else { 1024 * MIB };

/// Differs in each MiB, yet takes a few blocks of disk only.
fn write_a_sparse_file(desk: &Desk) -> File {
    let mut file = File::create_new(desk.path("up")).expect("a temporary file can be made");
    file.set_len(SIZE).expect("a file can be sparse");
    for mark in 0..SIZE / MIB {
        file.seek(SeekFrom::Start(mark * MIB + mark)).expect("a file can be sought in");
        file.write_all(&Noise::bytes(mark, 16)).expect("a temporary file can be written");
    }
    File::open(desk.path("up")).expect("it is there")
}

/// 1,024 requests outstanding, each of 32 KiB.
#[test]
#[ignore = "needs sftp: tests/run"]
fn openssh_with_a_thousand_requests_outstanding() {
    let (server, desk) = (Badftp::sftp(&[]), desk());
    let up = write_a_sparse_file(&desk);
    let options = ["-R", "1024", "-B", "32768"];
    sftp(&desk, &badftp(&server), &options, "put up\nget up down\n").ok();
    assert_same_stream(File::open(desk.path("down")).expect("it came back"), up, SIZE);
}

/// It asks for all 32,768 pieces at once.
#[test]
#[ignore = "needs paramiko: tests/run"]
fn paramiko_with_all_requests_outstanding() {
    let (server, desk) = (Badftp::sftp(&[]), desk());
    write_a_sparse_file(&desk);
    let place = badftp(&server);
    paramiko(&desk, &place, &json!([["put", "up", "/up"]])).ok();
    let shown = paramiko(&desk, &place, &json!([["digest", "/up"]]));
    let digest = run(desk.command("sha256sum").arg("up")).ok();
    let digest = digest.split(' ').next().expect("the digest is the first word");
    assert_eq!(shown.ok(), format!("\"{digest}\"\n"));
}
