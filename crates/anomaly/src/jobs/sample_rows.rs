//! A fair sample of a scored table's rows, prepared as its detector reads them.

use std::rc::Rc;

use pinhole_protocol::table::{DetectorPlan, TableActivity, TableProgress};
use pinhole_table::typed::TypedReader;

use super::job::{Job, ProgressMeter};
use crate::{
    AnomalyError, Ranking, RowLabel, RowRoles, SampledCells, SharedTable, TableReader, TableSample,
    derived::DerivedReader,
    fitted_detector::{FittedDetector, RowAutoencoder},
    sample_column,
};

/// Rows that were drawn from a scored table.
pub struct SampledRows {
    /// The rows as they stand in the file.
    pub sample: TableSample,
    /// The rows as the detector reads them, [rows, features]; NaN where a cell is missing.
    pub features: Vec<f32>,
}

/// Reads rows of a scored table.
pub struct SampleRowsJob {
    table: SharedTable,
    detector: Rc<FittedDetector>,
    drawn: RowRoles,
    reader: TableReader,
    /// Reads the rows as the detector does.
    typed: TypedReader,
    /// Reads the rows as they are shown.
    shown: TypedReader,
    derived_reader: Option<DerivedReader>,
    cells: SampledCells,
    features: Vec<f32>,
    meter: ProgressMeter,
}

impl SampleRowsJob {
    /// A job at the first row of a scored table, which takes at most `most` rows, drawn by `seed`.
    ///
    /// # Errors
    /// When the detector has no autoencoder, or the table cannot be read any more.
    pub fn new(ranking: &Ranking, most: usize, seed: u64) -> Result<Self, AnomalyError> {
        let detector = RowAutoencoder::new(ranking.detector())?.detector().clone();
        let table = ranking.table().clone();
        let open = table.borrow();
        let binding = detector.bind(&open)?;
        let choice = DetectorPlan { seed, ..DetectorPlan::default() };
        Ok(Self {
            drawn: RowRoles::choose(vec![RowLabel::Unknown; open.rows()], &choice, most),
            reader: TableReader::new(&open)?,
            derived_reader: detector.derived_reader(&binding, &open),
            shown: binding.reader.clone(),
            typed: binding.reader,
            cells: SampledCells::new(detector.read_columns()),
            features: Vec::new(),
            meter: ProgressMeter::start(TableActivity::Reading),
            table: table.clone(),
            detector,
        })
    }

    /// Number of rows that are drawn.
    pub fn count(&self) -> usize {
        self.drawn.trained()
    }

    fn finish(&mut self) -> SampledRows {
        let typed = self.shown.table();
        let rows: Vec<u32> = (0..typed.rows() as u32).collect();
        let names = self.detector.column_names();
        let columns = names.iter().zip(&typed.columns).take(self.detector.read_columns());
        let sample = TableSample {
            preparation: self.detector.preparation().clone(),
            columns: columns.map(|(name, column)| sample_column(name, column, &rows)).collect(),
            cells: std::mem::take(&mut self.cells),
            rows: typed.row_numbers.clone(),
        };
        SampledRows { sample, features: std::mem::take(&mut self.features) }
    }
}

impl Job for SampleRowsJob {
    type Output = SampledRows;

    async fn advance(&mut self) -> Result<Option<SampledRows>, AnomalyError> {
        let shared = self.table.clone();
        let table = shared.borrow();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(Some(self.finish())) };
        let first = batch.records().next().map_or(0, |record| record.row() as usize - 1);
        let is_drawn = |index: usize| self.drawn.is_trained(first + index);
        self.typed.table_mut().clear();
        for (_, record) in batch.records().enumerate().filter(|(index, _)| is_drawn(*index)) {
            self.typed.read_record(&record);
            self.cells.push(&record, self.shown.columns());
            self.shown.read_record(&record);
        }
        let mut derived = Vec::new();
        if let Some(reader) = &mut self.derived_reader {
            reader.read(batch, is_drawn, &mut derived);
        }
        if self.typed.table().rows() > 0 {
            self.detector.transform(self.typed.table_mut(), &derived, &mut self.features)?;
            self.detector.remove_derived(self.typed.table_mut());
        }
        self.meter.set(table.share_read(), self.shown.table().rows() as u64);
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
