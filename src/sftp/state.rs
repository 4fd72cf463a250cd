//! What a session knows, for those who do its requests.

use std::sync::Arc;

use super::opened::OpenThings;
use super::settings::Settings;
use crate::files::Account;
use crate::run::{Caller, Run};

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

impl State {
    pub(super) fn account(&self) -> &Account {
        &self.caller.account
    }
}
