//! Sessions that were silent for too long, and one whose end is silence.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Client, Deed, side_by_side};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib, lftp};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{Fate, HELLO, Literal, Relay, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

/// Each client says nothing for three seconds, and then goes on.
fn pauses(client: Client, site: &Site) -> Shown {
    let desk = Desk::new();
    match client {
        Client::Curl => {
            let url = &site.url("/hello.txt");
            curl(&desk, site, &["--rate", "20/m", "-o", "first", url, "-o", "second", url])
        }
        Client::Lftp => {
            let script = "set net:max-retries 2; cat /hello.txt; !sleep 3\ncat /hello.txt";
            lftp(&desk, site, script)
        }
        Client::Ftplib => ftplib(&desk, site, &json!([["pwd"], ["wait", 3], ["pwd"]])),
    }
}

/// What each client shows, in the order curl, lftp, ftplib: nothing is a success.
fn every_client_shows_after_a_pause(scenario: &str, real: &Site, expected: [&str; 3]) {
    side_by_side(|client| {
        let expected = expected[client as usize];
        let shown = same(scenario, real, Texts::Same, |site| pauses(client, site));
        assert_eq!(shown.stderr.trim_end(), expected, "{client:?}");
        assert_eq!(shown.exit == 0, expected.is_empty(), "{client:?}\n{shown}");
    });
}

fn sleepy_vsftpd() -> Vsftpd {
    Vsftpd::with(&["idle_session_timeout=2"])
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn the_end_of_an_idle_session_is_shown_as_that_of_vsftpd() {
    let expected = ["curl: (28) Timeout was reached", "", "error_temp: 421 Timeout."];
    every_client_shows_after_a_pause("ftp/session-idle-421", &sleepy_vsftpd().site(), expected);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn an_end_without_a_word_is_shown_as_that_of_a_vsftpd_whose_421_is_lost() {
    let server = sleepy_vsftpd();
    let real = Relay::to(&server.site(), |line| match line.get(..3) {
        Some("421") => Fate::IsLost,
        _ => Fate::Passes,
    });
    let expected = ["", "", "EOFError:"];
    every_client_shows_after_a_pause("ftp/session-idle-421/silently", &real, expected);
}

/// Which command is the first after the pause, curl and lftp decide.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_forgotten_session_is_reset_at_its_next_command_as_with_an_rst() {
    let scenario = "ftp/session-idle-421/reset";
    let real = Literal::new().resets("NOOP").site();
    let steps = json!([["pwd"], ["wait", 3], ["voidcmd", "NOOP"]]);
    let ftplib = |site: &Site| ftplib(&Desk::new(), site, &steps);
    let shown = same(scenario, &real, Texts::Same, ftplib);
    assert_eq!(shown.stderr, "ConnectionResetError: [Errno 104] Connection reset by peer\n");
    let badftp = Badftp::serve(scenario);
    let shown = pauses(Client::Curl, &badftp.site());
    curl_says(&shown, 56, "Recv failure: Connection reset by peer");
    pauses(Client::Lftp, &badftp.site()).ok();
}

#[test]
#[ignore = "needs lftp and python3: tests/run"]
fn a_quit_without_an_answer_is_shown_as_with_exact_bytes() {
    let hello = || Literal::new().sends("RETR", HELLO, "226 Transfer complete.");
    let real = hello().says("QUIT", "").site();
    for (client, exit) in [(Client::Lftp, 0), (Client::Ftplib, 1)] {
        let shown = same("ftp/session-idle-421/quit", &real, Texts::Same, |site| {
            Deed::Get("/hello.txt").by(client, site)
        });
        assert_eq!(shown.exit, exit, "{shown}");
    }
}

/// It would wait for ever, were it not for the server's cap.
#[test]
#[ignore = "needs curl: tests/run"]
fn curl_waits_for_the_answer_to_quit_past_its_own_limit() {
    let scenario = ["ftp/session-idle-421/quit", "--max-hold", "4s"];
    let badftp = Badftp::start(Family::V4, &scenario);
    let started = Instant::now();
    let url = badftp.site().url("/hello.txt");
    let desk = Desk::new();
    curl(&desk, &badftp.site(), &["--max-time", "1", "-o", "local", &url]).ok();
    desk.holds("local", HELLO);
    assert!(started.elapsed() > Duration::from_secs(3), "curl did not wait");
}
