//! `ProFTPD`, which knows every command.

use std::ops::Deref;
use std::process::Command;

use super::daemon::{Daemon, Home, needs_root, packaged};
use super::pure_ftpd::account;
use crate::site::{Family, Site};

pub(crate) struct Proftpd(Daemon);

impl Proftpd {
    pub(crate) fn healthy(family: Family) -> Self {
        Self::on(family, &[])
    }

    /// `directives` are further lines of proftpd.conf.
    pub(crate) fn with(directives: &[&str]) -> Self {
        Self::on(Family::V4, directives)
    }

    fn on(family: Family, directives: &[&str]) -> Self {
        needs_root("ProFTPD");
        let home = Home::new(family);
        home.configure("passwd", &account(&home.root().display().to_string(), ":/bin/sh"));
        home.configure("group", "daemon:x:1:\n");
        let file = home.configure(
            "proftpd.conf",
            &(configuration(&home, family) + &directives.join("\n") + "\n"),
        );
        let mut command = Command::new(packaged("usr/sbin/proftpd"));
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

fn configuration(home: &Home, family: Family) -> String {
    format!(
        "ModulePath {modules}\nServerName Peer\nServerType standalone\nDefaultAddress {ip}\nSocketBindTight on\n\
         Port {port}\nUseIPv6 on\nUseReverseDNS off\nWtmpLog off\nTransferLog none\nDelayEngine off\nDelayTable none\n\
         User daemon\nGroup daemon\nPidFile {home}/pid\nScoreboardFile {home}/scoreboard\nSystemLog {home}/log\n\
         AuthOrder mod_auth_file.c\nAuthUserFile {home}/passwd\nAuthGroupFile {home}/group\nRequireValidShell off\n\
         DefaultRoot ~\nAllowOverwrite on\nAllowStoreRestart on\nAllowRetrieveRestart on\n",
        modules = packaged("usr/lib/proftpd").display(),
        ip = family.loopback(),
        port = home.address.port(),
        home = home.path("").display(),
    )
}
