//! What russh hears, and what it is told.

use std::collections::HashMap;
use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use russh::keys::{PublicKey, PublicKeyBase64};
use russh::server::{
    Auth, ChannelOpenHandle, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey,
};
use russh::{Channel, ChannelId, ChannelMsg, ChannelOpenFailure, Pty, Sig};

use super::channel::{Hearing, STDERR, Speaking, halves};
use super::connection::{Connection, Counted};
use super::login::Attempt;
use super::message::split;
use super::moment::{ANSWER, Until, by_nature, texts};
use super::settings::Method;
use crate::engine::{DataFate, Ending, Event, Exit, Natural, Operation, Say, Task};
use crate::files::Account;
use crate::journal::Cause;
use crate::run::{Caller, Wait};
use crate::{scp, sftp};

/// Channels open at once, as OpenSSH's `MaxSessions`.
const MOST_CHANNELS: usize = 10;
/// What a client that wants more than files is told, as OpenSSH tells it.
const ONLY_SFTP: &[u8] = b"This service allows sftp connections only.\n";

pub(super) struct Handler {
    connection: Arc<Connection>,
    /// Channels nobody has asked anything of yet.
    fresh: HashMap<ChannelId, Channel<Msg>>,
    /// Requests for channels that are not answered any more.
    unanswered: Vec<ChannelOpenHandle>,
}

/// A channel as whoever serves it gets it.
struct Lent {
    caller: Caller,
    hearing: Hearing,
    speaking: Speaking,
}

impl Handler {
    pub(super) fn new(connection: &Arc<Connection>) -> Self {
        let (fresh, unanswered) = (HashMap::new(), Vec::new());
        Self { connection: Arc::clone(connection), fresh, unanswered }
    }

    /// Who has this key, if it may sign so.
    fn holder(&self, user: &str, key: &PublicKey, algorithm: &str) -> Option<Account> {
        let signatures = self.connection.shape.settings.algorithms.signatures.as_ref();
        let allowed = signatures.is_none_or(|known| known.iter().any(|name| name == algorithm));
        let known = allowed && self.connection.takes(Method::PublicKey);
        let accounts = &self.connection.run.accounts;
        accounts.log_in_by_key(user, &key.public_key_bytes()).filter(|_| known)
    }

    /// Who has this password.
    fn knower(&self, user: &str, password: &[u8], method: Method) -> Option<Account> {
        let known = self.connection.takes(method);
        self.connection.run.accounts.log_in(user, Some(password)).filter(|_| known)
    }

    async fn judge(&self, attempt: Attempt<'_>) -> Result<Auth, russh::Error> {
        let event = self.connection.decide_login(&attempt);
        self.connection.log_in(attempt, event).await
    }

    /// Lends a channel that nobody has asked anything of yet.
    fn lend(&mut self, channel: ChannelId) -> Option<Lent> {
        let connection = &self.connection;
        let account = connection.who.lock().account.clone()?;
        let (reader, writer) = self.fresh.remove(&channel)?.split();
        let caller = Caller {
            account,
            peer: connection.peer,
            protocol: connection.protocol,
            connection: connection.number,
            blame: connection.blame.clone(),
        };
        let (hearing, speaking) = halves(reader, writer, connection);
        Some(Lent { caller, hearing, speaking })
    }

    /// What is served on a channel, and its end.
    fn spawn(&self, channel: ChannelId, served: impl Future<Output = ()> + Send + 'static) {
        let connection = Arc::clone(&self.connection);
        self.connection.spawn(async move {
            served.await;
            // Who closes a channel first never hears of it from russh.
            connection.close(channel.into());
        });
    }

    /// A channel that wants no files is told so, and closed.
    fn only_sftp(
        &mut self,
        asked: Asked,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.fresh.remove(&channel);
        self.connection.close(channel.into());
        asked.succeed(channel, session)?;
        session.extended_data(channel, STDERR, ONLY_SFTP)?;
        session.exit_status_request(channel, 1)?;
        session.eof(channel)?;
        session.close(channel)
    }

