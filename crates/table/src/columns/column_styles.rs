//! Notations of a column's cells, counted, and the format that they ask for.

use pinhole_protocol::table::{ColumnFormat, Dialect, NumberStyle, TimeNotation};

use super::{
    number_styles::StyleCounts,
    time_names::{is_duration_name, words_of},
};
use crate::cells::{
    ClockForm, DayOrder, Quantity, clock_form, day_order, is_accounting_zero, is_currency, is_known_unit, is_same_unit,
    parse_digits_date, parse_duration,
};

/// Different units that are counted.
const MAX_UNITS: usize = 16;

/// Smallest share of the commonest unit among the numbers that have one.
const UNIT_SHARE: f64 = 0.9;

/// Notations of the cells of one column.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnStyles {
    /// Styles of the numbers, without their units.
    pub(super) numbers: StyleCounts,
    /// Numbers that the current format does not read.
    pub(super) unread_numbers: u64,
    /// Units, with the number of cells that have them.
    units: Vec<(String, u64)>,
    /// Numbers with a unit.
    with_unit: u64,
    /// Numbers without a unit.
    bare: u64,
    /// Numbers without a unit that look like a marker of missing values.
    bare_fillers: u64,
    /// Limits and approximations, such as `< 0.5`.
    bounds: u64,
    /// Prices without cents, such as `5,-`.
    without_cents: u64,
    /// Numbers with the mark of a footnote.
    marks: u64,
    /// Lengths of time of two parts that cannot be a time of day, and those with a fraction of a second.
    minutes: u64,
    /// Lengths of time of two parts, and of three.
    clock_parts: [u64; 2],
    /// Lengths of time that are times of day as well.
    clocks: u64,
    /// Lengths of time that are no times of day.
    durations: u64,
    /// Integers that are dates without marks.
    digit_dates: u64,
    day_first: u64,
    month_first: u64,
    either_order: u64,
}

impl ColumnStyles {
    /// Adds a cell that was read as a number with a decimal point, if any.
    #[inline]
    pub(super) fn add_plain(&mut self, cell: &str, value: f64, is_integer: bool) {
        self.bare += 1;
        let bytes = cell.as_bytes();
        if !is_integer || (bytes.len() >= 5 && bytes[bytes.len() - 4] == b'.') {
            self.numbers.add_point(cell);
            return;
        }
        self.numbers.add_integer(bytes.len() - usize::from(value < 0.0));
        if ((1.9e7..2.1e7).contains(&value) || value >= 1.9e11) && parse_digits_date(cell).is_some() {
            self.digit_dates += 1;
        }
        self.bare_fillers += u64::from(is_filler(value));
    }

