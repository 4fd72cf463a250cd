//! What badftp signs for itself, for the others: a certificate for this machine, by the test CA.

use std::fs;

use rcgen::{CertificateParams, DnType, Issuer, KeyPair};

use crate::clients::certs;

/// A new one and its key, as PEM.
pub(crate) fn valid() -> (String, String) {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = CertificateParams::new(names).expect("these are names");
    params.use_authority_key_identifier_extension = true;
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "badftp test CA");
    let ca_key = fs::read_to_string(certs("ca.key")).expect("the CA's key is shipped");
    let ca_key = KeyPair::from_pem(&ca_key).expect("the CA's key is a key");
    let key = KeyPair::generate().expect("a key can be made");
    let certificate = params.signed_by(&key, &Issuer::new(authority, ca_key));
    (certificate.expect("the CA can sign").pem(), key.serialize_pem())
}

/// That one, or the shipped one of that name.
pub(crate) fn pair(name: &str) -> (String, String) {
    if name == "valid" {
        return valid();
    }
    let read = |end| fs::read_to_string(certs(&format!("{name}.{end}"))).expect("it is shipped");
    (read("pem"), read("key"))
}
