//! 'Did you mean …?'

/// The candidate that a word was probably meant to be.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: String = word.chars().take(80).collect();
    let folded = word.to_lowercase();
    let (_, nearest) = candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &candidate.to_lowercase());
            // Letters are swapped more often than mistaken.
            let mistaken = letters(&folded) != letters(&candidate.to_lowercase());
            ((distance, mistaken), candidate)
        })
        .filter(|((distance, _), candidate)| *distance <= allowed(candidate))
        .min_by_key(|(slips, _)| *slips)?;
    Some(nearest)
}

fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// Slips that still make a word the same: one in three letters.
fn allowed(candidate: &str) -> usize {
    candidate.chars().count().div_ceil(3).min(3)
}

/// Whether a word is another one with one slip: a letter too many, too few or mistaken, or two that are swapped.
pub(super) fn is_one_slip(word: &str, other: &str) -> bool {
    strsim::damerau_levenshtein(word, other) == 1
}

/// A help that names the nearest word.
pub(super) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|nearest| format!("did you mean `{nearest}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognized() {
        let words = ["reply", "repeat", "upload", "STRU", "STOR"];
        assert_eq!(nearest("relpy", words), Some("reply"));
        assert_eq!(nearest("uploads", words), Some("upload"));
        assert_eq!(nearest("STRO", words), Some("STOR"));
        assert_eq!(nearest("stor", words), Some("STOR"));
    }

    #[test]
    fn another_word_is_not_taken_for_a_slip() {
        assert_eq!(nearest("greeting", ["reply", "at", "user"]), None);
    }
}
