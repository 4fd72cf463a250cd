//! What russh hears, and what it is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use russh::keys::{PublicKey, PublicKeyBase64};
use russh::server::{
    Auth, ChannelOpenHandle, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey,
};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty, Sig};

use super::channel::{Hearing, Speaking};
use super::connection::{Connection, Counted};
use super::login::Attempt;
use super::settings::Method;
use crate::engine::{Ending, Event, Operation};
use crate::files::Account;
use crate::sftp::{self, Caller};

/// Channels open at once, as OpenSSH's `MaxSessions`.
const MOST_CHANNELS: usize = 10;
/// What a client that wants more than files is told, as OpenSSH tells it.
const ONLY_SFTP: &[u8] = b"This service allows sftp connections only.\n";

pub(super) struct Handler {
    connection: Arc<Connection>,
    /// Channels nobody has asked anything of yet.
    fresh: HashMap<ChannelId, Channel<Msg>>,
}

impl Handler {
    pub(super) fn new(connection: &Arc<Connection>) -> Self {
        Self { connection: Arc::clone(connection), fresh: HashMap::new() }
    }

    /// Who has this key.
    fn holder(&self, user: &str, key: &PublicKey) -> Option<Account> {
        let known = self.connection.takes(Method::PublicKey);
        let accounts = &self.connection.run.accounts;
        accounts.log_in_by_key(user, &key.public_key_bytes()).filter(|_| known)
    }

    /// Who has this password.
    fn knower(&self, user: &str, password: &[u8], method: Method) -> Option<Account> {
        let known = self.connection.takes(method);
        self.connection.run.accounts.log_in(user, Some(password)).filter(|_| known)
    }

    /// A channel that wants no files is told so, and closed.
    fn only_sftp(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        self.fresh.remove(&channel);
        self.connection.close(channel.into());
        session.channel_success(channel)?;
        session.extended_data(channel, 1, ONLY_SFTP)?;
        session.exit_status_request(channel, 1)?;
        session.eof(channel)?;
        session.close(channel)
    }
}

impl russh::server::Handler for Handler {
    type Error = russh::Error;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        let known = self.connection.takes(Method::None);
        let account = self.connection.run.accounts.log_in(user, None).filter(|_| known);
        let attempt = Attempt { user, method: Method::None, argument: None, account };
        self.connection.log_in(attempt).await
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        let account = self.knower(user, password.as_bytes(), Method::Password);
        let attempt = Attempt { user, method: Method::Password, argument: None, account };
        self.connection.log_in(attempt).await
    }

    /// A key that will not do is refused before anything is signed. One that will is judged when it has signed: the
    /// client has not tried to log in yet.
    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        if self.holder(user, offer.public_key).is_some() {
            return Ok(Auth::Accept);
        }
        let argument = Some(offer.algorithm.as_str());
        let attempt = Attempt { user, method: Method::PublicKey, argument, account: None };
        self.connection.log_in(attempt).await
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        let account = self.holder(user, key.public_key);
        let argument = Some(key.algorithm.as_str());
        let attempt = Attempt { user, method: Method::PublicKey, argument, account };
        self.connection.log_in(attempt).await
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        let Some(mut response) = response else {
            return Ok(Auth::Partial {
                name: "".into(),
                instructions: "".into(),
                prompts: vec![("Password: ".into(), false)].into(),
            });
        };
        let password = response.next().unwrap_or_default();
        let method = Method::KeyboardInteractive;
        let account = self.knower(user, &password, method);
        self.connection.log_in(Attempt { user, method, argument: None, account }).await
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
        let (verdict, open) = self.connection.run.decide(&event);
        if self.connection.obey(&verdict, &event).await {
            return Err(russh::Error::Disconnect);
        }
        if self.connection.channels_open() >= MOST_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        self.connection.open.lock().insert(Counted::Channel(channel.id().into()), open);
        if verdict.action.data == Some(Ending::Stall) {
            // It is refused when the cap on stalls is reached.
            let connection = Arc::clone(&self.connection);
            tokio::spawn(async move {
                tokio::time::sleep(connection.run.max_hold).await;
                connection.close(channel.id().into());
                drop(reply);
            });
            return Ok(());
        }
        if Connection::replaces(&verdict) {
            self.connection.close(channel.id().into());
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        }
        self.fresh.insert(channel.id(), channel);
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
        let account = self.connection.who.lock().account.clone();
        let fresh = self.fresh.remove(&channel).filter(|_| name == "sftp");
        let (Some(fresh), Some(account)) = (fresh, account) else {
            return session.channel_failure(channel);
        };
        session.channel_success(channel)?;
        let (reader, writer) = fresh.split();
        let connection = &self.connection;
        let caller = Caller {
            account,
            peer: connection.peer,
            protocol: connection.protocol,
            connection: connection.number,
        };
        let (run, settings) = (Arc::clone(&connection.run), Arc::clone(&connection.shape.sftp));
        let speaking = Speaking::new(writer, connection);
        let mut channels = connection.channels.lock();
        while channels.try_join_next().is_some() {}
        let served = sftp::serve(caller, Hearing(reader), speaking, run, settings);
        let connection = Arc::clone(connection);
        channels.spawn(async move {
            served.await;
            // Who closes a channel first never hears of it from russh.
            connection.close(channel.into());
        });
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.only_sftp(channel, session)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.only_sftp(channel, session)
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
