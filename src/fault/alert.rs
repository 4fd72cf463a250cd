//! `alert`: a fatal alert of TLS, any of them, and then the end.

use std::io;
use std::time::Duration;

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use rustls::server::ServerConnection;
use rustls::{ConnectionTrafficSecrets, Error, ProtocolVersion};
use tokio::time::timeout;

use super::{Wire, close};

/// The content type, and the level.
const ALERT: u8 = 21;
const FATAL: u8 = 2;
/// A record from the time of TLS 1.2 on, which later versions pretend to be, too.
const VERSION: [u8; 2] = [3, 3];
/// How long the client may take to let it through.
const PATIENCE: Duration = Duration::from_secs(1);

/// Says it, encrypted once hands are shaken, and closes.
pub async fn alert(mut wire: Wire, description: u8) {
    let _ = timeout(PATIENCE, say(&mut wire, description)).await;
    close::close(wire).await;
}

async fn say(wire: &mut Wire, description: u8) -> io::Result<()> {
    let content = [FATAL, description];
    let record = match wire.take_tls().await? {
        None => [&[ALERT, VERSION[0], VERSION[1], 0, 2][..], &content].concat(),
        Some(session) => sealed(session, content).map_err(io::Error::other)?,
    };
    wire.write_raw(&record).await
}

/// rustls sends only the alerts that it means; so this is the next record, made with its keys (RFC 8446, section
/// 5.2; RFC 5246, section 6.2.3.3).
fn sealed(session: ServerConnection, content: [u8; 2]) -> Result<Vec<u8>, Error> {
    let is_new = session.protocol_version() == Some(ProtocolVersion::TLSv1_3);
    let (sequence, secrets) = session.dangerous_extract_secrets()?.tx;
    let (algorithm, key, iv, explicit) = match &secrets {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (&AES_128_GCM, key, iv, !is_new),
        ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (&AES_256_GCM, key, iv, !is_new),
        ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => {
            (&CHACHA20_POLY1305, key, iv, false)
        }
        _ => return Err(Error::General("an alert cannot be sealed with this cipher".to_owned())),
    };
    let mut nonce = [0; 12];
    nonce.copy_from_slice(iv.as_ref());
    for (byte, of_sequence) in nonce[4..].iter_mut().zip(sequence.to_be_bytes()) {
        *byte ^= of_sequence;
    }
    let mut body = content.to_vec();
    if is_new {
        body.push(ALERT);
    }
    let before = if explicit { &nonce[4..] } else { &[] };
    let length = u16::try_from(before.len() + body.len() + algorithm.tag_len()).unwrap_or_default();
    let [high, low] = length.to_be_bytes();
    let kind = if is_new { 23 } else { ALERT };
    let header = [kind, VERSION[0], VERSION[1], high, low];
    let aad = if is_new {
        header.to_vec()
    } else {
        let plain = [ALERT, VERSION[0], VERSION[1], 0, 2];
        [&sequence.to_be_bytes()[..], &plain].concat()
    };
    let failed = |_| Error::EncryptError;
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key.as_ref()).map_err(failed)?);
    let sealing = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(sealing, Aad::from(aad), &mut body).map_err(failed)?;
    Ok([&header[..], before, &body].concat())
}
