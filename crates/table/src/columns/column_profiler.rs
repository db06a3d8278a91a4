//! One-pass statistics of a column, in bounded memory.

use super::{
    column_styles::{ColumnStyles, is_integer},
    distinct_values::{DistinctValues, hash_number, hash_text, truncate},
    number_sample::NumberSample,
};
use crate::cells::{CellFormat, NumberCell, day_order, parse_boolean};

/// Rows of cells that contradict their column, which are listed.
const MAX_LISTED_ROWS: usize = 20;

/// Different words among numbers that are kept.
pub const MAX_WORDS: usize = 9;

/// Largest integer up to which all integers are exact as f64: 2^53.
const MAX_EXACT_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Cells after which a column without numbers (dates) is no longer parsed for numbers (dates).
const MAX_PARSE_ATTEMPTS: u64 = 500;

/// Smallest number of a column, how often it occurs, and the next larger one.
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    /// The smallest number.
    pub value: f64,
    /// Number of cells with it.
    pub count: u64,
    /// Row of the first of them.
    pub row: u64,
    /// The second smallest distinct number.
    pub next: f64,
}

impl Extreme {
    const NONE: Self = Self { value: f64::INFINITY, count: 0, row: 0, next: f64::INFINITY };

    fn add(&mut self, value: f64, row: u64) {
        if value > self.next {
            return;
        }
        if value < self.value {
            *self = Self { value, count: 1, row, next: self.value };
        } else if value > self.value {
            self.next = value;
        } else {
            self.count += 1;
        }
    }
}

/// Statistics of one column, updated cell by cell.
#[allow(clippy::struct_excessive_bools)] // independent properties of all cells so far
#[derive(Clone, Debug)]
pub struct ColumnProfiler {
    /// Cells.
    pub rows: u64,
    /// Missing cells.
    pub missing: u64,
    /// Cells that are finite numbers.
    pub numbers: u64,
    /// Cells that are dates or times, of those that are not numbers.
    pub dates: u64,
    /// Cells that are numbers beyond f32.
    pub out_of_range: u64,
    /// Row of the first number beyond f32.
    pub first_out_of_range: Option<u64>,
    /// Notations of the cells.
    pub(super) styles: ColumnStyles,
    /// Integers with a zero before other digits.
    pub leading_zeros: u64,
    /// Integers that are not exact as f64.
    pub inexact_integers: u64,
    /// Length in bytes of the longest and of the shortest integer.
    pub integer_bytes: (usize, usize),
    /// Different cells that are not numbers, at most [`MAX_WORDS`].
    pub words: Vec<String>,
    /// Rows of the first cells that are not numbers.
    pub non_number_rows: Vec<u64>,
    /// Missing cells that are plain numbers, by a marker such as -999.
    pub missing_numbers: u64,
    /// Row and text of the first cell that is not a number.
    pub first_non_number: Option<(u64, String)>,
    /// Row and text of the first cell that is neither a number nor a date.
    pub first_non_date: Option<(u64, String)>,
    /// True if all numbers are integers.
    pub are_integers: bool,
    /// True if each number is the previous one plus 1.
    pub are_consecutive: bool,
    /// The first number.
    pub first_number: f64,
    last_number: f64,
    /// Sum of the numbers.
    pub sum: f64,
    /// Minimum of the numbers.
    pub least: Extreme,
    /// Minimum of the negated numbers.
    pub greatest: Extreme,
    /// Sample of the numbers.
    pub sample: NumberSample,
    /// Distinct values.
    pub distinct: DistinctValues,
    /// Bytes of all cells that are not numbers.
    pub text_bytes: u64,
    /// Cells of more than three words.
    pub wordy: u64,
}

