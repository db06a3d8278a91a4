//! Reading a whole table: to learn what its columns are, or as text.

use pinhole_protocol::table::{Dialect, TableActivity, TableProgress, TableSummary, TableWarning};
use pinhole_table::{columns::format_changes, records::Record, scan::Scan, sections::other_tables};
use tracing::info;

use super::job::{Job, ProgressMeter};
use crate::{
    AnomalyError,
    table::{SharedTable, Table},
    table_reader::TableReader,
};

/// Passes over a file, at most: the last one reads it in the formats that the others found.
const MAX_PASSES: usize = 4;

/// Reads a table to its end: the kind of each column, and the position of each row. Where later rows contradict the
/// formats that the first ones suggested, it is read once more.
pub struct ScanJob {
    table: SharedTable,
    reader: TableReader,
    scan: Option<Scan>,
    passes: usize,
    /// Sentences about formats that later rows changed.
    revisions: Vec<TableWarning>,
    meter: ProgressMeter,
}

impl ScanJob {
    /// A job at the table's first row.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(table: &SharedTable) -> Result<Self, AnomalyError> {
        let open = table.borrow();
        let reader = TableReader::new(&open)?;
        let scan = Some(new_scan(&reader, &open));
        drop(open);
        let meter = ProgressMeter::start(TableActivity::Reading);
        Ok(Self { table: table.clone(), reader, scan, passes: 1, revisions: Vec::new(), meter })
    }

    /// Begins another pass if the rows ask for other formats; true if it did.
    fn begin_again(&mut self, table: &mut Table) -> Result<bool, AnomalyError> {
        let is_last = self.passes == MAX_PASSES;
        let revised = self.scan.as_ref().filter(|_| !is_last).and_then(|scan| scan.revised_dialect(table.is_guessed()));
        let Some(revised) = revised else { return Ok(false) };
        self.passes += 1;
        // Another table is told when the last pass is done.
        let other_table = self.scan.as_ref().and_then(Scan::other_table_start);
        let end = if other_table == revised.end { revised.end } else { table.dialect().end };
        let before = Dialect { end, ..table.dialect().clone() };
        self.revisions.extend(format_changes(&before, &revised, &table.column_names()));
        info!(name = table.name(), pass = self.passes, "formats revised");
        table.set_dialect(revised);
        self.reader = TableReader::new(table)?;
        self.scan = Some(new_scan(&self.reader, table));
        Ok(true)
    }

    fn finish(&mut self, table: &mut Table) -> Result<Option<TableSummary>, AnomalyError> {
        let Some(mut scan) = self.scan.take() else { return Ok(None) };
        let records = self.reader.records();
        let start = records.preamble_span().end;
        let mut warnings = std::mem::take(&mut self.revisions);
        warnings.extend(other_tables(&mut table.content(), table.dialect(), start)?);
        warnings.extend(records.warnings());
        scan.add_warnings(warnings, records.more_warnings());
        let summary = table.set_scanned(scan.finish());
        let (rows, columns) = (table.rows(), table.columns().len());
        info!(parent: self.meter.span(), name = table.name(), rows, columns, "table scanned");
        Ok(Some(summary))
    }
}

fn new_scan(reader: &TableReader, table: &Table) -> Scan {
    Scan::new(&reader.records().header_cells(), reader.records().units(), table.dialect())
}

impl Job for ScanJob {
    type Output = TableSummary;

    async fn advance(&mut self) -> Result<Option<TableSummary>, AnomalyError> {
        let shared = self.table.clone();
        let mut table = shared.borrow_mut();
        let Some(batch) = self.reader.next_batch(&table)? else {
            return if self.begin_again(&mut table)? { Ok(None) } else { self.finish(&mut table) };
        };
        if let Some(scan) = &mut self.scan {
            scan.add(batch);
        }
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// Reads every row as text, for a terminal that prints the table.
pub struct RowsJob {
    table: SharedTable,
    reader: TableReader,
    rows: Vec<Vec<String>>,
    meter: ProgressMeter,
}

impl RowsJob {
    /// A job at the table's first row.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(table: &SharedTable) -> Result<Self, AnomalyError> {
        let reader = TableReader::new(&table.borrow())?;
        Ok(Self { table: table.clone(), reader, rows: Vec::new(), meter: ProgressMeter::start(TableActivity::Reading) })
    }
}

impl Job for RowsJob {
    type Output = Vec<Vec<String>>;

    async fn advance(&mut self) -> Result<Option<Self::Output>, AnomalyError> {
        let table = self.table.borrow();
        let columns = table.columns().len();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(Some(std::mem::take(&mut self.rows))) };
        let cells =
            |record: Record<'_>| (0..columns).map(|column| record.cell(column).to_owned()).collect::<Vec<String>>();
        self.rows.extend(batch.records().map(cells));
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
