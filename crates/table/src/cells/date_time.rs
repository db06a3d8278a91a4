//! Parsing of dates and times: ISO 8601 and other common formats.
//!
//! The parser is our own, as a date library would be larger than the rest of this crate.

use super::{
    calendar::{CivilDate, DAY_S, days_from_civil, days_in_month},
    month_names::{is_weekday, month_of},
    time_notation::parse_digits_date,
};

/// Parses a date or time, in seconds since 1970-01-01 00:00 UTC (a time without an offset is UTC) or, for a time
/// without a date, since midnight. `None` for anything else, including plain numbers.
///
/// - Dates: `2004-03-10`, `2004/3/10`, `10.03.2004` (always day first), `10/03/2004` and `10-03-2004` (in the order
///   that `day_first` gives), `10 Mar 2004`, `March 10, 2004`, `10-Mar-04`, `10. März 2004`, `10 de marzo de 2004`, with
///   or without a weekday. Two-digit years are 1970 to 2069; a first number above 31 is one.
/// - Times: `18:00`, `18:00:05.25`, `6:00 PM`, `18.00.05`; after a date also with `Z`, `+02:00` or `+0200`.
/// - Date and time are separated by `T`, a space or a comma.
pub fn parse_date_time(cell: &str, day_first: bool) -> Option<f64> {
    let cell = cell.trim();
    let in_characters = if cell.is_ascii() { None } else { date_in_chinese_characters(cell) };
    let cell = in_characters.as_deref().unwrap_or(cell);
    let cell = [" Uhr", " г."].iter().find_map(|word| cell.strip_suffix(word)).unwrap_or(cell);
    if cell.as_bytes().get(8) == Some(&b'T')
        && let Some(seconds) = compact_iso_8601(cell)
    {
        return Some(seconds);
    }
    let can_be_date = (4..=64).contains(&cell.len())
        && cell.bytes().any(|byte| byte.is_ascii_digit())
        && !cell.bytes().all(|byte| byte.is_ascii_digit());
    if !can_be_date {
        return None;
    }
    let mut parser = Parser { rest: cell.as_bytes() };
    if let Some(seconds) = (Parser { rest: parser.rest }).time_to_end(false) {
        return Some(seconds);
    }
    let days = parser.date(day_first)?;
    let start_s = days as f64 * DAY_S;
    if parser.rest.is_empty() {
        return Some(start_s);
    }
    parser.date_time_separator()?;
    parser.time_to_end(true).map(|seconds| start_s + seconds)
}

/// `20260501T000000Z` and `20260501T0000`, in seconds since 1970-01-01 00:00 UTC.
fn compact_iso_8601(cell: &str) -> Option<f64> {
    let (date, time) = cell.strip_suffix('Z').unwrap_or(cell).split_once('T')?;
    (date.len() == 8).then(|| parse_digits_date(&format!("{date}{time}")))?
}

/// `2026年5月1日` and what follows it as `2026-5-1`; `None`: it is written otherwise.
fn date_in_chinese_characters(cell: &str) -> Option<String> {
    let is_marked = cell.contains(['年', '년']) && cell.contains(['月', '월']);
    is_marked.then(|| cell.replace(['年', '년', '月', '월'], "-").replace(['日', '일'], "").replace("- ", "-"))
}

/// Order of day and month in a date such as `03/13/2004`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// The first number is above 12: it is the day.
    DayFirst,
    /// The second number is above 12: it is the day.
    MonthFirst,
    /// Both numbers can be the month.
    Either,
}

