//! SFTP with stock clients: what every one of them must be able to do.
//!
//! Each check runs against OpenSSH's own server, which proves that the check is right, and then against badftp.

mod beside;
pub(crate) mod clients;
pub(crate) mod curl;
mod faults;
mod gigabyte;
mod jsch;
pub(crate) mod lftp;
mod libraries;
pub(crate) mod openssh;
mod packets;
mod paramiko;
mod place;
pub(crate) mod psftp;
pub(crate) mod rclone;
pub(crate) mod scp;
pub(crate) mod sshd;
mod sshfs;

use clients::identity;

use crate::badftp::Badftp;
use crate::clients::Desk;

pub(crate) use place::Place;

pub(crate) fn badftp(server: &Badftp) -> Place {
    Place { address: ([127, 0, 0, 1], server.port()).into(), user: "piggy", folder: String::new() }
}

/// A desk with the key that every server here knows.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new();
    identity(&desk);
    desk
}

/// Makes a test of each check for each server.
macro_rules! checks {
    ($needs:literal: $($check:ident)+) => {
        /// For a server that runs elsewhere, by their names.
        #[allow(dead_code, reason = "some clients do not get through to each server")]
        pub(crate) const CHECKS: &[(&str, fn(&$crate::sftp::Place))] = &[$((stringify!($check), $check)),+];

        mod openssh_server {
            $(
                #[test]
                #[ignore = $needs]
                fn $check() {
                    let server = $crate::sftp::sshd::Sshd::start();
                    super::$check(&server.place());
                }
            )+
        }

        mod badftp {
            $(
                #[test]
                #[ignore = $needs]
                fn $check() {
                    let server = $crate::badftp::Badftp::sftp(&[]);
                    super::$check(&$crate::sftp::badftp(&server));
                }
            )+
        }
    };
}
use checks;
