//! Pure-FTPd, configured by options alone.

use std::ops::Deref;
use std::process::Command;

use super::daemon::{CERTIFICATE, Daemon, Home, needs_root, packaged};
use crate::run::run;
use crate::site::{Family, Site};

pub(crate) struct PureFtpd(Daemon);

impl PureFtpd {
    /// `options` are further ones of its command line.
    pub(crate) fn with(options: &[&str]) -> Self {
        Self::on(options, |_| ())
    }

    pub(crate) fn on(options: &[&str], furnish: impl FnOnce(&Home)) -> Self {
        needs_root("Pure-FTPd");
        let home = Home::new(Family::V4);
        home.give_root();
        furnish(&home);
        // The `/./` marks the part that the sessions cannot leave.
        let root = format!("{}/./", home.root().display());
        let passwd = home.configure("passwd", &account(&root, "::::::1000:1000000::::::"));
        let database = home.path("puredb");
        run(Command::new(packaged("usr/bin/pure-pw"))
            .arg("mkdb")
            .arg(&database)
            .arg("-f")
            .arg(passwd))
        .ok();
        let mut command = Command::new(packaged("usr/sbin/pure-ftpd"));
        command.arg("--bind").arg(format!("127.0.0.1,{}", home.address.port()));
        command.arg("--login").arg(format!("puredb:{}", database.display()));
        command.arg("--certfile").arg(home.path(CERTIFICATE));
        command.arg("--pidfile").arg(home.path("pid")).args(["--minuid", "1", "--dontresolve"]);
        // Not among those that tests claim for themselves.
        command.args(["--passiveportrange", "40000:60000"]);
        Self(Daemon::start(home, command.args(options)))
    }

    pub(crate) fn site(&self) -> Site {
        self.0.site("/pub/").login("kermit", "frog")
    }
}

impl Deref for PureFtpd {
    type Target = Daemon;

    fn deref(&self) -> &Daemon {
        &self.0
    }
}

/// Lines of a passwd file: the password is `frog`, by a hash that costs no time.
pub(crate) fn account(root: &str, rest: &str) -> String {
    let line = |user| format!("{user}:$1$badftp$UvRjHJ5Q68m7q26RG.jfJ0:1:1::{root}{rest}\n");
    line("anonymous") + &line("kermit")
}
