//! What a rule makes of an operation: the language's rules 12 to 18 as one pure function.
//!
//! A protocol asks twice, and executes what it is told:
//!
//! 1. [`Verdict::plan`], before anything is done: how long to wait first, whether the operation is done at all, and
//!    at which byte it stops.
//! 2. Then the protocol does it, or not, and tells what came of it by nature: [`Natural`].
//! 3. [`Verdict::course`]: whether the rule acts now, and its steps, in this order: the delay, the data connection, what
//!    is kept, the answer, the end of the session.
//!
//! What is kept is settled just before the answer, not after it: a client that looks as soon as it has its answer must
//! see what the scenario says.

use std::time::Duration;

use super::action::{Action, At, Damage, Ending, Keep, Repeat};
use super::event::{Operation, Protocol};
use super::template::{Answer, Status};
use super::verdict::Verdict;

/// What an event asks for, as far as a rule's course depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Task {
    /// A moment of a session, or a request that is only answered.
    #[default]
    Answer,
    /// A port for the data connection: what a rule says of `data` becomes of that port.
    Port,
    /// Bytes go down to the client: a download, or a listing.
    Down,
    /// Bytes come up from the client.
    Up,
}

impl Task {
    /// Whether bytes move, which `at` counts then.
    #[must_use]
    pub fn moves_data(self) -> bool {
        matches!(self, Self::Down | Self::Up)
    }
}

/// What came of an operation by nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Natural {
    /// Nothing was done, as its plan says.
    NotDone,
    /// It was refused, or it failed on its way.
    Failed,
    /// All of it was done. Its answer, which nobody has heard yet, has so many bytes.
    Done(usize),
    /// Its bytes have moved up to the rule's byte, and are not all.
    Reached,
    /// The rule's own bytes have gone out at its point, after the true ones that come before. The rule's delay was waited
    /// for.
    Supplied,
}

/// What comes before an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How long to wait first, on the rule's behalf.
    pub delay: Duration,
    /// Whether the operation is done.
    pub perform: bool,
    /// Where its bytes stop, if they do: at one of them, or beyond so many.
    pub stop: Option<At>,
}

/// What becomes of the data connection at the rule's point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFate {
    /// It ends as it does by nature, before the delay: only the answer waits.
    Finishes,
    /// Its bytes go on, or it stays as it is.
    GoesOn,
    /// It ends in this way.
    Ends(Ending),
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say<'v> {
    /// The natural answer.
    Natural,
    /// The rule's own.
    Own(Own<'v>),
    /// The rule's final reply in the place of a transfer's own.
    Stand(Answer),
    /// So many bytes of the natural answer, and then the rule's own, if it has one.
    Cut(usize, Option<Own<'v>>),
    /// Nothing.
    Nothing,
}

/// A rule's own answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own<'v> {
    /// `reply`: lines, whose missing ends are put in.
    Reply(&'v Answer),
    /// `status`
    Status(&'v Status),
    /// `send`: exactly these bytes.
    Exactly(&'v Answer),
}

/// The steps of a rule at its point, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Course<'v> {
    /// Whether the rule acts. If not, all that follows is what happens by nature.
    pub acts: bool,
    /// How long to wait here, on the rule's behalf.
    pub delay: Duration,
    /// What becomes of the data connection.
    pub data: DataFate,
    /// What is kept of what was done.
    pub keep: Option<Keep>,
    /// What is said.
    pub say: Say<'v>,
    /// How the session ends, if it does.
    pub then: Option<Ending>,
    /// Whether the rule has made it fail, whatever the client is told: it was not done in full, or the client was not
    /// told so. An [own answer](Own) that is a refusal makes it fail, too; whoever renders it knows.
    pub fails: bool,
}

impl Course<'_> {
    /// No rule acts.
    pub const NATURAL: Self = Self {
        acts: false,
        delay: Duration::ZERO,
        data: DataFate::Finishes,
        keep: None,
        say: Say::Natural,
        then: None,
        fails: false,
    };
}

/// In what a protocol answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tongue {
    /// Replies.
    #[default]
    Reply,
    /// Numbered statuses.
    Status,
}

impl Verdict {
    /// What comes before the operation.
    #[must_use]
    pub fn plan(&self, task: Task) -> Plan {
        let replaced = self.rule.is_some()
            && self.at == At::Start
            && !self.goes_on(task)
            && !self.supplies(task);
        let waits_first = self.rule.is_some() && self.at == At::Start;
        Plan {
            delay: if waits_first { self.delay } else { Duration::ZERO },
            perform: !replaced,
            stop: self.part_way().filter(|_| task.moves_data()).map(|_| self.at),
        }
    }