    /// Adds any other cell that is neither missing nor a date. `is_read`: it was read as a number.
    pub(super) fn add_other(&mut self, cell: &str, is_read: bool) {
        if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
            self.unread_numbers += u64::from(!is_read && is_accounting_zero(cell));
            return;
        }
        if let Some(quantity) = Quantity::parse(cell) {
            let before = self.numbers.numbers;
            if quantity.is_without_cents {
                self.numbers.add_without_cents(quantity.number);
            } else {
                self.numbers.add(quantity.number);
            }
            if self.numbers.numbers > before {
                self.add_quantity(&quantity);
                self.unread_numbers += u64::from(!is_read);
                return;
            }
        }
        if parse_duration(cell).is_some() {
            self.durations += 1;
            self.add_clock(cell, true);
        }
    }

    /// Adds a date or time.
    pub(super) fn add_date(&mut self, cell: &str) {
        match day_order(cell) {
            Some(DayOrder::DayFirst) => self.day_first += 1,
            Some(DayOrder::MonthFirst) => self.month_first += 1,
            Some(DayOrder::Either) => self.either_order += 1,
            None if !cell.contains(['-', '/']) && parse_duration(cell).is_some() => {
                self.clocks += 1;
                self.add_clock(cell, false);
            }
            None => {}
        }
    }

    /// Adds the form of a length of time. `is_beyond_day`: it is no time of day.
    fn add_clock(&mut self, cell: &str, is_beyond_day: bool) {
        match clock_form(cell) {
            Some(ClockForm::TwoParts) => {
                self.clock_parts[0] += 1;
                self.minutes += u64::from(is_beyond_day);
            }
            Some(ClockForm::Minutes) => self.minutes += 1,
            Some(ClockForm::ThreeParts) => self.clock_parts[1] += 1,
            None => {}
        }
    }

    fn add_quantity(&mut self, quantity: &Quantity<'_>) {
        self.bounds += u64::from(quantity.is_bound);
        self.without_cents += u64::from(quantity.is_without_cents);
        self.marks += u64::from(quantity.has_mark);
        if quantity.unit.is_empty() {
            self.bare += u64::from(!quantity.is_bound);
            return;
        }
        self.with_unit += 1;
        let is_it = |(unit, _): &&mut (String, u64)| is_same_unit(unit, &quantity.unit);
        if let Some((_, count)) = self.units.iter_mut().find(is_it) {
            *count += 1;
        } else if self.units.len() < MAX_UNITS {
            self.units.push((quantity.unit.clone().into_owned(), 1));
        }
    }

    /// Units with the number of cells that have them, the commonest first.
    pub(super) fn units(&self) -> Vec<(&str, u64)> {
        let mut units: Vec<(&str, u64)> = self.units.iter().map(|(unit, count)| (unit.as_str(), *count)).collect();
        units.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        units
    }

    /// The unit of nearly all cells that have one; empty if only limits (`< 0.5`), prices without cents or marks of
    /// footnotes stand beside plain numbers. A currency or a known unit may stand in a few cells only.
    fn unit(&self) -> Option<String> {
        let units = self.units();
        match units.first() {
            Some(&(unit, count)) => {
                let is_common =
                    count >= 2 && (is_currency(unit) || is_known_unit(unit) || 2 * self.with_unit >= self.bare);
                (is_common && count as f64 >= UNIT_SHARE * self.with_unit as f64).then(|| unit.to_owned())
            }
            None => (self.bounds + self.without_cents + self.marks > 0).then(String::new),
        }
    }

    /// True if the cells are lengths of time, some of them beyond a day. `present`: the cells with a value.
    fn are_durations(&self, present: u64) -> bool {
        self.durations > 0 && (self.durations + self.clocks) * 100 >= present * 99
    }

    /// The notation of lengths of time in a column with this name. Two parts are minutes and seconds if one is no time of
    /// day, has a fraction, or stands beside three parts, unless the name says hours.
    fn length_notation(&self, name: &str) -> TimeNotation {
        let words = words_of(name);
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let is_in_minutes = self.minutes > 0
            || self.clock_parts.iter().all(|&count| count > 0)
            || has(&["mm", "min", "minutes"]) && has(&["ss", "sec", "seconds"])
            || has(&["pace", "lap", "laps", "laptime", "split", "splits", "rundenzeit"]);
        let is_in_hours = has(&["h", "hh", "hours", "stunden", "std", "heures", "horas", "ore", "uren", "arbeitszeit"]);
        if is_in_minutes && !is_in_hours { TimeNotation::MinutesSeconds } else { TimeNotation::Duration }
    }

    /// True if the integers are dates without marks.
    fn are_digit_dates(&self, present: u64) -> bool {
        self.digit_dates > 1 && self.digit_dates * 100 >= present * 99
    }

    /// True if the order of day and month is known, and which it is.
    fn day_order(&self) -> Option<bool> {
        (self.day_first != self.month_first).then_some(self.day_first > self.month_first)
    }

    /// The format of the column in a file with this dialect, whose `column`th it is. `numbers` cells of `present` were
    /// read or can be read as numbers, in `epoch` notation if they count time; `name` can say that they are lengths of
    /// time. Unless it `is_guessed`, a person chose the dialect.
    pub(super) fn format(
        &self,
        dialect: &Dialect,
        column: usize,
        (present, numbers): (u64, u64),
        epoch: Option<TimeNotation>,
        name: &str,
        is_guessed: bool,
    ) -> ColumnFormat {
        let mut format = dialect.column(column).cloned().unwrap_or_default();
        format.column = column;
        let is_numeric = present > 0 && numbers * 5 >= present * 4;
        let file = NumberStyle { decimal: dialect.decimal, thousands: dialect.thousands.clone() };
        if is_numeric {
            format.unit = format.unit.or_else(|| self.unit());
            let is_semicolon = dialect.delimiter == ";";
            format.number = if is_guessed {
                let mut numbers = self.numbers.clone();
                if format.unit.as_deref().is_some_and(is_currency) {
                    numbers.group_ambiguous_points();
                }
                numbers.own_style(&file, is_semicolon)
            } else {
                // What a person chose stays, unless it leaves numbers unread.
                format.number.or_else(|| self.numbers.better_style(&file, is_semicolon))
            };
            format.bare_is_missing |= self.bare_fillers > 0
                && format.unit.is_some()
                && self.with_unit * 10 >= (self.with_unit + self.bare) * 9;
        }
        if format.time.is_none() {
            let is_duration = self.are_durations(present)
                || (epoch.is_none() && is_duration_name(name) && self.clocks * 100 >= present * 99 && present > 0);
            format.time = if is_duration {
                Some(self.length_notation(name))
            } else if self.are_digit_dates(present) {
                Some(TimeNotation::Digits)
            } else {
                epoch
            };
        }
        format.day_first = self.day_order().filter(|&day_first| day_first != dialect.day_first);
        format
    }

    /// Adds the evidence of a column to that of the file.
    pub(super) fn merge(&mut self, other: &Self, is_numeric: bool) {
        if is_numeric {
            self.numbers.merge(&other.numbers);
        }
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.either_order += other.either_order;
    }

    /// Sets the style of numbers and the order of day and month of a dialect, by the evidence of all columns.
    pub(super) fn apply_to(&self, dialect: &mut Dialect) {
        let style = self.numbers.style(dialect.delimiter == ";");
        let is_european = style.decimal == pinhole_protocol::table::DecimalMark::Comma || dialect.delimiter == ";";
        (dialect.decimal, dialect.thousands) = (style.decimal, style.thousands);
        dialect.day_first = self.day_order().unwrap_or(self.either_order > 0 && is_european);
    }
}

