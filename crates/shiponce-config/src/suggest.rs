//! The nearest word to a mistyped one.

/// The most similar of the known words, if any is similar enough to be meant.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase().replace('_', "-");
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&typed, &word.to_lowercase()), word))
        // Three slips in a long word are a typing error, in a short one another word.
        .filter(|(distance, word)| *distance <= 3 && *distance * 2 < word.chars().count().max(2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let known = ["required", "role", "token-env", "ca"];
        assert_eq!(nearest("requird", known), Some("required"));
        assert_eq!(nearest("TOKEN_ENV", known), Some("token-env"));
        assert_eq!(nearest("roel", known), None.or(Some("role")));
        assert_eq!(nearest("cx", known), None);
        assert_eq!(nearest("timeout", known), None);
    }
}