/// Order of day and month that a date implies; `None` if the cell is not a date of the form `03/13/2004` or `03-13-04`.
pub fn day_order(cell: &str) -> Option<DayOrder> {
    let mut parser = Parser { rest: cell.trim().as_bytes() };
    let (first, first_digits) = parser.number(2)?;
    let separator = parser.one_of(b"/-")?;
    let (second, _) = parser.number(2)?;
    parser.character(separator)?;
    let (_, year_digits) = parser.number(4)?;
    if first_digits > 2 || !matches!(year_digits, 2 | 4) || first == 0 || second == 0 || first.max(second) > 31 {
        return None;
    }
    match (first > 12, second > 12) {
        (true, true) => None,
        (true, false) => Some(DayOrder::DayFirst),
        (false, true) => Some(DayOrder::MonthFirst),
        (false, false) => Some(DayOrder::Either),
    }
}

/// Cursor over the bytes of a cell. Each method advances past what it parses; `None`: it is not there.
struct Parser<'a> {
    rest: &'a [u8],
}

impl Parser<'_> {
    /// A number of at most `max_digits` digits, and its number of digits.
    fn number(&mut self, max_digits: usize) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > max_digits {
            return None;
        }
        let value = self.rest[..digits].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
        self.rest = &self.rest[digits..];
        Some((value, digits))
    }

    fn one_of(&mut self, characters: &[u8]) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        characters.contains(&first).then(|| {
            self.rest = rest;
            first
        })
    }

    fn character(&mut self, character: u8) -> Option<()> {
        self.one_of(&[character]).map(|_| ())
    }

    /// Skips spaces.
    fn skip_spaces(&mut self) {
        while self.one_of(b" ").is_some() {}
    }

    /// Separator between a date and a time.
    fn date_time_separator(&mut self) -> Option<()> {
        if self.one_of(b"Tt").is_none() {
            self.one_of(b" ,:")?;
            self.one_of(b",");
            self.skip_spaces();
        }
        Some(())
    }

    /// A word of letters, without the point after an abbreviation.
    fn word(&mut self) -> Option<&str> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii()).count();
        let (word, rest) = self.rest.split_at(letters);
        self.rest = rest;
        str::from_utf8(word).ok().filter(|word| !word.is_empty())
    }

    /// The month that a name or its abbreviation means, 1 to 12; nothing is passed if there is none.
    fn month_name(&mut self) -> Option<u32> {
        let before = self.rest;
        let month = self.word().and_then(month_of);
        match month {
            Some(_) => {
                self.one_of(b".");
            }
            None => self.rest = before,
        }
        month
    }

    /// Skips `de` and `di` of Romance dates, and the spaces after it.
    fn skip_particle(&mut self) {
        self.skip_spaces();
        if let [b'd' | b'D', b'e' | b'i' | b'E', b' ', ..] = self.rest {
            self.rest = &self.rest[3..];
            self.skip_spaces();
        }
    }

    /// A date, in days since 1970-01-01, with or without a weekday before it.
    fn date(&mut self, day_first: bool) -> Option<i64> {
        let before = self.rest;
        if let Some(days) = self.date_without_weekday(day_first) {
            return Some(days);
        }
        // Not before the date was tried: "mar" begins the names of a weekday and of a month.
        self.rest = before;
        self.word().filter(|word| is_weekday(word))?;
        self.one_of(b".");
        self.one_of(b",");
        self.skip_spaces();
        self.date_without_weekday(day_first)
    }

    fn date_without_weekday(&mut self, day_first: bool) -> Option<i64> {
        if let Some(month) = self.month_name() {
            return self.after_month_name(month);
        }
        let (first, first_digits) = self.number(4)?;
        let separator = self.one_of(b"-/. ")?;
        if first_digits <= 2 {
            self.skip_particle();
            if let Some(month) = self.month_name() {
                self.one_of(b"-/,. ");
                self.skip_particle();
                let year = self.year()?;
                return days(year, month, first);
            }
        }
        let (second, _) = self.number(2)?;
        self.character(separator)?;
        if first_digits == 4 {
            let (day, _) = self.number(2)?;
            return days(first.cast_signed(), second, day);
        }
        if first_digits == 2 && first > 31 && separator != b' ' {
            let (day, _) = self.number(2)?;
            return days(full_year(first), second, day);
        }
        let year = self.year()?;
        if separator == b' ' || first_digits > 2 {
            return None;
        }
        let (day, month) = if day_first || separator == b'.' { (first, second) } else { (second, first) };
        days(year, month, day)
    }

    /// The rest of `March 10, 2004` or `Mar-10-2004`.
    fn after_month_name(&mut self, month: u32) -> Option<i64> {
        self.one_of(b" -.")?;
        self.skip_spaces();
        let (day, _) = self.number(2)?;
        self.one_of(b",- ")?;
        self.skip_spaces();
        let year = self.year()?;
        days(year, month, day)
    }

    fn year(&mut self) -> Option<i32> {
        match self.number(4)? {
            (year, 4) => Some(year.cast_signed()),
            (year, 2) => Some(full_year(year)),
            _ => None,
        }
    }

    /// A time at the end of the cell, in seconds since midnight. After a date an offset may follow, which
    /// is subtracted.
    fn time_to_end(&mut self, after_date: bool) -> Option<f64> {
        let (hour, _) = self.number(2)?;
        let separator = self.one_of(b":.")?;
        let (minute, minute_digits) = self.number(2)?;
        let mut seconds = 0.0;
        let has_seconds = self.character(separator).is_some();
        if has_seconds {
            let (whole, digits) = self.number(2)?;
            if digits != 2 || whole > 60 {
                return None;
            }
            seconds = f64::from(whole) + self.fraction();
        }
        // "18.00" is a number; only "18.00.00" is a time.
        if minute_digits != 2 || minute > 59 || hour > 24 || (separator == b'.' && !has_seconds) {
            return None;
        }
        let hour = self.apply_am_pm(hour)?;
        let offset_s = if after_date { self.offset()? } else { 0.0 };
        self.rest.is_empty().then_some(f64::from(hour * 3600 + minute * 60) + seconds - offset_s)
    }

    /// Fraction of a second; 0 if there is none.
    fn fraction(&mut self) -> f64 {
        if self.one_of(b".,").is_none() {
            return 0.0;
        }
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.rest.split_at(digits);
        self.rest = rest;
        fraction.iter().rev().fold(0.0, |value, byte| (value + f64::from(byte - b'0')) / 10.0)
    }

    /// The hour of 24, after AM or PM if there is one.
    fn apply_am_pm(&mut self, hour: u32) -> Option<u32> {
        let before = self.rest;
        self.skip_spaces();
        let is_pm = match self.rest {
            [first, b'm' | b'M', ..] if first.eq_ignore_ascii_case(&b'p') => true,
            [first, b'm' | b'M', ..] if first.eq_ignore_ascii_case(&b'a') => false,
            _ => {
                self.rest = before;
                return Some(hour);
            }
        };
        self.rest = &self.rest[2..];
        (1..=12).contains(&hour).then_some(hour % 12 + if is_pm { 12 } else { 0 })
    }

    /// Offset from UTC in seconds, positive to the east; 0 if there is none.
    fn offset(&mut self) -> Option<f64> {
        self.skip_spaces();
        if self.rest.is_empty() || self.one_of(b"Zz").is_some() {
            return Some(0.0);
        }
        if self.rest.eq_ignore_ascii_case(b"UTC") || self.rest.eq_ignore_ascii_case(b"GMT") {
            self.rest = &[];
            return Some(0.0);
        }
        let is_west = self.one_of(b"+-")? == b'-';
        let (hours, minutes) = match self.number(4)? {
            (value, 4) => (value / 100, value % 100),
            (hours, 1 | 2) if self.character(b':').is_some() => (hours, self.number(2)?.0),
            (hours, 1 | 2) => (hours, 0),
            _ => return None,
        };
        let offset_s = f64::from(hours * 3600 + minutes * 60);
        (hours <= 18 && minutes < 60).then_some(if is_west { -offset_s } else { offset_s })
    }
}

