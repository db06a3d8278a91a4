//! Inference of the formats of numbers and dates from the first rows.

use pinhole_protocol::table::{DecimalMark, Dialect};

use crate::{
    cells::{DayOrder, day_order, is_default_missing_marker},
    records::RecordBatch,
};

/// Rows that are examined.
const MAX_ROWS: usize = 2000;

/// Smallest share of numbers among the values of a column whose style is counted.
const NUMERIC_SHARE: f64 = 0.8;

/// Sets the decimal mark, the thousands separator and the order of day and month of a dialect, from the first records
/// of a file.
pub fn infer_formats(records: &RecordBatch, dialect: &mut Dialect) {
    let width = records.records().take(MAX_ROWS).map(|record| record.len()).max().unwrap_or(0);
    let mut counts = StyleCounts::default();
    let (mut day_first, mut month_first, mut either) = (0, 0, 0);
    for column in 0..width {
        let mut column_counts = StyleCounts::default();
        for record in records.records().take(MAX_ROWS) {
            let cell = record.cell(column).trim();
            if is_default_missing_marker(cell) {
                continue;
            }
            column_counts.add(cell);
            match day_order(cell) {
                Some(DayOrder::DayFirst) => day_first += 1,
                Some(DayOrder::MonthFirst) => month_first += 1,
                Some(DayOrder::Either) => either += 1,
                None => {}
            }
        }
        if column_counts.numbers as f64 >= NUMERIC_SHARE * column_counts.cells as f64 {
            counts.merge(&column_counts);
        }
    }
    counts.apply_to(dialect);
    let is_european = dialect.decimal == DecimalMark::Comma || dialect.delimiter == ";";
    dialect.day_first = day_first > month_first || (day_first == month_first && either > 0 && is_european);
}

/// Numbers of cells by the style in which they are written.
#[derive(Default)]
struct StyleCounts {
    /// Cells with a value.
    cells: usize,
    /// Cells that are numbers in any style.
    numbers: usize,
    /// `2,6`, `1.234,5`: the comma must be the decimal mark.
    comma_decimal: usize,
    /// `2.6`, `1,234.5`: the point must be the decimal mark.
    point_decimal: usize,
    /// `1,234,567`, `1,234.5`: the comma must be the thousands separator.
    comma_groups: usize,
    /// `1.234.567`, `1.234,5`: the point must be the thousands separator.
    point_groups: usize,
    /// `1,234`: the comma can be either.
    comma_ambiguous: usize,
    /// `1.234`: the point can be either.
    point_ambiguous: usize,
    /// `1'234`
    apostrophe_groups: usize,
    /// `1 234`
    space_groups: usize,
}

impl StyleCounts {
    /// Adds a cell.
    fn add(&mut self, cell: &str) {
        self.cells += 1;
        let body = cell.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(cell);
        let body = body.strip_suffix('%').map_or(body, str::trim_end);
        let (mantissa, exponent) =
            body.split_once(['e', 'E']).map_or((body, None), |(mantissa, rest)| (mantissa, Some(rest)));
        if mantissa.is_empty() || exponent.is_some_and(|exponent| exponent.parse::<i32>().is_err()) {
            return;
        }
        let ungrouped = self.without_groups(mantissa);
        let mantissa = ungrouped.as_deref().unwrap_or(mantissa);
        let last_comma = mantissa.rfind(',');
        let last_point = mantissa.rfind('.');
        let counter = match (last_comma, last_point) {
            (Some(comma), Some(point)) if comma < point => {
                if !is_grouped(&mantissa[..point], ',') || !is_digits(&mantissa[point + 1..]) {
                    return;
                }
                self.point_decimal += 1;
                &mut self.comma_groups
            }
            (Some(comma), Some(_)) => {
                if !is_grouped(&mantissa[..comma], '.') || !is_digits(&mantissa[comma + 1..]) {
                    return;
                }
                self.comma_decimal += 1;
                &mut self.point_groups
            }
            (Some(_), None) => match separator_role(mantissa, ',') {
                SeparatorRole::Groups => &mut self.comma_groups,
                SeparatorRole::Ambiguous => &mut self.comma_ambiguous,
                SeparatorRole::Decimal => &mut self.comma_decimal,
                SeparatorRole::Invalid => return,
            },
            (None, Some(_)) => match separator_role(mantissa, '.') {
                SeparatorRole::Groups => &mut self.point_groups,
                SeparatorRole::Ambiguous => &mut self.point_ambiguous,
                SeparatorRole::Decimal => &mut self.point_decimal,
                SeparatorRole::Invalid => return,
            },
            (None, None) => {
                self.numbers += usize::from(is_digits(mantissa));
                return;
            }
        };
        *counter += 1;
        self.numbers += 1;
    }

