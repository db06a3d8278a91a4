//! Value of a cell of a workbook, and its text.

use calamine::{Data, DataRef, ExcelDateTime};

/// Significant digits that spreadsheets compute with and show: 0.1 + 0.2 is 0.3 there.
const SIGNIFICANT_DIGITS: usize = 15;

/// Value of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum CellValue {
    /// Nothing.
    #[default]
    Empty,
    /// A number.
    Number(f64),
    /// A date, time of day, or length of time, as days since the workbook's epoch.
    Time(ExcelDateTime),
    /// A truth value.
    Boolean(bool),
    /// Text, also that of an error such as `#N/A`.
    Text(String),
}

impl From<Data> for CellValue {
    fn from(data: Data) -> Self {
        match data {
            Data::Empty => Self::Empty,
            Data::Int(value) => Self::Number(value as f64),
            Data::Float(value) => Self::Number(value),
            Data::Bool(value) => Self::Boolean(value),
            Data::DateTime(time) => Self::Time(time),
            Data::DateTimeIso(text) => Self::Text(text.replacen('T', " ", 1)),
            Data::DurationIso(text) => Self::Text(clock_of_iso_duration(&text).unwrap_or(text)),
            Data::Error(error) => Self::Text(error.to_string()),
            Data::String(text) => Self::Text(text),
        }
    }
}

impl From<DataRef<'_>> for CellValue {
    fn from(data: DataRef<'_>) -> Self {
        Data::from(data).into()
    }
}

impl CellValue {
    /// True if the cell holds nothing but spaces.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Text of the cell.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(value) => number_text(*value),
            Self::Time(time) => time_text(*time),
            Self::Boolean(value) => value.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A number with at most 15 significant digits.
fn number_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let rounded: f64 = format!("{value:.*e}", SIGNIFICANT_DIGITS - 1).parse().unwrap_or(value);
    if (1e-5..1e16).contains(&rounded.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}

/// Kind of a time, by its format and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeKind {
    Date,
    DateTime,
    TimeOfDay,
    Duration,
}

/// Kind of a time.
pub(super) fn time_kind(time: ExcelDateTime) -> TimeKind {
    let days = time.as_f64();
    match () {
        () if time.is_duration() || days < 0.0 => TimeKind::Duration,
        () if days < 1.0 => TimeKind::TimeOfDay,
        () if days.fract() == 0.0 => TimeKind::Date,
        () => TimeKind::DateTime,
    }
}

fn time_text(time: ExcelDateTime) -> String {
    if time_kind(time) == TimeKind::Duration {
        return clock(time.as_f64() * 86_400.0);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let date = format!("{year:04}-{month:02}-{day:02}");
    let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    match time_kind(time) {
        TimeKind::Date => date,
        TimeKind::TimeOfDay => clock,
        TimeKind::DateTime | TimeKind::Duration => format!("{date} {clock}"),
    }
}

/// A length of time as `h:mm:ss`, with milliseconds if there are any.
fn clock(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let millis = (seconds.abs() * 1000.0).round() as u64;
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{sign}{}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `PT1H02M03.5S` of OpenDocument as a clock.
fn clock_of_iso_duration(text: &str) -> Option<String> {
    let (sign, rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut rest = rest.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, length) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(unit) {
            seconds += number.parse::<f64>().ok()? * length;
            rest = after;
        }
    }
    rest.is_empty().then(|| clock(sign * seconds))
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn numbers_are_shown_as_spreadsheets_do() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (1_234_567.0, "1234567"),
            (-0.5, "-0.5"),
            (1e21, "1e21"),
            (2.5e-9, "2.5e-9"),
            (123_456_789_012_345_680.0, "1.23456789012346e17"),
        ] {
            assert_eq!(number_text(value), text);
        }
    }

    #[test]
    fn times_have_the_text_of_their_kind() {
        let time = |value, kind, is_1904| CellValue::Time(ExcelDateTime::new(value, kind, is_1904)).text();
        assert_eq!(time(45_943.0, DateTime, false), "2025-10-13");
        assert_eq!(time(45_943.5, DateTime, false), "2025-10-13 12:00:00");
        assert_eq!(time(44_481.0, DateTime, true), "2025-10-13", "Macs once counted from 1904");
        assert_eq!(time(0.25, DateTime, false), "06:00:00");
        assert_eq!(time(37.5 + 1.0 / 86_400.0, TimeDelta, false), "900:00:01");
        assert_eq!(clock_of_iso_duration("PT01H02M03.500S").as_deref(), Some("1:02:03.500"));
        assert_eq!(clock_of_iso_duration("P1Y"), None);
    }
}
