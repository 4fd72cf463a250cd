//! Python's ftplib, driven by `tests/clients/ftplib_client.py`.

use std::process::Command;

use serde_json::Value;

use super::{Desk, PYTHON, TESTS, certs, script};
use crate::run::Shown;
use crate::site::{Data, Site, Tls, Way};

/// `steps` are lists of a name and its arguments; the script says which there are.
pub(crate) fn ftplib(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    script(command(desk, site), steps)
}

/// For callers that stream.
pub(crate) fn command(desk: &Desk, site: &Site) -> Command {
    let mut command = desk.command(PYTHON);
    command.arg(format!("{TESTS}/clients/ftplib_client.py"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    if let Some(tls) = site.tls {
        command.env("FTP_TLS", options(tls)).env("FTP_CERTS", certs(""));
    }
    command
}

/// As the script has them.
fn options(tls: Tls) -> String {
    let way = if tls.way == Way::Implicit { "implicit" } else { "explicit" };
    let mut options = vec![way.to_owned()];
    options.extend((tls.data == Data::Clear).then(|| "clear-data".to_owned()));
    options.extend(tls.resumes.then(|| "reuse".to_owned()));
    options.extend(tls.version.map(|version| format!("TLSv{}", version.replace('.', "_"))));
    options.extend(tls.shows.map(|name| format!("certificate={name}")));
    options.join(",")
}
