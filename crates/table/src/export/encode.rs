//! Our own cells in the file's style.

use pinhole_protocol::table::{DecimalMark, Dialect, TextEncoding};

use crate::windows_1252;

/// Text that a spreadsheet would run as a formula, made harmless by a leading apostrophe (OWASP, "CSV Injection").
pub fn guarded(text: &str) -> String {
    let is_risky = text
        .trim_start_matches([' ', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if is_risky { format!("'{text}") } else { text.to_owned() }
}

/// A text as a cell: quoted if it needs be. Where a file has no quotes, what would break its rows becomes a blank.
pub fn cell(text: &str, dialect: &Dialect) -> String {
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
    for sign in text.chars() {
        if sign == quote || escape == Some(sign) {
            quoted.push(escape.unwrap_or(quote));
        }
        quoted.push(sign);
    }
    quoted.push(quote);
    quoted
}

/// A number as a cell: nine significant digits, in the file's decimal style.
pub fn number(value: f64, dialect: &Dialect) -> String {
    let text = if value.is_finite() { plain_number(value) } else { String::new() };
    let text = if dialect.decimal == DecimalMark::Comma { text.replace('.', ",") } else { text };
    cell(&text, dialect)
}

fn plain_number(value: f64) -> String {
    let size = value.abs();
    if value != 0.0 && !(1e-6..1e15).contains(&size) {
        return format!("{value:.8e}");
    }
    let decimals = if size == 0.0 { 0 } else { (8.0 - size.log10().floor()).clamp(0.0, 15.0) as usize };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

/// Appends a text in the file's encoding; what that cannot say becomes `?`.
pub fn append(text: &str, encoding: TextEncoding, bytes: &mut Vec<u8>) {
    match encoding {
        TextEncoding::Utf8 => bytes.extend_from_slice(text.as_bytes()),
        TextEncoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        TextEncoding::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        TextEncoding::Windows1252 if text.is_ascii() => bytes.extend_from_slice(text.as_bytes()),
        TextEncoding::Windows1252 => {
            bytes.extend(text.chars().map(|sign| windows_1252::encode(sign).unwrap_or(b'?')));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(guarded("a=1"), "a=1");
    }

    #[test]
    fn numbers_keep_nine_digits_in_the_style_of_the_file() {
        let comma = Dialect { decimal: DecimalMark::Comma, ..Dialect::default() };
        let semicolon = Dialect { delimiter: ";".into(), ..comma.clone() };
        assert_eq!(number(0.1, &Dialect::default()), "0.1");
        assert_eq!(number(1_234.567_891_234, &Dialect::default()), "1234.56789");
        assert_eq!(number(-2.5, &semicolon), "-2,5");
        assert_eq!(number(2.5, &comma), "\"2,5\"");
        assert_eq!(number(1e-9, &Dialect::default()), "1.00000000e-9");
        assert_eq!(number(0.0, &Dialect::default()), "0");
        assert_eq!(number(f64::NAN, &Dialect::default()), "");
    }

    #[test]
    fn cells_are_quoted_when_they_must_be() {
        let dialect = Dialect::default();
        assert_eq!(cell("a,\"b\"", &dialect), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("a;b", &dialect), "a;b");
        assert_eq!(cell("a,b", &Dialect { quote: None, ..dialect }), "a b");
        let mut bytes = Vec::new();
        append("\u{e9}\u{4e2d}", TextEncoding::Windows1252, &mut bytes);
        assert_eq!(bytes, b"\xe9?");
    }
}
