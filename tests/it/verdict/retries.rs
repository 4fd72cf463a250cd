//! The verdict on clients with retries of their own: lftp and rclone, which pass, and the same with retries turned off,
//! whose report names the reason.

use std::time::Duration;

use insta::assert_snapshot;
use rustix::process::Signal;

use crate::badftp::Badftp;
use crate::clients::{Desk, lftp, rclone};

/// Two transfers of each file fail. The first moves nothing: to lftp, what has moved anything is no retry. The second
/// waits, as lftp forgets what it has not read when the 426 comes.
const FLAKY: &str = "files: {/big.bin: {size: 200KiB}}
rules:
  - {when: [download, upload], per: path, times: 1, reply: 425 Cannot open data connection}
  - {when: [download, upload], per: path, times: 1, at: 64KiB, delay: 300ms, reply: 426 Transfer aborted}
expect:
";

/// A client that downloads tries again, not at once, and resumes.
const DOWNLOAD: [&str; 3] = [
    "{when: download, per: path, outcome: ok, times: 1}",
    "{when: download, per: path, times: 3-4, gap: 1s+}",
    "{when: download, offset: 64KiB}",
];

/// One that uploads leaves all of the file, and nothing else.
const UPLOAD: [&str; 3] = [
    "{when: upload, per: path, outcome: ok, times: 1}",
    "{stored: /in/a.bin, sha256: 4b4f0f46ac02d177dea0ab36a66a657840e2fb98b20bb27a688db4d8ea9cd22c}",
    "{stored: /in/*, times: 1}",
];

fn flaky(expectations: &[&str]) -> Badftp {
    Badftp::with_yaml(&format!("{FLAKY}  - {}\n", expectations.join("\n  - ")))
}

/// A desk with a file of 200 KiB.
fn desk() -> Desk {
    Desk::with("a.bin", vec![b'a'; 200 << 10])
}

/// What the server says when it stops, without what varies: its folder and the times.
fn verdict(mut badftp: Badftp) -> String {
    badftp.end_by(Signal::TERM, Duration::from_secs(5)).expect("it should have ended");
    let log = badftp.log();
    let begins = |line: &&str| {
        ["pass:", "fail:", "unmet:", "inconclusive:"].iter().any(|word| line.starts_with(word))
    };
    let lines = log.lines().skip_while(|line| !begins(line));
    let folder = badftp.file("").display().to_string();
    let shown = lines.map(|line| without_times(&line.replace(&folder, "")));
    shown.collect::<Vec<_>>().join("\n")
}

/// `1.234s` is a time.
fn without_times(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let number = word.strip_suffix('s').and_then(|word| word.parse::<f64>().ok());
        if number.is_some() { "TIME" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_tries_again_and_passes() {
    let badftp = flaky(&[&DOWNLOAD[..], &["{when: QUIT, per: connection}"]].concat());
    lftp(&Desk::new(), &badftp.site(), "set net:max-retries 3; get big.bin").ok();
    assert_snapshot!(verdict(badftp), @r"
    pass: 4 of 4 expectations met, 2 of 2 rules fired as they should
    ");
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_without_retries_fails_and_the_report_says_why() {
    let badftp = flaky(&DOWNLOAD);
    lftp(&Desk::new(), &badftp.site(), "set net:max-retries 1; get big.bin").failed();
    assert_snapshot!(verdict(badftp), @r"
    unmet: expectation 1 at scenario.yaml:6: it never happened for /big.bin
      expected {when: download, per: path, outcome: ok, times: 1}
      nearest  the event matched once, but the outcome was failed, not ok
            15    TIME #1 ftp RETR big.bin → 425 Cannot open data connection  ← rule scenario.yaml:3

    unmet: expectation 2 at scenario.yaml:7: it happened once for /big.bin
      expected {when: download, per: path, times: 3-4, gap: 1s+}
            15    TIME #1 ftp RETR big.bin → 425 Cannot open data connection  ← rule scenario.yaml:3

    unmet: expectation 3 at scenario.yaml:8: it never happened
      expected {when: download, offset: 64KiB}
      nearest  the event matched once, but the offset was 0B, not 64KiB
            15    TIME #1 ftp RETR big.bin → 425 Cannot open data connection  ← rule scenario.yaml:3

    unmet: rule 2 at scenario.yaml:4: it never fired
      expected fires 1+ times: {when: [download, upload], per: path, times: 1, at: 64KiB, delay: 300ms, reply: 426 Transfer aborted}
      nearest  it matched once, but rule 1 at scenario.yaml:3 acted first

    fail: 0 of 3 expectations met, 1 of 2 rules fired as they should
    ");
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_tries_again_and_passes() {
    let badftp = flaky(&UPLOAD);
    let again = ["--retries", "4", "--retries-sleep", "1s"];
    rclone(&desk(), &badftp.site(), &[&["copy", "a.bin", ":ftp:/in"], &again[..]].concat()).ok();
    assert_snapshot!(verdict(badftp), @r"
    pass: 3 of 3 expectations met, 2 of 2 rules fired as they should
    ");
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_without_retries_fails_and_the_report_says_why() {
    let badftp = flaky(&UPLOAD);
    rclone(&desk(), &badftp.site(), &["copy", "a.bin", ":ftp:/in"]).failed();
    assert_snapshot!(verdict(badftp), @r"
    unmet: expectation 1 at scenario.yaml:6: it never happened for /in/a.bin
      expected {when: upload, per: path, outcome: ok, times: 1}
      nearest  the event matched once, but the outcome was failed, not ok
            17    TIME #1 ftp STOR /in/a.bin → 425 Cannot open data connection  ← rule scenario.yaml:3

    unmet: expectation 2 at scenario.yaml:7: there is no such file
      expected {stored: /in/a.bin, sha256: 4b4f0f46ac02d177dea0ab36a66a657840e2fb98b20bb27a688db4d8ea9cd22c}
      nearest  what is there is /big.bin

    unmet: expectation 3 at scenario.yaml:8: there is no such file
      expected {stored: /in/*, times: 1}
      nearest  what is there is /big.bin

    unmet: rule 2 at scenario.yaml:4: it never fired
      expected fires 1+ times: {when: [download, upload], per: path, times: 1, at: 64KiB, delay: 300ms, reply: 426 Transfer aborted}
      nearest  it matched once, but rule 1 at scenario.yaml:3 acted first

    fail: 0 of 3 expectations met, 1 of 2 rules fired as they should
    ");
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_that_waits_too_little_between_its_tries_is_told_so() {
    // It waits for a second of its own, before it removes what it has left.
    let badftp = flaky(&["{when: upload, per: path, gap: 10s+}"]);
    rclone(&desk(), &badftp.site(), &["copy", "a.bin", ":ftp:/in", "--retries", "4"]).ok();
    assert_snapshot!(verdict(badftp), @r"
    unmet: expectation 1 at scenario.yaml:6: there were TIME between record 17 and record 37 for /in/a.bin
      expected {when: upload, per: path, gap: 10s+}
            17    TIME #1 ftp STOR /in/a.bin → 425 Cannot open data connection  ← rule scenario.yaml:3
            37    TIME #2 ftp STOR /in/a.bin → 150 Ok to send data. | 426 Transfer aborted (65536 bytes) held TIME  ← rule scenario.yaml:4: at 65536 bytes

    fail: 0 of 1 expectations met, 2 of 2 rules fired as they should
    ");
}
