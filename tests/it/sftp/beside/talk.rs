//! A talk with one server: requests of protocol 3, and its answers in words that do not depend on which server it is.

use std::any::Any;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::badftp::Badftp;
use crate::run::{end, spawn};
use crate::sftp::clients::TRUST;
use crate::sftp::desk;
use crate::sftp::sshd::SFTP_SERVER;

/// `nobody`, as which the real server runs.
const NOBODY: u32 = 65534;
/// As whom ours tells everybody but `root`.
const OUR_USER: u32 = 1000;
/// Times that are no older than this are told as `now`.
const RECENT: u64 = 24 * 3600;

pub(super) const READ: u32 = 1;
pub(super) const WRITE: u32 = 2;
pub(super) const CREAT: u32 = 8;

const FLAGS: [&str; 6] = ["READ", "WRITE", "APPEND", "CREAT", "TRUNC", "EXCL"];

/// An open handle; without bytes, if there is none.
pub(super) type Handle = Vec<u8>;

/// What a request says of a file.
#[derive(Clone, Copy, Default)]
pub(super) struct Attributes {
    pub(super) size: Option<u64>,
    pub(super) owner: Option<Owner>,
    pub(super) permissions: Option<u32>,
    pub(super) times: Option<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    /// Whoever asks.
    Own,
    Root,
}

/// The requests with a path and no more than that.
pub(super) const OF_A_PATH: [(&str, u8); 7] = [
    ("LSTAT", 7),
    ("STAT", 17),
    ("OPENDIR", 11),
    ("REMOVE", 13),
    ("RMDIR", 15),
    ("REALPATH", 16),
    ("READLINK", 19),
];

pub(super) struct Talk {
    child: Child,
    says: Option<ChildStdin>,
    hears: ChildStdout,
    own: u32,
    /// What stands before each absolute path.
    root: String,
    folder: String,
    id: u32,
    said: Vec<(String, String)>,
    open: Vec<Handle>,
    /// Those that it has announced, with their versions.
    pub(super) extensions: Vec<(String, String)>,
    /// What has to live as long.
    _alive: Box<dyn Any>,
}

