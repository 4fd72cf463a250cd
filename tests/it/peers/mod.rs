//! What badftp is compared with: real servers in the state that a scenario plays.
//!
//! `vsftpd`, `proftpd` and `pure_ftpd` start Debian's packages; `relay` stands between one of them and the client as
//! a broken firewall does; `front` speaks TLS for a server that does not; `unserved` has ports behind which nobody
//! speaks; `literal` plays exact bytes, for what no package can be brought to.

mod certificate;
mod daemon;
mod front;
mod literal;
mod proftpd;
mod pure_ftpd;
mod relay;
mod unserved;
mod vsftpd;

pub(crate) use daemon::HELLO;
pub(crate) use front::{Parting, Shield, front};
pub(crate) use literal::{Leaves, Literal};
pub(crate) use proftpd::Proftpd;
pub(crate) use pure_ftpd::PureFtpd;
pub(crate) use relay::{Fate, Flight, Relay};
pub(crate) use unserved::{BlackHole, Silent, resetting};
pub(crate) use vsftpd::Vsftpd;
