//! Cyclical encoding of dates and times.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use super::standardise::{clamp_feature, mean_and_standard_deviation};
use crate::cells::{DAY_S, civil_from_days, day_of_year};

/// Least span of a file, in days, in which the day of the year is more than a date.
const MIN_SEASONS_DAYS: f64 = 400.0;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Mean length of a year in days.
const YEAR_DAYS: f64 = 365.2425;

/// Fitted encoding of a column of dates and times: sine and cosine of each cycle that varies, and the time,
/// standardised.
#[allow(clippy::struct_excessive_bools)] // independent properties
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateTimeEncoder {
    /// True if the time of day varies: two features.
    pub has_time_of_day: bool,
    /// True if the day of the week varies: two features.
    pub has_weekday: bool,
    /// True if the day of the year varies: two features.
    pub has_day_of_year: bool,
    /// True if the values are times without dates.
    pub is_time_only: bool,
    /// True if the time itself is the last feature.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub has_date: bool,
    /// Mean of the training rows, in seconds since 1970-01-01 or midnight.
    pub mean_s: f64,
    /// Population standard deviation of the training rows, in seconds; 1 if they are all equal.
    #[serde(rename = "deviation_s")]
    pub standard_deviation_s: f64,
    /// Earliest time of the training rows. The last feature is clamped to the training range, so that rows are not
    /// anomalous only because they are newer.
    #[serde(rename = "first_s")]
    pub min_s: f64,
    /// Latest time of the training rows.
    #[serde(rename = "last_s")]
    pub max_s: f64,
}

impl DateTimeEncoder {
    /// Fits to the times of the training rows without the missing ones.
    pub fn fit(times: &[f64]) -> Self {
        let [mean_s, standard_deviation_s] = mean_and_standard_deviation(times.iter().copied());
        let (min_s, max_s) =
            times.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), &time| (time.min(min), time.max(max)));
        let varies =
            |part: fn(f64) -> f64| times.iter().any(|&time| (part(time) - part(times[0])).abs() > f64::EPSILON);
        Self {
            has_time_of_day: varies(time_of_day),
            has_weekday: varies(weekday),
            has_day_of_year: varies(year_day),
            has_date: true,
            is_time_only: !times.is_empty() && min_s >= 0.0 && max_s < 2.0 * DAY_S,
            mean_s,
            standard_deviation_s,
            min_s: if times.is_empty() { 0.0 } else { min_s },
            max_s: if times.is_empty() { 0.0 } else { max_s },
        }
    }

    /// Fits as [`Self::fit`], but leaves out what only says when in the training file's span a row lies: the time
    /// itself, unless it is all that varies, and the day of the year where the file spans less than
    /// 400 days.
    pub fn fit_cycles(times: &[f64]) -> Self {
        let mut encoder = Self::fit(times);
        encoder.has_day_of_year &= encoder.max_s - encoder.min_s >= MIN_SEASONS_DAYS * DAY_S;
        encoder.has_date = !(encoder.has_time_of_day || encoder.has_weekday || encoder.has_day_of_year);
        encoder
    }

    /// Number of features, without the missing indicator.
    pub fn feature_count(&self) -> usize {
        2 * self.cycles().count() + usize::from(self.has_date)
    }

    /// Parts into which each cycle falls, in the order of its features: hours, days of the week, months.
    pub fn cycles(&self) -> impl Iterator<Item = u8> + use<> {
        [(self.has_time_of_day, 24), (self.has_weekday, 7), (self.has_day_of_year, 12)]
            .into_iter()
            .filter_map(|(is_used, parts)| is_used.then_some(parts))
    }

    /// Writes the features of a time; those of NaN are 0, the centre of every circle.
    pub(super) fn transform(&self, time: f64, features: &mut [f32]) {
        if time.is_nan() {
            features.fill(0.0);
            return;
        }
        let turns = [
            (self.has_time_of_day, time_of_day(time)),
            (self.has_weekday, weekday(time) / 7.0),
            (self.has_day_of_year, year_day(time) / YEAR_DAYS),
        ];
        let mut index = 0;
        for (_, turn) in turns.into_iter().filter(|(is_used, _)| *is_used) {
            let (sine, cosine) = (turn * TAU).sin_cos();
            features[index] = sine as f32;
            features[index + 1] = cosine as f32;
            index += 2;
        }
        if self.has_date {
            features[index] =
                clamp_feature((time.clamp(self.min_s, self.max_s) - self.mean_s) / self.standard_deviation_s);
        }
    }

    /// Text of the time of the last feature, ISO 8601 to the minute; without the time of day if that does not vary.
    /// Without a date, the weekday and time of day of the cycles.
    pub(super) fn format_expected(&self, features: &[f32]) -> String {
        if !self.has_date {
            return self.format_cycles(features);
        }
        let feature = f64::from(features.last().copied().unwrap_or_default());
        let time = feature.mul_add(self.standard_deviation_s, self.mean_s).clamp(self.min_s, self.max_s);
        let minutes = (time / 60.0).round() as i64;
        let of_day = minutes.rem_euclid(24 * 60);
        let clock = format!("{:02}:{:02}", of_day / 60, of_day % 60);
        if self.is_time_only {
            return clock;
        }
        let day = civil_from_days(minutes.div_euclid(24 * 60));
        let date = format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
        if self.has_time_of_day { format!("{date} {clock}") } else { date }
    }

    /// Weekday, month and time of day of the cycles, such as `Tuesday 14:20`.
    fn format_cycles(&self, features: &[f32]) -> String {
        let turns: Vec<f64> = features.chunks_exact(2).map(|point| turn_of(point[0], point[1])).collect();
        let named = self.cycles().zip(turns).map(|(parts, turn)| match parts {
            24 => {
                let minutes = (turn * 24.0 * 60.0).round() as u32 % (24 * 60);
                (2, format!("{:02}:{:02}", minutes / 60, minutes % 60))
            }
            7 => (0, WEEKDAYS[(turn * 7.0 + 0.5) as usize % 7].to_owned()),
            _ => (1, MONTHS[(turn * 12.0) as usize % 12].to_owned()),
        });
        let mut named: Vec<(u8, String)> = named.collect();
        named.sort();
        named.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    }
}