impl Talk {
    /// With OpenSSH's own, over a pipe.
    pub(super) fn real() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        chown(home.path(), Some(NOBODY), Some(NOBODY))
            .expect("the tests of real servers run as root");
        let program = home.path().join("sftp-server");
        // Whoever runs as `nobody` may not reach it where it is. A copy made by ourselves could still be open for writing in
        // another test's child.
        let copied = Command::new("cp").args([Path::new(SFTP_SERVER), &program]).status();
        assert!(copied.is_ok_and(|status| status.success()), "tests/run installs {SFTP_SERVER}");
        let files = home.path().join("files");
        fs::create_dir(&files).expect("a temporary folder can be made");
        chown(&files, Some(NOBODY), Some(NOBODY)).expect("the tests of real servers run as root");
        let root = files.display().to_string();
        let mut command = Command::new(program);
        command.args(["-u", "022", "-d", &root]).uid(NOBODY).gid(NOBODY);
        Self::with(command, NOBODY, root, Box::new(home))
    }

    /// With ours, over SSH.
    pub(super) fn ours() -> Self {
        let (server, desk) = (Badftp::sftp_with_yaml("files: {}"), desk());
        let mut command = desk.command("ssh");
        let port = server.port().to_string();
        command.args(TRUST).args(["-p", &port, "piggy@127.0.0.1", "-s", "sftp"]);
        Self::with(command, OUR_USER, String::new(), Box::new((server, desk)))
    }

    fn with(mut command: Command, own: u32, root: String, alive: Box<dyn Any>) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn(&mut command);
        let says = child.stdin.take();
        let hears = child.stdout.take().expect("stdout was piped");
        let (folder, said) = (String::new(), Vec::new());
        let mut talk = Self {
            child,
            says,
            hears,
            own,
            root,
            folder,
            id: 0,
            said,
            open: Vec::new(),
            extensions: Vec::new(),
            _alive: alive,
        };
        talk.say(&[&[1][..], &3_u32.to_be_bytes()].concat());
        let version = talk.hear();
        assert_eq!(version[..5], [2, 0, 0, 0, 3], "it speaks version 3");
        let mut fields = Fields { rest: &version[5..], own, root: "" };
        while !fields.rest.is_empty() {
            talk.extensions.push((fields.text(), fields.text()));
        }
        talk
    }

    /// A named pipe in the real server's folder, which it can open.
    pub(super) fn pipe(&self, name: &str) -> PathBuf {
        let path = Path::new(&self.root).join(name);
        let made = Command::new("mkfifo").args(["-m", "666"]).arg(&path).status();
        assert!(made.is_ok_and(|status| status.success()), "a pipe can be made");
        path
    }

    /// Asks to open each of these, and waits for no answer.
    pub(super) fn say_to_open(&mut self, paths: &[&str]) {
        for path in paths {
            self.id += 1;
            let (id, path) = (self.id.to_be_bytes(), self.path(path));
            self.say(&[&[3][..], &id, &path, &READ.to_be_bytes(), &[0; 4]].concat());
        }
    }

    /// Begins a case in an empty folder.
    pub(super) fn begin(&mut self, folder: &str) {
        self.folder.clear();
        self.mkdir(folder, Attributes::default());
        folder.clone_into(&mut self.folder);
        self.said.clear();
    }

    /// What was asked, and what was answered.
    pub(super) fn end(&mut self) -> Vec<(String, String)> {
        let said = std::mem::take(&mut self.said);
        while let Some(handle) = self.open.last().cloned() {
            self.close(&handle);
        }
        said
    }

    pub(super) fn of_a_path(&mut self, (name, kind): (&str, u8), path: &str) -> Handle {
        self.ask(&format!("{name} {path}"), &[&[kind][..], &self.path(path)])
    }

    pub(super) fn open(&mut self, path: &str, flags: u32, attributes: Attributes) -> Handle {
        let names = FLAGS.iter().enumerate().filter(|(bit, _)| flags & 1 << bit != 0);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let attributes = attributes.encoded(self.own);
        let packet: [&[u8]; 4] = [&[3], &self.path(path), &flags.to_be_bytes(), &attributes];
        self.ask(&format!("OPEN {path} {}", names.join("+")), &packet)
    }

    pub(super) fn close(&mut self, handle: &[u8]) {
        self.open.retain(|open| open != handle);
        self.ask("CLOSE", &[&[4], &string(handle)]);
    }

    pub(super) fn read(&mut self, handle: &[u8], offset: u64, length: u32) -> Handle {
        let packet: [&[u8]; 4] =
            [&[5], &string(handle), &offset.to_be_bytes(), &length.to_be_bytes()];
        self.ask(&format!("READ {offset} {length}"), &packet)
    }

    pub(super) fn write(&mut self, handle: &[u8], offset: u64, bytes: &str) {
        let packet: [&[u8]; 4] =
            [&[6], &string(handle), &offset.to_be_bytes(), &string(bytes.as_bytes())];
        self.ask(&format!("WRITE {offset} `{bytes}`"), &packet);
    }

    pub(super) fn fstat(&mut self, handle: &[u8]) {
        self.ask("FSTAT", &[&[8], &string(handle)]);
    }

    pub(super) fn readdir(&mut self, handle: &[u8]) {
        self.ask("READDIR", &[&[12], &string(handle)]);
    }

    pub(super) fn mkdir(&mut self, path: &str, attributes: Attributes) {
        let (name, attributes) =
            (format!("MKDIR {path}{attributes}"), attributes.encoded(self.own));
        self.ask(&name, &[&[14], &self.path(path), &attributes]);
    }

    pub(super) fn setstat(&mut self, path: &str, attributes: Attributes) {
        let (name, attributes) =
            (format!("SETSTAT {path}{attributes}"), attributes.encoded(self.own));
        self.ask(&name, &[&[9], &self.path(path), &attributes]);
    }

    pub(super) fn fsetstat(&mut self, handle: &[u8], attributes: Attributes) {
        let (name, attributes) = (format!("FSETSTAT{attributes}"), attributes.encoded(self.own));
        self.ask(&name, &[&[10], &string(handle), &attributes]);
    }

    pub(super) fn lsetstat(&mut self, path: &str, attributes: Attributes) {
        let (name, attributes) =
            (format!("lsetstat {path}{attributes}"), attributes.encoded(self.own));
        self.extended("lsetstat@openssh.com", &name, &[&self.path(path), &attributes]);
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) {
        self.ask(&format!("RENAME {from} {to}"), &[&[18], &self.path(from), &self.path(to)]);
    }

    /// In OpenSSH's order: where it leads to, as it is, and then the link.
    pub(super) fn symlink(&mut self, target: &str, link: &str) {
        let packet: [&[u8]; 3] = [&[20], &string(target.as_bytes()), &self.path(link)];
        self.ask(&format!("SYMLINK {target} {link}"), &packet);
    }

    /// An extension with these paths.
    pub(super) fn of_paths(&mut self, extension: &str, paths: &[&str]) {
        let fields: Vec<Vec<u8>> = paths.iter().map(|path| self.path(path)).collect();
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        self.extended(extension, &format!("{extension} {}", paths.join(" ")), &fields);
    }

    /// An extension with a handle and other fields.
    pub(super) fn of_a_handle(&mut self, extension: &str, handle: &[u8], fields: &[&[u8]]) {
        let handle = string(handle);
        let fields = [&[&handle[..]][..], fields].concat();
        self.extended(extension, extension, &fields);
    }

    pub(super) fn extended(&mut self, extension: &str, name: &str, fields: &[&[u8]]) {
        let name_of = string(extension.as_bytes());
        self.ask(name, &[&[&[200][..], &name_of], fields].concat());
    }

    /// A file with this text, which the case is not about.
    pub(super) fn file(&mut self, path: &str, text: &str) {
        let handle = self.open(path, WRITE + CREAT, Attributes::default());
        if !text.is_empty() {
            self.write(&handle, 0, text);
        }
        self.close(&handle);
    }

    /// Lays something in a folder of its own within that of the case.
    pub(super) fn below(&mut self, folder: &str, lay: fn(&mut Self)) {
        self.mkdir(folder, Attributes::default());
        let case = self.folder.clone();
        self.folder = format!("{case}/{folder}");
        lay(self);
        self.folder = case;
    }

    /// What is at a path in the end.
    pub(super) fn look(&mut self, path: &str) {
        self.of_a_path(OF_A_PATH[0], path);
        let handle = self.open(path, READ, Attributes::default());
        if !handle.is_empty() {
            self.read(&handle, 0, 100);
            self.close(&handle);
        }
    }

    /// Asks, writes down what was answered, and hands back a handle, if it is one.
    fn ask(&mut self, name: &str, fields: &[&[u8]]) -> Handle {
        self.id += 1;
        let [kind, rest @ ..] = fields else { panic!("a request has a kind") };
        let id = self.id.to_be_bytes();
        self.say(&[kind, &id[..], &rest.concat()].concat());
        let answer = self.hear();
        assert_eq!(answer[1..5], self.id.to_be_bytes(), "{name} is answered");
        let mut fields = Fields { rest: &answer[5..], own: self.own, root: &self.root };
        let shown = fields.shown(answer[0]);
        self.said.push((name.to_owned(), shown));
        if answer[0] != 102 {
            return Vec::new();
        }
        self.open.push(answer[9..].to_vec());
        answer[9..].to_vec()
    }

    fn say(&mut self, packet: &[u8]) {
        let says = self.says.as_mut().expect("stdin was piped");
        says.write_all(&string(packet)).and_then(|()| says.flush()).expect("it listens");
    }

    fn hear(&mut self) -> Vec<u8> {
        let mut length = [0; 4];
        self.hears.read_exact(&mut length).expect("it answers");
        let mut packet = vec![0; u32::from_be_bytes(length) as usize];
        self.hears.read_exact(&mut packet).expect("it answers");
        packet
    }

    /// A path in the case's folder.
    fn path(&self, path: &str) -> Vec<u8> {
        let slash = if self.folder.is_empty() || path.is_empty() { "" } else { "/" };
        string(format!("{}{slash}{path}", self.folder).as_bytes())
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        drop(self.says.take());
        end(&mut self.child);
    }
}

