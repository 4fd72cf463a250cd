//! lftp, which retries for ever unless told otherwise.

use super::Desk;
use crate::run::{Shown, run};
use crate::site::Site;

/// One try, and no silence longer than five seconds.
const PATIENCE: &str = "set net:max-retries 1; set net:timeout 5; set net:reconnect-interval-base 1; \
                        set net:persist-retries 0; set ftp:ssl-allow no; set cmd:fail-exit yes;";

/// `commands` are lftp's own, parted by `;`. A later `set` wins over the impatience here.
pub(crate) fn lftp(desk: &Desk, site: &Site, commands: &str) -> Shown {
    let Site { address, user, password, .. } = site;
    let script = format!("{PATIENCE} open -u {user},{password} ftp://{address}; {commands}");
    run(desk.command("lftp").args(["--norc", "-c", &script]))
}
