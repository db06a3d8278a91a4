//! Dates and times as points on circles.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use super::{bounded, mean_and_deviation};
use crate::cells::{DAY_S, civil_from_days, day_of_year};

/// Mean length of a year.
const YEAR_DAYS: f64 = 365.2425;

/// How a column of times becomes features.
#[allow(clippy::struct_excessive_bools)] // each part is there or not, whatever the others
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeScale {
    /// Whether the time of day varies: two features.
    pub has_time_of_day: bool,
    /// Whether the day of the week varies: two features.
    pub has_weekday: bool,
    /// Whether the day of the year varies: two features.
    pub has_day_of_year: bool,
    /// Whether the values are times without dates.
    pub is_time_only: bool,
    /// Mean of the training rows, in seconds.
    pub mean_s: f64,
    /// Their deviation, in seconds; 1 if they are all the same.
    pub deviation_s: f64,
    /// The earliest training row. The last feature stops there and at the latest, so that next month's rows are not odd
    /// for being new.
    pub first_s: f64,
    /// The latest training row.
    pub last_s: f64,
}

impl TimeScale {
    /// Fitted to the times of the training rows, missing ones left out.
    pub fn fit(times: &[f64]) -> Self {
        let [mean_s, deviation_s] = mean_and_deviation(times.iter().copied());
        let (first_s, last_s) = times
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), &time| (time.min(first), time.max(last)));
        let varies =
            |part: fn(f64) -> f64| times.iter().any(|&time| (part(time) - part(times[0])).abs() > f64::EPSILON);
        Self {
            has_time_of_day: varies(time_of_day),
            has_weekday: varies(weekday),
            has_day_of_year: varies(year_day),
            is_time_only: !times.is_empty() && first_s >= 0.0 && last_s < 2.0 * DAY_S,
            mean_s,
            deviation_s,
            first_s: if times.is_empty() { 0.0 } else { first_s },
            last_s: if times.is_empty() { 0.0 } else { last_s },
        }
    }

    /// Its features.
    pub fn width(&self) -> usize {
        2 * (usize::from(self.has_time_of_day) + usize::from(self.has_weekday) + usize::from(self.has_day_of_year)) + 1
    }

    /// Writes the features of a time; those of NaN are all 0: the middle of every circle.
    pub(super) fn write(&self, time: f64, features: &mut [f32]) {
        if time.is_nan() {
            features.fill(0.0);
            return;
        }
        let angles = [
            (self.has_time_of_day, time_of_day(time)),
            (self.has_weekday, weekday(time) / 7.0),
            (self.has_day_of_year, year_day(time) / YEAR_DAYS),
        ];
        let mut place = 0;
        for (_, turn) in angles.into_iter().filter(|(is_used, _)| *is_used) {
            let (sine, cosine) = (turn * TAU).sin_cos();
            features[place] = sine as f32;
            features[place + 1] = cosine as f32;
            place += 2;
        }
        features[place] = bounded((time.clamp(self.first_s, self.last_s) - self.mean_s) / self.deviation_s);
    }

    /// ISO 8601, to the minute; without the time of day where that never varies.
    pub(super) fn expected(&self, features: &[f32]) -> String {
        let feature = f64::from(features.last().copied().unwrap_or_default());
        let time = feature.mul_add(self.deviation_s, self.mean_s).clamp(self.first_s, self.last_s);
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
}

/// Share of the day that is over.
fn time_of_day(time: f64) -> f64 {
    time.rem_euclid(DAY_S) / DAY_S
}

/// Day of the week, Monday 0.
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
    fn only_parts_that_vary_are_features() {
        let days: Vec<f64> = (0..40).map(|day| f64::from(day) * DAY_S).collect();
        let scale = TimeScale::fit(&days);
        assert!(!scale.has_time_of_day && scale.has_weekday && scale.has_day_of_year);
        assert_eq!(scale.width(), 5);
        let hours: Vec<f64> = (0..24).map(|hour| f64::from(hour) * 3600.0).collect();
        let scale = TimeScale::fit(&hours);
        assert!(scale.is_time_only && scale.width() == 3);
        assert_eq!(scale.expected(&[0.0, 0.0, 0.0]), "11:30");
    }

    #[test]
    fn midnight_is_near_to_midnight() {
        let scale = TimeScale::fit(&[0.0, DAY_S / 2.0, DAY_S * 30.5]);
        let mut one = vec![0.0; scale.width()];
        let mut other = one.clone();
        scale.write(60.0, &mut one);
        scale.write(DAY_S - 60.0, &mut other);
        assert!((one[0] - other[0]).abs() < 0.01 && (one[1] - other[1]).abs() < 0.01);
    }

    #[test]
    fn later_dates_are_not_odd_for_being_late() {
        let scale = TimeScale::fit(&[0.0, 10.0 * DAY_S]);
        let mut features = vec![0.0; scale.width()];
        scale.write(400.0 * DAY_S, &mut features);
        assert!(features.iter().all(|feature| feature.abs() <= 1.01));
    }
}
