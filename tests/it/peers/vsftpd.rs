//! vsftpd, which knows neither MLSD nor MFMT.

use std::ops::Deref;
use std::process::Command;

use super::daemon::{CERTIFICATE, Daemon, Home, needs_root, packaged};
use crate::site::{Family, Site};

pub(crate) struct Vsftpd(Daemon);

impl Vsftpd {
    pub(crate) fn healthy(family: Family) -> Self {
        Self::on(family, &[], |_| ())
    }

    /// With TLS, which it asks of nobody.
    pub(crate) const TLS: [&str; 6] = [
        "ssl_enable=YES",
        "allow_anon_ssl=YES",
        "ssl_ciphers=HIGH",
        "force_local_logins_ssl=NO",
        "force_local_data_ssl=NO",
        "require_ssl_reuse=NO",
    ];

    pub(crate) fn with_tls(settings: &[&str]) -> Self {
        Self::with(&[&Self::TLS, settings].concat())
    }

    /// `settings` are further lines of vsftpd.conf.
    pub(crate) fn with(settings: &[&str]) -> Self {
        Self::on(Family::V4, settings, |_| ())
    }

    pub(crate) fn on(family: Family, settings: &[&str], furnish: impl FnOnce(&Home)) -> Self {
        let mut command = Command::new(packaged("usr/sbin/vsftpd"));
        Self::start(family, settings, furnish, &mut command)
    }

    /// No byte can be written to a file: each attempt fails in the kernel, as on a full disk.
    pub(crate) fn without_space() -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
        command.arg(packaged("usr/sbin/vsftpd"));
        Self::start(Family::V4, &[], |_| (), &mut command)
    }

    fn start(
        family: Family,
        settings: &[&str],
        furnish: impl FnOnce(&Home),
        command: &mut Command,
    ) -> Self {
        needs_root("vsftpd");
        let home = Home::new(family);
        furnish(&home);
        let lines = configuration(&home, family) + &settings.join("\n") + "\n";
        let file = home.configure("vsftpd.conf", &lines);
        Self(Daemon::start(home, command.arg(file)))
    }

    pub(crate) fn site(&self) -> Site {
        self.0.site("/pub/")
    }
}

impl Deref for Vsftpd {
    type Target = Daemon;

    fn deref(&self) -> &Daemon {
        &self.0
    }
}

/// Its passive ports are not among those that tests claim for themselves. Only the anonymous user is let in, as there is no PAM service of that name; everybody else gets 530.
fn configuration(home: &Home, family: Family) -> String {
    let (listen, address) = match family {
        Family::V4 => ("listen=YES", "listen_address"),
        Family::V6 => ("listen_ipv6=YES", "listen_address6"),
    };
    format!(
        "{listen}\n{address}={ip}\nlisten_port={port}\nbackground=NO\n\
         anonymous_enable=YES\nlocal_enable=YES\npam_service_name=badftp-tests\n\
         write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\nanon_other_write_enable=YES\n\
         anon_umask=022\nanon_world_readable_only=NO\nanon_root={root}\n\
         ftp_username=daemon\nnopriv_user=nobody\nsecure_chroot_dir={empty}\n\
         ascii_upload_enable=YES\nascii_download_enable=YES\nxferlog_enable=NO\n\
         pasv_min_port=40000\npasv_max_port=60000\naccept_timeout=5\nconnect_timeout=5\nrsa_cert_file={certificate}\n",
        ip = family.loopback(),
        port = home.address.port(),
        root = home.root().display(),
        empty = home.path("empty").display(),
        certificate = home.path(CERTIFICATE).display(),
    )
}
