//! Permissions, as `ls` writes them.

use super::Mistake;

/// `rwxr-x---`, as the nine bits of a mode.
pub(in crate::scenario) fn permissions(text: &str) -> Result<u16, Mistake> {
    if let Ok(mode) = u16::from_str_radix(text.trim_start_matches("0o"), 8) {
        let help = format!("write `{}`", letters(mode));
        return Err(
            Mistake::new("`0755` is 493 to some readers of YAML and 755 to others").help(help)
        );
    }
    let pattern = "rwxrwxrwx";
    let fits = text.len() == pattern.len()
        && text.chars().zip(pattern.chars()).all(|(letter, due)| letter == due || letter == '-');
    if !fits {
        return Err(Mistake::new("three times `rwx`, `-` for what is not allowed")
            .help("write `rwxr-x---`"));
    }
    Ok(text.bytes().fold(0, |mode, letter| mode << 1 | u16::from(letter != b'-')))
}

fn letters(mode: u16) -> String {
    (0..9)
        .rev()
        .map(|bit| if mode >> bit & 1 == 1 { ['x', 'w', 'r'][bit % 3] } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_letters() {
        assert_eq!(permissions("rwxr-x---"), Ok(0o750));
        assert_eq!(permissions("---------"), Ok(0));
        assert_eq!(permissions("0644").unwrap_err().help.as_deref(), Some("write `rw-r--r--`"));
        for wrong in ["", "rwx", "xwrxwrxwr", "rwxrwxrwxr", "drwxr-xr-x", "äwxrwxrw"] {
            assert!(permissions(wrong).is_err(), "{wrong}");
        }
    }
}
