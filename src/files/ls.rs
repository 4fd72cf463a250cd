//! An entry as `ls -l` prints it: FTP's `LIST`, and the longname of SFTP.

use jiff::{SignedDuration, Timestamp};

use crate::files::{Entry, Kind, Stat};

/// What differs from server to server.
struct Layout {
    /// How wide a size is.
    size: usize,
    /// The time of the last half year, and any other, for `strftime`.
    recent: &'static str,
    other: &'static str,
}

/// vsftpd 3.0 (`ls.c`).
const VSFTPD: Layout = Layout { size: 12, recent: "%b %d %H:%M", other: "%b %d  %Y" };
/// OpenSSH 9.2 (`sftp-common.c`).
const OPENSSH: Layout = Layout { size: 8, recent: "%b %e %H:%M", other: "%b %e  %Y" };

impl Entry {
    /// A line of `LIST` as vsftpd has it, `-rw-r--r--    1 ftp      ftp            12 Jan 01  2024 hello.txt`; of a link also
    /// where it leads to.
    #[must_use]
    pub fn ls_line(&self, now: Timestamp) -> Vec<u8> {
        let mut line = self.line(&VSFTPD, now);
        if let Some(target) = &self.link_target {
            line.extend_from_slice(b" -> ");
            line.extend_from_slice(target);
        }
        line
    }

    /// A longname as OpenSSH's SFTP server has it, `-rw-r--r--    1 ftp      ftp            12 Jan  1  2024 hello.txt`.
    #[must_use]
    pub fn ls_longname(&self, now: Timestamp) -> Vec<u8> {
        self.line(&OPENSSH, now)
    }

    fn line(&self, layout: &Layout, now: Timestamp) -> Vec<u8> {
        let mut line = front(&self.stat, layout, now).into_bytes();
        line.extend_from_slice(&self.name);
        line
    }
}

fn front(stat: &Stat, layout: &Layout, now: Timestamp) -> String {
    let letter = match stat.kind {
        Kind::File => '-',
        Kind::Directory => 'd',
        Kind::Link => 'l',
    };
    let mode = letters(stat.permissions);
    let (links, owner, size) = (stat.links, &stat.owner, stat.size);
    let (width, date) = (layout.size, date(stat.modified, layout, now));
    format!("{letter}{mode} {links:>4} {owner:<8} {owner:<8} {size:>width$} {date} ")
}

/// Permissions in letters, `rwxr-x--t`.
#[must_use]
pub fn letters(mode: u16) -> String {
    let special = [(0o4000, 's', 'S'), (0o2000, 's', 'S'), (0o1000, 't', 'T')];
    let mut letters = String::with_capacity(9);
    for (index, (bit, with, without)) in special.into_iter().enumerate() {
        let class = mode >> (6 - 3 * index);
        letters.push(if class & 4 == 0 { '-' } else { 'r' });
        letters.push(if class & 2 == 0 { '-' } else { 'w' });
        letters.push(match (mode & bit != 0, class & 1 != 0) {
            (true, true) => with,
            (true, false) => without,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    letters
}

/// The time of day for the last half year, the year otherwise.
fn date(modified: Timestamp, layout: &Layout, now: Timestamp) -> String {
    let age = now.duration_since(modified);
    let recent = age >= SignedDuration::ZERO && age < SignedDuration::from_hours(24 * 182);
    let form = if recent { layout.recent } else { layout.other };
    modified.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_bits_show_in_the_place_of_x() {
        assert_eq!(letters(0o755), "rwxr-xr-x");
        assert_eq!(letters(0o1777), "rwxrwxrwt");
        assert_eq!(letters(0o4640), "rwSr-----");
    }

    #[test]
    fn only_the_last_half_year_shows_the_time_of_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-06-01T00:00:00Z");
        for (modified, vsftpd, openssh) in [
            ("2026-05-02T03:04:05Z", "May 02 03:04", "May  2 03:04"),
            ("2024-01-01T00:00:00Z", "Jan 01  2024", "Jan  1  2024"),
            ("2026-06-12T00:00:00Z", "Jun 12  2026", "Jun 12  2026"),
        ] {
            assert_eq!(date(at(modified), &VSFTPD, now), vsftpd);
            assert_eq!(date(at(modified), &OPENSSH, now), openssh);
        }
    }
}
