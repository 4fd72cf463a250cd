//! The Telnet in FTP (RFC 854; RFC 959, section 3.3; RFC 1123, section 4.1.2.12): clients send IP and Synch
//! before `ABOR`, and double a 255 in a name; none of it belongs to the command.

/// Interpret as command; a byte 255 that is none is sent twice.
pub(super) const IAC: u8 = 255;
/// `WILL`, `WONT`, `DO`, `DONT`: one more byte follows.
const NEGOTIATION: std::ops::RangeInclusive<u8> = 251..=254;
/// The lowest command.
const LOWEST: u8 = 240;

/// A line without its Telnet commands. A lone 255 that begins none is a byte of a name.
pub(super) fn strip(line: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(line.len());
    let mut bytes = line;
    while let Some((byte, rest)) = bytes.split_first() {
        bytes = match (*byte, rest) {
            (IAC, [IAC, rest @ ..]) => {
                text.push(IAC);
                rest
            }
            (IAC, [command, _, rest @ ..]) if NEGOTIATION.contains(command) => rest,
            (IAC, [command, rest @ ..]) if *command >= LOWEST => rest,
            (byte, rest) => {
                text.push(byte);
                rest
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interrupt_and_synch_before_a_command_are_dropped() {
        assert_eq!(strip(b"\xFF\xF4\xFF\xF2ABOR"), b"ABOR");
    }

    #[test]
    fn a_doubled_255_is_one_byte_of_a_name() {
        assert_eq!(strip(b"RETR \xFF\xFF.txt"), b"RETR \xFF.txt");
    }

    #[test]
    fn an_option_is_refused_by_silence() {
        assert_eq!(strip(b"\xFF\xFD\x06NOOP"), b"NOOP");
    }

    #[test]
    fn a_lone_255_stays() {
        assert_eq!(strip(b"RETR \xFFa"), b"RETR \xFFa");
    }
}
