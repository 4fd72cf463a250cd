//! Apache Commons Net, driven by `tests/clients/CommonsNet.java`.

use super::{Desk, TESTS, certs};
use crate::run::{Shown, run};
use crate::site::Site;

/// Where Debian has it.
const JAR: &str = "/usr/share/java/commons-net.jar";

/// `steps` are parted by `;`; the program says which there are.
pub(crate) fn commons_net(desk: &Desk, site: &Site, steps: &str) -> Shown {
    let mut command = desk.command("java");
    // It runs for a second: the compiler for long runs would take longer.
    command.args(["-XX:TieredStopAtLevel=1", "-Duser.home=.", "--class-path", JAR]);
    command.arg(format!("{TESTS}/clients/CommonsNet.java"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    let way = if site.is_implicit() { "implicit" } else { "explicit" };
    run(command.args([site.user, site.password, way, &certs("ca.pem"), steps]))
}
