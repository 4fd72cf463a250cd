//! The command under `run`: started, sent the signals that come, and gone with all that it started.

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};
use tokio::process::{Child, Command};
use tokio::signal::unix::SignalKind;
use tokio::time::{sleep, timeout};

use crate::cli::Failure;
use crate::cli::signals::Signals;
use crate::expect::{CANNOT_START, Ended, NOT_FOUND};

/// How long a command may take to heed a signal that was passed on.
const HEED_WITHIN: Duration = Duration::from_millis(1500);
/// How long what a command left behind may take to heed SIGTERM.
const LEAVE_WITHIN: Duration = Duration::from_millis(300);

/// A command that runs. Dropped, it is killed.
pub(super) struct Running {
    child: Child,
    /// The process group of its own that it leads. At a terminal it has ours: the terminal's Ctrl-C and input go
    /// to the group in its foreground.
    group: Option<Pid>,
}

impl Running {
    /// Starts a command with these variables added to its environment.
    pub(super) fn start(
        words: &[OsString],
        environment: Vec<(String, OsString)>,
    ) -> Result<Self, Failure> {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).envs(environment).kill_on_drop(true);
        let at_a_terminal = io::stdin().is_terminal();
        if !at_a_terminal {
            command.process_group(0);
        }
        let child = command.spawn().map_err(|error| {
            let name = words[0].to_string_lossy();
            if error.kind() == ErrorKind::NotFound {
                let message = format!("the command `{name}` was not found");
                return Failure::Command(NOT_FOUND, message.into());
            }
            let message = format!("cannot start the command `{name}`: {error}");
            Failure::Command(CANNOT_START, message.into())
        })?;
        let group = pid(&child).filter(|_| !at_a_terminal);
        Ok(Self { child, group })
    }

    /// Waits for its end, passes signals on, and takes away what it left behind.
    #[allow(clippy::disallowed_methods, reason = "the command's time")]
    pub(super) async fn end(
        mut self,
        signals: &mut Signals,
        limit: Option<Duration>,
    ) -> io::Result<Ended> {
        let over = async {
            match limit {
                Some(limit) => sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            status = self.child.wait() => Ended::by_itself(status?),
            kind = signals.next() => Ended::interrupted(self.end_by(kind).await?),
            () = over => {
                self.end_by(SignalKind::terminate()).await?;
                Ended::TimedOut
            }
        };
        self.clear().await;
        Ok(ended)
    }

    /// Passes a signal on, and kills what does not heed it.
    async fn end_by(&mut self, kind: SignalKind) -> io::Result<ExitStatus> {
        // A terminal's Ctrl-C goes to the whole foreground group: the command has had it.
        let has_it = kind == SignalKind::interrupt() && self.group.is_none();
        if let Some(signal) = Signal::from_named_raw(kind.as_raw_value()).filter(|_| !has_it) {
            self.signal(signal);
        }
        if let Ok(status) = timeout(HEED_WITHIN, self.child.wait()).await {
            return status;
        }
        self.signal(Signal::KILL);
        self.child.kill().await?;
        self.child.wait().await
    }

    /// It fails only when all of them have ended meanwhile.
    fn signal(&self, signal: Signal) {
        let _ = match self.group {
            Some(group) => kill_process_group(group, signal),
            None => pid(&self.child).map_or(Ok(()), |pid| kill_process(pid, signal)),
        };
    }

    /// Ends what is left of the group: whom the server of a test is for is gone.
    #[allow(clippy::disallowed_methods, reason = "the command's time")]
    async fn clear(&mut self) {
        let Some(group) = self.group.take() else { return };
        let asked = Instant::now();
        let _ = kill_process_group(group, Signal::TERM);
        while test_kill_process_group(group).is_ok() && asked.elapsed() < LEAVE_WITHIN {
            sleep(Duration::from_millis(5)).await;
        }
        let _ = kill_process_group(group, Signal::KILL);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

fn pid(child: &Child) -> Option<Pid> {
    child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw)
}
