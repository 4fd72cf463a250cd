//! One copy: its state, and how it ends.

use std::sync::Arc;

use bytes::Bytes;

use super::command::{Command, Way};
use super::talk::Talk;
use crate::fault::channel::{Incoming, Outgoing};
use crate::files::Account;
use crate::run::{Caller, Run};

/// All is well.
pub(super) const DONE: &[u8] = b"\0";
/// Bytes moved at once.
pub(super) const PIECE: usize = 256 * 1024;

/// Why a copy is over before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The client is gone.
    Left,
    /// The two do not understand each other, or one of them gives up.
    Failed,
    /// A rule has ended the channel or the connection.
    Ended,
}

/// The state of one copy.
#[derive(Debug)]
pub(super) struct Session<I, O> {
    pub(super) run: Arc<Run>,
    pub(super) caller: Caller,
    pub(super) talk: Talk<I, O>,
    /// What could not be copied, by either side.
    pub(super) complaints: usize,
    /// Answers that the network has delayed so far.
    pub(super) answers: u64,
}

/// Serves one copy until its end.
pub async fn serve(
    caller: Caller,
    incoming: impl Incoming,
    outgoing: impl Outgoing,
    run: Arc<Run>,
    command: Command,
) {
    let caller = Caller { blame: caller.blame.of_a_channel(), ..caller };
    let talk = Talk::new(incoming, outgoing);
    let mut session = Session { run, caller, talk, complaints: 0, answers: 0 };
    let copied = match command.way {
        Way::Source => session.send(&command).await,
        Way::Sink => session.take(&command).await,
    };
    let failed = copied.is_err() || session.complaints > 0;
    match copied {
        Ok(()) | Err(Over::Failed) => session.talk.outgoing.finish(u32::from(failed)).await,
        Err(Over::Left | Over::Ended) => {}
    }
}

impl<I: Incoming, O: Outgoing> Session<I, O> {
    pub(super) fn account(&self) -> &Account {
        &self.caller.account
    }

    /// Where each operand leads to.
    pub(super) fn paths(&self, command: &Command) -> Vec<Vec<u8>> {
        let paths = command.operands.iter().map(|word| word.paths(&self.run.files, self.account()));
        paths.flatten().collect()
    }

    pub(super) async fn acknowledge(&mut self) -> Result<(), Over> {
        self.talk.say(Bytes::from_static(DONE)).await
    }

    /// Something cannot be copied; the rest may.
    pub(super) async fn complain(&mut self, sentence: &[u8]) -> Result<(), Over> {
        self.complaints += 1;
        self.talk.say([b"\x01scp: ", sentence, b"\n"].concat().into()).await
    }

    /// The client's answer; it has complained if not `true`.
    pub(super) async fn answered(&mut self) -> Result<bool, Over> {
        let answer = self.talk.byte().await?.ok_or(Over::Failed)?;
        if answer == 0 {
            return Ok(true);
        }
        self.talk.line().await?;
        self.complaints += 1;
        if answer == 1 { Ok(false) } else { Err(Over::Failed) }
    }

    /// A record and the client's answer to it.
    pub(super) async fn tell(&mut self, record: Vec<u8>) -> Result<bool, Over> {
        self.talk.say(record.into()).await?;
        self.answered().await
    }
}
