//! The server's own look at itself: whether a listener answers as SFTP should.

use std::io;
use std::sync::Arc;

use russh::client::{Config, Handler, connect_stream};
use russh_sftp::client::SftpSession;
use tokio::net::TcpStream;

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

/// Logs in, asks where it is, and leaves.
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
    let channel = session.channel_open_session().await.map_err(io::Error::other)?;
    channel.request_subsystem(true, "sftp").await.map_err(io::Error::other)?;
    let sftp = SftpSession::new(channel.into_stream()).await.map_err(io::Error::other)?;
    sftp.canonicalize(".").await.map_err(io::Error::other)?;
    sftp.close().await.map_err(io::Error::other)
}
