//! curl, which speaks one URL a run.

use std::process::Command;

use super::{Desk, certs};
use crate::run::{Shown, run};
use crate::site::{Data, Site, Tls};

pub(crate) fn curl(desk: &Desk, site: &Site, arguments: &[&str]) -> Shown {
    run(command(desk, site).args(arguments))
}

/// For callers that stream. `-q` leaves out the user's `.curlrc`.
pub(crate) fn command(desk: &Desk, site: &Site) -> Command {
    let mut command = desk.command("curl");
    command.args(["-q", "--silent", "--show-error", "--user"]);
    command.arg(format!("{}:{}", site.user, site.password));
    if let Some(tls) = site.tls {
        secure(&mut command, tls);
    }
    command
}

fn secure(command: &mut Command, tls: Tls) {
    command.arg(if tls.data == Data::Private { "--ssl-reqd" } else { "--ftp-ssl-control" });
    command.args(["--cacert", &certs("ca.pem")]);
    if !tls.resumes {
        command.arg("--no-sessionid");
    }
    if let Some(version) = tls.version {
        command.args([&format!("--tlsv{version}"), "--tls-max", version]);
    }
    if let Some(name) = tls.shows {
        command.args(["--cert", &certs(&format!("{name}.pem"))]);
        command.args(["--key", &certs(&format!("{name}.key"))]);
    }
}