    /// What the rule does now that the operation is done, was not done, or has come to the rule's byte.
    #[must_use]
    pub fn course(&self, task: Task, natural: Natural) -> Course<'_> {
        if self.rule.is_none() {
            return Course::NATURAL;
        }
        match (self.at, natural) {
            (At::Start, Natural::NotDone) => self.in_its_place(task),
            (_, Natural::Supplied) => self.supplied(task),
            (At::Start, Natural::Done(_)) => self.along(task),
            (At::Start, Natural::Failed) => {
                // What was not done at all was not slowed or spoilt either; but its delay was waited for.
                Course { acts: !self.delay.is_zero(), ..Course::NATURAL }
            }
            (At::End, Natural::Done(_)) | (At::Failure, Natural::Failed) => self.at_the_end(task),
            (At::Bytes(_) | At::Beyond(_), Natural::Reached) => self.on_the_way(task),
            (At::Bytes(place), Natural::Done(length)) if task == Task::Answer => {
                self.in_the_answer(task, place, length)
            }
            _ => Course::NATURAL,
        }
    }

    /// `at: start`, in place of the operation.
    fn in_its_place(&self, task: Task) -> Course<'_> {
        let keep = self.action.keep.filter(|keep| matches!(keep, Keep::Lost | Keep::Size(_)));
        Course { keep, fails: true, ..self.acting(task, Duration::ZERO, self.data_fate()) }
    }

    /// `at: start`, of a rule that lets the operation go on: it was slowed, or spoilt, or is told in other words.
    fn along(&self, task: Task) -> Course<'_> {
        if self.supplies(task) {
            return self.supplied(task);
        }
        let say = match self.stand_ins(task) {
            Some((_, Some(last))) => Say::Stand(last),
            _ => Say::Natural,
        };
        let data = self.action.data.is_some_and(|ending| ending != Ending::Flow);
        Course {
            acts: true,
            keep: self.action.keep,
            say,
            fails: self.spoils(task) || data,
            ..Course::NATURAL
        }
    }

    /// Whether the rule's own bytes go out on a data connection, so that its answer comes besides.
    fn supplies(&self, task: Task) -> bool {
        self.tongue == Tongue::Reply && self.content(task).is_some()
    }

    /// The rule's own bytes have gone out on the data connection: the rest is as at the end.
    fn supplied(&self, task: Task) -> Course<'_> {
        let course = self.acting(task, Duration::ZERO, self.fate_of_what_is_done());
        let say = match self.stand_ins(task) {
            Some((_, Some(last))) => Say::Stand(last),
            Some((_, None)) => Say::Natural,
            None => course.say,
        };
        Course { fails: true, say, ..course }
    }

    /// `at: end`: all is done, nothing yet said.
    fn at_the_end(&self, task: Task) -> Course<'_> {
        self.acting(task, self.delay, self.fate_of_what_is_done())
    }

    /// What becomes of the data connection where all is done.
    fn fate_of_what_is_done(&self) -> DataFate {
        match self.action.data {
            None | Some(Ending::Flow) => DataFate::Finishes,
            Some(ending) => DataFate::Ends(ending),
        }
    }

    /// `at:` a size, in a transfer.
    fn on_the_way(&self, task: Task) -> Course<'_> {
        let data = if self.goes_on(task) { DataFate::GoesOn } else { self.data_fate() };
        let course = self.acting(task, self.delay, data);
        Course { fails: course.fails || data != DataFate::GoesOn, ..course }
    }

    /// What becomes of the data connection where the operation itself does not come to its end (rule 15).
    fn data_fate(&self) -> DataFate {
        match (self.action.data, self.action.then) {
            (Some(Ending::Flow), _) => DataFate::GoesOn,
            (Some(ending), _) => DataFate::Ends(ending),
            // The answer goes through the channel, which stays.
            (None, _) if self.tongue == Tongue::Status => DataFate::GoesOn,
            (None, Some(Ending::Restart(_))) => DataFate::Ends(Ending::Reset),
            (None, _) => DataFate::Ends(Ending::Close(Duration::ZERO)),
        }
    }

    /// `at:` a size, in an answer, which is cut there if the rule does more than slow or damage it.
    fn in_the_answer(&self, task: Task, place: u64, length: usize) -> Course<'_> {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        if place >= length {
            return Course::NATURAL;
        }
        let course = self.acting(task, self.delay, self.fate_of_what_is_done());
        if self.goes_on(task) || self.action.damage.is_some() {
            return course;
        }
        Course { say: Say::Cut(place, self.own(task)), fails: true, ..course }
    }

    /// The steps that follow from the rule's axes at any point (rules 15 and 16).
    fn acting(&self, task: Task, delay: Duration, data: DataFate) -> Course<'_> {
        let is_mute = match self.tongue {
            // After its data connection has ended FTP says 426, unless it stalls.
            Tongue::Reply => self.action.data == Some(Ending::Stall),
            // The answer would go through the channel that has ended.
            Tongue::Status => matches!(data, DataFate::Ends(_)),
        };
        let say = match self.own(task) {
            Some(Own::Reply(Answer::Silence) | Own::Status(Status::Silence)) => Say::Nothing,
            Some(own) => Say::Own(own),
            None if self.action.then.is_some() || is_mute => Say::Nothing,
            None => Say::Natural,
        };
        let fails = self.spoils(task) || say == Say::Nothing;
        Course {
            acts: true,
            delay,
            data,
            keep: self.action.keep,
            say,
            then: self.action.then,
            fails,
        }
    }

    /// What goes down to the client from the rule's point on, in the place of a file's bytes or of a listing.
    #[must_use]
    pub fn content(&self, task: Task) -> Option<&Answer> {
        // Where requests are answered one by one, `send` part way and at the end is one of the answers.
        let is_content = match self.at {
            At::Start => true,
            At::Bytes(_) | At::Beyond(_) | At::End => self.tongue == Tongue::Reply,
            // Nothing goes down.
            At::Failure => false,
        };
        self.action.send.as_ref().filter(|_| task == Task::Down && is_content)
    }

    /// The same, where it is in the place of all of them.
    #[must_use]
    pub fn whole_content(&self, task: Task) -> Option<&Answer> {
        self.content(task).filter(|_| self.at == At::Start)
    }

    /// The preliminary reply that stands in for a transfer's own. None where it stays as it is.
    #[must_use]
    pub fn preliminary(&self, task: Task) -> Option<Answer> {
        self.stand_ins(task).map(|(first, _)| first)
    }

    /// The rule's own answer in its protocol, where that is not the content of a transfer.
    fn own(&self, task: Task) -> Option<Own<'_>> {
        let action = &*self.action;
        let send = action.send.as_ref().filter(|_| self.content(task).is_none());
        let answer = match self.tongue {
            Tongue::Reply => action.reply.as_ref().map(Own::Reply),
            Tongue::Status => action.status.as_ref().map(Own::Status),
        };
        send.map(Own::Exactly).or(answer)
    }

    /// Whether the rule only slows, repeats, damages, claims or keeps, so that such an operation is done.
    fn goes_on(&self, task: Task) -> bool {
        let action = &*self.action;
        let no_answer = match self.tongue {
            Tongue::Reply => action.reply.is_none() || self.stand_ins(task).is_some(),
            Tongue::Status => action.status.is_none(),
        };
        let no_send = action.send.is_none() || self.content(task).is_some();
        let flows = matches!(action.data, None | Some(Ending::Flow)) || task == Task::Port;
        no_answer && no_send && flows && action.then.is_none()
    }

    /// The rule's preliminary reply, and its final one if it has both, where they only stand in for those of a transfer.
    fn stand_ins(&self, task: Task) -> Option<(Answer, Option<Answer>)> {
        let action = &*self.action;
        let goes_on = self.at == At::Start && action.data.is_none() && action.then.is_none();
        let only_stands_in = task.moves_data() && (goes_on || self.content(task).is_some());
        action.reply.as_ref().filter(|_| only_stands_in)?.preliminary()
    }

    /// Whether what is done is not what the client wanted: other bytes, or other files in the end.
    fn spoils(&self, task: Task) -> bool {
        // An answer that comes later than the next one is still right.
        self.action.damage.is_some_and(|damage| damage != Damage::Order)
            || self.action.keep.is_some_and(|keep| keep != Keep::All)
            || (task == Task::Down
                && (self.content(task).is_some() || self.action.repeat != Repeat::default()))
    }
}