    /// Counts groups of three digits between spaces or apostrophes. Returns the number without these; `None`: it has
    /// none.
    fn without_groups(&mut self, mantissa: &str) -> Option<String> {
        if mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
            return None;
        }
        let normalised = mantissa.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ").replace('\u{2019}', "'");
        let integer = normalised.split(['.', ',']).next().unwrap_or_default();
        let by_space = integer.contains(' ') && is_grouped(integer, ' ');
        let by_apostrophe = integer.contains('\'') && is_grouped(integer, '\'');
        self.space_groups += usize::from(by_space);
        self.apostrophe_groups += usize::from(by_apostrophe);
        (by_space || by_apostrophe).then(|| normalised.replace([' ', '\''], ""))
    }

    /// Adds the counts of a column.
    fn merge(&mut self, other: &Self) {
        self.comma_decimal += other.comma_decimal;
        self.point_decimal += other.point_decimal;
        self.comma_groups += other.comma_groups;
        self.point_groups += other.point_groups;
        self.comma_ambiguous += other.comma_ambiguous;
        self.point_ambiguous += other.point_ambiguous;
        self.apostrophe_groups += other.apostrophe_groups;
        self.space_groups += other.space_groups;
    }

    /// Sets the decimal mark and the thousands separator. Where all numbers are like `1,234`, the comma is the decimal
    /// mark if the delimiter is a semicolon, and else the thousands separator.
    fn apply_to(&self, dialect: &mut Dialect) {
        let is_ambiguous_comma_decimal = self.comma_decimal > 0 || (dialect.delimiter == ";" && self.comma_groups == 0);
        let commas = self.comma_decimal + if is_ambiguous_comma_decimal { self.comma_ambiguous } else { 0 };
        let points = self.point_decimal + if self.point_groups == 0 { self.point_ambiguous } else { 0 };
        let is_comma = commas > points;
        dialect.decimal = if is_comma { DecimalMark::Comma } else { DecimalMark::Point };
        let groups = [
            (
                ".",
                if is_comma {
                    self.point_groups + self.point_ambiguous
                } else {
                    self.point_groups * usize::from(points == 0)
                },
            ),
            (",", if is_comma { 0 } else { self.comma_groups + self.comma_ambiguous }),
            ("'", self.apostrophe_groups),
            (" ", self.space_groups),
        ];
        let best = groups.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
        dialect.thousands = best.map(|(separator, _)| (*separator).to_owned());
        if dialect.thousands.as_deref() == Some(".") {
            dialect.decimal = DecimalMark::Comma;
        }
    }
}

/// Role of a comma or point in a number.
enum SeparatorRole {
    /// It occurs repeatedly, before groups of three digits.
    Groups,
    /// It occurs once, before three digits.
    Ambiguous,
    /// It occurs once, and no group of three digits follows.
    Decimal,
    /// The text is not a number.
    Invalid,
}

/// Role of `separator` in a number that has no other.
fn separator_role(mantissa: &str, separator: char) -> SeparatorRole {
    let (before, after) = mantissa.split_once(separator).unwrap_or((mantissa, ""));
    if after.contains(separator) {
        return if is_grouped(mantissa, separator) { SeparatorRole::Groups } else { SeparatorRole::Invalid };
    }
    let is_number = (before.is_empty() || is_digits(before)) && (after.is_empty() || is_digits(after));
    match is_number && before.len() + after.len() > 0 {
        true if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') => {
            SeparatorRole::Ambiguous
        }
        true => SeparatorRole::Decimal,
        false => SeparatorRole::Invalid,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True if a text is one to three digits, followed by groups of three.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    groups.next().is_some_and(|first| is_digits(first) && first.len() <= 3)
        && groups.all(|group| is_digits(group) && group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(delimiter: &str, cells: &[&str]) -> Dialect {
        let mut batch = RecordBatch::new(1);
        for cell in cells {
            batch.push_cell(cell);
            batch.end_record(0..0);
        }
        let mut dialect = Dialect { delimiter: delimiter.into(), ..Dialect::default() };
        infer_formats(&batch, &mut dialect);
        dialect
    }

    fn check(delimiter: &str, cells: &[&str], decimal: DecimalMark, thousands: Option<&str>) {
        let dialect = guess(delimiter, cells);
        assert_eq!((dialect.decimal, dialect.thousands.as_deref()), (decimal, thousands), "{cells:?}");
    }

    #[test]
    fn infers_the_style_of_numbers() {
        use DecimalMark::{Comma, Point};
        check(",", &["1.5", "2"], Point, None);
        check(";", &["2,6", "0,7578", "12"], Comma, None);
        check(";", &["1.234,5", "12"], Comma, Some("."));
        check(",", &["2,666", "498", "22,927"], Point, Some(","));
        check(",", &["229,932.50", "10,105.40"], Point, Some(","));
        check(",", &["1.234", "5.678"], Point, None);
        check(";", &["1,234", "5,678"], Comma, None);
        check(";", &["1.234.567", "12"], Comma, Some("."));
        check("\t", &["1'234.5", "1'234'567", "2"], Point, Some("'"));
        check(";", &["1 234", "12 345 678"], Point, Some(" "));
        check(",", &["18.00.00", "a,b", "x"], Point, None);
    }

    #[test]
    fn infers_the_order_of_day_and_month() {
        assert!(guess(",", &["01/02/2012", "13/02/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012", "02/13/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012"]).day_first);
        assert!(guess(";", &["01/02/2012"]).day_first);
    }
}
