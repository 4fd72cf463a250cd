//! The server's own look at itself: whether a listener answers as FTP should.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// What is said, and the code that must come back; the first is the greeting.
const CONVERSATION: [(&str, &str); 4] =
    [("", "220"), ("USER probe\r\n", "331"), ("PASS probe\r\n", "230"), ("QUIT\r\n", "221")];

/// What is no TLS, and the content type of what answers it.
const NO_TLS: (&[u8], u8) = (b"NOOP\r\n", 21);

/// The host that the valid certificate is always for.
const HOST: &str = "localhost";

/// Says what is no TLS: an alert answers it where TLS is spoken from the first byte on. No hands are shaken, which
/// would take the first random number.
///
/// # Errors
/// The connection broke, or no alert came.
pub async fn knock_at_tls(mut tcp: TcpStream) -> io::Result<()> {
    let (say, alert) = NO_TLS;
    tcp.write_all(say).await?;
    let got = tcp.read_u8().await?;
    if got == alert {
        return Ok(());
    }
    Err(io::Error::other(format!("expected an alert of TLS, got byte {got:#04x}")))
}

/// Shakes hands from the first byte on, as a client does that trusts the test CA and nobody else, and logs in and out.
///
/// # Errors
/// The connection broke, the certificate is not one to be trusted, or an answer was not the expected one.
pub async fn probe_over_tls(tcp: TcpStream, trust: Arc<ClientConfig>) -> io::Result<()> {
    let host = ServerName::try_from(HOST).map_err(io::Error::other)?;
    converse(TlsConnector::from(trust).connect(host, tcp).await?).await
}

/// Logs in and out.
///
/// # Errors
/// The connection broke, or an answer was not the expected one.
pub async fn probe(tcp: TcpStream) -> io::Result<()> {
    converse(tcp).await
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    for (say, expected) in CONVERSATION {
        stream.write_all(say.as_bytes()).await?;
        stream.flush().await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if !line.starts_with(expected) {
            let got = line.trim_end();
            return Err(io::Error::other(format!("expected {expected}, got `{got}`")));
        }
    }
    Ok(())
}
