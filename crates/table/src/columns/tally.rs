//! What is counted of one column while its cells stream by; memory is bounded whatever they hold.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::cells::{CellFormat, NumberCell, parse_boolean};

/// Different values counted.
pub const MAX_DISTINCT: usize = 10_000;
/// Different values counted of all columns together: some 40 MB.
const MAX_DISTINCT_IN_ALL: usize = 2_000_000;
/// Different values whose text is kept; in a table of more than [`WIDE`] columns only [`MAX_TEXTS_WIDE`].
const MAX_TEXTS: usize = 64;
const MAX_TEXTS_WIDE: usize = 8;
const WIDE: usize = 1000;
/// Longest text kept, in bytes.
const MAX_TEXT_BYTES: usize = 200;
/// Cells after which a kind that never fitted is not tried again.
const MAX_TRIES: u64 = 500;

/// Counts by hash; the keys are hashes already.
pub type HashCounts = HashMap<u64, u32, BuildHasherDefault<AsItIs>>;

/// A hasher for keys that are hashes.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
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

/// A text's hash: eight bytes at a time, multiplied and folded.
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

/// A value whose text is kept.
#[derive(Clone, Debug)]
pub struct KeptText {
    pub hash: u64,
    pub text: String,
    /// Whether the text was cut.
    pub is_cut: bool,
}

/// The least or the greatest number of a column, and what comes next to it.
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    pub value: f64,
    pub count: u64,
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

/// One column's counts.
#[allow(clippy::struct_excessive_bools)] // independent facts, each about all cells so far
#[derive(Clone, Debug)]
pub struct Tally {
    pub rows: u64,
    pub missing: u64,
    pub numbers: u64,
    pub dates: u64,
    pub out_of_range: u64,
    pub first_out_of_range: Option<u64>,
    /// First row whose cell is not a number.
    pub first_text: Option<(u64, String)>,
    /// First row whose cell is not a date.
    pub first_no_date: Option<(u64, String)>,
    pub are_integers: bool,
    /// Whether each number is the one before plus 1.
    pub are_consecutive: bool,
    pub first_number: f64,
    last_number: f64,
    pub sum: f64,
    pub least: Extreme,
    /// Of the numbers' negatives.
    pub greatest: Extreme,
    /// Whether no value came twice while different ones were counted.
    pub all_differ: bool,
    pub distinct: HashCounts,
    /// Whether there are more values than are counted.
    pub is_full: bool,
    max_distinct: usize,
    max_texts: usize,
    pub texts: Vec<KeptText>,
    /// Characters of all cells, and cells with more than two words.
    pub text_bytes: u64,
    pub wordy: u64,
}

impl Tally {
    /// Nothing counted yet, in a table of so many columns.
    pub fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            missing: 0,
            numbers: 0,
            dates: 0,
            out_of_range: 0,
            first_out_of_range: None,
            first_text: None,
            first_no_date: None,
            are_integers: true,
            are_consecutive: true,
            first_number: 0.0,
            last_number: 0.0,
            sum: 0.0,
            least: Extreme::NONE,
            greatest: Extreme::NONE,
            all_differ: true,
            distinct: HashCounts::default(),
            is_full: false,
            max_distinct: (MAX_DISTINCT_IN_ALL / columns.max(1)).clamp(MAX_TEXTS, MAX_DISTINCT),
            max_texts: if columns > WIDE { MAX_TEXTS_WIDE } else { MAX_TEXTS },
            texts: Vec::new(),
            text_bytes: 0,
            wordy: 0,
        }
    }

    /// Takes a cell of this row.
    pub fn add(&mut self, row: u64, cell: &str, format: &CellFormat) {
        self.rows += 1;
        let cell = cell.trim();
        let parsed = if self.numbers == 0 && self.present() > MAX_TRIES {
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
        self.count(cell);
    }

    /// Cells with a value.
    pub fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Cells that are neither numbers nor missing.
    pub fn strays(&self) -> u64 {
        self.present() - self.numbers - self.out_of_range
    }

    fn add_number(&mut self, value: f64) {
        if self.numbers == 0 {
            self.first_number = value;
        } else {
            // Exact: consecutive integers below 2^53 differ by exactly 1.
            #[allow(clippy::float_cmp)]
            let follows = value - self.last_number == 1.0;
            self.are_consecutive &= follows;
        }
        self.numbers += 1;
        self.last_number = value;
        self.are_integers = self.are_integers && value.fract() == 0.0;
        self.sum += value;
        self.least.add(value);
        self.greatest.add(-value);
    }

    fn add_text(&mut self, row: u64, cell: &str, format: &CellFormat) {
        if self.first_text.is_none() {
            self.first_text = Some((row, cut(cell).0));
        }
        self.text_bytes += cell.len() as u64;
        self.wordy += u64::from(cell.split_ascii_whitespace().nth(3).is_some());
        let is_date = (self.dates > 0 || self.present() < MAX_TRIES) && format.time(cell).is_some();
        self.dates += u64::from(is_date);
        if !is_date && self.first_no_date.is_none() {
            self.first_no_date = Some((row, cut(cell).0));
        }
    }

    fn count(&mut self, cell: &str) {
        if self.is_full {
            return;
        }
        let hash = hash_text(cell);
        if let Some(count) = self.distinct.get_mut(&hash) {
            *count = count.saturating_add(1);
            self.all_differ = false;
        } else if self.distinct.len() == self.max_distinct {
            self.is_full = true;
        } else {
            self.distinct.insert(hash, 1);
            if self.texts.len() < self.max_texts {
                let (text, is_cut) = cut(cell);
                self.texts.push(KeptText { hash, text, is_cut });
            }
        }
    }

    /// Whether its values are a yes and a no.
    pub fn is_boolean(&self) -> bool {
        let values: Vec<_> = self.texts.iter().map(|kept| parse_boolean(&kept.text)).collect();
        values.len() <= 6
            && values.iter().all(Option::is_some)
            && values.contains(&Some(true))
            && values.contains(&Some(false))
    }

    /// How often a kept value occurs.
    pub fn count_of(&self, kept: &KeptText) -> u64 {
        u64::from(self.distinct.get(&kept.hash).copied().unwrap_or(0))
    }
}

/// A text's beginning, and whether it was cut.
fn cut(text: &str) -> (String, bool) {
    let end = text.floor_char_boundary(MAX_TEXT_BYTES.min(text.len()));
    (text[..end].to_owned(), end < text.len())
}
