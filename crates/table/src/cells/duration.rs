//! Lengths of time: `900:01:01`, `42:54:44.5`, `2 days 03:04:05`, `1d 2h 30m`, `PT1H30M`.

/// Seconds of a length of time; `None`: the cell is none.
///
/// `h:mm:ss` with any number of hours, with a fraction of a second; `h:mm`; `m:ss.f`; days before either, as pandas and
/// databases print them; units after numbers; and ISO 8601. A sign makes it negative.
pub fn parse_duration(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    if cell.len() > 40 || !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (is_negative, body) = match cell.strip_prefix(['-', '\u{2212}']) {
        Some(body) => (true, body.trim_start()),
        None => (false, cell.strip_prefix('+').unwrap_or(cell)),
    };
    let seconds = clock(body).or_else(|| iso_8601(body)).or_else(|| with_units(body))?;
    Some(if is_negative { -seconds } else { seconds })
}

/// Seconds of a length of time as [`parse_duration`], but that two parts are minutes and seconds: `75:10`, `12:34.5`.
pub fn parse_minutes(cell: &str) -> Option<f64> {
    let seconds = parse_duration(cell)?;
    let is_in_hours = clock_form(cell) == Some(ClockForm::TwoParts);
    Some(if is_in_hours { seconds / 60.0 } else { seconds })
}

/// How many parts a length of time has between colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockForm {
    /// `30:15`: hours and minutes, or minutes and seconds.
    TwoParts,
    /// `12:34.5`: minutes and seconds, as hours have no fraction of a minute.
    Minutes,
    /// `1:02:03`
    ThreeParts,
}

/// The form of a length of time; `None`: it has no colons, or days.
pub fn clock_form(cell: &str) -> Option<ClockForm> {
    let body = cell.trim().trim_start_matches(['-', '+', '\u{2212}']);
    if body.contains(' ') {
        return None;
    }
    match body.matches(':').count() {
        1 if body.contains(['.', ',']) => Some(ClockForm::Minutes),
        1 => Some(ClockForm::TwoParts),
        2 => Some(ClockForm::ThreeParts),
        _ => None,
    }
}

/// `900:01:01`, `0:30`, `12:34.5`, `2 days 03:04:05`, `2.03:04:05`.
fn clock(text: &str) -> Option<f64> {
    let (days, text) = match text.split_once(' ') {
        Some((days, rest)) => {
            let rest = rest.trim_start();
            let without_word = ["days", "day", "d"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
            (whole(days)?, without_word.trim_start_matches([',', ' ']))
        }
        None => (0.0, text),
    };
    let parts: Vec<&str> = text.split(':').collect();
    let below_60 = |text: &str| {
        number(text)
            .filter(|&value| value < 60.0 && text.split(['.', ',']).next().is_some_and(|whole| whole.len() == 2))
    };
    let seconds = match parts[..] {
        [hours, minutes, seconds] => {
            3600.0 * whole(hours)? + 60.0 * below_60(minutes).filter(|_| whole(minutes).is_some())? + below_60(seconds)?
        }
        [minutes, seconds] if seconds.contains(['.', ',']) => 60.0 * whole(minutes)? + below_60(seconds)?,
        [hours, minutes] => 3600.0 * whole(hours)? + 60.0 * below_60(minutes)?,
        _ => return None,
    };
    Some(86_400.0 * days + seconds)
}

/// `PT1H30M`, `P2DT3H`, `PT0.5S`.
fn iso_8601(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix(['P', 'p'])?;
    let (mut seconds, mut is_time, mut count) = (0.0, false, 0);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['T', 't']) {
            (is_time, rest) = (true, after);
            continue;
        }
        let digits = rest.find(|character: char| !matches!(character, '0'..='9' | '.' | ','))?;
        let value = number(&rest[..digits])?;
        let unit_s = match (rest.as_bytes()[digits].to_ascii_uppercase(), is_time) {
            (b'W', false) => 604_800.0,
            (b'D', false) => 86_400.0,
            (b'H', true) => 3600.0,
            (b'M', true) => 60.0,
            (b'S', true) => 1.0,
            _ => return None,
        };
        seconds += value * unit_s;
        count += 1;
        rest = &rest[digits + 1..];
    }
    (count > 0).then_some(seconds)
}

/// `1d 2h 30m`, `2 h 5 min`: at least two units; a single one is a number with its unit.
fn with_units(text: &str) -> Option<f64> {
    let mut rest = text;
    let (mut seconds, mut previous_s, mut count) = (0.0, f64::INFINITY, 0);
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !matches!(character, '0'..='9' | '.' | ','))?;
        let value = number(&rest[..digits])?;
        let after = rest[digits..].trim_start();
        let letters = after.find(|character: char| !character.is_alphabetic()).unwrap_or(after.len());
        let unit_s = match after[..letters].to_ascii_lowercase().as_str() {
            "w" => 604_800.0,
            "d" | "day" | "days" | "tage" | "tag" => 86_400.0,
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" => 3600.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "s" | "sec" | "secs" | "second" | "seconds" | "sek" => 1.0,
            "ms" => 1e-3,
            _ => return None,
        };
        if unit_s >= previous_s {
            return None;
        }
        (previous_s, seconds, count) = (unit_s, seconds + value * unit_s, count + 1);
        rest = after[letters..].trim_start_matches([' ', ',', ':']);
    }
    (count >= 2).then_some(seconds)
}

fn whole(text: &str) -> Option<f64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

fn number(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','));
    (is_number && text.starts_with(|first: char| first.is_ascii_digit()))
        .then(|| text.replace(',', ".").parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        for (cell, seconds) in [
            ("900:01:01", 3_240_061.0),
            ("13:58:22", 50_302.0),
            ("42:54:44.5", 154_484.5),
            ("2 days 03:04:05", 183_845.0),
            ("1 day, 0:00:10", 86_410.0),
            ("-26:00:00", -93_600.0),
            ("30:15", 108_900.0),
            ("75:30.5", 4530.5),
            ("1d 2h 30m", 95_400.0),
            ("2h 5min", 7500.0),
            ("PT1H30M", 5400.0),
            ("P2DT3H", 183_600.0),
            ("PT0.5S", 0.5),
        ] {
            assert_eq!(parse_duration(cell), Some(seconds), "{cell}");
        }
        for cell in
            ["", "abc", "12", "5 h", "12:60:00", "12:5:00", "1:2:3:4", "P", "PT", "2024-01-31", "5 m 3 h", "1.5:00:00"]
        {
            assert_eq!(parse_duration(cell), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(cell in "\\PC*", duration in "[-PT0-9:.,dhms ]{0,20}") {
            let _ = (parse_duration(&cell), parse_duration(&duration));
        }
    }
}