impl Attributes {
    fn encoded(self, own: u32) -> Vec<u8> {
        let owner = self.owner.map(|owner| match owner {
            Owner::Own => own,
            Owner::Root => 0,
        });
        let said = [
            self.size.is_some(),
            owner.is_some(),
            self.permissions.is_some(),
            self.times.is_some(),
        ];
        let flags = said.iter().enumerate().map(|(bit, said)| u32::from(*said) << bit).sum::<u32>();
        let mut bytes = flags.to_be_bytes().to_vec();
        bytes.extend(self.size.map(u64::to_be_bytes).into_iter().flatten());
        let numbers = [owner, owner, self.permissions];
        let times = self.times.map(|(read, modified)| [read, modified]);
        for number in numbers.into_iter().flatten().chain(times.into_iter().flatten()) {
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }
}

impl std::fmt::Display for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(size) = self.size {
            write!(f, " size {size}")?;
        }
        if let Some(owner) = self.owner {
            write!(f, " owner {owner:?}")?;
        }
        if let Some(mode) = self.permissions {
            write!(f, " permissions {mode:o}")?;
        }
        if let Some(times) = self.times {
            write!(f, " times {times:?}")?;
        }
        Ok(())
    }
}

/// What is left to be shown of an answer.
struct Fields<'a> {
    rest: &'a [u8],
    own: u32,
    root: &'a str,
}

