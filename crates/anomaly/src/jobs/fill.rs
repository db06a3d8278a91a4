//! Writing a table with its missing cells filled, and the errors of that on known cells.

use std::{rc::Rc, time::Duration};

use pinhole_protocol::table::{FillReport, FilledColumn, TableActivity, TableProgress};
use pinhole_table::{
    export::{FilledCell, FilledWriter},
    reservoir::{Placement, Reservoir},
    typed::TypedReader,
};
use web_time::Instant;

use super::{
    export::{ExportAdvance, header, written_name},
    file_bytes::{FileBytes, PIECE_BYTES},
    job::ProgressMeter,
};
use crate::{
    AnomalyError,
    derived::DerivedReader,
    detector::{ColumnPredictorsRun, FeatureTable},
    fill::{CellFiller, CellTemplate, HiddenCells, SampledRow},
    fitted_detector::{ColumnBinding, FittedDetector},
    table::SharedTable,
    table_reader::TableReader,
};

/// Fewest rows of a table that is learnt from: in a shorter one, cells are filled by what the detector learnt from its
/// training table, and nothing is measured.
const MIN_LEARNT_ROWS: usize = 200;
/// Most rows that are learnt from, and most values of them that are held.
const MAX_LEARNT_ROWS: usize = 10_000;
const MAX_LEARNT_VALUES: usize = 4_000_000;
/// Most rows on which the errors are measured.
const MAX_MEASURED_ROWS: usize = 2_000;
/// Longest slice of learning and measuring.
const SLICE: Duration = Duration::from_millis(8);
/// Shares of the work when the rows are read once, when the errors are measured, and when the rows are learnt.
const READ_SHARE: f64 = 0.1;
const MEASURED_SHARE: f64 = 0.4;
const LEARNT_SHARE: f64 = 0.7;

/// Writes a table part by part, with what its other cells make expected in the missing ones. The table is read twice:
/// once for the rows to learn from and to measure on, then to be written.
pub struct FillJob {
    table: SharedTable,
    detector: Rc<FittedDetector>,
    filler: CellFiller,
    binding: ColumnBinding,
    reader: TableReader,
    typed: TypedReader,
    derived_reader: Option<DerivedReader>,
    /// Prepared rows of the current batch.
    features: Vec<f32>,
    stage: Stage,
    /// Format of each column's numbers.
    templates: Vec<CellTemplate>,
    /// Rows that are learnt from.
    rows: Vec<SampledRow>,
    report: FillReport,
    /// Columns of the detector that have missing cells in the file, in the order of the report.
    columns: Vec<usize>,
    name: String,
    meter: ProgressMeter,
}

enum Stage {
    /// Counts missing cells and draws the rows to measure on.
    Reading {
        reservoir: Reservoir,
        missing: Vec<u64>,
    },
    Measuring(Box<HiddenCells>),
    /// Learns from the drawn rows.
    Learning(Box<ColumnPredictorsRun>, FeatureTable),
    Writing(Box<Writing>),
}

struct Writing {
    writer: FilledWriter,
    bytes: FileBytes,
    /// The part before the first row, until it is returned.
    start: Option<Vec<u8>>,
    /// Rows of the current batch that were written.
    next: usize,
    are_rows_written: bool,
}

impl FillJob {
    /// A job at the first row of a scanned table.
    ///
    /// # Errors
    /// When the table has no rows or none of the detector's columns, or cannot be read.
    pub fn new(table: &SharedTable, detector: &Rc<FittedDetector>) -> Result<Self, AnomalyError> {
        let shared = table.borrow();
        shared.require_rows()?;
        let binding = detector.bind(&shared)?;
        let filler = CellFiller::new(detector, &binding, shared.dialect());
        let capacity = MAX_LEARNT_ROWS.min(MAX_LEARNT_VALUES / detector.features().max(1));
        Ok(Self {
            reader: TableReader::new(&shared)?,
            derived_reader: detector.derived_reader(&binding, &shared),
            typed: binding.reader.clone(),
            features: Vec::new(),
            stage: Stage::Reading { reservoir: Reservoir::new(capacity, 0), missing: vec![0; filler.columns()] },
            templates: vec![CellTemplate::default(); filler.columns()],
            rows: Vec::new(),
            report: FillReport::default(),
            columns: Vec::new(),
            name: written_name(shared.name(), "filled", shared.origin().map(|_| "csv")),
            meter: ProgressMeter::start(TableActivity::Filling),
            table: table.clone(),
            detector: detector.clone(),
            filler,
            binding,
        })
    }

