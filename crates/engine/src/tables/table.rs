//! A table's file: how it is read, what its columns are, where its rows lie. The text stays in the file.

use std::{
    cell::{RefCell, RefMut},
    rc::Rc,
};

use pinhole_protocol::table::{ColumnSummary, Dialect, TableActivity, TablePreview, TableProgress, TableSummary};
use pinhole_table::{
    TableError,
    columns::infer_formats,
    dialect,
    records::{RecordBatch, RecordReader, read_record_at},
    scan::{FileMetadata, RowSpans, Scan, preview},
    source::{ByteSource, Content},
};

use super::{
    job::{Job, Meter},
    pass::Pass,
};
use crate::EngineError;

/// A table that several pieces of work read in turn.
pub type SharedTable = Rc<RefCell<Table>>;

/// A file that is read as a table. It is never held: a row takes 12 bytes, for where it lies.
pub struct Table {
    name: String,
    /// Shared with other readings of the file: a ranking keeps its own.
    content: Rc<RefCell<Content>>,
    dialect: Dialect,
    columns: Vec<ColumnSummary>,
    /// Index of the column that seems to hold labels, once it was scanned.
    label: Option<usize>,
    spans: RowSpans,
}

impl Table {
    /// Opens a file and guesses how it is read, from its first bytes.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no table.
    pub fn open(source: Box<dyn ByteSource>) -> Result<(SharedTable, TablePreview), EngineError> {
        let mut content = Content::open(source)?;
        let mut guessed = dialect::sniff(&mut content)?;
        let (_, first) = first_rows(&mut content, &guessed)?;
        infer_formats(&first, &mut guessed);
        Self::read(Rc::new(RefCell::new(content)), guessed)
    }

    /// The same file read in another way; it must be scanned then. This table stays as it is, for what refers to its rows.
    ///
    /// # Errors
    /// When the dialect is none, or the file cannot be read.
    pub fn reread(&self, dialect: Dialect) -> Result<(SharedTable, TablePreview), EngineError> {
        dialect::check(&dialect)?;
        Self::read(self.content.clone(), dialect)
    }

    /// Looks at the first rows.
    fn read(content: Rc<RefCell<Content>>, dialect: Dialect) -> Result<(SharedTable, TablePreview), EngineError> {
        let mut open = content.borrow_mut();
        let (reader, first) = first_rows(&mut open, &dialect)?;
        let name = open.name().to_owned();
        let file = FileMetadata { name: name.clone(), size_bytes: open.size_bytes(), is_gzip: open.is_gzip() };
        drop(open);
        let preview = preview(file, &dialect, &header_cells(&reader), &first, reader.warnings());
        let table =
            Self { name, content, dialect, columns: preview.columns.clone(), label: None, spans: RowSpans::default() };
        Ok((Rc::new(RefCell::new(table)), preview))
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is read.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Its columns: as the first rows have it, or all rows once it was scanned.
    pub fn columns(&self) -> &[ColumnSummary] {
        &self.columns
    }

    /// Their names.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The column that seems to hold labels, once it was scanned.
    pub fn label_column(&self) -> Option<&str> {
        self.columns.get(self.label?).map(|column| column.name.as_str())
    }

    /// Its rows, once it was scanned.
    pub fn rows(&self) -> usize {
        self.spans.len()
    }

    /// That there are rows, once it was scanned.
    ///
    /// # Errors
    /// [`TableError::HeaderOnly`].
    pub fn demand_rows(&self) -> Result<(), EngineError> {
        if self.rows() > 0 { Ok(()) } else { Err(TableError::HeaderOnly { name: self.name().to_owned() }.into()) }
    }

    /// Where a row lies in the (decompressed) file; rows count from 0.
    pub fn span(&self, row: usize) -> Option<std::ops::Range<u64>> {
        self.spans.get(row as u64 + 1)
    }

    /// Reads one row again, counted from 0.
    ///
    /// # Errors
    /// When there is no such row, or the file cannot be read any more.
    pub fn read_row(&self, row: usize) -> Result<RecordBatch, EngineError> {
        let span = self.span(row).ok_or_else(|| {
            EngineError::setting("row", format!("There is no row {}: the table has {}.", row + 1, self.rows()))
        })?;
        Ok(read_record_at(&mut self.content(), &self.dialect, span, row as u64 + 1)?)
    }

    pub(super) fn content(&self) -> RefMut<'_, Content> {
        self.content.borrow_mut()
    }