    /// Asks about a request on a channel, which can be fulfilled or not, and does what a rule says.
    async fn spoilt(
        &mut self,
        channel: ChannelId,
        argument: &str,
        succeeds: bool,
        session: &mut Session,
    ) -> Result<Asked, russh::Error> {
        let connection = &self.connection;
        let user = connection.user();
        let event = connection.event(user.as_deref()).wire("SSH_MSG_CHANNEL_REQUEST");
        let event = Event { argument: Some(argument.as_bytes()), ..event };
        let Some(event) = connection.run.decide_if_ruled(&event, connection.peer) else {
            return Ok(Asked::Unanswered);
        };
        let natural = by_nature(&event, succeeds);
        let event = connection.meet(event, natural).await?;
        if natural == Natural::Failed {
            event.fail(Cause::Client, "");
        }
        let course = event.verdict().course(Task::Answer, natural);
        if course.say == Say::Natural {
            connection.wait(event, Until::Said(None));
            return Ok(Asked::Unanswered);
        }
        let (then, data, texts) =
            (course.then, course.data, texts(&course.say, connection.peer.ip()));
        let says = !texts.is_empty();
        let is_answered = texts.iter().any(|text| text == ANSWER);
        for text in texts {
            say(text, channel, session)?;
        }
        let ending = if let DataFate::Ends(ending) = data { Some(ending) } else { None };
        if is_answered && then.is_none() && ending.is_none() {
            connection.wait(event, Until::Said(None));
            return Ok(Asked::Answered);
        }
        if !is_answered {
            event.fail(Cause::Rule, "");
        }
        match (then, ending) {
            (Some(Ending::Exit(exit)), _) => end_with(exit, channel, session)?,
            (Some(_), _) => {
                connection.follow(event, natural, None).await?;
                return Ok(Asked::Over);
            }
            (None, Some(Ending::Eof)) => session.eof(channel)?,
            (None, Some(Ending::Cut | Ending::Reset)) => session.close(channel)?,
            (None, Some(ending @ (Ending::Close(_) | Ending::Stall))) => {
                let (connection, handle) = (Arc::clone(connection), session.handle());
                let closed = closed(self.fresh.remove(&channel));
                self.connection.spawn(async move {
                    if let Ending::Close(later) = ending {
                        connection.held_unless(&event, Wait::For(later), closed).await;
                        let _ = handle.exit_status_request(channel, 0).await;
                        let _ = handle.eof(channel).await;
                    } else {
                        connection.held_unless(&event, Wait::Stall, closed).await;
                    }
                    connection.over(event, None);
                    let _ = handle.close(channel).await;
                });
                return Ok(Asked::Over);
            }
            (None, _) => {}
        }
        if says {
            connection.wait(event, Until::Said(None));
        } else {
            connection.over(event, None);
        }
        Ok(Asked::Over)
    }
}

/// Waits until the client has closed a channel that nobody serves.
async fn closed(channel: Option<Channel<Msg>>) {
    let Some(mut channel) = channel else { return pending().await };
    while !matches!(channel.wait().await, Some(ChannelMsg::Close) | None) {}
}

/// What a rule has left of a request on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// All is to be done, and said.
    Unanswered,
    /// All is to be done, and the client knows.
    Answered,
    /// Nothing is.
    Over,
}

impl Asked {
    /// Tells the client that what it asked is done, if it does not know.
    fn succeed(self, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        if self == Self::Unanswered { session.channel_success(channel) } else { Ok(()) }
    }
}

/// Says a message on a channel, or else a text as its data.
fn say(text: Vec<u8>, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
    match split(&text) {
        ("SSH_MSG_CHANNEL_FAILURE", _) => session.channel_failure(channel),
        ("SSH_MSG_CHANNEL_SUCCESS", _) => session.channel_success(channel),
        ("SSH_MSG_CHANNEL_EXTENDED_DATA", rest) => {
            session.extended_data(channel, STDERR, rest.to_vec())
        }
        _ if text == ANSWER => session.channel_success(channel),
        _ => session.data(channel, text),
    }
}

/// `SSH_MSG_CHANNEL_OPEN_FAILURE` as a rule says it: its reason and its text.
fn refusal(say: &Say<'_>, client: IpAddr) -> Option<ChannelOpenFailure> {
    let text = texts(say, client).into_iter().next()?;
    let ("SSH_MSG_CHANNEL_OPEN_FAILURE", fields) = split(&text) else { return None };
    let (code, reason) = split(fields);
    let code = code.parse().ok()?;
    Some(ChannelOpenFailure::Other { code, reason: String::from_utf8_lossy(reason).into_owned() })
}

/// Ends a channel as a program's end does.
fn end_with(exit: Exit, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
    match exit {
        Exit::Status(status) => session.exit_status_request(channel, status)?,
        Exit::Signal(name) => {
            session.exit_signal_request(channel, Sig::Custom(name.to_owned()), false, "", "")?;
        }
    }
    session.eof(channel)?;
    session.close(channel)
}

