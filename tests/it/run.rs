//! Runs a program for a bounded time and keeps all that it showed.

use std::fmt;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

/// No client may take longer than this, so that a hanging one is a failure with its output.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

/// What a user of the program sees of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Shown {
    /// Insists on success, and hands back what went to stdout.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.exit, 0, "the client failed\n{self}");
        self.stdout
    }

    /// What each line says that it has printed, where all went well.
    #[track_caller]
    pub(crate) fn values(self) -> Vec<Value> {
        let value =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.ok().lines().map(value).collect()
    }

    #[track_caller]
    pub(crate) fn failed(self) -> Self {
        assert_ne!(self.exit, 0, "the client should have failed\n{self}");
        self
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "exit {}\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.exit, self.stdout, self.stderr
        )
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Runs it to its end, or panics with its output when it outlives [`LIMIT`].
pub(crate) fn run(command: &mut Command) -> Shown {
    run_reading(command, Stdio::null())
}

/// The same, with something on its stdin.
pub(crate) fn run_reading(command: &mut Command, stdin: impl Into<Stdio>) -> Shown {
    // In a group of its own, so that what it has started ends with it, and closes its pipes.
    let command = command.process_group(0);
    let mut child = spawn(command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()));
    let stdout = read_on_a_thread(child.stdout.take());
    let stderr = read_on_a_thread(child.stderr.take());
    let status = wait(&mut child, LIMIT);
    if status.is_none() {
        // An error here says that all have ended by themselves.
        let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
        end(&mut child);
    }
    let shown = Shown {
        exit: status.map_or(-1, exit_code),
        stdout: show(&stdout.join().expect("the reader of stdout panicked")),
        stderr: show(&stderr.join().expect("the reader of stderr panicked")),
    };
    assert!(status.is_some(), "{command:?} still ran after {LIMIT:?} and was killed\n{shown}");
    shown
}

/// A missing program is a failed test, never a skipped one.
pub(crate) fn spawn(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| {
        let program = command.get_program().display();
        panic!("cannot start `{program}`: {error}\nhint: `tests/run` installs what the tests need")
    })
}

pub(crate) fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        let status = child.try_wait().expect("our own child can be waited for");
        if status.is_some() || Instant::now() >= deadline {
            return status;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn end(child: &mut Child) {
    // An error here says that it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

fn read_on_a_thread(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What a killed child wrote until then is still worth showing.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    })
}

/// Bytes that are not UTF-8 are written as scenarios write them, `<xE9>`, so that no two outputs look the same.
pub(crate) fn show(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks();
    chunks.fold(String::new(), |mut text, chunk| {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("<x{byte:02X}>")));
        text
    })
}
