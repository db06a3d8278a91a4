//! Text and numbers as HTML.

use std::fmt::Write as _;

/// `text` as HTML. Characters that are invisible or change the direction of text are written as their code point, so
/// that nobody is deceived: controls, zero-width characters, marks of direction.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    text.chars().for_each(|character| push(&mut html, character));
    html
}

/// The first `limit` characters of `text` as HTML, and an ellipsis if there are more.
pub fn clipped(text: &str, limit: usize) -> String {
    let mut characters = text.chars();
    let mut html = String::new();
    characters.by_ref().take(limit).for_each(|character| push(&mut html, character));
    if characters.next().is_some() {
        html.push('…');
    }
    html
}

fn push(html: &mut String, character: char) {
    match character {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        '\'' => html.push_str("&#39;"),
        _ if is_hidden(character) => {
            let _ = write!(html, "<span class=\"hidden\">U+{:04X}</span>", u32::from(character));
        }
        _ => html.push(character),
    }
}

/// True for controls and for Unicode's format characters that hide or reorder text.
const fn is_hidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e007f}')
}

/// A number with four significant digits.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".into() } else { if value > 0.0 { "∞" } else { "-∞" }.into() };
    }
    let size = value.abs();
    if size == 0.0 {
        "0".into()
    } else if (1e-4..1e6).contains(&size) {
        let decimals = (3.0 - size.log10().floor()).clamp(0.0, 7.0) as usize;
        format!("{value:.decimals$}")
    } else {
        format!("{value:.3e}")
    }
}

/// A share in per cent.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_hidden_characters_show() {
        assert_eq!(escaped("<b a='1'>&\""), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;");
        assert_eq!(escaped("a\u{202e}b"), "a<span class=\"hidden\">U+202E</span>b");
        assert_eq!(clipped("äöü", 2), "äö…");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.987_65, 12.345_6, 1e9, 0.0].map(number), ["0.9877", "12.35", "1.000e9", "0"]);
        assert_eq!(number(f64::INFINITY), "∞");
    }
}