    /// How much of the file was read by the last piece that was read, 0 to 1.
    pub(super) fn share_read(&self) -> f64 {
        let content = self.content.borrow();
        content.raw_position() as f64 / content.size_bytes().max(1) as f64
    }
}

/// The first batch with a row in it.
fn first_rows(content: &mut Content, dialect: &Dialect) -> Result<(RecordReader, RecordBatch), EngineError> {
    let mut reader = RecordReader::new(content, dialect)?;
    let mut batch = RecordBatch::new(1);
    while batch.is_empty() && reader.next_batch(content, &mut batch)? {}
    Ok((reader, batch))
}

/// The header's cells; without one, as many empty names.
fn header_cells(reader: &RecordReader) -> Vec<String> {
    reader.header().map_or_else(|| vec![String::new(); reader.width()], <[String]>::to_vec)
}

/// Reads a table to its end, for what its columns are and where its rows lie.
pub struct ScanJob {
    table: SharedTable,
    pass: Pass,
    scan: Option<Scan>,
    meter: Meter,
}

impl ScanJob {
    /// Begins.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(table: &SharedTable) -> Result<Self, EngineError> {
        let open = table.borrow();
        let pass = Pass::start(&open)?;
        let scan = Scan::new(&header_cells(pass.reader()), &open.dialect);
        drop(open);
        Ok(Self { table: table.clone(), pass, scan: Some(scan), meter: Meter::start(TableActivity::Reading) })
    }

    fn finish(&mut self, table: &mut Table) -> Option<TableSummary> {
        let mut scan = self.scan.take()?;
        let reader = self.pass.reader();
        scan.add_warnings(reader.warnings(), reader.more_warnings());
        let scanned = scan.finish();
        table.columns.clone_from(&scanned.summary.columns);
        table.label = scanned.summary.label.as_ref().map(|label| label.column);
        table.spans = scanned.spans;
        Some(scanned.summary)
    }
}

impl Job for ScanJob {
    type Output = TableSummary;

    async fn advance(&mut self) -> Result<Option<TableSummary>, EngineError> {
        let shared = self.table.clone();
        let mut table = shared.borrow_mut();
        let Some(batch) = self.pass.next(&table)? else { return Ok(self.finish(&mut table)) };
        if let Some(scan) = &mut self.scan {
            scan.add(batch);
        }
        self.meter.note(table.share_read(), self.pass.rows());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// Reads every row as text, for tables that a terminal prints.
pub struct RowsJob {
    table: SharedTable,
    pass: Pass,
    rows: Vec<Vec<String>>,
    meter: Meter,
}

impl RowsJob {
    /// Begins.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(table: &SharedTable) -> Result<Self, EngineError> {
        let pass = Pass::start(&table.borrow())?;
        Ok(Self { table: table.clone(), pass, rows: Vec::new(), meter: Meter::start(TableActivity::Reading) })
    }
}

impl Job for RowsJob {
    type Output = Vec<Vec<String>>;

    async fn advance(&mut self) -> Result<Option<Self::Output>, EngineError> {
        let table = self.table.borrow();
        let columns = table.columns.len();
        let Some(batch) = self.pass.next(&table)? else { return Ok(Some(std::mem::take(&mut self.rows))) };
        let cells = |record: pinhole_table::records::Record<'_>| {
            (0..columns).map(|column| record.cell(column).to_owned()).collect()
        };
        self.rows.extend(batch.records().map(cells));
        self.meter.note(table.share_read(), self.pass.rows());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
