//! Requests without end.

use std::fmt::Write as _;
use std::io::Write as _;
use std::thread;

use super::server::{MIB, Victim};

/// Each names a path of its own.
const PATHS: usize = 200_000;

/// The journal keeps 100,000 records and an engine's rule as many keys, none of them longer than we send.
const KEPT: u64 = 256 * MIB;

#[test]
fn a_path_a_request_does_not_fill_the_memory_of_a_rule() {
    let victim = Victim::with_yaml(
        "files: {/hello.txt: hello}\nrules:\n  - {when: SIZE, per: path, times: 1, reply: 550 once}\n",
    );
    let mut client = victim.logged_in();
    let memory = victim.memory();
    let writer = client.stream().try_clone().expect("a socket can be shared");
    let writing = thread::spawn(move || {
        let commands = (0..PATHS).fold(String::new(), |mut commands, number| {
            write!(commands, "SIZE /{number}\r\n").expect("a string takes all");
            commands
        });
        (&writer).write_all(commands.as_bytes())
    });
    for _ in 0..PATHS {
        client.hear("550");
    }
    writing.join().expect("the writer does not panic").expect("the server reads");
    let more = victim.memory().saturating_sub(memory);
    println!("{} MiB more after {PATHS} paths", more / MIB);
    assert!(more <= KEPT, "{more} bytes more after {PATHS} paths");
    victim.is_unharmed();
}

#[test]
fn a_connection_a_request_leaves_no_counters_behind() {
    let victim = Victim::with_yaml(
        "files: {/hello.txt: hello}\nrules:\n  - {when: FEAT, per: connection, times: 1, reply: 500 once}\n",
    );
    for _ in 0..1_000 {
        victim.greeted().ask("FEAT", "500");
    }
    victim.is_unharmed();
}

#[test]
fn a_session_that_asks_for_ports_without_end_holds_one() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    let descriptors = victim.descriptors();
    for _ in 0..1_000 {
        client.port();
    }
    let more = victim.descriptors().saturating_sub(descriptors);
    assert!(more <= 1, "{more} descriptors for one session's ports");
    victim.is_unharmed();
}
