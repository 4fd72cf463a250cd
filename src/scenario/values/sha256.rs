//! Digests.

use super::Mistake;

/// 64 hexadecimal digits, as `sha256sum` prints them.
pub(in crate::scenario) fn sha256(text: &str) -> Result<[u8; 32], Mistake> {
    let digits = text.as_bytes();
    if let Some(odd) = text.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(Mistake::new(format!("`{}` is no hexadecimal digit", odd.escape_default()))
            .help("`sha256sum FILE` prints what to write"));
    }
    let mut digest = [0; 32];
    if digits.len() != 2 * digest.len() {
        return Err(Mistake::new(format!("{} digits of 64", digits.len()))
            .help("`sha256sum FILE` prints what to write"));
    }
    for (byte, pair) in digest.iter_mut().zip(digits.chunks(2)) {
        let pair = str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_64_hexadecimal_digits() {
        let digest = sha256(&"0aF9".repeat(16)).unwrap();
        assert_eq!(&digest[..2], [0x0a, 0xf9]);
        for wrong in ["", "0a", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert!(sha256(wrong).is_err(), "{wrong}");
        }
    }
}
