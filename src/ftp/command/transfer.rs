//! Transfers: files down and up.

use crate::files::{self, Path};
use crate::files::{Follow, Handle, Write};
use crate::ftp::ascii::{FromWire, ToWire};
use crate::ftp::load::{Load, Sink, Source};
use crate::ftp::reply::Reply;
use crate::ftp::request::{Done, Request};
use crate::ftp::session::{Session, Type};
use crate::ftp::settings::Restart;
use crate::journal::shown;

/// `RETR`
pub(super) async fn retr(session: &mut Session, request: &mut Request) -> Done {
    let offset = std::mem::take(&mut session.restart);
    let path = request.path.clone().unwrap_or_else(Path::root);
    let opened = open_for_reading(session, &path, offset);
    let size = opened.as_ref().map_or(0, |(_, size)| *size);
    let lines = (session.kind == Type::Ascii).then_some(session.settings.crlf);
    let truth = opened.map(|(handle, _)| Source::file(handle, lines.map(ToWire::new), offset));
    let source = match session.source(request, truth) {
        Ok(source) => source,
        Err(reply) => return reply.into(),
    };
    let size = source.size(size);
    let load = Load::down(source, complete(), request, session.pace());
    session.transfer(request, load, opening(session.kind, &path, size)).await
}

/// The file and its size.
fn open_for_reading(session: &Session, path: &Path, offset: u64) -> Result<(Handle, u64), Reply> {
    let account = session.account();
    let files = &session.run.files;
    let handle =
        files.open_read(&account, path).and_then(|handle| Ok((files.size(&handle)?, handle)));
    let (size, handle) = handle.map_err(|error| Reply::refused(550, path.as_bytes(), error))?;
    if offset > size && session.kind == Type::Image {
        return Err(Reply::new(554, format!("The file has only {size} bytes.")));
    }
    Ok((handle, size))
}

/// `STOR`: from the beginning, or from where `REST` says.
pub(super) async fn stor(session: &mut Session, request: &mut Request) -> Done {
    let offset = std::mem::take(&mut session.restart);
    if offset > 0 && session.kind == Type::Ascii {
        return Reply::new(550, "No support for resume of ASCII transfer.").into();
    }
    let write = if offset == 0 { Write::Truncate } else { Write::Keep };
    let handle = match open_for_writing(session, request, write) {
        Ok(handle) => handle,
        Err(reply) => return reply.into(),
    };
    if offset > 0
        && let Err(error) = resume(session, &handle, offset)
    {
        return error.into();
    }
    receive(session, request, handle, Some(offset)).await
}

/// `APPE`
pub(super) async fn appe(session: &mut Session, request: &mut Request) -> Done {
    session.restart = 0;
    match open_for_writing(session, request, Write::Append) {
        Ok(handle) => receive(session, request, handle, None).await,
        Err(reply) => reply.into(),
    }
}

/// `STOU`: the name is told as RFC 1123, section 4.1.2.9 wants it, and once more at the end.
pub(super) async fn stou(session: &mut Session, request: &mut Request) -> Done {
    session.restart = 0;
    let path = match &request.path {
        Some(path) if session.look(path).is_err() => path.clone(),
        _ => session.unused(&request.argument),
    };
    request.path = Some(path.clone());
    let handle = match open_for_writing(session, request, Write::CreateNew) {
        Ok(handle) => handle,
        Err(reply) => return reply.into(),
    };
    let name = match path.name() {
        Some(name) if path.parent() == session.cwd => name,
        _ => path.as_bytes(),
    };
    let opening = Reply::new(150, [b"FILE: ", name].concat());
    let closing = Reply::new(226, [b"Transfer complete (unique file name: ", name, b")."].concat());
    let load = Load::up(sink(session, handle, Some(0)), closing, request, session.pace());
    session.transfer(request, load, opening).await
}

/// What a resumed upload finds before its first byte.
fn resume(session: &Session, handle: &Handle, offset: u64) -> Result<(), Reply> {
    let files = &session.run.files;
    let resumed = match session.settings.restart {
        Restart::Exact => Ok(()),
        Restart::Cut => {
            files.size(handle).and_then(|size| files.truncate(handle, size.min(offset)))
        }
        Restart::ZeroFill => {
            files.truncate(handle, 0).and_then(|()| files.truncate(handle, offset))
        }
    };
    resumed.map_err(|error| Reply::new(451, error.to_string()))
}

fn open_for_writing(session: &Session, request: &Request, write: Write) -> Result<Handle, Reply> {
    let path = request.path.clone().unwrap_or_else(Path::root);
    let handle = session.run.files.open_write(&session.account(), &path, write);
    handle.map_err(|error| {
        let code = match error {
            files::Error::NoSpace | files::Error::TooManyFiles => 452,
            files::Error::NameTooLong | files::Error::InvalidName | files::Error::IsADirectory => {
                553
            }
            _ => 550,
        };
        Reply::refused(code, path.as_bytes(), error)
    })
}

async fn receive(
    session: &mut Session,
    request: &mut Request,
    handle: Handle,
    offset: Option<u64>,
) -> Done {
    if request.verdict().keep().is_none() {
        handle.forget();
    }
    let sink = sink(session, handle, offset);
    let load = Load::up(sink, complete(), request, session.pace());
    session.transfer(request, load, Reply::new(150, "Ok to send data.")).await
}

fn sink(session: &Session, handle: Handle, offset: Option<u64>) -> Sink {
    let lines = (session.kind == Type::Ascii).then(FromWire::default);
    Sink { handle: handle.into(), offset, lines }
}

fn opening(kind: Type, path: &Path, size: u64) -> Reply {
    let mode = match kind {
        Type::Ascii => "ASCII",
        Type::Image => "BINARY",
    };
    let path = shown(path.as_bytes());
    Reply::new(150, format!("Opening {mode} mode data connection for {path} ({size} bytes)."))
}

fn complete() -> Reply {
    Reply::new(226, "Transfer complete.")
}

/// `ABOR`, when there is nothing to abort; during a transfer the transfer itself hears it.
pub(super) fn abor(session: &mut Session, _: &mut Request) -> Reply {
    session.let_go();
    session.port = crate::ftp::data::DataPort::None;
    Reply::new(225, "No transfer to ABOR.")
}

impl Session {
    /// A path that nothing is at: the one wanted, or else the first of `wanted.1`, `wanted.2` and so on.
    pub(in crate::ftp) fn unused(&self, wanted: &[u8]) -> Path {
        let numbers = if wanted.is_empty() { 1.. } else { 0_u32.. };
        let base = if wanted.is_empty() { b"stou" } else { wanted };
        let names = numbers.map(|number| match number {
            0 => base.to_vec(),
            number => [base, format!(".{number}").as_bytes()].concat(),
        });
        let mut paths = names.map(|name| self.cwd.resolve(&name));
        let free = paths.find(|path| self.look(path).is_err());
        free.unwrap_or_else(|| self.cwd.resolve(base))
    }

    /// Whether there is a file or directory, links followed.
    pub(super) fn look(&self, path: &Path) -> Result<files::Stat, files::Error> {
        self.run.files.stat(&self.account(), path, Follow::Yes)
    }
}
