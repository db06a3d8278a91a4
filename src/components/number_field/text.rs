//! Numbers as people type and paste them: a point or a comma as the decimal mark, groups of thousands, an exponent.
//!
//! A browser's own number field follows the browser's language: an English one reads `0,002` as 2.

/// A text read as a number, or the reason for which it is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberText {
    /// A number.
    Number(f64),
    /// A number with decimals, where whole numbers are read: `1.5`, or the beginning of `1.500`.
    Decimals(f64),
    /// The beginning of a number, such as `-`, `0,` or `1e-`, or nothing.
    Unfinished,
    /// A number whose mark may be a decimal mark or between thousands: `1,500`.
    Ambiguous { decimal: f64, grouped: f64 },
    /// No number.
    Unreadable,
}

/// Number that a text says; `is_whole` where whole numbers are read, in which `10,000` and `10.000` are ten thousand.
pub fn read_number(text: &str, is_whole: bool) -> NumberText {
    let text: String = text.chars().filter(|character| !is_invisible(*character)).map(ascii).collect();
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let reading = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => read_scientific(mantissa, exponent, is_whole),
        None => read_plain(unsigned, is_whole),
    };
    reading.times(sign)
}

impl NumberText {
    fn times(self, factor: f64) -> Self {
        match self {
            Self::Number(number) => Self::Number(factor * number),
            Self::Decimals(number) => Self::Decimals(factor * number),
            Self::Ambiguous { decimal, grouped } => {
                Self::Ambiguous { decimal: factor * decimal, grouped: factor * grouped }
            }
            Self::Unfinished | Self::Unreadable => self,
        }
    }
}

/// Reads a number with an exponent; its mantissa has no thousands.
fn read_scientific(mantissa: &str, exponent: &str, is_whole: bool) -> NumberText {
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (integer, decimals) = mantissa.split_once(is_mark).unwrap_or((mantissa, "0"));
    let are_digits = [integer, decimals, digits].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_digits || mantissa.is_empty() {
        return NumberText::Unreadable;
    }
    match (decimals.is_empty(), digits.is_empty()) {
        (_, true) => NumberText::Unfinished,
        (true, false) => NumberText::Unreadable,
        (false, false) => {
            let number = number_of(&format!("{integer}.{decimals}e{exponent}"));
            if is_whole && number.fract() != 0.0 { NumberText::Decimals(number) } else { NumberText::Number(number) }
        }
    }
}

/// Reads digits with marks.
fn read_plain(text: &str, is_whole: bool) -> NumberText {
    if !text.chars().all(|character| character.is_ascii_digit() || is_mark(character) || is_spacer(character)) {
        return NumberText::Unreadable;
    }
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, character)| is_mark(*character)).collect();
    match *marks.as_slice() {
        [] => read_groups(text, is_spacer),
        [(at, mark)] => {
            let grouped = read_groups(text, |other| other == mark);
            let decimal = read_decimals(&text[..at], &text[at + 1..], is_spacer);
            match (decimal, grouped) {
                (_, NumberText::Number(_)) if is_whole => grouped,
                (NumberText::Number(number), _) if is_whole => NumberText::Decimals(number),
                // The page writes a point before decimals: there it is no sign between thousands.
                (NumberText::Number(decimal), NumberText::Number(grouped)) if mark == ',' => {
                    NumberText::Ambiguous { decimal, grouped }
                }
                _ => decimal,
            }
        }
        [(_, first), .., (at, last)] if first != last => {
            // As in `1.234.567,8`: the last mark is the decimal one.
            let reading = read_decimals(&text[..at], &text[at + 1..], |other| other == first);
            match reading {
                NumberText::Number(number) if is_whole => NumberText::Decimals(number),
                _ => reading,
            }
        }
        [(_, mark), ..] => read_groups(text, |other| other == mark),
    }
}

/// Reads an integer, in groups or not, and decimals.
fn read_decimals(integer: &str, decimals: &str, is_separator: impl Fn(char) -> bool) -> NumberText {
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return NumberText::Unreadable;
    }
    let whole = if integer.is_empty() { NumberText::Number(0.0) } else { read_groups(integer, is_separator) };
    match whole {
        NumberText::Number(_) if decimals.is_empty() => NumberText::Unfinished,
        NumberText::Number(_) => {
            let digits: String = integer.chars().filter(char::is_ascii_digit).collect();
            NumberText::Number(number_of(&format!("{digits}.{decimals}")))
        }
        // `1 00` may become `1 000`, but a decimal mark ends it.
        _ => NumberText::Unreadable,
    }
}

