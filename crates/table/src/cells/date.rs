//! Text to dates and times: ISO 8601 and what else files hold. A small reader of our own: a date library would be larger
//! than the rest of this crate.

use super::calendar::{Civil, DAY_S, days_from_civil, days_in_month};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A cell as seconds since 1970-01-01 00:00 (its offset heeded, UTC without one), or since midnight if it is a time only.
///
/// Dates: `2004-03-10`, `2004/3/10`, `10.03.2004` (day first always), `10/03/2004` and `10-03-2004` (`day_first` says
/// which is which), `10 Mar 2004`, `March 10, 2004`, `10-Mar-04`; two-digit years are 1970 to 2069. Times: `18:00`,
/// `18:00:05.25`, `6:00 PM`, `18.00.05`, with `Z`, `+02:00` or `+0200`. Both: with `T`, a blank or a comma between them.
/// `None` for anything else, bare numbers included.
pub fn parse_time(cell: &str, day_first: bool) -> Option<f64> {
    let cell = cell.trim();
    let is_likely = (4..=48).contains(&cell.len())
        && cell.is_ascii()
        && cell.bytes().any(|byte| byte.is_ascii_digit())
        && !cell.bytes().all(|byte| byte.is_ascii_digit());
    if !is_likely {
        return None;
    }
    let mut reader = Reader { rest: cell.as_bytes() };
    if let Some(seconds) = (Reader { rest: reader.rest }).time_to_end(false) {
        return Some(seconds);
    }
    let days = reader.date(day_first)?;
    let start_s = days as f64 * DAY_S;
    if reader.rest.is_empty() {
        return Some(start_s);
    }
    reader.gap()?;
    reader.time_to_end(true).map(|seconds| start_s + seconds)
}

/// Which part of dates such as `03/13/2004` must be the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// The first part is above 12.
    DayFirst,
    /// The second part is above 12.
    MonthFirst,
    /// Both may be months.
    Either,
}

