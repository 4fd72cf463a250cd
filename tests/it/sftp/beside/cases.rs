//! Every request, on everything that it may find at its path.

use super::Beside;
use super::talk::{Attributes, CREAT, Handle, OF_A_PATH, Owner, READ, Talk, WRITE};

/// Brings something to a place.
type Lay = fn(&mut Talk);
/// Opens something.
type Open = fn(&mut Talk) -> Handle;

/// What may be at a path, and how it comes there: the first name is the one that is asked about.
const PLACES: [(&str, Lay); 25] = [
    ("missing", |_| {}),
    ("f", |talk| talk.file("f", "0123456789")),
    ("empty", |talk| talk.file("empty", "")),
    ("read-only", |talk| {
        talk.file("read-only", "0123456789");
        talk.setstat("read-only", mode(0o444));
    }),
    ("locked", |talk| {
        talk.file("locked", "0123456789");
        talk.setstat("locked", mode(0));
    }),
    ("d", |talk| talk.mkdir("d", Attributes::default())),
    ("full", full),
    ("link", |talk| {
        talk.file("f", "0123456789");
        talk.symlink("f", "link");
    }),
    ("link-to-full", |talk| {
        full(talk);
        talk.symlink("full", "link-to-full");
    }),
    ("dangling", |talk| talk.symlink("nowhere", "dangling")),
    ("loop", |talk| talk.symlink("loop", "loop")),
    ("no/where", |_| {}),
    ("closed/new", closed),
    ("closed/x", closed),
    ("private/x", |talk| {
        talk.mkdir("private", Attributes::default());
        talk.file("private/x", "0123456789");
        talk.setstat("private", mode(0));
    }),
    ("f/below", |talk| talk.file("f", "0123456789")),
    ("missing/", |_| {}),
    ("f/", |talk| talk.file("f", "0123456789")),
    ("d/", |talk| talk.mkdir("d", Attributes::default())),
    ("full/", full),
    ("link/", |talk| {
        talk.file("f", "0123456789");
        talk.symlink("f", "link");
    }),
    ("link-to-full/", |talk| {
        full(talk);
        talk.symlink("full", "link-to-full");
    }),
    ("dangling/", |talk| talk.symlink("nowhere", "dangling")),
    ("full//x", full),
    ("full/./x", full),
];

fn full(talk: &mut Talk) {
    talk.mkdir("full", Attributes::default());
    talk.file("full/x", "0123456789");
}

fn closed(talk: &mut Talk) {
    talk.mkdir("closed", Attributes::default());
    talk.file("closed/x", "0123456789");
    talk.setstat("closed", mode(0o555));
}

fn mode(permissions: u32) -> Attributes {
    Attributes { permissions: Some(permissions), ..Attributes::default() }
}

fn size(size: u64) -> Attributes {
    Attributes { size: Some(size), ..Attributes::default() }
}

/// Each set of attributes, and values that are special.
fn attributes() -> Vec<Attributes> {
    let mut sets = Vec::new();
    for bits in 0..16 {
        let has = |bit: u32| bits & (1 << bit) != 0;
        sets.push(Attributes {
            size: has(0).then_some(3),
            owner: has(1).then_some(Owner::Own),
            permissions: has(2).then_some(0o640),
            times: has(3).then_some((200, 100)),
        });
    }
    sets.extend([20, u64::MAX, 0].map(size));
    sets.extend([0, 0o7777, 0o100_600].map(mode));
    let owner = Some(Owner::Root);
    sets.push(Attributes { owner, ..Attributes::default() });
    sets.push(Attributes { owner, permissions: Some(0o600), ..size(1) });
    sets
}

/// Every set of flags.
pub(super) fn openings(beside: &mut Beside) {
    for (place, lay) in PLACES {
        for flags in 0..64 {
            beside.case(place, |talk| {
                lay(talk);
                let handle = talk.open(place, flags, Attributes::default());
                if !handle.is_empty() {
                    talk.fstat(&handle);
                    talk.read(&handle, 2, 4);
                    talk.write(&handle, 4, "ab");
                    talk.read(&handle, 0, 100);
                    talk.fsetstat(&handle, size(3));
                    talk.fsetstat(&handle, mode(0o600));
                    talk.close(&handle);
                }
                talk.look(place);
            });
        }
    }
    // How a new file may be used, and what becomes of what is said of an old one.
    for place in ["new", "f"] {
        for attributes in attributes() {
            beside.case(place, |talk| {
                talk.file("f", "0123456789");
                let handle = talk.open(place, READ + WRITE + CREAT, attributes);
                talk.write(&handle, 0, "ab");
                talk.close(&handle);
                talk.look(place);
            });
        }
    }
}

/// Every request with one path.
pub(super) fn paths(beside: &mut Beside) {
    for (place, lay) in PLACES {
        for request in OF_A_PATH {
            beside.case(place, |talk| {
                lay(talk);
                let handle = talk.of_a_path(request, place);
                if !handle.is_empty() {
                    talk.close(&handle);
                }
                talk.look(place);
                talk.of_a_path(OF_A_PATH[0], "f");
            });
        }
        for extension in ["statvfs@openssh.com", "expand-path@openssh.com"] {
            beside.case(place, |talk| {
                lay(talk);
                talk.of_paths(extension, &[place]);
            });
        }
        for attributes in [Attributes::default(), mode(0o700), mode(0o7777), size(3)] {
            beside.case(place, |talk| {
                lay(talk);
                talk.mkdir(place, attributes);
                talk.look(place);
            });
        }
        for attributes in attributes() {
            beside.case(place, |talk| {
                lay(talk);
                talk.setstat(place, attributes);
                talk.look(place);
            });
            beside.case(place, |talk| {
                lay(talk);
                talk.lsetstat(place, attributes);
                talk.look(place);
            });
        }
    }
    beside.case("no such extension", |talk| talk.of_paths("no@example.com", &["f"]));
}

