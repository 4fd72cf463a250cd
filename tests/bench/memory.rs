//! The machine's memory: files are held there, and processes are asked how much they hold.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// A file to send, one that was stored, and some room.
const ROOM: u64 = 3 << 30;

/// Linux's folder in memory.
const FOLDER: &str = "/dev/shm";

/// Has all temporary files in memory, if there is room for them.
pub(crate) fn hold_files_there() {
    if room().is_some_and(|room| room >= ROOM) {
        tempfile::env::override_temp_dir(Path::new(FOLDER)).expect("nobody has chosen before");
    } else {
        println!(
            "{FOLDER} has no room for 3 GiB: vsftpd works on the disk, and a ratio says little"
        );
    }
    // For the clients of a thousand sessions; the servers inherit it.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })
        .expect("a limit may be raised to its hard one");
    assert!(limit.maximum.is_none_or(|most| most > 2_000), "too few open files: {limit:?}");
}

fn room() -> Option<u64> {
    let shown = Command::new("df").args(["--output=avail", "-B1", FOLDER]).output().ok()?;
    String::from_utf8(shown.stdout).ok()?.lines().nth(1)?.trim().parse().ok()
}

/// What a process and all below it hold, in KiB: pages that they share are divided among them.
pub(crate) fn held_by(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let own = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let below = children.split_whitespace().filter_map(|id| id.parse().ok()).map(held_by);
    own.unwrap_or(0) + below.sum::<u64>()
}
