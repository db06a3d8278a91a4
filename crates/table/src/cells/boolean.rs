//! Parsing of booleans.

/// Parses a cell as a boolean: `1`, `true`, `t`, `yes`, `y`, `on`, or `0`, `false`, `f`, `no`, `n`, `off`, in any case.
/// `None`: it is neither.
pub fn parse_boolean(cell: &str) -> Option<bool> {
    const WORDS: [(&str, &str); 6] =
        [("1", "0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off")];
    let cell = cell.trim();
    WORDS.iter().find_map(|(true_word, false_word)| {
        let is_true = cell.eq_ignore_ascii_case(true_word);
        (is_true || cell.eq_ignore_ascii_case(false_word)).then_some(is_true)
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
