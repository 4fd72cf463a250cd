//! The beginning.

use super::{Asked, Done, EXTENSIONS, Failure};
use crate::sftp::answer::Answer;
use crate::sftp::codec::Packet;
use crate::sftp::kinds::VERSION;
use crate::sftp::session::Session;

/// `SSH_FXP_INIT`: our version, whatever the client's, and our extensions. Its version stands where a request has
/// its id.
pub(super) fn init(session: &mut Session, _: &mut Asked) -> Result<Done, Failure> {
    session.begun = true;
    let packet = Packet::new(VERSION).number(session.settings.version);
    let known = EXTENSIONS.iter().filter(|extension| session.settings.knows(extension.name));
    let packet = known.fold(packet, |packet, extension| {
        packet.string(extension.name.as_bytes()).string(extension.data.as_bytes())
    });
    Ok(Answer::Packet(packet.finish()).into())
}