/// Every request with two paths.
pub(super) fn pairs(beside: &mut Beside) {
    for (from, lay_from) in PLACES {
        for (to, lay_to) in PLACES {
            let to_in = format!("b/{to}");
            for request in 0..5 {
                beside.case(&format!("{from} and b/{to}"), |talk| {
                    lay_from(talk);
                    talk.below("b", lay_to);
                    match request {
                        0 => talk.rename(from, &to_in),
                        1 => talk.of_paths("posix-rename@openssh.com", &[from, &to_in]),
                        2 => talk.of_paths("hardlink@openssh.com", &[from, &to_in]),
                        3 => talk.symlink(from, &to_in),
                        // Onto itself.
                        _ => talk.rename(from, from),
                    }
                    talk.look(from);
                    talk.look(&to_in);
                });
            }
        }
    }
    for request in ["posix-rename@openssh.com", "hardlink@openssh.com"] {
        beside.case("into itself", |talk| {
            talk.mkdir("d", Attributes::default());
            talk.of_paths(request, &["d", "d/below"]);
            talk.rename("d", "d/below");
            talk.rename("d", "d");
            talk.of_paths(request, &["d", "d"]);
        });
    }
}

/// What a handle is of.
const HANDLES: [(&str, Open); 9] = [
    ("a file, to be read", |talk| talk.open("f", READ, Attributes::default())),
    ("a file, to be written", |talk| talk.open("f", WRITE, Attributes::default())),
    ("a file, for both", |talk| talk.open("f", READ + WRITE, Attributes::default())),
    ("a file, to be appended to", |talk| talk.open("f", READ + WRITE + 4, Attributes::default())),
    ("another file", |talk| talk.open("g", READ + WRITE, Attributes::default())),
    ("a folder, opened as a file", |talk| talk.open("d", READ, Attributes::default())),
    ("a folder", |talk| talk.of_a_path(("OPENDIR", 11), "d")),
    ("what is closed", |talk| {
        let handle = talk.open("f", READ, Attributes::default());
        talk.close(&handle);
        handle
    }),
    ("nothing", |_| b"four bytes and more".to_vec()),
];

fn lay_for_handles(talk: &mut Talk) {
    talk.file("f", "0123456789");
    talk.file("g", "abcdefgh");
    talk.mkdir("d", Attributes::default());
    talk.file("d/x", "0123456789");
    let times = Some((951_782_400, 951_782_400));
    talk.setstat("d/x", Attributes { times, ..Attributes::default() });
}

/// Every request with a handle.
pub(super) fn handles(beside: &mut Beside) {
    const BEYOND: u64 = 1 << 63;
    for (name, open) in HANDLES {
        for (offset, length) in [(0, 4), (0, 0), (9, 4), (10, 4), (10, 0), (BEYOND, 1), (BEYOND, 0)]
        {
            beside.case(name, |talk| {
                lay_for_handles(talk);
                let handle = open(talk);
                talk.read(&handle, offset, length);
            });
        }
        for (offset, bytes) in [
            (0, "xy"),
            (0, ""),
            (9, "xy"),
            (20, "xy"),
            (20, ""),
            (BEYOND, "xy"),
            (BEYOND - 1, "xy"),
        ] {
            beside.case(name, |talk| {
                lay_for_handles(talk);
                let handle = open(talk);
                talk.write(&handle, offset, bytes);
                talk.fstat(&handle);
                talk.look("f");
            });
        }
        for attributes in attributes() {
            beside.case(name, |talk| {
                lay_for_handles(talk);
                let handle = open(talk);
                talk.fsetstat(&handle, attributes);
                talk.fstat(&handle);
                talk.look("f");
            });
        }
        beside.case(name, |talk| {
            lay_for_handles(talk);
            let handle = open(talk);
            talk.readdir(&handle);
            talk.of_a_handle("fsync@openssh.com", &handle, &[]);
            talk.of_a_handle("fstatvfs@openssh.com", &handle, &[]);
            talk.readdir(&handle);
            talk.close(&handle);
            talk.close(&handle);
            talk.fstat(&handle);
        });
        // What goes on when its name is gone.
        beside.case(name, |talk| {
            lay_for_handles(talk);
            let handle = open(talk);
            for path in ["f", "d/x"] {
                talk.of_a_path(("REMOVE", 13), path);
            }
            talk.of_a_path(("RMDIR", 15), "d");
            talk.fstat(&handle);
            talk.write(&handle, 1, "xy");
            talk.read(&handle, 0, 100);
            talk.readdir(&handle);
            talk.close(&handle);
        });
    }
    copies(beside);
}

/// `copy-data`, from each handle into each.
fn copies(beside: &mut Beside) {
    let parts: [(u64, u64, u64); 7] = [
        (0, 0, 0),
        (2, 3, 1),
        (20, 0, 0),
        (20, 5, 0),
        (0, 200_000, 0),
        (1 << 63, 1, 0),
        (0, 1, 1 << 63),
    ];
    for (from, open_from) in HANDLES {
        for (to, open_to) in HANDLES {
            for (offset, length, at) in parts {
                beside.case(&format!("{offset} {length} {at} of {from} into {to}"), |talk| {
                    lay_for_handles(talk);
                    let (source, into) = (open_from(talk), open_to(talk));
                    let into = super::talk::string(&into);
                    let numbers = [offset.to_be_bytes(), length.to_be_bytes()].concat();
                    let fields: [&[u8]; 3] = [&numbers, &into, &at.to_be_bytes()];
                    talk.of_a_handle("copy-data", &source, &fields);
                    talk.look("f");
                    talk.look("g");
                });
            }
        }
    }
}