/// True if a number has no fraction.
#[inline]
pub(super) fn is_integer(value: f64) -> bool {
    // Without a call of `trunc`, which takes as long as the rest of the work on a cell.
    #[allow(clippy::float_cmp)]
    let is_whole = (value as i64) as f64 == value;
    is_whole || value.abs() >= 9e18
}

/// True for numbers that programs write where they have none: nines alone, the ends of integer types, 1e20 and beyond.
pub(super) fn is_filler(value: f64) -> bool {
    let size = value.abs();
    if size < 99.0 {
        return false;
    }
    if size >= 1e20 || [32_767.0, 32_768.0, 65_535.0, 2_147_483_647.0, 2_147_483_648.0].contains(&size) {
        return true;
    }
    if size < 1e15 && is_integer(size) {
        return are_nines(size as u64);
    }
    // 999.9, 99.99 and the like; 999.25 is written by well loggers.
    let digits = if size < 1e15 { format!("{size}").replace('.', "") } else { String::new() };
    let are_nines = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit == b'9');
    are_nines(&digits) || digits.strip_suffix("25").is_some_and(|nines| nines.len() >= 3 && are_nines(nines))
}

/// True if all digits are 9.
fn are_nines(mut number: u64) -> bool {
    while number % 10 == 9 {
        number /= 10;
    }
    number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nines_and_ends_of_integer_types_are_fillers() {
        for value in [-999.0, 99.0, 9999.0, -99_999.0, 32_767.0, -2_147_483_648.0, 1e30, 9.96921e36] {
            assert!(is_filler(value), "{value}");
        }
        for value in [-999.25, 999.9, 99.99] {
            assert!(is_filler(value), "{value}");
        }
        for value in [0.0, -1.0, 9.0, 98.0, 100.0, 999.5, 1990.0, 123_456_789.0] {
            assert!(!is_filler(value), "{value}");
        }
    }
}
