//! Plays a transcript against a server of its own.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::fields::Form;
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run;
use crate::sftp::clients::TRUST;
use crate::sftp::desk;
use crate::transcript::bytes;

/// How long anything that is expected may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A channel of `ssh` on which the subsystem runs.
struct Channel {
    ssh: Child,
    says: Option<ChildStdin>,
    hears: Receiver<Vec<u8>>,
    ahead: Vec<u8>,
    handle: Vec<u8>,
    _desk: Desk,
}

impl Drop for Channel {
    fn drop(&mut self) {
        run::end(&mut self.ssh);
    }
}

/// Plays the transcript of this name; each line that does not come true is a failed test.
#[track_caller]
pub(super) fn play(name: &str) {
    let path = super::folder().join(name).with_extension("txt");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (scenario, steps) = text.split_once("---\n").expect("a scenario is before the steps");
    let server = Badftp::sftp_with_yaml(scenario);
    let mut channel = Channel::open(&server);
    let first = scenario.lines().count() + 2;
    for (index, line) in steps.lines().enumerate() {
        let is_step = !line.is_empty() && !line.starts_with('#');
        if let Err(why) = if is_step { channel.step(line) } else { Ok(()) } {
            panic!("{}:{}: {line}\n  {why}", path.display(), first + index);
        }
    }
    drop(channel);
    let ours = server.journal().into_iter().find(|record| record["cause"] == "badftp");
    assert!(ours.is_none(), "{name}: the journal blames badftp itself: {ours:?}");
}

impl Channel {
    fn open(server: &Badftp) -> Self {
        let desk = desk();
        let mut command = desk.command("ssh");
        command.args(TRUST).args([
            "-p",
            &server.port().to_string(),
            "piggy@127.0.0.1",
            "-s",
            "sftp",
        ]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut ssh = run::spawn(&mut command);
        let says = ssh.stdin.take();
        let mut stdout = ssh.stdout.take().expect("stdout was piped");
        let (sender, hears) = channel();
        spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(size @ 1..) = stdout.read(&mut buffer) {
                if sender.send(buffer[..size].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { ssh, says, hears, ahead: Vec::new(), handle: Vec::new(), _desk: desk }
    }

    fn step(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, rest) {
            ("begin", "") => {
                self.step("> INIT 3")?;
                self.step("< VERSION *")
            }
            ("<", "end") => self.ends(),
            ("<", rest) if rest.starts_with("silence ") => self.is_silent(duration(&rest[8..])?),
            ("wait", time) => {
                sleep(duration(time)?);
                Ok(())
            }
            (">", packet) => {
                let packet = Form::parse(packet)?.packet(&self.handle);
                let says = self.says.as_mut().expect("stdin was piped");
                says.write_all(&packet)
                    .and_then(|()| says.flush())
                    .map_err(|error| error.to_string())
            }
            ("<raw", quoted) => {
                let expected = bytes::parse(quoted)?;
                let got = self.heard(expected.len())?;
                if got == expected { Ok(()) } else { Err(format!("got {}", bytes::show(&got))) }
            }
            ("<", form) => self.hears_packet(&Form::parse(form)?),
            _ => Err("this is no step".to_owned()),
        }
    }

    fn hears_packet(&mut self, form: &Form) -> Result<(), String> {
        let length = self.heard(4)?;
        let length = u32::from_be_bytes(length.try_into().expect("four bytes were heard"));
        let packet = self.heard(length as usize)?;
        if form.matches(&packet, &mut self.handle) {
            return Ok(());
        }
        Err(format!("got {} bytes: {}", packet.len(), bytes::show(&packet)))
    }

    /// The next so many bytes.
    fn heard(&mut self, size: usize) -> Result<Vec<u8>, String> {
        let deadline = Instant::now() + PATIENCE;
        while self.ahead.len() < size {
            match self.hears.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(more) => self.ahead.extend(more),
                Err(error) => {
                    let got = bytes::show(&self.ahead);
                    return Err(format!("expected {size} bytes, got {got} and then: {error}"));
                }
            }
        }
        let rest = self.ahead.split_off(size);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    fn ends(&mut self) -> Result<(), String> {
        match self.hears.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Disconnected) if self.ahead.is_empty() => Ok(()),
            Err(RecvTimeoutError::Timeout) => Err("the channel is still open".to_owned()),
            other => Err(format!("got {other:?} behind {}", bytes::show(&self.ahead))),
        }
    }

    fn is_silent(&mut self, time: Duration) -> Result<(), String> {
        match self.hears.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) if self.ahead.is_empty() => Ok(()),
            other => Err(format!("got {other:?} behind {}", bytes::show(&self.ahead))),
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let milliseconds = text.strip_suffix("ms").and_then(|number| number.parse().ok());
    milliseconds.map(Duration::from_millis).ok_or_else(|| format!("expected `300ms`, got `{text}`"))
}
