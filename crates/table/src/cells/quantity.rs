//! Numbers with a unit or currency: `57,5 °C`, `$1,638.97`, `(1 200 EUR)`, `< 0.5 mg/l`.

use std::borrow::Cow;

/// Length in characters of the longest unit.
const MAX_UNIT_CHARS: usize = 16;

/// Currency codes (ISO 4217) and abbreviations that stand before an amount; currency symbols are found by their class.
const CURRENCIES: [&str; 62] = [
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "BRL", "RUB", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK",
    "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "ILS", "ZAR", "MXN", "ARS", "CLP", "COP", "PEN", "UYU", "KRW",
    "TWD", "HKD", "SGD", "THB", "IDR", "MYR", "PHP", "VND", "AED", "SAR", "QAR", "EGP", "NGN", "KES", "UAH", "PKR",
    "BDT", "LKR", "KZT", "Rs", "Rs.", "kr", "kr.", "Kr", "Kr.", "Fr", "Fr.", "SFr.", "zł", "Kč",
];

/// Words after a number that are no unit: halves of the day, and endings of ordinal numbers.
const NO_UNITS: [&str; 10] = ["am", "pm", "a.m.", "p.m.", "st", "nd", "rd", "th", "e", "x"];

/// A number and what stands around it.
#[allow(clippy::struct_excessive_bools)] // independent properties of a cell
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity<'a> {
    /// Digits, separators and exponent, without a sign.
    pub number: &'a str,
    /// True if a sign or parentheses make it negative.
    pub is_negative: bool,
    /// Unit or currency, wherever it stands; empty: there is none.
    pub unit: Cow<'a, str>,
    /// True after `<`, `>`, `≤`, `≥` or `~`: the number is a limit or an approximation.
    pub is_bound: bool,
    /// True for a price such as `5,-`.
    pub is_without_cents: bool,
    /// True if a mark of a footnote follows: `3.5*`, `12.1 (e)`, `7 [2]`.
    pub has_mark: bool,
}

impl<'a> Quantity<'a> {
    /// Takes a cell apart; `None`: it is no number with signs and units around it.
    ///
    /// Negative are `-$5`, `$-5`, `($5)`, `$(5)`, `5-`, `5- €`; a price such as `5,-` has no cents.
    pub fn parse(cell: &'a str) -> Option<Self> {
        let cell = cell.trim();
        let start = number_start(cell)?;
        let end = start + number_bytes(&cell[start..]);
        let head = cell[..start].trim();
        let (has_mark, rest) = strip_mark(&cell[end..]);
        let (is_in_parentheses, head, rest) = strip_parentheses(head, rest)?;
        let (head_sign, head) = strip_sign(head)?;
        let (is_bound, head) = match head.strip_prefix(['<', '>', '≤', '≥', '~', '≈']) {
            Some(head) => (true, head.trim_start_matches('=').trim_start()),
            None => (false, head),
        };
        let without_cents = strip_missing_cents(rest);
        let (rest_sign, rest) = without_cents.map_or_else(|| strip_trailing_sign(rest), |rest| Some((false, rest)))?;
        if usize::from(is_in_parentheses) + usize::from(head_sign.is_some()) + usize::from(rest_sign) > 1 {
            return None;
        }
        if !(head.is_empty() || is_currency(head)) || !(rest.is_empty() || is_unit(rest)) {
            return None;
        }
        let unit = match (head.is_empty(), rest.is_empty()) {
            (_, true) => Cow::Borrowed(head),
            (true, false) => Cow::Borrowed(rest),
            (false, false) => Cow::Owned(format!("{head} {rest}")),
        };
        let is_negative = is_in_parentheses || rest_sign || head_sign == Some(true);
        let is_without_cents = without_cents.is_some();
        Some(Self { number: &cell[start..end], is_negative, unit, is_bound, is_without_cents, has_mark })
    }
}

