//! SFTP beside OpenSSH's own server, by OpenSSH's own client: the time of the whole run, login included.

#[path = "../it/sftp/clients.rs"]
pub(crate) mod clients;
#[path = "../it/sftp/place.rs"]
mod place;
#[path = "../it/sftp/sshd.rs"]
pub(crate) mod sshd;

use std::process::Stdio;

use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::measure::{GIB, Measurement, seconds};
use crate::run::spawn;
use crate::server::{Kind, write_noise};

pub(crate) use place::Place;

pub(crate) const ALL: [Measurement; 4] = [
    ("1 GiB SFTP get, GCM", "MiB/s", |kind| get(kind, "aes128-gcm@openssh.com")),
    ("1 GiB SFTP put, GCM", "MiB/s", |kind| put(kind, "aes128-gcm@openssh.com")),
    ("1 GiB SFTP get, ChaCha20", "MiB/s", |kind| get(kind, "chacha20-poly1305@openssh.com")),
    ("1 GiB SFTP put, ChaCha20", "MiB/s", |kind| put(kind, "chacha20-poly1305@openssh.com")),
];

/// Either server, for as long as this is.
enum Server {
    Badftp(Badftp),
    OpenSsh(sshd::Sshd),
}

impl Server {
    fn start(kind: Kind) -> Self {
        match kind {
            Kind::Badftp => Self::Badftp(Badftp::sftp_with_yaml("files: {/1.bin: {size: 1GiB}}\n")),
            Kind::Vsftpd => Self::OpenSsh(sshd::Sshd::start()),
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::Badftp(badftp) => Place {
                address: ([127, 0, 0, 1], badftp.port()).into(),
                user: "piggy",
                folder: String::new(),
            },
            Self::OpenSsh(sshd) => sshd.place(),
        }
    }
}

fn get(kind: Kind, cipher: &str) -> Option<f64> {
    let server = Server::start(kind);
    let place = server.place();
    if kind == Kind::Vsftpd {
        write_noise(place.path("1.bin").as_ref(), GIB);
    }
    let desk = Desk::new();
    Some(run(&desk, &place, cipher, &format!("get {} /dev/null", place.path("1.bin"))))
}

/// The second one, for which the memory has been found.
fn put(kind: Kind, cipher: &str) -> Option<f64> {
    let server = Server::start(kind);
    let (place, desk) = (server.place(), Desk::new());
    write_noise(&desk.path("local"), GIB);
    let put = || run(&desk, &place, cipher, &format!("put local {}", place.path("up.bin")));
    put();
    Some(put())
}

/// MiB a second of one run of `sftp`.
fn run(desk: &Desk, place: &Place, cipher: &str, command: &str) -> f64 {
    clients::identity(desk);
    desk.write("batch", command);
    let mut sftp = desk.command("sftp");
    sftp.args(clients::TRUST).args(["-q", "-c", cipher, "-b", "batch"]);
    sftp.args(["-P", &place.address.port().to_string()]);
    sftp.arg(format!("{}@{}", place.user, place.address.ip()));
    let mut child = spawn(sftp.stdin(Stdio::null()).stdout(Stdio::null()));
    let seconds = seconds(|| {
        let status = child.wait().expect("our own child can be waited for");
        assert!(status.success(), "sftp ended with {status}");
    });
    1024.0 / seconds
}