/// Year of two digits: 1970 to 2069.
const fn full_year(year: u32) -> i32 {
    (if year < 70 { 2000 } else { 1900 }) + year.cast_signed()
}

/// Days since 1970-01-01 of a date; `None` if there is no such date.
fn days(year: i32, month: u32, day: u32) -> Option<i64> {
    let is_real = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    is_real.then(|| days_from_civil(CivilDate { year, month, day }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        text: String,
        day_first: bool,
        seconds: Option<f64>,
    }

    #[test]
    fn agrees_with_python() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/reference/dates.json"))
            .expect("the script that made it writes this shape");
        for Case { text, day_first, seconds } in cases {
            match (parse_date_time(&text, day_first), seconds) {
                (Some(read), Some(expected)) => assert!((read - expected).abs() < 1e-5, "{text}: {read} {expected}"),
                (read, expected) => assert_eq!(read, expected, "{text}"),
            }
        }
    }

    #[test]
    fn reads_times_without_dates() {
        assert_eq!(parse_date_time("18:30", false), Some(66_600.0));
        assert_eq!(parse_date_time("18.00.05", false), Some(64_805.0));
        assert_eq!(parse_date_time("6:00 PM", false), Some(64_800.0));
        assert_eq!(parse_date_time("12:00:00.5 am", false), Some(0.5));
        assert_eq!(parse_date_time("25:00", false), None);
    }

    #[test]
    fn reads_names_of_months_in_other_languages() {
        let day_s = |year, month, day| days(year, month, day).map(|days| days as f64 * DAY_S);
        for (cell, date) in [
            ("5. März 2026", (2026, 3, 5)),
            ("05-Okt-26", (2026, 10, 5)),
            ("12 février 2026", (2026, 2, 12)),
            ("12 févr. 2026", (2026, 2, 12)),
            ("3 de enero de 2026", (2026, 1, 3)),
            ("1 gennaio 2026", (2026, 1, 1)),
            ("15 de março de 2026", (2026, 3, 15)),
            ("7 mei 2026", (2026, 5, 7)),
            ("7 maj 2026", (2026, 5, 7)),
            ("24 grudnia 2026", (2026, 12, 24)),
            ("9 мая 2026", (2026, 5, 9)),
            ("29 Ekim 2026", (2026, 10, 29)),
            ("Mo., 12.01.2026", (2026, 1, 12)),
            ("mar. 13 janv. 2026", (2026, 1, 13)),
            ("lun. 12 janv. 2026", (2026, 1, 12)),
            ("98-03-24", (1998, 3, 24)),
            ("01.Mai.2026", (2026, 5, 1)),
            ("1. května 2026", (2026, 5, 1)),
            ("2026年5月1日", (2026, 5, 1)),
            ("1 мая 2026 г.", (2026, 5, 1)),
            ("20260501T000000Z", (2026, 5, 1)),
            ("01/May/2026:00:00:00 +0000", (2026, 5, 1)),
            ("dic 24, 2026", (2026, 12, 24)),
        ] {
            assert_eq!(parse_date_time(cell, false), day_s(date.0, date.1, date.2), "{cell}");
        }
        assert_eq!(parse_date_time("5. März 2026 14:30", false), day_s(2026, 3, 5).map(|day| day + 52_200.0));
    }

    #[test]
    fn dates_imply_the_order_of_day_and_month() {
        assert_eq!(day_order("13/01/2012"), Some(DayOrder::DayFirst));
        assert_eq!(day_order("01/13/2012 10:00"), Some(DayOrder::MonthFirst));
        assert_eq!(day_order("01/02/2012"), Some(DayOrder::Either));
        assert_eq!(day_order("2012-01-02"), None);
        assert_eq!(day_order("40/50/2012"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(cell in "[0-9TZaApPmM:./ +,-]{0,30}", any in "\\PC*", day_first: bool) {
            let _ = (parse_date_time(&cell, day_first), parse_date_time(&any, day_first), day_order(&any));
        }
    }
}