/// True for the zero of an amount as Excel's accounting format writes it: a currency and a dash, `$ -`, `-   €`.
pub fn is_accounting_zero(cell: &str) -> bool {
    let cell = cell.trim();
    let is_dash = |text: &str| matches!(text, "-" | "\u{2013}" | "\u{2212}");
    let dash = |text: &str| text.find(['-', '\u{2013}', '\u{2212}']);
    let Some(at) = dash(cell) else { return false };
    let width = cell[at..].chars().next().map_or(0, char::len_utf8);
    let (head, rest) = (cell[..at].trim(), cell[at + width..].trim());
    is_dash(&cell[at..at + width]) && head.is_empty() != rest.is_empty() && (is_currency(head) || is_currency(rest))
}

/// The mark of a footnote at the beginning of what stands after a number, and the rest without it. Marks are signs, a letter
/// or number in brackets, and the flags of statistical offices, of which none is a usual unit.
fn strip_mark(rest: &str) -> (bool, &str) {
    const SIGNS: [char; 14] = ['*', '†', '‡', '§', '¶', '#', '+', '¹', '²', '³', '⁴', '⁵', 'ᵃ', 'ᵇ'];
    const FLAGS: [&str; 8] = ["b", "e", "i", "p", "r", "u", "z", "bp"];
    let is_apart = rest.starts_with([' ', '\u{a0}']);
    let rest = rest.trim();
    let are_signs = rest.chars().count() <= 3 && rest.chars().all(|sign| SIGNS.contains(&sign));
    let inner =
        [('(', ')'), ('[', ']')].iter().find_map(|(open, close)| rest.strip_prefix(*open)?.strip_suffix(*close));
    let is_note =
        inner.is_some_and(|note| (1..=2).contains(&note.len()) && note.bytes().all(|b| b.is_ascii_alphanumeric()));
    // A letter beside the number belongs to it, as in the house number 12b.
    let is_mark = !rest.is_empty() && (are_signs || is_note || is_apart && FLAGS.contains(&rest));
    if is_mark { (true, "") } else { (false, rest) }
}

/// True if two spellings of a unit mean the same. Case matters in short ones: mW is no MW.
pub fn is_same_unit(one: &str, other: &str) -> bool {
    one == other || (one.len() >= 3 && one.eq_ignore_ascii_case(other))
}

/// Position of the first digit, or of a decimal separator before it.
fn number_start(cell: &str) -> Option<usize> {
    let digit = cell.bytes().position(|byte| byte.is_ascii_digit())?;
    let has_separator = digit > 0 && matches!(cell.as_bytes()[digit - 1], b'.' | b',');
    // In "Rs. 5" and "Fr.5" the point belongs to the word.
    let follows_letter = digit > 1 && cell.as_bytes()[digit - 2].is_ascii_alphabetic();
    Some(if has_separator && !follows_letter { digit - 1 } else { digit })
}

/// Length in bytes of the number at the beginning of a text.
fn number_bytes(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let next = &bytes[at + character.len_utf8()..];
        let is_part = match character {
            '0'..='9' => true,
            '.' | ',' | '\'' | '\u{2019}' => next.first().is_some_and(u8::is_ascii_digit),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                next.len() >= 3
                    && next[..3].iter().all(u8::is_ascii_digit)
                    && !next.get(3).is_some_and(u8::is_ascii_digit)
            }
            'e' | 'E' if at > 0 => {
                let exponent = next.strip_prefix(b"+").or_else(|| next.strip_prefix(b"-")).unwrap_or(next);
                exponent.first().is_some_and(u8::is_ascii_digit)
            }
            '+' | '-' => at > 0 && matches!(bytes[at - 1], b'e' | b'E'),
            _ => false,
        };
        if !is_part {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

/// True if parentheses enclose the number, and what stands before and after it without them; `None`: one is missing.
fn strip_parentheses<'a>(head: &'a str, rest: &'a str) -> Option<(bool, &'a str, &'a str)> {
    // `(5 €)`, `€ (5)` and `(€ 5)`; the parenthesis of a unit such as `mg (N)/l` is another matter.
    match (head.find('('), rest.contains('(')) {
        (Some(open), _) => {
            let (before, after) = (head[..open].trim(), head[open + 1..].trim());
            let close = rest.find(')')?;
            let (inner, outer) = (rest[..close].trim(), rest[close + 1..].trim());
            let head = if before.is_empty() { after } else { before };
            let rest = if inner.is_empty() { outer } else { inner };
            Some((true, head, rest))
        }
        (None, false) if rest.contains(')') => None,
        _ => Some((false, head, rest)),
    }
}