impl Tongue {
    /// In what this protocol answers.
    pub(super) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Ftp | Protocol::Ftps => Self::Reply,
            Protocol::Sftp => Self::Status,
        }
    }
}

impl Action {
    /// Where the rule acts on such an operation (rule 12).
    pub(super) fn place(&self, tongue: Tongue, operation: Option<Operation>) -> At {
        match self.at {
            // The truth that a content quotes goes out with it.
            None | Some(At::Start) if self.is_content(tongue, operation) => At::Start,
            // What quotes the operation's answer or its port needs the operation done.
            None | Some(At::Start) if self.quotes_the_operation() => At::End,
            Some(at) => at,
            None if self.tells_success(tongue, operation) => At::End,
            None => At::Start,
        }
    }

    /// Whether it sends something in the place of a file's bytes or of a listing.
    fn is_content(&self, tongue: Tongue, operation: Option<Operation>) -> bool {
        let is_content = match operation {
            Some(Operation::Download) => true,
            // Requests of a listing are answered one by one.
            Some(Operation::List) => tongue == Tongue::Reply,
            _ => false,
        };
        is_content && self.send.is_some()
    }

    /// Whether the answer says that all went well, and stands alone. Then the operation is done first, and told in
    /// these words. A lie is written `at: start`.
    fn tells_success(&self, tongue: Tongue, operation: Option<Operation>) -> bool {
        let moves_data = operation.is_some_and(Operation::moves_data);
        if self.data.is_some() || self.send.is_some() {
            return false;
        }
        match tongue {
            // A preliminary reply stands in for that of a transfer, which goes on.
            Tongue::Reply => self.reply.as_ref().is_some_and(|reply| {
                reply.tells_success() && !(moves_data && reply.begins_with("1"))
            }),
            Tongue::Status => matches!(self.status, Some(Status::Code(0, _))),
        }
    }
}
