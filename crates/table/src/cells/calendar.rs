//! Proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").

/// Length of a day in seconds.
pub const DAY_S: f64 = 86_400.0;

/// Year, month and day of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDate {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, 1 to 31.
    pub day: u32,
}

/// Number of days since 1970-01-01.
pub fn days_from_civil(CivilDate { year, month, day }: CivilDate) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Date that is `days` after 1970-01-01.
pub fn civil_from_days(days: i64) -> CivilDate {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    CivilDate { year: year as i32, month: month as u32, day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32 }
}

/// Number of days in a month.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Day of the year, from 0, of the date that is `days` after 1970-01-01.
pub fn day_of_year(days: i64) -> i64 {
    days - days_from_civil(CivilDate { month: 1, day: 1, ..civil_from_days(days) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(days_from_civil(CivilDate { year: 1970, month: 1, day: 1 }), 0);
        assert_eq!(days_from_civil(CivilDate { year: 2000, month: 3, day: 1 }), 11_017);
        for days in (-1_000_000..1_000_000).step_by(97) {
            assert_eq!(days_from_civil(civil_from_days(days)), days);
        }
        assert_eq!(day_of_year(days_from_civil(CivilDate { year: 2024, month: 12, day: 31 })), 365);
    }
}
