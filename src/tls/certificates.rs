//! The certificates that are shown: those of `certs/`, and the valid one, signed when it is first asked for.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::engine::Certificate;
use crate::run::now;

/// What a client has to trust.
pub const CA_PEM: &str = include_str!("../../certs/ca.pem");

/// A client's certificate and its key.
pub const CLIENT_PEM: [&str; 2] =
    [include_str!("../../certs/client.pem"), include_str!("../../certs/client.key")];
const CA_KEY: &str = include_str!("../../certs/ca.key");
/// The CA's own name, as it stands in `certs/ca.pem`.
const CA_NAME: &str = "badftp test CA";

/// What the valid certificate is always for.
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// Names that clients ask for, and whose certificates are kept.
const MOST_NAMES: usize = 1024;

macro_rules! pair {
    ($name:literal) => {
        (
            include_str!(concat!("../../certs/", $name, ".pem")),
            include_str!(concat!("../../certs/", $name, ".key")),
        )
    };
}

/// A certificate, and the name that the client asks for.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Wanted(Certificate, Option<String>);

/// Every certificate that there is, each made or read when it is first asked for.
#[derive(Debug, Default)]
pub struct Certificates {
    hostnames: Vec<String>,
    made: Mutex<HashMap<Wanted, Arc<CertifiedKey>>>,
}

impl Certificates {
    /// The valid one is for these names, too.
    #[must_use]
    pub fn for_hosts(hostnames: Vec<String>) -> Self {
        Self { hostnames, made: Mutex::default() }
    }

    /// The CA's own.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn authority() -> io::Result<CertificateDer<'static>> {
        CertificateDer::from_pem_slice(CA_PEM.as_bytes()).map_err(io::Error::other)
    }

    /// What a server has that shows this one.
    pub(super) fn shown(self: &Arc<Self>, certificate: Certificate) -> Arc<dyn ResolvesServerCert> {
        Arc::new(Shown { certificates: Arc::clone(self), certificate })
    }

    /// A certificate for a client that asks for a name.
    ///
    /// # Errors
    /// It can be neither read nor made.
    pub(super) fn get(
        &self,
        certificate: Certificate,
        name: Option<&str>,
    ) -> io::Result<Arc<CertifiedKey>> {
        let name = name.filter(|_| certificate == Certificate::Valid).map(str::to_owned);
        let wanted = Wanted(certificate, name);
        let mut made = self.made.lock();
        if let Some(made) = made.get(&wanted) {
            return Ok(Arc::clone(made));
        }
        let certified = Arc::new(match pair(certificate) {
            None => self.sign(wanted.1.as_deref()).map_err(io::Error::other)?,
            Some((certificates, key)) => read(certificates, key).map_err(io::Error::other)?,
        });
        if made.len() < MOST_NAMES {
            made.insert(wanted, Arc::clone(&certified));
        }
        Ok(certified)
    }

    /// Signs one that is right in every respect, for the local names, those of the command line, and the one that
    /// was asked for.
    fn sign(
        &self,
        asked: Option<&str>,
    ) -> Result<CertifiedKey, Box<dyn std::error::Error + Send + Sync>> {
        let hostnames = self.hostnames.iter().map(String::as_str);
        let mut names: Vec<&str> = LOCAL_NAMES.into_iter().chain(hostnames).chain(asked).collect();
        names.sort_unstable();
        names.dedup();
        let mut params = CertificateParams::default();
        for name in names {
            params.subject_alt_names.push(match name.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(name.try_into()?),
            });
        }
        params.distinguished_name = named(asked.unwrap_or("localhost"));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let year = now().to_zoned(jiff::tz::TimeZone::UTC).year();
        params.not_before = date_time_ymd(i32::from(year) - 1, 1, 1);
        params.not_after = date_time_ymd(i32::from(year) + 1, 12, 31);
        let mut authority = CertificateParams::default();
        authority.distinguished_name = named(CA_NAME);
        let issuer = Issuer::new(authority, KeyPair::from_pem(CA_KEY)?);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Ok(CertifiedKey::new(vec![certificate.into()], any_supported_type(&key)?))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// What `certs/` has for a word.
fn pair(certificate: Certificate) -> Option<(&'static str, &'static str)> {
    Some(match certificate {
        Certificate::Valid => return None,
        Certificate::Expired => pair!("expired"),
        Certificate::NotYetValid => pair!("not-yet-valid"),
        Certificate::SelfSigned => pair!("self-signed"),
        Certificate::WrongHost => pair!("wrong-host"),
        Certificate::UntrustedRoot => pair!("untrusted-root"),
        Certificate::IncompleteChain => pair!("incomplete-chain"),
        Certificate::ReversedChain => pair!("reversed-chain"),
        Certificate::NoName => pair!("no-name"),
        Certificate::ManyNames => pair!("many-names"),
    })
}

fn read(
    certificates: &str,
    key: &str,
) -> Result<CertifiedKey, Box<dyn std::error::Error + Send + Sync>> {
    let chain =
        CertificateDer::pem_slice_iter(certificates.as_bytes()).collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    Ok(CertifiedKey::new(chain, any_supported_type(&key)?))
}

#[derive(Debug)]
struct Shown {
    certificates: Arc<Certificates>,
    certificate: Certificate,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.certificates.get(self.certificate, hello.server_name()).ok()
    }
}