    /// Name of the written file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns that were filled, with their errors; complete when the file is.
    pub const fn report(&self) -> &FillReport {
        &self.report
    }

    /// Share done, speed and time left.
    pub fn progress(&self) -> TableProgress {
        self.meter.progress()
    }

    /// Works for one slice, or writes the next part, of about a megabyte.
    ///
    /// # Errors
    /// When no cell is missing, or the file cannot be read any more.
    pub fn advance(&mut self) -> Result<ExportAdvance, AnomalyError> {
        match &mut self.stage {
            Stage::Reading { .. } => {
                if !self.read_batch()? {
                    self.begin_measuring()?;
                }
            }
            Stage::Measuring(cells) => {
                let is_done = cells.advance(SLICE);
                self.meter.set((MEASURED_SHARE - READ_SHARE).mul_add(cells.share(), READ_SHARE), cells.rows());
                if is_done {
                    self.begin_learning();
                }
            }
            Stage::Learning(run, rows) => {
                let is_done = run.advance(SLICE);
                let share = (LEARNT_SHARE - MEASURED_SHARE).mul_add(run.share(), MEASURED_SHARE);
                self.meter.set(share, rows.len() as u64);
                if is_done {
                    self.filler = self.filler.taught(run.predictors().clone(), rows);
                    self.begin_writing()?;
                }
            }
            Stage::Writing(_) => return self.write(),
        }
        Ok(ExportAdvance::Part(Vec::new()))
    }

