//! What comes on the control connection.

use std::io::{ErrorKind, Write as _};
use std::thread;
use std::time::Duration;

use super::server::{GENEROSITY, MIB, Victim};

/// A client's own pattern is compiled as a scenario's is.
#[test]
fn a_pattern_that_is_nested_too_deep_ends_nobody() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    client.port();
    let pattern = format!("{}a{}", "{".repeat(250), "}".repeat(250));
    client.say(format!("NLST {pattern}*\r\n").as_bytes());
    client.say(b"NOOP\r\n");
    client.hear("550");
    client.hear("200");
    victim.is_unharmed();
}

#[test]
fn an_endless_line_is_not_kept() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    let memory = victim.memory();
    let piece = vec![b'x'; 64 * 1024];
    for _ in 0..1024 {
        client.say(&piece);
    }
    let more = victim.memory().saturating_sub(memory);
    assert!(more <= MIB * GENEROSITY, "{more} bytes more for a line of 64 MiB");
    client.ask("", "500");
    client.ask("NOOP", "200");
    victim.is_unharmed();
}

#[test]
fn a_megabyte_of_commands_sent_ahead_is_answered_in_order() {
    let victim = Victim::healthy();
    let mut client = victim.logged_in();
    let memory = victim.memory();
    let turns = 1024 * 1024 / "NOOP\r\nPWD\r\n".len();
    let writer = client.stream().try_clone().expect("a socket can be shared");
    let commands = b"NOOP\r\nPWD\r\n".repeat(turns);
    let writing = thread::spawn(move || (&writer).write_all(&commands));
    for _ in 0..turns {
        client.hear("200");
        client.hear("257");
    }
    writing.join().expect("the writer does not panic").expect("the server reads");
    let more = victim.memory().saturating_sub(memory);
    println!("{more} bytes more after {turns} commands");
    victim.is_unharmed();
}

#[test]
fn a_client_that_never_reads_is_not_waited_for() {
    let victim = Victim::healthy();
    let client = victim.logged_in();
    let memory = victim.memory();
    client
        .stream()
        .set_write_timeout(Some(Duration::from_millis(300)))
        .expect("our own socket can be configured");
    let commands = b"HELP\r\n".repeat(1024);
    // As soon as nobody takes its answers, the server reads no more: our own write must block before long.
    let blocked = (0..10_000).find_map(|_| client.stream().write_all(&commands).err());
    let kind = blocked.map(|error| error.kind());
    assert_eq!(
        kind,
        Some(ErrorKind::WouldBlock),
        "60 MiB of commands were read though no answer was"
    );
    let more = victim.memory().saturating_sub(memory);
    assert!(more <= 64 * MIB * GENEROSITY, "{more} bytes more for answers that nobody reads");
    victim.is_unharmed();
}

#[test]
fn random_bytes_are_no_commands_and_do_no_harm() {
    let victim = Victim::healthy();
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    for _ in 0..40 {
        let client = victim.greeted();
        let bytes: Vec<u8> = (0..16 * 1024).map(|_| noise.byte()).collect();
        // The server may hang up in the middle of it.
        let _ = client.stream().write_all(&bytes);
        client.drain();
    }
    victim.is_unharmed();
}

#[test]
fn random_arguments_do_no_harm() {
    const VERBS: [&str; 36] = [
        "USER", "PASS", "REIN", "CWD", "CDUP", "PORT", "PASV", "EPRT", "EPSV", "TYPE", "STRU",
        "MODE", "OPTS", "CLNT", "RETR", "STOR", "APPE", "ALLO", "REST", "ABOR", "LIST", "NLST",
        "MLSD", "MLST", "RNFR", "RNTO", "MKD", "PWD", "SIZE", "MDTM", "MFMT", "SYST", "STAT",
        "HELP", "FEAT", "NOOP",
    ];
    const WORDS: [&str; 22] = [
        "",
        "/",
        "..",
        "*",
        "[",
        "{a",
        "\\",
        "-",
        "-la ",
        "\u{e9}",
        "0",
        "-1",
        "18446744073709551615",
        "|1|127.0.0.1|80|",
        "||||",
        "127,0,0,1,0,0",
        "20240101000000 ",
        "00000000000000 x",
        "I",
        "ON",
        "MLST ;;=",
        "**/**",
    ];
    let victim = Victim::healthy();
    let mut noise = Noise(42);
    for _ in 0..20 {
        let client = victim.logged_in();
        for _ in 0..200 {
            let verb = VERBS[noise.below(VERBS.len())];
            let mut line = format!("{verb} ").into_bytes();
            for _ in 0..noise.below(4) {
                line.extend_from_slice(WORDS[noise.below(WORDS.len())].as_bytes());
                line.push(noise.byte());
            }
            line.extend_from_slice(b"\r\n");
            client.say(&line);
        }
        client.drain();
    }
    victim.is_unharmed();
}

/// The same bytes in every run (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }
}
