//! Yes and no, and the other words for them.

/// A cell as a truth value: `1 true t yes y on` and `0 false f no n off`, upper or lower case. `None`: neither.
pub fn parse_boolean(cell: &str) -> Option<bool> {
    const WORDS: [(&str, &str); 6] =
        [("1", "0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off")];
    let cell = cell.trim();
    WORDS.iter().find_map(|(yes, no)| {
        let is_yes = cell.eq_ignore_ascii_case(yes);
        (is_yes || cell.eq_ignore_ascii_case(no)).then_some(is_yes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_words_of_each_pair() {
        assert_eq!(parse_boolean(" Yes"), Some(true));
        assert_eq!(parse_boolean("FALSE"), Some(false));
        assert_eq!(parse_boolean("0"), Some(false));
        assert_eq!(parse_boolean("2"), None);
        assert_eq!(parse_boolean(""), None);
    }
}
