//! The proleptic Gregorian calendar (Howard Hinnant's "chrono-compatible low-level date algorithms").

/// Seconds of a day.
pub const DAY_S: f64 = 86_400.0;

/// A day by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// Days since 1970-01-01.
pub fn days_from_civil(Civil { year, month, day }: Civil) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The day that lies so many days after 1970-01-01.
pub fn civil_from_days(days: i64) -> Civil {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil { year: year as i32, month: month as u32, day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32 }
}

/// Days of a month.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day's place in its year, from 0.
pub fn day_of_year(days: i64) -> i64 {
    days - days_from_civil(Civil { month: 1, day: 1, ..civil_from_days(days) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_names_agree() {
        assert_eq!(days_from_civil(Civil { year: 1970, month: 1, day: 1 }), 0);
        assert_eq!(days_from_civil(Civil { year: 2000, month: 3, day: 1 }), 11_017);
        for days in (-1_000_000..1_000_000).step_by(97) {
            assert_eq!(days_from_civil(civil_from_days(days)), days);
        }
        assert_eq!(day_of_year(days_from_civil(Civil { year: 2024, month: 12, day: 31 })), 365);
    }
}
