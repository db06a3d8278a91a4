//! Points in time of digits alone: seconds since 1970, and dates without marks.

use pinhole_protocol::table::TimeNotation;

use super::{
    calendar::{CivilDate, DAY_S, days_from_civil, days_in_month},
    duration::{parse_duration, parse_minutes},
};

/// Parses a cell in a notation, in seconds since 1970-01-01 00:00 UTC, or in seconds for a length of time.
pub fn parse_in_notation(cell: &str, notation: TimeNotation) -> Option<f64> {
    let cell = cell.trim();
    let unit_s = match notation {
        TimeNotation::Duration => return parse_duration(cell),
        TimeNotation::MinutesSeconds => return parse_minutes(cell),
        TimeNotation::Digits => return parse_digits_date(cell),
        TimeNotation::EpochSeconds => 1.0,
        TimeNotation::EpochMilliseconds => 1e3,
        TimeNotation::EpochMicroseconds => 1e6,
        TimeNotation::EpochNanoseconds => 1e9,
    };
    cell.parse().ok().filter(|count: &f64| count.is_finite()).map(|count| count / unit_s)
}

/// Parses `20251120`, `202511201430` or `20251120143000`, in seconds since 1970-01-01 00:00 UTC; the year is 1900 to
/// 2099.
pub fn parse_digits_date(cell: &str) -> Option<f64> {
    if !matches!(cell.len(), 8 | 12 | 14) || !cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| cell.get(range).map_or(0, |digits| digits.parse().unwrap_or(0_u32));
    let date = CivilDate { year: part(0..4).cast_signed(), month: part(4..6), day: part(6..8) };
    let (hour, minute, second) = (part(8..10), part(10..12), part(12..14));
    let is_real = (1900..2100).contains(&date.year)
        && (1..=12).contains(&date.month)
        && (1..=days_in_month(date.year, date.month)).contains(&date.day)
        && hour < 24
        && minute < 60
        && second < 60;
    is_real.then(|| days_from_civil(date) as f64 * DAY_S + f64::from(3600 * hour + 60 * minute + second))
}

/// Notation of counts in this range, if they are times from 1990 to 2100.
pub fn epoch_notation(least: f64, greatest: f64) -> Option<TimeNotation> {
    const FIRST_S: f64 = 631_152_000.0;
    const LAST_S: f64 = 4_102_444_800.0;
    [
        (TimeNotation::EpochSeconds, 1.0),
        (TimeNotation::EpochMilliseconds, 1e3),
        (TimeNotation::EpochMicroseconds, 1e6),
        (TimeNotation::EpochNanoseconds, 1e9),
    ]
    .into_iter()
    .find(|(_, per_second)| least >= FIRST_S * per_second && greatest <= LAST_S * per_second)
    .map(|(notation, _)| notation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_counts_and_digits() {
        assert_eq!(parse_in_notation("1700000000", TimeNotation::EpochSeconds), Some(1.7e9));
        assert_eq!(parse_in_notation(" 1700000000123 ", TimeNotation::EpochMilliseconds), Some(1_700_000_000.123));
        assert_eq!(parse_in_notation("20251120", TimeNotation::Digits), Some(1_763_596_800.0));
        assert_eq!(parse_in_notation("20251120143005", TimeNotation::Digits), Some(1_763_649_005.0));
        for cell in ["20251320", "20250230", "2025112", "18990101", "2025112025", "abcdefgh"] {
            assert_eq!(parse_digits_date(cell), None, "{cell}");
        }
        assert_eq!(epoch_notation(1.6e9, 1.7e9), Some(TimeNotation::EpochSeconds));
        assert_eq!(epoch_notation(1.6e12, 1.7e12), Some(TimeNotation::EpochMilliseconds));
        assert_eq!(epoch_notation(5.0, 1.7e9), None);
    }
}
