//! Memory of the rows that trained a detector, so that they do not count as new when its file is opened later.
//!
//! A detector file holds, for each table that it was trained on, 2 kB at most:
//!
//! - a fingerprint of the table: a hash of the cells that the detector reads, and of the label's, in the file's order. In a
//!   table with the same one, the rows that trained are drawn again as in training, by the plan's seed.
//! - a sample of the rows that trained, by content: the 256 least hashes. In any other table, such as one with rows
//!   added, they tell which share of the rows that trained is among its own, but not which rows these are.
//!
//! Cells are hashed as text, so that page and terminal agree whatever their arithmetic. Name and further columns of the
//! file do not matter.

use std::collections::{BTreeSet, HashSet};

use pinhole_numerics::random::mix;
use pinhole_table::records::Record;

use crate::row_roles::TrainedRows;

/// Most rows that are remembered by their content.
const SAMPLE: usize = 256;
/// Least share of the remembered rows that makes a table one with rows that trained: fewer may be equal by chance.
const MIN_SHARE: f64 = 0.05;

/// Memory of a table that trained.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TrainingMemory {
    /// Fingerprint of the table.
    fingerprint: u64,
    /// Hashes of rows that trained.
    sample: Vec<u64>,
    /// True of a table that the detector was fine-tuned on, whose rows were drawn in another way.
    #[serde(default)]
    is_fine_tuned: bool,
}

/// Hashes of a table's rows: memory of it, and comparison with what a detector remembers.
#[derive(Clone, Debug)]
pub struct TrainingMemoryReader {
    columns: Vec<usize>,
    label: Option<usize>,
    fingerprint: u64,
    /// The least hashes of rows that trained.
    sample: BTreeSet<u64>,
    known: Vec<TrainingMemory>,
    /// All hashes that are known.
    known_rows: HashSet<u64>,
    /// Those that were found.
    found_rows: HashSet<u64>,
}

impl TrainingMemoryReader {
    /// A reader of no rows yet: indices of the detector's columns in the table, in the detector's order, and of the
    /// label; `known` is what the detector remembers.
    pub fn new(columns: Vec<usize>, label: Option<usize>, known: &[TrainingMemory]) -> Self {
        Self {
            columns,
            label,
            fingerprint: 0,
            sample: BTreeSet::new(),
            known: known.to_vec(),
            known_rows: known.iter().flat_map(|memory| &memory.sample).copied().collect(),
            found_rows: HashSet::new(),
        }
    }

    /// Adds the next row of the table.
    pub fn add(&mut self, record: &Record<'_>, is_trained: bool) {
        let row = self.columns.iter().fold(0, |hash, &column| mix(hash ^ hash_cell(record.cell(column))));
        let label = self.label.map_or(0, |label| hash_cell(record.cell(label)));
        self.fingerprint = mix(mix(self.fingerprint ^ row) ^ label);
        if self.known_rows.contains(&row) {
            self.found_rows.insert(row);
        }
        let is_least = self.sample.len() < SAMPLE || self.sample.last().is_some_and(|last| row < *last);
        if is_trained && is_least {
            self.sample.insert(row);
            if self.sample.len() > SAMPLE {
                self.sample.pop_last();
            }
        }
    }

    /// Memory of the table; `is_fine_tuned` if the detector was not fitted but fine-tuned on it.
    pub fn memory(&self, is_fine_tuned: bool) -> TrainingMemory {
        TrainingMemory { fingerprint: self.fingerprint, sample: self.sample.iter().copied().collect(), is_fine_tuned }
    }

    /// True if the detector was fitted on this table, and not trained further on it.
    pub fn is_fitted_table(&self) -> bool {
        self.known.iter().filter(|memory| memory.fingerprint == self.fingerprint).all(|memory| !memory.is_fine_tuned)
            && self.known.iter().any(|memory| memory.fingerprint == self.fingerprint)
    }

    /// Knowledge of the rows that trained in a table that the detector was not fitted on.
    pub fn trained_rows(&self) -> TrainedRows {
        let share = |memory: &TrainingMemory| {
            let found = memory.sample.iter().filter(|row| self.found_rows.contains(row)).count();
            found as f64 / memory.sample.len().max(1) as f64
        };
        if self.known.is_empty() {
            return TrainedRows::Unknown;
        }
        let share = self.known.iter().map(share).fold(0.0, f64::max);
        if share < MIN_SHARE { TrainedRows::Absent } else { TrainedRows::Among(share) }
    }
}

/// FNV-1a of a cell without spaces around it.
fn hash_cell(cell: &str) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
    cell.trim().as_bytes().iter().fold(0xCBF2_9CE4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use pinhole_protocol::table::Dialect;
    use pinhole_table::{
        records::{RecordBatch, RecordReader},
        source::{Content, MemorySource},
    };

    use super::*;

    /// Reads rows `from..to` of a table of numbers; those that 3 divides trained.
    fn read(from: u32, to: u32, known: &[TrainingMemory]) -> TrainingMemoryReader {
        let mut text = String::from("a,b,label\n");
        for row in from..to {
            writeln!(text, "{row},{}, {}", row % 7, row % 2).expect("text can be written");
        }
        let mut content = Content::open(Box::new(MemorySource::new("t.csv", text))).expect("in memory");
        let mut reader = RecordReader::new(&mut content, &Dialect::default()).expect("a table");
        let mut found = TrainingMemoryReader::new(vec![0, 1], Some(2), known);
        let mut batch = RecordBatch::new(1);
        while reader.next_batch(&mut content, &mut batch).expect("in memory") {
            batch.records().for_each(|record| found.add(&record, record.row() % 3 == 0));
        }
        found
    }

    #[test]
    fn the_same_table_is_known_again() {
        let memory = read(0, 2_000, &[]).memory(false);
        assert_eq!(memory.sample.len(), SAMPLE);
        let known = [memory];
        assert!(read(0, 2_000, &known).is_fitted_table());
        let longer = read(0, 2_001, &known);
        assert!(!longer.is_fitted_table());
        assert_eq!(longer.trained_rows(), TrainedRows::Among(1.0));
        assert_eq!(read(2_000, 4_000, &known).trained_rows(), TrainedRows::Absent);
        assert_eq!(read(0, 9, &[]).trained_rows(), TrainedRows::Unknown);
        let half = read(1_000, 3_000, &known).trained_rows();
        assert!(matches!(half, TrainedRows::Among(share) if (share - 0.5).abs() < 0.12), "{half:?}");
    }

    #[test]
    fn a_table_that_was_fine_tuned_on_is_told_apart() {
        let known = [read(0, 100, &[]).memory(false), read(200, 300, &[]).memory(true)];
        let tuned = read(200, 300, &known);
        assert!(!tuned.is_fitted_table());
        assert_eq!(tuned.trained_rows(), TrainedRows::Among(1.0));
    }
}
