//! Parsing of numbers with decimal points or commas and thousands separators.

use pinhole_protocol::table::{DecimalMark, NumberStyle};

/// Length in bytes of the longest number; a longer cell is text.
const MAX_NUMBER_BYTES: usize = 64;

/// Result of parsing a cell as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberCell {
    /// A number that is finite as f32.
    Number(f64),
    /// A missing value.
    Missing,
    /// A number beyond f32, such as `inf` or `1e999`, which is read as missing.
    OutOfRange,
    /// Anything else.
    Text,
}

/// Format of the numbers of a file.
#[derive(Clone, Copy, Debug)]
pub struct NumberFormat {
    decimal: u8,
    thousands: Option<char>,
}

impl NumberFormat {
    /// The format of a style.
    pub fn new(style: &NumberStyle) -> Self {
        let decimal = match style.decimal {
            DecimalMark::Point => b'.',
            DecimalMark::Comma => b',',
        };
        let thousands = style.thousands.as_deref().and_then(|separator| separator.chars().next());
        Self {
            decimal,
            thousands: thousands.map(normalise_character).filter(|&separator| separator != char::from(decimal)),
        }
    }

    /// The decimal mark.
    pub const fn decimal(self) -> char {
        self.decimal as char
    }

    /// Parses a cell as a number. Surrounding spaces, a sign on either side, an accountant's parentheses, an exponent and
    /// a final `%` are allowed; a percentage stays in the units of the file (`12 %` is 12). Currencies, hexadecimal numbers and the like are text. In a file
    /// with decimal commas a decimal point is accepted too, unless it separates thousands. Missing markers are text
    /// here; see [`super::CellFormat::number`].
    #[inline]
    pub fn parse(self, cell: &str) -> NumberCell {
        match self.parse_plain(cell) {
            Some(value) => check_range(value),
            None => self.parse_formatted(cell),
        }
    }

    /// Parses a number with a decimal point at most: nearly all cells of nearly all tables.
    #[inline]
    pub fn parse_plain(self, cell: &str) -> Option<f64> {
        let bytes = cell.as_bytes();
        let body = match bytes.first() {
            Some(b'-' | b'+') => &bytes[1..],
            _ => bytes,
        };
        let is_number = body.first().is_some_and(|&byte| byte.is_ascii_digit() || byte == b'.') && self.accepts_point();
        let value = fast_float2::parse::<f64, _>(if is_number { body } else { return None }).ok()?;
        Some(if bytes[0] == b'-' { -value } else { value })
    }

    /// True if a point is a decimal mark.
    #[inline]
    fn accepts_point(self) -> bool {
        self.decimal == b'.' || self.thousands != Some('.')
    }

    /// Parses any other number.
    pub(super) fn parse_formatted(self, cell: &str) -> NumberCell {
        let cell = cell.trim();
        let (is_negative, body) = match cell.chars().next() {
            Some('-' | '\u{2212}') => (true, cell.trim_start_matches(['-', '\u{2212}'])),
            Some('+') => (false, &cell[1..]),
            _ => match trailing_minus_or_parentheses(cell) {
                Some(body) => return self.parse_body(body, true),
                None => (false, cell),
            },
        };
        if body.len() > MAX_NUMBER_BYTES || cell.chars().count() > body.chars().count() + 1 {
            return NumberCell::Text;
        }
        self.parse_body(body, is_negative)
    }

    /// Parses digits, separators and exponent of a number, whose sign is known.
    pub(super) fn parse_body(self, body: &str, is_negative: bool) -> NumberCell {
        if body.len() > MAX_NUMBER_BYTES {
            return NumberCell::Text;
        }
        if ["inf", "infinity"].iter().any(|word| body.eq_ignore_ascii_case(word)) {
            return NumberCell::OutOfRange;
        }
        let body = body.strip_suffix('%').map_or(body, str::trim_end);
        let mut digits = [0; MAX_NUMBER_BYTES];
        let Some(length) = self.normalise(body, &mut digits) else { return NumberCell::Text };
        match fast_float2::parse::<f64, _>(&digits[..length]) {
            Ok(value) => check_range(if is_negative { -value } else { value }),
            Err(_) => NumberCell::Text,
        }
    }

