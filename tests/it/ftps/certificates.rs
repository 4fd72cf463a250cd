//! Each certificate is what its word says: as it is read from its file, and as `openssl s_client` finds it.

use std::fs;

use serde_json::json;
use x509_parser::pem::Pem;
use x509_parser::prelude::{GeneralName, X509Certificate};

use crate::badftp::Badftp;
use crate::clients::{Desk, certs, curl};
use crate::control::http::get;
use crate::run::run;
use crate::site::Tls;

/// Each with what `openssl s_client` says of it.
const WORDS: [(&str, &str); 10] = [
    ("valid", "Verification: OK"),
    ("expired", "Verification error: certificate has expired"),
    ("not-yet-valid", "Verification error: certificate is not yet valid"),
    ("self-signed", "Verification error: self-signed certificate"),
    ("wrong-host", "Verification error: hostname mismatch"),
    ("untrusted-root", "Verification error: unable to verify the first certificate"),
    ("incomplete-chain", "Verification error: unable to verify the first certificate"),
    ("reversed-chain", "Verification: OK"),
    ("no-name", "Verification error: hostname mismatch"),
    ("many-names", "excessive message size"),
];

fn with_chain<T>(word: &str, look: impl FnOnce(&[X509Certificate<'_>]) -> T) -> T {
    let text = fs::read(certs(&format!("{word}.pem"))).expect("a shipped certificate");
    let pems: Vec<Pem> = Pem::iter_from_buffer(&text).map(|pem| pem.expect("PEM")).collect();
    let chain: Vec<_> = pems.iter().map(|pem| pem.parse_x509().expect("X.509")).collect();
    look(&chain)
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => (*name).to_owned(),
        GeneralName::IPAddress([127, 0, 0, 1]) => "127.0.0.1".to_owned(),
        GeneralName::IPAddress(_) => "::1".to_owned(),
        other => format!("{other:?}"),
    };
    names.value.general_names.iter().map(name).collect()
}

const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

#[test]
fn each_file_is_wrong_in_its_own_way_only() {
    let (ca, ca_key) = with_chain("ca", |chain| (chain[0].subject().to_string(), chain[0].is_ca()));
    assert!(ca_key, "the CA may sign");
    for (word, _) in WORDS.iter().filter(|(word, _)| *word != "valid") {
        with_chain(word, |chain| {
            let leaf = &chain[0];
            let year = |time: x509_parser::time::ASN1Time| time.to_datetime().year();
            let lasting = match *word {
                "expired" => (2015, 2015),
                "not-yet-valid" => (2090, 2091),
                _ => (2025, 2080),
            };
            let validity = leaf.validity();
            assert_eq!((year(validity.not_before), year(validity.not_after)), lasting, "{word}");
            let issuer = match *word {
                "self-signed" => "CN=localhost",
                "untrusted-root" => "CN=badftp untrusted test CA",
                "incomplete-chain" | "reversed-chain" => "CN=badftp intermediate test CA",
                _ => &ca,
            };
            assert_eq!(leaf.issuer().to_string(), issuer, "{word}");
            let names = names(leaf);
            match *word {
                "wrong-host" => assert_eq!(names, ["wrong.host.badftp.invalid"]),
                "no-name" => {
                    assert!(names.is_empty());
                    assert_eq!(leaf.subject().iter_common_name().count(), 0);
                }
                "many-names" => assert_eq!(names.len(), 15_003),
                _ => assert_eq!(names, LOCAL, "{word}"),
            }
            let subjects: Vec<String> =
                chain[1..].iter().map(|one| one.subject().to_string()).collect();
            let sent = match *word {
                "reversed-chain" => vec![ca.clone(), "CN=badftp intermediate test CA".to_owned()],
                _ => Vec::new(),
            };
            assert_eq!(subjects, sent, "{word}");
        });
    }
}

#[test]
#[ignore = "needs openssl: tests/run"]
fn openssl_finds_each_certificates_fault() {
    for (word, finding) in WORDS {
        let server = Badftp::with_yaml(&format!("server: {{tls: {{certificate: {word}}}}}\n"));
        let desk = Desk::new();
        let address = server.site().address.to_string();
        let mut command = desk.command("openssl");
        command.args(["s_client", "-starttls", "ftp", "-connect", &address]);
        command.args([
            "-CAfile",
            &certs("ca.pem"),
            "-verify_hostname",
            "localhost",
            "-servername",
            "localhost",
        ]);
        let shown = run(&mut command);
        let all = format!("{}{}", shown.stdout, shown.stderr);
        assert!(all.contains(finding), "{word} should be found to have {finding:?}\n{shown}");
    }
}

/// It is what the rule is there for, and no fault of the client.
#[test]
#[ignore = "needs curl: tests/run"]
fn a_rule_has_fired_whose_certificate_the_client_refuses() {
    for moment in ["handshake", "channel"] {
        let rule = format!("{{when: {moment}, protocol: ftp, certificate: expired}}");
        let server = Badftp::with_yaml(&format!("rules: [{rule}]\n"));
        let site = server.site().over(Tls::EXPLICIT);
        curl(&Desk::new(), &site, &[&site.url("/hello.txt")]).failed();
        let query = format!("/journal?when={moment}&outcome=failed&wait=20s");
        let told = get(server.control(), &query).json();
        let record = &told["records"][0];
        let refusal = json!("TLS: received fatal alert: CertificateExpired");
        assert_eq!((&record["cause"], &record["detail"]), (&json!("rule"), &refusal), "{told}");
        assert_eq!(get(server.control(), "/verify").status, 200);
    }
}

#[test]
#[ignore = "needs openssl: tests/run"]
fn the_valid_one_is_for_the_name_that_is_asked_for() {
    let server = Badftp::start_with(&["--hostname", "ftp.example.com"]);
    for (asked, name) in [("badftp.internal", "badftp.internal"), ("localhost", "ftp.example.com")]
    {
        let desk = Desk::new();
        let mut command = desk.command("openssl");
        let address = server.site().address.to_string();
        command.args([
            "s_client",
            "-starttls",
            "ftp",
            "-connect",
            &address,
            "-CAfile",
            &certs("ca.pem"),
        ]);
        command.args(["-verify_hostname", name, "-servername", asked]);
        let shown = run(&mut command);
        assert!(shown.stdout.contains("Verification: OK"), "{shown}");
    }
}
