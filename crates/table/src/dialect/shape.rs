//! What a cell looks like, whatever its column's kind turns out to be.

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing, or a word that says "nothing".
    Missing,
    /// `12`, `-1.5e3`, `1,5`, `1.234,56`, `12 %`.
    Number,
    /// `2024-01-31`, `31/01/2024 12:00`, `18.00.00`.
    Date,
    /// One word.
    Word,
    /// Anything else.
    Text,
}

/// Looks at a cell.
pub(super) fn of(cell: &str) -> Shape {
    let cell = cell.trim();
    if is_missing(cell) {
        Shape::Missing
    } else if is_number(cell) {
        Shape::Number
    } else if is_date(cell) {
        Shape::Date
    } else if cell.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+' | '/' | ':')) {
        Shape::Word
    } else {
        Shape::Text
    }
}

fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 6] = ["na", "n/a", "nan", "null", "none", "#n/a"];
    cell.bytes().all(|byte| matches!(byte, b'-' | b'?' | b'*' | b'.')) && cell.len() < 10
        || WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

fn is_number(cell: &str) -> bool {
    const INFINITE: [&str; 2] = ["inf", "infinity"];
    let cell = cell.trim_end_matches('%').trim_end().trim_start_matches(['$', '€', '£']).trim_start();
    let cell = cell.strip_prefix(['+', '-', '\u{2212}']).unwrap_or(cell).trim_start_matches(['$', '€', '£']);
    if INFINITE.iter().any(|word| cell.eq_ignore_ascii_case(word)) {
        return true;
    }
    let (mantissa, exponent) = cell.split_once(['e', 'E']).unwrap_or((cell, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if !mantissa.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}');
    if !mantissa.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return false;
    }
    // One mark: decimal or thousands. More: all groups but the first and the last are of three digits.
    let groups: Vec<&str> = mantissa.split(is_mark).collect();
    groups.len() <= 2 || groups[1..groups.len() - 1].iter().all(|group| group.len() == 3) && groups[0].len() <= 3
}

fn is_date(cell: &str) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'-' | b'/' | b':' | b'.');
    let marks = cell.bytes().filter(|byte| is_mark(byte)).count();
    let bytes_fit = cell.bytes().all(|b| b.is_ascii_digit() || is_mark(&b) || matches!(b, b' ' | b'T' | b'Z' | b'+'));
    let groups = cell.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let is_time = marks == 1 && cell.contains(':') && cell.len() <= 5;
    bytes_fit && cell.as_bytes().first().is_some_and(u8::is_ascii_digit) && (marks >= 2 && groups >= 3 || is_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for cell in ["1", "-1.5e3", "1,5", "1.234,56", "1,234,567.8", "12 %", "$1,200.00", "-$5", "1e999", "inf", ".5"]
        {
            assert_eq!(of(cell), Shape::Number, "{cell}");
        }
        for cell in ["2024-01-31", "31/01/2024 12:00", "18.00.00", "2014-07-01T00:00:00Z", "1.2.2020", "12:30"] {
            assert_eq!(of(cell), Shape::Date, "{cell}");
        }
        for cell in ["", " ", "NA", "null", "-", "?", "****"] {
            assert_eq!(of(cell), Shape::Missing, "{cell}");
        }
        for cell in ["abc", "a_b", "x1", "user@example.org", "2020-Q1"] {
            assert_eq!(of(cell), Shape::Word, "{cell}");
        }
        for cell in ["a b", "2,6;1360", "{\"a\": 1}", "1;2"] {
            assert_eq!(of(cell), Shape::Text, "{cell}");
        }
    }
}
