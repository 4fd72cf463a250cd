//! What badftp costs beside vsftpd, and beside OpenSSH's server: `cargo bench --bench transfers`, which takes four minutes
//! and 4 GiB of memory.
//!
//! | row | what is measured | better |
//! |---|---|---|
//! | 1 GiB down | curl fetches a file that is not kept; ours is made up as it is sent, vsftpd's lies in memory | more |
//! | 1 GiB up | curl sends a file out of memory; both servers keep it there | more |
//! | 1 GiB down, up, TLS 1.3 | the same, encrypted, by a client that takes less time than curl | more |
//! | 1 GiB SFTP | OpenSSH's `sftp` gets it into `/dev/null`, or puts it a second time, by this cipher | more |
//! | 500 files of 1 KiB | curl fetches them in one session, with a data connection each | more |
//! | start until ready | from the start of the process to its ready file; vsftpd has none | less |
//! | an idle session | memory (its proportional set size) for each of 1,000 that have logged in | less |
//!
//! Ours writes its live log and its journal, as it does in front of tests. In each round a row is measured with one
//! server and then with the other, each time with a fresh one, and the one that begins changes, so that whatever else
//! the machine does strikes both. The table has the medians of all rounds. Read the ratio, not the numbers: curl shares
//! the processors with the server, and is often what takes the time.
//!
//! `cargo bench --bench transfers -- TLS` measures only the rows with that word, and `-- image` only what comes before the
//! table: the size of the container image, and how long it takes to greet beside the binary by itself. `docker/images`
//! builds it as it is released; what `tests/run` leaves is larger.
//!
//! vsftpd and OpenSSH's server are those that `tests/run` unpacks, and need root. Where they are missing, ours is measured alone.

#![allow(
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "the tests' servers and clients can do more than is measured"
)]

#[path = "../it/badftp.rs"]
mod badftp;
#[path = "../it/clients/mod.rs"]
mod clients;
mod image;
mod lean;
mod measure;
mod memory;
#[path = "../it/healthy/noise.rs"]
mod noise;
#[path = "../it/peers/mod.rs"]
mod peers;
#[path = "../it/container/podman.rs"]
mod podman;
#[path = "../it/ports.rs"]
mod ports;
#[path = "../it/run.rs"]
mod run;
mod server;
#[path = "../it/site.rs"]
mod site;
mod ssh;
mod table;
#[path = "../it/until.rs"]
mod until;

use server::Kind;
use table::Row;

/// An odd number, so that the median is one of them.
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --all-targets` only wants to know that it builds.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let named = arguments.iter().find(|argument| !argument.starts_with('-'));
    memory::hold_files_there();
    let mut kinds = vec![Kind::Badftp];
    match server::lacking() {
        None => kinds.push(Kind::Vsftpd),
        Some(sentence) => println!("{sentence}; badftp is measured alone"),
    }
    if named.is_none_or(|it| it == "image") {
        image::print();
    }
    let wanted = |(name, ..): &&measure::Measurement| named.is_none_or(|it| name.contains(it));
    let all = measure::ALL.iter().chain(&ssh::ALL).filter(wanted);
    let mut rows: Vec<Row> = all.map(|row| Row::new(*row)).collect();
    if rows.is_empty() {
        return;
    }
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for row in &mut rows {
            for kind in &kinds {
                row.measure(*kind);
            }
        }
        kinds.reverse();
    }
    table::print(&rows);
}
