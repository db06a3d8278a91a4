//! One-pass statistics of a column, in bounded memory.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::cells::{CellFormat, NumberCell, parse_boolean};

/// Distinct values of a column that are counted.
pub const MAX_DISTINCT: usize = 10_000;

/// Distinct values of all columns together that are counted: about 40 MB.
const MAX_DISTINCT_IN_ALL: usize = 2_000_000;

/// Distinct values of a column whose text is kept; in a table of more than [`WIDE_COLUMNS`] columns [`MAX_TEXTS_WIDE`].
const MAX_TEXTS: usize = 64;
const MAX_TEXTS_WIDE: usize = 8;
const WIDE_COLUMNS: usize = 1000;

/// Length in bytes of the longest text that is kept.
const MAX_TEXT_BYTES: usize = 200;

/// Cells after which a column without numbers (dates) is no longer parsed for numbers (dates).
const MAX_PARSE_ATTEMPTS: u64 = 500;

/// Counts of values by their hash.
pub type HashCounts = HashMap<u64, u32, BuildHasherDefault<IdentityHasher>>;

/// A hasher for keys that are hashes.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Hash of a text: eight bytes at a time, by folded multiplication.
pub fn hash_text(text: &str) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let fold = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(FACTOR | 1);
        (product as u64) ^ ((product >> 64) as u64)
    };
    let mut hash = FACTOR ^ text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = fold(hash.wrapping_add(FACTOR), u64::from_le_bytes(word));
    }
    fold(hash, FACTOR.rotate_left(32))
}

/// A distinct value with its text.
#[derive(Clone, Debug)]
pub struct DistinctText {
    /// Hash of the whole text.
    pub hash: u64,
    /// The text, at most [`MAX_TEXT_BYTES`] long.
    pub text: String,
    /// True if the text was truncated.
    pub is_truncated: bool,
}

/// Smallest number of a column, how often it occurs, and the next larger one.
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    /// The smallest number.
    pub value: f64,
    /// Number of cells with it.
    pub count: u64,
    /// The second smallest distinct number.
    pub next: f64,
}

impl Extreme {
    const NONE: Self = Self { value: f64::INFINITY, count: 0, next: f64::INFINITY };

    fn add(&mut self, value: f64) {
        if value > self.next {
            return;
        }
        if value < self.value {
            *self = Self { value, count: 1, next: self.value };
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
    /// True if no value occurred twice while distinct values were counted.
    pub all_distinct: bool,
    /// Cells per distinct value.
    pub distinct: HashCounts,
    /// True if there are more distinct values than are counted.
    pub is_full: bool,
    max_distinct: usize,
    max_texts: usize,
    /// The first distinct values.
    pub texts: Vec<DistinctText>,
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
            first_non_number: None,
            first_non_date: None,
            are_integers: true,
            are_consecutive: true,
            first_number: 0.0,
            last_number: 0.0,
            sum: 0.0,
            least: Extreme::NONE,
            greatest: Extreme::NONE,
            all_distinct: true,
            distinct: HashCounts::default(),
            is_full: false,
            max_distinct: (MAX_DISTINCT_IN_ALL / columns.max(1)).clamp(MAX_TEXTS, MAX_DISTINCT),
            max_texts: if columns > WIDE_COLUMNS { MAX_TEXTS_WIDE } else { MAX_TEXTS },
            texts: Vec::new(),
            text_bytes: 0,
            wordy: 0,
        }
    }

    /// Adds a cell.
    pub fn add(&mut self, row: u64, cell: &str, format: &CellFormat) {
        self.rows += 1;
        let cell = cell.trim();
        let parsed = if self.numbers == 0 && self.present() > MAX_PARSE_ATTEMPTS {
            if format.is_missing(cell) { NumberCell::Missing } else { NumberCell::Text }
        } else {
            format.number(cell)
        };
        match parsed {
            NumberCell::Missing => {
                self.missing += 1;
                return;
            }
            NumberCell::Number(value) => self.add_number(value),
            NumberCell::OutOfRange => {
                self.out_of_range += 1;
                self.first_out_of_range.get_or_insert(row);
            }
            NumberCell::Text => self.add_text(row, cell, format),
        }
        self.count_distinct(cell);
    }

    /// Number of cells that are not missing.
    pub fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Number of cells that are neither numbers nor missing.
    pub fn non_numbers(&self) -> u64 {
        self.present() - self.numbers - self.out_of_range
    }

    fn add_number(&mut self, value: f64) {
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
        self.are_integers = self.are_integers && value.fract() == 0.0;
        self.sum += value;
        self.least.add(value);
        self.greatest.add(-value);
    }

    fn add_text(&mut self, row: u64, cell: &str, format: &CellFormat) {
        if self.first_non_number.is_none() {
            self.first_non_number = Some((row, truncate(cell).0));
        }
        self.text_bytes += cell.len() as u64;
        self.wordy += u64::from(cell.split_ascii_whitespace().nth(3).is_some());
        let is_date = (self.dates > 0 || self.present() < MAX_PARSE_ATTEMPTS) && format.time(cell).is_some();
        self.dates += u64::from(is_date);
        if !is_date && self.first_non_date.is_none() {
            self.first_non_date = Some((row, truncate(cell).0));
        }
    }

    fn count_distinct(&mut self, cell: &str) {
        if self.is_full {
            return;
        }
        let hash = hash_text(cell);
        if let Some(count) = self.distinct.get_mut(&hash) {
            *count = count.saturating_add(1);
            self.all_distinct = false;
        } else if self.distinct.len() == self.max_distinct {
            self.is_full = true;
        } else {
            self.distinct.insert(hash, 1);
            if self.texts.len() < self.max_texts {
                let (text, is_truncated) = truncate(cell);
                self.texts.push(DistinctText { hash, text, is_truncated });
            }
        }
    }

    /// True if the distinct values are booleans, both true and false.
    pub fn is_boolean(&self) -> bool {
        let values: Vec<_> = self.texts.iter().map(|value| parse_boolean(&value.text)).collect();
        values.len() <= 6
            && values.iter().all(Option::is_some)
            && values.contains(&Some(true))
            && values.contains(&Some(false))
    }

    /// Number of cells with a distinct value.
    pub fn count_of(&self, value: &DistinctText) -> u64 {
        u64::from(self.distinct.get(&value.hash).copied().unwrap_or(0))
    }
}

/// The first [`MAX_TEXT_BYTES`] of a text, and true if it is longer.
fn truncate(text: &str) -> (String, bool) {
    let end = text.floor_char_boundary(MAX_TEXT_BYTES.min(text.len()));
    (text[..end].to_owned(), end < text.len())
}
