//! One file or directory, and what was decided of it. A verdict is obeyed here: the delay, the answer, and then what
//! becomes of the channel and of the connection (the language's page, section 3, rules 12 to 18).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::session::{Over, Session};
use crate::engine::{Action, At, Damage, Ending, Event, Operation, Status, Stored, Verdict};
use crate::fault::Pace;
use crate::fault::channel::{Incoming, Outgoing};
use crate::fault::damage::damaged;
use crate::fault::pace::pause;
use crate::files::{Follow, Path, Scope};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{Filling, Left, Open};

/// What a status is called by somebody who knows no numbers, where its rule has no text.
const TEXTS: [(u32, &str); 4] = [
    (2, "No such file or directory"),
    (3, "Permission denied"),
    (14, "No space left on device"),
    (15, "Disk quota exceeded"),
];

/// One file or directory.
#[derive(Debug)]
pub(super) struct Case {
    /// As the client calls it.
    pub(super) shown: Vec<u8>,
    pub(super) path: Path,
    pub(super) verdict: Verdict,
    pub(super) outcome: Outcome,
    happening: Happening,
    _open: Open,
}

impl Case {
    /// How fast its bytes move.
    pub(super) fn pace(&self, network: crate::run::Network) -> Pace {
        let action = &self.verdict.action;
        Pace { rate: action.rate.or(network.rate), chunk: action.chunk.or(network.chunk) }
    }

    /// Whether a rule acts here that neither answers nor ends anything.
    pub(super) fn goes_on(&self) -> bool {
        self.verdict.action.lets_the_operation_go_on()
    }

    /// Whether its rule says something in the end, and ends neither the channel nor the connection.
    pub(super) fn only_answers(&self) -> bool {
        let action = &self.verdict.action;
        !ends(action) && action.status != Some(Status::Silence)
    }

    /// The delay of its rule, if that acts here.
    pub(super) fn delay(&self, here: At) -> Duration {
        if self.verdict.at == here { self.verdict.delay } else { Duration::ZERO }
    }

    /// Whether its rule acts at its end.
    pub(super) fn acts_at_the_end(&self) -> bool {
        self.verdict.rule.is_some() && self.verdict.at == At::End
    }

    /// Its refusal, for people.
    pub(super) fn complaint(&self, text: &str) -> Vec<u8> {
        [&self.shown[..], b": ", text.as_bytes()].concat()
    }
}

impl<I: Incoming, O: Outgoing> Session<I, O> {
    /// Asks the engine about a file or directory.
    pub(super) fn case(&self, operation: Operation, shown: Vec<u8>) -> Case {
        let path = Path::root().resolve(&shown);
        let files = &self.run.files;
        let event = Event {
            path: Some(path.as_bytes()),
            target: Some(files.kind_at(self.account(), &path)),
            argument: Some(&shown),
            stored: self.stored(operation, &path),
            ..self.caller.event(&self.run).operation(operation)
        };
        let (verdict, open) = self.run.decide(&event);
        let happening = Happening::of(&event, self.caller.peer, Some(&verdict), Secrecy::Open);
        let fired = verdict.rule.is_some() && verdict.at == At::Start;
        // Its files are always whole.
        let outcome = Outcome { fired, offset: Some(0), ..Outcome::default() };
        Case { shown, path, verdict, outcome, happening, _open: open }
    }

    /// What is stored, besides what an upload replaces.
    fn stored(&self, operation: Operation, path: &Path) -> Stored {
        if !operation.stores() {
            return Stored::default();
        }
        let (files, account) = (&self.run.files, self.account());
        let gone = files.stored(Scope::At(account, path));
        Stored {
            server: files.stored(Scope::Everything).saturating_sub(gone),
            user: files.stored(Scope::By(account.login())).saturating_sub(gone),
            path: 0,
        }
    }

    /// The delay of a rule, or the network's own.
    pub(super) async fn wait(&mut self, delay: Duration) {
        let network = self.run.network.delay.filter(|_| delay.is_zero()).map(|network| {
            self.answers += 1;
            self.run.engine.draw(network, self.caller.connection, self.answers)
        });
        pause(network.unwrap_or(delay)).await;
    }

    /// A rule acts: in place of what was asked, part way, or instead of the `truth` at the end.
    pub(super) async fn act(
        &mut self,
        mut case: Case,
        truth: Option<&'static [u8]>,
    ) -> Result<(), Over> {
        let action = Arc::clone(&case.verdict.action);
        case.outcome.fired = true;
        case.outcome.note(case.verdict.description());
        self.wait(case.verdict.delay).await;
        let (said, refused) = self.answer(&case, &action, truth);
        for (_, piece) in &said {
            case.outcome.said(piece.strip_prefix(b"\x01").unwrap_or(piece));
        }
        if truth.is_none() || refused || action.spoils() {
            case.outcome.fail(Cause::Rule, "");
        }
        self.complaints += usize::from(refused);
        self.run.record(case.happening, case.outcome);
        for (delay, piece) in said {
            pause(delay).await;
            self.talk.say(piece).await?;
        }
        if action.status == Some(Status::Silence) && !ends(&action) {
            return Err(Over::Silent);
        }
        self.end(&action).await
    }

