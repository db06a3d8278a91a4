//! Reading of all that could be derived from earlier rows, before it is known what tells something.

use pinhole_protocol::table::DetectorPlan;
use pinhole_table::{records::RecordBatch, typed::ColumnSpec};

use super::{DerivedColumns, DerivedReader, FittedColumns};
use crate::table::Table;

/// Reader of every column that could be derived, and its numbers of the rows that train.
pub struct CandidateReader {
    candidates: DerivedColumns,
    reader: DerivedReader,
    /// [rows, candidates].
    values: Vec<f32>,
}

impl CandidateReader {
    /// A reader at the first row of a table, where `features` are the columns that train; `None` if the plan has no time
    /// column.
    pub fn new(table: &Table, plan: &DetectorPlan, features: &[ColumnSpec]) -> Option<Self> {
        let candidates = DerivedColumns::candidates(plan.time.clone()?, plan.entity.clone(), features);
        let names = table.column_names();
        let index = |column: &String| names.iter().position(|name| name == column);
        let indices: Vec<Option<usize>> = features.iter().map(|spec| spec.index).collect();
        let (time, entity) = (index(&candidates.time), plan.entity.as_ref().and_then(index));
        let reader = DerivedReader::new(&candidates, table.dialect(), &indices, time, entity);
        Some(Self { candidates, reader, values: Vec::new() })
    }

    /// Reads the next rows of the file, of which `keeps` says by their index in the batch which to keep.
    pub fn read(&mut self, batch: &RecordBatch, keeps: impl Fn(usize) -> bool) {
        self.reader.read(batch, keeps, &mut self.values);
    }

    /// Fits to the rows that were kept.
    pub fn fit(self) -> FittedColumns {
        self.candidates.fit(&self.values)
    }

    /// Fits to these of the rows that were kept.
    #[must_use]
    pub fn of_rows(mut self, rows: impl Iterator<Item = u32>) -> Self {
        let width = self.candidates.len();
        self.values = rows.flat_map(|row| self.values[row as usize * width..][..width].iter().copied()).collect();
        self
    }
}
