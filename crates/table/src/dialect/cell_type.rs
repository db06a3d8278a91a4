//! Type of a single cell, independent of its column, for sniffing.

use crate::cells::{Quantity, is_currency, is_known_unit};

/// Type of a cell by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellType {
    /// Empty, or a missing marker.
    Missing,
    /// `12`, `-1.5e3`, `1,5`, `1.234,56`, `12 %`.
    Number,
    /// `2024-01-31`, `31/01/2024 12:00`, `18.00.00`.
    Date,
    /// One word of letters, digits and `_-.@+/:`.
    Word,
    /// Anything else.
    Text,
}

impl CellType {
    /// The type of a cell.
    pub(super) fn of(cell: &str) -> Self {
        let cell = cell.trim();
        if is_missing(cell) {
            Self::Missing
        } else if is_number(cell) || is_quantity(cell) {
            Self::Number
        } else if is_date(cell) {
            Self::Date
        } else if cell.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+' | '/' | ':')) {
            Self::Word
        } else {
            Self::Text
        }
    }
}

/// True for a number or a date.
pub(crate) fn is_value(cell: &str) -> bool {
    matches!(CellType::of(cell), CellType::Number | CellType::Date)
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
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}');
    if !mantissa.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return false;
    }
    // One separator: decimal or thousands. More: all groups except the first and the last have three digits.
    let groups: Vec<&str> = mantissa.split(is_separator).collect();
    groups.len() <= 2 || groups[1..groups.len() - 1].iter().all(|group| group.len() == 3) && groups[0].len() <= 3
}

/// True for a number with a currency or a known unit.
fn is_quantity(cell: &str) -> bool {
    Quantity::parse(cell).is_some_and(|quantity| is_currency(&quantity.unit) || is_known_unit(&quantity.unit))
}

fn is_date(cell: &str) -> bool {
    let is_separator = |byte: &u8| matches!(byte, b'-' | b'/' | b':' | b'.');
    let separators = cell.bytes().filter(|byte| is_separator(byte)).count();
    let has_date_bytes =
        cell.bytes().all(|b| b.is_ascii_digit() || is_separator(&b) || matches!(b, b' ' | b'T' | b'Z' | b'+'));
    let groups = cell.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let is_time = separators == 1 && cell.contains(':') && cell.len() <= 5;
    has_date_bytes
        && cell.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && (separators >= 2 && groups >= 3 || is_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_type_of_their_form() {
        for cell in ["1", "-1.5e3", "1,5", "1.234,56", "1,234,567.8", "12 %", "$1,200.00", "-$5", "1e999", "inf", ".5"]
        {
            assert_eq!(CellType::of(cell), CellType::Number, "{cell}");
        }
        for cell in ["2024-01-31", "31/01/2024 12:00", "18.00.00", "2014-07-01T00:00:00Z", "1.2.2020", "12:30"] {
            assert_eq!(CellType::of(cell), CellType::Date, "{cell}");
        }
        for cell in ["", " ", "NA", "null", "-", "?", "****"] {
            assert_eq!(CellType::of(cell), CellType::Missing, "{cell}");
        }
        for cell in ["abc", "a_b", "x1", "user@example.org", "2020-Q1"] {
            assert_eq!(CellType::of(cell), CellType::Word, "{cell}");
        }
        for cell in ["a b", "2,6;1360", "{\"a\": 1}", "1;2"] {
            assert_eq!(CellType::of(cell), CellType::Text, "{cell}");
        }
    }
}