/// The sign at the beginning or end of what stands before a number, true for minus, and the rest; `None`: two signs.
fn strip_sign(head: &str) -> Option<(Option<bool>, &str)> {
    const SIGNS: [char; 5] = ['-', '+', '\u{2212}', '\u{2013}', '\u{2010}'];
    let sign_of = |text: &str, at_start: bool| {
        let sign = if at_start { text.chars().next() } else { text.chars().next_back() };
        sign.filter(|sign| SIGNS.contains(sign))
    };
    let (sign, head) = if let Some(sign) = sign_of(head, true) {
        (Some(sign), head[sign.len_utf8()..].trim_start())
    } else if let Some(sign) = sign_of(head, false) {
        (Some(sign), head[..head.len() - sign.len_utf8()].trim_end())
    } else {
        (None, head)
    };
    let has_another = sign.is_some() && (sign_of(head, true).is_some() || sign_of(head, false).is_some());
    (!has_another).then_some((sign.map(|sign| sign != '+'), head))
}

/// The text after a dash in place of cents; `None`: there is no such dash.
fn strip_missing_cents(rest: &str) -> Option<&str> {
    const DASHES: [&str; 6] = [",--", ",-", ".--", ".-", ",\u{2013}", ".\u{2013}"];
    DASHES.iter().find_map(|dashes| rest.strip_prefix(dashes)).map(str::trim_start)
}

/// True for a minus after the number, and the rest; `None`: more digits follow it, as in `3-4`.
fn strip_trailing_sign(rest: &str) -> Option<(bool, &str)> {
    match rest.strip_prefix(['-', '\u{2212}']) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') || is_currency(rest.trim_start()) => {
            Some((true, rest.trim_start()))
        }
        Some(_) => None,
        None => match rest.strip_suffix(['-', '\u{2212}']) {
            // `5 €-`
            Some(rest) if is_currency(rest.trim_end()) => Some((true, rest.trim_end())),
            _ => Some((false, rest)),
        },
    }
}

/// True if a text before a number is a currency.
pub fn is_currency(text: &str) -> bool {
    CURRENCIES.contains(&text)
        || (text.len() == 3 && CURRENCIES.iter().any(|code| code.len() == 3 && code.eq_ignore_ascii_case(text)))
        || (text.chars().any(is_currency_symbol)
            && text.chars().all(|character| is_currency_symbol(character) || character.is_ascii_uppercase())
            && text.chars().count() <= 3)
}

/// Unicode's category Sc, of the signs in use.
const fn is_currency_symbol(character: char) -> bool {
    matches!(
        character,
        '$' | '¢' | '£' | '¤' | '¥' | '\u{e3f}' | '\u{20a0}'
            ..='\u{20c0}' | '\u{fdfc}' | '\u{ff04}' | '\u{ffe5}' | '\u{ffe1}'
    )
}