    /// Writes a number with a decimal point and without thousands separators; returns its length in bytes, or `None` if
    /// it is not a number.
    fn normalise(self, body: &str, normalised: &mut [u8; MAX_NUMBER_BYTES]) -> Option<usize> {
        let mut length = 0;
        let mut group_digits = 0;
        let mut groups = 0;
        // Digits of the groups between the first and the last: 3, or 2 in Indian grouping (12,34,567).
        let mut inner_digits = 3;
        let mut part = Part::Integer;
        for character in body.chars().map(normalise_character) {
            let byte = match (part, character) {
                (_, '0'..='9') => {
                    group_digits += 1;
                    character as u8
                }
                (Part::Integer, _) if Some(character) == self.thousands => {
                    let is_valid_group = match groups {
                        0 => (1..=3).contains(&group_digits),
                        1 => matches!(group_digits, 2 | 3),
                        _ => group_digits == inner_digits,
                    };
                    if !is_valid_group {
                        return None;
                    }
                    if groups == 1 {
                        inner_digits = group_digits;
                    }
                    groups += 1;
                    group_digits = 0;
                    continue;
                }
                (Part::Integer, '.' | ',')
                    if character == char::from(self.decimal) || (character == '.' && self.accepts_point()) =>
                {
                    if groups > 0 && group_digits != 3 {
                        return None;
                    }
                    part = Part::Fraction;
                    groups = 0;
                    b'.'
                }
                (Part::Integer | Part::Fraction, 'e' | 'E') => {
                    if groups > 0 && group_digits != 3 {
                        return None;
                    }
                    part = Part::Exponent;
                    groups = 0;
                    b'e'
                }
                (Part::Exponent, '+' | '-') => character as u8,
                _ => return None,
            };
            *normalised.get_mut(length)? = byte;
            length += 1;
        }
        (groups == 0 || group_digits == 3).then_some(length)
    }
}

/// Part of a number.
#[derive(Clone, Copy)]
enum Part {
    Integer,
    Fraction,
    Exponent,
}

/// The number in `(12.50)` or `12.50-`, both of which are negative.
fn trailing_minus_or_parentheses(cell: &str) -> Option<&str> {
    let in_parentheses = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let body = in_parentheses.or_else(|| cell.strip_suffix(['-', '\u{2212}']))?.trim();
    // `5,-` is a price without cents.
    let is_number = body.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | ','))
        && body.ends_with(|last: char| last.is_ascii_digit());
    is_number.then_some(body)
}

/// One character per family: a narrow or non-breaking space is a space, a typographic apostrophe an apostrophe.
fn normalise_character(character: char) -> char {
    match character {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2019}' => '\'',
        _ => character,
    }
}