const fn yes() -> bool {
    true
}

/// Share of a turn, 0 to 1, of a point with this sine and cosine.
fn turn_of(sine: f32, cosine: f32) -> f64 {
    f64::from(sine).atan2(f64::from(cosine)).rem_euclid(TAU) / TAU
}

/// Time of day as a fraction of the day, 0 to 1.
fn time_of_day(time: f64) -> f64 {
    time.rem_euclid(DAY_S) / DAY_S
}

/// Day of the week, from Monday (0).
fn weekday(time: f64) -> f64 {
    // 1970-01-01 was a Thursday.
    ((time / DAY_S).floor() + 3.0).rem_euclid(7.0)
}

/// Day of the year, from 0.
fn year_day(time: f64) -> f64 {
    day_of_year((time / DAY_S).floor() as i64) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cycles_that_vary_are_features() {
        let days: Vec<f64> = (0..40).map(|day| f64::from(day) * DAY_S).collect();
        let encoder = DateTimeEncoder::fit(&days);
        assert!(!encoder.has_time_of_day && encoder.has_weekday && encoder.has_day_of_year);
        assert_eq!(encoder.feature_count(), 5);
        let hours: Vec<f64> = (0..24).map(|hour| f64::from(hour) * 3600.0).collect();
        let encoder = DateTimeEncoder::fit(&hours);
        assert!(encoder.is_time_only && encoder.feature_count() == 3);
        assert_eq!(encoder.format_expected(&[0.0, 0.0, 0.0]), "11:30");
    }

    #[test]
    fn times_before_and_after_midnight_are_close() {
        let encoder = DateTimeEncoder::fit(&[0.0, DAY_S / 2.0, DAY_S * 30.5]);
        let mut one = vec![0.0; encoder.feature_count()];
        let mut other = one.clone();
        encoder.transform(60.0, &mut one);
        encoder.transform(DAY_S - 60.0, &mut other);
        assert!((one[0] - other[0]).abs() < 0.01 && (one[1] - other[1]).abs() < 0.01);
    }

    #[test]
    fn later_dates_are_not_anomalous_for_being_late() {
        let encoder = DateTimeEncoder::fit(&[0.0, 10.0 * DAY_S]);
        let mut features = vec![0.0; encoder.feature_count()];
        encoder.transform(400.0 * DAY_S, &mut features);
        assert!(features.iter().all(|feature| feature.abs() <= 1.01));
    }
}
