//! Logins: each authentication request that can be judged is an event (RFC 4252, section 5).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use russh::server::Auth;

use super::connection::{Connection, Counted};
use super::message::split;
use super::moment::{by_nature, texts};
use super::settings::Method;
use super::shape::methods;
use crate::engine::{Event, Natural, Operation, Say, Task};
use crate::files::Account;
use crate::journal::Cause;
use crate::run::Pending;

/// As many refused logins as OpenSSH takes (`MaxAuthTries`), and how it leaves then.
const MOST_REFUSALS: usize = 6;
const BY_PROTOCOL: u32 = 2;
const TOO_MANY: &[u8] = b"Too many authentication failures";

/// One attempt.
pub(super) struct Attempt<'a> {
    pub(super) user: &'a str,
    pub(super) method: Method,
    /// The algorithm of a key.
    pub(super) argument: Option<&'a str>,
    /// Who it is, if that is true.
    pub(super) account: Option<Account>,
    /// A key that has not signed yet.
    pub(super) probe: bool,
}

impl Attempt<'_> {
    /// A client that only asks for the methods does not try to log in.
    fn asks(&self) -> bool {
        self.method == Method::None && self.account.is_none()
    }
}

impl Connection {
    /// Asks the engine about an attempt. A question for the methods is no event unless a rule acts on it.
    pub(super) fn decide_login(&self, attempt: &Attempt<'_>) -> Option<Pending> {
        self.who.lock().name = Some(attempt.user.to_owned());
        let event = Event {
            method: Some(attempt.method.word()),
            argument: attempt.argument.map(str::as_bytes),
            ..self.event(Some(attempt.user))
        };
        let event = event.wire("SSH_MSG_USERAUTH_REQUEST");
        if attempt.asks() {
            return self.run.decide_if_ruled(&event, self.peer);
        }
        Some(self.decide(&event.operation(Operation::Login)))
    }

    /// Judges an attempt. Nothing is said of a connection that a rule has ended.
    pub(super) async fn log_in(
        self: &Arc<Self>,
        attempt: Attempt<'_>,
        event: Option<Pending>,
    ) -> Result<Auth, russh::Error> {
        let Some(event) = event else { return Ok(self.refusal()) };
        let asks = attempt.asks();
        let natural = by_nature(&event, attempt.account.is_some());
        let event = self.meet(event, natural).await?;
        let refusal = self.said_refusal(&event.verdict().course(Task::Answer, natural).say);
        if refusal.is_some() {
            event.fail(Cause::Rule, "");
        } else if natural == Natural::Failed && !asks {
            event.fail(Cause::Client, "");
        }
        self.follow(event, natural, Some(Counted::Login)).await?;
        let is_let_in = matches!(natural, Natural::Done(_)) && refusal.is_none();
        match attempt.account.filter(|_| is_let_in) {
            Some(account) => Ok(self.passed(attempt.method, account)),
            None if asks => Ok(refusal.unwrap_or_else(|| self.refusal())),
            None => self.denied(attempt.probe, refusal).await,
        }
    }

    /// A method was passed; perhaps another is wanted, too.
    fn passed(&self, method: Method, account: Account) -> Auth {
        let mut who = self.who.lock();
        who.passed.push(method);
        if !self.shape.settings.methods.contains(&who.passed) {
            drop(who);
            let proceed_with_methods = Some(methods(self.wanted().iter()));
            return Auth::Reject { proceed_with_methods, partial_success: true };
        }
        who.account = Some(account);
        drop(who);
        self.open.lock().insert(Counted::Login, None);
        Auth::Accept
    }

    /// A refused login is an event of its own, whose natural answer is the refusal.
    async fn denied(
        self: &Arc<Self>,
        probe: bool,
        refusal: Option<Auth>,
    ) -> Result<Auth, russh::Error> {
        let user = self.user();
        let event = self.decide(&self.event(user.as_deref()).operation(Operation::Denied));
        let natural = by_nature(&event, true);
        let event = self.meet(event, natural).await?;
        let own = self.said_refusal(&event.verdict().course(Task::Answer, natural).say);
        let is_ruled = event.verdict().rule.is_some();
        self.follow(event, natural, None).await?;
        if !is_ruled && self.has_tried_enough(refusal.as_ref()) {
            self.disconnect(BY_PROTOCOL, TOO_MANY).await;
        }
        // russh says its answer first. After a refusal a client may leave before it hears why; one whose key would do
        // stays to sign.
        if probe && self.takes_leave() {
            return Ok(Auth::Accept);
        }
        Ok(own.or(refusal).unwrap_or_else(|| self.refusal()))
    }

    /// Counts a refusal. One that is a partial success is none.
    fn has_tried_enough(&self, refusal: Option<&Auth>) -> bool {
        let partial = matches!(refusal, Some(Auth::Reject { partial_success: true, .. }));
        !partial && self.refused.fetch_add(1, Ordering::Relaxed) + 1 >= MOST_REFUSALS
    }

    /// All methods go on: OpenSSH takes none away either.
    fn refusal(&self) -> Auth {
        let proceed_with_methods = Some(methods(self.wanted().iter()));
        Auth::Reject { proceed_with_methods, partial_success: false }
    }

    /// `SSH_MSG_USERAUTH_FAILURE`, as a rule says it: with `partial`, if it is one, and the methods that go on.
    fn said_refusal(&self, say: &Say<'_>) -> Option<Auth> {
        let text = texts(say, self.peer.ip()).into_iter().next()?;
        let ("SSH_MSG_USERAUTH_FAILURE", fields) = split(&text) else { return None };
        let fields = String::from_utf8_lossy(fields).into_owned();
        let words = || fields.split([' ', ',']).filter(|word| !word.is_empty());
        let named: Vec<Method> = words()
            .filter_map(|word| Method::ALL.into_iter().find(|(_, name)| *name == word))
            .map(|(method, _)| method)
            .collect();
        let offered = if named.is_empty() { self.wanted() } else { named };
        Some(Auth::Reject {
            proceed_with_methods: Some(methods(offered.iter())),
            partial_success: words().any(|word| word == "partial"),
        })
    }

    /// Whether a method is one of those that are wanted now.
    pub(super) fn takes(&self, method: Method) -> bool {
        self.wanted().contains(&method)
    }

    /// The methods that are wanted now: in each chain whose beginning was passed, the next.
    fn wanted(&self) -> Vec<Method> {
        let passed = self.who.lock().passed.clone();
        let chains = self.shape.settings.methods.iter();
        let next = chains.filter(|chain| chain.starts_with(&passed));
        next.filter_map(|chain| chain.get(passed.len())).copied().collect()
    }
}
