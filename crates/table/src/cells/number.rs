//! Text to numbers, in the styles that files use.

use pinhole_protocol::table::{DecimalMark, Dialect};

/// Longest number read; a longer cell is text.
const MAX_LEN: usize = 64;

/// What a cell is, taken as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberCell {
    /// A number that fits the detector's arithmetic (finite as f32).
    Number(f64),
    /// No value.
    Missing,
    /// A number too large, such as `inf` or `1e999`; read as missing, and counted.
    OutOfRange,
    /// Anything else.
    Text,
}

/// How numbers are written in a file.
#[derive(Clone, Copy, Debug)]
pub struct NumberFormat {
    decimal: u8,
    thousands: Option<char>,
}

impl NumberFormat {
    /// As a dialect says.
    pub fn new(dialect: &Dialect) -> Self {
        let decimal = match dialect.decimal {
            DecimalMark::Point => b'.',
            DecimalMark::Comma => b',',
        };
        let thousands = dialect.thousands.as_deref().and_then(|sign| sign.chars().next());
        Self { decimal, thousands: thousands.map(plain).filter(|&sign| sign != char::from(decimal)) }
    }

    /// A cell as a number. Blanks around it are passed over; a sign, an exponent and a final `%` may stand. A percentage
    /// stays in the units of the file: `12 %` is 12. Currencies, hexadecimals and the like are text. In a file with
    /// decimal commas a decimal point counts too, unless it groups thousands. An empty cell is text here: see
    /// [`super::CellFormat::number`].
    #[inline]
    pub fn parse(self, cell: &str) -> NumberCell {
        let bytes = cell.as_bytes();
        let body = match bytes.first() {
            Some(b'-' | b'+') => &bytes[1..],
            _ => bytes,
        };
        // The usual case at full speed: nearly all cells of nearly all tables.
        if body.first().is_some_and(|&byte| byte.is_ascii_digit() || byte == b'.')
            && self.takes_point()
            && let Ok(value) = fast_float2::parse::<f64, _>(body)
        {
            return ranged(if bytes[0] == b'-' { -value } else { value });
        }
        self.parse_any(cell)
    }

    /// Whether a point is a decimal mark.
    #[inline]
    fn takes_point(self) -> bool {
        self.decimal == b'.' || self.thousands != Some('.')
    }

    fn parse_any(self, cell: &str) -> NumberCell {
        let cell = cell.trim();
        let (is_negative, body) = match cell.chars().next() {
            Some('-' | '\u{2212}') => (true, cell.trim_start_matches(['-', '\u{2212}'])),
            Some('+') => (false, &cell[1..]),
            _ => (false, cell),
        };
        if body.len() > MAX_LEN || cell.chars().count() > body.chars().count() + 1 {
            return NumberCell::Text;
        }
        if ["inf", "infinity"].iter().any(|word| body.eq_ignore_ascii_case(word)) {
            return NumberCell::OutOfRange;
        }
        let body = body.strip_suffix('%').map_or(body, str::trim_end);
        let mut plain = [0; MAX_LEN];
        let Some(length) = self.simplify(body, &mut plain) else { return NumberCell::Text };
        match fast_float2::parse::<f64, _>(&plain[..length]) {
            Ok(value) => ranged(if is_negative { -value } else { value }),
            Err(_) => NumberCell::Text,
        }
    }

    /// Writes a number's digits with a decimal point and without thousands signs; `None` if it is not one.
    fn simplify(self, body: &str, plain_digits: &mut [u8; MAX_LEN]) -> Option<usize> {
        let mut length = 0;
        let mut digits_since_sign = 0;
        let mut groups = 0;
        let mut part = Part::Whole;
        for sign in body.chars().map(plain) {
            let byte = match (part, sign) {
                (_, '0'..='9') => {
                    digits_since_sign += 1;
                    sign as u8
                }
                (Part::Whole, _) if Some(sign) == self.thousands => {
                    let is_well_placed =
                        if groups == 0 { (1..=3).contains(&digits_since_sign) } else { digits_since_sign == 3 };
                    if !is_well_placed {
                        return None;
                    }
                    groups += 1;
                    digits_since_sign = 0;
                    continue;
                }
                (Part::Whole, '.' | ',') if sign == char::from(self.decimal) || (sign == '.' && self.takes_point()) => {
                    if groups > 0 && digits_since_sign != 3 {
                        return None;
                    }
                    part = Part::Broken;
                    groups = 0;
                    b'.'
                }
                (Part::Whole | Part::Broken, 'e' | 'E') => {
                    if groups > 0 && digits_since_sign != 3 {
                        return None;
                    }
                    part = Part::Exponent;
                    groups = 0;
                    b'e'
                }
                (Part::Exponent, '+' | '-') => sign as u8,
                _ => return None,
            };
            *plain_digits.get_mut(length)? = byte;
            length += 1;
        }
        (groups == 0 || digits_since_sign == 3).then_some(length)
    }
}

#[derive(Clone, Copy)]
enum Part {
    Whole,
    Broken,
    Exponent,
}

/// One sign for each family: a narrow or unbreakable space is a space, a typographic apostrophe an apostrophe.
fn plain(sign: char) -> char {
    match sign {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2019}' => '\'',
        _ => sign,
    }
}

#[inline]
fn ranged(value: f64) -> NumberCell {
    if value.abs() <= f64::from(f32::MAX) { NumberCell::Number(value) } else { NumberCell::OutOfRange }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn format(decimal: DecimalMark, thousands: &str) -> NumberFormat {
        let thousands = (!thousands.is_empty()).then(|| thousands.to_owned());
        NumberFormat::new(&Dialect { decimal, thousands, ..Dialect::default() })
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
        ]; // one a line would fill a screen
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
            "",
            "$5",
            "1,23",
            "12,34,567",
            "1,234,",
            "0x1f",
            "1_000",
            "a",
            "--5",
            "+-5",
            "1.2.3",
            "e5",
            "1e",
            "%",
            "nan",
            "-",
        ] {
            assert_eq!(point.parse(cell), NumberCell::Text, "{cell:?}");
        }
        assert_eq!(format(DecimalMark::Comma, ".").parse("1.23"), NumberCell::Text);
        assert_eq!(format(DecimalMark::Comma, "").parse("18.00.00"), NumberCell::Text);
        assert_eq!(format(DecimalMark::Point, "").parse("1,234"), NumberCell::Text);
    }

    #[test]
    fn tells_what_is_too_large() {
        for cell in ["inf", "-Infinity", "1e999", "-1e999", "1e39", "+inf"] {
            assert_eq!(format(DecimalMark::Point, "").parse(cell), NumberCell::OutOfRange, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(value in -1e15_f64..1e15, decimals in 0_usize..6) {
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
        let (whole, broken) = body.split_once('.').map_or((body, None), |(whole, broken)| (whole, Some(broken)));
        let mut text = sign.to_owned();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push_str(thousands);
            }
            text.push(digit);
        }
        if let Some(broken) = broken {
            text.push(if decimal == DecimalMark::Comma { ',' } else { '.' });
            text.push_str(broken);
        }
        text
    }
}
