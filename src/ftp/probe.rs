//! The server's own look at itself: whether a listener answers as FTP should.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What is said, and the code that must come back; the first is the greeting.
const CONVERSATION: [(&str, &str); 4] =
    [("", "220"), ("USER probe\r\n", "331"), ("PASS probe\r\n", "230"), ("QUIT\r\n", "221")];

/// What is no TLS, and the content type of what answers it.
const NO_TLS: (&[u8], u8) = (b"NOOP\r\n", 21);

/// Says what is no TLS: an alert answers it where TLS is spoken from the first byte on. No hands are shaken, which
/// would take the first random number.
///
/// # Errors
/// The connection broke, or no alert came.
pub async fn probe_tls(mut tcp: TcpStream) -> io::Result<()> {
    let (say, alert) = NO_TLS;
    tcp.write_all(say).await?;
    let got = tcp.read_u8().await?;
    if got == alert {
        return Ok(());
    }
    Err(io::Error::other(format!("expected an alert of TLS, got byte {got:#04x}")))
}

/// Logs in and out.
///
/// # Errors
/// The connection broke, or an answer was not the expected one.
pub async fn probe(tcp: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(tcp);
    for (say, expected) in CONVERSATION {
        stream.write_all(say.as_bytes()).await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if !line.starts_with(expected) {
            let got = line.trim_end();
            return Err(io::Error::other(format!("expected {expected}, got `{got}`")));
        }
    }
    Ok(())
}
