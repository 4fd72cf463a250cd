//! lftp, which retries for ever unless told otherwise.

use super::{Desk, certs};
use crate::run::{Shown, run};
use crate::site::{Data, Site, Tls};

/// One try, and no silence longer than five seconds.
const PATIENCE: &str = "set net:max-retries 1; set net:timeout 5; set net:reconnect-interval-base 1; \
                        set net:persist-retries 0; set cmd:fail-exit yes;";

/// `commands` are lftp's own, parted by `;`. A later `set` wins over the impatience here.
pub(crate) fn lftp(desk: &Desk, site: &Site, commands: &str) -> Shown {
    let Site { user, password, .. } = site;
    let tls = site.tls.map_or("set ftp:ssl-allow no;".to_owned(), security);
    let script =
        format!("{PATIENCE} {tls} open -u {user},{password} {}; {commands}", site.origin());
    run(desk.command("lftp").args(["--norc", "-c", &script]))
}

fn security(tls: Tls) -> String {
    let data = if tls.data == Data::Private { "yes" } else { "no" };
    let mut settings = vec![
        format!("set ssl:ca-file {}; set ftp:ssl-force yes", certs("ca.pem")),
        format!("set ftp:ssl-protect-data {data}; set ftp:ssl-protect-list {data}"),
    ];
    settings.extend(
        tls.version.map(|version| format!("set ssl:priority NORMAL:-VERS-ALL:+VERS-TLS{version}")),
    );
    settings.extend(tls.shows.map(|name| {
        let (pem, key) = (certs(&format!("{name}.pem")), certs(&format!("{name}.key")));
        format!("set ssl:cert-file {pem}; set ssl:key-file {key}")
    }));
    settings.join("; ") + ";"
}