impl Fields<'_> {
    fn shown(&mut self, kind: u8) -> String {
        match kind {
            101 => format!("{} {}", self.number(), self.text()),
            102 => "HANDLE".to_owned(),
            103 => format!("DATA `{}`", self.text()),
            104 => {
                let mut names: Vec<String> = (0..self.number())
                    .map(|_| {
                        let (name, longname) = (self.text(), self.text());
                        let attributes = self.attributes();
                        // That of a directory tells its links and its size, which its file system decides.
                        let is_directory = longname.starts_with('d');
                        let longname =
                            if is_directory { String::new() } else { without_owners(&longname) };
                        format!("{name} | {longname} | {attributes}")
                    })
                    .collect();
                names.sort();
                names.join("\n")
            }
            105 => self.attributes(),
            201 => format!("REPLY of {} bytes", self.rest.len()),
            other => format!("a packet of kind {other}"),
        }
    }

    fn attributes(&mut self) -> String {
        let flags = self.number();
        let size = (flags & 1 != 0).then(|| self.long());
        let owners = (flags & 2 != 0).then(|| [self.owner(), self.owner()].join("/"));
        let mode = (flags & 4 != 0).then(|| self.number());
        let times = (flags & 8 != 0).then(|| [self.time(), self.time()].join("/"));
        let is_directory = mode.is_some_and(|mode| mode & 0o170_000 == 0o040_000);
        // How long a directory is, its file system decides.
        let size = size.filter(|_| !is_directory);
        let (owners, times) = (owners.unwrap_or_default(), times.unwrap_or_default());
        format!("{flags:x} {size:?} {owners} {:o} {times}", mode.unwrap_or_default())
    }

    fn owner(&mut self) -> String {
        let number = self.number();
        if number == self.own { "own".to_owned() } else { number.to_string() }
    }

    fn time(&mut self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let time = self.number();
        if now.abs_diff(u64::from(time)) < RECENT { "now".to_owned() } else { time.to_string() }
    }

    fn text(&mut self) -> String {
        let length = self.number() as usize;
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        let text = String::from_utf8_lossy(text);
        if self.root.is_empty() { text.into_owned() } else { text.replace(self.root, "") }
    }

    fn number(&mut self) -> u32 {
        let (number, rest) = self.rest.split_first_chunk().expect("the answer has all its fields");
        self.rest = rest;
        u32::from_be_bytes(*number)
    }

    fn long(&mut self) -> u64 {
        u64::from(self.number()) << 32 | u64::from(self.number())
    }
}

/// A line for people, without whom the server runs as.
fn without_owners(line: &str) -> String {
    let owners = ["nobody  ", "nogroup ", "ftp     "];
    owners.iter().fold(line.to_owned(), |line, owner| line.replace(owner, "own     "))
}

pub(super) fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a string is short");
    [&length.to_be_bytes(), bytes].concat()
}
