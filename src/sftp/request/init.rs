//! The beginning.

use super::{Done, EXTENSIONS};
use crate::sftp::answer::Answer;
use crate::sftp::codec::Packet;
use crate::sftp::kinds::VERSION;
use crate::sftp::state::State;

/// `SSH_FXP_INIT`: our version, whatever the client's, and our extensions. Its version stands where a request has
/// its id.
pub(super) fn init(state: &mut State) -> Done {
    state.begun = true;
    let packet = Packet::new(VERSION).number(state.settings.version);
    let packet = state.settings.extensions.iter().fold(packet, |packet, name| {
        let known = EXTENSIONS.iter().find(|extension| extension.name == name);
        // What nobody knows has a version, too.
        let data = known.map_or("1", |extension| extension.data);
        packet.string(name.as_bytes()).string(data.as_bytes())
    });
    Answer::Packet(packet.finish()).into()
}
