//! Reading a whole table: to learn what its columns are, or as text.

use pinhole_protocol::table::{TableActivity, TableProgress, TableSummary};
use pinhole_table::{records::Record, scan::Scan};
use tracing::info;

use super::job::{Job, ProgressMeter};
use crate::{
    AnomalyError,
    table::{SharedTable, Table, header_cells},
    table_reader::TableReader,
};

/// Reads a table to its end: the kind of each column, and the position of each row.
pub struct ScanJob {
    table: SharedTable,
    reader: TableReader,
    scan: Option<Scan>,
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
        let scan = Scan::new(&header_cells(reader.records()), open.dialect());
        drop(open);
        Ok(Self { table: table.clone(), reader, scan: Some(scan), meter: ProgressMeter::start(TableActivity::Reading) })
    }

    fn finish(&mut self, table: &mut Table) -> Option<TableSummary> {
        let mut scan = self.scan.take()?;
        let records = self.reader.records();
        scan.add_warnings(records.warnings(), records.more_warnings());
        let summary = table.set_scanned(scan.finish());
        let (rows, columns) = (table.rows(), table.columns().len());
        info!(parent: self.meter.span(), name = table.name(), rows, columns, "table scanned");
        Some(summary)
    }
}

impl Job for ScanJob {
    type Output = TableSummary;

    async fn advance(&mut self) -> Result<Option<TableSummary>, AnomalyError> {
        let shared = self.table.clone();
        let mut table = shared.borrow_mut();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(self.finish(&mut table)) };
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