/// True if a text after a number can be its unit.
fn is_unit(text: &str) -> bool {
    let is_excluded = NO_UNITS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_excluded || text.chars().count() > MAX_UNIT_CHARS || text.split_whitespace().nth(2).is_some() {
        return false;
    }
    let mut before = ' ';
    for (index, character) in text.chars().enumerate() {
        let is_allowed = match character {
            _ if character.is_alphabetic() || is_currency_symbol(character) => true,
            '%' | '‰' | '°' | 'º' | '²' | '³' | '¹' | '⁻' | '"' | '″' | '′' | '℃' | '℉' | '♯' => {
                true
            }
            // An exponent, as in m3/h, or a basis, as in l/100km.
            '1'..='9' | '0' => index > 0 && (before.is_alphabetic() || matches!(before, '/' | '^' | '-' | '0'..='9')),
            '/' | '·' | '*' | '^' | '.' | '-' | '(' | ')' | ' ' | '\u{a0}' | '_' | '⋅' => index > 0,
            _ => false,
        };
        if !is_allowed {
            return false;
        }
        before = character;
    }
    // Digits in the middle of letters make an identifier, not a unit.
    let bytes = text.as_bytes();
    !bytes
        .windows(3)
        .any(|three| three[0].is_ascii_alphabetic() && three[1].is_ascii_digit() && (three[2].is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(cell: &str, number: &str, is_negative: bool, unit: &str) {
        let quantity = Quantity::parse(cell).unwrap_or_else(|| panic!("{cell:?} is a quantity"));
        assert_eq!((quantity.number, quantity.is_negative, &*quantity.unit), (number, is_negative, unit), "{cell:?}");
    }

    #[test]
    fn finds_currencies_and_units() {
        check("$1,870.13", "1,870.13", false, "$");
        check("1.234,56 €", "1.234,56", false, "€");
        check("€ 1 234,56", "1 234,56", false, "€");
        check("CHF 1'234.50", "1'234.50", false, "CHF");
        check("R$ 12,00", "12,00", false, "R$");
        check("Rs. 5,00,000", "5,00,000", false, "Rs.");
        check("12 kr", "12", false, "kr");
        check("57,5 °C", "57,5", false, "°C");
        check("1292rpm", "1292", false, "rpm");
        check("3.5e-3 mol/l", "3.5e-3", false, "mol/l");
        check("12 m3/h", "12", false, "m3/h");
        check("7.2 l/100km", "7.2", false, "l/100km");
        check("25,1 %", "25,1", false, "%");
        check("980 円", "980", false, "円");
        check("12,-", "12", false, "");
        check("12.- CHF", "12", false, "CHF");
        check(".5 V", ".5", false, "V");
    }

    #[test]
    fn finds_negative_amounts() {
        for cell in
            ["-$5.20", "$-5.20", "($5.20)", "$(5.20)", "$ 5.20-", "5.20- $", "(5.20 $)", "\u{2212}5.20 $", "- $5.20"]
        {
            check(cell, "5.20", true, "$");
        }
        check("677,69-", "677,69", true, "");
        check("(1,638.97)", "1,638.97", true, "");
        check("+3 V", "3", false, "V");
    }

    #[test]
    fn finds_limits() {
        let quantity = Quantity::parse("< 0.5 mg/l").expect("it is a quantity");
        assert!(quantity.is_bound && quantity.unit == "mg/l" && quantity.number == "0.5");
        assert!(Quantity::parse(">=10").is_some_and(|quantity| quantity.is_bound && quantity.unit.is_empty()));
    }

    #[test]
    fn leaves_the_rest() {
        for cell in [
            "",
            "abc",
            "3-4",
            "12/05/2024",
            "12:30",
            "Room 5",
            "A12",
            "1a2b3c",
            "10 am",
            "3rd",
            "--5",
            "-(5)",
            "(5",
            "5)",
            "5 Main Street North",
            "1.2.3 x y z",
            "192.168.0.1/24",
            "2024-01-31",
        ] {
            let parsed = Quantity::parse(cell);
            assert!(
                parsed.as_ref().is_none_or(|quantity| quantity.unit.is_empty() && cell.starts_with("1.2.3")),
                "{cell:?} {parsed:?}"
            );
        }
    }

    #[test]
    fn case_matters_in_short_units() {
        assert!(is_same_unit("kg", "kg") && is_same_unit("eur", "EUR") && !is_same_unit("mW", "MW"));
    }

    proptest! {
        #[test]
        fn no_text_panics(cell in "\\PC*", money in "[-+($€ ]{0,3}[0-9.,' ]{0,8}[-)€ kg/]{0,4}") {
            let _ = (Quantity::parse(&cell), Quantity::parse(&money));
        }
    }
}
