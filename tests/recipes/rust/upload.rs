//! `cargo test`
//!
//! badftp runs in the process of the test. What a client did wrong fails the test when the server is dropped, if the
//! test has not asked before.

use std::io::Cursor;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use badftp::scenario::{Scenario, stored, when};
use badftp::server::Server;
use suppaftp::{FtpError, FtpStream, Status};

/// What is tested: an upload that tries again.
fn upload(at: SocketAddr, content: &[u8]) -> Result<(), FtpError> {
    for left in (0..3).rev() {
        let mut ftp = FtpStream::connect(at)?;
        ftp.login("ann", "secret")?;
        let stored = ftp.put_file("report.csv", &mut Cursor::new(content));
        ftp.quit()?;
        match stored {
            Err(FtpError::UnexpectedResponse(reply))
                if reply.status == Status::RequestFileActionIgnored && left > 0 =>
            {
                thread::sleep(Duration::from_millis(500));
            }
            result => return result.map(drop),
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again() -> Result<(), Box<dyn std::error::Error>> {
    let scenario = Scenario::builder()
        .rule(when("upload").times(1).reply("450 Busy, try again"))
        .expect(when("upload").times(2).gap("400ms+"))
        .expect(stored("/report.csv").size("18B"))
        .expect(when("QUIT").per("connection"))
        .build()?;
    let server = Server::start(scenario).await?;
    let at = server.ftp();

    tokio::task::spawn_blocking(move || upload(at, b"day,sold\nmonday,3\n")).await??;

    assert_eq!(server.file("/report.csv")?, b"day,sold\nmonday,3\n");
    let judgement = server.verify().await;
    assert!(judgement.passes(), "{judgement}");
    Ok(())
}