impl russh::server::Handler for Handler {
    type Error = russh::Error;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        let known = self.connection.takes(Method::None);
        let account = self.connection.run.accounts.log_in(user, None).filter(|_| known);
        let method = Method::None;
        self.judge(Attempt { user, method, argument: None, account, probe: false }).await
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        let method = Method::Password;
        let account = self.knower(user, password.as_bytes(), method);
        self.judge(Attempt { user, method, argument: None, account, probe: false }).await
    }

    /// A key that will not do is refused before anything is signed. One that will is judged when it has signed: the
    /// client has not tried to log in yet.
    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        let (method, algorithm) = (Method::PublicKey, offer.algorithm.as_str());
        let account = self.holder(user, offer.public_key, algorithm);
        let (known, argument) = (account.is_some(), Some(algorithm));
        let attempt = Attempt { user, method, argument, account, probe: true };
        match self.connection.decide_login(&attempt) {
            Some(event) if known && event.verdict().plan(Task::Answer).perform => {
                let key = offer.public_key.public_key_bytes();
                self.connection.wait(event, Until::Signed(key));
                Ok(Auth::Accept)
            }
            event => self.connection.log_in(attempt, event).await,
        }
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        let (method, algorithm) = (Method::PublicKey, key.algorithm.as_str());
        let account = self.holder(user, key.public_key, algorithm);
        let attempt = Attempt { user, method, argument: Some(algorithm), account, probe: false };
        match self.connection.take(&Until::Signed(key.public_key.public_key_bytes())) {
            Some(event) => self.connection.log_in(attempt, Some(event)).await,
            None => self.judge(attempt).await,
        }
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        let Some(mut response) = response else {
            let prompts = self.connection.shape.settings.prompts.iter();
            return Ok(Auth::Partial {
                name: "".into(),
                instructions: "".into(),
                prompts: prompts.map(|prompt| (prompt.clone().into(), false)).collect(),
            });
        };
        let password = response.next().unwrap_or_default();
        let method = Method::KeyboardInteractive;
        let account = self.knower(user, &password, method);
        self.judge(Attempt { user, method, argument: None, account, probe: false }).await
    }

    async fn authentication_banner(&mut self) -> Result<Option<String>, Self::Error> {
        Ok(self.connection.shape.settings.banner.clone())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        let user = self.connection.user();
        let event: Event<'_> = self.connection.event(user.as_deref());
        let event = event.operation(Operation::Channel).wire("SSH_MSG_CHANNEL_OPEN");
        let event = Event { argument: Some(b"session"), ..event };
        let (connection, id) = (Arc::clone(&self.connection), channel.id());
        let client = connection.peer.ip();
        let counted = Counted::Channel(id.into());
        let event = connection.decide(&event);
        let is_full = connection.channels_open() >= MOST_CHANNELS;
        let natural = if is_full { Natural::Failed } else { by_nature(&event, true) };
        let event = connection.meet(event, natural).await?;
        let course = event.verdict().course(Task::Answer, natural);
        let refusal = match (&course.say, natural) {
            (Say::Nothing, _) if course.then.is_some() => {
                connection.follow(event, natural, None).await?;
                self.unanswered.push(reply);
                return Ok(());
            }
            (Say::Nothing, _) if !matches!(course.data, DataFate::Ends(ending) if ending != Ending::Stall) =>
            {
                connection.open.lock().insert(counted, None);
                self.connection.spawn(async move {
                    connection.held(&event, Wait::Stall).await;
                    connection.over(event, None);
                    connection.close(id.into());
                    drop(reply);
                });
                return Ok(());
            }
            (_, Natural::Failed) => Some(ChannelOpenFailure::ResourceShortage),
            (say, Natural::NotDone) => {
                Some(refusal(say, client).unwrap_or(ChannelOpenFailure::ConnectFailed))
            }
            (say, _) => refusal(say, client),
        };
        let then = course.then;
        if let Some(refusal) = refusal {
            event.fail(if is_full { Cause::Client } else { Cause::Rule }, "");
            connection.once_said(event, None, then);
            reply.reject(refusal).await;
            return Ok(());
        }
        connection.open.lock().insert(counted, None);
        connection.once_said(event, Some(counted), then);
        self.fresh.insert(id, channel);
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(
        &mut self,
        channel: ChannelId,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        self.fresh.remove(&channel);
        self.connection.close(channel.into());
        Ok(())
    }

    fn adjust_window(&mut self, _: ChannelId, current: u32) -> u32 {
        // Of a target of one byte, russh never grants the half.
        if self.connection.grants_nothing.load(Ordering::Relaxed) { 1 } else { current }
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let asked =
            self.spoilt(channel, &format!("subsystem {name}"), name == "sftp", session).await?;
        if asked == Asked::Over {
            return Ok(());
        }
        let Some(lent) = Some(name).filter(|name| *name == "sftp").and_then(|_| self.lend(channel))
        else {
            return session.channel_failure(channel);
        };
        asked.succeed(channel, session)?;
        let (run, settings) =
            (Arc::clone(&self.connection.run), Arc::clone(&self.connection.shape.sftp));
        let served = sftp::serve(lent.caller, lent.hearing, lent.speaking, run, settings);
        self.spawn(channel, served);
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let argument = format!("exec {}", String::from_utf8_lossy(command));
        let asked = self.spoilt(channel, &argument, true, session).await?;
        if asked == Asked::Over {
            return Ok(());
        }
        let Some(command) = scp::Command::read(command) else {
            return self.only_sftp(asked, channel, session);
        };
        let Some(lent) = self.lend(channel) else {
            return session.channel_failure(channel);
        };
        asked.succeed(channel, session)?;
        let run = Arc::clone(&self.connection.run);
        let served = scp::serve(lent.caller, lent.hearing, lent.speaking, run, command);
        self.spawn(channel, served);
        Ok(())
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        match self.spoilt(channel, "shell", true, session).await? {
            Asked::Over => Ok(()),
            asked => self.only_sftp(asked, channel, session),
        }
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn signal(&mut self, _: ChannelId, _: Sig, _: &mut Session) -> Result<(), Self::Error> {
        Ok(())
    }
}
