//! Stands before a server in clear and speaks TLS for it, as a terminator does; what goes wrong then is its own doing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy, copy_bidirectional,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::certificate;
use super::literal::Literal;
use crate::site::{Family, Site, Tls};

/// What becomes of data connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shield {
    /// They are protected when the client has said `PROT P`.
    AsAsked,
    /// The same, by the shipped certificate of that name.
    By(&'static str),
    /// They are protected, or not, whatever the client has said.
    Always,
    Never,
    /// The client's handshake is answered by these bytes, and the end.
    Bytes(&'static [u8]),
    /// Nobody answers it.
    Silence,
    Reset,
    /// They end without `close_notify`.
    Torn,
    /// The client's `close_notify` is not answered, nor is anything said of the transfer.
    Unanswered,
}

/// How the control connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    Notified,
    Torn,
}

/// Serves until the test process ends.
pub(crate) fn front(server: Literal, shield: Shield, parting: Parting) -> Site {
    let upstream = server.site().address;
    let listener = std::net::TcpListener::bind(Family::V4.any_port());
    let listener = listener.expect("a loopback port can be bound");
    let address = listener.local_addr().expect("a bound socket has an address");
    let front = Arc::new(Front {
        upstream,
        shield,
        parting,
        control: acceptor("valid"),
        data: acceptor(if let Shield::By(name) = shield { name } else { "valid" }),
    });
    thread::spawn(move || serve(listener, &front));
    Site::at(address, "/").over(Tls::EXPLICIT)
}

struct Front {
    upstream: SocketAddr,
    shield: Shield,
    parting: Parting,
    control: TlsAcceptor,
    data: TlsAcceptor,
}

#[tokio::main(flavor = "current_thread")]
async fn serve(listener: std::net::TcpListener, front: &Arc<Front>) {
    listener.set_nonblocking(true).expect("a socket can be told not to block");
    let listener = TcpListener::from_std(listener).expect("a listener is a listener");
    while let Ok((client, _)) = listener.accept().await {
        let front = Arc::clone(front);
        // A client that leaves in the middle is what many tests are about.
        tokio::spawn(async move { front.session(client).await });
    }
}

fn acceptor(name: &str) -> TlsAcceptor {
    let (certificates, key) = certificate::pair(name);
    let chain = CertificateDer::pem_slice_iter(certificates.as_bytes());
    let chain = chain.collect::<Result<_, _>>().expect("a pair has certificates");
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a pair has a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
    let mut config = config.expect("a pair belongs together");
    // A client that only uploads never reads them.
    config.send_tls13_tickets = 0;
    TlsAcceptor::from(Arc::new(config))
}

impl Front {
    async fn session(&self, mut client: TcpStream) -> io::Result<()> {
        let mut server = BufReader::new(TcpStream::connect(self.upstream).await?);
        let mut asked = false;
        loop {
            let reply = reply(&mut server).await?;
            client.write_all(reply.as_bytes()).await?;
            if asked && reply.starts_with('2') {
                break;
            }
            let mut command = vec![0; 512];
            let size = client.read(&mut command).await?;
            asked = command.starts_with(b"AUTH");
            server.write_all(&command[..size]).await?;
        }
        let client = self.control.accept(client).await?;
        let mut client = BufReader::new(client);
        let relayed = self.relay(&mut client, &mut server).await;
        if self.parting == Parting::Notified {
            client.shutdown().await?;
        }
        relayed
    }

    /// Command by command, with the data connections that they speak of.
    async fn relay(
        &self,
        client: &mut (impl AsyncBufReadExt + AsyncWrite + Unpin),
        server: &mut BufReader<TcpStream>,
    ) -> io::Result<()> {
        let mut protects = false;
        loop {
            let mut command = String::new();
            if client.read_line(&mut command).await? == 0 {
                return Ok(());
            }
            server.write_all(command.as_bytes()).await?;
            let mut said = reply(server).await?;
            if command.starts_with("PROT") && said.starts_with('2') {
                protects = command.starts_with("PROT P");
            }
            if said.is_empty() {
                return Ok(());
            }
            if let Some(port) = port_in(&said) {
                let own = self.announce(port, protects).await?;
                said = if said.starts_with("229") {
                    format!("229 Entering Extended Passive Mode (|||{own}|)\r\n")
                } else {
                    format!(
                        "227 Entering Passive Mode (127,0,0,1,{},{}).\r\n",
                        own >> 8,
                        own & 0xFF
                    )
                };
            }
            client.write_all(said.as_bytes()).await?;
            if said.starts_with("150") && self.shield != Shield::Unanswered {
                client.write_all(reply(server).await?.as_bytes()).await?;
            }
            if said.starts_with("221") {
                return Ok(());
            }
        }
    }

    /// A port of our own in the place of the server's.
    async fn announce(&self, port: u16, protects: bool) -> io::Result<u16> {
        let listener = TcpListener::bind(Family::V4.any_port()).await?;
        let own = listener.local_addr()?.port();
        let (shield, acceptor) = (self.shield, self.data.clone());
        tokio::spawn(async move {
            let (client, _) = listener.accept().await?;
            let server = TcpStream::connect((Family::V4.loopback(), port)).await?;
            transfer(client, server, shield, protects, acceptor).await
        });
        Ok(own)
    }
}

async fn transfer(
    mut client: TcpStream,
    mut server: TcpStream,
    shield: Shield,
    protects: bool,
    acceptor: TlsAcceptor,
) -> io::Result<()> {
    match shield {
        Shield::Bytes(bytes) => {
            client.readable().await?;
            client.write_all(bytes).await?;
            client.shutdown().await?;
            copy(&mut client, &mut tokio::io::sink()).await.map(drop)
        }
        Shield::Silence => copy(&mut client, &mut tokio::io::sink()).await.map(drop),
        Shield::Reset => {
            client.readable().await?;
            client.set_zero_linger()
        }
        Shield::Never => copy_bidirectional(&mut client, &mut server).await.map(drop),
        Shield::AsAsked if !protects => {
            copy_bidirectional(&mut client, &mut server).await.map(drop)
        }
        Shield::Torn => {
            let mut client = acceptor.accept(client).await?;
            copy(&mut server, &mut client).await?;
            client.flush().await
        }
        Shield::Unanswered => {
            let mut client = acceptor.accept(client).await?;
            copy(&mut client, &mut server).await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        Shield::AsAsked | Shield::By(_) | Shield::Always => {
            let mut client = acceptor.accept(client).await?;
            copy_bidirectional(&mut client, &mut server).await.map(drop)
        }
    }
}

/// All lines of a reply; nothing where the server has gone.
async fn reply(server: &mut (impl AsyncBufReadExt + AsyncRead + Unpin)) -> io::Result<String> {
    let mut said = String::new();
    loop {
        let begun = said.len();
        let size = server.read_line(&mut said).await?;
        let line = &said[begun..];
        if size == 0 || line.as_bytes().get(3) == Some(&b' ') {
            return Ok(said);
        }
    }
}

/// The port of a 229 or a 227.
fn port_in(reply: &str) -> Option<u16> {
    if let Some(extended) = reply.strip_prefix("229") {
        return extended.split('|').nth(3)?.parse().ok();
    }
    let mut numbers = reply.strip_prefix("227")?.split(['(', ',', ')']).skip(5);
    let mut number = || numbers.next()?.parse::<u16>().ok();
    Some(number()? << 8 | number()?)
}
