//! How numbers and dates are written, guessed from the first rows.

use pinhole_protocol::table::{DecimalMark, Dialect};

use crate::{
    cells::{DayOrder, day_order, is_missing_by_custom},
    records::RecordBatch,
};

/// Rows looked at.
const MAX_ROWS: usize = 2000;

/// Of a column's cells with a value, the share that must look like numbers for it to have a say.
const NUMERIC_SHARE: f64 = 0.8;

/// Sets a dialect's decimal mark, thousands sign and order of day and month from some records of the file.
pub fn guess_formats(records: &RecordBatch, dialect: &mut Dialect) {
    let width = records.records().take(MAX_ROWS).map(|record| record.len()).max().unwrap_or(0);
    let mut votes = Votes::default();
    let (mut day_first, mut month_first, mut either) = (0, 0, 0);
    for column in 0..width {
        let mut own = Votes::default();
        for record in records.records().take(MAX_ROWS) {
            let cell = record.cell(column).trim();
            if is_missing_by_custom(cell) {
                continue;
            }
            own.add(cell);
            match day_order(cell) {
                Some(DayOrder::DayFirst) => day_first += 1,
                Some(DayOrder::MonthFirst) => month_first += 1,
                Some(DayOrder::Either) => either += 1,
                None => {}
            }
        }
        if own.numbers as f64 >= NUMERIC_SHARE * own.cells as f64 {
            votes.join(&own);
        }
    }
    votes.decide(dialect);
    let is_european = dialect.decimal == DecimalMark::Comma || dialect.delimiter == ";";
    dialect.day_first = day_first > month_first || (day_first == month_first && either > 0 && is_european);
}

/// What cells tell about the style of numbers.
#[derive(Default)]
struct Votes {
    cells: usize,
    numbers: usize,
    /// `2,6`, `1.234,5`: the comma must be the decimal mark.
    comma_decimal: usize,
    /// `2.6`, `1,234.5`
    point_decimal: usize,
    /// `1,234,567`, `1,234.5`
    comma_groups: usize,
    /// `1.234.567`, `1.234,5`
    point_groups: usize,
    /// `1,234`: either.
    comma_open: usize,
    /// `1.234`: either.
    point_open: usize,
    apostrophe_groups: usize,
    space_groups: usize,
}

impl Votes {
    fn add(&mut self, cell: &str) {
        self.cells += 1;
        let body = cell.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(cell);
        let body = body.strip_suffix('%').map_or(body, str::trim_end);
        let (mantissa, exponent) =
            body.split_once(['e', 'E']).map_or((body, None), |(mantissa, rest)| (mantissa, Some(rest)));
        if mantissa.is_empty() || exponent.is_some_and(|exponent| exponent.parse::<i32>().is_err()) {
            return;
        }
        let ungrouped = self.without_blank_groups(mantissa);
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
            (Some(_), None) => match shape(mantissa, ',') {
                Shape::Groups => &mut self.comma_groups,
                Shape::Open => &mut self.comma_open,
                Shape::Decimal => &mut self.comma_decimal,
                Shape::Other => return,
            },
            (None, Some(_)) => match shape(mantissa, '.') {
                Shape::Groups => &mut self.point_groups,
                Shape::Open => &mut self.point_open,
                Shape::Decimal => &mut self.point_decimal,
                Shape::Other => return,
            },
            (None, None) => {
                self.numbers += usize::from(is_digits(mantissa));
                return;
            }
        };
        *counter += 1;
        self.numbers += 1;
    }

    /// Counts groups between blanks or apostrophes and takes these away; `None`: there are none.
    fn without_blank_groups(&mut self, mantissa: &str) -> Option<String> {
        if mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
            return None;
        }
        let plain = mantissa.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ").replace('\u{2019}', "'");
        let whole = plain.split(['.', ',']).next().unwrap_or_default();
        let by_space = whole.contains(' ') && is_grouped(whole, ' ');
        let by_apostrophe = whole.contains('\'') && is_grouped(whole, '\'');
        self.space_groups += usize::from(by_space);
        self.apostrophe_groups += usize::from(by_apostrophe);
        (by_space || by_apostrophe).then(|| plain.replace([' ', '\''], ""))
    }

    fn join(&mut self, other: &Self) {
        self.comma_decimal += other.comma_decimal;
        self.point_decimal += other.point_decimal;
        self.comma_groups += other.comma_groups;
        self.point_groups += other.point_groups;
        self.comma_open += other.comma_open;
        self.point_open += other.point_open;
        self.apostrophe_groups += other.apostrophe_groups;
        self.space_groups += other.space_groups;
    }

    /// Where `1,234` is all there is, a file with semicolons has decimal commas, and any other has groups.
    fn decide(&self, dialect: &mut Dialect) {
        let is_open_comma_decimal = self.comma_decimal > 0 || (dialect.delimiter == ";" && self.comma_groups == 0);
        let commas = self.comma_decimal + if is_open_comma_decimal { self.comma_open } else { 0 };
        let points = self.point_decimal + if self.point_groups == 0 { self.point_open } else { 0 };
        let is_comma = commas > points;
        dialect.decimal = if is_comma { DecimalMark::Comma } else { DecimalMark::Point };
        let groups = [
            (
                ".",
                if is_comma {
                    self.point_groups + self.point_open
                } else {
                    self.point_groups * usize::from(points == 0)
                },
            ),
            (",", if is_comma { 0 } else { self.comma_groups + self.comma_open }),
            ("'", self.apostrophe_groups),
            (" ", self.space_groups),
        ];
        let best = groups.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
        dialect.thousands = best.map(|(sign, _)| (*sign).to_owned());
        if dialect.thousands.as_deref() == Some(".") {
            dialect.decimal = DecimalMark::Comma;
        }
    }
}

enum Shape {
    /// More than one sign between groups of three digits.
    Groups,
    /// One sign before three digits.
    Open,
    /// One sign, and what follows cannot be a group.
    Decimal,
    Other,
}

fn shape(mantissa: &str, sign: char) -> Shape {
    let (before, after) = mantissa.split_once(sign).unwrap_or((mantissa, ""));
    if after.contains(sign) {
        return if is_grouped(mantissa, sign) { Shape::Groups } else { Shape::Other };
    }
    let is_number = (before.is_empty() || is_digits(before)) && (after.is_empty() || is_digits(after));
    match is_number && before.len() + after.len() > 0 {
        true if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') => Shape::Open,
        true => Shape::Decimal,
        false => Shape::Other,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is one to three digits and then groups of three.
fn is_grouped(text: &str, sign: char) -> bool {
    let mut groups = text.split(sign);
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
        guess_formats(&batch, &mut dialect);
        dialect
    }

    fn check(delimiter: &str, cells: &[&str], decimal: DecimalMark, thousands: Option<&str>) {
        let dialect = guess(delimiter, cells);
        assert_eq!((dialect.decimal, dialect.thousands.as_deref()), (decimal, thousands), "{cells:?}");
    }

    #[test]
    fn guesses_the_style_of_numbers() {
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
    fn guesses_the_order_of_day_and_month() {
        assert!(guess(",", &["01/02/2012", "13/02/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012", "02/13/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012"]).day_first);
        assert!(guess(";", &["01/02/2012"]).day_first);
    }
}
