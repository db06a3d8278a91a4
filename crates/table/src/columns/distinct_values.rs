//! Distinct values of a column: counted one by one, and estimated once they are many.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use pinhole_protocol::table::LabelValue;

use super::cardinality_sketch::CardinalitySketch;

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

/// Hash of a number, by the finaliser of MurmurHash3.
#[inline]
pub fn hash_number(number: f64) -> u64 {
    // Negative zero is zero.
    let mut hash = (number + 0.0).to_bits();
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
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

/// Distinct values of one column, in bounded memory.
#[derive(Clone, Debug)]
pub struct DistinctValues {
    /// Cells per value, by the hash of the value.
    counts: HashCounts,
    /// True if no value occurred twice while values were counted one by one.
    pub all_distinct: bool,
    /// Sketch of all values, once there are more than are counted.
    sketch: Option<CardinalitySketch>,
    max_counted: usize,
    max_texts: usize,
    /// The first values.
    texts: Vec<DistinctText>,
}

impl DistinctValues {
    /// No values yet, of a column of a table with `columns` columns.
    pub fn new(columns: usize) -> Self {
        Self {
            counts: HashCounts::default(),
            all_distinct: true,
            sketch: None,
            max_counted: (MAX_DISTINCT_IN_ALL / columns.max(1)).clamp(MAX_TEXTS, MAX_DISTINCT),
            max_texts: if columns > WIDE_COLUMNS { MAX_TEXTS_WIDE } else { MAX_TEXTS },
            texts: Vec::new(),
        }
    }

    /// Adds a cell by the hash of its value.
    #[inline]
    pub fn add(&mut self, hash: u64, cell: &str) {
        match &mut self.sketch {
            Some(sketch) => sketch.add(hash),
            None => self.count(hash, cell),
        }
    }

    fn count(&mut self, hash: u64, cell: &str) {
        if let Some(count) = self.counts.get_mut(&hash) {
            *count = count.saturating_add(1);
            self.all_distinct = false;
        } else if self.counts.len() == self.max_counted {
            let mut sketch = CardinalitySketch::new(self.max_counted == MAX_DISTINCT);
            self.counts.keys().for_each(|&known| sketch.add(known));
            sketch.add(hash);
            self.sketch = Some(sketch);
        } else {
            self.counts.insert(hash, 1);
            if self.texts.len() < self.max_texts {
                let (text, is_truncated) = truncate(cell);
                self.texts.push(DistinctText { hash, text, is_truncated });
            }
        }
    }

    /// Number of values that were counted one by one.
    pub fn counted(&self) -> usize {
        self.counts.len()
    }

    /// True if there are more values than are counted one by one.
    pub const fn is_full(&self) -> bool {
        self.sketch.is_some()
    }

    /// True if each of so many cells seems to have a value of its own: none occurred twice while they were counted, and
    /// what is estimated of the others is as many as there are cells, but for its error.
    pub fn are_all(&self, cells: u64) -> bool {
        const LEAST_SHARE: f64 = 0.75;
        self.all_distinct && (!self.is_full() || self.number() as f64 >= LEAST_SHARE * cells as f64)
    }

    /// Number of values: exact, or estimated if [`Self::is_full`].
    pub fn number(&self) -> u64 {
        let counted = self.counts.len() as u64;
        self.sketch.as_ref().map_or(counted, |sketch| sketch.estimate().max(counted))
    }

    /// The first values.
    pub fn texts(&self) -> &[DistinctText] {
        &self.texts
    }

    /// All values with the number of their cells, the most frequent first; `None` if there are more than `limit`, or
    /// their text was not kept.
    pub fn by_rows(&self, limit: usize) -> Option<Vec<LabelValue>> {
        (self.counts.len() <= limit.min(self.texts.len())).then(|| self.kept_by_rows())
    }

    /// The values whose text was kept, with the number of their cells, the most frequent first.
    pub fn kept_by_rows(&self) -> Vec<LabelValue> {
        let value = |value: &DistinctText| LabelValue { value: value.text.clone(), rows: self.count_of(value) };
        let mut values: Vec<LabelValue> = self.texts.iter().map(value).collect();
        values.sort_by(|one, other| other.rows.cmp(&one.rows).then_with(|| one.value.cmp(&other.value)));
        values
    }

    /// Number of cells with a value.
    pub fn count_of(&self, value: &DistinctText) -> u64 {
        u64::from(self.counts.get(&value.hash).copied().unwrap_or(0))
    }
}

/// The first [`MAX_TEXT_BYTES`] of a text, and true if it is longer.
pub fn truncate(text: &str) -> (String, bool) {
    let end = text.floor_char_boundary(MAX_TEXT_BYTES.min(text.len()));
    (text[..end].to_owned(), end < text.len())
}