impl ColumnProfiler {
    /// Statistics without cells, for a column of a table with `columns` columns.
    pub fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            missing: 0,
            numbers: 0,
            dates: 0,
            out_of_range: 0,
            first_out_of_range: None,
            styles: ColumnStyles::default(),
            leading_zeros: 0,
            inexact_integers: 0,
            integer_bytes: (0, usize::MAX),
            words: Vec::new(),
            non_number_rows: Vec::new(),
            missing_numbers: 0,
            first_non_number: None,
            first_non_date: None,
            are_integers: true,
            are_consecutive: true,
            first_number: 0.0,
            last_number: 0.0,
            sum: 0.0,
            least: Extreme::NONE,
            greatest: Extreme::NONE,
            sample: NumberSample::default(),
            distinct: DistinctValues::new(columns),
            text_bytes: 0,
            wordy: 0,
        }
    }

    /// Adds a cell.
    pub fn add(&mut self, row: u64, cell: &str, format: &CellFormat) {
        self.rows += 1;
        let cell = trimmed(cell);
        let is_text = self.numbers == 0 && self.styles.unread_numbers == 0 && self.present() > MAX_PARSE_ATTEMPTS;
        let plain = if is_text || format.counts_time() { None } else { format.plain_number(cell) };
        let parsed = match plain {
            Some(parsed) => parsed,
            None if is_text || format.counts_time() => {
                if format.is_missing(cell) {
                    NumberCell::Missing
                } else {
                    NumberCell::Text
                }
            }
            None => format.formatted_number(cell),
        };
        match parsed {
            NumberCell::Missing => {
                self.missing += 1;
                self.missing_numbers += u64::from(plain.is_some());
                return;
            }
            NumberCell::Number(value) => {
                let is_integer = is_integer(value);
                if plain.is_some() {
                    self.styles.add_plain(cell, value, is_integer);
                } else {
                    self.styles.add_other(cell, true);
                }
                self.add_number(row, cell, value, is_integer);
                // Numbers with a fraction are no labels: 0.5 and 0.50 are one value.
                let hash = if is_integer { hash_text(cell) } else { hash_number(value) };
                self.distinct.add(hash, cell);
                return;
            }
            NumberCell::OutOfRange => {
                self.out_of_range += 1;
                self.first_out_of_range.get_or_insert(row);
            }
            NumberCell::Text => self.add_text(row, cell, format, is_text),
        }
        self.distinct.add(hash_text(cell), cell);
    }

    /// Number of cells that are not missing.
    pub fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Number of cells that are numbers in some notation.
    pub fn number_like(&self) -> u64 {
        self.numbers + self.out_of_range + self.styles.unread_numbers
    }

    /// Number of cells that are neither numbers nor missing.
    pub fn non_numbers(&self) -> u64 {
        self.present() - self.numbers - self.out_of_range
    }

    fn add_number(&mut self, row: u64, cell: &str, value: f64, is_integer: bool) {
        if is_integer {
            self.add_integer(cell.as_bytes(), value);
        }
        if self.numbers == 0 {
            self.first_number = value;
        } else {
            // Exact: consecutive integers below 2^53 differ by exactly 1.
            #[allow(clippy::float_cmp)]
            let is_next = value - self.last_number == 1.0;
            self.are_consecutive &= is_next;
        }
        self.numbers += 1;
        self.last_number = value;
        self.are_integers &= is_integer;
        self.sum += value;
        self.sample.add(value);
        self.least.add(value, row);
        self.greatest.add(-value, row);
    }

    #[inline]
    fn add_integer(&mut self, bytes: &[u8], value: f64) {
        // Those of a length of time, as 08:05, are usual.
        let is_code = bytes[0] == b'0' && bytes.get(1).is_some_and(u8::is_ascii_digit) && !bytes.contains(&b':');
        self.leading_zeros += u64::from(is_code);
        self.inexact_integers += u64::from(value.abs() > MAX_EXACT_INTEGER && bytes.iter().all(u8::is_ascii_digit));
        self.integer_bytes = (self.integer_bytes.0.max(bytes.len()), self.integer_bytes.1.min(bytes.len()));
    }

    fn add_text(&mut self, row: u64, cell: &str, format: &CellFormat, is_text: bool) {
        if self.first_non_number.is_none() {
            self.first_non_number = Some((row, truncate(cell).0));
        }
        if self.non_number_rows.len() < MAX_LISTED_ROWS {
            self.non_number_rows.push(row);
        }
        if self.words.len() < MAX_WORDS && !self.words.iter().any(|word| word == cell) {
            self.words.push(truncate(cell).0);
        }
        self.text_bytes += cell.len() as u64;
        self.wordy += u64::from(cell.split_ascii_whitespace().nth(3).is_some());
        let is_date = (self.dates > 0 || self.present() < MAX_PARSE_ATTEMPTS) && format.time(cell).is_some();
        self.dates += u64::from(is_date);
        // A date in the other order of day and month is not read as one.
        if is_date || (!is_text || self.dates > 0) && day_order(cell).is_some() {
            self.styles.add_date(cell);
        } else if !is_text {
            self.styles.add_other(cell, false);
        }
        if !is_date && self.first_non_date.is_none() {
            self.first_non_date = Some((row, truncate(cell).0));
        }
    }

    /// True if the distinct values are booleans, both true and false.
    pub fn is_boolean(&self) -> bool {
        let values: Vec<_> = self.distinct.texts().iter().map(|value| parse_boolean(&value.text)).collect();
        values.len() <= 6
            && values.iter().all(Option::is_some)
            && values.contains(&Some(true))
            && values.contains(&Some(false))
    }
}

/// A cell without surrounding spaces; fast if there are none.
#[inline]
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => cell,
        _ => cell.trim(),
    }
}
