//! The server's own look at itself: whether a listener answers as SFTP should.

use std::io;
use std::sync::Arc;

use russh::ChannelMsg;
use russh::client::{Config, Handler, connect_stream};
use tokio::net::TcpStream;

/// `SSH_FXP_INIT` of version 3.
const INIT: &[u8] = b"\0\0\0\x05\x01\0\0\0\x03";
/// The kind of the packet that answers it.
const VERSION: u8 = 2;

/// A client that trusts any host: it knows whom it called.
struct Trusting;

impl Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// Logs in, asks for SFTP's version, and leaves.
///
/// # Errors
/// The connection broke, or an answer was not the expected one.
pub async fn probe(tcp: TcpStream) -> io::Result<()> {
    let mut session = connect_stream(Arc::new(Config::default()), tcp, Trusting)
        .await
        .map_err(io::Error::other)?;
    let login = session.authenticate_password("probe", "probe").await.map_err(io::Error::other)?;
    if !login.success() {
        return Err(io::Error::other("the login was refused"));
    }
    let mut channel = session.channel_open_session().await.map_err(io::Error::other)?;
    channel.request_subsystem(true, "sftp").await.map_err(io::Error::other)?;
    channel.data(INIT).await.map_err(io::Error::other)?;
    while let Some(message) = channel.wait().await {
        if let ChannelMsg::Data { data } = message {
            return match data.get(4) {
                Some(&VERSION) => Ok(()),
                _ => Err(io::Error::other("SSH_FXP_INIT was not answered by SSH_FXP_VERSION")),
            };
        }
    }
    Err(io::Error::other("the channel was closed"))
}
