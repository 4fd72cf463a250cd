//! Logins: each authentication request that can be judged is an event (RFC 4252, section 5).

use std::sync::Arc;

use russh::server::Auth;

use super::connection::{Connection, Counted};
use super::settings::Method;
use crate::engine::{At, Event, Operation};
use crate::fault::pace::pause;
use crate::files::Account;
use crate::journal::{Cause, Happening, Outcome, Secrecy};

/// One attempt.
pub(super) struct Attempt<'a> {
    pub(super) user: &'a str,
    pub(super) method: Method,
    /// The algorithm of a key.
    pub(super) argument: Option<&'a str>,
    /// Who it is, if that is true.
    pub(super) account: Option<Account>,
}

impl Connection {
    /// Judges an attempt. Nothing is said of a connection that a rule has ended.
    pub(super) async fn log_in(
        self: &Arc<Self>,
        attempt: Attempt<'_>,
    ) -> Result<Auth, russh::Error> {
        self.who.lock().name = Some(attempt.user.to_owned());
        let user = Some(attempt.user.to_owned());
        let event = Event {
            method: Some(attempt.method.word()),
            argument: attempt.argument.map(str::as_bytes),
            ..self.event(user.as_deref())
        }
        .wire("SSH_MSG_USERAUTH_REQUEST");
        // A client that only asks for the methods does not try to log in.
        let asks = attempt.method == Method::None && attempt.account.is_none();
        let event = if asks { event } else { event.operation(Operation::Login) };
        let (verdict, open) = self.run.decide(&event);
        let happening = Happening::of(&event, self.peer, verdict.origin.as_ref(), Secrecy::Open);
        let mut outcome = Outcome::default();
        let acts = verdict.rule.is_some();
        let account = attempt.account.filter(|_| !Self::replaces(&verdict));
        outcome.fired = acts && (verdict.at == At::Start || account.is_some());
        if outcome.fired {
            pause(verdict.delay).await;
        }
        if account.is_none() && !asks {
            outcome.fail(if Self::replaces(&verdict) { Cause::Rule } else { Cause::Client }, "");
        }
        if acts && verdict.action.spoils() && outcome.fired {
            outcome.fail(Cause::Rule, verdict.description());
        }
        if !asks || acts {
            self.run.record(happening, outcome.clone());
        }
        if outcome.fired && self.end(verdict.action.then).await {
            return Err(russh::Error::Disconnect);
        }
        match account {
            Some(account) => {
                self.who.lock().account = Some(account);
                self.open.lock().insert(Counted::Login, open);
                Ok(Auth::Accept)
            }
            None if asks => Ok(self.refusal()),
            None => self.denied().await,
        }
    }

    /// A refused login is an event of its own.
    async fn denied(self: &Arc<Self>) -> Result<Auth, russh::Error> {
        let user = self.user();
        let event = self.event(user.as_deref()).operation(Operation::Denied);
        let (verdict, _open) = self.run.decide(&event);
        if self.obey(&verdict, &event).await {
            Err(russh::Error::Disconnect)
        } else {
            Ok(self.refusal())
        }
    }

    /// All methods go on: OpenSSH takes none away either.
    fn refusal(&self) -> Auth {
        Auth::Reject { proceed_with_methods: Some(self.shape.methods()), partial_success: false }
    }

    /// Whether a method is one of the server's.
    pub(super) fn takes(&self, method: Method) -> bool {
        self.shape.settings.methods.contains(&method)
    }
}
