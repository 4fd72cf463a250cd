//! An entry as `ls -l` prints it: FTP's `LIST`, and the longname of SFTP.

use jiff::{SignedDuration, Timestamp};

use crate::files::{Entry, Kind, Stat};

impl Entry {
    /// `-rw-r--r--    1 ftp      ftp            12 Jan 01  2024 hello.txt`; of a link also where it leads to.
    #[must_use]
    pub fn ls_line(&self, now: Timestamp) -> Vec<u8> {
        let mut line = self.ls_longname(now);
        if let Some(target) = &self.link_target {
            line.extend_from_slice(b" -> ");
            line.extend_from_slice(target);
        }
        line
    }

    /// The same without a link's target, as OpenSSH's SFTP server has it.
    #[must_use]
    pub fn ls_longname(&self, now: Timestamp) -> Vec<u8> {
        let mut line = front(&self.stat, now).into_bytes();
        line.extend_from_slice(&self.name);
        line
    }
}

fn front(stat: &Stat, now: Timestamp) -> String {
    let letter = match stat.kind {
        Kind::File => '-',
        Kind::Directory => 'd',
        Kind::Link => 'l',
    };
    let mode = permissions(stat.permissions);
    let (links, owner, size) = (stat.links, &stat.owner, stat.size);
    let date = date(stat.modified, now);
    format!("{letter}{mode} {links:>4} {owner:<8} {owner:<8} {size:>12} {date} ")
}

/// `rwxr-x--t`
fn permissions(mode: u16) -> String {
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
fn date(modified: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(modified);
    let recent = age >= SignedDuration::ZERO && age < SignedDuration::from_hours(24 * 182);
    let form = if recent { "%b %d %H:%M" } else { "%b %d  %Y" };
    modified.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_bits_show_in_the_place_of_x() {
        assert_eq!(permissions(0o755), "rwxr-xr-x");
        assert_eq!(permissions(0o1777), "rwxrwxrwt");
        assert_eq!(permissions(0o4640), "rwSr-----");
    }

    #[test]
    fn only_the_last_half_year_shows_the_time_of_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-06-01T00:00:00Z");
        assert_eq!(date(at("2026-05-02T03:04:05Z"), now), "May 02 03:04");
        assert_eq!(date(at("2024-01-01T00:00:00Z"), now), "Jan 01  2024");
        assert_eq!(date(at("2026-06-02T00:00:00Z"), now), "Jun 02  2026");
    }
}
