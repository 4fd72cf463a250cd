//! Logins: each authentication request that can be judged is an event (RFC 4252, section 5).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use russh::server::Auth;
use tokio::time::sleep;

use super::connection::{Connection, Counted};
use super::message::split;
use super::settings::Method;
use super::shape::methods;
use crate::engine::{Answer, At, Event, Operation, Status, Step, Verdict};
use crate::fault::pace::pause;
use crate::files::Account;
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::Open;

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

/// What was decided of an attempt. A key is decided of when it is offered, and judged when it has signed.
#[derive(Debug)]
pub(super) struct Decided {
    verdict: Verdict,
    open: Open,
}

impl Decided {
    /// Whether a rule acts before anything is signed.
    pub(super) fn at_once(&self) -> bool {
        Connection::replaces(&self.verdict)
    }
}

impl Connection {
    /// Asks the engine about an attempt.
    pub(super) fn decide_login(self: &Arc<Self>, attempt: &Attempt<'_>) -> Decided {
        self.who.lock().name = Some(attempt.user.to_owned());
        let (verdict, open) = self.run.decide(&self.login_event(attempt));
        Decided { verdict, open }
    }

    fn login_event<'a>(&self, attempt: &Attempt<'a>) -> Event<'a> {
        let event = Event {
            method: Some(attempt.method.word()),
            argument: attempt.argument.map(str::as_bytes),
            ..self.event(Some(attempt.user))
        };
        let event = event.wire("SSH_MSG_USERAUTH_REQUEST");
        if attempt.asks() { event } else { event.operation(Operation::Login) }
    }

    /// Judges an attempt. Nothing is said of a connection that a rule has ended.
    pub(super) async fn log_in(
        self: &Arc<Self>,
        attempt: Attempt<'_>,
        decided: Decided,
    ) -> Result<Auth, russh::Error> {
        let Decided { verdict, open } = decided;
        let event = self.login_event(&attempt);
        let happening = Happening::of(&event, self.peer, Some(&verdict), Secrecy::Open);
        let (asks, probe, method) = (attempt.asks(), attempt.probe, attempt.method);
        let mut outcome = Outcome::default();
        let acts = verdict.rule.is_some();
        let account = attempt.account.filter(|_| !Self::replaces(&verdict));
        outcome.fired = acts && (verdict.at == At::Start || account.is_some());
        if outcome.fired {
            pause(verdict.delay).await;
        }
        let refusal = outcome.fired.then(|| self.said_refusal(&verdict)).flatten();
        let account = account.filter(|_| refusal.is_none());
        if account.is_none() && !asks {
            let by_rule = Self::replaces(&verdict) || refusal.is_some();
            outcome.fail(if by_rule { Cause::Rule } else { Cause::Client }, "");
        }
        let fired = outcome.fired;
        if fired && verdict.action.spoils() {
            outcome.fail(Cause::Rule, verdict.description());
        }
        if !asks || acts {
            self.run.record(happening, outcome);
        }
        if fired && verdict.action.status == Some(Status::Silence) {
            sleep(self.run.max_hold).await;
            return Err(russh::Error::Disconnect);
        }
        let answered = verdict.action.send.is_some();
        if fired && !answered && self.end(verdict.action.then, &verdict.action.farewell).await {
            return Err(russh::Error::Disconnect);
        }
        if fired && answered {
            self.end_soon(&verdict);
        }
        match account {
            Some(account) => Ok(self.passed(method, account, open)),
            None if asks => Ok(self.refusal()),
            None => self.denied(probe, refusal).await,
        }
    }

    /// A method was passed; perhaps another is wanted, too.
    fn passed(&self, method: Method, account: Account, open: Open) -> Auth {
        let mut who = self.who.lock();
        who.passed.push(method);
        if !self.shape.settings.methods.contains(&who.passed) {
            drop(who);
            let proceed_with_methods = Some(methods(self.wanted().iter()));
            return Auth::Reject { proceed_with_methods, partial_success: true };
        }
        who.account = Some(account);
        drop(who);
        self.open.lock().insert(Counted::Login, open);
        Auth::Accept
    }

    /// A refused login is an event of its own.
    async fn denied(
        self: &Arc<Self>,
        probe: bool,
        refusal: Option<Auth>,
    ) -> Result<Auth, russh::Error> {
        let user = self.user();
        let event = self.event(user.as_deref()).operation(Operation::Denied);
        let (verdict, _open) = self.run.decide(&event);
        if self.obey(&verdict, &event).await {
            return Err(russh::Error::Disconnect);
        }
        if verdict.rule.is_none() && self.has_tried_enough(refusal.as_ref()) {
            self.disconnect(BY_PROTOCOL, TOO_MANY).await;
        }
        if verdict.action.status == Some(Status::Silence) {
            sleep(self.run.max_hold).await;
            return Err(russh::Error::Disconnect);
        }
        // russh says its answer first. After a refusal a client may leave before it hears why; one whose key would do
        // stays to sign.
        if probe && self.takes_leave() {
            return Ok(Auth::Accept);
        }
        Ok(self.said_refusal(&verdict).or(refusal).unwrap_or_else(|| self.refusal()))
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
    fn said_refusal(&self, verdict: &Verdict) -> Option<Auth> {
        let Some(Answer::Steps(steps)) = &verdict.action.send else { return None };
        let text = steps.iter().find_map(|step| match step {
            Step::Say(template) => Some(template.render(|_, _| {})),
            Step::Pause(_) => None,
        })?;
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
