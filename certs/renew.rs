//! Makes all of `certs/` anew: `cargo run --example renew-certs`. What each is made wrong in is said in one place
//! here, and proven in `tests/it/certificates.rs`.

use std::fs;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, Error, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};

/// OpenSSL reads no certificate message above 100 KiB.
const MANY: usize = 15_000;

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn root(name: &str) -> Result<Self, Error> {
        let (params, key) = (authority(name), KeyPair::generate()?);
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { pem, issuer: Issuer::new(params, key) })
    }

    fn intermediate(&self, name: &str) -> Result<Self, Error> {
        let (params, key) = (authority(name), KeyPair::generate()?);
        let pem = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Self { pem, issuer: Issuer::new(params, key) })
    }

    fn sign(&self, params: &CertificateParams) -> Result<(String, String), Error> {
        let key = KeyPair::generate()?;
        Ok((params.signed_by(&key, &self.issuer)?.pem(), key.serialize_pem()))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ca = Authority::root("badftp test CA")?;
    save("ca", (ca.pem.clone(), ca.issuer.key().serialize_pem()))?;
    let stranger = Authority::root("badftp untrusted test CA")?;
    let between = ca.intermediate("badftp intermediate test CA")?;

    let mut expired = server();
    expired.not_before = date_time_ymd(2015, 4, 9);
    expired.not_after = date_time_ymd(2015, 4, 12);
    save("expired", ca.sign(&expired)?)?;

    let mut early = server();
    early.not_before = date_time_ymd(2090, 1, 1);
    early.not_after = date_time_ymd(2091, 1, 1);
    save("not-yet-valid", ca.sign(&early)?)?;

    let key = KeyPair::generate()?;
    save("self-signed", (server().self_signed(&key)?.pem(), key.serialize_pem()))?;
    save("wrong-host", ca.sign(&named(&["wrong.host.badftp.invalid"], "wrong host"))?)?;
    save("untrusted-root", stranger.sign(&server())?)?;

    save("incomplete-chain", between.sign(&server())?)?;
    let (leaf, key) = between.sign(&server())?;
    // RFC 5246, section 7.4.2: each certificate is followed by that of its issuer; here comes the root first.
    save("reversed-chain", (leaf + &ca.pem + &between.pem, key))?;

    let mut nameless = named(&[], "");
    nameless.distinguished_name = DistinguishedName::new();
    nameless.distinguished_name.push(DnType::OrganizationName, "badftp tests");
    save("no-name", ca.sign(&nameless)?)?;
    let names: Vec<String> = (0..MANY).map(|n| format!("n{n:04x}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).chain(LOCAL_NAMES).collect();
    save("many-names", ca.sign(&named(&names, "many names"))?)?;

    let mut client = named(&[], "badftp test client");
    client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    save("client", ca.sign(&client)?)?;
    Ok(())
}

const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

fn server() -> CertificateParams {
    named(&LOCAL_NAMES, "localhost")
}

fn named(names: &[&str], common_name: &str) -> CertificateParams {
    let mut params = lasting();
    params.subject_alt_names = names
        .iter()
        .map(|name| match name.parse() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into().expect("our names are ASCII")),
        })
        .collect();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = lasting();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Nobody should have to renew them for years.
fn lasting() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2080, 1, 1);
    params.distinguished_name = DistinguishedName::new();
    params
}

fn save(name: &str, (certificates, key): (String, String)) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs");
    fs::write(folder.join(format!("{name}.pem")), certificates.replace("\r\n", "\n"))?;
    fs::write(folder.join(format!("{name}.key")), key.replace("\r\n", "\n"))
}
