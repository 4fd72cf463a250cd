//! `ProFTPD`, which knows every command.

use std::ops::Deref;
use std::process::Command;

use super::daemon::{CERTIFICATE, Daemon, Home, needs_root, packaged};
use super::pure_ftpd::account;
use crate::site::{Family, Site};

pub(crate) struct Proftpd(Daemon);

impl Proftpd {
    pub(crate) fn healthy(family: Family) -> Self {
        Self::on(family, &[], |_| ())
    }

    pub(crate) fn with(settings: &[&str]) -> Self {
        Self::on(Family::V4, settings, |_| ())
    }

    /// With TLS, which it asks of nobody.
    pub(crate) fn with_tls(settings: &[&str]) -> Self {
        Self::with(
            &[&["LoadModule mod_tls.c", "TLSEngine on", "TLSRequired off"], settings].concat(),
        )
    }

    /// `settings` are lines of proftpd.conf, which stand before our own and so win over them.
    pub(crate) fn on(family: Family, settings: &[&str], furnish: impl FnOnce(&Home)) -> Self {
        Self::start(family, settings, furnish, &mut daemon())
    }

    /// Five hours east of UTC, and it lists in local time.
    pub(crate) fn in_local_time(furnish: impl FnOnce(&Home)) -> Self {
        let settings = ["TimesGMT off", "SetEnv TZ LOCAL-5"];
        Self::start(Family::V4, &settings, furnish, daemon().env("TZ", "LOCAL-5"))
    }

    fn start(
        family: Family,
        settings: &[&str],
        furnish: impl FnOnce(&Home),
        command: &mut Command,
    ) -> Self {
        needs_root("ProFTPD");
        let home = Home::new(family);
        furnish(&home);
        home.configure("passwd", &account(&home.root().display().to_string(), ":/bin/sh"));
        home.configure("group", "daemon:x:1:\n");
        let modules = format!("ModulePath {}\n", packaged("usr/lib/proftpd").display());
        let lines = modules + &settings.join("\n") + "\n" + &configuration(&home, family);
        let file = home.configure("proftpd.conf", &lines);
        Self(Daemon::start(home, command.args(["--nodaemon", "--quiet", "--config"]).arg(file)))
    }

    pub(crate) fn site(&self) -> Site {
        self.0.site("/pub/")
    }
}

impl Deref for Proftpd {
    type Target = Daemon;

    fn deref(&self) -> &Daemon {
        &self.0
    }
}

fn daemon() -> Command {
    Command::new(packaged("usr/sbin/proftpd"))
}

fn configuration(home: &Home, family: Family) -> String {
    format!(
        "ServerName Peer\nServerType standalone\nDefaultAddress {ip}\nSocketBindTight on\n\
         Port {port}\nUseIPv6 on\nUseReverseDNS off\nWtmpLog off\nTransferLog none\nDelayEngine off\nDelayTable none\n\
         User daemon\nGroup daemon\nPidFile {home}/pid\nScoreboardFile {home}/scoreboard\nSystemLog {home}/log\n\
         AuthOrder mod_auth_file.c\nAuthUserFile {home}/passwd\nAuthGroupFile {home}/group\nRequireValidShell off\n\
         DefaultRoot ~\nAllowOverwrite on\nAllowStoreRestart on\nAllowRetrieveRestart on\n\
         <IfModule mod_tls.c>\nTLSECCertificateFile {certificate}\nTLSECCertificateKeyFile {certificate}\n\
         TLSLog {home}/tls-log\n</IfModule>\n",
        certificate = home.path(CERTIFICATE).display(),
        ip = family.loopback(),
        port = home.address.port(),
        home = home.path("").display(),
    )
}
