//! Encoding of added cells in the dialect of the file.

use pinhole_protocol::table::{DecimalMark, Dialect};

/// The text, with a leading apostrophe if a spreadsheet would run it as a formula (OWASP, "CSV Injection").
pub fn escape_formula(text: &str) -> String {
    let is_formula = text
        .trim_start_matches([' ', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// A text as a cell, quoted if necessary. In a dialect without quotes, delimiters and line ends become spaces.
pub fn encode_cell(text: &str, dialect: &Dialect) -> String {
    let delimiter = dialect.delimiter.chars().next().unwrap_or(',');
    let Some(quote) = dialect.quote.as_deref().and_then(|quote| quote.chars().next()) else {
        return text.replace([delimiter, '\n', '\r'], " ");
    };
    let needs_quotes =
        text.contains([delimiter, quote, '\n', '\r']) || text != text.trim() || text.is_empty() && delimiter == ' ';
    if !needs_quotes {
        return text.to_owned();
    }
    let escape = dialect.escape.as_deref().and_then(|escape| escape.chars().next());
    let mut quoted = String::from(quote);
    for character in text.chars() {
        if character == quote || escape == Some(character) {
            quoted.push(escape.unwrap_or(quote));
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}

/// A number as a cell: nine significant digits, with the decimal mark of the dialect; empty if it is not finite.
pub fn encode_number(value: f64, dialect: &Dialect) -> String {
    let text = if value.is_finite() { format_number(value) } else { String::new() };
    let text = if dialect.decimal == DecimalMark::Comma { text.replace('.', ",") } else { text };
    encode_cell(&text, dialect)
}

/// A number with nine significant digits and a decimal point, without trailing zeros.
fn format_number(value: f64) -> String {
    let magnitude = value.abs();
    if value != 0.0 && !(1e-6..1e15).contains(&magnitude) {
        return format!("{value:.8e}");
    }
    let decimals = if magnitude == 0.0 { 0 } else { (8.0 - magnitude.log10().floor()).clamp(0.0, 15.0) as usize };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"] {
            assert!(escape_formula(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(escape_formula("a=1"), "a=1");
    }

    #[test]
    fn numbers_keep_nine_digits_in_the_style_of_the_file() {
        let comma = Dialect { decimal: DecimalMark::Comma, ..Dialect::default() };
        let semicolon = Dialect { delimiter: ";".into(), ..comma.clone() };
        assert_eq!(encode_number(0.1, &Dialect::default()), "0.1");
        assert_eq!(encode_number(1_234.567_891_234, &Dialect::default()), "1234.56789");
        assert_eq!(encode_number(-2.5, &semicolon), "-2,5");
        assert_eq!(encode_number(2.5, &comma), "\"2,5\"");
        assert_eq!(encode_number(1e-9, &Dialect::default()), "1.00000000e-9");
        assert_eq!(encode_number(0.0, &Dialect::default()), "0");
        assert_eq!(encode_number(f64::NAN, &Dialect::default()), "");
    }

    #[test]
    fn cells_are_quoted_when_they_must_be() {
        let dialect = Dialect::default();
        assert_eq!(encode_cell("a,\"b\"", &dialect), "\"a,\"\"b\"\"\"");
        assert_eq!(encode_cell("a;b", &dialect), "a;b");
        assert_eq!(encode_cell("a,b", &Dialect { quote: None, ..dialect }), "a b");
    }
}
