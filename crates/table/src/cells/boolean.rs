//! Parsing of booleans, in English and the languages of most European files.

use std::borrow::Cow;

/// Words for true, in lower case.
const TRUE_WORDS: [&str; 41] = [
    "1",
    "true",
    "t",
    "yes",
    "y",
    "on",
    "ja",
    "j",
    "wahr",
    "an",
    "ein",
    "oui",
    "o",
    "vrai",
    "si",
    "sí",
    "sì",
    "s",
    "verdadero",
    "vero",
    "sim",
    "verdadeiro",
    "waar",
    "sant",
    "sand",
    "tak",
    "prawda",
    "да",
    "истина",
    "evet",
    "ano",
    "kyllä",
    "igen",
    "da",
    "так",
    "ναι",
    "はい",
    "是",
    "예",
    "نعم",
    "✓",
];

/// Words for false, in lower case.
const FALSE_WORDS: [&str; 36] = [
    "0",
    "false",
    "f",
    "no",
    "n",
    "off",
    "nein",
    "falsch",
    "aus",
    "non",
    "faux",
    "falso",
    "não",
    "nao",
    "nee",
    "nej",
    "nei",
    "onwaar",
    "falskt",
    "falsk",
    "nie",
    "fałsz",
    "нет",
    "ложь",
    "hayır",
    "ne",
    "ei",
    "nem",
    "nu",
    "ні",
    "όχι",
    "いいえ",
    "否",
    "아니오",
    "لا",
    "✗",
];

/// Parses a cell as a boolean, in any case: `1`, `true`, `yes`, `ja`, `oui`, … or `0`, `false`, `no`, `nein`, `non`, ….
/// `None`: it is neither.
pub fn parse_boolean(cell: &str) -> Option<bool> {
    /// Length in bytes of the longest word.
    const MAX_BYTES: usize = 18;
    let cell = cell.trim();
    if cell.len() > MAX_BYTES {
        return None;
    }
    let lower = if cell.is_ascii() { Cow::Borrowed(cell) } else { Cow::Owned(cell.to_lowercase()) };
    let is_among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&lower));
    if is_among(&TRUE_WORDS) { Some(true) } else { is_among(&FALSE_WORDS).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_words_of_each_pair() {
        let pairs = [
            (" Yes", "no"),
            ("TRUE", "False"),
            ("1", "0"),
            ("WAHR", "FALSCH"),
            ("ja", "nein"),
            ("Oui", "Non"),
            ("Sí", "No"),
            ("sim", "Não"),
            ("ja", "nej"),
            ("tak", "nie"),
            ("Да", "Нет"),
            ("evet", "Hayır"),
            ("はい", "いいえ"),
            ("✓", "✗"),
        ];
        for (yes, no) in pairs {
            assert_eq!((parse_boolean(yes), parse_boolean(no)), (Some(true), Some(false)), "{yes} {no}");
        }
        assert_eq!(parse_boolean("2"), None);
        assert_eq!(parse_boolean(""), None);
    }

    #[test]
    fn no_word_has_two_meanings() {
        assert!(TRUE_WORDS.iter().all(|word| !FALSE_WORDS.contains(word)));
    }
}