/// A number that is finite as f32, or [`NumberCell::OutOfRange`].
#[inline]
pub(super) fn check_range(value: f64) -> NumberCell {
    if value.abs() <= f64::from(f32::MAX) { NumberCell::Number(value) } else { NumberCell::OutOfRange }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn format(decimal: DecimalMark, thousands: &str) -> NumberFormat {
        let thousands = (!thousands.is_empty()).then(|| thousands.to_owned());
        NumberFormat::new(&NumberStyle { decimal, thousands })
    }

    fn check(format: NumberFormat, cases: &[(&str, f64)]) {
        for (cell, value) in cases {
            assert_eq!(format.parse(cell), NumberCell::Number(*value), "{cell:?}");
        }
    }

    #[test]
    fn reads_plain_numbers() {
        let cases = [
            ("0", 0.0),
            ("-3.25", -3.25),
            ("+7", 7.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1E-2", 0.01),
            (" 12 ", 12.0),
            ("\u{2212}4", -4.0),
            ("12 %", 12.0),
            ("12.5%", 12.5),
            ("1.5e+10", 1.5e10),
        ];
        check(format(DecimalMark::Point, ""), &cases);
    }

    #[test]
    fn reads_commas_and_groups() {
        check(format(DecimalMark::Comma, ""), &[("2,6", 2.6), ("1360", 1360.0), ("-0,5e2", -50.0), ("2.6", 2.6)]);
        check(format(DecimalMark::Comma, "."), &[("1.234,5", 1234.5), ("1.234.567", 1_234_567.0), ("12", 12.0)]);
        check(
            format(DecimalMark::Point, ","),
            &[("229,932.50", 229_932.5), ("1,234", 1234.0), ("-1,234,567", -1_234_567.0)],
        );
        check(format(DecimalMark::Point, ","), &[("12,34,567", 1_234_567.0), ("1,00,00,000.5", 10_000_000.5)]);
        check(
            format(DecimalMark::Comma, "."),
            &[("677,69-", -677.69), ("(1.638,97)", -1638.97), ("( 5 )", -5.0), ("12,5 %", 12.5)],
        );
        check(format(DecimalMark::Point, "'"), &[("1'234.5", 1234.5), ("1\u{2019}234", 1234.0)]);
        check(
            format(DecimalMark::Comma, " "),
            &[("1 234,5", 1234.5), ("1\u{a0}234", 1234.0), ("1\u{202f}234", 1234.0)],
        );
    }

    #[test]
    fn leaves_the_rest_as_text() {
        let point = format(DecimalMark::Point, ",");
        for cell in [
            "", "$5", "1,23", "1,23,45", "1,234,", "0x1f", "1_000", "a", "--5", "+-5", "1.2.3", "e5", "1e", "%", "nan",
            "-",
        ] {
            assert_eq!(point.parse(cell), NumberCell::Text, "{cell:?}");
        }
        assert_eq!(format(DecimalMark::Comma, ".").parse("1.23"), NumberCell::Text);
        assert_eq!(format(DecimalMark::Comma, "").parse("18.00.00"), NumberCell::Text);
        assert_eq!(format(DecimalMark::Point, "").parse("1,234"), NumberCell::Text);
    }

    #[test]
    fn numbers_beyond_f32_are_out_of_range() {
        for cell in ["inf", "-Infinity", "1e999", "-1e999", "1e39", "+inf"] {
            assert_eq!(format(DecimalMark::Point, "").parse(cell), NumberCell::OutOfRange, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn styled_numbers_are_parsed(value in -1e15_f64..1e15, decimals in 0_usize..6) {
            let plain = format!("{value:.decimals$}");
            let expected: f64 = plain.parse().expect("it was just written");
            for (decimal, thousands) in [
                (DecimalMark::Point, ""), (DecimalMark::Point, ","), (DecimalMark::Point, " "), (DecimalMark::Comma, ""),
                (DecimalMark::Comma, "."), (DecimalMark::Comma, "\u{a0}"), (DecimalMark::Point, "'"),
            ] {
                let styled = style(&plain, decimal, thousands);
                prop_assert_eq!(format(decimal, thousands).parse(&styled), NumberCell::Number(expected), "{}", styled);
            }
        }

        #[test]
        fn no_text_panics(cell in "\\PC*", decimal: bool, thousands in "[,.' ]?") {
            let decimal = if decimal { DecimalMark::Point } else { DecimalMark::Comma };
            let _ = format(decimal, &thousands).parse(&cell);
        }
    }

    fn style(plain: &str, decimal: DecimalMark, thousands: &str) -> String {
        let (sign, body) = plain.strip_prefix('-').map_or(("", plain), |body| ("-", body));
        let (integer, fraction) =
            body.split_once('.').map_or((body, None), |(integer, fraction)| (integer, Some(fraction)));
        let mut text = sign.to_owned();
        for (index, digit) in integer.chars().enumerate() {
            if index > 0 && (integer.len() - index).is_multiple_of(3) {
                text.push_str(thousands);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push(if decimal == DecimalMark::Comma { ',' } else { '.' });
            text.push_str(fraction);
        }
        text
    }
}
