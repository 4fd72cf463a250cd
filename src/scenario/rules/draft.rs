//! A rule as it was written: nothing of it has been compared with anything yet.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{
    Action, Answer, At, CERTAIN, Certificate, Claim, Count, Damage, Delay, Ending, HostKey, Keep,
    Limit, Part, Protocol, Range, Repeat, Rule, Silence, Status, Step, Template,
};
use crate::scenario::filters::{Filtered, Filters};
use crate::scenario::source::Source;
use crate::scenario::word::FTP;
use crate::scenario::yaml::{Span, Spanned};

/// What was written of a rule. A value that was wrong is missing here, though its key is in `written`.
#[derive(Debug, Default)]
pub(in crate::scenario) struct Draft {
    filters: Filters,
    pub(super) states: Vec<Spanned<String>>,
    pub(super) skip: Option<u64>,
    pub(super) times: Option<u64>,
    pub(super) lasting: Option<Duration>,
    pub(super) chance: Option<u32>,
    pub(super) limit: Option<Limit>,
    pub(super) fires: Option<Range<u64>>,
    pub(super) delay: Option<Delay>,
    pub(super) rate: Option<u64>,
    pub(super) chunk: Option<u64>,
    pub(super) at: Option<At>,
    pub(super) reply: Option<Answer>,
    pub(super) status: Option<Status>,
    pub(super) send: Option<Answer>,
    pub(super) claims: Vec<Spanned<Claim>>,
    pub(super) repeat: Option<Repeat>,
    pub(super) damage: Option<Damage>,
    pub(super) certificate: Option<Certificate>,
    pub(super) data: Option<Ending>,
    pub(super) keep: Option<Keep>,
    pub(super) then: Option<Ending>,
    pub(super) farewell: Vec<u8>,
    pub(super) host_key: HostKey,
    pub(super) goto: Option<String>,
}

/// A rule is its filters and what it does, and mostly asked for both at once.
impl Deref for Draft {
    type Target = Filters;

    fn deref(&self) -> &Filters {
        &self.filters
    }
}

impl Filtered for Draft {
    fn filters(&mut self) -> &mut Filters {
        &mut self.filters
    }
}

impl Draft {
    pub(super) fn new(span: Span, sentence: Arc<str>) -> Self {
        Self { filters: Filters { span, sentence, ..Filters::default() }, ..Self::default() }
    }

    /// The protocols it holds in; none are all (law 3).
    pub(super) fn holds_in(&self) -> Vec<Protocol> {
        if let Some(named) = self.named_protocols() {
            return named;
        }
        if self.speaks_ssh() || self.of_requests().is_some() {
            return vec![Protocol::Sftp];
        }
        let alerts = [self.data, self.then].into_iter().flatten();
        let tls_only = self.damage == Some(Damage::Mac)
            || self.certificate.is_some()
            || !self.tls.is_empty()
            || self.silences.iter().any(|silence| silence.value != Silence::Commands)
            || alerts.into_iter().any(|ending| matches!(ending, Ending::Alert(_)));
        if (self.has("reply") && !self.has("status")) || tls_only {
            return FTP.to_vec();
        }
        if (self.has("status") && !self.has("reply")) || self.is_about_packets() {
            return vec![Protocol::Sftp];
        }
        self.heard_in()
    }

    /// Whether it claims or damages what only packets have: fields, which a text has not.
    pub(super) fn is_about_packets(&self) -> bool {
        let field = |claim: &Claim| {
            use Claim::{Count, Figure, Id, Length, Longname, Number};
            matches!(claim, Longname(_) | Id(_) | Number(_) | Length(_) | Count(_) | Figure(..))
        };
        matches!(self.damage, Some(Damage::Short | Damage::Long))
            || self.claims.iter().any(|claim| field(&claim.value))
    }

    /// Whether it says or does what only SSH can.
    pub(super) fn speaks_ssh(&self) -> bool {
        let exits = matches!(self.then, Some(Ending::Exit(_) | Ending::Disconnect(_)));
        exits || self.has("host-key") || self.messages().next().is_some()
    }

    /// The messages of SSH that it says, by name.
    pub(super) fn messages(&self) -> impl Iterator<Item = &str> {
        let steps = match &self.send {
            Some(Answer::Steps(steps)) => steps.as_slice(),
            _ => &[],
        };
        steps.iter().filter_map(|step| match step {
            Step::Say(Template(parts)) => message(parts.first()?),
            Step::Pause(_) => None,
        })
    }

    /// The rule as the engine knows it.
    pub(super) fn into_rule(self, source: &Source) -> Rule {
        let origin = self.origin(source);
        let per = self.per();
        let protocols = self.holds_in();
        let states = self.states.into_iter().map(|state| state.value).collect();
        let pattern = self.filters.into_pattern(protocols, states);
        let count = Count {
            skip: self.skip.unwrap_or(0),
            times: self.times,
            lasting: self.lasting,
            chance: self.chance.unwrap_or(CERTAIN),
            per,
            limit: self.limit,
            fires: self.fires.unwrap_or(Range::at_least(1)),
        };
        let action = Action {
            certificate: self.certificate,
            delay: self.delay,
            rate: self.rate,
            chunk: self.chunk,
            at: self.at,
            reply: self.reply,
            status: self.status,
            send: self.send,
            claims: self.claims.into_iter().map(|claim| claim.value).collect(),
            repeat: self.repeat.unwrap_or_default(),
            damage: self.damage,
            data: self.data,
            keep: self.keep,
            then: self.then,
            farewell: self.farewell,
            host_key: self.host_key,
            goto: self.goto,
        };
        Rule::new(origin, pattern, count, action)
    }
}

/// The name of the message of SSH that a text begins with.
fn message(part: &Part) -> Option<&str> {
    let Part::Bytes(bytes) = part else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    text.split(' ').next().filter(|word| word.starts_with("SSH_MSG_"))
}
