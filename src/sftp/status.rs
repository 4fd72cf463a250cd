//! The status that answers a request: any number and any text, and the natural ones as OpenSSH gives them.

use bytes::Bytes;

use super::codec::Packet;
use super::kinds::STATUS;
use crate::engine;
use crate::files::Error;
use crate::run::Filling;

/// A status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u32,
    pub(super) text: Vec<u8>,
}

/// The natural statuses (draft-ietf-secsh-filexfer-02, section 7) with OpenSSH's texts.
const TEXTS: [&str; 9] = [
    "Success",
    "End of file",
    "No such file",
    "Permission denied",
    "Failure",
    "Bad message",
    "No connection",
    "Connection lost",
    "Operation unsupported",
];

pub(super) const OK: u32 = 0;
pub(super) const END_OF_FILE: u32 = 1;
pub(super) const NO_SUCH_FILE: u32 = 2;
pub(super) const PERMISSION_DENIED: u32 = 3;
pub(super) const FAILURE: u32 = 4;
pub(super) const BAD_MESSAGE: u32 = 5;
pub(super) const UNSUPPORTED: u32 = 8;

impl Status {
    /// A natural status, with its usual text.
    pub(super) fn natural(code: u32) -> Self {
        let index = usize::try_from(code).unwrap_or(usize::MAX);
        let text = TEXTS.get(index).map_or(&b"Unknown error"[..], |text| text.as_bytes());
        Self { code, text: text.to_vec() }
    }

    /// A rule's, if it says anything.
    pub(super) fn of(said: &engine::Status, filling: &Filling<'_>) -> Option<Self> {
        match said {
            engine::Status::Silence => None,
            engine::Status::Code(code, text) => {
                Some(Self { code: *code, text: filling.render(text) })
            }
        }
    }

    pub(super) fn packet(&self, id: u32, language: &str) -> Bytes {
        Packet::answer(STATUS, id)
            .number(self.code)
            .string(&self.text)
            .string(language.as_bytes())
            .finish()
    }

    /// As a scenario writes it: `4 Failure`.
    pub(super) fn line(&self) -> Vec<u8> {
        let mut line = self.code.to_string().into_bytes();
        line.push(b' ');
        line.extend_from_slice(&self.text);
        line
    }

    /// Whether it says that something went wrong: the end of a file or of a listing is none.
    pub(super) fn is_refusal(&self) -> bool {
        !matches!(self.code, OK | END_OF_FILE)
    }
}

/// The text of a packet that is a status; of others, none.
pub(super) fn text(packet: &[u8]) -> &[u8] {
    // Length, kind, id, code, and then the text behind its length.
    let (Some(&STATUS), Some(rest)) = (packet.get(4), packet.get(13..)) else { return b"" };
    let Some((length, text)) = rest.split_first_chunk() else { return b"" };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    &text[..length.min(text.len())]
}

/// What `errno` becomes in OpenSSH's `errno_to_portable`, for the `errno` of each cause: `ENOTDIR` and `ELOOP` are
/// "No such file", `EINVAL` and `ENAMETOOLONG` a "Bad message", and most others a mere "Failure".
impl From<Error> for Status {
    fn from(error: Error) -> Self {
        Self::natural(match error {
            Error::NotFound | Error::NotADirectory | Error::LinkLoop => NO_SUCH_FILE,
            Error::Denied => PERMISSION_DENIED,
            Error::NameTooLong
            | Error::InvalidName
            | Error::NotALink
            | Error::CrossesItself
            | Error::BadOffset => BAD_MESSAGE,
            Error::IsADirectory
            | Error::Exists
            | Error::NotEmpty
            | Error::NoSpace
            | Error::FileTooLarge
            | Error::TooManyFiles
            | Error::Stale => FAILURE,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_status_can_be_quoted() {
        assert_eq!(text(&Status::natural(FAILURE).packet(7, "en")), b"Failure");
        assert_eq!(text(&Packet::answer(104, 7).number(0).finish()), b"");
        assert_eq!(text(b""), b"");
    }
}