    /// What is said, and whether it is a refusal.
    fn answer(
        &self,
        case: &Case,
        action: &Action,
        truth: Option<&'static [u8]>,
    ) -> (Vec<(Duration, Bytes)>, bool) {
        let stat = self.run.files.stat(self.account(), &case.path, Follow::Yes);
        let filling = Filling {
            answer: truth.unwrap_or_default(),
            path: case.path.as_bytes(),
            size: stat.map_or(0, |stat| stat.size),
            client: self.caller.peer.ip(),
            user: self.account().login(),
        };
        let at_once = |piece: Vec<u8>| vec![(Duration::ZERO, Bytes::from(piece))];
        match (&action.send, &action.status) {
            (Some(send), _) => (filling.pieces(send), false),
            (None, Some(Status::Code(0, _))) => (at_once(super::session::DONE.to_vec()), false),
            (None, Some(Status::Code(code, text))) => {
                let usual = TEXTS.iter().find(|(known, _)| known == code);
                let text = match filling.render(text) {
                    text if text.is_empty() => usual.map_or("Failure", |(_, text)| text).into(),
                    text => text,
                };
                let line = [b"\x01scp: ", &case.shown[..], b": ", &text, b"\n"].concat();
                (at_once(line), true)
            }
            (None, None) if !ends(action) => {
                (truth.map(|truth| at_once(truth.to_vec())).unwrap_or_default(), false)
            }
            (None, Some(Status::Silence) | None) => (Vec::new(), true),
        }
    }

    /// What becomes of the channel, and of the connection.
    async fn end(&mut self, action: &Action) -> Result<(), Over> {
        if let Some(ending) = action.data.filter(|ending| *ending != Ending::Flow) {
            self.talk.outgoing.end_channel(ending).await;
        }
        if let Some(ending) = action.then {
            self.talk.outgoing.end_connection(ending, &action.farewell).await;
        }
        match (action.then, action.data) {
            (None, Some(Ending::Eof)) => Err(Over::Silent),
            _ if ends(action) => Err(Over::Ended),
            _ => Ok(()),
        }
    }

    /// The tree has refused it.
    pub(super) async fn refuse(&mut self, mut case: Case, text: &str) -> Result<(), Over> {
        case.outcome.fired &= !case.goes_on();
        let complaint = case.complaint(text);
        case.outcome.said(&complaint);
        case.outcome.fail(Cause::Client, text);
        self.run.record(case.happening, case.outcome);
        self.complain(&complaint).await
    }

    /// It is done, or has ended for a reason that is known by now.
    pub(super) fn note(&self, case: Case) {
        self.run.record(case.happening, case.outcome);
    }

    /// What it leaves behind, where its rule has acted.
    pub(super) fn settle(&self, case: &mut Case, left: Left) {
        if !case.outcome.fired {
            return;
        }
        if let Err(error) = self.run.settle(case.verdict.action.keep, left) {
            case.outcome.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
        if case.verdict.action.spoils() {
            case.outcome.fail(Cause::Rule, "");
        }
    }
}

/// Whether the channel or the connection ends.
fn ends(action: &Action) -> bool {
    action.then.is_some() || action.data.is_some_and(|ending| ending != Ending::Flow)
}

/// How far a file's bytes have come, and where its rule acts on them.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) moved: u64,
    pub(super) size: u64,
    stop: Option<At>,
    damage: Option<Damage>,
}

impl Way {
    pub(super) fn of(case: &Case, size: u64) -> Self {
        let verdict = &case.verdict;
        let stop = verdict.part_way().is_some().then_some(verdict.at);
        Self { moved: 0, size, stop, damage: verdict.action.damage }
    }

    /// Whether the rule's point is reached, once.
    pub(super) fn reaches_the_point(&mut self) -> bool {
        let reached = match self.stop {
            Some(At::Bytes(stop)) => self.moved >= stop,
            Some(At::Beyond(stop)) => self.moved >= stop && self.size > stop,
            _ => false,
        };
        if reached {
            self.stop = None;
        }
        reached
    }

    /// How many bytes may move next.
    pub(super) fn room(&self, most: usize) -> usize {
        let end = match self.stop {
            Some(At::Bytes(stop) | At::Beyond(stop)) => stop.min(self.size),
            _ => self.size,
        };
        usize::try_from(end - self.moved).map_or(most, |left| left.min(most))
    }

    /// The next bytes, with the first behind the rule's point damaged.
    pub(super) fn passed(&mut self, piece: Bytes) -> Bytes {
        self.moved += piece.len() as u64;
        match self.damage.take_if(|_| self.stop.is_none() && !piece.is_empty()) {
            Some(damage) => damaged(piece.to_vec(), 0, damage).into(),
            None => piece,
        }
    }
}
