//! What a session knows, for those who do its requests.

use std::sync::Arc;

use super::opened::OpenThings;
use super::settings::Settings;
use crate::files::{Account, Stat};
use crate::run::{Caller, Filling, Run};

/// The state of one session.
#[derive(Debug)]
pub(super) struct State {
    pub(super) run: Arc<Run>,
    pub(super) settings: Arc<Settings>,
    pub(super) caller: Caller,
    pub(super) open: OpenThings,
    /// Versions were exchanged.
    pub(super) begun: bool,
}

/// What fills the placeholders of what a rule says of a path, in the place of this.
pub(super) fn filling<'a>(
    caller: &'a Caller,
    path: &'a [u8],
    stat: Option<Stat>,
    answer: &'a [u8],
) -> Filling<'a> {
    let user = caller.account.login();
    Filling { path, stat, user, ..Filling::answering(caller.peer.ip(), answer) }
}

impl State {
    pub(super) fn account(&self) -> &Account {
        &self.caller.account
    }
}
