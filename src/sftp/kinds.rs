//! The kinds of packets that a server sends (draft-ietf-secsh-filexfer-02, section 3). Those of a client are rows of
//! the table of requests.

pub(super) const VERSION: u8 = 2;
pub(super) const STATUS: u8 = 101;
pub(super) const HANDLE: u8 = 102;
pub(super) const DATA: u8 = 103;
pub(super) const NAME: u8 = 104;
pub(super) const ATTRIBUTES: u8 = 105;
pub(super) const EXTENDED_REPLY: u8 = 201;
