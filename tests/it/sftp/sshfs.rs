//! sshfs, where a file system can be mounted.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::clients::sshfs;
use super::{Place, checks, desk};
use crate::run::{end, run};
use crate::until::until;

checks!("needs sshfs and OpenSSH's server: tests/run":
    files_are_like_local_ones
);

fn files_are_like_local_ones(place: &Place) {
    let desk = desk();
    let here = desk.path("here");
    fs::create_dir(&here).expect("a folder can be made");
    let mut mounted = sshfs(&desk, place, &here);
    let outside = fs::metadata(desk.path("id")).expect("it is there");
    let device = std::os::unix::fs::MetadataExt::dev(&outside);
    until("sshfs mounts the folder", || {
        !fs::metadata(&here).is_ok_and(|now| std::os::unix::fs::MetadataExt::dev(&now) == device)
    });
    let done = use_it(&here);
    run(desk.command("fusermount3").args(["-u", "here"])).ok();
    end(&mut mounted);
    done.expect("each operation works");
}

fn use_it(here: &std::path::Path) -> std::io::Result<()> {
    let at = |name: &str| here.join(name);
    let big = vec![b'x'; 3_000_000];
    fs::create_dir(at("d"))?;
    fs::write(at("d/a"), &big)?;
    assert!(fs::read(at("d/a"))? == big, "it came back changed");
    fs::rename(at("d/a"), at("d/b"))?;
    fs::set_permissions(at("d/b"), fs::Permissions::from_mode(0o640))?;
    fs::File::options().write(true).open(at("d/b"))?.set_len(10)?;
    let found = fs::metadata(at("d/b"))?;
    assert_eq!((found.len(), found.permissions().mode() & 0o777), (10, 0o640));
    symlink("b", at("d/l"))?;
    assert_eq!(fs::read_link(at("d/l"))?, std::path::Path::new("b"));
    assert_eq!(fs::read_dir(at("d"))?.count(), 2);
    fs::remove_file(at("d/l"))?;
    fs::remove_file(at("d/b"))?;
    // A file that FUSE has not closed yet is only hidden when it is removed.
    until("the folder is empty and goes", || fs::remove_dir(at("d")).is_ok());
    Ok(())
}