/// Reads an integer: digits alone, or groups of three digits after the first one of one to three.
fn read_groups(text: &str, is_separator: impl Fn(char) -> bool) -> NumberText {
    if text.is_empty() {
        return NumberText::Unfinished;
    }
    let groups: Vec<&str> = text.split(is_separator).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return read_digits(text) };
    let are_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let is_first = (1..=3).contains(&first.len()) && !first.starts_with('0');
    if !are_digits || !is_first || middle.iter().any(|group| group.len() != 3) {
        return NumberText::Unreadable;
    }
    match last.len() {
        0..=2 => NumberText::Unfinished,
        3 => read_digits(&groups.concat()),
        _ => NumberText::Unreadable,
    }
}

fn read_digits(text: &str) -> NumberText {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        NumberText::Number(number_of(text))
    } else {
        NumberText::Unreadable
    }
}

/// Value of ASCII digits with at most one point and an exponent, as Rust writes them.
fn number_of(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

const fn is_mark(character: char) -> bool {
    matches!(character, '.' | ',')
}

/// True for what stands between thousands only.
const fn is_spacer(character: char) -> bool {
    matches!(character, ' ' | '\'')
}

/// True for marks of the writing direction and joiners, which come along with pasted text.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The ASCII character that stands for this one in a number.
fn ascii(character: char) -> char {
    let digit = |zero: u32| char::from_digit(u32::from(character) - zero, 10).unwrap_or(character);
    match character {
        '\u{2212}' | '\u{2013}' | '\u{fe63}' => '-',
        // Arabic decimal and thousands signs, digits of Arabic and Persian.
        '\u{66b}' => ',',
        '\u{66c}' | '\u{2019}' => '\'',
        '\u{660}'..='\u{669}' => digit(0x660),
        '\u{6f0}'..='\u{6f9}' => digit(0x6f0),
        // Full-width characters of East Asian keyboards.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other if other.is_whitespace() => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{
        NumberText::{Ambiguous, Decimals, Number, Unfinished, Unreadable},
        *,
    };

    fn real(text: &str) -> NumberText {
        read_number(text, false)
    }

    fn whole(text: &str) -> NumberText {
        read_number(text, true)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_point_and_a_comma_are_decimal_marks() {
        for (text, number) in [
            ("0,001", 0.001),
            ("0.001", 0.001),
            ("0,002", 0.002),
            (",5", 0.5),
            (".5", 0.5),
            ("2,5", 2.5),
            ("2.125", 2.125),
            ("12,3456", 12.3456),
            ("1234,567", 1234.567),
            ("-0,25", -0.25),
            ("\u{2212}3", -3.0),
            ("+4", 4.0),
            ("0", 0.0),
            ("007", 7.0),
            ("0,000", 0.0),
        ] {
            assert_eq!(real(text), Number(number), "{text}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn spaces_around_and_foreign_digits_are_read() {
        for (text, number) in [
            ("  0,5\u{a0}", 0.5),
            ("\t0.5\n", 0.5),
            ("\u{200e}0.5\u{feff}", 0.5),
            ("１．５", 1.5),
            ("－１", -1.0),
            ("٠٫٠٠١", 0.001),
            ("۱۲", 12.0),
        ] {
            assert_eq!(real(text), Number(number), "{text}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn exponents_are_read_once_they_are_whole() {
        for (text, number) in [("1e-3", 1e-3), ("1E3", 1e3), ("2,5e+2", 250.0), ("1,500e1", 15.0), ("-1.5e-3", -1.5e-3)]
        {
            assert_eq!(real(text), Number(number), "{text}");
        }
        assert_eq!(whole("1e3"), Number(1000.0));
        assert_eq!(whole("2.5e3"), Number(2500.0));
        for text in ["1e", "1e-", "1e+", "2,5e", "5.e"] {
            assert_eq!(real(text), Unfinished, "{text}");
        }
        for text in ["e", "e3", "1e3.5", "1e1e1", "1e--3", "5.e3", "-e-", "1.5.5e1"] {
            assert_eq!(real(text), Unreadable, "{text}");
        }
        assert_eq!(real("1e999"), Number(f64::INFINITY));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_beginning_of_a_number_is_unfinished() {
        for text in ["", " ", "-", "+", "0.", "0,", "-0,", "5.", ",", ".", "1 0", "1 00", "1,000,", "1,000,0"] {
            assert_eq!(real(text), Unfinished, "{text}");
        }
        for text in ["", "10 ", "10'00", "1.000.00"] {
            assert!(matches!(whole(text.trim_start()), Unfinished | Number(_)), "{text}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn groups_of_thousands_are_read_where_they_can_mean_nothing_else() {
        for (text, number) in [
            ("1.000,5", 1000.5),
            ("1,000.5", 1000.5),
            ("1,234,567", 1_234_567.0),
            ("1.234.567,8", 1_234_567.8),
            ("1 000", 1000.0),
            ("1\u{202f}000,5", 1000.5),
            ("1’000.5", 1000.5),
            ("-12'345", -12_345.0),
        ] {
            assert_eq!(real(text), Number(number), "{text}");
        }
        for text in ["10,000", "10.000", "10 000", "10'000", "10000", "10\u{a0}000"] {
            assert_eq!(whole(text), Number(10_000.0), "{text}");
        }
        assert_eq!(whole("1,000,000"), Number(1e6));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_comma_before_three_digits_is_ambiguous() {
        assert_eq!(real("1,500"), Ambiguous { decimal: 1.5, grouped: 1500.0 });
        assert_eq!(real("-12,345"), Ambiguous { decimal: -12.345, grouped: -12_345.0 });
        assert_eq!(real("0,500"), Number(0.5));
        assert_eq!(real("1,5000"), Number(1.5));
        assert_eq!(real("1.500"), Number(1.5));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn whole_numbers_have_no_decimals() {
        assert_eq!(whole("1.5"), Decimals(1.5));
        assert_eq!(whole("-1,5"), Decimals(-1.5));
        assert_eq!(whole("10.00"), Decimals(10.0));
        assert_eq!(whole("0.001"), Decimals(0.001));
        assert_eq!(whole("10."), Unfinished);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn other_text_is_no_number() {
        for text in [
            "1,5,0",
            "1.5.0",
            "1,00,000",
            "1.000,000.5",
            "1,000,5.5",
            "abc",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "--1",
            "-+1",
            "1-",
            "5 %",
            "1 000 00 0",
            "0,001,000",
            "1 2345",
            "½",
            "١e",
            "1 000e3",
            "1,000,000e1",
            "1.000 000",
            "1,,0",
            "..",
        ] {
            assert!(!matches!(real(text), Number(_) | Ambiguous { .. } | Decimals(_)), "{text}: {:?}", real(text));
            assert!(!matches!(whole(text), Number(_) | Ambiguous { .. } | Decimals(_)), "{text}: {:?}", whole(text));
        }
        for text in ["1,5,0", "1.5.0", "abc", "1,00,000"] {
            assert_eq!((real(text), whole(text)), (Unreadable, Unreadable), "{text}");
        }
    }

    /// Pseudo-random numbers: a linear congruential generator (Knuth's MMIX constants).
    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *state >> 33
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn decimals_are_read_as_rust_reads_them_whatever_the_mark() {
        let mut state = 1;
        for _ in 0..2000 {
            let digits = 1 + random(&mut state) % 6;
            let decimals = random(&mut state) % 10_u64.pow(digits as u32);
            let integer = random(&mut state) % 5000;
            let text = format!("{integer}.{decimals:0width$}", width = digits as usize);
            let expected: f64 = text.parse().expect("digits and a point");
            assert_eq!(real(&text), Number(expected), "{text}");
            let comma = text.replace('.', ",");
            match real(&comma) {
                Ambiguous { decimal, grouped } => {
                    assert_eq!(Number(decimal), Number(expected), "{comma}");
                    assert_eq!(grouped.to_string(), comma.replace(',', ""), "{comma}");
                }
                reading => assert_eq!(reading, Number(expected), "{comma}"),
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn no_text_on_the_way_to_a_number_is_refused() {
        for number in ["-0,00125", "1.5e-3", "12345", "0.1", "+2,5E+10", "1,000,000.25"] {
            for end in 1..=number.len() {
                assert_ne!(real(&number[..end]), Unreadable, "{}", &number[..end]);
            }
        }
        for number in ["10,000", "1.000.000", "250", "1 000 000"] {
            for end in 1..=number.len() {
                assert_ne!(whole(&number[..end]), Unreadable, "{}", &number[..end]);
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn any_text_is_read_without_a_panic() {
        let alphabet: Vec<char> = "0123456789.,.,  '-+eE\u{a0}\u{2212}٣９x½\u{200e}".chars().collect();
        let mut state = 7;
        for _ in 0..20_000 {
            let length = random(&mut state) % 12;
            let text: String = (0..length).map(|_| alphabet[random(&mut state) as usize % alphabet.len()]).collect();
            for is_whole in [false, true] {
                if let Number(number) | Decimals(number) = read_number(&text, is_whole) {
                    assert!(!number.is_nan(), "{text:?}");
                }
            }
        }
    }
}
