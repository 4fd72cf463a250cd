//! What tells the command under `run` where to go.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::cli::flags::{CONTROL_TOKEN, Flags};
use crate::cli::health::CONTROL_URL;
use crate::cli::service::Service;
use crate::engine::Protocol;
use crate::server::Server;

/// The variables, and the files that some of them name: those are there for as long as this is.
pub(super) struct Environment {
    folder: TempDir,
    pub(super) variables: Vec<(String, OsString)>,
}

impl Environment {
    /// Of a service that is ready, playing the scenario of that name.
    pub(super) fn of(scenario: &str, service: &Service, flags: &Flags) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("badftp-").tempdir()?;
        let mut environment = Self { folder, variables: Vec::new() };
        // Not `BADFTP_SCENARIO`, which tells a `badftp serve` below what to serve.
        environment.set("BADFTP_RUN_SCENARIO", scenario);
        environment.addresses(service);
        if let Some(token) = flags.control_token() {
            environment.set(CONTROL_TOKEN, token);
        }
        environment.file("BADFTP_CA_CERT", "ca.pem", Server::ca_pem())?;
        if let Some(known_hosts) = service.server.known_hosts() {
            environment.file("BADFTP_KNOWN_HOSTS", "known_hosts", &known_hosts)?;
            environment.file("BADFTP_IDENTITY", "id_ed25519", Server::identity())?;
            environment.write("id_ed25519.pub", Server::identity_public())?;
        }
        Ok(environment)
    }

    fn addresses(&mut self, service: &Service) {
        let server = &service.server;
        self.set("BADFTP_USER", server.user());
        self.set("BADFTP_PASSWORD", server.password());
        for protocol in Protocol::ALL {
            if let (Some(address), Some(url)) = (server.address(protocol), server.url(protocol)) {
                let name = protocol.word().to_uppercase();
                self.set(&format!("BADFTP_{name}_PORT"), address.port().to_string());
                self.set(&format!("BADFTP_{name}_URL"), url);
                self.set("BADFTP_HOST", address.ip().to_string());
            }
        }
        if let Some(url) = service.control_url() {
            self.set(CONTROL_URL, url);
        }
    }

    fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// A variable that names a file with this in it.
    fn file(&mut self, variable: &str, name: &str, content: &str) -> io::Result<()> {
        let path = self.write(name, content)?;
        self.set(variable, path);
        Ok(())
    }

    /// A file for its owner only: OpenSSH uses no private key that others can read.
    fn write(&self, name: &str, content: &str) -> io::Result<PathBuf> {
        let path = self.folder.path().join(name);
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(content.as_bytes())?;
        Ok(path)
    }
}
