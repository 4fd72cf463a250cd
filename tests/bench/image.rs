//! The container image: how big it is, and how soon it greets.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::podman::{IMAGE, command, podman};
use crate::run::{end, spawn};
use crate::table::median;

const ROUNDS: usize = 5;
/// The image's own port, at an address of this machine that nobody else listens at.
const ADDRESS: ([u8; 4], u16) = ([127, 63, 0, 1], 2121);
const CONTAINER: &str = "badftp-bench";

pub(crate) fn print() {
    match size() {
        None => println!(
            "no podman, or no image `{IMAGE}`: `tests/run` installs the one, `docker/images` builds the other"
        ),
        Some(bytes) => {
            let (image, binary) =
                (milliseconds(greeting_of_a_container), milliseconds(greeting_of_a_process));
            println!("the image: {:.1} MB", bytes / 1e6);
            println!(
                "first greeting: {image:.0} ms after `podman run`, {binary:.1} ms after the binary's own start"
            );
        }
    }
}

fn size() -> Option<f64> {
    let mut podman = command(&["image", "inspect", "--format={{.Size}}", IMAGE]);
    let output = podman.stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn milliseconds(once: fn() -> f64) -> f64 {
    let numbers: Vec<f64> = (0..ROUNDS).map(|_| once()).collect();
    median(&numbers).unwrap_or_default()
}

fn greeting_of_a_container() -> f64 {
    let address = SocketAddr::from(ADDRESS);
    let publish = format!("--publish={address}:{}", address.port());
    let arguments = ["run", "--name", CONTAINER, &publish, IMAGE];
    let (milliseconds, mut child) = until_greeted(&mut command(&arguments));
    podman(&["rm", "--force", "--time=0", CONTAINER]).ok();
    child.wait().expect("our own child can be waited for");
    milliseconds
}

fn greeting_of_a_process() -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badftp"));
    let address = SocketAddr::from(ADDRESS).to_string();
    command.args(["serve", "--ftp", &address, "--ftps=:0", "--sftp=:0", "--control=:0"]);
    let (milliseconds, mut child) = until_greeted(&mut command);
    end(&mut child);
    milliseconds
}

/// The milliseconds from the start of this command to the first line of its server.
fn until_greeted(command: &mut Command) -> (f64, Child) {
    let begun = Instant::now();
    let child = spawn(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()));
    let mut line = String::new();
    while line.is_empty() {
        sleep(Duration::from_micros(200));
        // Refused until it listens, and perhaps accepted by who only holds the port for it.
        if let Ok(stream) = TcpStream::connect(SocketAddr::from(ADDRESS)) {
            let _ = BufReader::new(stream).read_line(&mut line);
        }
    }
    (begun.elapsed().as_secs_f64() * 1000.0, child)
}
