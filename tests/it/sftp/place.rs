//! Where an SFTP server is.

use std::net::SocketAddr;

/// Where an SFTP server is, and the folder in which one may write there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    pub(crate) user: &'static str,
    pub(crate) folder: String,
}

impl Place {
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}