    /// Reads and prepares the next batch. Returns false at the end of the table.
    fn next_batch(&mut self) -> Result<bool, AnomalyError> {
        let table = self.table.borrow();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(false) };
        self.typed.table_mut().clear();
        self.typed.read(batch);
        self.features.clear();
        let mut derived = Vec::new();
        if let Some(reader) = &mut self.derived_reader {
            reader.read(batch, |_| true, &mut derived);
        }
        self.detector.transform(self.typed.table_mut(), &derived, &mut self.features)?;
        self.detector.remove_derived(self.typed.table_mut());
        let width = self.detector.features().max(1);
        for (record, features) in self.reader.batch().records().zip(self.features.chunks_exact_mut(width)) {
            self.filler.hide_missing(&record, features);
        }
        Ok(true)
    }

    /// Counts the next batch's missing cells, and offers its rows to the sample. Returns false at the end of the table.
    fn read_batch(&mut self) -> Result<bool, AnomalyError> {
        if !self.next_batch()? {
            return Ok(false);
        }
        let Stage::Reading { reservoir, missing } = &mut self.stage else { return Ok(false) };
        let width = self.detector.features().max(1);
        for (record, features) in self.reader.batch().records().zip(self.features.chunks_exact(width)) {
            for (column, missing) in missing.iter_mut().enumerate() {
                if self.filler.is_missing(column, &record) {
                    *missing += 1;
                } else {
                    self.filler.learn_format(column, &record, &mut self.templates[column]);
                }
            }
            let row = || SampledRow {
                features: features[..self.filler.width()].to_vec(),
                entity: self.detector.entity_of(&self.binding, &record).map(str::to_owned),
            };
            match reservoir.offer() {
                Placement::Append => self.rows.push(row()),
                Placement::Replace(index) => self.rows[index] = row(),
                Placement::Skip => {}
            }
        }
        self.meter.set(READ_SHARE * self.table.borrow().share_read(), self.reader.rows_read());
        Ok(true)
    }

    fn begin_measuring(&mut self) -> Result<(), AnomalyError> {
        let Stage::Reading { missing, .. } = &self.stage else { return Ok(()) };
        self.columns = (0..self.filler.columns()).filter(|&column| missing[column] > 0).collect();
        if self.columns.is_empty() {
            return Err(AnomalyError::State(
                "No cell is missing in the columns that the detector reads: there is nothing to fill.",
            ));
        }
        let report = |&column: &usize| FilledColumn {
            name: self.filler.name(column).to_owned(),
            is_categorical: self.filler.is_categorical(column),
            ..FilledColumn::default()
        };
        self.report.columns = self.columns.iter().map(report).collect();
        if self.rows.len() < MIN_LEARNT_ROWS {
            return self.begin_writing();
        }
        let wanted: Vec<usize> = self.columns.iter().copied().filter(|&column| self.filler.can_fill(column)).collect();
        let step = self.rows.len().div_ceil(MAX_MEASURED_ROWS);
        let measured: Vec<SampledRow> = self.rows.iter().step_by(step).cloned().collect();
        self.stage = Stage::Measuring(Box::new(HiddenCells::new(&self.filler, &wanted, &measured)));
        Ok(())
    }

    fn begin_learning(&mut self) {
        if let Stage::Measuring(cells) = &self.stage {
            self.report.measured_rows = cells.rows();
            for (&column, report) in self.columns.iter().zip(&mut self.report.columns) {
                cells.finish(column, report);
            }
        }
        let rows = self.filler.prepared(&std::mem::take(&mut self.rows));
        self.stage = Stage::Learning(Box::new(ColumnPredictorsRun::new(&rows, 0)), rows);
    }

    fn begin_writing(&mut self) -> Result<(), AnomalyError> {
        let table = self.table.borrow();
        self.reader = TableReader::new(&table)?;
        self.derived_reader = self.detector.derived_reader(&self.binding, &table);
        let mut writer = FilledWriter::new(table.dialect(), &table.column_names());
        let start = header(&table, self.reader.records(), writer.rows())?;
        self.stage = Stage::Writing(Box::new(Writing {
            writer,
            bytes: FileBytes::behind_header(self.reader.records()),
            start: Some(start),
            next: 0,
            are_rows_written: false,
        }));
        Ok(())
    }

    fn write(&mut self) -> Result<ExportAdvance, AnomalyError> {
        let Stage::Writing(writing) = &mut self.stage else { return Ok(ExportAdvance::Done) };
        if let Some(start) = writing.start.take() {
            return Ok(ExportAdvance::Part(start));
        }
        if writing.are_rows_written {
            let rest = writing.bytes.rest(&self.table.borrow())?;
            return Ok(if rest.is_empty() { ExportAdvance::Done } else { ExportAdvance::Part(rest) });
        }
        if writing.next == self.reader.batch().len() {
            writing.next = 0;
            let has_batch = self.next_batch()?;
            if let Stage::Writing(writing) = &mut self.stage {
                writing.are_rows_written = !has_batch;
            }
            let share = (1.0 - LEARNT_SHARE).mul_add(self.table.borrow().share_read(), LEARNT_SHARE);
            self.meter.set(share, self.reader.rows_read());
            return Ok(ExportAdvance::Part(Vec::new()));
        }
        self.write_rows().map(ExportAdvance::Part)
    }

    /// Writes rows of the current batch, and the bytes between them.
    fn write_rows(&mut self) -> Result<Vec<u8>, AnomalyError> {
        let table = self.table.borrow();
        let Stage::Writing(writing) = &mut self.stage else { return Ok(Vec::new()) };
        let width = self.detector.features().max(1);
        let mut out = Vec::new();
        let start = Instant::now();
        while writing.next < self.reader.batch().len() && (out.len() as u64) < PIECE_BYTES && start.elapsed() < SLICE {
            let record = self.reader.batch().record(writing.next);
            if let Some(gap) = writing.bytes.gap(&table, &record)? {
                writing.writer.rows().copy(&gap, &mut out);
                continue;
            }
            let bytes = writing.bytes.row(&table, &record)?;
            let is_missing = |column: &usize| self.filler.is_missing(*column, &record);
            let mut cells = Vec::new();
            if self.columns.iter().any(is_missing) {
                let entity = self.detector.entity_of(&self.binding, &record);
                let filled = self.filler.fill(&self.features[writing.next * width..(writing.next + 1) * width]);
                let reports = self.columns.iter().copied().zip(&mut self.report.columns);
                for (column, report) in reports.filter(|(column, _)| is_missing(column)) {
                    let text = self.filler.text(column, &filled, entity, &self.templates[column]);
                    match text.filter(|_| self.filler.can_fill(column)).zip(self.filler.index(column)) {
                        Some((text, index)) => {
                            cells.push(FilledCell { column: index, name: report.name.clone(), text });
                            report.filled += 1;
                        }
                        None => report.left += 1,
                    }
                }
            }
            writing.writer.row(&bytes, record.cells(), &cells, &mut out);
            writing.next += 1;
        }
        Ok(out)
    }
}
