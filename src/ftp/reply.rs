//! Replies: RFC 959, section 4.2.

use super::telnet;
use crate::files;

/// A reply of the healthy server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    /// The last of them closes the reply.
    lines: Vec<Vec<u8>>,
}

impl Reply {
    /// A reply of one line.
    pub(super) fn new(code: u16, text: impl AsRef<[u8]>) -> Self {
        Self { code, lines: vec![text.as_ref().to_vec()] }
    }

    /// A reply of several lines; those between the first and the last are sent as they are.
    pub(super) fn block(code: u16, first: &str, between: Vec<Vec<u8>>, last: &str) -> Self {
        let mut lines = vec![first.as_bytes().to_vec()];
        lines.extend(between);
        lines.push(last.as_bytes().to_vec());
        Self { code, lines }
    }

    /// A file operation that failed for a natural cause, in the words of the system's own errors.
    pub(super) fn refused(code: u16, path: &[u8], error: files::Error) -> Self {
        let mut text = path.to_vec();
        text.extend_from_slice(b": ");
        text.extend_from_slice(error.to_string().as_bytes());
        Self::new(code, text)
    }

    /// As it goes out, in the tree's own encoding. A name can neither end a line nor begin a Telnet command.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let last = self.lines.len() - 1;
        for (index, line) in self.lines.iter().enumerate() {
            let mark = if index == last { ' ' } else { '-' };
            if index == 0 || index == last {
                bytes.extend_from_slice(format!("{}{mark}", self.code).as_bytes());
            }
            for byte in line.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
                bytes.push(*byte);
                if *byte == telnet::IAC {
                    bytes.push(*byte);
                }
            }
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }
}

/// The code an answer ends with: the last line that has one tells how it went.
pub(super) fn code(answer: &[u8]) -> Option<u16> {
    answer.split(|byte| *byte == b'\n').rev().find_map(|line| {
        let digits = line.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    })
}

/// The text of an answer's last line, without its code.
pub(super) fn text(answer: &[u8]) -> &[u8] {
    let answer = answer.strip_suffix(b"\r\n").unwrap_or(answer);
    let last = answer.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    last.split_at_checked(4).map_or(&b""[..], |(_, text)| text)
}

/// Whether an answer says that it did not work.
pub(super) fn is_refusal(answer: &[u8]) -> bool {
    code(answer).is_some_and(|code| code >= 400)
}

/// Whether an answer says that the client is logged in (RFC 959, section 4.2.2; RFC 2228, section 4.1).
pub(super) fn is_login(answer: &[u8]) -> bool {
    matches!(code(answer), Some(230 | 232))
}

/// The usual text of a code, for rules that give no more: RFC 959, section 4.2.2, in the words of today's
/// servers, and the later RFCs named beside.
pub(super) fn usual_text(code: u16) -> &'static str {
    USUAL.iter().find(|(known, _)| *known == code).map_or("As the scenario says.", |(_, text)| text)
}

const USUAL: [(u16, &str); 52] = [
    (110, "Restart marker reply."),
    (120, "Service ready in a few minutes."),
    (125, "Data connection already open; transfer starting."),
    (150, "File status okay; about to open data connection."),
    (200, "Command okay."),
    (202, "Command not implemented, superfluous at this site."),
    (211, "System status."),
    (212, "Directory status."),
    (213, "File status."),
    (214, "Help message."),
    (215, "UNIX Type: L8"),
    (220, "Service ready for new user."),
    (221, "Goodbye."),
    (225, "Data connection open; no transfer in progress."),
    (226, "Transfer complete."),
    (227, "Entering Passive Mode."),
    (229, "Entering Extended Passive Mode."), // RFC 2428
    (230, "Login successful."),
    (232, "User logged in, authorized by security data exchange."), // RFC 2228
    (234, "Proceed with negotiation."),                             // RFC 4217
    (250, "Requested file action okay, completed."),
    (257, "Pathname created."),
    (331, "Please specify the password."),
    (332, "Need account for login."),
    (336, "Username okay, need password. Challenge is attached."), // RFC 2228
    (350, "Requested file action pending further information."),
    (421, "Service not available, closing control connection."),
    (425, "Can't open data connection."),
    (426, "Connection closed; transfer aborted."),
    (430, "Invalid username or password."),
    (431, "Need some unavailable resource to process security."), // RFC 2228
    (434, "Requested host unavailable."),
    (450, "Requested file action not taken: file unavailable."),
    (451, "Requested action aborted: local error in processing."),
    (452, "Requested action not taken: insufficient storage space."),
    (500, "Unknown command."),
    (501, "Syntax error in parameters or arguments."),
    (502, "Command not implemented."),
    (503, "Bad sequence of commands."),
    (504, "Command not implemented for that parameter."),
    (521, "Data connection cannot be opened with this PROT setting."), // RFC 4217
    (522, "Network protocol not supported."),                          // RFC 2428
    (530, "Not logged in."),
    (532, "Need account for storing files."),
    (533, "Command protection level denied for policy reasons."), // RFC 2228
    (534, "Request denied for policy reasons."),                  // RFC 2228
    (535, "Failed security check."),                              // RFC 2228
    (536, "Requested PROT level not supported by mechanism."),    // RFC 2228
    (550, "Requested action not taken: file unavailable."),
    (551, "Requested action aborted: page type unknown."),
    (552, "Requested file action aborted: exceeded storage allocation."),
    (553, "Requested action not taken: file name not allowed."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_of_one_line_is_code_space_text() {
        assert_eq!(Reply::new(200, "ok").to_bytes(), b"200 ok\r\n");
    }

    #[test]
    fn a_block_repeats_the_code_only_at_its_ends() {
        let reply = Reply::block(211, "Features:", vec![b" SIZE".to_vec()], "End");
        assert_eq!(reply.to_bytes(), b"211-Features:\r\n SIZE\r\n211 End\r\n");
    }

    #[test]
    fn the_text_of_an_answer_has_no_code() {
        assert_eq!(text(b"250 Done.\r\n"), b"Done.");
        assert_eq!(text(b"211-Features:\r\n SIZE\r\n211 End\r\n"), b"End");
        assert_eq!(text(b"250\r\n"), b"");
    }

    #[test]
    fn a_name_cannot_end_a_line() {
        assert_eq!(Reply::new(257, b"a\r\n230 b").to_bytes(), b"257 a230 b\r\n");
    }
}
