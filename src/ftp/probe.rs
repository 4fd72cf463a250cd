//! The server's own look at itself: whether a listener answers as FTP should.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What is said, and the code that must come back; the first is the greeting.
const CONVERSATION: [(&str, &str); 4] =
    [("", "220"), ("USER probe\r\n", "331"), ("PASS probe\r\n", "230"), ("QUIT\r\n", "221")];

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