/// What a cell tells about the order of day and month; `None` if it is no date in which that is a question.
pub fn day_order(cell: &str) -> Option<DayOrder> {
    let mut reader = Reader { rest: cell.trim().as_bytes() };
    let (first, first_digits) = reader.number(2)?;
    let sign = reader.one_of(b"/-")?;
    let (second, _) = reader.number(2)?;
    reader.sign(sign)?;
    let (_, year_digits) = reader.number(4)?;
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

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    /// A number of at most so many digits, and how many it had; one with more is refused.
    fn number(&mut self, max_digits: usize) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > max_digits {
            return None;
        }
        let value = self.rest[..digits].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
        self.rest = &self.rest[digits..];
        Some((value, digits))
    }

    fn one_of(&mut self, signs: &[u8]) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        signs.contains(&first).then(|| {
            self.rest = rest;
            first
        })
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        self.one_of(&[sign]).map(|_| ())
    }

    /// Passes over blanks.
    fn blanks(&mut self) {
        while self.one_of(b" ").is_some() {}
    }

    /// What may stand between a date and a time.
    fn gap(&mut self) -> Option<()> {
        if self.one_of(b"Tt").is_none() {
            self.one_of(b" ,")?;
            self.blanks();
        }
        Some(())
    }

    /// The place, from 0, of a word or its first three letters in a list.
    fn word(&mut self, words: &[&str]) -> Option<usize> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = &self.rest[..letters];
        let is_it = |full: &&str| {
            (word.len() == 3 || word.len() == full.len()) && word.eq_ignore_ascii_case(&full.as_bytes()[..word.len()])
        };
        let place = words.iter().position(is_it)?;
        self.rest = &self.rest[letters..];
        Some(place)
    }

    fn date(&mut self, day_first: bool) -> Option<i64> {
        if self.word(&WEEKDAYS).is_some() {
            self.one_of(b",");
            self.blanks();
        }
        if let Some(month) = self.word(&MONTHS) {
            return self.after_month_name(month as u32 + 1);
        }
        let (first, first_digits) = self.number(4)?;
        let sign = self.one_of(b"-/. ")?;
        if first_digits <= 2
            && let Some(month) = self.word(&MONTHS)
        {
            self.one_of(b"-/., ")?;
            self.blanks();
            let year = self.year()?;
            return days(year, month as u32 + 1, first);
        }
        let (second, _) = self.number(2)?;
        self.sign(sign)?;
        if first_digits == 4 {
            let (day, _) = self.number(2)?;
            return days(first.cast_signed(), second, day);
        }
        let year = self.year()?;
        if sign == b' ' || first_digits > 2 {
            return None;
        }
        let (day, month) = if day_first || sign == b'.' { (first, second) } else { (second, first) };
        days(year, month, day)
    }

    /// The rest of `March 10, 2004` or `Mar-10-2004`.
    fn after_month_name(&mut self, month: u32) -> Option<i64> {
        self.one_of(b" -.")?;
        self.blanks();
        let (day, _) = self.number(2)?;
        self.one_of(b",- ")?;
        self.blanks();
        let year = self.year()?;
        days(year, month, day)
    }

    fn year(&mut self) -> Option<i32> {
        match self.number(4)? {
            (year, 4) => Some(year.cast_signed()),
            (year, 2) if year < 70 => Some(2000 + year.cast_signed()),
            (year, 2) => Some(1900 + year.cast_signed()),
            _ => None,
        }
    }

    /// A time that ends the cell, as seconds since midnight, less its offset. After a date, the hour alone will not do,
    /// and an offset may follow.
    fn time_to_end(&mut self, after_date: bool) -> Option<f64> {
        let (hour, _) = self.number(2)?;
        let sign = self.one_of(b":.")?;
        let (minute, minute_digits) = self.number(2)?;
        let mut seconds = 0.0;
        let has_seconds = self.sign(sign).is_some();
        if has_seconds {
            let (whole, digits) = self.number(2)?;
            if digits != 2 || whole > 60 {
                return None;
            }
            seconds = f64::from(whole) + self.fraction();
        }
        // "18.00" is a number; only "18.00.00" is a time.
        if minute_digits != 2 || minute > 59 || hour > 24 || (sign == b'.' && !has_seconds) {
            return None;
        }
        let hour = self.half_day(hour)?;
        let offset_s = if after_date { self.offset()? } else { 0.0 };
        self.rest.is_empty().then_some(f64::from(hour * 3600 + minute * 60) + seconds - offset_s)
    }

    fn fraction(&mut self) -> f64 {
        if self.one_of(b".,").is_none() {
            return 0.0;
        }
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.rest.split_at(digits);
        self.rest = rest;
        fraction.iter().rev().fold(0.0, |value, byte| (value + f64::from(byte - b'0')) / 10.0)
    }

    /// Heeds AM and PM.
    fn half_day(&mut self, hour: u32) -> Option<u32> {
        let before = self.rest;
        self.blanks();
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

    /// Seconds east of Greenwich; 0 if nothing is said.
    fn offset(&mut self) -> Option<f64> {
        self.blanks();
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
            (hours, 1 | 2) if self.sign(b':').is_some() => (hours, self.number(2)?.0),
            (hours, 1 | 2) => (hours, 0),
            _ => return None,
        };
        let offset_s = f64::from(hours * 3600 + minutes * 60);
        (hours <= 18 && minutes < 60).then_some(if is_west { -offset_s } else { offset_s })
    }
}

fn days(year: i32, month: u32, day: u32) -> Option<i64> {
    let is_real = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    is_real.then(|| days_from_civil(Civil { year, month, day }))
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
            match (parse_time(&text, day_first), seconds) {
                (Some(read), Some(expected)) => assert!((read - expected).abs() < 1e-5, "{text}: {read} {expected}"),
                (read, expected) => assert_eq!(read, expected, "{text}"),
            }
        }
    }

    #[test]
    fn reads_times_alone() {
        assert_eq!(parse_time("18:30", false), Some(66_600.0));
        assert_eq!(parse_time("18.00.05", false), Some(64_805.0));
        assert_eq!(parse_time("6:00 PM", false), Some(64_800.0));
        assert_eq!(parse_time("12:00:00.5 am", false), Some(0.5));
        assert_eq!(parse_time("25:00", false), None);
    }

    #[test]
    fn knows_which_part_is_the_day() {
        assert_eq!(day_order("13/01/2012"), Some(DayOrder::DayFirst));
        assert_eq!(day_order("01/13/2012 10:00"), Some(DayOrder::MonthFirst));
        assert_eq!(day_order("01/02/2012"), Some(DayOrder::Either));
        assert_eq!(day_order("2012-01-02"), None);
        assert_eq!(day_order("40/50/2012"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(cell in "[0-9TZaApPmM:./ +,-]{0,30}", any in "\\PC*", day_first: bool) {
            let _ = (parse_time(&cell, day_first), parse_time(&any, day_first), day_order(&any));
        }
    }
}
