//! How a server looks that knows nothing newer than TLS 1.1. rustls cannot be one, and need not: a client of today
//! is refused, or gives up somewhere in this first flight (RFC 4346, section 7.4; RFC 8422), on its version or on its
//! signature of MD5 and SHA-1. A client that would go on finds that the signature is nobody's.

use rustls::pki_types::CertificateDer;

use super::hello::ClientHello;
use super::settings::Version;

/// `TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA` and its half-sized sister.
const SUITES: [u16; 2] = [0xc00a, 0xc009];
/// The alert for a client that knows neither: fatal `handshake_failure`.
const NO_SHARED_CIPHER: [u8; 2] = [2, 40];
/// The alert for a client that says that it speaks nothing so old: fatal `protocol_version`.
const TOO_OLD: [u8; 2] = [2, 70];
/// A named curve: secp256r1.
const CURVE: [u8; 3] = [3, 0, 23];
/// The generator of secp256r1, uncompressed: a public key as good as any for one who will never use it.
const POINT: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40,
    0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2,
    0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e,
    0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51,
    0xf5,
];
const RENEGOTIATION_INFO: [u8; 5] = [0xff, 0x01, 0, 1, 0];

/// Everything up to `ServerHelloDone`, as records.
pub(super) fn answer(
    hello: &ClientHello<'_>,
    version: Version,
    chain: &[CertificateDer<'_>],
) -> Vec<u8> {
    let version = [3, if version == Version::Tls11 { 2 } else { 1 }];
    if !hello.speaks(u16::from_be_bytes(version)) {
        return record(21, version, &TOO_OLD);
    }
    let Some(suite) = SUITES.into_iter().find(|suite| hello.knows(*suite)) else {
        return record(21, version, &NO_SHARED_CIPHER);
    };
    let extensions =
        if hello.asks_for_renegotiation_info() { &RENEGOTIATION_INFO[..] } else { &[] };
    let server_hello = [
        &version[..],
        &[0x5a; 32],
        &[0],
        &suite.to_be_bytes(),
        &[0],
        &with_length::<2>(extensions),
    ]
    .concat();
    let certificates: Vec<u8> = chain.iter().flat_map(|one| with_length::<3>(one)).collect();
    let signature = with_length::<2>(&[0x5a; 64]);
    let key = [&CURVE[..], &with_length::<1>(&POINT), &signature].concat();
    [(2, server_hello), (11, with_length::<3>(&certificates)), (12, key), (14, Vec::new())]
        .into_iter()
        .flat_map(|(kind, body)| [&[kind][..], &with_length::<3>(&body)].concat())
        .collect::<Vec<u8>>()
        .chunks(16 * 1024)
        .flat_map(|piece| record(22, version, piece))
        .collect()
}

fn record(kind: u8, version: [u8; 2], content: &[u8]) -> Vec<u8> {
    [&[kind][..], &version, &with_length::<2>(content)].concat()
}

/// With its length before it, in so many bytes.
fn with_length<const N: usize>(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len().to_be_bytes();
    [&length[length.len() - N..], bytes].concat()
}
